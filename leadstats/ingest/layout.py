"""Where the table lies in a report: hides separators, and all that is printed around the records."""

import csv
import functools
import itertools
import re
from collections import Counter
from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from leadstats.model.messages import Problem

Cells = Sequence[str | None]
Row = tuple[int, Cells | None]  # with its number, as a spreadsheet shows it; None: it cannot be taken apart


@dataclass(frozen=True)
class Block:
    """Many rows of one width at once, all texts. first: the number of the first of them."""

    first: int
    columns: tuple[pa.Array, ...]

    def __len__(self) -> int:
        return len(self.columns[0])

    def __iter__(self) -> Iterator[Row]:
        cells = zip(*(column.to_pylist() for column in self.columns), strict=True)
        return zip(range(self.first, self.first + len(self)), map(list, cells), strict=True)

    def cut(self, count: int) -> tuple["Block", "Block"]:
        """Its first rows and the others: to look at a few must not make Python lists of all."""
        others = (column.slice(count) for column in self.columns)
        few = (column.slice(0, count) for column in self.columns)
        return Block(self.first, tuple(few)), Block(self.first + min(count, len(self)), tuple(others))


Rows = Generator[Row | Block, None, None]

# What a row is: a record, or nothing, or a header again, or surely no record, or none at the end of a file, or words.
RECORD, BLANK, HEADER, PRINTED, ENDING, PROSE = "record", "blank", "header", "printed", "ending", "prose"

DAY_ZERO = date(1899, 12, 30)  # spreadsheets count days from here, and take 1900 for a leap year
DELIMITERS = ",;\t|"
LINES_LOOKED_AT = 60
NUMBER_OR_DATE = re.compile(r"[-+$]?[\d,]*\.?\d+%?|\d{1,4}[-/.]\w{1,3}[-/.]\d{1,4}.*")
# A row that adds up others: a word for it, and nothing but numbers beside it.
SUM = re.compile(
    r"(.*\b)?(sub ?-? ?|grand |report |overall )?totals?\b( (for|of|population|people|residents)\b.*|\W*([\d,]+( \w+)?\W*)?)"
    r"|(record |row )?count|number of (records|rows)|sum|average|mean|median|min(imum)?|max(imum)?",
    re.IGNORECASE,
)
SUMMED = re.compile(r"[-+$(]*[\d,]*\.?\d+\)?%?|-|count|sum|total|average|avg|records?|n", re.IGNORECASE)
PAGE = re.compile(r".*\bpage:? ?#?\d+( ?(of|/) ?\d+)?\W*", re.IGNORECASE)
# What is printed below a table, or on each of its pages, but never in a cell of a record.
NOTICE = re.compile(
    r"(\W*confidential\b|copyright\b|©\W*(\d{4}|\w+ \w)|\(c\) ?\d{4}|end of (report|file|data)\b|\*+ ?end\b|disclaimer\b"
    r"|(report )?(generated|printed|run|created|exported|prepared)( ?:| (by|on|at|date|for|\d)\b)"
    r"|(record|row|number of (records|rows))s? ?(count|:)|grand totals?\b|as of\b|filtered by\b).*"
    r"|.*\b(all rights reserved|do not (distribute|copy|release)|for official use only|law enforcement sensitive)\b.*",
    re.IGNORECASE | re.DOTALL,
)
IMPORT_ID = re.compile(r"""\{"?'?import_?id\b.*\}""", re.IGNORECASE)  # the third of Qualtrics' three headers
QUESTION_NUMBER = re.compile(r"Q(ID)?\d+([._#]\w+)*")
SORT_MARKS = re.compile(r"\s*[\u2191\u2193\u25b2\u25bc\u2b06\u2b07]\ufe0f?\s*")
# What is in every sum, so that most rows need no closer look.
MAY_BE_PRINTED = re.compile(r"total|count|sum|average|mean|median|number|min|max|page", re.IGNORECASE)


@dataclass(frozen=True)
class Grid:
    """The rows of one sheet, and what its file says of it. Close `rows` when done."""

    rows: Rows
    sheet: str | None = None
    notes: tuple[Problem, ...] = ()
    day_zero: date = DAY_ZERO


