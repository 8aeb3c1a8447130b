"""Tables written as markup to rows of text: web pages, which report servers and Salesforce name .xls, the same packed
with their images (MHTML), and Excel's XML of 2003."""

import email
import email.policy
import re
from collections.abc import Iterator, Sequence
from typing import TextIO

import lxml.etree
import lxml.html

from leadstats.ingest.layout import Grid
from leadstats.model.messages import Fault, problem

# The page stands in memory as a whole, at about ten times its size.
CHARACTERS = 60_000_000
COLUMNS = 2_000
DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>", re.IGNORECASE)
BREAKS = ("br", "p", "div", "li")
UNSEEN = ("script", "style")

SPREADSHEET = "urn:schemas-microsoft-com:office:spreadsheet"  # what Excel's XML of 2003 declares
IN_SPREADSHEET = f"{{{SPREADSHEET}}}"
HIDDEN = (
    "{urn:schemas-microsoft-com:office:excel}WorksheetOptions/{urn:schemas-microsoft-com:office:excel}Visible"
)

Table = list[list[str]]


def read(page: TextIO, file: str) -> Grid:
    """The largest table, and those that go on with it, as each page of a report is a table of its own.

    Cells are the text they show. Raises Fault if there is no table.
    """
    return _joined([_whole(page, file)], file)


def read_packed(content: bytes, file: str) -> Grid:
    """The same of a page packed with all that it shows (MHTML), whose sheets are pages of their own."""
    if len(content) > CHARACTERS:
        raise Fault(problem("LD-105", file=file, value=f"a web page of over {CHARACTERS:,} characters"))
    try:
        parts = email.message_from_bytes(content, policy=email.policy.default).walk()
        pages = [part.get_content() for part in parts if part.get_content_type() == "text/html"]
    except (LookupError, ValueError) as error:
        raise Fault(
            problem("LD-105", file=file, value="a packed web page that cannot be unpacked")
        ) from error
    return _joined(pages, file)


def read_spreadsheet(page: TextIO, file: str, sheet: str | None) -> Grid:
    """The sheet of that name of an XML spreadsheet, else the one with most in it; hidden ones are no candidates."""
    # Text that declares its encoding is refused, and it is decoded already. Nothing is fetched, nothing expanded.
    parser = lxml.etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        root = lxml.etree.fromstring(DECLARATION.sub("", _whole(page, file), count=1), parser)
        seen = [each for each in root.iter(f"{IN_SPREADSHEET}Worksheet") if not each.findtext(HIDDEN)]
        sheets = {each.get(f"{IN_SPREADSHEET}Name") or "": _sheet_rows(each) for each in seen}
    except (lxml.etree.LxmlError, ValueError) as error:
        raise Fault(
            problem("LD-105", file=file, value=f"an XML spreadsheet that cannot be read: {error}")
        ) from error
    sheets = {name: rows for name, rows in sheets.items() if rows}
    if not sheets or (sheet and sheet not in sheets):
        raise Fault(
            problem("LD-105", file=file, value="an XML spreadsheet without that sheet, or without rows")
        )
    chosen = sheet or max(
        sheets, key=lambda name: sum(len(list(filter(None, row))) for _, row in sheets[name])
    )
    others = [name for name in sheets if name != chosen]
    notes = [problem("LD-115", file=file, value=f"{len(others)} other sheets")] if others else []
    return Grid((each for each in sheets[chosen]), sheet=chosen if others else None, notes=tuple(notes))


def _sheet_rows(worksheet: lxml.etree._Element) -> list[tuple[int, list[str]]]:
    """As wide as the widest, with their numbers; a cell over several stands as in `_as_rows`."""
    rows: list[tuple[int, list[str]]] = []
    below: dict[int, tuple[int, str]] = {}
    number = 0
    for row in worksheet.iterfind(f"{IN_SPREADSHEET}Table/{IN_SPREADSHEET}Row"):
        number = _number(row, "Index", number + 1)
        cells: list[str] = []
        for cell in row.iterfind(f"{IN_SPREADSHEET}Cell"):
            _reach_down(below, cells)
            cells += [""] * (_number(cell, "Index", 0) - 1 - len(cells))
            text, lines = _written(cell), _number(cell, "MergeDown", 0)
            for shown in (text, *[""] * _number(cell, "MergeAcross", 0)):
                if lines:
                    below[len(cells)] = (lines, shown)
                cells.append(shown)
        _reach_down(below, cells)
        if len(cells) > COLUMNS:
            raise ValueError(f"{len(cells):,} columns")
        rows.append((number, cells))
    width = max((len(cells) for _, cells in rows), default=0)
    return [(number, cells + [""] * (width - len(cells))) for number, cells in rows]


