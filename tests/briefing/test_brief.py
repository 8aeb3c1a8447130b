"""One briefing: every surface renders the same answers, number by number and claim by claim."""

import json
from datetime import date

import pytest

from leadstats.briefing import View, before_after, by_group
from leadstats.briefing.answer import each_of
from leadstats.briefing.brief import brief, figures
from leadstats.briefing.questions import QUESTIONS, answered, shown
from leadstats.cli.commands import main
from leadstats.counting.database import open_database
from leadstats.counting.measure import measure
from leadstats.counting.view import AUDIENCES, Filters
from leadstats.narrative import wording

YEAR = Filters(date(2025, 1, 1), date(2025, 12, 1))
MONTHS = ["--from", "2025-01", "--to", "2025-12"]


@pytest.fixture(scope="module")
def database(county):
    return open_database(county)


def asked(capsys, *arguments) -> dict:
    assert main([*map(str, arguments), "--format", "json"]) == 0
    return json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("audience", AUDIENCES)
@pytest.mark.parametrize("places", [(), ("Mill Row",)], ids=["all places", "a place"])
def test_each_figure_is_what_the_door_says_for_its_own_months(database, audience, places):
    view = View(database, audience, Filters(YEAR.first_month, YEAR.last_month, places=places))
    compared = 0
    for figure in (each for answer in brief(view).answers for each in figures(view, answer)):
        metric = database.metric(figure.metric)
        where = places if "place" in metric.filters else ()
        own = Filters(figure.first_month, figure.last_month, "total", where, breakdown=figure.breakdown)
        cells = {cell.category: cell for cell in measure(database, metric, own, audience).cells}
        cell = cells[figure.category]
        assert (figure.value, figure.low, figure.high) == (cell.value, cell.low, cell.high), figure
        assert figure.hidden == cell.hidden
        compared += cell.value is not None
    assert compared > 10


def test_the_command_gives_the_briefing_of_the_months_asked_for(county, database, capsys):
    told = asked(capsys, "brief", "--data", county, *MONTHS)
    view = View(database, AUDIENCES[0], YEAR)
    same = brief(view)

    assert {name: told[name] for name in ("snapshot", "audience", "data_through")} == {
        "snapshot": database.mark,
        "audience": AUDIENCES[0],
        "data_through": "2025-12-31",
    }
    assert told["filters"] == {"from": "2025-01", "to": "2025-12", "place": [], "pathway": []}
    for printed, answer in zip(told["answers"], same.answers, strict=True):
        assert [printed[name] for name in ("page", "verdict", "lead")] == [
            answer.page,
            answer.verdict,
            answer.lead,
        ]
        assert [each["value"] for each in printed["figures"]] == [
            each.value for each in figures(view, answer)
        ]
    rate = next(each for each in told["answers"][2]["figures"] if each["metric"] == "diversion_rate")
    row = asked(capsys, "metric", "diversion_rate", "--data", county, *MONTHS, "--by", "total")["rows"][0]
    assert rate["value"] == row["value"] is not None


def test_the_text_says_what_the_json_says(county, capsys):
    told = asked(capsys, "brief", "--data", county, *MONTHS)
    assert main(["brief", "--data", str(county), *MONTHS]) == 0
    text = capsys.readouterr().out

    for answer in told["answers"]:
        for said in (answer["question"], answer["lead"], *answer["cautions"]):
            assert said in text


def test_a_briefing_holds_each_main_question_and_what_its_page_says_first(database):
    view = View(database, AUDIENCES[0], YEAR)
    told = brief(view)

    assert [answer.page for answer in told.answers] == [
        page for page, question in QUESTIONS.items() if question.is_briefed
    ]
    for answer in told.answers:
        assert answer == answered(answer.page, view)
        assert answer.question == QUESTIONS[answer.page].words
        for each in shown(answer.page, view):
            assert each.lead or each.table


FOLLOWED = [
    before_after.before_and_after,
    before_after.closer,
    before_after.against_others,
    before_after.arrested_again,
    lambda view: by_group.groups(view, "housed_within_365_days", "race"),
    lambda view: by_group.measures(view, "retained_at_365_days", headline="Still in LEAD: {} after a year"),
]


@pytest.mark.parametrize("asked", FOLLOWED)
def test_a_finding_of_other_months_than_the_pages_says_so_in_its_first_sentence(database, asked):
    view = View(database, "analyst", YEAR)
    for answer in each_of(asked(view)):
        (first, *_) = answer.results
        assert view.is_moved(first)
        assert wording.period(None, first.filters) in answer.lead
