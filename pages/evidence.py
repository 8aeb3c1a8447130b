"""evidence"""

from leadstats import ui

view = ui.open_page("evidence")
ui.opening(view, "evidence", "A first sentence.")
