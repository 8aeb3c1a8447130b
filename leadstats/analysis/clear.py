"""When a difference is clear of chance: one rule for groups, places, pages, sentences and public releases.

Among all comparisons that the data allow, chance alone makes any stand out in at most 5 of 100 such sets: each is
held to 5 % divided by their number (Bonferroni's inequality; Dunn, 1961). That number counts what could be compared
(groups in the data times stages, or places in the data), not what happens to be shown. So hiding one group changes no
verdict on another, and a release says the same about a gap as partners' pages.
"""

import functools
import math
from collections.abc import Collection, Sequence
from statistics import NormalDist

from leadstats.counting.view import Cell
from leadstats.model.metrics import STAGES
from leadstats.model.schema import UNKNOWN
from leadstats.statistics import intervals

FAMILY = 0.05


@functools.cache
def limit(comparisons: int) -> float:
    """How many standard errors from zero a difference must be, among this many comparisons."""
    return NormalDist().inv_cdf(1 - FAMILY / (2 * max(comparisons, 1)))


def of_groups(cells: Collection[Cell]) -> int:
    """How many comparisons of groups the data allow: a result has a cell for each group in the data, hidden or not,
    and each could be compared at every stage.

    The reference counts too, though it is not compared with itself: against everyone else there would be as many, and
    so the choice of a reference does not move the limit.
    """
    return len(_named(cells)) * len(STAGES)


def of_places(cells: Collection[Cell]) -> int:
    """How many comparisons of a place with all places together the data allow."""
    return len(_named(cells))


def of_pairs(cells: Collection[Cell]) -> int:
    """How many pairs the data allow: comparing the highest with the lowest means choosing among all pairs."""
    return math.comb(len(_named(cells)), 2)


def differs(counts: Sequence[int], comparisons: int) -> bool:
    """Whether two shares differ. counts: numerator and denominator of a group, then of its reference."""
    _, low, high = intervals.difference(*counts, limit(comparisons))
    return not low <= 0 <= high


def are_apart(high: Cell, low: Cell, comparisons: int) -> bool:
    """Whether two estimates of any kind differ, by their own intervals (Zou and Donner, 2008)."""
    if high.low is None or low.high is None:
        return True
    wider = limit(comparisons) / intervals.Z
    return high.value - low.value > wider * math.hypot(high.value - high.low, low.high - low.value)


def _named(cells: Collection[Cell]) -> set[tuple[str, str | None]]:
    return {(cell.category, cell.second_category) for cell in cells if cell.category != UNKNOWN}
