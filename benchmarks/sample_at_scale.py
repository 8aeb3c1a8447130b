"""Time and memory of inventing and building an inbox of many events; 10 million unless told otherwise.

Of several sizes it also says how the work for one row grows: 1.00 is linear. Work is the time of all
cores, which a busy machine changes little.

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
    from sample import write_sample

    write_sample(inbox, people=people)
    return 0


def _build(inbox: Path, data: Path) -> int:
    from leadstats.ingest import build

    return sum(account.read for account in build(inbox, data).accounts)


def _run(work: Callable[..., int], arguments: tuple, results: multiprocessing.Queue) -> None:
    start, worked = time.perf_counter(), time.process_time()
    rows = work(*arguments)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    results.put((rows, (time.perf_counter() - start, time.process_time() - worked, peak)))


def measured(work: Callable[..., int], *arguments: object) -> tuple[int, tuple[float, float, float]]:
    """Rows of a process of its own; its seconds, the seconds of all cores, and its peak in megabytes."""
    context = multiprocessing.get_context("spawn")
    results = context.Queue()
    process = context.Process(target=_run, args=(work, arguments, results))
    process.start()
    found = results.get()
    process.join()
    return found


def inbox_and_build(events: int) -> tuple[int, float]:
    """Prints what both take; returns the rows, and the work that each of them is to build."""
    with tempfile.TemporaryDirectory() as folder:
        inbox, data = Path(folder) / "inbox", Path(folder) / "data"
        _, inventing = measured(_invent, inbox, max(1, events // EVENTS_A_PERSON))
        rows, building = measured(_build, inbox, data)
        packed = sum(path.stat().st_size for path in inbox.iterdir()) / 2**20
        built = sum(path.stat().st_size for path in data.iterdir()) / 2**20
    print(f"{rows:,} rows, {packed:,.0f} MB packed, {built:,.0f} MB built")
    print(f"{'':10}{'seconds':>9}{'s per million rows':>20}{'of all cores':>14}{'peak MB':>9}")
    for step, (seconds, worked, peak) in (("invent", inventing), ("build", building)):
        millions = rows / 1e6
        print(
            f"{step:10}{seconds:9.0f}{seconds / millions:20.1f}{worked / millions:14.1f}{peak:9.0f}",
            flush=True,
        )
    return rows, building[1] / rows


def main(sizes: Sequence[int]) -> None:
    found = [inbox_and_build(events) for events in sizes]
    for (few, before), (many, after) in itertools.pairwise(found):
        print(f"{many / few:.1f} times the rows are {after / before:.2f} times the work for each of them")


if __name__ == "__main__":
    main([int(text) for text in sys.argv[1:]] or [EVENTS])
