"""What a page may say; with leadstats.router the only part that knows Streamlit."""

from leadstats.ui.charted import around, flow, groups, lines, measures, multiples, spread, trend
from leadstats.ui.equity import benchmarks, reference, stages
from leadstats.ui.figures import figures
from leadstats.ui.frame import open_page, section

__all__ = [
    "around",
    "benchmarks",
    "figures",
    "flow",
    "groups",
    "lines",
    "measures",
    "multiples",
    "open_page",
    "reference",
    "section",
    "spread",
    "stages",
    "trend",
]
