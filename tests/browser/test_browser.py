"""What only a browser can tell: addresses, accessibility, narrow screens, live updates, and silence
towards the outside (the `page` fixture fails on any request that would leave the machine)."""

import csv
import io
import re
import urllib.request
from collections.abc import Collection, Iterator
from urllib.parse import urljoin

import pytest
from axe_playwright_python.sync_playwright import Axe
from browsing import choose, serving, settle, unfold, visit, visitor
from county import own_county
from playwright.sync_api import Page

from leadstats import quality
from leadstats.ui.shell.frame import PAGES

ADDRESSES = [page.address for page in PAGES]
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# What passes is not described, which takes longer than finding what fails.
JUDGED = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
# Markup of Streamlit's own that breaks a rule and that no app can mend, each with the reason.
EXCEPTIONS = {
    'data-testid="stFileUploaderDropzone"': "The drop zone has a name and no role; the button in it is read as one.",
}


# One page of each layout: charts and folds, tables of groups, the map, widgets, long text, a report.
LAYOUTS = {"jail_beds", "equity", "neighborhoods", "explore", "definitions", "data_quality"}
PHONE, NARROWEST, DESK = 390, 320, 1280


def is_fine(page: Page, judged: Collection[int] = (NARROWEST, DESK)) -> None:
    """The page is no wider than any screen, and Axe finds nothing on the `judged` ones, whatever is open.

    To Axe a phone is the same as the narrowest screen, and it takes seconds.
    """
    page.evaluate("document.querySelectorAll('details').forEach(each => (each.open = true))")
    for width in (PHONE, NARROWEST, DESK):
        page.set_viewport_size({"width": width, "height": 1000})
        page.wait_for_timeout(300)
        overflow = page.evaluate(
            "() => { const main = document.querySelector('[data-testid=stMain]') ?? document.documentElement;"
            " return Math.max(main.scrollWidth - main.clientWidth,"
            " document.documentElement.scrollWidth - innerWidth) }"
        )
        assert overflow <= 0, width
        if width not in judged:
            continue
        found = Axe().run(page, options=JUDGED).response["violations"]
        nodes = [(each["id"], node["html"][:200]) for each in found for node in each["nodes"]]
        assert not [node for node in nodes if not any(part in node[1] for part in EXCEPTIONS)], width


@pytest.fixture(scope="session")
def address(county) -> Iterator[str]:
    with serving(county) as found:
        yield found


@pytest.mark.parametrize("name", ["equity", "definitions"])
def test_a_deep_link_on_a_fresh_server_runs_the_router(county, page, name):
    with serving(county) as address:
        visit(page, f"{address}/{name}?place=Mill+Row")
        assert page.title() == next(each.title for each in PAGES if each.address == name)
        assert page.locator(".reading").count() == 1


def test_the_first_visitor_finds_the_beginning_of_the_overview(county):
    with serving(county) as address, urllib.request.urlopen(address) as answer:
        assert re.search('class="first-screen".*class="number"', answer.read().decode())


@pytest.fixture(scope="module")
def reader(browser) -> Iterator[Page]:
    with visitor(browser) as page:
        yield page


@pytest.fixture(scope="module", params=ADDRESSES)
def name(request, address, reader) -> str:
    """Each page in turn, opened once by the same reader, with all its folds."""
    visit(reader, f"{address}/{request.param}")
    unfold(reader)
    return request.param


def test_every_page_can_be_read_by_anybody_on_any_screen(reader, name):
    """What a page is made of is judged at both widths on one page of its layout, and once on each other."""
    is_fine(reader, (NARROWEST, DESK) if name in LAYOUTS else (NARROWEST,))


def test_the_quality_report_can_be_read_by_anybody_on_any_screen(county, page, tmp_path):
    quality.write_report(county, tmp_path / "report.html")
    page.set_content((tmp_path / "report.html").read_text(encoding="utf-8"))

    is_fine(page)
    assert page.locator("script").count() == 0


