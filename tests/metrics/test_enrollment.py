"""Referrals, intake, caseload and contact, on rows that can be counted by hand."""

from datetime import date, timedelta

import pytest

AS_OF = date(2026, 3, 31)
W1_WAITS = [
    (3, "done"),
    (5, "left"),
    (7, "done"),
    (7, "done"),
    (10, "waits"),
    (14, "done"),
    (20, "left"),
    (21, "waits"),
]
QUARTER = {"first_month": "2026-01", "last_month": "2026-03", "by": "total"}


def waits(program, *ends):
    """One person for each (days, done / left / waits); those who wait do so when the data end."""
    rows = []
    for person_id, (days, end) in enumerate(ends, start=1):
        referred = AS_OF - timedelta(days if end == "waits" else 60)
        column = {"done": "intake_completed_on", "left": "closed_on"}.get(end)
        ended = {column: referred + timedelta(days)} if column else {}
        rows.append({"person_id": person_id, "referred_on": referred, **ended})
    program.add(referral=rows).site(data_through=AS_OF)
    return program


@pytest.fixture
def queue(program):
    """Ten referrals: 3, 5 left, 7, 7, 10 waiting, 14, 20 left, 21 waiting, 30, 30 waiting."""
    return waits(program, *W1_WAITS, (30, "done"), (30, "waits"))


def test_a_person_referred_twice_is_two_referrals_and_one_person(program):
    program.add(
        referral=[
            {"person_id": 1, "referred_on": "2026-01-03"},
            {"person_id": 1, "referred_on": "2026-01-20"},
            {"person_id": 2, "referred_on": "2026-02-01"},
        ]
    ).site(data_through=AS_OF)
    assert program.values("referrals_received", first_month="2026-01", last_month="2026-03") == {
        "2026-01": 2,
        "2026-02": 1,
        "2026-03": 0,
    }
    assert program.value("people_referred", month="2026-01") == 1
    assert program.value("people_referred", **QUARTER) == 2


def test_a_repeat_within_a_week_is_the_same_referral(built):
    days = ("2026-01-03", "2026-01-10", "2026-01-11")
    built.add(referral=[{"person_id": 1, "referred_on": day} for day in days]).site(data_through=AS_OF)
    assert built.value("referrals_received", month="2026-01") == 2


def test_routes_to_lead_are_counted_apart(program):
    routes = ("social_contact", "social_contact", "community", "arrest_diversion")
    program.add(
        referral=[
            {"person_id": n, "pathway": route, "referred_on": "2026-01-05"} for n, route in enumerate(routes)
        ]
    ).site(data_through=AS_OF)
    assert program.value("social_contact_referrals", month="2026-01") == 2
    assert program.value("community_referrals", month="2026-01") == 1
    by_route = program.values("referrals_received", month="2026-01", breakdown="pathway")
    assert by_route == {
        "arrest_diversion": 1,
        "community": 1,
        "jail_or_court": 0,
        "social_contact": 2,
        "unknown": 0,
    }


def test_intake_by_a_day_neither_fails_nor_drops_those_who_wait(queue):
    by_day_14 = queue.cell("intake_within_14_days", **QUARTER)
    assert by_day_14.value == pytest.approx(42)
    assert by_day_14.value != pytest.approx(44, abs=1)  # short-followed person dropped
    by_day_30 = queue.cell("intake_within_30_days", **QUARTER)
    assert by_day_30.value == pytest.approx(60)
    assert (by_day_30.numerator, by_day_30.denominator, by_day_30.people) == (5, 10, 10)
    assert by_day_30.low < 60 < by_day_30.high
    assert queue.value("intake_within_90_days", **QUARTER) is None  # nobody was watched so long


def test_median_wait_counts_those_who_still_wait(queue):
    found = queue.cell("median_days_to_intake", **QUARTER)
    assert (found.value, found.events, found.denominator) == (30, 5, 10)


def test_median_wait_reached_at_one_half_and_unknown_above_it(program):
    waits(program, *((days, "done") for days in (1, 2, 3, 4)))
    assert program.value("median_days_to_intake", **QUARTER) == 2


