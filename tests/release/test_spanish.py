"""The public pages in another language: nothing on them stays English but names."""

import re

import pytest
from streamlit.testing.v1 import AppTest

from leadstats.counting.released import open_release
from leadstats.model import language
from leadstats.ui.shell import locations
from leadstats.ui.shell.frame import PAGES
from tests.pages import words_on
from tests.pseudo import PSEUDO, untold
from tests.release.conftest import APPROVED_BY

# Pages that the public is not shown: they are for those who work with the data.
INSIDE = ("import", "settings", "meetings", "case_work")
EVERY_PAGE = pytest.mark.parametrize(
    "address", [page.address for page in PAGES if page.address not in INSIDE]
)


@pytest.fixture
def public(published, tmp_path, monkeypatch):
    monkeypatch.setenv("LEADSTATS_RELEASES", str(published))
    monkeypatch.setenv("LEADSTATS_DATA", str(tmp_path / "not there"))
    return open_release(published / "latest")


def texts_on(page):
    """All texts of a page, those of its widgets included."""
    yield from words_on(page).split("\n")
    yield from (element.value for element in page.warning)
    for widget in (*page.selectbox, *page.multiselect, *page.select_slider):
        yield from (widget.label, *widget.options, getattr(widget, "placeholder", "") or "")


def opened(address, **query):
    page = AppTest.from_file(str(locations.ROOT / "pages" / f"{address}.py"), default_timeout=60)
    for key, value in query.items():
        page.query_params[key] = value
    page.run()
    assert not page.exception, page.exception
    return page


@EVERY_PAGE
def test_every_sentence_of_a_public_page_is_said_through_the_catalogue(public, monkeypatch, address):
    monkeypatch.setitem(language.LANGUAGES, "es", PSEUDO)
    said = [*texts_on(opened(address, language="es"))]
    places = public.categories["neighborhood"]
    # The release itself holds its notes in English and Spanish.
    notes = [each for found in public.about["translated_notes"]["es"].values() for each in found]
    names = [public.site.name, APPROVED_BY, *places, *notes, *public.about["translated_notes"]["es"]]
    files = re.findall(r"\w+\.csv|people_\w+", "\n".join(said))
    assert not {text: left for text in said if (left := untold(text, *names, *files))}


def test_a_page_is_in_the_language_of_its_address_and_stays_so(public):
    router = AppTest.from_file(str(locations.ROOT / "leadstats/ui/router.py"), default_timeout=60)
    router.query_params["language"] = "es"
    router.run()
    assert not router.exception
    assert "¿Cuántas personas llegaron a LEAD" in "\n".join(texts_on(router))
    with language.speaking(language.LANGUAGES["es"]):  # in which widgets are read again
        router.switch_page("../../pages/enrollment.py").run()
    said = "\n".join(texts_on(router))
    assert "¿Quiénes llegan, y con qué rapidez se les atiende?" in said
    assert "aún no ha sido revisada por una persona hispanohablante" in said
    assert router.query_params["language"] == "es"
    assert re.search(
        r'<a href="[^"]*language=en[^"]*" target="_self" lang="en-US" hreflang="en-US">English</a>', said
    )


@pytest.mark.parametrize("asked", ["", "fr", "'"])
def test_a_page_in_no_known_language_is_english(public, asked):
    said = "\n".join(texts_on(opened("overview", language=asked)))
    assert "How many people came to LEAD" in said
    assert "Español" in said