def test_every_figure_has_a_name_and_a_table_that_equals_its_csv(address, reader, name):
    page = reader
    for figure in page.locator("figure").all():
        assert 0 < len(figure.get_attribute("aria-label")) <= 250
    for chart in page.locator("[data-testid=stPlotlyChart], [data-testid=stDeckGlJsonChart]").all():
        assert (
            chart.locator("xpath=ancestor-or-self::*[@role='figure']").count()
            or chart.get_by_role("figure").count()
        )
    cards = page.locator(".card:has(a:text('Download CSV'))").all()
    tables = page.locator("details:has(> summary:text('Show the data as a table')) table").all()
    assert len(cards) == len(tables)
    for card, table in zip(cards, tables, strict=True):
        assert table.locator("caption").count() == 1
        assert table.locator("tbody th[scope=row]").count() > 0
        link = urljoin(f"{address}/", card.locator("a:text('Download CSV')").get_attribute("href"))
        assert_same_numbers(link, table)


def assert_same_numbers(link: str, table) -> None:
    with urllib.request.urlopen(link) as answer:
        rows = list(csv.DictReader(io.StringIO(answer.read().decode())))
    on_screen = " ".join(table.locator("tbody").all_text_contents())
    if "shown" in rows[0]:
        for row in rows:
            assert row["shown"] in on_screen, (link, row["shown"])
    else:
        for row in rows:
            assert row["hidden"] or not row["n"] or f"{int(row['n']):,}" in on_screen, (link, row)


def test_the_address_is_the_state(address, page, browser):
    visit(page, f"{address}/enrollment")
    choose(page, "Place", "Mill Row")
    page.keyboard.press("Escape")
    choose(page, "From", "March 2025")
    assert re.search(r"/enrollment\?from=2025-03&to=2025-12&place=Mill\+Row&snapshot=\w{10}$", page.url)
    said = page.locator(".lead").text_content()
    other = browser.new_page()
    visit(other, page.url)
    assert other.locator(".lead").text_content() == said
    assert "LEAD in Mill Row, March to December 2025" in other.locator("[role=status]").text_content()
    other.close()


def test_filters_survive_a_change_of_page_and_the_way_back(address, page):
    visit(page, f"{address}/enrollment?place=Mill+Row")
    page.get_by_role("link", name="Housing", exact=True).click()
    page.wait_for_function("() => document.title === 'Housing'")
    settle(page)
    assert "Housing: LEAD in Mill Row" in page.locator("[role=status]").text_content()
    assert "/housing?from=2025-01&to=2025-12&place=Mill+Row&snapshot=" in page.url
    choose(page, "From", "March 2025")
    page.go_back()
    page.wait_for_function(
        "() => document.querySelector('[role=status]').textContent.endsWith('Mill Row, 2025.')"
    )


def test_a_bad_value_gives_a_notice(address, page):
    visit(page, f"{address}/enrollment?place=Nowhere&from=1999-01")
    notices = page.get_by_role("alert").all_text_contents()
    assert any("Nowhere" in notice for notice in notices)
    assert any("1999-01" in notice for notice in notices)
    assert "/enrollment?from=2025-01&to=2025-12&snapshot=" in page.url


def test_a_filter_keeps_charts_in_place_and_is_announced(address, page):
    visit(page, f"{address}/enrollment")
    page.evaluate("document.querySelectorAll('figure').forEach(each => each.dataset.kept = 'yes')")
    page.evaluate("document.querySelector('[role=status]').dataset.kept = 'yes'")
    count = page.locator("figure").count()
    choose(page, "From", "March 2025")
    assert page.locator("figure[data-kept=yes]").count() == count
    assert page.locator("[role=status][data-kept=yes]").count() == 1


