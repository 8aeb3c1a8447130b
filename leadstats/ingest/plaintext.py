"""Plain text in, rows and blocks of rows out: hides encodings, separators and records that are broken over lines."""

import codecs
import contextlib
import csv
import gzip
import io
import re
import zipfile
import zlib
from collections import deque
from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import BinaryIO

import charset_normalizer
import numpy as np
import pyarrow as pa
import pyarrow.csv

from leadstats.ingest import webpage, workbook
from leadstats.ingest.inbox import INFLATED_BYTES, INFLATED_RATIO, SourceFile
from leadstats.ingest.layout import LINES_LOOKED_AT, Block, Grid, Rows, delimiter
from leadstats.model.messages import Fault, Problem, problem

LINE_LIMIT = 1_000_000  # characters
GZIP = b"\x1f\x8b"
WIDE_MARKS = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
PACKED_PAGE = "mime-version:"  # stands among the first lines of MHTML
COLUMN_LIMIT = 2_000
AS_TEXT = pyarrow.csv.ConvertOptions(column_types={f"f{index}": pa.string() for index in range(COLUMN_LIMIT)})
UNZIPPING = (zipfile.BadZipFile, zlib.error, EOFError, gzip.BadGzipFile)
RECORD_LINES = 100  # a broken record longer than this is an open quotation mark, not a stray one
# A file is read in pieces of so many characters, the rows of one at once; but the first, where the header is.
FIRST_PIECE, PIECE = 1 << 13, 1 << 22
# What DOS and old Macs wrote. More languages than these make letter statistics see Chinese in a short name.
OTHERS = {"cp437": "code page 437", "cp850": "code page 850", "mac_roman": "Mac Roman"}
NOT_WINDOWS = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
SAMPLE_BYTES = 30_000
SAMPLE_CHARACTERS = 1_000_000  # of the first lines, to tell the separator by


def open_text(source: SourceFile, is_gzip: bool, sheet: str | None) -> Grid:
    encoding, notes = _encoding(source, is_gzip)
    lines = _first_lines(source, is_gzip, encoding)
    if not lines:
        raise Fault(problem("LD-104", file=source.name))
    start = lines[0].lstrip()
    if start.startswith("<"):
        is_spreadsheet = any(webpage.SPREADSHEET in line for line in lines)
        with _text(source, is_gzip, encoding) as stream:
            page = (
                webpage.read_spreadsheet(stream, source.name, sheet)
                if is_spreadsheet
                else webpage.read(stream, source.name)
            )
        return replace(page, notes=(*notes, *page.notes))
    if any(line.lower().startswith(PACKED_PAGE) for line in lines[:20]):
        with contextlib.closing(_bytes(source, is_gzip)) as stream:
            return webpage.read_packed(stream.read(), source.name)
    if start.lower().startswith(("{", "%pdf")):
        raise Fault(problem("LD-105", file=source.name, value=start[:20]))
    mark = delimiter(lines)
    if mark != ",":
        notes.append(problem("LD-112", file=source.name, value={"\t": "tab"}.get(mark, mark)))

    def rows() -> Rows:
        with _text(source, is_gzip, encoding) as stream:
            yield from _csv_rows(_Lines(stream, source.name), mark, source.name)

    return Grid(rows(), notes=tuple(notes))


def without(source: SourceFile, rows: Collection[int]) -> bytes | None:
    """The bytes of a plain text table without these rows, all else as it was; None if that cannot be done safely.

    rows: as a spreadsheet shows them, the way they are numbered when read.
    """
    stored = source.content()
    if stored.startswith((workbook.OLE, b"PK", b"PAR1", GZIP)):
        return None
    encoding, _ = _encoding(source, is_gzip=False)
    mark = next((each for each in (codecs.BOM_UTF8, *WIDE_MARKS) if stored.startswith(each)), b"")
    plain = WIDE_MARKS.get(mark) or ("utf-8" if encoding == "utf-8-sig" else encoding)
    text = stored[len(mark) :].decode(plain)
    lines = io.StringIO(text, newline="").readlines()
    if text.lstrip().startswith("<") or mark + text.encode(plain) != stored:
        return None
    separator = delimiter(list(filter(str.strip, lines))[:LINES_LOOKED_AT])
    kept, start = [], 0
    reader = csv.reader(lines, delimiter=separator, strict=True)
    try:
        for row, _ in enumerate(reader, start=1):
            if row not in rows:
                kept += lines[start : reader.line_num]
            start = reader.line_num
    except csv.Error:
        return None
    return mark + "".join(kept).encode(plain)


