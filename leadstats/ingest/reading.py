"""Export files in, text tables with row numbers out: hides encodings and separators."""

import codecs
import contextlib
import csv
import functools
import gzip
import io
import itertools
import zipfile
import zlib
from collections import deque
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

import duckdb
import pyarrow as pa
import pyarrow.parquet

from leadstats.ingest import workbook
from leadstats.ingest.inbox import INFLATED_BYTES, INFLATED_RATIO, SourceFile
from leadstats.ingest.layout import LINES_LOOKED_AT, Cells, delimiter, header_position, is_closing
from leadstats.model.messages import ROWS_LISTED, Fault, Problem, problem

BATCH_ROWS = 50_000
LINE_LIMIT = 1_000_000  # characters
COLUMN_LIMIT = 2_000
UNZIPPING = (zipfile.BadZipFile, zlib.error, EOFError, gzip.BadGzipFile)
RECORD_LINES = 100  # a broken record longer than this is an open quotation mark, not a stray one
SAMPLE_CHARACTERS = 1_000_000  # of the first lines, to tell the separator by


@dataclass(frozen=True)
class Layout:
    """Where the table lies in a file; a header row that is not told is found."""

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
    set_aside: int = 0  # rows below the table that sum it up
    header_row: int = 1  # as a spreadsheet shows it
    repeated: frozenset[str] = frozenset()  # names that stand twice in the header
    sheet: str | None = None

    @property
    def read(self) -> int:
        return self.rows + self.rejected + self.set_aside


@dataclass(frozen=True)
class RowAccount:
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
    header: tuple[str, ...] = ()  # as the file gives it
    export: str = ""  # what next month's file is known by: the pattern of the mapping
    sheet: str | None = None

    def word(self, column: str) -> str:
        return dict(self.words).get(column, column)


@dataclass(frozen=True)
class LoadResult:
    """What a group of files gave: `accounts` of rows decided so far, and what was wrong."""

    accounts: tuple[RowAccount, ...] = ()
    problems: tuple[Problem, ...] = ()


def stage(
    connection: duckdb.DuckDBPyConnection,
    source: SourceFile,
    number: int,
    layout: Layout = Layout(),
    limit: int | None = None,
) -> StagedFile:
    """Writes a file into the database as text, in batches; only its first `limit` rows if told so.

    Raises Fault if it cannot be read.
    """
    sheet, notes, records = _open_records(source, layout)
    writer = _Writer(connection, source.name, f"staged.file_{number}", layout)
    try:
        with contextlib.closing(records):
            head = list(itertools.islice(records, LINES_LOOKED_AT))
            writer.look_at(head)
            for row, cells in itertools.islice(itertools.chain(head, records), limit):
                writer.add(row, cells)
        writer.finish()
    except UNZIPPING as error:
        raise Fault(problem("LD-102", file=source.name)) from error
    return StagedFile(
        file=source.name,
        file_number=number,
        table=writer.table,
        header=tuple(writer.header),
        rows=writer.rows,
        rejected=writer.rejected,
        problems=(*notes, *writer.problems()),
        set_aside=len(writer.closing),
        header_row=writer.header_row,
        repeated=frozenset(writer.repeated),
        sheet=sheet,
    )


def glance(source: SourceFile) -> list[Cells]:
    """The header of a file and its first rows, to judge what it may be; nothing if it is no table."""
    try:
        _, _, records = _open_records(source, Layout())
        with contextlib.closing(records):
            head = [cells for _, cells in itertools.islice(records, LINES_LOOKED_AT) if cells]
        return head[header_position(head) :] if head else []
    except (Fault, *UNZIPPING):
        return []


Records = Generator[tuple[int, list[str | None] | None], None, None]


