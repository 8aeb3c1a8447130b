"""When a difference is clear of chance: one rule for groups, places, pages, sentences and public releases.

Of all comparisons that the data allow, chance alone makes one or more stand out in at most 5 of 100 such sets:
each is held to 5 % divided by their number (Bonferroni's inequality; Dunn, 1961). Counted is what could be
compared, groups in the data times stages, or places in the data, never what happens to be shown: so hiding
one group changes no verdict on another, and a release says of a gap what the pages of partners say.
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
    """How many standard errors a difference must be away from none, among so many comparisons."""
    return NormalDist().inv_cdf(1 - FAMILY / (2 * max(comparisons, 1)))


def of_groups(cells: Collection[Cell]) -> int:
    """Comparisons of groups: a result has a cell for each group of the data, hidden or not, and each
    could have been compared at every stage.

    The reference is one of the groups, though none is compared with itself: so many there are against everyone else,
    and the choice of a reference moves no limit.
    """
    return len(_named(cells)) * len(STAGES)


def of_places(cells: Collection[Cell]) -> int:
    """Comparisons of places with all together."""
    return len(_named(cells))


def of_pairs(cells: Collection[Cell]) -> int:
    """Comparisons of any two: whoever looks at the highest and the lowest has chosen among all pairs."""
    return math.comb(len(_named(cells)), 2)


def differs(counts: Sequence[int], comparisons: int) -> bool:
    """Whether two shares differ; counts: of a group with and in all, then the same of its reference."""
    _, low, high = intervals.difference(*counts, limit(comparisons))
    return not low <= 0 <= high


def are_apart(high: Cell, low: Cell, comparisons: int) -> bool:
    """Whether two estimates differ, of whatever kind, by their own intervals (Zou and Donner, 2008)."""
    if high.low is None or low.high is None:
        return True
    wider = limit(comparisons) / intervals.Z
    return high.value - low.value > wider * math.hypot(high.value - high.low, low.high - low.value)


def _named(cells: Collection[Cell]) -> set[tuple[str, str | None]]:
    return {(cell.category, cell.second_category) for cell in cells if cell.category != UNKNOWN}
