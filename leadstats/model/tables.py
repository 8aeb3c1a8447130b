"""Reads queries/tables/ into DerivedTable objects. Hides the file format of a table, and the order they are made in."""

import functools
import graphlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from leadstats.model.declarations import QUERIES, DeclarationError, Declared, declared, parsed

FILE = re.compile(
    r"\A/\*\n(?P<header>.*?)\*/\n(?P<notes>(?:--[^\n]*\n)*)"
    r"(?P<create>CREATE TABLE program\.(?P<name>\w+) .*?;)\n(?:\n(?P<fill>INSERT INTO program\.(?P=name) .*))?\Z",
    re.DOTALL,
)
COLUMN = re.compile(r'^    "?(?P<name>\w+)"? (?P<rule>[^-]+?),? -- (?P<meaning>.+)$', re.MULTILINE)
LIKE = re.compile(r" AS SELECT \* FROM program\.(\w+) WHERE FALSE;")
READ = re.compile(r"\bprogram\.(\w+)")
RECORDED = frozenset(READ.findall((QUERIES / "recorded.sql").read_text(encoding="utf-8")))


class TableHeader(Declared):
    """The header of a table's file."""

    row: str  # what one row is
    # Where none of these has a row, neither has this table; (): it has some anyway. Each is a table, or, with WHERE,
    # some of its rows
    rows_from: tuple[str, ...] = ()
    unique: str = ""  # the column in which no two rows have the same


@dataclass(frozen=True)
class TableColumn:
    """One column: its type, the constraints that the build enforces, and what it means."""

    name: str
    rule: str
    meaning: str


@dataclass(frozen=True)
class DerivedTable:
    """One table of the database file."""

    name: str
    row: str  # what one row is
    # Where none of these has a row, neither has this table; (): it has some anyway
    rows_from: tuple[str, ...]
    unique: str  # the column in which no two rows have the same, or ""
    notes: str
    create: str
    fill: str | None  # None: filled by the build itself
    columns: tuple[TableColumn, ...]
    like: str | None  # the table whose columns it has

    @property
    def reads(self) -> frozenset[str]:
        """The other tables that must be made first."""
        found = frozenset(READ.findall(f"{self.create}{self.fill}")) - {self.name}
        return found | RECORDED if re.search(r"\bFROM recorded\b", self.fill or "") else found


@functools.cache
def load_tables(folder: Path = QUERIES / "tables") -> tuple[DerivedTable, ...]:
    """All tables, each after those it reads. Raises DeclarationError."""
    tables = {path.stem: _load(path) for path in sorted(folder.glob("*.sql"))}
    for table in tables.values():
        if unknown := table.reads - tables.keys():
            raise DeclarationError(
                "reads", "a table that a file makes", min(unknown), tables, f"{table.name}.sql"
            )
    order = graphlib.TopologicalSorter({name: sorted(table.reads) for name, table in tables.items()})
    try:
        return tuple(tables[name] for name in order.static_order())
    except graphlib.CycleError as error:
        circle = ", ".join(error.args[1])
        raise DeclarationError("reads", "no table that reads this one", circle, file="tables") from error


def columns_of(table: DerivedTable) -> tuple[TableColumn, ...]:
    """Its own columns, or those of the table it is like."""
    if table.like is None:
        return table.columns
    return next(columns_of(each) for each in load_tables() if each.name == table.like)


def _load(path: Path) -> DerivedTable:
    match = FILE.match(path.read_text(encoding="utf-8"))
    if match is None or match["name"] != path.stem:
        wanted = f"a header, CREATE TABLE program.{path.stem} and an INSERT, in this order,"
        raise DeclarationError("", wanted, file=path.name)
    header = declared(TableHeader, path.name, parsed(path.name, match["header"]))
    like = LIKE.search(match["create"])
    return DerivedTable(
        path.stem,
        header.row,
        header.rows_from,
        header.unique,
        match["notes"],
        match["create"],
        match["fill"],
        tuple(_columns(path, match["create"])),
        like[1] if like else None,
    )


def _columns(path: Path, create: str) -> Iterator[TableColumn]:
    for line in create.splitlines()[1:-1]:
        if not (column := COLUMN.match(line)):
            raise DeclarationError(
                "columns", "what the column means, after --,", line.strip(), file=path.name
            )
        yield TableColumn(**column.groupdict())
