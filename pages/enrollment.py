"""enrollment"""

from leadstats import ui

view = ui.open_page("enrollment")
ui.opening(view, "enrollment", "A first sentence.")
