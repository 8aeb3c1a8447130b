"""Evidence: what is known from elsewhere?"""

from leadstats import ui


@ui.page("evidence", chance="50")
def draw(view):
    ui.evidence(view)
