"""The second build tells what is new, what is missing, and what can hardly be; the first tells nothing of it."""

from datetime import date, timedelta

import pytest

from leadstats import ingest

DRIFT = "LD-7"


def drifted(report):
    return {(found.code, found.value) for found in report.problems if found.code.startswith(DRIFT)}


def stays(count, first=date(2026, 1, 1), **more):
    return [
        {
            "person_id": n,
            "stay_id": n,
            "booked_at": first + timedelta(days=n),
            "charge_class": "Felony",
            **more,
        }
        for n in range(count)
    ]


@pytest.fixture(scope="module")
def first_build(make_program, tmp_path_factory):
    program = make_program(tmp_path_factory.mktemp("january")).add(jail_stay=stays(50), contact=[{}])
    assert drifted(program.build()) == set()
    return program


@pytest.fixture
def january(first_build, copy_of):
    return copy_of(first_build)


def again(program, **tables):
    """The same inbox with other rows."""
    program._rows.clear()
    for path in program.inbox.glob("*.csv"):
        path.unlink()
    return program.add(**tables)


def test_the_same_once_more_is_no_drift(january):
    assert drifted(january.build()) == set()


def test_rows_within_three_tenths_are_no_drift(january):
    again(january, jail_stay=stays(60), contact=[{}])
    assert drifted(january.build()) == set()


@pytest.mark.parametrize("count", [80, 25])
def test_far_more_or_fewer_rows_are_told(january, count):
    again(january, jail_stay=stays(count), contact=[{}])
    report = january.build()

    assert ("LD-705", f"{count} rows, last time 50") in drifted(report)
    assert report.exit_code == 1 and report.snapshot


def test_a_missing_file_is_told_once(january):
    again(january, jail_stay=stays(50))
    report = january.build()
    (found,) = (each for each in report.problems if each.code == "LD-701")

    assert (found.file, found.table) == ("contact.csv", "contact")
    assert drifted(january.build()) == set()


def test_new_and_lost_columns_are_told(january):
    again(january, jail_stay=[{**row, "bail": 5} for row in stays(50)], contact=[{"kind": "Phone"}])
    assert drifted(january.build()) == {("LD-702", "bail")}

    again(january, jail_stay=stays(50), contact=[{"kind": "Phone"}])
    assert drifted(january.build()) == {("LD-703", "bail")}


def test_a_new_category_is_told_with_the_one_it_may_be(january):
    rows = stays(50)
    rows[3]["charge_class"] = "Felonny"
    again(january, jail_stay=rows, contact=[{}])
    (found,) = (each for each in january.build().problems if each.code == "LD-704")

    assert (found.table, found.column, found.value, found.likely) == (
        "jail_stay",
        "charge_class",
        "Felonny",
        "Felony",
    )


def test_days_before_and_an_end_before_the_last_build_are_told(january):
    rows = stays(40)
    rows[0]["booked_at"] = "1926-01-05"
    again(january, jail_stay=rows, contact=[{}])
    report = january.build()

    assert drifted(report) == {("LD-706", "1926-01-05"), ("LD-707", "2026-02-09")}
    assert next(each.count for each in report.problems if each.code == "LD-706") == 1


def test_files_of_one_pattern_count_together(program):
    mapping = '[[files]]\npattern = "jail_*.csv"\ntable = "jail_stay"\n'
    header = "stay_id,person_id,booked_at,released_at\n"
    program.file("mapping.toml", mapping)
    program.file("jail_2026-01.csv", header + "".join(f"{n},{n},2026-01-05,2026-01-06\n" for n in range(100)))
    program.build()
    program.file("jail_2026-02.csv", header + "".join(f"9{n},{n},2026-02-05,2026-02-06\n" for n in range(25)))

    assert drifted(program.build()) == set()


def test_a_check_compares_if_told_with_what(january):
    again(january, jail_stay=stays(50))
    inbox = january.write()

    assert drifted(ingest.check(inbox)) == set()
    assert ("LD-701", None) in drifted(ingest.check(inbox, former=january.data))


def test_a_last_build_that_cannot_be_read_is_no_obstacle(january):
    (january.data / "current").write_text("program-0.duckdb\n")
    assert drifted(january.build()) == set()


def test_nothing_remembered_points_to_a_person(january):
    for name in ("export_shape", "export_reach", "export_value"):
        columns = january.rows(f"SELECT * FROM program.{name} LIMIT 1")[0]
        assert not {"person_id", "stay_id"} & set(columns)
    (shape,) = january.rows("SELECT * FROM program.export_shape WHERE table_name = 'jail_stay'")
    assert shape["rows"] == 50 and "person_id" in shape["header"]
