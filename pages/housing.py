"""housing"""

from leadstats import ui

view = ui.open_page("housing")
ui.opening(view, "housing", "A first sentence.")
