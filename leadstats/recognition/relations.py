"""How files meet: which columns hold the same numbers, and whether equal numbers mean the same.

The strongest evidence there is: a number of a case that stands in another file is no accident,
whatever its header says. Small whole numbers are: so each share is compared with what chance would give.
"""

import bisect
import functools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from leadstats.model.schema import TABLES
from leadstats.recognition import forms, moments
from leadstats.recognition.fit import is_number
from leadstats.recognition.profile import Cells, Profile, Sheet
from leadstats.recognition.vocabulary import likeness, names_a_person, spelled_out

JOINS = 0.3  # a share found so much above chance joins two columns
FEWEST = 3  # numbers that tell anything
MOST_SYSTEMS = 12  # columns of a crosswalk; a wider table is about something else
AGREE, DIFFER = 0.9, 0.5  # the shares of shared people whose births agree that settle who is who
# Tables whose rows carry the number of an event of another table, and that table.
CARRIERS = {"referral": ("arrest_id", "arrest"), "jail_stay": ("arrest_id", "arrest")}
# The program's own tables: whom LEAD knows, it knows by these numbers.
PROGRAM = ("referral", "enrollment", "contact", "person")


@dataclass(frozen=True)
class Member:
    """One kind of file as one table, with the headers of its columns. name: what the file is known by."""

    name: str
    sheet: Sheet
    table: str
    columns: Mapping[str, tuple[str, ...]]

    def header(self, column: str) -> str | None:
        """The one header behind a column of ours, if there is one."""
        headers = self.columns.get(column, ())
        return headers[0] if len(headers) == 1 and headers[0] in self.sheet.headers else None

    @functools.cached_property
    def events(self) -> Mapping[str, set[tuple]]:
        """Who and when, by the number of the event."""
        return _events(self)

    @functools.cached_property
    def people(self) -> Cells:
        header = self.header("person_id")
        return self.sheet.cells(header) if header else Cells()

    @functools.cached_property
    def births(self) -> Mapping[str, date]:
        """The days on which people were born, as far as the file states them."""
        return _births(self)


@dataclass(frozen=True)
class Meeting:
    """That of the numbers in one column so many are found in a column of another file."""

    carrier: str  # the file whose numbers are looked up
    carried: str  # and their header
    target: str  # the file they are looked up in
    number: str  # and the header there
    found: int
    of: int
    by_chance: float = 0.0

    @property
    def share(self) -> float:
        return self.found / self.of if self.of else 0.0

    @property
    def joins(self) -> bool:
        return self.found >= min(FEWEST, self.of) > 0 and self.share - self.by_chance >= JOINS

    @property
    def in_words(self) -> str:
        return (
            f"{self.found:,} of {self.of:,} numbers of {self.carried} ({self.carrier}) stand in {self.number}"
        )


def shared_numbers(carrier: Member, target: Member) -> list[Meeting]:
    """The columns of two files that hold the same numbers of events, the best first."""
    persons = {carrier.header("person_id"), target.header("person_id")}
    found = []
    for mine in _numbers(carrier.sheet, persons):
        for theirs in _numbers(target.sheet, persons):
            meeting = meet(carrier, mine, target, theirs)
            if meeting.joins:
                found.append(meeting)
    own = CARRIERS[carrier.table][0]
    return sorted(
        found,
        key=lambda each: (
            -round(each.share - each.by_chance, 2),
            -likeness(each.carried, carrier.table, own),
            -likeness(each.number, target.table, target.table + "_id"),
        ),
    )


def meet(carrier: Member, mine: str, target: Member, theirs: str) -> Meeting:
    """How many different numbers of one column stand in another."""
    ours, known = carrier.sheet.cells(mine), target.sheet.cells(theirs)
    if known.isdisjoint(ours.some):
        return Meeting(carrier.name, mine, target.name, theirs, 0, len(ours))
    return Meeting(carrier.name, mine, target.name, theirs, len(ours & known), len(ours), chance(ours, known))