def _first_lines(source: SourceFile, is_gzip: bool, encoding: str) -> list[str]:
    lines, characters = [], 0
    with _text(source, is_gzip, encoding) as stream:
        for line in filter(str.strip, _Lines(stream, source.name)):
            lines.append(line)
            characters += len(line)
            if len(lines) == LINES_LOOKED_AT or characters > SAMPLE_CHARACTERS:
                break
    return lines


def _text(source: SourceFile, is_gzip: bool, encoding: str) -> io.TextIOWrapper:
    return io.TextIOWrapper(_bytes(source, is_gzip), encoding=encoding, newline="")


def _bytes(source: SourceFile, is_gzip: bool) -> BinaryIO:
    stream = source.open()
    if not is_gzip:
        return stream
    limit = max(INFLATED_BYTES, INFLATED_RATIO * source.size)
    return io.BufferedReader(_Limited(stream, limit, source.name))


class _Limited(io.RawIOBase):
    """A gz file tells its true size only by being inflated."""

    def __init__(self, stored: BinaryIO, limit: int, name: str):
        self.stored, self.stream = stored, gzip.GzipFile(fileobj=stored)
        self.left, self.name = limit, name

    def close(self) -> None:
        self.stream.close()
        self.stored.close()
        super().close()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        chunk = self.stream.read(len(buffer))
        self.left -= len(chunk)
        if self.left < 0:
            raise Fault(problem("LD-103", file=self.name, value="inflates too far"))
        buffer[: len(chunk)] = chunk
        return len(chunk)


def _encoding(source: SourceFile, is_gzip: bool) -> tuple[str, list[Problem]]:
    """UTF-8 unless the bytes say otherwise, else Windows-1252, which is what US systems write.

    Letter statistics are asked only where it can be neither: the same system must be read the same each
    month.
    """
    row, bad_row, sample, may_be_windows = 1, 0, b"", True
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with contextlib.closing(_bytes(source, is_gzip)) as stream:
            while chunk := stream.read(1 << 20):
                if row == 1 and (wide := _wide(chunk)):
                    return wide, []
                if b"\0" in chunk:
                    raise Fault(problem("LD-105", file=source.name, value="bytes that are not text"))
                try:
                    if not bad_row:
                        decoder.decode(chunk)
                except UnicodeDecodeError as error:
                    bad_row = row + error.object[: error.start].count(b"\n")
                if not chunk.isascii() and (found := NOT_WINDOWS.search(chunk)):
                    may_be_windows = False
                    sample = sample or chunk[max(0, found.start() - SAMPLE_BYTES) :][: 2 * SAMPLE_BYTES]
                row += chunk.count(b"\n")
            if not bad_row:
                decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        bad_row = row
    except UNZIPPING as error:
        raise Fault(problem("LD-102", file=source.name)) from error
    if not bad_row:
        return "utf-8-sig", []
    found = None if may_be_windows else charset_normalizer.from_bytes(sample, cp_isolation=OTHERS).best()
    if not may_be_windows and found is None:
        raise Fault(problem("LD-105", file=source.name, value="an unknown encoding"))
    encoding = found.encoding if found else "cp1252"
    wanted = OTHERS.get(encoding, "Windows-1252")
    return encoding, [problem("LD-111", file=source.name, row=bad_row, wanted=wanted)]


def _wide(start: bytes) -> str | None:
    """UTF-16, by its mark or by the empty half of each letter."""
    if start.startswith(tuple(WIDE_MARKS)):
        return "utf-16"
    letters = start[: 2 * SAMPLE_BYTES]
    halves = [half.count(0) / max(1, len(half)) for half in (letters[1::2], letters[::2])]
    likely = {(True, False): "utf-16-le", (False, True): "utf-16-be"}
    return likely.get(tuple(half > 0.9 for half in halves)) if len(letters) > 7 else None


