"""What can be asked of a metric, and what comes back: filters, cells, published numbers."""

import difflib
import functools
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from leadstats.model import periods
from leadstats.model.metrics import Metric, UnreadableMetric
from leadstats.model.schema import BREAKDOWNS, PATHWAYS
from leadstats.statistics.limits import Limit

GROUP = "coordinating_group"
OPERATIONS = "operations"  # who runs the program from day to day
ANALYST = "analyst"  # who sees every number
AUDIENCES = (GROUP, OPERATIONS, ANALYST)
OWN_RECORDS = frozenset({"referral", "enrollment", "contact"})  # the exports that the program itself keeps
NOT_RECORDED = "not recorded"  # why a cell has no number: nothing about protection
NOT_RELEASED = ("the public release",)  # what is missing if a release does not have a metric
UNREADABLE = ("its own file",)  # and if the file of a metric is wrong


def sees_all(audience: str, metric: Metric) -> bool:
    """Whether nothing of a metric is hidden from an audience. If it is counted from the program's own records alone,
    those who keep the records may see it, since it tells them nothing they do not know."""
    return audience == ANALYST or audience == OPERATIONS and OWN_RECORDS.issuperset(metric.sources)


class FilterError(ValueError):
    """A filter value the data or the metric does not know; the text says which, in one line."""


@dataclass(frozen=True)
class Filters:
    """What is asked of a metric. Only whole months, so that no two views differ by one day."""

    first_month: date
    last_month: date
    by: str = "month"
    places: tuple[str, ...] = ()
    pathways: tuple[str, ...] = ()
    breakdown: str | None = None
    second_breakdown: str | None = None
    # For a share over the whole span with one breakdown: groups that are too small are shown as one.
    is_together: bool = False

    @property
    def next_day(self) -> date:
        """The day after the last month."""
        return periods.following_month(self.last_month)

    @property
    def ends(self) -> tuple[date, date]:
        """The first and the last month."""
        return self.first_month, self.last_month

    @property
    def months(self) -> int:
        years = self.last_month.year - self.first_month.year
        return 12 * years + self.last_month.month - self.first_month.month + 1

    @property
    def in_whole_years(self) -> "Filters":
        """The calendar years that the months lie in, so that no two views differ by a month."""
        first = periods.start(self.first_month, "year")
        last = self.last_month.replace(month=12)
        return replace(self, first_month=first, last_month=last, by="total" if self.by == "total" else "year")

    def shifted(self, months: int) -> "Filters":
        """The same view, this many months earlier."""
        first, last = (periods.months_before(end, months) for end in (self.first_month, self.last_month))
        return replace(self, first_month=first, last_month=last)

    def as_parameters(
        self, as_of: date, with_margins: bool, horizon_days: int | None = None
    ) -> dict[str, dict[str, Any]]:
        """The one struct a metric query binds, with the metric's horizon. Empty choices become NULL: no limit."""
        return {
            "filters": {
                "first_day": self.first_month,
                "next_day": min(self.next_day, as_of + timedelta(days=1)),
                "as_of": as_of,
                "by": self.by,
                "places": list(self.places) or None,
                "pathways": list(self.pathways) or None,
                "breakdown": self.breakdown,
                "second_breakdown": self.second_breakdown,
                "margins": with_margins,
                "horizon_days": horizon_days,
            }
        }

    def days_of(self, label: str | None, as_of: date) -> tuple[date, date]:
        """The first and the last day of a period, as far as the months and the data go."""
        return _days_of(self.first_month, self.last_month, label, as_of)

    def periods(self, as_of: date) -> dict[str | None, bool]:
        """Each period with data, in order, and whether it is cut short: by the end of the data,
        or by months that leave out a part of a quarter or year."""
        return dict(_periods(self.first_month, self.last_month, self.by, as_of))


# Cached, since a page asks for the same months for each of its metrics.
@functools.lru_cache(maxsize=4096)
def _days_of(first_month: date, last_month: date, label: str | None, as_of: date) -> tuple[date, date]:
    last = min(periods.following_month(last_month) - timedelta(days=1), as_of)
    if label is None:
        return first_month, last
    return max(first_month, periods.first_month(label)), min(last, periods.last_day(label))


