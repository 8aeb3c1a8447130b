"""diversion"""

from leadstats import ui

view = ui.open_page("diversion")
ui.opening(view, "diversion", "A first sentence.")
