"""Parts of a gap: golden values, the sums they must make, and what hidden cells do to them."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from results import OCTOBER, result
from statsmodels.stats.contingency_tables import StratifiedTable

from leadstats.analysis.decomposition import Stratum, factors, kitagawa, mantel_haenszel, of_gap
from leadstats.counting.view import Cell

# Charges M and F: diverted and eligible arrests of Black and of White people.
CHARGES = [Stratum(18, 60, 20, 60), Stratum(6, 60, 4, 20)]


def test_the_gap_of_diversion_is_part_mix_of_charges():
    mix, within = kitagawa(CHARGES)
    assert (mix, within) == pytest.approx((-0.041667, -0.058333), abs=1e-6)
    assert mix + within == pytest.approx(-0.1)
    # The form in three parts, with an interaction, splits the same gap otherwise.
    assert (mix, within) != pytest.approx((-0.0333, -0.0500), abs=1e-3)


def test_within_charges_the_ratio_is_nearer_to_one():
    assert mantel_haenszel(CHARGES) == pytest.approx((0.80769, 0.5014, 1.3010), abs=1e-4)
    assert mantel_haenszel([Stratum(24, 120, 24, 80)])[0] == pytest.approx(0.6667, abs=1e-4)  # the crude one
    assert StratifiedTable(tables(CHARGES)).oddsratio_pooled == pytest.approx(0.74227, abs=1e-4)


def tables(strata):
    return [
        np.array([[s.count, s.total - s.count], [s.reference_count, s.reference_total - s.reference_count]])
        for s in strata
    ]


sides = st.integers(1, 60).flatmap(lambda total: st.tuples(st.integers(0, total), st.just(total)))
strata = st.lists(
    st.builds(lambda ours, theirs: Stratum(*ours, *theirs), sides, sides), min_size=1, max_size=6
)


@given(strata)
def test_the_parts_sum_to_the_gap_and_turn_with_the_groups(found):
    mix, within = kitagawa(found)
    ours = sum(s.count for s in found) / sum(s.total for s in found)
    theirs = sum(s.reference_count for s in found) / sum(s.reference_total for s in found)
    assert mix + within == pytest.approx(ours - theirs)
    turned = [Stratum(s.reference_count, s.reference_total, s.count, s.total) for s in found]
    assert kitagawa(turned) == pytest.approx((-mix, -within))


@given(strata)
def test_the_ratio_within_agrees_with_statsmodels(found):
    pooled = mantel_haenszel(found)
    again = StratifiedTable(tables(found)).riskratio_pooled if pooled else None
    assert pooled is None or pooled[0] == pytest.approx(float(again))


def test_a_class_that_one_side_lacks_is_all_mix():
    mix, within = kitagawa([Stratum(5, 10, 5, 10), Stratum(9, 10, 0, 0)])
    assert within == 0
    assert mix == pytest.approx(14 / 20 - 5 / 10)
    mix, within = kitagawa([Stratum(5, 10, 5, 10), Stratum(0, 0, 9, 10)])
    assert within == 0
    assert mix == pytest.approx(5 / 10 - 14 / 20)


def test_two_factors_of_earnings():
    # Das Gupta (1993), example 2.1: earnings of earners, and the share who earn.
    parts = factors((16_591, 0.825974), (10_930, 0.717892))
    assert parts == pytest.approx([4369.913, 1487.262], abs=0.01)
    assert sum(parts) == pytest.approx(5857.175, abs=0.01)


def test_three_factors_of_birth_rates():
    # The same, example 2.2: Austria and Chile.
    parts = factors((84.90502, 0.75756, 0.51065), (51.78746, 0.45919, 0.52638))
    assert parts == pytest.approx([10.43403, 10.56085, -0.66701], abs=1e-4)
    assert sum(parts) == pytest.approx(20.32787, abs=1e-4)


rates = st.lists(st.floats(0.01, 10), min_size=3, max_size=3)


@given(rates, rates)
def test_parts_of_products_sum_to_their_difference(ours, theirs):
    assert sum(factors(ours, theirs)) == pytest.approx(np.prod(ours) - np.prod(theirs), abs=1e-6)


def cell(race, charge, count, total, hidden=None):
    counts = {} if hidden else {"numerator": count, "denominator": total, "value": 100 * count / total}
    return Cell(None, race, charge, hidden=hidden, **counts)


WHOLE = result(
    "diversion_rate",
    cell("Black", None, 24, 120),
    cell("White", None, 24, 80),
    filters=replace(OCTOBER, breakdown="race"),
)


def crossed(*cells):
    return result(
        "diversion_rate",
        *cells,
        filters=replace(OCTOBER, breakdown="race", second_breakdown="charge_class"),
    )


def test_published_numbers_give_the_same_parts():
    shown = crossed(
        cell("Black", "M", 18, 60),
        cell("Black", "F", 6, 60),
        cell("White", "M", 20, 60),
        cell("White", "F", 4, 20),
    )
    found = of_gap(WHOLE, shown, "Black", "White")
    assert (found.gap, found.mix, found.within) == pytest.approx((-10, -4.1667, -5.8333), abs=1e-3)
    assert found.ratio == pytest.approx((0.80769, 0.5014, 1.3010), abs=1e-4)
    assert found.covered == 1


def test_what_cannot_be_shown_is_one_class_and_the_sum_stays():
    partly = crossed(
        cell("Black", "M", 18, 60),
        cell("Black", "F", 0, 1, hidden="too few"),
        cell("Black", "G", 2, 20),
        cell("White", "M", 20, 60),
        cell("White", "F", 2, 10),
        cell("White", "G", 0, 1, hidden="protects another"),
    )
    found = of_gap(WHOLE, partly, "Black", "White")
    assert found.mix + found.within == pytest.approx(-10)
    assert found.covered == 0.5
    assert found.mix == pytest.approx(-4.1667, abs=1e-3)  # F and G together are what F was


def test_a_gap_is_not_split_by_classes_that_are_mostly_hidden():
    mostly = crossed(
        cell("Black", "M", 18, 59), cell("Black", "F", 0, 1, hidden="too few"), cell("White", "M", 20, 60)
    )
    assert of_gap(WHOLE, mostly, "Black", "White") is None


def test_a_hidden_total_has_no_parts():
    hidden = replace(WHOLE, cells=(replace(WHOLE.cells[0], hidden="too few"), WHOLE.cells[1]))
    assert of_gap(hidden, crossed(), "Black", "White") is None
    assert of_gap(WHOLE, crossed(), "Asian", "White") is None
