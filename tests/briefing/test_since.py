"""Since the last meeting: only what the group saw before, and never an older snapshot against a newer one."""

from datetime import date

import pytest

from leadstats.briefing import View
from leadstats.briefing.questions import answered
from leadstats.briefing.since import differences, since_last_meeting
from leadstats.counting.database import open_database
from leadstats.counting.view import Filters
from leadstats.meetings import Meetings
from leadstats.model.settings import Site
from tests.typed import database_of

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


@pytest.fixture
def earlier_and_newer():
    """The same program before and after twenty more people of a month that it had, and three more enrollments."""
    people = [
        {"referral_id": n, "person_id": n, "referred_on": date(2025, 3, 10), "pathway": "community"}
        for n in range(60)
    ]
    enrolled = [{"enrollment_id": n, "person_id": n, "started_on": date(2025, 4, 1)} for n in range(33)]
    found = [
        database_of({"referral": people[:count], "enrollment": enrolled[:some]}, Site())
        for count, some in ((40, 30), (60, 33))
    ]
    yield found
    for each in found:
        each.close()


def test_newer_data_are_said_to_differ_number_by_number(earlier_and_newer):
    old, new = (View(each, "analyst", YEAR) for each in earlier_and_newer)
    answer = answered("overview", old)
    assert differences(answer, old, old) == []
    assert differences(answer, old, new) == [
        "People referred: 60 people in the newest data, 40 people here",
        "People enrolled: 33 people in the newest data, 30 people here",
    ]


def test_a_difference_of_few_people_is_not_told_to_partners_by_its_size(earlier_and_newer):
    old, new = (View(each, "coordinating_group", YEAR) for each in earlier_and_newer)
    assert differences(answered("overview", old), old, new) == [
        "People referred: 60 people in the newest data, 40 people here",
        "People enrolled: another number, by few people",
    ]
