"""explore"""

from leadstats import ui

view = ui.open_page("explore")
ui.opening(view, "explore", "A first sentence.")
