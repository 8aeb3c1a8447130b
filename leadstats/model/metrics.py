"""Reads queries/metrics/ into Metric objects: hides the file format of a metric."""

import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from leadstats.model.declarations import HEADER, QUERIES, keys
from leadstats.model.schema import BREAKDOWNS, TABLES
from leadstats.model.settings import Site

MACROS = (QUERIES / "scope.sql", QUERIES / "outcomes.sql")  # what the SQL of all metrics is written in
UNITS = (
    "people",
    "referrals",
    "arrests",
    "stops",
    "contacts",
    "bookings",
    "exits",
    "nights",
    "nights per person-year",
    "bookings per person-year",
    "arrests per person-year",
    "beds",
    "dollars",
    "days",
    "percent",
    "people per case manager",
)

# What a site may or may not record: columns of its exports, keys of site.toml.
RECORDED = {
    *(f"{table.name}.{column.name}" for table in TABLES.values() for column in table.columns),
    *(f"site.{key}" for key in keys(Site)),
}


class MetricError(ValueError):
    """A metric file that breaks the contract; the text names file and field."""


@dataclass(frozen=True)
class Metric:
    """One number the product can show: the header of its SQL file, and the SQL below it."""

    name: str  # the file name; stable forever, it stands in links
    title: str
    unit: str
    definition: str
    sql: str
    sources: tuple[str, ...]  # canonical tables it counts from; of those loaded, the earliest bounds the data
    optional: tuple[str, ...] = ()  # those of the sources that may be missing, as long as one is there
    needs: tuple[str, ...] = ()  # what must be recorded, beyond required columns: see `needed`
    breakdowns: tuple[str, ...] = ()
    filters: tuple[str, ...] = ("place", "pathway")
    population: str = ""  # who can be counted at all
    within: tuple[str, ...] = ()  # metrics that this one narrows, the widest first
    caution: str = ""
    place: str = ""  # which place the neighborhood filter means
    estimator: str = "count"  # a name in leadstats.estimate.ESTIMATORS
    horizon_days: int | None = None  # how long each person or event must have been followed
    is_stock: bool = False  # the state at a period's end; periods do not add up
    categories: tuple[str, ...] = ()  # fixed categories of the metric's own, e.g. kinds of cost
    stage: str = ""  # the equity stage this metric is, if any
    sentence: str = ""  # of a released metric: says its number aloud
    wording: tuple[str, ...] = ()  # of a stage that reads otherwise than inside: see compare.Wording
    benefit: bool | None = None  # for stages: more is better for the person (True) or worse
    method: str = ""  # formula and section of methods in words
    version: int = 1  # raised when the meaning changes; CHANGELOG says how

    def __post_init__(self) -> None:
        for problem in self._problems():
            raise MetricError(f"{self.name}.sql: {problem}")

    @property
    def needed(self) -> tuple[tuple[str, ...], ...]:
        """What the number is not known without, one of each tuple: "table.column" of the exports, or
        "site.key" of the settings. A column of an optional source counts only where that is loaded."""
        return tuple(tuple(need.split(" or ")) for need in self.needs)

    def _problems(self):
        if self.unit not in UNITS:
            yield f"unit {self.unit!r} is not one of {', '.join(UNITS)}"
        if unknown := set(self.sources) - set(TABLES):
            yield f"sources: no such table {', '.join(sorted(unknown))}"
        if unknown := set(self.breakdowns) - set(BREAKDOWNS):
            yield f"breakdowns: no such breakdown {', '.join(sorted(unknown))}"
        if unknown := set(self.filters) - {"place", "pathway"}:
            yield f"filters: no such filter {', '.join(sorted(unknown))}"
        if not self.sources:
            yield "sources: name at least one table"
        if unknown := set(self.optional) - set(self.sources):
            yield f"optional: not among the sources: {', '.join(sorted(unknown))}"
        if unknown := {each for needed in self.needed for each in needed} - RECORDED:
            yield f"needs: neither a column nor a setting: {', '.join(sorted(unknown))}"
        if not self.definition.endswith("."):
            yield "definition: write a sentence that ends with a full stop"


def load_metric(path: Path) -> Metric:
    match = HEADER.match(path.read_text(encoding="utf-8"))
    if match is None:
        raise MetricError(f"{path.name}: start the file with a /* ... */ header")
    try:
        header = {
            field: tuple(value) if isinstance(value, list) else value
            for field, value in tomllib.loads(match["header"]).items()
        }
        return Metric(name=path.stem, sql=match["sql"], **header)
    except (TypeError, tomllib.TOMLDecodeError) as error:
        raise MetricError(f"{path.name}: {error}") from error


@functools.cache
def load_metrics(folder: Path = QUERIES / "metrics") -> Mapping[str, Metric]:
    """All metrics by name, in alphabetical order."""
    return {path.stem: load_metric(path) for path in sorted(folder.glob("*.sql"))}
