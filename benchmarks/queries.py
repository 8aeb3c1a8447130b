"""How long each metric takes on a built database: query alone, and the whole way through the one door.

python -m benchmarks.queries DATA
"""

import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from leadstats.counting.catalog import load_metrics
from leadstats.counting.coverage import coverage
from leadstats.counting.database import open_database
from leadstats.counting.measure import measure
from leadstats.counting.view import default_filters

REPEATS = 7


def milliseconds(work: Callable[[], object]) -> float:
    """Median of several runs."""
    times = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        work()
        times.append(1000 * (time.perf_counter() - start))
    return statistics.median(times)


def main(data: Path) -> None:
    database = open_database(data)
    print(f"{'metric':42}{'query':>8}{'analyst':>9}{'by race':>9}   ms")
    for metric in load_metrics().values():
        covered = coverage(database, metric)
        if covered.missing:
            print(f"{metric.name:42} needs {', '.join(covered.missing)}")
            continue
        filters = default_filters(covered.through)
        by_race = replace(filters, breakdown="race") if "race" in metric.breakdowns else filters
        times = (
            milliseconds(
                lambda: database.rows(
                    metric.sql, filters.as_parameters(covered.through, True, metric.horizon_days)
                )
            ),
            milliseconds(lambda: measure(database, metric, filters, "analyst")),
            milliseconds(lambda: measure(database, metric, by_race, "analyst")),
        )
        print(f"{metric.name:42}{times[0]:8.1f}{times[1]:9.1f}{times[2]:9.1f}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