def delimiter(lines: Sequence[str]) -> str:
    """The mark that cuts most of the lines into equally many cells, and the header into most."""
    return max(DELIMITERS, key=lambda mark: regularity(lines, mark))


def regularity(lines: Sequence[str], mark: str) -> tuple[float, int]:
    """The share of lines that a mark cuts into equally many cells, if more than one, and how many."""
    if not any(mark in line for line in lines):
        return 0, 1
    try:
        widths = Counter(len(cells) for cells in csv.reader(lines, delimiter=mark) if any(cells))
    except csv.Error:
        return 0, 1
    width, count = max(widths.items(), key=lambda item: (item[1] * (item[0] > 1), item[0]), default=(1, 0))
    share = count / widths.total() if width > 1 else 0
    # A comma inside the cells of a file cut by semicolons is rarely as regular as the semicolons.
    return round(share, 1), width


def header_position(rows: Sequence[Cells]) -> int:
    """Which of the first rows of a file holds the names of the columns.

    The first row, unless it is far less filled than the table and a later row looks like a header.
    """
    where = list(map(_where_filled, rows))
    filled = list(map(len, where))
    first = next((index for index, count in enumerate(filled) if count), 0)
    usual = Counter(len(row) for row, count in zip(rows, filled, strict=True) if count)
    width = max(usual, key=lambda width: (usual[width], width), default=0)
    # Rows of a workbook are all as wide as its widest one, so width says little there; filling does.
    # A report of short pages can have more titles than records.
    typical = sorted(filled[first:])[-max(1, len(filled[first:]) // 5)] if filled[first:] else 0
    wanted = 0.6 * min(width, typical)
    # A title may stand beside the header of a second table: what is wanted are names over the cells of this one.
    records = [at for at in where if len(at) >= max(wanted, 1)]
    often = Counter(itertools.chain.from_iterable(records))
    columns = {index for index in range(width) if 2 * often[index] > len(records)}

    def names_over(index: int) -> list[str | None]:
        return [rows[index][each] for each in where[index] if each in columns]

    def names_most(index: int) -> bool:
        return len(names_over(index)) >= 0.6 * len(columns)

    if filled and filled[first] >= max(wanted, 1) and not _is_printed(rows[first]) and names_most(first):
        return first
    found = (
        index
        for index in range(first, len(rows))
        if filled[index] >= max(wanted, 2) and names_most(index) and _is_header(names_over(index))
    )
    return next(found, first)


def _is_header(cells: Cells) -> bool:
    names = _filled(cells)
    is_apart = len(set(names)) > 0.8 * len(names)
    return is_apart and not _is_printed(names) and not any(NUMBER_OR_DATE.fullmatch(name) for name in names)


def _is_printed(row: Cells) -> bool:
    return any(PAGE.fullmatch(cell) or NOTICE.fullmatch(cell) for cell in _filled(row))


def _filled(cells: Cells) -> list[str]:
    return [text for cell in cells if cell and (text := cell.strip())]


class Printout:
    """What a report prints, parted into the records and all that stands around them.

    header: the names of the columns; a column without one has "". above, set_aside: rows that are no
    records, in front of the header and behind it. grouped: the column whose value stands in a line of its own above
    the rows it is of, if there is one.
    """

    def __init__(self, head: Sequence[Row], header_row: int | None = None, skipped: int = 0):
        """`head`: the first rows of a file; `skipped`: rows below the header that are no records."""
        filled = [(row, cells) for row, cells in head if cells and any(map(str.strip, filter(None, cells)))]
        if header_row is None:
            position = header_position([cells for _, cells in filled])
        else:
            position = next((n for n, (row, _) in enumerate(filled) if row >= header_row), len(filled))
        self.above = [row for row, _ in filled[:position]]
        self.header_row, names = filled[position] if position < len(filled) else (header_row or 1, ())
        below = [cells for _, cells in filled[position + 1 :]]
        above = filled[position - 1][1] if position and filled[position - 1][0] == self.header_row - 1 else ()
        self._other_line: list[str] = []
        if _goes_on(names, below):
            self._other_line = list(map(_plain, _filled(below[0])))
            skipped = max(skipped, filled[position + 1][0] - self.header_row)
            written, below = _merged(names, below[0]), below[1:]
        elif _begins_above(above, names, below):
            self._other_line = list(map(_plain, _filled(above)))
            written = _merged(above, names)
        else:
            written = _over_their_cells(names, below)
        texts = [" ".join(SORT_MARKS.sub(" ", name or "").split()) for name in written]
        imported = next((n for n, cells in enumerate(below[:2]) if _are_import_ids(cells)), None)
        if imported is not None:
            skipped = max(skipped, filled[position + 1 + imported][0] - self.header_row)
            texts = (
                [_telling(name, below[0], index) for index, name in enumerate(texts)] if imported else texts
            )
        self.header = tuple(texts)
        self.set_aside: list[int] = []
        self._first_row = self.header_row + 1 + skipped
        self._names = list(map(_plain, _filled(names)))
        self._start = names[0] if names else None
        self._starts = {texts[0] for texts in (self._names, self._other_line) if texts}
        self.grouped = _grouped(texts, below)
        titles = [list(map(_same, _filled(cells))) for _, cells in filled[:position]]
        self._titles = {*itertools.chain.from_iterable(titles)}
        # A number or a letter may begin a line above, as of a table beside this one, and a record too.
        self._title_starts = {first for first, *_ in titles if re.search(r"[^\W\d_]{2}", first)}

    def records(self, rows: Iterable[Row | Block]) -> Iterator[Row | Block]:
        """The records among all rows of the file; one that makes no sense (None) counts as a record.

        A row that may be a remark waits until what follows tells: a record, a new page, or the end.
        """
        waiting: list[tuple[int, Cells, bool]] = []
        has_records = is_ending = is_after_blank = False
        rows = self._parted(rows)
        for each in rows if self.grouped is None else self._filled_down(rows, self.grouped):
            row, cells = (each.first, None) if isinstance(each, Block) else each
            if row < self._first_row:
                continue
            kind = RECORD if cells is None or self._is_plain(cells) else self._looked_at(_filled(cells))
            if kind == RECORD:
                if waiting:
                    yield from self._released(waiting)
                    waiting = []
                has_records, is_ending, is_after_blank = True, False, False
                yield each
            elif kind == BLANK:
                is_after_blank = True
            elif kind == HEADER:
                self.set_aside += [*(number for number, *_ in waiting), row]
                waiting = []
            else:
                is_ending = is_ending or is_after_blank or kind != PROSE
                waiting.append((row, cells, kind == PRINTED))
        if is_ending and has_records:
            self.set_aside += [row for row, *_ in waiting]
        else:
            yield from self._released(waiting)

    def _parted(self, rows: Iterable[Row | Block]) -> Iterator[Row | Block]:
        """Blocks of nothing but plain records, and all other rows one by one."""
        for each in rows:
            if isinstance(each, Block) and not self._are_plain(each):
                yield from each
            else:
                yield each

    def _filled_down(self, rows: Iterable[Row], column: int) -> Iterator[Row]:
        """The records with the value of the line above them, without these lines."""
        value = None
        for row, cells in rows:
            if cells is None or row < self._first_row:
                yield row, cells
                continue
            at = _where_filled(cells)
            kind = self._kind([(cells[index] or "").strip() for index in at])
            if at == [column] and kind in (PROSE, RECORD):
                value = cells[column]
                self.set_aside.append(row)
                continue
            if kind == RECORD and value is not None and column not in at:
                cells = [*cells, *[""] * (column + 1 - len(cells))]
                cells[column] = value
            yield row, cells

    def _released(self, waiting: Iterable[tuple[int, Cells, bool]]) -> Iterator[Row]:
        for row, cells, is_printed in waiting:
            if is_printed:
                self.set_aside.append(row)
            else:
                yield row, cells

    def _is_plain(self, cells: Cells) -> bool:
        """Most records, at the least cost: well filled, and beginning like no title, header or sum."""
        first = cells[0] if cells else ""
        if not first or first == self._start:
            return False
        is_number = first.isalnum() and not first.isalpha() and first[0] not in "pP"  # and no Page1
        if not is_number and MAY_BE_PRINTED.search(first):
            return False
        if len(cells) - cells.count("") - cells.count(None) <= (len(self.header) + 1) // 2:
            return False
        return not (self._title_starts and _same(first) in self._title_starts)

    def _are_plain(self, block: Block) -> bool:
        """Whether all of its rows are records, as far as can be told of many rows at once."""
        if self.grouped is not None or self._title_starts or block.first < self._first_row:
            return False
        first = block.columns[0]
        may_be_printed = pc.match_substring_regex(first, MAY_BE_PRINTED.pattern, ignore_case=True)
        is_other = pc.is_in(first, pa.array(["", self._start], pa.string()))
        if pc.any(pc.or_(may_be_printed, is_other)).as_py():
            return False
        is_sparse = pc.less_equal(_count_filled(block.columns), (len(self.header) + 1) // 2)
        # Of rows that are hardly filled, what _looked_at asks of one.
        few = [pc.utf8_trim_whitespace(column.filter(is_sparse)) for column in block.columns]
        beginnings = few[0].unique().to_pylist()
        return (
            pc.all(pc.greater(_count_filled(few), 1)).as_py() is not False
            and not any(NOTICE.fullmatch(text) or _plain(text) in {"", *self._starts} for text in beginnings)
            and not any(pc.any(pc.match_substring(cells, "page", ignore_case=True)).as_py() for cells in few)
        )

    def _looked_at(self, texts: Sequence[str]) -> str:
        """The kind of a row; a record of many optional columns, hardly filled, at little more cost than a plain one."""
        is_record = (
            len(texts) > 1
            and not MAY_BE_PRINTED.search(first := texts[0])
            and not NOTICE.fullmatch(first)
            and _plain(first) not in self._starts
            and not (self._title_starts and _same(first) in self._title_starts)
            and "page" not in "".join(texts).lower()
        )
        return RECORD if is_record else self._kind(texts)

    def _kind(self, texts: Sequence[str]) -> str:
        if not texts:
            return BLANK
        if (said := list(map(_plain, texts))) == self._names or said == self._other_line:
            return HEADER
        width, first, said = len(self._names), texts[0], list(map(_same, texts))
        is_sparse, is_alone = len(texts) <= (width + 1) // 2, len(texts) == 1 < width
        is_sum = SUM.fullmatch(first) is not None and all(map(SUMMED.fullmatch, texts[1:]))
        is_page = is_sparse and any(map(PAGE.fullmatch, texts))
        is_notice = NOTICE.fullmatch(first) is not None
        is_title = said[0] in self._title_starts and (is_sparse or self._titles.issuperset(said))
        if is_page or is_title or (is_sum and len(texts) < width) or (is_notice and is_alone):
            return PRINTED
        if is_sum or (is_sparse and (is_notice or SUM.fullmatch(first))):
            return ENDING
        # A last record that is cut short is a number more often than a word.
        return PROSE if is_alone and (" " in first or not re.search(r"\d", first)) else RECORD


def _plain(text: str) -> str:
    return " ".join(text.split()).lower()


def _same(text: str) -> str:
    """A title for comparison: pages and days printed in it change."""
    return re.sub(r"\d+", "#", _plain(text))


def _are_import_ids(cells: Cells) -> bool:
    return all(map(IMPORT_ID.fullmatch, _filled(cells)))


def _telling(name: str, labels: Cells, index: int) -> str:
    """The text of the question where a survey names its column by nothing but its number."""
    label = " ".join((labels[index] or "").split()) if index < len(labels) else ""
    return label if label and QUESTION_NUMBER.fullmatch(name) else name


def _count_filled(columns: Sequence[pa.Array]) -> pa.Array:
    """Of each row, how many cells hold something."""
    return functools.reduce(pc.add, (pc.not_equal(column, "").cast(pa.int16()) for column in columns))


def _where_filled(cells: Cells) -> list[int]:
    return [index for index, cell in enumerate(cells) if cell and cell.strip()]


def _aligned(above: Cells, below: Cells) -> list[tuple[str, str]]:
    """Two lines of a header, column by column."""
    width = max(len(above), len(below))
    lines = ([(cell or "").strip() for cell in line] + [""] * (width - len(line)) for line in (above, below))
    return list(zip(*lines, strict=True))


def _goes_on(header: Cells, below: Sequence[Cells]) -> bool:
    """Whether the row below a header is its second line: words, under columns without a name or under the first
    of cells that are merged over several, and a name for every such column that holds something. Where it has
    nothing, all records have."""
    if len(below) < 2:
        return False
    both = _aligned(header, below[0])
    under = [index for index, (_, second) in enumerate(both) if second]
    if any(NUMBER_OR_DATE.fullmatch(both[index][1]) for index in under):
        return False
    filled = [{*_where_filled(row)} for row in below[1:]]
    held = set().union(*filled)
    unnamed = [index for index, (first, _) in enumerate(both) if not first]
    is_merged = all(
        not both[index][0] or (index + 1 < len(both) and not both[index + 1][0] and both[index + 1][1])
        for index in under
    )
    own = {index for index, (first, second) in enumerate(both) if first and not second}
    if own:
        is_apart = all(own & row for row in filled)
    else:
        # All is merged: words that repeat, over columns one of which holds nothing but numbers and days.
        words = [both[index][1] for index in under]
        cells = ([row[index] for row in below[1:] if index in _where_filled(row)] for index in under)
        is_apart = len(set(words)) < len(words) and any(
            column and all(NUMBER_OR_DATE.fullmatch(cell.strip()) for cell in column) for column in cells
        )
    return bool(
        is_merged and is_apart and len(under) > 1 and {*unnamed} & {*under} and {*unnamed} & held <= {*under}
    )


def _begins_above(above: Cells, header: Cells, below: Sequence[Cells]) -> bool:
    """Whether the row above a header is its first line: it names what the header does not, or tells apart what it
    names alike. A title is one cell alone."""
    if len(_filled(above)) < 2 or _is_printed(above) or any(map(NUMBER_OR_DATE.fullmatch, _filled(above))):
        return False
    names, held = _filled(header), {index for row in below for index in _where_filled(row)}
    is_alike = len(set(names)) < len(names)
    is_named = any(
        first and not second and index in held
        for index, (first, second) in enumerate(_aligned(above, header))
    )
    return is_alike or is_named


def _merged(above: Cells, below: Cells) -> list[str]:
    """One name of two lines: what is merged over several columns belongs to each of them."""
    names, group = [], ""
    for first, second in _aligned(above, below):
        group = first or (group if second else "")
        names.append(" ".join(filter(None, (group, second))))
        if first and not second:
            group = ""
    return names


def _grouped(header: Sequence[str], below: Sequence[Cells]) -> int | None:
    """The column that no record fills and lines of their own do, the first of them above all records."""
    lines = (row for row in below if not _is_printed(row) and not any(map(SUM.fullmatch, _filled(row))))
    head = next(lines, ())
    first = _where_filled(head)
    if len(first) != 1 or len(header) < 3 or first[0] >= len(header) or not header[first[0]]:
        return None  # most files, at the least cost
    (column,), lines = first, [head, *lines]
    alone = [at[0] for row in lines if len(at := _where_filled(row)) == 1]
    records = [row for row in lines if len(_where_filled(row)) > 1]
    is_apart = records and all(column not in _where_filled(row) for row in records)
    return column if is_apart and set(alone) == {column} else None


def _over_their_cells(header: Cells, rows: Sequence[Cells]) -> list[str | None]:
    """Merged cells of a report can leave a name beside its column, over one that is empty throughout."""
    names = list(header)
    holds = [
        any(index < len(row) and row[index] and row[index].strip() for row in rows)
        for index in range(len(names))
    ]
    for index, name in enumerate(names):
        if name and name.strip() and not holds[index]:
            for other in (index + 1, index - 1):
                if 0 <= other < len(names) and not (names[other] or "").strip() and holds[other]:
                    names[index], names[other] = names[other], name
                    break
    return names
