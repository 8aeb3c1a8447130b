"""Definitions: what does each number mean?"""

from leadstats import ui

view = ui.open_page("definitions", metric="", wrong="")
ui.definitions(view)
