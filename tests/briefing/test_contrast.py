"""Two sides of one measure: numbers by hand, one rule for chance, and nothing that a remainder gives away."""

from dataclasses import replace
from datetime import date

import pytest

from leadstats.briefing import View
from leadstats.briefing.contrast import ALL_OTHERS, BEFORE, contrast, offered
from leadstats.counting.view import Filters

YEAR = Filters(date(2025, 1, 1), date(2025, 12, 1))


def arrests(place, diverted, of, year=2025, start=0):
    return [
        {
            "arrest_id": f"{place}{year}{number}",
            "person_id": f"{place}{start + number}",
            "arrested_at": f"{year}-{1 + number % 12:02}-05",
            "neighborhood": place,
            "is_charge_eligible": "yes",
            "is_diverted": "yes" if number < diverted else "no",
        }
        for number in range(of)
    ]


@pytest.fixture
def view(typed):
    rows = [
        *arrests("Ash", 60, 100),
        *arrests("Elm", 20, 100),
        *arrests("Bay", 65, 100),
        *arrests("Oak", 30, 60),
        *arrests("Fir", 3, 5),
        *arrests("Ash", 50, 100, 2024),
    ]
    typed.add(arrest=rows).site(data_through=date(2025, 12, 31))
    return View(typed.database, "coordinating_group", YEAR)


def numbers(answer):
    (both,) = answer.results
    return [(cell.category, cell.numerator, cell.denominator, cell.hidden) for cell in both.cells]


def test_two_places_stand_on_one_chart_with_the_rule_for_chance(view):
    found = contrast(view, "diversion_rate", "Ash", "Elm")
    assert numbers(found) == [("Ash", 60, 100, None), ("Elm", 20, 100, None)]
    assert found.chart
    # Ten pairs of five places.
    assert "40.0 points more" in found.lead
    assert "clear of chance among 10 comparisons" in found.lead


def test_chance_is_named_where_it_could_explain(view):
    found = contrast(view, "diversion_rate", "Ash", "Bay")
    assert "No clear difference" in found.lead


def test_all_others_are_the_whole_less_the_place(view):
    found = contrast(view, "diversion_rate", "Ash", ALL_OTHERS)
    assert numbers(found) == [("Ash", 60, 100, None), (ALL_OTHERS, 118, 265, None)]
    assert "15.5 points more" in found.lead
    assert "clear of chance among 5 comparisons" in found.lead


def test_a_place_stands_beside_its_own_past(view):
    found = contrast(view, "diversion_rate", "Ash", BEFORE)
    assert numbers(found) == [("Ash", 60, 100, None), ("2024", 50, 100, None)]
    assert "2024" in found.lead
    assert "No clear difference" in found.lead


def test_before_the_data_there_is_no_past(view):
    earlier = replace(view, filters=Filters(date(2024, 1, 1), date(2024, 12, 1)))
    assert numbers(contrast(earlier, "diversion_rate", "Ash", BEFORE))[1] == ("2023", None, None, None)


def test_a_hidden_place_hides_the_remainder_too(view):
    """Else it would follow from the total, which is shown."""
    found = contrast(view, "diversion_rate", "Fir", ALL_OTHERS)
    fir, rest = numbers(found)
    assert fir[1:3] == rest[1:3] == (None, None)
    assert fir[3]
    assert rest[3]


def test_only_shares_have_a_rest_and_a_chance(view):
    assert offered(view) == ["diversion_rate"]
