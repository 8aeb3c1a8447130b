"""Adds a metric's smallest counts up to any view: what its SQL gives for the same filters, in a fraction of the time.

What is added is what the SQL counted, so there is one definition of each number. Events add up; people are told
apart, so that each counts once however many months or places they are in.
"""

import functools
import itertools
import math
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from threading import Lock
from typing import Any, NamedTuple

import numpy as np
from cachetools import LRUCache

from leadstats.counting.atoms import (
    NOBODY,
    AtomCounter,
    Atoms,
    Entries,
    Labels,
    Numbers,
    dimension_of,
    kept,
    month_number,
)
from leadstats.counting.database import ProgramDatabase
from leadstats.counting.estimators import RECURRING
from leadstats.counting.view import Filters
from leadstats.model.metrics import Metric
from leadstats.model.schema import EVERYONE

Row = Mapping[str, Any]
# Columns whose number says how many different people: of several atoms of one person, one.
PEOPLE = ("people", "numerator_people", "complement_people", "referred_people", "compared_people")
# Of entries that are one a person: which fields are that person's sums, and which says of how many people.
OF_EACH_PERSON = {"by_person": (("arrests", "events"), "people"), "follow_up": (("key",), "value")}
# The same for entries that stand side by side: equal ones are told once, with the number of people.
SIDE_BY_SIDE = {"person_time": "people", "comparison_time": "people"}
MONTHS = {"month": 1, "quarter": 3, "year": 12}
# Of all that could be, one place each; where these would be more, or so many times what there is, that is sorted instead.
MOST_FLAGS, FLAGS_EACH = 2**23, 64
MOST_KEPT = 2**23  # numbers of the folds that are kept, of four bytes each


class Cube:
    """The counts of one database, for as long as it is open. Atoms are read when a metric is first asked for, and
    folded when it is first asked for under such filters but for months."""

    def __init__(self, database: ProgramDatabase) -> None:
        self._database = database
        self._atoms: dict[tuple[str, int | None, date], Atoms] = {}
        self._folds: LRUCache[tuple, _Fold] = LRUCache(MOST_KEPT, getsizeof=lambda fold: fold.size)
        self._counter = AtomCounter(database)
        self._lock = Lock()

    def rows(self, metric: Metric, filters: Filters, as_of: date, with_margins: bool) -> list[Row]:
        """The rows of the metric's SQL: one for each period, category and second category in which anything
        was counted, and for the margins over each of them if they are wanted, where the label is None. What a row
        says is worked out when it is first looked at.

        Raises what the database raises where the SQL cannot be run.
        """
        if not metric.adds_up:
            return self._database.counts(metric, filters, as_of, with_margins)
        key = (metric.sql, metric.horizon_days, as_of)
        with self._lock:
            if key not in self._atoms:
                self._atoms[key] = self._read(metric, as_of)
        return list(self._added_up(key, metric, filters, with_margins))

    def _read(self, metric: Metric, as_of: date) -> Atoms:
        return kept(self._database, metric, as_of) or Atoms.of(self._counter.count(metric, as_of))

    def _added_up(self, key: tuple, metric: Metric, filters: Filters, with_margins: bool) -> Iterator[Row]:
        asked = [filters]
        # The states at the ends of all periods are no state; and what is not broken down is its own margin.
        if with_margins and filters.by != "total" and not metric.is_stock:
            asked.append(replace(filters, by="total"))
        choices = (
            [False, True] if breakdown and with_margins else [False]
            for breakdown in (filters.breakdown, filters.second_breakdown)
        )
        for is_whole in itertools.product(*choices):
            fold = self._fold(key, filters, is_whole, with_margins)
            for each in asked:
                yield from fold.rows(_spans(fold.atoms, metric, each, key[-1]))

    def _fold(self, key: tuple, filters: Filters, is_whole: tuple[bool, ...], with_margins: bool) -> "_Fold":
        atoms = self._atoms[key]
        places, pathways = filters.places, filters.pathways
        asked = (key, places, pathways, filters.breakdown, filters.second_breakdown, is_whole, with_margins)
        with self._lock:
            found = self._folds.get(asked)
        if not found:
            found = _Fold(atoms, filters, is_whole, with_margins)
            with self._lock:
                if found.size <= MOST_KEPT:
                    self._folds[asked] = found
        return found


