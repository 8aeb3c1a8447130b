"""Meetings: what was decided, and what became of it?"""

from leadstats import ui


@ui.page("meetings")
def draw(view):
    ui.open_decisions(view)
    ui.objections(view)
    ui.begin_meeting(view)
    ui.past_meetings(view)
