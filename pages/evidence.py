"""evidence"""

from leadstats import ui

view = ui.open_page("evidence")
