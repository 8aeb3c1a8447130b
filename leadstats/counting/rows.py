"""The rows to be counted, for another engine. Hides how days, flags and categories become whole numbers, and back.

Engines agree on whole numbers and words and on little else: each has its own ideas of dates, timestamps, lists and
structs. So the rows leave as Parquet of whole numbers and words, queries/cube/ asks in SQL that all engines understand,
and the answers take the shape of `AtomCounter.count`, with one row for each person, month and set of dimensions.
"""

import functools
from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from leadstats.counting.atoms import SEPARATOR, AtomCounter, Count, dimensions_of, month_number
from leadstats.counting.catalog import load_metrics
from leadstats.counting.database import ProgramDatabase
from leadstats.model import periods
from leadstats.model.declarations import QUERIES
from leadstats.model.metrics import Metric
from leadstats.model.schema import EVERYONE

CALENDAR, DIMENSIONS = "calendar", "dimensions"  # the tables that are not tables of the program
KEYS = ("person_key", "month", DIMENSIONS)  # what a common query groups by
CODE = "code"  # which row of the dimensions
FIRST_DAY = date(1970, 1, 1)  # days are counted from it
BATCH = 200_000  # rows held in memory at once

# Runs a query on an engine that has these rows, with a calendar beside them.
Run = Callable[[str, pa.Table], pa.Table]


