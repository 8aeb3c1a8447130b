"""What a release of invented programs of several sizes shows, and what protecting and attacking it takes.

python -m benchmarks.release_at_scale [PEOPLE]...    1,000, 3,000 and 10,000 unless told otherwise

What is hidden beside others hangs on the secret of a site, so further ones are tried, without an attack.
"""

import resource
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from leadstats import release
from leadstats.counting.database import open_database
from leadstats.ingest import build
from leadstats.release.plan import load_plan
from leadstats.release.tables import public_tables
from sample import write_sample

PEOPLE = (1_000, 3_000, 10_000)
SECRETS = 2  # further ones


def shown(part: release.Part) -> tuple[int, int, int, int, int]:
    """Of one measure: large cells, those shown, large totals of everybody, those shown, and those in a number of
    several periods together."""
    large, seen = ~part.people.is_small & part.people.counted(), ~part.people.is_hidden
    totals = {key[0][1]: at for at, key in enumerate(part.people.cube.keys) if len(key) == 1 and large[at]}
    merged = {
        period for table in public_tables(part.measure, part.people, load_plan()) for period in table.merged
    }
    alone = int(seen[list(totals.values())].sum())
    return int(large.sum()), int((large & seen).sum()), len(totals), alone, len(merged & totals.keys())


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
        tell(publication.parts)
        for replayed in publication.report.replays.values():
            print(f"  {replayed.in_words()}", flush=True)
        for secret in range(SECRETS):
            start = time.process_time()
            parts = release.prepare(open_database(data), load_plan(), [], bytes([secret]))
            print(f"{people:,} people, another secret: {time.process_time() - start:.0f} s to hide")
            tell(parts)


def tell(parts: Sequence[release.Part]) -> None:
    for part in parts:
        large, seen, totals, alone, together = shown(part)
        beside, small = large - seen, int((part.people.is_small & part.people.counted()).sum())
        hidden = [
            f"{level} {code}"
            for at, ((level, code), *others) in enumerate(part.people.cube.keys)
            if not others and part.people.is_hidden[at] and not part.people.is_small[at]
        ]
        print(
            f"  {part.measure.name:32} {small:>6} small {beside:>5} beside {100 * seen / max(large, 1):>6.1f} % of {large:>5}"
            f" large shown, city totals {alone} of {totals} alone, {together} together {', '.join(hidden)}",
            flush=True,
        )


if __name__ == "__main__":
    for size in map(int, sys.argv[1:] or map(str, PEOPLE)):
        measure(size)
