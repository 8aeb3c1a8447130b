"""Export files in, text tables with row numbers out: hides what kind of file it is, and how rows reach the database."""

import contextlib
import gc
import io
import itertools
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet
from duckdb import ColumnExpression, ConstantExpression, FunctionExpression, StarExpression

from leadstats.ingest import workbook
from leadstats.ingest.inbox import SourceFile
from leadstats.ingest.layout import DAY_ZERO, LINES_LOOKED_AT, Block, Cells, Grid, Printout, Row, Rows
from leadstats.ingest.plaintext import COLUMN_LIMIT, GZIP, UNZIPPING, open_text
from leadstats.model.messages import ROWS_LISTED, Fault, Problem, problem

BATCH_ROWS = 50_000
BLANKS = " \t\n\r\xa0"  # what is no part of a cell at its ends
BINARY_ENDINGS = (".xlsx", ".xlsm", ".xlsb", ".ods", ".parquet")


@dataclass(frozen=True)
class Layout:
    """Where the table lies in a file; a header row that is not told is found."""

    sheet: str | None = None
    header_row: int | None = None
    skip_after_header: int = 0


@dataclass(frozen=True)
class StagedFile:
    """A file as text in the database: `table` has row_number and a VARCHAR column for each header that is wanted."""

    file: str
    file_number: int
    table: str
    header: tuple[str, ...]  # as given; a repeated name gets _2, _3, ...
    rows: int  # in the table
    rejected: int  # more rows that could not be taken apart
    problems: tuple[Problem, ...]
    set_aside: int = 0  # more rows below the header that are no records: sums, remarks, headers of pages
    header_row: int = 1  # as a spreadsheet shows it
    repeated: frozenset[str] = frozenset()  # names that stand twice in the header
    unpadded: frozenset[str] = frozenset()  # columns known to have no cell that begins or ends with a blank
    sheet: str | None = None
    day_zero: date = DAY_ZERO  # what a bare day number counts from

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
    says: frozenset[str] | None = None  # our columns that it has; None: its rows are none of the table's own

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
    is_wanted: Callable[[str], bool] | None = None,
) -> StagedFile:
    """Writes a file into the database as text, in batches. Raises Fault if it cannot be read.

    is_wanted: which columns are kept, by header, beside those without one; all if not told.
    """
    return _read(source, number, layout, _Writer(source.name, connection, f"staged.file_{number}", is_wanted))


def sample(source: SourceFile, number: int, layout: Layout, limit: int) -> "Sample":
    """The first `limit` rows of a file, in no database yet. Raises Fault if it cannot be read."""
    records = _Records(source.name)
    return Sample(_read(source, number, layout, records, limit), records)


def _read(
    source: SourceFile, number: int, layout: Layout, records: "_Records", limit: int | None = None
) -> StagedFile:
    grid = _open(source, layout.sheet)
    try:
        with contextlib.closing(grid.rows) as rows, _without_collector():
            head, rest, printout = _look_at(rows, layout)
            records.start(printout.header)
            read = itertools.chain(head, rest, rows)
            for each in printout.records(read if limit is None else itertools.islice(_each_row(read), limit)):
                if isinstance(each, Block):
                    records.take_block(each)
                else:
                    records.take(*each)
        records.finish()
    except UNZIPPING as error:
        raise Fault(problem("LD-102", file=source.name)) from error
    around = (*printout.above, *printout.set_aside)
    told = [problem("LD-116", file=source.name, rows=around, count=len(around))] if around else []
    if printout.grouped is not None:
        told.append(problem("LD-137", file=source.name, column=printout.header[printout.grouped]))
    return StagedFile(
        file=source.name,
        file_number=number,
        table=records.table,
        header=tuple(records.header),
        rows=records.rows,
        rejected=records.rejected,
        problems=(*grid.notes, *told, *records.problems()),
        set_aside=len(printout.set_aside),
        header_row=printout.header_row,
        repeated=frozenset(records.repeated),
        unpadded=frozenset(records.unpadded),
        sheet=grid.sheet,
        day_zero=grid.day_zero,
    )


