"""Adds a metric's smallest counts up to any view: what its SQL gives for the same filters, in a fraction of the time.

What is added is what the SQL counted, so there is one definition of each number. Events add up; people are told
apart, so that each counts once however many months or places they are in.
"""

import itertools
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from threading import Lock
from typing import Any

import numpy as np

from leadstats.counting.atoms import (
    NOBODY,
    REPEATED,
    AtomCounter,
    Atoms,
    Entries,
    as_arrays,
    kept,
    month_number,
    trait_of,
)
from leadstats.counting.database import ProgramDatabase
from leadstats.counting.estimators import RECURRING
from leadstats.counting.view import Filters
from leadstats.model import periods
from leadstats.model.metrics import Metric
from leadstats.model.schema import EVERYONE

Row = dict[str, Any]
# Columns whose number says how many different people: of several atoms of one person, one.
PEOPLE = ("people", "numerator_people", "complement_people", "referred_people", "compared_people")
# Of entries that are one a person: which fields are that person's sums, and which says of how many people.
OF_EACH_PERSON = {"by_person": (("arrests", "events"), "people"), "follow_up": (("key",), "value")}
# The same for entries that stand side by side: equal ones are told once, with the number of people.
SIDE_BY_SIDE = {"person_time": "people", "comparison_time": "people"}
MOST_FLAGS = 2**23  # of all that could be, one place each; beyond it what there is is sorted instead
MONTHS = {"month": 1, "quarter": 3, "year": 12}


class Cube:
    """The counts of one database, for as long as it is open. Atoms are read when a metric is first asked for."""

    def __init__(self, database: ProgramDatabase) -> None:
        self._database = database
        self._atoms: dict[tuple[str, int | None, date], Atoms] = {}
        self._counter = AtomCounter(database)
        self._lock = Lock()

    def rows(self, metric: Metric, filters: Filters, as_of: date, with_margins: bool) -> list[Row]:
        """The rows of the metric's SQL: a dictionary for each period, category and second category in which anything
        was counted, and for the margins over each of them if they are wanted, where the label is None.

        Raises what the database raises where the SQL cannot be run.
        """
        if not metric.adds_up:
            return self._database.counts(metric, filters, as_of, with_margins)
        key = (metric.sql, metric.horizon_days, as_of)
        with self._lock:
            if key not in self._atoms:
                self._atoms[key] = self._read(metric, as_of)
        return list(_View(self._atoms[key], metric, filters, as_of, with_margins).rows())

    def _read(self, metric: Metric, as_of: date) -> Atoms:
        return kept(self._database, metric, as_of) or as_arrays(self._counter.count(metric, as_of))


@dataclass(frozen=True)
class _Axis:
    """One way of putting the chosen atoms into groups: the number of each one's group, and the groups' names.

    at: which atom each number is of, where some stand in several groups.
    """

    codes: np.ndarray
    names: tuple
    at: np.ndarray | None = None

    @property
    def margin(self) -> "_Axis":
        """Everything in one group, each atom once."""
        size = self.codes.size if self.at is None else int(self.at.max(initial=-1)) + 1
        return _Axis(np.zeros(size, dtype=np.int64), (None,))