def test_half_have_not_had_an_intake(program):
    waits(program, (5, "done"), (40, "waits"), (40, "waits"))
    assert program.value("median_days_to_intake", **QUARTER) is None


def test_waiting_is_over_on_the_day_of_intake_and_of_leaving(queue):
    assert queue.value("waiting_for_intake", **QUARTER) == 3
    assert queue.values("waiting_for_intake", first_month="2026-01", last_month="2026-02") == {
        "2026-01": 7,  # sixty days before the end of March seven referrals begin: 30 January
        "2026-02": 1,
    }


def test_somebody_enrolled_is_no_part_of_the_queue(program):
    program.add(
        enrollment=[
            {"person_id": 1, "started_on": "2026-01-01"},
            {"person_id": 2, "started_on": "2026-02-01"},
        ],
        referral=[
            {"person_id": 1, "referred_on": "2026-02-01"},
            {"person_id": 2, "referred_on": "2026-02-01"},
        ],
    ).site(data_through=AS_OF)
    assert program.value("referrals_received", month="2026-02") == 2
    assert program.value("waiting_for_intake", month="2026-02") == 1
    assert program.cell("intake_within_14_days", month="2026-02").denominator == 1


def test_death_before_intake_is_leaving(program):
    program.add(
        person=[{"person_id": 1, "death_date": "2026-01-20"}],
        referral=[{"person_id": 1, "referred_on": "2026-01-10"}],
    ).site(data_through=AS_OF)
    assert program.value("intake_within_30_days", month="2026-01") == 0
    assert program.value("waiting_for_intake", month="2026-01") == 0


def test_a_referral_of_nobody_known_is_followed_too(built):
    people = (1, "UNKNOWN")
    built.add(referral=[{"person_id": person, "referred_on": "2026-01-05"} for person in people])
    built.site(data_through=AS_OF)
    assert built.cell("intake_within_14_days", month="2026-01").denominator == 2


def test_whoever_died_waits_no_longer_though_the_referral_is_closed_later(program):
    program.add(
        person=[{"person_id": 1, "death_date": "2026-01-20"}],
        referral=[{"person_id": 1, "referred_on": "2026-01-05", "closed_on": "2026-02-10"}],
    ).site(data_through=AS_OF)
    assert program.value("waiting_for_intake", month="2026-01") == 0


def test_intake_share_for_equity_leaves_out_recent_referrals(program):
    program.add(
        referral=[
            {"person_id": 1, "referred_on": "2025-12-01", "intake_completed_on": "2026-03-01"},  # day 90
            {"person_id": 2, "referred_on": "2025-12-01", "intake_completed_on": "2026-03-02"},  # day 91
            {
                "person_id": 3,
                "referred_on": "2025-12-31",
                "intake_completed_on": "2026-01-05",
            },  # just watched
            {"person_id": 4, "referred_on": "2026-01-01", "intake_completed_on": "2026-01-05"},  # a day short
        ]
    ).site(data_through=AS_OF)
    found = program.cell(
        "referrals_with_intake_in_90_days", first_month="2025-12", last_month="2026-03", by="total"
    )
    assert (found.numerator, found.denominator) == (2, 3)


# Enrollment and caseload: five people of whom one has two agencies, one comes back, one leaves the day they came.
ENROLLMENTS = [
    ("p1", "2023-11-01", ""),
    ("p1", "2024-05-01", ""),
    ("p2", "2024-01-10", "2024-03-31"),
    ("p2", "2024-04-20", ""),
    ("p3", "2024-02-15", "2024-02-15"),
    ("p4", "2024-03-01", "2024-06-30"),
    ("p5", "2024-06-30", ""),
]


@pytest.fixture
def caseload(program):
    columns = ("person_id", "started_on", "exited_on")
    program.add(enrollment=[dict(zip(columns, row, strict=True)) for row in ENROLLMENTS])
    return program.site(data_through=date(2024, 12, 31))


