"""What other data say: the newest, about the numbers shown; and those at the group's last meeting, with what that
meeting left to do."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from leadstats.analysis.equity import EquityTable
from leadstats.briefing.answer import Answer
from leadstats.briefing.view import View
from leadstats.counting.changes import changes
from leadstats.counting.database import ProgramDatabase
from leadstats.counting.view import ANALYST, FilterError, Published
from leadstats.meetings import Decision, Meetings
from leadstats.model.language import say
from leadstats.narrative import changes as narrative
from leadstats.narrative import wording
from leadstats.narrative.wording import TextTable

Numbers = dict[
    tuple[str, ...], tuple[str, int]
]  # by what each number is of: as written, and how many people it is of


@dataclass(frozen=True)
class Difference:
    """A number that newer data give differently. of: its months and group, if they have to be stated. then, now: the
    number as written in each."""

    title: str
    of: str
    then: str
    now: str

    @property
    def sentence(self) -> str:
        title = ", ".join(filter(None, (self.title, self.of)))
        return say(
            "{title}: {now} in the newest data, {then} here", title=title, now=self.now, then=self.then
        )


def differences(results: Iterable[Published | EquityTable], view: View, newest: View) -> list[Difference]:
    """The shown numbers that newer data give differently, over the same months and filters, without repeats. If a
    difference is of few people, partners are told only that there is one."""
    found = {}
    for result in results:
        # What was worked out from the numbers, such as the rest of a whole, is not asked for again.
        shown = _numbers(result)
        here = {key: number for key, number in _numbers(_again(result, view)).items() if key in shown}
        there = _numbers(_again(result, newest))
        # For a single period it does not matter within which months it is shown.
        is_dated = result.filters.by == "total" and view.is_moved(result)
        months = wording.span(*result.filters.ends) if is_dated else ""
        for key, (then, people) in here.items():
            now, people_now = there.get(key, (say("no number"), 0))
            if now == then:
                continue
            if 0 < abs(people_now - people) < view.database.threshold and view.audience != ANALYST:
                now = say("a few people more or fewer")
            title, of = result.metric.title, ", ".join(filter(None, (*key, months)))
            found[title, of] = Difference(title, of, then, now)
    return list(found.values())


def as_table(found: Sequence[Difference]) -> TextTable:
    head = (say("Measure"), say("Of"), say("Here"), say("In the newest data"))
    rows = [(each.title, each.of, each.then, each.now) for each in found]
    return TextTable(say("What differs in the newest data"), head, rows, labels=2)


def _again(result: Published | EquityTable, newest: View) -> Published | EquityTable | None:
    """The same number from the newest data; None if they do not know what is asked for, such as a place."""
    asked = replace(newest, filters=result.filters)
    try:
        if isinstance(result, EquityTable):
            return asked.compared(result.stage)
        return asked.published(result.metric.name)
    except FilterError:
        return None


def _numbers(result: Published | EquityTable | None) -> Numbers:
    if result is None:
        return {}
    if isinstance(result, EquityTable):
        return {
            (wording.category(row.group, "race"),): (
                wording.why_hidden(row.hidden) if row.hidden else wording.percent(row.rate, row.n),
                row.n or 0,
            )
            for row in result.rows
            if row.hidden or row.n
        }
    metric, how = result.metric, result.filters
    numbers = {}
    for cell in result.cells:
        period = wording.short_period(cell.period) if cell.period else ""
        group = wording.category(cell.category, how.breakdown) if how.breakdown or metric.categories else ""
        second = (
            wording.category(cell.second_category or "", how.second_breakdown) if how.second_breakdown else ""
        )
        numbers[period, group, second] = wording.with_unit(metric, cell), cell.people or 0
    return numbers


@dataclass(frozen=True)
class Brought:
    """What a meeting begins with besides the numbers. decisions: those open by then, or settled since the meeting
    before. since: how the headlines have moved. amended: that a purged person is gone from the data, and since when."""

    decisions: Sequence[Decision] = ()
    since: Answer | None = None
    amended: str = ""


def brought(view: View, meetings: Meetings, opened: Callable[[str], ProgramDatabase]) -> Brought:
    """As of the meeting that looked at the view's data, or today if none did. Empty for a release or its preview.
    opened: opens a snapshot by its mark."""
    if view.database.is_public:
        return Brought()
    decisions = meetings.brought(meetings.day_over(view.database.mark) or date.today())
    since = _since_last_meeting(view, meetings, opened)
    return Brought(decisions, since, amended(meetings, view.database.mark))


def amended(meetings: Meetings, snapshot: str) -> str:
    """What to say about data that replace others because a person was purged from those; else nothing."""
    found = meetings.amendment(snapshot)
    if found is None:
        return ""
    return say(
        "Amended on {day}: the record of a sealed or expunged person was taken out of all data that meetings had "
        "looked at. Snapshot {mark} stands in their place, and holds what was entered since as well.",
        day=wording.day(found.amended_on),
        mark=found.successor,
    )


def _since_last_meeting(
    view: View, meetings: Meetings, opened: Callable[[str], ProgramDatabase]
) -> Answer | None:
    """How headlines moved for the whole county and all pathways, whatever the view's filters: builds are compared
    whole. None until a meeting has looked at other data."""
    own = meetings.day_over(view.database.mark)
    meeting = next(
        (
            each
            for each in meetings.all()
            if each.opens != view.database.mark and (own is None or each.day < own)
        ),
        None,
    )
    if meeting is None:
        return None
    try:
        old = opened(meeting.opens)
    except (FilterError, FileNotFoundError):
        return Answer("since", sentences=(narrative.not_kept(meeting.day),))
    if old.site.published_on > view.database.site.published_on:
        return None  # these data are older than what the group last saw
    found = changes(old, view.database, view.audience)
    return Answer(
        "since",
        narrative.since(found, meeting.day),
        subtitle=narrative.SCOPE,
        sentences=(narrative.EXPLAINED,),
        table=narrative.table(found) if found else None,
    )
