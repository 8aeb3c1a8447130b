"""What a number does by chance alone while nothing changes: limits of control charts and funnel plots."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean

from leadstats.measure import Cell

# Fewer points than LEAST say nothing of their usual range; up to BASELINE it is provisional.
LEAST, BASELINE = 8, 12
# Laney's correction needs this many points, and is left out while they scatter as chance would.
LEAST_LANEY, LANEY_FROM = 20, 1.2
# Below this many expected events the normal limits are too narrow above and negative below.
NORMAL_FROM = 5
TAIL = 0.00135  # beyond three standard deviations
# 95 and 99.8 of 100 places that differ by chance alone lie inside, in standard deviations.
INNER, OUTER = 1.96, 3.09
MEAN_RANGE = 1.128  # of two normal values, in standard deviations (d2)


@dataclass(frozen=True)
class UsualRange:
    """Centre and limits, one limit per point; the points after the baseline do not move them."""

    center: float
    lower: tuple[float, ...]
    upper: tuple[float, ...]
    is_provisional: bool = False

    def outside(self, values: Sequence[float | None]) -> list[int]:
        limits = zip(values, self.lower, self.upper, strict=True)
        return [
            index
            for index, (value, low, high) in enumerate(limits)
            if value is not None and not low <= value <= high
        ]


def of_shares(counts: Sequence[int], totals: Sequence[int], baseline: int = BASELINE) -> UsualRange | None:
    """Limits of shares with varying denominators (p chart), in shares of 1; None if too few points."""
    if len(counts) < LEAST or not sum(totals[:baseline]):
        return None
    center = sum(counts[:baseline]) / sum(totals[:baseline])
    widening = _laney(counts, totals, center)
    limits = [share_limits(center, total, 3 * widening) for total in totals]
    lower, upper = zip(*limits, strict=True)
    return UsualRange(center, lower, upper, len(counts) < BASELINE)


def share_limits(center: float, total: int, width: float = 3) -> tuple[float, float]:
    """What a share around `center` may be among `total`, `width` standard deviations to each side."""
    if total == 0:
        return 0.0, 1.0
    if width == 3 and total * min(center, 1 - center) < NORMAL_FROM:
        return _exact(center, total)
    spread = width * math.sqrt(center * (1 - center) / total)
    return max(center - spread, 0.0), min(center + spread, 1.0)


def beyond_chance(cells: Sequence[Cell], everyone: Cell | None) -> list[Cell]:
    """Places whose rate differs from that of all together as 2 of 1,000 would by chance."""
    if everyone is None or everyone.value is None:
        return []
    known = [cell for cell in cells if cell.value is not None and cell.denominator]
    limits = ((cell, share_limits(everyone.value / 100, cell.denominator, OUTER)) for cell in known)
    return [cell for cell, (low, high) in limits if not low <= cell.numerator / cell.denominator <= high]


def of_values(values: Sequence[float]) -> UsualRange | None:
    """Limits of any other series from its moving ranges (XmR chart); None if too few points."""
    if len(values) < LEAST:
        return None
    baseline = values[:BASELINE]
    center = fmean(baseline)
    spread = 3 * fmean(abs(later - earlier) for earlier, later in pairwise(baseline)) / MEAN_RANGE
    size = len(values)
    return UsualRange(center, (center - spread,) * size, (center + spread,) * size, size < BASELINE)


def sigma_z(counts: Sequence[int], totals: Sequence[int], center: float) -> float:
    """How much more the shares scatter than chance would have it, from their moving range."""
    scores = [
        (count / total - center) / math.sqrt(center * (1 - center) / total)
        for count, total in zip(counts, totals, strict=True)
        if total
    ]
    return fmean(abs(later - earlier) for earlier, later in pairwise(scores)) / MEAN_RANGE


def _laney(counts: Sequence[int], totals: Sequence[int], center: float) -> float:
    if len(counts) < LEAST_LANEY or not 0 < center < 1:
        return 1.0
    found = sigma_z(counts, totals, center)
    return found if found > LANEY_FROM else 1.0


def _exact(center: float, total: int) -> tuple[float, float]:
    """Binomial quantiles at TAIL and 1 - TAIL, as shares."""
    found, reached = [], 0.0
    for count in range(total + 1):
        reached += math.comb(total, count) * center**count * (1 - center) ** (total - count)
        while len(found) < 2 and reached >= (TAIL, 1 - TAIL)[len(found)]:
            found.append(count / total)
    return found[0], (found[1] if len(found) > 1 else 1.0)
