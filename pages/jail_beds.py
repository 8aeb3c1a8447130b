"""Jail beds: what did diversion spare the jail?"""

from leadstats import ui

view = ui.open_page("jail_beds")
ui.figures(
    view,
    "jail_nights_avoided",
    "jail_beds_avoided",
    "jail_average_daily_population",
    "jail_bookings",
)
ui.section("Nights avoided by diversion, a calculation")
ui.measures(
    view,
    "jail_nights_avoided",
    "jail_nights_avoided_by_bookings",
    "jail_nights_avoided_by_stays",
    headline="Nights avoided: {}; how far bookings and stays before LEAD could move it",
)
ui.groups(view, "jail_nights_avoided", "charge_class")
ui.groups(view, "jail_cost_avoided")
ui.section("People in LEAD, before and after referral, a count")
ui.measures(
    view,
    "jail_nights_before_full_years",
    "jail_nights_after_full_years",
    headline="People followed for two full years: {} before referral, {} after",
)
ui.around(view, "jail_nights_around_referral")
ui.section("The whole jail")
ui.trend(view, "jail_average_daily_population", has_limits=True)
ui.trend(view, "jail_bookings", has_limits=True)
ui.groups(view, "jail_bookings", "charge_class")
