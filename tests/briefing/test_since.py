"""Since the last meeting: only what the group saw before, and never an older snapshot against a newer one."""

from dataclasses import replace
from datetime import date

import pytest

from leadstats.briefing import View
from leadstats.briefing.contrast import ALL_OTHERS, contrast
from leadstats.briefing.questions import QUESTIONS, answered, shown
from leadstats.briefing.since import Brought, amended, as_table, brought, differences
from leadstats.counting.database import Database, open_database
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

    return meetings, lambda: (brought(view, meetings, opened).since, asked)


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


def test_amended_data_are_those_of_the_meeting_they_stand_for(view, told):
    """Its goals, its decisions and what moved since the meeting before it; a note says that they were amended."""
    meetings, ask = told
    assert amended(meetings, view.database.mark) == ""
    meetings.hold(MAY, "aaa")
    meetings.decide(meetings.all()[0], "Ask for two managers", "Director")
    meetings.hold(JUNE, "bbb")
    meetings.amend(view.database.mark, date(2026, 7, 6))
    assert meetings.day_over(view.database.mark) == JUNE
    assert ask() == (None, [])  # both meetings' data are what is looked at
    before = brought(view, meetings, lambda mark: view.database)
    assert [each.words for each in before.decisions] == ["Ask for two managers"]
    assert before.amended.startswith("Amended on 6 July 2026: the record of a sealed or expunged person")
    assert before.amended == amended(meetings, "aaa")


class Released(Database):
    is_public = True


def test_of_a_release_nothing_is_brought(told):
    meetings, _ = told
    meetings.hold(MAY, "aaa")
    meetings.amend("bbb", JUNE)
    released = Released("bbb", None, {}, {}, {})
    assert brought(View(released, "public", YEAR), meetings, None) == Brought()


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
    told = [each.sentence for each in differences(answered("overview", old).results, old, new)]
    assert told == [
        "People referred: 60 people in the newest data, 40 people here",
        "People enrolled: 33 people in the newest data, 30 people here",
    ]
    # Of a chart, period by period, and of its own months where they are others.
    by_month = old.published("people_referred", by="month")
    assert as_table(differences([by_month, by_month], old, new)).rows == [
        ("People referred", "Mar 2025", "40 people", "60 people")
    ]
    spring = old.published("people_referred", by="total", last_month=date(2025, 3, 1))
    assert [each.of for each in differences([spring], old, new)] == ["the first quarter of 2025"]


def test_a_difference_of_few_people_is_not_told_to_partners_by_its_size(earlier_and_newer):
    old, new = (View(each, "coordinating_group", YEAR) for each in earlier_and_newer)
    told = [each.sentence for each in differences(answered("overview", old).results, old, new)]
    assert told == [
        "People referred: 60 people in the newest data, 40 people here",
        "People enrolled: a few people more or fewer in the newest data, 30 people here",
    ]


def test_what_was_worked_out_of_numbers_is_not_held_against_newer_data(view):
    held = contrast(view, "diversion_rate", "Mill Row", ALL_OTHERS)
    assert len(held.results[0].cells) == 2
    assert differences(held.results, view, view) == []


def test_a_place_that_newer_data_do_not_know_has_no_number_there(view, earlier_and_newer):
    named = view.published("people_referred", by="total", places=("Mill Row",))
    (told,) = differences([named], view, replace(view, database=earlier_and_newer[0]))
    assert told.now == "no number"


@pytest.mark.parametrize("page", [name for name, each in QUESTIONS.items() if each.shown_by])
def test_no_answer_differs_from_itself(view, page):
    shown_here = [
        result for answer in (answered(page, view), *shown(page, view)) for result in answer.results
    ]
    assert shown_here
    assert differences(shown_here, view, view) == []
