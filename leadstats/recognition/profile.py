"""What the cells of a file look like as a whole, so that whoever judges columns need not see rows."""

import collections
import functools
import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from leadstats.recognition import forms, moments, race_cells
from leadstats.recognition.vocabulary import simple, words_of

VALUES_KEPT = 400
SAMPLE = (
    300  # cells of one column that are looked up in another, to find out whether it is worth looking up all
)
OFTEN = 60  # enough values to tell a form by; the others need not be looked at
MOST_GROUPS = 40  # a column with more distinct cells is not judged by its cells alone

Rows = Sequence[Sequence[str | None]]


@dataclass(frozen=True)
class Profile:
    """One column of a file. values: its most frequent distinct cells, and how often each occurs."""

    header: str
    rows: int
    filled: int
    distinct: int
    values: Mapping[str, int] = field(repr=False)

    @property
    def variety(self) -> float:
        """1 if no value repeats."""
        return self.distinct / max(1, self.filled)

    def is_ruled_out(self, is_known: Callable[[str], bool]) -> bool:
        """Whether the most common cell is not known, though it is in too many rows to be an exception. True for most
        columns, and cheap to find out."""
        value = next(iter(self.values), None)
        is_telling = value is not None and self.values[value] > 2 * (1 - forms.FITS) * self.filled
        return is_telling and not is_known(value)

    # Cached: every table asks the same about every column, and the answers are expensive.
    @functools.cached_property
    def dates(self) -> moments.Dates:
        return moments.dates(self._often)

    @functools.cached_property
    def serials(self) -> moments.Dates:
        return moments.dates(self._often, may_be_serial=True)

    @functools.cached_property
    def has_times(self) -> bool:
        """Whether these are moments, most of them not midnights."""
        read = moments.reader(self.dates.formats)
        times = list(filter(None, map(read, self._often))) if self.dates.share >= forms.FITS else []
        return bool(times) and sum((each.hour, each.minute) != (0, 0) for each in times) > len(times) / 2

    @property
    def clocks(self) -> float:
        return moments.clocks(self._often)

    @functools.cached_property
    def points(self) -> float:
        return forms.points(self._often)

    @functools.cached_property
    def races(self) -> forms.Words:
        return race_cells.races(self.values)

    @functools.cached_property
    def ethnicities(self) -> forms.Words:
        return race_cells.ethnicities(self.values)

    @functools.cached_property
    def flags(self) -> forms.Words:
        return forms.yes_or_no(self.values)

    @functools.cached_property
    def sexes(self) -> forms.Words:
        return forms.sexes(self.values)

    @functools.cached_property
    def groups(self) -> tuple[int, int]:
        """How many races the cells name, and how many of them in words."""
        if self.distinct > MOST_GROUPS:
            return 0, 0
        named = {value: race_cells.group(value) for value in self.values}
        in_words = {group for value, group in named.items() if len(value) > 3} - {None}
        return len({*named.values()} - {None}), len(in_words)

    @functools.cached_property
    def is_prose(self) -> bool:
        """Whether most of the distinct cells have several words."""
        return sum(" " in value for value in self.values) > len(self.values) / 2

    @functools.cached_property
    def _often(self) -> dict[str, int]:
        return dict(itertools.islice(self.values.items(), OFTEN))


class Cells(frozenset[str]):
    """The different cells of a column. Each file asks the same of them, as often as there are files."""

    @functools.cached_property
    def some(self) -> frozenset[str]:
        """A few of them from throughout."""
        return frozenset(sorted(self)[:: max(1, len(self) // SAMPLE)])

    @functools.cached_property
    def numbers(self) -> Sequence[int] | None:
        """The whole numbers that they are, in order; None if one of them is none."""
        return sorted(map(int, self)) if all(map(str.isdecimal, self)) else None


@dataclass(frozen=True)
class Sheet:
    """What is known of one file.

    missing: texts that mean an empty cell, and the headers of the columns that have them.
    whole: all cells of a column, where only the first rows were looked at.
    """

    name: str
    stem: str
    columns: tuple[Profile, ...]
    missing: Mapping[str, frozenset[str]]
    whole: Callable[[str], frozenset[str]] | None = field(default=None, repr=False)
    _cells: Mapping[str, tuple[str | None, ...]] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_profiles", {each.header: each for each in self.columns})
        object.__setattr__(self, "_known", {})

    @property
    def rows(self) -> int:
        return self.columns[0].rows if self.columns else 0

    @functools.cached_property
    def headers(self) -> tuple[str, ...]:
        return tuple(each.header for each in self.columns)

    def profile(self, header: str) -> Profile:
        return self._profiles[header]

    def rows_of(self, *headers: str) -> Iterator[tuple[str, ...]]:
        """The cells of some columns, row by row; an empty one is ""."""
        columns = [[self._read(cell) for cell in self._cells[header]] for header in headers]
        return zip(*columns, strict=True)

    def cells(self, header: str) -> Cells:
        """All that a column holds, in all rows of the file."""
        if header not in self._known:
            cells = self.whole(header) if self.whole else self._cells[header]
            self._known[header] = Cells(filter(None, map(self._read, cells)))
        return self._known[header]

    def are_unique(self, headers: Sequence[str]) -> bool:
        """Whether no two rows agree in all of some columns, and none lacks one of them."""
        keys = list(self.rows_of(*headers))
        return len(set(keys)) == len(keys) and all(map(all, keys))

    def _read(self, cell: str | None) -> str:
        text = (cell or "").strip()
        return "" if text in self.missing else text


def sheet_of(
    name: str,
    stem: str,
    header: Sequence[str],
    rows: Rows,
    told: Sequence[str] = (),
    whole: Callable[[str], frozenset[str]] | None = None,
) -> Sheet:
    """`told`: texts that are known to mean an empty cell, besides the usual ones."""
    columns = list(zip(*rows, strict=True)) or [()] * len(header)
    missing, profiles = _profiles(header, columns, frozenset(told))
    return Sheet(name, stem, tuple(profiles), missing, whole, dict(zip(header, columns, strict=True)))


def _profiles(header, columns, told: frozenset[str]) -> tuple[dict[str, frozenset[str]], list[Profile]]:
    """What the columns hold, and the texts among them that mean an empty cell, with their columns."""
    nothing = words_of("missing")
    missing: dict[str, frozenset[str]] = {}
    profiles = []
    for name, cells in zip(header, columns, strict=True):
        counts = collections.Counter(filter(None, map(str.strip, filter(None, cells))))
        for value in [each for each in counts if each in told or len(each) < 16 and simple(each) in nothing]:
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
