"""What a release of invented programs of several sizes shows, and what protecting and attacking it takes.

python -m benchmarks.release_at_scale [PEOPLE]...    1,000, 3,000 and 10,000 unless told otherwise
"""

import resource
import sys
import tempfile
import time
from pathlib import Path

from leadstats import release
from leadstats.ingest import build
from sample import write_sample

PEOPLE = (1_000, 3_000, 10_000)


def shown(part: release.Part) -> tuple[int, int, int, int]:
    """Of one measure: large cells, those shown, large totals of everybody, those shown."""
    large, seen = ~part.people.is_small & part.people.counted(), ~part.people.is_hidden
    totals = [at for at, key in enumerate(part.people.cube.keys) if len(key) == 1 and large[at]]
    return int(large.sum()), int((large & seen).sum()), len(totals), int(seen[totals].sum())


def measure(people: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        inbox, data = Path(folder) / "inbox", Path(folder) / "data"
        write_sample(inbox, people=people)
        build(inbox, data)
        start = time.process_time()
        publication = release.publish(data, Path(folder) / "releases", "Benchmark")
        seconds = time.process_time() - start
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{people:,} people: {seconds:.0f} s of one core, the attack {publication.report.seconds:.0f} s on the clock, peak {peak:.0f} MB,"
        f" {len(publication.report.breaks)} broken"
    )
    for part in publication.parts:
        large, seen, totals, seen_totals = shown(part)
        beside, small = large - seen, int((part.people.is_small & part.people.counted()).sum())
        print(
            f"  {part.measure.name:32} {small:>6} small {beside:>5} beside {100 * seen / max(large, 1):>6.1f} % of {large:>5}"
            f" large shown, city totals {seen_totals} of {totals}",
            flush=True,
        )
    for replayed in publication.report.replays.values():
        print(f"  {replayed.in_words()}")


if __name__ == "__main__":
    for size in map(int, sys.argv[1:] or map(str, PEOPLE)):
        measure(size)
