"""Evidence: what is known from elsewhere?"""

from leadstats import ui

view = ui.open_page("evidence", chance="50")
ui.evidence(view)
