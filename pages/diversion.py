"""diversion"""

from leadstats import ui

view = ui.open_page("diversion")
