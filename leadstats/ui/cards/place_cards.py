"""What is drawn of places alone: a map that is never the only way, and the choice of two to compare."""

import streamlit as st

from leadstats import charts
from leadstats.briefing import View, places
from leadstats.counting.view import Published
from leadstats.narrative import headlines, wording
from leadstats.ui.cards.card import card
from leadstats.ui.shell import filters
from leadstats.ui.shell.frame import block
from leadstats.ui.shell.markup import Markup, tag, text

MAP_HEIGHT = 430


def place_measure(view: View) -> str:
    titles = {name: view.database.metric(name).title for name in places.offered(view)}
    with st.container(key="measure", width=420):
        return filters.one_of("neighborhoods", "metric", "Show on the map", titles, next(iter(titles)))


def by_place(view: View, metric: str) -> None:
    """A map where the site has given boundaries, and always the same numbers as bars or dots."""
    answer = places.by_place(view, metric)
    shapes = view.database.site.boundaries
    for published in answer.results if shapes else ():
        if any(cell.value is not None for cell in published.cells):
            st.pydeck_chart(
                charts.place_map(published, shapes),
                height=MAP_HEIGHT,
                key="map",
                alt=headlines.alt(published, "Map"),
            )
            block(_legend(published))
    card(view, answer)


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
    known = places.known(view)
    if len(known) < 2:
        block(tag("p", text("The data hold fewer than two places to compare.")))
        return
    first, second, *_ = known
    # As the data have them, whichever two are compared first.
    named = {name: name for name in view.database.categories["neighborhood"] if name in known}
    left, right = st.columns(2)
    with left:
        one = filters.one_of("neighborhoods", "first", "Compare", named, first)
    with right:
        other = filters.one_of("neighborhoods", "second", "with", named, second)
    card(view, places.two_places(view, one, other))
