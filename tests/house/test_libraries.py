"""Published numbers that no page shows yet: the libraries that tests lean on must go on giving them."""

import numpy as np
import pytest
from scipy import stats
from scipy.stats.contingency import odds_ratio
from statsmodels.duration.survfunc import survdiff
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.proportion import proportion_confint
from statsmodels.stats.rates import confint_poisson_2indep


@pytest.mark.parametrize(
    ("count", "total", "low", "high"),
    [(81, 263, 0.2527, 0.3676), (0, 20, 0, 0.1684), (1, 29, 0.0009, 0.1776)],
)
def test_exact_limits_of_a_share(count, total, low, high):
    assert proportion_confint(count, total, method="beta") == pytest.approx((low, high), abs=1e-4)


def test_odds_ratio_is_the_plain_one_only_if_asked_for():
    aspirin = [[189, 11_034 - 189], [104, 11_037 - 104]]
    found = odds_ratio(aspirin, kind="sample")
    limits = found.confidence_interval()
    assert (found.statistic, limits.low, limits.high) == pytest.approx((1.8321, 1.4400, 2.3308), abs=1e-4)
    diversion = [[24, 96], [24, 56]]
    assert odds_ratio(diversion, kind="sample").statistic == pytest.approx(0.583, abs=1e-3)
    assert odds_ratio(diversion).statistic == pytest.approx(0.585, abs=1e-3)


@pytest.mark.parametrize(
    ("events", "low", "high"),
    [
        (0, 0, 3.6889),
        (1, 0.0253, 5.5716),
        (5, 1.6235, 11.6683),
        (10, 4.7954, 18.3904),
        (20, 12.2165, 30.8884),
    ],
)
def test_exact_limits_of_a_number_of_events(events, low, high):
    assert poisson_limits(events) == pytest.approx((low, high), abs=1e-4)


def test_rate_of_events_over_time():
    low, high = poisson_limits(137)
    found = np.array([137, low, high]) / 24.19893
    assert found == pytest.approx([5.6614, 4.7531, 6.6927], abs=1e-4)


def poisson_limits(events):
    return (
        stats.chi2.ppf(0.025, 2 * events) / 2 if events else 0.0,
        stats.chi2.ppf(0.975, 2 * events + 2) / 2,
    )


@pytest.mark.parametrize(
    ("events", "time", "other", "other_time", "expected"),
    [
        (11, 800, 21, 3011, (1.97149, 0.85843, 4.27727)),
        (41, 28_010, 15, 19_017, (1.8558, 1.0057, 3.6093)),
    ],
)
def test_exact_ratio_of_two_rates(events, time, other, other_time, expected):
    # Given all events, those of one group are binomial; its odds are the ratio of rates times that of times.
    test = stats.binomtest(events, events + other, time / (time + other_time))
    share = test.proportion_ci(method="exact")
    odds = np.array([events / other, share.low / (1 - share.low), share.high / (1 - share.high)])
    assert odds * other_time / time == pytest.approx(expected, abs=1e-4)
    if events == 11:
        assert test.pvalue == pytest.approx(0.07967, abs=1e-4)


def test_two_methods_for_a_ratio_of_rates_disagree_with_all_others():
    groups = (41, 28_010, 15, 19_017)
    wald = confint_poisson_2indep(*groups, method="wald-log", compare="ratio")
    assert wald == pytest.approx((1.0272, 3.3526), abs=1e-3)
    for method in ("sqrtcc", "score-log"):
        assert confint_poisson_2indep(*groups, method=method, compare="ratio") != pytest.approx(
            wald, rel=0.02
        )


def test_paired_change():
    # Housed at both ends, lost, gained, unhoused at both.
    assert mcnemar([[5, 2], [9, 14]], exact=True).pvalue == pytest.approx(0.06543, abs=1e-5)
    assert mcnemar([[794, 86], [150, 570]], exact=False, correction=True).statistic == pytest.approx(
        16.818, abs=1e-3
    )


def test_chi_square_is_taken_without_yates():
    table = [[24, 96], [24, 56]]
    plain = stats.chi2_contingency(table, correction=False)
    assert (plain.statistic, plain.pvalue) == pytest.approx((2.6316, 0.1048), abs=1e-4)
    assert stats.chi2_contingency(table).pvalue == pytest.approx(0.1462, abs=1e-4)
    assert stats.fisher_exact(table).pvalue == pytest.approx(0.1285, abs=1e-4)


MAINTAINED = ([9, 13, 13, 18, 23, 28, 31, 34, 45, 48, 161], [1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 0])
NOT_MAINTAINED = ([5, 5, 8, 8, 12, 16, 23, 27, 30, 33, 43, 45], [1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1])
MERCAPTOPURINE = (
    [6, 6, 6, 7, 10, 13, 16, 22, 23, 6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35],
    [1] * 9 + [0] * 12,
)
PLACEBO = ([1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23], [1] * 21)


@pytest.mark.parametrize(
    ("first", "second", "chi_square", "p"),
    [(MAINTAINED, NOT_MAINTAINED, 3.3964, 0.0653), (MERCAPTOPURINE, PLACEBO, 16.793, 4.17e-5)],
)
def test_log_rank(first, second, chi_square, p):
    times, events = (np.array(one + other) for one, other in zip(first, second, strict=True))
    group = np.repeat([0, 1], [len(first[0]), len(second[0])])
    assert survdiff(times, events, group) == pytest.approx((chi_square, p), abs=1e-3)
