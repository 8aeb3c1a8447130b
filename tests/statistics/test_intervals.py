"""Shares and comparisons of two shares, against published tables and two libraries."""

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats
from scipy.stats.contingency import odds_ratio, relative_risk
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.proportion import (
    confint_proportions_2indep,
    proportion_confint,
    score_test_proportions_2indep,
)
from statsmodels.stats.rates import confint_poisson_2indep

from leadstats.statistics.intervals import (
    difference,
    paired_change,
    rate_ratio,
    ratio,
    resampled,
    risk_ratio,
    wilson,
)


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
        ((5, 56, 0, 29), -0.0381, 0.1926, (0.0146, 0.1640)),
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


def test_a_change_of_the_same_people_is_judged_by_those_who_changed():
    # 5 housed both times, 2 lost it, 9 gained it, 14 never: 23 points, McNemar's p 0.065.
    change, low, high = paired_change(gained=9, lost=2, total=30)

    assert (change, low < 0 < high) == (pytest.approx(7 / 30), True)
    assert mcnemar([[5, 2], [9, 14]], exact=True).pvalue == pytest.approx(0.06543, abs=1e-5)
    _, *unpaired = difference(14, 30, 7, 30)
    assert [low, high] != pytest.approx(unpaired, abs=0.01)


@given(st.integers(0, 30), st.integers(0, 30))
def test_a_paired_range_holds_no_change_where_mcnemar_finds_none(gained, lost):
    _, low, high = paired_change(gained, lost, 60)
    p = mcnemar([[0, gained], [lost, 0]], exact=True).pvalue if gained + lost else 1

    assert (low <= 0 <= high) == (p > 0.05)
    assert paired_change(lost, gained, 60) == pytest.approx(((lost - gained) / 60, -high, -low))


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


def test_where_scipy_and_statsmodels_have_no_limits_there_are_some():
    assert math.isnan(relative_risk(0, 10, 3, 10).confidence_interval().high)
    with pytest.raises((ZeroDivisionError, RuntimeWarning)):
        confint_proportions_2indep(0, 10, 3, 10, method="log", compare="ratio")
    with pytest.raises((ValueError, RuntimeWarning)):
        confint_proportions_2indep(0, 10, 0, 20, method="score", compare="diff")
    assert math.isfinite(ratio(0, 10, 3, 10)[2])
    assert all(map(math.isfinite, difference(0, 10, 0, 20)))


@given(shares(), shares())
def test_no_limit_of_a_difference_lies_beyond_one(group, reference):
    assert max(map(abs, difference(*group, *reference))) <= 1  # Agresti and Caffo's reaches 1.05


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


@pytest.mark.parametrize(("chance", "ratio_of_chances"), [(0.1, 0.4459), (0.5, 0.5915), (0.9, 0.8787)])
def test_lower_odds_are_fewer_people_by_less(chance, ratio_of_chances):
    assert risk_ratio(0.42, chance) == pytest.approx(ratio_of_chances, abs=1e-4)
    assert risk_ratio(0.42, chance) > 0.42  # never "58 % fewer"


def test_odds_turned_into_chances_are_the_ratio_of_shares():
    found = odds_ratio([[48, 216 - 48], [66, 216 - 66]], kind="sample").statistic
    assert found == pytest.approx(0.64935, abs=1e-5)
    assert risk_ratio(found, 66 / 216) == pytest.approx(ratio(48, 216, 66, 216)[0], abs=1e-9)
    assert ratio(48, 216, 66, 216)[0] == pytest.approx(0.72727, abs=1e-5)
    assert ratio(48, 216, 66, 216)[0] != pytest.approx(found, abs=0.05)


def test_a_ratio_of_rates_has_walds_limits():
    assert rate_ratio(41, 28_010, 15, 19_017) == pytest.approx((1.8558, 1.0272, 3.3526), abs=1e-4)
    assert rate_ratio(0, 28_010, 15, 19_017) is None


@given(st.integers(1, 500), st.integers(1, 10_000), st.integers(1, 500), st.integers(1, 10_000))
def test_a_ratio_of_rates_agrees_with_statsmodels(events, time, other, other_time):
    low, high = confint_poisson_2indep(events, time, other, other_time, method="wald-log", compare="ratio")
    assert rate_ratio(events, time, other, other_time)[1:] == pytest.approx((low, high), rel=1e-9)


@pytest.mark.parametrize(
    ("rates", "quotient"),
    [((599, 171), 3.50), ((600, 184), 3.26)],  # jail inmates per 100,000, BJS 2016 and 2019
)
def test_published_jail_rates_of_two_groups(rates, quotient):
    assert rate_ratio(rates[0], 100_000, rates[1], 100_000)[0] == pytest.approx(quotient, abs=0.01)


def test_shares_of_two_groups_are_no_ratio_until_divided():
    # Utah: of residents and of those in custody, 22 % and 36 % of one group, 78 % and 59 % of the other.
    ours, theirs = 36 / 22, 59 / 78
    assert (ours, theirs, ours / theirs) == pytest.approx((1.636, 0.756, 2.163), abs=1e-3)
    assert rate_ratio(36, 22, 59, 78)[0] == pytest.approx(ours / theirs)


def test_people_with_one_event_each_vary_as_a_binomial_share_does():
    """Four standard errors of a percentile of 4,000 draws are 0.00085; the 98.5th lies 0.0011 further out."""
    low, high = resampled(((0, 1, 5_000), (1, 1, 5_000)))
    expected = stats.binom.ppf((0.025, 0.975), 10_000, 0.5) / 10_000
    assert (low, high) == pytest.approx(tuple(expected), abs=8.5e-4)
