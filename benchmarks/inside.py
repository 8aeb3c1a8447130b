"""What partners could work out by subtracting answers of the app from one another: python -m benchmarks.inside DATA

For every metric, every hidden count of one place, one pathway and one month of its last twelve; against it all
answers that differ by just that: everywhere less everywhere else, all pathways less all others, and spans of
months with and without it, from either end. What is found is held against what an analyst sees. Asserts nothing.
"""

import collections
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from leadstats.counting.catalog import load_catalog
from leadstats.counting.coverage import coverage
from leadstats.counting.cube import Cube
from leadstats.counting.database import ProgramDatabase, open_database
from leadstats.counting.measure import measure
from leadstats.counting.view import ANALYST, GROUP, Filters, default_filters
from leadstats.model import periods
from leadstats.model.metrics import Metric
from leadstats.model.schema import PATHWAYS

COUNTS = ("people", "events", "numerator", "denominator")
Numbers = tuple[int | None, ...]
Pair = tuple[Filters, Filters]  # a whole, and all of it but the hidden part


class Inside:
    def __init__(self, database: ProgramDatabase):
        self.database = database
        self._count = Cube(database).rows
        self.answers: dict[tuple[str, Filters, str], Numbers | None] = {}

    def counts(self, metric: Metric, filters: Filters, audience: str) -> Numbers | None:
        """The numbers of one view without periods; None where they are hidden or not recorded."""
        key = (metric.name, filters, audience)
        if key not in self.answers:
            (cell,) = measure(self.database, metric, filters, audience, self._count).cells
            numbers = tuple(getattr(cell, name) for name in COUNTS)
            self.answers[key] = None if cell.hidden else numbers
        return self.answers[key]

    def told(self, metric: Metric, hidden: Filters, pairs: list[Pair]) -> bool:
        """Whether some two answers that are shown leave a count that is hidden."""
        truth = self.counts(metric, hidden, ANALYST)
        for whole, rest in pairs:
            of_whole, of_rest = (self.counts(metric, each, GROUP) for each in (whole, rest))
            if of_whole is None or of_rest is None:
                continue
            left = [
                None if None in pair else pair[0] - pair[1] for pair in zip(of_whole, of_rest, strict=True)
            ]
            if any(own == number is not None for own, number in zip(left, truth, strict=True)):
                return True
        return False


def asked(
    metric: Metric, base: Filters, places: tuple[str, ...]
) -> Iterator[tuple[str, Filters, list[Pair]]]:
    """Each view of one part, with the pairs of views that differ by it."""
    for kind, known in (("place", places), ("pathway", tuple(PATHWAYS))):
        for each in known if kind in metric.filters else ():
            others = tuple(other for other in known if other != each)
            field = f"{kind}s"
            yield kind, replace(base, **{field: (each,)}), [(base, replace(base, **{field: others}))]
    if metric.is_stock or metric.whole_years:
        return
    for back in range(base.months):
        month = periods.months_before(base.last_month, back)
        pairs = []
        if month > base.first_month:
            before = replace(base, last_month=periods.months_before(month, 1))
            pairs.append((replace(base, last_month=month), before))
        if month < base.last_month:
            since = replace(base, first_month=periods.following_month(month))
            pairs.append((replace(base, first_month=month), since))
        yield "month", replace(base, first_month=month, last_month=month), pairs


def main(data: str) -> None:
    database = open_database(Path(data))
    inside, places = Inside(database), tuple(database.categories["neighborhood"])
    found: dict[str, collections.Counter] = {
        kind: collections.Counter() for kind in ("place", "pathway", "month")
    }
    fell = 0
    for metric in load_catalog().metrics.values():
        if metric.categories:
            continue
        covered = coverage(database, metric)
        if covered.missing or not covered.through:
            continue
        base = replace(default_filters(covered.through), by="total")
        own: collections.Counter = collections.Counter()
        for kind, view, pairs in asked(metric, base, places):
            if inside.counts(metric, view, ANALYST) is None or inside.counts(metric, view, GROUP) is not None:
                continue
            is_told = inside.told(metric, view, pairs)
            found[kind].update(hidden=1, told=int(is_told))
            own.update(hidden=1, told=int(is_told))
        fell += own["told"] > 0
        print(f"{metric.name}: {own['told']} of {own['hidden']}", flush=True)
    print(f"{len(inside.answers):,} answers; something hidden is told of {fell} metrics")
    for kind, counter in found.items():
        print(
            f"hidden numbers of one {kind}: {counter['told']} of {counter['hidden']} are what two answers leave"
        )


if __name__ == "__main__":
    main(*sys.argv[1:])
