"""What surrounds every page: style, header band, filters, status line, and the watch for new data."""

import functools
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass

import streamlit as st

from leadstats.analysis.equity import REFERENCE, references
from leadstats.briefing import View
from leadstats.briefing.answer import Answer
from leadstats.briefing.questions import QUESTIONS, answered
from leadstats.counting.database import Database
from leadstats.counting.view import FilterError
from leadstats.model.language import LANGUAGES, SOURCE, message, say, speak, spoken, translation_note
from leadstats.narrative import captions, not_recorded, wording
from leadstats.ui.shell import address, filters, first_screens, newer, page_language, session, sheet
from leadstats.ui.shell.inbox_store import InboxStore
from leadstats.ui.shell.markup import Markup, details, items, link, tag, text
from leadstats.ui.shell.result_cache import Answers

WATCH_SECONDS = 20
MOST_LEFT_OUT = 5
PRESENTED = "view"  # the choice of a page that the meeting's view has
LEFT_OUT, FOLD = "left_out", "fold "
# What is missing, and what fills the page; by where its numbers come from.
NOTHING = {
    session.LIVE: (
        message("There are no data that this version can read"),
        message(
            "Put the exports into a folder and run: python -m leadstats build INBOX --to DATA. This page "
            "fills by itself when the build is done."
        ),
    ),
    session.PREVIEW: (
        message("There is no preview of the next release that this version can read"),
        message(
            "Run: python -m leadstats release --data DATA --preview. It takes a few minutes, and this "
            "page fills by itself."
        ),
    ),
    session.RELEASE: (
        message("There is no release that this version can read"),
        message(
            "Nothing has been published yet, or it must be made anew: python -m leadstats release. Until then "
            "there is no number to show."
        ),
    ),
}


# Draws widgets, and returns what those of a page's own choices stand for that are empty.
Choices = Callable[[Database], Mapping[str, str]]


@dataclass(frozen=True)
class Page:
    """The address of a page and its name in the navigation; the question it answers."""

    address: str
    title: str
    has_filters: bool = True

    @property
    def name(self) -> str:
        return say(self.title)

    @property
    def question(self) -> str:
        return say(QUESTIONS[self.address].words)


PAGES = (
    Page("overview", message("Overview")),
    Page("enrollment", message("Enrollment")),
    Page("diversion", message("Diversion")),
    Page("jail_beds", message("Jail beds")),
    Page("housing", message("Housing")),
    Page("equity", message("Racial equity")),
    Page("neighborhoods", message("Neighborhoods")),
    Page("explore", message("Explore")),
    Page("case_work", message("Case work")),
    Page("meetings", message("Meetings")),
    Page("import", message("Import"), False),
    Page("settings", message("Settings"), False),
    Page("data_quality", message("Data quality"), False),
    Page("evidence", message("Evidence"), False),
    Page("definitions", message("Definitions"), False),
)


def named(name: str) -> Page:
    return next(each for each in PAGES if each.address == name)


def page(name: str, choices: Choices | None = None, **own: str) -> Callable[[Callable[[View], None]], None]:
    """Draws a page around the figures that the decorated function draws. `own`: further choices of the page that
    its address keeps, by their default; `choices`: draws their widgets beside the filters, where all figures hang on
    them."""

    def draw(figures: Callable[[View], None]) -> None:
        news, audience = _begin(name, own)
        _draw(name, own, news, audience, choices, figures)

    return draw


def inbox_page(name: str) -> Callable[[Callable[[InboxStore | None], None]], None]:
    """The same for a page that needs no data yet; there is no inbox if the visitor may not use it."""

    def draw(body: Callable[[InboxStore | None], None]) -> None:
        news, audience = _begin(name, {})
        inbox_store = session.inbox_store(audience)

        def figures(view: View | None) -> None:
            sheet.current().stop_gathering()
            body(inbox_store)

        try:
            session.opened(audience)
        except FileNotFoundError:
            if inbox_store is None:
                _without_data(name, audience)
            _opening(named(name))
            figures(None)
            _close()
        else:
            _draw(name, {}, news, audience, None, figures)

    return draw


def _draw(
    name: str,
    own: Mapping[str, str],
    news: address.Query | None,
    audience: str,
    choices: Choices | None,
    figures: Callable[[View], None],
) -> None:
    """What stays whatever is chosen, and then the content.

    A choice draws the content anew and nothing else: the browser would spend more on filters, with all months that
    they offer, than on what has changed.
    """
    try:
        answers, notice = _look(audience)
    except FileNotFoundError:
        _without_data(name, audience)
    this = named(name)
    block(_band(answers.database, audience))
    with sheet.among_widgets():
        if notice:
            st.warning(filters.literal(notice))
        is_noticed = filters.offer(name, answers.database, this.has_filters, own, news) or bool(notice)
        usual = choices(answers.database) if choices else {}
    around = sheet.current()
    above = (*around.screen, *([Markup()] if choices else ()))

    def content() -> None:
        with sheet.gathered(around.name and f"{around.name}, {filters.CONTENT}", above):
            view, further = _content(name, own, usual, audience, answers, figures, is_noticed)
        # What is read comes before what stands above it.
        if PRESENTED not in own:
            address.write(view, filters.keys_of(name, own), further)

    # A notice is gone with the next choice, which is to say that all is drawn anew.
    st.session_state[filters.DRAWN] = "" if is_noticed else name
    (st.fragment(content, key=filters.CONTENT) if this.has_filters else content)()
    if not st.session_state[address.SNAPSHOT]:
        _watch(answers.database, audience)


