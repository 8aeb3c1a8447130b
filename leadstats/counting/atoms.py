"""A metric's counts for each month, person and set of dimensions: the smallest parts, of which every view is a sum.

They come from the metric's own SQL, asked with other macros (queries/atoms.sql), or from a file beside the snapshot
that what it gave was kept in: program-DIGEST.cube/METRIC.parquet, which any engine may have written.
"""

import functools
import hashlib
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from threading import RLock
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from leadstats.counting.coverage import coverage
from leadstats.counting.database import ProgramDatabase
from leadstats.counting.view import Filters
from leadstats.model.metrics import FINER_MACROS, MACROS, Metric
from leadstats.model.schema import CUBE, EVERYONE

Count = Callable[[Metric, date], pa.Table]  # see AtomCounter.count

FIRST_MONTH = date(1900, 1, 1)  # nothing before it is counted ahead
NOBODY = -1
LAST = 2**31 - 1  # who stands there in ORDER: nobody known
# Rows that are held with their words; those of columns that are REPEATED are long.
BATCH, BATCH_OF_LONG_TEXTS = 100_000, 2_048
BITS_OF_A_PLACE = 40  # of the number of a record; those above are its table's
# Of what the SQL gives, what is no count but says of what it is: of any view, the calendar gives these anew.
OF_THE_VIEW = ("period", "category", "second_category", "days", "last_day")
# The dimension that a filter or breakdown goes by, where it has another name. Of races each record may have several.
NAMED_OTHERWISE = {"place": "neighborhood", "race_alone_or_in_combination": "races"}
# Columns that every row repeats, or every row of a category: the same wherever the row is counted.
REPEATED = ("baseline", "dollars", "unit_beds")
# People one after the other, their months in order; those of nobody known come last.
ORDER = [("person", "ascending"), ("month", "ascending")]
SEPARATOR = "\n"  # between the races of a record, none of which holds it


def dimension_of(name: str) -> str:
    return NAMED_OTHERWISE.get(name, name)


def dimensions_of(metric: Metric) -> list[str]:
    """What its atoms are told apart by, beside month and person."""
    return sorted({dimension_of(name) for name in (*metric.filters, *metric.breakdowns)})


def month_number(day: date) -> int:
    """Months since the year 0, so that quarters and years are divisions."""
    return 12 * day.year + day.month - 1


@dataclass(frozen=True)
class Labels:
    """For each atom the number of its label, which names one category or several."""

    codes: np.ndarray
    names: tuple


@dataclass(frozen=True)
class Numbers:
    """For each atom a count, 0 where it is not known. known: of which it is, if not of all."""

    values: np.ndarray
    known: np.ndarray | None = None


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

    @functools.cached_property
    def are_one_each(self) -> bool:
        return bool((np.diff(self.offsets) == 1).all())


class Atoms:
    """What an AtomCounter gives, as arrays to add up, in its order. A column is read when it is first asked for.

    counts: the columns that the SQL gives, each with what it is read as. Months count from the first one, `first_month`.
    """

    def __init__(self, schema: pa.Schema, read: Callable[[str], pa.ChunkedArray]) -> None:
        self._read = read
        self._lock = RLock()
        self._columns: dict[str, Any] = {}
        self._kinds = {field.name: _kind(field) for field in schema if field.name not in ("month", "person")}
        self.counts = {
            name: kind for name, kind in self._kinds.items() if kind is not Labels or name in REPEATED
        }

    @classmethod
    def of(cls, table: pa.Table) -> "Atoms":
        return cls(table.schema, table.column)

    def _kept(self, name: str, make: Callable[[pa.Array], Any]) -> Any:
        with self._lock:  # a file is read by one at a time
            if name not in self._columns:
                self._columns[name] = make(self._read(name).combine_chunks())
            return self._columns[name]

    @property
    def _month(self) -> tuple[np.ndarray, int, int]:
        return self._kept("month", _from_first)

    @property
    def month(self) -> np.ndarray:
        return self._month[0]

    @property
    def first_month(self) -> int:
        return self._month[1]

    @property
    def months(self) -> int:
        """How many lie between the first one and the last, these included."""
        return self._month[2]

    @property
    def person(self) -> np.ndarray:
        """From 0 on, or NOBODY."""
        return self._kept("person", lambda column: _filled(column, pa.int32(), NOBODY))

    def labels(self, name: str) -> Labels:
        """A dimension, the metric's own `category`, or a column that is REPEATED."""
        return self._kept(name, lambda column: _labels(column, name == "races"))

    def numbers(self, name: str) -> Numbers:
        return self._kept(name, _numbers)

    def entries(self, name: str) -> Entries:
        return self._kept(name, _entries)

    @property
    def are_undivided(self) -> bool:
        """Whether the metric has no categories of its own."""
        category = self.labels("category")
        return category.names == (EVERYONE, None) and not category.codes.any()


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
            _write(table.replace_schema_metadata(says), draft / _file_name(database, metric))
        # Whoever finds none meanwhile counts by itself.
        shutil.rmtree(folder, ignore_errors=True)
        draft.replace(folder)
    return sorted(folder.iterdir())


