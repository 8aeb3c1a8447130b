"""Packet, slides and digest: what they say is what the briefing says, and nothing more can be taken out of them."""

import io
import re
import zipfile
from dataclasses import replace
from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pikepdf
import pytest
from lxml import etree
from openpyxl import load_workbook
from page import validate_pdf_bytes
from pptx import Presentation

from leadstats import charts, papers
from leadstats.briefing import View
from leadstats.briefing.answer import Answer, of_results
from leadstats.briefing.brief import brief
from leadstats.briefing.since import Brought
from leadstats.cli.commands import main
from leadstats.counting.database import open_database
from leadstats.counting.view import AUDIENCES, Filters
from leadstats.meetings import Decision
from leadstats.model.language import LANGUAGES, speaking
from leadstats.narrative import captions, wording
from leadstats.narrative.wording import TextTable
from leadstats.papers.contents import Question, tables_of
from leadstats.ui.shell.result_cache import Answers
from tests.pdf_text import drawn, elements, read_aloud

YEAR = Filters(date(2025, 1, 1), date(2025, 12, 1))


@pytest.fixture(scope="module")
def view(county):
    answers = Answers(open_database(county))
    return View(answers.database, AUDIENCES[0], YEAR, answers.ask)


@pytest.fixture(scope="module")
def contents(view):
    return papers.contents(view)


@pytest.fixture(scope="module")
def pdf(contents):
    return papers.as_pdf(contents)


@pytest.fixture(scope="module")
def slides(contents):
    return Presentation(io.BytesIO(papers.as_pptx(contents)))


def no_words_for_a_figure(pdf):
    del next(each for each in elements(pdf.Root.StructTreeRoot, []) if each.S == "/Figure").Alt


def no_language(pdf):
    del pdf.Root.Lang


def a_heading_left_out(pdf):
    next(each for each in elements(pdf.Root.StructTreeRoot, []) if each.S == "/H1").S = pikepdf.Name.H4


def a_row_too_short(pdf):
    del [each for each in elements(pdf.Root.StructTreeRoot, []) if each.S == "/TR"][3].K[-1]


FAULTS = (no_words_for_a_figure, no_language, a_heading_left_out, a_row_too_short)
CELLS = ("/TH", "/TD")


def test_papers_say_each_answer_of_the_briefing(view, contents):
    told = brief(view)
    assert [(each.question, each.lead) for each in contents.questions] == [
        (answer.question, answer.lead) for answer in told.answers
    ]
    assert told.snapshot in contents.foot
    assert captions.scope(YEAR) in contents.foot


def test_packet_and_slides_are_drawn_with_every_claim_and_every_number(contents, pdf, slides):
    """What a reader of the file finds, not what was handed to the layout."""
    claims = [
        claim
        for asked in contents.questions
        for claim in (asked.question, asked.verdict, asked.lead)
        if claim
    ]
    cells = {
        said
        for asked in contents.questions
        for answer in asked.answers
        for table in tables_of(answer)
        for row in table.rows
        for said in row
        if any(letter.isdigit() for letter in said)
    }
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        printed = "".join(drawn(opened).values())
    assert len(cells) > 50
    for said in (*claims, *cells):
        assert "".join(said.split()) in printed, said
    told = [s.text_frame.text for slide in slides.slides for s in slide.shapes if s.has_text_frame]
    for claim in claims:
        assert any(claim in each for each in told), claim


def test_a_wide_table_stands_in_parts_and_one_without_rows_not_at_all():
    head = ["Stage", "Race", *"ABCDEFG"]

    def parts(*rows):
        told = SimpleNamespace(table=TextTable("Of 100", head, rows, labels=2))
        return [(each.caption, [*each.head], [*each.rows]) for each in tables_of(told)]

    numbers = [*"1234567"]
    assert parts() == []
    assert parts(["Referral", "White", *numbers], ["Referral", "Asian", *numbers]) == [
        ("Of 100: Referral", head[1:], [["White", *numbers], ["Asian", *numbers]])
    ]
    assert parts(["Referral", "White", *numbers]) == [("Of 100: Referral, White", [*"ABCDEFG"], [numbers])]


