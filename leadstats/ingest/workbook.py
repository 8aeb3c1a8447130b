"""Workbooks to rows of text: hides their formats and cells, and refuses those that are made to exhaust a reader."""

import io
import json
import re
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import python_calamine

from leadstats.ingest.inbox import INFLATED_BYTES, INFLATED_RATIO, SourceFile
from leadstats.ingest.layout import DAY_ZERO, LINES_LOOKED_AT, Cells, Grid, Printout, Rows
from leadstats.model.messages import Fault, Problem, problem

ROOT = Path(__file__).resolve().parents[2]
OLE = b"\xd0\xcf\x11\xe0"  # how an .xls begins, and whatever Office has locked with a password
WORKBOOK_BYTES = 500_000_000
WORKBOOK_PARTS = 5_000
# The reader lays a sheet out as one rectangle, however few of its cells are filled.
WORKBOOK_CELLS = 60_000_000
WORKBOOK_COLUMNS = 2_000
FULL_SHEETS = (65_536, 1_048_576)  # rows at which the two formats of Excel end, whatever was to come
CHUNK = 1 << 20
OVERLAP = 160  # longer than what is looked for, which the end of a chunk may cut in two
PROLOG = 4_096
SECONDS = 300
REFERENCE = re.compile(rb"""\br=["']([A-Z]{0,9})(\d+)["']""")
REPEATED = re.compile(rb"""number-(rows|columns)-repeated=["'](\d+)["']""")
FROM_1904 = re.compile(rb"""date1904=["'](?:1|true|on)["']|null-date[^>]{1,60}date-value=["']1904-01-01""")
LOCKED = re.compile(rb"manifest:encryption-data")
OPEN_DOCUMENT_TIME = re.compile(r"PT(\d+)H(\d+)M(\d+)([.,]\d+)?S")
# Records of an .xls: where they begin, that all others are encrypted, that days count from 1904, the end.
BOOK, ENCRYPTED, DATE_MODE, END = b"\x09\x08\x10\x00\x00\x06\x05\x00", 0x2F, 0x22, 0x0A
ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")


@dataclass(frozen=True)
class _Sheet:
    name: str
    is_visible: bool
    size: tuple[int, int]  # the last row and column that hold anything
    rows: Callable[[], Iterable[Cells]]  # from the first row and column on, blank ones too


def open_sheet(source: SourceFile, wanted: str | None) -> Grid:
    """The chosen sheet: the one asked for, else one named like the file, else the fullest in sight.

    Raises Fault if it cannot be read, or if the table goes on on other sheets.
    """
    content = source.content()
    if content.startswith(OLE):
        return _chosen(source, *_old_sheets(source, content), wanted)
    day_zero = _inspected(source, content)
    try:
        sheets = list(_sheets(content))
    except (python_calamine.CalamineError, zipfile.BadZipFile) as error:
        raise Fault(problem("LD-105", file=source.name)) from error
    return _chosen(source, sheets, day_zero, wanted)


def _chosen(source: SourceFile, sheets: Sequence[_Sheet], day_zero: date, wanted: str | None) -> Grid:
    filled = [sheet for sheet in sheets if sheet.is_visible and all(sheet.size)]
    named = [sheet for sheet in sheets if sheet.name == wanted]
    if wanted and not named:
        listed = f"one of the sheets: {', '.join(sheet.name for sheet in sheets)}"
        raise Fault(problem("LD-108", file="mapping.toml", value=wanted, wanted=listed))
    named = named or [sheet for sheet in filled if sheet.name.lower() == source.stem]
    if not named and not filled:
        raise Fault(problem("LD-104", file=source.name))
    sheet = named[0] if named else max(filled, key=lambda each: each.size[0] * each.size[1])
    others = [each for each in filled if each.name != sheet.name]
    if not wanted and (alike := [each.name for each in others if _header(each) == _header(sheet)]):
        value = ", ".join([sheet.name, *alike])
        raise Fault(problem("LD-132", file=source.name, value=value, likely=sheet.name))
    notes: list[Problem] = []
    if others:
        notes.append(problem("LD-115", file=source.name, value=", ".join(each.name for each in others)))
    if sheet.size[0] in FULL_SHEETS:
        notes.append(problem("LD-107", file=source.name, sheet=sheet.name, row=sheet.size[0]))
    return Grid(_numbered(sheet), sheet.name, tuple(notes), day_zero)


def _header(sheet: _Sheet) -> list[str]:
    head = [(row, cells) for row, cells in zip(range(1, LINES_LOOKED_AT), sheet.rows(), strict=False)]
    return [name.lower() for name in Printout(head).header]


def _numbered(sheet: _Sheet) -> Rows:
    for row, cells in enumerate(sheet.rows(), start=1):
        yield row, cells if any(cells) else []


def _sheets(content: bytes) -> Iterator[_Sheet]:
    book = python_calamine.load_workbook(io.BytesIO(content))
    for about in book.sheets_metadata:
        if about.typ == python_calamine.SheetTypeEnum.WorkSheet:
            sheet = book.get_sheet_by_name(about.name)
            is_visible = about.visible == python_calamine.SheetVisibleEnum.Visible
            size = [index + 1 for index in sheet.end or (-1, -1)]
            yield _Sheet(about.name, is_visible, tuple(size), _rows_of(sheet))


