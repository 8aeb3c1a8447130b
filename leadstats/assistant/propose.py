"""From what a file probably is to its lines in mapping.toml, with the questions only a person can answer."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from msgspec import structs

from leadstats.assistant import columns, rows, values
from leadstats.assistant.asking import Asker
from leadstats.assistant.meeting import Surroundings
from leadstats.assistant.patterns import own_name
from leadstats.assistant.questions import MappingQuestion
from leadstats.model.schema import PATHWAYS, TABLES, Column, Table
from leadstats.model.settings import NOTHING, ROW, FileMapping
from leadstats.recognition import moments, race_columns, suggest
from leadstats.recognition.claims import Claim
from leadstats.recognition.relations import Linkage
from leadstats.recognition.suggest import Judge, TableGuess
from leadstats.recognition.vocabulary import simple, spelled_out

MONTH_FIRST, DAY_FIRST = "month first", "day first"
ONE, OWN = "one numbering", "its own numbers"
ARE_HISPANIC = re.compile(r"ethnic|hispanic|latin|spanish", re.IGNORECASE)
HISPANIC = "Hispanic or Latino"


@dataclass(frozen=True)
class Proposal:
    """How a file would be read: its mappings, the evidence for each column, and what has to be asked."""

    pattern: str
    mappings: tuple[FileMapping, ...] = ()
    claims: tuple[Claim, ...] = ()
    questions: tuple[MappingQuestion, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def table(self) -> str | None:
        return self.mappings[0].table if self.mappings else None


def propose(judge: Judge, around: Surroundings) -> Proposal:
    """Raises nothing: a file that is like no table gets a proposal without mappings."""
    return _Proposing(judge, around).run()


class _Proposing:
    def __init__(self, judge: Judge, around: Surroundings):
        self.judge, self.sheet, self.around = judge, judge.sheet, around
        self.asker = Asker(judge.sheet, around.pattern, around.answers)
        self.notes: list[str] = []
        self.absent: tuple[str, ...] = ()

    def run(self) -> Proposal:
        table = self._table()
        if table is None:
            return self._proposal()
        if table == NOTHING:
            return self._proposal(FileMapping(self.around.pattern, NOTHING))
        self.asker.table = table
        if table == "person_link" and self.around.links:
            return self._crosswalk(self.around.links)
        chosen = columns.choose(self.judge, self.asker, self.around, TABLES[table])
        self.absent, self.notes = chosen.absent, [*chosen.notes]
        mapping = self._numbered(self._mapping(TABLES[table], chosen.claims))
        return self._proposal(mapping, *self._companions(mapping), claims=tuple(chosen.claims.values()))

    def _proposal(self, *mappings: FileMapping, claims: tuple[Claim, ...] = ()) -> Proposal:
        if mappings:
            mappings = (structs.replace(mappings[0], headers=self.sheet.headers), *mappings[1:])
        return Proposal(self.around.pattern, mappings, claims, tuple(self.asker.questions), tuple(self.notes))

    def _table(self) -> str | None:
        """The table: as answered, or as it must be, or as is likely; asks if two tables fit, or none does."""
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
        """A file with one row per person and one column for each system's numbers."""
        person = TABLES["person_link"].column("person_id")
        own = self.asker.told_column(person) or links.own
        kept = {each.header: each.sources for each in links.systems if each.header != own}
        claims = [Claim("person_id", (own,), 1.0, ("one row a person",))]
        claims += [Claim(each.header, (each.header,), 1.0, (each.evidence,)) for each in links.systems]
        mapping = FileMapping(self.around.pattern, "person_link", columns={"person_id": (own,)}, links=kept)
        return self._proposal(mapping, claims=tuple(claims))

    # What the columns hold

    def _mapping(self, table: Table, claims: Mapping[str, Claim]) -> FileMapping:
        claimed = {column.name: claims[column.name] for column in table.columns if column.name in claims}
        wide = self.judge.wide if table.name == "population" else {}
        marked, yes = self._marked(table, claims) if not wide else ({}, {})
        used = {h for claim in claimed.values() for h in claim.headers}.union(wide, marked)
        mapping = FileMapping(
            self.around.pattern,
            table.name,
            skip_after_header=self.around.skip_after_header,
            missing=tuple(word for word in self.sheet.missing if self.sheet.missing[word] & used),
            absent=tuple(dict.fromkeys(self.absent)) if table.name == self.asker.table else (),
            columns={n: c.headers for n, c in claimed.items() if not (wide and n in ("race", "people"))},
            wide=wide,
            marked=marked,
            yes=yes,
        )
        for name, claim in claimed.items():
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
        """Columns that each say yes or no to one race, or to Hispanic, and the cells that mean yes in them."""
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
        """Check boxes whose race is given as a number on the form."""
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
        """Names that differ from those on the map only in punctuation or case."""
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
            # With periods between the parts, the day comes first as often as not, even where all else is American.
            likely = None if any("." in each for each in dates.formats) else MONTH_FIRST
            is_day_first = self.asker.ask("dates", text, choices, likely) == DAY_FIRST
            both = sorted((dates.formats, dates.other), key=moments.are_day_first)
            return both[is_day_first]
        return dates.formats

    # Other tables in the same rows, and whose numbers they are

    def _numbered(self, mapping: FileMapping) -> FileMapping:
        """One numbering or several: equal numbers from two sources are never merged without asking."""
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
