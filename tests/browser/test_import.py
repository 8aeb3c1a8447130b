"""The page that takes exports in, state by state."""

from collections.abc import Iterator

import pytest
from accessible import is_fine
from browsing import serving, settle
from playwright.sync_api import Page

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
    page.goto(f"{staff}/overview")
    page.wait_for_selector("text=There are no data that this version can read")
    page.get_by_role("link", name="Take exports in on the Import page").click()
    page.wait_for_function("() => document.title.startsWith('Import')")
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