FLOWS = {
    "2024-Q1": {"at_start": 1, "new": 3, "reentered": 0, "exited": 2, "at_end": 2, "served": 4},
    "2024-Q2": {"at_start": 2, "new": 1, "reentered": 1, "exited": 1, "at_end": 3, "served": 4},
}
NAMES = {
    "at_start": "caseload_at_start",
    "new": "new_people",
    "reentered": "people_reentered",
    "exited": "people_exited",
    "at_end": "active_caseload",
    "served": "people_served",
}


@pytest.mark.parametrize("quarter", FLOWS)
def test_caseload_flow(caseload, quarter):
    span = {"first_month": "2024-01", "last_month": "2024-06", "by": "quarter"}
    found = {flow: caseload.value(name, period=quarter, **span) for flow, name in NAMES.items()}
    assert found == FLOWS[quarter]
    assert found["at_start"] + found["new"] + found["reentered"] - found["exited"] == found["at_end"]


def test_people_enrolled_are_new_people_and_those_who_came_back(caseload):
    assert caseload.value("people_enrolled", month="2024-04") == 1
    assert caseload.value("people_enrolled", month="2024-05") == 0  # p1's second agency is no second start
    assert caseload.value("people_enrolled", month="2024-02") == 1  # p3, gone the same day


def test_the_day_of_exit_is_out_and_the_day_of_start_is_in(caseload):
    assert caseload.value("active_caseload", month="2024-06") == 3  # p4 left, p5 came that day
    assert caseload.value("active_caseload", month="2024-05") == 3


def test_touching_enrollments_are_one_time_in_lead_and_a_free_day_makes_two(program):
    program.add(
        enrollment=[
            {"person_id": 1, "started_on": "2026-01-05", "exited_on": "2026-01-20"},
            {"person_id": 1, "started_on": "2026-01-20"},
            {"person_id": 2, "started_on": "2026-01-05", "exited_on": "2026-01-20"},
            {"person_id": 2, "started_on": "2026-01-21"},
        ]
    ).site(data_through=AS_OF)
    again = program.cell("people_reentered", month="2026-01")
    assert (again.people, again.events) == (1, 1)
    assert program.value("people_exited", month="2026-01") == 1
    assert program.value("people_enrolled", month="2026-01") == 2


def test_caseload_by_place_follows_the_enrollment_in_force(program):
    program.add(
        referral=[{"person_id": 1, "referred_on": "2026-01-01", "neighborhood": "Ash"}],
        enrollment=[
            {"person_id": 1, "started_on": "2026-01-05"},
            {"person_id": 1, "started_on": "2026-02-10", "neighborhood": "Elm"},
        ],
    ).site(data_through=AS_OF)
    by_place = {"breakdown": "neighborhood"}
    assert program.values("active_caseload", month="2026-01", **by_place) == {
        "Ash": 1,
        "Elm": 0,
        "Unknown": 0,
    }
    assert program.values("active_caseload", month="2026-02", **by_place) == {
        "Ash": 0,
        "Elm": 1,
        "Unknown": 0,
    }
    assert program.value("active_caseload", month="2026-02", places=("Ash",)) == 0


def test_engaged_is_a_contact_fewer_than_90_days_back(program):
    program.add(
        enrollment=[{"person_id": n, "started_on": "2025-01-01"} for n in (1, 2, 3)],
        contact=[
            {"person_id": 1, "contacted_on": "2026-01-01"},  # 89 days before 31 March
            {"person_id": 2, "contacted_on": "2025-12-31"},  # 90 days
            {"person_id": 3, "contacted_on": "2026-04-01"},  # after the period
        ],
    ).site(data_through=date(2026, 4, 30))
    assert program.value("engaged_caseload", month="2026-03") == 1
    assert program.value("active_caseload", month="2026-03") == 3


def test_the_site_sets_the_window_of_contact(program):
    program.add(
        enrollment=[{"person_id": 1, "started_on": "2025-01-01"}],
        contact=[{"person_id": 1, "contacted_on": "2026-03-01"}],
    ).site(data_through=AS_OF, inactivity_days=30)
    assert program.value("engaged_caseload", month="2026-03") == 0


