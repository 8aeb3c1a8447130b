"""Two sides of one measure as a sentence made by rule."""

from leadstats.analysis import clear
from leadstats.counting.view import Cell
from leadstats.model import rounding
from leadstats.model.language import message, say
from leadstats.model.metrics import Metric
from leadstats.narrative import wording
from leadstats.statistics import intervals


def finding(metric: Metric, one: Cell, other: Cell, names: tuple[str, str], comparisons: int) -> str:
    """Both shares, and whether they differ by more than chance allows."""
    sides = (
        f"{name} {wording.with_unit(metric, cell)}{_of(cell)}"
        for name, cell in zip(names, (one, other), strict=True)
    )
    return f"{metric.title}: {'; '.join(sides)}{_verdict(one, other, comparisons)}"


def _of(cell: Cell) -> str:
    if cell.value is None or cell.numerator is None:
        return ""
    return say(
        " ({number} of {number2})",
        number=wording.count(cell.numerator),
        number2=wording.count(cell.denominator),
    )


def _verdict(one: Cell, other: Cell, comparisons: int) -> str:
    if one.value is None or other.value is None:
        return ""
    counts = (one.numerator, one.denominator, other.numerator, other.denominator)
    gap, low, high = (100 * each for each in intervals.difference(*counts, clear.limit(comparisons)))
    reach = say(
        "{points} to {points2} points", points=wording.signed(low, 1), points2=wording.signed(high, 1)
    )
    if not clear.differs(counts, comparisons):
        return say(". No clear difference: anything from {reach} fits", reach=reach)
    template = (
        message(". {size} points more ({reach}), clear of chance among {number} comparisons")
        if gap > 0
        else message(". {size} points less ({reach}), clear of chance among {number} comparisons")
    )
    return say(template, size=rounding.rounded(abs(gap), 1), reach=reach, number=comparisons)
