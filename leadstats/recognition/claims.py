"""Which header is which of our columns. Hides how much each kind of evidence weighs."""

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from leadstats.model.schema import TABLES, Column, Table
from leadstats.recognition import constraints, forms
from leadstats.recognition.fit import (
    MOST_CHOICES,
    fit,
    is_form_state,
    may_name_groups,
    names_groups,
    names_outcomes,
    says_yes_or_no,
)
from leadstats.recognition.profile import MOST_GROUPS, Profile, Sheet
from leadstats.recognition.vocabulary import (
    best_meaning,
    likeness,
    meanings,
    names_a_person,
    spelled_out,
    unwanted,
)

IS_SURE = 0.72  # the confidence that preselects an answer; below it nothing is
IS_LIKE = 0.45  # below it a header says nothing about a column
IS_ANOTHER = 0.2  # a header that names something else this much better is not taken
BY_CELLS = 0.8  # how sure a claim is if the cells say so, whatever the header
BY_ELIMINATION = 0.74  # and if it is the only column it could be


@dataclass(frozen=True)
class Claim:
    """A claim that columns of a file are one of ours, how sure it is (0 to 1), and the evidence for it."""

    column: str
    headers: tuple[str, ...]
    score: float
    evidence: tuple[str, ...] = ()

    @property
    def is_sure(self) -> bool:
        return self.score >= IS_SURE


