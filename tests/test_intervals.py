"""Shares and comparisons of two shares, against published tables and two libraries."""

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats
from scipy.stats.contingency import relative_risk
from statsmodels.stats.proportion import (
    confint_proportions_2indep,
    proportion_confint,
    score_test_proportions_2indep,
)

from leadstats.intervals import difference, ratio, wilson


@st.composite
def shares(draw, least=0):
    total = draw(st.integers(1, 400))
    return draw(st.integers(min(least, total), total)), total


@pytest.mark.parametrize(
    ("count", "total", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),  # Newcombe 1998
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_gives_the_published_limits(count, total, low, high):
    assert wilson(count, total) == pytest.approx((low, high), abs=1e-4)


def test_wilson_is_neither_wald_nor_continuity_corrected():
    assert wilson(0, 20)[1] > 0
    assert wilson(1, 29) != pytest.approx((0.0018, 0.1963), abs=1e-3)


@given(shares())
def test_wilson_agrees_with_two_libraries(share):
    count, total = share
    again = stats.binomtest(count, total).proportion_ci(method="wilson")
    assert wilson(count, total) == pytest.approx((again.low, again.high), abs=1e-12)
    assert wilson(count, total) == pytest.approx(proportion_confint(count, total, method="wilson"), abs=1e-12)
    assert 0 <= wilson(count, total)[0] <= count / total <= wilson(count, total)[1] <= 1


@pytest.mark.parametrize(
    ("groups", "low", "high", "wald"),
    [
        ((56, 70, 48, 80), 0.0524, 0.3339, (0.0575, 0.3425)),  # Newcombe 1998, table II
        ((9, 10, 3, 10), 0.1705, 0.8090, (0.2605, 0.9395)),
        ((6, 7, 2, 7), 0.0582, 0.8062, None),
        ((5, 56, 0, 29), -0.0381, 0.1926, None),
        ((0, 10, 0, 20), -0.1611, 0.2775, (0, 0)),
        ((10, 10, 0, 20), 0.6791, 1.0000, None),
        ((10, 10, 0, 10), 0.6075, 1.0000, None),
        ((24, 120, 24, 80), -0.22413, 0.02018, None),
    ],
)
def test_difference_gives_the_published_limits(groups, low, high, wald):
    middle, *limits = difference(*groups)
    assert middle == pytest.approx(groups[0] / groups[1] - groups[2] / groups[3])
    assert limits == pytest.approx([low, high], abs=1e-4)
    assert wald is None or limits != pytest.approx(wald, abs=1e-3)


@given(shares(), shares())
def test_difference_agrees_with_statsmodels_and_stays_within_reach(group, reference):
    middle, low, high = difference(*group, *reference)
    assert (low, high) == pytest.approx(
        confint_proportions_2indep(*group, *reference, method="newcomb", compare="diff"), abs=1e-9
    )
    assert -1 <= low <= middle <= high <= 1
    turned = difference(*reference, *group)
    assert turned == pytest.approx((-middle, -high, -low), abs=1e-12)


@pytest.mark.parametrize(
    ("groups", "middle", "low", "high"),
    [
        ((27, 122, 44, 487), 2.44952, 1.58370, 3.78868),
        ((189, 11_034, 104, 11_037), 1.8178, 1.4330, 2.3059),  # aspirin and heart attacks
        ((24, 120, 24, 80), 0.66667, 0.40842, 1.08820),
        ((48, 216, 66, 216), 0.7273, 0.5279, 1.0020),  # Rossi, aid and re-arrest
    ],
)
def test_ratio_gives_katz_limits(groups, middle, low, high):
    assert ratio(*groups) == pytest.approx((middle, low, high), abs=1e-4)


def test_ratio_is_neither_log_adjusted_nor_an_odds_ratio():
    middle, low, high = ratio(24, 120, 24, 80)
    assert (low, high) != pytest.approx((0.4118, 1.0836), abs=1e-3)
    assert middle != pytest.approx(0.583, abs=1e-2)


def test_ratio_without_a_count_has_score_limits():
    assert ratio(0, 10, 3, 10) == pytest.approx((0, 0, 1.135), abs=1e-3)
    assert ratio(5, 20, 0, 20) == (math.inf, pytest.approx(1.419, abs=1e-3), math.inf)
    assert ratio(0, 10, 0, 20) is None


def test_two_groups_with_everybody_in_still_have_a_range():
    middle, low, high = ratio(10, 10, 7, 7)
    assert low < middle == 1 < high


@given(shares(least=1), shares(least=1))
def test_ratio_agrees_with_scipy_and_turns_with_the_groups(group, reference):
    assume(group[0] < group[1] or reference[0] < reference[1])
    again = relative_risk(*group, *reference)
    limits = again.confidence_interval()
    expected = (again.relative_risk, limits.low, limits.high)
    assert ratio(*group, *reference) == pytest.approx(expected, rel=1e-9)
    turned = ratio(*reference, *group)
    assert turned == pytest.approx((1 / expected[0], 1 / expected[2], 1 / expected[1]), rel=1e-9)


@given(st.integers(1, 200), shares(least=1))
def test_the_score_limit_is_where_the_score_test_turns(total, reference):
    limit = ratio(0, total, *reference)[2]
    _, p = score_test_proportions_2indep(
        0, total, *reference, value=limit, compare="ratio", return_results=False
    )
    assert p == pytest.approx(0.05, abs=1e-6)
    assert ratio(*reference, 0, total)[1] == pytest.approx(1 / limit, rel=1e-6)
