"""Which tables of a measure are published: those published before, then the finest with enough large cells."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from leadstats.counting.database import Database
from leadstats.counting.release_counts import release_counts
from leadstats.model import periods
from leadstats.model.measures import Measure
from leadstats.release.disclosure import cube
from leadstats.release.disclosure.cube import Cube
from leadstats.release.hierarchy import Hierarchy, Rows
from leadstats.release.history import Before
from leadstats.release.plan import (
    PlannedTable,
    ReleasePlan,
    last_closed,
    place_hierarchy,
    time_hierarchy,
)

OUTCOMES = ("yes", "no")
PLACES = ("neighborhood", "zone")


@dataclass(frozen=True)
class TableChoice:
    """The tables to publish, and those of the plan in which too few cells are large enough."""

    tables: tuple[Mapping[str, str], ...]
    shares: tuple[tuple[PlannedTable, str, float], ...]  # each table tried, with the share of large cells
    left_out: tuple[PlannedTable, ...]


def count(database: Database, measure: Measure, plan: ReleasePlan, before: Before) -> Rows | None:
    """None where a source is not loaded or no period is over for long enough."""
    if any(source not in database.reach for source in measure.sources):
        return None
    counts = release_counts(database, measure)
    last = last_closed(measure, plan, min(database.reach[source] for source in measure.sources))
    first = min((period for period, *_ in counts.people), default=last)
    if before.first:
        first = periods.label(before.first, measure.every)
    if first > last:
        return None
    kept = [codes for codes in counts.people if first <= codes[0] <= last]
    hierarchies = [time_hierarchy(measure.every, first, last)]
    for place, breakdown in enumerate(measure.breakdowns, 1):
        found = {codes[place] for codes in kept}
        known = OUTCOMES if breakdown == "outcome" else _codes(database, breakdown, found, before)
        if breakdown == "neighborhood":
            hierarchies.append(place_hierarchy(known, plan))
        else:
            hierarchies.append(Hierarchy(breakdown, (breakdown,), {breakdown: dict.fromkeys(known)}))
    return Rows(
        tuple(hierarchies),
        *(
            {codes: numbers[codes] for codes in kept if codes in numbers}
            for numbers in (counts.people, counts.totals, counts.largest)
        ),
    )


def _codes(database: Database, breakdown: str, found: set[str], before: Before) -> tuple[str, ...]:
    known = database.categories.get(breakdown, ())
    return (*known, *sorted((found | set(before.levels.get(breakdown, ()))) - set(known)))


def choose(rows: Rows, measure: Measure, plan: ReleasePlan, before: Before) -> TableChoice:
    """What was published stays; of the other tables the finest in which enough cells are large."""
    published = [_as_table(levels) for levels in before.tables]
    held = {frozenset(table.items() - {("time", table["time"])}) for table in published}
    shares, left_out = [], []
    for wish in plan.tables:
        if wish.measure != measure.name or ("zone" in wish.by and not plan.zones):
            continue
        by = {_breakdown(level): level for level in wish.by}
        if frozenset(by.items()) in held:
            continue
        for time in wish.times:
            share = _share_of_large(rows, {"time": time} | by, plan.threshold)
            shares.append((wish, time, share))
            if share >= (plan.least_share if wish.least_share is None else wish.least_share):
                published.append({"time": time} | by)
                break
        else:
            left_out.append(wish)
    return TableChoice(tuple(published), tuple(shares), tuple(left_out))


def _share_of_large(rows: Rows, table: Mapping[str, str], threshold: int) -> float:
    if table["time"] not in rows.hierarchies[0].levels:
        return 0.0
    numbers = cube.sums(rows.hierarchies, cube.grid_of(rows.hierarchies, table), rows.people)
    filled = np.count_nonzero(numbers)
    return float((numbers >= threshold).sum() / filled) if filled else 0.0


def _as_table(levels: Sequence[str]) -> dict[str, str]:
    return {_breakdown(level): level for level in levels}


def _breakdown(level: str) -> str:
    return "time" if level in periods.PUBLISHED else "place" if level in PLACES else level


def build_cube(rows: Rows, choice: TableChoice, numbers: Mapping[tuple[str, ...], int]) -> Cube:
    used = {breakdown for table in choice.tables for breakdown in table}
    kept = [place for place, hierarchy in enumerate(rows.hierarchies) if hierarchy.name in used]
    summed: dict[tuple[str, ...], int] = {}
    for codes, number in numbers.items():
        shorter = tuple(codes[place] for place in kept)
        summed[shorter] = summed.get(shorter, 0) + number
    return cube.build([rows.hierarchies[place] for place in kept], choice.tables, summed)
