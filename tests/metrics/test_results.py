"""How diversions ended, on rows that can be counted by hand."""

from datetime import date, timedelta

import pytest

START = date(2025, 1, 1)
SPAN = {"first_month": "2025-01", "last_month": "2025-12", "by": "total"}


def diversion(person, result="", days=None, race="White", **more):
    return {
        "person_id": person,
        "referred_on": START,
        "pathway": "jail_or_court",
        "diversion_result": result,
        "diversion_ended_on": "" if days is None else START + timedelta(days=days),
        **more,
    }


@pytest.fixture
def ended(typed):
    """Four graduated after 10, 20, 30 and 40 days, two failed after 15 and 25, three go on."""
    return typed.add(
        referral=[
            *(diversion(n, "graduated", 10 * n) for n in (1, 2, 3, 4)),
            *(diversion(n, "failed", 10 * n - 35) for n in (5, 6)),
            diversion(7),
            diversion(8, "open"),
            diversion(9, "open"),
        ],
        person=[{"person_id": n, "race": "White" if n < 5 else "Asian"} for n in range(1, 10)],
    ).site(data_through=date(2025, 12, 31))


def test_every_referral_stands_under_one_result(ended):
    assert ended.values("diversions_by_result", **SPAN) == {
        "Graduated": 4,
        "Failed": 2,
        "Open, or no result recorded": 3,
        "Ended, result unknown": 0,
    }


def test_the_share_that_graduated_is_of_those_that_ended(ended):
    # 4 of 9 if those that go on counted as failed.
    cell = ended.cell("diversions_graduated", **SPAN)

    assert (cell.numerator, cell.denominator) == (4, 6)


def test_each_ending_counts_in_its_own_month(ended):
    assert ended.cell("diversions_graduated", month="2025-02", by="month").numerator == 1


def test_it_is_told_by_race(ended):
    found = ended.values("diversions_graduated", breakdown="race", **SPAN)

    assert (found["White"], found["Asian"]) == (100, 0)


def test_the_median_counts_those_that_go_on(ended):
    # Ends after 10, 15, 20, 25, 30, 40 days of nine: the fifth is at 30. Of the six that ended alone: 20.
    assert ended.value("median_days_to_diversion_end", **SPAN) == 30


def test_an_end_without_a_result_is_unknown_and_no_failure(typed):
    typed.add(referral=[diversion(1, "", 12), diversion(2, "graduated", 12)]).site(
        data_through=date(2025, 12, 31)
    )

    assert typed.values("diversions_by_result", **SPAN)["Ended, result unknown"] == 1
    assert typed.cell("diversions_graduated", **SPAN).denominator == 1


def test_an_end_after_the_data_has_not_happened(typed):
    typed.add(referral=[diversion(1, "graduated", 200)]).site(data_through=date(2025, 3, 31))

    assert (
        typed.values("diversions_by_result", first_month="2025-01", last_month="2025-03", by="total")[
            "Graduated"
        ]
        == 0
    )
