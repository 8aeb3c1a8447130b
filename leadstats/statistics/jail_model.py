"""The jail-bed arithmetic: nights avoided, what they cost, and nights per person-year, from counts only."""

import functools
import json
import math
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import scipy

from leadstats.statistics.intervals import Z
from leadstats.statistics.limits import Limit, drawn_once
from leadstats.statistics.resampling import drawn_again

DRAWS = 10_000
FEWER_DRAWS = 1_000  # where two dozen intervals stand side by side and none is quoted
SEED = 20_111  # fixed, so that one and the same data give one and the same interval
MANY = 3_000  # people, of whom a sum is drawn as one number; in fewer, single people are felt
LONGEST_STAY = 365  # nights; a stay counts as far as this
SMALLEST_CLASS = 30  # arrests, and stays, that a charge class needs to stand on its own
PERSON_YEAR = 365  # days
LIMITS = (2.5, 97.5)
ALL_PARTS = frozenset(("booking", "stay", "follow_up"))

Counts = tuple[tuple[int, int], ...]  # (days, how many), in order of days


@dataclass(frozen=True)
class ClassResults:
    """Arrests of one charge class that were not diverted, and how long those booked stayed.

    closed, still_inside: nights -> stays; of the latter only a least length is known. everybody: all classes
    together; where a class has few arrests or stays, one average arrest or stay of everybody stands beside them.
    """

    charge_class: str
    eligible: int
    booked: int
    closed: Counts
    still_inside: Counts
    everybody: "ClassResults | None" = None

    @functools.cached_property
    def stays(self) -> int:
        return sum(count for _, count in self.closed + self.still_inside)

    @functools.cached_property
    def has_few_arrests(self) -> bool:
        return self.everybody is not None and self.eligible < SMALLEST_CLASS

    @functools.cached_property
    def has_few_stays(self) -> bool:
        return self.everybody is not None and self.stays < SMALLEST_CLASS

    @functools.cached_property
    def share_booked(self) -> float:
        """Booked over eligible; of few arrests, with one more that is booked as often as everybody's."""
        if not self.has_few_arrests:
            return self.booked / self.eligible
        return (self.booked + self.everybody.share_booked) / (self.eligible + 1)

    @functools.cached_property
    def stay(self) -> float:
        """Mean nights of those booked; of few stays, with one more that is as long as everybody's."""
        own = mean_stay(self.closed, self.still_inside) if self.stays else 0.0
        if not self.has_few_stays:
            return own
        return (self.stays * own + self.everybody.stay) / (self.stays + 1)


@dataclass(frozen=True)
class Avoided:
    """Nights or bookings avoided: a calculation with its interval, for the arrests whose class has results.

    net is None where follow-up cannot be linked.
    """

    arrests: int
    gross: float
    net: float | None
    low: float | None = Limit()
    high: float | None = Limit()


def nights_avoided(
    diverted: Mapping[str, int],
    results: str,
    follow_up: Mapping[int, int] | None,
    varied: frozenset[str] = ALL_PARTS,
) -> Avoided | None:
    """Diverted arrests x share booked x mean stay, summed over charge classes, less the nights that followed.

    diverted: charge class -> arrests; results: what read_results takes; follow_up: nights in jail on the
    diverted arrests -> people, None if unknown; varied: what the interval comes from. None where none of
    the arrests has results to be set beside.
    """
    later = None if follow_up is None else tuple(sorted(follow_up.items()))
    return _nights_avoided(tuple(sorted(diverted.items())), results, later, varied)


@functools.lru_cache(maxsize=4096)
def _nights_avoided(
    diverted: tuple[tuple[str, int], ...], results: str, follow_up: Counts | None, varied: frozenset[str]
) -> Avoided | None:
    known = _with_results(diverted, results)
    if not known or not known[0][0].everybody.stays:
        return None
    arrests = sum(number for _, number in known)
    gross = sum(number * each.share_booked * each.stay for each, number in known)
    if follow_up is None:
        return Avoided(arrests, gross, None)
    later = sum(nights * people for nights, people in follow_up)

    def limits() -> tuple[float, float]:
        draws = sum(number * drawn_nights_per_arrest(each, varied) for each, number in known)
        drawn_later = _drawn_sum(follow_up) if later and "follow_up" in varied else later
        low, high = np.percentile(draws - drawn_later, LIMITS)
        return float(low), float(high)

    return Avoided(arrests, gross, gross - later, *drawn_once(limits))