def test_an_open_untouched_page_shows_a_new_snapshot_within_a_minute(county, tmp_path, page):
    program = own_county(tmp_path, county)
    with serving(program.data) as address:
        visit(page, f"{address}/overview?place=Mill+Row")
        before = page.locator(".figures .number").first.text_content()
        program.add(
            referral=[
                {"person_id": 5000 + n, "referred_on": "2025-06-10", "neighborhood": "Mill Row"}
                for n in range(40)
            ]
        ).build()
        more = str(int(before) + 40)
        page.wait_for_function(
            "more => document.querySelector('.figures .number').textContent === more",
            arg=more,
            timeout=60_000,
        )
        assert "Mill Row" in page.locator("[role=status]").text_content()


def test_a_label_that_looks_like_markup_does_nothing(hostile_county, page):
    with serving(hostile_county) as address:
        for name in ("overview", "neighborhoods", "explore?breakdown=neighborhood"):
            visit(page, f"{address}/{name}")
            assert page.evaluate("window.hit") is None
            assert page.locator("img[src=x], img[src*='outside']").count() == 0


def test_an_address_may_lower_the_audience_but_not_raise_it(county, address, page):
    with serving(county, LEADSTATS_AUDIENCE="analyst") as analysts:
        visit(page, f"{analysts}/overview")
        assert "Analyst view" in page.locator(".band").first.text_content()
        visit(page, f"{analysts}/overview?audience=coordinating_group")
        assert "Coordinating group view" in page.locator(".band").first.text_content()
    visit(page, f"{address}/overview?audience=analyst")
    assert "Coordinating group view" in page.locator(".band").first.text_content()
    with urllib.request.urlopen(
        f"{address}/data/people_referred.csv?breakdown=race&audience=analyst"
    ) as answer:
        assert "hidden to protect privacy" in answer.read().decode()


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


EXPORT_OF_A_COURT = "Case No,Defendant ID,Referral Date,Race\n" + "".join(
    f"{n},QZX{n},{1 + n % 12}/{14 + n % 14}/2025,{'WB'[n % 2]}\n" for n in range(30)
)


@pytest.fixture
def staff(tmp_path) -> Iterator[str]:
    """An empty app for staff, with an inbox."""
    environment = {"LEADSTATS_INBOX": str(tmp_path / "inbox"), "LEADSTATS_AUDIENCE": "analyst"}
    with serving(tmp_path / "data", **environment) as address:
        yield address


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()
    page.wait_for_timeout(500)
    settle(page)


def test_every_state_of_an_import_can_be_read_by_anybody(staff, page):
    page.goto(f"{staff}/import")
    settle(page)
    is_fine(page)
    assert "The inbox is empty." in page.inner_text("[data-testid=stMain]")

    page.set_input_files(
        "input[type=file]",
        [{"name": "Diversions 2025.csv", "mimeType": "text/csv", "buffer": EXPORT_OF_A_COURT.encode()}],
    )
    page.wait_for_selector("text=only you can answer")
    settle(page)
    is_fine(page)
    assert "QZX" not in page.inner_text("[data-testid=stMain]")

    choice = page.get_by_role("combobox", name="How did the people in this file come to LEAD?")
    # A list that is open closes when the page scrolls, so that comes first.
    choice.scroll_into_view_if_needed()
    page.wait_for_timeout(500)
    choice.press_sequentially("From jail")
    page.wait_for_selector("text=From jail, the prosecutor or a court")
    choice.press("ArrowDown")
    choice.press("Enter")
    press(page, "Answer")
    press(page, "Use this mapping")
    page.wait_for_selector("text=Check the files")
    is_fine(page)

    press(page, "Check the files")
    page.wait_for_selector("text=5. Into the pages")
    is_fine(page)

    press(page, "Build")
    page.wait_for_selector("text=The new data are in force")
    is_fine(page)
    page.goto(f"{staff}/overview")
    settle(page)
    assert "Data through" in page.inner_text("[data-testid=stMain]")


def test_a_page_without_data_says_what_to_do(tmp_path, page):
    with serving(tmp_path) as address:
        page.goto(f"{address}/overview")
        page.wait_for_selector("text=There are no data that this version can read")


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
            show({ data: { parts: [`<p>${at}.${step}</p>`] }, parentElement: roots[at] })
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
