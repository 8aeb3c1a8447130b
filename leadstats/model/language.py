"""The reader's language: messages from one catalogue, days and months as in CLDR.

The language is a context variable, not a parameter: it changes no number, and sentences are put together across
several rooms, so hundreds of functions would only pass it on. Whoever answers a reader
says it once (`speak`, `speaking`); each thread and each request has its own.

Sentences are templates with named places, translated whole. Numbers need nothing: es-US writes them as en-US does.
"""

import functools
import gettext
import io
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import babel
from babel import dates, numbers
from babel.messages import mofile, pofile

from leadstats.model import periods

LOCALES = {"en": "en_US", "es": "es_US"}  # English is the language of the source
CATALOGS = Path(__file__).with_name("locale")


def message(text: str) -> str:
    """The text itself; marks a constant for the catalogue, to be said later."""
    return text


def plural_message(one: str, many: str) -> tuple[str, str]:
    """The same for two messages, one of which `say_plural` says."""
    return one, many


@dataclass(frozen=True)
class Language:
    """code: one of LOCALES."""

    code: str

    @property
    def tag(self) -> str:
        """The `lang` of pages: screen readers and browsers distinguish es-US from es."""
        return LOCALES[self.code].replace("_", "-")

    @functools.cached_property
    def name(self) -> str:
        return self._locale.language_name

    @functools.cached_property
    def _locale(self) -> babel.Locale:
        return babel.Locale.parse(LOCALES[self.code])

    @functools.cached_property
    def _translations(self) -> gettext.NullTranslations:
        """Compiled when needed, since a compiled file beside the catalogue could be older than it."""
        path = CATALOGS / f"{LOCALES[self.code]}.po"
        if not path.is_file():
            return gettext.NullTranslations()
        with path.open("rb") as stream:
            catalog = pofile.read_po(stream, locale=LOCALES[self.code])
        compiled = io.BytesIO()
        mofile.write_mo(compiled, catalog)
        compiled.seek(0)
        return gettext.GNUTranslations(compiled)

    def text(self, message: str, /, **values: object) -> str:
        """The message with its values. Without values nothing is filled in, since it may still be a template."""
        found = self._translations.gettext(message) if message else ""
        return found.format(**values) if values else found

    def plural(self, one: str, many: str, count: float, /, **values: object) -> str:
        """The one of two messages that goes with a count; a count that is not whole takes the plural."""
        size = int(count) if count == int(count) else 2
        return self._translations.ngettext(one, many, size).format(**values)

    def number(self, value: int) -> str:
        return numbers.format_decimal(value, locale=self._locale)

    def percent(self, value: int, bound: str = "") -> str:
        share = numbers.format_percent(value / 100, format="#,##0%", locale=self._locale)
        if bound == "at_most":
            return self.text("{share} or less", share=share)
        if bound == "at_least":
            return self.text("{share} or more", share=share)
        return share

    def day(self, value: date) -> str:
        return dates.format_date(value, "long", locale=self._locale)

    def month(self, value: date) -> str:
        return _skeleton("yMMMM", value, self._locale)

    def month_name(self, value: date) -> str:
        """The month without its year, as within a sentence."""
        return dates.format_date(value, "MMMM", locale=self._locale)

    def short_month(self, value: date) -> str:
        return _skeleton("yMMM", value, self._locale)

    def period(self, code: str) -> str:
        if "Q" in code:
            return self.text("quarter {quarter} of {year}", quarter=code[-1], year=code[:4])
        if len(code) == 9:
            return self.text("{first} to {last}", first=code[:4], last=code[5:])
        return self.month(date(int(code[:4]), int(code[5:]), 1)) if len(code) == 7 else code

    def short_period(self, code: str) -> str:
        if "Q" in code:
            return self.text("Q{quarter} {year}", quarter=code[-1], year=code[:4])
        return self.short_month(date(int(code[:4]), int(code[5:]), 1)) if len(code) == 7 else code

    def periods(self, codes: Iterable[str]) -> str:
        """Such as 'Feb 2024 and May 2024', or 'Q1 2022 to Q4 2022' when more than two follow each other."""
        said: list[str] = []
        for run in periods.runs(codes):
            names = [self.short_period(code) for code in run]
            ends = {"first": names[0], "last": names[-1]}
            said += names if len(names) < 3 else [self.text("{first} to {last}", **ends)]
        return self.listed(said)

    def listed(self, items: Iterable[str], is_choice: bool = False) -> str:
        """Such as 'one, two and three', or, for a choice, 'one, two or three'."""
        *head, tail = list(items) or [""]
        if not head:
            return tail
        last = self.text("or") if is_choice else self.text("and")
        if self.code == "es":  # y becomes e, and o becomes u, before the same sound
            sound = r"h?i(?!e)" if last == "y" else r"h?o"
            last = {"y": "e", "o": "u"}.get(last, last) if re.match(sound, tail, re.I) else last
        return f"{', '.join(head)} {last} {tail}"


# Cached, since a page names the same months hundreds of times.
@functools.lru_cache(maxsize=4096)
def _skeleton(fields: str, day: date, locale: babel.Locale) -> str:
    return dates.format_skeleton(fields, day, locale=locale)


LANGUAGES = {code: Language(code) for code in LOCALES}
SOURCE = LANGUAGES["en"]
_spoken: ContextVar[Language] = ContextVar("language", default=SOURCE)


def spoken() -> Language:
    return _spoken.get()


def speak(code: str) -> None:
    """Sets the language from here on in this thread or request; English if there is no translation."""
    _spoken.set(LANGUAGES.get(code, SOURCE))


@contextmanager
def speaking(language: Language) -> Iterator[None]:
    before = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(before)


def say(message: str, /, **values: object) -> str:
    """The message in the reader's language; see `Language.text`."""
    return _spoken.get().text(message, **values)


def translation_note() -> str:
    """What a reader of a translation must know; nothing in English."""
    return "" if spoken() is SOURCE else say("A native speaker has not reviewed this translation yet.")


def say_plural(one: str, many: str, count: float, /, **values: object) -> str:
    return _spoken.get().plural(one, many, count, **values)
