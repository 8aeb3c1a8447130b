"""Export files in, text tables with row numbers out: hides encodings and separators."""

import codecs
import contextlib
import csv
import functools
import gzip
import io
import zipfile
import zlib
from collections import deque
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import BinaryIO

import duckdb
import pyarrow as pa
import pyarrow.parquet
import python_calamine

from leadstats.ingest.inbox import INFLATED_BYTES, INFLATED_RATIO, SourceFile
from leadstats.problems import ROWS_LISTED, Fault, Problem, problem

DELIMITERS = ",;\t|"
BATCH_ROWS = 50_000
LINE_LIMIT = 1_000_000  # characters
COLUMN_LIMIT = 2_000
RECORD_LINES = 100  # a broken record longer than this is an open quotation mark, not a stray one
WORKBOOK_BYTES = 500_000_000


@dataclass(frozen=True)
class Layout:
    """Where the table lies in a file; the default is a header in the first row that is not blank."""

    sheet: str | None = None
    header_row: int | None = None
    skip_after_header: int = 0


@dataclass(frozen=True)
class StagedFile:
    """A file as text in the database: `table` has row_number and one VARCHAR column per header."""

    file: str
    file_number: int
    table: str
    header: tuple[str, ...]  # as given; a repeated name gets _2, _3, ...
    rows: int  # in the table
    rejected: int  # more rows that could not be taken apart
    problems: tuple[Problem, ...]
    repeated: frozenset[str] = frozenset()  # names that stand twice in the header
    sheet: str | None = None

    @property
    def read(self) -> int:
        return self.rows + self.rejected


@dataclass(frozen=True)
class Account:
    """What became of the rows of one file, as one table: read = the sum of the four others."""

    file: str
    file_number: int
    table: str
    read: int
    loaded: int = 0
    rejected: int = 0
    duplicate: int = 0
    out_of_scope: int = 0
    source: str = ""  # whose numbering of people: the table's name, or "hmis"
    words: tuple[tuple[str, str], ...] = ()  # our columns and theirs
    sheet: str | None = None

    def word(self, column: str) -> str:
        return dict(self.words).get(column, column)


@dataclass(frozen=True)
class Loaded:
    """What a group of files gave: `accounts` of rows decided so far, and what was wrong."""

    accounts: tuple[Account, ...] = ()
    problems: tuple[Problem, ...] = ()


def stage(
    connection: duckdb.DuckDBPyConnection, source: SourceFile, number: int, layout: Layout = Layout()
) -> StagedFile:
    """Writes a file into the database as text, in batches. Raises Fault if it cannot be read."""
    sheet, notes, records = _open_records(source, layout)
    writer = _Writer(connection, source.name, f"staged.file_{number}", layout)
    try:
        with contextlib.closing(records):
            for row, cells in records:
                writer.add(row, cells)
        writer.finish()
    except (zipfile.BadZipFile, zlib.error, EOFError, gzip.BadGzipFile) as error:
        raise Fault(problem("LD-102", file=source.name)) from error
    return StagedFile(
        file=source.name,
        file_number=number,
        table=writer.table,
        header=tuple(writer.header),
        rows=writer.rows,
        rejected=sum(found.count for found in writer.problems()),
        problems=(*notes, *writer.problems()),
        repeated=frozenset(writer.repeated),
        sheet=sheet,
    )


def peek(source: SourceFile) -> tuple[str, ...]:
    """The header of a file, to judge what it may be; empty if it is no table at all."""
    try:
        _, _, records = _open_records(source, Layout())
        with contextlib.closing(records):
            return next((tuple(cells) for _, cells in records if cells), ())
    except (Fault, zipfile.BadZipFile, zlib.error, EOFError):
        return ()


Records = Generator[tuple[int, list[str | None] | None], None, None]


def _open_records(source: SourceFile, layout: Layout) -> tuple[str | None, list[Problem], Records]:
    """Sheet, notes, and records by the row a spreadsheet shows; None for one that makes no sense."""
    try:
        with source.open() as stream:
            start = stream.read(8)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError) as error:
        raise Fault(problem("LD-102", file=source.name)) from error
    name = source.base.lower()
    if not start:
        raise Fault(problem("LD-104", file=source.name))
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        raise Fault(problem("LD-107", file=source.name))
    if start.startswith(b"PK"):
        return _workbook_records(source, layout)
    if start.startswith(b"PAR1"):
        return None, [], _parquet_records(source)
    if name.endswith((".xlsx", ".parquet")):
        raise Fault(problem("LD-105", file=source.name))
    notes, records = _text_records(source, is_gzip=start.startswith(b"\x1f\x8b"))
    return None, notes, records


