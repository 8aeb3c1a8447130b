"""Since the last meeting: only what the group saw before, and never an older snapshot against a newer one."""

from datetime import date

import pytest

from leadstats.briefing import View
from leadstats.briefing.since import since_last_meeting
from leadstats.counting.database import open_database
from leadstats.counting.view import Filters
from leadstats.meetings import Meetings

MAY, JUNE = date(2026, 5, 4), date(2026, 6, 1)
YEAR = Filters(date(2025, 1, 1), date(2025, 12, 1))


@pytest.fixture
def view(county):
    return View(open_database(county), "coordinating_group", YEAR)


@pytest.fixture
def told(view, tmp_path):
    meetings = Meetings(tmp_path)
    asked = []

    def opened(mark):
        asked.append(mark)
        return view.database

    return meetings, lambda: (since_last_meeting(view, meetings, opened), asked)


def test_without_another_snapshot_there_is_nothing_to_compare(view, told):
    meetings, ask = told
    assert ask() == (None, [])
    meetings.hold(MAY, view.database.mark)
    assert ask() == (None, [])


def test_the_latest_meeting_over_other_data_is_compared(view, told):
    meetings, ask = told
    meetings.hold(MAY, "aaa")
    meetings.hold(JUNE, "bbb")
    answer, asked = ask()
    assert asked == ["bbb"]
    assert "1 June 2026" in answer.lead


def test_what_a_meeting_looked_at_is_compared_with_the_meeting_before_it(view, told):
    """Its pinned link is opened long after: a later meeting is no past of it."""
    meetings, ask = told
    meetings.hold(MAY, view.database.mark)
    meetings.hold(JUNE, "bbb")
    assert ask() == (None, [])
    meetings.hold(date(2026, 4, 6), "aaa")
    assert ask()[1] == ["aaa"]
