"""Arrests, diversions, stops and residents, on rows that can be counted by hand."""

from datetime import date

import pytest

AS_OF = date(2026, 6, 30)


def arrests(number, **columns):
    return [{"arrested_at": "2026-01-20T12:00", **columns} for _ in range(number)]


@pytest.fixture
def month_end(program):
    """150 eligible arrests in January, the last one second before its end, and five on the stroke of February."""
    program.add(
        arrest=[
            *arrests(99, is_charge_eligible="yes", is_diverted="no"),
            *arrests(1, is_charge_eligible="yes", is_diverted="no", arrested_at="2026-01-31 23:59:59"),
            *arrests(50, is_charge_eligible="yes", is_diverted="yes"),
            *arrests(1, is_charge_eligible="no", is_diverted="yes"),
            *arrests(5, is_charge_eligible="yes", is_diverted="yes", arrested_at="2026-02-01 00:00:00"),
        ]
    )
    return program.site(data_through=AS_OF)


def test_a_month_ends_with_its_last_second(month_end):
    assert month_end.value("eligible_arrests", month="2026-01") == 150
    assert month_end.value("arrests_diverted", month="2026-01") == 50
    assert month_end.value("off_list_diversions", month="2026-01") == 1
    assert month_end.value("arrests", month="2026-01") == 151


def test_the_rate_leaves_out_diversions_off_the_list(month_end):
    rate = month_end.cell("diversion_rate", month="2026-01")
    assert (rate.value, rate.numerator, rate.denominator) == (pytest.approx(100 / 3), 50, 150)
    assert rate.low < rate.value < rate.high
    assert rate.people is None  # no person stands in this extract


def test_no_eligible_arrest_no_rate(month_end):
    assert month_end.value("diversion_rate", month="2026-03") is None
    assert month_end.value("eligible_arrests", month="2026-03") == 0


def test_the_list_in_force_on_the_day_wins_over_the_flag(program):
    program.add(
        arrest=[
            *arrests(2, arrested_at="2026-01-31", charge_class="Theft", is_charge_eligible="no"),
            *arrests(3, arrested_at="2026-02-01", charge_class="Theft", is_charge_eligible="yes"),
            *arrests(4, charge_class="Assault", is_charge_eligible="yes"),
            *arrests(5, is_charge_eligible="yes"),  # no charge to look up
        ]
    ).site(
        data_through=AS_OF,
        eligible_charges=[{"charge_class": "Theft", "first": date(2026, 1, 1), "last": date(2026, 1, 31)}],
    )
    assert program.value("eligible_arrests", month="2026-01") == 2 + 5
    assert program.value("eligible_arrests", month="2026-02") == 0


def test_the_list_is_one_for_adults(program):
    births = ("2008-01-21", "2008-01-20", "")  # the day before they turn 18, the day itself, not known
    program.add(
        person=[{"person_id": n, "birth_date": birth} for n, birth in enumerate(births)],
        arrest=[{"person_id": n, "arrested_at": "2026-01-20", "is_charge_eligible": "yes"} for n in range(3)],
    ).site(data_through=AS_OF)
    assert program.value("eligible_arrests", month="2026-01") == 2


def test_a_referral_that_names_the_arrest_makes_it_diverted(program):
    program.add(
        arrest=[
            {"arrest_id": "a1", "arrested_at": "2026-01-20", "is_charge_eligible": "yes"},
            {"arrest_id": "a2", "arrested_at": "2026-01-20", "is_charge_eligible": "yes"},
            {
                "arrest_id": "a3",
                "arrested_at": "2026-01-20",
                "is_charge_eligible": "yes",
                "is_diverted": "no",
            },
            {"arrest_id": "a4", "arrested_at": "2026-01-20", "is_charge_eligible": "yes"},
        ],
        referral=[
            {"person_id": 1, "arrest_id": "a1", "pathway": "arrest_diversion"},
            {"person_id": 2, "arrest_id": "a3", "pathway": "arrest_diversion"},  # the arrest's own word wins
            {"person_id": 3, "arrest_id": "a4", "pathway": "jail_or_court"},
        ],
    ).site(data_through=AS_OF)
    rate = program.cell("diversion_rate", month="2026-01")
    assert (rate.numerator, rate.denominator) == (1, 4)


