"""Limits against published control charts; golden values of the method notes, worked by hand."""

from statistics import fmean, stdev

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from leadstats.analysis import control_charts
from leadstats.counting.view import Cell
from leadstats.ui.cards import method

# Thirty samples of fifty: Montgomery's orange juice cans, as NIST prints them.
CANS = [
    12,
    15,
    8,
    10,
    4,
    7,
    16,
    9,
    14,
    10,
    5,
    6,
    17,
    12,
    22,
    8,
    10,
    5,
    13,
    11,
    20,
    18,
    24,
    15,
    9,
    12,
    7,
    13,
    9,
    6,
]
# NIST/SEMATECH e-Handbook, section 6.3.2.2.
FLOW_RATES = [49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1]
COUNTS, TOTALS = [10, 12, 9, 14, 6, 18], [50, 40, 60, 50, 45, 55]


def test_limits_of_shares_match_the_published_chart(monkeypatch):
    monkeypatch.setattr(control_charts, "LEAST_LANEY", 99)
    monkeypatch.setattr(control_charts, "BASELINE", 30)
    found = control_charts.p_chart(CANS, [50] * 30)
    assert found.center[0] == pytest.approx(0.2313, abs=1e-4)
    assert (found.lower[0], found.upper[0]) == pytest.approx((0.0524, 0.4102), abs=1e-4)
    assert outside(found) == [14, 22]


def outside(found):
    return [signal.first for signal in found.signals if signal.rule == control_charts.OUTSIDE]


def test_limits_of_counts_among_lots_match_the_published_chart():
    # 357 faults in 50 lots of 200; the number of faults is the share of them times 200.
    assert pytest.approx(7.14) == 200 * 357 / (50 * 200)
    assert 200 * control_charts.share_limits(357 / (50 * 200), 200, 1)[1] - 7.14 == pytest.approx(
        2.6239, abs=1e-4
    )
    low, high = control_charts.share_limits(357 / (50 * 200), 200)
    assert (200 * low, 200 * high) == pytest.approx((0, 15.0118), abs=1e-4)


def test_limits_widen_where_fewer_are_counted():
    assert sum(COUNTS) / sum(TOTALS) == pytest.approx(0.23)
    assert control_charts.share_limits(0.23, 50) == pytest.approx((0.0515, 0.4085), abs=1e-4)
    assert control_charts.share_limits(0.23, 60) == pytest.approx((0.0670, 0.3930), abs=1e-4)


def test_the_center_is_total_over_total_and_not_the_mean_of_rates():
    counts, totals = [*COUNTS, 1, 30], [*TOTALS, 100, 40]
    center = control_charts.p_chart(counts, totals).center[0]
    assert center == pytest.approx(sum(counts) / sum(totals))
    assert center != pytest.approx(fmean(c / t for c, t in zip(counts, totals, strict=True)), abs=1e-3)


def test_small_expected_counts_get_exact_limits():
    # The normal limit would be 6.02 of 20.
    assert control_charts.share_limits(0.10, 20)[1] * 20 == 7
    assert pytest.approx(6.02 / 20, abs=1e-3) == 0.10 + 3 * (0.10 * 0.90 / 20) ** 0.5


@given(st.integers(1, 3000), st.floats(0, 1), st.sampled_from([1.96, 2, 3, 3.09]))
def test_exact_limits_are_those_of_scipy(total, center, width):
    if total * min(center, 1 - center) >= control_charts.NORMAL_FROM:
        return
    tail = stats.norm.sf(width)
    low, high = control_charts.share_limits(center, total, width)
    known = stats.binom(total, center)
    assert known.cdf(round(high * total)) >= 1 - tail - 1e-9
    assert known.cdf(round(low * total)) >= tail - 1e-9
    assert known.cdf(round(high * total) - 1) < 1 - tail + 1e-9 or high == 0
    assert known.cdf(round(low * total) - 1) < tail + 1e-9 or low == 0


def test_events_are_compared_for_thirty_days():
    counts, days = [14, 9, 12, 15], [31, 29, 31, 30]
    center = 30 * sum(counts) / sum(days)
    assert center == pytest.approx(12.397, abs=1e-3)
    assert center != pytest.approx(sum(counts) / 4, abs=0.05)  # months taken for equal
    assert control_charts.rate_limits(center, 31 / 30) == pytest.approx((2.006, 22.788), abs=1e-3)
    assert control_charts.rate_limits(center, 29 / 30) == pytest.approx((1.653, 23.140), abs=1e-3)
    found = control_charts.u_chart(counts * 2, days * 2)
    assert found.center[0] == pytest.approx(12.397, abs=1e-3)
    assert (found.lower[1], found.upper[1]) == pytest.approx((1.653, 23.140), abs=1e-3)


@pytest.mark.parametrize("expected", [0.0, 0.4, 2.5, 4.9])
def test_few_events_get_exact_limits_too(expected):
    low, high = control_charts.rate_limits(expected, 1.0)
    assert (low, high) == (
        stats.poisson.ppf(stats.norm.sf(3), expected),
        stats.poisson.isf(stats.norm.sf(3), expected),
    )


def test_extra_scatter_is_measured_by_the_moving_range():
    assert control_charts.sigma_z(COUNTS, TOTALS, 69 / 300) == pytest.approx(2.1329, abs=1e-3)
    scores = [(c / t - 0.23) / (0.23 * 0.77 / t) ** 0.5 for c, t in zip(COUNTS, TOTALS, strict=True)]
    assert stdev(scores) == pytest.approx(1.382, abs=1e-3)  # the plain one, which swallows no range