def _number(element: lxml.etree._Element, name: str, default: int) -> int:
    said = element.get(f"{IN_SPREADSHEET}{name}") or ""
    return min(int(said), 10_000_000) if said.isascii() and said.isdigit() else default


def _written(cell: lxml.etree._Element) -> str:
    """What a cell holds; a day without the midnight that is written after it."""
    data = cell.find(f"{IN_SPREADSHEET}Data")
    if data is None:
        return ""
    text = "".join(data.itertext()).strip()
    if data.get(f"{IN_SPREADSHEET}Type") != "DateTime":
        return text
    return text.removesuffix(".000").removesuffix("T00:00:00").replace("T", " ")


def _whole(page: TextIO, file: str) -> str:
    text = page.read(CHARACTERS + 1)
    if len(text) > CHARACTERS:
        raise Fault(problem("LD-105", file=file, value=f"a web page of over {CHARACTERS:,} characters"))
    return text


def _joined(pages: Sequence[str], file: str) -> Grid:
    try:
        # As above, of what a page declares.
        documents = [lxml.html.document_fromstring(DECLARATION.sub("", each, count=1)) for each in pages]
        tables = [rows for each in documents for table in each.iter("table") if (rows := _as_rows(table))]
    except (lxml.etree.LxmlError, ValueError) as error:
        raise Fault(problem("LD-105", file=file, value=f"a web page that cannot be read: {error}")) from error
    if not tables:
        raise Fault(problem("LD-105", file=file, value="a web page without a table"))
    largest = max(tables, key=lambda table: sum(map(len, table)))
    known = set(_lines(largest))
    joined = [table for table in tables if table is largest or not known.isdisjoint(_lines(table))]
    others = [table for table in tables if table not in joined and len(list(_lines(table))) > 1]
    notes = [problem("LD-115", file=file, value=f"{len(others)} other tables")] if others else []
    rows = [row for table in joined for row in table]
    return Grid(((number, row) for number, row in enumerate(rows, start=1)), notes=tuple(notes))


def _lines(table: Table) -> Iterator[tuple[str, ...]]:
    """Rows of more than one word, as a header is; titles of pages are not."""
    return (line for row in table if len(line := tuple(filter(None, row))) > 1)


def _as_rows(table: lxml.html.HtmlElement) -> Table:
    """A cell over several columns stands in the first of them; one over several rows in each of them."""
    rows: Table = []
    below: dict[int, tuple[int, str]] = {}  # columns that cells from above reach into: rows left, text
    # Without the rows of tables inside its cells: pages lay things out by tables, too.
    for row in table.xpath("./tr | ./thead/tr | ./tbody/tr | ./tfoot/tr"):
        cells: list[str] = []
        for cell in (each for each in row if each.tag in ("td", "th")):
            _reach_down(below, cells)
            text, lines = _shown(cell), _span(cell, "rowspan")
            for shown in (text, *[""] * (_span(cell, "colspan") - 1)):
                if lines > 1:
                    below[len(cells)] = (lines - 1, shown)
                cells.append(shown)
        _reach_down(below, cells)
        if len(cells) > COLUMNS:
            raise ValueError(f"{len(cells):,} columns")
        rows.append(cells)
    return rows


def _reach_down(below: dict[int, tuple[int, str]], cells: list[str]) -> None:
    while (column := len(cells)) in below:
        left, text = below.pop(column)
        if left > 1:
            below[column] = (left - 1, text)
        cells.append(text)


def _shown(cell: lxml.html.HtmlElement) -> str:
    parts = [cell.text]
    for element in cell.iterdescendants():
        parts += [" "] if element.tag in BREAKS else []
        # Comments have a function for a tag.
        parts += [element.text] if isinstance(element.tag, str) and element.tag not in UNSEEN else []
        parts.append(element.tail)
    return " ".join("".join(filter(None, parts)).split())


def _span(cell: lxml.html.HtmlElement, name: str) -> int:
    said = (cell.get(name) or "").strip()
    return min(max(int(said), 1), COLUMNS) if said.isascii() and said.isdigit() else 1
