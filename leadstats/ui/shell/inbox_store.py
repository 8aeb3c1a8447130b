"""What the Import page does with files: hides where they lie, and the processes that read them.

The server itself never looks into an export: a process of its own, limited in memory and time, does.
"""

import json
import re
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from leadstats.model.filenames import TABLE_ENDINGS, trick
from leadstats.model.messages import Problem, problem

ROOT = Path(__file__).resolve().parents[3]
ENDINGS = (*TABLE_ENDINGS, ".xml", ".zip", ".gz", ".geojson")
SETTINGS = ("site.toml", "mapping.toml")
FILES = 100
BYTES_EACH = 200_000_000
BYTES_ALL = 2_000_000_000
LONGEST_NAME = 120
MEMORY = 6_000_000_000
LOOKING, BUILDING = 300, 3_600  # seconds of work

Tell = Callable[[str, float], None]


@dataclass(frozen=True)
class InboxStore:
    """An inbox that an administrator has named, and the data folder that is built from it."""

    inbox: Path
    data: Path

    def files(self) -> list[tuple[str, int]]:
        """Names inside the inbox, and bytes."""
        found = (path for path in self.inbox.rglob("*") if path.is_file() and not path.name.startswith("."))
        return sorted((path.relative_to(self.inbox).as_posix(), path.stat().st_size) for path in found)

    def state(self) -> str:
        """Changes whenever a file of the inbox does."""
        paths = sorted(path for path in self.inbox.rglob("*") if path.is_file())
        return repr([(str(path), path.stat().st_size, path.stat().st_mtime_ns) for path in paths])

    def take(self, name: str, size: int, content: BinaryIO) -> Problem | None:
        """Puts an uploaded file into the inbox, in place of one of the same name; or says why not."""
        if reason := _refused_name(name):
            return problem("LD-118", file=_shown(name), value=reason)
        others = [(known, bytes_) for known, bytes_ in self.files() if known != name]
        if len(others) >= FILES:
            return problem("LD-118", file=name, value=f"more than {FILES} files")
        if size > BYTES_EACH:
            return problem("LD-118", file=name, value=f"{size:,} bytes")
        if size + sum(bytes_ for _, bytes_ in others) > BYTES_ALL:
            return problem("LD-118", file=name, value=f"more than {BYTES_ALL:,} bytes in all")
        self.inbox.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=self.inbox, prefix=".upload-", delete=False) as stream:
            while chunk := content.read(1 << 20):
                stream.write(chunk)
        # In one step, and over a link rather than through it.
        Path(stream.name).replace(self.inbox / name)
        return None

    def discard(self, name: str) -> None:
        """Takes a file out of the inbox. A name that is not in it changes nothing."""
        if name in {known for known, _ in self.files()}:
            (self.inbox / name).unlink()

    def settings(self) -> str:
        """The text of site.toml; empty before it is first saved."""
        path = self.inbox / "site.toml"
        return path.read_text(encoding="utf-8-sig") if path.is_file() else ""

    def save_settings(self, text: str, role: str) -> None:
        """Puts a new site.toml in place of the old one, which is kept beside the data with who and when."""
        self._kept.mkdir(parents=True, exist_ok=True)
        entry = {"saved_at": f"{datetime.now():%Y-%m-%d %H:%M:%S}", "role": role, "before": self.settings()}
        number = len(list(self._kept.glob("*.json"))) + 1
        (self._kept / f"{number:05}.json").write_text(json.dumps(entry), encoding="utf-8")
        self.inbox.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", dir=self.inbox, prefix=".site", delete=False
        ) as stream:
            stream.write(text)
        Path(stream.name).replace(self.inbox / "site.toml")

    def former_settings(self) -> list[tuple[str, str, str, str]]:
        """Each time they were saved, latest first: number, when, by what role, the text that stood before."""
        found = []
        for path in sorted(self._kept.glob("*.json"), reverse=True):
            entry = json.loads(path.read_text(encoding="utf-8"))
            found.append((path.stem, entry["saved_at"], entry["role"], entry["before"]))
        return found

    @property
    def _kept(self) -> Path:
        return self.data / "settings"

    def plan(self, answers: Mapping[str, str]) -> dict[str, Any]:
        """What `leadstats map --format json` says."""
        return self._run(LOOKING, "map", str(self.inbox), *_options(answers))

    def save(self, answers: Mapping[str, str]) -> dict[str, Any]:
        """The same, with mapping.toml written into the inbox."""
        return self._run(LOOKING, "map", str(self.inbox), "--write", *_options(answers))

    def undo(self) -> dict[str, Any]:
        """The same, after mapping.toml is put back as it was before it was last saved."""
        return self._run(LOOKING, "map", str(self.inbox), "--undo")

    def check(self, tell: Tell) -> dict[str, Any]:
        return self._run(
            BUILDING, "check", str(self.inbox), "--data", str(self.data), "--progress", tell=tell
        )

    def build(self, tell: Tell, is_confirmed: bool = False) -> dict[str, Any]:
        """What `leadstats build` says. is_confirmed: somebody has looked at what would be held."""
        confirmed = ["--confirm"] * is_confirmed
        command = ("build", str(self.inbox), "--to", str(self.data), "--progress", *confirmed)
        return self._run(BUILDING, *command, tell=tell)

    def _run(self, seconds: int, *command: str, tell: Tell | None = None) -> dict[str, Any]:
        """What the command prints as JSON, or {"failed": problem} if it was stopped or fell over."""
        limits = (str(MEMORY), str(seconds))
        command = (sys.executable, "-m", "leadstats.cli.sandbox", *limits, *command, "--format", "json")
        with (
            tempfile.TemporaryFile("w+", encoding="utf-8") as printed,
            subprocess.Popen(
                command,
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=printed,
                stderr=subprocess.PIPE,
                text=True,
            ) as process,
        ):
            # The limit on work does not end one that waits.
            timer = threading.Timer(2 * seconds, process.kill)
            timer.start()
            said = _listen(process, tell)
            process.wait()
            timer.cancel()
            printed.seek(0)
            try:
                return json.loads(printed.read())
            except ValueError:
                return {"failed": problem("LD-119", value=said).as_json()}


def _listen(process: subprocess.Popen, tell: Tell | None) -> str | None:
    """Hears the progress of a process to its end; gives the last line that is no progress."""
    last = None
    for line in process.stderr or ():
        step = re.fullmatch(r"progress (\d\.\d+) (.*)\n", line)
        if step and tell:
            tell(step[2], float(step[1]))
        elif line.startswith("leadstats: "):
            last = line.removeprefix("leadstats: ").strip()
    return last


def _options(answers: Mapping[str, str]) -> Sequence[str]:
    return [f"--answer={key}={answer}" for key, answer in answers.items()]


def _refused_name(name: str) -> str | None:
    if reason := trick(name):
        return reason
    if "/" in name or "\\" in name or name.startswith((".", "~")) or len(name) > LONGEST_NAME:
        return "a name that no export has"
    if name not in SETTINGS and not name.lower().endswith(ENDINGS):
        return "a kind of file that is not read"
    return None


def _shown(name: str) -> str:
    return "".join(letter if letter.isprintable() else "?" for letter in name)[:LONGEST_NAME]
