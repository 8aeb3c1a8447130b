"""The one rule for what is clear of chance: by the comparisons that data allow, whatever is shown."""

import random
from dataclasses import replace
from statistics import NormalDist

import pytest
from results import BY_PLACE, result

from leadstats.analysis import clear, control_charts
from leadstats.counting.view import Cell
from leadstats.statistics import intervals

GROUPS = [Cell(None, name) for name in "ABCDEFGH"] + [Cell(None, "Unknown")]


def test_one_comparison_is_held_to_95_percent_and_many_to_more():
    assert clear.limit(1) == pytest.approx(1.959964)
    assert clear.limit(25) == pytest.approx(NormalDist().inv_cdf(0.999))  # 5 % / 25, a tail each side
    assert clear.limit(40) == pytest.approx(3.2272, abs=1e-4)


def test_what_could_be_compared_is_counted_whether_shown_or_not():
    hidden = [replace(cell, hidden="too few") for cell in GROUPS]
    assert clear.of_groups(GROUPS) == clear.of_groups(hidden) == 8 * 5
    assert clear.of_places(GROUPS) == 8
    assert clear.of_pairs(GROUPS) == 28


def test_of_equal_groups_seldom_any_is_called_different():
    """All share one rate: in at most some 5 of 100 programs may any of 7 groups at 5 stages seem to differ."""
    dice, seen = random.Random(1), 0
    for _ in range(200):
        stages = [[sum(dice.random() < 0.3 for _ in range(120)) for _ in range(8)] for _ in range(5)]
        seen += any(
            clear.differs((count, 120, first, 120), 40) for first, *others in stages for count in others
        )
    assert seen <= 20


def test_the_gaps_of_the_public_page_of_2025_are_not_clear():
    """People diverted at least once: both were called clear, since four of seven groups were shown."""
    for counts in ((46, 272, 302, 1309), (107, 579, 302, 1309)):
        _, low, high = intervals.difference(*counts)
        assert not low <= 0 <= high and not clear.differs(counts, 40)


def test_the_highest_and_the_lowest_are_chosen_among_all_pairs():
    """10 of 40 and 22 of 40: two alone differ, the ends of eight need not."""
    ends = [Cell(None, name, value=100 * x / 40, **_limits(x, 40)) for name, x in (("A", 22), ("B", 10))]
    assert clear.are_apart(*ends, 1) and not clear.are_apart(*ends, 28)


def _limits(count, total):
    return dict(zip(("low", "high"), (100 * share for share in intervals.wilson(count, total)), strict=True))


def test_a_hidden_place_changes_nothing_for_the_others():
    """21 of 100 at a center of 10 %: 3.7 deviations; the limit of 2 places is 2.24, of 400 it is 3.84."""
    high = Cell(None, "A", value=21.0, numerator=21, denominator=100)
    everyone = Cell(None, "Everyone", value=10.0)
    few = [high, Cell(None, "B", value=10.0, numerator=10, denominator=100)]
    many = [high, *(Cell(None, f"P{number}", hidden="too few") for number in range(399))]
    assert control_charts.beyond_chance(few, everyone) == [high]
    assert control_charts.beyond_chance(many, everyone) == []


def test_unknown_is_no_place_that_differs():
    unknown = Cell(None, "Unknown", value=60.0, numerator=60, denominator=100)
    published = result("diversion_rate", unknown, filters=BY_PLACE)
    assert control_charts.beyond_chance(published.cells, Cell(None, "Everyone", value=10.0)) == []