def chance(ours: Cells, known: Cells) -> float:
    """The share of numbers that another source would hold by accident: how densely it fills their range.

    0 for numbers with letters or marks, which no two systems make alike by accident.
    """
    if ours.numbers is None or not known.numbers:
        return 0.0
    low, high = known.numbers[0], known.numbers[-1]
    inside = bisect.bisect_right(ours.numbers, high) - bisect.bisect_left(ours.numbers, low)
    return inside / max(1, len(ours)) * len(known) / (high - low + 1)


def _numbers(sheet: Sheet, but: Iterable[str | None]) -> list[str]:
    return [each.header for each in sheet.columns if each.header not in {*but} and is_number(each)]


def known_people(member: Member, program: Sequence[Member]) -> list[Meeting]:
    """The columns of a file that hold numbers of people whom the program knows, the best first.

    Most people of a jail never come to LEAD, and many of LEAD never to jail, so that a few numbers are
    enough where chance would give none.
    """
    found = []
    for profile in member.sheet.columns:
        is_named = (
            names_a_person(profile.header)
            or likeness(profile.header, member.table, "person_id") >= 0.45
            or profile.header == member.header("person_id")
        )
        if profile.filled and (is_named or is_number(profile, may_repeat=True)):
            cells = member.sheet.cells(profile.header)
            met = [
                meet(other, other.columns["person_id"][0], member, profile.header)
                for other in program
                if not cells.isdisjoint(other.people.some)  # most files have none in common
            ]
            # Where no header says so, a handful might be the numbers of something else.
            found += [each for each in met if (_is_no_accident(each) if is_named else each.joins)]
    best: dict[str, Meeting] = {}
    for each in sorted(found, key=lambda each: -(each.share - each.by_chance)):
        best.setdefault(each.number, each)
    return list(best.values())


@dataclass(frozen=True)
class Overlap:
    """Numbers that two files share, and how many of those that can be compared mean the same in both."""

    first: str
    second: str
    what: str
    shared: int
    of: int
    by_chance: float
    agreeing: int = 0
    compared: int = 0

    @property
    def are_same(self) -> bool | None:
        """Whether equal numbers mean the same; None if the files alone do not tell."""
        if self.compared >= FEWEST:
            share = self.agreeing / self.compared
            return True if share >= AGREE else False if share <= DIFFER else None
        return True if self.shared / max(1, self.of) - self.by_chance >= JOINS else None

    @property
    def in_words(self) -> str:
        said = f"{self.shared:,} of {self.of:,} numbers of {self.what} in {self.second} stand in {self.first} too"
        if self.compared:
            return f"{said}; of {self.compared:,} that can be compared, {self.agreeing:,} agree"
        return f"{said}; by chance it would be about {round(self.by_chance * self.of):,}"


def overlap(first: Member, second: Member) -> Overlap:
    """Whether the people of two files that have equal numbers are the same, by their births."""
    known, ours = first.people, second.people
    shared = known & ours
    both = shared & first.births.keys() & second.births.keys() if shared else shared
    agreeing = sum(first.births[each] == second.births[each] for each in both)
    by_chance = chance(ours, known)
    return Overlap(first.name, second.name, "people", len(shared), len(ours), by_chance, agreeing, len(both))


def event_overlap(first: Member, second: Member) -> Overlap | None:
    """Whether the events of two files of one table that have equal numbers are the same, by person and day."""
    events = [member.events for member in (first, second)]
    shared = events[0].keys() & events[1].keys()
    if len(shared) < FEWEST:
        return None
    agreeing = sum(bool(events[0][each] & events[1][each]) for each in shared)
    what = f"{TABLES[first.table].row_is}s"
    return Overlap(first.name, second.name, what, len(shared), len(events[1]), 0.0, agreeing, len(shared))


def _events(member: Member) -> dict[str, set[tuple]]:
    """Who and when, by the number of the event."""
    table = TABLES[member.table]
    key, dated = (
        member.header(table.key[0]) if table.key else None,
        member.columns.get(table.dated_by or "", ()),
    )
    if key is None or not dated or dated[0] not in member.sheet.headers:
        return {}
    read = moments.reader(member.sheet.profile(dated[0]).serials.formats)
    person = member.header("person_id") or dated[0]
    found: dict[str, set[tuple]] = {}
    for number, who, day in member.sheet.rows_of(key, person, dated[0]):
        if number:
            moment = read(day)
            found.setdefault(number, set()).add((who, moment.date() if moment else day))
    return found


