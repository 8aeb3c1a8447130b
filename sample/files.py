"""Days, codes and numbers as the texts of export files, and the files themselves.

Tables come in pieces, so that an inbox of any size is written in little memory. Archives carry a
fixed date: the same invention gives the same bytes.
"""

import contextlib
import datetime
import gzip
import io
import shutil
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute
import pyarrow.csv

ARCHIVED_AT = (2026, 11, 2, 6, 0, 0)
PRIME = 9_999_991  # numbers of people and papers are spread below it


def words(codes: Sequence[int] | np.ndarray, labels: Sequence[str | None], missing=None) -> pa.Array:
    """The label of each code; where `missing`, nothing."""
    indices = pa.array(np.asarray(codes, dtype=np.int32), mask=missing)
    return pa.DictionaryArray.from_arrays(indices, pa.array(labels, pa.string())).dictionary_decode()


def dates(days: Sequence[int] | np.ndarray, pattern: str, end: int) -> pa.Array:
    """Days as written by a site; what happens at `end` or later is not known yet."""
    days = np.asarray(days, dtype=np.int64)
    known = days < end
    if not known.any():
        return pa.nulls(len(days), pa.string())
    first = int(days[known].min())
    labels = [
        (datetime.date(1970, 1, 1) + datetime.timedelta(day)).strftime(pattern) for day in range(first, end)
    ]
    return words(np.where(known, days - first, 0), labels, missing=~known)


def moments(minutes: np.ndarray, pattern: str, end: int) -> pa.Array:
    """Minutes since 1970 as date and time of day."""
    day, minute = np.divmod(np.asarray(minutes, dtype=np.int64), 24 * 60)
    clock = [f"{each // 60:02}:{each % 60:02}" for each in range(24 * 60)]
    return pa.compute.binary_join_element_wise(dates(day, pattern, end), words(minute, clock), " ")


def numbers(prefix: str, values: Sequence[int] | np.ndarray, missing=None) -> pa.Array:
    texts = pa.array(np.asarray(values, dtype=np.int64), mask=missing).cast(pa.string())
    return pa.compute.binary_join_element_wise(prefix, texts, "")


def scattered(values: Sequence[int] | np.ndarray, step: int) -> np.ndarray:
    """Seven digits for each number: other numbers for other numbers, in no visible order."""
    return 10_000_000 + np.asarray(values, dtype=np.int64) * step % PRIME


def some(random: np.random.Generator, among: np.ndarray, count: int) -> np.ndarray:
    """So many of the rows where `among` is true, or all if there are fewer."""
    rows = np.flatnonzero(among)
    return random.choice(rows, min(count, len(rows)), replace=False)


def spoiled(
    random: np.random.Generator, column: pa.Array, texts: Sequence[str | None], count: int, among=None
) -> pa.Array:
    """The column with `count` cells of it (of those `among`) written over by the texts in turn."""
    mask = np.zeros(len(column), dtype=bool)
    chosen = some(random, ~mask if among is None else np.asarray(among), count)
    mask[chosen] = True
    instead = pa.array([texts[index % len(texts)] for index in range(len(chosen))], pa.string())
    return pa.compute.replace_with_mask(column, pa.array(mask), instead)


class Files:
    """The files of an inbox being written: plain, `.gz`, or `archive.zip/member`."""

    def __init__(self, folder: Path, pieces: Path):
        self.folder, self.pieces = folder, pieces
        self._streams: dict[str, io.BufferedWriter] = {}

    def add(self, name: str, table: pa.Table) -> None:
        """Appends rows; the first piece brings the header."""
        is_first = name not in self._streams
        if is_first:
            self._streams[name] = (self.pieces / f"{len(self._streams)}.csv").open("wb")
        pa.csv.write_csv(table, self._streams[name], pa.csv.WriteOptions(include_header=is_first))

    def write(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text, encoding="utf-8")

    def pack(self) -> None:
        """Turns the pieces into the files of the inbox."""
        archives: dict[str, list[str]] = {}
        for name, stream in self._streams.items():
            stream.close()
            archive, _, member = name.partition("/")
            if member:
                archives.setdefault(archive, []).append(name)
            else:
                self._place(name)
        for archive, names in archives.items():
            with zipfile.ZipFile(self.folder / archive, "w") as packed:
                for name in names:
                    member = zipfile.ZipInfo(name.partition("/")[2], ARCHIVED_AT)
                    member.compress_type = zipfile.ZIP_DEFLATED
                    with self._piece(name) as piece, packed.open(member, "w", force_zip64=True) as target:
                        shutil.copyfileobj(piece, target)

    def _piece(self, name: str) -> io.BufferedReader:
        return Path(self._streams[name].name).open("rb")

    def _place(self, name: str) -> None:
        with contextlib.ExitStack() as stack:
            piece = stack.enter_context(self._piece(name))
            target = stack.enter_context((self.folder / name).open("wb"))
            if name.endswith(".gz"):
                target = stack.enter_context(gzip.GzipFile("", "wb", 9, target, mtime=0))
            shutil.copyfileobj(piece, target)


@contextlib.contextmanager
def open_inbox(folder: Path) -> Iterator[Files]:
    """A folder to write exports into; they appear when all is done."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as pieces:
        files = Files(folder, Path(pieces))
        yield files
        files.pack()
