"""From what a file probably is to its lines in mapping.toml, and the questions only a person can answer."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from msgspec import structs

from leadstats.assistant import rows, values
from leadstats.assistant.asking import Asker
from leadstats.assistant.questions import LEFT, Answers, MappingQuestion
from leadstats.model.schema import PATHWAYS, TABLES, Column, Table
from leadstats.model.settings import NOTHING, ROW, FileMapping
from leadstats.recognition import constraints, forms, moments, race_columns, suggest
from leadstats.recognition.claims import IS_SURE, Claim
from leadstats.recognition.relations import CARRIERS, Linkage, Meeting, Overlap
from leadstats.recognition.suggest import Judge, TableGuess
from leadstats.recognition.vocabulary import simple, spelled_out

MONTH_FIRST, DAY_FIRST = "month first", "day first"
ONE, OWN = "one numbering", "its own numbers"
FILLED_AS_OFTEN = 0.5
ENDS = ("released_at", "exited_on")  # without them nobody ever leaves
ARE_HISPANIC = re.compile(r"ethnic|hispanic|latin|spanish", re.IGNORECASE)
HISPANIC = "Hispanic or Latino"


@dataclass(frozen=True)
class Proposal:
    """How a file would be read: its mappings, what speaks for each column, and what has to be asked."""

    pattern: str
    mappings: tuple[FileMapping, ...] = ()
    claims: tuple[Claim, ...] = ()
    questions: tuple[MappingQuestion, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def table(self) -> str | None:
        return self.mappings[0].table if self.mappings else None


@dataclass(frozen=True)
class Surroundings:
    """What a proposal for one file has to know of the others, and of the site."""

    pattern: str
    answers: Answers
    people: frozenset[str] = frozenset()  # the numbers of those whom another file describes
    meetings: tuple[Meeting, ...] = ()  # where this file's numbers of events stand elsewhere, or others' here
    overlaps: tuple[Overlap, ...] = ()  # files whose equal numbers may mean other people or events
    joins: tuple[Meeting, ...] = ()  # columns that hold the program's numbers of people, the best first
    links: Linkage | None = None  # if the file is a crosswalk of one row a person
    places: tuple[str, ...] = ()  # the names on the map
    is_outcome_told: bool = False  # whether a column of the arrests says who was diverted
    has_charges: bool = False  # whether site.toml lists the charges that may be diverted
    skip_after_header: int = 0


def propose(judge: Judge, around: Surroundings) -> Proposal:
    """Raises nothing: a file that is like no table gets a proposal without mappings."""
    return _Proposing(judge, around).run()


class _Proposing:
    def __init__(self, judge: Judge, around: Surroundings):
        self.judge, self.sheet, self.around = judge, judge.sheet, around
        self.asker = Asker(judge.sheet, around.pattern, around.answers)
        self.notes: list[str] = []
        self.absent: list[str] = []

    def run(self) -> Proposal:
        table = self._table()
        if table is None:
            return self._proposal()
        if table == NOTHING:
            return self._proposal(FileMapping(self.around.pattern, NOTHING))
        self.asker.table = table
        if table == "person_link" and self.around.links:
            return self._crosswalk(self.around.links)
        claims = self._settled(TABLES[table])
        mapping = self._numbered(self._mapping(TABLES[table], claims))
        return self._proposal(mapping, *self._companions(mapping), claims=tuple(claims.values()))

    def _proposal(self, *mappings: FileMapping, claims: tuple[Claim, ...] = ()) -> Proposal:
        if mappings:
            mappings = (structs.replace(mappings[0], headers=self.sheet.headers), *mappings[1:])
        return Proposal(self.around.pattern, mappings, claims, tuple(self.asker.questions), tuple(self.notes))

    def _table(self) -> str | None:
        """What one row is: as answered, as it must be, or as likely; asked where two tables suit or none does."""
        choices = self.judge.tables()
        likely = [choice for choice in choices if choice.score >= suggest.IS_A_TABLE]
        if self.around.links and (not likely or likely[0].table == "person"):
            likely = [TableGuess("person_link", 1.0, {})]
        answer = self.asker.told("table", (*TABLES, NOTHING))
        if answer is not None:
            return answer
        is_close = len(likely) > 1 and likely[0].score - likely[1].score < suggest.ARE_CLOSE_TABLES
        is_untold = bool(likely) and not self.around.links and not self.judge.is_told(likely[0])
        if is_close or is_untold or (not likely and self.judge.holds_a_table):
            first = [each.table for each in (likely or choices)]
            ordered = dict.fromkeys((*first, *TABLES))
            said = [(name, TABLES[name].row_is.capitalize()) for name in ordered]
            nothing = (NOTHING, "Nothing to read: leave the file out")
            self.asker.ask("table", "What is one row of this file?", [*said, nothing])
        return likely[0].table if likely and not is_untold else None

    def _crosswalk(self, links: Linkage) -> Proposal:
        """One row a person, one column for each system's numbers."""
        person = TABLES["person_link"].column("person_id")
        own = self.asker.told_column(person) or links.own
        kept = {each.header: each.sources for each in links.systems if each.header != own}
        claims = [Claim("person_id", (own,), 1.0, ("one row a person",))]
        claims += [Claim(each.header, (each.header,), 1.0, (each.evidence,)) for each in links.systems]
        mapping = FileMapping(self.around.pattern, "person_link", columns={"person_id": (own,)}, links=kept)
        return self._proposal(mapping, claims=tuple(claims))

    # Columns

    def _settled(self, table: Table) -> dict[str, Claim]:
        """The columns as claimed or answered; asks where two suit, or none is sure."""
        person = self.judge.as_table(table.name).claims.get("person_id")
        self.asker.person = person.headers[0] if person else None
        answers = {column.name: self.asker.told_column(column) for column in table.columns}
        told = {name: None if said == LEFT else said for name, said in answers.items() if said is not None}
        claims = dict(self.judge.as_table(table.name, told).claims)
        self.absent += [name for name, header in told.items() if header is None]
        for column in table.columns:
            if column.name not in told:
                self._weigh(table, column, claims)
            if column.name == "person_id" and "person_id" in claims:
                self.asker.person = claims["person_id"].headers[0]
        return self._with_clocks(table, claims)

    def _weigh(self, table: Table, column: Column, claims: dict[str, Claim]) -> None:
        """Takes, asks or leaves what is claimed of one column."""
        if column.name in (carrier for carrier, _ in CARRIERS.values()) and self.around.meetings:
            self._join_events(table, column, claims)
        elif column.name == "person_id" and self.around.joins:
            self._join_people(column, claims)
        elif claim := claims.get(column.name):
            taken = {header for each in claims.values() for header in each.headers}
            others = self._differing(column, claim, self.judge.rivals(table.name, claim, taken))
            if others:
                self._take(
                    column, claims, [claim.headers[0], *others], self._both_counts(column, claim, others)
                )
            elif not claim.is_sure and (column.required or column.decides):
                self._take(column, claims, [*claim.headers, *self.judge.candidates(table.name, column.name)])
            elif column.name == "is_diverted":
                said = f"By {claim.headers[0]}: {self._outcomes(claim.headers[0])}."
                text = "Which column says what became of the arrest: diverted, booked or cited?"
                self._take(column, claims, [claim.headers[0]], said, claim.headers[0], text)
        elif column.required and not self._is_given(table, column):
            self._take(column, claims, self.judge.candidates(table.name, column.name))
        elif column.decides:
            found = self._could_be(table, column, claims)
            if found:
                self._take(column, claims, found, default=None if column.name in (*ENDS, "race") else LEFT)

    def _take(
        self,
        column: Column,
        claims: dict[str, Claim],
        likely: Sequence[str],
        said: str = "",
        default: str | None = None,
        text: str = "",
    ) -> None:
        answer = self.asker.ask_column(column, likely, default, text, said)
        if answer == LEFT:
            claims.pop(column.name, None)
            self.absent.append(column.name)
        elif answer is not None and column.name not in claims:
            claims[column.name] = Claim(column.name, (answer,), IS_SURE, ("the likeliest",))

    def _join_events(self, table: Table, column: Column, claims: dict[str, Claim]) -> None:
        """The number that two files share: what joins wins over what a header says."""
        meetings = self.around.meetings
        joining = [each for each in meetings if each.joins]
        claim = claims.get(column.name)
        is_target = TABLES[table.name].key[:1] == (column.name,)
        mine = [each.number if is_target else each.carried for each in joining]
        said = "; ".join(each.in_words for each in (joining or meetings)[:3])
        if not joining:
            if claim and not is_target:
                default = claim.headers[0] if self.around.is_outcome_told else None
                self._take(column, claims, [*claim.headers], f"{said}.", default)
            return
        best = mine[0]
        sure = best
        if is_target:
            person, dated = (claims.get(name) for name in ("person_id", table.dated_by))
            event = [each.headers[0] for each in (person, dated) if each]
            if not constraints.repeats(self.sheet, (best,), event).are_one_event:
                said, sure = f"{said}, but {best} alone repeats for several events", None
        if sure:
            claims[column.name] = Claim(column.name, (best,), 0.95, (said,))
        if not is_target:
            return  # asked where the number is the arrest's own
        text = "Which number do the files share, so that an arrest finds its referral or its stay?"
        self._take(column, claims, [*mine, *(claim.headers if claim else ())], f"{said}.", sure, text)

    def _join_people(self, column: Column, claims: dict[str, Claim]) -> None:
        """Of two numbers of people, the one that the program's own files know."""
        best, claim = self.around.joins[0], claims.get("person_id")
        if claim and claim.headers == (best.number,):
            claims["person_id"] = replace(claim, evidence=(best.in_words, *claim.evidence))
            return
        profile = self.sheet.profile(best.number)
        sure = best.number if profile.filled >= forms.FITS * profile.rows else None
        if sure:
            claims["person_id"] = Claim("person_id", (sure,), 0.95, (best.in_words,))
        likely = [each.number for each in self.around.joins]
        self._take(column, claims, [*likely, *(claim.headers if claim else ())], f"{best.in_words}.", sure)

    def _differing(self, column: Column, claim: Claim, rivals: Sequence[str]) -> list[str]:
        """Those of the rivals that are filled about as often, and do not say the same in every row."""
        if not rivals or not (column.required or column.is_date or column.kind in ("races", "flag")):
            return []
        enough = FILLED_AS_OFTEN * self.sheet.profile(claim.headers[0]).filled
        found = [each for each in rivals if self.sheet.profile(each).filled >= enough]
        return [each for each in found if any(a != b for a, b in self.sheet.rows_of(claim.headers[0], each))]

    def _both_counts(self, column: Column, claim: Claim, others: Sequence[str]) -> str:
        first = claim.headers[0]
        pairs = list(self.sheet.rows_of(first, others[0]))
        differ = sum(a != b for a, b in pairs)
        return f"{first} and {others[0]} say it differently in {differ:,} of {len(pairs):,} rows."

    def _outcomes(self, header: str) -> str:
        profile = self.sheet.profile(header)
        words = values.words_of(TABLES["arrest"].column("is_diverted"), profile.values)
        yes = sum(
            count
            for value, count in profile.values.items()
            if words.values.get(value, value).lower() in ("yes", "true", "1")
        )
        return f"{yes:,} of {profile.filled:,} were diverted"

    def _could_be(self, table: Table, column: Column, claims: Mapping[str, Claim]) -> list[str]:
        """Unused columns that could well be one that no header names; an end comes after its beginning."""
        taken = {header for each in claims.values() for header in each.headers} | {*self.judge.marked}
        found = self.judge.could_be(table.name, column.name, taken)
        if column.kind == "races" and (self.judge.marked or self._is_given(table, column)):
            return []
        if not column.is_date:
            return found
        earlier = claims.get(constraints.ORDERS.get(table.name, {}).get(column.name, ""))
        if earlier is None:
            return []
        orders = {each: constraints.order(self.sheet, earlier.headers[0], each) for each in found}
        return [each for each, order in orders.items() if order and order.share >= constraints.NEARLY_ALL]

    def _is_given(self, table: Table, column: Column) -> bool:
        has_groups = table.name == "population" and bool(self.judge.wide)
        return column.kind == "choice" or has_groups or column.name == "seen_on"

    def _with_clocks(self, table: Table, claims: dict[str, Claim]) -> dict[str, Claim]:
        """Jails and police often keep the time of a day in a column of its own, named like that of the day."""
        for name, claim in claims.items():
            if not table.column(name).may_have_time or len(claim.headers) > 1:
                continue
            taken = {header for each in claims.values() for header in each.headers}
            clock = suggest.clock_of(self.sheet, claim.headers[0], taken)
            if clock:
                claims[name] = replace(claim, headers=(*claim.headers, clock))
                self.notes.append(f"The time of {claim.headers[0]} is taken from {clock}.")
        return claims

    # What the columns hold

    def _mapping(self, table: Table, claims: Mapping[str, Claim]) -> FileMapping:
        columns = {column.name: claims[column.name] for column in table.columns if column.name in claims}
        wide = self.judge.wide if table.name == "population" else {}
        marked, yes = self._marked(table, claims) if not wide else ({}, {})
        used = {h for claim in columns.values() for h in claim.headers}.union(wide, marked)
        mapping = FileMapping(
            self.around.pattern,
            table.name,
            skip_after_header=self.around.skip_after_header,
            missing=tuple(word for word in self.sheet.missing if self.sheet.missing[word] & used),
            absent=tuple(dict.fromkeys(self.absent)) if table.name == self.asker.table else (),
            columns={n: c.headers for n, c in columns.items() if not (wide and n in ("race", "people"))},
            wide=wide,
            marked=marked,
            yes=yes,
        )
        for name, claim in columns.items():
            part = self._forms_of(table.column(name), claim)
            mapping = structs.replace(
                mapping,
                formats=mapping.formats | part.formats,
                values=mapping.values | part.values,
                split=mapping.split | part.split,
            )
        if table.name != self.asker.table:
            return mapping
        mapping = self._scoped(self._eligible(mapping, claims))
        return structs.replace(mapping, **self._pathway(table, mapping))

    def _marked(
        self, table: Table, claims: Mapping[str, Claim]
    ) -> tuple[dict[str, str], dict[str, tuple[str, ...]]]:
        """Columns that say yes or no to one race each, ethnicity among them, and what says yes in them."""
        if not any(column.name == "race" for column in table.columns):
            return {}, {}
        race = claims.get("race")
        found = race_columns.marked(self.sheet)
        marked = (
            {h: group for h, group in found.items() if group == HISPANIC} if race else dict(self.judge.marked)
        )
        if not race and not marked:
            marked |= self._coded(table)
        yes: dict[str, tuple[str, ...]] = {}
        taken = {header for claim in claims.values() for header in claim.headers}
        for profile in self.sheet.columns:
            is_free = profile.header not in {*taken, *marked} and 0 < profile.distinct <= rows.MOST_VALUES
            is_named = (
                is_free and (race or marked) and ARE_HISPANIC.search(" ".join(spelled_out(profile.header)))
            )
            said = (
                is_named
                and profile.ethnicities.share > 0.5
                and values.says_hispanic(self.asker, profile.header)
            )
            if said:
                marked[profile.header], yes[profile.header] = HISPANIC, said
        if race and marked:
            self.notes.append(f"Race is taken from {' and '.join((*race.headers, *marked))} together.")
        return marked, yes

    def _coded(self, table: Table) -> dict[str, str]:
        """Check boxes whose race stands there as a number of the form."""
        found = {}
        race = table.column("race")
        for header in race_columns.coded(self.sheet):
            text = f"Which race does {header} mark?"
            choices = [(group, said) for group, said in values.options(race) if group != values.AS_IT_IS]
            if answer := self.asker.ask(f"race by {header}", text, choices, "", column="race"):
                found[header] = answer
        return found

    def _eligible(self, mapping: FileMapping, claims: Mapping[str, Claim]) -> FileMapping:
        """The charges that may be diverted, by the values of the charge."""
        charge = claims.get("charge_class")
        is_told = "is_charge_eligible" in {*claims, *self.absent} or self.around.has_charges
        if mapping.table != "arrest" or charge is None or is_told:
            return mapping
        classes = list(self.sheet.profile(charge.headers[0]).values)
        if not 0 < len(classes) <= rows.MOST_VALUES:
            self.notes.append(
                "Which charges may be diverted is to be listed in site.toml, as eligible_charges."
            )
            return mapping
        told = values.divertible(self.asker, charge.headers[0], classes)
        if told is None:
            return structs.replace(mapping, absent=(*mapping.absent, "is_charge_eligible"))
        return structs.replace(
            mapping,
            columns={**mapping.columns, "is_charge_eligible": charge.headers},
            values={**mapping.values, "is_charge_eligible": told},
        )

    def _scoped(self, mapping: FileMapping) -> FileMapping:
        for scope in rows.scopes(self.asker):
            mapping = structs.replace(
                mapping,
                only={**mapping.only, scope.header: scope.only},
                left_out={**mapping.left_out, scope.header: scope.left_out},
            )
        return mapping

    def _pathway(self, table: Table, mapping: FileMapping) -> dict[str, Mapping]:
        """A file without the column is asked how its people came: one way for all, or a column after all."""
        if table.name != "referral" or "pathway" in mapping.columns:
            return {}
        likely = self.judge.candidates(table.name, "pathway")
        choices = [
            *values.PATHWAY_OPTIONS,
            *((each, f"As the column {self.asker.described(each)} says") for each in likely),
        ]
        answer = self.asker.ask(
            "pathway", "How did the people in this file come to LEAD?", choices, column="pathway"
        )
        if answer in PATHWAYS or answer is None:
            if answer is None:
                self.notes.append("Until it is answered how people came, their pathway is unknown.")
            return {"constants": {"pathway": answer or "unknown"}}
        part = self._forms_of(table.column("pathway"), Claim("pathway", (answer,), 1.0))
        return {
            "columns": {**mapping.columns, "pathway": (answer,)},
            "values": {**mapping.values, **part.values},
        }

    def _forms_of(self, column: Column, claim: Claim) -> FileMapping:
        """Formats, values and separators of one column, as a mapping to be merged."""
        found = FileMapping("", "")
        if ROW in claim.headers:
            return found
        cells: dict[str, int] = {}
        for header in claim.headers[:1] if column.is_date else claim.headers:
            for value, count in self.sheet.profile(header).values.items():
                cells[value] = cells.get(value, 0) + count
        if column.is_date:
            formats = self._formats(cells)
            return structs.replace(found, formats={column.name: formats}) if formats else found
        if column.name == "neighborhood":
            spelled = self._as_on_the_map(cells)
            return structs.replace(found, values={column.name: spelled}) if spelled else found
        words = values.words_of(column, cells)
        if words is None:
            return found
        ours = values.told(self.asker, column, words)
        has_separator = words.separator and words.separator != ";"
        return structs.replace(
            found,
            values={column.name: ours} if ours else {},
            split={column.name: words.separator} if has_separator else {},
        )

    def _as_on_the_map(self, cells: Mapping[str, int]) -> dict[str, str]:
        """Names that differ from those of the map in nothing but marks."""
        on_map = {simple(place): place for place in self.around.places}
        known = {place.lower() for place in self.around.places}
        return {
            value: on_map[simple(value)]
            for value in cells
            if value.lower() not in known and simple(value) in on_map
        }

    def _formats(self, cells: Mapping[str, int]) -> tuple[str, ...]:
        dates = moments.dates(cells, may_be_serial=True)
        if dates.formats == (moments.SERIAL,):
            self.notes.append("Dates are the day numbers of a spreadsheet; they are turned into dates.")
        if any("%y" in each for each in dates.formats):
            self.notes.append("Years have two digits: 69 to 99 are read as 1969 to 1999, others as 20..")
        if dates.other:
            example = next(iter(cells))
            choices = [(MONTH_FIRST, "Month first, as in the US"), (DAY_FIRST, "Day first")]
            text = f"Is the month or the day first in dates such as {example}?"
            # Between points the day stands first as often as not, even where all else is American.
            likely = None if any("." in each for each in dates.formats) else MONTH_FIRST
            is_day_first = self.asker.ask("dates", text, choices, likely) == DAY_FIRST
            both = sorted((dates.formats, dates.other), key=moments.are_day_first)
            return both[is_day_first]
        return dates.formats

    # Other tables in the same rows, and whose numbers they are

    def _numbered(self, mapping: FileMapping) -> FileMapping:
        """One numbering or several: equal numbers of two sources are never merged unasked."""
        for overlap in self.around.overlaps:
            name = own_name(self.around.pattern, overlap.first)
            choices = [
                (ONE, f"Equal numbers mean the same here and in {overlap.first}"),
                (OWN, f"They number others: equal numbers stand for somebody else (kept apart as {name!r})"),
            ]
            text = f"{overlap.in_words}. Do equal numbers mean the same?"
            default = {True: ONE, False: OWN, None: None}[overlap.are_same]
            if self.asker.ask("numbering", text, choices, default) == OWN:
                return structs.replace(mapping, numbering=name)
        return mapping

    def _companions(self, mapping: FileMapping) -> Iterator[FileMapping]:
        """The same rows as another table: arrests among stops, people among referrals."""
        if mapping.table == "stop" and "is_arrested" in mapping.columns:
            yield self._arrests(mapping)
        if mapping.table in ("referral", "enrollment"):
            yield from self._people(mapping)

    def _arrests(self, mapping: FileMapping) -> FileMapping:
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

        return structs.replace(
            mapping,
            table="arrest",
            absent=(),
            columns=of_arrests(mapping.columns),
            formats=of_arrests(mapping.formats),
            values=of_arrests(mapping.values),
            split=of_arrests(mapping.split),
            only={**mapping.only, flag: tuple(marks)},
        )

    def _people(self, mapping: FileMapping) -> Iterator[FileMapping]:
        claims = dict(self.judge.as_table("person").claims)
        person = mapping.columns.get("person_id")
        if person is None or self._are_known(person):
            return
        taken = {header for headers in mapping.columns.values() for header in headers}
        claims = {name: claim for name, claim in claims.items() if not taken & set(claim.headers)}
        claims["person_id"] = Claim("person_id", person, 1.0)
        people = self._mapping(TABLES["person"], claims)
        if len(people.columns) > 1 or people.marked:
            yield structs.replace(
                people, only=mapping.only, left_out=mapping.left_out, numbering=mapping.numbering
            )

    def _are_known(self, person: Sequence[str]) -> bool:
        """Whether most of these people are described elsewhere."""
        numbers = self.sheet.cells(person[0])
        return len(person) == 1 and len(numbers & self.around.people) > len(numbers) / 2


def own_name(pattern: str, other: str) -> str:
    """A name for a source of its own: the words of its file that the other's lacks."""
    words = re.findall(r"[^\W\d_]+", pattern.rpartition("/")[2].rpartition(".")[0].lower())
    others = {*re.findall(r"[^\W\d_]+", other.lower())}
    return " ".join(word for word in words if word not in others) or " ".join(words) or "other"


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
    is_wide = pattern.startswith("*.") or any(map(FileMapping(pattern, "").matches, others))
    return escaped if is_wide else pattern
