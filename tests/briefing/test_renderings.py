"""Page, command, paper and file say of one briefing the same, claim by claim and number by number."""

import csv
import io
from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from leadstats.briefing import View
from leadstats.briefing.brief import brief, figures
from leadstats.cli import briefing
from leadstats.counting.database import open_database
from leadstats.counting.view import AUDIENCES, Filters, Published
from leadstats.narrative import spreadsheet, wording
from leadstats.papers import write_digest
from leadstats.papers.contents import contents
from leadstats.ui.cards import present
from leadstats.ui.shell import markup
from leadstats.ui.shell.locations import ROOT

YEAR = Filters(date(2025, 1, 1), date(2025, 12, 1))


@pytest.fixture(scope="module")
def view(county):
    return View(open_database(county), AUDIENCES[0], YEAR)


@pytest.fixture(scope="module")
def told(view):
    return brief(view)


def claims(answer) -> list[str]:
    """Its verdict and its lead, as a reader sees them."""
    return [*([f"{wording.capital(answer.verdict)}."] if answer.verdict else []), answer.lead]


def test_every_page_begins_with_the_claims_of_the_briefing(county, told, monkeypatch):
    monkeypatch.setenv("LEADSTATS_DATA", str(county))
    monkeypatch.delenv("LEADSTATS_AUDIENCE", raising=False)
    for answer in told.answers:
        page = AppTest.from_file(str(ROOT / "pages" / f"{answer.page}.py"), default_timeout=120)
        page.query_params.update({"from": ["2025-01"], "to": ["2025-12"]})
        page.run()
        assert not page.exception, page.exception
        opening = next(each.value for each in page.markdown if 'class="opening"' in each.value)
        for claim in (answer.question, *claims(answer)):
            assert markup.text(claim) in opening, answer.page


def test_text_json_and_papers_hold_the_same_claims(view, told):
    text = briefing.as_text(view, told)
    papers = contents(view).questions
    for answer, printed, paper in zip(
        told.answers, briefing.as_json(view, told)["answers"], papers, strict=True
    ):
        assert all(claim in text for claim in (*claims(answer), *answer.cautions))
        assert (printed["question"], printed["verdict"], printed["lead"]) == (
            answer.question,
            answer.verdict,
            answer.lead,
        )
        assert (paper.question, [*filter(None, (paper.verdict, paper.lead))]) == (
            answer.question,
            claims(answer),
        )


def test_slides_of_the_browser_and_the_digest_hold_the_same_claims(view, told, tmp_path):
    held = contents(view)
    slides = "".join(present._slides(view, held))
    text, *_ = (path.read_text("utf-8") for path in write_digest(held, tmp_path))
    for answer in told.answers:
        for claim in (answer.question, *claims(answer)):
            assert markup.text(claim) in slides, answer.page
            assert claim in text, answer.page


def test_a_file_of_the_same_results_holds_the_same_numbers(view, told):
    compared = 0
    for answer in told.answers:
        results = [each for each in answer.results if isinstance(each, Published)]
        held = {each.metric.name for each in results}
        rows = csv.DictReader(io.StringIO(spreadsheet.as_csv(*results)))
        for row, figure in zip(rows, (f for f in figures(view, answer) if f.metric in held), strict=True):
            assert (row["metric"], row["category"]) == (figure.metric, figure.category)
            assert row["hidden"] == (figure.hidden or "")
            if row["value"]:
                assert float(row["value"]) == figure.value
                compared += 1
    assert compared > 10
