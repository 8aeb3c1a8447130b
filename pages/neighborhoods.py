"""neighborhoods"""

from leadstats import ui

view = ui.open_page("neighborhoods")
ui.opening(view, "neighborhoods", "A first sentence.")
