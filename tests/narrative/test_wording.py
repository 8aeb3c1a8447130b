"""Formats and words, each in the one place where they are decided."""

from datetime import date

import pytest
from results import OCTOBER, result

from leadstats.counting.catalog import load_metrics
from leadstats.counting.view import Cell
from leadstats.model import rounding
from leadstats.narrative import wording


@pytest.mark.parametrize(
    ("value", "digits", "written"),
    [(2.5, 0, "3"), (0.5, 0, "1"), (-2.5, 0, "-3"), (2.25, 1, "2.3"), (1.005, 2, "1.01")],
)
def test_rounds_half_away_from_zero(value, digits, written):
    assert str(rounding.rounded(value, digits)) == written


@pytest.mark.parametrize(
    ("value", "denominator", "written"),
    [
        (61.44, 99, "61%"),
        (61.44, 100, "61.4%"),
        (12.5, 40, "13%"),
        (0.0, 598, "0%"),
        (100.0, 598, "100%"),
        (23.4254, None, "23%"),
    ],
)
def test_percents_have_a_decimal_only_from_100_observations_on(value, denominator, written):
    assert wording.percent(value, denominator) == written


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (369360.0, "$370,000"),
        (48600.0, "$49,000"),
        (1_240_000.0, "$1.2 million"),
        (0.0, "$0"),
        (-1240.0, "-$1,200"),
        (995_000.0, "$1 million"),
    ],
)
def test_money_has_two_significant_digits(value, written):
    assert wording.dollars(value) == written


@pytest.mark.parametrize(("value", "written"), [(0.6667, "0.67"), (6.0, "6.0"), (14.4, "14"), (0.0, "0")])
def test_ratios_have_two_significant_digits_and_no_powers(value, written):
    assert wording.ratio(value) == written


def test_counts_have_thousands_separators_and_a_singular():
    assert wording.count(41212) == "41,212"
    assert wording.noun("people", 1) == "person"
    assert wording.noun("arrests", 1) == "arrest"
    assert wording.noun("arrests", 0) == "arrests"


def test_an_estimate_says_about_and_its_range():
    published = result("jail_nights_avoided", Cell(None, "Everyone", value=2387.0, low=1712.0, high=3188.0))
    assert wording.with_unit(published.metric, published.cells[0]) == "about 2,400 nights"
    assert wording.interval(published.metric, published.cells[0]) == "1,700 to 3,200"


@pytest.mark.parametrize(
    ("first", "last", "written"),
    [
        ((2026, 10), (2026, 10), "October 2026"),
        ((2026, 7), (2026, 9), "the third quarter of 2026"),
        ((2026, 8), (2026, 10), "August to October 2026"),
        ((2026, 1), (2026, 12), "2026"),
        ((2024, 1), (2026, 12), "2024 to 2026"),
        ((2025, 11), (2026, 10), "November 2025 to October 2026"),
    ],
)
def test_spans_are_said_in_the_shortest_words(first, last, written):
    assert wording.span(date(*first, 1), date(*last, 1)) == written


def test_periods_are_written_out_and_short():
    assert wording.period("2026-Q3", OCTOBER) == "the third quarter of 2026"
    assert wording.period("2026-03", OCTOBER) == "March 2026"
    assert wording.period(None, OCTOBER) == "October 2026"
    assert [wording.short_period(label) for label in ("2026-Q3", "2026-03", "2026")] == [
        "Q3 2026",
        "Mar 2026",
        "2026",
    ]


def test_comparisons_are_words_and_survive_missing_hidden_and_unfinished_numbers():
    metric = load_metrics()["people_referred"]
    now = Cell(None, "Everyone", value=12)

    def said(before):
        return wording.comparison(now, before, metric, "September 2026")

    assert said(Cell(None, "Everyone", value=15)) == "3 fewer than September 2026 (15)"
    assert said(Cell(None, "Everyone", value=12)) == "Same as September 2026 (12)"
    assert said(Cell(None, "Everyone", hidden="too few")) == "September 2026: hidden to protect privacy"
    assert said(None) == "No data for September 2026"
    rate = load_metrics()["diversion_rate"]
    higher = wording.comparison(
        Cell(None, "Everyone", value=23.44, denominator=90),
        Cell(None, "Everyone", value=20.0, denominator=90),
        rate,
        "2025",
    )
    assert higher == "3.4 points higher than 2025 (20%)"
