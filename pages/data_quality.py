"""Data quality: how far can these numbers be trusted?"""

from leadstats import ui


@ui.page("data_quality")
def draw(view):
    ui.trust(view)
