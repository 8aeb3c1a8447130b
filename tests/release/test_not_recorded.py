"""A release publishes no zero for what the exports do not record."""

from datetime import date

from leadstats import release
from leadstats.model.measures import load_measures
from leadstats.release.history import before
from leadstats.release.plan import PlannedTable, ReleasePlan, time_hierarchy
from leadstats.release.selection import count
from tests.release.conftest import fill

MEASURES = ("people_first_referred", "people_eligible_for_diversion")
BY = ((), ("race",), ("neighborhood",), ("outcome",))
PLAN = ReleasePlan(
    tuple(
        PlannedTable(measure, ("year",), by)
        for measure in MEASURES
        for by in BY
        if set(by) <= set(load_measures()[measure].breakdowns)
    ),
    threshold=5,
    neighborhoods=("Mill Row", "North End", "Pier"),
    lag_days=0,
    least_share=0.01,
)


def published(program, *lacking):
    """By measure, what its tables are by, with the lines that say what is not published."""
    fill(program, 60, date(2025, 1, 1), 365)
    people = [{"person_id": f"CANARY-{n:04d}", "arrested_at": f"2025-03-{n % 28 + 1:02d}"} for n in range(40)]
    program.add(arrest=[each | {"is_charge_eligible": "yes", "is_diverted": "yes"} for each in people])
    database = program.lacks(*lacking).site(data_through=date(2026, 3, 31)).database
    parts = release.prepare(database, PLAN, [], b"a secret of the site")
    tables = {part.measure.name: {(*table,)[1:] for table in part.choice.tables} for part in parts}
    left_out = {table.name for part in parts for table in part.choice.not_recorded}
    return tables, left_out, release.not_recorded_of(database, PLAN)


def test_what_is_recorded_is_published(program):
    tables, left_out, absent = published(program)
    assert tables["people_first_referred"] == {(), ("race",), ("place",), ("outcome",)}
    assert set(tables) == set(MEASURES) and not left_out and not absent


def test_what_nobody_mapped_is_not_published_as_none(program):
    lacking = ("referral.intake_completed_on", "referral.neighborhood", "arrest.is_charge_eligible")
    tables, left_out, absent = published(program, *lacking, "arrest.charge_class")
    assert tables["people_first_referred"] == {(), ("race",)}
    assert left_out == {"people_first_referred by neighborhood", "people_first_referred by outcome"}
    assert set(tables) == {"people_first_referred"}
    assert absent == (
        "people_eligible_for_diversion (arrest.is_charge_eligible or arrest.charge_class,"
        " arrest.is_charge_eligible or site.eligible_charges)",
    )


def test_a_year_that_one_file_does_not_tell_is_not_published(program):
    program.file(
        "mapping.toml",
        '[[files]]\npattern = "former.csv"\ntable = "arrest"\n[[files]]\npattern = "later.csv"\ntable = "arrest"\n',
    )
    head = "arrest_id,person_id,arrested_at"
    former = "".join(f"A{n},P{n},2023-0{n}-03\n" for n in range(1, 10))
    later = "".join(f"B{n},Q{n},2024-0{n}-03,yes,no\n" for n in range(1, 10))
    program.file("former.csv", f"{head},is_diverted\n{former.replace('-03', '-03,no')}")
    program.file("later.csv", f"{head},is_charge_eligible,is_diverted\n{later}")
    database = program.site(data_through=date(2025, 3, 31)).database
    measure = load_measures()["people_eligible_for_diversion"]
    assert count(database, measure, PLAN, before(measure.name, [])).hierarchies[0].codes(0) == ("2024",)


def test_longer_periods_with_months_that_are_not_recorded_do_not_exist():
    times = time_hierarchy("month", "2024-11", "2026-05", is_cut=True)
    assert times.codes(1) == ("2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4", "2026-Q1")
    assert times.codes(2) == ("2025",)
    assert times.codes(3) == ()
