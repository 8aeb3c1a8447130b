"""equity"""

from leadstats import ui

view = ui.open_page("equity")
ui.opening(view, "equity", "A first sentence.")
