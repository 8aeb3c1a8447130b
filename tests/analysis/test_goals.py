"""A goal beside its number: met at the border, for how long, and what a gap in the record does."""

import itertools
from dataclasses import replace
from datetime import date

import pytest
from results import MONTHS, months, result

from leadstats.analysis.goals import outlook, standing
from leadstats.counting.view import Cell
from leadstats.model.settings import Goal
from leadstats.narrative import goals


def monthly(*values, metric="people_enrolled", goal=45, **more):
    published = result(metric, *months(*values, **more), filters=MONTHS)
    return standing(Goal(metric, goal, "month"), published)


@pytest.mark.parametrize(("value", "is_met"), [(44, False), (45, True), (46, True)])
def test_the_verdict_flips_at_the_border(value, is_met):
    assert monthly(value).is_met is is_met


@pytest.mark.parametrize(("value", "is_met"), [(44, True), (45, True), (46, False)])
def test_where_less_is_better_a_goal_is_a_ceiling(value, is_met):
    assert monthly(value, metric="waiting_for_intake").is_met is is_met


@pytest.mark.parametrize(
    ("values", "run", "is_whole"),
    [
        ((50, 40, 41, 42), 3, False),
        ((40, 41, 42), 3, True),
        ((40, None, 41, 42), 2, False),  # nobody knows what the hidden month was
        ((40, 50), 1, False),
    ],
)
def test_since_when_counts_back_to_the_last_other_or_unknown_period(values, run, is_whole):
    found = monthly(*values)
    assert (found.run, found.is_whole_run) == (run, is_whole)


def test_of_a_hidden_month_before_nothing_is_said():
    """In a small county most quarters are hidden, and the one before was called one that met the goal."""
    assert goals.since(monthly(50, None, 40)) == ""
    assert goals.since(monthly(None, 50, 40)) == "met the month before"


def test_an_older_number_does_not_stand_for_a_hidden_one():
    found = monthly(50, 40, None)
    assert found.is_met is None and found.run == 0
    assert goals.verdict(found) == "not known: hidden to protect privacy"


def test_an_unfinished_month_neither_meets_nor_misses_a_goal():
    assert monthly(50, 50, 3, partial_last=True).is_met is True


def test_a_verdict_says_distance_and_since_when():
    assert goals.verdict(monthly(50, 40, 38)) == (
        "not met: 38 people in March 2026, 7 below 45 a month, for 2 months"
    )
    assert goals.verdict(monthly(40, 45)) == (
        "met: 45 people in February 2026, as set, 45 a month, not met the month before"
    )
    assert goals.verdict(monthly(None)) == "not known: hidden to protect privacy"


def test_a_rate_whose_range_holds_the_goal_is_no_clear_miss():
    cell = Cell("2026-Q1", "Everyone", value=18.0, low=15.0, high=21.5, numerator=90, denominator=500)
    quarters = replace(MONTHS, by="quarter", last_month=date(2026, 3, 1))
    found = standing(Goal("diversion_rate", 20, "quarter"), result("diversion_rate", cell, filters=quarters))
    assert goals.verdict(found) == (
        "not met: 18.0% in the first quarter of 2026, 2.0 points below 20% (chance alone could explain that)"
    )


def test_all_goals_together():
    met, missed, far, unknown = monthly(50), monthly(40), monthly(20), monthly(None)
    assert goals.of_all([]) == "no goals are set"
    assert goals.of_all([unknown, unknown]) == "whether goals are met is not known"
    assert goals.of_all([met, met]) == "all 2 goals met"
    assert goals.of_all([met, missed, unknown]) == "1 of 3 goals met, 1 not known"
    assert goals.of_all([missed, far]) == "none of 2 goals met"
    assert goals.of_all([met]) == "the one goal is met"
    assert "20 people enrolled in January 2026, 25 below 45 a month" in goals.furthest([met, missed, far])
    assert goals.furthest([met]) == ""


@pytest.mark.parametrize(
    ("values", "ahead"),
    [
        ([20, 25, 30, 44, 40, 31, 33, 38], "not on track: none of 8 months met it (20 to 44)"),
        ([20, 25, 30, 45, 40, 31, 33, 50], "open: 2 of 8 months met it (20 to 50)"),
        ([45, 50, 47, 45, 60, 48, 46, 49], "on track: each of 8 months met it (45 to 60)"),
        ([20, 25, 30, 44, 40, 31, 33], "too few periods to say"),
        (
            [50, None, 20, 25, 30, 44, 40, 31],
            "too few periods to say",
        ),  # nobody knows what the hidden month was
    ],
)
def test_on_track_is_what_periods_like_the_latest_would_do(values, ahead):
    found = monthly(*values)
    assert goals.ahead(found, outlook(found)) == ahead


def test_goals_are_counted_by_what_the_latest_periods_did():
    on, off, unclear, short = (
        outlook(monthly(*values)) for values in ([50] * 8, [20] * 8, [20, *[50] * 7], [50] * 3)
    )
    assert (
        goals.as_things_go([on, off, unclear, off, short])
        == "As things go: 1 on track, 1 open and 2 not on track."
    )
    assert goals.as_things_go([short]) == ""


def test_what_was_before_something_else_became_usual_tells_nothing_of_what_comes():
    found = monthly(60, 60, 60, 20, 25, 30, 44, 40, 31, 33, 38)
    assert outlook(found).met == 3
    assert outlook(found, {"2026-04"}).met == 0
    assert outlook(found, {"2026-06"}) is None


def test_a_goal_of_which_nothing_is_known_has_no_outlook():
    assert goals.ahead(monthly(None), outlook(monthly(None))) == ""


def test_the_next_of_equal_numbers_lies_between_the_others_as_often_as_is_said():
    """Exact for any order that is as likely as another: of nine numbers the last is least or most in two of nine."""
    orders = list(itertools.permutations(range(1, 6)))
    inside = sum(min(order[:-1]) <= order[-1] <= max(order[:-1]) for order in orders)
    assert inside / len(orders) == (4 - 1) / (4 + 1)