def _content(
    name: str,
    own: Mapping[str, str],
    usual: Mapping[str, str],
    audience: str,
    answers: Answers,
    figures: Callable[[View], None],
    is_noticed: bool,
) -> tuple[View, Mapping[str, str]]:
    """All that a choice changes; the view that it shows, and the page's own choices in it."""
    this, database = named(name), answers.database
    _enter(audience, own)
    if _look(audience)[0] is not answers:
        st.rerun()  # newer data than those that the filters speak of
    months, further = filters.chosen(name, own, usual)
    view = View(
        database, audience, months, answers.ask, _reference(database, further), session.goals(database)
    )
    is_kept_from_before, answer = bool(st.session_state[address.SNAPSHOT]), answered(name, view)
    if this.has_filters and not (further or is_noticed or is_kept_from_before):
        sheet.current().keep = functools.partial(first_screens.keep, first_screens.of(name, view))
    if PRESENTED not in own:  # slides have no room for more than a sentence of it
        if is_kept_from_before:
            block(newer.above(view, name, answer))
        if not database.is_public and (amended := session.amended(database.mark)):
            block(tag("p", text(amended), class_="kept"))
    _opening(this, answer, captions.scope(view.filters))
    if view.database.is_public and PRESENTED not in own:
        block(tag("p", *other_languages(view, name), class_="links"))
    if PRESENTED in own:  # slides add their number to it
        address.write(view, filters.keys_of(name, own), further)
    figures(view)
    if PRESENTED not in own:
        _close()
    return view, further


def _reference(database: Database, further: Mapping[str, str]) -> str:
    """The group to compare with, where the address names one that there is."""
    asked = further.get("reference", REFERENCE)
    return asked if asked in references(database) else REFERENCE


def _look(audience: str) -> tuple[Answers, str]:
    """The snapshot that a link names, else the one in force, and what to say if the link's cannot be shown.

    A snapshot in force is followed: an open page goes on to the next one.
    """
    current, asked = session.opened(audience), st.session_state[address.SNAPSHOT]
    try:
        found, notice = session.opened(audience, asked), ""
        # What was amended is named in the address by what stands in its place.
        asked = asked and found.database.mark
    except (FilterError, FileNotFoundError) as error:
        found, asked = current, ""
        notice = say(
            "The link names what cannot be shown: {error}. The newest data are shown instead.", error=error
        )
    st.session_state[address.SNAPSHOT] = "" if found is current else asked
    return found, notice


def _begin(name: str, own: Mapping[str, str]) -> tuple[address.Query | None, str]:
    """What is new in the address, and the audience that is granted."""
    sheet.begin()
    st.session_state[filters.DRAWN] = ""
    news = address.arrived(name, filters.keys_of(name, own))
    audience = session.audience(st.session_state[address.AUDIENCE])
    _enter(audience, own)
    if spoken() is not SOURCE and PRESENTED not in own:  # slides say it by themselves
        page_language.set_it()
    return news, audience


def _enter(audience: str, own: Mapping[str, str]) -> None:
    """Each thread that draws knows what the visit asked for, and nothing of what was drawn before."""
    address.recall()
    speak_to(audience, PRESENTED in own)
    st.session_state.pop(LEFT_OUT, None)
    newer.forget()


def speak_to(audience: str, is_presented: bool) -> None:
    """In the language of the address what the public and a meeting see; what staff work with is in English alone."""
    speak(address.language() if audience == session.PUBLIC or is_presented else "")


def _without_data(name: str, audience: str) -> None:
    lacking, advice = NOTHING[session.kind(audience)]
    block(tag("h1", text(named(name).name)))
    told = tag("p", text(say(lacking)), class_="lead") + tag("p", text(say(advice))) + to_import(audience)
    block(tag("div", told, class_="empty"))
    sheet.current().send()  # once it is told to stop, Streamlit sends nothing more
    _wait_for_data(audience)
    st.stop()


def to_import(audience: str) -> Markup:
    """For staff, the way to the page that takes exports in; nothing for others."""
    if session.inbox_store(audience) is None:
        return Markup()
    return tag("p", link(say("Take exports in on the Import page"), "import"), class_="links")


