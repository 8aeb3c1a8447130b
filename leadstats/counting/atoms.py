"""A metric's counts for each month, person and set of traits: the smallest parts, of which every view is a sum.

They come from the metric's own SQL, asked with other macros (queries/atoms.sql), or from a file beside the snapshot
that what it gave was kept in: program-DIGEST.cube/METRIC.parquet, which any engine may have written.
"""

import functools
import hashlib
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from leadstats.counting.coverage import coverage
from leadstats.counting.database import ProgramDatabase
from leadstats.counting.view import Filters
from leadstats.model import periods
from leadstats.model.metrics import FINER_MACROS, MACROS, Metric
from leadstats.model.schema import CUBE, EVERYONE

Count = Callable[[Metric, date], pa.Table]  # see AtomCounter.count

FIRST_MONTH = date(1900, 1, 1)
NOBODY = -1
# Of what the SQL gives, what is no count but says of what it is: of any view, the calendar gives these anew.
OF_THE_VIEW = ("period", "category", "second_category", "days", "last_day")
# The trait that a filter or breakdown goes by, where it has another name. Of races each record may have several.
TRAITS = {"place": "neighborhood", "race_alone_or_in_combination": "races"}
# Columns that every row repeats, or every row of a category: the same wherever the row is counted.
REPEATED = ("baseline", "dollars", "unit_beds")
SEPARATOR = "\n"  # between the races of a record, none of which holds it


def trait_of(name: str) -> str:
    return TRAITS.get(name, name)


def traits_of(metric: Metric) -> list[str]:
    """What its atoms are told apart by, beside month and person."""
    return sorted({trait_of(name) for name in (*metric.filters, *metric.breakdowns)})


def month_number(day: date) -> int:
    """Months since the year 0, so that quarters and years are divisions."""
    return 12 * day.year + day.month - 1


@dataclass(frozen=True)
class Labels:
    """For each atom the number of its label, which names one category or several."""

    codes: np.ndarray
    names: tuple


@dataclass(frozen=True)
class Entries:
    """For each atom some entries of a map (fields "key" and "value") or of a list of structs.

    offsets: of the atom numbered i, entries offsets[i] to offsets[i + 1]. words: what the keys stand for, where
    they are words.
    """

    offsets: np.ndarray
    fields: Mapping[str, np.ndarray]
    is_map: bool = False
    words: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Atoms:
    """Arrays over the atoms, which are sorted by month. numbers: NaN where the SQL gives NULL."""

    month: np.ndarray
    person: np.ndarray  # from 0 on, or NOBODY
    people: int  # how many different ones there are
    labels: Mapping[str, Labels]  # by trait, and the metric's own "category"
    numbers: Mapping[str, np.ndarray] = field(default_factory=dict)
    entries: Mapping[str, Entries] = field(default_factory=dict)
    _before: dict[str, np.ndarray] = field(default_factory=dict)

    @functools.cached_property
    def are_undivided(self) -> bool:
        """Whether the metric has no categories of its own."""
        category = self.labels["category"]
        return category.names == (EVERYONE, None) and not category.codes.any()

    @functools.cached_property
    def with_gaps(self) -> frozenset[str]:
        """The numbers that are not known of every atom."""
        return frozenset(name for name, values in self.numbers.items() if np.isnan(values).any())

    def months_before(self, name: str) -> np.ndarray:
        """For each atom of whose person the number counts something, the month of that person's last such atom
        before it, or one before all; for every other atom one after all."""
        if name not in self._before:
            counts = np.flatnonzero((self.numbers[name] > 0) & (self.person != NOBODY))
            by_person = counts[np.argsort(self.person[counts], kind="stable")]
            person, month = self.person[by_person], self.month[by_person]
            found = np.full(self.month.size, np.iinfo(self.month.dtype).max)
            found[by_person] = np.where(np.diff(person, prepend=NOBODY) == 0, np.roll(month, 1), -1)
            self._before[name] = found.astype(self.month.dtype)
        return self._before[name]


