"""What follows a referral: arrests, on rows that can be counted by hand."""

from datetime import date, timedelta

import pytest

END = date(2025, 6, 1)
# Days to the first arrest after the referral, and days the data reach beyond it.
EIGHT = [(30, 400), (100, 120), (None, 150), (200, 400), *[(None, 400)] * 4]
ALL_TIME = {"first_month": "2024-01", "last_month": "2025-06", "by": "total"}


@pytest.fixture
def eight(program):
    referrals, arrests = [], []
    for person, (arrested_after, reach) in enumerate(EIGHT):
        start = END - timedelta(days=reach)
        referrals.append({"person_id": person, "referred_on": start})
        # The arrest that led to the referral, and one on a warrant from before.
        arrests.append({"person_id": person, "arrested_at": f"{start} 23:59:59"})
        arrests.append(
            {
                "person_id": person,
                "arrested_at": start + timedelta(days=5),
                "is_prior_warrant": "yes",
            }
        )
        if arrested_after:
            arrests.append({"person_id": person, "arrested_at": start + timedelta(days=arrested_after)})
    return program.add(referral=referrals, arrest=arrests).site(data_through=END)


def test_people_followed_for_less_still_count_as_far(eight):
    # 3/8 would treat them as followed, 3/7 would keep the arrested one of them only.
    cell = eight.cell("rearrested_within_365_days", **ALL_TIME)

    assert cell.value == pytest.approx(40.0)
    assert (cell.low, cell.high) == pytest.approx((14.8, 80.5), abs=0.05)
    assert (cell.people, cell.denominator, cell.numerator) == (8, 8, 3)


def test_of_those_followed_for_the_whole_year(eight):
    cell = eight.cell("rearrested_of_those_followed_365_days", **ALL_TIME)

    assert (cell.value, cell.numerator, cell.denominator) == (pytest.approx(100 / 3), 2, 6)


def test_half_a_year_and_two_years(eight):
    assert eight.value("rearrested_within_182_days", **ALL_TIME) == pytest.approx(25.0)
    assert eight.value("rearrested_within_730_days", **ALL_TIME) is None


def test_death_competes(program):
    # As censored, death would make it 1 - 1/2 = 50 %.
    program.add(
        person=[{"person_id": 1, "death_date": "2024-02-01"}],
        referral=[{"person_id": person, "referred_on": "2024-01-10"} for person in (1, 2, 3)],
        arrest=[{"person_id": 2, "arrested_at": "2024-03-01"}],
    ).site(data_through=END)

    assert program.value("rearrested_within_365_days", month="2024-01") == pytest.approx(100 / 3)


def test_the_first_referral_begins_the_year(program):
    program.add(
        referral=[{"referred_on": "2024-05-10"}, {"referred_on": "2024-01-10"}],
        arrest=[{"person_id": 1, "arrested_at": "2024-03-01"}],
    ).site(data_through=END)

    values = program.values("rearrested_within_182_days", first_month="2024-01", last_month="2024-05")

    assert values == {"2024-01": 100, "2024-02": None, "2024-03": None, "2024-04": None, "2024-05": None}


def test_arrests_without_a_person_are_nobody_s(program):
    program.add(
        referral=[{"referred_on": "2024-01-10"}],
        arrest=[{"person_id": "", "arrested_at": "2024-03-01"}],
    ).site(data_through=END)

    assert program.value("rearrested_within_182_days", month="2024-01") == 0


def test_new_conduct_and_new_warrants_stand_apart(program):
    """In the study from Seattle, all arrests fell and those for new conduct did not."""
    follow = [("2024-02-01", "yes", ""), ("2024-03-01", "no", ""), ("2024-02-01", "yes", "yes"), None]
    program.add(
        referral=[{"person_id": person, "referred_on": "2024-01-10"} for person in range(4)],
        arrest=[
            {"person_id": person, "arrested_at": day, "is_warrant": warrant, "is_prior_warrant": prior}
            for person, found in enumerate(follow)
            if found
            for day, warrant, prior in (found, ("2024-08-01", "no", ""))
            if person != 2 or warrant == "yes"
        ],
    ).site(data_through=END)

    assert program.value("rearrested_within_365_days", month="2024-01") == 50
    assert program.value("rearrested_for_new_conduct_within_365_days", month="2024-01") == 50
    assert program.value("rearrested_on_new_warrant_within_365_days", month="2024-01") == 25


def test_an_extract_that_names_no_warrants_does_not_tell_them_apart(eight):
    for name in ("rearrested_for_new_conduct_within_365_days", "rearrested_on_new_warrant_within_365_days"):
        assert (eight.value(name, **ALL_TIME), eight.cell(name, **ALL_TIME).denominator) == (None, 0)