@dataclass(frozen=True)
class OnePerson:
    """What the records hold of one person: arrests diverted and the nights that followed on them; arrests of the
    baseline and the nights of their stays, each as far as LONGEST_STAY."""

    diverted: int
    followed: int
    arrests: int
    nights: int


def moved_by_one(diverted: Mapping[str, int], results: str, people: Iterable[OnePerson]) -> float:
    """How many of the nights avoided hang on any one person, whose records might as well not be there.

    At least what one diverted arrest with the longest stay after it, and one longest stay of the baseline, can do to the
    estimate; else the most that one of the people does, ends of the interval included: of n that are drawn anew, one who
    moves the mean by x moves an end of its 95 % interval by (1 + 1.96) x at most.
    """
    classes = list(read_results(results).values())
    known = [(name, number) for name, number in diverted.items() if name in read_results(results)]

    def gross(changed: Sequence[ClassResults]) -> float:
        found = _beside_everybody(changed)
        return sum(number * found[name].share_booked * found[name].stay for name, number in known)

    def moves(change: Callable[[ClassResults], ClassResults]) -> float:
        """The most that a change of one class does."""
        now = gross(classes)
        others = ([change(each) if each is one else each for each in classes] for one in classes)
        return max((abs(gross(changed) - now) for changed in others), default=0.0)

    a_stay = max(moves(_with_longest_stay), moves(_without_longest_stay))
    an_arrest = moves(lambda each: replace(each, eligible=each.eligible + 1))
    found = _beside_everybody(classes)
    a_diversion = max((found[name].share_booked * found[name].stay for name, _ in known), default=0.0)
    hangs = (
        a_diversion * one.diverted
        + (1 + Z) * (one.followed + a_stay * one.nights / LONGEST_STAY + an_arrest * one.arrests)
        for one in people
    )
    return max([LONGEST_STAY + a_diversion + a_stay, *hangs])


def _with_longest_stay(results: ClassResults) -> ClassResults:
    longer = _together([results.closed, ((LONGEST_STAY, 1),)])
    return replace(results, eligible=results.eligible + 1, booked=results.booked + 1, closed=longer)


def _without_longest_stay(results: ClassResults) -> ClassResults:
    if not results.closed or results.stays < 2 or results.booked < 2:
        return results
    longest, number = results.closed[-1]
    shorter = results.closed[:-1] + (((longest, number - 1),) if number > 1 else ())
    return replace(results, eligible=results.eligible - 1, booked=results.booked - 1, closed=shorter)


@functools.lru_cache(maxsize=1024)
def bookings_expected(arrests: tuple[tuple[str, int], ...], results: str) -> Avoided | None:
    """How many of so many arrests by charge class would have been booked, at the shares of the results."""
    known = _with_results(arrests, results)
    if not known:
        return None
    expected = sum(number * each.share_booked for each, number in known)
    draws = sum(number * _drawn_share_booked(each, _random(each)) for each, number in known)
    low, high = np.percentile(draws, LIMITS)
    return Avoided(sum(number for _, number in known), expected, expected, float(low), float(high))


def _with_results(arrests: Iterable[tuple[str, int]], results: str) -> list[tuple[ClassResults, int]]:
    classes = read_results(results)
    return [(classes[name], number) for name, number in arrests if name in classes]


@functools.lru_cache(maxsize=64)
def read_results(text: str) -> Mapping[str, ClassResults]:
    """JSON list of {charge_class, eligible, booked, closed, still_inside} -> class -> its results."""
    classes = [
        ClassResults(
            row["charge_class"],
            row["eligible"],
            row["booked"],
            _in_order(row["closed"]),
            _in_order(row["still_inside"]),
        )
        for row in json.loads(text)
    ]
    return _beside_everybody(classes)


def _beside_everybody(classes: Sequence[ClassResults]) -> Mapping[str, ClassResults]:
    everybody = ClassResults(
        "",
        sum(each.eligible for each in classes),
        sum(each.booked for each in classes),
        _together(each.closed for each in classes),
        _together(each.still_inside for each in classes),
    )
    return {each.charge_class: replace(each, everybody=everybody) for each in classes}


