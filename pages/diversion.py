"""Diversion: how often is the offer made when it could be?"""

from leadstats import ui


@ui.page("diversion")
def draw(view):
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
    ui.groups(view, "diversion_rate", "charge_class")
    ui.folded(view, "By agency and time of day", ui.by_agency)
    ui.section("Does the rate mean what it seems to mean?")
    ui.fewer_arrests(view)
    ui.net_widening(view)
    ui.folded(view, "Arrests, bookings and referrals beside the diversions", ui.beside_the_rate)
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
