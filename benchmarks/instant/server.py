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
    """`{port}` in an argument stands for the port, the first one where there are several processes."""

    arguments: Sequence[str]
    folder: Path
    settings: Mapping[str, str]
    processes: int = 1


@dataclass(frozen=True)
class Server:
    ports: Sequence[int]
    process: psutil.Process

    @property
    def address(self) -> str:
        return f"http://localhost:{self.ports[0]}"

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
    ports = _free_ports(command.processes)
    started = subprocess.Popen(
        [argument.format(port=ports[0]) for argument in command.arguments],
        cwd=command.folder,
        env={**os.environ, **command.settings},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        for port in ports:
            _wait(f"http://localhost:{port}", started)
        yield Server(ports, psutil.Process(started.pid))
    finally:
        _stop(started)


def _free_ports(count: int) -> Sequence[int]:
    """So many side by side."""
    while True:
        with contextlib.ExitStack() as held:
            first = held.enter_context(socket.socket())
            first.bind(("127.0.0.1", 0))
            ports = range(first.getsockname()[1], first.getsockname()[1] + count)
            with contextlib.suppress(OSError, OverflowError):
                for port in ports[1:]:
                    held.enter_context(socket.socket()).bind(("127.0.0.1", port))
                return ports


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