def keep_all(
    database: ProgramDatabase,
    data: Path,
    count: Count | None = None,
) -> list[Path]:
    """Counts the atoms of every metric that adds up and writes a file of each beside the snapshot, all at once;
    returns them. count: another engine that gives what an AtomCounter does."""
    count = count or AtomCounter(database).count
    folder = _folder(data / database.snapshot)
    with tempfile.TemporaryDirectory(prefix=".building-", dir=data) as working:
        draft = Path(working) / "cube"
        draft.mkdir()
        for metric, as_of in _to_keep(database):
            table = count(metric, as_of)
            says = {"counts": _digest(metric), "as_of": as_of.isoformat()}
            pq.write_table(table.replace_schema_metadata(says), draft / _file_name(database, metric))
        # Whoever finds none meanwhile counts by itself.
        shutil.rmtree(folder, ignore_errors=True)
        draft.replace(folder)
    return sorted(folder.iterdir())


def _to_keep(database: ProgramDatabase) -> Iterator[tuple[Metric, date]]:
    """A metric for each query, and the last day that it can be told of."""
    for metric in database.metrics.values():
        covered = coverage(database, metric)
        is_first = _file_name(database, metric) == f"{metric.name}.parquet"
        if is_first and metric.adds_up and not covered.missing and covered.through:
            yield metric, covered.through


def kept(database: ProgramDatabase, metric: Metric, as_of: date) -> Atoms | None:
    """Those in the file beside the snapshot, if there is one that was written of the same SQL."""
    says = {b"counts": _digest(metric).encode(), b"as_of": as_of.isoformat().encode()}
    if database.file:
        path = _folder(database.file) / _file_name(database, metric)
        if path.is_file() and says.items() <= (pq.read_schema(path).metadata or {}).items():
            return as_arrays(pq.read_table(path))
    return None


def _folder(snapshot: Path) -> Path:
    return snapshot.with_suffix(CUBE)


def _file_name(database: ProgramDatabase, metric: Metric) -> str:
    """The first metric of those that share a query and its horizon."""
    asked = metric.sql, metric.horizon_days
    first = next(each for each in database.metrics.values() if (each.sql, each.horizon_days) == asked)
    return f"{first.name}.parquet"


@functools.cache
def _macros() -> bytes:
    return b"".join(path.read_bytes() for path in (*MACROS, FINER_MACROS))


def _digest(metric: Metric) -> str:
    return hashlib.sha256(_macros() + f"{metric.sql}{metric.horizon_days}".encode()).hexdigest()


class AtomCounter:
    """Counts atoms by the metrics' own SQL. Of each table, what its records are told apart by is read once."""

    def __init__(self, database: ProgramDatabase) -> None:
        self._database = database
        self._records: dict[str, pa.Table] = {}

    def count(self, metric: Metric, as_of: date) -> pa.Table:
        """A row for each month, category of the metric's own and record: the columns `month` (since the year 0),
        `category`, `person`, one for each trait, and the counts that the SQL gives, as of that day. Sorted by month."""
        everything = Filters(FIRST_MONTH, as_of.replace(day=1))
        found = self._database.atoms(metric.sql, everything.as_parameters(as_of, True, metric.horizon_days))
        traits = traits_of(metric)
        counts = {name: found[name] for name in found.column_names if name not in OF_THE_VIEW}
        columns = {
            "month": _month_numbers(found["period"]),
            "category": _encoded(found["category"]),
            **self._told_apart(found["second_category"].combine_chunks(), ["person", *traits]),
            **{
                name: _encoded(each) if pa.types.is_string(each.type) else each
                for name, each in counts.items()
            },
        }
        return pa.table(columns).sort_by("month")

    def _told_apart(self, records: pa.StructArray, names: list[str]) -> dict[str, pa.ChunkedArray]:
        source = pc.struct_field(records, "source").dictionary_encode()
        tables = [self._table(name).select(names) for name in source.dictionary.to_pylist()]
        starts = pa.array(np.cumsum([0, *(each.num_rows for each in tables)]))
        number = pc.subtract(pc.struct_field(records, "record"), 1)
        place = pc.add(pc.take(starts, source.indices), number)
        all_of_them = pa.concat_tables(tables).unify_dictionaries() if tables else None
        return {
            name: all_of_them[name].combine_chunks().take(place) if tables else pa.array([], pa.string())
            for name in names
        }

    def _table(self, name: str) -> pa.Table:
        if name not in self._records:
            found = self._database.atoms("FROM records($table)", {"table": name})
            person, dimensions = (found[column].combine_chunks() for column in ("person_key", "dimensions"))
            columns: dict[str, pa.Array] = {"person": person}
            for trait in dimensions.type:
                values = pc.struct_field(dimensions, trait.name)
                columns[trait.name] = _encoded(
                    pc.binary_join(values, SEPARATOR) if trait.name == "races" else values
                )
            self._records[name] = pa.table(columns)
        return self._records[name]