def _open_records(source: SourceFile, layout: Layout) -> tuple[str | None, list[Problem], Records]:
    """Sheet, notes, and records by the row a spreadsheet shows; None for one that makes no sense."""
    try:
        with source.open() as stream:
            start = stream.read(8)
    except (*UNZIPPING, OSError) as error:
        raise Fault(problem("LD-102", file=source.name)) from error
    name = source.base.lower()
    if not start:
        raise Fault(problem("LD-104", file=source.name))
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        raise Fault(problem("LD-107", file=source.name))
    if start.startswith(b"PK"):
        return workbook.open_sheet(source, layout.sheet)
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
        self.header_row = layout.header_row or 1
        self.above: list[int] = []
        self.closing: list[tuple[int, list[str | None]]] = []  # what may sum up the rows before it
        self.repeated: set[str] = set()
        self.rows = 0
        self._first_row = 0  # of the data
        self._batch: list[list[str | None]] = []
        self._numbers: list[int] = []
        self._bad: dict[str, list[int]] = {"LD-109": [], "LD-110": []}
        self._bad_counts = {"LD-109": 0, "LD-110": 0}

    def look_at(self, head: Sequence[tuple[int, list[str | None] | None]]) -> None:
        """Finds the header among the first rows, unless the layout says where it is."""
        filled = [(row, cells) for row, cells in head if cells and any(cells)]
        if self.layout.header_row is None and filled:
            position = header_position([cells for _, cells in filled])
            self.header_row = filled[position][0]
            self.above = [row for row, _ in filled[:position]]

    def add(self, row: int, cells: list[str | None] | None) -> None:
        if not self.header:
            if (cells and any(cells)) and row >= self.header_row:
                self._start(row, cells)
        elif row < self._first_row or cells == []:
            return
        elif cells is not None and is_closing(cells, len(self.header)):
            self.closing.append((row, cells))
        else:
            self._go_on()
            self._take(row, cells)

    def _go_on(self) -> None:
        """Only the end of the file can sum it up: what came before another row was a row."""
        if self.closing:
            for row, cells in self.closing:
                self._take(row, cells)
            self.closing = []

    def _take(self, row: int, cells: list[str | None] | None) -> None:
        if cells is None:
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

    @property
    def rejected(self) -> int:
        return sum(self._bad_counts.values())

    def problems(self) -> list[Problem]:
        around = (*self.above, *(row for row, _ in self.closing))
        told = [problem("LD-116", file=self.file, rows=around, count=len(around))] if around else []
        wanted = str(len(self.header))
        return told + [
            problem(code, file=self.file, rows=rows, count=self._bad_counts[code], wanted=wanted)
            for code, rows in self._bad.items()
            if rows
        ]

    def _start(self, row: int, cells: list[str | None]) -> None:
        if len(cells) > COLUMN_LIMIT:
            raise Fault(problem("LD-105", file=self.file, value=f"{len(cells):,} columns"))
        self.header_row, self._first_row = row, row + 1 + self.layout.skip_after_header
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
    lines = _first_lines(source, is_gzip, encoding)
    if not lines:
        raise Fault(problem("LD-104", file=source.name))
    if lines[0].lstrip().lower().startswith(("<!doctype", "<html", "<?xml", "{", "%pdf")):
        raise Fault(problem("LD-105", file=source.name, value=lines[0].strip()[:20]))
    mark = delimiter(lines)
    if mark != ",":
        notes.append(problem("LD-112", file=source.name, value={"\t": "tab"}.get(mark, mark)))

    def records() -> Records:
        with _text(source, is_gzip, encoding) as stream:
            yield from _csv_records(_Lines(stream, source.name), mark, source.name)

    return notes, records()


def _first_lines(source: SourceFile, is_gzip: bool, encoding: str) -> list[str]:
    lines, characters = [], 0
    with _text(source, is_gzip, encoding) as stream:
        for line in filter(str.strip, _Lines(stream, source.name)):
            lines.append(line)
            characters += len(line)
            if len(lines) == LINES_LOOKED_AT or characters > SAMPLE_CHARACTERS:
                break
    return lines


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
    except UNZIPPING as error:
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


def _parquet_records(source: SourceFile) -> Records:
    try:
        table = pyarrow.parquet.ParquetFile(io.BytesIO(source.content()))
    except pa.ArrowInvalid as error:
        raise Fault(problem("LD-105", file=source.name)) from error
    yield 1, list(table.schema_arrow.names)
    row = 1
    for batch in table.iter_batches(BATCH_ROWS):
        for cells in zip(
            *(map(workbook.as_text, column.to_pylist()) for column in batch.columns), strict=True
        ):
            row += 1
            yield row, list(cells)
