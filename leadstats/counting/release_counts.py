"""The counts a public release is made of, before it protects them: for `leadstats.release` alone.

A release protects all its tables together, which no view of the door could; so here alone counts of
people leave this package as they are. A contract of imports names who may ask for them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from leadstats.counting.database import ProgramDatabase
from leadstats.model.measures import Measure

Codes = tuple[str, ...]  # a period, then one category of each breakdown of the measure


@dataclass(frozen=True, eq=False)
class ReleaseCounts:
    """People by the finest codes of a measure. Not protected."""

    people: Mapping[Codes, int]
    totals: Mapping[Codes, int]  # of what the measure sums up; empty if nothing
    largest: Mapping[Codes, Sequence[int]]  # the two largest contributions to a total


def release_counts(database: ProgramDatabase, measure: Measure) -> ReleaseCounts:
    """Every period of the data, whether over or not."""
    rows = database.rows(measure.sql)
    names = ("period", *measure.breakdowns)
    keys = [tuple(row[name] for name in names) for row in rows]

    def column(name: str) -> dict[Codes, int]:
        return {key: row[name] for key, row in zip(keys, rows, strict=True)}

    if not measure.sum_title:
        return ReleaseCounts(column("people"), {}, {})
    return ReleaseCounts(column("people"), column("total"), column("largest"))
