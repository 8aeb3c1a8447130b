"""Immutable database files and the pointer to the one in force: a killed build changes nothing."""

import contextlib
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from leadstats.meetings import Meetings
from leadstats.model.schema import CUBE

POINTER = "current"
WORKING = ".building-"


@contextlib.contextmanager
def workspace(data: Path | None) -> Iterator[Path]:
    """A private folder for one build, gone afterwards; without `data`, in the system's own place.

    One build at a time: what an earlier one left when it was killed is cleared away first.
    """
    if data is None:
        with tempfile.TemporaryDirectory(prefix="leadstats-") as folder:
            yield Path(folder)
        return
    data.mkdir(parents=True, exist_ok=True)
    with (data / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for stale in data.glob(f"{WORKING}*"):
            shutil.rmtree(stale)
        with tempfile.TemporaryDirectory(prefix=WORKING, dir=data) as folder:
            yield Path(folder)


def in_force(data: Path | None) -> Path | None:
    """The database file that the pointer names, if there is one."""
    try:
        name = (data / POINTER).read_text(encoding="utf-8").strip() if data else ""
    except FileNotFoundError:
        return None
    return data / name if name else None


def publish(built: Path, data: Path, identity: str, kept: int) -> str:
    """Puts a finished file in force, named by its content, and takes away all but the latest `kept` and what meetings
    looked at; returns the name."""
    with built.open("rb") as stream:
        os.fsync(stream.fileno())
    name = f"program-{identity}.duckdb"
    built.replace(data / name)
    pointer = built.with_name(POINTER)
    with pointer.open("w", encoding="utf-8") as stream:
        stream.write(name + "\n")
        stream.flush()
        os.fsync(stream.fileno())
    pointer.replace(data / POINTER)
    _sync_folder(data)
    _forget_old(data, name, kept)
    return name


def forget_others(data: Path) -> None:
    """Removes every database file but the one in force, and whatever was counted of any of them."""
    current = in_force(data)
    for path in data.glob("program-*.duckdb*"):
        if path != current:
            path.unlink()
    for counted in data.glob(f"program-*{CUBE}"):
        if current is None or counted.stem != current.stem:
            shutil.rmtree(counted)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _forget_old(data: Path, current: str, kept: int) -> None:
    """What a meeting looked at stays, so that the links of its minutes go on to open."""
    looked_at = tuple(f"program-{mark}" for mark in Meetings(data).snapshots())
    others = [
        path
        for path in data.glob("program-*.duckdb")
        if path.name != current and not path.name.startswith(looked_at)
    ]
    for path in sorted(others, key=lambda path: path.stat().st_mtime_ns, reverse=True)[kept - 1 :]:
        _forget(path)


def _forget(snapshot: Path) -> None:
    """With what was counted of it ahead of time."""
    snapshot.unlink()
    shutil.rmtree(snapshot.with_suffix(CUBE), ignore_errors=True)
