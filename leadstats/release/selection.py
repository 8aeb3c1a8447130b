"""Which tables of a measure are published: those published before, then the finest with enough large cells."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from leadstats.counting.coverage import coverage
from leadstats.counting.database import ProgramDatabase
from leadstats.counting.release_counts import release_counts
from leadstats.model import periods
from leadstats.model.measures import Measure
from leadstats.model.schema import UNKNOWN
from leadstats.release.disclosure import cube
from leadstats.release.disclosure.cube import Cube
from leadstats.release.hierarchy import Hierarchy, PlanError, Rows
from leadstats.release.history import Before
from leadstats.release.plan import (
    PLACES,
    PlannedTable,
    ReleasePlan,
    breakdown_of,
    category_of,
    declared_categories,
    last_closed,
    place_hierarchy,
    time_hierarchy,
)

Codes = tuple[str, ...]


@dataclass(frozen=True)
class TableChoice:
    """The tables to publish, those of the plan in which too few cells are large enough, and those of which the
    exports do not record what they are by."""

    tables: tuple[Mapping[str, str], ...]
    shares: tuple[tuple[PlannedTable, str, float], ...]  # each table tried, with the share of large cells
    left_out: tuple[PlannedTable, ...]
    not_recorded: tuple[PlannedTable, ...]


def count(database: ProgramDatabase, measure: Measure, plan: ReleasePlan, before: Before) -> Rows | None:
    """None where what it counts is not recorded or no period is over for long enough.

    Periods and categories are those of the rules, whether anybody is in them or not: a row that came or
    went with a person would tell of that person. Raises PlanError where a period that was published before
    is not recorded any more.
    """
    if not_recorded(database, measure):
        return None
    counts = release_counts(database, measure)
    last = last_closed(measure, plan, min(database.reach[source] for source in measure.sources))
    begun = _first_period(database, measure, plan, before, last, counts.people)
    first = _first_recorded(database, measure, before, begun, last)
    if first > last:
        return None
    published = {key[0][1] for key in before.numbers}
    stated = plan.launch or _launch(database)
    # Nor where LEAD is older than what was published first: quarters alone do not say in which month they began.
    is_cut = first > begun or (stated is not None and periods.label(stated, measure.every) < begun)
    hierarchies = [time_hierarchy(measure.every, first, last, published, is_cut)]
    known = []
    for breakdown in measure.breakdowns:
        codes = _categories(database, breakdown, plan, before)
        known.append(codes)
        if breakdown == "neighborhood":
            hierarchies.append(place_hierarchy(codes, plan))
        else:
            hierarchies.append(Hierarchy(breakdown, (breakdown,), {breakdown: dict.fromkeys(codes)}))

    def by_category(row: Codes) -> Codes:
        named = zip(measure.breakdowns, row[1:], known, strict=True)
        return (row[0], *(category_of(breakdown, code, plan, codes) for breakdown, code, codes in named))

    people: dict[Codes, int] = {}
    totals: dict[Codes, int] = {}
    largest: dict[Codes, list[int]] = {}
    for row, number in counts.people.items():
        if first <= row[0] <= last:
            codes = by_category(row)
            people[codes] = people.get(codes, 0) + number
            if row in counts.totals:
                totals[codes] = totals.get(codes, 0) + counts.totals[row]
                largest[codes] = sorted([*largest.get(codes, ()), *counts.largest[row]], reverse=True)[:2]
    return Rows(tuple(hierarchies), people, totals, largest)


def _categories(
    database: ProgramDatabase, breakdown: str, plan: ReleasePlan, before: Before
) -> tuple[str, ...]:
    """Those of the rules, and those that were published before."""
    known = declared_categories(breakdown, plan, database.site.boundaries)
    # Without any list the breakdown has the one category that nobody needs to list, and no table.
    known = known or (UNKNOWN,)
    return (*known, *sorted(set(before.levels.get(breakdown, ())) - set(known)))


def _first_period(
    database: ProgramDatabase,
    measure: Measure,
    plan: ReleasePlan,
    before: Before,
    last: str,
    people: Mapping[Codes, int],
) -> str:
    """Where the numbers begin: as published before, as stated, or with the first year that is shown.

    The first record must not decide: it would say that the first period is not empty. A year that is
    shown says so itself; where none is, they begin with the year of the last period.
    """
    if before.first:
        return periods.label(before.first, measure.every)
    stated = plan.launch or _launch(database)
    if stated:
        return _first_whole(stated, measure.every)
    years: dict[str, int] = {}
    for row, number in people.items():
        if periods.last_month(row[0][:4]) <= periods.last_month(last):
            years[row[0][:4]] = years.get(row[0][:4], 0) + number
    first = min((year for year, number in years.items() if number >= plan.threshold), default=last[:4])
    return periods.label(periods.first_month(first), measure.every)


def _first_whole(day: date, every: str) -> str:
    """The period that begins on a day, or the first after it: of a year that began without LEAD no number says
    what a year is like, and what was before LEAD is no number that is hidden."""
    start = periods.start(day, every)
    label = periods.label(day, every)
    if start == day.replace(day=1):
        return label
    return periods.label(periods.following_month(periods.last_month(label)), every)


def not_recorded(database: ProgramDatabase, measure: Measure) -> tuple[str, ...]:
    """The exports, columns and settings without which nothing of a measure is known."""
    return coverage(database, measure).missing


def _first_recorded(
    database: ProgramDatabase, measure: Measure, before: Before, begun: str, last: str
) -> str:
    """The period after the last one that is not recorded: numbers without it would be none where nobody knows."""
    first = begun
    for period in periods.between(begun, last):
        if lacking := _lacking(database, measure, period, period):
            if before.first:
                raise PlanError(
                    f"{measure.name} of {period} was published before, and {', '.join(lacking)} is not recorded"
                )
            first = periods.label(periods.following_month(periods.last_month(period)), measure.every)
    return first


def _lacking(
    database: ProgramDatabase, measure: Measure, first: str, last: str, breakdowns: Sequence[str] = ()
) -> tuple[str, ...]:
    """What is not recorded of the periods. Where a source begins does not count: its first record would tell."""
    covered = replace(coverage(database, measure, breakdowns), begins={})
    return covered.lacking(periods.first_month(first), periods.last_day(last))


def _launch(database: ProgramDatabase) -> date | None:
    """The month after the year before LEAD, where site.toml says which that is."""
    end = database.site.baseline.last
    return end and end + timedelta(days=1)


def choose(
    database: ProgramDatabase, rows: Rows, measure: Measure, plan: ReleasePlan, before: Before
) -> TableChoice:
    """What was published stays; of the other tables the finest in which enough cells are large, if what they
    are by is recorded.

    Raises PlanError where that of a table that was published before is not any more.
    """
    finest = rows.hierarchies[0].codes(0)
    is_known = {
        breakdown: not _lacking(database, measure, finest[0], finest[-1], [breakdown])
        for breakdown in measure.breakdowns
    }
    published = [_as_table(levels) for levels in before.tables]
    for table in published:
        if lost := [level for level in table.values() if not is_known.get(_column(level), True)]:
            raise PlanError(f"{measure.name} by {lost[0]} was published before, and is not recorded any more")
    held = {frozenset(table.items() - {("time", table["time"])}) for table in published}
    shares, left_out, unknown = [], [], []
    for wish in plan.tables:
        if wish.measure != measure.name or ("zone" in wish.by and not plan.zones):
            continue
        by = {breakdown_of(level): level for level in wish.by}
        if frozenset(by.items()) in held:
            continue
        if not all(is_known[_column(level)] for level in wish.by):
            unknown.append(wish)
            continue
        if any(_is_unlisted(rows, breakdown) for breakdown in by):
            left_out.append(wish)
            continue
        for time in wish.times:
            share = _share_of_large(rows, {"time": time} | by, plan.threshold)
            shares.append((wish, time, share))
            if share >= (plan.least_share if wish.least_share is None else wish.least_share):
                published.append({"time": time} | by)
                break
        else:
            left_out.append(wish)
    return TableChoice(tuple(published), tuple(shares), tuple(left_out), tuple(unknown))


def _is_unlisted(rows: Rows, breakdown: str) -> bool:
    """Nobody has said what categories the breakdown has."""
    (hierarchy,) = (each for each in rows.hierarchies if each.name == breakdown)
    return hierarchy.codes(0) == (UNKNOWN,)


def _share_of_large(rows: Rows, table: Mapping[str, str], threshold: int) -> float:
    """Of all cells that are listed: which of them are empty must decide nothing."""
    if table["time"] not in rows.hierarchies[0].levels:
        return 0.0
    numbers = cube.sums(rows.hierarchies, cube.grid_of(rows.hierarchies, table), rows.people)
    return float((numbers >= threshold).mean()) if len(numbers) else 0.0


def _as_table(levels: Sequence[str]) -> dict[str, str]:
    return {breakdown_of(level): level for level in levels}


def _column(level: str) -> str:
    """The breakdown of a measure that a level is made of; times stand for themselves."""
    return "neighborhood" if level in PLACES else level


def build_cube(rows: Rows, choice: TableChoice, numbers: Mapping[tuple[str, ...], int]) -> Cube:
    used = {breakdown for table in choice.tables for breakdown in table}
    kept = [place for place, hierarchy in enumerate(rows.hierarchies) if hierarchy.name in used]
    summed: dict[tuple[str, ...], int] = {}
    for codes, number in numbers.items():
        shorter = tuple(codes[place] for place in kept)
        summed[shorter] = summed.get(shorter, 0) + number
    return cube.build([rows.hierarchies[place] for place in kept], choice.tables, summed)
