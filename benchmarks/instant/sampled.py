"""Runs an app and writes down, every few milliseconds, what its threads are at: python sampled.py FILE APP PORT.

For two checkouts alike, so it imports nothing of either. A thread that waits is at nothing; one in DuckDB is at the
line that asked it.
"""

import collections
import json
import runpy
import sys
import threading
import time
from pathlib import Path
from types import FrameType

EVERY = 0.003  # seconds
WRITTEN_EVERY = 0.5
# The innermost of our files on the stack says what it is for; both layouts of the package.
PARTS = {
    "protection": ("counting/suppression", "counting/together", "privacy"),
    "estimates": (
        "counting/estimators",
        "counting/reliability",
        "statistics/",
        "estimate",
        "intervals",
        "survival",
        "jail_model",
        "resampling",
    ),
    "queries and counts": ("counting/", "measure", "catalog"),
    "drawing": ("ui/", "router"),
}
OTHERS = "sentences and figures"
ELSEWHERE = "drawing"  # Streamlit itself
WAITING = (
    "threading.py",
    "selectors.py",
    "queue.py",
    "concurrent/futures/thread.py",
    "concurrent/futures/_base.py",
    "asyncio/runners.py",
    "asyncio/base_events.py",
    "socketserver.py",
    "uvicorn/server.py",
    "watcher/polling_path_watcher.py",
)


def part(frame: FrameType) -> str | None:
    """What a stack is at; None: it waits."""
    if frame.f_code.co_filename.endswith(WAITING):
        return None
    each: FrameType | None = frame
    while each is not None:
        _, found, name = each.f_code.co_filename.rpartition("/leadstats/")
        if found:
            return next((named for named, files in PARTS.items() if name.startswith(files)), OTHERS)
        each = each.f_back
    return ELSEWHERE


def sample(to: Path) -> None:
    seen: collections.Counter[str] = collections.Counter()
    own, written = threading.get_ident(), time.monotonic()
    while True:
        time.sleep(EVERY)
        for thread, frame in sys._current_frames().items():
            if thread != own and (found := part(frame)):
                seen[found] += 1
        if time.monotonic() - written > WRITTEN_EVERY:
            written = time.monotonic()
            draft = to.with_suffix(".draft")
            draft.write_text(json.dumps(seen), encoding="utf-8")
            draft.replace(to)


if __name__ == "__main__":
    to, app, port = sys.argv[1:]
    sys.path[0] = str(Path.cwd())
    threading.Thread(target=sample, args=(Path(to),), daemon=True).start()
    sys.argv = ["streamlit", "run", app, "--server.port", port]
    runpy.run_module("streamlit", run_name="__main__")
