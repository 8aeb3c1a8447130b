"""What was published before, read from the files of earlier releases; and how a release must continue it.

A reader of its own: `leadstats.audit` reads the CSV files, this the Parquet file, and neither knows the
other. A slip in one cannot hide a number from both; that the two files agree is for the audit to find.
"""

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pyarrow.parquet

from leadstats.model import periods
from leadstats.narrative.spreadsheet import FORMULA_STARTS
from leadstats.release.hierarchy import Key, PlanError
from leadstats.release.plan import ELSEWHERE, ReleasePlan

BETWEEN = "; "  # the categories of a corrected number
IS_SHOWN = {"ok": True, "suppressed": False}


@dataclass(frozen=True)
class EarlierTable:
    """Numbers by period and categories; None where the number is hidden."""

    series: str
    levels: tuple[str, ...]  # the period's first
    numbers: dict[tuple[str, ...], int | None]


@dataclass(frozen=True)
class Rounded:
    """An estimate as it is published: multiples of `step`; without a range where only an end is said."""

    value: int
    low: int | None
    high: int | None
    step: int
    bound: str = ""  # at_most, at_least


@dataclass(frozen=True)
class Correction:
    """A published number that a later release has replaced; new is None where it is hidden since."""

    table: str
    period: str
    categories: tuple[str, ...]
    old: int
    new: int | None
    reason: str
    day: date


@dataclass(frozen=True)
class EarlierRelease:
    name: str
    threshold: int
    rounding: int
    tables: tuple[EarlierTable, ...]
    zones: Mapping[str, str]  # by neighborhood
    is_rebased: bool = False  # its numbers take the place of all earlier ones
    corrections: tuple[Correction, ...] = ()  # of all releases up to this one
    not_only_added: tuple[str, ...] = ()  # likewise
    published_on: date = date.min
    estimates: Mapping[str, Mapping[str, Rounded | None]] = field(default_factory=dict)  # by series, by year


@dataclass(frozen=True, eq=False)
class Before:
    """What earlier releases say of a measure: by cell the shown number, or None where it is hidden."""

    numbers: Mapping[Key, int | None]
    tables: tuple[tuple[str, ...], ...]  # the levels of each published table, time first
    first: date | None  # month
    last: date | None  # month
    # By level: each code, and how far the last release without it reached
    levels: Mapping[str, Mapping[str, date]]

    def is_absent(self, key: Key) -> bool:
        """The category was not known when the period was published: it has no cell there."""
        period = periods.last_month(key[0][1])
        return any(
            level in self.levels and self.levels[level].get(code, self.last) >= period
            for level, code in key[1:]
        )


def read(folder: Path) -> EarlierRelease:
    """Raises PlanError for a folder that does not say all that a release must continue."""
    try:
        package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
        about, zones = package["leadstats"], folder / "data/places.csv"
        tables = {
            resource["name"]: EarlierTable(
                resource["leadstats"]["measure"], tuple(resource["leadstats"]["levels"]), {}
            )
            for resource in package["resources"]
            if resource.get("leadstats", {}).get("kind") == "counts"
        }
        for row in pyarrow.parquet.read_table(folder / "public.parquet").to_pylist():
            table = tables[row["table"]]
            codes = (row["period"], *(_as_written(row[level]) for level in table.levels[1:]))
            if IS_SHOWN[row["value_status"]] != (row["value"] is not None):
                raise ValueError(f"{row['table']}, {', '.join(codes)}: status and value disagree")
            table.numbers[codes] = row["value"]
        return EarlierRelease(
            package["version"],
            about["threshold"],
            about["rounding"],
            tuple(tables.values()),
            _zones(zones) if zones.is_file() else {},
            about.get("is_rebased", False),
            tuple(_corrections(folder / "data/corrections.csv")),
            tuple(about.get("not_only_added", ())),
            date.fromisoformat(package["created"][:10]),
            {
                resource["leadstats"]["measure"]: _estimates(folder / resource["path"])
                for resource in package["resources"]
                if resource.get("leadstats", {}).get("kind") == "estimates"
            },
        )
    except (OSError, KeyError, ValueError, pyarrow.ArrowException) as error:
        raise PlanError(f"{folder.name} was published, but cannot be continued: {error}") from error


