"""The stations of a row on its way in: one script makes the tables of all of them, empty.

raw: text by canonical column, without blanks around it; candidate: typed; accepted: known to be good; export: without
identifiers. What a station does to a table without rows is nothing, so that an inbox of one file does not pay for
eleven others.
"""

import functools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import duckdb
import pyarrow as pa

from leadstats.model import codes
from leadstats.model.declarations import QUERIES
from leadstats.model.schema import TABLES, Column, Table

TYPES = {
    "text": "VARCHAR",
    "date": "DATE",
    "moment": "TIMESTAMP",
    "date_or_moment": "TIMESTAMP",
    "flag": "BOOLEAN",
    "integer": "BIGINT",
    "number": "DOUBLE",
    "races": "VARCHAR[]",
    "choice": "VARCHAR",
}
PLACE = {"file_number": "INTEGER", "row_number": "BIGINT"}
# unread: the columns whose cell held something that nobody could read: not known there, instead of none yet.
UNREAD = {"unread": "VARCHAR[]"}
ORIGIN = PLACE | {"is_hmis": "BOOLEAN", "is_unlinked": "BOOLEAN"} | UNREAD
KEY = "INTEGER"
POINT = ("latitude", "longitude")
# Each column and index takes a block at least; with the usual ones of 256 KB a file of many small tables is mostly air.
BLOCK, TINY_BLOCK = 65_536, 16_384


def create(
    connection: duckdb.DuckDBPyConnection,
    is_tiny: bool = False,
    has_cells: bool = True,
    has_mapping: bool = True,
) -> None:
    """All schemas and empty tables, and the macros that read cells.

    is_tiny: for a few rows, where to plan a statement well costs more than to run it.
    has_cells: whether there are any to read, or values already.
    has_mapping: whether any may be written otherwise than we write them.
    """
    if is_tiny:
        connection.execute("PRAGMA disable_optimizer")
        # Nor does it pay to weigh how each column is compressed best.
        connection.execute("SET force_compression = 'uncompressed'")
    connection.execute(f"SET default_block_size = {TINY_BLOCK if is_tiny else BLOCK}")
    run(connection, query("schemas"))
    if has_cells:
        run(connection, query("casts"))
        if has_mapping:
            run(connection, query("mapped_cells"))
    # Names and types come from the schema alone, never from a file of the inbox.
    run(connection, _definitions())
    for name, rows in codes.tables().items():
        connection.register("listed", pa.Table.from_pylist(rows))
        connection.execute(f"CREATE TABLE codes.{name} AS FROM listed")
    connection.unregister("listed")


def attach(connection: duckdb.DuckDBPyConnection, name: str, path: str) -> None:
    """A new database as a file, or as ":memory:". A build that fails throws it away as a whole, so that a log beside
    the file, to mend it by, would be written for nothing."""
    # ATTACH takes no bound parameter, so the path is quoted by hand.
    quoted = path.replace("'", "''")
    log = "" if path == ":memory:" else "(RECOVERY_MODE no_wal_writes)"
    connection.execute(f"ATTACH '{quoted}' AS {name} {log}")


def create_first(connection: duckdb.DuckDBPyConnection) -> None:
    """The place of rows as files have them alone, for who only looks at them."""
    connection.execute("CREATE SCHEMA staged")


@functools.cache
def query(name: str) -> str:
    """A text of queries/ingest/."""
    return (QUERIES / "ingest" / f"{name}.sql").read_text(encoding="utf-8")


def run(connection: duckdb.DuckDBPyConnection, script: str, **given: Any) -> duckdb.DuckDBPyConnection:
    """Runs a script of ours, each statement with the values that it names; holds the result of the last.

    A process parses each script once: of a small inbox that takes as long as to run it. (Statements made of an inbox's
    own words are remembered too, which costs a little memory.)
    """
    for statement in _parsed(script):
        connection.execute(statement, {name: given[name] for name in statement.named_parameters} or None)
    return connection


@functools.lru_cache(maxsize=1024)
def _parsed(script: str) -> tuple[duckdb.Statement, ...]:
    return tuple(duckdb.extract_statements(script))


class Sql(str):
    """A statement, or a part of one, into which names were written and no value."""

    __slots__ = ()


def sql(text: str, **parts: "Part") -> Sql:
    """`text` with a name, an expression, or several of them in a list, for each {part}.

    Our own tables are asked so, whose columns the schema lists: DuckDB's relations say the same, and are bound anew at
    every step, which of a small inbox takes longer than to run it. Raises ValueError for a name that is none.
    """
    return Sql(text.format_map({name: _written(part) for name, part in parts.items()}))


