"""Answers by place: what a map offers, and two places side by side."""

from leadstats import charts
from leadstats.briefing.answer import Answer, of_results
from leadstats.briefing.by_group import ordered
from leadstats.briefing.view import View
from leadstats.counting.view import Published
from leadstats.model.schema import OUTSIDE, UNKNOWN
from leadstats.narrative import wording
from leadstats.narrative.wording import TextTable

OFFERED = (
    "people_referred",
    "people_enrolled",
    "active_caseload",
    "intake_within_30_days",
    "eligible_arrests",
    "arrests_diverted",
    "diversion_rate",
    "jail_nights_avoided",
    "people_placed_in_permanent_housing",
    "arrests_per_1000_residents",
)


def offered(view: View) -> list[str]:
    """The metrics by place: those of a release as far as it has them by place."""
    known = {name: view.database.metric(name) for name in OFFERED}
    return [
        name
        for name, metric in known.items()
        if metric.name in view.database.metrics and "neighborhood" in metric.breakdowns
    ] or [OFFERED[0]]


def by_place(view: View, metric: str) -> Answer:
    """One measure by place, as bars or dots."""
    published = ordered(view.figure(metric, breakdown="neighborhood"))
    return of_results([published], charts.by_category(published))


def known(view: View) -> list[str]:
    """The places that can be compared, the two with most people referred first."""
    places = [name for name in view.database.categories["neighborhood"] if name not in (UNKNOWN, OUTSIDE)]
    largest = ordered(view.published(OFFERED[0], by="total", breakdown="neighborhood"))
    first = [cell.category for cell in largest.cells if cell.category in places][:2]
    return [*first, *(place for place in places if place not in first)]


def two_places(view: View, one: str, other: str) -> Answer:
    """The same numbers for two places, side by side."""
    found = [view.figure(name, breakdown="neighborhood") for name in offered(view)]
    rows = [
        (_title(view, published), *(_number(published, place) for place in (one, other)))
        for published in found
        if not published.missing
    ]
    caption = f"{one} and {other}, {wording.span(view.filters.first_month, view.filters.last_month)}"
    return Answer("two-places", table=TextTable(caption, ("Measure", one, other), rows), is_open=True)


def _title(view: View, published: Published) -> str:
    months = f", {wording.period(None, published.filters)}" if view.is_moved(published) else ""
    return f"{published.metric.title}{months}"


def _number(published: Published, place: str) -> str:
    cell = next((cell for cell in published.cells if cell.category == place), None)
    if cell is None:
        return wording.NOTHING
    reach = wording.interval(published.metric, cell)
    return wording.with_unit(published.metric, cell) + (f" ({reach})" if reach else "")
