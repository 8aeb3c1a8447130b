"""Packet, slides, digest and present view in another language: nothing in them stays English, and no number changes."""

import io
import re

import pikepdf
import pytest
from county import CHARGES, PLACES
from pptx import Presentation
from streamlit.testing.v1 import AppTest

from leadstats import papers
from leadstats.briefing import View, default_months
from leadstats.charts.drawing import as_sheets
from leadstats.cli.commands import main
from leadstats.counting.database import open_database
from leadstats.counting.view import AUDIENCES
from leadstats.model import language
from leadstats.model.language import LANGUAGES, SOURCE, speaking
from leadstats.model.schema import TABLES
from leadstats.papers.contents import across_a_room, tables_of
from leadstats.papers.digest import as_html, as_text
from leadstats.ui.shell import deck_component, locations
from leadstats.ui.shell.result_cache import Answers
from tests.pseudo import PSEUDO, untold

NUMBER = re.compile(r"\d[\d,.]*%?")


@pytest.fixture(scope="module")
def view(county):
    answers = Answers(open_database(county))
    return View(answers.database, AUDIENCES[0], default_months(answers.database), answers.ask)


@pytest.fixture(scope="module")
def names(view):
    """What is the site's own, and in no language."""
    site = view.database.site
    said = [event.text for event in site.events] + [each.text for each in site.notes]
    said += [goal.set_by for goal in site.goals if goal.set_by]
    return [site.name, view.database.mark, *PLACES, *CHARGES, *said]


def texts_of(contents):
    """All that papers and slides print, with the words of the charts."""
    yield from (contents.title, *contents.cover, *contents.notes, contents.foot, as_text(contents))
    for words in contents.words.values():
        yield from [words] if isinstance(words, str) else words
    for each in contents.definitions:
        yield from (each.title, each.definition, each.caution)
    for asked in contents.questions:
        yield from (asked.question, asked.verdict, asked.lead, *asked.cautions, *asked.rests_on)
        for answer in asked.answers:
            yield from (answer.lead, *answer.around, *answer.in_words)
            for table in tables_of(answer):
                yield from (table.caption, *table.head, *(cell for row in table.rows for cell in row))
            if answer.chart:
                yield from (
                    re.sub(r"<(?!/?(text|tspan|title))[^>]*>", "", each)
                    for each in as_sheets(answer.chart, 720)
                )


def test_every_sentence_of_the_papers_is_said_through_the_catalogue(view, names):
    with speaking(PSEUDO):
        said = [*texts_of(papers.contents(view))]
    assert len(said) > 200
    assert not {text: left for text in said if (left := untold(text, *names))}


def test_a_sentence_that_is_not_said_through_the_catalogue_is_found(view, names, monkeypatch):
    from leadstats.narrative import captions

    monkeypatch.setattr(captions, "scope", lambda filters: "All of LEAD")
    with speaking(PSEUDO):
        assert "All" in untold(papers.contents(view).foot, *names)


def test_the_same_numbers_stand_in_both_languages(view):
    said = []
    for each in (SOURCE, LANGUAGES["es"]):
        with speaking(each):
            contents = papers.contents(view)
            tables = [
                table for asked in contents.questions for told in asked.answers for table in tables_of(told)
            ]
            numbers = [sorted(set(NUMBER.findall(" ".join(row)))) for table in tables for row in table.rows]
            # Spanish is longer, and a table whose cells cannot be read from afar is on no slide.
            afar = [len(across_a_room(told)) for asked in contents.questions for told in asked.answers]
            said.append((numbers, afar))
    assert said[0] == said[1]


def test_pdf_slides_and_mail_say_which_spanish_they_are_in(view, county, tmp_path):
    with speaking(LANGUAGES["es"]):
        contents = papers.contents(view)
        pdf, slides, mail = papers.as_pdf(contents), papers.as_pptx(contents), as_html(contents)
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert str(opened.Root.Lang) == "es-US"
    assert Presentation(io.BytesIO(slides)).core_properties.language == "es-US"
    assert '<html lang="es-US">' in mail
    assert "aún no ha sido revisada" in mail
    assert main(["digest", "--data", str(county), "--to", str(tmp_path), "--language", "es"]) == 0
    assert "¿Vamos por buen camino?" in (tmp_path / "digest.txt").read_text(encoding="utf-8")
    assert main(["digest", "--data", str(county), "--to", str(tmp_path), "--language", "fr"]) == 2


def test_every_sentence_of_the_slides_on_a_screen_is_said_so_too(county, names, monkeypatch):
    drawn = []
    monkeypatch.setenv("LEADSTATS_DATA", str(county))
    monkeypatch.setitem(language.LANGUAGES, "es", PSEUDO)
    monkeypatch.setattr(deck_component, "draw", drawn.append)
    router = AppTest.from_file(str(locations.ROOT / "leadstats/ui/router.py"), default_timeout=60)
    router.query_params.update({"view": "present", "language": "es"})
    router.run()
    assert not router.exception, router.exception
    (slides,) = drawn
    said = (
        re.sub(r"</(?:p|li|td|th|h2|text|title|caption)>", "\n", slides)
        .replace("<svg", "<g")
        .replace("</svg", "</g")
    )
    assert not {line: left for line in said.splitlines() if (left := untold(line, *names))}
    assert router.query_params["language"] == "es"


def test_what_no_export_holds_is_said_so_too(typed):
    typed.add(referral=[{}])
    view = View(typed.database, AUDIENCES[0], default_months(typed.database))
    with speaking(PSEUDO):
        questions = papers.contents(view).questions
    said = [text for asked in questions for text in (asked.lead, *asked.rests_on)]
    said += [
        text for asked in questions for answer in asked.answers for text in (answer.lead, *answer.around)
    ]
    assert any("jail_stay" in text for text in said)
    assert not {text: left for text in said if (left := untold(text, view.database.mark, *TABLES))}
