"""A meeting in a browser: presented without scrolling, filtered aloud, and carried home as packet and slides."""

import csv
import io
import re

import pikepdf
import pytest
from browsing import serving, settle, unfold, visit, visitor
from county import own_county
from lxml import etree
from pptx import Presentation

from leadstats.cli.commands import main
from leadstats.model.filenames import mark_of
from tests.pdf_text import drawn

YEAR = "from=2025-01&to=2025-12"
OVERFLOW = """() => { const slide = document.querySelector(".deck .slide:not([hidden])")
  const most = (node) => Math.max(node.scrollHeight - node.clientHeight, node.scrollWidth - node.clientWidth)
  return Math.max(most(slide), most(document.documentElement), most(document.querySelector("[data-testid=stMain]")),
    ...[...slide.querySelectorAll(".scroll")].map(most)) }"""


# The smallest letters of a slide in pixels of the screen, also where a picture is scaled.
SMALLEST = """() => { const slide = document.querySelector(".deck .slide:not([hidden])"), found = []
  const words = document.createTreeWalker(slide, NodeFilter.SHOW_TEXT)
  while (words.nextNode()) {
    const node = words.currentNode.parentElement, range = document.createRange()
    range.selectNode(words.currentNode)
    if (!words.currentNode.data.trim() || !range.getBoundingClientRect().width) continue
    const scale = node.closest("svg") ? (node.getScreenCTM ? node : node.closest("svg")).getScreenCTM().a : 1
    found.push([parseFloat(getComputedStyle(node).fontSize) * scale, words.currentNode.data])
  }
  return found.reduce((one, other) => (other[0] < one[0] ? other : one)) }"""


@pytest.fixture(scope="module")
def address(county):
    with serving(county) as found:
        yield found


def present(page, address, more=""):
    page.goto(f"{address}/overview?{YEAR}&view=present{more}")
    page.wait_for_selector(".deck .slide:not([hidden])")
    page.wait_for_function(
        "() => document.querySelector('[data-testid=stApp]').dataset.testScriptState !== 'running'"
    )


@pytest.fixture
def presented(address, page):
    present(page, address)
    return page


def shown(page) -> str:
    return page.inner_text(".deck .slide:not([hidden])")


@pytest.mark.parametrize("more", ["", "&language=es"])
def test_no_slide_is_scrolled_and_all_can_be_read(address, page, more):
    present(page, address, more)
    for width, height in ((1280, 720), (1920, 1080)):
        page.set_viewport_size({"width": width, "height": height})
        page.keyboard.press("Home")
        page.wait_for_timeout(300)
        slides = page.locator(".deck .slide").count()
        assert slides > 8
        for _ in range(slides):
            assert page.evaluate(OVERFLOW) <= 1, shown(page)
            size, words = page.evaluate(SMALLEST)
            assert size >= (24 if height == 1080 else 14), words
            assert re.search(r"(Snapshot|Versión) \w{10}.*2025", shown(page))
            page.keyboard.press("ArrowRight")
        assert page.locator(".deck .on").is_disabled()


def test_a_table_too_high_for_the_screen_ends_earlier_and_says_so(presented):
    presented.set_viewport_size({"width": 1280, "height": 720})
    for _ in range(2):
        presented.keyboard.press("ArrowRight")
    rows = presented.locator(".deck .slide:not([hidden]) tbody tr")
    assert rows.count() and not presented.evaluate("document.querySelectorAll('.deck tr[hidden]').length")
    presented.evaluate("""() => { const body = document.querySelector(".deck .slide:not([hidden]) tbody")
      for (let n = 0; n < 30; n++) body.append(body.rows[0].cloneNode(true)) }""")
    presented.set_viewport_size({"width": 1280, "height": 700})
    presented.wait_for_function("() => document.querySelector('.deck tr[hidden]')")
    left = presented.locator(".deck .slide:not([hidden]) tr[hidden]").count()
    assert f"{left} further rows are in the packet" in shown(presented)
    assert presented.evaluate(OVERFLOW) <= 1


def test_keys_and_buttons_turn_and_the_address_says_where(presented):
    first = shown(presented)
    presented.keyboard.press("ArrowRight")
    second = shown(presented)
    assert second != first
    assert presented.url.endswith("#slide=2")
    presented.get_by_role("button", name="Back").click()
    assert shown(presented) == first
    presented.keyboard.press("End")
    assert "Decisions" in shown(presented)
    with presented.expect_popup() as opened:
        presented.get_by_role("button", name="Speaker notes").click()
    assert "Decisions" in opened.value.inner_text("h1")


def test_a_filter_holds_while_presenting_and_says_so(presented):
    presented.keyboard.press("ArrowRight")
    before = shown(presented)
    assert "Filtered." not in before
    choice = presented.get_by_role("combobox", name="Place")
    choice.press_sequentially("Mill")
    choice.press("Enter")
    presented.wait_for_selector(".deck .slide:not([hidden]) >> text=Filtered.")
    assert "place=Mill+Row" in presented.url
    assert shown(presented) != before
    assert presented.url.endswith("#slide=2")


