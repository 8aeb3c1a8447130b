"""What surrounds every page: style, header band, filters, status line, and the watch for new data."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import streamlit as st

from leadstats.counting.database import Database
from leadstats.narrative import page_leads, wording
from leadstats.ui.import_page.inbox_store import InboxStore
from leadstats.ui.shell import address, filters, result_cache, session
from leadstats.ui.shell.markup import Markup, details, items, tag, text

STYLE = session.ROOT / "static" / "style.css"
WATCH_SECONDS = 20
DUE, LEFT_OUT, FOLD = "section_due", "left_out", "fold "
# What is missing, and what fills the page; by where its numbers come from.
NOTHING = {
    session.LIVE: (
        "There are no data that this version can read",
        "Put the exports into a folder and run: python -m leadstats build INBOX --to DATA. "
        "This page fills by itself when the build is done.",
    ),
    session.PREVIEW: (
        "There is no preview of the next release",
        "Run: python -m leadstats release --data DATA --preview. It takes a few minutes, and this page fills by itself.",
    ),
    session.RELEASE: (
        "Nothing has been published yet",
        "The first release will stand here. Until then there is no number to show.",
    ),
}


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
    Page("import", "Import", "How do our own exports get in?", False),
    Page("settings", "Settings", "What is our county's own?", False),
    Page("data_quality", "Data quality", "How far can these numbers be trusted?", False),
    Page("evidence", "Evidence", "What is known from elsewhere?", False),
    Page("definitions", "Definitions", "What does each number mean?", False),
)


def page(name: str) -> Page:
    return next(each for each in PAGES if each.address == name)


def open_page(name: str, **own: str) -> session.View:
    """Draws all that stands above a page's own figures. `own`: further choices of the page that
    its address keeps, by their default."""
    asked, audience = _begin()
    try:
        database = session.database(audience)
    except FileNotFoundError:
        _without_data(name, audience)
    this = page(name)
    block(_band(database, audience))
    chosen = filters.choose(name, database, this.has_filters, {"audience": asked}, own)
    view = session.View(database, audience, chosen, result_cache.foresee(name, database, chosen, audience))
    _opening(this, page_leads.of_page(name, view), wording.scope(view.filters))
    _watch(view)
    return view


def open_inbox(name: str) -> InboxStore | None:
    """The same for the one page that needs no data yet; nothing if the visitor may not use it."""
    _, audience = _begin()
    inbox_store = session.inbox_store(audience)
    try:
        session.database(audience)
    except FileNotFoundError:
        if inbox_store is None:
            _without_data(name, audience)
        _opening(page(name))
    else:
        open_page(name)
    return inbox_store


def _begin() -> tuple[str, str]:
    """The audience that the address asks for, and the one that is granted."""
    st.html(STYLE)
    for kept in (DUE, LEFT_OUT):
        st.session_state.pop(kept, None)
    asked = next(iter(address.query().get("audience", [])), "")
    return asked, session.audience(asked)


def _without_data(name: str, audience: str) -> None:
    lacking, advice = NOTHING[session.kind(audience)]
    block(tag("h1", text(page(name).title)))
    block(tag("div", tag("p", text(lacking), class_="lead"), tag("p", text(advice)), class_="empty"))
    _wait_for_data(audience)
    st.stop()


def _band(database: Database, audience: str) -> Markup:
    site = database.site
    facts = session.facts(database, audience, filters.reach(database))
    sample = tag("strong", "SAMPLE: invented people", class_="sample") if site.is_sample else ""
    return tag(
        "div",
        tag("p", tag("span", text(site.name), class_="program"), sample),
        tag("ul", *(tag("li", text(fact)) for fact in facts)),
        class_="band",
    )


def _opening(this: Page, sentence: str = "", scope: str = "") -> None:
    """The page's question, its answer in one sentence, and the line that screen readers announce."""
    block(
        tag(
            "div",
            tag("p", text(this.question), class_="question"),
            tag("h1", text(this.title)),
            tag("p", text(sentence), class_="lead") if sentence else "",
            tag(
                "p",
                text(f"{this.title}: {scope}" if this.has_filters else this.title),
                class_="scope",
                role="status",
            ),
            class_="opening",
        )
    )


def section(title: str, sentence: str = "") -> None:
    """A heading, drawn as soon as something follows it."""
    st.session_state[DUE] = (st.empty(), _heading(title, sentence))


def folded(
    view: session.View, title: str, *draws: Callable[[session.View], None], sentence: str = ""
) -> None:
    """A section that is worked out only once somebody opens it. Of a release all is worked out, so it is open."""
    if view.database.is_public:
        section(title, sentence)
        for draw in draws:
            draw(view)
        return
    block(_heading(title, sentence))
    with st.expander("Show these numbers", key=f"{FOLD}{title}", on_change="rerun") as fold:
        for draw in draws if fold.open else ():
            draw(view)


def _heading(title: str, sentence: str) -> Markup:
    return tag("div", tag("h2", text(title), class_="section"), tag("p", text(sentence)) if sentence else "")


def leave_out(titles: Iterable[str]) -> None:
    """Figures that a release does not hold: told together, at the end of the page."""
    st.session_state.setdefault(LEFT_OUT, {}).update(dict.fromkeys(titles))


def close_page() -> None:
    """How to read the charts, and what must be known of every number, once for all of them."""
    notes = (
        details(head, *(tag("p", text(paragraph)) for paragraph in paragraphs))
        for head, paragraphs in session.notes().items()
    )
    if left_out := st.session_state.get(LEFT_OUT):
        st.session_state.pop(DUE, None)  # nothing of that section is in the release
        block(tag("p", text(wording.not_released(left_out)), class_="unreleased"))
    reading = tag("h2", text("How to read these pages")) + items(wording.READING_NOTES)
    block(tag("div", reading, *notes, class_="reading"))


def block(markup: Markup) -> None:
    """The only place that hands markup to the browser. st.markdown keeps the node when its text
    changes, which st.html does not: details stay open, and status lines are announced."""
    slot, heading = st.session_state.pop(DUE, (None, ""))
    if slot is not None:
        slot.markdown(heading, unsafe_allow_html=True)
    st.markdown(markup, unsafe_allow_html=True)


def changing() -> Callable[[Markup], None]:
    """A place for markup that is drawn again and again, as while something is under way."""
    slot = st.empty()
    return lambda markup: slot.markdown(markup, unsafe_allow_html=True)


@st.fragment(run_every=WATCH_SECONDS)
def _watch(view: session.View) -> None:
    """An open, untouched page shows a new build; nothing is drawn unless there is one."""
    if not session.is_current(view):
        st.rerun()


@st.fragment(run_every=WATCH_SECONDS)
def _wait_for_data(audience: str) -> None:
    try:
        session.database(audience)
    except FileNotFoundError:
        return
    st.rerun()
