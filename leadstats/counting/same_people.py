"""Recognizes the people of one snapshot in the next, since every build makes new keys that lead nowhere.

People are recognized by what both snapshots hold about them: birth, sex, race and the days of their records. If all
of that has changed at once, they count as somebody else.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

# One record of a person: its kind and its day.
Entry = tuple[str, date]
ENOUGH = 2  # records in common that make two descriptions that differ one person


@dataclass(frozen=True)
class Person:
    """One person in a snapshot: their key there, and what it holds about them."""

    key: int
    birth_date: date | None
    described: str
    history: tuple[Entry, ...]


def same_people(old: Iterable[Person], new: Iterable[Person]) -> dict[int, int]:
    """Keys of the later snapshot -> keys of the earlier one, each at most once."""
    pairs = _Pairs(old, new)
    pairs.match(lambda person: (person.described, person.history), are_alike=True)
    pairs.match(lambda person: person.described if person.birth_date else None)
    pairs.match(lambda person: person.history if len(person.history) >= ENOUGH else None)
    pairs.match_by_overlap()
    return pairs.found


class _Pairs:
    def __init__(self, old: Iterable[Person], new: Iterable[Person]):
        self.old, self.new = sorted(old, key=_order), sorted(new, key=_order)
        self.found: dict[int, int] = {}

    def match(self, name: Callable[[Person], Hashable], are_alike: bool = False) -> None:
        """Pairs people with the same name; if several have it, only when nothing at all tells them apart."""
        groups = [self._by_name(side, name) for side in (self.old, self.new)]
        for named in groups[0].keys() & groups[1].keys():
            before, after = groups[0][named], groups[1][named]
            if are_alike or len(before) == len(after) == 1:
                self._pair(zip(before, after, strict=False))
        self._forget()

    def match_by_overlap(self) -> None:
        """Pairs the rest by the most records in common, unless they were born on different days."""
        index: dict[Entry, list[Person]] = defaultdict(list)
        for person in self.old:
            for entry in dict.fromkeys(person.history):
                index[entry].append(person)
        taken: set[int] = set()
        for person in self.new:
            shared = Counter(each for entry in dict.fromkeys(person.history) for each in index[entry])
            likely = [
                each
                for each, in_common in shared.most_common()
                if each.key not in taken and in_common >= _enough(each, person)
            ]
            if likely:
                taken.add(likely[0].key)
                self._pair([(likely[0], person)])
        self._forget()

    def _pair(self, pairs: Iterable[tuple[Person, Person]]) -> None:
        self.found |= {after.key: before.key for before, after in pairs}

    def _forget(self) -> None:
        """What is paired needs no other."""
        known = set(self.found.values())
        self.old = [person for person in self.old if person.key not in known]
        self.new = [person for person in self.new if person.key not in self.found]

    @staticmethod
    def _by_name(
        people: Sequence[Person], name: Callable[[Person], Hashable]
    ) -> Mapping[Hashable, list[Person]]:
        groups: dict[Hashable, list[Person]] = defaultdict(list)
        for person in people:
            if (named := name(person)) is not None:
                groups[named].append(person)
        return groups


def _order(person: Person) -> tuple:
    """An order by what people are, since that of their keys does not last."""
    return person.history, person.described


def _enough(one: Person, other: Person) -> float:
    """How many records two descriptions must have in common to be one person."""
    if one.birth_date and other.birth_date:
        return 1 if one.birth_date == other.birth_date else math.inf
    return 1 if one.described == other.described else ENOUGH
