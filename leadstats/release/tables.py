"""The numbers of a release as the public gets them: tables without anything hidden in them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from leadstats.counting.view import Merged
from leadstats.model.measures import Measure
from leadstats.release.disclosure.suppression import Hidden, rounded
from leadstats.release.hierarchy import Key
from leadstats.release.merged import merged
from leadstats.release.plan import ReleasePlan

Codes = tuple[str, ...]


def name_of(series: str, levels: Sequence[str]) -> str:
    return "-by-".join((series, "-".join(levels)))


@dataclass(frozen=True)
class PublicTable:
    """Numbers of one measure by period and categories; None is hidden."""

    measure: Measure
    levels: tuple[str, ...]  # the period's first
    numbers: Mapping[Codes, int | None]
    is_sum: bool = False
    merged: Mapping[str, Merged] = field(default_factory=dict)  # of everybody, by hidden period

    @property
    def series(self) -> str:
        return f"{self.measure.name}_{self.measure.sum_unit}" if self.is_sum else self.measure.name

    @property
    def name(self) -> str:
        return name_of(self.series, self.levels)

    @property
    def title(self) -> str:
        return self.measure.sum_title if self.is_sum else self.measure.title

    @property
    def unit(self) -> str:
        return self.measure.sum_unit if self.is_sum else self.measure.unit

    @property
    def definition(self) -> str:
        return self.measure.sum_definition if self.is_sum else self.measure.definition


@dataclass(frozen=True)
class ShareRow:
    """A percentage and its two counts; all None where one of the counts is hidden or too small."""

    codes: Codes
    percent: int | None = None
    bound: str = ""  # at_most, at_least: the percentages near 0 and 100 stay vague
    numerator: int | None = None
    denominator: int | None = None


@dataclass(frozen=True)
class ShareTable:
    measure: Measure
    levels: tuple[str, ...]
    rows: tuple[ShareRow, ...]
    series: str
    unit: str

    @property
    def definition(self) -> str:
        return self.measure.sum_definition or self.measure.definition

    @property
    def name(self) -> str:
        return "-by-".join((f"{self.series}-percent", "-".join(self.levels)))


def public_tables(
    measure: Measure, hidden: Hidden, plan: ReleasePlan, is_sum: bool = False
) -> Iterator[PublicTable]:
    numbers = rounded(hidden.values, plan.rounding) if plan.rounding else hidden.values
    cells: dict[tuple[str, ...], dict[Codes, int | None]] = {}
    for position, key in enumerate(hidden.cube.keys):
        if not hidden.is_absent[position]:
            levels, codes = _levels(key), tuple(code for _, code in key)
            cells.setdefault(levels, {})[codes] = (
                None if hidden.is_hidden[position] else int(numbers[position])
            )
    everybody = {
        levels: {code: number for (code,), number in own.items()}
        for levels, own in cells.items()
        if len(levels) == 1
    }
    # What rounded numbers leave of a sum is not known.
    found = (
        {} if plan.rounding else merged({level: own for (level,), own in everybody.items()}, plan.threshold)
    )
    for levels in sorted(cells, key=lambda levels: (len(levels), levels)):
        own = {code: found[code] for code in everybody.get(levels, ()) if code in found}
        yield PublicTable(measure, levels, cells[levels], is_sum, own)


def share_tables(tables: Sequence[PublicTable], plan: ReleasePlan) -> Iterator[ShareTable]:
    """The share of "yes" for each table with an outcome, from shown counts only; of what a measure sums up,
    where it does."""
    numbers = {(table.series, table.levels): table.numbers for table in tables}
    for table in tables:
        if table.levels[-1] != "outcome" or table.is_sum != bool(table.measure.sum_unit):
            continue
        levels = table.levels[:-1]
        wholes = numbers[table.series, levels]
        rows = tuple(_share(codes, table.numbers, whole, plan) for codes, whole in wholes.items())
        yield ShareTable(table.measure, levels, rows, table.series, table.unit)


def _share(codes: Codes, parts: Mapping[Codes, int | None], whole: int | None, plan: ReleasePlan) -> ShareRow:
    part, rest = parts.get((*codes, "yes")), parts.get((*codes, "no"))
    if part is None or rest is None or whole is None or whole < plan.least_denominator or part > whole:
        return ShareRow(codes)
    exact = Fraction(100 * part, whole)
    if exact <= plan.percent_ends:
        return ShareRow(codes, plan.percent_ends, "at_most", part, whole)
    if exact >= 100 - plan.percent_ends:
        return ShareRow(codes, 100 - plan.percent_ends, "at_least", part, whole)
    return ShareRow(codes, int(exact + Fraction(1, 2)), "", part, whole)


def _levels(key: Key) -> tuple[str, ...]:
    return tuple(level for level, _ in key)


def shown(tables: Iterable[PublicTable]) -> int:
    return sum(number is not None for table in tables for number in table.numbers.values())


def places(tables: Iterable[PublicTable]) -> list[str]:
    """All neighborhoods that stand in a table, in alphabetical order."""
    found: set[str] = set()
    for table in tables:
        if "neighborhood" in table.levels:
            position = table.levels.index("neighborhood")
            found |= {codes[position] for codes in table.numbers}
    return sorted(found)
