"""How much must stand behind a rate before it is read aloud; below that, its counts stand without it."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from leadstats.counting.estimators import kind_of
from leadstats.counting.view import ANALYST, Cell, Published
from leadstats.model.language import say
from leadstats.model.metrics import Metric

LEAST_COUNTED = 10  # a percent of fewer moves by ten points with one person
SMALL_GROUP = 30  # up to here a percent is marked, and its range belongs to it
LEAST_EVENTS = 5
LEAST_FOLLOWED = 20  # people on either side of a before and after


def readable(published: Published, audience: str) -> Published:
    """The same with counts only where a rate would be noise. Analysts read every number: theirs is
    the view in which small ones are looked into."""
    reason = REASONS.get(kind_of(published.metric))
    if audience == ANALYST or reason is None:
        return published
    return replace(published, cells=tuple(_readable(cell, reason) for cell in published.cells))


def is_small(metric: Metric, cell: Cell) -> bool:
    """A rate that may be shown, with its range and this warning."""
    return kind_of(metric) == "share" and cell.value is not None and (cell.denominator or 0) < SMALL_GROUP


def _readable(cell: Cell, reason: Callable[[Cell], str]) -> Cell:
    if cell.value is None or not (too_few := reason(cell)):
        return cell
    return replace(cell, value=None, low=None, high=None, too_few=too_few)


def _of_share(cell: Cell) -> str:
    if (cell.denominator or 0) >= LEAST_COUNTED:
        return ""
    return say(
        "{numerator} of {denominator}, too few for a percent",
        numerator=cell.numerator or 0,
        denominator=cell.denominator or 0,
    )


def _of_wait(cell: Cell) -> str:
    if (cell.events or 0) >= LEAST_EVENTS:
        return ""
    return say(
        "{events} of {denominator} so far, too few for a median",
        events=cell.events or 0,
        denominator=cell.denominator or 0,
    )


def _of_person_time(cell: Cell) -> str:
    return (
        ""
        if (cell.people or 0) >= LEAST_FOLLOWED
        else say("{people} people, too few for a rate", people=cell.people or 0)
    )


# By kind of estimate, why a number bears no rate; the others bear theirs however few there are.
REASONS: Mapping[str, Callable[[Cell], str]] = {
    "share": _of_share,
    "wait": _of_wait,
    "person_time": _of_person_time,
}