@functools.lru_cache(maxsize=256)
def _periods(first_month: date, last_month: date, by: str, as_of: date) -> Mapping[str | None, bool]:
    cut: dict[str | None, bool] = {}
    month = first_month
    while month <= min(last_month, as_of):
        label = periods.label(month, by)
        starts_late = label not in cut and month != periods.start(month, by)
        cut[label] = cut.get(label, starts_late) or month > periods.last_complete(as_of)
        month = periods.following_month(month)
    for label in list(cut)[-1:]:
        stops_early = month <= last_month if by == "total" else periods.label(month, by) == label
        cut[label] = cut[label] or stops_early
    return cut


@dataclass(frozen=True)
class Merged:
    """Hidden periods of one length, in order, and the number of all of them together."""

    periods: tuple[str, ...]
    number: int


@dataclass(frozen=True)
class Cell:
    """One row of a result. A hidden cell has a reason in `hidden` and no number at all."""

    period: str | None
    category: str
    second_category: str | None = None
    people: int | None = None
    value: float | None = None
    low: float | None = Limit()
    high: float | None = Limit()
    numerator: int | None = None
    denominator: int | None = None
    events: int | None = None
    gross: float | None = None
    hidden: str | None = None
    is_partial: bool = False
    too_few: str = (
        ""  # the counts in words, if they are too few for a rate: see leadstats.counting.reliability
    )
    bound: str = ""  # "or less" or "or more", for a public percentage near 0 or 100
    merged: Merged | None = None  # of a hidden period of a release: with which others its number is known

    @property
    def has_limits(self) -> bool:
        """Whether it has limits, without working them out: a bootstrap is only run when they are asked for."""
        return vars(self)["low"] is not None

    @property
    def is_protected(self) -> bool:
        """Whether it is hidden to protect people; what was not recorded is not a secret."""
        return self.hidden not in (None, NOT_RECORDED)


@dataclass(frozen=True)
class Published:
    """Numbers that may be shown, cached, logged, downloaded and printed."""

    metric: Metric
    filters: Filters
    cells: tuple[Cell, ...]
    data_through: date | None
    missing: tuple[str, ...] = ()  # tables, columns and settings without which no cell has a number
    not_recorded: tuple[str, ...] = ()  # the same, plus those without which some periods have none
    counts_from: date | None = (
        None  # the day from which the exports cover enough, if that is later than what was asked for
    )

    @property
    def only(self) -> Cell | None:
        """The cell of a result that has just one; else None."""
        return self.cells[0] if len(self.cells) == 1 else None


def default_filters(as_of: date, by: str = "month") -> Filters:
    """The last 12 complete months."""
    last = periods.last_complete(as_of)
    return Filters(periods.months_before(last, 11), last, by)


def check(metric: Metric, filters: Filters, categories: Mapping[str, tuple[str, ...]]) -> None:
    """Refuses filters that the metric or the data do not know, naming the nearest match.

    categories: what each breakdown is known to have. Raises FilterError.
    """
    if isinstance(metric, UnreadableMetric):
        return
    for breakdown in filter(None, (filters.breakdown, filters.second_breakdown)):
        require("breakdown", breakdown, tuple(BREAKDOWNS))
        require(f"breakdown of {metric.name}", breakdown, metric.breakdowns)
    require("period", filters.by, periods.VIEWED)
    for kind, values in (("place", filters.places), ("pathway", filters.pathways)):
        if values and kind not in metric.filters:
            raise FilterError(f"{metric.name} cannot be filtered by {kind}: its records carry none")
    for pathway in filters.pathways:
        require("pathway", pathway, PATHWAYS)
    for place in filters.places:
        require("place", place, categories.get("neighborhood", ()))
    if filters.last_month < filters.first_month:
        raise FilterError("the last month lies before the first")


def require(what: str, value: str, known: tuple[str, ...]) -> None:
    """Raises FilterError for a value that is not known, naming the nearest that is."""
    if value in known:
        return
    nearest = difflib.get_close_matches(value, known, 1, cutoff=0.0)
    hint = f"; did you mean {nearest[0]!r}?" if nearest else "; there are none"
    raise FilterError(f"unknown {what} {value!r}{hint}")
