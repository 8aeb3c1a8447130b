"""What the cells of a file look like as a whole: hides the rows from those who judge columns."""

import collections
import functools
import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from leadstats.recognition import forms
from leadstats.recognition.vocabulary import simple, words_of

VALUES_KEPT = 400
OFTEN = 60  # values that tell a form; the others need not be looked at

Rows = Sequence[Sequence[str | None]]


@dataclass(frozen=True)
class Profile:
    """One column of a file. values: its different cells, the most frequent ones, and how often each occurs."""

    header: str
    rows: int
    filled: int
    distinct: int
    values: Mapping[str, int] = field(repr=False)

    @property
    def variety(self) -> float:
        """1 if no value repeats."""
        return self.distinct / max(1, self.filled)

    # Every table asks the same of every column, and the answers are dear.
    @functools.cached_property
    def dates(self) -> forms.Dates:
        return forms.dates(self._often)

    @functools.cached_property
    def serials(self) -> forms.Dates:
        return forms.dates(self._often, may_be_serial=True)

    @property
    def clocks(self) -> float:
        return forms.clocks(self._often)

    @functools.cached_property
    def races(self) -> forms.Words:
        return forms.races(self.values)

    @functools.cached_property
    def flags(self) -> forms.Words:
        return forms.yes_or_no(self.values)

    @functools.cached_property
    def sexes(self) -> forms.Words:
        return forms.sexes(self.values)

    @property
    def _often(self) -> dict[str, int]:
        return dict(itertools.islice(self.values.items(), OFTEN))


@dataclass(frozen=True)
class Sheet:
    """What is known of one file.

    missing: texts that mean an empty cell, and the headers of the columns that have them.
    are_unique: whether no two rows agree in all of some columns.
    """

    name: str
    stem: str
    columns: tuple[Profile, ...]
    missing: Mapping[str, frozenset[str]]
    are_unique: Callable[[Sequence[str]], bool] = field(repr=False)
    cells: Callable[[str], frozenset[str]] = field(repr=False)  # all that a column holds

    def profile(self, header: str) -> Profile:
        return next(each for each in self.columns if each.header == header)


def sheet_of(name: str, stem: str, header: Sequence[str], rows: Rows, told: Sequence[str] = ()) -> Sheet:
    """`told`: texts that are known to mean an empty cell, besides the usual ones."""
    columns = list(zip(*rows, strict=True)) or [()] * len(header)
    missing, profiles = _profiles(header, columns, frozenset(told))
    position = {each: index for index, each in enumerate(header)}

    def are_unique(headers: Sequence[str]) -> bool:
        keys = list(zip(*(columns[position[each]] for each in headers), strict=True))
        return len(set(keys)) == len(keys) and all(map(all, keys))

    def cells(name: str) -> frozenset[str]:
        return frozenset(cell.strip() for cell in columns[position[name]] if cell and cell.strip())

    return Sheet(name, stem, tuple(profiles), missing, are_unique, cells)


def _profiles(header, columns, told: frozenset[str]) -> tuple[dict[str, frozenset[str]], list[Profile]]:
    """What the columns hold, and the texts among them that mean an empty cell, with their columns."""
    nothing = words_of("missing")
    missing: dict[str, frozenset[str]] = {}
    profiles = []
    for name, cells in zip(header, columns, strict=True):
        counts = collections.Counter(cell.strip() for cell in cells if cell and cell.strip())
        for value in [value for value in counts if simple(value) in nothing or value in told]:
            missing[value] = missing.get(value, frozenset()) | {name}
            del counts[value]
        values = dict(counts.most_common(VALUES_KEPT))
        profiles.append(Profile(name, len(cells), counts.total(), len(counts), values))
    return missing, profiles


def are_labels(rows: Rows) -> bool:
    """Whether the first row below the header is a second header: words where all others have numbers."""
    first, *others = rows or [()]
    if len(others) < 2:
        return False
    columns = list(zip(*others[:50], strict=True))
    numeric = [index for index, cells in enumerate(columns) if all(map(_is_number, cells))]
    return len(numeric) > 1 and not any(_is_number(first[index]) for index in numeric)


def _is_number(cell: str | None) -> bool:
    return bool(cell) and cell.strip().replace(".", "", 1).replace("-", "", 1).isdigit()