def test_a_packet_can_be_read_without_being_seen(contents, pdf):
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert str(opened.Root.Lang) == "en-US"
        assert opened.Root.MarkInfo.Marked
        assert "/Outlines" in opened.Root
        found = elements(opened.Root.StructTreeRoot, [])
        kinds = [str(each.S) for each in found]
        charts = {
            answer.chart.alt for asked in contents.questions for answer in asked.answers if answer.chart
        }
        assert {str(each.Alt) for each in found if each.S == "/Figure"} == charts
        assert kinds.count("/H1") >= len(contents.questions)
        tables = [
            table for asked in contents.questions for each in asked.answers for table in tables_of(each)
        ]
        assert kinds.count("/Table") == kinds.count("/THead") == len(tables)
        rows = [each for each in found if each.S == "/TR"]
        heads = [
            {str(part.get("/Scope")) for cell in row.K for part in cell.A if cell.S == "/TH"} - {"None"}
            for row in rows
        ]
        assert heads.count({"/Column"}) >= len(tables)
        assert heads.count({"/Row"}) == sum(len(table.rows) for table in tables)


def test_a_packet_is_read_aloud_in_the_order_of_the_meeting(contents, pdf):
    """Headings with what stands below them, and each table cell by cell under its own heads."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        words = drawn(opened)
        root = opened.Root.StructTreeRoot
        found = elements(root, [])
        heads = [read_aloud(each, words) for each in found if each.S == "/H1"]
        tables = [
            [
                [(str(cell.S), read_aloud(cell, words)) for cell in elements(row, []) if cell.S in CELLS]
                for row in elements(each, [])
                if row.S == "/TR"
            ]
            for each in found
            if each.S == "/Table"
        ]
        told = read_aloud(root.K, words)
    said = [
        contents.words["verdicts"],
        *(each.question for each in contents.questions),
        contents.words["decisions"],
        contents.words["definitions"],
    ]
    assert heads == ["".join(each.split()) for each in said]
    held = [table for asked in contents.questions for answer in asked.answers for table in tables_of(answer)]
    for table, rows in zip(held, tables, strict=True):
        kinds = [["/TH"] * len(table.head), *(["/TH", *["/TD"] * (len(row) - 1)] for row in table.rows)]
        assert [[kind for kind, _ in row] for row in rows] == kinds
        cells = [["".join(cell.split()) for cell in row] for row in (table.head, *table.rows)]
        assert [[cell for _, cell in row] for row in rows] == cells
    at = told.index(heads[1], told.index(heads[1]) + 1)  # after the page of answers in short
    for asked in contents.questions:
        for claim in (asked.question, asked.lead, *(answer.lead for answer in asked.answers)):
            at = told.index("".join(claim.split()), at)


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_validator_finds_nothing_in_a_packet(view, code):
    with speaking(LANGUAGES[code]):
        packet = papers.as_pdf(papers.contents(view))
    report = validate_pdf_bytes(packet, profile="ua1")
    assert [(each.rule_id, each.message) for each in report.failures] == []
    assert report.rules.total > 100


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_the_validator_finds_what_is_wrong(pdf, fault):
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        fault(opened)
        written = io.BytesIO()
        opened.save(written)
    assert validate_pdf_bytes(written.getvalue(), profile="ua1").failures


def test_the_same_snapshot_gives_the_same_packet(contents, pdf):
    assert papers.as_pdf(contents) == pdf


def test_slides_hold_no_number_that_they_do_not_show(contents, slides):
    """The workbook behind a chart, which anybody can open, is as rounded as the page."""
    shown = {
        wording.as_shown(result.metric, cell)
        for asked in contents.questions
        for answer in asked.answers
        for result in answer.results
        for cell in getattr(result, "cells", ())
    }
    charts = 0
    for shape in (shape for slide in slides.slides for shape in slide.shapes if shape.has_chart):
        book = load_workbook(io.BytesIO(shape.chart.part.chart_workbook.xlsx_part.blob))
        held = [cell for row in book.active.iter_rows(values_only=True) for cell in row]
        assert {each for each in held if isinstance(each, int | float)} <= shown
        charts += 1
    assert charts


def test_each_slide_names_snapshot_months_and_filters(contents, slides):
    for slide in slides.slides:
        assert contents.foot in [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]


def test_what_is_drawn_on_slides_has_words_and_notes(slides):
    drawn = [
        (slide, shape)
        for slide in slides.slides
        for shape in slide.shapes
        if shape.has_chart or getattr(shape, "has_table", False)
    ]
    assert drawn
    for slide, shape in drawn:
        assert shape._element.nvGraphicFramePr.cNvPr.get("descr")
        assert slide.notes_slide.notes_text_frame.text


@pytest.mark.parametrize("code", LANGUAGES)
def test_nothing_on_a_slide_reaches_its_foot(view, code):
    """Also in the longer language, and where somebody has no Calibri."""
    with speaking(LANGUAGES[code]):
        held = papers.contents(view)
        found = Presentation(io.BytesIO(papers.as_pptx(held)))
    for slide in found.slides:
        *others, foot = sorted(slide.shapes, key=lambda shape: shape.top)
        assert foot.text_frame.text == held.foot
        assert all(shape.top + shape.height <= foot.top for shape in others)


def test_a_digest_asks_nothing_of_any_server(contents, tmp_path):
    text, page, mail = (path.read_bytes().decode() for path in papers.write_digest(contents, tmp_path))
    for asked in contents.questions:
        assert asked.question in text
        assert asked.lead in text
    told = " ".join(etree.HTML(page).itertext())
    assert all(asked.lead in told for asked in contents.questions)
    assert not re.search(r"https?://|src=|<script|<link|url\(", page)
    assert "text/plain" in mail
    assert "text/html" in mail


def test_the_commands_write_what_is_asked_for(county, tmp_path, capsys):
    packet, slides = tmp_path / "meeting.pdf", tmp_path / "meeting.pptx"
    common = ["--data", str(county), "--from", "2025-01"]
    assert main(["packet", *common, "--to", str(packet), "--to", "2025-06"]) == 0
    assert main(["packet", *common, "--to", "2025-06", "--to", str(slides)]) == 0
    assert main(["digest", *common, "--to", str(tmp_path / "mail")]) == 0
    assert packet.read_bytes().startswith(b"%PDF")
    with zipfile.ZipFile(slides) as held:
        assert b"January to June 2025" in held.read("ppt/slides/slide1.xml")
    assert (tmp_path / "mail" / "digest.eml").exists()
    capsys.readouterr()
    assert main(["packet", *common, "--to", "meeting.doc"]) == 2
    assert "neither .pdf nor .pptx" in capsys.readouterr().err
    assert main(["packet", *common]) == 2


def test_what_moved_since_the_last_meeting_is_in_all_papers(view, tmp_path):
    table = TextTable(
        "What became of each number", ("Measure", "Before", "Now"), (("People referred", "276", "284"),), 1
    )
    since = Answer("since", "Since the meeting of 15 January 2026. People referred: 276", table=table)
    held = papers.contents(view, Brought(since=since))
    assert "276" in " ".join(held.sections[0].sentences)
    slides = Presentation(io.BytesIO(papers.as_pptx(held)))
    assert "Since the last meeting" in str(
        [shape.text_frame.text for slide in slides.slides for shape in slide.shapes if shape.has_text_frame]
    )
    mail = " ".join(path.read_text("utf-8") for path in papers.write_digest(held, tmp_path))
    assert "Since the meeting of 15 January 2026" in mail


def test_open_decisions_are_in_all_papers(view, tmp_path):
    asked = Decision(1, date(2025, 11, 3), "Ask for two managers", "Program director", date(2026, 1, 5))
    held = papers.contents(view, Brought([asked]))
    text = papers.write_digest(held, tmp_path)[0].read_text()
    assert "Ask for two managers: Program director, due 5 January 2026." in text
    with pikepdf.open(io.BytesIO(papers.as_pdf(held))) as opened:
        without = papers.as_pdf(papers.contents(view))
        assert len(opened.pages) == len(pikepdf.open(io.BytesIO(without)).pages) + 1
    told = [
        shape.text_frame.text
        for slide in Presentation(io.BytesIO(papers.as_pptx(held))).slides
        for shape in slide.shapes
        if shape.has_text_frame
    ]
    assert any("Ask for two managers" in each for each in told)


def test_papers_say_that_their_data_were_amended(view, tmp_path):
    held = papers.contents(view, Brought(amended="Amended on 2 February 2026."))
    for path in papers.write_digest(held, tmp_path)[:2]:
        assert "Amended on 2 February 2026." in path.read_text("utf-8")
    with pikepdf.open(io.BytesIO(papers.as_pdf(held))) as opened:
        first = opened.pages[0].obj.objgen
        assert any(
            "Amendedon2February2026." in said for (page, _), said in drawn(opened).items() if page == first
        )
    cover = Presentation(io.BytesIO(papers.as_pptx(held))).slides[0]
    assert "Amended on 2 February 2026." in "".join(
        shape.text_frame.text for shape in cover.shapes if shape.has_text_frame
    )


def test_a_wide_table_becomes_one_for_each_stage():
    head = ("Stage", "Months", "Group", "Rate", "With", "Out of", "Gap", "Ratio", "More", "Bounds")
    rows = [
        (stage, months, group, "1", "2", "3", "4", "5", "6", "7")
        for stage, months in (("Intake", "May"), ("Housing", "June"))
        for group in ("Asian", "White")
    ]
    found = tables_of(Answer("x", table=TextTable("Stages", head, rows, 3)))
    assert [each.caption for each in found] == ["Stages: Intake, May", "Stages: Housing, June"]
    assert [row[0] for row in found[0].rows] == ["Asian", "White"]
    assert all(each.labels == 1 and len(each.head) == 8 for each in found)


def test_a_column_that_says_nothing_takes_no_room():
    rows = [("Asian", "hidden", ""), ("White", "5", "")]
    (found,) = tables_of(Answer("x", table=TextTable("Groups", ("Group", "Rate", "Bounds"), rows, 1)))
    assert (found.head, found.rows) == (["Group", "Rate"], [["Asian", "hidden"], ["White", "5"]])


def test_numbers_of_charts_are_no_more_exact_than_their_words(view):
    published = view.published("diversion_rate", by="month")
    for cell in published.cells:
        if cell.value is not None:
            said = Decimal(wording.shown(published.metric, cell).rstrip("%"))
            assert Decimal(repr(wording.as_shown(published.metric, cell))) == said


def test_a_period_that_has_not_ended_is_no_point_of_a_slide(view):
    """Its low number would be quoted as a fall."""
    told = replace(view, filters=Filters(date(2025, 1, 1), date(2025, 11, 1)))
    quarters = told.published("people_referred", by="quarter")
    assert [cell.is_partial for cell in quarters.cells] == [False, False, False, True]
    answer = of_results([quarters], charts.trend(quarters))
    asked = Question("Who comes?", "", "People came.", (), (), [answer])
    held = replace(papers.contents(view), questions=[asked])
    (chart,) = (
        shape.chart
        for slide in Presentation(io.BytesIO(papers.as_pptx(held))).slides
        for shape in slide.shapes
        if shape.has_chart
    )
    (series,) = chart.plots[0].series
    assert series.values[-1] is None
    assert None not in series.values[:-1]
    assert list(chart.plots[0].categories)[-1] == "Q4 2025 (not complete)"


def test_papers_hold_the_notes_and_the_cautions_of_a_page(view, tmp_path):
    noted = Answer("x", "People came", sentences=("A sentence.",), notes=("A note.",), cautions=("Careful.",))
    asked = Question("Who comes?", "", "People came.", ("Do not add.",), (), [noted])
    held = replace(papers.contents(view), questions=[asked])
    assert "Do not add." in papers.write_digest(held, tmp_path)[0].read_text()
    slides = Presentation(io.BytesIO(papers.as_pptx(held))).slides
    notes = " ".join(each.notes_slide.notes_text_frame.text for each in slides if each.has_notes_slide)
    assert all(words in notes for words in ("A sentence.", "A note.", "Careful."))
    with_note = papers.as_pdf(held)
    without = papers.as_pdf(replace(held, questions=[replace(asked, answers=[replace(noted, notes=())])]))
    assert with_note != without
