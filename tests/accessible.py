"""Whether anybody can read a page, on any screen."""

from collections.abc import Collection

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# What passes is not described, which takes longer than finding what fails.
JUDGED = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
# Markup of Streamlit's own that breaks a rule and that no app can mend, each with the reason.
EXCEPTIONS = {
    'data-testid="stFileUploaderDropzone"': "The drop zone has a name and no role; the button in it is read as one.",
}
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
