"""Markup on its way to the browser: gathered into few large pieces, each of which changes in place.

Every element of Streamlit's costs the browser more than all the markup in it, so a page sends as few as it can: what
stands above its first section at once, what follows when a widget comes between, and at the end.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import streamlit as st
from streamlit.runtime.scriptrunner_utils.exceptions import ScriptControlException

from leadstats.ui.shell import opening
from leadstats.ui.shell.markup import Markup, tag

# The script knows how one markup becomes another.
SCRIPT = f"""
const {{ show }} = await import(new URL("{opening.address("sheet.js")}", document.baseURI))
export default show
"""


class Sheet:
    """A stretch of a page without widgets. `name` tells it from others; without one, nothing is gathered: each
    markup is an element, as among widgets. `above`: what the first screen begins with."""

    def __init__(self, name: str = "", above: Iterable[Markup] = ()) -> None:
        self.name = name
        self.keep: Callable[[Markup], None] | None = None  # is told what the first screen was
        self._sent, self._is_first_screen = 0, True
        self.screen = list(above)
        self._parts: list[Markup] = []
        self._answers: list[Markup] = []
        self._heading = Markup()

    def head(self, heading: Markup) -> None:
        """A heading, which stands there as soon as something follows it."""
        self._close_answers()
        if self._is_first_screen:
            self.send()
            self._is_first_screen = False
            if self.keep and self.name:
                self.keep(WIDGETS.join(self.screen))
        self._heading = heading
        # What follows may be a widget, and the heading stands above it.
        self._slot = None if self.name else st.empty()

    def forget_heading(self) -> None:
        self._heading = Markup()

    def add(self, markup: Markup) -> None:
        self._close_answers()
        self._append(markup)

    def add_answer(self, markup: Markup) -> None:
        """Beside the answer before it where the screen is wide, else below."""
        self._append(Markup())
        self._answers.append(tag("div", markup, class_="answer"))
        if not self.name:
            self._close_answers()

    def send(self) -> None:
        """What has been gathered goes to the browser, so that what is drawn next stands below."""
        self._close_answers()
        if self._parts:
            self._sent += 1
            component = st.components.v2.component(
                "leadstats_sheet", html=HTML, js=SCRIPT, isolate_styles=False
            )
            # In a dict, Streamlit would look for tables, and load pandas for that.
            component(data=self._parts, key=f"sheet {self.name} {self._sent}")
            if self._is_first_screen:
                self.screen.append(tag("div", *(tag("div", part) for part in self._parts), class_="sheet"))
            self._parts = []

    def break_off(self) -> None:
        """Something else than markup follows, which the heading is for as well."""
        self.add(Markup())
        self.send()

    def stop_gathering(self) -> None:
        """From here on each markup is sent at once: the rest of the page is widgets with a word between them."""
        self.break_off()
        self.name = ""

    def _append(self, markup: Markup) -> None:
        heading, self._heading = self._heading, Markup()
        if self.name:
            self._parts += filter(None, (heading, markup))
            return
        if heading:
            self._slot.markdown(heading, unsafe_allow_html=True)
        if markup:
            st.markdown(markup, unsafe_allow_html=True)

    def _close_answers(self) -> None:
        if self._answers:
            answers, self._answers = self._answers, []
            self._append(tag("div", *answers, class_="answers"))


WIDGETS = '<div class="widgets"></div>'  # what stands between two sheets
HTML = '<div class="sheet"></div>'
_open: ContextVar[Sheet] = ContextVar("sheet")


def current() -> Sheet:
    """The one that is being filled; outside of a page that gathers, one that sends at once."""
    found = _open.get(None)
    if found is None:
        found = Sheet()
        _open.set(found)
    return found


def begin() -> None:
    """A new page: nothing of the one before it is left over."""
    if not current().name:
        _open.set(Sheet())


@contextmanager
def gathered(name: str, above: Iterable[Markup] = ()) -> Iterator[None]:
    """What is added within goes out together, also if the page fails midway."""
    sheet = Sheet(name, above)
    token = _open.set(sheet)
    try:
        yield
    except ScriptControlException:
        raise  # what was half drawn is drawn again, or has been sent
    except BaseException:
        sheet.send()
        raise
    else:
        sheet.send()
    finally:
        _open.reset(token)


@contextmanager
def among_widgets() -> Iterator[None]:
    """Widgets follow: what stands above is sent first, and each markup between them at once."""
    current().break_off()
    token = _open.set(Sheet())
    try:
        yield
    finally:
        _open.reset(token)
