"""The only door from person-level rows to numbers that may be shown."""

import dataclasses
import difflib
import functools
import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb

from leadstats.counting import estimators
from leadstats.counting.suppression import protect
from leadstats.model.metrics import QUERIES, Metric, layout, load_metrics
from leadstats.model.schema import BREAKDOWNS, EVERYONE, PATHWAYS

AUDIENCES = ("coordinating_group", "analyst")
PERIODS = ("month", "quarter", "year", "total")
Fetched = dict[tuple[str, date], list[dict[str, Any]]]  # counts under the same filters, by SQL and last day
NOT_RELEASED = ("the public release",)  # what is missing where a release does not hold a metric


class FilterError(ValueError):
    """A filter value the data or the metric does not know; the text says which, in one line."""


@dataclass(frozen=True)
class Filters:
    """What is asked of a metric. Whole months only, so that no two views differ by one day."""

    first_month: date
    last_month: date
    by: str = "month"
    places: tuple[str, ...] = ()
    pathways: tuple[str, ...] = ()
    breakdown: str | None = None
    second_breakdown: str | None = None

    def as_parameters(self, as_of: date, with_margins: bool) -> dict[str, dict[str, Any]]:
        """The one struct a metric query binds. Empty choices become NULL: no limit."""
        return {
            "filters": {
                "first_day": self.first_month,
                "next_day": min(following_month(self.last_month), as_of + timedelta(days=1)),
                "as_of": as_of,
                "by": self.by,
                "places": list(self.places) or None,
                "pathways": list(self.pathways) or None,
                "breakdown": self.breakdown,
                "second_breakdown": self.second_breakdown,
                "margins": with_margins,
            }
        }

    def periods(self, as_of: date) -> dict[str | None, bool]:
        """Each period with data, in order, and whether it is cut short: by the end of the data,
        or by months that leave out a part of a quarter or year."""
        cut: dict[str | None, bool] = {}
        month = self.first_month
        while month <= min(self.last_month, as_of):
            label = period_label(month, self.by)
            starts_late = label not in cut and self.by != "total" and month != period_start(month, self.by)
            cut[label] = cut.get(label, starts_late) or following_month(month) > as_of + timedelta(days=1)
            month = following_month(month)
        for label in list(cut)[-1:]:
            stops_early = (
                month <= self.last_month if self.by == "total" else period_label(month, self.by) == label
            )
            cut[label] = cut[label] or stops_early
        return cut


@dataclass(frozen=True)
class Cell:
    """One row of a result. A hidden cell has a reason in `hidden` and no number at all."""

    period: str | None
    category: str
    second_category: str | None = None
    people: int | None = None
    value: float | None = None
    low: float | None = None
    high: float | None = None
    numerator: int | None = None
    denominator: int | None = None
    events: int | None = None
    gross: float | None = None
    median: float | None = None
    hidden: str | None = None
    is_partial: bool = False
    too_few: str = ""  # the counts in words, where they bear no rate: see leadstats.minimum
    bound: str = ""  # "or less", "or more": of a public percentage near its ends


@dataclass(frozen=True)
class Published:
    """Numbers that may be shown, cached, logged, downloaded and printed."""

    metric: Metric
    filters: Filters
    cells: tuple[Cell, ...]
    data_through: date | None
    missing: tuple[str, ...] = ()  # source tables this metric needs and the data lack


