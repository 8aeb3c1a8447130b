"""Jail arithmetic against values worked by hand and against published ones."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from leadstats.counting.catalog import load_metrics
from leadstats.counting.estimators import estimate
from leadstats.statistics import jail_model
from leadstats.statistics.jail_model import (
    ClassResults,
    bookings_expected,
    cost,
    difference_in_differences,
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
    {"events_before": before, "days_before": 365, "events_after": after, "days_after": days, "people": 1}
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


# 300 stays of 8 nights on average beside those of EASY and of the rare class: together 561 stays.
GRAVE = {
    "charge_class": "G",
    "eligible": 600,
    "booked": 300,
    "closed": {"2": 150, "14": 150},
    "still_inside": None,
}
RARE = {"charge_class": "R", "eligible": 140, "booked": 20, "closed": {"1": 14, "4": 6}, "still_inside": None}


def test_a_class_with_few_stays_keeps_its_own_and_takes_one_of_everybody():
    """20 stays of 1.9 nights, 38 in all; everybody's 560 have 240 x 4 + 300 x 8 + 38 = 3,398 nights, 6.07 each."""
    found = nights_avoided({"R": 17}, as_text(EASY, GRAVE, RARE), {})

    # 17 x 20/140 x (38 + 6.07) / 21: with everybody's share and stays it would be 44.
    assert found.gross == pytest.approx(17 * 20 / 140 * (38 + 3_398 / 560) / 21)
    assert found.gross == pytest.approx(5.096, abs=1e-3)
    own = 17 * 20 / 140 * 1.9
    assert found.low < own < found.gross < found.high


def test_a_class_with_few_arrests_takes_one_of_everybody():
    small = {"charge_class": "S", "eligible": 9, "booked": 9, "closed": {"100": 9}, "still_inside": None}
    share, stay = (240 + 9) / (400 + 9), (960 + 900) / (240 + 9)

    found = nights_avoided({"S": 1}, as_text(EASY, small), {})

    assert found.gross == pytest.approx((9 + share) / 10 * (900 + stay) / 10)
    assert bookings_expected((("S", 5),), as_text(EASY, small)).gross == pytest.approx(5 * (9 + share) / 10)


def test_a_class_without_a_stay_has_the_stay_of_everybody():
    never = {"charge_class": "N", "eligible": 40, "booked": 2, "closed": None, "still_inside": None}

    found = nights_avoided({"N": 10}, as_text(EASY, never), {})

    assert found.gross == pytest.approx(10 * 2 / 40 * 4)
    assert found.high > found.gross


def test_a_class_of_thirty_stands_on_its_own():
    found = nights_avoided(
        {"S": 1}, as_text(EASY, {**RARE, "charge_class": "S", "booked": 30, "closed": {"1": 30}}), {}
    )

    assert found.gross == pytest.approx(30 / 140)


@settings(max_examples=25, deadline=None)
@given(
    stays=st.dictionaries(st.integers(0, 60), st.integers(1, 4), min_size=1, max_size=5),
    released=st.integers(0, 40),
    times=st.integers(2, 5),
)
def test_less_data_never_make_a_narrower_interval(stays, released, times):
    """Than the same data several times over."""
    booked = sum(stays.values())

    def width(repeated):
        own = {
            "charge_class": "R",
            "eligible": repeated * (booked + released),
            "booked": repeated * booked,
            "closed": {str(nights): repeated * number for nights, number in stays.items()},
            "still_inside": None,
        }
        found = nights_avoided({"R": 10}, as_text(EASY, GRAVE, own), {})
        return found.high - found.low

    assert width(1) >= width(times) * 0.99  # percentiles of 10,000 draws are sure to about a hundredth


def test_the_same_numbers_give_the_same_interval():
    text = as_text(EASY, HARD)
    first = nights_avoided(DIVERTED, text, {0: 47, 10: 3})
    jail_model.drawn_nights_per_arrest.cache_clear()
    jail_model._nights_avoided.cache_clear()

    assert nights_avoided(dict(reversed(DIVERTED.items())), text, {10: 3, 0: 47}) == first


def test_classes_vary_apart():
    twins = [
        jail_model.drawn_nights_per_arrest(ClassResults(name, 50, 30, ((1, 20), (9, 10)), ()))
        for name in ("A", "B")
    ]

    assert abs(np.corrcoef(*twins)[0, 1]) < 0.05


def test_nights_are_divided_by_the_days_observed():
    # Dividing by five people would give 9.0, a mean of their own rates 13.95.
    assert rate(FIVE_PEOPLE, "events_before", "days_before")[0] == pytest.approx(32.0)
    after, low, high = rate(FIVE_PEOPLE, "events_after", "days_after")
    assert after == pytest.approx(11.774, abs=1e-3)
    assert after / 32 == pytest.approx(0.36794, abs=1e-5)
    assert low < after < high
    # Nights over days at liberty would count them twice: 35.1 before, 12.2 after.
    assert after != pytest.approx(365 * 45 / (1_395 - 45), abs=0.1)


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


FEW_CAME_BACK = {0: 2_900, 2: 40, 10: 40, 90: 20, 180: 10}  # the sum has a long upper end
FEW_STAYED_OUT = {180 - nights: people for nights, people in FEW_CAME_BACK.items()}  # … a long lower end