def test_due_is_who_falls_out_of_touch_within_30_days(program):
    program.add(
        enrollment=[{"person_id": n, "started_on": "2025-01-01"} for n in (1, 2, 3, 4)],
        contact=[
            {"person_id": 1, "contacted_on": "2026-01-30"},  # 60 days before 31 March
            {"person_id": 2, "contacted_on": "2026-01-31"},  # 59 days
            {"person_id": 3, "contacted_on": "2026-01-02"},  # 88 days, and met again since
            {"person_id": 3, "contacted_on": "2026-03-30"},
            {"person_id": 4, "contacted_on": "2025-12-31"},  # out of touch
            {"person_id": 1, "contacted_on": "2026-04-02"},  # after the period
        ],
    ).site(data_through=date(2026, 4, 30))
    assert program.value("due_for_contact", month="2026-03") == 1
    assert program.value("engaged_caseload", month="2026-03") == 3


def test_people_per_case_manager_leaves_out_people_without_one(program):
    managers = ("M1", "M1", "M1", "M2", "")
    program.add(
        enrollment=[
            {"person_id": n, "started_on": "2026-01-01", "case_manager": name}
            for n, name in enumerate(managers)
        ]
    ).site(data_through=AS_OF)
    found = program.cell("people_per_case_manager", month="2026-01")
    assert (found.value, found.numerator, found.denominator, found.people) == (2, 4, 2, 4)


def test_contacts_are_contacts_and_people_are_people(program):
    program.add(
        contact=[{"person_id": 1, "contacted_on": "2026-01-05"}] * 3
        + [{"person_id": 2, "contacted_on": "2026-01-31"}]
    ).site(data_through=AS_OF)
    found = program.cell("contacts_made", month="2026-01")
    assert (found.value, found.people) == (4, 2)


START = date(2025, 1, 1)


@pytest.fixture
def four_people(program):
    """A falls silent on day 70, B is in touch until the data end on day 200, C leaves on day 120, D has one contact."""
    contacts = {"A": (10, 40, 70), "B": (30, 60, 100, 150), "C": (20, 60, 110), "D": (5,)}
    program.add(
        enrollment=[
            {
                "person_id": name,
                "started_on": START,
                "exited_on": START + timedelta(120) if name == "C" else "",
            }
            for name in contacts
        ],
        contact=[
            {"person_id": name, "contacted_on": START + timedelta(day)}
            for name, days in contacts.items()
            for day in days
        ],
    )
    return program.site(data_through=START + timedelta(200))


def test_touch_is_lost_on_the_day_the_window_has_passed(four_people):
    followed = {
        row["days"]: row["cause"]
        for row in four_people.rows(
            """
            SELECT
                least(event_on, competing_on, DATE '2025-07-20') - event_date AS days,
                CASE WHEN event_on <= least(competing_on, DATE '2025-07-20') THEN 1
                WHEN competing_on <= DATE '2025-07-20' THEN 2 ELSE 0 END AS cause
            FROM program.engagement
            """
        )
    }
    assert followed == {160: 1, 200: 0, 120: 2, 95: 1}  # A not on day 70, the day of the last contact


def test_retention(four_people):
    found = four_people.cell("retained_at_182_days", month="2025-01")
    assert found.value == pytest.approx(25)
    assert (found.numerator, found.denominator, found.people) == (1, 4, 4)
    assert four_people.value("retained_at_365_days", month="2025-01") is None  # not yet known


def test_a_contact_on_the_last_day_of_the_window_keeps_touch(program):
    program.add(
        enrollment=[{"person_id": 1, "started_on": "2025-01-01"}],
        contact=[{"person_id": 1, "contacted_on": "2025-04-01"}],  # day 90
    ).site(data_through=date(2025, 6, 20))
    assert program.rows("SELECT event_on FROM program.engagement") == [{"event_on": date(2025, 6, 30)}]


