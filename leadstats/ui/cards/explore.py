"""The explorer: any metric, any of its breakdowns, over any kind of period."""

import streamlit as st

from leadstats.briefing import View
from leadstats.briefing.explore import explored
from leadstats.model.language import message, say
from leadstats.model.schema import BREAKDOWNS
from leadstats.ui.cards.card import card
from leadstats.ui.shell import filters, sheet

PERIODS = {
    "total": message("All months together"),
    "month": message("Month by month"),
    "quarter": message("Quarter by quarter"),
    "year": message("Year by year"),
}


def explorer(view: View) -> None:
    metrics = view.database.metrics
    if not metrics:
        return  # a release without any number
    with sheet.among_widgets():
        columns = st.columns((2, 1.4, 1.4, 1.2))
    with columns[0]:
        titles = {
            name: view.metric(name).title
            for name in sorted(metrics, key=lambda name: view.metric(name).title)
        }
        usual = view.database.metric("people_referred").name
        default = usual if usual in titles else next(iter(titles))
        metric = filters.one_of("explore", "metric", say("Number"), titles, default)
    offered = {"": say("Everyone"), **{name: say(BREAKDOWNS[name]) for name in metrics[metric].breakdowns}}
    with columns[1]:
        breakdown = filters.one_of("explore", "breakdown", say("Broken down by"), offered, "")
    further = {name: label for name, label in offered.items() if breakdown and name not in ("", breakdown)}
    with columns[2]:
        second = filters.one_of("explore", "second", say("And by"), {"": say("Nothing else"), **further}, "")
    with columns[3]:
        by = filters.one_of(
            "explore", "by", say("Periods"), {name: say(words) for name, words in PERIODS.items()}, "total"
        )
    card(view, explored(view, metric, by, breakdown or None, second or None))