def _encoded(values: pa.Array | pa.ChunkedArray) -> pa.Array:
    found = values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
    return pc.dictionary_encode(found)


def _month_numbers(labels: pa.ChunkedArray) -> pa.Array:
    found = pc.dictionary_encode(labels).combine_chunks()
    numbers = [month_number(periods.first_month(label)) for label in found.dictionary.to_pylist()]
    return pc.take(pa.array(numbers, pa.int32()), found.indices)


def as_arrays(table: pa.Table) -> Atoms:
    """What an AtomCounter gives, as arrays to add up."""
    columns = {name: table[name].combine_chunks() for name in table.column_names}
    known, person = np.unique(_numbers(columns.pop("person")), return_inverse=True)
    is_known = ~np.isnan(known)
    labels, numbers, entries = {}, {}, {}
    for name, column in columns.items():
        if name in REPEATED or pa.types.is_dictionary(column.type) or pa.types.is_string(column.type):
            labels[name] = _labels(column, name == "races")
        elif pa.types.is_map(column.type):
            entries[name] = _of_map(column)
        elif pa.types.is_list(column.type):
            entries[name] = _of_list(column)
        elif name != "month":
            numbers[name] = _numbers(column)
    return Atoms(
        columns["month"].to_numpy(),
        np.where(is_known[person], person, NOBODY),
        int(is_known.sum()),
        labels,
        numbers,
        entries,
    )


def _numbers(column: pa.Array) -> np.ndarray:
    return pc.cast(column, pa.float64()).to_numpy(zero_copy_only=False)


def _labels(column: pa.Array, are_several: bool) -> Labels:
    found = column if pa.types.is_dictionary(column.type) else pc.dictionary_encode(column)
    names = found.dictionary.to_pylist()
    codes = pc.fill_null(found.indices, len(names)).to_numpy(zero_copy_only=False)
    return Labels(
        codes.astype(np.int32),
        tuple(name.split(SEPARATOR) if are_several else name for name in names) + (None,),
    )


def _of_map(column: pa.MapArray) -> Entries:
    keys, words = column.keys, None
    if pa.types.is_string(keys.type):
        keys = pc.dictionary_encode(keys)
        words, keys = tuple(keys.dictionary.to_pylist()), keys.indices
    fields = {"key": _whole(keys), "value": _whole(column.items)}
    return Entries(column.offsets.to_numpy(), fields, True, words)


def _of_list(column: pa.ListArray) -> Entries:
    structs = column.flatten()
    fields = {each.name: _whole(structs.field(each.name)) for each in structs.type}
    return Entries(column.offsets.to_numpy(), fields)


def _whole(column: pa.Array) -> np.ndarray:
    return pc.cast(column, pa.int64()).to_numpy(zero_copy_only=False)
