"""From accepted rows to export.*: the border where identifiers stop and made-up keys begin."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

import duckdb
import pyarrow as pa
from duckdb import ColumnExpression, ConstantExpression
from msgspec.structs import asdict

from leadstats.ingest.boundaries import Boundaries
from leadstats.ingest.reading import RowAccount
from leadstats.ingest.stations import (
    POINT,
    Sql,
    exported,
    filled,
    identifiers,
    insert,
    query,
    run,
    sql,
    union,
)
from leadstats.model.declarations import nearest
from leadstats.model.messages import Problem, problem
from leadstats.model.schema import OUTSIDE, TABLES, UNKNOWN, Table
from leadstats.model.settings import Site

Relation = duckdb.DuckDBPyRelation


def replace_identifiers(
    connection: duckdb.DuckDBPyConnection, boundaries: Boundaries | None, accounts: Iterable[RowAccount]
) -> list[Problem]:
    """Fills export.<table> for every canonical table with rows, in an order that depends on content only."""
    present = filled(connection, "accepted")
    tables = [table for table in TABLES.values() if table.name in present]
    _number_identifiers(connection, tables)
    problems = []
    for table in tables:
        rows = sql("accepted.{table}", table=table.name)
        if "neighborhood" in {column.name for column in table.columns}:
            rows = _placed(connection, table, boundaries)
            if boundaries is not None:
                placed = connection.sql(sql("FROM {rows}", rows=rows))
                problems.extend(_report_places(table, placed, boundaries, accounts))
        _export(connection, table, rows)
    return problems


def _number_identifiers(connection: duckdb.DuckDBPyConnection, tables: Iterable[Table]) -> None:
    """Dense keys in the order of the identifiers, the same over all tables."""
    mentions: dict[str, list[Sql]] = {}
    for table in tables:
        for name in identifiers(table):
            found = sql("SELECT {name} AS id FROM accepted.{table}", name=name, table=table.name)
            mentions.setdefault(name, []).append(found)
    for name, parts in mentions.items():
        numbered = (
            "INSERT INTO keys.{name} SELECT id, row_number() OVER (ORDER BY id)"
            " FROM (SELECT DISTINCT id FROM ({mentioned}) WHERE id IS NOT NULL)"
        )
        run(connection, sql(numbered, name=name, mentioned=union(parts)))


def _export(connection: duckdb.DuckDBPyConnection, table: Table, rows: Sql) -> None:
    keyed = identifiers(table)
    columns = [
        sql("{id}.key AS {name}", id=column.name, name=name)
        if column.name in keyed
        else sql("rows.{name}", name=name)
        for name, column in exported(table).items()
    ]
    joins = [sql("LEFT JOIN keys.{id} AS {id} ON rows.{id} = {id}.id", id=name) for name in keyed]
    # Whatever picks a first row later picks the same one, in whatever order the files came.
    sent = "INSERT INTO export.{table} SELECT {columns}, rows.unread FROM {rows} AS rows {joins} ORDER BY ALL"
    run(connection, sql(sent, table=table.name, columns=columns, rows=rows, joins=Sql(" ".join(joins))))


def _placed(connection: duckdb.DuckDBPyConnection, table: Table, boundaries: Boundaries | None) -> Sql:
    """The rows with names as the map writes them, and names for the points that have none."""
    spelled = (
        "(SELECT * EXCLUDE (neighborhood), either(as_choice(neighborhood, {names}), neighborhood) AS neighborhood"
        " FROM accepted.{table})"
    )
    names = ConstantExpression(sorted({*(boundaries.names if boundaries else ()), UNKNOWN, OUTSIDE}))
    rows = sql(spelled, names=names, table=table.name)
    if boundaries is None or not set(POINT) <= {column.name for column in table.columns}:
        return rows
    lost = (
        "SELECT DISTINCT latitude, longitude FROM {rows}"
        " WHERE neighborhood IS NULL AND latitude IS NOT NULL AND longitude IS NOT NULL"
    )
    points = connection.execute(sql(lost, rows=rows)).fetchnumpy()
    places = pa.array(boundaries.locate(points["latitude"], points["longitude"]), pa.string())
    connection.register("located", pa.table({**{name: points[name] for name in POINT}, "place": places}))
    found = (
        "(SELECT * EXCLUDE (neighborhood, place), either(neighborhood, place) AS neighborhood"
        " FROM {rows} LEFT JOIN located USING (latitude, longitude))"
    )
    return sql(found, rows=rows)


def _report_places(
    table: Table, rows: Relation, boundaries: Boundaries, accounts: Iterable[RowAccount]
) -> list[Problem]:
    by_number = {account.file_number: account for account in accounts if account.table == table.name}
    found = _names_not_on_map(table, rows, boundaries, by_number)
    if set(POINT) <= {column.name for column in table.columns}:
        place, latitude = ColumnExpression("neighborhood"), ColumnExpression("latitude")
        is_outside = place == ConstantExpression(OUTSIDE)
        for code, wanted in (("LD-404", is_outside), ("LD-406", place.isnull())):
            found += _points(code, table, rows.filter(wanted & latitude.isnotnull()), by_number)
    return found


def _points(code: str, table: Table, rows: Relation, by_number: Mapping[int, RowAccount]) -> list[Problem]:
    groups = rows.aggregate("file_number, count(*) AS findings, min(row_number, 5) AS first_rows")
    return [
        problem(
            code,
            file=by_number[number].file,
            table=table.name,
            column=by_number[number].word("latitude"),
            field="latitude",
            count=count,
            rows=found,
        )
        for number, count, found in groups.order("file_number").fetchall()
    ]


def _names_not_on_map(
    table: Table, rows: Relation, boundaries: Boundaries, by_number: Mapping[int, RowAccount]
) -> list[Problem]:
    names = [ConstantExpression(name) for name in (*boundaries.names, UNKNOWN, OUTSIDE)]
    groups = (
        rows.filter(ColumnExpression("neighborhood").isnotin(*names))
        .aggregate(
            "file_number, neighborhood, count(DISTINCT row_number) AS findings,"
            " list_sort(list_distinct(min(row_number, 50))) AS first_rows"
        )
        .order("file_number, first_rows, neighborhood")
    )
    return [
        problem(
            "LD-402",
            file=by_number[number].file,
            table=table.name,
            column=by_number[number].word("neighborhood"),
            field="neighborhood",
            value=value,
            likely=nearest(value, boundaries.names),
            count=count,
            rows=found,
        )
        for number, value, count, found in groups.fetchall()
    ]


def write_site(connection: duckdb.DuckDBPyConnection, site: Site, boundaries: Boundaries | None) -> None:
    """The settings as tables, for the SQL that derives and counts."""
    flat = {name: value for name, value in asdict(site).items() if not isinstance(value, tuple)}
    caseload, baseline = flat.pop("caseload"), flat.pop("baseline")
    flat["timezone"] = site.zone
    # Used up on the way in, where people are known by their numbers and charges become arrests.
    del flat["identity"], flat["charges_needed"]
    del flat["snapshots_kept"]  # of the folder, and no data hang on it
    flat |= {f"caseload_{name}": value for name, value in asdict(caseload).items()}
    flat |= {"baseline_first": baseline.first, "baseline_next": baseline.next_day}
    types = {"data_through": pa.date32(), "baseline_first": pa.date32(), "baseline_next": pa.date32()}
    row = {name: pa.array([value], types.get(name, _arrow_type(value))) for name, value in flat.items()}
    connection.from_arrow(pa.table(row)).create("export.site")
    charges = [
        {"charge_class": each.charge_class, "first_day": each.first, "last_day": each.last}
        for each in site.eligible_charges
    ]
    insert(connection, "export.eligible_charge", charges)
    for name, values in (
        ("jail_cost", site.jail_costs),
        ("program_cost", site.program_costs),
        ("goal", site.goals),
        ("event", site.events),
        ("note", site.notes),
    ):
        insert(connection, f"export.{name}", [asdict(value) for value in values])
    shapes = boundaries.geojson()["features"] if boundaries else []
    places = [
        {"name": name, "position": position, "geometry": json.dumps(shape["geometry"])}
        for position, (name, shape) in enumerate(
            zip(boundaries.names if boundaries else (), shapes, strict=True)
        )
    ]
    insert(connection, "export.boundary", places)


def _arrow_type(value: object) -> pa.DataType:
    return {bool: pa.bool_(), int: pa.int32()}.get(type(value), pa.string())


def write_matches(connection: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """How far the people of each source are known, one row a source, as export.match."""
    run(connection, query("match_rates"))
    matches = connection.execute("FROM export.match")
    columns = [column[0] for column in matches.description]
    return [dict(zip(columns, row, strict=True)) for row in matches.fetchall()]
