"""Which days an export covers: stated, or judged by how densely its events lie."""

from datetime import date, timedelta

import pytest
from conftest import found

from leadstats.counting.view import NOT_RECORDED
from leadstats.model.filenames import days_in_name

WEEKLY = [date(2024, 1, 2) + timedelta(days=7 * n) for n in range(40)]  # to 1 October 2024


def stays(days):
    return [{"person_id": f"P{n}", "booked_at": day, "released_at": day} for n, day in enumerate(days)]


def referrals(days):
    return [{"person_id": f"P{n}", "referred_on": day} for n, day in enumerate(days)]


def covered(program, source):
    return program.build().as_json()["coverage"][source]


@pytest.mark.parametrize("late", [date(2026, 4, 1), date(2025, 6, 1)])
def test_a_lone_late_row_does_not_end_the_data(program, late):
    program.add(referral=referrals([*WEEKLY, late]))
    assert covered(program, "referral") == {"from": "2024-01-02", "through": "2024-10-01", "stated": False}
    told = found(program.report, "LD-330")
    assert (told.value, told.field) == (late.isoformat(), "referred_on")
    assert "2024-10-01" in told.expected


def test_a_lone_early_row_does_not_begin_the_data(program):
    program.add(jail_stay=stays([date(2014, 1, 2), *WEEKLY]))
    assert covered(program, "jail_stay")["from"] == "2024-01-02"
    assert found(program.report, "LD-330").value == "2014-01-02"
    cells = program.measure("jail_bookings", first_month="2023-11", last_month="2024-01").cells
    assert [(cell.value, cell.hidden) for cell in cells] == [(None, NOT_RECORDED)] * 2 + [(5, None)]


def test_rows_that_came_back_after_a_pause_are_believed(program):
    again = [date(2025, 9, 1) + timedelta(days=7 * n) for n in range(10)]
    program.add(referral=referrals([*WEEKLY, *again]))
    assert covered(program, "referral")["through"] == "2025-11-03"


def test_few_rows_tell_no_density(program):
    program.add(referral=referrals([date(2024, 1, 2), date(2024, 1, 3), date(2025, 6, 1)]))
    assert covered(program, "referral")["through"] == "2025-06-01"
    # Nothing says that the program had not just begun.
    cells = program.measure("referrals_received", first_month="2023-12", last_month="2024-01").cells
    assert [cell.value for cell in cells] == [0, 2]


def test_a_table_that_is_seldom_written_in_does_not_end_with_its_last_row(program):
    seldom = [date(2024, 1, 15) + timedelta(days=50 * n) for n in range(5)]  # to 2 August
    program.add(jail_stay=stays(WEEKLY), referral=referrals(seldom))
    assert covered(program, "referral")["through"] == "2024-10-01"


def test_a_table_that_falls_silent_ends_there(program):
    program.add(jail_stay=stays(WEEKLY), referral=referrals(WEEKLY[:20]))
    assert covered(program, "referral")["through"] == WEEKLY[19].isoformat()


def test_the_site_may_state_the_days_of_a_source(program):
    program.add(referral=referrals(WEEKLY))
    program.file("site.toml", '[[coverage]]\nsource = "referral"\nfrom = 2024-03-01\nthrough = 2024-12-31\n')
    assert covered(program, "referral") == {"from": "2024-03-01", "through": "2024-12-31", "stated": True}
    cells = program.measure("referrals_received", first_month="2024-02", last_month="2024-12").cells
    assert [(cell.period, cell.hidden) for cell in cells if cell.hidden] == [("2024-02", NOT_RECORDED)]
    assert [cell.value for cell in cells][1:] == [4, 5, 4, 4, 5, 4, 4, 1, 0, 0]


def test_the_month_in_a_files_name_is_what_it_covers(program):
    rows = "".join(f"R{n},P{n},2026-02-0{n},community\n" for n in range(3, 6))
    program.file("mapping.toml", '[[files]]\npattern = "lead_*.csv"\ntable = "referral"\n')
    program.file("lead_2026-02.csv", f"referral_id,person_id,referred_on,pathway\n{rows}")
    assert covered(program, "referral") == {"from": "2026-02-01", "through": "2026-02-28", "stated": True}


def test_a_name_that_the_rows_contradict_says_nothing(program):
    program.file("mapping.toml", '[[files]]\npattern = "lead_*.csv"\ntable = "referral"\n')
    program.file(
        "lead_2026-02.csv", "referral_id,person_id,referred_on,pathway\nR1,P1,2026-03-03,community\n"
    )
    assert covered(program, "referral") == {"from": "2026-03-03", "through": "2026-03-03", "stated": False}


@pytest.mark.parametrize(
    ("name", "days"),
    [
        ("old_2020-01-01/jail_20260401.csv", (None, date(2026, 4, 1))),
        ("jail_2026-01-01_to_2026-03-31.csv", (date(2026, 1, 1), date(2026, 3, 31))),
        ("jail_2026_02.csv", (date(2026, 2, 1), date(2026, 2, 28))),
        ("jail_2026-01_2026-03.csv", (date(2026, 1, 1), date(2026, 3, 31))),
        ("jail.csv", None),
        ("jail_2026-01-01_2026-02-01_2026-03-01.csv", None),
    ],
)
def test_a_name_states_days_or_nothing(name, days):
    assert days_in_name(name) == days
