"""The data-quality report as one HTML file: no script, no person, to be read, printed and sent."""

from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from leadstats.briefing import View, default_months, reach
from leadstats.counting.cube import Cube
from leadstats.counting.database import open_database
from leadstats.counting.measure import measure
from leadstats.counting.view import AUDIENCES
from leadstats.narrative import wording
from leadstats.narrative.wording import TextTable
from leadstats.quality.account import Finding, Section
from leadstats.quality.gaps import sections

STYLE = Path(__file__).with_name("report.css")


def write_report(data: Path, to: Path, audience: str = AUDIENCES[0]) -> None:
    """Writes the report of the snapshot in force. Raises FileNotFoundError before the first build."""
    database = open_database(data)
    ask = partial(measure, count=Cube(database).rows)
    try:
        page = _page(View(database, audience, default_months(database), ask))
    finally:
        database.close()
    # Whole or not at all: a reader never finds half a report.
    draft = to.with_name(f".{to.name}.draft")
    draft.write_text(f"<!doctype html>\n{ElementTree.tostring(page, 'unicode', 'html')}\n", encoding="utf-8")
    draft.replace(to)


def _page(view: View) -> Element:
    site = view.database.site
    found = list(sections(view))
    page = Element("html", lang="en")
    head = SubElement(page, "head")
    SubElement(head, "meta", charset="utf-8")
    SubElement(head, "meta", name="viewport", content="width=device-width, initial-scale=1")
    _add(head, "title", f"Data quality: {site.name}")
    _add(head, "style", STYLE.read_text(encoding="utf-8"))
    body = SubElement(page, "body")
    _add(body, "a", "Skip to the content", href="#main", attributes={"class": "skip"})
    header = SubElement(body, "header")
    _add(header, "p", site.name)
    if site.is_sample:
        _add(header, "p", wording.SAMPLE, attributes={"class": "sample"})
    _add(header, "h1", "Data quality")
    through = reach(view.database) if view.database.reach else None
    facts = (
        f"Data through {wording.day(through) if through else wording.NOT_KNOWN}",
        f"Snapshot {view.database.mark}",
        wording.audience_note(view.audience, view.database.threshold),
    )
    _add(header, "p", ". ".join(facts) + ".")
    _menu(SubElement(body, "nav", {"aria-label": "Contents"}), found)
    main = SubElement(body, "main", id="main")
    for number, section in enumerate(found, 1):
        _section(SubElement(main, "section", id=f"part-{number}"), section)
    return page


def _menu(nav: Element, found: Sequence[Section]) -> None:
    listed = SubElement(nav, "ol")
    for number, section in enumerate(found, 1):
        _add(SubElement(listed, "li"), "a", section.title, href=f"#part-{number}")


def _section(parent: Element, section: Section) -> None:
    _add(parent, "h2", section.title)
    for sentence in section.sentences:
        _add(parent, "p", sentence)
    for table in section.tables:
        _table(parent, table)
    for entry in section.entries:
        _entry(parent, entry)


def _table(parent: Element, table: TextTable) -> None:
    # Scrolled by its own frame on a phone, hence focusable.
    frame = SubElement(
        parent, "div", {"class": "wide", "role": "region", "tabindex": "0", "aria-label": table.caption}
    )
    drawn = SubElement(frame, "table")
    _add(drawn, "caption", table.caption)
    _cells(SubElement(SubElement(drawn, "thead"), "tr"), table, table.head, ["th"] * len(table.head), "col")
    body = SubElement(drawn, "tbody")
    for row in table.rows:
        _cells(SubElement(body, "tr"), table, row, ["th", *["td"] * (len(row) - 1)], "row")


def _cells(row: Element, table: TextTable, texts: Iterable[str], names: Sequence[str], scope: str) -> None:
    for position, (name, text) in enumerate(zip(names, texts, strict=True)):
        attributes = {"scope": scope} if name == "th" else {}
        if position >= table.labels:
            attributes["class"] = "number"
        _add(row, name, text, attributes=attributes)


def _entry(parent: Element, entry: Finding) -> None:
    _add(parent, "h3", entry.title)
    facts = SubElement(parent, "dl")
    for name, fact in entry.facts.items():
        _add(facts, "dt", name)
        _add(facts, "dd", fact)


def _add(
    parent: Element, name: str, text: str, attributes: dict[str, str] | None = None, **more: str
) -> None:
    SubElement(parent, name, (attributes or {}) | more).text = text