class _Span(NamedTuple):
    """A period: its label and days, and its months, counted from the first one of some atoms."""

    label: str | None
    first_day: date
    last_day: date
    start: int
    end: int  # the month after the last


def _spans(atoms: Atoms, metric: Metric, filters: Filters, as_of: date) -> list[_Span]:
    """None of which overlap."""
    found = []
    for label in filters.periods(as_of):
        days = filters.days_of(label, as_of)
        # The state at a period's end is that of its last month.
        edges = month_number(days[metric.is_stock]), month_number(days[1]) + 1
        start, end = (min(max(edge - atoms.first_month, 0), atoms.months) for edge in edges)
        found.append(_Span(label, *days, start, end))
    return found


class _Spans:
    """Several of them."""

    def __init__(self, spans: Sequence[_Span]) -> None:
        self.each = spans
        self.starts, self.ends = np.array([(each.start, each.end) for each in spans], dtype=np.intp).T


class Tally(NamedTuple):
    """Rows of numbers, a column each, and how much there is of each row."""

    columns: Sequence[np.ndarray]
    sums: np.ndarray


class _Fold:
    """The atoms of some places and pathways, by cell in order of people, and what they come to up to each month.

    A cell is a category and a second one. What any months come to is the difference of two sums. A person is counted
    in a period with the first atom there: one whose last atom before it lies before the period.
    """

    def __init__(
        self, atoms: Atoms, filters: Filters, is_whole: tuple[bool, ...], with_margins: bool
    ) -> None:
        self.atoms = atoms
        self._rows: dict[_Span, list[_Row]] = {}
        self._sums: dict[str, np.ndarray] = {}
        self._tallied: dict[str, Tally] = {}
        self._of_people: dict[str, tuple[np.ndarray, np.ndarray, dict[str, np.ndarray]]] = {}
        # All of an array is read as it stands; a choice of its numbers is copied.
        self._chosen: slice | np.ndarray = slice(None)
        is_wanted = []
        for name, values in (("place", filters.places), ("pathway", filters.pathways)):
            if values:
                labels = atoms.labels(dimension_of(name))
                is_wanted.append(np.array([name in values for name in labels.names])[labels.codes])
        own = None if atoms.are_undivided else atoms.labels("category")
        if own and not with_margins:
            # The SQL gives the margin over categories of the metric's own as a category without a name.
            is_wanted.append(own.codes < len(own.names) - 1)
        if is_wanted:
            self._chosen = np.flatnonzero(np.logical_and.reduce(is_wanted))
        cell: int | np.ndarray = 0
        names: list[tuple] = []
        for breakdown, whole in zip((filters.breakdown, filters.second_breakdown), is_whole, strict=True):
            labels = atoms.labels(dimension_of(breakdown)) if breakdown else None if names else own
            if whole or labels is None:
                names.append((None if whole else EVERYONE,))
                continue
            codes, known, at = _one_each(labels, self._chosen)
            if at is not None:
                cell = cell if isinstance(cell, int) else cell[at]
                self._chosen = at if isinstance(self._chosen, slice) else self._chosen[at]
            cell = cell * len(known) + codes.astype(np.int32)
            names.append(known)
        self.cells = list(itertools.product(*names))
        if isinstance(cell, int):
            self._sizes = np.array([self._person.size])
        else:
            self._sizes = np.bincount(cell, minlength=len(self.cells))
            # Numbers as narrow as that are put in order by counting them.
            order = np.argsort(cell.astype(np.min_scalar_type(len(self.cells))), kind="stable")
            self._chosen = order if isinstance(self._chosen, slice) else self._chosen[order]
        by_two_months = len(self.cells) * atoms.months * (atoms.months + 1)
        self._is_small = _is_dense(by_two_months, int(self._sizes.sum()))
        is_all = isinstance(self._chosen, slice)
        # About as many numbers of four bytes as are kept of it.
        self.size = by_two_months * self._is_small + 4 * int(self._sizes.sum()) * (not is_all)

    @functools.cached_property
    def _person(self) -> np.ndarray:
        return self.atoms.person[self._chosen]

    @functools.cached_property
    def _month(self) -> np.ndarray:
        return self.atoms.month[self._chosen]

    @property
    def _at(self) -> np.ndarray:
        """The number of each atom's cell and month."""
        if len(self.cells) == 1:
            return self._month.astype(np.intp)
        return np.repeat(np.arange(len(self.cells)) * self.atoms.months, self._sizes) + self._month

    def rows(self, spans: Sequence[_Span]) -> Iterator[Row]:
        """In order of periods. They are kept where a period has a label: most views have the same months and years."""
        new = [span for span in spans if span not in self._rows]
        found = dict(zip(new, _Groups(self, _Spans(new)).rows(), strict=True)) if new else {}
        self._rows |= {span: rows for span, rows in found.items() if span.label}
        for span in spans:
            yield from found[span] if span in found else self._rows[span]

    def atoms_in(self, spans: _Spans) -> np.ndarray:
        """How many, by cell and period."""
        return self._between(spans, "", lambda: None)

    def sums(self, name: str, spans: _Spans) -> np.ndarray:
        """What a number comes to."""
        return self._between(spans, name, lambda: self.atoms.numbers(name).values[self._chosen])

    def known(self, name: str, spans: _Spans) -> np.ndarray:
        """Of how many atoms it is known."""
        return self._between(spans, f"{name} known", lambda: self.atoms.numbers(name).known[self._chosen])

    def of_nobody(self, name: str, spans: _Spans) -> np.ndarray:
        """What it comes to in atoms of nobody known."""

        def weights() -> np.ndarray:
            return self.atoms.numbers(name).values[self._chosen] * (self._person == NOBODY)

        return self._between(spans, f"{name} of nobody", weights)

    def _between(self, spans: _Spans, what: str, weights: Callable[[], np.ndarray | None]) -> np.ndarray:
        if what not in self._sums:
            self._sums[what] = _up_to_each(self._by_cell(self._at, self.atoms.months, weights()))
        return self._sums[what][:, spans.ends] - self._sums[what][:, spans.starts]

    def people(self, name: str, spans: _Spans) -> np.ndarray:
        """Of how many people a number counts something."""
        what, starts, months = f"people of {name}", spans.starts, self.atoms.months
        if what not in self._sums:
            person, at, month = self._person, self._at, self._month
            is_counted = (self.atoms.numbers(name).values[self._chosen] > 0) & (person != NOBODY)
            if not is_counted.all():
                counted = np.flatnonzero(is_counted)
                person, at, month = person[counted], at[counted], month[counted]
            # The month after that person's last atom before it in the cell, or 0.
            since = np.zeros_like(month)
            since[1:] = np.maximum(month[1:] - np.diff(at) + 1, 0) * (person[1:] == person[:-1])
            if not self._is_small:
                group = self._group(at, spans)
                first = np.flatnonzero((group >= 0) & (since <= starts[group % starts.size]))
                return self._by_cell(group[first], starts.size)
            by_two_months = self._by_cell(at * (months + 1) + since, months * (months + 1))
            by_two_months = by_two_months.reshape(-1, months, months + 1)
            self._sums[what] = _up_to_each(by_two_months.cumsum(axis=2))
        return self._sums[what][:, spans.ends, starts] - self._sums[what][:, starts, starts]

    def _by_cell(self, numbers: np.ndarray, most: int, weights: np.ndarray | None = None) -> np.ndarray:
        """How often each number stands there, of which a cell has so many; or the sum of its weights.

        Whole numbers are exact in floating point up to 2**53.
        """
        return np.bincount(numbers, weights, len(self.cells) * most).reshape(len(self.cells), most)

    def _group(self, at: np.ndarray, spans: _Spans, is_wanted: np.ndarray | None = None) -> np.ndarray:
        """The number of each one's cell and period; -1 outside of all, or of those that are wanted."""
        periods = np.full(self.atoms.months, -1)
        for number, (start, end) in enumerate(zip(spans.starts.tolist(), spans.ends.tolist(), strict=True)):
            periods[start:end] = number
        numbers = np.arange(len(self.cells))[:, np.newaxis] * spans.starts.size + periods
        is_in = np.broadcast_to(periods >= 0, numbers.shape)
        if is_wanted is not None:
            is_in = is_in & is_wanted[:, periods]
        return np.where(is_in, numbers, -1).ravel()[at]

    def said(self, name: str) -> list:
        """What all atoms of a cell say alike."""
        labels = self.atoms.labels(name)
        last = np.maximum(np.cumsum(self._sizes) - 1, 0)
        return [labels.names[code] for code in labels.codes[self._chosen][last].tolist()]

    def tallied(self, name: str, weight: str, spans: _Spans) -> Tally:
        """Entries by the number of their cell and period, and all fields but the weight."""
        if name not in self._tallied:
            of, fields = self._entries(name)
            weights = fields.pop(weight)
            self._tallied[name] = _tally([self._at[of], *fields.values()], weights)
        (at, *fields), sums = self._tallied[name]
        group = self._group(at, spans)
        wanted = np.flatnonzero(group >= 0)
        return _tally([each[wanted] for each in (group, *fields)], sums[wanted])

    def of_each_person(
        self, name: str, summed: tuple[str, ...], weight: str, spans: _Spans, is_wanted: np.ndarray
    ) -> Tally:
        """The same of entries that are one a person, those of several atoms added first, for some cells and periods."""
        if name not in self._of_people:
            of, fields = self._entries(name)
            self._of_people[name] = self._at[of].astype(np.int32), self._person[of], fields
        at, person, fields = self._of_people[name]
        group = self._group(at, spans, is_wanted)
        wanted = np.flatnonzero(group >= 0)
        group, person = group[wanted], person[wanted]
        is_new = person == NOBODY
        is_new[:1] = True
        is_new[1:] |= (person[1:] != person[:-1]) | (group[1:] != group[:-1])
        starts = np.flatnonzero(is_new)
        sums = [
            np.add.reduceat(fields[each][wanted], starts, dtype=np.int64) for each in summed if starts.size
        ]
        # An entry of nobody known may be of several people.
        people = np.where(person[starts] == NOBODY, fields[weight][wanted[starts]], 1)
        return _tally([group[starts], *sums], people)

    def _entries(self, name: str) -> tuple[slice | np.ndarray, dict[str, np.ndarray]]:
        """Those of the chosen atoms: which of these each is of, and its fields."""
        entries, chosen = self.atoms.entries(name), self._chosen
        of: slice | np.ndarray = slice(None)
        if not entries.are_one_each:
            owners = np.arange(self._person.size) if isinstance(chosen, slice) else chosen
            of, chosen = _entries_of(owners, entries.offsets)
        return of, {field: values[chosen] for field, values in entries.fields.items()}


