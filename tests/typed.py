"""Rows known to be good, straight to the tables that metrics count: a build without files, cells and duplicates.

What the border makes of cells is tested with files, in tests/ingest. A worked example of a metric needs none of
that, so its rows enter behind the border and go the build's own way from there on. What the border would have
left out is refused here, so that no example can rest on a row that no database holds.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

import duckdb

from leadstats.counting.database import Database, sealed
from leadstats.ingest import stations
from leadstats.ingest.checks import find, load_checks
from leadstats.ingest.derivation import derive, export
from leadstats.ingest.progress import Progress
from leadstats.ingest.reading import RowAccount
from leadstats.ingest.report import IngestReport
from leadstats.ingest.validate import WHOLE_ROW_KEYS, gather
from leadstats.model.declarations import QUERIES
from leadstats.model.schema import RACES, TABLES, TWO_OR_MORE, UNKNOWN, Column, Table
from leadstats.model.settings import Site

Row = Mapping[str, Any]
# Their numbers and lists become people and stays at the border; such rows need a real build.
OF_THE_BORDER = {"person_link", "jail_roster"}
UNMARKED = {"is_hmis": False, "is_unlinked": False}  # what the border marks of a row
FLAGS = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}


NO_COLUMNS: frozenset[str] = frozenset()


def database_of(
    rows: Mapping[str, Sequence[Row]], site: Site, lacks: Mapping[str, Collection[str]] = MappingProxyType({})
) -> Database:
    """A sealed database in memory, equal to the one that a build of the same rows puts in force.

    lacks: by table, the columns that its export does not have.

    Raises ValueError or KeyError for a cell that is not of its column's kind; refuses what a build would leave out.
    """
    assert rows, "a program needs rows"
    assert not OF_THE_BORDER & rows.keys(), (
        "person_link and jail_roster are turned into people and stays by a build"
    )
    connection = duckdb.connect(config={"threads": 1})
    stations.create(connection, is_tiny=True, has_cells=False)
    accounts = [
        _accepted(connection, TABLES[name], number, rows[name], lacks.get(name, NO_COLUMNS))
        for number, name in enumerate(sorted(rows), start=1)
    ]
    _refuse_what_a_build_leaves_out(connection, rows.keys())
    gather(connection)
    exported = export(connection, site, None, accounts, date.today())
    report = IngestReport(tuple(accounts), coverage=exported.coverage, matches=exported.matches)
    derive(connection, report, Progress(None))
    return sealed(connection, "typed")


def _accepted(
    connection, table: Table, number: int, rows: Sequence[Row], lacks: Collection[str]
) -> RowAccount:
    # As the files of `built` have it.
    header = tuple(column.name for column in table.columns if column.name not in lacks)
    named = {name for row in rows for name in row}
    assert named <= {*header, *lacks}, (table.name, named)
    typed = [
        {
            column.name: None if column.name in lacks else _value(column, row.get(column.name))
            for column in table.columns
        }
        for row in rows
    ]
    _refuse_repeated(table, typed)
    places = ({"file_number": number, "row_number": line, **UNMARKED} for line in range(2, len(rows) + 2))
    lines = [place | cells for place, cells in zip(places, typed, strict=True)]
    stations.insert(connection, f"accepted.{table.name}", lines)
    file, words = f"{table.name}.csv", tuple((name, name) for name in header)
    return RowAccount(
        file,
        number,
        table.name,
        len(rows),
        len(rows),
        source=table.name,
        words=words,
        header=header,
        export=file,
        says=frozenset(header),
    )


def _value(column: Column, cell: Any) -> Any:
    written = "" if cell is None else str(cell).strip()
    if not written:
        assert not column.required or column.may_be_empty, f"{column.name} is required"
        return None
    value = READ[column.kind](written)
    assert column.kind != "choice" or value in column.choices, (column.name, value)
    return value


def _moment(written: str) -> datetime:
    moment = datetime.fromisoformat(written)
    assert moment.tzinfo is None, "a time with a zone is turned into local time by a build"
    return moment


def _races(written: str) -> list[str]:
    named = {part.strip() for part in written.split(";")} - {"", UNKNOWN}
    assert named <= {*RACES, TWO_OR_MORE}, named
    return sorted(named)


READ: Mapping[str, Callable[[str], Any]] = {
    "text": str,
    "choice": str,
    "date": lambda written: _moment(written).date(),
    "moment": _moment,
    "date_or_moment": _moment,
    "flag": lambda written: FLAGS[written.lower()],
    "integer": int,
    "number": float,
    "races": _races,
}


def _refuse_repeated(table: Table, rows: Sequence[Row]) -> None:
    key = [column.name for column in table.columns] if table.name in WHOLE_ROW_KEYS else table.key
    claims = [repr([row[name] for name in key]) for row in rows] if key else []
    assert len(set(claims)) == len(claims), f"{table.name}: a row twice; a build keeps one"


def _refuse_what_a_build_leaves_out(connection, tables: Iterable[str]) -> None:
    """By the build's own checks."""
    for table in tables:
        connection.execute(f"INSERT INTO candidate.{table} FROM accepted.{table}")
    for check in load_checks():
        if check.rejects and check.tables & set(tables):
            assert find(connection, check) is None, check.title
    if "referral" in tables:
        repeated = (QUERIES / "ingest" / "repeated_referrals.sql").read_text(encoding="utf-8")
        assert not connection.execute(repeated).fetchall(), (
            "a referral again within a week; a build keeps one"
        )
