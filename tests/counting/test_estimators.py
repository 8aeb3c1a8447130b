"""What each estimator makes of a row of counts, and of a cell with nobody in it."""

import dataclasses

import pytest
from msgspec import structs

from leadstats.counting.catalog import load_metrics
from leadstats.counting.estimators import ESTIMATORS, Estimate, estimate

METRICS = load_metrics()


def cell(metric, **row):
    found = dataclasses.asdict(estimate(METRICS[metric], row))
    return {name: value for name, value in found.items() if value is not None}


def test_people_are_counted_even_where_they_have_several_events():
    assert cell("people_referred", people=2, events=3) == {"people": 2, "value": 2, "events": 3}
    assert cell("referrals_received", people=2, events=3) == {"people": 2, "value": 3, "events": 3}


def test_people_unknown_to_a_source_stay_unknown():
    assert cell("arrests", people=None, events=3) == {"value": 3, "events": 3}


def test_a_share_has_wilson_limits_in_percent():
    found = cell("diversion_rate", people=263, numerator=81, denominator=263)
    assert found["value"] == pytest.approx(30.798, abs=1e-3)
    assert (found["low"], found["high"]) == pytest.approx((25.53, 36.62), abs=1e-2)


def test_a_share_among_people_with_several_events_each_is_resampled_by_person():
    def rate(*by_person):
        kinds = [dict(zip(("events", "arrests", "people"), kind, strict=True)) for kind in by_person]
        return estimate(
            METRICS["diversion_rate"], {"people": 60, "numerator": 60, "denominator": 120, "by_person": kinds}
        )

    all_or_nothing = rate((4, 4, 15), (0, 4, 15))  # thirty people: what is known is that of thirty
    plain = rate((1, 1, 60), (0, 1, 60))
    # Thirty people can only give steps of 3.3 points.
    assert (all_or_nothing.low, all_or_nothing.high) == pytest.approx((33, 67), abs=3.4)
    assert (plain.low, plain.high) == pytest.approx((41.2, 58.8), abs=0.1)
    assert rate((0, 4, 15), (4, 4, 15)) == all_or_nothing  # whatever the order


def test_people_for_one_case_manager():
    assert cell("people_per_case_manager", people=50, numerator=50, denominator=4)["value"] == 12.5


def test_incidence_stands_beside_its_cohort():
    row = {"event_days": {3: 1, 7: 2, 14: 1, 30: 1}, "competing_days": {5: 1, 20: 1}}
    found = cell(
        "intake_within_30_days",
        people=10,
        numerator=5,
        denominator=10,
        censored_days={10: 1, 21: 1, 30: 1},
        **row,
    )
    assert found["value"] == pytest.approx(60)
    assert found["low"] < 60 < found["high"]
    assert (found["people"], found["numerator"], found["denominator"]) == (10, 5, 10)


def test_incidence_is_empty_until_somebody_was_watched_so_long():
    found = cell(
        "intake_within_90_days",
        people=2,
        numerator=1,
        denominator=2,
        event_days={3: 1},
        competing_days=None,
        censored_days={40: 1},
    )
    assert found == {"people": 2, "numerator": 1, "denominator": 2}


def test_retention_is_what_both_ends_leave():
    # Lost touch on day 160 and 95, left on day 120, still there on day 200.
    found = cell(
        "retained_at_182_days",
        people=4,
        numerator=1,
        denominator=4,
        event_days={160: 1, 95: 1},
        competing_days={120: 1},
        censored_days={200: 1},
    )
    assert found["value"] == pytest.approx(25)
    assert found["low"] < 25 < found["high"]


def test_a_rate_takes_the_year_that_its_header_names():
    years = [{"events_before": 3, "days_before": 365, "events_after": 1, "days_after": 100, "people": 2}]
    rate = structs.replace(METRICS["jail_nights_before"], part="before")

    assert estimate(rate, {"people": 2, "person_time": years}).value == pytest.approx(3)
    after = estimate(structs.replace(rate, part="after"), {"people": 2, "person_time": years})
    assert (after.value, after.events) == (pytest.approx(3.65), 2)
    one = [{"events": 1, "days": 73, "people": 4}]
    assert estimate(structs.replace(rate, part=""), {"people": 4, "person_time": one}).value == pytest.approx(
        5
    )


@pytest.mark.parametrize("name", ESTIMATORS)
def test_an_estimator_says_what_it_needs_gives_and_protects(name):
    estimator = ESTIMATORS[name]

    assert estimator.function.__doc__
    assert set(estimator.people) <= set(estimator.needs) and len(estimator.people) <= 3
    assert set(estimator.gives) <= {each.name for each in dataclasses.fields(Estimate)}
    for unit in ("people", "nights"):
        metric = structs.replace(METRICS["jail_cost_avoided"], estimator=name, unit=unit, horizon_days=30)
        found = dataclasses.asdict(estimate(metric, {}))
        assert {field for field, value in found.items() if value is not None} <= set(estimator.gives)


@pytest.mark.parametrize("metric", METRICS.values(), ids=lambda metric: metric.name)
def test_every_metric_has_an_estimator_that_takes_an_empty_cell(metric):
    assert metric.estimator in ESTIMATORS
    found = estimate(metric, {})
    assert found.people == 0
    if metric.unit in ("percent", "days", "people per case manager"):
        assert found.value is None
