"""What became of the headlines since data that were looked at before."""

from datetime import date

from leadstats.briefing.answer import Answer
from leadstats.briefing.view import View
from leadstats.counting.changes import changes
from leadstats.counting.database import ProgramDatabase
from leadstats.narrative import changes as narrative


def since(view: View, old: ProgramDatabase, meeting: date) -> Answer:
    """The whole county and all pathways, whatever the view's filters: two builds are compared as they stand."""
    found = changes(old, view.database, view.audience)
    return Answer(
        "since",
        narrative.since(found, meeting),
        subtitle=narrative.SCOPE,
        sentences=(narrative.EXPLAINED,),
        table=narrative.table(found) if found else None,
    )
