"""The only door from person-level rows to numbers that may be shown."""

import dataclasses
import itertools
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from leadstats.counting import estimators
from leadstats.counting.database import Database, data_through
from leadstats.counting.released import ReleasedDatabase
from leadstats.counting.suppression import protect
from leadstats.counting.view import AUDIENCES, Cell, Filters, Published, check, default_filters
from leadstats.model.metrics import Metric
from leadstats.model.schema import EVERYONE

Ask = Callable[[Database, Metric, Filters, str], Published]  # `measure`, or what keeps its answers
Fetched = dict[tuple[str, date], list[dict[str, Any]]]  # counts under the same filters, by SQL and last day


def measure(
    database: Database,
    metric: Metric,
    filters: Filters | None = None,
    audience: str = AUDIENCES[0],
    fetched: Fetched | None = None,
) -> Published:
    """Counts in SQL, then protection, then rates and intervals from what may be shown.

    Of a release, whose numbers were counted and protected when it was published, it picks them.
    fetched: keeps the counts for further metrics of the same SQL, asked with the same filters and audience.
    Raises FilterError for a filter the metric or the data do not know.
    """
    if isinstance(database, ReleasedDatabase):
        return database.published(metric, filters)
    as_of, missing = data_through(database, metric)
    if as_of is None:
        filters = filters or default_filters(date.today())
        check(metric, filters, database.categories)
        return Published(metric, filters, (), None, missing)
    filters = filters or default_filters(as_of)
    check(metric, filters, database.categories)
    is_protected = audience != "analyst"
    fetched = {} if fetched is None else fetched
    if (metric.sql, as_of) not in fetched:
        parameters = filters.as_parameters(as_of, is_protected)
        fetched[metric.sql, as_of] = database.rows(metric.sql, parameters)
    counts = fetched[metric.sql, as_of]
    cut = filters.periods(as_of)
    known = {(row["period"], row["category"], row["second_category"]): row for row in counts}
    categories = _categories(database, metric, filters.breakdown, {key[1] for key in known})
    seconds = _categories(database, metric, filters.second_breakdown, {key[2] for key in known}, second=True)
    keys = list(itertools.product(cut, categories, seconds))
    for key in keys:
        known.setdefault(key, {})
    hidden: Mapping[tuple, str] = {}
    if is_protected:
        margins = {
            key: row
            for key, row in known.items()
            if not (metric.is_stock and filters.by != "total" and key[0] is None)
        }
        hidden = protect({key: _people_behind(row) for key, row in margins.items()})
    cells = (
        _cell(metric, key, known[key], hidden.get(key), cut[key[0]], filters.second_breakdown is None)
        for key in keys
    )
    return Published(metric, filters, tuple(cells), as_of)


def _categories(
    database: Database, metric: Metric, breakdown: str | None, found: set[str | None], second: bool = False
) -> list[str]:
    if breakdown is None:
        own = metric.categories if not second else ()
        return list(own) or [EVERYONE]
    known = database.categories.get(breakdown, ())
    return sorted({*known, *(category for category in found if category is not None)})


def _people_behind(row: Mapping[str, Any]) -> tuple[int, int, int]:
    """Distinct people behind the row, its numerator and its complement; where a source has no
    persons, its events stand in for them."""
    numerator, denominator = row.get("numerator"), row.get("denominator")
    people = row.get("people")
    if people is None:
        people = denominator if denominator is not None else row.get("events")
    if numerator is None:
        return people or 0, 0, 0
    inside, outside = row.get("numerator_people"), row.get("complement_people")
    return (
        people or 0,
        numerator if inside is None else inside,
        (denominator or 0) - numerator if outside is None else outside,
    )


def _cell(metric, key, row, reason, is_partial, is_single) -> Cell:
    period, category, second = key
    place = dict(
        period=period, category=category, second_category=None if is_single else second, is_partial=is_partial
    )
    if reason is not None:
        return Cell(**place, hidden=reason)
    result = estimators.estimate(metric, row)
    return Cell(**place, **dataclasses.asdict(result))
