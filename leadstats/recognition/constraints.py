"""What cannot be otherwise in any export: nobody is released before being booked, no place is one of two."""

import collections
import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from leadstats.recognition import forms, moments
from leadstats.recognition.profile import Profile, Sheet

# What ends or follows, and what it follows, by table.
ORDERS = {
    "referral": {"intake_completed_on": "referred_on", "closed_on": "referred_on"},
    "enrollment": {"exited_on": "started_on"},
    "jail_stay": {"released_at": "booked_at"},
    "housing": {"moved_in_on": "entered_on", "exited_on": "entered_on"},
    "person": {"death_date": "birth_date"},
}
NEARLY_ALL, HALF = 0.9, 0.5
FEWEST = 3  # rows that tell anything of an order
PLACES = 3  # a place has at least so many values, if many rows have one
MANY_ROWS = 40
YEARS = (0, 110)  # the ages that people have


@dataclass(frozen=True)
class Order:
    """In how many of the rows that have both days the second is not before the first."""

    held: int
    rows: int

    @property
    def share(self) -> float:
        return self.held / self.rows

    @property
    def in_words(self) -> str:
        return f"{self.held:,} of {self.rows:,} rows"


def order(sheet: Sheet, earlier: str, later: str) -> Order | None:
    """None if too few rows have both days. Days are compared, since a time may stand in one of the two only."""
    read_first = moments.reader(sheet.profile(earlier).serials.formats)
    read_last = moments.reader(sheet.profile(later).serials.formats)
    held = rows = 0
    for first, last in itertools.islice(sheet.rows_of(earlier, later), 5_000):
        begun, ended = (read_first(first), read_last(last)) if first and last else (None, None)
        if begun and ended:
            rows += 1
            held += begun.date() <= ended.date()
    return Order(held, rows) if rows >= FEWEST else None


@dataclass(frozen=True)
class Repeats:
    """Rows that share a number with an earlier one, and how many of these numbers are of one event each."""

    repeated: int
    rows: int
    numbers: int
    of_one_event: int
    empty: int

    @property
    def are_one_event(self) -> bool:
        """Whether the number numbers events: filled, and its repeats are rows of one event, as charges are."""
        is_filled = self.rows and self.empty <= (1 - forms.FITS) * self.rows
        return bool(is_filled) and self.of_one_event >= NEARLY_ALL * self.numbers

    @property
    def in_words(self) -> str:
        return f"{self.repeated:,} of {self.rows:,} rows"


def repeats(sheet: Sheet, number: Sequence[str], event: Sequence[str]) -> Repeats:
    """How often a number repeats, and whether those who share it agree in all columns of `event`."""
    width = len(number)
    events: dict[tuple, set] = collections.defaultdict(set)
    counts: collections.Counter = collections.Counter()
    empty = rows = 0
    for cells in sheet.rows_of(*number, *event):
        rows += 1
        if not all(cells[:width]):
            empty += 1
            continue
        counts[cells[:width]] += 1
        events[cells[:width]].add(cells[width:])
    several = [key for key, count in counts.items() if count > 1]
    agreeing = sum(len(events[key]) == 1 for key in several) if event else 0
    return Repeats(counts.total() - len(counts), rows, len(several), agreeing, empty)


def counts_rows(sheet: Sheet, header: str) -> bool:
    """Whether a column counts the rows of its file from 0 or 1 on, or measures: next month the same numbers are others'."""
    cells = [cell for (cell,) in sheet.rows_of(header)]
    if any("." in cell and forms.number(cell) is not None or ":" in cell for cell in cells):
        return True
    return any(cells == list(map(str, range(first, first + len(cells)))) for first in (0, 1))


def may_be_place(profile: Profile) -> bool:
    """What has two values in many rows is a yes and no, or a half of town, and no place; nor is a negative number."""
    if any(value.startswith("-") and value[1:].isdecimal() for value in profile.values):
        return False
    return profile.distinct >= PLACES or profile.filled < MANY_ROWS


def may_be_day_of_list(profile: Profile) -> bool:
    """The day of a list is that of everybody on it; one that changes from row to row is each row's own."""
    return profile.filled < FEWEST or profile.variety <= HALF
