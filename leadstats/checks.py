"""Runs queries/checks/: one file is one check, and each row it returns is a finding."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
from duckdb import ColumnExpression, ConstantExpression, FunctionExpression, SQLExpression

from leadstats.catalog import HEADER, QUERIES
from leadstats.problems import ROWS_LISTED, Kind, Problem, problem
from leadstats.reading import Account
from leadstats.schema import TABLES


@dataclass(frozen=True)
class Check:
    """The header of a check's file and its SQL. A check that `rejects` leaves its rows out."""

    name: str
    sql: str
    code: str
    severity: str
    title: str
    expected: str
    fix: str
    table: str
    column: str
    rejects: bool = False

    @property
    def kind(self) -> Kind:
        return Kind(self.code, self.severity, self.title, self.expected, self.fix)


def load_checks(folder: Path = QUERIES / "checks") -> tuple[Check, ...]:
    """All checks by name."""
    checks = []
    for path in sorted(folder.glob("*.sql")):
        match = HEADER.match(path.read_text(encoding="utf-8"))
        checks.append(Check(name=path.stem, sql=match["sql"], **tomllib.loads(match["header"])))
    return tuple(checks)


def find(
    connection: duckdb.DuckDBPyConnection, check: Check, accounts: Iterable[Account]
) -> tuple[duckdb.DuckDBPyRelation, list[Problem]]:
    """The rows a check finds (file_number, row_number, value) and the problems to show for them."""
    found = connection.sql(check.sql)
    column = TABLES[check.table].column(check.column)
    problems = [
        problem(
            check.code,
            file=account.file,
            sheet=account.sheet,
            column=account.word(column.name),
            field=column.name,
            privacy=column.privacy,
            value=group["value"],
            rows=group["rows"],
            count=group["count"],
            kinds={check.code: check.kind},
        )
        for account, group in by_file(found, accounts, check.table)
    ]
    return found, problems


def by_file(
    found: duckdb.DuckDBPyRelation, accounts: Iterable[Account], table: str
) -> Iterator[tuple[Account, Mapping[str, Any]]]:
    """How many findings each file has, its first rows, and the value of the first."""
    row = ColumnExpression("row_number")
    groups = found.aggregate(
        [
            ColumnExpression("file_number"),
            SQLExpression("count(*)").alias("findings"),
            FunctionExpression("min", row, ConstantExpression(ROWS_LISTED)).alias("first_rows"),
            FunctionExpression("arg_min", ColumnExpression("value"), row).alias("first_value"),
        ]
    ).order("file_number")
    by_number = {account.file_number: account for account in accounts if account.table == table}
    for number, count, rows, value in groups.fetchall():
        yield by_number[number], {"count": count, "rows": rows, "value": value}
