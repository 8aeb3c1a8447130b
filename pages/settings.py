"""Settings: what is our county's own?"""

from leadstats import ui

ui.inbox_page("settings")(ui.settings)
