"""Every page for anybody: on narrow screens, without a mouse or sight, and with tables that equal their files."""

import csv
import io
import urllib.request
from collections.abc import Iterator
from urllib.parse import urljoin

import pytest
from accessible import DESK, NARROWEST, is_fine
from browsing import unfold, visit, visitor
from playwright.sync_api import Page

from leadstats import quality
from leadstats.ui.shell.frame import PAGES

# One page of each layout: charts and folds, tables of groups, the map, widgets, long text, a report.
LAYOUTS = {"jail_beds", "equity", "neighborhoods", "explore", "definitions", "data_quality"}


@pytest.fixture(scope="module")
def reader(browser) -> Iterator[Page]:
    with visitor(browser) as page:
        yield page


@pytest.fixture(scope="module", params=[page.address for page in PAGES])
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
