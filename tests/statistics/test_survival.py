"""Time to event from counts by day: hand-worked cohorts, published ones, and two libraries."""

import math
import warnings
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.duration.survfunc import CumIncidenceRight, SurvfuncRight

from leadstats.statistics.survival import Course, incidence, incidence_interval, median


def course(events=(), competing=(), censored=()):
    return Course(Counter(events), Counter(competing), Counter(censored))


# Ten referrals: intake, left the queue, still waiting.
REFERRALS = course([3, 7, 7, 14, 30], [5, 20], [10, 21, 30])

# Weeks to relapse, acute myelogenous leukemia, maintained (Miller 1997; R's data set aml).
MAINTAINED = course([9, 13, 18, 23, 31, 34, 48], (), [13, 28, 45, 161])

# Weeks to relapse under 6-MP and under placebo (Freireich 1963; Kalbfleisch and Prentice).
MERCAPTOPURINE = course([6, 6, 6, 7, 10, 13, 16, 22, 23], (), [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35])
PLACEBO = course([1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23])

# Days from referral to arrest.
REARRESTS = course([30, 100, 200], (), [150, 400, 400, 400, 400])


def staying(cohort, day):
    return 1 - incidence(cohort, day)[0]


@pytest.mark.parametrize(
    ("day", "share", "error"), [(7, 0.30, 0.144914), (14, 0.42, 0.162111), (30, 0.60, 0.180000)]
)
def test_incidence_of_intake(day, share, error):
    assert incidence(REFERRALS, day) == (pytest.approx(share, abs=1e-9), pytest.approx(error, abs=1e-6))


def test_incidence_of_leaving_the_queue():
    leaving = Course(REFERRALS.competing, REFERRALS.events, REFERRALS.censored)
    assert incidence(leaving, 30)[0] == pytest.approx(0.22, abs=1e-9)


def test_incidence_takes_no_short_cut():
    share, _ = incidence(REFERRALS, 30)
    assert share != pytest.approx(5 / 10, abs=0.01)  # those who still wait are no failures
    censoring_the_leavers = course([3, 7, 7, 14, 30], (), [5, 10, 20, 21, 30])
    assert incidence(censoring_the_leavers, 30)[0] == pytest.approx(0.73, abs=0.005)


def test_median_wait_is_not_that_of_finished_waits():
    assert median(REFERRALS)[0] == 30
    assert np.median([3, 7, 7, 14, 30]) == 7


def test_a_curve_that_touches_one_half_has_reached_it():
    assert median(course([1, 2, 3, 4]))[0] == 2


def test_median_is_unknown_while_the_curve_stays_above_one_half():
    assert median(course([5], (), [10, 10])) == (None, 5, None)
    assert median(course()) == (None, None, None)


def test_survival_of_maintained_patients():
    shares = [staying(MAINTAINED, day) for day in (9, 13, 18, 23, 31, 34, 48)]
    assert shares == pytest.approx([0.9091, 0.8182, 0.7159, 0.6136, 0.4909, 0.3682, 0.1841], abs=1e-4)


def test_median_interval_of_maintained_patients_is_the_log_log_one():
    assert median(MAINTAINED) == (31, 13, None)  # log: 18 and up; plain: 18 to 48


@pytest.mark.parametrize(("day", "low", "high"), [(9, 0.50808, 0.98667), (48, 0.01174, 0.52502)])
def test_log_log_band_of_maintained_patients(day, low, high):
    _, event_low, event_high = incidence_interval(MAINTAINED, day)
    assert (1 - event_high, 1 - event_low) == pytest.approx((low, high), abs=1e-5)


def log_rank(one, other):
    """Events of one cohort against those expected if both ran the same risk, from their risk tables."""
    together = Course(one.events + other.events, Counter(), one.censored + other.censored)
    observed = expected = variance = 0.0
    for step in together.steps():
        at_risk = sum(
            people for end in (one.events, one.censored) for day, people in end.items() if day >= step.day
        )
        share = at_risk / step.at_risk
        observed += one.events[step.day]
        expected += share * step.events
        if step.at_risk > 1:
            variance += step.events * share * (1 - share) * (step.at_risk - step.events) / (step.at_risk - 1)
    return (observed - expected) ** 2 / variance


NOT_MAINTAINED = course([5, 5, 8, 8, 12, 23, 27, 30, 33, 43, 45], (), [16])


def test_risk_tables_give_the_published_log_rank_tests():
    assert log_rank(MAINTAINED, NOT_MAINTAINED) == pytest.approx(3.3964, abs=1e-3)
    assert log_rank(MERCAPTOPURINE, PLACEBO) == pytest.approx(16.793, abs=1e-3)


# Arrests by week after release from prison, men given financial aid and men not, followed for 52 weeks
# (Rossi, Berk and Lenihan 1980).
WITH_AID = Course(
    Counter(
        {7: 1, 8: 3, 9: 2, 11: 1, 12: 2, 14: 1, 15: 2, 16: 1, 18: 1, 19: 1, 20: 4, 22: 1, 24: 2, 30: 1}
        | {32: 1, 34: 2, 35: 3, 36: 3, 37: 2, 39: 1, 40: 1, 42: 2, 45: 1, 46: 3, 48: 1, 49: 3, 50: 2}
    ),
    Counter(),
    Counter({52: 168}),
)
WITHOUT_AID = Course(
    Counter(
        {1: 1, 2: 1, 3: 1, 4: 1, 5: 1, 6: 1, 8: 2, 10: 1, 11: 1, 13: 1, 14: 2, 16: 1, 17: 3, 18: 2, 19: 1}
        | {20: 1, 21: 2, 23: 1, 24: 2, 25: 3, 26: 3, 27: 2, 28: 2, 30: 1, 31: 1, 32: 1, 33: 2, 35: 1, 37: 2}
        | {38: 1, 39: 1, 40: 3, 43: 4, 44: 2, 45: 1, 46: 1, 47: 1, 48: 1, 49: 2, 50: 1, 52: 4}
    ),
    Counter(),
    Counter({52: 150}),
)


