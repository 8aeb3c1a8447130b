"""Import: how do our own exports get in?"""

from leadstats import ui


@ui.inbox_page("import")
def draw(inbox_store):
    ui.take_in(inbox_store)
    ui.recognize(inbox_store)
    ui.check_and_build(inbox_store)