@functools.lru_cache(maxsize=256)
def drawn_nights_per_arrest(results: ClassResults, varied: frozenset[str] = ALL_PARTS) -> np.ndarray:
    """What the share booked x the mean stay might as well have been."""
    random = _random(results)
    booked = _drawn_share_booked(results, random)
    stay = _resampled_mean_stays(results, random)
    if "booking" not in varied:
        booked = np.full(DRAWS, results.share_booked)
    if "stay" not in varied:
        stay = results.stay
    return booked * stay


def _random(results: ClassResults) -> np.random.Generator:
    """Its own for each class, so that classes vary apart."""
    return np.random.default_rng([SEED, zlib.crc32(results.charge_class.encode())])


def _drawn_share_booked(results: ClassResults, random: np.random.Generator) -> np.ndarray:
    """From the Beta distribution of the counts and Jeffreys' prior; of few arrests, with the one of everybody's."""
    booked, others = results.booked + 0.5, results.eligible - results.booked + 0.5
    if results.has_few_arrests:
        share = results.everybody.share_booked
        booked, others = booked + share, others + 1 - share
    return random.beta(booked, others, DRAWS)


def mean_stay(closed: Counts, still_inside: Counts, longest: int = LONGEST_STAY) -> float:
    """Area under the Kaplan-Meier curve of nights inside, as far as `longest` nights (the restricted mean).

    Leaving out those still inside, or counting their nights so far as whole stays, would make stays too short.
    """
    days, left, all_ended = _stays(closed, still_inside)
    return float(_area(days, left[np.newaxis], all_ended[np.newaxis], longest)[0])


def error_of_mean_stay(closed: Counts, still_inside: Counts, longest: int) -> float:
    """Greenwood's standard error of the restricted mean: each day's share that left, times what lay beyond it."""
    days, left, gone = _stays(closed, still_inside)
    at_risk = gone[::-1].cumsum()[::-1]
    staying = (1 - left / at_risk).cumprod()
    edges = np.minimum(np.append(days, longest), longest)
    beyond = (staying * np.diff(edges))[::-1].cumsum()[::-1]
    stayed = at_risk - left
    share = np.divide(left, at_risk * stayed, out=np.zeros(len(days)), where=stayed > 0)
    return float(np.sqrt((beyond**2 * share).sum()))


def drawn_sums(key: tuple[tuple[int, ...], ...], draws: int = DRAWS, group: int = 1) -> np.ndarray:
    """Sums over as many people as there are, drawn with replacement.

    key: rows of values that end with how many people have them -> one row of sums a draw. Drawn by row,
    not person by person: the same distribution, and many people share a row. group: another one for people who
    are to vary apart from these.
    """
    table = np.array(key)
    values, people = table[:, :-1], table[:, -1]
    random = np.random.default_rng([SEED, group])
    return np.concatenate([drawn @ values for drawn in drawn_again(people, random, draws)])


def _drawn_sum(counts: Counts) -> np.ndarray:
    """Sums of one value over as many people as there are, drawn with replacement.

    Of many they are drawn from the gamma distribution that has the mean, the variance and the skewness of such sums: as
    near to them as so many draws can tell, and as soon of ten million rows as of ten thousand.
    """
    values, people = np.array(counts, dtype=float).T
    number = people.sum()
    mean = values @ people / number
    variance, third = ((values - mean) ** power @ people / number for power in (2, 3))
    if number < MANY or not variance or not third:
        return drawn_sums(counts)[:, 0]
    skewness = third / variance**1.5 / math.sqrt(number)
    shape = 4 / skewness**2
    drawn = np.random.default_rng([SEED, 1]).standard_gamma(shape, DRAWS)
    spread = math.copysign(math.sqrt(number * variance), skewness)
    return number * mean + spread * (drawn - shape) / math.sqrt(shape)


def rate(
    person_time: Sequence[Mapping[str, int]], events: str, days: str, draws: int = DRAWS
) -> tuple[float, float, float] | None:
    """Events (nights, bookings, arrests) per person-year and a bootstrap interval over people.

    person_time: rows that each count so many `people` with so many events in so many days, in the columns
    named. Total events over total days: a mean of people's own rates would let a few short follow-ups rule.
    """
    happened, observed, people = _columns(person_time, events, days, "people")
    if not (observed * people).sum():
        return None
    value = PERSON_YEAR * float((happened * people).sum() / (observed * people).sum())
    return value, *_rate_limits(_key(happened, observed, people), draws)


