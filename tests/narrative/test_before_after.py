"""Sentences on two states side by side: what is said, what is left unsaid, and never 'because'."""

import dataclasses
from datetime import date

import pytest

from leadstats.counting.catalog import load_metrics
from leadstats.counting.view import Cell, Filters, Published
from leadstats.model.settings import ProgramCost
from leadstats.narrative import before_after, page_leads

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


def busy(*values):
    categories = load_metrics()["bookings_after_busy_year"].categories
    return published("bookings_after_busy_year", **dict(zip(categories, values, strict=True)))


def test_people_picked_before_lead_fall_by_themselves():
    said, explained = before_after.busy_years(
        busy((2.7, 2.6, 2.8), (0.7, 0.6, 0.8), (2.8, 2.6, 3.0), (0.8, 0.6, 1.0))
    )

    assert said == (
        "With nobody diverted, 955 people booked at least twice in a year before LEAD were booked 2.7 times in it and "
        "0.7 times in the next"
    )
    assert (
        "Of 955 people referred with such a year before, it was 2.8 and 0.8 times, and chance alone"
        in explained
    )
    less = before_after.busy_years(busy((2.7, 2.6, 2.8), (0.7, 0.6, 0.8), (2.8, 2.6, 3.0), (0.3, 0.2, 0.4)))
    assert less[1].endswith("2.8 and 0.3 times, which is less than by itself.")
    more = before_after.busy_years(busy((2.7, 2.6, 2.8), (0.7, 0.6, 0.8), (2.8, 2.6, 3.0), (1.3, 1.2, 1.4)))
    assert more[1].endswith("2.8 and 1.3 times, which is more than by itself.")


def test_without_two_years_before_lead_nothing_is_demonstrated():
    assert before_after.busy_years(busy(None, None, 2.8, 0.8)) is None
    assert "referred with such" not in before_after.busy_years(busy(2.7, 0.7, None, 0.8))[1]


CHOICES = {
    "As estimated": (1551.0, 1339.0, 1785.0),
    "People not diverted in the same months": (1754.0, 1405.0, 2186.0),
    "Followed for half a year": (1585.0, 1379.0, 1815.0),
    "Followed for two years": (1551.0, 1339.0, 1785.0),
    "November 2019 to October 2020": (2003.0, 1704.0, 2340.0),
}


def test_both_ranges_say_what_they_hold():
    said, explained = before_after.choices(published("jail_nights_avoided_by_choice", **CHOICES))

    assert (
        said
        == "Depending on what diverted arrests are compared with, the nights avoided come to 1,600 to 2,000"
    )
    assert "The range 1,300 to 1,800 of the estimate holds what chance does" in explained
    assert "least with 'As estimated', most with 'November 2019 to October 2020'" in explained
    assert explained.endswith("All ranges together reach from 1,300 to 2,300.")


def test_where_there_is_nothing_to_choose_from_no_range_of_choices_is_said():
    alone = published("jail_nights_avoided_by_choice", **{"As estimated": (1551.0, 1339.0, 1785.0)})

    assert before_after.choices(alone) is None
    assert before_after.spanned(alone) == ""
    assert before_after.choices(published("jail_nights_avoided_by_choice", **{"As estimated": None})) is None


def test_the_first_sentence_of_the_page_names_both_ranges():
    nights = published("jail_nights_avoided", Everyone=CHOICES["As estimated"])
    beds = published("jail_beds_avoided", Everyone=(4.2, 3.7, 4.9))
    by_choice = published("jail_nights_avoided_by_choice", **CHOICES)

    assert page_leads.jail_beds(nights, beds, by_choice) == (
        "We estimate that diversion avoided about 1,600 nights in jail (1,300 to 1,800 by chance in the year before LEAD; "
        "1,600 to 2,000 by the choice of comparison), 4.2 beds on an average night. This is a calculation, not a count."
    )
    assert page_leads.are_avoided(nights, by_choice).startswith("nights were avoided, whichever comparison")
    doubtful = published(
        "jail_nights_avoided_by_choice", **{**CHOICES, "Followed for two years": (90.0, -20.0, 200.0)}
    )
    assert page_leads.are_avoided(nights, doubtful) == (
        "whether any nights were avoided depends on the comparison that is chosen"
    )


@pytest.mark.parametrize(
    ("estimate", "choices", "said"),
    [
        (
            (-60.0, -90.0, -30.0),
            CHOICES,
            "more nights followed than were avoided: all of the range lies below none",
        ),
        ((20.0, -5.0, 45.0), CHOICES, "the range includes none at all"),
        (
            CHOICES["As estimated"],
            {**CHOICES, "Followed for two years": None},
            "nights were avoided as estimated; what every other comparison would say is not known",
        ),
        (
            CHOICES["As estimated"],
            {},
            "nights were avoided as estimated; what every other comparison would say is not known",
        ),
    ],
)
def test_no_more_is_claimed_of_nights_avoided_than_every_comparison_says(estimate, choices, said):
    nights = published("jail_nights_avoided", Everyone=estimate)
    assert page_leads.are_avoided(nights, published("jail_nights_avoided_by_choice", **choices)) == said


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
        (0.0, "; no housing unit could close at this size"),
        (
            (700_000.0, 700_000.0, 700_000.0),
            "; the housing units that could close would spare about $700,000 ($700,000 to $700,000)",
        ),
    ],
)
def test_dollars_stand_with_their_ranges(step, said):
    cost = published(
        "jail_cost_avoided",
        **{
            "short-run marginal": (6_150.0, 4_500.0, 8_000.0),
            "step": step,
            "average": (36_900.0, 27_000.0, 48_000.0),
        },
    )

    assert before_after.cost(cost) == (
        f"At what a night costs at once, the nights are worth about $6,200 ($4,500 to $8,000){said}; at the average cost "
        "of a night about $37,000 ($27,000 to $48,000), which is no money that anybody can spend."
    )
    assert before_after.cost(published("jail_cost_avoided", average=36_900.0)) == ""


def changes(**values):
    return published("jail_nights_change_by_group", **values)


def test_a_difference_in_differences_is_told_with_both_groups():
    both = changes(**{"Referred to LEAD": -20.0, "Arrested and not diverted": -6.0})
    beyond = published("jail_nights_change_beyond_comparison", Everyone=(-14.0, -25.0, -3.0))

    assert before_after.against_others(both, beyond) == (
        "Nights in jail fell by 20.0 per person-year among people referred and fell by 6.0 per person-year among people arrested and "
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
    assert not before_after.can_compare(quarters(rising, level))
    assert before_after.can_compare(quarters(level, level))
    assert not before_after.can_compare(quarters(level, [None] * 4))
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
        "LEAD itself cost about $28,000 in these months: 20 to 30 people in LEAD in a month, for each of them $500 "
        "(from 1 January 2024) and $600 (from 15 December 2025, county budget). That pays for all that LEAD does for "
        "everybody in it, and does not buy these nights: neither amount is to be taken off the other."
    )


@pytest.mark.parametrize("prices", [PRICES[1:], PRICES])
def test_a_month_without_price_or_people_leaves_the_cost_unknown(prices):
    people = (20, 30) if prices != PRICES else (None, 30)
    assert "not known" in before_after.program_cost(served(*people), prices)


def test_without_a_price_nothing_is_said_of_the_cost():
    assert before_after.program_cost(served(20, 30), ()) == ""
