"""Sentences on two states side by side: what is said, what is left unsaid, and never 'because'."""

import dataclasses
from datetime import date

import pytest

from leadstats.counting.catalog import load_metrics
from leadstats.counting.view import Cell, Filters, Published
from leadstats.model.settings import ProgramCost
from leadstats.narrative import before_after

YEAR = Filters(date(2025, 1, 1), date(2025, 12, 1), "total")


def published(name, reach=date(2026, 12, 31), filters=YEAR, **values):
    """Cells by category; a tuple is a value with its range."""
    cells = []
    for category, value in values.items():
        value, low, high = value if isinstance(value, tuple) else (value, None, None)
        hidden = "too few" if value is None else None
        cells.append(Cell(None, category, value=value, low=low, high=high, people=955, hidden=hidden))
    return Published(load_metrics()[name], filters, tuple(cells), reach)


def test_before_and_after_says_how_many_people():
    before, after = (
        published(f"jail_nights_{side}_full_years", Everyone=(value, 1, 50))
        for side, value in (("before", 43.3), ("after", 5.0))
    )

    assert before_after.before_and_after(before, after) == (
        "The 955 people with a full year on both sides spent 43.3 nights in jail per person in the year before "
        "and 5.0 in the year after"
    )


def test_the_made_up_crowd_falls_by_itself():
    headline, explained, (before, after) = before_after.regression()

    assert (before, after) == (pytest.approx(14), pytest.approx(12))
    assert "14 bookings in the year before and 12 in the year after" in headline
    assert "14%" in explained


def test_swings_move_one_assumption_at_a_time():
    stays = published("jail_nights_avoided_by_stays", F=(180, 114, 246), M=(66, 48, 84))
    booked = published("jail_nights_avoided_by_bookings", F=(180, 157, 191), M=None)

    found = before_after.swings([stays, booked])

    assert [(swing.what, swing.charge_class, swing.said) for swing in found] == [
        ("Length of stays", "F", "-66 to +66"),
        ("Length of stays", "M", "-18 to +18"),
        ("Share booked", "F", "-23 to +11"),
    ]
    assert "length of stays before LEAD, for F, alone leaves -66 to +66" in before_after.widest(stays, found)


def test_diversions_younger_than_a_year_are_provisional():
    young = published("jail_nights_avoided", date(2026, 6, 30), Everyone=246.0)
    ripe = published("jail_nights_avoided", date(2026, 12, 31), Everyone=246.0)

    assert before_after.provisional(young).endswith("over on 31 December 2026.")
    assert before_after.provisional(ripe) == ""


@pytest.mark.parametrize(
    ("step", "said"),
    [
        (0.0, "worth about $6,200; no housing unit could close at this size"),
        (700_000.0, "the housing units that could close would spare about $700,000"),
    ],
)
def test_only_the_short_run_price_is_money_not_spent(step, said):
    cost = published(
        "jail_cost_avoided", **{"short-run marginal": 6_150.0, "step": step, "average": 36_900.0}
    )

    assert said in before_after.cost(cost)
    assert "36,900" not in before_after.cost(cost)


def changes(**values):
    return published("jail_nights_change_by_group", **values)


def test_a_difference_in_differences_is_told_with_both_groups():
    both = changes(**{"Referred to LEAD": -20.0, "Arrested and not diverted": -6.0})
    beyond = published("jail_nights_change_beyond_comparison", Everyone=(-14.0, -25.0, -3.0))

    assert before_after.against_others(both, beyond) == (
        "Nights in jail fell by 20.0 per person-year in LEAD and fell by 6.0 per person-year among people arrested and "
        "not diverted: -14.0 beyond them (-25.0 to -3.0)"
    )
    hidden = published("jail_nights_change_beyond_comparison", Everyone=None)
    assert "14" not in before_after.against_others(both, hidden)


def quarters(lead, others):
    labels = load_metrics()["jail_nights_before_by_group"].categories
    return published("jail_nights_before_by_group", **dict(zip(labels, [*lead, *others], strict=True)))