def test_an_extract_silent_about_diversion_gives_no_rate(program):
    program.add(arrest=arrests(3, is_charge_eligible="yes")).site(data_through=AS_OF)
    assert program.value("diversion_rate", month="2026-01") is None
    assert program.value("eligible_arrests", month="2026-01") == 3


def test_diversions_count_where_no_list_is_known(program):
    program.add(arrest=arrests(3, is_diverted="yes")).site(data_through=AS_OF)
    assert program.value("arrests_diverted", month="2026-01") == 3
    assert program.value("off_list_diversions", month="2026-01") == 0


def test_booking_rate_leaves_out_arrests_not_known_as_booked_or_not(program):
    program.add(
        arrest=[
            *arrests(3, is_charge_eligible="yes", is_booked="yes"),
            *arrests(1, is_charge_eligible="yes", is_booked="no"),
            *arrests(7, is_charge_eligible="yes"),
            *arrests(9, is_charge_eligible="no", is_booked="yes"),
        ]
    ).site(data_through=AS_OF)
    rate = program.cell("booking_rate", month="2026-01")
    assert (rate.value, rate.numerator, rate.denominator) == (75, 3, 4)


def test_a_diversion_is_completed_by_an_intake_before_the_deadline(program):
    intakes = {"2026-05-01": ("2026-05-31", "2026-06-01", ""), "2026-06-01": ("2026-06-02",)}
    program.add(
        referral=[
            {"person_id": f"{day}-{n}", "referred_on": day, "pathway": route, "intake_completed_on": intake}
            for route in ("arrest_diversion", "community")
            for day, intakes_of_day in intakes.items()
            for n, intake in enumerate(intakes_of_day)
        ]
    ).site(data_through=date(2026, 6, 30))
    share = program.cell("diversions_completed", first_month="2026-05", last_month="2026-06", by="total")
    assert (share.numerator, share.denominator) == (1, 3)  # June's has a day to go


def test_arrests_diverted_and_referrals_are_reconciled(program):
    """Five diverted arrests, of which two are named by a referral; three referrals of that pathway."""
    diverted = {"arrested_at": "2026-01-20", "is_charge_eligible": "yes", "is_diverted": "yes"}
    program.add(
        arrest=[{**diverted, "arrest_id": f"a{person}", "person_id": person} for person in (1, 2, 3, 4)]
        + [{**diverted, "arrest_id": "a0", "person_id": ""}],
        enrollment=[
            {"person_id": 3, "started_on": "2025-01-01"},
            {"person_id": 4, "started_on": "2026-01-20"},
        ],
        referral=[
            {
                "person_id": 1,
                "arrest_id": "a1",
                "pathway": "arrest_diversion",
                "intake_completed_on": "2026-02-01",
            },
            {"person_id": 2, "arrest_id": "a2", "pathway": "arrest_diversion", "closed_on": "2026-02-01"},
            {"person_id": 3, "pathway": "arrest_diversion"},
            {"person_id": 5, "pathway": "social_contact"},
        ],
    ).site(data_through=AS_OF)

    arrests, referrals = (
        program.values(name, month="2026-01", by="total")
        for name in ("arrests_diverted_by_referral", "arrest_referrals_by_result")
    )

    assert arrests == {
        "A referral names it": 2,
        "No referral, already in LEAD": 1,
        "No referral, not known to be in LEAD": 2,
    }
    assert sum(arrests.values()) == program.value("arrests_diverted", month="2026-01", by="total")
    assert referrals == {
        "Led to an intake": 1,
        "Left before an intake": 1,
        "Already in LEAD, or still waiting": 1,
    }


def test_without_enrollments_nobody_counts_as_not_yet_in_lead(program):
    diverted = {"arrested_at": "2026-01-20", "is_charge_eligible": "yes", "is_diverted": "yes"}
    program.add(
        arrest=[{**diverted, "arrest_id": "a1", "person_id": 1}],
        referral=[{"person_id": 1, "arrest_id": "a1", "pathway": "arrest_diversion"}],
    ).site(data_through=AS_OF)
    found = program.measure("arrests_diverted_by_referral", month="2026-01", by="total")
    assert "enrollment" in found.missing
    assert all(cell.value is None for cell in found.cells)
    assert program.value("arrests_diverted", month="2026-01", by="total") == 1


