"""Sentences by rule: what is said of a table, and what is left unsaid."""

from dataclasses import replace
from datetime import date

import pytest
from results import BY_PLACE, MONTHS, QUIET, diverted, months, result

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
    assert headlines.headline(published, headlines.usual_range(published)) == (
        "60 people referred in November 2026, outside the usual range (10 to 39): ask what changed"
    )
    calm = result("people_referred", *months(*[20, 22] * 5), filters=MONTHS)
    assert "inside the usual range (16 to 26)" in headlines.headline(calm, headlines.usual_range(calm))
    gap = result("people_referred", *months(*[20, None] * 5), filters=MONTHS)
    assert headlines.usual_range(gap) is None


# Around 20 arrests a month; the same days of 30.
def test_months_of_unequal_length_have_limits_of_their_own():
    usual = headlines.usual_range(diverted(*QUIET))
    rate = 30 * sum(QUIET) / 365
    assert usual.center[0] == pytest.approx(rate * 31 / 30)
    assert usual.center[1] == pytest.approx(rate * 28 / 30)
    assert usual.upper[1] == pytest.approx(rate * 28 / 30 + 3 * (rate * 28 / 30) ** 0.5)


def test_the_baseline_is_the_first_year_and_not_the_first_month_shown():
    history = diverted(*QUIET, *[30] * 8)
    shown = diverted(*QUIET, *[30] * 8, start=13)
    usual = headlines.usual_range(shown, history)
    assert len(usual.center) == 8 and usual.center[0] == pytest.approx(sum(QUIET) / 365 * 31)
    assert "8 months in a row above the usual level, from January 2026 to August 2026." in (
        headlines.signals(shown, usual)
    )
    assert "level of January 2025 to December 2025" in headlines.signals(shown, usual)[-1]
    assert "long on one side of the usual level: ask what changed" in headlines.headline(shown, usual)


def test_a_new_baseline_is_provisional_and_makes_the_shift_usual():
    history = diverted(*QUIET, *[30] * 8)
    usual = headlines.usual_range(history, history, {"2026-01"})
    assert usual.is_provisional and not usual.signals
    (note,) = headlines.signals(history, usual)
    assert "level of January 2026 to August 2026, provisional: fewer than 12 months" in note


def test_a_usual_range_begins_with_the_program_and_after_what_is_hidden():
    before = diverted(*[0] * 6, *QUIET)
    assert len(headlines.usual_range(before).center) == 12
    hidden = replace(
        before, cells=(replace(before.cells[0], hidden="too few", value=None), *before.cells[1:])
    )
    assert len(headlines.usual_range(hidden).center) == 12
    late = replace(
        before,
        cells=(
            *before.cells[:12],
            replace(before.cells[12], hidden="too few", value=None),
            *before.cells[13:],
        ),
    )
    assert headlines.usual_range(late) is None  # five months since


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


def test_a_summary_counts_what_is_hidden_and_a_course_tells_the_rest():
    found = result("people_referred", *months(19, None, 31), filters=MONTHS)
    assert headlines.summary(found) == "1 of 3 numbers is hidden to protect privacy."
    assert headlines.course(found) == (
        "People referred: 19 (January 2026) at the start, 31 (March 2026) at the end. Highest 31 (March 2026), "
        "lowest 19 (January 2026)."
    )


def test_alt_texts_are_short_enough_to_be_read_aloud():
    cells = [Cell(None, f"A place with a very long name number {n}", value=n) for n in range(30)]
    for kind in ("Bar chart", "Map"):
        text = headlines.alt(result("people_referred", *cells, filters=BY_PLACE), kind)
        assert text.startswith(kind)
        assert len(text) <= 250


def test_released_arrests_have_a_usual_range_though_a_release_tells_no_events_beside_them():
    inside = diverted(*QUIET)
    released = replace(inside, cells=tuple(replace(cell, events=None) for cell in inside.cells))
    assert headlines.usual_range(released) == headlines.usual_range(inside)
