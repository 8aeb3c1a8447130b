"""Import: how do our own exports get in?"""

from leadstats import ui

store = ui.open_inbox("import")
ui.take_in(store)
ui.recognize(store)
ui.check_and_build(store)
