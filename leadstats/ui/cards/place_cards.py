"""The choices of the page about places: what is shown, and which two are compared."""

import streamlit as st

from leadstats.briefing import View, places
from leadstats.briefing.contrast import ALL_OTHERS, BEFORE, contrast, offered
from leadstats.model.language import message, say
from leadstats.ui.cards.card import card
from leadstats.ui.shell import filters, sheet
from leadstats.ui.shell.frame import block
from leadstats.ui.shell.markup import tag, text

NO_SHARE = message(
    "Of a count nothing can be told of chance, and no rest: choose a rate above. All measures of "
    "two places stand below."
)


def place_measure(view: View) -> str:
    titles = {name: view.metric(name).title for name in places.offered(view)}
    with sheet.among_widgets(), st.container(key="measure", width=420):
        return filters.one_of("neighborhoods", "metric", say("Show on the map"), titles, next(iter(titles)))


def contrasted(view: View, measure: str) -> None:
    """A place held against another, all others, or its own past; below, all measures of two places."""
    known = places.known(view)
    if len(known) < 2:
        block(tag("p", text(say("The data hold fewer than two places to compare."))))
        return
    named = {name: name for name in known}
    first, second, *_ = known
    with sheet.among_widgets():
        left, right = st.columns(2)
    with left:
        one = filters.one_of("neighborhoods", "first", say("Compare"), named, first)
    with right:
        others = {each: say(each) for each in (ALL_OTHERS, BEFORE)} | named
        other = filters.one_of("neighborhoods", "second", say("with"), others, second)
    if measure in offered(view):
        card(view, contrast(view, measure, one, other))
    else:
        block(tag("p", text(say(NO_SHARE))))
    if other in named:
        card(view, places.two_places(view, one, other))