class _Groups:
    """A fold over some periods: a row for each cell and period in which there is anything."""

    def __init__(self, fold: _Fold, spans: _Spans):
        self._fold, self._spans = fold, spans
        self._columns: dict[str, list] = {}

    def rows(self) -> list[list["_Row"]]:
        """By period."""
        found: list[list[_Row]] = [[] for _ in self._spans.each]
        for period, cell in np.argwhere(self._fold.atoms_in(self._spans).T).tolist():
            span, (category, second_category) = self._spans.each[period], self._fold.cells[cell]
            row = _Row(
                {
                    "period": span.label,
                    "category": category,
                    "second_category": second_category,
                    "days": (span.last_day - span.first_day).days + 1,
                    "last_day": span.last_day,
                },
                self._fold.atoms.counts,
                lambda name, number=cell * len(self._spans.each) + period: self._column(name)[number],
            )
            found[period].append(row)
        return found

    def _column(self, name: str) -> list:
        """What the SQL gives, for each cell the periods in order."""
        if name not in self._columns:
            kind = self._fold.atoms.counts[name]
            found = {Numbers: self._numbers, Entries: self._entries, Labels: self._labels}[kind](name)
            self._columns[name] = found
        return self._columns[name]

    def _labels(self, name: str) -> list:
        return [said for said in self._fold.said(name) for _ in self._spans.each]

    def _numbers(self, name: str) -> list:
        added = self._fold.people if name in PEOPLE else self._fold.sums
        found = added(name, self._spans)
        if self._fold.atoms.numbers(name).known is not None:
            found = np.where(self._fold.known(name, self._spans) > 0, found, None)
        return found.ravel().tolist()

    def _entries(self, name: str) -> list:
        fold, spans, weight = self._fold, self._spans, SIDE_BY_SIDE.get(name, "value")
        if name in OF_EACH_PERSON:
            summed, weight = OF_EACH_PERSON[name]
            is_wanted = self._recurring() if name == "by_person" else fold.atoms_in(spans) > 0
            if not is_wanted.any():
                return [None] * is_wanted.size
            told = fold.of_each_person(name, summed, weight, spans, is_wanted)
        else:
            told = fold.tallied(name, weight, spans)
        entries = fold.atoms.entries(name)
        names = [each for each in entries.fields if each != weight]
        found: list = [{} if entries.is_map else [] for _ in range(len(fold.cells) * len(spans.each))]
        rows = (column.tolist() for column in (*told.columns, told.sums))
        for number, *values, together in zip(*rows, strict=True):
            if entries.is_map:
                found[number][entries.words[values[0]] if entries.words else values[0]] = together
            else:
                found[number].append({**dict(zip(names, values, strict=True)), weight: together})
        return found

    def _recurring(self) -> np.ndarray:
        """Where people recur so often that the estimator looks at each person's records."""
        counted, by_themselves = (
            each("denominator", self._spans) for each in (self._fold.sums, self._fold.of_nobody)
        )
        return counted > RECURRING * (self._fold.people("people", self._spans) + by_themselves)