def _band(database: Database, audience: str) -> Markup:
    site = database.site
    facts = session.facts(database, audience)
    sample = tag("strong", text(say(wording.SAMPLE)), class_="sample") if site.is_sample else ""
    return tag(
        "div",
        tag("p", tag("span", text(site.name), class_="program"), sample),
        tag("ul", *(tag("li", text(fact)) for fact in facts)),
        class_="band",
    )


def _opening(this: Page, answer: Answer | None = None, scope: str = "") -> None:
    """The page's question, if it is asked of these data, its answer, and the line that screen readers announce."""
    asked = answer.question if answer else this.question
    verdict = tag("strong", text(f"{wording.capital(answer.verdict)}.")) if answer and answer.verdict else ""
    lead = tag("p", verdict, " ", text(answer.lead), class_="lead") if answer and answer.lead else ""
    block(
        tag(
            "div",
            tag("p", text(asked), class_="question") if asked else "",
            tag("h1", text(this.name)),
            lead,
            tag(
                "p",
                text(f"{this.name}: {scope}" if this.has_filters else this.name),
                class_="scope" if this.has_filters else "announced",
                role="status",
            ),
            class_="opening",
        )
    )


def other_languages(view: View, name: str, /, **own: str) -> list[Markup]:
    """Links to the same page in each other language, by the name that its readers know it by."""
    return [
        link(
            each.name.capitalize(),
            address.of(view, name, **own, language=code),
            lang=each.tag,
            hreflang=each.tag,
        )
        for code, each in LANGUAGES.items()
        if each is not spoken()
    ]


def section(title: str, sentence: str = "") -> None:
    """A heading, drawn as soon as something follows it. title and sentence: messages, said here."""
    sheet.current().head(_heading(say(title), say(sentence)))


def folded(view: View, title: str, *draws: Callable[[View], None], sentence: str = "") -> None:
    """A section that is worked out only once somebody opens it. Of a release all is worked out, so it is open."""
    if view.database.is_public:
        section(title, sentence)
        for draw in draws:
            draw(view)
        return
    block(_heading(say(title), say(sentence), "section folded"))
    name = sheet.current().name
    with sheet.among_widgets():
        fold = st.expander(say("Show these numbers"), key=f"{FOLD}{title}", on_change="rerun")
        with fold, sheet.gathered(f"{name}, {title}") if name else nullcontext():
            for draw in draws if fold.open else ():
                draw(view)


def _heading(title: str, sentence: str, kind: str = "section") -> Markup:
    return tag("div", tag("h2", text(title), class_=kind), tag("p", text(sentence)) if sentence else "")


def leave_out(titles: Iterable[str]) -> None:
    """Figures that a release does not hold: told together, at the end of the page."""
    st.session_state.setdefault(LEFT_OUT, {}).update(dict.fromkeys(titles))


def _close() -> None:
    """What newer data say otherwise, how to read the charts, and what must be known of every number, once for all."""
    if found := newer.of_all_figures():
        view, told = found
        folded(
            view,
            message("What differs in the newest data for what this page shows"),
            lambda view: block(told()),
            sentence=message(
                "Every figure above, over the same months and filters; those in closed folds are not looked at."
            ),
        )
    notes = (
        details(head, *(tag("p", text(paragraph)) for paragraph in paragraphs))
        for head, paragraphs in session.notes().items()
    )
    if left_out := st.session_state.get(LEFT_OUT):
        sheet.current().forget_heading()  # nothing of that section is in the release
        block(_left_out(tuple(left_out)))
    reading = details(say("How to read these pages"), items(map(say, wording.READING_NOTES)))
    draft = tag("p", text(translation_note()))
    block(tag("div", draft, reading, *notes, class_="reading"))


def _left_out(titles: Sequence[str]) -> Markup:
    """A few in a sentence; many would be longer than the page."""
    if len(titles) <= MOST_LEFT_OUT:
        return tag("p", text(not_recorded.not_released(titles)), class_="unreleased")
    said = say("Not among the public numbers: {count} that partners see", count=len(titles))
    return tag("div", details(said, items(titles)), class_="unreleased")


def block(markup: Markup) -> None:
    """The only place that hands markup to the browser, with the answers of `card`."""
    sheet.current().add(markup)


def changing() -> Callable[[Markup], None]:
    """A place for markup that is drawn again and again, as while something is under way."""
    slot = st.empty()
    return lambda markup: slot.markdown(markup, unsafe_allow_html=True)


@st.fragment(run_every=WATCH_SECONDS)
def _watch(database: Database, audience: str) -> None:
    """An open, untouched page shows a new build; nothing is drawn unless there is one."""
    if not session.is_current(database, audience):
        st.rerun()


@st.fragment(run_every=WATCH_SECONDS)
def _wait_for_data(audience: str) -> None:
    try:
        session.opened(audience)
    except FileNotFoundError:
        return
    st.rerun()
