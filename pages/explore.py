"""Explore: any number, by any group."""

from leadstats import ui


@ui.page("explore", ui.explorer_choices, metric="", breakdown="", second="", by="total")
def draw(view):
    ui.section("Your view")
    ui.explorer(view)
