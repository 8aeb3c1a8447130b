"""Limits against published control charts; golden values of the method notes, worked by hand."""

import pytest

from leadstats import control
from leadstats.measure import Cell

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
    monkeypatch.setattr(control, "LEAST_LANEY", 99)
    found = control.of_shares(CANS, [50] * 30, baseline=30)
    assert found.center == pytest.approx(0.2313, abs=1e-4)
    assert (found.lower[0], found.upper[0]) == pytest.approx((0.0524, 0.4102), abs=1e-4)
    assert found.outside([count / 50 for count in CANS]) == [14, 22]


def test_limits_widen_where_fewer_are_counted():
    assert control.share_limits(0.23, 50) == pytest.approx((0.0515, 0.4085), abs=1e-4)
    assert control.share_limits(0.23, 60) == pytest.approx((0.0670, 0.3930), abs=1e-4)


def test_small_expected_counts_get_exact_limits():
    # The normal limit would be 6.02 of 20.
    assert control.share_limits(0.10, 20)[1] * 20 == 7


def test_extra_scatter_is_measured_by_the_moving_range():
    assert control.sigma_z(COUNTS, TOTALS, 69 / 300) == pytest.approx(2.1329, abs=1e-3)


def test_limits_of_values_match_the_published_chart():
    found = control.of_values(FLOW_RATES)
    assert found.center == pytest.approx(50.81)
    assert (found.lower[0], found.upper[0]) == pytest.approx((45.8159, 55.8041), abs=1e-4)
    assert found.is_provisional


def test_few_points_have_no_usual_range():
    assert control.of_values([1.0] * 7) is None
    assert control.of_shares([1] * 7, [10] * 7) is None
    assert control.of_shares([0] * 8, [0] * 8) is None


def test_points_after_the_baseline_do_not_move_the_limits():
    calm, storm = [5] * 12, [20] * 4
    assert control.of_shares(calm + storm, [50] * 16).center == pytest.approx(0.1)
    assert control.of_shares(calm + storm, [50] * 16).outside([0.1] * 12 + [0.4] * 4) == [12, 13, 14, 15]


def test_places_differ_only_beyond_chance():
    def place(name, numerator, denominator):
        return Cell(
            None, name, value=100 * numerator / denominator, numerator=numerator, denominator=denominator
        )

    cells = [place("A", 20, 100), place("B", 22, 100), place("C", 60, 100), place("Small", 3, 5)]
    everyone = place("Everyone", 105, 305)
    assert [cell.category for cell in control.beyond_chance(cells, everyone)] == ["C"]
    assert control.beyond_chance(cells, Cell(None, "Everyone", hidden="too few")) == []
    assert control.beyond_chance([Cell(None, "Hidden", hidden="too few")], everyone) == []
