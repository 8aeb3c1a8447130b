"""Sentences about what became of a number from one build to the next."""

from dataclasses import replace
from datetime import date

from leadstats.counting.catalog import load_metrics
from leadstats.counting.changes import Change
from leadstats.narrative import changes

CHANGE = Change(
    load_metrics()["people_referred"],
    "people",
    date(2025, 4, 1),
    date(2026, 3, 1),
    date(2026, 4, 1),
    276,
    20,
    14,
    -6,
    304,
)


def test_the_parts_are_said_with_their_months():
    assert changes.headline([CHANGE]) == (
        "People referred: 276 as the earlier build had them (April 2025 to March 2026), and now 304 "
        "(April 2025 to April 2026): 20 in new months, 14 came late, -6 by correction"
    )


def test_what_is_hidden_is_said_to_be():
    hidden = replace(CHANGE, old=None, new_activity=None, late=None, corrected=None, hidden="too few")
    said = changes.headline([hidden])
    assert "304" in said and "276" not in said and "hidden to protect privacy" in said
    assert changes.table([hidden]).rows[0][2:6] == ("hidden to protect privacy",) * 4


def test_a_number_that_nobody_records_is_no_zero():
    lost = Change(CHANGE.metric, "people", *[date(2026, 1, 1)] * 3, hidden="not recorded")
    assert "not recorded" in changes.headline([lost])
    assert changes.headline([]) == "No number is recorded by both builds"