class _Writer:
    """Gathers records into column batches; memory does not grow with the number of rows."""

    def __init__(self, connection, file: str, table: str, layout: Layout):
        self.connection, self.file, self.table, self.layout = connection, file, table, layout
        self.header: list[str] = []
        self.repeated: set[str] = set()
        self.rows = 0
        self._first_row = 0  # of the data
        self._batch: list[list[str | None]] = []
        self._numbers: list[int] = []
        self._bad: dict[str, list[int]] = {"LD-109": [], "LD-110": []}
        self._bad_counts = {"LD-109": 0, "LD-110": 0}

    def add(self, row: int, cells: list[str | None] | None) -> None:
        if not self.header:
            if (cells and any(cells)) and row >= (self.layout.header_row or 1):
                self._start(row, cells)
        elif row < self._first_row or cells == []:
            return
        elif cells is None:
            self._reject("LD-110", row)
        elif len(cells) < len(self.header) or any(cells[len(self.header) :]):
            self._reject("LD-109", row)
        else:
            self._numbers.append(row)
            self._batch.append(cells if len(cells) == len(self.header) else cells[: len(self.header)])
            if len(self._batch) == BATCH_ROWS:
                self._flush()

    def finish(self) -> None:
        if not self.header:
            raise Fault(problem("LD-104", file=self.file))
        self._flush()

    def problems(self) -> list[Problem]:
        return [
            problem(
                code,
                file=self.file,
                rows=rows,
                count=self._bad_counts[code],
                wanted=str(len(self.header)),
            )
            for code, rows in self._bad.items()
            if rows
        ]

    def _start(self, row: int, cells: list[str | None]) -> None:
        if len(cells) > COLUMN_LIMIT:
            raise Fault(problem("LD-105", file=self.file, value=f"{len(cells):,} columns"))
        self._first_row = row + 1 + self.layout.skip_after_header
        taken = {"row_number"}  # compared without case, as DuckDB compares
        for position, cell in enumerate(cells, start=1):
            name = unique = " ".join((cell or "").split()) or f"column {position}"
            while unique.lower() in taken:
                self.repeated.add(name)
                copies = sum(other.lower().startswith(name.lower()) for other in taken)
                unique = f"{name}_{copies + 1}"
            taken.add(unique.lower())
            self.header.append(unique)
        self._columns().create(self.table)

    def _reject(self, code: str, row: int) -> None:
        self._bad_counts[code] += 1
        if len(self._bad[code]) < ROWS_LISTED:
            self._bad[code].append(row)

    def _columns(self) -> duckdb.DuckDBPyRelation:
        columns = zip(*self._batch, strict=True) if self._batch else [()] * len(self.header)
        arrays = [pa.array(self._numbers, pa.int64()), *(pa.array(column, pa.string()) for column in columns)]
        return self.connection.from_arrow(pa.Table.from_arrays(arrays, ["row_number", *self.header]))

    def _flush(self) -> None:
        if self._batch:
            self._columns().insert_into(self.table)
            self.rows += len(self._batch)
            self._batch, self._numbers = [], []


def _text_records(source: SourceFile, is_gzip: bool) -> tuple[list[Problem], Records]:
    encoding, notes = _encoding(source, is_gzip)
    with _text(source, is_gzip, encoding) as stream:
        first = next(filter(str.strip, _Lines(stream, source.name)), None)
    if first is None:
        raise Fault(problem("LD-104", file=source.name))
    if first.lstrip().lower().startswith(("<!doctype", "<html", "<?xml", "{", "%pdf")):
        raise Fault(problem("LD-105", file=source.name, value=first.strip()[:20]))
    counts = {mark: len(next(csv.reader([first], delimiter=mark))) for mark in DELIMITERS}
    delimiter = max(counts, key=counts.get)
    if delimiter != ",":
        shown = {"\t": "tab"}.get(delimiter, delimiter)
        notes.append(problem("LD-112", file=source.name, value=shown))

    def records() -> Records:
        with _text(source, is_gzip, encoding) as stream:
            yield from _csv_records(_Lines(stream, source.name), delimiter, source.name)

    return notes, records()


def _text(source: SourceFile, is_gzip: bool, encoding: str) -> io.TextIOWrapper:
    return io.TextIOWrapper(_bytes(source, is_gzip), encoding=encoding, newline="")


def _bytes(source: SourceFile, is_gzip: bool) -> BinaryIO:
    stream = source.open()
    if not is_gzip:
        return stream
    limit = max(INFLATED_BYTES, INFLATED_RATIO * source.size)
    return io.BufferedReader(_Limited(stream, limit, source.name))


class _Limited(io.RawIOBase):
    """A gz file tells its true size only by being inflated."""

    def __init__(self, stored: BinaryIO, limit: int, name: str):
        self.stored, self.stream = stored, gzip.GzipFile(fileobj=stored)
        self.left, self.name = limit, name

    def close(self) -> None:
        self.stream.close()
        self.stored.close()
        super().close()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        chunk = self.stream.read(len(buffer))
        self.left -= len(chunk)
        if self.left < 0:
            raise Fault(problem("LD-103", file=self.name, value="inflates too far"))
        buffer[: len(chunk)] = chunk
        return len(chunk)


