"""What may be published and under which rules: plan.toml."""

import itertools
from collections.abc import Collection, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from leadstats.model import periods
from leadstats.model.codes import CATEGORIES
from leadstats.model.declarations import DeclarationError, Declared, declared, parsed
from leadstats.model.measures import Measure, load_estimates, load_measures
from leadstats.model.schema import OUTSIDE, UNKNOWN
from leadstats.release.hierarchy import Hierarchy, PlanError

ELSEWHERE = "Elsewhere or unknown"
OUTCOMES = ("yes", "no")
PLACES = ("neighborhood", "zone")
FIXED = ("race", "age_band", "pathway")  # breakdowns whose categories the schema lists
# Exports write sex freely: each category, and how it is written.
SEXES: Mapping[str, tuple[str, ...]] = {
    "Another": ("X", "Other", "Nonbinary", "Non-binary", "Transgender"),
    "Female": ("F", "Woman"),
    "Male": ("M", "Man"),
}
LEAST_THRESHOLD = 5
Count = Annotated[int, msgspec.Meta(ge=0)]


class PlannedTable(Declared):
    """One table of the plan: the first of `times` with enough large cells is published."""

    measure: str
    times: tuple[Literal[periods.PUBLISHED], ...]
    by: tuple[str, ...] = ()
    least_share: float | None = None

    @property
    def name(self) -> str:
        return " by ".join((self.measure, " and ".join(self.by) or "time alone"))


class Dominance(Declared):
    """When one or two people make up too much of a sum, in percent."""

    tolerance_percent: Count = 10
    largest_percent: Count = 50
    two_largest_percent: Count = 85


class Publisher(Declared):
    """Who answers for the numbers, and the address under which the releases will stand."""

    name: str = ""  # empty: the name of the program
    email: str = "lead@example.org"
    address: str = "https://example.org/lead/"


class ReleasePlan(Declared):
    """launch: the first month of all numbers, if stated."""

    tables: tuple[PlannedTable, ...] = ()
    estimates: tuple[str, ...] = ()
    launch: date | None = None
    threshold: Annotated[int, msgspec.Meta(ge=LEAST_THRESHOLD)] = 11
    rounding: int = 0
    lag_days: Count = 45
    least_share: float = 0.3
    least_denominator: Count = 30
    percent_ends: Count = 5
    drift_percent: Count = 20
    dominance: Dominance = Dominance()
    publisher: Publisher = Publisher()
    zones: Mapping[str, tuple[str, ...]] = {}
    neighborhoods: tuple[str, ...] = ()  # where no boundary file names them
    sex: Mapping[str, tuple[str, ...]] = msgspec.field(default_factory=lambda: dict(SEXES))

    def __post_init__(self) -> None:
        if self.rounding not in (0, 5):
            raise DeclarationError("rounding", "0 (exact) or 5")
        zoned = [place for places in self.zones.values() for place in places]
        if len(zoned) != len(set(zoned)) or ELSEWHERE in self.zones:
            raise DeclarationError("zones", "each neighborhood in one zone only")
        for table in self.tables:
            _check(table)
        for name in set(self.estimates) - set(load_estimates()):
            raise DeclarationError("estimates", "the name of an estimate", name, load_estimates())


def load_plan(path: Path | None = None) -> ReleasePlan:
    """Raises PlanError, in one line, for what it does not know."""
    path = path or Path(__file__).with_name("plan.toml")
    try:
        return declared(ReleasePlan, path, parsed(path, path.read_bytes()))
    except DeclarationError as error:
        raise PlanError(str(error)) from error


def _check(table: PlannedTable) -> None:
    measure = load_measures().get(table.measure)
    if measure is None:
        raise DeclarationError("tables.measure", "the name of a measure", table.measure, load_measures())
    finest = periods.PUBLISHED.index(measure.every)
    if not table.times or not set(table.times) <= set(periods.PUBLISHED[finest:]):
        known = ", ".join(periods.PUBLISHED[finest:])
        raise DeclarationError("tables.times", f"{table.name}: one or more of {known}")
    # A person who counts once a year counts up to three times in three years.
    if measure.every == "year" and "three_years" in table.times:
        raise DeclarationError("tables.times", f"{table.name}: years, which cannot be added up here,")
    known = {*measure.breakdowns, *(["zone"] if "neighborhood" in measure.breakdowns else [])}
    for breakdown in set(table.by) - known:
        raise DeclarationError("tables.by", f"a breakdown of {table.measure}", breakdown, known)
    if {"zone", "neighborhood"} <= set(table.by):
        raise DeclarationError("tables.by", f"{table.name}: zones or their neighborhoods")


