"""Words for what became of numbers from one build to the next."""

from collections.abc import Sequence
from datetime import date

from leadstats.counting.changes import PARTS, PEOPLE, Change
from leadstats.narrative import wording
from leadstats.narrative.wording import TextTable

HEAD = ("Measure", "Unit", "Before", "New months", "Came late", "Corrected", "Now")
EXPLAINED = (
    "Before and the three parts add up to now. New months are those after the earlier build's last complete one. Came late: "
    "records of earlier months that the earlier build did not have. Corrected: records that have changed or are gone. "
    "People are known again by what both builds hold of them, so a part of what came late may be a correction, and the reverse."
)
LED_BY = "people_referred"
SCOPE = "Whole county, all pathways"


def since(found: Sequence[Change], meeting: date) -> str:
    return f"Since the meeting of {wording.day(meeting)}. {headline(found)}"


def not_kept(meeting: date) -> str:
    return f"The data of the meeting of {wording.day(meeting)} are not kept in a form that can be compared."


def table(found: Sequence[Change]) -> TextTable:
    rows = tuple(
        (change.metric.title, change.unit, *(_shown(change, name) for name in ("old", *PARTS, "new")))
        for change in found
    )
    return TextTable("What became of each number", HEAD, rows, 2)


def _shown(change: Change, name: str) -> str:
    number = getattr(change, name)
    if number is None:
        return wording.why_hidden(change.hidden)
    return wording.signed(number) if name in PARTS and number else wording.count(number)


def headline(found: Sequence[Change]) -> str:
    """Of the people referred, or else of the first number: what it was and is, and why."""
    people = [each for each in found if each.unit == PEOPLE] or list(found)
    if not people:
        return "No number is recorded by both builds"
    change = next((each for each in people if each.metric.name == LED_BY), people[0])
    title, span = change.metric.title, wording.span(change.first_month, change.last_month)
    if change.new is None:
        return f"{title}: {wording.why_hidden(change.hidden)}"
    if None in (change.old, *(getattr(change, part) for part in PARTS)):
        return f"{title}, {span}: {wording.count(change.new)}; what it is made of is {wording.HIDDEN}"
    before = wording.span(change.first_month, change.old_month)
    return (
        f"{title}: {wording.count(change.old)} as the earlier build had them ({before}), and now {wording.count(change.new)} "
        f"({span}): {wording.count(change.new_activity)} in new months, {wording.count(change.late)} came late, "
        f"{wording.signed(change.corrected) if change.corrected else 'none'} by correction"
    )