class _Lines(Iterator[str]):
    """Lines of bounded length, read in pieces; the last ones are kept, for a broken record to give back."""

    def __init__(self, stream: io.TextIOWrapper, file: str):
        self.stream, self.file = stream, file
        self.ahead: deque[str] = deque()  # of the piece that was parted last
        self.recent: deque[str] = deque(maxlen=RECORD_LINES)
        self.is_exhausted = False
        self._size, self._begun = FIRST_PIECE, ""

    def __next__(self) -> str:
        if not self.ahead and not self.part(self.piece()):
            raise StopIteration
        line = self.ahead.popleft()
        self.recent.append(line)
        return line

    def piece(self) -> str:
        """The next whole lines as one text, which is empty after the last."""
        text, self._begun = self._begun, ""
        try:
            while read := self.stream.read(self._size):
                text += read
                # What comes last may be half of \r\n.
                if end := text.rfind("\n") + 1 or text.rfind("\r", 0, -1) + 1:
                    text, self._begun = text[:end], text[end:]
                    break
                self._bound(text)
        except UnicodeDecodeError as error:
            raise Fault(problem("LD-105", file=self.file, value="an unknown encoding")) from error
        self._size = PIECE
        self.is_exhausted = not text
        return text

    def part(self, piece: str) -> bool:
        """Takes the lines of a piece for the next ones; whether there are any."""
        self.ahead.extend(io.StringIO(piece, newline="").readlines())
        self._bound(max(self.ahead, key=len, default=""))
        return bool(self.ahead)

    def give_back(self, count: int) -> None:
        self.ahead.extendleft(reversed(list(self.recent)[len(self.recent) - count :]))

    def _bound(self, line: str) -> None:
        if len(line) >= LINE_LIMIT:
            length = f"a line of over {LINE_LIMIT:,} characters"
            raise Fault(problem("LD-105", file=self.file, value=length))


def _csv_rows(lines: _Lines, delimiter: str, file: str) -> Rows:
    row = 0
    while lines.ahead or (piece := lines.piece()):
        if not lines.ahead:
            if row and (columns := _columns(piece, delimiter)):
                yield Block(row + 1, columns)
                row += len(columns[0])
                continue
            lines.part(piece)
        reader, line = csv.reader(lines, delimiter=delimiter, strict=True), 0
        try:
            for cells in reader:
                row += 1
                line = reader.line_num
                yield row, cells
                if not lines.ahead:
                    break
        except csv.Error as error:
            row += 1
            broken = reader.line_num - line
            if lines.is_exhausted or broken > RECORD_LINES:
                raise Fault(problem("LD-106", file=file, row=row)) from error
            # Only the first line is lost; the next record starts on the next line.
            lines.give_back(broken - 1)
            yield row, None


def _columns(piece: str, delimiter: str) -> tuple[pa.Array, ...] | None:
    """The cells of whole lines as csv.reader reads them, at a fraction of its cost; None where pyarrow may read
    them otherwise: text behind the end of a quotation, and cells that are very long."""
    content = piece.encode()
    letters = np.frombuffer(content, np.uint8)
    if _longest_line(letters) > csv.field_size_limit():
        return None
    if '"' in piece and not _is_well_quoted(letters, delimiter):
        return None
    try:
        table = pa.csv.read_csv(
            pa.py_buffer(content),
            pa.csv.ReadOptions(
                use_threads=False, block_size=len(content) + 1, autogenerate_column_names=True
            ),
            pa.csv.ParseOptions(delimiter=delimiter, newlines_in_values=True, ignore_empty_lines=False),
            AS_TEXT,
        )
    except pa.ArrowInvalid:  # rows of several widths
        return None
    columns = tuple(column.combine_chunks() for column in table.columns)
    return columns if len(columns) > 1 else None


def _longest_line(content: np.ndarray) -> int:
    """In bytes, which are no fewer than its characters."""
    ends = np.flatnonzero(content == ord("\n"))
    return int(np.diff(ends, prepend=-1, append=content.size).max())


def _is_well_quoted(content: np.ndarray, delimiter: str) -> bool:
    """Whether each quotation fills its cell: nothing but the end of another stands before and behind it."""
    quotes = np.flatnonzero(content == ord('"'))
    opening, closing = quotes[::2], quotes[1::2]
    may_stand = np.zeros(256, dtype=bool)
    may_stand[[*map(ord, (delimiter, "\n", "\r", '"'))]] = (
        True  # two quotation marks within one stand for a mark
    )
    before = content[opening[opening > 0] - 1]
    behind = content[closing[closing < content.size - 1] + 1]
    return opening.size == closing.size and bool(may_stand[before].all() and may_stand[behind].all())
