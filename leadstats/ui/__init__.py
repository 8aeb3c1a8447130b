"""What a page may say; with leadstats.router the only part that knows Streamlit."""

from leadstats.ui.charted import around, flow, groups, lines, measures, multiples, spread, trend
from leadstats.ui.equity import benchmarks, reference, stages
from leadstats.ui.explained import definitions, evidence
from leadstats.ui.explore import explorer
from leadstats.ui.figures import figures
from leadstats.ui.frame import open_page, section
from leadstats.ui.places import by_place, place_measure, two_places
from leadstats.ui.quality import trust
from leadstats.ui.track import changes, goals

__all__ = [
    "around",
    "benchmarks",
    "by_place",
    "changes",
    "definitions",
    "evidence",
    "explorer",
    "figures",
    "flow",
    "goals",
    "groups",
    "lines",
    "measures",
    "multiples",
    "open_page",
    "place_measure",
    "reference",
    "section",
    "spread",
    "stages",
    "trend",
    "trust",
    "two_places",
]
