"""enrollment"""

from leadstats import ui

view = ui.open_page("enrollment")