@dataclass(frozen=True)
class _Row(Mapping[str, Any]):
    """What the SQL gives of one cell and period. Its counts are worked out when they are first looked at.

    estimates: what was made of it, by metric.
    """

    own: Mapping[str, Any]
    counts: Collection[str]
    count: Callable[[str], Any]
    estimates: dict[str, Any] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Any:
        if name in self.own:
            return self.own[name]
        if name in self.counts:
            return self.count(name)
        raise KeyError(name)

    def __contains__(self, name: object) -> bool:
        return name in self.own or name in self.counts

    def __iter__(self) -> Iterator[str]:
        return itertools.chain(self.own, self.counts)

    def __len__(self) -> int:
        return len(self.own) + len(self.counts)


def _one_each(labels: Labels, chosen: slice | np.ndarray) -> tuple[np.ndarray, tuple, np.ndarray | None]:
    """Of each chosen atom the number of its category, and their names; where it may have several, one number for each,
    and which of the atoms it is of."""
    codes = labels.codes[chosen].astype(np.intp)
    if not any(isinstance(name, list) for name in labels.names):
        return codes, labels.names, None
    several = [name or [] for name in labels.names]
    names = tuple(sorted({each for name in several for each in name}))
    numbers = np.array([names.index(each) for name in several for each in name], dtype=np.int32)
    at, entry = _entries_of(codes, np.cumsum([0, *map(len, several)]))
    return numbers[entry], names, at


