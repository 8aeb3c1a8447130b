"""What is open, what nobody can read and what stands in for an empty cell are three things."""

from datetime import date, timedelta

import pytest
from conftest import counts, found

END = {"data_through": date(2026, 3, 31)}
MARCH = {"month": "2026-03"}
QUARTER = {"first_month": "2026-01", "last_month": "2026-03", "by": "total"}
UNREADABLE = ("2026-02-30", "########", "RELEASED", "25:10", "2026-13-01", "yes", "9/9/26x", "?", "unknown")
STAND_INS = (
    "1900-01-01", "1900-01-01T00:00:00", "9999-12-31", "9999-12-31 23:59:59", "1753-01-01", "0001-01-01",
    "0000-00-00", "00/00/0000", "1899-12-30", "1970-01-01", "2079-06-06", "99/99/9999", "1/0/1900",
    "IN CUSTODY", "still in custody", "N/A", "(null)", "-", "--", "Not released", "Active",
)  # fmt: skip


def test_a_release_that_nobody_can_read_counts_for_no_night_and_stands_in_doubt(program):
    program.add(
        jail_stay=[
            {"person_id": n, "booked_at": "2026-03-10T09:00", "released_at": written}
            for n, written in enumerate([*UNREADABLE, "2026-03-12T10:00"], start=1)
        ]
    ).site(**END)

    # Taken for open they would be 22 nights each.
    assert program.value("jail_nights", **MARCH) == 2
    assert program.value("jail_bookings", **MARCH) == 1
    assert program.value("jail_nights_in_doubt", **MARCH) == 22 * len(UNREADABLE)
    assert counts(program.report, "jail_stay") == {"read": 10, "loaded": 10}
    told = {each.value for each in program.report.problems if each.code == "LD-204"}
    assert told == set(UNREADABLE)
    assert all(each.severity == "warning" for each in program.report.problems if each.code == "LD-204")


def test_the_roster_knows_better_than_a_release_that_nobody_can_read(program):
    program.add(
        jail_stay=[
            {"person_id": n, "booked_at": "2026-03-10", "released_at": "released", "is_on_roster": flag}
            for n, flag in enumerate(("yes", "no", ""), start=1)
        ]
    ).site(**END)

    assert program.value("jail_nights", **MARCH) == 22
    assert program.value("jail_nights_in_doubt", **MARCH) == 44
    assert "LD-318" not in {each.code for each in program.report.problems}


@pytest.mark.parametrize("table", ["jail_stay", "enrollment", "housing", "referral"])
def test_what_stands_in_for_an_empty_cell_is_empty_and_told_once(program, table):
    first, last = {
        "jail_stay": ("booked_at", "released_at"),
        "enrollment": ("started_on", "exited_on"),
        "housing": ("entered_on", "exited_on"),
        "referral": ("referred_on", "closed_on"),
    }[table]
    rows = [
        {"person_id": n, first: "2026-03-10", last: written} for n, written in enumerate(STAND_INS, start=1)
    ]
    program.add(**{table: [{**row, "project_type": 0} if table == "housing" else row for row in rows]})
    report = program.site(**END).build()

    assert report.exit_code == 0, report.as_text()
    said = [each for each in report.problems if each.code == "LD-211"]
    assert sum(each.count for each in said) == len(STAND_INS)
    assert {"1900-01-01", "IN CUSTODY"} <= {each.value for each in said}
    name = {
        "jail_stay": "jail_average_daily_population",
        "enrollment": "active_caseload",
        "housing": "people_in_interim_housing",
        "referral": "waiting_for_intake",
    }[table]
    expected = len(STAND_INS) * (22 / 31 if table == "jail_stay" else 1)
    assert program.value(name, **MARCH) == pytest.approx(expected)