@pytest.mark.parametrize("often", [1, 10])
@pytest.mark.parametrize(("after", "side"), [(FEW_CAME_BACK, 1), (FEW_STAYED_OUT, -1)])
def test_the_nights_of_many_people_vary_as_if_people_were_drawn_one_by_one(after, side, often):
    nights, people = np.array(list(after)), often * np.array(list(after.values()))
    shares = people / people.sum()
    sums = np.random.default_rng(2).multinomial(people.sum(), shares, 40_000) @ nights

    found = nights_avoided(
        {"M": 6_000_000},
        as_text(EASY),
        {night: often * number for night, number in after.items()},
        frozenset({"follow_up"}),
    )

    limits = np.percentile(sums, (97.5, 2.5))
    assert [found.gross - found.low, found.gross - found.high] == pytest.approx(limits, abs=0.1 * sums.std())
    assert side * (limits[0] + limits[1] - 2 * sums.mean()) > 0


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


def years(before, after, people=40):
    return [
        {
            "events_before": before,
            "days_before": 365,
            "events_after": after,
            "days_after": 365,
            "people": people,
        }
    ]


def test_a_fall_counts_only_beyond_that_of_others():
    # Without the other group it would be -20.
    value, low, high = difference_in_differences(years(32, 12), years(30, 24))

    assert (value, low, high) == (-14, -14, -14)
    assert difference_in_differences(years(32, 12), []) is None


def test_a_published_difference_in_differences():
    # Card and Krueger's full-time jobs: New Jersey 20.44 to 21.03, Pennsylvania 23.33 to 21.17; 2.76 before rounding.
    def hundredfold(before, after):
        return [
            {
                "events_before": before,
                "days_before": 36_500,
                "events_after": after,
                "days_after": 36_500,
                "people": 1,
            }
        ]

    value, _, _ = difference_in_differences(hundredfold(2044, 2103), hundredfold(2333, 2117))

    assert value == pytest.approx(2.75, abs=0.02)


def test_both_groups_of_a_comparison_vary():
    ours, theirs = (
        FIVE_PEOPLE,
        [{**person, "events_after": person["events_after"] + 20} for person in FIVE_PEOPLE],
    )
    alone = rate_change(ours)
    _, low, high = difference_in_differences(ours, theirs)

    # Apart from each other: twice the variance, and not none because the same people were drawn.
    assert high - low == pytest.approx(2**0.5 * (alone[2] - alone[1]), rel=0.2)


@pytest.mark.parametrize(
    ("nights", "admissions", "published"),
    [(129_876, 939, 138.31), (71_236, 6_161, 11.56), (66_500, 1_355, 49.08), (35_754, 337, 106.09)],
)
def test_mean_stays_of_a_published_table(nights, admissions, published):
    row = {"people": 1, "numerator": nights, "denominator": admissions}
    per_booking = load_metrics()["jail_nights_per_booking"]

    assert estimate(per_booking, row).value == pytest.approx(published, abs=0.006)


@pytest.mark.parametrize(("days", "beds"), [(1_096, 118.5), (1_460, 89.0)])
def test_beds_are_nights_over_the_nights_of_the_stated_period(days, beds):
    """The table says July 2001 to June 2004, 1,096 days; its beds fit 1,460."""
    row = {"people": 1, "events": 129_876, "days": days}

    assert estimate(load_metrics()["jail_average_daily_population"], row).value == pytest.approx(
        beds, abs=0.1
    )


def by_flow(admissions, days, nights):
    row = {"people": admissions, "events": admissions, "days": days, "closed": {nights: admissions}}
    found = estimate(load_metrics()["jail_population_by_flow"], row | {"still_inside": None})
    return found.value


def test_population_by_flow_is_admissions_times_stay():
    # 1,700 a month for 3.5 months are 5,950 people; months of 30 days here. Mixing months and days
    # would give 198. For 3,000 people the stay would have to be 1.7647 months.
    assert by_flow(1_700, 30, 105) == pytest.approx(5_950)
    assert 1.7647 * by_flow(1_700, 30, 30) == pytest.approx(3_000, abs=0.1)


def test_share_of_a_published_cost():
    # Santa Fe: 1,558 dollars of LEAD to 7,541 of everything else.
    row = {"people": 1, "numerator": 1_558, "denominator": 7_541 + 1_558}

    assert estimate(load_metrics()["booking_rate"], row).value == pytest.approx(17, abs=0.5)


def test_few_people_with_most_of_the_nights_leave_the_upper_end_open():
    """Plain percentiles of resamples end too low there: see docs/coverage.md."""
    rows = [
        {"nights": nights, "days": 365, "people": people}
        for nights, people in ((0, 20), (4, 15), (30, 4), (200, 1))
    ]
    value, low, high = rate(rows, "nights", "days")
    nights, days = drawn_sums(((0, 365, 20), (4, 365, 15), (30, 365, 4), (200, 365, 1))).T
    plain_high = np.percentile(365 * nights / days, 97.5)

    assert 0 < low < value < plain_high < high <= 365


def test_error_of_a_mean_stay():
    # Without anybody inside, that of a plain mean: the deviation over n, by the root of n.
    lengths = np.array([0, 1, 1, 4, 9, 30])
    closed = ((0, 1), (1, 2), (4, 1), (9, 1), (30, 1))

    assert jail_model.error_of_mean_stay(closed, (), 30) == pytest.approx(lengths.std() / 6**0.5)
    # R, survfit of the 6-MP trial to week 35: restricted mean 23.29, standard error 2.83.
    remissions = ((6, 3), (7, 1), (10, 1), (13, 1), (16, 1), (22, 1), (23, 1))
    followed = (
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
    assert jail_model.error_of_mean_stay(remissions, followed, 35) == pytest.approx(2.83, abs=0.01)