def test_groups_on_different_courses_before_are_no_comparison():
    level = [(5.0, 3.0, 8.0)] * 4
    rising = [(5.0, 3.0, 8.0), (6.0, 4.0, 9.0), (9.0, 7.0, 12.0), (18.0, 14.0, 23.0)]

    assert "cannot be attributed to LEAD" in before_after.course_before(quarters(rising, level))
    assert "does not prove" in before_after.course_before(quarters(level, level))
    assert "does not prove" in before_after.course_before(quarters(rising, rising))
    assert "cannot be shown" in before_after.course_before(quarters(level, [None] * 4))


def flow(by_flow, filters=YEAR):
    counted = published("jail_average_daily_population", filters=filters, Everyone=100.0)
    _, said = before_after.flow_check(
        counted, published("jail_population_by_flow", filters=filters, Everyone=by_flow)
    )
    return said


def test_littles_law_warns_only_beyond_a_tenth_and_beyond_chance():
    assert "may be missing" in flow((80.0, 75.0, 85.0))
    assert "reach over the ends" in flow((93.0, 90.0, 96.0))
    assert "Chance alone" in flow((80.0, 55.0, 105.0))
    quarter = dataclasses.replace(YEAR, first_month=date(2025, 10, 1))
    assert "less than a year" in flow((80.0, 75.0, 85.0), quarter)


def test_stages_tell_what_may_be_told():
    stages = load_metrics()["people_referred_by_stage"].categories
    some = published(
        "people_referred_by_stage", **dict(zip(stages, (42.0, 3.0, None, 0.0, 5.0), strict=True))
    )

    assert before_after.stages(some) == (
        "Of the people referred in 2025, 42 had an intake and a contact within 30 days, 3 an intake and no such "
        "contact yet, 0 wait for approval and 5 left before an intake"
    )


def then_and_now(*values):
    categories = load_metrics()["housed_then_and_now"].categories
    return before_after.then_and_now(
        published("housed_then_and_now", **dict(zip(categories, values, strict=True)))
    )


def test_homes_then_and_now_are_judged_by_those_who_changed():
    said = then_and_now(5.0, 2.0, 9.0, 14.0, 3.0)

    assert "Of 30 people known at both ends, 7 had a home of their own" in said
    assert "+23 points" in said and "chance alone could explain that" in said and "3 are not known" in said
    assert "chance alone" not in then_and_now(5.0, 1.0, 12.0, 14.0, 0.0)
    assert "points" not in then_and_now(5.0, None, 9.0, None, 3.0)
    assert "nobody is known at both ends" in then_and_now(0.0, 0.0, 0.0, 0.0, 3.0)


PRICES = (ProgramCost(500, date(2024, 1, 1)), ProgramCost(600, date(2025, 12, 15), "county budget"))


def served(*people):
    months = [f"2025-{month:02}" for month in range(13 - len(people), 13)]
    cells = tuple(
        Cell(month, "Everyone", value=count, people=count)
        for month, count in zip(months, people, strict=True)
    )
    return Published(load_metrics()["people_served"], YEAR, cells, None)


def test_what_lead_cost_is_people_times_the_price_of_each_month():
    # 20 x 500 + 30 x 600
    assert before_after.program_cost(served(20, 30), PRICES) == (
        "LEAD itself cost about $28,000 in these months: 20 to 30 people enrolled in a month, for each of them $500 "
        "(from 1 January 2024) and $600 (from 15 December 2025, county budget). That pays for all that LEAD does for "
        "everybody in it, and does not buy these nights: neither amount is to be taken off the other."
    )


@pytest.mark.parametrize("prices", [PRICES[1:], PRICES])
def test_a_month_without_price_or_people_leaves_the_cost_unknown(prices):
    people = (20, 30) if prices != PRICES else (None, 30)
    assert "not known" in before_after.program_cost(served(*people), prices)


def test_without_a_price_nothing_is_said_of_the_cost():
    assert before_after.program_cost(served(20, 30), ()) == ""
