"""What changed since the last build: hides what a build remembers of its files, which is no row and nobody."""

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from leadstats.ingest.reading import RowAccount
from leadstats.ingest.stations import insert, run, sql
from leadstats.model.declarations import nearest
from leadstats.model.messages import Problem, problem
from leadstats.model.schema import BREAKDOWNS, TABLES, Table

# More or fewer rows than this share of the last time are told.
TOLERANCE = 0.3
FEWEST_ROWS = 20  # below it, a few rows more are a large share
VALUES_KEPT = 500
VALUES_TOLD = 20


@dataclass(frozen=True)
class Shape:
    """Files of one pattern as one table, taken together."""

    export: str
    table: str
    rows: int
    header: tuple[str, ...]


@dataclass(frozen=True)
class Memory:
    """What a build remembers: its files, how far its tables reach, and the categories they name."""

    shapes: Mapping[tuple[str, str], Shape]
    reach: Mapping[str, tuple[date, date]]
    values: Mapping[tuple[str, str], frozenset[str]]


def changes(
    connection: duckdb.DuckDBPyConnection, accounts: Sequence[RowAccount], former: Path | None
) -> list[Problem]:
    """What differs from the database file `former`; nothing if there is none, or it remembers nothing."""
    old = _recalled(connection, former) if former else None
    if old is None:
        return []
    files = {(account.export, account.table): account.file for account in accounts}
    new = _of_this_run(connection, accounts)
    return [
        *_of_files(old, new, files),
        *_of_columns(old, new, files),
        *_of_values(old, new),
        *_of_days(connection, old, new),
    ]


def remember(connection: duckdb.DuckDBPyConnection, accounts: Sequence[RowAccount]) -> None:
    """Writes into program.* what the next build compares itself with."""
    now = _of_this_run(connection, accounts)
    insert(
        connection,
        "program.export_shape",
        [
            {"export": each.export, "table_name": each.table, "rows": each.rows, "header": each.header}
            for each in now.shapes.values()
        ],
    )
    insert(
        connection,
        "program.export_reach",
        [
            {"table_name": table, "first_day": first, "last_day": last}
            for table, (first, last) in now.reach.items()
        ],
    )
    insert(
        connection,
        "program.export_value",
        [
            {"table_name": table, "column_name": column, "value": value}
            for (table, column), values in now.values.items()
            for value in sorted(values)
        ],
    )


def _recalled(connection: duckdb.DuckDBPyConnection, former: Path) -> Memory | None:
    quoted = str(former).replace("'", "''")  # ATTACH takes no bound parameter
    with contextlib.suppress(duckdb.Error):
        connection.execute(f"ATTACH '{quoted}' AS former (READ_ONLY)")
        try:
            shapes = [
                Shape(*row[:3], tuple(row[3])) for row in connection.table("former.export_shape").fetchall()
            ]
            values: dict[tuple[str, str], set[str]] = {}
            for table, column, value in connection.table("former.export_value").fetchall():
                values.setdefault((table, column), set()).add(value)
            return Memory(
                {(each.export, each.table): each for each in shapes},
                {
                    table: (first, last)
                    for table, first, last in connection.table("former.export_reach").fetchall()
                },
                {key: frozenset(found) for key, found in values.items()},
            )
        finally:
            connection.execute("DETACH former")
    return None


def _of_this_run(connection: duckdb.DuckDBPyConnection, accounts: Sequence[RowAccount]) -> Memory:
    shapes: dict[tuple[str, str], Shape] = {}
    for account in sorted(accounts, key=lambda account: account.file):
        if not account.export:
            continue
        key = (account.export, account.table)
        known = shapes.get(key, Shape(*key, 0, ()))
        header = tuple(dict.fromkeys((*known.header, *account.header)))
        shapes[key] = Shape(*key, known.rows + account.read, header)
    loaded = {account.table for account in accounts if account.table in TABLES}
    reach = {name: days for name in sorted(loaded) if (days := _days(connection, TABLES[name]))}
    values = {
        (name, column.name): found
        for name in sorted(loaded)
        for column in TABLES[name].columns
        if column.name in BREAKDOWNS and column.kind == "text"
        if (found := _categories(connection, name, column.name))
    }
    return Memory(shapes, reach, values)


