"""What is true in any export: nobody is released before being booked, and a place is not one of only two values."""

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
    """Of the rows that have both days, how many have the second on or after the first."""

    held: int
    rows: int

    @property
    def share(self) -> float:
        return self.held / self.rows

    @property
    def in_words(self) -> str:
        return f"{self.held:,} of {self.rows:,} rows"


def order(sheet: Sheet, earlier: str, later: str) -> Order | None:
    """None if too few rows have both days. Compares days, since only one of the two may have a time."""
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
    """How many rows repeat a number of an earlier row, and whether those rows are of one event."""

    repeated: int
    rows: int
    numbers: int
    of_one_event: int
    empty: int

    @property
    def are_one_event(self) -> bool:
        """Whether the column numbers events: it is filled, and repeats are rows of one event, such as charges."""
        is_filled = self.rows and self.empty <= (1 - forms.FITS) * self.rows
        return bool(is_filled) and self.of_one_event >= NEARLY_ALL * self.numbers

    @property
    def in_words(self) -> str:
        return f"{self.repeated:,} of {self.rows:,} rows"


def repeats(sheet: Sheet, number: Sequence[str], event: Sequence[str]) -> Repeats:
    """How often a number repeats, and whether the rows that share it agree in all columns of `event`."""
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
    """Whether a column counts the rows of its file from 0 or 1, or measures something: next month the same numbers mean others."""
    cells = [cell for (cell,) in sheet.rows_of(header)]
    measured = sum("." in cell and forms.number(cell) is not None or ":" in cell for cell in cells)
    if measured > (1 - forms.FITS) * len(cells):  # a line below the rows may say "Total rows: 66"
        return True
    return any(cells == list(map(str, range(first, first + len(cells)))) for first in (0, 1))


def may_be_place(profile: Profile) -> bool:
    """Whether it may be a place: two values in many rows are a yes and no, or halves of a town; nor is a negative number one."""
    if any(value.startswith("-") and value[1:].isdecimal() for value in profile.values):
        return False
    return profile.distinct >= PLACES or profile.filled < MANY_ROWS


def may_be_day_of_list(profile: Profile) -> bool:
    """Whether it may be the day of a list, which is the same for everybody on it; one that changes from row to row is not."""
    return profile.filled < FEWEST or profile.variety <= HALF