def rate_change(
    person_time: Sequence[Mapping[str, int]], draws: int = DRAWS
) -> tuple[float, float, float] | None:
    """Rate after less rate before, with a bootstrap interval that keeps a person's two years together."""
    key = _two_years(person_time)
    if key is None:
        return None
    return _change(key), *_limits(key, _change_draws, draws)


def difference_in_differences(
    person_time: Sequence[Mapping[str, int]], comparison: Sequence[Mapping[str, int]]
) -> tuple[float, float, float] | None:
    """Change of one group less that of another, with a bootstrap interval; None where one is empty."""
    keys = _two_years(person_time), _two_years(comparison)
    if None in keys:
        return None
    return _change(keys[0]) - _change(keys[1]), *_difference_limits(*keys)


@functools.lru_cache(maxsize=256)
def _difference_limits(*keys: tuple[tuple[int, ...], ...]) -> tuple[float, float]:
    changes = [_change_draws(drawn_sums(key, group=group)) for group, key in enumerate(keys, 1)]
    low, high = np.percentile(changes[0] - changes[1], LIMITS)
    return float(low), float(high)


def _two_years(person_time: Sequence[Mapping[str, int]]) -> tuple[tuple[int, ...], ...] | None:
    names = ("events_after", "days_after", "events_before", "days_before", "people")
    after, days_after, before, days_before, people = _columns(person_time, *names)
    if not (days_after * people).sum() or not (days_before * people).sum():
        return None
    return _key(after, days_after, before, days_before, people)


def _change(key: tuple[tuple[int, ...], ...]) -> float:
    *columns, people = np.array(key).T
    return float(_change_draws(np.array([[column @ people for column in columns]]))[0])


def cost(kind: str, nights: float, days: int, dollars: float, unit_beds: int | None) -> float:
    """Dollars saved by so many nights fewer in a period of so many days.

    dollars: of one night; for kind "step" of one housing unit of unit_beds beds in a year, and only
    whole units can close.
    """
    if kind != "step":
        return nights * dollars
    units = math.floor(max(nights, 0.0) / days / unit_beds) if unit_beds else 0
    return units * dollars * days / PERSON_YEAR


def _in_order(counts: Mapping[str, int] | None) -> Counts:
    return _together(((min(int(days), LONGEST_STAY), count),) for days, count in (counts or {}).items())


def _together(parts: Iterable[Counts]) -> Counts:
    total: Counter[int] = Counter()
    for part in parts:
        total.update(dict(part))
    return tuple(sorted(total.items()))


