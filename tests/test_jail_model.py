"""Jail arithmetic against values worked by hand and against published ones."""

import json

import numpy as np
import pytest
from scipy import stats

from leadstats import jail_model
from leadstats.jail_model import (
    Baseline,
    cost,
    drawn_sums,
    mean_stay,
    nights_avoided,
    rate,
    rate_change,
)

EASY = {
    "charge_class": "M",
    "eligible": 400,
    "booked": 240,
    "closed": {"1": 160, "10": 80},
    "still_inside": None,
}
HARD = {"charge_class": "F", "eligible": 50, "booked": 45, "closed": {"20": 45}, "still_inside": None}
DIVERTED = {"M": 40, "F": 10}
# Nights before, nights after, days observed after.
FIVE_PEOPLE = [
    {"nights_before": before, "days_before": 365, "nights": after, "days": days, "people": 1}
    for before, after, days in ((40, 10, 365), (0, 5, 365), (90, 0, 365), (20, 30, 200), (10, 0, 100))
]


def as_text(*classes):
    return json.dumps(classes)


def skewed(mean, deviation, stays, seed=3):
    """Lengths of stay with that mean and about that deviation, in whole nights."""
    shape = (mean / deviation) ** 2
    lengths = np.random.default_rng(seed).gamma(shape, mean / shape, stays).round().astype(int)
    longest = lengths.argmax()
    lengths[longest] += mean * stays - lengths.sum()
    return {str(length): int((lengths == length).sum()) for length in np.unique(lengths)}


def test_people_still_inside_lengthen_the_mean_stay():
    # Completed stays only would give 4.25.
    assert mean_stay(((0, 1), (1, 1), (6, 1), (10, 1)), ((19, 1),), 19) == pytest.approx(7.2, abs=1e-9)


def test_a_stay_counts_as_far_as_a_year():
    assert mean_stay(((5, 1), (4_000, 1)), ()) == (5 + 365) / 2


def test_restricted_mean_of_published_remissions():
    # Freireich's 6-MP trial to week 35: 23.29 and 8.67 (R, survfit).
    events = ((6, 3), (7, 1), (10, 1), (13, 1), (16, 1), (22, 1), (23, 1))
    censored = (
        (6, 1),
        (9, 1),
        (10, 1),
        (11, 1),
        (17, 1),
        (19, 1),
        (20, 1),
        (25, 1),
        (32, 2),
        (34, 1),
        (35, 1),
    )
    placebo = (
        (1, 2),
        (2, 2),
        (3, 1),
        (4, 2),
        (5, 2),
        (8, 4),
        (11, 2),
        (12, 2),
        (15, 1),
        (17, 1),
        (22, 1),
        (23, 1),
    )

    assert mean_stay(events, censored, 35) == pytest.approx(23.29, abs=0.01)
    assert mean_stay(placebo, (), 35) == pytest.approx(8.67, abs=0.01)


def test_nights_avoided_go_by_charge_class():
    found = nights_avoided(DIVERTED, as_text(EASY, HARD), {0: 47, 10: 3})

    # Without the share booked it would be 360, with one class for all 206.7.
    assert found.gross == pytest.approx(40 * 0.6 * 4 + 10 * 0.9 * 20)
    assert found.net == pytest.approx(246)
    assert found.low < 246 < found.high


def test_interval_of_nights_avoided_agrees_with_the_formula():
    spread = (
        {**EASY, "closed": skewed(4, 6, 240)},
        {**HARD, "closed": skewed(20, 25, 45)},
    )

    found = nights_avoided(DIVERTED, as_text(*spread), {30: 1})

    assert found.net == pytest.approx(246)
    assert found.low == pytest.approx(180, abs=8)
    assert found.high == pytest.approx(320, abs=8)


def test_the_interval_hangs_on_stays_of_the_grave_class():
    text = as_text(EASY, {**HARD, "closed": skewed(20, 25, 45)})
    rest = nights_avoided({"M": 40}, text, {30: 1}).net

    by_stay = nights_avoided({"F": 10}, text, {}, frozenset({"stay"}))
    by_booking = nights_avoided({"F": 10}, text, {}, frozenset({"booking"}))

    assert rest + by_stay.low == pytest.approx(180.3, abs=8)
    assert rest + by_stay.high == pytest.approx(311.7, abs=8)
    assert by_booking.high - by_booking.low < (by_stay.high - by_stay.low) / 3
    assert by_booking.low == pytest.approx(200 * stats.beta(45.5, 5.5).ppf(0.025), abs=1.5)


def test_without_links_only_the_gross_number_stands():
    found = nights_avoided(DIVERTED, as_text(EASY, HARD), None)

    assert (found.gross, found.net, found.low, found.high) == (pytest.approx(276), None, None, None)


