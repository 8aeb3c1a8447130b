"""Numbered folders that never change, and the pointer to the one in force: a kill changes nothing."""

import contextlib
import fcntl
import hashlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

LATEST, WITHDRAWN = "latest", "withdrawn"
SUMS = "SHA256SUMS"
WORKING = ".writing-"
NAME = re.compile(r"\A(\d{4}-\d{2})\.(\d+)\Z")


@contextlib.contextmanager
def one_at_a_time(releases: Path) -> Iterator[None]:
    """Clears away what an earlier run left when it was killed."""
    releases.mkdir(parents=True, exist_ok=True)
    with (releases / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for stale in releases.glob(f"{WORKING}*"):
            if stale.is_symlink():
                stale.unlink()
            else:
                shutil.rmtree(stale)
        yield


def published(releases: Path) -> list[Path]:
    """All releases, in the order of their numbers."""
    found = [
        (match[1], int(match[2]), path) for path in releases.glob("*") if (match := NAME.match(path.name))
    ]
    return [path for _, _, path in sorted(found)]


def next_name(earlier: Sequence[Path], month: str) -> str:
    """Never below an earlier number, even if the data reach less far than they did."""
    matches = [NAME.match(path.name) for path in earlier]
    month = max([month, *(match[1] for match in matches)])
    return f"{month}.{max((int(match[2]) for match in matches if match[1] == month), default=0) + 1}"


@contextlib.contextmanager
def draft(releases: Path) -> Iterator[Path]:
    """A folder beside the releases that is gone afterwards, unless it was put in place."""
    folder = Path(tempfile.mkdtemp(prefix=WORKING, dir=releases))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def fill(folder: Path, files: Mapping[str, bytes]) -> None:
    """Writes the files and, last, the list of all check sums."""
    for path, content in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    present = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != SUMS)
    lines = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder).as_posix()}\n"
        for path in present
    ]
    (folder / SUMS).write_text("".join(lines), encoding="utf-8")


def put_in_place(folder: Path, releases: Path, name: str) -> Path:
    """The finished folder gets its name in one step, then becomes the latest in another."""
    for path in sorted(folder.rglob("*")):
        _sync(path)
    _sync(folder)
    target = releases / name
    folder.rename(target)
    _sync(releases)
    point_to(releases, name)
    return target


def point_to(releases: Path, name: str) -> None:
    """Raises FileNotFoundError, naming what there is, for a release that does not exist."""
    known = [path.name for path in published(releases)]
    if name not in known:
        raise FileNotFoundError(f"no release {name} in {releases}; there are: {', '.join(known) or 'none'}")
    link = releases / f"{WORKING}{LATEST}"
    link.unlink(missing_ok=True)
    link.symlink_to(name)
    link.replace(releases / LATEST)
    _sync(releases)


def withdraw_after(releases: Path, name: str) -> None:
    """What came after a release that is put in force again is served no more, whatever is published next. It stays
    in its folder, since what was published counts as known."""
    names = [path.name for path in published(releases)]
    listed = releases / WITHDRAWN
    before = listed.read_text("utf-8").splitlines() if listed.is_file() else []
    gone = {*before, *names[names.index(name) + 1 :]} - {name}
    listed.write_text("".join(f"{each}\n" for each in names if each in gone), encoding="utf-8")


def digest(release: Path) -> str:
    return hashlib.sha256((release / SUMS).read_bytes()).hexdigest()


def about(release: Path) -> Mapping[str, object]:
    return json.loads((release / "release.json").read_text(encoding="utf-8"))


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
