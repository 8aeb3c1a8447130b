"""Starts the app, after looking whether it can start: no address is printed that would not answer."""

import os
import socket
import sys
from pathlib import Path

from leadstats.counting.view import FilterError

ROOT = Path(__file__).resolve().parents[2]


def serve(port: int, data: Path | None, releases: Path | None, inbox: Path | None, audience: str) -> None:
    """Becomes the process of the app, which prints its address once it listens.

    releases: the pages for everybody, from there alone; inbox: the pages for staff.
    Raises FilterError where the port is taken or a folder holds nothing to show.
    """
    if is_taken(port):
        raise FilterError(
            f"port {port} is taken, perhaps by leadstats started before; stop that, or choose another "
            f"port: PORT={port + 1}"
        )
    if releases is not None and not (releases / "latest").exists():
        raise FilterError(
            f"{releases} holds no release; run: python -m leadstats release --data DATA --to {releases} --approve NAME"
        )
    if inbox is not None:
        inbox.mkdir(parents=True, exist_ok=True)
        print(
            f"leadstats, for staff: exports are taken in at http://localhost:{port}/import", file=sys.stderr
        )
    # Streamlit is told of none of these as options: a folder of exports must not stand in a list of processes.
    folders = {"LEADSTATS_DATA": data, "LEADSTATS_RELEASES": releases, "LEADSTATS_INBOX": inbox}
    os.environ |= {name: str(folder.resolve()) for name, folder in folders.items() if folder is not None}
    os.environ["LEADSTATS_AUDIENCE"] = audience
    os.chdir(ROOT)
    command = (sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port))
    os.execv(sys.executable, command)


def is_taken(port: int) -> bool:
    """Whether somebody listens there; asked by binding, as the server will."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("localhost", port))
        except OSError:
            return True
    return False