def test_a_required_day_that_stands_for_none_is_none(program):
    program.add(
        jail_stay=[{"booked_at": "1900-01-01"}, {"booked_at": "2026-03-01"}],
        contact=[{"contacted_on": "9999-12-31"}, {"contacted_on": "2026-03-01"}],
    )

    report = program.check()

    assert counts(report, "jail_stay") == counts(report, "contact") == {"read": 2, "loaded": 1, "rejected": 1}
    assert {each.value for each in report.problems if each.code == "LD-203"} == {"1900-01-01", "9999-12-31"}


@pytest.mark.parametrize(
    ("table", "first", "last", "open_now", "in_march"),
    [
        ("jail_stay", "booked_at", "released_at", "jail_average_daily_population", 22 / 31),
        ("enrollment", "started_on", "exited_on", "active_caseload", 1),
        ("referral", "referred_on", "closed_on", "waiting_for_intake", 1),
    ],
)
def test_an_end_that_is_planned_is_none_yet_and_one_of_some_year_to_come_is_a_slip(
    program, table, first, last, open_now, in_march
):
    planned = date.today() + timedelta(days=40)
    rows = [
        {"person_id": who, first: "2026-03-10", last: end}
        for who, end in enumerate([planned.isoformat(), "2062-03-12", "2029-03-12"], start=1)
    ]
    program.add(**{table: rows}).site(**END)

    assert program.value(open_now, **MARCH) == pytest.approx(in_march)
    told = [(each.code, each.value, each.severity) for each in program.report.problems]
    assert ("LD-204", "2062-03-12", "warning") in told and ("LD-204", "2029-03-12", "warning") in told
    assert ("LD-315", planned.isoformat(), "warning") in told


def test_an_enrollment_whose_exit_nobody_can_read_is_known_to_have_begun(program):
    program.add(
        enrollment=[
            {"person_id": 1, "started_on": "2026-01-10", "exited_on": "########"},
            {"person_id": 2, "started_on": "2026-01-10", "exited_on": "2026-02-10"},
            {"person_id": 3, "started_on": "2026-01-10"},
        ]
    ).site(**END)

    assert program.value("people_enrolled", **QUARTER) == 3
    assert program.value("people_exited", **QUARTER) == 1
    assert program.values("active_caseload", first_month="2026-01", last_month="2026-03") == {
        "2026-01": 2,
        "2026-02": 1,
        "2026-03": 1,
    }
    assert program.values("people_served", first_month="2026-01", last_month="2026-03") == {
        "2026-01": 3,
        "2026-02": 2,
        "2026-03": 1,
    }


def test_whose_exit_nobody_can_read_is_neither_retained_nor_lost(program):
    program.add(
        enrollment=[
            {"person_id": 1, "started_on": "2025-03-10", "exited_on": "left"},
            {"person_id": 2, "started_on": "2025-03-10", "exited_on": "2025-04-01"},
            {"person_id": 3, "started_on": "2025-03-10"},
        ],
        contact=[
            {"person_id": person, "contacted_on": f"2025-{month:02}-15"}
            for person in (1, 2, 3)
            for month in range(3, 13)
        ],
    ).site(**END)

    # Open, the first would be retained: 67 %; gone, lost: 33 %.
    assert program.value("retained_at_182_days", month="2025-03") == pytest.approx(50)


def test_a_place_whose_exit_nobody_can_read_is_known_for_its_first_day(program):
    program.add(
        housing=[
            {"person_id": 1, "project_type": 0, "entered_on": "2026-01-10", "exited_on": "gone", "destination": 410},
            {"person_id": 2, "project_type": 0, "entered_on": "2026-01-10"},
        ]
    ).site(**END)  # fmt: skip

    assert program.values("people_in_interim_housing", first_month="2026-01", last_month="2026-03") == {
        "2026-01": 2,
        "2026-02": 1,
        "2026-03": 1,
    }
    assert program.value("housing_exits", **QUARTER) == 0


