"""What a number does by chance alone when nothing changes: limits of control charts and funnel plots."""

import functools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import fmean

import numpy as np
import scipy

from leadstats.analysis import clear
from leadstats.counting.view import Cell
from leadstats.model.schema import UNKNOWN

# With fewer points than LEAST there is no usual range; with fewer than BASELINE it is provisional.
LEAST, BASELINE = 8, 12
# Laney's correction needs this many points, and is not used while they scatter as chance would make them.
LEAST_LANEY, LANEY_FROM = 20, 1.2
# With fewer expected events than this, normal limits are too narrow above and negative below.
NORMAL_FROM = 5
INNER = 1.96  # in standard deviations: 95 of 100 places that differ only by chance lie inside
MEAN_RANGE = 1.128  # of two normal values, in standard deviations (d2)
DAYS = 30  # months differ in length, so events are compared per this many days
WARNING, ACTION = 2, 3  # limits, in standard deviations
# Only four signals: every further rule cries wolf more often.
OUTSIDE, SHIFT, TREND, NEAR = "outside", "shift", "trend", "near"
SHIFT_POINTS, TREND_POINTS, NEAR_POINTS = 8, 6, 3
TOUCH = 1e-12  # a point on a limit counts as inside, whatever the last bit says

Limits = tuple[float, float]


@dataclass(frozen=True)
class Signal:
    """Points from `first` to `last` that chance alone seldom makes; which rule found them, and on which side."""

    rule: str
    first: int
    last: int
    is_high: bool


@dataclass(frozen=True)
class ControlLimits:
    """Center and limits at each point; points after the baseline do not move them.

    baseline: first and last point of the latest baseline; negative if it lies before the points. basis: the same as
    labels of periods.
    """

    center: tuple[float, ...]
    lower: tuple[float, ...]
    upper: tuple[float, ...]
    signals: tuple[Signal, ...]
    baseline: tuple[int, int]
    basis: tuple[str | None, ...] = ()

    @property
    def is_provisional(self) -> bool:
        first, last = self.baseline
        return last - first + 1 < BASELINE

    def scaled(self, factors: Sequence[float]) -> "ControlLimits":
        """The same range in another unit, point by point."""
        center, lower, upper = (
            tuple(value * factor for value, factor in zip(values, factors, strict=True))
            for values in (self.center, self.lower, self.upper)
        )
        return replace(self, center=center, lower=lower, upper=upper)

    def since(self, first: int) -> "ControlLimits":
        """The limits from a point on; a signal that began earlier is kept as far as it reaches past that point."""
        signals = tuple(
            replace(signal, first=max(signal.first - first, 0), last=signal.last - first)
            for signal in self.signals
            if signal.last >= first
        )
        baseline = (self.baseline[0] - first, self.baseline[1] - first)
        rest = {part: getattr(self, part)[first:] for part in ("center", "lower", "upper")}
        return replace(self, signals=signals, baseline=baseline, **rest)

    def is_outside(self, point: int) -> bool:
        return any(signal.rule == OUTSIDE and signal.first == point for signal in self.signals)


def _kept(chart: Callable[..., ControlLimits | None]) -> Callable[..., ControlLimits | None]:
    """The same, cached: most series are of all months since the beginning, whatever is chosen."""
    found = functools.lru_cache(maxsize=1024)(chart)

    @functools.wraps(chart)
    def asked(*series: Sequence[float], starts: Sequence[int] = ()) -> ControlLimits | None:
        return found(*map(tuple, series), starts=tuple(starts))

    return asked


@_kept
def p_chart(counts: Sequence[int], totals: Sequence[int], starts: Sequence[int] = ()) -> ControlLimits | None:
    """Limits of shares with varying denominators (p chart, or p' chart if they scatter more than chance would make
    them), as fractions of 1; None if there are too few points. starts: see `_by_baseline`."""

    def of_segment(part: slice, base: slice) -> tuple[float, Callable[[int, float], Limits]]:
        center = sum(counts[base]) / (sum(totals[base]) or 1)
        widening = _laney(counts[part], totals[part], center)
        return center, lambda point, width: share_limits(center, totals[point], width * widening)

    values = [count / total if total else math.nan for count, total in zip(counts, totals, strict=True)]
    return _by_baseline(values, starts, of_segment) if any(totals) else None


@_kept
def u_chart(counts: Sequence[int], days: Sequence[int], starts: Sequence[int] = ()) -> ControlLimits | None:
    """Limits of events that come one by one (u chart), per 30 days; None if there are too few points."""
    periods = [each / DAYS for each in days]

    def of_segment(_part: slice, base: slice) -> tuple[float, Callable[[int, float], Limits]]:
        center = sum(counts[base]) / sum(periods[base])
        return center, lambda point, width: rate_limits(center, periods[point], width)

    values = [count / period for count, period in zip(counts, periods, strict=True)]
    return _by_baseline(values, starts, of_segment)


@_kept
def xmr_chart(values: Sequence[float], starts: Sequence[int] = ()) -> ControlLimits | None:
    """Limits of any other series, from its moving ranges (XmR chart); None if there are too few points."""

    def of_segment(_part: slice, base: slice) -> tuple[float, Callable[[int, float], Limits]]:
        center, sigma = fmean(values[base]), _mean_range(values[base]) / MEAN_RANGE
        return center, lambda _point, width: (center - width * sigma, center + width * sigma)

    return _by_baseline(values, starts, of_segment)


def share_limits(center: float, total: int, width: float = ACTION) -> Limits:
    """The limits of a share of `total` around `center`, `width` standard deviations to each side."""
    if total == 0:
        return 0.0, 1.0
    if total * min(center, 1 - center) < NORMAL_FROM:
        counts = np.arange(total + 1)
        low, high = _exact(scipy.special.bdtr(counts, total, center), width)
        return low / total, high / total
    spread = width * math.sqrt(center * (1 - center) / total)
    return max(center - spread, 0.0), min(center + spread, 1.0)


