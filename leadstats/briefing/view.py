"""What one reader looks at, and the months of each number in it. No other module chooses months."""

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

# What the overview leads with. All pages start with the months that the exports behind these numbers cover. Another
# source that ends earlier does not hold them back; a number that needs it says so.
HEADLINE = ("people_referred", "people_enrolled", "arrests_diverted")
# Among those exports, one that lags by more than this does not hold back the others either.
LAGGARD = timedelta(days=92)
# A line shows at least this many months, ending with the last one chosen, as far as the data go back.
SHOWN_MONTHS = {"month": 24, "quarter": 36, "year": 60}
ALL_MONTHS = 1200
POOLED_MONTHS = 36  # the longest span over which policies can be assumed to hold
LONGER_SPANS = (24, POOLED_MONTHS)  # for a stage whose groups are too small in the months chosen


def reach(database: Database) -> date:
    """The day that all sources of the headline reach, except any that lag far behind; today if nothing has a date."""
    if database.is_public:
        # Each number has the months published for it.
        return max(database.reach.values(), default=date.today())
    sources = {source for name in HEADLINE for source in database.metric(name).sources}
    days = [day for source, day in database.reach.items() if source in sources] or [*database.reach.values()]
    latest = max(days, default=date.today())
    return min((day for day in days if latest - day <= LAGGARD), default=latest)


def default_months(database: Database, metric: Metric | None = None) -> Filters:
    """The last twelve complete months of the sources of the headline, or of one metric that is asked for by itself.
    A release has months of its own."""
    if metric is None:
        return database.standard() or default_filters(reach(database))
    return default_filters(coverage(database, metric).through or date.today())


@dataclass(frozen=True)
class View:
    """One snapshot or release as one audience may see it, over some months, places and pathways.

    Equal views give equal numbers, over equal months, wherever they are shown.
    ask: how to get a number; if many readers ask for the same, a cache may be put in front of the door.
    reference: the group that others are compared with, in everything said about groups. goals: those set by meetings,
    in addition to those of the database.
    """

    database: Database
    audience: str
    filters: Filters
    ask: Ask = measure
    reference: str = REFERENCE
    goals: tuple[Goal, ...] = ()

    def answer(self, metric: str, **changes: Any) -> Published:
        """Exactly what is asked for: the view's filters, with these changes.

        Raises FilterError for a filter that the metric or the data do not know.
        """
        found = self.ask(
            self.database, self.database.metric(metric), replace(self.filters, **changes), self.audience
        )
        return _translated(found)

    def metric(self, name: str) -> Metric:
        """What a number is, in the reader's language."""
        return translated(self.database.metric(name))

    def published(self, metric: str, **changes: Any) -> Published:
        """The same for readers: without filters that the metric does not have, and with counts alone where a rate
        would be noise."""
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
        """As many months as were chosen, moved back until everybody in them has been followed for as long as each of
        the metrics needs."""
        if self.database.is_public:
            return self.filters  # a period is only released once its people have been followed
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
        """Whether a number is for other months than the chosen ones, so that they have to be stated."""
        months = found.filters
        return (months.first_month, months.last_month) != (self.filters.first_month, self.filters.last_month)

    def moved(self, published: Published) -> str:
        """A sentence if a number is for other months than the chosen ones; else nothing."""
        if not self.is_moved(published):
            return ""
        return (
            captions.nearest(published.filters)
            if self.database.is_public
            else captions.moved(published.filters)
        )

    def dated(self, said: str, published: Published) -> str:
        """A first sentence, with the months of its number if they are not the chosen ones."""
        when = wording.period(None, published.filters)
        return f"{said} ({when})" if self.is_moved(published) and when not in said else said

    def equity(self, stage: str, **changes: Any) -> EquityTable:
        """Groups at one stage against the view's reference group, over the stage's own months: as many as were chosen,
        or, if groups with more than a tenth of the people would be hidden, the last 24 or 36 up to the same end. Only
        numbers that may be shown decide which, so it gives nothing away.

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
            return found  # a release has periods of its own, and months that are asked for stay as they are
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
        """The first month to count from when the chosen months hold too little."""
        return periods.months_before(self.filters.next_day, POOLED_MONTHS)

    def past(self, metrics: tuple[str, ...], by: str) -> date:
        """The first month of a line of such periods, early enough to show a past."""
        return periods.start(self.window(metrics, SHOWN_MONTHS.get(by, ALL_MONTHS)), by)

    def begun(self, metric: str) -> date:
        """The first month that all sources of a metric cover."""
        return self.window((metric,), ALL_MONTHS)

    def window(self, metrics: tuple[str, ...], months: int) -> date:
        """The first month to show so that at least this many lead up to the last one chosen, as far as all sources of
        the metrics go back."""
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
        """For a metric that asks whether somebody was diverted, the first day anybody could be. Earlier zeros are not
        a low rate, nor a usual level."""
        if not any("arrest.is_diverted" in need for need in self.database.metric(metric).needed):
            return None
        before = self.database.site.baseline.last
        return before + timedelta(days=1) if before else self.database.first_days.get("referral")


def _translated(found: Any) -> Any:
    """Puts the metric in words here, since cached numbers are shared by readers of all languages."""
    metric = translated(found.metric)
    return found if metric is found.metric else replace(found, metric=metric)


def _left_out(metric: Metric) -> dict[str, tuple[()]]:
    """Empties the filters of a view that a metric's records do not have."""
    return {f"{kind}s": () for kind in ("place", "pathway") if kind not in metric.filters}
