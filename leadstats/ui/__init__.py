"""What a page may say; with leadstats.router the only part that knows Streamlit."""

from leadstats.ui.charted import flow, groups, lines, measures, multiples, spread, trend
from leadstats.ui.contrasts import (
    against_others,
    arrested_again,
    before_and_after,
    caseload,
    closer,
    costs,
    flow_check,
    regression,
    then_and_now,
    tornado,
)
from leadstats.ui.contrasts import stages as referral_stages
from leadstats.ui.doubts import fewer_arrests, net_widening
from leadstats.ui.equity import chain, reference, stages
from leadstats.ui.evidence import evidence
from leadstats.ui.explained import definitions
from leadstats.ui.explore import explorer
from leadstats.ui.figures import figures
from leadstats.ui.frame import folded, open_desk, open_page, section
from leadstats.ui.importing import check_and_build, recognise, take_in
from leadstats.ui.places import by_place, place_measure, two_places
from leadstats.ui.quality import trust
from leadstats.ui.release import released
from leadstats.ui.track import changes, goals
from leadstats.ui.yardsticks import benchmarks, mixes, races

__all__ = [
    "against_others",
    "arrested_again",
    "before_and_after",
    "benchmarks",
    "by_place",
    "caseload",
    "chain",
    "changes",
    "closer",
    "check_and_build",
    "costs",
    "definitions",
    "evidence",
    "explorer",
    "fewer_arrests",
    "figures",
    "flow",
    "flow_check",
    "folded",
    "goals",
    "groups",
    "lines",
    "measures",
    "mixes",
    "multiples",
    "net_widening",
    "open_desk",
    "open_page",
    "place_measure",
    "races",
    "recognise",
    "reference",
    "referral_stages",
    "regression",
    "released",
    "section",
    "spread",
    "stages",
    "take_in",
    "then_and_now",
    "tornado",
    "trend",
    "trust",
    "two_places",
]
