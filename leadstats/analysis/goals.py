"""How a protected number stands against what was set for it."""

from collections.abc import Collection
from dataclasses import dataclass

from leadstats.analysis.control_charts import BASELINE, LEAST
from leadstats.counting.view import Cell, Published
from leadstats.model.settings import Goal


@dataclass(frozen=True)
class Standing:
    """A goal beside its metric by the goal's own periods, as far back as they are shown.

    latest: the last whole period that is known; None if its number is hidden or there is none, and then nothing can
    be said of it.
    run: for how many periods in a row, the latest included, it has been met or not met as now; a period without
    a number ends it. `is_whole_run`: it has been so ever since the first period shown. `is_turned`: it was otherwise in
    the period before the run, which is known.
    """

    goal: Goal
    published: Published
    latest: Cell | None = None
    run: int = 0
    is_whole_run: bool = False
    is_turned: bool = False

    @property
    def is_met(self) -> bool | None:
        return None if self.latest is None else _is_met(self.published, self.goal, self.latest)

    @property
    def is_within_chance(self) -> bool:
        """Whether the goal lies in the range of the latest number."""
        cell = self.latest
        return cell is not None and cell.low is not None and cell.low <= self.goal.value <= cell.high

    @property
    def shortfall(self) -> float:
        """By what share of the goal it is missed; 0 where it is met or nothing is known."""
        if self.is_met is not False:
            return 0.0
        return abs(self.latest.value - self.goal.value) / (abs(self.goal.value) or 1)


@dataclass(frozen=True)
class Outlook:
    """What the next period would be if it were like the latest whole ones.

    low, high: the least and the most of these `periods`. Of n numbers of which none has reason to be higher than another,
    the next lies between them in n - 1 of n + 1 cases (Wilks, 1941): 0.78 of 8, 0.85 of 12. met: how many met the goal.
    """

    periods: int
    met: int
    low: Cell
    high: Cell


def outlook(found: Standing, changes: Collection[str | None] = ()) -> Outlook | None:
    """Of as many periods in a row as a usual range rests on; None where fewer are known, as of a program that has just
    begun. No trend is drawn on. changes: periods from which on something else is usual."""
    cells = found.published.cells
    recent: list[Cell] = []
    for cell in cells[cells.index(found.latest) :: -1] if found.latest else ():
        if cell.value is None or cell.is_partial or len(recent) == BASELINE:
            break
        recent.append(cell)
        if cell.period in changes:
            break
    if len(recent) < LEAST:
        return None
    low, high = (end(recent, key=lambda cell: cell.value) for end in (min, max))
    return Outlook(len(recent), sum(_is_met(found.published, found.goal, cell) for cell in recent), low, high)


def is_at_most(published: Published) -> bool:
    """Whether less is better, so that a goal is a ceiling."""
    return published.metric.benefit is False


def standing(goal: Goal, published: Published) -> Standing:
    """published: the goal's metric by the goal's periods."""
    whole = [cell for cell in published.cells if not cell.is_partial]
    while whole and whole[-1].value is None and not whole[-1].is_protected:
        whole.pop()  # nobody has been followed for long enough, or no export reaches so far
    # Where the latest number is hidden, an older one is no answer to whether the goal is met.
    if not whole or whole[-1].value is None:
        return Standing(goal, published)
    latest, run = whole[-1], 0
    for cell in reversed(whole):
        if cell.value is None or _is_met(published, goal, cell) != _is_met(published, goal, latest):
            break
        run += 1
    is_turned = run < len(whole) and whole[-1 - run].value is not None
    return Standing(goal, published, latest, run, run == len(whole), is_turned)


def _is_met(published: Published, goal: Goal, cell: Cell) -> bool:
    return cell.value <= goal.value if is_at_most(published) else cell.value >= goal.value