def test_people_behind_a_rate_are_distinct(program):
    program.add(
        arrest=[
            {
                "person_id": person,
                "arrested_at": "2026-01-20",
                "is_charge_eligible": "yes",
                "is_diverted": diverted,
            }
            for person, diverted in ((1, "yes"), (1, "yes"), (1, "no"), (2, "no"))
        ]
    ).site(data_through=AS_OF)
    rate = program.cell("diversion_rate", month="2026-01")
    assert (rate.people, rate.numerator, rate.denominator) == (2, 2, 4)


def test_the_race_of_the_arrest_wins_over_that_of_the_person(program):
    program.add(
        person=[{"person_id": n, "race": "White"} for n in (1, 2)],
        arrest=[
            {"person_id": 1, "arrested_at": "2026-01-20", "race": "Asian"},
            {"person_id": 2, "arrested_at": "2026-01-20"},
        ],
    ).site(data_through=AS_OF)
    by_race = program.values("arrests", month="2026-01", breakdown="race")
    assert {race: number for race, number in by_race.items() if number} == {"Asian": 1, "White": 1}


def test_stops_that_ended_in_an_arrest(program):
    program.add(
        stop=[
            {"stopped_at": "2026-01-20", "is_arrested": "yes", "neighborhood": "Ash"},
            {"stopped_at": "2026-01-31T23:59:59", "is_arrested": "no"},
            {"stopped_at": "2026-01-21"},
        ]
    ).site(data_through=AS_OF)
    assert program.value("stops", month="2026-01") == 3
    assert program.value("stops_with_arrest", month="2026-01") == 1
    assert program.values("stops", month="2026-01", breakdown="neighborhood") == {"Ash": 1, "Unknown": 2}


RESIDENTS = [
    {"neighborhood": "Ash", "people": 100},
    {"neighborhood": "Ash", "race": "White", "people": 60},
    {"neighborhood": "Ash", "race": "Asian", "people": 30},
    {"neighborhood": "Elm", "people": 50},
]


def population(program, *more):
    # Another source says how far the data reach; residents have no date.
    return program.add(population=[*RESIDENTS, *more], referral=[{"person_id": 1}]).site(data_through=AS_OF)


def test_residents_are_the_same_in_every_period_and_counted_once(program):
    population(program)
    assert program.values("population", first_month="2026-01", last_month="2026-02") == {
        "2026-01": 150,
        "2026-02": 150,
    }
    assert program.value("population", month="2026-01", places=("Ash",)) == 100


def test_what_the_races_leave_over_is_unknown(program):
    by_race = population(program).values("population", month="2026-01", breakdown="race")
    assert {race: people for race, people in by_race.items() if people} == {
        "Asian": 30,
        "White": 60,
        "Unknown": 60,
    }
    assert program.values("population", month="2026-01", breakdown="neighborhood") == {
        "Ash": 100,
        "Elm": 50,
        "Unknown": 0,
    }


def test_the_whole_county_may_be_more_than_its_places(program):
    population(program, {"people": 400}, {"race": "White", "people": 300})
    assert program.value("population", month="2026-01") == 400
    assert program.value("population", month="2026-01", breakdown="race", category="White") == 300
    assert program.value("population", month="2026-01", breakdown="neighborhood", category="Ash") == 100


def test_a_county_total_without_races_takes_those_of_its_places(program):
    population(program, {"people": 400})
    by_race = program.values("population", month="2026-01", breakdown="race")
    assert {race: people for race, people in by_race.items() if people} == {
        "Asian": 30,
        "White": 60,
        "Unknown": 310,
    }
    assert program.value("population", month="2026-01") == 400


def test_a_county_without_places(program):
    program.add(population=[{"people": 400}, {"race": "White", "people": 300}], referral=[{"person_id": 1}])
    program.site(data_through=AS_OF)
    by_race = program.values("population", month="2026-01", breakdown="race")
    assert {race: people for race, people in by_race.items() if people} == {"White": 300, "Unknown": 100}
    assert program.values("population", month="2026-01", breakdown="neighborhood") == {"Unknown": 400}
