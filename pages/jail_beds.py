"""jail_beds"""

from leadstats import ui

view = ui.open_page("jail_beds")
