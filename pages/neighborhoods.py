"""Neighborhoods: where do people need LEAD, and where does it reach them?"""

from leadstats import ui


@ui.page("neighborhoods", metric="", first="", second="")
def draw(view):
    ui.section("By place")
    measure = ui.place_measure(view)
    ui.by_place(view, measure)
    ui.section("What chance does not explain")
    ui.spread(view, "diversion_rate")
    ui.folded(view, "Place by place over time", lambda view: ui.multiples(view, measure, "neighborhood"))
    ui.folded(view, "Side by side", lambda view: ui.contrasted(view, measure))
