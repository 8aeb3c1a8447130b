"""Two events under one number are two, and the charges of one are one, whatever the order of rows."""

import itertools
from datetime import date

import pytest
from conftest import counts, found

QUARTER = {"first_month": "2026-01", "last_month": "2026-06", "by": "total"}
END = {"data_through": date(2026, 6, 30)}


@pytest.mark.parametrize(
    ("first", "second", "bookings", "nights"),
    [
        (("2026-01-05T10:00", "2026-01-06T12:00"), ("2026-05-20T08:00", "2026-05-21T16:00"), 2, 2),
        (("2026-01-05", "2026-01-06"), ("2026-01-07", "2026-01-09"), 2, 3),
        (("2026-01-05", "2026-01-06"), ("2026-01-06", "2026-01-09"), 1, 4),
        (("2026-01-05T10:00", "2026-01-06T23:50"), ("2026-01-07T00:10", "2026-01-09T08:00"), 1, 4),
        (("2026-01-05T10:00", ""), ("2026-01-07T00:10", "2026-01-09T08:00"), 1, 4),
    ],
)
def test_parts_of_a_stay_touch_and_a_gap_makes_two(program, first, second, bookings, nights):
    rows = [
        {"stay_id": "C7", "person_id": "P", "booked_at": one, "released_at": two}
        for one, two in (first, second)
    ]
    program.add(jail_stay=rows).site(**END)

    assert program.value("jail_bookings", **QUARTER) == bookings
    assert program.value("jail_nights", **QUARTER) == nights


@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize("other", [("2026-01-05", "2026-01-06"), ("2026-01-06", "")])
def test_a_stay_whose_last_release_nobody_can_read_is_not_taken_for_open(program, other, order):
    rows = [
        {"stay_id": "C7", "person_id": "P", "booked_at": one, "released_at": two}
        for one, two in [other, ("2026-01-06", "gone?")][::order]
    ]
    program.add(jail_stay=rows).site(**END).build()

    assert program.rows("SELECT * FROM program.stay") == []


def test_a_number_that_is_a_persons_is_told_apart_by_days(program):
    days = {
        "arrest": "arrested_at",
        "stop": "stopped_at",
        "contact": "contacted_on",
        "referral": "referred_on",
    }
    program.add(
        **{
            table: [
                {f"{table}_id": "M1", "person_id": "P", day: when}
                for when in ("2026-01-05", "2026-03-20", "2026-03-20")
            ]
            for table, day in days.items()
        }
    ).site(**END)

    for metric in ("arrests", "stops", "contacts_made", "referrals_received"):
        assert program.value(metric, **QUARTER) == 2, metric
    told = [each for each in program.report.problems if each.code == "LD-307"]
    assert sorted((each.file, each.severity) for each in told) == [
        (f"{table}.csv", "warning") for table in sorted(days)
    ]
    for table in days:
        assert counts(program.report, table) == {"read": 3, "loaded": 2, "duplicate": 1}, table


def test_two_enrollments_under_one_number_are_two(program):
    spans = (("2026-01-05", "2026-02-01"), ("2026-04-01", ""))
    program.add(
        enrollment=[
            {"enrollment_id": "C", "person_id": "P", "started_on": a, "exited_on": b} for a, b in spans
        ]
    ).site(**END)

    assert program.value("people_reentered", **QUARTER) == 1


def test_a_counter_that_starts_anew_each_year_numbers_other_events(program):
    program.add(
        jail_stay=[
            {
                "stay_id": n,
                "person_id": f"{year}-{n}",
                "booked_at": f"{year}-02-0{n}",
                "released_at": f"{year}-02-1{n}",
            }
            for year in (2025, 2026)
            for n in (1, 2, 3)
        ]
    ).site(**END)
    program.file(
        "mapping.toml",
        '[[files]]\npattern = "arrests_*.csv"\ntable = "arrest"\n[files.columns]\narrest_id = "N"\nperson_id = "P"\n'
        'arrested_at = "D"\n',
    )
    for year in (2025, 2026):
        program.file(f"arrests_{year}.csv", f"N,P,D\n1,a{year},{year}-02-01\n2,b{year},{year}-02-02\n")

    year = {"first_month": "2025-01", "last_month": "2026-06", "by": "total"}
    assert program.value("jail_bookings", **year) == 6
    assert program.value("arrests", **year) == 4


