"""The cards of the neighborhoods page: a map that is never the only way, and two places compared."""

import streamlit as st

from leadstats import charts
from leadstats.briefing import View
from leadstats.counting.view import Published
from leadstats.model.schema import OUTSIDE, UNKNOWN
from leadstats.narrative import headlines, wording
from leadstats.ui.cards import chart_cards
from leadstats.ui.cards.card import card
from leadstats.ui.shell import filters
from leadstats.ui.shell.frame import block
from leadstats.ui.shell.markup import Markup, table, tag, text

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
MAP_HEIGHT = 430


def offered(view: View) -> list[str]:
    """The metrics by place: those of a release as far as it has them by place."""
    known = {name: view.database.metric(name) for name in OFFERED}
    return [
        name
        for name, metric in known.items()
        if metric.name in view.database.metrics and "neighborhood" in metric.breakdowns
    ] or [OFFERED[0]]


def place_measure(view: View) -> str:
    titles = {name: view.database.metric(name).title for name in offered(view)}
    with st.container(key="measure", width=420):
        return filters.one_of("neighborhoods", "metric", "Show on the map", titles, next(iter(titles)))


def by_place(view: View, metric: str) -> None:
    """A map where the site has given boundaries, and always the same numbers as bars or dots."""
    published = chart_cards.ordered(view.figure(metric, breakdown="neighborhood"))
    shapes = view.database.site.boundaries
    if shapes and any(cell.value is not None for cell in published.cells):
        st.pydeck_chart(
            charts.place_map(published, shapes),
            height=MAP_HEIGHT,
            key="map",
            alt=headlines.alt(published, "Map"),
        )
        block(_legend(published))
    card(view, [published], charts.by_category(published))


def _legend(published: Published) -> Markup:
    entries, lower = [], ""
    for bound, color in charts.legend(published.cells):
        upper = wording.amount(bound, published.metric.unit)
        entries.append(
            tag("li", _swatch(color), text(f"over {lower}, up to {upper}" if lower else f"up to {upper}"))
        )
        lower = upper
    entries.append(tag("li", _swatch(charts.NO_NUMBER), text("hidden or no number")))
    return tag("ul", *entries, class_="legend")


def _swatch(color: tuple[int, int, int]) -> Markup:
    return tag("span", class_="swatch", style=f"background:rgb{color}")


def two_places(view: View) -> None:
    """The same numbers for two places, side by side."""
    places = {
        name: name for name in view.database.categories["neighborhood"] if name not in (UNKNOWN, OUTSIDE)
    }
    if len(places) < 2:
        block(tag("p", text("The data hold fewer than two places to compare.")))
        return
    largest = chart_cards.ordered(view.published(OFFERED[0], by="total", breakdown="neighborhood"))
    first, second, *_ = [*(cell.category for cell in largest.cells if cell.category in places), *places]
    left, right = st.columns(2)
    with left:
        one = filters.one_of("neighborhoods", "first", "Compare", places, first)
    with right:
        other = filters.one_of("neighborhoods", "second", "with", places, second)
    found = [view.figure(name, breakdown="neighborhood") for name in offered(view)]
    rows = [
        (_title(view, published), *(_number(published, place) for place in (one, other)))
        for published in found
        if not published.missing
    ]
    block(
        table(
            f"{one} and {other}, {wording.span(view.filters.first_month, view.filters.last_month)}",
            ("Measure", one, other),
            rows,
        )
    )


def _title(view: View, published: Published) -> str:
    months = f", {wording.period(None, published.filters)}" if view.is_moved(published) else ""
    return f"{published.metric.title}{months}"


def _number(published: Published, place: str) -> str:
    cell = next((cell for cell in published.cells if cell.category == place), None)
    if cell is None:
        return wording.NOTHING
    reach = wording.interval(published.metric, cell)
    return wording.with_unit(published.metric, cell) + (f" ({reach})" if reach else "")
