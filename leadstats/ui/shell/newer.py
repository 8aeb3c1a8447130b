"""What newer data say otherwise than the snapshot that a link keeps: above its page, and of all figures at its end."""

from collections.abc import Callable, Iterable
from dataclasses import replace

import streamlit as st

from leadstats.analysis.equity import EquityTable
from leadstats.briefing import View
from leadstats.briefing.answer import Answer
from leadstats.briefing.since import as_table, differences
from leadstats.counting.view import Published
from leadstats.model.language import say
from leadstats.narrative import wording
from leadstats.ui.shell import address, session
from leadstats.ui.shell.markup import Markup, details, items, link, table, tag, text

NEWER, SHOWN = "newer", "shown"  # the view of the page and the newest one; what its figures rest on
MOST_DIFFERENCES = 6  # above a page; all of them stand at its end


def forget() -> None:
    """Nothing of the page drawn before counts for the next."""
    for kept in (NEWER, SHOWN):
        st.session_state.pop(kept, None)


def sentence(view: View) -> str:
    """That there are newer data than those of the link that is open; nothing where there are none."""
    newest = session.opened(view.audience).database
    if view.database is newest:
        return ""
    return say(
        "You are looking at snapshot {mark}, published {day}. Newer data were published {day2}, as "
        "snapshot {mark2}.",
        mark=view.database.mark,
        day=wording.day(view.database.site.published_on),
        day2=wording.day(newest.site.published_on),
        mark2=newest.mark,
    )


def above(view: View, name: str, answer: Answer) -> Markup:
    """The sentence, a link to the newest data, and what differs in them of the page's answer."""
    found = session.opened(view.audience)
    newest = replace(view, database=found.database, ask=found.ask)
    st.session_state[NEWER] = view, newest
    show = link(say("Show the newest data"), address.of(view, name, snapshot=""))
    told = tag("p", text(sentence(view)), " ", show, class_="kept")
    if not answer.results:
        return told
    differ = [each.sentence for each in differences(answer.results, view, newest)]
    if not differ:
        return told + tag("p", text(say("Of the numbers behind this page's answer, none differs in them.")))
    left = len(differ) - MOST_DIFFERENCES
    more = [say("{count} more, at the end of the page", count=left)] if left > 0 else []
    first = items([*differ[:MOST_DIFFERENCES], *more])
    return told + details(say("What differs in them for what is shown here"), first, is_open=True)


def rests_on(results: Iterable[Published | EquityTable]) -> None:
    """What a figure of the page rests on, to be held against newer data where there are some."""
    if NEWER in st.session_state:
        st.session_state.setdefault(SHOWN, []).extend(results)


def of_all_figures() -> tuple[View, Callable[[], Markup]] | None:
    """The page's view, and what works out how each of its figures differs; None where nothing is newer or shown."""
    if NEWER not in st.session_state:
        return None
    (view, newest), shown = st.session_state.pop(NEWER), st.session_state.pop(SHOWN, [])

    def told() -> Markup:
        found = differences(shown, view, newest)
        if not found:
            return tag("p", text(say("Of the numbers on this page, none differs in the newest data.")))
        differ = as_table(found)
        return table(differ.caption, differ.head, differ.rows, differ.labels)

    return (view, told) if shown else None