def union(selects: Iterable[Sql]) -> Sql:
    """The rows of all."""
    return Sql(" UNION ALL ".join(selects))


def counted(
    connection: duckdb.DuckDBPyConnection, table: str, conditions: Sequence[duckdb.Expression]
) -> tuple[int, ...]:
    """How many rows of a table meet each condition: all are looked for at once, since few rows meet any."""
    if not conditions:
        return ()
    counts = [duckdb.FunctionExpression("count_if", each) for each in conditions]
    return run(connection, sql("SELECT {counts} FROM {table}", counts=counts, table=table)).fetchall()[0]


def columns_said(connection: duckdb.DuckDBPyConnection, table: Table) -> list[Column]:
    """The columns of raw.* that any row says something in: exports have few of all, and nothing need be read in others."""
    is_said = [duckdb.ColumnExpression(column.name).isnotnull() for column in table.columns]
    amounts = counted(connection, f"raw.{table.name}", is_said)
    return [column for column, amount in zip(table.columns, amounts, strict=True) if amount]


Part = str | duckdb.Expression | Iterable["Part"]
NAME = re.compile(r"\w+(\.\w+)?")


def _written(part: Part) -> str:
    if isinstance(part, (Sql, duckdb.Expression)):
        return str(part)
    if not isinstance(part, str):
        return ", ".join(map(_written, part))
    if not NAME.fullmatch(part):
        raise ValueError(f"{part!r} is not a name")
    return part


def close(connection: duckdb.DuckDBPyConnection, *schemas: str) -> None:
    """Drops stations that every row has left: their rows would stay in memory until the build is done."""
    for schema in schemas:
        connection.execute(f"DROP SCHEMA {schema} CASCADE")


def filled(
    connection: duckdb.DuckDBPyConnection, schema: str, names: Iterable[str] = TABLES.keys()
) -> set[str]:
    """Those of the tables of a schema that have a row. Each is looked into: to list them, DuckDB would first write down
    the SQL of every table there is."""
    asked = (
        sql("(SELECT '{name}' FROM {schema}.{name} LIMIT 1)", schema=schema, name=name) for name in names
    )
    return {name for (name,) in run(connection, union(asked)).fetchall()}


def insert(connection: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Adds rows, by the names of their columns, to a table that is there."""
    if not rows:
        return
    if table not in _schemas:
        _schemas[table] = connection.table(table).limit(0).to_arrow_table().schema
    connection.from_arrow(pa.Table.from_pylist(rows, _schemas[table])).insert_into(table)


# Of the tables that rows are added to; no file of an inbox changes them.
_schemas: dict[str, pa.Schema] = {}


def key_name(column: str) -> str:
    """The made-up key that stands for an identifier: person_id becomes person_key."""
    return column.removesuffix("_id") + "_key"


def identifiers(table: Table) -> list[str]:
    """The columns that get a made-up key; the other agency's own number serves only to link, so not that one."""
    return [c.name for c in table.columns if c.privacy == "identifier" and c.name != "source_person_id"]


def exported(table: Table) -> dict[str, Column]:
    """What goes on, by its name there: identifiers as keys, and no point, which has become a place by then."""
    keys = identifiers(table)
    return {
        key_name(column.name) if column.name in keys else column.name: column
        for column in table.columns
        if column.name in keys or (column.privacy != "identifier" and column.name not in POINT)
    }


@functools.cache
def _definitions() -> str:
    return "\n".join(_each_definition())


def _each_definition() -> Iterator[str]:
    for table in TABLES.values():
        typed = {column.name: TYPES[column.kind] for column in table.columns}
        sent = {name: KEY if name != c.name else TYPES[c.kind] for name, c in exported(table).items()}
        yield _definition("raw", table.name, PLACE | dict.fromkeys(typed, "VARCHAR"))
        yield _definition("candidate", table.name, ORIGIN | typed)
        yield _definition("accepted", table.name, ORIGIN | typed)
        yield _definition("export", table.name, sent | UNREAD)
    for name in sorted({name for table in TABLES.values() for name in identifiers(table)}):
        yield _definition("keys", name, {"id": "VARCHAR", "key": KEY})


def _definition(station: str, table: str, columns: Mapping[str, str]) -> str:
    listed = ", ".join(f'"{name}" {kind}' for name, kind in columns.items())
    return f"CREATE TABLE {station}.{table} ({listed});"
