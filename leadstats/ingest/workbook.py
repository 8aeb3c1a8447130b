"""Workbooks to rows of text: hides their cells, and refuses those that are made to exhaust a reader."""

import io
import re
import zipfile
import zlib
from collections.abc import Generator
from datetime import date, datetime

import python_calamine

from leadstats.ingest.inbox import INFLATED_BYTES, INFLATED_RATIO, SourceFile
from leadstats.model.messages import Fault, Problem, problem

WORKBOOK_BYTES = 500_000_000
WORKBOOK_PARTS = 5_000
# The reader lays a sheet out as one rectangle, however few of its cells are filled.
WORKBOOK_CELLS = 60_000_000
WORKBOOK_COLUMNS = 2_000
CHUNK = 1 << 20
PROLOG = 4_096
REFERENCE = re.compile(rb"""\br=["']([A-Z]{0,3})(\d{1,7})["']""")

Rows = Generator[tuple[int, list[str | None]], None, None]


def open_sheet(source: SourceFile, wanted: str | None) -> tuple[str, list[Problem], Rows]:
    """The name of the chosen sheet, notes, and its rows. Raises Fault if it cannot be read."""
    content = source.content()
    _refuse_bombs(source, content)
    try:
        workbook = python_calamine.load_workbook(io.BytesIO(content))
        names = workbook.sheet_names
        sheets = {name: workbook.get_sheet_by_name(name) for name in names}
    except (python_calamine.CalamineError, zipfile.BadZipFile) as error:
        raise Fault(problem("LD-105", file=source.name)) from error
    filled = [name for name, sheet in sheets.items() if sheet.height]
    chosen = wanted or next((name for name in filled if name.lower() == source.stem), None)
    chosen = chosen or next(iter(filled), None)
    if chosen is None:
        raise Fault(problem("LD-104", file=source.name))
    if chosen not in sheets:
        listed = f"one of the sheets: {', '.join(names)}"
        raise Fault(problem("LD-108", file="mapping.toml", value=chosen, wanted=listed))
    others = [name for name in filled if name != chosen]
    notes = [problem("LD-115", file=source.name, value=", ".join(others))] if others else []
    return chosen, notes, _rows(sheets[chosen])


def _rows(sheet: python_calamine.CalamineSheet) -> Rows:
    above = sheet.start[0] if sheet.start else 0  # blank rows at the top are not among the rows given
    left = sheet.start[1] if sheet.start else 0
    for row, values in enumerate(sheet.iter_rows(), start=above + 1):
        cells = [None] * left + [as_text(value) for value in values]
        yield row, cells if any(cells) else []


def as_text(cell: object) -> str | None:
    """A typed cell as a text export would write it."""
    if cell is None:
        return None
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, (date, datetime)):
        return cell.isoformat()
    return str(cell)


def _refuse_bombs(source: SourceFile, content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            inflated = sum(part.file_size for part in parts.infolist())
            if inflated > WORKBOOK_BYTES or inflated > max(INFLATED_BYTES, INFLATED_RATIO * len(content)):
                raise Fault(problem("LD-103", file=source.name, value="inflates too far"))
            if len(parts.infolist()) > WORKBOOK_PARTS:
                raise Fault(problem("LD-103", file=source.name, value="too many parts"))
            for part in parts.infolist():
                if part.filename.lower().endswith((".xml", ".rels")):
                    _refuse_part(source, parts, part)
    # Damaged, cut off, packed in a way Python does not know, or locked with a password: no table to read.
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise Fault(problem("LD-102", file=source.name)) from error


def _refuse_part(source: SourceFile, parts: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """A part may neither define words of its own, which can nest without end, nor name far cells."""
    is_sheet = "worksheets/" in part.filename.lower()
    rows = columns = 0
    with parts.open(part) as stream:
        chunk = stream.read(CHUNK)
        if b"<!DOCTYPE" in chunk[:PROLOG].replace(b"\0", b"").upper():
            raise Fault(problem("LD-103", file=source.name, value="entities of its own"))
        while is_sheet and chunk:
            for letters, digits in REFERENCE.findall(chunk):
                rows, columns = max(rows, int(digits)), max(columns, _column(letters))
            following = stream.read(CHUNK)
            chunk = chunk[-20:] + following if following else b""
    if columns > WORKBOOK_COLUMNS:
        raise Fault(problem("LD-105", file=source.name, value=f"{columns:,} columns"))
    if rows * columns > WORKBOOK_CELLS:
        raise Fault(problem("LD-105", file=source.name, value=f"{rows:,} rows of {columns} columns"))


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + letter - ord("A") + 1
    return number
