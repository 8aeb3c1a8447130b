"""What the report on data quality asks beside metrics: worked by hand, and protected as metrics are."""

from datetime import date, timedelta

import pytest

from leadstats.counting.lookups import load_lookup, lookup
from leadstats.model.declarations import QUERIES

NAMES = sorted(path.stem for path in (QUERIES / "lookups").glob("*.sql"))
UNTIL = date(2026, 3, 31)
JUNE = {"from_day": date(2024, 6, 1), "next_day": date(2024, 7, 1), "until_day": date(2025, 7, 1)}


@pytest.fixture
def program(typed):
    return typed


def only(program, name, audience="analyst", parameters=None):
    (row,) = lookup(program.database, name, audience, parameters)
    return row


@pytest.mark.parametrize("name", NAMES)
def test_a_header_names_every_column(program, name):
    program.add(referral=[{}], jail_stay=[{}]).site(data_through=UNTIL)
    asked = load_lookup(name)
    parameters = JUNE if "$" in asked.sql else None
    told = {*asked.labels, *(column for group in asked.people for column in group), *asked.goes_with}
    for row in lookup(program.database, name, "analyst", parameters):
        assert set(row) == told
    for row in lookup(program.database, name, "coordinating_group", parameters):
        assert set(row) == told
    assert all(len(group) <= 3 for group in asked.people)


def referred(program, recent, before):
    """So many referrals in the last 28 days, and one on each of so many days of the 364 before them."""
    days = [UNTIL - timedelta(days=28 + n % 364) for n in range(before)]
    program.add(referral=[{"person_id": f"P{n}", "referred_on": UNTIL} for n in range(recent)])
    program.add(referral=[{"person_id": f"Q{n}", "referred_on": day} for n, day in enumerate(days)])
    return program.site(data_through=UNTIL)


def test_the_usual_28_days_are_a_thirteenth_of_the_year_before(program):
    row = only(referred(program, 13, 390), "recent_rows")
    assert (row["recent"], row["year_before"], row["usual"]) == (13, 390, 30)
    assert row["is_known_for_a_year"]


def test_days_outside_the_year_are_not_usual(program):
    referred(program, 0, 364).add(referral=[{"person_id": 7, "referred_on": UNTIL - timedelta(days=392)}])
    assert only(program, "recent_rows")["year_before"] == 364


@pytest.mark.parametrize(("recent", "shown"), [(0, 0), (10, None), (11, 11)])
def test_a_few_recent_events_are_hidden(program, recent, shown):
    row = only(referred(program, recent, 364), "recent_rows", "coordinating_group")
    assert (row["recent"], row["usual"]) == (shown, 28)


def test_what_goes_with_a_hidden_number_is_hidden_too(program):
    row = only(referred(program, 20, 10), "recent_rows", "coordinating_group")
    assert (row["recent"], row["year_before"], row["usual"]) == (20, None, None)


def followed(program, people, unlinked):
    """So many people referred in June 2024 of whom no jail tells, and people of the jail whom nobody
    linked, each inside from a day on for so many nights."""
    program.add(
        referral=[{"person_id": f"P{n}", "referred_on": "2024-06-01"} for n in range(people)],
        person_link=[{"source": "jail_stay", "source_person_id": "X", "person_id": 999}],
        jail_stay=[
            {"person_id": f"U{n}", "booked_at": day, "released_at": day + timedelta(days=nights)}
            for n, (day, nights) in enumerate(unlinked)
        ],
    )
    return program.site(data_through=date(2025, 7, 10))


def test_unlinked_people_have_a_year_of_nights_at_most(built):
    # 1 June 2024 to 30 June 2025 are 395 nights; 365 of them count, and 20 of another.
    stays = [(date(2024, 5, 1), 500), (date(2024, 8, 1), 20), (date(2024, 9, 1), 5)]
    row = only(followed(built, 2, stays), "unlinked_nights", parameters=JUNE)
    assert row == {"unlinked": 3, "without_record": 2, "nights": 365 + 20}


def test_nights_outside_the_time_followed_do_not_count(built):
    stays = [(date(2024, 5, 30), 3), (date(2025, 6, 30), 3), (date(2024, 5, 1), 20), (date(2025, 7, 1), 5)]
    row = only(followed(built, 9, stays), "unlinked_nights", parameters=JUNE)
    # The night of 1 June, and that of 30 June a year later.
    assert row == {"unlinked": 2, "without_record": 9, "nights": 2}


@pytest.mark.parametrize(("people", "unlinked"), [(10, 11), (11, 10)])
def test_few_people_hide_their_nights(built, people, unlinked):
    stays = [(date(2024, 8, 1), 20)] * unlinked
    followed(built, people, stays)
    assert only(built, "unlinked_nights", "coordinating_group", JUNE) == {
        "unlinked": None,
        "without_record": None,
        "nights": None,
    }
    assert only(built, "unlinked_nights", "analyst", JUNE)["unlinked"] == unlinked


def test_enough_people_are_told_of(built):
    followed(built, 11, [(date(2024, 8, 1), 20)] * 12)
    assert only(built, "unlinked_nights", "coordinating_group", JUNE) == {
        "unlinked": 12,
        "without_record": 11,
        "nights": 220,
    }


def test_unlinked_arrests_lie_in_the_time_followed(built):
    days = ["2024-05-31", "2024-06-01", "2025-06-30", "2025-07-01"]
    built.add(
        referral=[
            {"person_id": 1, "referred_on": "2024-06-30"},
            {"person_id": 2, "referred_on": "2024-07-01"},
        ],
        person_link=[{"source": "arrest", "source_person_id": "X", "person_id": 999}],
        arrest=[{"person_id": f"U{n}", "arrested_at": day} for n, day in enumerate(days)],
    ).site(data_through=date(2025, 7, 10))

    assert only(built, "unlinked_arrests", parameters=JUNE) == {"unlinked": 2, "without_record": 1}


def test_a_share_of_people_hides_with_any_of_its_parts(built):
    built.add(
        referral=[{"person_id": f"P{n}"} for n in range(30)],
        jail_stay=[{"person_id": f"J{n}"} for n in range(25)],
        person_link=[
            {"source": "jail_stay", "source_person_id": f"J{n}", "person_id": f"P{n}"} for n in range(14)
        ],
    )
    (jail,) = (
        row
        for row in lookup(built.database, "match_rates", "coordinating_group")
        if row["source"] == "jail_stay"
    )
    assert (jail["people"], jail["linked_people"], jail["unlinked_people"]) == (25, 14, 11)
    assert (jail["all_participants"], jail["participants"], jail["other_participants"]) == (30, 14, 16)
