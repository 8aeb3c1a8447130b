"""What one reader looks at, and the months of each number in it: the one place that chooses months."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from leadstats.analysis import equity
from leadstats.analysis.equity import REFERENCE, EquityTable
from leadstats.counting import reliability
from leadstats.counting.catalog import load_catalog
from leadstats.counting.coverage import coverage
from leadstats.counting.database import Database
from leadstats.counting.measure import Ask, measure
from leadstats.counting.view import NOT_RELEASED, Filters, Published, default_filters, require
from leadstats.model import periods
from leadstats.model.metrics import STAGES, Metric, translated
from leadstats.model.settings import Goal
from leadstats.narrative import captions, wording

# What an overview leads with: all pages begin with the months that the exports behind it cover. Another source that
# ends earlier holds nothing back; a number that needs it says so.
HEADLINE = ("people_referred", "people_enrolled", "arrests_diverted")
# Among the exports behind it, one that lags by more than this does not hold back the months of the others.
LAGGARD = timedelta(days=92)
# A line shows at least so many months up to the last one chosen, as far as the data go.
SHOWN_MONTHS = {"month": 24, "quarter": 36, "year": 60}
ALL_MONTHS = 1200
POOLED_MONTHS = 36  # the longest for which policies can be taken to hold
LONGER_SPANS = (24, POOLED_MONTHS)  # of a stage whose groups are too small in the months chosen


def reach(database: Database) -> date:
    """The day that the sources of the headline all reach, without a laggard; today when nothing is dated."""
    if database.is_public:
        # Each number has the months that are published of it.
        return max(database.reach.values(), default=date.today())
    sources = {source for name in HEADLINE for source in database.metric(name).sources}
    days = [day for source, day in database.reach.items() if source in sources] or [*database.reach.values()]
    latest = max(days, default=date.today())
    return min((day for day in days if latest - day <= LAGGARD), default=latest)


def default_months(database: Database, metric: Metric | None = None) -> Filters:
    """The last twelve complete months of the sources in question: those of the headline, or those of one metric
    that is asked for alone. A release has months of its own."""
    if metric is None:
        return database.standard() or default_filters(reach(database))
    return default_filters(coverage(database, metric).through or date.today())


@dataclass(frozen=True)
class View:
    """One snapshot or release as one audience may see it, over some months, places and pathways.

    Whoever asks through equal views gets equal numbers, over equal months, wherever they stand.
    ask: how a number is got; where many ask the same, a cache may stand before the door.
    reference: the group that others are compared with, in whatever is said of groups. goals: those that meetings have
    set, beside those of the database.
    """

    database: Database
    audience: str
    filters: Filters
    ask: Ask = measure
    reference: str = REFERENCE
    goals: tuple[Goal, ...] = ()

    def answer(self, metric: str, **changes: Any) -> Published:
        """Exactly what is asked for: the view's filters, changed as told.

        Raises FilterError for what the metric or the data do not know.
        """
        found = self.ask(
            self.database, self.database.metric(metric), replace(self.filters, **changes), self.audience
        )
        return _translated(found)

    def metric(self, name: str) -> Metric:
        """What a number is, in the words of whoever reads."""
        return translated(self.database.metric(name))

    def published(self, metric: str, **changes: Any) -> Published:
        """The same for readers: without filters that the metric does not have, and with counts alone
        where a rate would be noise."""
        changes |= _left_out(self.database.metric(metric))
        return reliability.readable(self.answer(metric, **changes), self.audience)

    def figure(self, metric: str, **changes: Any) -> Published:
        """One number over the metric's own months."""
        return self.figures(metric, **changes)[0]

    def figures(self, *metrics: str, **changes: Any) -> list[Published]:
        """One number of each metric, all over the same months: see `own_months`."""
        months = self.own_months(*metrics)
        ends = {"first_month": months.first_month, "last_month": months.last_month}
        return [self.published(metric, **{**ends, "by": "total", **changes}) for metric in metrics]

    def own_months(self, *metrics: str) -> Filters:
        """As many months as are chosen, moved back until everybody in them has been followed for as long
        as each of the metrics needs."""
        if self.database.is_public:
            return self.filters  # a period is released when its people have been followed
        known = [self.database.metric(metric) for metric in metrics]
        days = max(metric.horizon_days or 0 for metric in known)
        reached = min(
            filter(None, (coverage(self.database, metric).through for metric in known)), default=None
        )
        months = self.filters
        while days and reached and months.next_day + timedelta(days=days) > reached:
            months = months.shifted(1)
        return months

    def is_moved(self, found: Published | EquityTable) -> bool:
        """Whether a number is not of the chosen months, so that its own have to be said."""
        months = found.filters
        return (months.first_month, months.last_month) != (self.filters.first_month, self.filters.last_month)

    def moved(self, published: Published) -> str:
        """A sentence where a number is not of the chosen months; else nothing."""
        if not self.is_moved(published):
            return ""
        return (
            captions.nearest(published.filters)
            if self.database.is_public
            else captions.moved(published.filters)
        )

    def dated(self, said: str, published: Published) -> str:
        """A first sentence, with the months of its number where they are not the chosen ones."""
        when = wording.period(None, published.filters)
        return f"{said} ({when})" if self.is_moved(published) and when not in said else said

    def equity(self, stage: str, **changes: Any) -> EquityTable:
        """Groups at one stage over its own months, against the view's reference group: the chosen ones; where groups
        with more than a tenth of the people would be hidden, the last 24 up to there, else the last 36. Which it
        is follows from what may be shown alone, so it tells nothing more.

        Raises FilterError for an unknown stage or reference.
        """
        require("stage", stage, STAGES)
        if stage not in self.database.stages:
            metric = translated(load_catalog().of_stage(stage))
            return EquityTable(stage, metric, self.reference, self.filters, (), None, None, {}, NOT_RELEASED)
        metric = self.database.stages[stage]
        months = replace(self, filters=replace(self.filters, **changes)).own_months(metric.name)
        own = replace(self, filters=replace(months, **_left_out(metric)))
        found = own.compared(stage)
        if self.database.is_public or changes:
            return found  # a release has periods of its own, and who names months gets them
        for span in LONGER_SPANS:
            first = max(periods.months_before(months.next_day, span), self.begun(metric.name))
            if not found.is_answered and first < months.first_month:
                longer = replace(own, filters=replace(own.filters, first_month=first))
                found = replace(longer.compared(stage), is_pooled=True)
        return found

    def compared(self, stage: str) -> EquityTable:
        """Groups at one stage, over the view's months exactly."""
        return _translated(
            equity.equity(self.database, stage, self.filters, self.audience, self.reference, self.ask)
        )

    @property
    def pooled_since(self) -> date:
        """From when to count what the chosen months hold too little of."""
        return periods.months_before(self.filters.next_day, POOLED_MONTHS)

    def past(self, metrics: tuple[str, ...], by: str) -> date:
        """The first month of a line of such periods: without a past, it would say nothing."""
        return periods.start(self.window(metrics, SHOWN_MONTHS.get(by, ALL_MONTHS)), by)

    def begun(self, metric: str) -> date:
        """The first month that all sources of a metric hold."""
        return self.window((metric,), ALL_MONTHS)

    def window(self, metrics: tuple[str, ...], months: int) -> date:
        """The first month to show so that at least so many lead up to the last one chosen, as far as
        all sources of the metrics go back."""
        starts = self.database.first_days
        sources = {source for metric in metrics for source in self.database.metric(metric).sources}
        begun = max(
            [
                *(starts[source] for source in sources if source in starts),
                *(day for metric in metrics if (day := self._diverts_since(metric))),
            ],
            default=self.filters.first_month,
        )
        return min(
            self.filters.first_month,
            max(periods.months_before(self.filters.next_day, months), begun.replace(day=1)),
        )

    def _diverts_since(self, metric: str) -> date | None:
        """The first day on which somebody could be diverted, of a metric that asks whether one was: nobody before it
        is no rate that fell short, and no level that is usual."""
        if not any("arrest.is_diverted" in need for need in self.database.metric(metric).needed):
            return None
        before = self.database.site.baseline.last
        return before + timedelta(days=1) if before else self.database.first_days.get("referral")


def _translated(found: Any) -> Any:
    """What is kept of numbers is kept for all readers, so it is put in words only here."""
    metric = translated(found.metric)
    return found if metric is found.metric else replace(found, metric=metric)


def _left_out(metric: Metric) -> dict[str, tuple[()]]:
    """The filters of a view that a metric's records do not carry."""
    return {f"{kind}s": () for kind in ("place", "pathway") if kind not in metric.filters}
