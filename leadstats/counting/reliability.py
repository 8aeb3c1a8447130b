"""How many people or events a rate must rest on to be shown; below that, only its counts are."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from leadstats.counting.estimators import kind_of
from leadstats.counting.view import ANALYST, Cell, Published
from leadstats.model.language import say
from leadstats.model.metrics import Metric

LEAST_COUNTED = 10  # with fewer, one person moves a percent by ten points or more
SMALL_GROUP = 30  # below this a percent is marked as one of a small group, and shown with its range
LEAST_EVENTS = 5
LEAST_FOLLOWED = 20  # people on either side of a before and after


def readable(published: Published, audience: str) -> Published:
    """The same, with counts alone where a rate would be noise. Analysts get every rate, since looking into small
    numbers is their work."""
    reason = REASONS.get(kind_of(published.metric))
    if audience == ANALYST or reason is None:
        return published
    return replace(published, cells=tuple(_readable(cell, reason) for cell in published.cells))


def is_small(metric: Metric, cell: Cell) -> bool:
    """Whether a rate may be shown, but with its range and a warning."""
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


# By kind of estimate, what is said in place of a rate; other kinds are shown however few people there are.
REASONS: Mapping[str, Callable[[Cell], str]] = {
    "share": _of_share,
    "wait": _of_wait,
    "person_time": _of_person_time,
}
