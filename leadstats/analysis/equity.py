"""Groups compared with a reference group at one stage, using only numbers that may be shown."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from leadstats.analysis import clear
from leadstats.counting.database import Database
from leadstats.counting.measure import Ask, measure
from leadstats.counting.together import ALL_OTHERS
from leadstats.counting.view import ANALYST, AUDIENCES, Cell, Filters, require
from leadstats.model.metrics import Metric
from leadstats.model.schema import UNKNOWN
from leadstats.statistics import intervals

EVERYONE_ELSE = (
    "Everyone else"  # a reference: for each group all other people, including those of unknown race
)
IN_COMBINATION = "race_alone_or_in_combination"
# What groups are compared with by default: see docs/decisions.md. No sentence leaves it out.
REFERENCE = "White"
SMALL_GROUP = 30
ANSWERED = (
    0.9  # the least share of people of known race in groups that are shown; below it more months are counted
)
# What a ratio must rest on to be shown to partners: smaller counts swing by chance.
LEAST_PEOPLE, LEAST_EVENTS = 10, 5


@dataclass(frozen=True)
class EquityRow:
    """One group at one stage against the reference; rates in percent, gaps in percentage points.

    None: not shown, or meaningless (the reference against itself; an infinite limit).
    additional_people: how many more records of the group would have had the outcome at the reference's rate; negative
    if fewer. fares_worse: the gap is to the group's disadvantage: less of a benefit, or more of a burden. is_clear: it
    is clear of chance (`analysis.clear`). is_adverse: both.
    """

    group: str
    n: int | None = None
    x: int | None = None
    rate: float | None = None
    rate_low: float | None = None
    rate_high: float | None = None
    gap: float | None = None
    gap_low: float | None = None
    gap_high: float | None = None
    ratio: float | None = None
    ratio_low: float | None = None
    ratio_high: float | None = None
    additional_people: float | None = None
    additional_low: float | None = None
    additional_high: float | None = None
    reference_n: int | None = None
    reference_rate: float | None = None
    hidden: str | None = None
    is_clear: bool = False
    is_adverse: bool = False
    fares_worse: bool = False


@dataclass(frozen=True)
class EquityTable:
    """All groups at one stage. total: all its records, including hidden groups and unknown race; None if that may not
    be shown. ratio_bounds: how far each ratio could go if all races were known. comparisons: how many the data allow,
    each group at each stage, including the reference (`clear.of_groups`). shown: the share of records of known race
    that are in groups that are shown; None if that cannot be told. others: the groups that are too small, together, if
    they are enough. is_pooled: over more months than were chosen."""

    stage: str
    metric: Metric
    reference: str
    filters: Filters
    rows: tuple[EquityRow, ...]
    unknown: Cell | None
    total: int | None
    ratio_bounds: Mapping[str, tuple[float | None, float | None]]
    missing: tuple[str, ...] = ()
    comparisons: int = 0
    shown: float | None = None
    others: EquityRow | None = None
    is_pooled: bool = False

    @property
    def is_answered(self) -> bool:
        """Whether nearly everybody is in a group that is shown by itself."""
        return bool(self.missing) or self.shown is not None and self.shown >= ANSWERED

    @property
    def members(self) -> tuple[str, ...]:
        """The groups shown together as all others."""
        unknown = (UNKNOWN,) if self.unknown and self.unknown.hidden else ()
        return (*(row.group for row in self.rows if row.hidden), *unknown) if self.others else ()


def references(database: Database) -> tuple[str, ...]:
    """The reference groups one can choose."""
    return (*(group for group in database.categories.get("race", ()) if group != UNKNOWN), EVERYONE_ELSE)


def equity(
    database: Database,
    stage: str,
    filters: Filters,
    audience: str = AUDIENCES[0],
    reference: str = REFERENCE,
    ask: Ask = measure,
) -> EquityTable:
    """Each race at a stage of the way through LEAD, over the whole span of months: one group a person,
    unless the filters ask for races alone or in combination. Those are held against the people whose
    only race is the reference, so that nobody is on both sides.

    Raises FilterError for an unknown stage, reference or filter.
    """
    stages = database.stages
    require("stage", stage, tuple(stages))
    require("reference group", reference, references(database))
    metric = stages[stage]
    whole = replace(filters, by="total", breakdown="race", second_breakdown=None, is_together=True)
    shown = whole
    if filters.breakdown == IN_COMBINATION:
        shown = replace(whole, breakdown=IN_COMBINATION, is_together=False)
    published = ask(database, metric, whole, audience)
    cells = {cell.category: cell for cell in published.cells}
    others = cells.pop(ALL_OTHERS, None)
    comparisons = clear.of_groups(cells.values())
    if shown != whole:
        combined = {cell.category: cell for cell in ask(database, metric, shown, audience).cells}
        cells = {**combined, **{name: cells[name] for name in (reference, UNKNOWN) if name in cells}}
    unknown = cells.pop(UNKNOWN, None)
    everyone = replace(whole, breakdown=None, is_together=False)
    total = next(iter(ask(database, metric, everyone, audience).cells), None)

    def other_side(cell: Cell) -> Cell | None:
        return everyone_else(total, cell) if reference == EVERYONE_ELSE else cells.get(reference)

    def row(cell: Cell) -> EquityRow:
        return _row(metric, cell, other_side(cell), audience, comparisons)

    rows = tuple(map(row, cells.values()))
    bounds = {}
    if unknown and unknown.denominator:
        for each in (each for each in rows if each.gap is not None):
            against = other_side(cells[each.group])
            # Without people of unknown race, who may be on either side.
            known = everyone_else(against, unknown) if reference == EVERYONE_ELSE else against
            bounds[each.group] = ratio_bounds(cells[each.group], known, unknown)
    return EquityTable(
        stage,
        metric,
        reference,
        published.filters,
        rows,
        unknown,
        total.denominator if total else None,
        bounds,
        published.missing or published.not_recorded,
        comparisons,
        _shown(total, unknown, published.cells),
        row(others) if others and shown == whole else None,
    )


def _shown(total: Cell | None, unknown: Cell | None, cells: Sequence[Cell]) -> float | None:
    if total is None or not total.denominator:
        return None if total is None or total.hidden else 1.0
    known = total.denominator - (unknown.denominator or 0 if unknown else 0)
    groups = (cell for cell in cells if cell.category not in (UNKNOWN, ALL_OTHERS))
    return sum(cell.denominator or 0 for cell in groups) / known if known else 1.0


def everyone_else(total: Cell, cell: Cell) -> Cell:
    """All but one group; without a number if either number may not be shown."""
    if total.hidden or cell.hidden:
        return Cell(None, EVERYONE_ELSE)
    counts = {
        name: getattr(total, name) - getattr(cell, name)
        for name in ("people", "numerator", "denominator", "events", "value")
        if getattr(total, name) is not None and getattr(cell, name) is not None
    }
    if counts.get("denominator"):
        counts["value"] = 100 * counts["numerator"] / counts["denominator"]
    return Cell(None, EVERYONE_ELSE, **counts)


def ratio_bounds(group: Cell, reference: Cell, unknown: Cell) -> tuple[float | None, float | None]:
    """The ratio if people of unknown race were divided between the two groups in the two most extreme ways."""
    with_event, without = unknown.numerator, unknown.denominator - unknown.numerator
    return (
        _ratio(
            group.numerator,
            group.denominator + without,
            reference.numerator + with_event,
            reference.denominator + with_event,
        ),
        _ratio(
            group.numerator + with_event,
            group.denominator + with_event,
            reference.numerator,
            reference.denominator + without,
        ),
    )


def _row(metric: Metric, cell: Cell, reference: Cell, audience: str, comparisons: int) -> EquityRow:
    row = EquityRow(
        cell.category, cell.denominator, cell.numerator, cell.value, cell.low, cell.high, hidden=cell.hidden
    )
    if cell.hidden or not cell.denominator or cell is reference or not reference.denominator:
        return row
    counts = (cell.numerator, cell.denominator, reference.numerator, reference.denominator)
    gap, low, high = (100 * points for points in intervals.difference(*counts))
    missed = tuple(-cell.denominator * points / 100 for points in (gap, high, low))
    row = replace(
        row,
        gap=gap,
        gap_low=low,
        gap_high=high,
        additional_people=missed[0],
        additional_low=missed[1],
        additional_high=missed[2],
        reference_n=reference.denominator,
        reference_rate=reference.value,
    )
    if audience == ANALYST or _is_large_enough(cell) and _is_large_enough(reference):
        ratio = intervals.ratio(*counts) or (None, None, None)
        row = replace(
            row, **dict(zip(("ratio", "ratio_low", "ratio_high"), map(_finite, ratio), strict=True))
        )
    is_clear = clear.differs(counts, comparisons)
    # Every stage in a release is a benefit.
    fares_worse = gap > 0 if metric.benefit is False else gap < 0
    return replace(row, is_clear=is_clear, is_adverse=is_clear and fares_worse, fares_worse=fares_worse)


def _is_large_enough(cell: Cell) -> bool:
    without = cell.denominator - cell.numerator
    return cell.denominator >= LEAST_PEOPLE and min(cell.numerator, without) >= LEAST_EVENTS


def _ratio(count: int, total: int, reference_count: int, reference_total: int) -> float | None:
    if not (total and reference_count):
        return None
    return (count / total) / (reference_count / reference_total)


def _finite(value: float | None) -> float | None:
    return value if value is None or math.isfinite(value) else None