def _entries_of(owners: np.ndarray, offsets: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For each entry of these owners, in order: the place of its owner among them, and its own among all entries."""
    starts = offsets[owners]
    lengths = offsets[owners + 1] - starts
    at = np.repeat(np.arange(owners.size), lengths)
    within = np.arange(at.size) - (np.cumsum(lengths) - lengths)[at]
    return at, starts[at] + within


def _up_to_each(counts: np.ndarray) -> np.ndarray:
    """Sums over the months before each, and at last over all; months are the second axis."""
    found = np.zeros((counts.shape[0], counts.shape[1] + 1, *counts.shape[2:]), dtype=np.int64)
    np.cumsum(counts, axis=1, out=found[:, 1:])
    return found


def _is_dense(possible: int, found: int) -> bool:
    """Whether a place for all that could be costs less than to look through what there is."""
    return possible <= min(MOST_FLAGS, FLAGS_EACH * found)


def _tally(columns: Sequence[np.ndarray], weights: np.ndarray) -> Tally:
    """The different rows of the columns, in order, each with the sum of its weights."""
    if not weights.size:
        return Tally(list(columns), weights)
    spans = [(int(column.min()), int(column.max()) + 1) for column in columns]
    shape = [last - first for first, last in spans]
    mixed = np.zeros(weights.size, dtype=np.int64)
    for column, (first, last) in zip(columns, spans, strict=True):
        mixed = mixed * (last - first) + (column - first)
    if _is_dense(math.prod(shape), weights.size):
        sums = np.bincount(mixed, weights)
        found = np.flatnonzero(sums)
        sums = sums[found]
    else:
        found, number = np.unique(mixed, return_inverse=True)
        sums = np.bincount(number, weights)
    places = zip(np.unravel_index(found, shape), spans, strict=True)
    return Tally([place + first for place, (first, _) in places], sums.astype(np.int64))
