"""Where a reader says that a number is wrong: beside its method, with all that tells which number it was."""

from datetime import date
from urllib.parse import urlencode

import streamlit as st

from leadstats.analysis.equity import EquityTable
from leadstats.briefing import View
from leadstats.counting.view import Published
from leadstats.meetings import Meetings, Objection
from leadstats.model.language import message, say
from leadstats.model.metrics import Metric
from leadstats.narrative import captions, wording
from leadstats.ui.shell import address, filters, locations, sheet
from leadstats.ui.shell.frame import block
from leadstats.ui.shell.markup import items, tag, text

ASKED = message("Is this wrong?")
TO_PARTNERS = (
    "What you write is kept beside the data for all who may open these pages: name no person, and no number that others may "
    "not see."
)
TO_PUBLISHER = message(
    'Send these lines, and what is wrong, to the address under "Who answers for this" at the end of this page.'
)
RAISE = "Keep the objection"


def where(view: View, published: Published | EquityTable) -> str:
    """The address at which to object to a number under the filters that it has."""
    return address.of(view, "definitions", published.filters, metric=published.metric.name, wrong="yes")


def object_to(view: View, metric: Metric) -> None:
    """A fold with lines to be copied and, for partners, a field for what is wrong and what others have said."""
    about = captions.identified(view.published(metric.name, by="total"), view.database.mark)
    is_asked = bool(filters.own_choice("definitions", "wrong"))
    with sheet.among_widgets(), st.expander(say(ASKED), expanded=is_asked):
        block(tag("p", text(say(TO_PUBLISHER) if view.database.is_public else TO_PARTNERS)))
        st.code("\n".join(about), language=None, wrap_lines=True)
        if not view.database.is_public:
            store = Meetings(locations.data_folder())
            _form(view, metric, about, store)
            block(items(map(_told, store.objections(metric.name))))


def _form(view: View, metric: Metric, about: tuple[str, ...], store: Meetings) -> None:
    with st.form("object", border=False, clear_on_submit=True):
        words = st.text_area("What is wrong, and how do you know?")
        who = st.text_input("Who says so, by role")
        if st.form_submit_button(RAISE) and words.strip():
            shown_by = urlencode({"metric": metric.name, **address.parameters(view)}, doseq=True)
            store.object(metric.name, about, shown_by, words.strip(), who.strip(), date.today())
            st.rerun()


def _told(objection: Objection) -> str:
    answer = "not answered yet"
    if objection.outcome:
        answer = f"{wording.day(objection.settled_on)}: {objection.outcome}"
    return f"{wording.day(objection.raised_on)}, {objection.who}: {objection.words} ({answer})"
