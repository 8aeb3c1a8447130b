"""Estimates as a release says them: for whole years of the whole county, rounded until no one person can be seen.

A sum of counts can be bounded by who adds and subtracts; an estimate cannot, but it can be rounded to steps as wide as
what any one person does to it (the rule for magnitudes of statistical offices), and stays as it was published.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from leadstats.counting.coverage import coverage
from leadstats.counting.database import ProgramDatabase
from leadstats.counting.release_counts import ReleaseEstimate, release_estimate
from leadstats.model import periods
from leadstats.model.language import Language
from leadstats.model.measures import PublicEstimate, load_estimates
from leadstats.model.metrics import Metric
from leadstats.release.history import EarlierRelease, Rounded
from leadstats.release.plan import ReleasePlan
from leadstats.release.tables import PublicTable

FOLLOWED = 0.8  # of the people of a share, so many must have been followed to its end
LEVELS = ("year",)


@dataclass(frozen=True)
class EstimateTable:
    """By year what is published; None where it would say too much, or nothing."""

    estimate: PublicEstimate
    metric: Metric
    rows: Mapping[str, Rounded | None]

    @property
    def name(self) -> str:
        return f"{self.estimate.series}-by-year"

    def definition_in(self, language: Language) -> str:
        """What is counted, and how it is rounded."""
        return f"{language.text(self.metric.definition)} {language.text(self.estimate.rounding)}"


def estimate_tables(
    database: ProgramDatabase,
    plan: ReleasePlan,
    tables: Sequence[PublicTable],
    earlier: Sequence[EarlierRelease],
    is_rebased: bool = False,
) -> Iterator[EstimateTable]:
    """Those of the plan of whose years at least one is published: as published before, else as the records say.

    tables: the counts of the same release, on which the estimates rest.
    """
    published = earlier[-1].estimates if earlier else {}
    for name, estimate in load_estimates().items():
        if name not in plan.estimates:
            continue
        before = published.get(estimate.series, {})
        rows = {
            year: before[year]
            if year in before and not (is_rebased and before[year])
            else _decided(database, estimate, plan, tables, year)
            for year in dict.fromkeys([*before, *_ripe(database, estimate, plan, tables)])
        }
        if any(rows.values()):
            yield EstimateTable(estimate, database.metric(name), rows)


def _ripe(
    database: ProgramDatabase, estimate: PublicEstimate, plan: ReleasePlan, tables: Sequence[PublicTable]
) -> list[str]:
    """The years of the numbers that an estimate rests on, once all that belongs to them has been watched."""
    through = coverage(database, database.metric(estimate.name)).through
    wait = timedelta(days=estimate.watched_days + plan.lag_days)
    return [
        year
        for year in _yearly(tables, estimate.rests_on)
        if through is not None and periods.last_day(year) + wait <= through
    ]


def _decided(
    database: ProgramDatabase,
    estimate: PublicEstimate,
    plan: ReleasePlan,
    tables: Sequence[PublicTable],
    year: str,
) -> Rounded | None:
    number = _yearly(tables, estimate.rests_on).get(year)
    covered = coverage(database, database.metric(estimate.name))
    is_lacking = covered.lacking(periods.first_month(year), periods.last_day(year))
    if number is None or number < estimate.least or is_lacking or covered.through is None:
        return None
    found = release_estimate(database, estimate, int(year), covered.through)
    if found is None:
        return None
    step = next((each for each in estimate.steps if each >= found.moved_by_one), None)
    if step is None:
        return None
    if estimate.rule == "nights":
        rounded = _rounded(found, step)
        return rounded if rounded.value else None
    return _share(found, step, number, plan.threshold, _hides(tables, estimate.beside, year))


def _rounded(found: ReleaseEstimate, step: int) -> Rounded:
    """Half away from zero; the range outward, so that it holds what it held."""
    value = math.copysign(step * math.floor(abs(found.value) / step + 0.5), found.value)
    return Rounded(int(value), step * math.floor(found.low / step), step * math.ceil(found.high / step), step)


def _share(
    found: ReleaseEstimate, step: int, number: int, threshold: int, is_bounded_by_hidden: bool
) -> Rounded | None:
    """In whole steps between two ends. Beyond them only the end is said: there those who left may be nobody, or
    `threshold` and more. Between them they are `threshold` or more, and so are those who stayed."""
    lost = found.followed - found.remaining
    if found.followed < FOLLOWED * found.people:
        return None
    lowest, highest = ends(step, number, threshold)
    rounded = _rounded(found, step)
    if lowest >= highest:
        return None
    if found.value >= highest:
        return Rounded(highest, None, None, step, "at_least")
    if found.value <= lowest:
        return Rounded(lowest, None, None, step, "at_most")
    # Elsewhere a hidden number of those who left would have to make up for what this tells.
    return None if min(lost, found.remaining) < threshold or is_bounded_by_hidden else rounded


def ends(step: int, number: int, threshold: int) -> tuple[int, int]:
    """The shares of so many people beyond which only "or less", "or more" is said.

    Kaplan and Meier give nobody who left more weight than those who stayed, so of n people of whom c went out of sight,
    at least (1 - S)(n - c) left and at least S n - c stayed.
    """
    shares = range(0, 101, step)
    unseen = 100 * (1 - FOLLOWED)
    highest = [each for each in shares if (100 - each) * FOLLOWED * number / 100 >= threshold]
    lowest = [each for each in shares if (each - unseen) * number / 100 >= threshold]
    return min(lowest, default=100), max(highest, default=0)


def _yearly(tables: Sequence[PublicTable], which: Sequence[str]) -> Mapping[str, int | None]:
    """By year the numbers of a series, of everybody or of one category."""
    series, *category = which
    levels = (*LEVELS, *category[:1])
    (found,) = [each.numbers for each in tables if (each.series, each.levels) == (series, levels)] or [{}]
    return {codes[0]: number for codes, number in found.items() if list(codes[1:]) == category[1:]}


def _hides(tables: Sequence[PublicTable], series: str, year: str) -> bool:
    """Whether a number of the year or of the next is hidden."""
    numbers = _yearly(tables, [series]) if series else {}
    return any(each in numbers and numbers[each] is None for each in (year, str(int(year) + 1)))
