"""Where the table lies in a report: hides separators, title lines above it and totals below it."""

import csv
import re
from collections import Counter
from collections.abc import Sequence

Cells = Sequence[str | None]

DELIMITERS = ",;\t|"
LINES_LOOKED_AT = 60
# What reports print below their table. A row counts as such only at the end, and only half filled.
CLOSING = re.compile(
    r"(grand |sub|report |overall )?totals?\b|(record|row|number of (records|rows))s? ?(count|:)|count\b"
    r"|end of (report|file)|\*+ ?end|(report )?(generated|printed|run|created|exported)( |:)|page \d",
    re.IGNORECASE,
)
NUMBER_OR_DATE = re.compile(r"[-+$]?[\d,]*\.?\d+%?|\d{1,4}[-/.]\w{1,3}[-/.]\d{1,4}.*")


def delimiter(lines: Sequence[str]) -> str:
    """The mark that cuts most of the lines into equally many cells, and the header into most."""
    return max(DELIMITERS, key=lambda mark: _regularity(lines, mark))


def _regularity(lines: Sequence[str], mark: str) -> tuple[float, int]:
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
    filled = [sum(1 for cell in row if cell and cell.strip()) for row in rows]
    first = next((index for index, count in enumerate(filled) if count), 0)
    usual = Counter(len(row) for row, count in zip(rows, filled, strict=True) if count)
    width = max(usual, key=lambda width: (usual[width], width), default=0)
    # Rows of a workbook are all as wide as its widest one, so width says little there; filling does.
    typical = sorted(filled[first:])[-max(1, len(filled[first:]) // 2)] if filled[first:] else 0
    wanted = 0.6 * min(width, typical)
    if filled and filled[first] >= max(wanted, 1):
        return first
    found = next((index for index in range(first, len(rows)) if filled[index] >= max(wanted, 2)), first)
    return found if _is_header(rows[found]) else first


def _is_header(row: Cells) -> bool:
    names = [cell.strip() for cell in row if cell and cell.strip()]
    return len(set(names)) > 0.8 * len(names) and not any(NUMBER_OR_DATE.fullmatch(name) for name in names)


def is_closing(cells: Cells, width: int) -> bool:
    """Whether a row at the end of a file sums it up instead of being one of its records."""
    filled = [cell.strip() for cell in cells if cell and cell.strip()]
    return bool(filled) and len(filled) <= (width + 1) // 2 and bool(CLOSING.match(filled[0]))