def test_people_arrested_in_one_incident_are_several_arrests_and_each_has_its_referral(program):
    program.add(
        arrest=[{"arrest_id": "I9", "person_id": who, "arrested_at": "2026-01-05"} for who in ("A", "B")],
        referral=[
            {"person_id": "B", "arrest_id": "I9", "referred_on": "2026-01-05", "pathway": "arrest_diversion"}
        ],
    ).site(**END)

    assert program.value("arrests", **QUARTER) == 2
    assert program.rows(
        "SELECT is_diverted, person_key = (SELECT person_key FROM program.referral) AS is_hers"
        " FROM program.arrest ORDER BY ALL"
    ) == [{"is_diverted": False, "is_hers": False}, {"is_diverted": True, "is_hers": True}]


def test_a_word_for_no_number_numbers_nothing(program):
    program.add(
        jail_stay=[
            {"stay_id": "UNKNOWN", "person_id": who, "booked_at": "2026-01-05", "released_at": "2026-01-07"}
            for who in ("A", "B", "C")
        ]
    ).site(**END)

    assert program.value("jail_bookings", **QUARTER) == 3
    assert program.value("jail_nights", **QUARTER) == 6


def test_a_date_corrected_in_a_later_file_is_no_second_event(program):
    program.add(contact=[{"contact_id": 1, "contacted_on": "2026-01-05"}])
    program.file("mapping.toml", '[[files]]\npattern = "later.csv"\ntable = "contact"\n').file(
        "later.csv", "contact_id,person_id,contacted_on\n1,1,2026-01-15\n"
    )

    report = program.check()

    assert found(report, "LD-301").count == 1
    assert sum(account.loaded for account in report.accounts) == 1


CHARGES = [
    ("Drug possession", "yes"),
    ("Assault", "no"),
    ("Weapon", "no"),
    ("Trespass", "yes"),
    ("Loitering", ""),
]


def charged(program, *numbers, **site):
    rows = [
        {
            "arrest_id": "A1",
            "person_id": "P1",
            "arrested_at": "2026-01-10",
            "charge_class": CHARGES[n][0],
            "is_charge_eligible": CHARGES[n][1],
            "is_diverted": "yes" if place == 1 else "no",
        }
        for place, n in enumerate(numbers)
    ]
    return program.add(arrest=rows).site(**END, **site)


@pytest.mark.parametrize(
    ("numbers", "eligible"),
    [((0, 1), False), ((0, 2), False), ((0, 3), True), ((0, 4), None), ((1, 4), False)],
)
def test_an_arrest_is_eligible_if_all_its_charges_are(program, numbers, eligible):
    charged(program, *numbers)

    assert program.rows("SELECT is_eligible, is_diverted FROM program.arrest") == [
        {"is_eligible": eligible, "is_diverted": True}
    ]
    assert found(program.report, "LD-306").severity == "note"
    assert "LD-301" not in {each.code for each in program.report.problems}


def test_the_site_may_say_that_one_charge_is_enough(program):
    charged(program, 0, 1, charges_needed="any")

    assert program.value("eligible_arrests", **QUARTER) == 1


def test_the_sites_list_judges_every_charge(program):
    listed = [{"charge_class": name, "first": date(2026, 1, 1)} for name in ("Assault", "Weapon")]
    charged(program, 1, 2, eligible_charges=listed)
    assert program.value("eligible_arrests", **QUARTER) == 1
    program.add(
        arrest=[
            {"arrest_id": "A1", "person_id": "P1", "arrested_at": "2026-01-10", "charge_class": "Trespass"}
        ]
    )
    assert program.value("eligible_arrests", **QUARTER) == 0


@pytest.mark.parametrize("order", list(itertools.permutations((0, 1, 3)))[:4])
def test_the_class_is_the_gravest_by_the_sites_order_and_else_not_known(program, order):
    program.add(
        **{
            table: [
                {number: "A1", "person_id": "P1", day: "2026-01-10", "charge_class": CHARGES[n][0]}
                for n in order
            ]
            for table, number, day in (
                ("arrest", "arrest_id", "arrested_at"),
                ("jail_stay", "stay_id", "booked_at"),
            )
        }
    ).site(**END)

    def classes(metric):
        found = program.values(metric, breakdown="charge_class", **QUARTER)
        return {name for name, value in found.items() if value}

    assert classes("arrests") == classes("jail_bookings") == {"Unknown"}
    program.site(**END, charge_order=["Trespass", "Assault", "Drug possession"])
    assert classes("arrests") == classes("jail_bookings") == {"Trespass"}
