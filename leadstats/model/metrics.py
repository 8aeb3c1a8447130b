"""What a metric is, and how one file of queries/metrics/ declares one or several."""

import functools
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec

from leadstats.model.declarations import QUERIES, DeclarationError, Declared, declared, header, keys
from leadstats.model.language import SOURCE, say, spoken
from leadstats.model.messages import Problem
from leadstats.model.schema import BREAKDOWNS, FACTS, RECORDS, TABLES
from leadstats.model.settings import Site

MACROS = (QUERIES / "scope.sql", QUERIES / "outcomes.sql")  # what the SQL of all metrics is written in
FINER_MACROS = QUERIES / "atoms.sql"  # replaces some of them, to count by person and month
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
    "case managers",
    "cases",
    "warrants",
    "per 1,000 residents a year",
)
# The stages at which groups are compared, in the order people go through LEAD.
STAGES = (
    "arrest_to_diversion",
    "arrest_to_booking",
    "referral_to_intake",
    "intake_to_engaged",
    "homeless_to_housed",
)
# What a site may or may not record: columns of its exports, facts about them, keys of site.toml.
RECORDED = {
    *(f"{table.name}.{column.name}" for table in TABLES.values() for column in table.columns),
    *FACTS,
    *(f"site.{key}" for key in keys(Site)),
}
Source = Literal[tuple(TABLES)]
Whole = Annotated[int, msgspec.Meta(ge=1)]


class Counted(Declared, kw_only=True):
    """Something counted from exports, and what they must have for it to be known."""

    sources: tuple[Source, ...]  # canonical tables it counts from; the data end with the one that ends first
    optional: tuple[Source, ...] = ()  # sources that may be missing, as long as one of them is there
    needs: tuple[str, ...] = ()  # what must be recorded, beyond required columns: see `needed`
    records: Literal[(*RECORDS, "")] = ""  # the kind of record it counts; "": without breakdowns

    def __post_init__(self) -> None:
        for name in {each for needed in self.needed for each in needed} - RECORDED:
            raise DeclarationError("needs", "a column of an export or a setting", name, RECORDED)

    @property
    def needed(self) -> tuple[tuple[str, ...], ...]:
        """What must be recorded for the number to be known, at least one name of each tuple: "table.column" of the
        exports, one of FACTS, or "site.key" of the settings. Columns of an optional source count only if it is loaded."""
        return alternatives(self.needs)

    def needed_by(self, breakdown: str) -> tuple[tuple[str, ...], ...]:
        """The same for the categories of a breakdown."""
        return alternatives(RECORDS.get(self.records, {}).get(breakdown, ()))


@functools.cache
def alternatives(needs: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """Each need of a header as its alternative names, any of which is enough."""
    return tuple(tuple(need.split(" or ")) for need in needs)


class Metric(Counted, kw_only=True):
    """One number the product can show: what the header of its SQL file says, and the SQL below it."""

    name: str  # never changes, since links contain it
    sql: str
    title: str
    unit: Literal[UNITS]
    definition: str
    filters: tuple[Literal["place", "pathway"], ...] = ("place", "pathway")
    population: str = ""  # who can be counted at all
    within: tuple[str, ...] = ()  # metrics whose people this one is a part of, the widest first
    caution: str = ""
    place: str = ""  # which place the neighborhood filter means
    estimator: str = "count"  # a name in leadstats.counting.estimators.ESTIMATORS
    part: str = ""  # which part the estimator uses: see its docstring
    horizon_days: Whole | None = None  # how long each person or event must have been followed
    looks_back: Mapping[Source, Whole] = {}  # how many days before each of them a source must cover
    whole_years: bool = False  # always for calendar years, whatever months are asked for
    is_stock: bool = False  # the state at a period's end; periods do not add up
    # Whether counts by month, person and dimensions add up to those of any view, each person counted once. They do not
    # if the SQL looks at a whole view, such as for each person's latest record in it. See leadstats.counting.cube.
    adds_up: bool = True
    categories: tuple[str, ...] = ()  # fixed categories of the metric's own, such as kinds of cost
    # Neighboring categories that are shown as one if either is too small, by the name they then have.
    together: Mapping[str, tuple[str, ...]] = {}
    stage: Literal[(*STAGES, "")] = ""  # the equity stage this metric is, if any
    benefit: bool | None = (
        None  # whether more is better; required for stages. If more is worse, goals are ceilings
    )
    method: str = ""  # formula and section of methods in words
    version: Whole = 1  # raised when the meaning changes; CHANGELOG says how

    def __post_init__(self) -> None:
        if not self.sources:
            raise DeclarationError("sources", "at least one table")
        for source in set(self.optional) - set(self.sources):
            raise DeclarationError("optional", "one of the sources", source, self.sources)
        for source in set(self.looks_back) - set(self.sources):
            raise DeclarationError("looks_back", "one of the sources", source, self.sources)
        super().__post_init__()
        parts = [part for found in self.together.values() for part in found]
        for part in {part for part in parts if part not in self.categories or parts.count(part) > 1}:
            raise DeclarationError(
                "together", "a category of the metric, in one place", part, self.categories
            )
        if not self.definition.endswith("."):
            raise DeclarationError("definition", "a sentence that ends with a full stop")

    @property
    def breakdowns(self) -> tuple[str, ...]:
        own = RECORDS.get(self.records, {})
        return tuple(name for name in BREAKDOWNS if name in own)


class PublicMetric(Metric, kw_only=True):
    """A number of a public release, with the words in which it is published."""

    breakdowns: tuple[Literal[tuple(BREAKDOWNS)], ...] = ()  # the published ones, whatever the records have
    sentence: str = ""  # says the number in a sentence
    bounded_sentence: str = ""  # the same when only a bound is given
    # For a stage worded differently than inside: see narrative.equity_sentences
    wording: tuple[str, ...] = ()


def translated(metric: Metric) -> Metric:
    """The metric with its words in the reader's language."""
    if spoken() is SOURCE:
        return metric
    words = ("title", "definition", "caution", "method", "population")
    return msgspec.structs.replace(metric, **{name: say(getattr(metric, name)) for name in words})


class UnreadableMetric(Metric, kw_only=True):
    """Takes the place of a metric whose file is wrong: it has a name, and no number."""

    sql: str = ""
    unit: Literal[UNITS] = UNITS[0]
    definition: str = ""
    sources: tuple[Source, ...] = ()
    fault: Problem

    def __post_init__(self) -> None:
        pass


def metrics_of(path: Path) -> Iterator[Metric]:
    """The metrics of one file. Raises DeclarationError.

    A file declares one metric, under its own name, or several in tables [metrics.NAME], which hold what differs;
    everything else is shared. "{days}" in a text is replaced by the metric's horizon.
    """
    shared = header(path)
    own_name, sql = shared.pop("name"), shared.pop("sql")
    members = shared.pop("metrics", {own_name: {}})
    if not isinstance(members, dict) or not all(isinstance(own, dict) for own in members.values()):
        raise DeclarationError("metrics", "a table [metrics.NAME] for each of them").within(path)
    for name, own in members.items():
        try:
            yield declared(Metric, path, _with_days({**shared, **own}) | {"name": name, "sql": sql})
        except DeclarationError as error:
            is_own = error.field.partition(".")[0] in own
            raise error.within(path, f"metrics.{name}" if is_own else "") from None


def _with_days(values: dict[str, Any]) -> dict[str, Any]:
    days = str(values.get("horizon_days", "{days}"))
    return {
        key: each.replace("{days}", days) if isinstance(each, str) else each for key, each in values.items()
    }
