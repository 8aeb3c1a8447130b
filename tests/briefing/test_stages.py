"""A stage is counted over more months where hiding would leave it without an answer for whole groups."""

from dataclasses import replace
from datetime import date

import pytest
from results import BLACK, WHITE, arrests

from leadstats.briefing import View
from leadstats.counting.view import ANALYST, Filters
from leadstats.model.settings import Baseline
from leadstats.narrative import equity_sentences

YEAR = Filters(date(2025, 1, 1), date(2025, 12, 1))
ASIAN = "Asian"


def of_year(year, **counts):
    return [
        {**each, "person_id": f"{year}{each['person_id']}", "arrested_at": f"{year}-05-10"}
        for each in arrests(**counts)
    ]


@pytest.fixture
def view(typed):
    """Of the Black group 8 of 50 in the year, which hides it and the next: only White people were left."""
    early = [
        record
        for year in (2023, 2024)
        for record in of_year(year, **{BLACK: (12, 50), ASIAN: (15, 40), WHITE: (60, 150)})
    ]
    late = of_year(2025, **{BLACK: (8, 50), ASIAN: (9, 40), WHITE: (60, 150)})
    typed.add(arrest=[*early, *late]).site(data_through=date(2025, 12, 31))
    return View(typed.database, "coordinating_group", YEAR)


def test_a_stage_takes_the_shortest_months_that_show_nine_of_ten(view):
    found = view.equity("arrest_to_diversion")
    rows = {row.group: row for row in found.rows}
    assert (found.is_pooled, found.filters.months, found.is_answered) == (True, 24, True)
    assert (rows[BLACK].x, rows[BLACK].n, rows[ASIAN].x) == (20, 100, 24)
    assert "from 2024 to 2025" in equity_sentences.months(found)
    assert equity_sentences.put_together(found) == [
        "Counted over 24 months: in the months chosen, groups with more than a tenth of the people would be hidden."
    ]
    assert "more months are counted: arrest to diversion" in equity_sentences.own_months([found])


def test_months_that_are_asked_for_are_the_months_answered(view):
    for found in (
        view.compared("arrest_to_diversion"),
        view.equity("arrest_to_diversion", first_month=date(2025, 1, 1)),
    ):
        assert (found.is_pooled, found.filters.months, found.is_answered) == (False, 12, False)


def test_who_sees_every_number_sees_those_of_the_months_chosen(view):
    found = replace(view, audience=ANALYST).equity("arrest_to_diversion")
    assert (found.is_pooled, found.filters.months) == (False, 12)
    assert {row.group: row.x for row in found.rows}[BLACK] == 8


def test_no_month_before_lead_is_counted_with_those_of_it(view):
    """Nobody could be diverted then: of arrests before, all rates are nothing."""
    began = date(2024, 7, 1)
    site = replace(view.database.site, baseline=Baseline(date(2023, 7, 1), date(2024, 6, 30)))
    since = replace(view, database=replace(view.database, site=site))

    found = since.equity("arrest_to_diversion")
    assert (found.is_pooled, found.filters.first_month) == (True, began)
    assert since.past(("diversion_rate",), "quarter") == began
    assert since.past(("booking_rate",), "quarter") < began
