"""Words for what became of numbers from one build to the next."""

from collections.abc import Sequence
from datetime import date

from leadstats.counting.changes import PARTS, PEOPLE, Change
from leadstats.model.language import message, say
from leadstats.narrative import wording
from leadstats.narrative.wording import TextTable

HEAD = (
    message("Measure"),
    message("Unit"),
    message("Before"),
    message("New months"),
    message("Came late"),
    message("Corrected"),
    message("Now"),
)
EXPLAINED = message(
    "Before and the three parts add up to now. New months are those after the earlier build's "
    "last complete one. Came late: records of earlier months that the earlier build did not "
    "have. Corrected: records that have changed or are gone. People are known again by what both "
    "builds hold of them, so a part of what came late may be a correction, and the reverse."
)
LED_BY = "people_referred"
SCOPE = message("Whole county, all pathways")


def since(found: Sequence[Change], meeting: date) -> str:
    return say("Since the meeting of {day}. {headline}", day=wording.day(meeting), headline=headline(found))


def not_kept(meeting: date) -> str:
    return say(
        "The data of the meeting of {day} are not kept in a form that can be compared.",
        day=wording.day(meeting),
    )


def table(found: Sequence[Change]) -> TextTable:
    rows = tuple(
        (
            say(change.metric.title),
            say(change.unit),
            *(_shown(change, name) for name in ("old", *PARTS, "new")),
        )
        for change in found
    )
    return TextTable(say("What became of each number"), tuple(map(say, HEAD)), rows, 2)


def _shown(change: Change, name: str) -> str:
    number = getattr(change, name)
    if number is None:
        return wording.why_hidden(change.hidden)
    return wording.signed(number) if name in PARTS and number else wording.count(number)


def headline(found: Sequence[Change]) -> str:
    """Of the people referred, or else of the first number: what it was and is, and why."""
    people = [each for each in found if each.unit == PEOPLE] or list(found)
    if not people:
        return say("No number is recorded by both builds")
    change = next((each for each in people if each.metric.name == LED_BY), people[0])
    title, span = say(change.metric.title), wording.span(change.first_month, change.last_month)
    if change.new is None:
        return f"{title}: {wording.why_hidden(change.hidden)}"
    if None in (change.old, *(getattr(change, part) for part in PARTS)):
        return say(
            "{title}, {span}: {number}; what it is made of is hidden to protect privacy",
            title=title,
            span=span,
            number=wording.count(change.new),
        )
    before = wording.span(change.first_month, change.old_month)
    corrected = wording.signed(change.corrected) if change.corrected else say("none")
    return say(
        "{title}: {number} as the earlier build had them ({before}), and now {number2} ({span}): "
        "{number3} in new months, {number4} came late, {corrected} by correction",
        title=title,
        number=wording.count(change.old),
        before=before,
        number2=wording.count(change.new),
        span=span,
        number3=wording.count(change.new_activity),
        number4=wording.count(change.late),
        corrected=corrected,
    )
