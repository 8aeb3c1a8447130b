"""What may be counted for the public: hides the file format of queries/release/."""

import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from leadstats.model.declarations import HEADER, QUERIES
from leadstats.model.metrics import MetricError


@dataclass(frozen=True)
class Measure:
    """People to count for the public: the header of an SQL file, and the SQL below it.

    Each person stands in one period and one category only, so that all numbers add up.
    """

    name: str
    title: str
    unit: str
    definition: str
    sql: str
    sources: tuple[str, ...]
    every: str  # the finest period: month, or year where a person counts once a year
    breakdowns: tuple[str, ...]
    sentence: str  # says one number of one period
    caution: str = ""
    question: str = ""  # what the outcome answers
    yes: str = ""
    no: str = ""
    watched_days: int = 0  # how long a person must have been followed for the outcome to be known
    yes_title: str = ""
    yes_definition: str = ""
    yes_sentence: str = ""
    share_definition: str = ""
    share_sentence: str = ""
    stage: str = ""  # the equity stage that the outcome answers, and its words (compare.Wording)
    wording: tuple[str, ...] = ()
    sum_unit: str = ""  # of the second number, if the query sums something up
    sum_title: str = ""
    sum_definition: str = ""
    sum_sentence: str = ""
    # The metrics in whose place the public pages show this one, its "yes", its percentage, its sum.
    stands_for: tuple[str, ...] = ()
    yes_stands_for: tuple[str, ...] = ()
    share_stands_for: tuple[str, ...] = ()


@functools.cache
def load_measures(folder: Path = QUERIES / "release") -> Mapping[str, Measure]:
    """All measures by name, in alphabetical order."""
    return {path.stem: _load_measure(path) for path in sorted(folder.glob("*.sql"))}


def _load_measure(path: Path) -> Measure:
    match = HEADER.match(path.read_text(encoding="utf-8"))
    if match is None:
        raise MetricError(f"{path.name}: start the file with a /* ... */ header")
    try:
        header = {
            field: tuple(value) if isinstance(value, list) else value
            for field, value in tomllib.loads(match["header"]).items()
        }
        return Measure(name=path.stem, sql=match["sql"], **header)
    except (TypeError, tomllib.TOMLDecodeError) as error:
        raise MetricError(f"{path.name}: {error}") from error
