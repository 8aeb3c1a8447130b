"""The counts a public release is made of, before it protects them: for `leadstats.release` alone.

A release protects all its tables together, which no single view could. So this is the one place where counts of
people, and estimates before rounding, leave the package unprotected. An import contract says who may ask for them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from leadstats.counting import estimators
from leadstats.counting.database import ProgramDatabase
from leadstats.counting.estimators import Row
from leadstats.counting.view import Filters
from leadstats.model.measures import Measure, PublicEstimate
from leadstats.statistics.jail_model import OnePerson, moved_by_one
from leadstats.statistics.survival import Course

Codes = tuple[str, ...]  # a period, then one category of each breakdown of the measure


@dataclass(frozen=True, eq=False)
class ReleaseCounts:
    """People by the finest codes of a measure. Not protected."""

    people: Mapping[Codes, int]
    totals: Mapping[Codes, int]  # of what the measure sums; empty if it sums nothing
    largest: Mapping[Codes, Sequence[int]]  # the two largest contributions to a total


def release_counts(database: ProgramDatabase, measure: Measure) -> ReleaseCounts:
    """Counts for every period of the data, finished or not."""
    rows = database.rows(measure.sql)
    names = ("period", *measure.breakdowns)
    keys = [tuple(row[name] for name in names) for row in rows]

    def column(name: str) -> dict[Codes, int]:
        return {key: row[name] for key, row in zip(keys, rows, strict=True)}

    if not measure.sum_title:
        return ReleaseCounts(column("people"), {}, {})
    return ReleaseCounts(column("people"), column("total"), column("largest"))


@dataclass(frozen=True)
class ReleaseEstimate:
    """What partners' pages show for a year, and what it takes to judge how much it gives away. Not protected."""

    value: float
    low: float
    high: float
    moved_by_one: float  # in the unit of the value: how far any one person may move one of the three
    people: int = 0  # for a share: everybody, those followed to the end, and those in the share
    followed: int = 0
    remaining: int = 0


def release_estimate(
    database: ProgramDatabase, estimate: PublicEstimate, year: int, through: date
) -> ReleaseEstimate | None:
    """For one calendar year and the whole county; None if there is no number or no range."""
    metric = database.metric(estimate.name)
    months = Filters(date(year, 1, 1), date(year, 12, 1), "total")
    rows = database.counts(metric, months, through, False)
    found = estimators.estimate(metric, rows[0]) if rows else estimators.Estimate()
    if found.value is None or found.low is None or found.high is None:
        return None
    parameters = months.as_parameters(through, False, metric.horizon_days)
    of_people = database.rows(estimate.sql, parameters)
    ends = (found.value, found.low, found.high)
    if estimate.rule == "nights":
        one = moved_by_one(rows[0]["diverted"], rows[0]["baseline"], [OnePerson(**row) for row in of_people])
        return ReleaseEstimate(*ends, one)
    (people,) = (row["people"] for row in of_people)
    course = _course(rows[0])
    followed = course.known_by(metric.horizon_days)
    return ReleaseEstimate(*ends, 100 / max(followed, 1), people, followed, rows[0]["numerator"])


def _course(row: Row) -> Course:
    return Course(*(row[f"{kind}_days"] or {} for kind in ("event", "competing", "censored")))
