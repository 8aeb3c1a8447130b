"""Moments that state a time zone: whether they are days after all, and whether the site's own zone is known."""

from collections.abc import Iterator, Sequence

import duckdb
from duckdb import ColumnExpression, ConstantExpression, FunctionExpression

from leadstats.ingest.reading import RowAccount
from leadstats.ingest.stations import counted
from leadstats.model.messages import Problem, problem
from leadstats.model.schema import TABLES, Column, Table
from leadstats.model.settings import Site

ZONED = r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}.*(Z|[+-]\d{2}(:?\d{2})?)"
AT_MIDNIGHT = r".{10}[T ]00:00(:00(\.0+)?)? ?(Z|[+-]\d.*)"
DAY = 10  # letters of a day


def settle(
    connection: duckdb.DuckDBPyConnection, accounts: Sequence[RowAccount], site: Site
) -> Iterator[Problem]:
    """Looks through the days of raw.*, once all are there.

    A column of midnights holds days: turned into local time they would be those before. Other moments are
    turned by the casts, and nobody can tell how as long as the site does not say where it is.
    """
    by_place = {(account.table, account.file_number): account for account in accounts}
    for table in TABLES.values():
        if not any(account.table == table.name for account in accounts):
            continue
        raw = connection.table(f"raw.{table.name}")
        for column in _with_zones(connection, table):
            for number, count, rows, are_days in _zoned(raw, column.name):
                if are_days:
                    _become_days(raw, column.name, number)
                elif site.timezone is not None:
                    continue
                account = by_place[table.name, number]
                yield problem(
                    "LD-135" if are_days else "LD-134",
                    file=account.file,
                    table=account.table,
                    sheet=account.sheet,
                    column=account.word(column.name),
                    field=column.name,
                    count=count,
                    rows=rows,
                )


def _with_zones(connection: duckdb.DuckDBPyConnection, table: Table) -> list[Column]:
    """The columns that hold such a moment."""
    columns = [column for column in table.columns if column.is_date]
    amounts = counted(connection, f"raw.{table.name}", [_has_form(column.name, ZONED) for column in columns])
    return [column for column, amount in zip(columns, amounts, strict=True) if amount]


def _zoned(raw: duckdb.DuckDBPyRelation, column: str) -> list[tuple[int, int, list[int], bool]]:
    """Files with moments that state a zone: how many, the first rows, and whether all are midnights."""
    found = raw.filter(_has_form(column, ZONED)).select(
        "file_number", "row_number", _has_form(column, AT_MIDNIGHT).alias("is_midnight")
    )
    counted = (
        "file_number, count(*) AS found, min(row_number, 5) AS first_rows, bool_and(is_midnight) AS are_days"
    )
    return found.aggregate(counted).order("file_number").fetchall()


def _become_days(raw: duckdb.DuckDBPyRelation, column: str, number: int) -> None:
    of_file = ColumnExpression("file_number") == ConstantExpression(number)
    day = FunctionExpression("left", ColumnExpression(column), ConstantExpression(DAY))
    raw.update({column: day}, condition=of_file & _has_form(column, ZONED))


def _has_form(column: str, form: str) -> duckdb.Expression:
    return FunctionExpression("regexp_full_match", ColumnExpression(column), ConstantExpression(form))
