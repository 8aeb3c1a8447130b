"""Overview: are we on track?"""

from leadstats import ui


@ui.page("overview")
def draw(view):
    ui.for_the_meeting(view)
    ui.figures(
        view,
        people_referred="enrollment",
        people_enrolled="enrollment",
        arrests_diverted="diversion",
        jail_nights_avoided="jail_beds",
        people_placed_in_permanent_housing="housing",
    )
    ui.section("Goals")
    ui.goals(view)
    ui.section("What changed")
    ui.since_meeting(view)
    ui.changes(
        view,
        "people_referred",
        "people_enrolled",
        "waiting_for_intake",
        "diversion_rate",
        "jail_average_daily_population",
        "people_placed_in_permanent_housing",
    )
    ui.section("How it has gone")
    ui.lines(view, "people_referred", "people_enrolled")
    ui.trend(view, "diversion_rate", has_limits=True)
