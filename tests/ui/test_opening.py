"""What a browser loads first: one pack of scripts that find each other, and the first screen where it is known."""

import gzip
import json
import re

import pytest
from starlette.requests import Request
from streamlit.testing.v1 import AppTest

from leadstats.ui.shell import first_screens, opening, web
from leadstats.ui.shell.locations import ROOT


def get(path: str, handler, **named: str):
    address, _, query = path.partition("?")
    accepted = [(b"accept-encoding", b"gzip")]
    scope = {"type": "http", "path": address, "query_string": query.encode(), "headers": accepted}
    return handler(Request({**scope, "path_params": named}))


def page(name: str, query: str = "") -> str:
    return get(f"/{name}?{query}", web.page, page=name).body.decode()


def test_the_pack_holds_each_script_that_another_in_it_cannot_do_without():
    held = opening.program()
    answer = get("/pack/x", opening.pack, mark=held.mark)
    assert answer.headers["content-encoding"] == "gzip"
    line, _, scripts = gzip.decompress(answer.body).partition(b"\n")
    sizes = json.loads(line)
    assert sum(size for _, size in sizes) == len(scripts)
    names = {name for name, _ in sizes}
    assert all(any(name.startswith(f"{element}.") for name in names) for element in opening.ELEMENTS)
    text = scripts.decode()
    assert set(re.findall(r'\b(?:from|import)"streamlit/([^"]+)"', text)) <= names
    assert not re.search(r"""\b(from|import)\(?["'`]\./""", text)
    assert "import.meta.url" not in text
    assert re.search(r'data-entry="([^"]+)"', held.page)[1] in names
    assert "modulepreload" not in held.page and 'type="module"' not in held.page


def test_no_other_pack_is_handed_out():
    assert get("/pack/x", opening.pack, mark="x").status_code == 404


def test_the_one_script_of_a_page_is_allowed_once():
    first, second = (get("/overview", web.page, page="overview") for _ in range(2))
    policy = first.headers["content-security-policy"]
    (once,) = re.findall(r"'nonce-([^']+)'", policy)
    (script,) = re.findall(
        r"<script\b[^>]*>", first.body.decode()
    )  # any other would be stopped, with an error
    assert f'nonce="{once}"' in script
    assert policy != second.headers["content-security-policy"]
    assert "unsafe-eval" not in policy


@pytest.fixture
def shown(county, monkeypatch):
    """Somebody has been shown the overview, in the view of an analyst, and nothing else."""
    first_screens._kept.clear()
    monkeypatch.setenv("LEADSTATS_DATA", str(county))
    monkeypatch.setenv("LEADSTATS_AUDIENCE", "analyst")
    router = AppTest.from_file(str(ROOT / "leadstats" / "ui" / "router.py"), default_timeout=60).run()
    assert not router.exception


def test_who_opens_the_same_view_sees_its_first_screen_at_once(shown):
    for name in ("overview", "", "home"):
        held = page(name)
        assert 'class="figures"' in held and "Analyst view" in held
        assert held.index("style.css") < held.index('class="first-screen"') < held.index("loader.js")
    # The page itself announces what it shows; this does not, and nothing in it can be chosen.
    assert 'role="status"' not in held
    assert re.search('class="first-screen" inert', held)


@pytest.mark.parametrize(
    "query",
    [
        "audience=coordinating_group",
        "place=Mill+Row",
        "from=2025-03",
        "from=1999-01",
        "snapshot=no",
        "view=present",
    ],
)
def test_another_view_shows_nothing_in_advance(shown, query):
    assert "first-screen" not in page("overview", query)
    assert "first-screen" not in page("enrollment", query)
