"""What the numbers hold beside the headline: how sure, what they rest on, what is hidden or missing."""

from collections.abc import Sequence

from leadstats.analysis import usual_range
from leadstats.counting import reliability
from leadstats.counting.view import Cell, Published
from leadstats.model import rounding
from leadstats.model.language import message, say, say_plural
from leadstats.model.schema import UNKNOWN
from leadstats.narrative import wording


def summary(published: Published, *others: Published) -> str:
    """What the numbers hold beside the finding: how sure, what they rest on, what is hidden or missing."""
    metric = published.metric
    hidden = _hidden_note([cell for each in (published, *others) for cell in each.cells])
    if others or published.filters.by == "total" or published.filters.breakdown:
        small = _small_note(published) if published.filters.by == "total" else ""
        return " ".join(filter(None, (_gross(published), _unknown_share(published), small, hidden)))
    cells = usual_range.complete(published.cells)
    if len(cells) < 2 or metric.unit != "percent":
        return hidden
    last = cells[-1]
    template = (
        message("The last value, of a small group, could be {range} by chance alone.")
        if reliability.is_small(metric, last)
        else message("The last value could be {range} by chance alone.")
    )
    return f"{say(template, range=wording.interval(metric, last))} {hidden}".rstrip()


def course(published: Published) -> str:
    """A line in words: first, last, highest, lowest; nothing where there is no line."""
    cells = usual_range.complete(published.cells)
    if published.filters.by == "total" or published.filters.breakdown or len(cells) < 2:
        return ""
    return say(
        "{title}: {point} at the start, {point2} at the end. Highest {point3}, lowest {point4}.",
        title=published.metric.title,
        point=_point(published, cells[0]),
        point2=_point(published, cells[-1]),
        point3=_point(published, max(cells, key=lambda cell: cell.value)),
        point4=_point(published, min(cells, key=lambda cell: cell.value)),
    )


def _small_note(published: Published) -> str:
    """Which rates are of few, and which numbers are counts alone for that reason."""
    small = [
        wording.cell_name(published, cell)
        for cell in published.cells
        if reliability.is_small(published.metric, cell)
    ]
    return (
        say(
            "Small group, fewer than {number}: {list}.",
            number=reliability.SMALL_GROUP,
            list=wording.listing(small),
        )
        if small
        else ""
    )


def _gross(published: Published) -> str:
    """What a net number rests on, and what is missing where there is only the gross."""
    known = [cell for cell in published.cells if cell.gross is not None]
    if len(published.cells) > 1 or not known:
        return ""
    before = say(
        "about {number}", number=f"{rounding.significant(known[0].gross):,f} {say(published.metric.unit)}"
    )
    if known[0].value is None:
        return say(
            "Before what followed on the same arrests: {before}. For the rest, stays and referrals must "
            "name the arrest.",
            before=before,
        )
    return say("Before taking off what followed on the same arrests: {before}.", before=before)


def _point(published: Published, cell: Cell) -> str:
    return f"{wording.shown(published.metric, cell)} ({wording.period(cell.period, published.filters)})"


def _hidden_note(cells: Sequence[Cell]) -> str:
    hidden = sum(cell.is_protected for cell in cells)
    if not hidden:
        return ""
    return say_plural(
        "{number} of {all} numbers is hidden to protect privacy.",
        "{number} of {all} numbers are hidden to protect privacy.",
        hidden,
        number=hidden,
        all=len(cells),
    )


def _unknown_share(published: Published) -> str:
    """Who is missing is a finding of its own; shares are of events or people that add up."""
    breakdown = published.filters.breakdown
    if (
        published.filters.by != "total"
        or breakdown in (None, "race_alone_or_in_combination")
        or any(cell.hidden for cell in published.cells)
    ):
        return ""
    sizes = {cell.category: cell.denominator or cell.value or 0 for cell in published.cells}
    total = sum(sizes.values())
    if (
        UNKNOWN not in sizes
        or not sizes[UNKNOWN]
        or published.metric.unit not in ("percent", "people", "arrests")
    ):
        return ""
    what = wording.what(breakdown)
    share = wording.percent(100 * sizes[UNKNOWN] / total, round(total))
    return say("{what} is unknown for {share}.", what=wording.capital(what), share=share)
