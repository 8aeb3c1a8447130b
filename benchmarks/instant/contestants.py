"""Who is compared: how each is started, where its page shows what, and how a visitor chooses there."""

import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from playwright.sync_api import Page

from benchmarks.instant.inboxes import BEFORE, ROOT, Inbox, checked_out
from benchmarks.instant.server import Command
from benchmarks.instant.visitors import DashVisitor, StreamlitVisitor, Visitor

PEERS = ROOT / "benchmarks" / "peers"
SAMPLED = ROOT / "benchmarks" / "instant" / "sampled.py"
STREAMLIT = ("-m", "streamlit", "run")
AUDIENCE = "coordinating_group"
# Pages of both commits that have filters, beside the first one.
OTHER_PAGES = ("enrollment", "diversion", "jail_beds", "housing", "equity", "neighborhoods", "explore")


@dataclass(frozen=True)
class Step:
    """One choice more: the first month, as 'March 2024' after the former one, or one more place."""

    month: str = ""
    former: str = ""
    place: str = ""


@dataclass(frozen=True)
class Screen:
    """CSS selectors: all that a choice may change, the line that names the choice, big numbers, charts; and, in
    JavaScript, whether the page has nothing more to come."""

    surface: str
    words: str
    numbers: str
    charts: str
    is_idle: str


@dataclass(frozen=True)
class Program:
    """A commit of the product: where its files stand, and the data that it built."""

    checkout: Callable[[Inbox], Path]
    data: Callable[[Inbox], Path]

    def command(self, inbox: Inbox, *arguments: str, processes: int = 1) -> Command:
        settings = {"LEADSTATS_DATA": str(self.data(inbox)), "LEADSTATS_AUDIENCE": AUDIENCE}
        return Command((sys.executable, *arguments), self.checkout(inbox), settings, processes)


@dataclass(frozen=True)
class Contestant:
    """choose: takes a step or, if told so, takes it back; `armed` is called right before the key or click that counts.
    program: of a commit of the product, which has more pages than the one that is compared with all."""

    name: str
    title: str
    command: Callable[[Inbox], Command]
    screen: Screen
    choose: Callable[[Page, Step, bool, Callable[[], None]], None]
    visitor: type[Visitor]
    program: Program | None = None

    def sampled(self, inbox: Inbox, to: Path) -> Command:
        """The product's app in one process, which writes down what it is at."""
        return self.program.command(inbox, str(SAMPLED), str(to), "app.py", "{port}")


def _choose_in_streamlit(page: Page, step: Step, is_back: bool, armed: Callable[[], None]) -> None:
    page.keyboard.press("Escape")  # a list that is still open hides all else from whoever asks for roles
    page.get_by_role("combobox", name="From" if step.month else "Place", exact=True).click()
    if step.place and is_back:
        armed()
        page.keyboard.press("Backspace")
        return
    option = (step.former if is_back else step.month) or step.place
    page.keyboard.type(option)
    found = page.get_by_role("option", name=option, exact=True)
    found.wait_for()
    armed()
    found.click()


def _choose_in_dash(page: Page, step: Step, is_back: bool, armed: Callable[[], None]) -> None:
    page.keyboard.press("Escape")
    page.click("#from" if step.month else "#place")
    option = (step.former if is_back else step.month) or step.place
    page.fill(".dash-dropdown-search", option)
    found = page.locator(".dash-dropdown-option", has=page.get_by_text(option, exact=True))
    found.wait_for()
    armed()
    found.click()


def drawn(charts: str) -> str:
    return f"[...document.querySelectorAll('{charts}')].every((each) => each.querySelector('.main-svg'))"


STREAMLIT_IDLE = "document.querySelector('[data-testid=stApp]')?.dataset.testScriptState === 'notRunning'"
PRODUCT = Screen(
    surface="[data-testid=stMain]",
    words="[role=status]",
    numbers=".figures .number, .figures .lacking",
    charts="figure:has(svg, canvas)",
    is_idle=f"{STREAMLIT_IDLE} && !document.querySelector('figure[aria-busy=true]')",
)
NOW = Program(lambda inbox: ROOT, lambda inbox: inbox.now)
FORMER = Program(lambda inbox: checked_out(inbox.before.parents[1]), lambda inbox: inbox.before)


def _now(processes: int, inbox: Inbox) -> Command:
    served = ("--data", str(inbox.now), "--audience", AUDIENCE, "--processes", f"{processes}")
    return NOW.command(inbox, "-m", "leadstats", "serve", "--port", "{port}", *served, processes=processes)


def _peer(page: str, inbox: Inbox, *options: str) -> Command:
    """A page of plain Streamlit."""
    settings = (
        "--server.port={port}",
        "--server.address=localhost",
        "--server.headless=true",
        "--server.fileWatcherType=none",
        "--browser.gatherUsageStats=false",
    )
    return Command((sys.executable, *STREAMLIT, page, *settings, *options), PEERS, {"ROWS": str(inbox.flat)})


PLAIN = "[data-testid=stCaptionContainer]"  # which words it says last
CONTESTANTS = (
    Contestant("now", "this commit", partial(_now, 1), PRODUCT, _choose_in_streamlit, StreamlitVisitor, NOW),
    Contestant(
        "before",
        BEFORE,
        lambda inbox: FORMER.command(inbox, *STREAMLIT, "app.py", "--server.port", "{port}"),
        PRODUCT,
        _choose_in_streamlit,
        StreamlitVisitor,
        FORMER,
    ),
    Contestant(
        "streamlit",
        "plain Streamlit",
        partial(_peer, "streamlit_page.py"),
        Screen(
            surface="[data-testid=stMain]",
            words=PLAIN,
            numbers="[data-testid=stMetricValue]",
            charts=".js-plotly-plot .main-svg:first-child",
            is_idle=f"{STREAMLIT_IDLE} && {drawn('[data-testid=stPlotlyChart]')}",
        ),
        _choose_in_streamlit,
        StreamlitVisitor,
    ),
    Contestant(
        "dash",
        "Dash",
        lambda inbox: Command((sys.executable, "dash_page.py", "{port}"), PEERS, {"ROWS": str(inbox.flat)}),
        Screen(
            surface="#react-entry-point",
            words="#words",
            numbers="#numbers strong",
            charts=".js-plotly-plot .main-svg:first-child",
            is_idle=f"document.title !== 'Updating...' && {drawn('.dash-graph')}",
        ),
        _choose_in_dash,
        DashVisitor,
    ),
)
# Before viewers alone: as behind the proxy, each of them keeps to one process.
SEVERAL = replace(
    CONTESTANTS[0], name="several", title="this commit, 2 processes", command=partial(_now, 2), program=None
)
# Beside the other pages alone: what Streamlit takes for a choice that changes one line of text.
BARE = Contestant(
    "bare",
    "bare Streamlit",
    lambda inbox: _peer("bare_page.py", inbox, "--runner.postScriptGC=false"),
    Screen(surface="[data-testid=stMain]", words=PLAIN, numbers=PLAIN, charts=PLAIN, is_idle=STREAMLIT_IDLE),
    _choose_in_streamlit,
    StreamlitVisitor,
)
