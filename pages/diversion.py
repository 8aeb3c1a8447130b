"""Diversion: how often is the offer made when it could be?"""

from leadstats import ui

view = ui.open_page("diversion")
ui.figures(
    view,
    "diversion_rate",
    "arrests_diverted",
    "eligible_arrests",
    "social_contact_referrals",
    "community_referrals",
)
ui.section("How often officers divert")
ui.trend(view, "diversion_rate", has_limits=True)
ui.trend(view, "arrests_diverted", has_limits=True)
ui.groups(view, "diversion_rate", "charge_class")
ui.spread(view, "diversion_rate", "neighborhood")
ui.trend(view, "diversions_completed")
ui.folded(view, "By agency and time of day", ui.by_agency)
ui.section("Does the rate mean what it seems to mean?")
ui.fewer_arrests(view)
ui.lines(view, "eligible_arrests", "arrests_diverted")
ui.net_widening(view)
ui.trend(view, "booking_rate")
ui.reconciled(view)
ui.groups(view, "off_list_diversions", "charge_class")
ui.folded(view, "The ways into LEAD, which are never added up", ui.ways_in)
ui.folded(
    view,
    "How diversions with a result ended",
    lambda view: ui.groups(view, "diversions_by_result"),
    lambda view: ui.groups(view, "diversions_graduated", "race"),
    lambda view: ui.trend(view, "median_days_to_diversion_end"),
)
ui.folded(view, "What became of charges and warrants", ui.legal)
ui.folded(view, "Arrested again", ui.arrested_again)
