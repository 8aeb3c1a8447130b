"""What surrounds every page: style, header band, filters, status line, and the watch for new data."""

from dataclasses import dataclass

import streamlit as st

from leadstats import words
from leadstats.measure import Database
from leadstats.openings import OPENINGS
from leadstats.ui import address, answers, filters, source
from leadstats.ui.markup import Markup, items, tag, text

STYLE = source.ROOT / "static" / "style.css"
WATCH_SECONDS = 20
NO_DATA = "There is no data yet"
ADVICE = (
    "Put the exports into a folder and run: python -m leadstats build INBOX --to DATA. "
    "This page fills by itself when the build is done."
)


@dataclass(frozen=True)
class Page:
    """The address of a page, its name in the navigation and the question it answers."""

    address: str
    title: str
    question: str
    has_filters: bool = True


PAGES = (
    Page("overview", "Overview", "Are we on track?"),
    Page("enrollment", "Enrollment", "Who comes, and how fast are they met?"),
    Page("diversion", "Diversion", "How often is the offer made when it could be?"),
    Page("jail_beds", "Jail beds", "What did diversion spare the jail?"),
    Page("housing", "Housing", "Who is housed, and stays housed?"),
    Page("equity", "Racial equity", "Where along the way do people fare differently?"),
    Page("neighborhoods", "Neighborhoods", "Where do people need LEAD, and where does it reach them?"),
    Page("explore", "Explore", "Any number, by any group"),
    Page("data_quality", "Data quality", "How far can these numbers be trusted?", False),
    Page("evidence", "Evidence", "What is known from elsewhere?", False),
    Page("definitions", "Definitions", "What does each number mean?", False),
)


def page(name: str) -> Page:
    return next(each for each in PAGES if each.address == name)


def open_page(name: str, **own: str) -> source.View:
    """Draws all that stands above a page's own figures. `own`: further choices of the page that
    its address keeps, by their default."""
    st.html(STYLE)
    asked = next(iter(address.query().get("audience", [])), "")
    audience = source.audience(asked)
    try:
        database = source.database()
    except FileNotFoundError:
        _without_data(name)
    this = page(name)
    block(_band(database, audience))
    chosen = filters.choose(name, database, this.has_filters, {"audience": asked}, own)
    view = source.View(database, audience, chosen, answers.foresee(name, database, chosen, audience))
    _opening(view, this)
    _watch(view)
    return view


def _without_data(name: str) -> None:
    block(tag("h1", text(page(name).title)))
    block(tag("div", tag("p", text(NO_DATA), class_="lead"), tag("p", text(ADVICE)), class_="empty"))
    _wait_for_data()
    st.stop()


def _band(database: Database, audience: str) -> Markup:
    site = database.rows("SELECT name, is_sample FROM program.site")[0]
    through = words.day(filters.reach(database))
    laggards = [
        f"{name.replace('_', ' ')} {words.day(day)}"
        for name, day in sorted(database.reach.items())
        if day < filters.reach(database)
    ]
    late = f" ({', '.join(laggards)})" if laggards else ""
    facts = (
        f"Data through {through}{late}",
        f"Published {words.day(source.published_on(database))}",
        f"Snapshot {database.snapshot.removesuffix('.duckdb').removeprefix('program-')[:10]}",
        words.AUDIENCE_NOTES[audience],
    )
    sample = tag("strong", "SAMPLE: invented people", class_="sample") if site["is_sample"] else ""
    return tag(
        "div",
        tag("p", tag("span", text(site["name"]), class_="program"), sample),
        tag("ul", *(tag("li", text(fact)) for fact in facts)),
        class_="band",
    )


def _opening(view: source.View, this: Page) -> None:
    """The page's question, its answer in one sentence, and the line that screen readers announce."""
    scope = f"{this.title}: {words.scope(view.filters)}" if this.has_filters else this.title
    sentence = OPENINGS[this.address](view) if this.address in OPENINGS else ""
    block(
        tag(
            "div",
            tag("p", text(this.question), class_="question"),
            tag("h1", text(this.title)),
            tag("p", text(sentence), class_="lead") if sentence else "",
            tag("p", text(scope), class_="scope", role="status"),
            class_="opening",
        )
    )


def section(title: str, sentence: str = "") -> None:
    block(tag("div", tag("h2", text(title), class_="section"), tag("p", text(sentence)) if sentence else ""))


def close_page() -> None:
    """How to read the charts, once for all of them."""
    block(
        tag("div", tag("h2", text("How to read these pages")), items(words.READING_NOTES), class_="reading")
    )


def block(markup: Markup) -> None:
    """The only place that hands markup to the browser. st.markdown keeps the node when its text
    changes, which st.html does not: details stay open, and status lines are announced."""
    st.markdown(markup, unsafe_allow_html=True)


@st.fragment(run_every=WATCH_SECONDS)
def _watch(view: source.View) -> None:
    """An open, untouched page shows a new build; nothing is drawn unless there is one."""
    if not source.is_current(view):
        st.rerun()


@st.fragment(run_every=WATCH_SECONDS)
def _wait_for_data() -> None:
    try:
        source.database()
    except FileNotFoundError:
        return
    st.rerun()