def _write(table: pa.Table, path: Path) -> None:
    """In one group, so that a column is one array, and without saying what is where: each file is read whole. Whole
    numbers as the difference from the one before are smaller than with a dictionary, and sooner written."""
    numbers = [field.name for field in table.schema if pa.types.is_integer(field.type)]
    pq.write_table(
        table,
        path,
        row_group_size=max(len(table), 1),
        write_statistics=False,
        compression="lz4",
        use_dictionary=[name for name in table.column_names if name not in numbers],
        column_encoding=dict.fromkeys(numbers, "DELTA_BINARY_PACKED"),
    )


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
        # Open for as long as it may be read: whatever becomes of its name meanwhile.
        file = pq.ParquetFile(path) if path.is_file() else None
        if file and says.items() <= (file.schema_arrow.metadata or {}).items():
            return Atoms(file.schema_arrow, lambda name: file.read([name], use_threads=False)[name])
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
    return hashlib.sha256(_macros() + f"{metric.sql}{metric.horizon_days}{ORDER}".encode()).hexdigest()


class AtomCounter:
    """Counts atoms by the metrics' own SQL. What the records of a table are told apart by is read once."""

    def __init__(self, database: ProgramDatabase) -> None:
        self._database = database
        self._records: dict[str, dict[str, pa.Array]] = defaultdict(dict)

    def count(self, metric: Metric, as_of: date) -> pa.Table:
        """A row for each month, category of the metric's own and record: the columns `month` (since the year 0),
        `category`, `person`, one for each dimension, and the counts that the SQL gives, as of that day. In ORDER."""
        last = as_of.replace(day=1)
        everything = Filters(min(self._first_month, last), last)
        asked = everything.as_parameters(as_of, True, metric.horizon_days)
        told = self._database.atoms(metric.sql, asked)
        found = _read(told, BATCH_OF_LONG_TEXTS if set(REPEATED) & set(told.columns) else BATCH)
        records, places = self._told_apart(
            found["second_category"].to_numpy(), ["person", *dimensions_of(metric)]
        )
        month = found["period"].cast(pa.int32())
        order = _order(records["person"].take(places), month)
        counts = [name for name in found.column_names if name not in OF_THE_VIEW]
        return pa.table(
            {
                "month": month.take(order),
                "category": found["category"].take(order),
                **dict(zip(records.column_names, records.take(places.take(order)), strict=True)),
                **{name: found[name].take(order) for name in counts},
            }
        )

    @functools.cached_property
    def _tables(self) -> list[str]:
        """Those that are counted, by their numbers from 1 on."""
        names = [each["name"] for each in self._database.rows("FROM atoms.counted_tables()")]
        self._database.by_atom.execute("SET VARIABLE counted_tables = $names", {"names": names})
        return names

    @functools.cached_property
    def _first_month(self) -> date:
        """Of the first day that any of them tells of: with empty months before it, to find what falls into which takes
        much longer."""
        found = self._database.atoms("FROM first_days($tables)", {"tables": self._tables})
        (days,) = found.to_arrow_table().to_pylist()
        return max(FIRST_MONTH, min(filter(None, days.values()), default=FIRST_MONTH)).replace(day=1)

    def _told_apart(self, numbers: np.ndarray, names: list[str]) -> tuple[pa.Table, pa.Array]:
        """Those columns of the records of some tables, and where among them each of these numbers stands."""
        tables, places = numbers >> BITS_OF_A_PLACE, (numbers & (1 << BITS_OF_A_PLACE) - 1) - 1
        found, before = [], 0
        for number in np.flatnonzero(np.bincount(tables)).tolist():
            found.append(self._columns(self._tables[number - 1], names))
            places += before * (tables == number)
            before += len(found[-1])
        none = pa.table([pa.array([], pa.string())] * len(names), names)
        return _in_one(pa.concat_tables(found)) if found else none, pa.array(places)

    def _columns(self, table: str, names: list[str]) -> pa.Table:
        known = self._records[table]
        if lacking := [name for name in names if name not in known]:
            asked = {"table": table, "names": lacking}
            read = _read(self._database.atoms("FROM records($table, $names)", asked))
            known |= zip(read.column_names, map(_of_those_used, read.columns), strict=True)
        return pa.table({name: known[name] for name in names})


