"""What became of the headlines since the group last met over other data than these."""

from collections.abc import Callable

from leadstats.analysis.equity import EquityTable
from leadstats.briefing.answer import Answer
from leadstats.briefing.view import View
from leadstats.counting.changes import changes
from leadstats.counting.database import ProgramDatabase
from leadstats.counting.view import ANALYST, Cell, FilterError, Published
from leadstats.meetings import Meetings
from leadstats.model.language import say
from leadstats.narrative import changes as narrative
from leadstats.narrative import wording


def differences(answer: Answer, view: View, newest: View) -> list[str]:
    """What newer data say otherwise of the numbers that an answer rests on, over the same months and filters. To a group
    of partners a difference of few people is no more than that there is one."""
    said = []
    for result in answer.results:
        if isinstance(result, EquityTable) or result.filters.by != "total" or result.only is None:
            continue
        months = {"first_month": result.filters.first_month, "last_month": result.filters.last_month}
        now = newest.published(
            result.metric.name, by="total", breakdown=result.filters.breakdown, **months
        ).only
        if now is None or _says(result, now) == _says(result, result.only):
            continue
        is_few = 0 < abs((now.people or 0) - (result.only.people or 0)) < view.database.threshold
        if is_few and view.audience != ANALYST:
            said.append(say("{title}: another number, by few people", title=result.metric.title))
            continue
        said.append(
            say(
                "{title}: {now} in the newest data, {then} here",
                title=result.metric.title,
                now=_says(result, now),
                then=_says(result, result.only),
            )
        )
    return said


def _says(result: Published, cell: Cell) -> str:
    return wording.with_unit(result.metric, cell)


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
