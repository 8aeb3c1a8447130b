"""How often the intervals of this product hold the truth, where the truth is known because it was invented.

python -m benchmarks.coverage      writes docs/coverage.md; takes a few minutes
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from leadstats.statistics import intervals, jail_model, survival

REPLICATES = 2_000
DRAWS = 1_000  # a replicate needs no finer limits than the share of replicates can tell
MANY = 2_000_000  # people or stays whose mean stands for the truth
SEED = 20_112
LEAST, MOST = 93.0, 97.0
TARGET = Path(__file__).resolve().parent.parent / "docs" / "coverage.md"
INTRODUCTION = f"""\
# Do the intervals hold what they promise?

Written by `python -m benchmarks.coverage`; change it there.

An interval of 95 % should hold the truth in 95 of 100 programs like this one. Here the truth is known, because it
was invented: programs are drawn from it, and the product's own functions are asked for their intervals. Wilson,
Newcombe and Katz are summed over all tables that can come out, so their shares are exact; the others come from
{REPLICATES:,} invented programs each, and may be off by half a percent. "Truth above" is the share of programs in
which the interval ended too low.
"""
OUTCOME = "All {rows} shares lie between {least:.0f} and {most:.0f} %."
EXCEPTIONS = "Of {all} shares, all but {rows} lie between {least:.0f} and {most:.0f} %. Outside: {names}."


@dataclass(frozen=True)
class Case:
    """One interval at one size: `misses` gives the shares, 0 to 1, of truth below and above it."""

    interval: str
    of: str
    size: str
    misses: Callable[[], tuple[float, float]]


@dataclass(frozen=True)
class Result:
    case: Case
    below: float
    above: float

    @property
    def covered(self) -> float:
        return 100 * (1 - self.below - self.above)

    def row(self) -> str:
        case = self.case
        shares = f"{self.covered:.1f} % | {100 * self.below:.1f} % | {100 * self.above:.1f} %"
        return f"| {case.interval} | {case.of} | {case.size} | {shares} |"


def simulated(draw: Callable[[np.random.Generator], tuple[float, float] | None], truth: float):
    """Shares of programs with the truth below and above the interval that `draw` gives for one."""
    random = np.random.default_rng(SEED)
    found = np.array([limits for _ in range(REPLICATES) if (limits := draw(random)) is not None])
    return float((truth < found[:, 0]).mean()), float((truth > found[:, 1]).mean())


def one_share(total: int, share: float) -> tuple[float, float]:
    """The mean over truths within five points: few people have few outcomes, and for a single truth
    the share jumps with each of them."""
    limits = np.array([intervals.wilson(count, total) for count in range(total + 1)])
    near = np.linspace(share - 0.05, share + 0.05, 101)
    misses = [_weighed(limits, _binomial(total, truth), truth) for truth in near]
    return float(np.mean([below for below, _ in misses])), float(np.mean([above for _, above in misses]))


def two_shares(
    interval: Callable[..., tuple[float, float, float] | None], truth: float, group, reference
) -> tuple[float, float]:
    (total, share), (reference_total, reference_share) = group, reference
    weights = np.outer(_binomial(total, share), _binomial(reference_total, reference_share))
    counts = [(count, other) for count in range(total + 1) for other in range(reference_total + 1)]
    # Tables without an answer, and those that never come, are left out.
    asked = [pair for pair in counts if weights[pair] > 1e-9]
    answers = [interval(count, total, other, reference_total) for count, other in asked]
    known = [number for number, answer in enumerate(answers) if answer is not None]
    limits = np.array([answers[number][1:] for number in known])
    return _weighed(limits, np.array([weights[asked[number]] for number in known]), truth)


def _weighed(limits: np.ndarray, weights: np.ndarray, truth: float) -> tuple[float, float]:
    total = weights.sum()
    below, above = truth < limits[:, 0] - 1e-12, truth > limits[:, 1] + 1e-12
    return float(weights[below].sum() / total), float(weights[above].sum() / total)


def _binomial(total: int, share: float) -> np.ndarray:
    steps = np.log(np.arange(total, 0, -1)) - np.log(np.arange(1, total + 1)) + np.log(share / (1 - share))
    return np.exp(total * np.log1p(-share) + np.concatenate([[0], np.cumsum(steps)]))


def arrests_of_people(people: int) -> tuple[float, float]:
    """Some people are arrested again and again, and officers know them: their arrests resemble each other."""

    def draw(random: np.random.Generator):
        arrests = 1 + random.poisson(random.gamma(0.5, 1.6, people))
        diverted = random.binomial(arrests, random.beta(1, 4, people))
        kinds = Counter(zip(diverted.tolist(), arrests.tolist(), strict=True))
        return intervals.resampled(tuple(sorted((*kind, number) for kind, number in kinds.items())))

    return simulated(draw, 0.2)


def waits(people: int) -> tuple[float, float]:
    """Intake within 30 days, with people who leave the queue and recent ones who still wait."""
    intake, leaving = 1 / 40, 1 / 60
    daily = np.exp(-(intake + leaving) * np.arange(31))
    truth = intake / (intake + leaving) * (1 - daily[-1])

    def draw(random: np.random.Generator):
        until = random.exponential(1 / (intake + leaving), people)
        watched = random.uniform(0, 180, people)
        is_intake = random.random(people) < intake / (intake + leaving)
        days, ends = np.ceil(np.minimum(until, watched)).astype(int), until <= watched
        course = survival.Course(
            *(Counter(days[who].tolist()) for who in (ends & is_intake, ends & ~is_intake, ~ends))
        )
        found = survival.incidence_interval(course, 30)
        return found and found[1:]

    return simulated(draw, truth)


def years_in_jail(random: np.random.Generator, people: int) -> tuple[np.ndarray, np.ndarray]:
    """Nights of people in two years: own bookings a year, mean 2 and variance 6, fewer in the second;
    stays with a standard deviation of one and a half times their mean."""
    own_rate = random.gamma(1, 2, people)
    return tuple(_nights(random, random.poisson(own_rate * share)) for share in (1, 0.6))


def _nights(random: np.random.Generator, bookings: np.ndarray) -> np.ndarray:
    shape = 1 / 1.5**2
    nights = random.gamma(np.maximum(bookings, 1) * shape, 8 / shape)
    return np.where(bookings > 0, np.minimum(np.round(nights), 365), 0).astype(int)


def before_and_after(people: int, is_change: bool) -> tuple[float, float]:
    before, after = years_in_jail(np.random.default_rng(SEED + 1), MANY)
    truth = float(after.mean() - before.mean() if is_change else before.mean())

    def draw(random: np.random.Generator):
        rows = [
            {
                "events_after": nights,
                "days_after": 365,
                "events_before": earlier,
                "days_before": 365,
                "people": 1,
            }
            for earlier, nights in zip(*map(np.ndarray.tolist, years_in_jail(random, people)), strict=True)
        ]
        if is_change:
            return jail_model.rate_change(rows, DRAWS)[1:]
        return jail_model.rate(rows, "events_before", "days_before", DRAWS)[1:]

    return simulated(draw, truth)


# Charge class: arrests diverted, share booked, mean stay, standard deviation of stays.
CLASSES = {"M": (40, 0.6, 4, 6), "F": (10, 0.9, 20, 25)}


def avoided(arrests: dict[str, int]) -> tuple[float, float]:
    """Baselines of so many arrests a class, and people of whom some spend nights on the diverted arrest."""
    many = np.random.default_rng(SEED + 2)
    means = {name: float(_stays(many, MANY, *kind[2:]).mean()) for name, kind in CLASSES.items()}
    gross = sum(number * share * means[name] for name, (number, share, *_) in CLASSES.items())
    truth = gross - 50 * 0.1 * float(_stays(many, MANY, 6, 8).mean())

    def draw(random: np.random.Generator):
        baseline = []
        for name, (_, share, mean, deviation) in CLASSES.items():
            booked = int(random.binomial(arrests[name], share))
            closed = Counter(_stays(random, booked, mean, deviation).tolist())
            baseline.append(
                {
                    "charge_class": name,
                    "eligible": arrests[name],
                    "booked": booked,
                    "closed": closed,
                    "still_inside": None,
                }
            )
        back = np.where(random.random(50) < 0.1, _stays(random, 50, 6, 8), 0)
        diverted = {name: kind[0] for name, kind in CLASSES.items()}
        found = jail_model.nights_avoided(diverted, json.dumps(baseline), Counter(back.tolist()))
        jail_model.drawn_nights_per_arrest.cache_clear()
        return found.low, found.high

    return simulated(draw, truth)


def _stays(random: np.random.Generator, number: int, mean: float, deviation: float) -> np.ndarray:
    shape = (mean / deviation) ** 2
    return np.minimum(np.round(random.gamma(shape, mean / shape, number)), 365).astype(int)


def cases() -> Iterator[Case]:
    for total, share in ((30, 0.3), (100, 0.2), (400, 0.2)):
        yield Case(
            "Wilson",
            f"a share of about {100 * share:.0f} %",
            f"{total} people",
            partial(one_share, total, share),
        )
    pairs = (
        ((120, 0.20), (80, 0.30)),
        ((40, 0.25), (60, 0.25)),
        ((300, 0.15), (900, 0.20)),
        ((60, 0.50), (200, 0.40)),
    )
    for group, reference in pairs:
        of = f"{100 * group[1]:.0f} % against {100 * reference[1]:.0f} %"
        size = f"{group[0]} and {reference[0]} people"
        gap, ratio = group[1] - reference[1], group[1] / reference[1]
        yield Case(
            "Newcombe, difference",
            of,
            size,
            partial(two_shares, intervals.difference, gap, group, reference),
        )
        yield Case("Katz, ratio", of, size, partial(two_shares, intervals.ratio, ratio, group, reference))
    for people in (60, 200, 600):
        yield Case("Aalen-Johansen, log-log", "intake by day 30", f"{people} people", partial(waits, people))
        yield Case(
            "bootstrap of people",
            "share of arrests diverted",
            f"{people} people",
            partial(arrests_of_people, people),
        )
    for people in (30, 60, 200, 600):
        size = f"{people} people"
        yield Case(
            "bootstrap of people",
            "jail nights a person-year",
            size,
            partial(before_and_after, people, False),
        )
        yield Case(
            "bootstrap of people", "change in jail nights", size, partial(before_and_after, people, True)
        )
    # The last two: a class too small to stand on its own, and unlike all others.
    for arrests in (
        {"M": 400, "F": 50},
        {"M": 100, "F": 40},
        {"M": 1000, "F": 200},
        {"M": 400, "F": 20},
        {"M": 400, "F": 8},
    ):
        size = f"{arrests['M']} and {arrests['F']} arrests before LEAD"
        yield Case("Monte Carlo", "jail nights avoided", size, partial(avoided, arrests))


def measured(case: Case) -> Result:
    return Result(case, *case.misses())


def report(results: list[Result]) -> str:
    outside = [result for result in results if not LEAST <= result.covered <= MOST]
    said = {"rows": len(results), "least": LEAST, "most": MOST}
    if outside:
        names = "; ".join(
            f"{result.case.of} ({result.case.interval}), {result.case.size}" for result in outside
        )
        finding = EXCEPTIONS.format(**said | {"rows": len(outside), "all": len(results), "names": names})
    else:
        finding = OUTCOME.format(**said)
    head = (
        "| interval | of | size | holds the truth | truth below | truth above |",
        "|---|---|---|---|---|---|",
    )
    return "\n".join([INTRODUCTION, finding, "", *head, *(result.row() for result in results), ""])


def main() -> None:
    with ProcessPoolExecutor() as pool:
        results = list(pool.map(measured, cases()))
    text = report(results)
    TARGET.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
