"""What hidden periods of everybody have together: it follows from shown numbers, and tells of nobody."""

import dataclasses
import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadstats.audit.inference import attack
from leadstats.audit.linking import systems
from leadstats.counting.view import Merged
from leadstats.model import periods
from leadstats.model.language import LANGUAGES
from leadstats.release.disclosure.cube import build
from leadstats.release.merged import merged
from leadstats.release.ordering import order_of
from leadstats.release.plan import time_hierarchy
from leadstats.release.tables import public_tables
from tests.release.worlds import MEASURE, RULES, printed, protected, release, table

MONTHS = periods.between("2023-01", "2024-11")  # the last quarter and its year are not over


def test_hidden_months_stand_together_as_what_their_quarter_leaves():
    months = {"2024-01": 30, "2024-02": None, "2024-03": None, "2024-04": None}

    both = Merged(("2024-02", "2024-03"), 22)
    assert merged({"quarter": {"2024-Q1": 52}, "month": months}, 11) == dict.fromkeys(both.periods, both)


def test_where_the_quarter_is_hidden_too_its_months_stand_with_those_of_another():
    quarters = {"2024-Q1": 40, "2024-Q2": None, "2024-Q3": None, "2024-Q4": 41}
    months = {
        "2024-04": None,
        "2024-05": None,
        "2024-06": None,
        "2024-07": 14,
        "2024-08": None,
        "2024-09": 12,
    }

    found = merged({"year": {"2024": 130}, "quarter": quarters, "month": months}, 11)

    assert found["2024-Q2"] == found["2024-Q3"] == Merged(("2024-Q2", "2024-Q3"), 49)
    assert found["2024-08"] == Merged(("2024-04", "2024-05", "2024-06", "2024-08"), 23)


@pytest.mark.parametrize(
    "series",
    [
        {"month": {"2024-10": None, "2024-11": 20}},  # the quarter is not over
        {"quarter": {"2024-Q1": None}, "month": {"2024-01": None, "2024-02": None, "2024-03": 9}},
        {
            "quarter": {"2024-Q1": 40},
            "month": {"2024-01": 20, "2024-02": None, "2024-03": 9},
        },  # would be told
        {"quarter": {"2024-Q1": 30}, "month": {"2024-01": None, "2024-02": None, "2024-03": 20}},  # are ten
    ],
)
def test_nothing_is_said_of_what_follows_from_nothing_or_would_tell(series):
    assert merged(series, 11) == {}


def whole_time(people, secret):
    times = time_hierarchy("month", MONTHS[0], MONTHS[-1])
    counts = {(month,): number for month, number in zip(MONTHS, people, strict=True)}
    return protected(build([times], [{"time": "month"}], counts), order=order_of(b"", secret))


@settings(deadline=None, max_examples=15)
@given(
    st.lists(st.integers(0, 8) | st.integers(9, 40), min_size=len(MONTHS), max_size=len(MONTHS)),
    st.text("abc", max_size=2),
)
def test_everybody_of_a_large_total_stands_in_a_shown_number_and_nobody_is_told(people, secret):
    hidden = whole_time(people, secret)
    true = {key[0][1]: int(n) for key, n in zip(hidden.cube.keys, hidden.values, strict=True)}
    tables = list(public_tables(MEASURE, hidden, RULES))
    found = {period: group for each in tables for period, group in each.merged.items()}
    unseen = {period for each in tables for (period,), number in each.numbers.items() if number is None}

    for group in found.values():
        assert len(group.periods) > 1 and set(group.periods) <= unseen
        assert group.number == sum(true[period] for period in group.periods) >= RULES.threshold
        assert all(found[period] == group for period in group.periods)  # in one group each
    assert {period for period in unseen if true[period] >= RULES.threshold} <= found.keys()
    for system in systems([printed(hidden)]).values():
        assert not attack(system).breaks


def test_what_is_printed_together_counts_as_known_to_the_attack():
    """Of no sum that is published, so that the attacker has it from the printed number alone."""
    months = table(["month"], {"2024-10": 20, "2024-11": None, "2024-12": None})
    told = {
        number: release([dataclasses.replace(months, merged={("2024-11", "2024-12"): number})])
        for number in (10, 11)
    }

    fallen = {number: attack(systems([each])["m"]).breaks for number, each in told.items()}
    assert {each.cell for each in fallen[10]} == {"month 2024-11", "month 2024-12"}
    assert not fallen[11]
    alone = release([dataclasses.replace(months, merged={("2024-11",): 4})])
    assert [(each.low, each.high) for each in attack(systems([alone])["m"]).breaks] == [(4, 4)]


def test_a_number_together_that_sums_deny_is_found():
    quarter = table(["quarter"], {"2024-Q4": 40})
    months = table(["month"], {"2024-10": 20, "2024-11": None, "2024-12": None})
    told = release([quarter, dataclasses.replace(months, merged={("2024-11", "2024-12"): 21})])

    assert attack(systems([told])["m"]).breaks


def test_periods_are_named_in_short():
    english, spanish = LANGUAGES["en"], LANGUAGES["es"]

    assert english.periods(["2024-02", "2024-03", "2024-05"]) == "Feb 2024, Mar 2024 and May 2024"
    assert english.periods(["2022-Q1", "2022-Q2", "2022-Q3", "2023-Q1"]) == "Q1 2022 to Q3 2022 and Q1 2023"
    assert spanish.periods(["2021", "2022", "2023"]) == "2021 a 2023"
    assert list(itertools.chain(*periods.runs(MONTHS))) == MONTHS and len(periods.runs(MONTHS)) == 1
