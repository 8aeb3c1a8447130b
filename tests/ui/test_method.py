"""The method card: what stands behind a number, with counts that may be shown and values as bound."""

import dataclasses
from datetime import date

import duckdb
import pytest
from msgspec import structs

from leadstats.briefing import View
from leadstats.counting.catalog import load_metrics
from leadstats.counting.estimators import ESTIMATORS
from leadstats.counting.view import default_filters
from leadstats.narrative import wording
from leadstats.ui.cards import method

CHANGED_METRICS = [metric for metric in load_metrics().values() if metric.version > 1]


@pytest.fixture
def program(typed):
    return typed


@pytest.fixture
def view(program):
    program.add(
        referral=[
            {
                "person_id": person,
                "referred_on": f"2026-0{1 + person % 3}-10",
                "neighborhood": "Ash" if person < 45 else "Elm" if person < 60 else "Oak",
                "intake_completed_on": "2026-03-20" if person % 2 else "",
            }
            for person in range(75)
        ]
    ).site(data_through=date(2026, 3, 31))
    filters = dataclasses.replace(default_filters(date(2026, 3, 31)), first_month=date(2026, 2, 1))
    return View(program.database, "coordinating_group", filters)


def steps(view, name):
    return list(method._steps(view, view.published(name, by="total")))


def test_rows_are_followed_from_the_export_to_the_number(view):
    narrow = dataclasses.replace(view, filters=dataclasses.replace(view.filters, places=("Ash",)))

    assert steps(narrow, "intake_within_90_days") == [
        ("Rows of referral.csv: read", "75", ""),
        ("Rows of referral.csv: usable and in force", "75", ""),
        ("Referrals received: all months, places and pathways", "75", "75"),
        ("Referrals received: February to March 2026, all places and pathways", "50", "50"),
        ("Referrals received: in Ash", "30", "30"),
        ("Intake within 90 days", "30", "30"),
        ("… of them, with the outcome", "15", ""),
    ]


def test_no_step_shows_a_number_that_the_door_hides(view):
    few = dataclasses.replace(view, filters=dataclasses.replace(view.filters, places=("Elm",)))

    assert steps(few, "people_referred")[-1] == ("People referred: in Elm", wording.HIDDEN, wording.HIDDEN)
    assert steps(dataclasses.replace(few, audience="analyst"), "people_referred")[-1][1:] == ("10", "10")


def test_two_steps_do_not_tell_of_the_few_between_them():
    """33 enrolled, of whom 31 for the first time: two came back, which no number of its own would say."""
    found = [
        method.FunnelStep("all", 700, 640),
        method.FunnelStep("enrolled", 33, 33),
        method.FunnelStep("hidden itself", None, None, is_hidden=True),
        method.FunnelStep("new", 31, 31),
        method.FunnelStep("the same", 31, 31),
    ]

    assert [step.is_hidden for step in method._apart(found)] == [False, True, True, False, False]


def test_bound_values_read_as_the_engine_would_read_them():
    bound = {"day": date(2026, 1, 31), "places": ["Ash", "O'Hara"], "none": None, "yes": True, "by": "month"}

    assert duckdb.sql(f"SELECT {method.literal(bound)}").fetchall() == [(bound,)]


def test_a_card_has_every_part(view):
    said = method.facts(load_metrics()["diversion_rate"])

    for part in ("Counts", "Formula", "Population", "Window", "Uncertainty", "Take care", "Versions"):
        assert f"<dt>{part}</dt>" in said


def test_what_public_and_partners_count_otherwise_stands_on_both_cards():
    inside = load_metrics()["people_referred"]
    public = structs.replace(inside, name="people_first_referred", title="People referred for the first time")

    assert "People referred for the first time. People by the month of their first referral" in method.facts(
        inside
    )
    assert f"People referred. {inside.definition}" in method.facts(public)
    assert "In public releases" not in method.facts(load_metrics()["jail_nights"])


@pytest.mark.parametrize("name", sorted(ESTIMATORS))
def test_every_estimator_says_where_its_range_comes_from(name):
    without_range = {"count", "ratio", "daily_average", "per_resident"}

    assert (name in method.RANGES) != (name in without_range)


@pytest.mark.parametrize("metric", CHANGED_METRICS, ids=lambda metric: metric.name)
def test_every_change_of_meaning_is_in_the_change_log(metric):
    told = " ".join(method.history(metric))

    for version in range(2, metric.version + 1):
        assert f"Version {version}, " in told


def test_a_number_that_never_changed_says_so():
    assert method.history(load_metrics()["people_referred"]) == [method.FIRST_VERSION]


def test_the_address_of_a_card_carries_the_filters(view):
    narrow = dataclasses.replace(view, filters=dataclasses.replace(view.filters, places=("Ash",)))
    published = narrow.published("people_referred", by="total")

    assert (
        method.address(narrow, published)
        == "definitions?metric=people_referred&from=2026-02&to=2026-03&place=Ash"
        f"&snapshot={view.database.mark}"
    )
