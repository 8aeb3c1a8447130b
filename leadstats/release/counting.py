"""From the built database to the cells of one measure, continued from what was published before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from leadstats.audit.folder import PublishedRelease
from leadstats.counting.database import Database
from leadstats.model import periods
from leadstats.release.disclosure import cube
from leadstats.release.disclosure.cube import Cube, Hierarchy, Key, PlanError
from leadstats.release.plan import (
    ELSEWHERE,
    Measure,
    PlannedTable,
    ReleasePlan,
    last_closed,
    place_hierarchy,
    time_hierarchy,
)

OUTCOMES = ("yes", "no")
PLACES = ("neighborhood", "zone")


@dataclass(frozen=True, eq=False)
class Before:
    """What earlier releases say of a measure: by cell the shown number, or None where it is hidden."""

    numbers: Mapping[Key, int | None]
    tables: tuple[tuple[str, ...], ...]  # the levels of each published table, time first
    first: date | None  # month
    last: date | None  # month
    levels: Mapping[
        str, Mapping[str, date]
    ]  # by level: each code, and how far the last release without it reached

    def is_absent(self, key: Key) -> bool:
        """The category was not known when the period was published: it has no cell there."""
        period = periods.last_month(key[0][1])
        return any(
            level in self.levels and self.levels[level].get(code, self.last) >= period
            for level, code in key[1:]
        )


@dataclass(frozen=True, eq=False)
class Rows:
    """The answer of a measure's query: by the finest codes, in the order of the hierarchies."""

    hierarchies: tuple[Hierarchy, ...]
    people: Mapping[tuple[str, ...], int]
    totals: Mapping[tuple[str, ...], int]
    largest: Mapping[tuple[str, ...], Sequence[int]]  # the two largest contributions to a total


@dataclass(frozen=True)
class TableChoice:
    """The tables to publish, and those of the plan in which too few cells are large enough."""

    tables: tuple[Mapping[str, str], ...]
    shares: tuple[tuple[PlannedTable, str, float], ...]  # each table tried, with the share of large cells
    left_out: tuple[PlannedTable, ...]


def history(measure: str, earlier: Sequence[PublishedRelease]) -> Before:
    """Earlier releases in the order of publication."""
    numbers: dict[Key, int | None] = {}
    tables: dict[tuple[str, ...], None] = {}
    reach: list[tuple[date, dict[str, set[str]]]] = []
    for release in earlier:
        codes: dict[str, set[str]] = {}
        own = [table for table in release.tables if table.measure == measure]
        for table in own:
            tables[table.levels] = None
            for cell, number in table.numbers.items():
                key = tuple(zip(table.levels, cell, strict=True))
                numbers[key] = numbers.get(key) if number is None else number
                for level, code in key:
                    codes.setdefault(level, set()).add(code)
        if own:
            reach.append((max(periods.last_month(cell[0]) for table in own for cell in table.numbers), codes))
    return Before(
        numbers,
        tuple(tables),
        _first_month(numbers),
        max((last for last, _ in reach), default=None),
        _known(reach),
    )


def _first_month(numbers: Mapping[Key, int | None]) -> date | None:
    finest = min((periods.PUBLISHED.index(key[0][0]) for key in numbers), default=0)
    shortest = (key[0][1] for key in numbers if key[0][0] == periods.PUBLISHED[finest])
    return min(map(periods.first_month, shortest), default=None)


def _known(reach: Sequence[tuple[date, Mapping[str, set[str]]]]) -> dict[str, dict[str, date]]:
    known: dict[str, dict[str, date]] = {}
    for _, codes in reach:
        for level, held in codes.items():
            known.setdefault(level, {}).update(dict.fromkeys(held, date.min))
    for last, codes in reach:
        for level in known.keys() & codes.keys():
            for code in known[level].keys() - codes[level]:
                known[level][code] = max(known[level][code], last)
    return known


def count(database: Database, measure: Measure, plan: ReleasePlan, before: Before) -> Rows | None:
    """None where a source is not loaded or no period is over for long enough."""
    if any(source not in database.reach for source in measure.sources):
        return None
    rows = database.rows(measure.sql)
    last = last_closed(measure, plan, min(database.reach[source] for source in measure.sources))
    first = min((row["period"] for row in rows), default=last)
    if before.first:
        first = periods.label(before.first, measure.every)
    if first > last:
        return None
    rows = [row for row in rows if first <= row["period"] <= last]
    hierarchies = [time_hierarchy(measure.every, first, last)]
    for breakdown in measure.breakdowns:
        codes = _codes(database, breakdown, rows, before)
        if breakdown == "neighborhood":
            hierarchies.append(place_hierarchy(codes, plan))
        else:
            hierarchies.append(Hierarchy(breakdown, (breakdown,), {breakdown: dict.fromkeys(codes)}))
    names = ("period", *measure.breakdowns)
    keys = [tuple(row[name] for name in names) for row in rows]
    has_sum = bool(measure.sum_title)
    return Rows(
        tuple(hierarchies),
        {key: row["people"] for key, row in zip(keys, rows, strict=True)},
        {key: row["total"] for key, row in zip(keys, rows, strict=True)} if has_sum else {},
        {key: row["largest"] for key, row in zip(keys, rows, strict=True)} if has_sum else {},
    )


def _codes(database: Database, breakdown: str, rows: Sequence[Mapping], before: Before) -> tuple[str, ...]:
    if breakdown == "outcome":
        return OUTCOMES
    known = database.categories.get(breakdown, ())
    others = {row[breakdown] for row in rows} | set(before.levels.get(breakdown, ()))
    return (*known, *sorted(others - set(known)))


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


def check_zones(plan: ReleasePlan, earlier: Sequence[PublishedRelease]) -> None:
    """Zones never change once published: two outlines of one area would give away the difference."""
    for release in earlier:
        for place, zone in release.zones.items():
            if zone != next((name for name, members in plan.zones.items() if place in members), zone):
                raise PlanError(
                    f"zones: {place} was published as part of {zone} in {release.name}; zones cannot change"
                )
        if release.zones and set(release.zones.values()) - set(plan.zones) - {ELSEWHERE}:
            raise PlanError(f"zones: those of {release.name} must stay in the plan")