def _rows_of(sheet: python_calamine.CalamineSheet) -> Callable[[], Iterable[Cells]]:
    # Blank rows at the top are among the rows given, blank columns at the left are not.
    left = [None] * (sheet.start[1] if sheet.start else 0)
    return lambda: (left + list(map(as_text, cells)) for cells in sheet.iter_rows())


def as_text(cell: object) -> str | None:
    """A typed cell as a text export would write it."""
    if cell is None:
        return None
    if isinstance(cell, str):
        # Times of 24 hours and more come as OpenDocument writes them.
        is_time = cell.startswith("PT") and (parts := OPEN_DOCUMENT_TIME.fullmatch(cell))
        return f"{parts[1]}:{parts[2]}:{parts[3]}" if is_time else cell
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        # Days with a fraction end up a thousandth of a second before the full one.
        return (cell + timedelta(milliseconds=500)).replace(microsecond=0).isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        minutes, seconds = divmod(round(cell.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
    return str(cell)


def _old_sheets(source: SourceFile, content: bytes) -> tuple[list[_Sheet], date]:
    records = dict(_first_records(content))
    if ENCRYPTED_PACKAGE in content or ENCRYPTED in records:
        raise Fault(problem("LD-130", file=source.name))
    if not records:
        raise Fault(problem("LD-105", file=source.name))
    # A damaged .xls can make the reader ask for more memory than there is, which ends its process.
    program = "from leadstats.ingest.workbook import print_sheets; print_sheets()"
    command = [sys.executable, "-c", program]
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=SECONDS, cwd=ROOT)
    except subprocess.TimeoutExpired as error:
        raise Fault(problem("LD-105", file=source.name, value="a damaged workbook")) from error
    if done.returncode:
        raise Fault(problem("LD-105", file=source.name, value="a damaged workbook"))
    sheets = [
        _Sheet(name, is_visible, tuple(size), rows.__iter__)
        for name, is_visible, size, rows in map(json.loads, done.stdout.splitlines())
    ]
    return sheets, date(1904, 1, 1) if records.get(DATE_MODE) == b"\x01\x00" else DAY_ZERO


def print_sheets() -> None:
    """The sheets of a workbook on standard input, one a line of JSON."""
    for sheet in _sheets(sys.stdin.buffer.read()):
        sys.stdout.write(json.dumps([sheet.name, sheet.is_visible, sheet.size, list(sheet.rows())]) + "\n")


def _first_records(content: bytes) -> Iterator[tuple[int, bytes]]:
    """What an .xls says of itself as a whole, before its fonts and sheets: kinds of records and what they hold."""
    position = content.find(BOOK)
    while 0 <= position < len(content) - 4:
        kind = int.from_bytes(content[position : position + 2], "little")
        length = int.from_bytes(content[position + 2 : position + 4], "little")
        yield kind, content[position + 4 : position + 4 + length]
        if kind == END:
            return
        position += 4 + length


def _inspected(source: SourceFile, content: bytes) -> date:
    """What day numbers count from; Fault for a workbook that is locked, damaged or a bomb."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            inflated = sum(part.file_size for part in parts.infolist())
            if inflated > WORKBOOK_BYTES or inflated > max(INFLATED_BYTES, INFLATED_RATIO * len(content)):
                raise Fault(problem("LD-103", file=source.name, value="inflates too far"))
            if len(parts.infolist()) > WORKBOOK_PARTS:
                raise Fault(problem("LD-103", file=source.name, value="too many parts"))
            xml = [part for part in parts.infolist() if part.filename.lower().endswith((".xml", ".rels"))]
            is_from_1904 = [_inspect_part(source, parts, part) for part in xml]
    # Damaged, cut off, packed in a way Python does not know, or locked as a zip: no table to read.
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise Fault(problem("LD-102", file=source.name)) from error
    return date(1904, 1, 1) if any(is_from_1904) else DAY_ZERO


def _inspect_part(source: SourceFile, parts: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    """A part may neither define words of its own, which can nest without end, nor name far cells.

    Whether it says that days count from 1904.
    """
    name = part.filename.lower()
    is_sheet, is_about = "worksheets/" in name, name in ("xl/workbook.xml", "content.xml")
    rows = columns = 0
    is_from_1904 = False
    with parts.open(part) as stream:
        chunk = stream.read(CHUNK)
        if b"<!DOCTYPE" in chunk[:PROLOG].replace(b"\0", b"").upper():
            raise Fault(problem("LD-103", file=source.name, value="entities of its own"))
        if name == "meta-inf/manifest.xml" and LOCKED.search(chunk):
            raise Fault(problem("LD-130", file=source.name))
        while chunk and (is_sheet or is_about):
            for letters, digits in REFERENCE.findall(chunk) if is_sheet else ():
                rows, columns = max(rows, int(digits)), max(columns, _column(letters))
            if any(int(number) > FULL_SHEETS[1] for _, number in REPEATED.findall(chunk) if is_about):
                raise Fault(problem("LD-105", file=source.name, value="too many cells"))
            is_from_1904 = is_from_1904 or (is_about and FROM_1904.search(chunk) is not None)
            following = stream.read(CHUNK)
            chunk = chunk[-OVERLAP:] + following if following else b""
    if columns > WORKBOOK_COLUMNS:
        raise Fault(problem("LD-105", file=source.name, value=f"{columns:,} columns"))
    if rows * columns > WORKBOOK_CELLS:
        raise Fault(problem("LD-105", file=source.name, value=f"{rows:,} rows of {columns} columns"))
    return is_from_1904


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + letter - ord("A") + 1
    return number