def test_people_released_from_prison_in_the_study_of_rossi():
    released = Course(
        WITH_AID.events + WITHOUT_AID.events, Counter(), WITH_AID.censored + WITHOUT_AID.censored
    )

    assert sum(released.events.values()) == 114
    assert staying(released, 26) == pytest.approx(0.8750, abs=1e-4)
    assert staying(released, 52) == pytest.approx(0.7361, abs=1e-4)
    assert log_rank(WITH_AID, WITHOUT_AID) == pytest.approx(3.8376, abs=1e-4)
    risks = [sum(arm.events.values()) / 216 for arm in (WITH_AID, WITHOUT_AID)]
    odds = [risk / (1 - risk) for risk in risks]
    assert risks[0] / risks[1] == pytest.approx(0.7273, abs=1e-4)
    assert odds[0] / odds[1] == pytest.approx(0.6494, abs=1e-4)  # not the ratio of risks


def test_survival_under_mercaptopurine():
    shares = [staying(MERCAPTOPURINE, day) for day in (6, 7, 10, 13, 16, 22, 23)]
    assert shares == pytest.approx([0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448], abs=5e-4)
    assert (median(MERCAPTOPURINE)[0], median(PLACEBO)[0]) == (23, 8)


def test_restricted_mean_under_mercaptopurine():
    means = [sum(staying(cohort, week) for week in range(35)) for cohort in (MERCAPTOPURINE, PLACEBO)]
    assert means == pytest.approx([23.29, 8.67], abs=0.01)


def test_rearrest_by_a_year():
    found = incidence_interval(REARRESTS, 365)
    assert found == pytest.approx((0.400, 0.148, 0.805), abs=1e-3)
    assert found[0] != pytest.approx(3 / 8, abs=0.01)
    assert found[0] != pytest.approx(3 / 7, abs=0.01)


def test_nothing_is_known_of_days_nobody_was_followed_to():
    assert incidence(REFERRALS, 31) is None
    assert incidence(course(), 0) is None


def test_a_cohort_that_has_left_altogether_is_known_for_ever():
    assert incidence(course([3], [5]), 365)[0] == 0.5


def test_all_and_nobody_have_a_range_too():
    assert incidence_interval(course((), (), [40, 40, 40]), 30) == (0, 0, pytest.approx(0.5615, abs=1e-4))
    assert incidence_interval(course([0, 0, 0, 0]), 30) == (1, pytest.approx(0.5101, abs=1e-4), 1)


def test_those_who_remain_have_met_neither_end():
    either = REFERRALS.either_cause()
    assert staying(either, 30) == pytest.approx(1 - 0.60 - 0.22, abs=1e-9)


days = st.lists(st.integers(0, 12), max_size=25)


@given(days, days, days, st.integers(0, 12))
def test_incidence_agrees_with_statsmodels(events, competing, censored, day):
    cohort = course(events, competing, censored)
    found = incidence(cohort, day)
    if found is None:
        assert max(censored, default=day) < day or not cohort.people
        return
    if not events or min(events) > day:
        assert found[0] == 0
        return
    times = np.array([*events, *competing, *censored], dtype=float)
    status = np.array([1] * len(events) + [2] * len(competing) + [0] * len(censored))
    with np.errstate(divide="ignore", invalid="ignore"):
        again = CumIncidenceRight(times, status)
    last = np.searchsorted(again.times, day, side="right") - 1
    assert found[0] == pytest.approx(again.cinc[0][last], abs=1e-9)
    if not math.isnan(again.cinc_se[0][last]):
        assert found[1] == pytest.approx(again.cinc_se[0][last], abs=1e-6)


@given(days.filter(bool), days, st.integers(0, 12))
def test_survival_and_its_band_agree_with_scipy_and_statsmodels(events, censored, day):
    cohort = course(events, (), censored)
    found = incidence_interval(cohort, day)
    if found is None or not 0 < found[0] < 1 - 1e-9:
        return
    curve = stats.ecdf(
        stats.CensoredData(uncensored=np.array(events, float), right=np.array(censored, float))
    ).sf
    assert 1 - found[0] == pytest.approx(float(curve.evaluate(day)), abs=1e-12)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # scipy says that the band has no limits where the curve is 1 or 0
        band = curve.confidence_interval(method="log-log")
    assert 1 - found[2] == pytest.approx(float(band.low.evaluate(day)), abs=1e-9)
    assert 1 - found[1] == pytest.approx(float(band.high.evaluate(day)), abs=1e-9)
    status = [1] * len(events) + [0] * len(censored)
    again = SurvfuncRight(np.array([*events, *censored], float), np.array(status))
    assert 1 - found[0] == pytest.approx(
        again.surv_prob[np.searchsorted(again.surv_times, day, side="right") - 1]
    )


@given(days, days, days, st.integers(0, 12))
def test_the_shares_of_all_ends_and_of_none_make_one(events, competing, censored, day):
    cohort = course(events, competing, censored)
    if incidence(cohort, day) is None:
        return
    other = Course(cohort.competing, cohort.events, cohort.censored)
    total = incidence(cohort, day)[0] + incidence(other, day)[0] + staying(cohort.either_cause(), day)
    assert total == pytest.approx(1)


@given(days.filter(bool), st.integers(0, 12))
def test_without_censoring_incidence_is_a_plain_share(events, day):
    share = sum(event <= day for event in events) / len(events)
    assert incidence(course(events), day)[0] == pytest.approx(share)