def test_contact_within_90_days_of_enrollment(program):
    program.add(
        enrollment=[{"person_id": n, "started_on": "2025-12-31"} for n in (1, 2, 3)]
        + [{"person_id": 4, "started_on": "2026-01-01"}],
        contact=[
            {"person_id": 1, "contacted_on": "2025-12-31"},  # the day of enrollment
            {"person_id": 2, "contacted_on": "2026-03-31"},  # day 90
            {"person_id": 4, "contacted_on": "2026-01-02"},  # watched for 89 days only
        ],
    ).site(data_through=AS_OF)
    found = program.cell("contacted_within_90_days", first_month="2025-12", last_month="2026-03", by="total")
    assert (found.numerator, found.denominator) == (2, 3)


def test_housing_within_a_year_of_a_homeless_start(program):
    program.add(
        enrollment=[{"person_id": n, "started_on": "2025-01-01"} for n in (1, 2, 3)],
        living_situation=[
            {"person_id": n, "observed_on": "2025-01-01", "code": code}
            for n, code in ((1, 116), (2, 101), (3, 410))
        ],
        housing=[
            {"person_id": 1, "project_type": 3, "entered_on": "2025-03-01", "moved_in_on": "2025-06-01"}
        ],
    ).site(data_through=AS_OF)
    found = program.cell("people_housed_in_365_days", month="2025-01")
    assert (found.numerator, found.denominator) == (1, 2)


def test_shifting_all_days_by_a_year_changes_nothing_but_the_labels(program):
    rows = [{"person_id": n, "referred_on": date(2025, 1, 1 + n), "pathway": "community"} for n in range(9)]
    later = [
        {**row, "person_id": f"again-{n}", "referred_on": row["referred_on"] + timedelta(365)}
        for n, row in enumerate(rows)
    ]
    program.add(referral=rows + later).site(data_through=AS_OF)
    assert (
        program.value("people_referred", month="2025-01")
        == program.value("people_referred", month="2026-01")
        == 9
    )


def test_all_places_together_are_no_filter(program):
    program.add(
        referral=[{"person_id": n, "neighborhood": place} for n, place in enumerate(("Ash", "Elm", ""))]
    ).site(data_through=AS_OF)
    everywhere = program.value("people_referred", month="2026-01", places=("Ash", "Elm", "Unknown"))
    assert everywhere == program.value("people_referred", month="2026-01") == 3
    assert program.value("people_referred", month="2026-01", places=("Unknown",)) == 1


def test_months_after_the_data_give_no_row_and_a_cut_month_says_so(program):
    program.add(referral=[{"person_id": 1, "referred_on": "2026-02-03"}]).site(data_through=date(2026, 2, 10))
    cells = program.measure("people_referred", first_month="2026-01", last_month="2026-04").cells
    assert [(cell.period, cell.value, cell.is_partial) for cell in cells] == [
        ("2026-01", 0, False),
        ("2026-02", 1, True),
    ]


def test_age_is_the_age_at_the_event_and_a_birth_year_counts_from_july(program):
    program.add(
        person=[
            {"person_id": 1, "birth_date": "2008-01-16"},
            {"person_id": 2, "birth_year": 2000},
            {"person_id": 3},
        ],
        referral=[
            {"person_id": 1, "referred_on": "2026-01-15"},  # the day before they turn 18
            {"person_id": 1, "referred_on": "2026-01-30"},
            {"person_id": 2, "referred_on": "2025-06-30"},
            {"person_id": 2, "referred_on": "2025-07-01", "pathway": "social_contact"},
            {"person_id": 3, "referred_on": "2026-01-15"},
        ],
    ).site(data_through=AS_OF)
    january = program.values("referrals_received", month="2026-01", breakdown="age_band")
    assert {band: count for band, count in january.items() if count} == {
        "Under 18": 1,
        "18-24": 1,
        "Unknown": 1,
    }
    year = {"first_month": "2025-06", "last_month": "2025-07", "breakdown": "age_band"}
    assert program.value("referrals_received", period="2025-06", category="18-24", **year) == 1
    assert program.value("referrals_received", period="2025-07", category="25-34", **year) == 1