def test_a_home_whose_end_nobody_can_read_is_neither_kept_nor_lost(program):
    home = {"project_type": 3, "entered_on": "2025-03-10", "moved_in_on": "2025-03-10"}
    program.add(
        housing=[
            {"person_id": 1, **home, "exited_on": "2025-02-30", "destination": 116},
            {"person_id": 2, **home, "exited_on": "2025-04-10", "destination": 116},
            {"person_id": 3, **home},
        ]
    ).site(**END)

    assert program.value("people_placed_in_permanent_housing", month="2025-03") == 3
    assert program.value("still_housed_at_182_days", month="2025-03") == pytest.approx(50)


@pytest.mark.parametrize("column", ["intake_completed_on", "closed_on"])
def test_whose_intake_or_closing_nobody_can_read_neither_waits_nor_is_done(program, column):
    program.add(
        referral=[
            {"person_id": 1, "referred_on": "2026-01-10", column: "2026-02-31"},
            {"person_id": 2, "referred_on": "2026-01-10", "intake_completed_on": "2026-01-12"},
            {"person_id": 3, "referred_on": "2026-01-10"},
        ]
    ).site(**END)

    assert program.value("referrals_received", **QUARTER) == 3
    assert program.value("waiting_for_intake", **MARCH) == 1
    assert program.value("intake_within_14_days", month="2026-01") == pytest.approx(50)
    stages = program.values("people_referred_by_stage", month="2026-01")
    assert {stage: value for stage, value in stages.items() if value} == {
        "Intake, no such contact yet": 1,
        "Waiting for approval": 1,
    }


def test_a_mark_that_nobody_can_read_is_neither_yes_nor_no(program):
    program.add(
        arrest=[
            {"arrested_at": "2026-03-10", "is_charge_eligible": "yes", "is_diverted": flag}
            for flag in ("yes", "no", "", "perhaps", "unknown", "N/A")
        ],
        stop=[{"stopped_at": "2026-03-10", "is_arrested": flag} for flag in ("yes", "no", "perhaps")],
    ).site(**END)

    # What the extract leaves empty is no, as ever; N/A is empty.
    cell = program.cell("diversion_rate", **MARCH)
    assert (cell.numerator, cell.denominator) == (1, 4)
    assert program.value("stops_with_arrest", **MARCH) == 1
    assert program.rows("SELECT count(*) AS n FROM program.stop WHERE is_arrested IS NULL") == [{"n": 1}]


def test_birthdays_that_a_form_fills_in_are_unknown_and_people_of_100_exist(program):
    born = [
        ("1900-01-01", ""), ("1901-01-01", ""), ("", "1900"), ("", "1901"), ("1753-01-01", ""), ("", "9999"),
        ("9999-12-31", ""), ("1900-05-05", ""), ("1924-02-29", ""), ("", "1925"),
    ]  # fmt: skip
    program.add(
        person=[
            {"person_id": n, "birth_date": day, "birth_year": year}
            for n, (day, year) in enumerate(born, start=1)
        ],
        referral=[{"person_id": n, "referred_on": "2026-03-10"} for n in range(1, 11)],
    ).site(**END)

    ages = program.values("people_referred", breakdown="age_band", **MARCH)

    assert {age: count for age, count in ages.items() if count} == {"65 and over": 3, "Unknown": 7}
    assert {each.column for each in program.report.problems if each.code == "LD-211"} == {
        "birth_date",
        "birth_year",
    }


def test_a_row_without_any_day_is_told(program):
    program.add(
        housing=[
            {"person_id": 1, "project_type": 0},
            {"person_id": 2, "project_type": 0, "exited_on": "2026-03-10", "destination": 410},
            {"person_id": 3, "project_type": 0, "entered_on": "2026-03-10"},
            {"person_id": 4, "project_type": 0, "entered_on": "0000-00-00"},
        ]
    )

    report = program.check()

    assert counts(report, "housing") == {"read": 4, "loaded": 4}
    assert (found(report, "LD-327").rows, found(report, "LD-327").column) == ((2, 5), "entered_on")
    assert (found(report, "LD-328").rows, found(report, "LD-328").severity) == ((3,), "note")
