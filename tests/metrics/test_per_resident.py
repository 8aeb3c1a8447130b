"""Arrests and stops for each 1,000 residents, by hand."""

from datetime import date

import pytest

YEAR = {"first_month": "2025-01", "last_month": "2025-12", "by": "total"}
MILL, PIER = "Mill Row", "Pier"


def arrests(count, place, race, month=3):
    return [
        {
            "person_id": f"{place}{race}{n}",
            "arrested_at": date(2025, month, 1 + n % 28),
            "neighborhood": place,
            "race": race,
        }
        for n in range(count)
    ]


@pytest.fixture
def county(typed):
    return typed.add(
        population=[
            {"neighborhood": MILL, "race": "White", "people": 1_500},
            {"neighborhood": MILL, "race": "Asian", "people": 500},
            {"neighborhood": PIER, "race": "White", "people": 1_000},
        ],
        arrest=[
            *arrests(30, MILL, "White"),
            *arrests(20, MILL, "Asian"),
            *arrests(10, PIER, "White"),
            *arrests(4, "", ""),
        ],
    ).site(data_through=date(2025, 12, 31))


def test_a_rate_is_of_the_residents_of_the_same_place(county):
    found = county.values("arrests_per_1000_residents", breakdown="neighborhood", **YEAR)

    # 365 days are a little less than a year of 365.25.
    assert found[MILL] == pytest.approx(25 * 365.25 / 365)
    assert found[PIER] == pytest.approx(10 * 365.25 / 365)
    assert found["Unknown"] is None  # nobody lives in an unknown place


def test_a_rate_is_of_the_residents_of_the_same_race(county):
    found = county.values("arrests_per_1000_residents", breakdown="race", **YEAR)

    assert found["White"] == pytest.approx(16 * 365.25 / 365)  # 40 of 2,500
    assert found["Asian"] == pytest.approx(40 * 365.25 / 365)  # 20 of 500


def test_everybody_is_every_arrest_by_all_residents(county):
    cell = county.cell("arrests_per_1000_residents", **YEAR)

    assert (cell.events, cell.denominator) == (64, 3_000)


def test_twice_the_residents_halve_the_rate(county):
    before = county.value("arrests_per_1000_residents", **YEAR)

    county.add(population=[{"neighborhood": PIER, "race": "Asian", "people": 3_000}])

    assert county.value("arrests_per_1000_residents", **YEAR) == pytest.approx(before / 2)


def test_a_month_counts_for_its_days(county):
    cell = county.cell("arrests_per_1000_residents", month="2025-03", by="month")

    assert cell.value == pytest.approx(64 / 3 * 365.25 / 31)


def test_the_range_is_the_exact_one_of_a_count(typed):
    typed.add(population=[{"people": 1_000}], arrest=arrests(10, "", "")).site(
        data_through=date(2025, 12, 31)
    )

    cell = typed.cell("arrests_per_1000_residents", **YEAR)

    # Garwood's limits of 10 events: 4.795 and 18.390.
    assert (cell.low, cell.high) == pytest.approx((4.7954 * 365.25 / 365, 18.3904 * 365.25 / 365), abs=1e-3)


def test_small_counts_are_hidden_and_none_are_shown(county):
    found = county.measure(
        "arrests_per_1000_residents", "coordinating_group", breakdown="neighborhood", **YEAR
    )

    assert {cell.category: cell.hidden for cell in found.cells}[PIER] == "too few"


def test_stops_are_counted_alike(typed):
    typed.add(
        population=[{"people": 2_000}],
        stop=[{"person_id": n, "stopped_at": date(2025, 5, 1)} for n in range(30)],
    ).site(data_through=date(2025, 12, 31))

    assert typed.value("stops_per_1000_residents", **YEAR) == pytest.approx(15 * 365.25 / 365)


def test_referrals_are_of_the_residents_of_the_place_where_they_were_made(typed):
    """20 referrals and 2,000 residents; 20 and 4,000: with twice the people half the rate."""
    typed.add(
        population=[
            {"neighborhood": MILL, "race": "White", "people": 2_000},
            {"neighborhood": PIER, "race": "White", "people": 4_000},
        ],
        referral=[
            {"person_id": f"{place}{n}", "referred_on": f"2025-03-{1 + n:02}", "neighborhood": place}
            for place in (MILL, PIER)
            for n in range(20)
        ],
    ).site(data_through=date(2025, 12, 31))
    rates = typed.values("referrals_per_1000_residents", breakdown="neighborhood", **YEAR)
    assert (rates[MILL], rates[PIER]) == pytest.approx((10.0, 5.0), rel=2e-3)
