"""Overview: are we on track?"""

from leadstats import ui

view = ui.open_page("overview")
ui.opening(view, "overview", "A first sentence.")
ui.trend(view, "people_referred")
ui.trend(view, "diversion_rate")
ui.by_category(view, "referrals_received", "pathway")
ui.by_category(view, "diversion_rate", "race")
