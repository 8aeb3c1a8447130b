"""The packet as a tagged PDF: headings, tables with header rows, every chart as lines with its words."""

import io
import json
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pikepdf
import typst

from leadstats.briefing.answer import Answer
from leadstats.charts.drawing import as_sheets
from leadstats.papers.contents import Contents, tables_of

TEMPLATE = Path(__file__).with_name("packet.typ")
FONTS = Path(__file__).parents[2] / "static"
PAPER = "us-letter"
PIXELS, HIGHEST = 720, 860  # of a chart as it is drawn: as wide as the text, no higher than a page


def as_pdf(contents: Contents) -> bytes:
    """The contents in order, laid out by packet.typ. The same contents give the same bytes."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / TEMPLATE.name).write_bytes(TEMPLATE.read_bytes())
        said = asdict(replace(contents, questions=())) | {"paper": PAPER}
        said["questions"] = list(_questions(contents, folder))
        (folder / "packet.json").write_text(json.dumps(said), encoding="utf-8")
        pdf = typst.compile(
            folder / TEMPLATE.name, font_paths=[FONTS], ignore_system_fonts=True, pdf_standards=["ua-1"]
        )
    return _with_row_heads(pdf)


def _questions(contents: Contents, folder: Path) -> Iterator[dict[str, Any]]:
    for number, asked in enumerate(contents.questions):
        answers = [_answer(answer, folder, f"{number}-{place}") for place, answer in enumerate(asked.answers)]
        words = ("question", "verdict", "lead", "cautions", "rests_on")
        yield {name: getattr(asked, name) for name in words} | {"answers": answers}


def _answer(answer: Answer, folder: Path, name: str) -> dict[str, Any]:
    drawn = as_sheets(answer.chart, PIXELS, HIGHEST) if answer.chart else ()
    charts = [f"{name}-{sheet}.svg" for sheet in range(len(drawn))]
    for chart, drawing in zip(charts, drawn, strict=True):
        (folder / chart).write_text(drawing, encoding="utf-8")
    words = ("lead", "subtitle", "sentences", "points", "events", "notes", "cautions")
    return {name: getattr(answer, name) for name in words} | {
        "charts": charts,
        "alt": answer.chart.alt if answer.chart else "",
        "tables": [asdict(table) for table in tables_of(answer)],
    }


def _with_row_heads(pdf: bytes) -> bytes:
    """Marks the first cell of each table row as the row's header, which Typst 0.15 cannot do."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        for body in _elements(opened.Root.StructTreeRoot, "/TBody"):
            for row in _elements(body, "/TR"):
                first = next(_elements(row, "/TD"))
                first.S = pikepdf.Name.TH
                for attributes in first.A:
                    if attributes.O == "/Table":
                        attributes.Scope = pikepdf.Name.Row
        written = io.BytesIO()
        opened.save(written, deterministic_id=True)
    return written.getvalue()


def _elements(parent: pikepdf.Dictionary, kind: str) -> Iterator[pikepdf.Dictionary]:
    """The elements of one kind below an element, none of them inside another."""
    below = parent.get("/K", ())
    for each in below if isinstance(below, pikepdf.Array) else [below]:
        if not isinstance(each, pikepdf.Dictionary):
            continue
        if each.get("/S") == kind:
            yield each
        else:
            yield from _elements(each, kind)
