"""What is there first, what stays in place, and what comes by itself."""

import re

import pytest
from browsing import choose, visit


def test_the_first_visitor_finds_the_beginning_of_the_overview(first_answer):
    _, sent = first_answer
    assert re.search('class="first-screen".*class="number"', sent)


def test_a_filter_keeps_charts_in_place_and_is_announced(address, page):
    visit(page, f"{address}/enrollment")
    page.evaluate("document.querySelectorAll('figure').forEach(each => each.dataset.kept = 'yes')")
    page.evaluate("document.querySelector('[role=status]').dataset.kept = 'yes'")
    count = page.locator("figure").count()
    choose(page, "From", "March 2025")
    assert page.locator("figure[data-kept=yes]").count() == count
    assert page.locator("[role=status][data-kept=yes]").count() == 1


def test_the_keyboard_reaches_every_filter_with_a_visible_outline(address, page):
    visit(page, f"{address}/enrollment")
    seen = []
    for _ in range(40):
        page.keyboard.press("Tab")
        label, outline = page.evaluate(
            "() => [document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent,"
            " getComputedStyle(document.activeElement).outlineStyle]"
        )
        seen.append(label)
        if re.match("From|To|Place|How people", label or ""):
            assert outline == "solid", label
    assert [label for label in seen if label in ("From", "To", "Place", "How people came to LEAD")] == [
        "From",
        "To",
        "Place",
        "How people came to LEAD",
    ]


SHIFTS = """window.shifts = []
const said = ({ node, previousRect, currentRect }) =>
  [node?.outerHTML?.slice(0, 200), previousRect.y, previousRect.height, currentRect.y, currentRect.height]
new PerformanceObserver((list) => list.getEntries().forEach(({ value, startTime, hadRecentInput, sources }) =>
  hadRecentInput || window.shifts.push({ value, at: startTime, moved: sources.map(said) })))
  .observe({ type: "layout-shift", buffered: true })"""
MOST_REQUESTS, MOST_BYTES, MOST_SHIFT = 60, 1_500_000, 0.05


def test_a_first_opening_is_small_and_nothing_moves(address, page):
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    sent, bytes_ = [], []
    session.on("Network.requestWillBeSent", lambda said: sent.append(said["request"]["url"]))
    session.on("Network.loadingFinished", lambda said: bytes_.append(said["encodedDataLength"]))
    page.add_init_script(SHIFTS)
    visit(page, f"{address}/overview")
    page.wait_for_timeout(1000)
    assert len([url for url in sent if url.startswith("http")]) <= MOST_REQUESTS
    assert 0 < sum(bytes_) <= MOST_BYTES
    shifts = page.evaluate("window.shifts")
    assert sum(shift["value"] for shift in shifts) < MOST_SHIFT, shifts


def test_sheets_fill_from_the_top_in_whatever_order_they_are_ready(address, page):
    visit(page, f"{address}/definitions")
    seen = page.evaluate(
        """async (script) => {
          const { show } = await import(script)
          const roots = [0, 1, 2].map(() => {
            const root = document.createElement("div")
            root.innerHTML = '<div class="sheet"></div>'
            document.body.append(root)
            return root
          })
          return [2, 1, 0, 1].map((at, step) => {
            show({ data: [`<p>${at}.${step}</p>`], parentElement: roots[at] })
            return roots.map((root) => root.textContent).join("|")
          })
        }""",
        f"{address}/assets/sheet.js",
    )
    assert seen == ["||", "||", "0.2|1.1|2.0", "0.2|1.3|2.0"]


def test_the_first_screen_is_there_before_the_page_is(address, browser):
    """Without its scripts a page shows what it begins with, in the place where it will stand."""
    page = browser.new_page()
    visit(page, f"{address}/overview")
    place = "document.querySelector('.figures').getBoundingClientRect().top"
    numbers, top = page.locator(".figures .number").all_text_contents(), page.evaluate(place)
    page.route("**/pack/*", lambda route: route.abort())
    page.route("**/static/js/*", lambda route: route.abort())
    page.goto(f"{address}/overview")
    assert page.locator(".first-screen .number").all_text_contents() == numbers
    assert page.evaluate(place) == pytest.approx(top, abs=1)
    page.close()
