"""What may be counted for the public: hides the file format of queries/release/."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from leadstats.model.declarations import QUERIES, Declared, declared, header
from leadstats.model.metrics import STAGES, UNITS, Counted, alternatives
from leadstats.model.schema import BREAKDOWNS

OUTCOME = "outcome"  # besides the breakdowns: whether what the measure asks about each person came true


class Measure(Counted, kw_only=True):
    """People to count for the public: the header of an SQL file, and the SQL below it.

    Each person is in just one period and one category, so that all numbers add up.
    """

    name: str
    title: str
    unit: Literal[UNITS]
    definition: str
    sql: str
    every: Literal["month", "year"]  # the finest period: month, or year if a person counts once a year
    breakdowns: tuple[Literal[(*BREAKDOWNS, OUTCOME)], ...]
    sentence: str  # says one number of one period
    caution: str = ""
    question: str = ""  # what the outcome answers
    outcome_needs: tuple[str, ...] = ()  # what must be recorded for the outcome to be known, as `needs`
    yes: str = ""
    no: str = ""
    watched_days: Annotated[int, msgspec.Meta(ge=0)] = (
        0  # how long a person must have been followed for the outcome to be known
    )
    yes_title: str = ""
    yes_definition: str = ""
    yes_sentence: str = ""
    share_definition: str = ""
    share_sentence: str = ""
    stage: Literal[(*STAGES, "")] = ""  # the equity stage that the outcome answers, and its words
    wording: tuple[str, ...] = ()
    sum_unit: Literal[(*UNITS, "")] = ""  # for the second number, if the query sums something
    sum_title: str = ""
    sum_definition: str = ""
    sum_sentence: str = ""
    # The metrics in place of which the public pages show this one, its sum, its "yes" and its percentage. If there
    # are both a sum and an outcome, the last two are of the sum.
    stands_for: tuple[str, ...] = ()
    sum_stands_for: tuple[str, ...] = ()
    yes_stands_for: tuple[str, ...] = ()
    share_stands_for: tuple[str, ...] = ()

    def needed_by(self, breakdown: str) -> tuple[tuple[str, ...], ...]:
        return alternatives(self.outcome_needs) if breakdown == OUTCOME else super().needed_by(breakdown)


@functools.cache
def load_measures(folder: Path = QUERIES / "release") -> Mapping[str, Measure]:
    """All measures by name, in alphabetical order. Raises DeclarationError, since a release may leave none of them out."""
    return {path.stem: declared(Measure, path, header(path)) for path in sorted(folder.glob("*.sql"))}


class PublicEstimate(Declared, kw_only=True):
    """A metric that a release gives rounded, for whole years and the whole county: the header of an SQL file that
    says how much each person has to do with it.

    The file has the name of the metric. The count it rests on, for the same year, is shown in the release and is at
    least `least`.
    """

    name: str
    sql: str
    title: str  # that of the metric
    rule: Literal[
        "nights", "share"
    ]  # how its step is chosen, and when it would say too much: leadstats.release.estimates
    # Numbers are multiples of the first step that is wide enough
    steps: tuple[Annotated[int, msgspec.Meta(ge=1)], ...]
    least: Annotated[int, msgspec.Meta(ge=100)]
    rests_on: tuple[str, ...]  # a series of the release, and a category in it, if not everybody is meant
    beside: str = ""  # a series that bounds it: if a number there is hidden, this one would tell about it
    watched_days: Annotated[int, msgspec.Meta(ge=0)]
    sentence: str
    bounded_sentence: str = ""
    rounding: str  # what is published about it, in words
    caution: str

    @property
    def series(self) -> str:
        return f"{self.name}_rounded"


@functools.cache
def load_estimates(folder: Path = QUERIES / "estimates") -> Mapping[str, PublicEstimate]:
    """All of them by the name of their metric. Raises DeclarationError."""
    return {path.stem: declared(PublicEstimate, path, header(path)) for path in sorted(folder.glob("*.sql"))}


@dataclass(frozen=True)
class PublicNumber:
    """One of the numbers of a measure, and the metrics in place of which the public pages show it."""

    title: str
    definition: str
    stands_for: tuple[str, ...]


@functools.cache
def public_numbers() -> Mapping[str, PublicNumber]:
    """The series of a measure, by their names in a release."""
    found = {}
    for measure in load_measures().values():
        parts = {
            "": (measure.title, measure.definition, measure.stands_for),
            "_yes": (measure.yes_title, measure.yes_definition, measure.yes_stands_for),
            "_percent": (measure.question, measure.share_definition, measure.share_stands_for),
            f"_{measure.sum_unit}": (measure.sum_title, measure.sum_definition, measure.sum_stands_for),
        }
        found |= {f"{measure.name}{part}": PublicNumber(*told) for part, told in parts.items() if told[0]}
    for name, estimate in load_estimates().items():
        found[estimate.series] = PublicNumber(estimate.title, estimate.rounding, (name,))
    return found
