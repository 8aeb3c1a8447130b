"""The choice of whom groups are compared with."""

import streamlit as st

from leadstats.analysis.equity import REFERENCE, references
from leadstats.briefing import View
from leadstats.model.language import say
from leadstats.narrative import wording
from leadstats.ui.shell import filters, sheet


def reference(view: View) -> None:
    """The group that the others are compared with; no group is the norm, so it can be changed."""
    named = {group: wording.category(group, "race") for group in references(view.database)}
    if view.reference not in named:
        return  # a release without any number by race
    with sheet.among_widgets(), st.container(key="reference", width=420):
        filters.one_of("equity", "reference", say("Compare each group with"), named, REFERENCE)
