"""What the files of an inbox say about each other: gathers it, and gives each file what it has to know."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from leadstats.assistant.questions import Answers
from leadstats.model.settings import NOTHING, FileMapping
from leadstats.recognition import relations
from leadstats.recognition.profile import Sheet
from leadstats.recognition.relations import CARRIERS, FEWEST, PROGRAM, Linkage, Meeting, Member, Overlap

APART = ("population", "person_link", NOTHING)  # whose rows are nobody's, or state who is who


@dataclass(frozen=True)
class Surroundings:
    """What a proposal for one file has to know about the others, and about the site."""

    pattern: str
    answers: Answers
    people: frozenset[str] = frozenset()  # the numbers of people whom another file describes
    meetings: tuple[Meeting, ...] = ()  # where this file's event numbers occur in other files, or theirs here
    overlaps: tuple[Overlap, ...] = ()  # files whose equal numbers may mean other people or events
    joins: tuple[Meeting, ...] = ()  # columns that hold the program's numbers of people, the best first
    links: Linkage | None = None  # if the file is a crosswalk with one row per person
    places: tuple[str, ...] = ()  # the names on the map
    is_outcome_told: bool = False  # whether a column of the arrests says who was diverted
    has_charges: bool = False  # whether site.toml lists the charges that may be diverted
    skip_after_header: int = 0


class Surveyor:
    """Knows every kind of file of the inbox as the tables it is taken for."""

    def __init__(self):
        self._members: list[Member] = []
        self._saved: set[str] = set()
        self._numbered: set[str] = set()

    def add(
        self, pattern: str, sheet: Sheet, mappings: Sequence[FileMapping], is_saved: bool = False
    ) -> None:
        """A kind of file, known by its pattern; of several files of one kind the last one counts."""
        self._members = [each for each in self._members if each.name != pattern]
        for mapping in mappings:
            if mapping.table != NOTHING:
                columns = {name: _there(sheet, mapping, headers) for name, headers in mapping.columns.items()}
                self._members.append(Member(pattern, sheet, mapping.table, columns))
        if is_saved:
            self._saved.add(pattern)
        if any(mapping.numbering for mapping in mappings):
            self._numbered.add(pattern)

    def survey(self, around: Surroundings, sheet: Sheet) -> Surroundings:
        """The surroundings of a kind of file with what the others say of it."""
        mine = [each for each in self._members if each.name == around.pattern]
        others = [each for each in self._members if each.name != around.pattern]
        program = [each for each in others if each.table in PROGRAM and each.people]
        around = replace(around, links=relations.crosswalk(sheet, others))
        if not mine:
            return around
        main = mine[0]
        described = [each for each in others if each.table == "person"]
        joins = ()
        if main.table not in (*PROGRAM, *APART) and program:
            joins = tuple(relations.known_people(main, program))
        return replace(
            around,
            people=frozenset().union(*(each.people for each in described)),
            meetings=tuple(self._meetings(main, others)),
            overlaps=tuple(self._overlaps(main, others, program))[:1],
            joins=joins,
            is_outcome_told=any("is_diverted" in each.columns for each in others if each.table == "arrest"),
        )

    def _meetings(self, main: Member, others: Sequence[Member]) -> Iterator[Meeting]:
        """Where numbers of arrests stand in two files."""
        if main.table == "arrest":
            carriers = [each for table in CARRIERS for each in others if each.table == table]
            number = self._number(main, carriers)
            for carrier in carriers:
                yield from _best(carrier, main, number)
        elif main.table in CARRIERS:
            for target in (each for each in others if each.table == CARRIERS[main.table][1]):
                carriers = [main, *others] if main.table == "referral" else others
                first = [each for table in CARRIERS for each in carriers if each.table == table]
                yield from _best(main, target, self._number(target, first))

    def _number(self, target: Member, carriers: Sequence[Member]) -> str | None:
        """The column of the arrests that numbers them for others: as saved, else what referrals carry."""
        if target.name in self._saved:
            return target.header("arrest_id")
        found = (each for carrier in carriers for each in relations.shared_numbers(carrier, target)[:1])
        return next((each.number for each in found), None)

    def _overlaps(
        self, main: Member, others: Sequence[Member], program: Sequence[Member]
    ) -> Iterator[Overlap]:
        """Files that may number others alike: a second one of the same table, or another system."""
        if main.table in APART:
            return
        # Of two files the one that was there first keeps its numbers, so that only the other is asked about.
        earlier = [each for each in others if each.name in self._saved or each.name < main.name]
        apart = [each for each in earlier if each.name not in self._numbered]
        alike = [each for each in apart if each.table == main.table]
        systems = [each for each in apart if each.table in {*PROGRAM} - {main.table} and each.people]
        if main.table not in PROGRAM:
            systems = list(program)
        for other in alike:
            found = relations.event_overlap(other, main)
            if found and found.are_same is not True:
                yield found
        for other in (*alike, *systems):
            found = relations.overlap(other, main)
            is_of_one_system = other.table != main.table and main.table in PROGRAM and found.are_same is None
            if found.shared >= FEWEST and found.are_same is not True and not is_of_one_system:
                yield found


def _best(carrier: Member, target: Member, number: str | None) -> list[Meeting]:
    """The columns of a file that hold the number of the arrests, else how little the named ones meet."""
    found = [each for each in relations.shared_numbers(carrier, target) if number in (None, each.number)]
    mine, theirs = carrier.header(CARRIERS[carrier.table][0]), number or target.header("arrest_id")
    if found or not mine or not theirs or carrier.table != "referral":
        return found
    return [relations.meet(carrier, mine, target, theirs)]


def _there(sheet: Sheet, mapping: FileMapping, headers: Sequence[str]) -> tuple[str, ...]:
    """Headers of a mapping as they stand in the file."""
    there = {" ".join(header.split()).lower(): header for header in sheet.headers}
    newer = {" ".join(old.split()).lower(): new for new, old in mapping.renamed.items()}
    plain = [" ".join(header.split()).lower() for header in headers]
    found = (there.get(each) or there.get(" ".join(newer.get(each, "").split()).lower()) for each in plain)
    return tuple(each or header for each, header in zip(found, headers, strict=True))
