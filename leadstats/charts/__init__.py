"""Turns protected numbers into figures: plain dicts in Plotly's terms, each with the words that stand in for it."""

from leadstats.charts.groups import Mark, bars, by_category, dots, marks, steps
from leadstats.charts.odds import share_fewer
from leadstats.charts.places import funnel, place_map
from leadstats.charts.series import EventMark, around, lines, sparkline, trend, with_levels
from leadstats.charts.swings import swings
from leadstats.charts.template import Chart

__all__ = [
    "Chart",
    "EventMark",
    "Mark",
    "around",
    "bars",
    "by_category",
    "dots",
    "funnel",
    "lines",
    "marks",
    "place_map",
    "share_fewer",
    "sparkline",
    "steps",
    "swings",
    "trend",
    "with_levels",
]