@contextlib.contextmanager
def _without_collector() -> Iterator[None]:
    """Rows hold no cycles, and looking for some among all that were read so far is a fifth of the time of reading."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def glance(source: SourceFile) -> list[Cells]:
    """The header of a file and its first records, to judge what it may be. Raises Fault."""
    grid = _open(source, None)
    try:
        with contextlib.closing(grid.rows) as rows:
            head, _, printout = _look_at(rows, Layout())
            return [printout.header, *(cells for _, cells in printout.records(head) if cells)]
    except UNZIPPING as error:
        raise Fault(problem("LD-102", file=source.name)) from error


def _look_at(rows: Rows, layout: Layout) -> tuple[list[Row], list[Block], Printout]:
    """The first rows, what remains of a block that they were cut from, and what they are the beginning of."""
    wanted = max(LINES_LOOKED_AT, layout.header_row or 0)
    head: list[Row] = []
    rest: list[Block] = []
    while len(head) < wanted and (each := next(rows, None)):
        if isinstance(each, Block):
            few, others = each.cut(wanted - len(head))
            head += few
            rest = [others] if len(others) else []
        else:
            head.append(each)
    return head, rest, Printout(head, layout.header_row, layout.skip_after_header)


def _each_row(rows: Iterable[Row | Block]) -> Iterator[Row]:
    for each in rows:
        yield from each if isinstance(each, Block) else [each]


def _open(source: SourceFile, sheet: str | None) -> Grid:
    """The rows of a file by what its first bytes say it is. Raises Fault."""
    try:
        with source.open() as stream:
            start = stream.read(8)
    except (*UNZIPPING, OSError) as error:
        raise Fault(problem("LD-102", file=source.name)) from error
    if not start:
        raise Fault(problem("LD-104", file=source.name))
    if start.startswith((workbook.OLE, b"PK")):
        return workbook.open_sheet(source, sheet)
    if start.startswith(b"PAR1"):
        return Grid(_parquet_rows(source))
    if source.base.lower().endswith(BINARY_ENDINGS):
        raise Fault(problem("LD-105", file=source.name))
    return open_text(source, start.startswith(GZIP), sheet)


class _Records:
    """Gathers the records that fit the header, and tells which do not."""

    table = ""  # in no database
    unpadded: Collection[str] = ()  # not looked at

    def __init__(self, file: str):
        self.file = file
        self.header: list[str] = []
        self.repeated: set[str] = set()
        self.numbers: list[int] = []
        self.cells: list[Cells] = []
        self._width = 0
        self._nameless: list[str] = []
        self._bad: dict[str, list[int]] = {"LD-109": [], "LD-110": []}
        self._bad_counts = {"LD-109": 0, "LD-110": 0}

    def take(self, row: int, cells: Cells | None) -> None:
        if cells is None:
            self._reject("LD-110", row)
        elif len(cells) != self._width and (len(cells) < self._width or any(cells[self._width :])):
            self._reject("LD-109", row)
        else:
            self.numbers.append(row)
            self.cells.append(cells if len(cells) == self._width else cells[: self._width])

    def take_block(self, block: Block) -> None:
        for row, cells in block:
            self.take(row, cells)

    def finish(self) -> None:
        """Reports set columns apart by blank ones: a nameless one stays if it holds anything."""
        if blank := set(filter(self._is_blank, self._nameless)):
            self._leave_out(blank)
            self.header = [name for name in self.header if name not in blank]

    def _is_blank(self, name: str) -> bool:
        index = self.header.index(name)
        return not any((row[index] or "").strip(" ") for row in self.cells)

    def _leave_out(self, names: set[str]) -> None:
        kept = [index for index, name in enumerate(self.header) if name not in names]
        self.cells = [[row[index] for index in kept] for row in self.cells]

    @property
    def rows(self) -> int:
        return len(self.cells)

    @property
    def rejected(self) -> int:
        return sum(self._bad_counts.values())

    def problems(self) -> list[Problem]:
        wanted = str(self._width)
        return [
            problem(code, file=self.file, rows=rows, count=self._bad_counts[code], wanted=wanted)
            for code, rows in self._bad.items()
            if rows
        ]

    def start(self, header: Sequence[str]) -> None:
        if not header:
            raise Fault(problem("LD-104", file=self.file))
        if len(header) > COLUMN_LIMIT:
            raise Fault(problem("LD-105", file=self.file, value=f"{len(header):,} columns"))
        taken = {"row_number"}  # compared without case, as DuckDB compares
        for position, given in enumerate(header, start=1):
            name = unique = given or f"column {position}"
            while unique.lower() in taken:
                self.repeated.add(name)
                copies = sum(other.lower().startswith(name.lower()) for other in taken)
                unique = f"{name}_{copies + 1}"
            taken.add(unique.lower())
            self.header.append(unique)
            self._nameless += [] if given else [unique]
        self._width = len(self.header)

    def _reject(self, code: str, row: int) -> None:
        self._bad_counts[code] += 1
        if len(self._bad[code]) < ROWS_LISTED:
            self._bad[code].append(row)


class _Writer(_Records):
    """Writes them into the database in batches; memory does not grow with the number of rows."""

    def __init__(
        self,
        file: str,
        connection: duckdb.DuckDBPyConnection,
        table: str,
        is_wanted: Callable[[str], bool] | None,
    ):
        super().__init__(file)
        self.connection, self.table, self._written = connection, table, 0
        self._is_wanted = is_wanted
        self._kept: dict[str, int] = {}  # the position of each column that is
        self._padded: set[str] = set()

    @property
    def rows(self) -> int:
        return self._written + len(self.cells)

    @property
    def unpadded(self) -> Collection[str]:
        return self._kept.keys() - self._padded

    def start(self, header: Sequence[str]) -> None:
        super().start(header)
        self._kept = {
            name: position
            for position, name in enumerate(self.header, start=1)
            if self._is_wanted is None or name in self._nameless or self._is_wanted(name)
        }

    def take(self, row: int, cells: Cells | None) -> None:
        super().take(row, cells)
        if len(self.cells) == BATCH_ROWS:
            self._flush()

    def take_block(self, block: Block) -> None:
        if len(block.columns) != self._width:
            super().take_block(block)
            return
        if self.cells:
            self._flush()
        numbers = pa.array(np.arange(block.first, block.first + len(block)))
        self._write([numbers, *block.columns])

    def finish(self) -> None:
        if self.cells or not self._written:
            self._flush()
        super().finish()

    def _is_blank(self, name: str) -> bool:
        return not self.connection.table(self.table).filter(_is_filled(name)).limit(1).shape[0]

    def _leave_out(self, names: set[str]) -> None:
        kept = self.connection.table(self.table).select(StarExpression(exclude=[*names]))
        self.table = self.table.replace(".", "_")  # create_view takes a point for part of the name
        kept.create_view(self.table)

    def _flush(self) -> None:
        self._write(_arrays(self.header, self.numbers, self.cells))
        self.cells, self.numbers = [], []

    def _write(self, arrays: Sequence[pa.Array]) -> None:
        cells = {name: arrays[position] for name, position in self._kept.items()}
        self._padded.update(
            name for name, column in cells.items() if name not in self._padded and _is_padded(column)
        )
        batch = _relation(self.connection, [*cells], [arrays[0], *cells.values()])
        if self._written:
            batch.insert_into(self.table)
        else:
            batch.create(self.table)
        self._written += len(arrays[0])


@dataclass(frozen=True)
class Sample:
    """The first rows of a file. staged: what is known of it, its `table` not written yet."""

    staged: StagedFile
    _records: _Records

    @property
    def cells(self) -> Sequence[Cells]:
        return self._records.cells

    def cut(self, rows: slice, headers: Collection[str]) -> "Sample":
        """Some of the rows and columns."""
        kept = [index for index, header in enumerate(self.staged.header) if header in headers]
        few = _Records(self.staged.file)
        few.header = [self.staged.header[index] for index in kept]
        few.numbers = self._records.numbers[rows]
        few.cells = [[row[index] for index in kept] for row in self.cells[rows]]
        return Sample(replace(self.staged, header=tuple(few.header), rows=few.rows), few)

    def put(self, connection: duckdb.DuckDBPyConnection, table: str) -> StagedFile:
        """Writes them into a new table."""
        arrays = _arrays(self.staged.header, self._records.numbers, self.cells)
        _relation(connection, self.staged.header, arrays).create(table)
        return replace(self.staged, table=table)


def _arrays(header: Sequence[str], numbers: Sequence[int], cells: Sequence[Cells]) -> list[pa.Array]:
    columns = zip(*cells, strict=True) if cells else [()] * len(header)
    return [pa.array(numbers, pa.int64()), *(pa.array(column, pa.string()) for column in columns)]


def _relation(
    connection: duckdb.DuckDBPyConnection, header: Sequence[str], arrays: Sequence[pa.Array]
) -> duckdb.DuckDBPyRelation:
    """arrays: the numbers of the rows, and their cells by column."""
    return connection.from_arrow(pa.Table.from_arrays(arrays, ["row_number", *header]))


def _is_padded(column: pa.Array) -> bool:
    """Whether a cell begins or ends with a blank: asked here, where it takes a tenth of the time that SQL takes."""
    return pc.any(pc.not_equal(pc.utf8_trim(column, characters=BLANKS), column)).as_py() is True


def _is_filled(name: str) -> duckdb.Expression:
    return FunctionExpression("trim", ColumnExpression(name)) != ConstantExpression("")


def _parquet_rows(source: SourceFile) -> Rows:
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
