"""A meeting in a browser: presented without scrolling, filtered aloud, and carried home as packet and slides."""

import io
import re

import pikepdf
import pytest
from browsing import YEAR, present, settle, visitor
from lxml import etree
from pptx import Presentation

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
def deck(address, browser):
    with visitor(browser) as page:
        present(page, address)
        yield page


@pytest.fixture
def presented(deck):
    """The slides from the first on, opened once for all who only turn them."""
    deck.set_viewport_size({"width": 1280, "height": 1000})
    deck.keyboard.press("Home")
    return deck


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
    assert f"{left} more rows are in the packet" in shown(presented)
    assert presented.evaluate(OVERFLOW) <= 1


def test_a_filter_holds_while_presenting_and_says_so(address, page):
    present(page, address)
    page.keyboard.press("ArrowRight")
    before = shown(page)
    assert "Filtered." not in before
    choice = page.get_by_role("combobox", name="Place")
    choice.press_sequentially("Mill")
    choice.press("Enter")
    page.wait_for_selector(".deck .slide:not([hidden]) >> text=Filtered.")
    assert "place=Mill+Row" in page.url
    assert shown(page) != before
    assert page.url.endswith("#slide=2")


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
