"""Asks about one file. Hides how answers are found, what an answer would lose, and what depends on a question."""

from collections.abc import Iterable, Sequence

from leadstats.assistant.questions import LEFT, Answers, MappingQuestion, Refusal, hanging
from leadstats.model.schema import TABLES, Column
from leadstats.model.settings import ROW
from leadstats.recognition import constraints, moments
from leadstats.recognition.profile import Sheet

MOST_LOST = 0.5  # an answer that loses more of the rows than this is not taken


class Asker:
    """The questions about one file, and what follows from the answers.

    is_known: the file has a mapping, so keys also name the table.
    """

    def __init__(self, sheet: Sheet, pattern: str, answers: Answers, is_known: bool = False):
        self.sheet, self.pattern, self.answers, self.is_known = sheet, pattern, answers, is_known
        self.table: str | None = None
        self.person: str | None = None  # the header that numbers people
        self.questions: list[MappingQuestion] = []

    def keys(self, what: str) -> tuple[str, ...]:
        """The names of a question; the first is the one shown."""
        plain, whole = f"{self.pattern}: {what}", f"{self.pattern}: {self.table}.{what}"
        if self.table is None:
            return (plain,)
        return (whole, plain) if self.is_known else (plain, whole)

    def told(self, what: str, allowed: Iterable[str], *others: str, several: bool = False) -> str | None:
        """The answer given, whether or not it was asked for. others: further names of the same question."""
        keys = [key for name in (what, *others) for key in self.keys(name)]
        return self.answers.to(keys, allowed, several)

    def ask(
        self,
        what: str,
        text: str,
        options: Sequence[tuple[str, str]],
        default: str | None = None,
        column: str | None = None,
        several: bool = False,
    ) -> str | None:
        """The answer if there is one, else the default; asked unless answered."""
        answer = self.told(what, (each for each, _ in options), several=several)
        if answer is not None:
            return answer
        self.questions.append(
            MappingQuestion(
                self.keys(what)[0],
                self.sheet.name,
                text,
                tuple(options),
                default,
                several,
                self.sheet.rows,
                len(self.sheet.cells(self.person)) if self.person else None,
                hanging(self.table, column) if self.table else (),
            )
        )
        return default

    def told_column(self, column: Column, *others: str) -> str | None:
        """The header (or LEFT, or ROW) answered for a column; an answer that would lose most rows is refused."""
        answer = self.told(column.name, self.allowed(column), *others)
        if answer is None or answer in (LEFT, ROW):
            return answer
        lost, why = self.lost(column, answer)
        if lost <= MOST_LOST * self.sheet.rows:
            return answer
        key = self.keys(column.name)[0]
        self.answers.refused.append(Refusal(key, answer, lost, self.sheet.rows, why))
        return None

    def allowed(self, column: Column) -> tuple[str, ...]:
        """Every allowed answer for a column: any header of the file, none, or, for a number, the row itself."""
        further = (ROW,) if self._numbers_events(column) else () if column.required else (LEFT,)
        return (*self.sheet.headers, *further)

    def ask_column(
        self,
        column: Column,
        likely: Sequence[str],
        default: str | None = None,
        text: str = "",
        said: str = "",
    ) -> str | None:
        """Asks which column it is, with the likely ones first and then all others."""
        meaning = column.meaning.split("; ")[0]
        text = text or f"Which column is this: {meaning[0].lower()}{meaning[1:]}?"
        allowed = self.allowed(column)
        first = dict.fromkeys(each for each in likely if each in self.sheet.headers)
        options = [(each, self.described(each)) for each in first]
        options += [(ROW, "No column numbers them: each row is one")] if ROW in allowed else []
        options += [(LEFT, "None: this file does not have it")] if LEFT in allowed else []
        options += [(each, self.described(each)) for each in self.sheet.headers if each not in first]
        return self.ask(column.name, f"{text} {said}".strip(), options, default, column.name)

    def described(self, header: str) -> str:
        """A header, with how many cells are filled and how many are distinct."""
        profile = self.sheet.profile(header)
        if not profile.filled:
            return f"{header} (empty)"
        return (
            f"{header} ({profile.filled:,} of {profile.rows:,} rows filled, {profile.distinct:,} different)"
        )

    def lost(self, column: Column, header: str) -> tuple[int, str]:
        """How many rows would be lost if a header were a column, and why."""
        profile = self.sheet.profile(header)
        empty = profile.rows - profile.filled
        if column.is_date:
            read = moments.read_by(profile.values, profile.serials.formats) * sum(profile.values.values())
            unread = round(sum(profile.values.values()) - read)
            example = next(
                (v for v in profile.values if moments.read_by({v: 1}, profile.serials.formats) == 0), ""
            )
            why = f"Its cells are no days, such as {example!r}." if unread else "Most of its cells are empty."
            return unread + (empty if column.required else 0), why
        if self._numbers_events(column):
            seen = constraints.repeats(self.sheet, (header,), (self.person,) if self.person else ())
            if seen.are_one_event:
                return empty, "Most of its cells are empty."
            return seen.repeated + empty, "Most of its rows repeat a number: they would count as one event."
        return (empty if column.required else 0), "Most of its cells are empty."

    def _numbers_events(self, column: Column) -> bool:
        is_key = TABLES[self.table].key[:1] == (column.name,)
        return is_key and column.required and column.name not in ("person_id", "source")
