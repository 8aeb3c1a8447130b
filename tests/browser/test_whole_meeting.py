"""A whole meeting in a browser, and the next: the same numbers on the page, in files, papers and mail."""

import csv
import io
import re

import pikepdf
from browsing import YEAR, present, serving, settle, unfold, visit, visitor
from county import own_county
from pptx import Presentation

from leadstats.cli.commands import main
from leadstats.model.filenames import mark_of
from tests.pdf_text import drawn

LATE = 30  # people whose referral comes with the next build


def downloaded(page, link):
    with page.expect_download() as saved:
        link.click()
    return saved.value.path().read_bytes()


def papers_of(page):
    """The letters of the packet without spaces, the words of the slides, and their charts, category by category."""
    with pikepdf.open(io.BytesIO(downloaded(page, page.get_by_role("link", name="Packet (PDF)")))) as opened:
        packet = "".join(drawn(opened).values())
    slides = Presentation(io.BytesIO(downloaded(page, page.get_by_role("link", name="Slides (PPTX)"))))
    shapes = [shape for slide in slides.slides for shape in slide.shapes]
    words = " ".join(shape.text_frame.text for shape in shapes if shape.has_text_frame)
    charts = [
        {**dict(zip(plot.categories, series.values, strict=True))}
        for shape in shapes
        if shape.has_chart
        for plot in shape.chart.plots
        for series in plot.series
    ]
    return packet, words.replace("\n", " "), charts


def without_spaces(words):
    return "".join(words.split())


def set_day(page, label, **parts):
    for part, digits in parts.items():
        page.get_by_role("spinbutton", name=f"{part}, {label}").press_sequentially(digits)


def save(page, label):
    page.get_by_role("button", name=label, exact=True).click()
    page.wait_for_timeout(500)
    settle(page)
    assert page.locator("[data-testid=stException], [data-testid=stAlertContentError]").count() == 0


def test_a_whole_meeting_and_the_next(county, tmp_path, browser):
    program = own_county(tmp_path / "own", county)
    mark = mark_of((program.data / "current").read_text().strip())
    pinned = f"{YEAR}&snapshot={mark}"
    with serving(program.data) as address:
        with visitor(browser) as page:
            _present_filter_and_compare(page, address, pinned)
            lead = _the_same_numbers_everywhere(page, address, pinned, program.data, tmp_path)
            visit(page, f"{address}/meetings?{pinned}")
            set_day(page, "Day of the meeting", year="2026", month="01", day="05")
            save(page, "Hold a meeting over these data")
            page.get_by_label("Notes").fill("Waits grew in the fall.")
            save(page, "Save the notes")
            page.get_by_label("What was decided").fill("Ask for two managers")
            page.get_by_label("Who acts, by role").fill("Program director")
            set_day(page, "By when", year="2026", month="02", day="02")
            save(page, "Add the decision")

        late = [
            {"person_id": f"late {n}", "referred_on": "2025-12-15", "neighborhood": "Mill Row"}
            for n in range(LATE)
        ]
        with visitor(browser) as page:
            visit(page, f"{address}/overview?place=Mill+Row")
            before = page.locator(".figures .number").first.text_content()
            assert program.add(referral=late).build().snapshot != f"program-{mark}"
            _an_untouched_page_shows_them_within_a_minute(page, int(before) + LATE)

            visit(page, f"{address}/meetings")
            shown = page.inner_text("[data-testid=stMain]")
            assert "Ask for two managers" in shown and "Program director" in shown
            assert page.get_by_label("Notes").input_value() == "Waits grew in the fall."
            page.get_by_label("What became of it").fill("Two came in February")
            save(page, "Save")
            assert "Two came in February" in page.inner_text("[data-testid=stMain]")

            visit(page, f"{address}/overview?{YEAR}")
            now = page.inner_text("[data-testid=stMain]")
            assert page.inner_text(".opening .lead") != lead
            assert "Since the meeting of 5 January 2026" in now
            assert f"{LATE} came late" in now
            packet, words, _ = papers_of(page)
            for said in (
                "Since the last meeting",
                "Ask for two managers",
                "Two came in February",
                f"{LATE} came late",
            ):
                assert without_spaces(said) in packet
                assert said in words or said == "Since the last meeting"

            visit(page, f"{address}/meetings")
            page.get_by_role("link", name="What this meeting looked at").click()
            settle(page)
            assert f"snapshot={mark}" in page.url
            assert page.inner_text(".opening .lead") == lead
            assert "Newer data were published" in page.inner_text(".kept")


def _an_untouched_page_shows_them_within_a_minute(page, people):
    page.wait_for_function(
        "more => document.querySelector('.figures .number').textContent === more",
        arg=str(people),
        timeout=60_000,
    )
    assert "Mill Row" in page.locator("[role=status]").text_content()


def _present_filter_and_compare(page, address, pinned):
    present(page, address, "&snapshot" + pinned.partition("&snapshot")[2])
    page.keyboard.press("ArrowRight")
    choice = page.get_by_role("combobox", name="Place")
    choice.press_sequentially("Mill")
    choice.press("Enter")
    page.wait_for_selector(".deck .slide:not([hidden]) >> text=Filtered.")
    visit(page, f"{address}/neighborhoods?{pinned}&metric=diversion_rate")
    unfold(page)
    before = page.locator(".card h3").all_text_contents()
    page.wait_for_timeout(500)
    page.get_by_role("combobox", name="with", exact=True).click()
    page.keyboard.type("everybody")
    page.get_by_role("option", name="everybody else", exact=True).click()
    page.wait_for_function(
        "before => [...document.querySelectorAll('.card h3')].some(each => !before.includes(each.textContent))",
        arg=before,
    )
    settle(page)
    (sentence,) = set(page.locator(".card h3").all_text_contents()) - set(before)
    assert "everybody else" in sentence and re.search(r"\d", sentence), sentence


def _the_same_numbers_everywhere(page, address, pinned, data, folder):
    """On the page, in its table, in the file, in PDF, PPTX and mail. Returns the lead of the overview."""
    visit(page, f"{address}/enrollment?{pinned}")
    answers = [page.inner_text(".opening .lead")]
    link = page.locator('a[download][href*="people_referred_by_stage"]').first
    rows = csv.DictReader(io.StringIO(downloaded(page, link).decode("utf-8-sig")))
    table = page.locator("table", has_text="How far the people referred have come").first
    cells = table.locator("tbody tr").evaluate_all(
        "rows => rows.map(row => [...row.cells].map(cell => cell.textContent))"
    )
    stages = {group: int(number.replace(",", "")) for group, number, *_ in cells}
    assert len(stages) > 2
    assert {row["category"]: int(float(row["value"])) for row in rows if row["value"]} == stages

    visit(page, f"{address}/overview?{pinned}")
    answers.append(page.inner_text(".opening .lead"))
    packet, words, charts = papers_of(page)
    for group, number in stages.items():
        assert without_spaces(f"{group}{number:,}") in packet
    assert stages in charts
    assert (
        main(["digest", "--data", str(data), "--from", "2025-01", "--to", "2025-12", "--to", str(folder)])
        == 0
    )
    mail = (folder / "digest.txt").read_text("utf-8")
    for sentence in (part for answer in answers for part in re.split(r"(?<=[.;]) ", answer)):
        assert without_spaces(sentence) in packet
        assert sentence in words or sentence in mail
        assert sentence in mail.replace("\n", " ")
    return answers[1]
