"""The derived tables: described, in order, held to what they promise, and skipped where they must be empty."""

import dataclasses

import pytest
from conftest import found
from test_queries import ROWS

from docs import generate
from leadstats.ingest import derivation, pipeline
from leadstats.model.declarations import DeclarationError
from leadstats.model.schema import TABLES
from leadstats.model.tables import columns_of, load_tables

BY_NAME = {table.name: table for table in load_tables()}
FILE = """\
/*
row = "a thing"
*/
CREATE TABLE program.{name} (
    {columns}
);

INSERT INTO program.{name} BY NAME
SELECT * FROM {source};
"""


def write(folder, name, columns="thing INTEGER -- the thing", source="export.thing"):
    text = FILE.format(name=name, columns=columns, source=source)
    folder.joinpath(f"{name}.sql").write_text(text, encoding="utf-8")


def test_tables_come_after_those_they_read(tmp_path):
    write(tmp_path, "apple", source="program.pear")
    write(tmp_path, "pear", source="program.quince")
    write(tmp_path, "quince")

    assert [table.name for table in load_tables(tmp_path)] == ["quince", "pear", "apple"]


def test_tables_that_read_each_other_are_refused(tmp_path):
    write(tmp_path, "apple", source="program.pear")
    write(tmp_path, "pear", source="program.apple")

    with pytest.raises(DeclarationError, match="apple.* found, no table that reads this one"):
        load_tables(tmp_path)


@pytest.mark.parametrize(
    "columns, fault",
    [
        ("thing INTEGER", 'pear.sql: columns: "thing INTEGER" found, what the column means'),
        ("thing INTEGER, -- the thing\n    other DATE", 'pear.sql: columns: "other DATE" found'),
    ],
)
def test_a_column_must_be_described(tmp_path, columns, fault):
    write(tmp_path, "pear", columns)

    with pytest.raises(DeclarationError, match=fault):
        load_tables(tmp_path)


def test_a_table_reads_only_what_is_there(tmp_path):
    write(tmp_path, "pear", source="program.no_such_table")

    with pytest.raises(
        DeclarationError, match='pear.sql: reads: "no_such_table" found, a table that a file makes'
    ):
        load_tables(tmp_path)


def test_the_dictionary_names_every_column_of_the_database_file(program):
    columns: dict[str, list[str]] = {}
    for row in program.add(referral=[{}]).rows(
        "SELECT table_name, column_name FROM duckdb_columns()"
        " WHERE database_name = 'program' ORDER BY table_name, column_index"
    ):
        columns.setdefault(row["table_name"], []).append(row["column_name"])

    assert columns == {
        name: [column.name for column in columns_of(BY_NAME[name])] for name in sorted(BY_NAME)
    }


def contents(connection, tables):
    """What each table holds when `tables` are filled; the database is gone again afterwards."""
    connection.execute("ATTACH ':memory:' AS program")
    derivation.create_tables(connection, derivation.categories(connection))
    derivation.fill_tables(connection, tables)
    found = {
        table.name: connection.execute(
            "SELECT count(*), sum(hash(line)) FROM query_table($name) AS line",
            {"name": f"program.{table.name}"},
        ).fetchall()
        for table in tables
    }
    connection.execute("DETACH program")
    connection.execute("DROP TYPE dimensions; DROP TYPE category; DROP TYPE housing_stability")
    return found


SOURCES = {rows.split()[0].removeprefix("export.") for table in load_tables() for rows in table.rows_from}


@pytest.mark.parametrize("present", [*sorted(SOURCES & TABLES.keys()), "everything"])
def test_a_table_that_is_skipped_would_have_been_empty(present, program, monkeypatch):
    """Filled once as always, and once with nothing skipped: with rows of one export alone, and of all."""
    compared = []

    def twice(connection, *rest):
        whole = [dataclasses.replace(table, rows_from=()) for table in load_tables()]
        compared.extend([contents(connection, load_tables()), contents(connection, whole)])
        derivation.derive(connection, *rest)

    monkeypatch.setattr(pipeline, "derive", twice)
    program.add(**(ROWS if present == "everything" else {present: ROWS[present]})).build()

    skipping, whole = compared
    assert skipping == whole


def test_a_row_that_breaks_a_rule_stops_the_build(program, monkeypatch):
    person = BY_NAME["person"]
    twice = dataclasses.replace(
        person, fill=person.fill.replace("FROM export.mentioned\n", "FROM range(2), export.mentioned\n")
    )
    tables = tuple(twice if table is person else table for table in load_tables())
    monkeypatch.setattr(derivation, "load_tables", lambda: tables)

    report = program.add(referral=[{}]).build()

    assert (found(report, "LD-502").table, report.snapshot) == ("person", None)
    assert found(report, "LD-502").value == "person_key is not unique"
    assert not (program.data / "current").exists()


def test_a_layout_is_raised_when_a_column_changes_and_not_when_a_word_does(monkeypatch):
    def fingerprint_with(old, new):
        changed = [
            dataclasses.replace(each, create=each.create.replace(old, new)) if each.name == "stop" else each
            for each in load_tables()
        ]
        with monkeypatch.context() as patch:
            patch.setattr(derivation, "load_tables", lambda: changed)
            return generate.fingerprint()

    now = generate.fingerprint()
    assert fingerprint_with("-- the stop", "-- in other words") == now
    others = [fingerprint_with("stopped_on DATE", new) for new in ("stopped_on TIMESTAMP", "halted_on DATE")]
    assert len({now, *others}) == 3

    before = f"Layout 3, schema {now}"
    assert not generate.must_raise_layout(before, f"Layout 3, schema {now}")
    assert generate.must_raise_layout(before, f"Layout 3, schema {others[0]}")
    assert not generate.must_raise_layout(before, f"Layout 4, schema {others[0]}")
