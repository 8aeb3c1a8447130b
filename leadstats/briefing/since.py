"""What became of the headlines since the group last met over other data than these."""

from collections.abc import Callable

from leadstats.briefing.answer import Answer
from leadstats.briefing.view import View
from leadstats.counting.changes import changes
from leadstats.counting.database import ProgramDatabase
from leadstats.counting.view import FilterError
from leadstats.meetings import Meetings
from leadstats.narrative import changes as narrative


def since_last_meeting(
    view: View, meetings: Meetings, opened: Callable[[str], ProgramDatabase]
) -> Answer | None:
    """The whole county and all pathways, whatever the view's filters: two builds are compared as they stand.
    Nothing of a release, or while no meeting has looked at other data. opened: a snapshot by its mark."""
    # A file that nobody began is not begun by looking.
    if view.database.is_public or not meetings.path.exists():
        return None
    own = meetings.day_over(view.database.mark)
    meeting = next(
        (
            each
            for each in meetings.all()
            if each.snapshot != view.database.mark and (own is None or each.day < own)
        ),
        None,
    )
    if meeting is None:
        return None
    try:
        old = opened(meeting.snapshot)
    except (FilterError, FileNotFoundError):
        return Answer("since", sentences=(narrative.not_kept(meeting.day),))
    if old.site.published_on > view.database.site.published_on:
        return None  # what is looked at is older than what the group last saw
    found = changes(old, view.database, view.audience)
    return Answer(
        "since",
        narrative.since(found, meeting.day),
        subtitle=narrative.SCOPE,
        sentences=(narrative.EXPLAINED,),
        table=narrative.table(found) if found else None,
    )