def _days(connection: duckdb.DuckDBPyConnection, table: Table) -> tuple[date, date] | None:
    if table.dated_by is None:
        return None
    ends = "SELECT min({day}::DATE), max({day}::DATE) FROM export.{table}"
    ((first, last),) = run(connection, sql(ends, day=table.dated_by, table=table.name)).fetchall()
    return (first, last) if first else None


def _categories(connection: duckdb.DuckDBPyConnection, table: str, column: str) -> frozenset[str]:
    """None if there are so many that they are no categories."""
    named = "SELECT DISTINCT {column} FROM export.{table} WHERE {column} IS NOT NULL LIMIT $most"
    found = run(connection, sql(named, column=column, table=table), most=VALUES_KEPT + 1)
    values = [value for (value,) in found.fetchall()]
    return frozenset(values) if len(values) <= VALUES_KEPT else frozenset()


def _of_files(old: Memory, new: Memory, files: Mapping[tuple[str, str], str]) -> Iterator[Problem]:
    for key, before in old.shapes.items():
        now = new.shapes.get(key)
        if now is None:
            yield problem("LD-701", file=before.export, table=before.table, wanted=before.export)
        elif abs(now.rows - before.rows) > max(TOLERANCE * before.rows, FEWEST_ROWS):
            value = f"{now.rows:,} rows, last time {before.rows:,}"
            yield problem("LD-705", file=files[key], table=now.table, value=value)


def _of_columns(old: Memory, new: Memory, files: Mapping[tuple[str, str], str]) -> Iterator[Problem]:
    told = set()
    for key, before in old.shapes.items():
        now = new.shapes.get(key)
        if now is None or now.export in told:
            continue
        told.add(now.export)  # one file read as several tables has the same columns in each
        for code, ours, theirs in (("LD-702", now, before), ("LD-703", before, now)):
            known = {header.lower() for header in theirs.header}
            found = [header for header in ours.header if header.lower() not in known]
            if found:
                yield problem(code, file=files[key], value=", ".join(found), count=len(found))
            # Of a file with our names; where others are mapped, the mapping misses them itself.
            decides = (
                {column.name for column in TABLES[now.table].columns if column.decides}
                if now.table in TABLES
                else ()
            )
            lost = [header for header in found if code == "LD-703" and header.lower() in decides]
            if lost and now.export.lower().startswith(now.table):
                yield problem(
                    "LD-712", file=files[key], table=now.table, value=", ".join(lost), count=len(lost)
                )


def _of_values(old: Memory, new: Memory) -> Iterator[Problem]:
    for (table, column), values in new.values.items():
        known = old.values.get((table, column))
        if known is None:
            continue
        fresh = sorted(values - known)
        for value in fresh[:VALUES_TOLD]:
            yield problem("LD-704", table=table, column=column, value=value, likely=nearest(value, known))
        if len(fresh) > VALUES_TOLD:
            yield problem("LD-704", table=table, column=column, count=len(fresh) - VALUES_TOLD)


def _of_days(connection: duckdb.DuckDBPyConnection, old: Memory, new: Memory) -> Iterator[Problem]:
    for table, (first, last) in new.reach.items():
        if table not in old.reach:
            continue
        was_first, was_last = old.reach[table]
        day = TABLES[table].dated_by
        if first < was_first:
            earlier = sql(
                "SELECT count(*) FROM export.{table} WHERE {day}::DATE < $first", table=table, day=day
            )
            ((count,),) = connection.execute(earlier, {"first": was_first}).fetchall()
            yield problem(
                "LD-706",
                table=table,
                column=day,
                value=f"{first}",
                count=count,
                wanted=f"{was_first} or later",
            )
        if last < was_last:
            yield problem("LD-707", table=table, column=day, value=f"{last}", wanted=f"{was_last} or later")
