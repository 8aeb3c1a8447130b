"""A few rows before and after, with everything hidden that could point to a person."""

import contextlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import duckdb

from leadstats.ingest import stations
from leadstats.ingest.mapping import fill
from leadstats.ingest.reading import Sample, StagedFile
from leadstats.model.messages import masked
from leadstats.model.schema import TABLES, Column
from leadstats.model.settings import FileMapping
from leadstats.recognition.profile import Profile

ROWS = 3
LONGEST = 40
TEXT = "(text)"
HIDDEN = "•••"


@dataclass(frozen=True)
class Preview:
    """Rows as they stand in the file (`before`) and as they will be read (`after`), both masked."""

    table: str
    theirs: tuple[str, ...]
    ours: tuple[str, ...]
    before: tuple[tuple[str, ...], ...]
    after: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Draft:
    """What a preview is worked out from: the first rows of a file, and how they would be read.

    columns: the whole file's, by which a text that many rows share is told from one that is somebody's.
    """

    rows: Sample
    mapping: FileMapping
    columns: Sequence[Profile]


def previews(drafts: Iterable[Draft]) -> Iterator[Preview]:
    """Reads the rows as a build would. That takes longer than to find out how, so only for whoever shows them."""
    with contextlib.closing(duckdb.connect()) as connection:
        stations.create(connection, is_tiny=True)
        for draft in drafts:
            connection.begin()  # what this one writes is gone before the next
            few = draft.rows.put(connection, "staged.preview")
            fill(connection, few, [draft.mapping])
            yield _preview(connection, few, draft.mapping, draft.columns)
            connection.rollback()


def _preview(
    connection: duckdb.DuckDBPyConnection,
    staged: StagedFile,
    mapping: FileMapping,
    profiles: Sequence[Profile],
) -> Preview:
    """Rows of raw.<table> beside the rows of the file they came from; columns that nothing fills are left out."""
    table = TABLES[mapping.table]
    raw = connection.table(f"raw.{table.name}").order("row_number")
    found = raw.limit(ROWS).fetchall()
    names = raw.columns
    after = [dict(zip(names, row, strict=True)) for row in found]
    numbers = {row["row_number"] for row in after}
    before = {
        row[0]: dict(zip(staged.header, row[1:], strict=True))
        for row in connection.table(staged.table).fetchall()
        if row[0] in numbers
    }
    plain = {header.lower(): header for header in staged.header}
    columns = [
        (column, [plain[h.lower()] for h in _headers(column, mapping) if h.lower() in plain])
        for column in table.columns
    ]
    columns = [(c, headers) for c, headers in columns if headers or c.name in mapping.constants]
    return Preview(
        table.name,
        tuple(" | ".join(headers) or "(the same for every row)" for _, headers in columns),
        tuple(column.name for column, _ in columns),
        tuple(
            tuple(
                _shown(
                    " | ".join(before[row["row_number"]][h] or "" for h in headers), column, headers, profiles
                )
                for column, headers in columns
            )
            for row in after
        ),
        tuple(
            tuple(_shown(row[column.name] or "", column, headers, profiles) for column, headers in columns)
            for row in after
        ),
    )


def _headers(column: Column, mapping: FileMapping) -> list[str]:
    headers = list(mapping.columns.get(column.name, ()))
    if column.name == "race":
        headers += mapping.marked
    if column.name == "people" and mapping.wide:
        headers.append(next(iter(mapping.wide)))
    return headers or [column.name]


def _shown(value: str, column: Column, headers: list[str], profiles: Sequence[Profile]) -> str:
    """Numbers of people, births and places of events masked; a text only if many rows share it."""
    if column.privacy == "identifier":
        return " | ".join(part.strip()[:1] + HIDDEN if part.strip() else "" for part in value.split("|"))
    if column.privacy != "plain":
        return masked(value)
    is_text = column.kind == "text" or column.other
    if is_text and column.name not in ("neighborhood",) and headers:
        kinds = [each for each in profiles if each.header in headers]
        is_shared = all(each.distinct <= max(20, each.filled // 10) for each in kinds)
        return value if is_shared and len(value) <= LONGEST else TEXT if value else ""
    value = value.removesuffix("T00:00:00").replace("T", " ") if column.is_date else value
    return value if len(value) <= LONGEST else value[:LONGEST] + "..."
