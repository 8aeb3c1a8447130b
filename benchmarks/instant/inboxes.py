"""The same invented exports, built by each contestant's own code, made once and kept in a folder."""

import hashlib
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from benchmarks.sample_at_scale import EVENTS_A_PERSON

ROOT = Path(__file__).resolve().parents[2]
BEFORE = "356ec18"  # the commit that the aims of speed are set against
FLAT = ROOT / "benchmarks" / "peers" / "rows.sql"
# What a database file depends on beside the exports, and what is counted ahead of it.
BUILT_BY = (
    "leadstats/ingest",
    "leadstats/model",
    "queries/tables",
    "queries/ingest",
    "queries/hmis",
    "queries/checks",
    "queries/dimensions.sql",
    "sample",
)
COUNTED_BY = ("leadstats/counting/atoms.py", "queries")


@dataclass(frozen=True)
class Inbox:
    """Of about so many rows: where the data of this commit lie, those of the earlier one with its code, and the
    flat tables of the plain pages."""

    rows: int
    now: Path
    before: Path
    flat: Path


def checked_out(keep: Path) -> Path:
    """The earlier commit, from the history of this repository."""
    to = keep / BEFORE
    if not to.exists():
        draft = keep / f"{BEFORE}.draft"
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(parents=True)
        packed = subprocess.run(["git", "archive", BEFORE], cwd=ROOT, check=True, capture_output=True).stdout
        subprocess.run(["tar", "-x", "-C", draft], input=packed, check=True)
        draft.rename(to)
    return to


def prepared(keep: Path, rows: int, is_kept_as_built: bool = False) -> Inbox:
    """What is not there yet, or was built by other code than this, is made. `is_kept_as_built`: a database
    that is there is taken, and only what is counted ahead of it is made anew."""
    folder = keep / str(rows)
    inbox, former = folder / "inbox", folder / "inbox_before"
    if not _is_done(inbox):
        _say(f"{rows:,} rows: inventing the exports")
        _python(
            "from sample import write_sample",
            f"write_sample(Path({str(inbox)!r}), people={max(1, rows // EVENTS_A_PERSON)})",
        )
        _mark(inbox)
    if not _is_done(former):
        _without_what_came_later(inbox, former, checked_out(keep) / "data" / "sample")
        _mark(former)
    found = Inbox(rows, folder / "now", folder / "before", folder / "rows.duckdb")
    if not _is_done(found.before):
        _build(former, found.before, checked_out(keep))
    if not _is_done(found.now, None if is_kept_as_built else _digest(BUILT_BY)):
        _build(inbox, found.now, ROOT)
        _mark(found.now, _digest(BUILT_BY))
        _mark(folder / "cube", _digest(COUNTED_BY))
        found.flat.unlink(missing_ok=True)
    if not _is_done(folder / "cube", _digest(COUNTED_BY)):
        _say(f"{rows:,} rows: counting ahead")
        _leadstats(ROOT, "cube", "--data", str(found.now))
        _mark(folder / "cube", _digest(COUNTED_BY))
    if not found.flat.exists():
        _flatten(found)
    return found


def _without_what_came_later(inbox: Path, to: Path, settings: Path) -> None:
    """The exports as the earlier commit takes them: with its own mapping, and without court records, which it would ask about."""
    shutil.rmtree(to, ignore_errors=True)
    to.mkdir()
    for path in inbox.iterdir():
        if path.suffix == ".zip":
            with (
                zipfile.ZipFile(path) as packed,
                zipfile.ZipFile(to / path.name, "w", zipfile.ZIP_DEFLATED) as kept,
            ):
                for member in packed.namelist():
                    if member != "LegalCases.csv":
                        with packed.open(member) as read, kept.open(member, "w") as written:
                            shutil.copyfileobj(read, written, 2**20)
        elif path.suffix != ".toml":
            shutil.copy(path, to)
    for path in settings.glob("*.toml"):
        shutil.copy(path, to)


def _build(inbox: Path, to: Path, checkout: Path) -> None:
    _say(f"building {to}")
    shutil.rmtree(to, ignore_errors=True)
    done = _leadstats(checkout, "build", str(inbox), "--to", str(to))
    if not (to / "current").exists():
        raise RuntimeError(f"{checkout} could not build {inbox}:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    _mark(to)


def _flatten(found: Inbox) -> None:
    draft = found.flat.with_suffix(".draft")
    draft.unlink(missing_ok=True)
    with duckdb.connect(str(draft)) as connection:
        name = (found.now / "current").read_text(encoding="utf-8").strip()
        connection.execute(f"ATTACH '{found.now / name}' AS program (READ_ONLY)")
        connection.execute(FLAT.read_text(encoding="utf-8"))
    draft.rename(found.flat)


def _leadstats(checkout: Path, *arguments: str) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "leadstats", *arguments]
    return subprocess.run(command, cwd=checkout, capture_output=True, text=True)


def _python(*lines: str) -> None:
    program = "\n".join(("from pathlib import Path", *lines))
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True)


def _digest(files: Sequence[str]) -> str:
    """Of code as it stands in this folder."""
    found = hashlib.sha256()
    for name in files:
        path = ROOT / name
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file() and file.suffix != ".pyc":
                found.update(file.relative_to(ROOT).as_posix().encode() + b"\0" + file.read_bytes())
    return found.hexdigest()


def _mark(what: Path, of: str = "") -> None:
    what.with_suffix(".made").write_text(of, encoding="utf-8")


def _is_done(what: Path, of: str | None = None) -> bool:
    mark = what.with_suffix(".made")
    return mark.exists() and (of is None or mark.read_text(encoding="utf-8") == of)


def _say(what: str) -> None:
    print(what, file=sys.stderr, flush=True)
