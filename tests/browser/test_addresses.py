"""What an address says, and what it cannot do."""

import re
import urllib.request

from browsing import choose, serving, settle, visit

from leadstats.ui.shell.frame import PAGES


def runs_the_router(page, address, name):
    """A deep link, which is the first visit to a server; as a server is dear, to one that a test needs anyway."""
    visit(page, f"{address}/{name}?place=Mill+Row")
    assert page.title() == next(each.title for each in PAGES if each.address == name)
    assert page.locator(".reading").count() == 1


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


def test_a_label_that_looks_like_markup_does_nothing_also_by_a_deep_link(hostile_county, page):
    with serving(hostile_county) as address:
        runs_the_router(page, address, "equity")
        for name in ("overview", "neighborhoods", "explore?breakdown=neighborhood"):
            visit(page, f"{address}/{name}")
            assert page.evaluate("window.hit") is None
            assert page.locator("img[src=x], img[src*='outside']").count() == 0


def test_an_address_may_lower_the_audience_but_not_raise_it_also_by_a_deep_link(county, address, page):
    with serving(county, LEADSTATS_AUDIENCE="analyst") as analysts:
        runs_the_router(page, analysts, "definitions")
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
