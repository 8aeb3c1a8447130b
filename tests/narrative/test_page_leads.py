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
