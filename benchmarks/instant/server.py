"""One contestant's server, and what it takes of the machine."""

import contextlib
import os
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

STARTS_WITHIN = 120  # seconds


@dataclass(frozen=True)
class Command:
    """`{port}` in an argument stands for the port."""

    arguments: Sequence[str]
    folder: Path
    settings: Mapping[str, str]


@dataclass(frozen=True)
class Server:
    address: str
    port: int
    process: psutil.Process

    def cpu(self) -> float:
        """Seconds of all its processes and threads so far."""
        return sum(sum(each.cpu_times()[:2]) for each in self._processes())

    def memory(self) -> float:
        """Megabytes, what processes share counted once."""
        found = [each.memory_full_info() for each in self._processes()]
        return sum(getattr(each, "pss", each.rss) for each in found) / 2**20

    def _processes(self) -> list[psutil.Process]:
        return [self.process, *self.process.children(recursive=True)]


@contextmanager
def served(command: Command) -> Iterator[Server]:
    """A server that answers, until the end of the block. Raises RuntimeError with its last words if it does not start."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    started = subprocess.Popen(
        [argument.format(port=port) for argument in command.arguments],
        cwd=command.folder,
        env={**os.environ, **command.settings},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        address = f"http://localhost:{port}"
        _wait(address, started)
        yield Server(address, port, psutil.Process(started.pid))
    finally:
        _stop(started)


def _stop(started: subprocess.Popen) -> None:
    for kind in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(started.pid, kind)
        with contextlib.suppress(subprocess.TimeoutExpired):
            started.wait(20)


def _wait(address: str, started: subprocess.Popen) -> None:
    end = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < end and started.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"this did not start: {started.args}")
