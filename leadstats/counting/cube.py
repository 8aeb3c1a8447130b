"""Adds a metric's smallest counts up to any view: what its SQL gives for the same filters, in a fraction of the time.

What is added is what the SQL counted, so there is one definition of each number. Events add up; people are told
apart, so that each counts once however many months or places they are in.
"""

import itertools
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
MOST_FLAGS = 2**25  # of groups times people, one byte each; beyond it people are sorted instead
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
        self.chosen = np.arange(*np.searchsorted(atoms.month, ends))
        for name, values in (("place", filters.places), ("pathway", filters.pathways)):
            if values:
                labels = atoms.labels[trait_of(name)]
                is_wanted = np.array([name in values for name in labels.names])
                self.chosen = self.chosen[is_wanted[labels.codes[self.chosen]]]
        if metric.is_stock:
            # The state at a period's end is that of its last month.
            month, length = atoms.month[self.chosen], MONTHS.get(filters.by)
            ends = np.minimum((month // length + 1) * length - 1, last_month) if length else last_month
            self.chosen = self.chosen[month == ends]
        if not with_margins:
            # The SQL gives the margin over categories of the metric's own as a category without a name.
            own = atoms.labels["category"]
            self.chosen = self.chosen[own.codes[self.chosen] < len(own.names) - 1]

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
        if filters.breakdown is None:
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
            return _Axis(np.zeros(self.chosen.size, dtype=np.int64), (None,))
        found, codes = np.unique(self.atoms.month[self.chosen] // length, return_inverse=True)
        days = (date(number // 12, number % 12 + 1, 1) for number in (found * length).tolist())
        return _Axis(codes, tuple(periods.label(day, self.filters.by) for day in days))

    def _categories(self, breakdown: str | None) -> _Axis:
        if breakdown is None:
            return _Axis(np.zeros(self.chosen.size, dtype=np.int64), (EVERYONE,))
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
        group, shape = np.zeros(1, dtype=np.int64), [len(axis.names) for axis in axes]
        for axis in axes:
            codes = axis.codes if at is None or axis.at is not None else axis.codes[at]
            group = group * len(axis.names) + codes
        chosen = self.chosen if at is None else self.chosen[at]
        if not chosen.size:
            return
        found, first, group = np.unique(group, return_index=True, return_inverse=True)
        counts = _Groups(self.atoms, chosen, group, first)
        columns = counts.columns()
        places = (place.tolist() for place in np.unravel_index(found, shape))
        named = ([axis.names[each] for each in place] for axis, place in zip(axes, places, strict=True))
        for number, (period, category, second) in enumerate(zip(*named, strict=True)):
            first_day, last_day = self.filters.days_of(period, self.as_of)
            yield {
                "period": period,
                "category": category,
                "second_category": second,
                "days": (last_day - first_day).days + 1,
                "last_day": last_day,
                **{name: values[number] for name, values in columns.items()},
            }


class _Groups:
    """Atoms, each in one group, and what their counts come to by group."""

    def __init__(self, atoms: Atoms, chosen: np.ndarray, group: np.ndarray, first: np.ndarray) -> None:
        self.atoms, self.chosen, self.group, self.size = atoms, chosen, group, first.size
        self.person = atoms.person[chosen]
        self.first = chosen[first]

    def columns(self) -> dict[str, list]:
        """For each count that the SQL gives, what it comes to in each group."""
        found = {name: self._number(name, values) for name, values in self.atoms.numbers.items()}
        found |= {name: self._repeated(name) for name in REPEATED if name in self.atoms.labels}
        for name, entries in self.atoms.entries.items():
            if name in OF_EACH_PERSON:
                found[name] = self._of_each_person(entries, *OF_EACH_PERSON[name])
            elif name in SIDE_BY_SIDE:
                found[name] = self._side_by_side(entries, SIDE_BY_SIDE[name])
            else:
                found[name] = self._merged(entries)
        return found

    def _number(self, name: str, values: np.ndarray) -> list:
        values = values[self.chosen]
        is_known = ~np.isnan(values)
        total = self._people(values > 0) if name in PEOPLE else self._sum(np.where(is_known, values, 0))
        if is_known.all():
            return total.tolist()
        any_known = np.bincount(self.group[is_known], minlength=self.size)
        return [number if known else None for number, known in zip(total.tolist(), any_known, strict=True)]

    def _sum(self, values: np.ndarray) -> np.ndarray:
        # Whole numbers are exact in floating point up to 2**53.
        return np.bincount(self.group, values, minlength=self.size).astype(np.int64)

    def _people(self, is_counted: np.ndarray) -> np.ndarray:
        is_counted &= self.person != NOBODY
        pairs = self.group[is_counted] * self.atoms.people + self.person[is_counted]
        if self.size * self.atoms.people > MOST_FLAGS:
            return np.bincount(np.unique(pairs) // self.atoms.people, minlength=self.size)
        flags = np.zeros(self.size * self.atoms.people, dtype=bool)
        flags[pairs] = True
        return flags.reshape(self.size, self.atoms.people).sum(axis=1)

    def _repeated(self, name: str) -> list:
        labels = self.atoms.labels[name]
        return [labels.names[code] for code in labels.codes[self.first]]

    def _of_each_person(self, entries: Entries, summed: tuple[str, ...], weight: str) -> list:
        """One entry a person and group: those of several atoms are added first."""
        at, entry = _entries_of(self.chosen, entries.offsets)
        group, person = self.group[at], self.person[at]
        fields = {name: values[entry] for name, values in entries.fields.items()}
        is_known = person != NOBODY
        pairs, number = np.unique(group[is_known] * self.atoms.people + person[is_known], return_inverse=True)
        groups = np.concatenate([pairs // max(self.atoms.people, 1), group[~is_known]])
        sums = [
            np.concatenate(
                [
                    np.bincount(number, fields[name][is_known], minlength=pairs.size).astype(np.int64),
                    fields[name][~is_known],
                ]
            )
            for name in summed
        ]
        weights = np.concatenate([np.ones(pairs.size, dtype=np.int64), fields[weight][~is_known]])
        if entries.is_map:
            return self._maps(groups, sums[0], weights, None)
        return self._structs(groups, dict(zip(summed, sums, strict=True)), weight, weights)

    def _side_by_side(self, entries: Entries, weight: str) -> list[list[Row]]:
        at, entry = _entries_of(self.chosen, entries.offsets)
        fields = {name: values[entry] for name, values in entries.fields.items()}
        weights = fields.pop(weight)
        return self._structs(self.group[at], fields, weight, weights)

    def _merged(self, entries: Entries) -> list[dict]:
        """Maps: the values of equal keys together."""
        at, entry = _entries_of(self.chosen, entries.offsets)
        key, value = (entries.fields[name][entry] for name in ("key", "value"))
        return self._maps(self.group[at], key, value, entries.words)

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
    mixed = np.zeros(weights.size, dtype=np.int64)
    for column in columns:
        least = column.min()
        mixed = mixed * (column.max() - least + 1) + (column - least)
    _, first, number = np.unique(mixed, return_index=True, return_inverse=True)
    sums = np.bincount(number, weights).astype(np.int64)
    yield from zip(
        zip(*(column[first].tolist() for column in columns), strict=True), sums.tolist(), strict=True
    )