def test_a_class_without_baseline_is_left_out_and_nothing_known_is_no_number():
    assert nights_avoided({"M": 40, "Other": 9}, as_text(EASY, HARD), {}).gross == pytest.approx(96)
    assert nights_avoided({"Other": 9}, as_text(EASY, HARD), {}) is None
    assert nights_avoided(DIVERTED, "[]", {}) is None
    assert nights_avoided(DIVERTED, as_text({**EASY, "closed": None}), {}) is None


def test_a_class_with_few_arrests_takes_those_of_all_classes():
    small = {"charge_class": "S", "eligible": 29, "booked": 29, "closed": {"100": 29}, "still_inside": None}

    found = nights_avoided({"S": 1}, as_text(EASY, small), {})

    assert found.gross == pytest.approx((240 + 29) / (400 + 29) * (160 + 800 + 2900) / (240 + 29))


def test_the_same_numbers_give_the_same_interval():
    text = as_text(EASY, HARD)
    first = nights_avoided(DIVERTED, text, {0: 47, 10: 3})
    jail_model.drawn_nights_per_arrest.cache_clear()
    jail_model._nights_avoided.cache_clear()

    assert nights_avoided(dict(reversed(DIVERTED.items())), text, {10: 3, 0: 47}) == first


def test_classes_vary_apart():
    twins = [
        jail_model.drawn_nights_per_arrest(Baseline(name, 50, 30, ((1, 20), (9, 10)), ()))
        for name in ("A", "B")
    ]

    assert abs(np.corrcoef(*twins)[0, 1]) < 0.05


def test_nights_are_divided_by_the_days_observed():
    # Dividing by five people would give 9.0, a mean of their own rates 13.95.
    assert rate(FIVE_PEOPLE, "nights_before", "days_before")[0] == pytest.approx(32.0)
    after, low, high = rate(FIVE_PEOPLE, "nights", "days")
    assert after == pytest.approx(11.774, abs=1e-3)
    assert after / 32 == pytest.approx(0.36794, abs=1e-5)
    assert low < after < high


def test_five_people_allow_no_conclusion():
    value, low, high = rate_change(FIVE_PEOPLE)

    assert value == pytest.approx(-20.226, abs=1e-3)
    assert (low, high) == pytest.approx((-58, 13), abs=1)


def test_people_with_the_same_nights_may_stand_in_one_row():
    one_by_one = [{"nights": 3, "days": 365, "people": 1}] * 4 + [{"nights": 0, "days": 90, "people": 1}] * 2
    together = [{"nights": 0, "days": 90, "people": 2}, {"nights": 3, "days": 365, "people": 4}]

    assert rate(one_by_one, "nights", "days") == rate(together, "nights", "days")


def test_nobody_observed_is_no_rate():
    assert rate([], "nights", "days") is None
    assert rate_change([]) is None
    assert rate([{"nights": 0, "days": 0, "people": 3}], "nights", "days") is None


def test_rates_by_year_are_not_rates_by_month():
    # 552 events in 80,013 person-months are 8.28 per 100 person-years.
    by_month = [{"nights": 552, "days": 80_013 * 365 / 12, "people": 1}]

    assert 100 * rate(by_month, "nights", "days")[0] == pytest.approx(8.28, abs=0.01)


def test_resampled_sums_have_the_error_of_all_resamples():
    # All 27 resamples of -30, 5 and -90 have a standard error of the mean of 22.65, not 27.74.
    draws = drawn_sums(((-90, 1), (-30, 1), (5, 1)))[:, 0] / 3

    assert draws.std() == pytest.approx(22.65, abs=0.6)


@pytest.mark.parametrize(
    ("kind", "dollars", "beds", "expected"),
    [
        ("short-run marginal", 25, None, 6_150),
        ("average", 150, None, 36_900),
        ("step", 500_000, 32, 0),
        ("step", 500_000, None, 0),
    ],
)
def test_cost_of_246_nights_in_a_year(kind, dollars, beds, expected):
    assert cost(kind, 246, 365, dollars, beds) == expected


def test_units_close_only_whole():
    assert cost("step", 32 * 365, 365, 500_000, 32) == 500_000
    assert cost("step", 32 * 365 - 1, 365, 500_000, 32) == 0
    assert cost("step", -400, 365, 500_000, 1) == 0
    assert cost("step", 2 * 32 * 73, 73, 500_000, 32) == pytest.approx(2 * 100_000)


def test_picking_people_at_their_worst_looks_like_an_effect():
    before, after = jail_model.regression_to_the_mean(mean=4, variance=16, at_least=10)

    assert (before, after) == (pytest.approx(14), pytest.approx(12))


def test_regression_to_the_mean_agrees_with_a_simulation():
    random = np.random.default_rng(5)
    rates = random.gamma(3, 1 / 2, 400_000)
    before, after = random.poisson(rates), random.poisson(rates)
    picked = before >= 2

    expected = jail_model.regression_to_the_mean(mean=3 / 2, variance=3 / 4, at_least=2)

    assert (before[picked].mean(), after[picked].mean()) == pytest.approx(expected, abs=0.02)
