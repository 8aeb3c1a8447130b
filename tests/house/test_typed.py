"""Worked examples enter behind the border: the tables they are counted from are those of a real build."""

import tempfile
from datetime import date, timedelta
from pathlib import Path

import pytest
from conftest import Program
from hypothesis import given, settings
from hypothesis import strategies as st
from typed import OF_THE_BORDER

from leadstats.ingest import pipeline
from leadstats.model.schema import RACES, TABLES, TWO_OR_MORE

FIRST = date(2025, 1, 1)
DAYS = st.integers(0, 400).map(lambda days: FIRST + timedelta(days))
MOMENTS = st.tuples(DAYS, st.sampled_from(("", "T00:00", "T09:30", "T23:59:59"))).map(
    lambda parts: parts[0].isoformat() + parts[1]
)
FEW = st.sampled_from(("1", "2", "3", "4", "5"))
KINDS = {
    "text": st.sampled_from(("Ash", "Elm", "Theft", "Drug", "")),
    "date": DAYS,
    "moment": MOMENTS,
    "date_or_moment": MOMENTS,
    "flag": st.sampled_from(("yes", "no", "true", "0", "")),
    "integer": st.sampled_from((1, 3, 8, 13, 99, 101, 116, 410, 435)),
    "number": st.sampled_from((47.5, -122.25)),
    "races": st.lists(st.sampled_from((*RACES, TWO_OR_MORE, "Unknown")), max_size=3).map(";".join),
}
COLUMNS = {
    "birth_year": st.integers(1950, 2010),
    "birth_date": st.dates(date(1950, 1, 1), date(2010, 1, 1)),
    "people": st.sampled_from((0, 12, 47.5, 1310)),
}
NEEDED = {"entered_on"}  # a stay in housing without it is left out, though a cell may be empty
ENDS = (("started_on", "exited_on"), ("entered_on", "exited_on"), ("booked_at", "released_at"))
SITES = st.fixed_dictionaries(
    {},
    optional={
        "data_through": st.sampled_from((date(2025, 6, 30), date(2026, 1, 31))),
        "inactivity_days": st.just(60),
        "eligible_charges": st.just([{"charge_class": "Theft", "first": FIRST}]),
        "jail_costs": st.just([{"kind": "average", "dollars": 150, "from": FIRST}]),
        "baseline": st.just({"first": FIRST, "last": date(2025, 12, 31)}),
    },
)
# What a build says of files and cells, and the day it is put in force: behind the border there is neither.
OF_FILES = {"problem", "build"}


def cells(column):
    if column.name in COLUMNS:
        return COLUMNS[column.name]
    if column.kind == "choice":
        return st.sampled_from(column.choices)
    return (
        FEW if column.privacy == "identifier" else KINDS[column.kind].filter(bool if column.required else str)
    )


def rows(table):
    required = {each.name: cells(each) for each in table.columns if each.required or each.name in NEEDED}
    optional = {each.name: cells(each) for each in table.columns if each.name not in required}
    return st.lists(st.fixed_dictionaries(required, optional=optional), min_size=1, max_size=8).map(
        lambda drawn: acceptable(table, drawn)
    )


def acceptable(table, drawn):
    """Without what a build would leave out: ends before beginnings, numbers and referrals again."""
    kept, known = [], set()
    for row in drawn:
        key = tuple(row[name] for name in table.key) or repr(sorted(row.items(), key=str))
        again = row["person_id"] if table.name == "referral" else key
        is_turned = any(row.get(end) and str(row[end]) < str(row.get(start, "")) for start, end in ENDS)
        if not is_turned and not {key, again} & known:
            kept.append(row)
            known |= {key, again}
    return kept


EXPORTS = st.fixed_dictionaries(
    {"referral": rows(TABLES["referral"])},
    optional={
        name: rows(table) for name, table in TABLES.items() if name not in {"referral", *OF_THE_BORDER}
    },
).map(lambda drawn: {name: kept for name, kept in drawn.items() if kept})


OPTIONAL = [
    f"{table.name}.{column.name}"
    for table in TABLES.values()
    for column in table.columns
    if not column.required and column.name not in NEEDED
]
LACKS = st.one_of(st.just(set()), st.sets(st.sampled_from(OPTIONAL), max_size=8))


def contents(program):
    """Column names, types and rows of each table, in one order."""
    columns = program.rows(
        "SELECT table_name, list([column_name, data_type] ORDER BY column_index) AS columns"
        " FROM duckdb_columns() WHERE database_name = 'program' GROUP BY ALL"
    )
    return {
        row["table_name"]: (
            row["columns"],
            sorted(map(repr, program.rows(f"FROM program.{row['table_name']}"))),
        )
        for row in columns
    }


@settings(max_examples=12, deadline=None)
@given(EXPORTS, SITES, LACKS)
def test_typed_rows_give_the_tables_of_a_build(exports, site, lacks):
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(pipeline, "BYTES_TO_PLAN", 0)  # built as an inbox of many rows is
        programs = [
            Program(Path(folder) / name).add(**exports).site(**site).lacks(*lacks)
            for name in ("typed", "built")
        ]
        programs[0].typed()
        typed, built = map(contents, programs)
        for program in programs:
            program.close()
    assert typed.keys() == built.keys()
    for name in typed.keys() - OF_FILES:
        assert typed[name] == built[name], name


@pytest.mark.parametrize(
    ("reason", "exports"),
    [
        ("a row twice", {"contact": [{"contact_id": 1}, {"contact_id": 1}]}),
        ("a row twice", {"living_situation": [{}, {}]}),
        ("within a week", {"referral": [{"referred_on": "2026-01-03"}, {"referred_on": "2026-01-10"}]}),
        ("Exit before entry", {"enrollment": [{"started_on": "2026-01-03", "exited_on": "2026-01-02"}]}),
        ("turned into people", {"person_link": [{}]}),
        ("pathway", {"referral": [{"pathway": "comunity"}]}),
        ("referred_on is required", {"referral": [{"referred_on": ""}]}),
    ],
)
def test_typed_rows_that_a_build_would_leave_out_are_refused(tmp_path, reason, exports):
    with pytest.raises(AssertionError, match=reason):
        Program(tmp_path).add(**exports).typed().database  # noqa: B018


def test_a_typed_program_has_no_files(tmp_path):
    for ask in (Program.build, Program.check, Program.write):
        with pytest.raises(AssertionError, match="takes `built`"):
            ask(Program(tmp_path / ask.__name__).typed())