@dataclass(frozen=True, eq=False)
class Database:
    """One immutable snapshot, opened read-only with no way out to other files.

    A public release is read through the same doors: see `leadstats.counting.released`.
    """

    snapshot: str
    root: duckdb.DuckDBPyConnection
    categories: Mapping[str, tuple[str, ...]]  # what each breakdown is known to have
    reach: Mapping[str, date]  # the last day each loaded source reaches

    is_public = False

    @property
    def metrics(self) -> Mapping[str, Metric]:
        return load_metrics()

    def metric(self, name: str) -> Metric:
        return self.metrics[name]

    @property
    def stages(self) -> Mapping[str, Metric]:
        """The metrics that compare groups, by the stage they are about."""
        return {metric.stage: metric for metric in self.metrics.values() if metric.stage}

    @functools.cached_property
    def first_days(self) -> Mapping[str, date]:
        """The first event of each source that has one."""
        rows = self.rows((QUERIES / "lookups" / "first_days.sql").read_text(encoding="utf-8"))
        return {row["source"]: row["first_day"] for row in rows if row["first_day"]}

    def standard(self) -> Filters | None:
        """The months to show first, where they are not the last twelve."""
        return None

    def measure(
        self, metric: Metric, filters: Filters, audience: str, fetched: Fetched | None = None
    ) -> Published:
        return measure(self, metric, filters, audience, fetched)

    def rows(self, sql: str, parameters: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        # A cursor per call: a connection shared by two threads raises in DuckDB 2.
        cursor = self.root.cursor()
        result = cursor.execute(sql, parameters)
        names = [column[0] for column in result.description]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def snapshot_name(data: Path) -> str | None:
    """The database file that is in force in a data folder, or None before the first build."""
    pointer = data / "current"
    return pointer.read_text(encoding="utf-8").strip() if pointer.is_file() else None


def open_database(data: Path) -> Database:
    """Raises FileNotFoundError before the first build by this version."""
    name, advice = snapshot_name(data), f"run: python -m leadstats build INBOX --to {data}"
    if name is None:
        raise FileNotFoundError(f"{data} holds no built data; {advice}")
    root = duckdb.connect()
    # ATTACH takes no bound parameter, so the file name is quoted by hand. Attached to an
    # in-memory database, a new file is seen even while an older one is still open.
    quoted = str(data / name).replace("'", "''")
    root.execute(f"ATTACH '{quoted}' AS program (READ_ONLY)")
    if not _is_readable(root):
        raise FileNotFoundError(f"{data} was built by another version of leadstats; {advice}")
    for shared in ("scope.sql", "outcomes.sql"):
        root.execute((QUERIES / shared).read_text(encoding="utf-8"))
    seal(root)
    categories: dict[str, list[str]] = {}
    for breakdown, category in root.execute(
        "SELECT breakdown, category FROM program.category ORDER BY breakdown, position, category"
    ).fetchall():
        categories.setdefault(breakdown, []).append(category)
    reach = root.execute("SELECT source, data_through FROM program.source WHERE data_through IS NOT NULL")
    return Database(
        name,
        root,
        {breakdown: tuple(known) for breakdown, known in categories.items()},
        dict(reach.fetchall()),
    )


def _is_readable(root: duckdb.DuckDBPyConnection) -> bool:
    named = root.execute("FROM duckdb_tables() WHERE database_name = 'program' AND table_name = 'layout'")
    if not named.fetchall():
        return False
    return root.execute("SELECT layout FROM program.layout").fetchall() == [(layout(),)]


def seal(root: duckdb.DuckDBPyConnection) -> None:
    """From here on, no file can be read or written, and no setting changed."""
    root.execute("SET enable_external_access = false")
    root.execute("SET lock_configuration = true")


def data_through(database: Database, metric: Metric) -> tuple[date | None, tuple[str, ...]]:
    """The last day that all loaded sources of the metric reach, and the sources it lacks."""
    loaded = [database.reach[source] for source in metric.sources if source in database.reach]
    needed = [source for source in metric.sources if source not in metric.optional]
    if not needed and not loaded:
        needed = metric.sources
    missing = tuple(source for source in needed if source not in database.reach)
    return (None if missing else min(loaded)), missing


def default_filters(as_of: date, by: str = "month") -> Filters:
    """The last 12 complete months."""
    last = as_of.replace(day=1)
    if following_month(last) > as_of + timedelta(days=1):
        last = (last - timedelta(days=1)).replace(day=1)
    first = last
    for _ in range(11):
        first = (first - timedelta(days=1)).replace(day=1)
    return Filters(first, last, by)


def measure(
    database: Database,
    metric: Metric,
    filters: Filters | None = None,
    audience: str = AUDIENCES[0],
    fetched: Fetched | None = None,
) -> Published:
    """Counts in SQL, then protection, then rates and intervals from what may be shown.

    fetched: keeps the counts for further metrics of the same SQL, asked with the same filters and audience.
    Raises FilterError for a filter the metric or the data do not know.
    """
    as_of, missing = data_through(database, metric)
    if as_of is None:
        filters = filters or default_filters(date.today())
        check(database, metric, filters)
        return Published(metric, filters, (), None, missing)
    filters = filters or default_filters(as_of)
    check(database, metric, filters)
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


def check(database: Database, metric: Metric, filters: Filters) -> None:
    """Refuses what the metric or the data do not know, naming the nearest match."""
    for breakdown in filter(None, (filters.breakdown, filters.second_breakdown)):
        require("breakdown", breakdown, tuple(BREAKDOWNS))
        require(f"breakdown of {metric.name}", breakdown, metric.breakdowns)
    require("period", filters.by, PERIODS)
    for kind, values in (("place", filters.places), ("pathway", filters.pathways)):
        if values and kind not in metric.filters:
            raise FilterError(f"{metric.name} cannot be filtered by {kind}: its records carry none")
    for pathway in filters.pathways:
        require("pathway", pathway, PATHWAYS)
    if filters.places:
        places = database.categories.get("neighborhood", ())
        for place in filters.places:
            require("place", place, places)
    if filters.last_month < filters.first_month:
        raise FilterError("the last month lies before the first")


def require(what: str, value: str, known: tuple[str, ...]) -> None:
    if value in known:
        return
    nearest = difflib.get_close_matches(value, known, 1, cutoff=0.0)
    hint = f"; did you mean {nearest[0]!r}?" if nearest else "; there are none"
    raise FilterError(f"unknown {what} {value!r}{hint}")


def period_label(month: date, by: str) -> str | None:
    return {
        "month": f"{month:%Y-%m}",
        "quarter": f"{month.year}-Q{(month.month + 2) // 3}",
        "year": f"{month.year}",
        "total": None,
    }[by]


def period_start(month: date, by: str) -> date:
    return {
        "month": month,
        "quarter": month.replace(month=(month.month - 1) // 3 * 3 + 1),
        "year": month.replace(month=1),
        "total": month,
    }[by]


def period_days(label: str) -> int:
    """Days of a whole month, quarter or year by its label."""
    if "-Q" in label:
        year, quarter = label.split("-Q")
        first, months = date(int(year), 3 * int(quarter) - 2, 1), 3
    else:
        year, _, month = label.partition("-")
        first, months = date(int(year), int(month or 1), 1), 1 if month else 12
    last = first
    for _ in range(months):
        last = following_month(last)
    return (last - first).days


def following_month(month: date) -> date:
    return (month.replace(day=1) + timedelta(days=32)).replace(day=1)


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