def _as_written(code: str) -> str:
    """Without the quotation mark that keeps spreadsheets from running a name as a formula."""
    return code[1:] if code.startswith("'") and code[1:].startswith(FORMULA_STARTS) else code


def _zones(path: Path) -> dict[str, str]:
    with path.open(encoding="utf-8", newline="") as lines:
        _, *rows = csv.reader(lines)
    return {_as_written(place): _as_written(zone) for place, zone in rows}


def _estimates(path: Path) -> dict[str, Rounded | None]:
    with path.open(encoding="utf-8", newline="") as lines:
        return {row["period"]: _rounded(row) for row in csv.DictReader(lines)}


def _rounded(row: Mapping[str, str]) -> Rounded | None:
    if IS_SHOWN[row["value_status"]] != bool(row["value"]):
        raise ValueError(f"{row['period']}: status and value disagree")
    if not row["value"]:
        return None
    low, high = (int(row[end]) if row[end] else None for end in ("low", "high"))
    return Rounded(int(row["value"]), low, high, int(row["rounded_to"]), row["bound"])


def _corrections(path: Path) -> Iterator[Correction]:
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            yield Correction(
                row["table"],
                row["period"],
                tuple(map(_as_written, filter(None, _as_written(row["categories"]).split(BETWEEN)))),
                int(row["old"]),
                int(row["new"]) if row["new"] else None,
                _as_written(row["reason"]),
                date.fromisoformat(row["date"]),
            )


def before(series: str, earlier: Sequence[EarlierRelease]) -> Before:
    """Earlier releases in the order of publication; numbers are those since the last re-base."""
    numbers: dict[Key, int | None] = {}
    tables: dict[tuple[str, ...], None] = {}
    reach: list[tuple[date, dict[str, set[str]]]] = []
    for release in earlier:
        codes: dict[str, set[str]] = {}
        own = [table for table in release.tables if table.series == series]
        if release.is_rebased:
            numbers = {}
        for table in own:
            tables[table.levels] = None
            for cell, number in table.numbers.items():
                key = tuple(zip(table.levels, cell, strict=True))
                numbers[key] = numbers.get(key) if number is None else number
                for level, code in key:
                    codes.setdefault(level, set()).add(code)
        if own:
            reach.append((max(periods.last_month(cell[0]) for table in own for cell in table.numbers), codes))
    return Before(
        numbers,
        tuple(tables),
        _first_month(numbers),
        max((last for last, _ in reach), default=None),
        _known(reach),
    )


def _first_month(numbers: Mapping[Key, int | None]) -> date | None:
    finest = min((periods.PUBLISHED.index(key[0][0]) for key in numbers), default=0)
    shortest = (key[0][1] for key in numbers if key[0][0] == periods.PUBLISHED[finest])
    return min(map(periods.first_month, shortest), default=None)


def _known(reach: Sequence[tuple[date, Mapping[str, set[str]]]]) -> dict[str, dict[str, date]]:
    known: dict[str, dict[str, date]] = {}
    for _, codes in reach:
        for level, held in codes.items():
            known.setdefault(level, {}).update(dict.fromkeys(held, date.min))
    for last, codes in reach:
        for level in known.keys() & codes.keys():
            for code in known[level].keys() - codes[level]:
                known[level][code] = max(known[level][code], last)
    return known


def check_zones(plan: ReleasePlan, earlier: Sequence[EarlierRelease]) -> None:
    """Zones never change once published: two outlines of one area would give away the difference."""
    for release in earlier:
        for place, zone in release.zones.items():
            if zone != next((name for name, members in plan.zones.items() if place in members), zone):
                raise PlanError(
                    f"zones: {place} was published as part of {zone} in {release.name}; zones cannot change"
                )
        if release.zones and set(release.zones.values()) - set(plan.zones) - {ELSEWHERE}:
            raise PlanError(f"zones: those of {release.name} must stay in the plan")
