"""Which days an export covers: stated, or judged by how densely its events lie."""

from datetime import date, timedelta

import pytest
from conftest import found

from leadstats.counting.view import NOT_RECORDED
from leadstats.model.filenames import days_in_name
from leadstats.narrative import not_recorded

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


# Months between monthly files

HEADS = {
    "referral": "referral_id,person_id,referred_on,pathway",
    "arrest": "arrest_id,person_id,arrested_at",
    "jail_stay": "stay_id,person_id,booked_at,released_at",
}
REST = {"referral": ",community", "arrest": "", "jail_stay": ",2026-05-30"}
SPRING = {"first_month": "2026-01", "last_month": "2026-05"}


def monthly(program, table, months, name="{}.csv", rows=4):
    """A file for each month, of a few rows on different days of it."""
    pattern = name.format("[A-H]" if name == "{}.csv" else "*")
    program.file("mapping.toml", f'[[files]]\npattern = "{pattern}"\ntable = "{table}"\n')
    for number, month in enumerate(months):
        days = [f"2026-{month:02}-{3 + 5 * n:02}" for n in range(rows)]
        lines = [f"E{month}-{n},P{month}-{n},{day}{REST[table]}" for n, day in enumerate(days)]
        content = "\n".join([HEADS[table], *lines, ""])
        program.file(name.format("ABCDEFG"[number] if name == "{}.csv" else f"2026-{month:02}"), content)
    return program.site(data_through=date(2026, 5, 31))


@pytest.mark.parametrize(
    ("table", "metric"),
    [("referral", "referrals_received"), ("arrest", "arrests"), ("jail_stay", "jail_bookings")],
)
def test_a_month_without_a_file_between_monthly_files_is_not_recorded(program, table, metric):
    published = monthly(program, table, (1, 2, 4, 5)).measure(metric, **SPRING)
    assert [(cell.value, cell.hidden) for cell in published.cells] == [
        (4, None),
        (4, None),
        (None, NOT_RECORDED),
        (4, None),
        (4, None),
    ]
    assert published.not_recorded == (table,)
    assert not_recorded.gaps(published) == (
        f"1 of 5 periods is not recorded: the exports of {table} do not tell enough of them."
    )
    assert program.cell(metric, **SPRING, by="total").hidden == NOT_RECORDED
    told = found(program.report, "LD-337")
    assert (told.table, told.value) == (table, "2026-03") and "March 2026" in told.fix


def test_two_files_that_name_their_months_are_enough(program):
    published = monthly(program, "referral", (1, 3), "referrals_{}.csv").measure(
        "referrals_received", **SPRING
    )
    assert [cell.hidden for cell in published.cells] == [None, NOT_RECORDED, None, None, None]


@pytest.mark.parametrize("months", [(1, 2, 3, 4, 5), (1, 4)])
def test_other_files_are_no_slices_of_months(program, months):
    published = monthly(program, "referral", months).measure("referrals_received", **SPRING)
    assert not published.not_recorded and not [
        each for each in program.report.problems if each.code == "LD-337"
    ]


def test_one_file_of_several_months_makes_no_gap(program):
    monthly(program, "referral", (1, 2, 4))
    program.file("H.csv", HEADS["referral"] + "\nL1,P1,2026-04-02,community\nL2,P2,2026-05-03,community\n")
    assert not program.measure("referrals_received", **SPRING).not_recorded


def test_an_empty_file_of_a_month_says_that_nothing_happened(program):
    monthly(program, "referral", (1, 2, 4), "referrals_{}.csv")
    program.file("referrals_2026-03.csv", HEADS["referral"] + "\n")
    assert program.values("referrals_received", **SPRING)["2026-03"] == 0


def test_a_site_that_states_its_coverage_is_believed(program):
    monthly(program, "referral", (1, 2, 4))
    span = {"source": "referral", "from": date(2026, 1, 1), "through": date(2026, 5, 31)}
    program.site(coverage=[span])
    assert program.values("referrals_received", **SPRING)["2026-03"] == 0


def test_who_is_followed_through_a_missing_month_is_not_known(program):
    monthly(program, "arrest", (1, 2, 4, 5))
    program.add(
        referral=[{"person_id": f"P{month}-0", "referred_on": f"2026-{month:02}-02"} for month in (1, 4)]
    )
    published = program.measure("rearrested_within_182_days", **SPRING)
    assert [cell.hidden for cell in published.cells] == [NOT_RECORDED, NOT_RECORDED, NOT_RECORDED, None, None]


# A look back


def looked_back(typed):
    """A jail that tells of 2024 on, and people referred a little less and a little more than a year later."""
    others = [{"person_id": f"J{n}", "booked_at": day, "released_at": day} for n, day in enumerate(DAILY)]
    own = {"person_id": "late", "booked_at": "2024-03-01", "released_at": "2024-03-11"}
    referred = [("early", "2024-12-31"), ("late", "2025-01-01"), ("later", "2025-02-10")]
    return typed.add(
        jail_stay=[*others, own],
        referral=[{"person_id": person, "referred_on": day} for person, day in referred],
    ).site(data_through=date(2026, 6, 30))


DAILY = [date(2024, 1, 2) + timedelta(days=7 * n) for n in range(120)]


WINTER = {"first_month": "2024-12", "last_month": "2025-02"}


@pytest.mark.parametrize(
    ("metric", "value"), [("jail_nights_before_full_years", 10), ("bookings_before_full_years", 365 / 355)]
)
def test_a_year_before_that_the_jail_does_not_cover_is_not_without_nights(typed, metric, value):
    published = looked_back(typed).measure(metric, **WINTER)
    assert [(cell.period, cell.hidden, cell.people, cell.value) for cell in published.cells] == [
        ("2024-12", NOT_RECORDED, None, None),
        ("2025-01", None, 1, pytest.approx(value)),
        ("2025-02", None, 1, 0),
    ]
    assert published.not_recorded == ("jail_stay",)


def test_people_too_early_for_a_look_back_are_left_out_and_that_is_said(typed):
    published = looked_back(typed).measure("jail_nights_before", **WINTER, by="total")
    (cell,) = published.cells
    assert (cell.people, cell.value, cell.is_partial) == (2, 5, True)
    assert published.counts_from == date(2025, 1, 1)
    assert "The numbers begin on 1 January 2025" in not_recorded.gaps(published)


def test_people_are_compared_over_years_that_the_jail_covers(typed):
    arrests = [
        {"person_id": f"A{n}", "arrested_at": day, "is_charge_eligible": "yes", "is_diverted": "no"}
        for n, day in enumerate(("2024-12-31", "2025-01-05"))
    ]
    published = (
        looked_back(typed).add(arrest=arrests).measure("jail_nights_change_by_group", **WINTER, by="total")
    )
    assert [(cell.category, cell.people) for cell in published.cells] == [
        ("Referred to LEAD", 2),
        ("Arrested and not diverted", 1),
    ]


def test_stays_of_a_few_people_do_not_say_that_the_jail_begins_with_them(typed):
    stays_before = [
        {"person_id": f"P{n}", "booked_at": f"2025-06-{1 + n:02}", "released_at": f"2025-06-{5 + n:02}"}
        for n in range(12)
    ]
    referred = [{"person_id": f"P{n}", "referred_on": "2026-01-01"} for n in range(12)]
    typed.add(jail_stay=stays_before, referral=referred).site(data_through=date(2026, 3, 31))
    cell = typed.cell("jail_nights_before", month="2026-01", by="total")
    assert (cell.people, cell.value) == (12, 4)
