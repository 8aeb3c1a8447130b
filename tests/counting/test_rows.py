"""Rows for another engine, and what plain queries make of them: cell by cell what the metrics' own SQL counts."""

import re
from collections import defaultdict
from datetime import date

import duckdb
import pyarrow.parquet as pq
import pytest
from metrics import test_recount, test_recount_outcomes

from leadstats.counting.atoms import AtomCounter
from leadstats.counting.catalog import load_metrics
from leadstats.counting.coverage import coverage
from leadstats.counting.cube import PEOPLE
from leadstats.counting.database import open_database
from leadstats.counting.rows import calendar, common_atoms, common_queries, table_names, write_rows

COUNTS = {*PEOPLE, "events", "numerator", "denominator", "by_person"}
COMMON = {metric.sql: metric for metric in load_metrics().values() if metric.sql in common_queries()}
EVERY = pytest.mark.parametrize("metric", COMMON.values(), ids=lambda metric: metric.name)


def as_groups(table):
    """For each month, category, person and set of dimensions what its counts come to, as `Cube` adds them: an engine may
    give a row to each record, or one to several of a person."""
    groups = defaultdict(list)
    for row in table.to_pylist():
        counts = {name: row.pop(name) for name in [*row] if name in COUNTS}
        groups[tuple(sorted(row.items(), key=str))].append(counts)
    return {
        (key, name): together(name, dict(key)["person"] is not None, [counts[name] for counts in found])
        for key, found in groups.items()
        for name in found[0]
    }


def together(name, is_known, values):
    """None if all are; of people one, of events the sum, and of arrests by person all that are one person's."""
    values = [value for value in values if value is not None]
    if not values:
        return None
    if name == "by_person":
        entries = [entry for value in values for entry in value]
        if is_known:
            return sum(entry["arrests"] for entry in entries), sum(entry["events"] for entry in entries)
        return sorted(
            (entry["arrests"], entry["events"]) for entry in entries for _ in range(entry["people"])
        )
    return max(values) if name in PEOPLE else sum(values)


def on_duckdb(folder):
    """An engine of the rows in that folder."""
    connection = duckdb.connect()
    for path in folder.glob("*.parquet"):
        connection.read_parquet(str(path)).create_view(path.stem)

    def run(query, months):
        connection.register("calendar", months)
        return connection.sql(query).to_arrow_table()

    return run


def fill(program):
    """Twenty people in whom everything turns, many records of nobody known among theirs."""
    rows = {**test_recount_outcomes.random_rows(11), **test_recount.random_rows(11)}
    program.add(**{table: test_recount.as_text(each) for table, each in rows.items()})
    stays = [
        (1, "2025-05-28T22:00", "2025-07-02T06:00"),
        (1, "2025-06-30T08:00", "2025-07-01T09:00"),
        (2, "2025-12-31T23:59", "2026-01-01T00:01"),
        ("", "2025-05-30T12:00", "2025-06-02T12:00"),
        ("", "2025-05-30T12:00", "2025-05-30T18:00"),
        (3, "2026-03-01T01:00", ""),
    ]
    names = ("person_id", "booked_at", "released_at")
    program.add(jail_stay=[dict(zip(names, stay, strict=True)) for stay in stays])
    return program.site(data_through=test_recount.AS_OF)


@pytest.fixture(scope="module")
def program(make_program, tmp_path_factory):
    return fill(make_program(tmp_path_factory.mktemp("rows")))


@pytest.fixture(scope="module", params=["county", "twenty people"])
def exported(request, county, tmp_path_factory):
    """A database, and its rows as they leave."""
    database = (
        open_database(county) if request.param == "county" else request.getfixturevalue("program").database
    )
    folder = tmp_path_factory.mktemp("exported")
    write_rows(database, folder)
    return database, folder


@EVERY
def test_a_common_query_counts_what_the_metric_counts(exported, metric):
    database, folder = exported
    as_of = coverage(database, metric).through
    months = calendar(min(database.first_days.values()), as_of)

    counted = common_atoms(metric, on_duckdb(folder), months, pq.read_table(folder / "dimensions.parquet"))

    own = AtomCounter(database).count(metric, as_of)
    assert set(counted.column_names) == set(own.column_names)
    assert as_groups(counted) == as_groups(own)
    assert len(counted) > 0


@pytest.mark.parametrize("sql", [sql for each in common_queries().values() for sql in each.values()])
def test_a_common_query_says_only_what_all_engines_understand(sql):
    sql = re.sub(r"--.*", "", sql)
    assert set(re.findall(r"(\w+)\(", sql)) <= {"count", "sum"}
    assert not re.search(r"::|\[|\$|\bFILTER\b|\bQUALIFY\b|\bALL\b|\bLEAST\b|'", sql, re.IGNORECASE)


def test_only_whole_numbers_and_words_leave(exported):
    _, folder = exported
    assert {path.stem for path in folder.glob("*.parquet")} == {*table_names(), "dimensions"}
    for path in folder.glob("*.parquet"):
        kinds = {str(field.type) for field in pq.read_schema(path)}
        assert kinds <= {"int32", "int64", "string"}, path.name


def test_the_calendar_ends_with_the_data():
    months = calendar(date(2026, 1, 31), date(2026, 3, 10)).to_pylist()
    days = (
        date(1970, 1, 1).toordinal() + each[name]
        for each in months
        for name in ("first_day", "last_day", "next_day")
    )
    assert [each["month"] for each in months] == [12 * 2026, 12 * 2026 + 1, 12 * 2026 + 2]
    assert [f"{date.fromordinal(day):%m-%d}" for day in days] == [
        *("01-01", "01-31", "02-01"),
        *("02-01", "02-28", "03-01"),
        *("03-01", "03-10", "03-11"),
    ]