class _View:
    """The atoms that pass the filters, and how they are put into groups."""

    def __init__(
        self, atoms: Atoms, metric: Metric, filters: Filters, as_of: date, with_margins: bool
    ) -> None:
        self.atoms, self.metric, self.filters, self.as_of = atoms, metric, filters, as_of
        self.with_margins = with_margins
        last_month = min(month_number(filters.last_month), month_number(as_of))
        # Numbers of another kind would have all months turned into it.
        ends = np.array([month_number(filters.first_month), last_month + 1], atoms.month.dtype)
        first, last = np.searchsorted(atoms.month, ends).tolist()
        # A part of an array is read as it stands; a choice of its numbers is copied.
        self.chosen: slice | np.ndarray = slice(first, last)
        self.are_all = True  # nothing but months was chosen
        for name, values in (("place", filters.places), ("pathway", filters.pathways)):
            if values:
                labels = atoms.labels[trait_of(name)]
                is_wanted = np.array([name in values for name in labels.names])
                self._keep(is_wanted[labels.codes[self.chosen]])
                self.are_all = False
        if metric.is_stock:
            # The state at a period's end is that of its last month.
            month, length = atoms.month[self.chosen], MONTHS.get(filters.by)
            ends = np.minimum((month // length + 1) * length - 1, last_month) if length else last_month
            self._keep(month == ends)
        if not with_margins and not atoms.are_undivided:
            own = atoms.labels["category"]
            # The SQL gives the margin over categories of the metric's own as a category without a name.
            self._keep(own.codes[self.chosen] < len(own.names) - 1)

    def _keep(self, is_wanted: np.ndarray) -> None:
        if not is_wanted.all():
            kept = np.flatnonzero(is_wanted)
            self.chosen = kept + self.chosen.start if isinstance(self.chosen, slice) else self.chosen[kept]

    @property
    def size(self) -> int:
        return self.chosen.stop - self.chosen.start if isinstance(self.chosen, slice) else self.chosen.size

    def rows(self) -> Iterator[Row]:
        filters = self.filters
        axes = [
            self._periods(),
            self._categories(filters.breakdown),
            self._categories(filters.second_breakdown),
        ]
        # The states at the ends of all periods are no state; and what is not broken down is its own margin.
        has_margin = [
            filters.by != "total" and not self.metric.is_stock,
            filters.breakdown,
            filters.second_breakdown,
        ]
        if filters.breakdown is None and not self.atoms.are_undivided:
            own = self.atoms.labels["category"]
            axes[1] = _Axis(own.codes[self.chosen], own.names)
        choices = ([False, True] if each and self.with_margins else [False] for each in has_margin)
        for is_margin in itertools.product(*choices):
            yield from self._of_groups(
                [axis.margin if whole else axis for axis, whole in zip(axes, is_margin, strict=True)]
            )

    def _periods(self) -> _Axis:
        length = MONTHS.get(self.filters.by)
        if not length:
            return _Axis(np.zeros(self.size, dtype=np.int64), (None,))
        first = month_number(self.filters.first_month) // length
        last = month_number(self.filters.last_month) // length
        days = (date(number * length // 12, number * length % 12 + 1, 1) for number in range(first, last + 1))
        names = tuple(periods.label(day, self.filters.by) for day in days)
        return _Axis(self.atoms.month[self.chosen] // length - first, names)

    def _categories(self, breakdown: str | None) -> _Axis:
        if breakdown is None:
            return _Axis(np.zeros(self.size, dtype=np.int64), (EVERYONE,))
        labels = self.atoms.labels[trait_of(breakdown)]
        codes = labels.codes[self.chosen]
        if not any(isinstance(name, list) for name in labels.names):
            return _Axis(codes, labels.names)
        several = [name or [] for name in labels.names]
        names = tuple(sorted({each for name in several for each in name}))
        offsets = np.cumsum([0, *map(len, several)])
        numbers = np.array([names.index(each) for name in several for each in name])
        at, entry = _entries_of(codes, offsets)
        return _Axis(numbers[entry], names, at)

    def _of_groups(self, axes: list[_Axis]) -> Iterator[Row]:
        at = next((axis.at for axis in axes if axis.at is not None), None)
        # Wide enough for groups times people: numbers of months and labels alone would run over without a word.
        group, shape = np.int64(0), [len(axis.names) for axis in axes]
        for axis in axes:
            codes = axis.codes if at is None or axis.at is not None else axis.codes[at]
            group = group * len(axis.names) + codes
        chosen = self.chosen if at is None else np.arange(len(self.atoms.month))[self.chosen][at]
        size = math.prod(shape)
        found = np.flatnonzero(np.bincount(group, minlength=size)) if size else ()
        if not len(found):
            return
        is_told_by_month = self.are_all and shape[1:] == [1, 1] and at is None
        starts = self._starts(axes[0].names) if is_told_by_month else None
        columns = _Groups(self.atoms, chosen, group, size, starts).columns()
        places = (place.tolist() for place in np.unravel_index(found, shape))
        named = ([axis.names[each] for each in place] for axis, place in zip(axes, places, strict=True))
        for number, period, category, second in zip(found.tolist(), *named, strict=True):
            first_day, last_day = self.filters.days_of(period, self.as_of)
            yield {
                "period": period,
                "category": category,
                "second_category": second,
                "days": (last_day - first_day).days + 1,
                "last_day": last_day,
                **{name: values[number] for name, values in columns.items()},
            }

    def _starts(self, names: tuple) -> np.ndarray:
        """The first of the months that are counted in each period."""
        which = 1 if self.metric.is_stock else 0
        days = (self.filters.days_of(period, self.as_of)[which] for period in names)
        return np.array([month_number(day) for day in days], self.atoms.month.dtype)


class _Groups:
    """Atoms, each in one group, and what their counts come to by group.

    starts: the first month of each group, where each holds all atoms of its months: a person's first there is then
    one with none before it since that month.
    """

    def __init__(
        self,
        atoms: Atoms,
        chosen: slice | np.ndarray,
        group: np.ndarray,
        size: int,
        starts: np.ndarray | None,
    ) -> None:
        self.atoms, self.chosen, self.group, self.size, self.starts = atoms, chosen, group, size, starts
        # By months alone, the atoms of a group stand side by side: parts of an array are read as they stand.
        edges = (
            () if starts is None else np.searchsorted(group, np.arange(size + 1, dtype=group.dtype)).tolist()
        )
        self.parts = [slice(*ends) for ends in itertools.pairwise(edges)]

    def columns(self) -> dict[str, list]:
        """For each count that the SQL gives, what it comes to in each group."""
        found = {name: self._number(name, values) for name, values in self.atoms.numbers.items()}
        found |= {name: self._repeated(name) for name in REPEATED if name in self.atoms.labels}
        for name, entries in self.atoms.entries.items():
            if name in OF_EACH_PERSON:
                of_whom = self._recurring(found) if name == "by_person" else np.ones(self.size, dtype=bool)
                found[name] = self._of_each_person(entries, of_whom, *OF_EACH_PERSON[name])
            elif name in SIDE_BY_SIDE:
                found[name] = self._side_by_side(entries, SIDE_BY_SIDE[name])
            else:
                found[name] = self._merged(entries)
        return found

    def _number(self, name: str, values: np.ndarray) -> list:
        if name in PEOPLE:
            total = self._people(name, values)
        else:
            # Whole numbers are exact in floating point up to 2**53.
            chosen = (
                np.nan_to_num(values[self.chosen]) if name in self.atoms.with_gaps else values[self.chosen]
            )
            total = self._sums(chosen).astype(np.int64)
        if name not in self.atoms.with_gaps:
            return total.tolist()
        known = self._sums(~np.isnan(values[self.chosen]))
        return [
            number if known else None for number, known in zip(total.tolist(), known.tolist(), strict=True)
        ]

    def _sums(self, values: np.ndarray) -> np.ndarray:
        if self.parts:
            return np.array([values[part].sum() for part in self.parts])
        return np.bincount(self.group, values, self.size)

    def _people(self, name: str, values: np.ndarray) -> np.ndarray:
        if self.starts is not None:
            before, starts = self.atoms.months_before(name)[self.chosen], self.starts.tolist()
            parts = zip(self.parts, starts, strict=True)
            return np.array([np.count_nonzero(before[part] < start) for part, start in parts])
        person = self.atoms.person[self.chosen]
        is_counted = (values[self.chosen] > 0) & (person != NOBODY)
        pairs = self.group[is_counted] * self.atoms.people + person[is_counted]
        return np.bincount(self._different(pairs) // max(self.atoms.people, 1), minlength=self.size)

    def _different(self, pairs: np.ndarray) -> np.ndarray:
        """Of pairs of a group and a person, each once, in order."""
        if self.size * self.atoms.people > MOST_FLAGS:
            return np.unique(pairs)
        flags = np.zeros(self.size * self.atoms.people, dtype=bool)
        flags[pairs] = True
        return np.flatnonzero(flags)

    def _places(self, known: np.ndarray, pairs: np.ndarray) -> np.ndarray:
        """Where each pair stands among the different ones."""
        if self.size * self.atoms.people > MOST_FLAGS:
            return np.searchsorted(known, pairs)
        places = np.empty(self.size * self.atoms.people, dtype=np.int32)
        places[known] = np.arange(known.size)
        return places[pairs]

    def _repeated(self, name: str) -> list:
        labels = self.atoms.labels[name]
        last = np.full(self.size, len(labels.names) - 1)
        last[self.group] = labels.codes[self.chosen]
        return [labels.names[code] for code in last]

    def _entries(self, entries: Entries) -> tuple[np.ndarray, np.ndarray, dict[str, np.ndarray]]:
        """The group and the person of each entry of the chosen atoms, and its fields."""
        if isinstance(self.chosen, slice):
            offsets = entries.offsets[self.chosen.start : self.chosen.stop + 1]
            at, entry = (
                np.repeat(np.arange(offsets.size - 1), np.diff(offsets)),
                slice(offsets[0], offsets[-1]),
            )
        else:
            at, entry = _entries_of(self.chosen, entries.offsets)
        fields = {name: values[entry] for name, values in entries.fields.items()}
        return self.group[at], self.atoms.person[self.chosen][at], fields

    def _recurring(self, found: Mapping[str, list]) -> np.ndarray:
        """The groups in which people recur so often that the estimator looks at each person's records."""
        counted = self.atoms.numbers["denominator"][self.chosen]
        is_nobody = self.atoms.person[self.chosen] == NOBODY
        by_themselves = np.bincount(self.group[is_nobody], counted[is_nobody], self.size)
        people = np.array([people or 0 for people in found["people"]]) + by_themselves
        return np.array(found["denominator"]) > RECURRING * people

    def _of_each_person(
        self, entries: Entries, of_whom: np.ndarray, summed: tuple[str, ...], weight: str
    ) -> list:
        """One entry a person and group, of the groups wanted: those of several atoms are added first."""
        group, person, fields = self._entries(entries)
        if not of_whom.all():
            is_wanted = of_whom[group]
            group, person = group[is_wanted], person[is_wanted]
            fields = {name: values[is_wanted] for name, values in fields.items()}
        is_known = person != NOBODY
        pairs = group[is_known] * self.atoms.people + person[is_known]
        known = self._different(pairs)
        number = self._places(known, pairs)
        groups = np.concatenate([known // max(self.atoms.people, 1), group[~is_known]])
        sums = [
            np.concatenate(
                [
                    np.bincount(number, fields[name][is_known], minlength=known.size).astype(np.int64),
                    fields[name][~is_known],
                ]
            )
            for name in summed
        ]
        weights = np.concatenate([np.ones(known.size, dtype=np.int64), fields[weight][~is_known]])
        if entries.is_map:
            return self._maps(groups, sums[0], weights, None)
        return self._structs(groups, dict(zip(summed, sums, strict=True)), weight, weights)

    def _side_by_side(self, entries: Entries, weight: str) -> list[list[Row]]:
        group, _, fields = self._entries(entries)
        weights = fields.pop(weight)
        return self._structs(group, fields, weight, weights)

    def _merged(self, entries: Entries) -> list[dict]:
        """Maps: the values of equal keys together."""
        group, _, fields = self._entries(entries)
        return self._maps(group, fields["key"], fields["value"], entries.words)

    def _maps(self, group, key, value, words) -> list[dict]:
        found: list[dict] = [{} for _ in range(self.size)]
        for (number, name), count in _tally([group, key], value):
            found[number][name if words is None else words[name]] = count
        return found

    def _structs(self, group, fields: Mapping[str, np.ndarray], weight: str, weights) -> list[list[Row]]:
        found: list[list[Row]] = [[] for _ in range(self.size)]
        for (number, *values), count in _tally([group, *fields.values()], weights):
            found[number].append({**dict(zip(fields, values, strict=True)), weight: count})
        return found


def _entries_of(owners: np.ndarray, offsets: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For each entry of these owners, in order: the place of its owner among them, and its own among all entries."""
    starts = offsets[owners]
    lengths = offsets[owners + 1] - starts
    at = np.repeat(np.arange(owners.size), lengths)
    within = np.arange(at.size) - (np.cumsum(lengths) - lengths)[at]
    return at, starts[at] + within


def _tally(columns: list[np.ndarray], weights: np.ndarray) -> Iterator[tuple[tuple[int, ...], int]]:
    """The different rows of the columns, in order, each with the sum of its weights."""
    if not weights.size:
        return
    spans = [(int(column.min()), int(column.max()) + 1) for column in columns]
    shape = [last - first for first, last in spans]
    mixed = np.zeros(weights.size, dtype=np.int64)
    for column, (first, last) in zip(columns, spans, strict=True):
        mixed = mixed * (last - first) + (column - first)
    if math.prod(shape) <= MOST_FLAGS:
        sums = np.bincount(mixed, weights)
        found = np.flatnonzero(sums)
        sums = sums[found]
    else:
        found, number = np.unique(mixed, return_inverse=True)
        sums = np.bincount(number, weights)
    values = (
        (place + first).tolist()
        for place, (first, _) in zip(np.unravel_index(found, shape), spans, strict=True)
    )
    yield from zip(zip(*values, strict=True), sums.astype(np.int64).tolist(), strict=True)