def test_limits_widen_by_extra_scatter_from_twenty_points_on():
    counts, totals = COUNTS * 4, TOTALS * 4
    widening = control_charts.sigma_z(counts, totals, sum(counts[:12]) / sum(totals[:12]))
    found, plain = (
        control_charts.p_chart(counts, totals),
        control_charts.p_chart(counts[:19], totals[:19]),
    )
    assert widening > control_charts.LANEY_FROM
    assert found.upper[0] - found.center[0] == pytest.approx(widening * (plain.upper[0] - plain.center[0]))


def test_less_scatter_than_chance_would_have_narrows_no_limits():
    counts, totals = [30, 31] * 12, [100] * 24
    assert control_charts.sigma_z(counts, totals, 0.305) < 1
    found = control_charts.p_chart(counts, totals)
    assert (found.lower[0], found.upper[0]) == control_charts.share_limits(0.305, 100)


def test_limits_of_values_match_the_published_chart():
    found = control_charts.xmr_chart(FLOW_RATES)
    assert found.center[0] == pytest.approx(50.81)
    assert (found.lower[0], found.upper[0]) == pytest.approx((45.8159, 55.8041), abs=1e-4)
    assert fmean(FLOW_RATES) + 3 * stdev(FLOW_RATES) == pytest.approx(56.91, abs=0.01)  # not this one
    assert found.is_provisional


def test_few_points_have_no_usual_range():
    assert control_charts.xmr_chart([1.0] * 7) is None
    assert control_charts.u_chart([1] * 7, [30] * 7) is None
    assert control_charts.p_chart([1] * 7, [10] * 7) is None
    assert control_charts.p_chart([0] * 8, [0] * 8) is None


def test_points_after_the_baseline_do_not_move_the_limits():
    found = control_charts.p_chart([5] * 12 + [20] * 4, [50] * 16)
    assert set(found.center) == {0.1}
    assert outside(found) == [12, 13, 14, 15]
    assert not found.is_provisional and found.baseline == (0, 11)


def test_a_known_change_starts_a_new_baseline_once_there_are_points_for_it():
    counts, totals = [5] * 12 + [20] * 8, [50] * 20
    found = control_charts.p_chart(counts, totals, starts=[12])
    assert (found.center[11], found.center[12]) == (0.1, 0.4)
    assert found.signals == () and found.is_provisional and found.baseline == (12, 19)
    too_early = control_charts.p_chart(counts[:19], totals[:19], starts=[12])
    assert set(too_early.center) == {0.1} and outside(too_early)


# Around a level of 10, with moving ranges of 1: limits at 10 +/- 2.66, warnings at +/- 1.77.
CALM = [10.5, 9.5] * 6


@pytest.mark.parametrize(
    ("further", "expected"),
    [
        ([9.6], []),
        ([13], [(control_charts.OUTSIDE, 12, 12, True)]),
        ([7], [(control_charts.OUTSIDE, 12, 12, False)]),
        ([10.4, 10.2] * 4, [(control_charts.SHIFT, 12, 19, True)]),
        ([9.6, 9.8] * 4, [(control_charts.SHIFT, 11, 19, False)]),  # the last calm point is below, too
        ([10.4, 10.2] * 3, []),
        ([10.1, 10, 10.2, 10.3, 10.2, 10.1, 10.3, 10.2], []),  # on the level is on neither side
        ([9.6, 9.7, 9.8, 10.2, 10.3], [(control_charts.TREND, 11, 16, True)]),
        ([9.6, 9.7, 9.8, 10.2], []),
        ([12, 9.8, 12], [(control_charts.NEAR, 12, 14, True)]),
        ([12, 9.8, 8], []),
    ],
)
def test_there_are_four_signals(further, expected):
    found = control_charts.xmr_chart([*CALM, *further])
    assert [(each.rule, each.first, each.last, each.is_high) for each in found.signals] == expected


def test_a_point_that_is_not_there_makes_no_signal():
    found = control_charts.p_chart([5] * 12 + [0] * 3, [50] * 12 + [0] * 3)
    assert found.signals == ()


def test_a_range_can_be_cut_to_what_is_shown():
    found = control_charts.xmr_chart([*CALM, 9.7, *[10.4, 10.2] * 4]).since(16)
    assert [(each.first, each.last) for each in found.signals] == [(0, 4)]
    assert (len(found.center), found.baseline) == (5, (-16, -5))
    assert found.scaled([2.0] * 5).upper[0] == pytest.approx(2 * found.upper[0])


def test_calm_points_signal_as_often_as_they_should():
    """One of 24 points beyond three standard deviations, in 6.28 of 100 charts."""
    assert 1 - (1 - 2 * stats.norm.sf(3)) ** 24 == pytest.approx(0.0628, abs=1e-4)
    assert pytest.approx(0.0628, abs=1e-4) == 1 - 0.9973**24
    assert "about 6 of 100" in method.USUAL


def test_places_differ_only_beyond_chance():
    def place(name, numerator, denominator):
        return Cell(
            None, name, value=100 * numerator / denominator, numerator=numerator, denominator=denominator
        )

    cells = [place("A", 30, 100), place("B", 32, 100), place("C", 60, 100), place("Small", 3, 5)]
    everyone = place("Everyone", 125, 305)
    assert [cell.category for cell in control_charts.beyond_chance(cells, everyone)] == ["C"]
    assert control_charts.beyond_chance(cells, Cell(None, "Everyone", hidden="too few")) == []
    assert control_charts.beyond_chance([Cell(None, "Hidden", hidden="too few")], everyone) == []