def rate_limits(center: float, exposure: float, width: float = ACTION) -> Limits:
    """The limits of a rate around `center` over an exposure in the same unit of time."""
    expected = center * exposure
    if expected < NORMAL_FROM:
        low, high = _exact(scipy.special.pdtr(np.arange(60), expected), width)
        return low / exposure, high / exposure
    spread = width * math.sqrt(expected) / exposure
    return max(center - spread, 0.0), center + spread


def beyond_chance(cells: Sequence[Cell], everyone: Cell | None) -> list[Cell]:
    """Places whose rate differs from that of all places together by more than chance, given how many places there are."""
    if everyone is None or everyone.value is None:
        return []
    known = [
        cell for cell in cells if cell.denominator and cell.value is not None and cell.category != UNKNOWN
    ]
    width = clear.limit(clear.of_places(cells))
    limits = ((cell, share_limits(everyone.value / 100, cell.denominator, width)) for cell in known)
    return [cell for cell, (low, high) in limits if not low <= cell.numerator / cell.denominator <= high]


def sigma_z(counts: Sequence[int], totals: Sequence[int], center: float) -> float:
    """How much more the shares scatter than chance would make them, from their moving range."""
    scores = [
        (count / total - center) / math.sqrt(center * (1 - center) / total)
        for count, total in zip(counts, totals, strict=True)
        if total
    ]
    return _mean_range(scores) / MEAN_RANGE


def _laney(counts: Sequence[int], totals: Sequence[int], center: float) -> float:
    if len(counts) < LEAST_LANEY or not 0 < center < 1:
        return 1.0
    found = sigma_z(counts, totals, center)
    return found if found > LANEY_FROM else 1.0


def _mean_range(values: Sequence[float]) -> float:
    return fmean(abs(later - earlier) for earlier, later in pairwise(values))


def _exact(reached: np.ndarray, width: float) -> tuple[int, int]:
    """Fewest and most events that lie within as many tails as `width` has; `reached`: shares of
    chance up to 0, 1, 2 … events."""
    tail = scipy.special.ndtr(-width)
    low, high = np.searchsorted(reached, (tail, 1 - tail))
    return int(low), int(high)


def _by_baseline(
    values: Sequence[float],
    starts: Sequence[int],
    of_segment: Callable[[slice, slice], tuple[float, Callable[[int, float], Limits]]],
) -> ControlLimits | None:
    """Limits from the first BASELINE points, and new ones from each of `starts`, points at which something known
    changed. If a start has too few points after it yet, the earlier limits continue."""
    size = len(values)
    if size < LEAST:
        return None
    begins = [0]
    for start in sorted(starts):
        if start - begins[-1] >= LEAST and size - start >= LEAST:
            begins.append(start)
    center, action, signals = [], [], []
    for begin, end in pairwise([*begins, size]):
        middle, limits = of_segment(slice(begin, end), slice(begin, min(begin + BASELINE, end)))
        found = [limits(point, ACTION) for point in range(begin, end)]
        warning = [limits(point, WARNING) for point in range(begin, end)]
        center += [middle] * (end - begin)
        action += found
        signals += [
            replace(signal, first=signal.first + begin, last=signal.last + begin)
            for signal in _signals(values[begin:end], middle, found, warning)
        ]
    lower, upper = zip(*action, strict=True)
    latest = (begins[-1], min(begins[-1] + BASELINE, size) - 1)
    return ControlLimits(tuple(center), lower, upper, tuple(signals), latest)


def _signals(
    values: Sequence[float], center: float, action: Sequence[Limits], warning: Sequence[Limits]
) -> list[Signal]:
    """The four signals on either side; below the center is found as above it, upside down."""
    high = _above(values, center, [limit for _, limit in action], [limit for _, limit in warning], True)
    turned = [-value for value in values]
    low = _above(turned, -center, [-limit for limit, _ in action], [-limit for limit, _ in warning], False)
    return sorted(high + low, key=lambda signal: (signal.last, signal.first))


def _above(
    values: Sequence[float], center: float, action: Sequence[float], warning: Sequence[float], is_high: bool
) -> list[Signal]:
    """Each signal above the center at its full length; points without a value (NaN) make none."""

    def beyond(limits: Sequence[float]) -> list[bool]:
        return [value > limit + TOUCH for value, limit in zip(values, limits, strict=True)]

    near = beyond(warning)
    two_of_three = [sum(near[point : point + NEAR_POINTS]) >= 2 for point in range(len(near) - 2)]
    rising = [later > earlier for earlier, later in pairwise(values)]
    stretches = (
        *((OUTSIDE, point, point) for point, is_out in enumerate(beyond(action)) if is_out),
        *((SHIFT, first, last) for first, last in _runs(beyond([center] * len(values)), SHIFT_POINTS)),
        *((TREND, first, last + 1) for first, last in _runs(rising, TREND_POINTS - 1)),
        *((NEAR, first, last + NEAR_POINTS - 1) for first, last in _runs(two_of_three, 1)),
    )
    return [Signal(rule, first, last, is_high) for rule, first, last in stretches]


def _runs(holds: Sequence[bool], least: int) -> list[tuple[int, int]]:
    """First and last point of each unbroken run that is long enough."""
    runs, first = [], None
    for point, does_hold in enumerate([*holds, False]):
        if does_hold and first is None:
            first = point
        elif not does_hold and first is not None:
            if point - first >= least:
                runs.append((first, point - 1))
            first = None
    return runs