def _births(member: Member) -> dict[str, date]:
    header = next((h for h in member.sheet.headers if likeness(h, "person", "birth_date") > 0.9), None)
    person = member.header("person_id")
    if header is None or person is None:
        return {}
    read = moments.reader(member.sheet.profile(header).serials.formats)
    found = {number: read(cell) for number, cell in member.sheet.rows_of(person, header) if number}
    return {number: moment.date() for number, moment in found.items() if moment}


# Whose numbers a column of a crosswalk holds, by the words of its header.
SYSTEMS = {
    "jail_stay": (
        "jail",
        "inmate",
        "booking",
        "custody",
        "detention",
        "so",
        "jms",
        "sheriff",
        "corrections",
        "doc",
    ),
    "arrest": ("arrest", "police", "rms", "mni", "officer", "pd", "law", "subject"),
    "stop": ("stop", "cad"),
    "hmis": ("hmis", "homeless", "shelter", "housing", "personal"),
}


@dataclass(frozen=True)
class LinkedSource:
    """That a column of a crosswalk holds the numbers of some tables."""

    header: str
    sources: tuple[str, ...]
    evidence: str


@dataclass(frozen=True)
class Linkage:
    """A crosswalk of one row a person: the column of the program's own numbers, and those of other systems."""

    own: str
    systems: tuple[LinkedSource, ...]


def crosswalk(sheet: Sheet, members: Sequence[Member]) -> Linkage | None:
    """None if the file is no crosswalk: one row a person, and hardly a column but numbers of people."""
    if len(sheet.columns) > MOST_SYSTEMS:
        return None
    numbers = [each for each in sheet.columns if each.distinct and is_number(each)]
    other = [each for each in sheet.columns if each.distinct and each not in numbers]
    has_days = any(each.dates.share >= forms.FITS and not _is_birth(each) for each in other)
    if (
        len(numbers) < 2
        or len(other) > len(numbers)
        or has_days
        or any(each.variety < 0.9 for each in numbers)
    ):
        return None
    program = [member for member in members if member.table in PROGRAM and member.people]
    others = [member for member in members if member.table not in PROGRAM and member.people]
    whole = Member(sheet.name, sheet, "person_link", {})
    own = max(
        numbers,
        key=lambda each: (_found(whole, each.header, program), likeness(each.header, "person", "person_id")),
    )
    systems = []
    for profile in numbers:
        if profile.header == own.header:
            continue
        met = [
            (member, meet(whole, profile.header, member, member.columns["person_id"][0])) for member in others
        ]
        joined = [(member, each) for member, each in met if _is_no_accident(each)]
        if joined:
            # The jail numbers people on its lists as it does in its extracts.
            tables = ("jail_stay" if member.table == "jail_roster" else member.table for member, _ in joined)
            sources = tuple(dict.fromkeys(tables))
            systems.append(
                LinkedSource(profile.header, sources, "; ".join(each.in_words for _, each in joined))
            )
        elif said := _said_system(profile.header):
            systems.append(LinkedSource(profile.header, (said,), "the header says so"))
    is_found = _found(whole, own.header, program) > 0 or likeness(own.header, "person", "person_id") > 0.9
    return Linkage(own.header, tuple(systems)) if systems and is_found else None


def _is_birth(profile: Profile) -> bool:
    return likeness(profile.header, "person", "birth_date") > 0.9


def _is_no_accident(each: Meeting) -> bool:
    """Most participants may never have been in jail, so that few numbers are enough where chance gives none."""
    return each.found >= min(FEWEST, each.of) > 0 and each.share > 3 * each.by_chance + 0.02


def _found(whole: Member, header: str, program: Sequence[Member]) -> int:
    return sum(len(member.people & whole.sheet.cells(header)) for member in program)


def _said_system(header: str) -> str | None:
    words = {*spelled_out(header)}
    known = {
        source: {each for word in said for each in spelled_out(word)} for source, said in SYSTEMS.items()
    }
    return next((source for source, said in known.items() if words & said), None)
