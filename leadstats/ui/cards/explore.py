"""The explorer: any metric, any of its breakdowns, over any kind of period."""

from collections.abc import Mapping

import streamlit as st

from leadstats.briefing import View
from leadstats.briefing.explore import explored
from leadstats.counting.database import Database
from leadstats.model.language import message, say
from leadstats.model.metrics import translated
from leadstats.model.schema import BREAKDOWNS
from leadstats.ui.cards.card import card
from leadstats.ui.shell import filters

PERIODS = {
    "total": message("All months together"),
    "month": message("Month by month"),
    "quarter": message("Quarter by quarter"),
    "year": message("Year by year"),
}


def choices(database: Database) -> Mapping[str, str]:
    """Which number, by which of its groups, over which periods."""
    titles = {name: translated(metric).title for name, metric in database.metrics.items()}
    if not titles:
        return {}  # a release without any number
    titles = dict(sorted(titles.items(), key=lambda each: each[1]))
    usual = database.metric("people_referred").name
    default = usual if usual in titles else next(iter(titles))
    with st.container(key="explorer"):
        metric = filters.one_of("explore", "metric", say("Number"), titles, default)
        offered = {name: say(BREAKDOWNS[name]) for name in database.metrics[metric].breakdowns}
        groups = {"": say("Everyone"), **offered}
        breakdown = filters.one_of("explore", "breakdown", say("Broken down by"), groups, "")
        further = {name: label for name, label in offered.items() if breakdown and name != breakdown}
        filters.one_of("explore", "second", say("And by"), {"": say("Nothing else"), **further}, "")
        by = {name: say(words) for name, words in PERIODS.items()}
        filters.one_of("explore", "by", say("Periods"), by, "total")
    return {"metric": default}


def explorer(view: View) -> None:
    if not view.database.metrics:
        return
    metric, breakdown, second, by = (
        filters.own_choice("explore", name) for name in ("metric", "breakdown", "second", "by")
    )
    card(view, explored(view, metric, by, breakdown or None, second or None))
