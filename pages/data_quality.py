"""Data quality: how far can these numbers be trusted?"""

from leadstats import ui

view = ui.open_page("data_quality")
ui.trust(view)
