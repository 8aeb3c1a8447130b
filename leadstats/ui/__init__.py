"""What a page may say; the only part that knows Streamlit."""

from leadstats.ui.cards.before_after import (
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
from leadstats.ui.cards.before_after import stages as referral_stages
from leadstats.ui.cards.chart_cards import flow, groups, lines, measures, multiples, spread, trend
from leadstats.ui.cards.definitions_page import definitions
from leadstats.ui.cards.denominators import benchmarks, mixes, per_resident, races
from leadstats.ui.cards.diversion_checks import fewer_arrests, net_widening
from leadstats.ui.cards.equity import chain, reference, stages
from leadstats.ui.cards.evidence import evidence
from leadstats.ui.cards.explore import explorer
from leadstats.ui.cards.goals import changes, goals
from leadstats.ui.cards.key_figures import figures
from leadstats.ui.cards.place_cards import by_place, place_measure, two_places
from leadstats.ui.cards.quality import trust
from leadstats.ui.cards.release import released
from leadstats.ui.import_page.importing import check_and_build, recognise, take_in
from leadstats.ui.import_page.settings_form import settings
from leadstats.ui.shell.frame import folded, open_inbox, open_page, section

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
    "open_inbox",
    "open_page",
    "per_resident",
    "place_measure",
    "races",
    "recognise",
    "reference",
    "referral_stages",
    "regression",
    "released",
    "section",
    "settings",
    "spread",
    "stages",
    "take_in",
    "then_and_now",
    "tornado",
    "trend",
    "trust",
    "two_places",
]
