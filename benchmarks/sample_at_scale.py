"""Time and memory of inventing and building an inbox of many events; 10 million unless told otherwise.

Of several sizes it also says how the time for one row grows: 1.00 is linear.

python -m benchmarks.sample_at_scale [EVENTS]...
"""

import itertools
import multiprocessing
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

EVENTS = 10_000_000
EVENTS_A_PERSON = 45  # rows of all exports for each person referred


def _invent(inbox: Path, people: int) -> int:
    from leadstats.sample import write_sample

    write_sample(inbox, people=people)
    return 0


def _build(inbox: Path, data: Path) -> int:
    from leadstats.ingest import build

    return sum(account.read for account in build(inbox, data).accounts)


def _run(work: Callable[..., int], arguments: tuple, results: multiprocessing.Queue) -> None:
    start = time.perf_counter()
    rows = work(*arguments)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    results.put((rows, time.perf_counter() - start, peak))


def measured(work: Callable[..., int], *arguments: object) -> tuple[int, float, float]:
    """Rows, seconds and peak megabytes of a process of its own."""
    context = multiprocessing.get_context("spawn")
    results = context.Queue()
    process = context.Process(target=_run, args=(work, arguments, results))
    process.start()
    found = results.get()
    process.join()
    return found


def inbox_and_build(events: int) -> tuple[int, float]:
    """Prints what both take; returns the rows, and the seconds that a million of them take to build."""
    with tempfile.TemporaryDirectory() as folder:
        inbox, data = Path(folder) / "inbox", Path(folder) / "data"
        _, inventing, inventing_peak = measured(_invent, inbox, max(1, events // EVENTS_A_PERSON))
        rows, building, building_peak = measured(_build, inbox, data)
        packed = sum(path.stat().st_size for path in inbox.iterdir()) / 2**20
        built = sum(path.stat().st_size for path in data.iterdir()) / 2**20
    print(f"{rows:,} rows, {packed:,.0f} MB packed, {built:,.0f} MB built")
    print(f"{'':10}{'seconds':>9}{'s per million rows':>20}{'peak MB':>9}")
    for step, seconds, peak in (("invent", inventing, inventing_peak), ("build", building, building_peak)):
        print(f"{step:10}{seconds:9.0f}{seconds / rows * 1e6:20.1f}{peak:9.0f}", flush=True)
    return rows, building / rows * 1e6


def main(sizes: Sequence[int]) -> None:
    found = [inbox_and_build(events) for events in sizes]
    for (few, before), (many, after) in itertools.pairwise(found):
        print(f"{many / few:.1f} times the rows take {after / before:.2f} times as long for each of them")


if __name__ == "__main__":
    main([int(text) for text in sys.argv[1:]] or [EVENTS])
