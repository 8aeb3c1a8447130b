"""Answers by place: what can be mapped, and two places side by side."""

from dataclasses import replace

from leadstats import charts
from leadstats.briefing.answer import Answer, of_results
from leadstats.briefing.view import View
from leadstats.counting.view import Published
from leadstats.model.language import say
from leadstats.model.schema import OUTSIDE, UNKNOWN
from leadstats.narrative import wording
from leadstats.narrative.wording import TextTable

# Rates first: a count by place shows where people live and where police are.
OFFERED = (
    "diversion_rate",
    "referrals_per_1000_residents",
    "intake_within_30_days",
    "arrests_per_1000_residents",
    "people_referred",
    "people_enrolled",
    "active_caseload",
    "eligible_arrests",
    "arrests_diverted",
    "jail_nights_avoided",
    "people_placed_in_permanent_housing",
)
COUNTS = ("people", "arrests", "referrals")
FEWEST_ON_A_MAP = 3  # two areas in two colors say less than two numbers
COUNTED = "people_referred"  # if nothing else is known by place


def offered(view: View) -> list[str]:
    """The metrics that can be shown by place; for a release, those it has by place."""
    known = {name: view.database.metric(name) for name in OFFERED}
    return [
        name
        for name, metric in known.items()
        if metric.name in view.database.metrics and "neighborhood" in metric.breakdowns
    ] or [COUNTED]


def by_place(view: View, metric: str) -> list[Answer]:
    """One measure by place: bars or dots, and a map if the site has given boundaries; never only a map."""
    published = view.figure(metric, breakdown="neighborhood")
    answer = of_results([published], charts.by_category(published))
    # To the public, a map of counts alone would only show where people live.
    is_mapped = not view.database.is_public or published.metric.unit not in COUNTS
    shapes = view.database.site.boundaries
    name = published.metric.name
    shown = {cell.category for cell in published.cells if cell.value is not None} & shapes.keys()
    if not (is_mapped and len(shown) >= FEWEST_ON_A_MAP):
        return [replace(answer, name=f"places-{name}")]
    mapped = replace(answer, name=f"map-{name}", chart=charts.place_map(published, shapes))
    return [mapped, Answer(f"places-{name}", chart=answer.chart)]


def known(view: View) -> list[str]:
    """The places that can be compared, in the order of the data, which ranks none."""
    return [name for name in view.database.categories["neighborhood"] if name not in (UNKNOWN, OUTSIDE)]


def two_places(view: View, one: str, other: str) -> Answer:
    """The same numbers for two places, side by side."""
    found = [view.figure(name, breakdown="neighborhood") for name in offered(view)]
    rows = [
        (_title(view, published), *(_number(published, place) for place in (one, other)))
        for published in found
        if not published.missing
    ]
    caption = say(
        "{one} and {other}, {months}",
        one=one,
        other=other,
        months=wording.span(view.filters.first_month, view.filters.last_month),
    )
    return Answer("two-places", table=TextTable(caption, (say("Measure"), one, other), rows), is_open=True)


def _title(view: View, published: Published) -> str:
    months = f", {wording.period(None, published.filters)}" if view.is_moved(published) else ""
    return f"{published.metric.title}{months}"


def _number(published: Published, place: str) -> str:
    cell = next((cell for cell in published.cells if cell.category == place), None)
    if cell is None:
        return say(wording.NOTHING)
    reach = wording.interval(published.metric, cell)
    return wording.with_unit(published.metric, cell) + (f" ({reach})" if reach else "")
