"""Tables of web pages to rows of text: report servers and Salesforce write one and name it .xls."""

import re
from collections.abc import Iterator
from typing import TextIO

import lxml.html

from leadstats.ingest.layout import Grid
from leadstats.model.messages import Fault, problem

# The page stands in memory as a whole, at about ten times its size.
CHARACTERS = 60_000_000
COLUMNS = 2_000
DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>", re.IGNORECASE)
BREAKS = ("br", "p", "div", "li")
UNSEEN = ("script", "style")

Table = list[list[str]]


def read(page: TextIO, file: str) -> Grid:
    """The largest table, and those that go on with it, as each page of a report is a table of its own.

    Cells are the text they show. Raises Fault if there is no table.
    """
    text = page.read(CHARACTERS + 1)
    if len(text) > CHARACTERS:
        raise Fault(problem("LD-105", file=file, value=f"a web page of over {CHARACTERS:,} characters"))
    try:
        # Text that declares its encoding is refused, and it is decoded already.
        document = lxml.html.document_fromstring(DECLARATION.sub("", text, count=1))
        tables = list(filter(None, map(_as_rows, document.iter("table"))))
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
