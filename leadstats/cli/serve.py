"""Starts the app, after checking that it can start: no address is printed that would not answer."""

import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from leadstats.counting.view import FilterError

ROOT = Path(__file__).resolve().parents[2]
STREAMLIT = (sys.executable, "-m", "streamlit", "run", "app.py")
# Where each of several processes listens: for the proxy on the same machine, by a name that means one address.
HOST = "127.0.0.1"
PATIENCE = 10  # seconds a process has to end by itself


@dataclass(frozen=True)
class Served:
    """What is shown, and to whom. releases: the public pages, from there alone. inbox: the pages for staff."""

    audience: str
    data: Path | None = None
    releases: Path | None = None
    inbox: Path | None = None


def serve(served: Served, port: int, processes: int = 1, base_path: str = "") -> None:
    """Becomes the process of the app, which prints its address once it listens; or keeps several of them running on
    as many ports, for a proxy that stands before them (`nginx.configuration`).

    base_path: what stands before every address where the site has other pages too, as /lead.
    Raises FilterError where a port is taken, a folder holds nothing to show or no process starts.
    """
    ports = range(port, port + processes)
    base = base_of(base_path)
    for each in ports:
        if is_taken(each):
            raise FilterError(
                f"port {each} is taken, perhaps by leadstats started before; stop that, or choose another "
                f"port: PORT={ports.stop}"
            )
    if served.releases is not None and not (served.releases / "latest").exists():
        raise FilterError(
            f"{served.releases} holds no release; run: python -m leadstats release --data DATA "
            f"--to {served.releases} --approve NAME"
        )
    if served.inbox is not None:
        served.inbox.mkdir(parents=True, exist_ok=True)
        print(
            f"leadstats, for staff: exports are taken in at http://localhost:{port}{base}/import",
            file=sys.stderr,
        )
    os.environ |= _environment(served)
    # Each page is drawn in a thread, and glibc would keep for each what arrays it once took: of 10 million rows
    # 402 megabytes instead of 575.
    os.environ.setdefault("MALLOC_ARENA_MAX", "2")
    os.chdir(ROOT)
    commands = {each: (*STREAMLIT, "--server.port", str(each), *_under(base)) for each in ports}
    if processes == 1:
        os.execv(sys.executable, commands[port])
    # All processes must know what one of them has signed, since its visitors go to the others when it ends.
    os.environ.setdefault("STREAMLIT_SERVER_COOKIE_SECRET", secrets.token_hex(32))
    print(
        f"leadstats: {processes} processes on ports {ports[0]} to {ports[-1]}, for a proxy on this machine",
        file=sys.stderr,
    )
    _keep_running({each: (*command, "--server.address", HOST) for each, command in commands.items()})


def base_of(path: str) -> str:
    """A base path without its last slash, so that /addresses can follow; nothing for the root of a site.

    Raises FilterError for what cannot stand in an address as it is.
    """
    base = f"/{path.strip('/')}".rstrip("/")
    if not re.fullmatch(r"(/[A-Za-z0-9_-]+)*", base):
        raise FilterError(
            f"the base path {path!r} may hold letters, digits, - and _ between slashes, as /lead"
        )
    return base


def _under(base: str) -> Sequence[str]:
    return ("--server.baseUrlPath", base.strip("/")) if base else ()


def _environment(served: Served) -> Mapping[str, str]:
    # None of these are options of Streamlit: a folder of exports must not appear in a list of processes.
    folders = {
        "LEADSTATS_DATA": served.data,
        "LEADSTATS_RELEASES": served.releases,
        "LEADSTATS_INBOX": served.inbox,
    }
    named = {name: str(folder.resolve()) for name, folder in folders.items() if folder is not None}
    return {**named, "LEADSTATS_AUDIENCE": served.audience}


def _keep_running(commands: Mapping[int, Sequence[str]]) -> None:
    """Keeps processes running until a signal ends them all; restarts one that ends by itself.

    Raises FilterError if one ends before it has ever listened, which another start would not fix.
    """

    def begin(port: int) -> None:
        running[port] = subprocess.Popen(commands[port], stdout=subprocess.DEVNULL)
        silent.add(port)

    def end(*_: object) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, end)
    running: dict[int, subprocess.Popen] = {}
    silent: set[int] = set()
    try:
        for port in commands:
            begin(port)
        while True:
            time.sleep(0.5)
            silent -= {port for port in silent if _listens(port)}
            for port in [port for port, process in running.items() if process.poll() is not None]:
                if port in silent:
                    raise FilterError(f"the process on port {port} ended before it had begun; see above")
                print(f"leadstats: the process on port {port} ended; beginning it again", file=sys.stderr)
                begin(port)
    except KeyboardInterrupt:
        pass
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        _end(running.values())


def _listens(port: int) -> bool:
    try:
        socket.create_connection((HOST, port), timeout=1).close()
    except OSError:
        return False
    return True


def _end(processes: Collection[subprocess.Popen]) -> None:
    for process in processes:
        process.terminate()
    for process in processes:
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def is_taken(port: int) -> bool:
    """Whether something listens there, found out by binding as the server will."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("localhost", port))
        except OSError:
            return True
    return False
