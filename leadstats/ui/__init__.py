"""What a page may say; the only part that knows Streamlit."""

from leadstats.briefing import before_after as contrasts
from leadstats.briefing import by_group, casework, diversion_checks, over_time, places, yardsticks
from leadstats.briefing import equity as way
from leadstats.briefing import goals as track
from leadstats.ui.cards.card import shows
from leadstats.ui.cards.definitions_page import definitions
from leadstats.ui.cards.evidence import evidence
from leadstats.ui.cards.explore import choices as explorer_choices
from leadstats.ui.cards.explore import explorer
from leadstats.ui.cards.key_figures import figures
from leadstats.ui.cards.meetings import begin_meeting, objections, open_decisions, past_meetings
from leadstats.ui.cards.place_cards import contrasted, place_measure
from leadstats.ui.cards.present import for_the_meeting
from leadstats.ui.cards.quality import trust
from leadstats.ui.cards.reference import reference
from leadstats.ui.cards.since_meeting import since_meeting
from leadstats.ui.import_page.importing import check_and_build, recognize, take_in
from leadstats.ui.import_page.settings_form import settings
from leadstats.ui.shell.frame import folded, inbox_page, page, section

against_others = shows(contrasts.against_others)
arrested_again = shows(contrasts.arrested_again)
before_and_after = shows(contrasts.before_and_after)
busy_years = shows(contrasts.busy_years)
choices = shows(contrasts.choices)
closer = shows(contrasts.closer)
costs = shows(contrasts.costs)
flow_check = shows(contrasts.flow_check)
referral_stages = shows(contrasts.referral_stages)
then_and_now = shows(contrasts.then_and_now)
by_charge = shows(contrasts.by_charge)
whole_jail = shows(contrasts.whole_jail)
by_agency = shows(by_group.by_agency)
groups = shows(by_group.groups)
measures = shows(by_group.measures)
project_exits = shows(by_group.project_exits)
spread = shows(by_group.spread)
lines = shows(over_time.lines)
multiples = shows(over_time.multiples)
by_place = shows(places.by_place)
trend = shows(over_time.trend)
benchmarks = shows(yardsticks.benchmarks)
mixes = shows(yardsticks.mixes)
per_resident = shows(yardsticks.per_resident)
races = shows(yardsticks.races)
fewer_arrests = shows(diversion_checks.fewer_arrests)
net_widening = shows(diversion_checks.net_widening)
beside_the_rate = shows(diversion_checks.beside_the_rate)
deaths = shows(casework.deaths)
legal = shows(casework.legal)
ways_in = shows(casework.ways_in)
leaving = shows(casework.leaving)
carried = shows(casework.carried)
managers = shows(casework.managers)
needs = shows(casework.needs)
not_coming_in = shows(casework.not_coming_in)
waiting = shows(casework.waiting)
chain = shows(way.chain)
stages = shows(way.stages)
changes = shows(track.changes)
goals = shows(track.goals)

__all__ = [
    "against_others",
    "arrested_again",
    "before_and_after",
    "begin_meeting",
    "benchmarks",
    "beside_the_rate",
    "busy_years",
    "by_agency",
    "by_charge",
    "by_place",
    "carried",
    "chain",
    "changes",
    "check_and_build",
    "choices",
    "closer",
    "contrasted",
    "costs",
    "deaths",
    "definitions",
    "evidence",
    "explorer",
    "explorer_choices",
    "fewer_arrests",
    "figures",
    "flow_check",
    "folded",
    "for_the_meeting",
    "goals",
    "groups",
    "inbox_page",
    "leaving",
    "legal",
    "lines",
    "managers",
    "measures",
    "mixes",
    "multiples",
    "needs",
    "net_widening",
    "not_coming_in",
    "objections",
    "open_decisions",
    "page",
    "past_meetings",
    "per_resident",
    "place_measure",
    "project_exits",
    "races",
    "recognize",
    "reference",
    "referral_stages",
    "section",
    "settings",
    "since_meeting",
    "spread",
    "stages",
    "take_in",
    "then_and_now",
    "trend",
    "trust",
    "waiting",
    "whole_jail",
    "ways_in",
]
