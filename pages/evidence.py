"""Evidence: what is known from elsewhere?"""

from leadstats import ui

view = ui.open_page("evidence")
ui.evidence(view)