def _read(asked: duckdb.DuckDBPyRelation, rows: int = BATCH) -> pa.Table:
    """All of it, words by numbers: a batch of so many rows at a time, since words take a multiple of the place."""
    batches = asked.to_arrow_reader(rows)

    def encoded(batch: pa.RecordBatch | pa.Table) -> pa.Table:
        columns = (
            pc.dictionary_encode(each) if pa.types.is_string(each.type) else each for each in batch.columns
        )
        return pa.table(list(columns), batches.schema.names)

    return _in_one(pa.concat_tables(map(encoded, (batches.schema.empty_table(), *batches))))


def _of_those_used(column: pa.ChunkedArray) -> pa.Array:
    """The same, without words that none of it says: categories come with all that any table says."""
    (column,) = column.chunks or [pa.array([], column.type)]
    if not pa.types.is_dictionary(column.type):
        return column
    codes = column.indices.to_numpy()
    is_used = np.bincount(codes, minlength=len(column.dictionary)) > 0
    places = (np.cumsum(is_used) - 1).astype(np.int32)
    return pa.DictionaryArray.from_arrays(places[codes], column.dictionary.filter(pa.array(is_used)))


def _in_one(table: pa.Table) -> pa.Table:
    return table.unify_dictionaries().combine_chunks()


def _order(people: pa.ChunkedArray, months: pa.ChunkedArray) -> pa.Array:
    """Where what stands first in ORDER lies, then the second …"""
    person = pc.fill_null(people.cast(pa.int64()), LAST).to_numpy()
    return pa.array(np.argsort((person << 32) + months.to_numpy()))


def _kind(column: pa.Field) -> type:
    kind = column.type
    if column.name in REPEATED or pa.types.is_dictionary(kind) or pa.types.is_string(kind):
        return Labels
    return Entries if pa.types.is_map(kind) or pa.types.is_list(kind) else Numbers


def _from_first(months: pa.Array) -> tuple[np.ndarray, int, int]:
    found = months.to_numpy()
    if not found.size:
        return found, 0, 0
    first, last = int(found.min()), int(found.max())
    return _narrow(found - first), first, last - first + 1


def _numbers(column: pa.Array) -> Numbers:
    known = column.is_valid().to_numpy(zero_copy_only=False) if column.null_count else None
    return Numbers(_narrow(_filled(column, pa.int64(), 0)), known)


def _labels(column: pa.Array, are_several: bool) -> Labels:
    found = column if pa.types.is_dictionary(column.type) else pc.dictionary_encode(column)
    names = found.dictionary.to_pylist()
    return Labels(
        _narrow(_filled(found.indices, pa.int32(), len(names))),
        tuple(name.split(SEPARATOR) if are_several else name for name in names) + (None,),
    )


def _entries(column: pa.MapArray | pa.ListArray) -> Entries:
    if not pa.types.is_map(column.type):
        structs = column.flatten()
        return Entries(
            column.offsets.to_numpy(), {each.name: _whole(structs.field(each.name)) for each in structs.type}
        )
    keys, words = column.keys, None
    if pa.types.is_string(keys.type):
        keys = pc.dictionary_encode(keys)
    if pa.types.is_dictionary(keys.type):
        words, keys = tuple(keys.dictionary.to_pylist()), keys.indices
    return Entries(
        column.offsets.to_numpy(), {"key": _whole(keys), "value": _whole(column.items)}, True, words
    )


def _whole(column: pa.Array) -> np.ndarray:
    return _narrow(column.cast(pa.int64()).to_numpy(zero_copy_only=False))


def _filled(column: pa.Array, kind: pa.DataType, missing: int) -> np.ndarray:
    return pc.fill_null(column.cast(kind), missing).to_numpy(zero_copy_only=False)


def _narrow(whole: np.ndarray) -> np.ndarray:
    """The same in as few bytes each as hold them all."""
    ends = (whole.min(), whole.max()) if whole.size else (0,)
    return whole.astype(np.result_type(*map(np.min_scalar_type, ends)))
