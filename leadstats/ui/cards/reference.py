"""The choice of whom groups are compared with."""

import streamlit as st

from leadstats.analysis.equity import EVERYONE_ELSE
from leadstats.briefing import View
from leadstats.model.schema import UNKNOWN
from leadstats.ui.shell import filters


def reference(view: View) -> str:
    """The group that the others are compared with; no group is the norm, so it can be changed."""
    races = [race for race in view.database.categories["race"] if race != UNKNOWN]
    named = {race: race for race in (*races, EVERYONE_ELSE)}
    with st.container(key="reference", width=420):
        return filters.one_of("equity", "reference", "Compare each group with", named, "White")