def declared_categories(breakdown: str, plan: ReleasePlan, bounded: Collection[str]) -> tuple[str, ...]:
    """The categories of a breakdown by law: a row exists because it is listed, never because somebody is
    in it. Empty where nobody has listed any.

    bounded: the neighborhoods that the boundary file names.
    """
    if breakdown == "outcome":
        return OUTCOMES
    if breakdown in FIXED:
        known = CATEGORIES[breakdown]
        return (*(each for each in known if each.lower() != UNKNOWN.lower()), *_unknown(breakdown))
    if breakdown == "sex":
        return (*plan.sex, UNKNOWN)
    zoned = {place for places in plan.zones.values() for place in places}
    named = sorted({*bounded, *zoned, *plan.neighborhoods} - {OUTSIDE, UNKNOWN})
    return (*named, *([OUTSIDE] if bounded else []), UNKNOWN) if named else ()


def breakdown_of(level: str) -> str:
    """The name of the hierarchy that a level belongs to."""
    return "time" if level in periods.PUBLISHED else "place" if level in PLACES else level


def category_of(breakdown: str, written: str, plan: ReleasePlan, known: Collection[str]) -> str:
    """The declared category of what the data say; what nobody has declared is unknown."""
    if breakdown == "sex":
        told = written.strip().casefold()
        for category, spellings in plan.sex.items():
            if told in {each.casefold() for each in (category, *spellings)}:
                return category
    return written if written in known else _unknown(breakdown)[0]


def _unknown(breakdown: str) -> tuple[str, ...]:
    """How a breakdown calls what nobody knows; an outcome is always known."""
    return tuple(each for each in CATEGORIES.get(breakdown, (UNKNOWN,)) if each.lower() == UNKNOWN.lower())


def last_closed(measure: Measure, plan: ReleasePlan, reach: date) -> str:
    """The last period of the measure that is over for long enough, as far as the data reach."""
    settled = reach - timedelta(days=max(plan.lag_days, measure.watched_days))
    return periods.label(periods.last_complete(settled, measure.every), measure.every)


def time_hierarchy(
    every: str, first: str, last: str, published: Collection[str] = (), is_cut: bool = False
) -> Hierarchy:
    """All periods from first to last; a longer one exists once it is over, and if it is whole: one that
    began before the first month would say of the rest how few they are. What was `published` stays.

    is_cut: periods before the first are not recorded, so none exists that would hold them.
    """
    finest = periods.between(first, last)
    start, end = periods.first_month(first), periods.last_month(last)
    parents: dict[str, dict[str, str | None]] = {every: dict.fromkeys(finest)}
    levels = [every] if every == "year" else list(periods.PUBLISHED)
    for below, level in itertools.pairwise(levels):
        found: dict[str, str | None] = {}
        for code in parents[below]:
            parent = periods.label(periods.first_month(code), level)
            # Three years of which the first are not counted at all are the sum of the others.
            may_begin_before = level == "three_years" and start.month == 1 and not is_cut
            is_whole = periods.first_month(parent) >= start or may_begin_before
            if periods.last_month(parent) <= end and (is_whole or parent in published):
                parents[below][code] = parent
                found[parent] = None
        parents[level] = found
    return Hierarchy("time", tuple(levels), parents, has_total=False)


def place_hierarchy(places: tuple[str, ...], plan: ReleasePlan) -> Hierarchy:
    if not plan.zones:
        return Hierarchy("place", ("neighborhood",), {"neighborhood": dict.fromkeys(places)})
    zone_of = {place: zone for zone, members in plan.zones.items() for place in members}
    lying_in = {place: zone_of.get(place, ELSEWHERE) for place in places}
    zones = [zone for zone in (*plan.zones, ELSEWHERE) if zone in lying_in.values()]
    return Hierarchy(
        "place", ("neighborhood", "zone"), {"neighborhood": lying_in, "zone": dict.fromkeys(zones)}
    )
