"""What an outsider holds: the files of a release, read without any help from those who wrote them."""

import csv
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow.parquet

SHOWN = "ok"


class UnreadableError(ValueError):
    """A folder that is not a release; the text says what is missing, in one line."""


@dataclass(frozen=True)
class ReleaseTable:
    """Numbers by period and categories; None where the number is hidden."""

    name: str
    measure: str
    levels: tuple[str, ...]
    numbers: Mapping[tuple[str, ...], int | None]
    people: str | None = None  # of a sum (nights): the measure that counts the people behind it
    merged: Mapping[tuple[str, ...], int] = field(default_factory=dict)  # periods, and their number together


@dataclass(frozen=True)
class Share:
    """One percentage of a release with the counts beside it."""

    table: str
    measure: str
    levels: tuple[str, ...]
    codes: tuple[str, ...]
    part: tuple[str, str]  # the level and code that the numerator counts
    percent: int | None
    bound: str
    numerator: int | None
    denominator: int | None


@dataclass(frozen=True)
class PublishedEstimate:
    """One year of an estimate; no number where it is not published."""

    table: str
    series: str
    year: str
    rule: str
    rests_on: tuple[str, ...]  # a series, and the level and code of it that is meant
    beside: str  # a series that counts, by when it happened, what the share leaves out
    value: int | None
    low: int | None
    high: int | None
    step: int | None
    bound: str


@dataclass(frozen=True)
class PublishedRelease:
    name: str
    threshold: int
    rounding: int
    percent_ends: int
    least_denominator: int
    tables: tuple[ReleaseTable, ...]
    shares: tuple[Share, ...]
    zones: Mapping[str, str]
    damage: tuple[str, ...]
    estimates: tuple[PublishedEstimate, ...] = ()
    # Of all releases up to this one, its own last, so that whoever lacks one in between knows of them too.
    corrections: tuple[Mapping[str, str], ...] = ()
    not_only_added: tuple[str, ...] = ()  # measures of which records were withdrawn or put elsewhere
    goes_on_from: tuple[str, ...] = ()  # the releases that its program knew

    def corrected_since(self, earlier: "PublishedRelease") -> tuple[Mapping[str, str], ...]:
        return self.corrections[len(earlier.corrections) :]

    def not_only_added_since(self, earlier: "PublishedRelease") -> tuple[str, ...]:
        return self.not_only_added[len(earlier.not_only_added) :]


def read(folder: Path) -> PublishedRelease:
    """Raises UnreadableError for a folder without a data package."""
    try:
        package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
        about = package["leadstats"]
        tables, shares, estimates, zones = [], [], [], {}
        for resource in package["resources"]:
            rows = _rows(folder / resource["path"]) if resource["path"].endswith(".csv") else []
            described = resource.get("leadstats", {})
            if described.get("kind") == "counts":
                tables.append(_table(resource["name"], described, rows))
            elif described.get("kind") == "shares":
                shares += _shares(resource["name"], described, rows)
            elif described.get("kind") == "estimates":
                estimates += [_estimate(resource["name"], described, row) for row in rows]
            elif described.get("kind") == "places":
                zones = {row["neighborhood"]: row["zone"] for row in rows}
        return PublishedRelease(
            package["version"],
            about["threshold"],
            about["rounding"],
            about["percent_ends"],
            about["least_denominator"],
            tuple(tables),
            tuple(shares),
            zones,
            (*_damage(folder), *_other_copy(folder, tables)),
            tuple(estimates),
            tuple(_rows(folder / "data/corrections.csv")),
            tuple(about.get("not_only_added", ())),
            tuple(json.loads((folder / "release.json").read_text("utf-8"))["protected_together_with"]),
        )
    except (OSError, KeyError, ValueError) as error:
        raise UnreadableError(f"{folder} is not a release that can be read: {error}") from error


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _table(name: str, described: Mapping[str, Any], rows: list[dict[str, str]]) -> ReleaseTable:
    levels = tuple(described["levels"])
    columns = ("period", *levels[1:])
    numbers = {
        tuple(row[column] for column in columns): int(row["value"]) if row["value"] else None for row in rows
    }
    about = described["measure"], levels, numbers, described.get("people")
    return ReleaseTable(name, *about, _merged(name, rows))


def _merged(name: str, rows: list[dict[str, str]]) -> dict[tuple[str, ...], int]:
    """Earlier releases have no such columns."""
    found: dict[tuple[str, ...], int] = {}
    for row in rows:
        if row.get("merged_periods"):
            periods, number = tuple(row["merged_periods"].split()), int(row["merged_value"])
            if found.setdefault(periods, number) != number or not set(periods) <= {
                row["period"] for row in rows
            }:
                raise ValueError(f"{name} has two numbers, or no rows, of {row['merged_periods']}")
    return found


def _shares(name: str, described: Mapping[str, Any], rows: list[dict[str, str]]) -> list[Share]:
    levels = tuple(described["levels"])
    return [
        Share(
            name,
            described["measure"],
            levels,
            tuple(row[column] for column in ("period", *levels[1:])),
            (described["part"][0], described["part"][1]),
            int(row["value"]) if row["value"] else None,
            row["bound"],
            int(row["numerator"]) if row["numerator"] else None,
            int(row["denominator"]) if row["denominator"] else None,
        )
        for row in rows
    ]


def _estimate(name: str, described: Mapping[str, Any], row: Mapping[str, str]) -> PublishedEstimate:
    value, low, high, step = (
        int(row[part]) if row[part] else None for part in ("value", "low", "high", "rounded_to")
    )
    about = described["measure"], row["period"], described["rule"], tuple(described["rests_on"])
    return PublishedEstimate(name, *about, described["beside"], value, low, high, step, row["bound"])


def _damage(folder: Path) -> list[str]:
    """Files that are not what the list of check sums says, or not in it."""
    listed = dict(
        reversed(line.split("  ", 1))
        for line in (folder / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    )
    present = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} - {
        "SHA256SUMS"
    }
    changed = [
        name
        for name in sorted(present & set(listed))
        if hashlib.sha256((folder / name).read_bytes()).hexdigest() != listed[name]
    ]
    return (
        [f"{name} was changed after the release" for name in changed]
        + [f"{name} is missing" for name in sorted(set(listed) - present)]
        + [f"{name} does not belong to the release" for name in sorted(present - set(listed))]
    )


def _other_copy(folder: Path, tables: list[ReleaseTable]) -> list[str]:
    """The same numbers lie in public.parquet; a number hidden in one and shown in the other is a leak."""
    levels = {table.name: table.levels for table in tables}
    rows = pyarrow.parquet.read_table(folder / "public.parquet").to_pylist()
    held = {
        (row["table"], row["period"], *(row[level] for level in levels[row["table"]][1:])): row["value"]
        for row in rows
    }
    held |= {
        (row["table"], row["merged_periods"]): row["merged_value"]
        for row in rows
        if row.get("merged_periods")
    }
    expected = {(table.name, *codes): number for table in tables for codes, number in table.numbers.items()}
    for table in tables:
        expected |= {(table.name, " ".join(periods)): number for periods, number in table.merged.items()}
    wrong = sorted(
        {str(key[0]) for key in held.keys() ^ expected.keys()}
        | {str(key[0]) for key in held.keys() & expected.keys() if held[key] != expected[key]}
    )
    return [f"public.parquet and the CSV of {name} differ" for name in wrong]
