"""What became of the headlines since the group last met over other data than these."""

from leadstats.briefing import View
from leadstats.briefing.since import since
from leadstats.counting.view import FilterError
from leadstats.meetings import Meetings
from leadstats.narrative import changes as narrative
from leadstats.ui.cards.card import card
from leadstats.ui.shell import locations, session
from leadstats.ui.shell.frame import block
from leadstats.ui.shell.markup import tag, text


def since_meeting(view: View) -> None:
    """Nothing of a release, and nothing before a meeting has been held."""
    store = Meetings(locations.data_folder())
    if view.database.is_public or not store.path.exists():
        return
    meeting = next((each for each in store.all() if each.snapshot != view.database.mark), None)
    if meeting is None:
        return
    try:
        old = session.opened(view.audience, meeting.snapshot).database
    except (FilterError, FileNotFoundError):
        block(tag("p", text(narrative.not_kept(meeting.day))))
        return
    card(view, since(view, old, meeting.day))