class Evidence:
    """What the headers and cells of one file say about each of our columns. `places`: the names on the map."""

    def __init__(self, sheet: Sheet, places: Sequence[str] = ()):
        self.sheet = sheet
        self._places = frozenset(place.lower() for place in places)
        self._saying: dict[tuple[str, str], frozenset[str]] = {}
        self._states = {each.header for each in sheet.columns if is_form_state(each)}

    @functools.cached_property
    def _of_races(self) -> set[str]:
        return {each.header for each in self.sheet.columns if names_groups(each)}

    @functools.cached_property
    def _named(self) -> Mapping[tuple[str, str], set[str]]:
        """The headers that name a column of ours, by table and column."""
        found: dict[tuple[str, str], set[str]] = {}
        for header in self.sheet.headers:
            for what in _sayings(header):
                found.setdefault(what, set()).add(header)
        return found

    @functools.cached_property
    def _positions(self) -> Mapping[str, int]:
        return {header: position for position, header in enumerate(self.sheet.headers)}

    def possible(self, table: Table, column: Column) -> list[Profile]:
        """The columns whose header or cells suggest that they are one of ours, in the order of the file. No other column
        comes near a likely score, and scoring all of them for every column of every table would take a hundred times longer."""
        found = self._told_by_cells(table, column).union(self._named.get((table.name, column.name), ()))
        return [self.sheet.columns[position] for position in sorted(map(self._positions.get, found))]

    def score(self, table: Table, column: Column, profile: Profile) -> float:
        """How likely a column of the file is one of ours, 0 to 1."""
        if profile.header in self._states:
            return 0.0
        by_cells = 0.0
        if profile.header in self._told_by_cells(table, column):
            if column.kind == "choice":
                # What all the cells say is more certain than what a header may mean.
                return 0.98 + 0.02 * likeness(profile.header, table.name, column.name)
            by_cells = BY_CELLS + 0.1 * (column.name == "neighborhood")
        name = _sayings(profile.header).get((table.name, column.name))
        if name is None:
            return by_cells
        if column.name == "neighborhood" and not constraints.may_be_place(profile):
            return 0.0
        if table.name == "population" and column.name == "neighborhood" and 2 * profile.filled < profile.rows:
            return 0.0  # from a table next to this one: a row without a place is the whole county
        is_category = column.kind == "text" and column.privacy != "identifier"
        if is_category and (may_name_groups(profile) or says_yes_or_no(profile) or says_race(profile.header)):
            return 0.0
        if column.name == "seen_on" and not constraints.may_be_day_of_list(profile):
            return 0.0
        fitting = fit(column, profile, name)
        by_header = 0.7 * name + 0.3 * fitting if fitting >= 0.3 else 0.0
        return max(by_header, by_cells)

    def _told_by_cells(self, table: Table, column: Column) -> frozenset[str]:
        """The headers whose cells alone say that they are the column; not those with an unwanted header."""
        what = table.name, column.name
        if what not in self._saying:
            says = self._test_of_cells(table, column)
            several = (each for each in self.sheet.columns if 1 < each.distinct <= MOST_GROUPS)
            wanted = (each for each in several if column.kind == "choice" or unwanted(each.header) <= 0.9)
            self._saying[what] = frozenset(each.header for each in (wanted if says else ()) if says(each))
        return self._saying[what]

    def _test_of_cells(self, table: Table, column: Column) -> Callable[[Profile], bool] | None:
        """A test whether cells say that they are the column; None if no cells can."""
        if column.kind == "races":
            return lambda profile: profile.header in self._of_races
        if column.kind == "choice" and not column.other:
            return functools.partial(self._says_choices, column)
        if column.name == "neighborhood" and self._places:
            return self._names_places
        is_outcome = table.name == "arrest" and column.name in ("is_diverted", "is_booked")
        return names_outcomes if is_outcome else None

    def _names_places(self, profile: Profile) -> bool:
        known = sum(count for value, count in profile.values.items() if value.lower() in self._places)
        return known >= forms.FITS * profile.filled

    def in_words(self, table: Table, column: Column, header: str) -> tuple[str, ...]:
        """The evidence for a header, in a few words for mapping.toml."""
        profile = self.sheet.profile(header)
        name = likeness(header, table.name, column.name)
        said = []
        if not profile.filled:
            said.append("no cell is filled")
        elif column.is_date:
            said.append(f"{profile.serials.share:.0%} of the cells are days")
        elif column.kind in ("races", "choice", "flag") and not column.other:
            said.append(f"{fit(column, profile, name):.0%} of the cells are known words")
        elif column.privacy == "identifier":
            said.append(f"{profile.distinct:,} different in {profile.filled:,} rows")
        elif column.kind in ("integer", "number"):
            said.append("cells are such numbers")
        if name >= 0.9:
            said.append("the header is a known name")
        elif name >= IS_LIKE:
            said.append("the header is like a known name")
        return tuple(said)

    @staticmethod
    def _says_choices(column: Column, profile: Profile) -> bool:
        """Whether nearly all cells are among the few things that the column may hold, and not all the same one."""
        if not 1 < profile.distinct <= MOST_CHOICES:
            return False
        if profile.is_ruled_out(functools.partial(forms.is_choice, column)):
            return False
        words = forms.choices(column, profile.values)
        told = {words.values.get(value, value.lower()) for value in profile.values} & set(column.choices)
        return words.share >= forms.FITS and len(told - {"unknown"}) > 1


@functools.lru_cache(maxsize=50_000)
def _sayings(header: str) -> Mapping[tuple[str, str], float]:
    """The columns of ours that a header names, by table and column, and how well. Left out are those it hardly names,
    and all if it names something else much better or something that nobody wants."""
    best, meant = best_meaning(header)
    refused, is_of_person = unwanted(header), names_a_person(header)
    found = {}
    for (table, name), score in meanings(header).items():
        column = TABLES[table].column(name)
        # A flag or number of something else looks just like the one wanted, so only the header can tell.
        is_common = column.kind == "flag" or (column.privacy == "identifier" and not column.required)
        is_said = score >= (0.75 if is_common else IS_LIKE) and refused <= score + 0.05
        is_other = name not in meant and best > score + IS_ANOTHER
        if is_said and not is_other and not (is_of_person and numbers_events(TABLES[table], column)):
            found[table, name] = score
    return found


def says_race(header: str) -> bool:
    return not {"race", "ethnicity"}.isdisjoint(spelled_out(header))


def numbers_events(table: Table, column: Column) -> bool:
    """Whether a column of ours numbers the events of its table."""
    return table.key[:1] == (column.name,) and column.name not in ("person_id", "source")
