"""What records say of this commit beside the others: medians, ratios with their range, and the aims that were set."""

import math
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from benchmarks.instant.contestants import SEVERAL
from benchmarks.instant.inboxes import BEFORE

Record = dict


@dataclass(frozen=True)
class Measure:
    """A line of a table. values: what one record says of it, as many as there are; `digits` of what is printed."""

    title: str
    values: Callable[[Record], Sequence[float]]
    digits: int = 0


@dataclass(frozen=True)
class Ratio:
    middle: float
    low: float
    high: float

    def __str__(self) -> str:
        if self.low == self.high:
            return f"{self.middle:.2f}"  # of one round
        return f"{self.middle:.2f} ({self.low:.2f}\N{EN DASH}{self.high:.2f})"


NEW = Measure("New choice to painted, ms", lambda found: found["new"]["painted"])
NEW_CPU = Measure(
    "Server CPU of a new choice, ms", lambda found: [1000 * each for each in found["new"]["cpu"]]
)
KNOWN = Measure("Known choice to painted, ms", lambda found: found["known"]["painted"])
KNOWN_CPU = Measure(
    "Server CPU of a known choice, ms", lambda found: [1000 * each for each in found["known"]["cpu"]]
)
COLD = Measure("First visitor after a start: numbers painted, ms", lambda found: [found["first"]["numbers"]])
NUMBERS = Measure("Opening: numbers painted, ms", lambda found: [found["second"]["numbers"]])
PAINTED = Measure("Opening: all painted, ms", lambda found: [found["second"]["painted"]])
BYTES = Measure("Opening: megabytes", lambda found: [found["second"]["bytes"] / 1e6], 2)
REQUESTS = Measure("Opening: requests", lambda found: [found["second"]["requests"]])
SHIFT = Measure("Opening: layout shift (CLS)", lambda found: [found["second"]["shift"]], 3)
MEMORY = Measure("Server memory, one visitor, MB", lambda found: [found["memory"]])


def values_of(records: Sequence[Record], who: str, measure: Measure) -> list[float]:
    return [value for each in records if each["who"] == who for value in measure.values(each)]


def ratio_to(records: Sequence[Record], other: str, measure: Measure) -> Ratio | None:
    """Of this commit to another; None where one of the two was not measured, or is 0."""
    rounds = []
    for number in sorted({each["round"] for each in records}):
        of_round = [each for each in records if each["round"] == number]
        ours, theirs = (values_of(of_round, who, measure) for who in ("now", other))
        if ours and theirs and statistics.median(theirs):
            rounds.append(statistics.median(ours) / statistics.median(theirs))
    ours, theirs = (values_of(records, who, measure) for who in ("now", other))
    if not rounds:
        return None
    return Ratio(statistics.median(ours) / statistics.median(theirs), min(rounds), max(rounds))


def p95(values: Sequence[float]) -> float:
    return statistics.quantiles(values, n=20, method="inclusive")[-1] if len(values) > 1 else values[0]


@dataclass(frozen=True)
class Aim:
    """What was to be reached. most: by rows; found: of the records of one size, None where not measured."""

    title: str
    most: Callable[[int], float]
    found: Callable[[Sequence[Record]], float | None]


def _of(measure: Measure, other: str) -> Callable[[Sequence[Record]], float | None]:
    def found(records: Sequence[Record]) -> float | None:
        ratio = ratio_to([each for each in records if each["part"] == "overview"], other, measure)
        return ratio.middle if ratio else None

    return found


def _ours(measure: Measure) -> Callable[[Sequence[Record]], float | None]:
    def found(records: Sequence[Record]) -> float | None:
        values = values_of([each for each in records if each["part"] == "overview"], "now", measure)
        return statistics.median(values) if values else None

    return found


def _slowest_page(records: Sequence[Record]) -> float | None:
    pages = [each for each in records if each["part"] == "pages"]
    ratios = [
        ratio_to([each for each in pages if each["page"] == page], "before", NEW)
        for page in {each["page"] for each in pages}
    ]
    return max((each.middle for each in ratios if each), default=None)


def _crowd(records: Sequence[Record]) -> float | None:
    """The 95th percentile of 50 viewers of ours, or with several processes if that is better, to that of 10 of plain
    Streamlit; infinite after an error."""

    def slow(who: str, viewers: int) -> float | None:
        here = [each for each in records if each.get("viewers") == viewers and each["who"] == who]
        taken = [value for each in here for value in each["taken"]]
        if any(each["errors"] for each in here):
            return math.inf
        return p95(taken) if taken else None

    ours = [value for who in ("now", SEVERAL.name) if (value := slow(who, 50)) is not None]
    plain = slow("streamlit", 10)
    return min(ours) / plain if ours and plain else None


MANY = 10_000_000
AIMS = (
    Aim("New choice to painted, of plain Streamlit", lambda rows: 0.5, _of(NEW, "streamlit")),
    Aim("… of Dash", lambda rows: 1.0, _of(NEW, "dash")),
    Aim(f"… of {BEFORE}", lambda rows: 0.2 if rows >= MANY else 0.33, _of(NEW, "before")),
    Aim(f"… of {BEFORE}, the slowest of the other pages", lambda rows: 0.4, _slowest_page),
    Aim("Server CPU of a new choice, of plain Streamlit", lambda rows: 0.35, _of(NEW_CPU, "streamlit")),
    Aim("95th percentile of 50 viewers, of plain Streamlit with 10", lambda rows: 1.0, _crowd),
    Aim(f"Opening: numbers painted, of {BEFORE}", lambda rows: 0.6, _of(NUMBERS, "before")),
    Aim("Opening: megabytes", lambda rows: 1.5, _ours(BYTES)),
    Aim("Opening: requests", lambda rows: 60, _ours(REQUESTS)),
    Aim("Opening: layout shift", lambda rows: 0.05, _ours(SHIFT)),
)