def _stays(
    closed: Counts, still_inside: Counts, days: Sequence[int] | None = None
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Days in order, their own unless given; stays that ended on each; stays that ended or were last seen on each."""
    days = np.array(sorted({day for day, _ in closed + still_inside}) if days is None else days)
    ended, seen = dict(closed), dict(still_inside)
    left = np.array([ended.get(day, 0) for day in days.tolist()])
    return days, left, left + np.array([seen.get(day, 0) for day in days.tolist()])


def _area(days: np.ndarray, left: np.ndarray, gone: np.ndarray, longest: int) -> np.ndarray:
    """Areas under the Kaplan-Meier curves, one a row of `left` and `gone`."""
    at_risk = gone[:, ::-1].cumsum(axis=1)[:, ::-1]
    steps = 1 - left / np.maximum(at_risk, 1)
    staying = np.hstack([np.ones((len(left), 1)), steps.cumprod(axis=1)])
    edges = np.minimum(np.concatenate([[0], days, [longest]]), longest)
    return staying @ np.diff(edges)


def _resampled_mean_stays(results: ClassResults, random: np.random.Generator) -> np.ndarray:
    """Mean stays of as many stays drawn anew, spread as far as few stays leave the mean unsure.

    Of few stays, each draw is one of everybody's with the chance of one among so many: what a short list happens
    not to hold counts as possible.
    """
    if not results.has_few_stays:
        days, kinds = _kinds(results)
        return _wider(_mean_stays(days, drawn_again(kinds, random, DRAWS)), results.stays, results.stay)
    days, everybody = _kinds(results.everybody)
    _, own = _kinds(results, days)
    shares = own + everybody / everybody.sum()
    means = _mean_stays(days, [random.multinomial(results.stays + 1, shares / shares.sum(), DRAWS)])
    if not results.stays:
        return means  # one stay of everybody's: nothing could be wider
    # As of one stay more than are drawn, since everybody's spread is known.
    return np.minimum(_wider(means, results.stays + 2, results.stay), LONGEST_STAY)


def _kinds(results: ClassResults, days: Sequence[int] | None = None) -> tuple[np.ndarray, np.ndarray]:
    """Days in order; how many stays ended on each, and then how many were last seen on each."""
    days, left, gone = _stays(results.closed, results.still_inside, days)
    return days, np.concatenate([left, gone - left])


def _mean_stays(days: np.ndarray, drawn: Iterable[np.ndarray]) -> np.ndarray:
    """Means of draws, in parts: a row each, first of stays that ended on these days, then of those last seen on them."""
    parts = ((rows[:, : len(days)], rows[:, len(days) :]) for rows in drawn)
    return np.concatenate([_area(days, left, left + seen, LONGEST_STAY) for left, seen in parts])


def _wider(means: np.ndarray, stays: int, middle: float) -> np.ndarray:
    """Resamples of n vary as if the n were all there is, which is too little by (n - 1) / n, and their percentiles
    are those of the normal distribution where Student's would be right."""
    if stays < 2:
        return means
    quantile = LIMITS[1] / 100
    student, normal = scipy.special.stdtrit(stays - 1, quantile), scipy.special.ndtri(quantile)
    wider = math.sqrt(stays / (stays - 1)) * student / normal
    return np.maximum(middle + wider * (means - middle), 0)


def _columns(person_time: Sequence[Mapping[str, int]], *names: str) -> tuple[np.ndarray, ...]:
    return tuple(np.array([row[name] for row in person_time], dtype=np.int64) for name in names)


def _key(*columns: np.ndarray) -> tuple[tuple[int, ...], ...]:
    """Rows with the same values as one, in one order: the same people give the same draws however they came."""
    together: Counter[tuple[int, ...]] = Counter()
    for *values, people in zip(*(column.tolist() for column in columns), strict=True):
        together[tuple(values)] += people
    return tuple((*values, people) for values, people in sorted(together.items()))


@functools.lru_cache(maxsize=4096)
def _rate_limits(key: tuple[tuple[int, ...], ...], draws: int) -> tuple[float, float]:
    """Limits of a rate from resamples that are each measured in errors of their own (bootstrap-t).

    A few people have most of the nights. Resamples without them are low and also look sure of it, so
    that plain percentiles end too low in nine of ten misses: docs/coverage.md.
    """
    moments = tuple((x, d, x * x, x * d, d * d, people) for x, d, people in key)
    *together, people = np.array(moments).T
    whole, error = _rate_and_error(np.array([[column @ people for column in together]]))
    drawn, errors = _rate_and_error(drawn_sums(moments, draws))
    is_spread = errors > 0
    if not error[0] or not is_spread.any():
        return float(whole[0]), float(whole[0])
    low, high = np.percentile((drawn - whole)[is_spread] / errors[is_spread], LIMITS)
    return max(float(whole[0] - high * error[0]), 0.0), min(
        float(whole[0] - low * error[0]), float(PERSON_YEAR)
    )


def _rate_and_error(sums: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Rows of sums over people of nights, days, and their squares and products."""
    nights, days, nights_squared, product, days_squared = sums.astype(float).T
    days = np.maximum(days, 1)
    share = nights / days
    square = nights_squared - 2 * share * product + share**2 * days_squared
    return PERSON_YEAR * share, PERSON_YEAR * np.sqrt(np.maximum(square, 0)) / days


@functools.lru_cache(maxsize=4096)
def _limits(
    key: tuple[tuple[int, ...], ...], statistic: Callable[[np.ndarray], np.ndarray], draws: int = DRAWS
) -> tuple[float, float]:
    low, high = np.percentile(statistic(drawn_sums(key, draws)), LIMITS)
    return float(low), float(high)


def _rate_draws(sums: np.ndarray) -> np.ndarray:
    return PERSON_YEAR * sums[:, 0] / np.maximum(sums[:, 1], 1)


def _change_draws(sums: np.ndarray) -> np.ndarray:
    return _rate_draws(sums[:, :2]) - _rate_draws(sums[:, 2:])
