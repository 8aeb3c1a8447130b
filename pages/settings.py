"""Settings: what is our county's own?"""

from leadstats import ui

ui.settings(ui.open_inbox("settings"))
