"""Sentences by rule: what is said of a table, and what is left unsaid."""

from dataclasses import replace
from datetime import date

from results import BY_PLACE, MONTHS, months, result

from leadstats.analysis import usual_range
from leadstats.counting.view import Cell
from leadstats.narrative import headlines


def test_a_trend_says_what_the_months_before_were_and_not_that_anything_changed():
    said = headlines.headline(result("people_referred", *months(19, 25, 31, 22, 20), filters=MONTHS))
    assert said == "20 people referred in May 2026; 19 to 31 in the 4 months before"
    said = headlines.headline(result("people_referred", *months(19, 25, 31, 22, 40), filters=MONTHS))
    assert said == "40 people referred in May 2026; 19 to 31 in the 4 months before"


def test_an_unfinished_month_is_no_finding():
    said = headlines.headline(
        result("people_referred", *months(19, 25, 31, 22, 2, partial_last=True), filters=MONTHS)
    )
    assert said.startswith("22 people referred in April 2026")


def test_a_usual_range_replaces_the_comparison():
    published = result("people_referred", *months(*[20, 22] * 5, 60), filters=MONTHS)
    # Moving ranges: nine of 2 and one of 38; 2.66 times their mean to each side of the mean.
    assert headlines.headline(published, usual_range.limits(published)) == (
        "60 people referred in November 2026, outside the usual range (10 to 39): ask what changed"
    )
    calm = result("people_referred", *months(*[20, 22] * 5), filters=MONTHS)
    assert "inside the usual range (16 to 26)" in headlines.headline(calm, usual_range.limits(calm))
    gap = result("people_referred", *months(*[20, None] * 5), filters=MONTHS)
    assert usual_range.limits(gap) is None


def test_nothing_shown_says_why():
    hidden = result("people_referred", *months(None, None), filters=MONTHS)
    assert (
        headlines.headline(hidden)
        == "People referred: every number of this choice is hidden to protect privacy"
    )
    assert headlines.headline(result("people_referred", filters=MONTHS)) == (
        "People referred: the chosen months lie outside the data"
    )
    assert (
        headlines.headline(result("jail_nights", missing=("jail_stay",)))
        == "Jail nights, whole jail: not recorded"
    )


def test_rates_that_overlap_are_not_called_different():
    published = result(
        "diversion_rate",
        Cell(None, "A", value=20.0, low=15.0, high=26.0, denominator=200, numerator=40),
        Cell(None, "B", value=24.0, low=18.0, high=31.0, denominator=200, numerator=48),
        filters=BY_PLACE,
    )
    assert headlines.headline(published).endswith("; chance alone could explain it")
    apart = replace(
        published, cells=(published.cells[0], replace(published.cells[1], value=50.0, low=43.0, high=57.0))
    )
    assert headlines.headline(apart) == "Diversion rate: from 20.0% (A) to 50.0% (B)"


YEARS = replace(MONTHS, first_month=date(2021, 1, 1), last_month=date(2025, 12, 1), by="year")


def test_the_latest_period_is_compared_with_none_from_before_another_denominator():
    """It read "20% in 2025, above all of the 4 years before", though the list was widened in July 2024."""
    cells = [
        Cell(str(2021 + n), "Everyone", value=rate, denominator=900)
        for n, rate in enumerate((5, 9, 13, 17, 20))
    ]
    rates = result("diversion_rate", *cells, filters=YEARS)
    assert headlines.headline(rates).endswith("in 2025; 5% to 17% in the 4 years before")
    assert headlines.headline(rates, since="2025").endswith("20% in 2025")


def test_places_are_named_only_beyond_chance():
    cells = [Cell(None, name, value=20.0, numerator=20, denominator=100) for name in ("A", "B")]
    published = result("diversion_rate", *cells, filters=BY_PLACE)
    assert headlines.beyond(published, []) == (
        "Diversion rate: none of 2 places differs from all together by more than chance allows"
    )
    assert "A (20.0%) differs" in headlines.beyond(published, cells[:1])


def test_many_groups_over_time_are_no_single_finding():
    cells = [replace(cell, category=name) for name in ("A", "B") for cell in months(19, None)]
    published = result("people_referred", *cells, filters=replace(MONTHS, breakdown="neighborhood"))
    assert (
        headlines.headline(published)
        == "People referred by neighborhood and month: 2 of 4 numbers can be shown"
    )


def test_two_breakdowns_name_both_groups():
    cells = [Cell(None, "White", "Man", value=9), Cell(None, "White", "Woman", value=12)]
    published = result(
        "people_referred", *cells, filters=replace(BY_PLACE, breakdown="race", second_breakdown="sex")
    )
    assert headlines.headline(published) == "People referred: White, Woman 12 and White, Man 9"


def test_alt_texts_are_short_enough_to_be_read_aloud():
    cells = [Cell(None, f"A place with a very long name number {n}", value=n) for n in range(30)]
    for kind in ("Bar chart", "Map"):
        text = headlines.alt(result("people_referred", *cells, filters=BY_PLACE), kind)
        assert text.startswith(kind)
        assert len(text) <= 250
