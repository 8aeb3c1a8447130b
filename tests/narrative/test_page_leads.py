"""The first sentence of a page: of which day a number is, wherever the reader stands."""

from dataclasses import replace
from datetime import date

import pytest
from results import OCTOBER, result

from leadstats.counting.view import Cell
from leadstats.narrative import page_leads


@pytest.mark.parametrize(
    ("month", "people", "said"),
    [
        (date(2026, 6, 1), 12, "12 people were waiting for an intake on 30 June 2026."),
        (
            date(2026, 11, 1),
            1,
            "1 person was waiting for an intake on 31 October 2026.",
        ),  # the data end before
    ],
)
def test_people_who_wait_are_those_of_the_last_day_shown(month, people, said):
    months = replace(OCTOBER, last_month=month)
    waiting = result(
        "waiting_for_intake", Cell(None, "Everyone", value=people, people=people), filters=months
    )
    assert page_leads.enrollment(result("intake_within_30_days", filters=months), waiting) == said


@pytest.mark.parametrize(
    ("people", "said"),
    [
        (
            12,
            "; of 12 who did in October 2026, 11 are known to have lived there a year later.",
        ),
        (120, "; of 100 who did in October 2026, 92 still lived there a year later (86 to 96)."),
    ],
)
def test_of_few_people_counts_are_told_and_no_hundred(people, said):
    placed = result("people_placed_in_permanent_housing", Cell(None, "Everyone", value=34, people=34))
    counts = {"people": people, "numerator": round(0.917 * people), "denominator": people}
    kept = Cell(None, "Everyone", value=91.7, low=86.0, high=95.7, **counts)

    found = page_leads.housing(placed, result("still_housed_at_365_days", kept))
    assert found == f"34 people moved into permanent housing{said}"
