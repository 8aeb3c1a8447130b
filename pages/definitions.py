"""definitions"""

from leadstats import ui

view = ui.open_page("definitions")
ui.opening(view, "definitions", "A first sentence.")
