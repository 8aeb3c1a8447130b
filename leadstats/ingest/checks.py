"""Runs queries/checks/: one file is one check, and each row it returns is a finding."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import duckdb

from leadstats.ingest.reading import RowAccount
from leadstats.ingest.stations import run
from leadstats.model.declarations import QUERIES, DeclarationError, declared, header
from leadstats.model.messages import Fault, Kind, Problem, misdeclared, problem
from leadstats.model.schema import TABLES

STATION = re.compile(r"\b(?:candidate|accepted)\.(\w+)")


class Check(Kind, kw_only=True):
    """The header of a check's file and its SQL. A check that `rejects` leaves its rows out."""

    name: str
    sql: str
    rejects: bool = False

    @property
    def tables(self) -> frozenset[str]:
        """The canonical tables it names: where none of them has a row, nothing can be found."""
        return frozenset(STATION.findall(self.sql)) & TABLES.keys()


def load_checks(folder: Path = QUERIES / "checks") -> tuple[Check, ...]:
    """All checks by name. Raises Fault: without one of them, bad rows would be let in."""
    try:
        return tuple(declared(Check, path, header(path)) for path in sorted(folder.glob("*.sql")))
    except DeclarationError as error:
        raise Fault(misdeclared("LD-801", error)) from error


def find(connection: duckdb.DuckDBPyConnection, check: Check) -> duckdb.DuckDBPyRelation | None:
    """The findings, if there are any: table_name, column_name, file_number, row_number, cell."""
    ((count,),) = run(connection, f"CREATE OR REPLACE TEMP TABLE finding AS {check.sql}").fetchall()
    return connection.table("finding") if count else None


def messages(
    found: duckdb.DuckDBPyRelation, accounts: Iterable[RowAccount], check: Check
) -> Iterator[Problem]:
    """One problem for each file and column, with the value of its first row."""
    groups = found.aggregate(
        "table_name, column_name, file_number, count(*) AS findings,"
        " min(row_number, 5) AS first_rows, arg_min(cell, row_number) AS first_cell"
    ).order("ALL")
    by_place = {(account.table, account.file_number): account for account in accounts}
    for table, name, number, count, rows, cell in groups.fetchall():
        # A stay that was worked out from rosters is found where the last of them lists it.
        account = by_place.get((table, number)) or by_place["jail_roster", number]
        column = TABLES[table].column(name)
        yield problem(
            check.code,
            file=account.file,
            table=account.table,
            sheet=account.sheet,
            column=account.word(name),
            field=name,
            privacy=column.privacy,
            value=cell,
            rows=rows,
            count=count,
            kinds={check.code: check},
        )
