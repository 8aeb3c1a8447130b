"""Definitions: what does each number mean?"""

from leadstats import ui


@ui.page("definitions", metric="", wrong="")
def draw(view):
    ui.definitions(view)
