"""Housing: who is housed, and stays housed?"""

from leadstats import ui


@ui.page("housing")
def draw(view):
    ui.figures(
        view, "people_placed_in_permanent_housing", "exits_to_permanent_housing", "people_in_interim_housing"
    )
    ui.section("From homeless to housed")
    ui.trend(view, "people_placed_in_permanent_housing", has_limits=True)
    ui.measures(
        view,
        *(f"housed_within_{days}_days" for days in (90, 182, 365)),
        headline="Of people homeless at the start, {} were housed within 90 days, {} within half a year, {} within a year",
    )
    ui.section("Whether it lasts")
    ui.measures(
        view,
        *(f"still_housed_at_{days}_days" for days in (182, 365)),
        headline="Of people who moved in, {} still live there after half a year, {} after a year",
    )
    ui.trend(view, "people_who_lost_first_home")
    ui.folded(
        view,
        "Back to homelessness",
        lambda view: ui.measures(
            view,
            *(f"returned_to_homelessness_within_{days}_days" for days in (180, 365, 730)),
            headline="Of exits to permanent housing, {} led back to homelessness within 180 days, {} within a year, {} within two",
        ),
    )
    ui.folded(
        view, "Where people live now", ui.then_and_now, lambda v: ui.groups(v, "living_situation_since_start")
    )
    ui.folded(view, "Where people go when they leave a project", ui.project_exits)
    ui.folded(view, "Interim housing", lambda view: ui.trend(view, "people_in_interim_housing"))
