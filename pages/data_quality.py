"""data_quality"""

from leadstats import ui

view = ui.open_page("data_quality")