def _encoding(source: SourceFile, is_gzip: bool) -> tuple[str, list[Problem]]:
    """UTF-8 unless the bytes say otherwise. Guessing by letter statistics was ruled out: the same
    file must always be read the same, and Windows-1252 is what US systems write."""
    row = 1
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with contextlib.closing(_bytes(source, is_gzip)) as stream:
            while chunk := stream.read(1 << 20):
                if row == 1 and chunk.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
                    return "utf-16", []
                if b"\0" in chunk:
                    raise Fault(problem("LD-105", file=source.name, value="bytes that are not text"))
                decoder.decode(chunk)
                row += chunk.count(b"\n")
            decoder.decode(b"", final=True)
        return "utf-8-sig", []
    except UnicodeDecodeError as error:
        row += error.object[: error.start].count(b"\n")
    except (zipfile.BadZipFile, zlib.error, EOFError, gzip.BadGzipFile) as error:
        raise Fault(problem("LD-102", file=source.name)) from error
    return "cp1252", [problem("LD-111", file=source.name, row=row)]


class _Lines:
    """Lines of bounded length; the last ones are kept, for a broken record to give back."""

    def __init__(self, stream: io.TextIOWrapper, file: str):
        self.stream, self.file = stream, file
        self.recent: deque[str] = deque(maxlen=RECORD_LINES)
        self.returned: list[str] = []
        self.is_exhausted = False

    def __iter__(self) -> Iterator[str]:
        keep = self.recent.append
        while self.returned:
            keep(line := self.returned.pop())
            yield line
        try:
            for line in iter(functools.partial(self.stream.readline, LINE_LIMIT), ""):
                if len(line) == LINE_LIMIT:
                    length = f"a line of over {LINE_LIMIT:,} characters"
                    raise Fault(problem("LD-105", file=self.file, value=length))
                keep(line)
                yield line
        except UnicodeDecodeError as error:
            raise Fault(problem("LD-105", file=self.file, value="an unknown encoding")) from error
        self.is_exhausted = True

    def give_back(self, count: int) -> None:
        self.returned.extend(reversed(list(self.recent)[len(self.recent) - count :]))


def _csv_records(lines: _Lines, delimiter: str, file: str) -> Records:
    row = 0
    while not lines.is_exhausted:
        reader, line = csv.reader(lines, delimiter=delimiter, strict=True), 0
        try:
            for cells in reader:
                row += 1
                line = reader.line_num
                yield row, cells
        except csv.Error as error:
            row += 1
            broken = reader.line_num - line
            if lines.is_exhausted or broken > RECORD_LINES:
                raise Fault(problem("LD-106", file=file, row=row)) from error
            # Only the first line is lost; the next record starts on the next line.
            lines.give_back(broken - 1)
            yield row, None


def _workbook_records(source: SourceFile, layout: Layout) -> tuple[str, list[Problem], Records]:
    content = source.content()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            inflated = sum(part.file_size for part in parts.infolist())
        if inflated > WORKBOOK_BYTES or inflated > max(INFLATED_BYTES, INFLATED_RATIO * len(content)):
            raise Fault(problem("LD-103", file=source.name, value="inflates too far"))
        workbook = python_calamine.load_workbook(io.BytesIO(content))
        names = workbook.sheet_names
        sheets = {name: workbook.get_sheet_by_name(name) for name in names}
    except zipfile.BadZipFile as error:
        raise Fault(problem("LD-102", file=source.name)) from error
    except python_calamine.CalamineError as error:
        raise Fault(problem("LD-105", file=source.name)) from error
    filled = [name for name, sheet in sheets.items() if sheet.height]
    chosen = layout.sheet or next((name for name in filled if name.lower() == source.stem), None)
    chosen = chosen or next(iter(filled), None)
    if chosen is None:
        raise Fault(problem("LD-104", file=source.name))
    if chosen not in sheets:
        wanted = f"one of the sheets: {', '.join(names)}"
        raise Fault(problem("LD-108", file="mapping.toml", value=chosen, wanted=wanted))
    others = [name for name in filled if name != chosen]
    notes = [problem("LD-115", file=source.name, value=", ".join(others))] if others else []

    def records() -> Records:
        for row, values in enumerate(sheets[chosen].to_python(skip_empty_area=False), start=1):
            cells = [_as_text(value) for value in values]
            yield row, cells if any(cells) else []

    return chosen, notes, records()


def _as_text(cell: object) -> str | None:
    if cell is None:
        return None
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, (date, datetime)):
        return cell.isoformat()
    return str(cell)


def _parquet_records(source: SourceFile) -> Records:
    try:
        table = pyarrow.parquet.ParquetFile(io.BytesIO(source.content()))
    except pa.ArrowInvalid as error:
        raise Fault(problem("LD-105", file=source.name)) from error
    yield 1, list(table.schema_arrow.names)
    row = 1
    for batch in table.iter_batches(BATCH_ROWS):
        for cells in zip(*(map(_as_text, column.to_pylist()) for column in batch.columns), strict=True):
            row += 1
            yield row, list(cells)
