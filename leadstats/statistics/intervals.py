"""Shares, rates and comparisons of two groups, each with its 95 % interval."""

import functools
import math
from statistics import NormalDist

import numpy as np
import scipy  # loads `special` when a formula first needs it, which most commands never do

from leadstats.statistics.resampling import drawn_again

DRAWS = 4_000  # the limits then waver by about a hundredth of the range
SEED = 20_110
Z = NormalDist().inv_cdf(0.975)


def wilson(count: int, total: int, z: float = Z) -> tuple[float, float]:
    """Wilson (1927) score interval of the share count/total, as fractions of 1; total is at least 1."""
    share, square = count / total, z**2
    center = (share + square / (2 * total)) / (1 + square / total)
    spread = z / (1 + square / total) * math.sqrt(share * (1 - share) / total + square / (4 * total**2))
    # At the ends the exact limit is 0 or 1; rounding would leave a -9e-18.
    return (
        0.0 if count == 0 else max(center - spread, 0.0),
        1.0 if count == total else min(center + spread, 1.0),
    )


@functools.lru_cache(maxsize=4096)
def resampled(kinds: tuple[tuple[int, int, int], ...]) -> tuple[float, float]:
    """Percentile bootstrap of a share over people who come with several events each.

    kinds: (events in the numerator, events, people with exactly these), sorted, so that the same people always give
    the same draws.
    """
    inside, events, people = np.array(kinds).T
    random = np.random.default_rng(SEED)
    shares = [(drawn @ inside) / (drawn @ events) for drawn in drawn_again(people, random, DRAWS)]
    low, high = np.percentile(np.concatenate(shares), (2.5, 97.5))
    return float(low), float(high)


def difference(
    count: int, total: int, reference_count: int, reference_total: int, z: float = Z
) -> tuple[float, float, float]:
    """Share minus reference share, with Newcombe's (1998, method 10) interval, in shares of 1."""
    share, reference = count / total, reference_count / reference_total
    low, high = wilson(count, total, z)
    reference_low, reference_high = wilson(reference_count, reference_total, z)
    return (
        share - reference,
        share - reference - math.hypot(share - low, reference_high - reference),
        share - reference + math.hypot(high - share, reference - reference_low),
    )


def paired_change(gained: int, lost: int, total: int) -> tuple[float, float, float]:
    """Change in the share of the same people who have something, in shares of 1.

    The limits are Clopper and Pearson's (1934) for the gains among all who changed, so that they hold 0
    where McNemar's exact test finds no change. total: all people seen both times, at least 1.
    """
    low = scipy.special.betaincinv(gained, lost + 1, 0.025) if gained else 0.0
    high = scipy.special.betaincinv(gained + 1, lost, 0.975) if lost else 1.0
    changed = (gained + lost) / total
    return (gained - lost) / total, (2 * float(low) - 1) * changed, (2 * float(high) - 1) * changed


def ratio(
    count: int, total: int, reference_count: int, reference_total: int
) -> tuple[float, float, float] | None:
    """Share over reference share, with Katz's (1978) interval.

    Where a count is 0, or both shares are 1, Katz has no width and the score interval stands in.
    Without a reference count, ratio and upper limit are infinite. None where both counts are 0:
    the ratio could be anything.
    """
    if count == 0 and reference_count == 0:
        return None
    middle = (count / total) / (reference_count / reference_total) if reference_count else math.inf
    if count and reference_count and (count < total or reference_count < reference_total):
        error = math.sqrt(1 / count - 1 / total + 1 / reference_count - 1 / reference_total)
        return middle, middle * math.exp(-Z * error), middle * math.exp(Z * error)
    return (
        middle,
        1 / _highest_ratio(reference_count, reference_total, count, total) if count else 0.0,
        _highest_ratio(count, total, reference_count, reference_total) if reference_count else math.inf,
    )


def poisson(count: int) -> tuple[float, float]:
    """Exact limits of the expected number of events when this many were counted (Garwood, 1936)."""
    low = float(scipy.special.gammaincinv(count, 0.025)) if count else 0.0
    return low, float(scipy.special.gammaincinv(count + 1, 0.975))


def rate_ratio(
    events: int, time: float, reference_events: int, reference_time: float
) -> tuple[float, float, float] | None:
    """Ratio of two rates of events over residents or time, with Wald's interval on the log scale;
    None without events on both sides."""
    if not (events and time and reference_events and reference_time):
        return None
    middle = (events / time) / (reference_events / reference_time)
    reach = Z * math.sqrt(1 / events + 1 / reference_events)
    return middle, middle * math.exp(-reach), middle * math.exp(reach)


def risk_ratio(odds_ratio: float, chance: float) -> float:
    """An odds ratio as a ratio of chances (Zhang and Yu, 1998); `chance` is that of the comparison group."""
    return odds_ratio / (1 - chance + chance * odds_ratio)


def _highest_ratio(count: int, total: int, reference_count: int, reference_total: int) -> float:
    """Upper score limit (Miettinen and Nurminen, 1985) of a ratio; the reference count is not 0.

    Found by bisection: where the reference share is 1, statsmodels' closed form takes a wrong root.
    """
    both, everyone = count + reference_count, total + reference_total

    def excess(assumed: float) -> float:
        # The two shares that fit the counts best if their ratio were the assumed one.
        middle = (total + reference_count) * assumed + count + reference_total
        root = math.sqrt(max(middle**2 - 4 * everyone * assumed * both, 0.0))
        reference = (middle - root) / (2 * everyone * assumed)
        share = reference * assumed
        variance = share * (1 - share) / total + assumed**2 * reference * (1 - reference) / reference_total
        gap = assumed * reference_count / reference_total - count / total
        return gap - Z * math.sqrt(max(variance, 0.0) * everyone / (everyone - 1))

    low = (count / total) / (reference_count / reference_total)
    high = 2 * low or 1.0
    while excess(high) < 0:
        low, high = high, 2 * high
    while high - low > 1e-12 * high:
        middle = (low + high) / 2
        low, high = (middle, high) if excess(middle) < 0 else (low, middle)
    return high