SWIPE = """([from, to]) => { const stage = document.querySelector(".deck .stage")
  const touches = (x) => [new Touch({ identifier: 1, target: stage, clientX: x, clientY: 400 })]
  stage.dispatchEvent(new TouchEvent("touchstart", { touches: touches(from), changedTouches: touches(from) }))
  stage.dispatchEvent(new TouchEvent("touchend", { changedTouches: touches(to) })) }"""


def test_on_a_phone_slides_are_swiped_and_nothing_lies_on_what_turns_them(address, browser):
    with visitor(browser, viewport={"width": 390, "height": 844}, has_touch=True) as page:
        present(page, address)
        first = shown(page)
        page.evaluate(SWIPE, [300, 280])  # too short to be meant
        assert shown(page) == first
        for _ in range(page.locator(".deck .slide").count()):
            assert page.evaluate("document.documentElement.scrollWidth") <= 390
            boxes = [page.locator(each).bounding_box() for each in (".leave", ".deck .turn")]
            one, other = sorted(boxes, key=lambda box: box["y"])
            assert one["y"] + one["height"] <= other["y"]
            page.evaluate(SWIPE, [300, 100])
        assert "Decisions" in shown(page)
        page.evaluate(SWIPE, [100, 300])
        assert "Decisions" not in shown(page)


def test_what_is_presented_is_what_is_carried_home(address, page):
    page.goto(f"{address}/overview?{YEAR}")
    settle(page)
    lead = page.inner_text(".opening .lead")
    papers = {}
    for name in ("Packet (PDF)", "Slides (PPTX)"):
        with page.expect_download() as saved:
            page.get_by_role("link", name=name).click()
        papers[name] = saved.value.path().read_bytes()
        assert "2025-12" in saved.value.suggested_filename
    slides = Presentation(io.BytesIO(papers["Slides (PPTX)"]))
    told = " ".join(
        shape.text_frame.text for slide in slides.slides for shape in slide.shapes if shape.has_text_frame
    )
    for sentence in filter(None, re.split(r"(?<=[.;]) ", lead)):
        assert sentence in told.replace("\n", " ")
    with pikepdf.open(io.BytesIO(papers["Packet (PDF)"])) as opened:
        assert len(opened.pages) > 8
    page.get_by_role("link", name="Present", exact=True).click()
    page.wait_for_selector(".deck .slide:not([hidden])")
    told = " ".join(page.locator(".deck .slide").all_text_contents())
    assert all(part in told for part in re.split(r"(?<=[.;]) ", lead))


def test_a_chart_that_is_taken_along_says_what_it_shows_and_of_which_data(address, page):
    page.goto(f"{address}/enrollment?{YEAR}")
    settle(page)
    button = page.get_by_role("button", name=re.compile("^Save this chart as SVG")).first
    with page.expect_download() as saved:
        button.click()
    drawn = " ".join(etree.fromstring(saved.value.path().read_bytes()).itertext())
    title = button.get_attribute("aria-label").partition(": ")[2]
    for words in (*title.split(), "Snapshot", page.url.partition("snapshot=")[2][:10], "2025"):
        assert words in drawn


def test_a_printed_page_is_whole(address, page):
    """No chart is wider than the paper, and what was folded stands open."""
    page.goto(f"{address}/enrollment?{YEAR}")
    settle(page)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.set_viewport_size({"width": 680, "height": 1000})
    page.emulate_media(media="print")
    page.wait_for_function("() => document.querySelectorAll('figure svg.chart').length > 3")
    page.wait_for_function("() => !document.querySelector('figure[aria-busy=true]')")
    wide = "() => [...document.querySelectorAll('figure svg.chart')].map((each) => each.getBoundingClientRect().width)"
    widths = page.evaluate(wide)
    assert max(widths) <= 680
    assert page.locator("details:not([open])").count() == 0
    assert page.locator(".st-key-filters").is_hidden()
    assert page.locator(".scroll table").first.is_visible()
    page.emulate_media(media="screen")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("details:not([open])").count() > 0


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

        late = [{"person_id": f"late {n}", "referred_on": "2025-12-15"} for n in range(30)]
        assert program.add(referral=late).build().snapshot != f"program-{mark}"
        with visitor(browser) as page:
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
            assert "30 came late" in now
            packet, words, _ = papers_of(page)
            for said in (
                "Since the last meeting",
                "Ask for two managers",
                "Two came in February",
                "30 came late",
            ):
                assert without_spaces(said) in packet
                assert said in words or said == "Since the last meeting"

            visit(page, f"{address}/meetings")
            page.get_by_role("link", name="What this meeting looked at").click()
            settle(page)
            assert f"snapshot={mark}" in page.url
            assert page.inner_text(".opening .lead") == lead
            assert "Newer data were published" in page.inner_text(".kept")


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
