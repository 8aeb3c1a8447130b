"""From what a file probably is to its lines in mapping.toml, and the questions only a person can answer."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from msgspec import structs

from leadstats.model.schema import PATHWAYS, RACES, TABLES, TWO_OR_MORE, Column, Table
from leadstats.model.settings import NOTHING, FileMapping
from leadstats.recognition import forms, suggest
from leadstats.recognition.forms import Words
from leadstats.recognition.profile import Sheet
from leadstats.recognition.suggest import Guess, TableGuess
from leadstats.recognition.vocabulary import load, simple

LEFT = "(none)"
PATHWAY_WORDS = {
    "arrest_diversion": "Officers diverted them instead of booking them",
    "social_contact": "Officers referred them without an arrest",
    "community": "Neighbors, businesses, providers or they themselves asked",
    "jail_or_court": "From jail, the prosecutor or a court",
    "unknown": "The export does not tell",
}
AS_IT_IS = "as it is"


@dataclass(frozen=True)
class MappingQuestion:
    """Something only a person can tell. `key` names it in answers; options are (answer, words for it)."""

    key: str
    file: str
    text: str
    options: tuple[tuple[str, str], ...]
    default: str | None = None


@dataclass(frozen=True)
class Proposal:
    """How a file would be read: its mappings, how sure each column is, and what has to be asked."""

    file: str
    pattern: str
    score: float
    mappings: tuple[FileMapping, ...] = ()
    guesses: tuple[Guess, ...] = ()
    questions: tuple[MappingQuestion, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def table(self) -> str | None:
        return self.mappings[0].table if self.mappings else None

    @property
    def used(self) -> set[str]:
        return {
            header
            for mapping in self.mappings
            for header in (
                *(each for c in mapping.columns.values() for each in c),
                *mapping.wide,
                *mapping.marked,
            )
        }


@dataclass(frozen=True)
class Surroundings:
    """What a proposal for one file has to know of the others."""

    pattern: str
    people: frozenset[str] = frozenset()  # the numbers of those whom another file describes
    places: tuple[str, ...] = ()  # the names on the map
    skip_after_header: int = 0
    answers: Mapping[str, str] = field(default_factory=dict)


def propose(sheet: Sheet, around: Surroundings) -> Proposal:
    """Raises nothing: a file that is like no table gets a proposal without mappings."""
    return _Proposing(sheet, around).run()


class _Proposing:
    def __init__(self, sheet: Sheet, around: Surroundings):
        self.sheet, self.around = sheet, around
        self.questions: list[MappingQuestion] = []
        self.notes: list[str] = []

    def run(self) -> Proposal:
        choices = suggest.tables_for(self.sheet)
        likely = [choice for choice in choices if choice.score >= suggest.IS_A_TABLE]
        table = self._answer("table")
        if table is None and len(likely) > 1 and likely[0].score - likely[1].score < suggest.ARE_CLOSE_TABLES:
            self._ask("table", "What is one row of this file?", _tables(likely[:4]), likely[0].table)
        if table is None and not likely:
            return Proposal(self.sheet.name, self.around.pattern, choices[0].score if choices else 0)
        table = table or likely[0].table
        if table == NOTHING:
            left_out = FileMapping(self.around.pattern, NOTHING)
            return Proposal(
                self.sheet.name, self.around.pattern, 1, (left_out,), questions=tuple(self.questions)
            )
        choice = suggest.as_table(self.sheet, table)
        guesses = self._settled(choice)
        mapping = self._mapping(TABLES[table], guesses)
        return Proposal(
            self.sheet.name,
            self.around.pattern,
            choice.score,
            (mapping, *self._companions(mapping)),
            tuple(guesses.values()),
            tuple(self.questions),
            tuple(self.notes),
        )

    def _key(self, what: str) -> str:
        return f"{self.around.pattern}: {what}"

    def _answer(self, what: str) -> str | None:
        return self.around.answers.get(self._key(what))

    def _ask(
        self, what: str, text: str, offered: Sequence[tuple[str, str]], default: str | None = None
    ) -> str | None:
        """The answer if there is one, else the default; asked unless answered."""
        if (answer := self._answer(what)) is not None:
            return answer
        self.questions.append(
            MappingQuestion(self._key(what), self.sheet.name, text, tuple(offered), default)
        )
        return default

    def _settled(self, choice: TableGuess) -> dict[str, Guess]:
        """The columns as guessed or answered; asks where two suit, or none is sure."""
        table, guesses = TABLES[choice.table], dict(choice.guesses)
        for column in table.columns:
            guess = guesses.get(column.name)
            answer = self._answer(column.name)
            taken = {header for each in guesses.values() for header in each.headers}
            if answer is not None:
                pass
            elif guess and (others := suggest.rivals(self.sheet, table.name, guess, taken)):
                answer = self._ask_column(column, [guess.headers[0], *others], guess.headers[0])
            elif guess and column.required and guess.score < suggest.IS_SURE and len(guess.headers) == 1:
                found = suggest.candidates(self.sheet, table.name, column.name)
                answer = self._ask_column(column, [guess.headers[0], *found], guess.headers[0])
            elif guess is None and column.required and not self._is_given(table, column):
                found = suggest.candidates(self.sheet, table.name, column.name)
                answer = self._ask_column(column, found, None)
            if answer == LEFT:
                guesses.pop(column.name, None)
            elif answer in {each.header for each in self.sheet.columns}:
                guesses[column.name] = Guess(column.name, (answer,), 1.0)
        return self._with_clocks(table, self._with_ethnicity(table, guesses))

    def _ask_column(self, column: Column, headers: Sequence[str], default: str | None) -> str | None:
        options = [(header, header) for header in dict.fromkeys(headers)]
        if not column.required:
            options.append((LEFT, "None of these"))
        text = f"Which column is this: {column.meaning.split('; ')[0][0].lower()}{column.meaning.split('; ')[0][1:]}?"
        return self._ask(column.name, text, options, default)

    def _is_given(self, table: Table, column: Column) -> bool:
        has_groups = table.name == "population" and len(suggest.wide_groups(self.sheet)) > 2
        return column.kind == "choice" or has_groups or column.name == "seen_on"

    def _with_ethnicity(self, table: Table, guesses: dict[str, Guess]) -> dict[str, Guess]:
        """Police and jails often keep Hispanic in a column of its own; our race is all of them."""
        race = guesses.get("race")
        taken = {header for each in guesses.values() for header in each.headers}
        for profile in self.sheet.columns if race else ():
            is_named = re.search(r"ethnic|hispanic|latin", profile.header, re.IGNORECASE)
            found = forms.races(profile.values)
            is_hispanic = set(found.values.values()) - {""} == {"Hispanic or Latino"}
            if is_named and profile.header not in taken and is_hispanic and found.share > suggest.IS_LIKELY:
                guesses["race"] = replace(race, headers=(*race.headers, profile.header))
                self.notes.append(f"Race is taken from {race.headers[0]} and {profile.header} together.")
        return guesses

    def _with_clocks(self, table: Table, guesses: dict[str, Guess]) -> dict[str, Guess]:
        """Jails and police often keep the time of a day in a column of its own, named like that of the day."""
        for name, guess in guesses.items():
            if not table.column(name).may_have_time or len(guess.headers) > 1:
                continue
            taken = {header for each in guesses.values() for header in each.headers}
            clock = suggest.clock_of(self.sheet, guess.headers[0], taken)
            if clock:
                guesses[name] = replace(guess, headers=(*guess.headers, clock))
                self.notes.append(f"The time of {guess.headers[0]} is taken from {clock}.")
        return guesses

    def _mapping(self, table: Table, guesses: Mapping[str, Guess]) -> FileMapping:
        columns = {column.name: guesses[column.name] for column in table.columns if column.name in guesses}
        wide = suggest.wide_groups(self.sheet) if table.name == "population" else {}
        wide = wide if len(wide) > 2 else {}
        marked = {} if "race" in guesses or wide else self._marked(table)
        mapping = FileMapping(
            self.around.pattern,
            table.name,
            skip_after_header=self.around.skip_after_header,
            missing=tuple(
                word
                for word in self.sheet.missing
                if {*self.sheet.missing[word]} & _headers(columns, wide, marked)
            ),
            columns={
                name: guess.headers
                for name, guess in columns.items()
                if not (wide and name in ("race", "people"))
            },
            wide=wide,
            marked=marked,
        )
        parts = [self._forms_of(table.column(name), guess) for name, guess in columns.items()]
        for part in parts:
            mapping = structs.replace(
                mapping,
                formats=mapping.formats | part.formats,
                values=mapping.values | part.values,
                split=mapping.split | part.split,
            )
        return structs.replace(mapping, constants=self._constants(table, guesses))

    def _marked(self, table: Table) -> dict[str, str]:
        has_race = any(column.name == "race" for column in table.columns)
        found = suggest.marked_races(self.sheet) if has_race else {}
        return found if len(found) > 1 else {}

    def _constants(self, table: Table, guesses: Mapping[str, Guess]) -> dict[str, str]:
        if table.name != "referral" or "pathway" in guesses:
            return {}
        options = [(pathway, PATHWAY_WORDS[pathway]) for pathway in PATHWAYS]
        answer = self._ask("pathway", "How did the people in this file come to LEAD?", options)
        if answer is None:
            self.notes.append("Until it is answered how people came, their pathway is unknown.")
        return {"pathway": answer if answer in PATHWAYS else "unknown"}

    def _forms_of(self, column: Column, guess: Guess) -> FileMapping:
        """Formats, values and separators of one column, as a mapping to be merged."""
        found = FileMapping("", "")
        values: dict[str, int] = {}
        for header in guess.headers[:1] if column.is_date else guess.headers:
            for value, count in self.sheet.profile(header).values.items():
                values[value] = values.get(value, 0) + count
        if column.is_date:
            formats = self._formats(values)
            return structs.replace(found, formats={column.name: formats}) if formats else found
        if column.name == "neighborhood":
            spelled = self._as_on_the_map(values)
            return structs.replace(found, values={column.name: spelled}) if spelled else found
        words = self._of_races(guess) if column.kind == "races" else words_of(column, values)
        if words is None:
            return found
        ours = dict(words.values) | self._told(column, words)
        has_separator = words.separator and words.separator != ";"
        return structs.replace(
            found,
            values={column.name: ours} if ours else {},
            split={column.name: words.separator} if has_separator else {},
        )

    def _as_on_the_map(self, values: Mapping[str, int]) -> dict[str, str]:
        """Names that differ from those of the map in nothing but marks."""
        on_map = {simple(place): place for place in self.around.places}
        known = {place.lower() for place in self.around.places}
        return {
            value: on_map[simple(value)]
            for value in values
            if value.lower() not in known and simple(value) in on_map
        }

    def _of_races(self, guess: Guess) -> Words:
        """Of a second column only Hispanic counts; its other words deny it."""
        race, *others = (self.sheet.profile(header).values for header in guess.headers)
        words = forms.races(race)
        ours = dict(words.values)
        for value in (value for values in others for value in values if value not in race):
            ours[value] = forms.races({value: 1}).values.get(value, "")
        return replace(words, values=ours)

    def _formats(self, values: Mapping[str, int]) -> tuple[str, ...]:
        dates = forms.dates(values, may_be_serial=True)
        if dates.formats == (forms.SERIAL,):
            self.notes.append("Dates are the day numbers of a spreadsheet; they are turned into dates.")
        if any("%y" in each for each in dates.formats):
            self.notes.append("Years have two digits: 69 to 99 are read as 1969 to 1999, others as 20..")
        if dates.other:
            example = next(iter(values))
            options = [("month first", "Month first, as in the US"), ("day first", "Day first")]
            answer = self._ask(
                "dates", f"Is the month or the day first in dates such as {example}?", options, "month first"
            )
            return dates.other if answer == "day first" else dates.formats
        return dates.formats

    def _told(self, column: Column, words: Words) -> dict[str, str]:
        """What nobody but a person can tell of values, once told."""
        ours = {}
        for value in words.unclear[: suggest.ASKED_VALUES]:
            found = options(column)
            text = f"What does {value!r} mean as {column.meaning.split('; ')[0].split(',')[0].lower()}?"
            answer = self._ask(f"{column.name} = {value}", text, found)
            if answer is not None:
                # Written down even where it changes nothing, so that nobody is asked again.
                ours[value] = value if answer == AS_IT_IS else answer
        return ours

    def _companions(self, mapping: FileMapping) -> Iterator[FileMapping]:
        """The same rows as another table: arrests among stops, people among referrals."""
        if mapping.table == "stop" and "is_arrested" in mapping.columns:
            renamed = {"stop_id": "arrest_id", "stopped_at": "arrested_at"}
            flag = mapping.columns["is_arrested"][0]
            told = mapping.values.get("is_arrested", {})
            marks = [
                value
                for value in self.sheet.profile(flag).values
                if told.get(value, value).lower() in ("yes", "true", "1")
            ]
            keep = {column.name for column in TABLES["arrest"].columns}

            def of_arrests(part: Mapping) -> dict:
                named = {renamed.get(name, name): entry for name, entry in part.items()}
                return {name: entry for name, entry in named.items() if name in keep}

            yield structs.replace(
                mapping,
                table="arrest",
                columns=of_arrests(mapping.columns),
                formats=of_arrests(mapping.formats),
                values=of_arrests(mapping.values),
                split=of_arrests(mapping.split),
                only={flag: tuple(marks)},
            )
        if mapping.table in ("referral", "enrollment"):
            yield from self._people(mapping)

    def _are_known(self, person: Sequence[str]) -> bool:
        """Whether most of these people are described elsewhere."""
        numbers = self.sheet.cells(person[0])
        return len(person) == 1 and len(numbers & self.around.people) > len(numbers) / 2

    def _people(self, mapping: FileMapping) -> Iterator[FileMapping]:
        guesses = dict(suggest.as_table(self.sheet, "person").guesses)
        person = mapping.columns.get("person_id")
        if person is None or self._are_known(person):
            return
        taken = {header for headers in mapping.columns.values() for header in headers}
        guesses = {name: guess for name, guess in guesses.items() if not taken & set(guess.headers)}
        guesses["person_id"] = Guess("person_id", person, 1.0)
        guesses = self._with_ethnicity(TABLES["person"], guesses)
        people = self._mapping(TABLES["person"], guesses)
        if len(people.columns) > 1 or people.marked:
            yield people


def _headers(columns: Mapping[str, Guess], *more: Mapping[str, str]) -> set[str]:
    return {header for guess in columns.values() for header in guess.headers}.union(*more)


def words_of(column: Column, values: Mapping[str, int]) -> Words | None:
    if column.kind == "races":
        return forms.races(values)
    if column.name in ("is_diverted", "is_booked"):
        told = forms.outcomes(values, column.name.removeprefix("is_"))
        plain = forms.yes_or_no(values)
        return plain if plain.share >= told.share else told
    if column.kind == "flag":
        return forms.yes_or_no(values)
    if column.kind == "choice":
        return forms.choices(column, values)
    if column.name in ("sex", "gender"):
        return forms.sexes(values)
    return forms.codes(column, values) if column.name in ("code", "destination", "project_type") else None


def options(column: Column) -> list[tuple[str, str]]:
    nothing = [("", "Nothing: it counts as not known")]
    if column.kind == "races":
        as_it_is = [(AS_IT_IS, "A group that none of these is: it counts as Unknown, and apart")]
        return [*((race, race) for race in (*RACES, TWO_OR_MORE)), *as_it_is, *nothing]
    if column.kind == "choice":
        return [(choice, PATHWAY_WORDS.get(choice, choice)) for choice in column.choices]
    if column.kind == "flag":
        return [("yes", "Yes"), ("no", "No"), *nothing]
    sections = {"code": ["living_situations"], "project_type": ["project_types"]}
    found = [
        (code, f"{words[0].capitalize()} ({code})")
        for section in sections.get(column.name, ["living_situations", "destinations"])
        for code, words in load()[section].items()
    ]
    return [*found, *nothing]


def _tables(choices: Sequence[TableGuess]) -> list[tuple[str, str]]:
    named = [(choice.table, TABLES[choice.table].row_is.capitalize()) for choice in choices]
    return [*named, (NOTHING, "Nothing to read: leave the file out")]


def pattern_of(name: str, others: Sequence[str] = ()) -> str:
    """A pattern that next month's file of the same name fits too: dates in the name become *.

    `others`: files it must not fit.
    """
    base = name.rpartition("/")[2]
    escaped = re.sub(r"([\[?*])", r"[\1]", base)
    months = r"jan\w*|feb\w*|mar(ch)?|apr(il)?|may|june?|july?|aug\w*|sep\w*|oct\w*|nov\w*|dec\w*"
    dated = rf"(?<![a-z\d])(({months})[-_ .]?\d{{2,4}}|\d{{1,4}}([-_.]\d{{1,4}}){{1,5}}|(19|20)\d\dq[1-4]|\d{{4,14}})(?![a-z\d])"
    pattern = re.sub(dated, "*", escaped, flags=re.IGNORECASE)
    pattern = re.sub(r"\*+", "*", pattern)
    is_wide = pattern.startswith("*.") or any(FileMapping(pattern, "").matches(other) for other in others)
    return escaped if is_wide else pattern