@functools.cache
def common_queries() -> Mapping[str, Mapping[str, str]]:
    """The queries of queries/cube/, by the SQL of the metric each file is named for: the counts under "", and each
    column that is a list under its name."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for path in sorted((QUERIES / "cube").glob("*.sql")):
        metric, _, column = path.stem.partition(".")
        found[load_metrics()[metric].sql][column] = path.read_text(encoding="utf-8")
    return found


def is_common(metric: Metric) -> bool:
    """Whether another engine can count it."""
    return metric.sql in common_queries()


def table_names() -> list[str]:
    """The tables of the program that common queries read."""
    asked = (sql for each in common_queries().values() for sql in each.values())
    return sorted({name for sql in asked for name in duckdb.get_table_names(sql)} - {CALENDAR, DIMENSIONS})


def write_rows(database: ProgramDatabase, folder: Path) -> None:
    """Each of these tables as folder/<table>.parquet, and dimensions.parquet beside them.

    Days are whole numbers since 1970, flags are 0 or 1, `month` counts the event_date's months since the year 0, and
    `dimensions` is the number of a row in dimensions.parquet, which has everything rows can be filtered or broken down by.
    """
    cursor = database.root.cursor()
    tables = {name: cursor.table(f"program.{name}") for name in table_names()}
    every = functools.reduce(
        lambda one, other: one.union(other), (each.project(DIMENSIONS) for each in tables.values())
    )
    numbered = every.distinct().order(DIMENSIONS).to_arrow_table()
    numbered = numbered.append_column(CODE, pa.array(np.arange(len(numbered), dtype=np.int32)))
    pq.write_table(_labels(numbered), folder / f"{DIMENSIONS}.parquet")
    codes = cursor.from_arrow(numbered)
    for name, table in tables.items():
        reader = table.join(codes, DIMENSIONS).to_arrow_reader(BATCH)
        schema = _whole_numbers(reader.schema.empty_table()).schema
        with pq.ParquetWriter(folder / f"{name}.parquet", schema) as writer:
            for batch in reader:
                writer.write_table(_whole_numbers(pa.table(batch)))


def _labels(numbered: pa.Table) -> pa.Table:
    struct = numbered[DIMENSIONS].combine_chunks()
    columns = {field.name: pc.struct_field(struct, field.name) for field in struct.type}
    races = columns.pop("races")
    races = pa.ListArray.from_arrays(races.offsets, races.values.cast(pa.string()))
    words = {name: column.cast(pa.string()) for name, column in columns.items()}
    return pa.table({CODE: numbered[CODE], "races": pc.binary_join(races, SEPARATOR), **words})


def _whole_numbers(rows: pa.Table) -> pa.Table:
    found = {}
    for name, column in zip(rows.column_names, rows.columns, strict=True):
        if pa.types.is_date(column.type) or pa.types.is_boolean(column.type):
            found[name] = column.cast(pa.int32())
        elif pa.types.is_integer(column.type) or pa.types.is_string(column.type):
            found[name] = column
    found[DIMENSIONS] = found.pop(CODE)
    if "event_date" in found:
        day = rows["event_date"]
        months = pc.add(pc.multiply(pc.year(day), 12), pc.month(day))
        found["month"] = pc.subtract(months, 1).cast(pa.int32())
    return pa.table(found)


def calendar(first: date, as_of: date) -> pa.Table:
    """The table `calendar` of common queries: the months from that day's month on, the last one cut at as_of.

    Events before it are not counted.
    """
    months = []
    month = first.replace(day=1)
    while month <= as_of:
        following = periods.following_month(month)
        last = min(following - timedelta(days=1), as_of)
        days = {"first_day": month, "last_day": last, "next_day": last + timedelta(days=1)}
        months.append(
            {"month": month_number(month)} | {name: (day - FIRST_DAY).days for name, day in days.items()}
        )
        month = following
    return pa.Table.from_pylist(months, pa.schema([(name, pa.int32()) for name in months[0]]))


def common_atoms(metric: Metric, run: Run, months: pa.Table, dimensions: pa.Table) -> pa.Table:
    """The same table as `AtomCounter.count`, counted by that engine over the months of a `calendar`.

    dimensions: as written by `write_rows`. Raises KeyError for a metric without a common query.
    """
    queries = common_queries()[metric.sql]
    counts = _in_order(run(queries[""], months))
    of_rows = dimensions.take(counts[DIMENSIONS])
    own = counts["category"] if "category" in counts.column_names else pa.array([EVERYONE] * len(counts))
    columns = {"month": counts["month"].cast(pa.int32()), "category": pc.dictionary_encode(own)}
    columns["person"] = counts["person_key"].cast(pa.int32())
    columns |= {name: pc.dictionary_encode(of_rows[name]) for name in dimensions_of(metric)}
    told = {*KEYS, "category"}
    columns |= {name: counts[name].cast(pa.int64()) for name in counts.column_names if name not in told}
    columns |= {name: _entries(_in_order(run(sql, months)), counts) for name, sql in queries.items() if name}
    return pa.table(columns)


def _in_order(counted: pa.Table) -> pa.Table:
    return counted.sort_by([(name, "ascending") for name in KEYS]).combine_chunks()


def _entries(listed: pa.Table, counts: pa.Table) -> pa.ListArray:
    """For each count, its rows as a list. Both are in the order of the same keys, and neither has a key the other lacks."""
    keys = np.stack([pc.fill_null(listed[name].cast(pa.int64()), -1).to_numpy() for name in KEYS])
    starts = np.flatnonzero(np.append(True, (np.diff(keys) != 0).any(axis=0))[: len(listed)])
    if not listed.select(KEYS).take(starts).equals(counts.select(KEYS)):
        raise ValueError("a list has entries where nothing was counted, or none where something was")
    fields = {name: listed[name].cast(pa.int64()) for name in listed.column_names if name not in KEYS}
    structs = pa.StructArray.from_arrays([_whole(each) for each in fields.values()], list(fields))
    return pa.ListArray.from_arrays(pa.array(np.append(starts, len(listed)), pa.int32()), structs)


def _whole(column: pa.ChunkedArray) -> pa.Array:
    return column.combine_chunks() if column.num_chunks != 1 else column.chunk(0)


def counting_with(database: ProgramDatabase, rows: Path, run: Run) -> Count:
    """A count for `atoms.keep_all`: the engine counts metrics that have a common query, from the rows that `write_rows`
    wrote; the metric's own SQL counts the others."""
    dimensions = pq.read_table(rows / f"{DIMENSIONS}.parquet")
    first, own = min(database.first_days.values()), AtomCounter(database)

    def count(metric: Metric, as_of: date) -> pa.Table:
        if is_common(metric):
            return common_atoms(metric, run, calendar(first, as_of), dimensions)
        return own.count(metric, as_of)

    return count
