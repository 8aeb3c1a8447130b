"""Import: how do our own exports get in?"""

from leadstats import ui

desk = ui.open_desk("import")
ui.take_in(desk)
ui.recognise(desk)
ui.check_and_build(desk)
