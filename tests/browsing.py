"""A real browser before the real app: what tests of pages and of the public bytes share."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
# The shell is the same engine without a window, which costs half as much to draw for.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
# Without a sandbox root may start it; without a graphics card nothing has to pretend that there is one; and no page is
# open so long that its scripts are worth optimizing.
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--js-flags=--max-opt=1"]

SELDOM = 100  # milliseconds between looks, or the browser would draw for each of them, sixty times a second
YEAR = "from=2025-01&to=2025-12"  # whole, of the made-up county


@contextmanager
def serving(data: Path, log: Path = Path(os.devnull), **environment: str) -> Iterator[str]:
    """The app on a free port, as an administrator starts it; yields its address. `log`: all it says."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    said = log.open("ab")
    server = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "streamlit",
            "run",
            "app.py",
            "--server.port",
            str(port),
            "--server.address",
            "127.0.0.1",
        ],
        cwd=ROOT,
        env={**os.environ, "LEADSTATS_DATA": str(data), **environment},
        stdout=said,
        stderr=subprocess.STDOUT,
    )
    try:
        yield _answering(f"http://127.0.0.1:{port}")
    finally:
        server.terminate()
        server.wait(10)
        said.close()


def _answering(address: str) -> str:
    for _ in range(300):
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health"):
                return address
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(f"nothing answers at {address}")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    executable = next(filter(None, map(shutil.which, BROWSERS)), None)
    assert executable, f"these tests need a Chromium; on Debian: apt-get install {BROWSERS[0]}"
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def first_answer(county) -> Iterator[tuple[str, str]]:
    """The app before the made-up county, one for all that a process tests, and what its first visitor was sent."""
    with serving(county) as found:
        with urllib.request.urlopen(found) as answer:
            sent = answer.read().decode()
        yield found, sent


@pytest.fixture(scope="session")
def address(first_answer) -> str:
    return first_answer[0]


@pytest.fixture
def page(browser) -> Iterator[Page]:
    """A fresh visitor."""
    with visitor(browser) as page:
        yield page


@contextmanager
def visitor(browser: Browser, **screen: Any) -> Iterator[Page]:
    """Somebody who has never been here, before such a screen. Fails in the end if any request would have left the machine, or
    any script has failed, as one that the content policy stops."""
    context = browser.new_context(
        **{"viewport": {"width": 1280, "height": 1000}, "accept_downloads": True} | screen
    )
    visited = context.new_page()
    outside: list[str] = []
    visited.on("request", lambda request: outside.append(request.url) if _is_outside(request.url) else None)
    failures: list[str] = []
    visited.on("pageerror", lambda error: failures.append(str(error)))
    yield visited
    context.close()
    assert outside == []
    assert failures == []


def _is_outside(url: str) -> bool:
    return not url.startswith(("http://127.0.0.1:", "ws://127.0.0.1:", "data:", "blob:"))


def present(page: Page, address: str, more: str = "") -> None:
    """Opens the slides of a year."""
    page.goto(f"{address}/overview?{YEAR}&view=present{more}")
    page.wait_for_selector(".deck .slide:not([hidden])")
    page.wait_for_function(
        "() => document.querySelector('[data-testid=stApp]').dataset.testScriptState !== 'running'"
    )


def visit(page: Page, url: str) -> None:
    """Opens an address and waits until its figures have been drawn."""
    page.goto(url)
    settle(page)


def heard(address: str, name: str, query: str = "") -> list[bytes]:
    """All that the app says to a visitor of a page until it is drawn, as a browser would hear it, and no browser to draw
    it."""
    from streamlit.proto.BackMsg_pb2 import BackMsg  # which every process of the tests would load otherwise
    from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
    from websockets.sync.client import connect

    asked, said = BackMsg(), []
    asked.rerun_script.page_name, asked.rerun_script.query_string = name, query
    asked.rerun_script.context_info.url = f"{address}/{name}?{query}"
    stream = f"ws{address.removeprefix('http')}/_stcore/stream"
    with connect(stream, subprotocols=["streamlit"], max_size=None) as socket:
        socket.send(asked.SerializeToString())
        while not said or ForwardMsg.FromString(said[-1]).WhichOneof("type") != "script_finished":
            said.append(socket.recv(timeout=60))
    return said


def unfold(page: Page) -> None:
    """Opens all that a page works out only on demand, at once."""
    folds = page.get_by_text("Show these numbers", exact=True)
    folds.evaluate_all("all => all.forEach(each => each.click())")
    # What is worked out stands in a sheet, below its fold's own words.
    page.wait_for_function(
        """() => [...document.querySelectorAll("[data-testid=stExpander] > details")]
            .every(each => each.open && each.querySelector(".sheet > *"))""",
        polling=SELDOM,
    )
    settle(page)


def choose(page: Page, label: str, option: str) -> None:
    """Takes an option of a filter, and waits for the new figures."""
    page.get_by_role("combobox", name=label, exact=True).click()
    page.keyboard.type(option)
    status = page.locator("[role=status]").text_content()
    page.get_by_role("option", name=option, exact=True).click()
    page.wait_for_function(
        "before => document.querySelector('[role=status]').textContent !== before", arg=status
    )
    settle(page)


def settle(page: Page) -> None:
    page.wait_for_selector("[role=status]")
    page.wait_for_function(
        """() => document.querySelector("[data-testid=stApp]").dataset.testScriptState !== "running"
            && document.querySelectorAll(".reading").length
            && !document.querySelector("[data-testid=stSkeleton]")
            && !document.querySelector("figure[aria-busy=true]")""",
        polling=SELDOM,
    )
