"""The only door from person-level rows to numbers that may be shown."""

import itertools
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any

import duckdb

from leadstats.counting import estimators, together
from leadstats.counting.coverage import coverage
from leadstats.counting.database import Database
from leadstats.counting.released import ReleasedDatabase
from leadstats.counting.suppression import protect
from leadstats.counting.view import (
    AUDIENCES,
    NOT_RECORDED,
    UNREADABLE,
    Cell,
    Filters,
    Published,
    check,
    default_filters,
    sees_all,
)
from leadstats.model.declarations import DeclarationError
from leadstats.model.messages import misdeclared
from leadstats.model.metrics import Metric, UnreadableMetric
from leadstats.model.schema import EVERYONE, UNKNOWN

Ask = Callable[[Database, Metric, Filters, str], Published]  # `measure`, or a cache of its answers
# Counts a metric under filters, as of a day, with or without margins: see ProgramDatabase.counts.
Count = Callable[[Metric, Filters, date, bool], list[dict[str, Any]]]

KEYS = ("period", "category", "second_category")  # the columns that say what a row counts


def measure(
    database: Database,
    metric: Metric,
    filters: Filters | None = None,
    audience: str = AUDIENCES[0],
    count: Count | None = None,
) -> Published:
    """Counts in SQL, then protection, then rates and intervals from what may be shown.

    From a release, whose numbers were counted and protected when it was published, it picks the cells.
    count: what counts instead of the database; a `Cube` of it is faster when a lot is asked.
    Raises FilterError for a filter the metric or the data do not know.
    """
    if isinstance(database, ReleasedDatabase):
        return database.published(metric, filters)
    filters = filters or default_filters(coverage(database, metric).through or date.today())
    check(metric, filters, database.categories)
    filters = filters.in_whole_years if metric.whole_years else filters
    covered = coverage(database, metric, filter(None, (filters.breakdown, filters.second_breakdown)))
    if covered.missing == UNREADABLE:
        return Published(metric, filters, (), None, UNREADABLE)
    as_of = covered.through or filters.next_day - timedelta(days=1)
    days = {label: filters.days_of(label, as_of) for label in filters.periods(as_of)}
    lacking = {label: covered.lacking(*ends) for label, ends in days.items()}
    cut = {
        label: is_cut or covered.is_cut(days[label][0]) for label, is_cut in filters.periods(as_of).items()
    }
    is_whole = sees_all(audience, metric)
    try:
        counts = (
            []
            if covered.missing
            else _counted(count or database.counts, metric, filters, as_of, not is_whole)
        )
    except DeclarationError as error:
        return _failed(metric, filters, error)
    known = {(row["period"], row["category"], row["second_category"]): row for row in counts}
    joined: Mapping[str, str] = {}
    if metric.together and not is_whole:
        known, joined = together.neighbors(metric, known)
    categories = _categories(database, metric, filters.breakdown, {key[1] for key in known}, joined=joined)
    seconds = _categories(database, metric, filters.second_breakdown, {key[2] for key in known}, second=True)
    keys = list(itertools.product(cut, categories, seconds))
    for key in keys:
        known.setdefault(key, {})
    hidden, members = ({}, {}) if is_whole else _hidden(metric, filters, known)
    if members:
        others = (None, together.ALL_OTHERS, seconds[0])
        known[others] = together.summed(known, members)
        keys.append(others)
    is_single = filters.second_breakdown is None
    cells = (
        _cell(
            metric,
            key,
            known[key],
            NOT_RECORDED if lacking[key[0]] else hidden.get(key),
            cut[key[0]],
            is_single,
        )
        for key in keys
    )
    not_recorded = dict.fromkeys(name for names in lacking.values() for name in names)
    return Published(
        metric,
        filters,
        tuple(cells),
        covered.through,
        covered.missing,
        tuple(not_recorded),
        covered.begin if covered.is_cut(filters.first_month) else None,
    )


def _counted(
    count: Count, metric: Metric, filters: Filters, as_of: date, with_margins: bool
) -> list[dict[str, Any]]:
    """Raises DeclarationError if the query cannot be run, or lacks a column that the estimator needs."""
    try:
        counts = count(metric, filters, as_of, with_margins)
    except duckdb.ProgrammingError as error:
        raise DeclarationError("SQL", "a query that can be run", str(error).splitlines()[0]) from None
    estimator = estimators.ESTIMATORS[metric.estimator]
    wanted = {*KEYS, *estimator.nobody(metric), *estimator.people}
    if absent := [column for column in sorted(wanted) if counts and column not in counts[0]]:
        raise DeclarationError("SQL", f"the column {absent[0]} for {metric.estimator}")
    return counts


def _hidden(
    metric: Metric, filters: Filters, known: Mapping[tuple, Mapping[str, Any]]
) -> tuple[Mapping[tuple, str], Mapping[tuple, str]]:
    """The rows to hide, and why; and those among them to show as one, if the filters ask for that."""
    # Periods of a stock do not add up: its state over all of them is no margin of theirs.
    margins = {
        key: row
        for key, row in known.items()
        if not (metric.is_stock and filters.by != "total" and key[0] is None)
    }
    people = estimators.ESTIMATORS[metric.estimator].people
    behind = {key: _people_behind(row, people) for key, row in margins.items()}
    hidden = protect(behind)
    members = together.small_groups(behind, hidden) if filters.is_together else {}
    return members or hidden, members


def _failed(metric: Metric, filters: Filters, error: DeclarationError) -> Published:
    """If a query is wrong, an error in place of the number, never a 0."""
    fault = misdeclared("LD-801", error.within(f"{metric.name}.sql"))
    lost = UnreadableMetric(name=metric.name, title=metric.title, stage=metric.stage, fault=fault)
    return Published(lost, filters, (), None, UNREADABLE)


def _categories(
    database: Database,
    metric: Metric,
    breakdown: str | None,
    found: set[str | None],
    second: bool = False,
    joined: Mapping[str, str] = MappingProxyType({}),
) -> list[str]:
    if breakdown is None:
        if second or not metric.categories:
            return [EVERYONE]
        # First the ones known beforehand, in their order, then those that depend on the data, such as years.
        named = (joined.get(name, name) for name in metric.categories)
        return list(dict.fromkeys((*named, *sorted(found - {None}))))
    known = database.categories.get(breakdown, ())
    return sorted({*known, *(category for category in found if category is not None)}) or [UNKNOWN]


def _people_behind(row: Mapping[str, Any], columns: Sequence[str]) -> tuple[int, int, int]:
    """What is protected about a row: its distinct people, and the people in each part if the number has two parts. If
    a source knows no people, its records count in their place."""
    if not row:
        return 0, 0, 0
    everybody, *parts = columns
    records = row["denominator"] if "denominator" in row else row.get("events")
    whole = records if row[everybody] is None else row[everybody]
    if not parts:
        return whole, 0, 0
    if parts == [everybody]:
        return whole, whole, 0
    inside, outside = (row[part] for part in parts)
    return (
        whole,
        row["numerator"] if inside is None else inside,
        row["denominator"] - row["numerator"] if outside is None else outside,
    )


def _cell(metric, key, row, reason, is_partial, is_single) -> Cell:
    period, category, second = key
    place = period, category, None if is_single else second
    if reason is not None:
        return Cell(*place, hidden=reason, is_partial=is_partial)
    return Cell(*place, **vars(estimators.estimate(metric, row)), is_partial=is_partial)
