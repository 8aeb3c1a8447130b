"""What is said of rates that too few stand behind; the numbers themselves stay for analysts and commands."""

from dataclasses import replace

import pytest
from results import OCTOBER, result

from leadstats import charts
from leadstats.counting import reliability
from leadstats.counting.view import Cell
from leadstats.narrative import headlines, summaries, wording


def shown(metric, audience="coordinating_group", **counts):
    cell = Cell(None, "Everyone", value=40.0, low=20.0, high=60.0, **counts)
    published = reliability.readable(result(metric, cell), audience)
    return published, published.cells[0]


@pytest.mark.parametrize(
    ("metric", "counts", "said"),
    [
        ("diversion_rate", {"numerator": 3, "denominator": 9}, "3 of 9, too few for a percent"),
        ("intake_within_30_days", {"numerator": 3, "denominator": 9}, "3 of 9, too few for a percent"),
        ("retained_at_182_days", {"numerator": 0, "denominator": 2}, "0 of 2, too few for a percent"),
        (
            "median_days_to_intake",
            {"events": 4, "denominator": 30},
            "4 of 30 so far, too few for a median",
        ),
        ("jail_nights_before", {"people": 19}, "19 people, too few for a rate"),
        ("jail_nights_after", {"people": 19}, "19 people, too few for a rate"),
    ],
)
def test_below_the_minimum_counts_stand_without_a_rate(metric, counts, said):
    published, cell = shown(metric, **counts)
    assert (cell.value, cell.low, cell.high) == (None, None, None)
    assert {name: getattr(cell, name) for name in counts} == counts
    assert wording.shown(published.metric, cell) == said
    assert said in headlines.headline(published)
    assert [mark.text for mark in charts.marks(published)] == [said]


@pytest.mark.parametrize(
    ("metric", "counts"),
    [
        ("diversion_rate", {"numerator": 4, "denominator": 10}),
        ("median_days_to_intake", {"events": 5, "denominator": 5}),
        ("jail_nights_before", {"people": 20}),
        ("people_referred", {"people": 3}),
        ("people_per_case_manager", {"numerator": 40, "denominator": 1}),
    ],
)
def test_from_the_minimum_on_the_rate_stands(metric, counts):
    _, cell = shown(metric, **counts)
    assert (cell.value, cell.too_few) == (40.0, "")


def test_analysts_read_every_number():
    _, cell = shown("diversion_rate", "analyst", numerator=3, denominator=9)
    assert (cell.value, cell.too_few) == (40.0, "")


def test_a_hidden_number_stays_hidden_and_gives_no_count():
    published = result("diversion_rate", Cell(None, "Everyone", hidden="too few"))
    assert reliability.readable(published, "coordinating_group").cells[0].too_few == ""


def test_rates_of_few_are_marked_with_their_range():
    cells = [
        Cell(None, name, value=40.0, low=20.0, high=60.0, numerator=0.4 * size, denominator=size)
        for name, size in (("Ash", 10), ("Elm", 30))
    ]
    published = result("diversion_rate", *cells, filters=replace(OCTOBER, breakdown="neighborhood"))
    assert "Small group, fewer than 30: Ash." in summaries.summary(published)
    ash, elm = charts.marks(published)
    assert ash.text == "40% (4 of 10, small group)" and ash.low == 20.0
    assert elm.text == "40% (12 of 30)"
