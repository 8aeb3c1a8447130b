"""Jail beds: what did diversion spare the jail?"""

from leadstats import ui


@ui.page("jail_beds")
def draw(view):
    ui.figures(
        view,
        "jail_nights_avoided",
        "jail_beds_avoided",
        "jail_average_daily_population",
        "jail_bookings",
    )
    ui.section("Nights avoided by diversion, a calculation")
    ui.choices(view)
    ui.costs(view)
    ui.section(
        "People referred to LEAD, before and after, a count",
        "This and the nights avoided answer two questions, and hold some of the same nights: never add them.",
    )
    ui.before_and_after(view)
    ui.folded(view, "Nights avoided by charge, and what they depend on", ui.by_charge)
    ui.folded(
        view,
        "The same people's bookings, their nights month by month, and busy years",
        ui.closer,
        ui.busy_years,
    )
    ui.folded(
        view,
        "People referred and people not diverted",
        ui.against_others,
        sentence="Would nights have fallen anyway? People who were arrested and not diverted, over the same span.",
    )
    ui.folded(view, "The whole jail", ui.whole_jail)
    ui.folded(view, "Do bookings and length of stay agree with the people inside?", ui.flow_check)
