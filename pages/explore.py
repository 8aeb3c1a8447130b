"""Explore: any number, by any group."""

from leadstats import ui

view = ui.open_page("explore", metric="", breakdown="", second="", by="total")
ui.section("Your view")
ui.explorer(view)