def test_races_alone_or_in_combination_go_above_everybody_and_exclusive_ones_do_not(program):
    named = (
        "Black or African American",
        "White",
        "Black or African American;White",
        "Hispanic or Latino",
        "Hispanic or Latino;White",
        "",
    )
    program.add(
        person=[{"person_id": n, "race": races} for n, races in enumerate(named)],
        referral=[{"person_id": n} for n in range(6)],
    ).site(data_through=AS_OF)
    combined = program.values("people_referred", month="2026-01", breakdown="race_alone_or_in_combination")
    assert {race: count for race, count in combined.items() if count} == {
        "Black or African American": 2,
        "White": 3,
        "Hispanic or Latino": 2,
        "Unknown": 1,
    }
    exclusive = program.values("people_referred", month="2026-01", breakdown="race")
    assert {race: count for race, count in exclusive.items() if count} == {
        "Black or African American": 1,
        "White": 1,
        "Hispanic or Latino": 1,
        "Two or more": 2,
        "Unknown": 1,
    }


def test_everybody_referred_stands_in_the_one_stage_they_have_reached(program):
    """Nobody is lost between the stages, and who still waits is no failure."""
    rows = {
        "served": {"intake_completed_on": "2026-01-20"},
        "intake alone": {"intake_completed_on": "2026-01-20"},
        "intake alone, too": {"intake_completed_on": "2026-01-20"},
        "approved": {"approved_on": "2026-01-12"},
        "eligible": {"screening": "eligible"},
        "waits": {},
        "closed": {"approved_on": "2026-01-12", "closed_on": "2026-01-25"},
        "enrolled before": {"intake_completed_on": "2026-01-20"},
    }
    program.add(
        referral=[{"person_id": name, "referred_on": "2026-01-10", **row} for name, row in rows.items()],
        enrollment=[{"person_id": "enrolled before", "started_on": "2025-12-01"}],
        contact=[
            {"person_id": "served", "contacted_on": "2026-02-19"},
            {"person_id": "intake alone", "contacted_on": "2026-02-20"},
            {"person_id": "intake alone", "contacted_on": "2026-01-19"},
        ],
    ).site(data_through=date(2026, 3, 31))

    assert program.values("people_referred_by_stage", month="2026-01") == {
        "Intake, and a contact within 30 days": 1,
        "Intake, no such contact yet": 2,
        "Approved, waiting for intake": 2,
        "Waiting for approval": 1,
        "Left before intake": 1,
    }


def test_referrals_of_nobody_known_are_no_person_in_a_stage(program):
    rows = [
        {"referred_on": "2026-01-10", "closed_on": "2026-01-12", "person_id": person}
        for person in (1, "", "")
    ]
    program.add(referral=rows, contact=[{"person_id": 1}]).site(data_through=date(2026, 3, 31))
    assert program.values("people_referred_by_stage", month="2026-01")["Left before intake"] == 1
    program.add(referral=[{"referred_on": "2026-02-10", "person_id": ""}])
    assert set(program.values("people_referred_by_stage", month="2026-02").values()) == {0}


def test_a_contact_beyond_what_the_data_reach_does_not_undo_an_earlier_one(program):
    program.add(
        referral=[{"person_id": 1, "referred_on": "2026-01-10", "intake_completed_on": "2026-01-20"}],
        contact=[{"person_id": 1, "contacted_on": day} for day in ("2026-01-28", "2026-02-10")],
    ).site(data_through=date(2026, 1, 31))
    stages = program.values("people_referred_by_stage", month="2026-01")
    assert stages["Intake, and a contact within 30 days"] == 1


def test_a_small_stage_cannot_be_worked_out_from_all_of_them(program):
    """Who was referred is known from another number, so one hidden stage needs a second."""
    program.add(
        referral=[
            {
                "person_id": person,
                "referred_on": "2026-01-10",
                "closed_on": "2026-01-12" if person < 3 else "",
            }
            for person in range(40)
        ]
        + [
            {"person_id": 100 + person, "referred_on": "2026-01-10", "screening": "eligible"}
            for person in range(30)
        ]
    ).site(data_through=date(2026, 3, 31))

    cells = program.measure("people_referred_by_stage", audience="coordinating_group", month="2026-01").cells

    assert [cell.hidden for cell in cells if cell.hidden].count("protects another") == 1
