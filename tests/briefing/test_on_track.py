"""Whether the program is on track: verdicts on goals, their lines, and one rule for what is usual."""

from dataclasses import replace
from datetime import date

import pytest

from leadstats.briefing import View, by_group, goals, over_time
from leadstats.briefing.explore import explored
from leadstats.briefing.questions import answered
from leadstats.counting.view import Filters
from leadstats.model import periods

YEAR = Filters(date(2025, 1, 1), date(2025, 12, 1))


def enrolled(*counts) -> list[dict]:
    """So many people in each month up to the end of 2025."""
    last = date(2025, 12, 1)
    months = [periods.months_before(last, len(counts) - 1 - n) for n in range(len(counts))]
    return [
        {"person_id": f"{month}-{n}", "started_on": month.replace(day=5)}
        for month, count in zip(months, counts, strict=True)
        for n in range(count)
    ]


@pytest.fixture
def seen(typed):
    def view(*counts, goal=None) -> View:
        more = {"goals": [{"metric": "people_enrolled", **goal}]} if goal else {}
        typed.add(enrollment=enrolled(*counts)).site(data_through=date(2025, 12, 31), **more)
        return View(typed.database, "analyst", YEAR)

    return view


def test_the_overview_says_the_verdict_first(seen):
    view = seen(*[20] * 10, 12, 13, goal={"value": 15, "by": "month"})
    told = answered("overview", view)

    assert told.verdict == "the one goal is not met"
    assert told.lead.startswith(
        "Not met: 13 people enrolled in December 2025, 2 below 15 a month, for 2 months. As things go: 1 open. In 2025, "
    )
    held = [each for each in told.results if each.filters.by == "month"]
    assert [(cell.period, cell.value) for each in held for cell in each.cells] == [("2025-12", 13)]


def test_without_goals_nothing_is_claimed_of_a_track(seen):
    told = answered("overview", seen(*[20] * 12))
    assert told.verdict == "no goals are set"
    assert told.lead.startswith("In 2025, ")


@pytest.mark.parametrize(
    ("by", "value", "drawn"), [("month", 15, 15), ("quarter", 45, 15), ("year", 180, 15)]
)
def test_a_goal_of_events_is_a_line_of_its_chart_by_whatever_period_it_was_set(seen, typed, by, value, drawn):
    view = seen(*[20] * 24, goal={"metric": "referrals_received", "value": value, "by": by})
    typed.add(
        referral=[
            {"person_id": row["person_id"], "referred_on": row["started_on"]} for row in enrolled(*[20] * 24)
        ]
    )
    answer = over_time.trend(replace(view, database=typed.database), "referrals_received")

    lines = [shape["y0"] for shape in answer.chart.figure["layout"]["shapes"]]
    assert lines == [pytest.approx(drawn)]
    words = [note["text"] for note in answer.chart.figure["layout"]["annotations"]]
    assert f"goal: {value} a {by}" in words
    assert answer.sentences[0].startswith("Goal met: ")


@pytest.mark.parametrize(("by", "lines"), [("month", [15]), ("quarter", []), ("year", [])])
def test_a_goal_of_people_is_no_line_by_other_periods_whose_people_are_partly_the_same(seen, by, lines):
    """Twelve times as many people in a month are no goal for the people of a year."""
    answer = over_time.trend(seen(*[20] * 24, goal={"value": 15, "by": by}), "people_enrolled")

    assert [shape["y0"] for shape in answer.chart.figure["layout"].get("shapes", ())] == lines


def test_goals_are_those_of_the_whole_program_whatever_place_is_chosen(seen):
    view = seen(*[20] * 12, goal={"value": 15, "by": "month"})
    narrow = replace(view, filters=replace(YEAR, places=("Unknown",)))

    assert answered("overview", narrow).verdict == "all of LEAD: the one goal is met"
    chart = over_time.trend(narrow, "people_enrolled")
    assert not chart.chart.figure["layout"].get("shapes")
    assert not any("Goal" in sentence for sentence in chart.sentences)
    assert "goal" not in over_time.verdict(narrow, "people_enrolled")


@pytest.mark.parametrize(("last", "is_told"), [(22, False), (60, True)])
def test_overview_and_detail_judge_a_change_by_the_same_limits(seen, last, is_told):
    """22 is more than in 20 of 24 months before, and yet no more than chance does around the usual 20."""
    view = seen(*[20, 24, 17, 22, 19, 21, 18, 23, 20, 19, 21, 16] * 2, last)
    told, chart = goals.changes(view, "people_enrolled"), over_time.trend(view, "people_enrolled", True)

    assert ("outside the usual range" in chart.lead) == is_told
    assert told.points == ((f"{chart.lead}.",) if is_told else ())
    assert told.sentences == (() if is_told else ("Inside the usual range: people enrolled.",))


NOTE = {"metric": "people_enrolled", "text": "Two intake workers left.", "role": "Program manager"}


@pytest.mark.parametrize(
    ("day", "is_shown"),
    [
        (date(2023, 12, 31), False),  # before the line begins
        (date(2025, 6, 2), True),
        (date(2026, 1, 20), True),  # written once the last month was counted
        (date(2026, 6, 1), False),
    ],
)
def test_a_note_stands_under_the_chart_of_its_metric_and_months_and_changes_nothing_else(
    typed, day, is_shown
):
    typed.add(enrollment=enrolled(*[20] * 30)).site(
        data_through=date(2025, 12, 31), notes=[{"day": day, **NOTE}]
    )
    noted = View(typed.database, "analyst", YEAR)
    site = replace(typed.database.site, notes=())
    plain = replace(noted, database=replace(typed.database, site=site))

    for asked in (over_time.trend, lambda view, metric: over_time.lines(view, metric, "people_exited")):
        answer = asked(noted, "people_enrolled")
        assert len(answer.notes) == is_shown
        assert all(note.endswith("Program manager: Two intake workers left.") for note in answer.notes)
        assert replace(answer, notes=()) == asked(plain, "people_enrolled")
    assert not over_time.trend(noted, "people_exited").notes


def test_goals_stand_on_lines_of_several_measures_and_in_explore(seen):
    view = seen(*[20] * 24, goal={"value": 15, "by": "month"})
    both = over_time.lines(view, "people_exited", "people_enrolled").chart
    alone = explored(view, "people_enrolled", "month", None, None).chart
    for chart, named in ((both, "People enrolled, goal: 15 a month"), (alone, "goal: 15 a month")):
        (line,) = (each for each in chart.figure["layout"]["shapes"] if each["y0"] == each["y1"] == 15)
        assert line["xref"] == "paper"
        assert named in [each["text"] for each in chart.figure["layout"]["annotations"]]
    assert not explored(view, "people_enrolled", "quarter", None, None).chart.figure["layout"].get("shapes")


def test_a_measure_on_its_own_and_over_time_are_two_figures(seen):
    """A release may hold only one of several rates that stand together: a page with both would stop."""
    view = seen(*[20] * 12)
    alone = by_group.measures(view, "people_enrolled", headline="{}")

    assert alone.name != over_time.trend(view, "people_enrolled").name
