"""Numbers by group: bars from zero, dots with intervals, one row of words over one row of ink."""

import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from leadstats.charts.template import (
    ATTENTION,
    BLUE,
    CONTEXT,
    GREY,
    GRID,
    HATCH,
    INK,
    PAPER,
    Chart,
    Figure,
    figure,
    note,
    plain,
)
from leadstats.counting import reliability
from leadstats.counting.view import Cell, Published
from leadstats.model.language import say
from leadstats.narrative import headlines, wording

ROW_HEIGHT = 42
LINE_HEIGHT = 19
BAR_PIXELS = 14
LINE_LENGTH = 44
MOST_ALIKE = 3


@dataclass(frozen=True)
class Mark:
    """One row of a chart of groups. Without a value, `text` is the reason; a hidden one is hatched. A heading has only a
    label, and names the rows below it."""

    label: str
    text: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    is_hidden: bool = False
    is_context: bool = False
    needs_attention: bool = False
    is_heading: bool = False


def marks(published: Published, cells: Sequence[Cell] | None = None) -> list[Mark]:
    """One mark per category: its name, its number and, for a rate, what it is a rate of."""
    return [
        Mark(
            wording.category(cell.category, published.filters.breakdown),
            _mark_text(published, cell),
            cell.value,
            cell.low,
            cell.high,
            cell.is_protected,
        )
        for cell in (published.cells if cells is None else cells)
        # An empty rest group is not a finding; it stays in the table.
        if cell.hidden or cell.value or cell.category.lower() not in ("unknown", "outside")
    ]


def _gathered(rows: Sequence[Mark], breakdown: str | None) -> list[Mark]:
    """Puts many places or charges without a number in one row at the end. Races are each named, since who is missing is a
    finding, and the few categories of a metric's own keep their order."""
    if breakdown is None or breakdown.startswith("race"):
        return list(rows)
    shown = [row for row in rows if row.value]
    without = {row.text: [each for each in rows if not each.value and each.text == row.text] for row in rows}
    for alike in filter(None, without.values()):
        if len(alike) > MOST_ALIKE:
            alike = [replace(alike[0], label=say("{count} others", count=len(alike)))]
        shown.extend(alike)
    return shown


def _mark_text(published: Published, cell: Cell) -> str:
    text = wording.shown(published.metric, cell)
    small = say(", small group") if reliability.is_small(published.metric, cell) else ""
    if published.metric.estimator == "proportion" and cell.value is not None:
        return say(
            "{text} ({number} of {number2}{small})",
            text=text,
            number=wording.count(cell.numerator),
            number2=wording.count(cell.denominator),
            small=small,
        )
    return text + small


def by_category(published: Published) -> Chart:
    """Groups of a rate as dots with intervals; groups of a count as bars from zero."""
    rows = _gathered(marks(published), published.filters.breakdown)
    if published.metric.unit == "percent":
        return Chart(dots(rows), headlines.alt(published, say("Dots with intervals")))
    return Chart(bars(rows), headlines.alt(published, say("Bar chart")))


def bars(rows: Sequence[Mark]) -> Figure:
    """Horizontal bars under their labels, so that long names fit a phone; whiskers where given."""
    ends = [0.0, *(end for row in rows for end in (row.value, row.low, row.high) if end is not None)]
    low, high = min(ends), max(ends) or 1
    traces = [
        {
            "type": "bar",
            "orientation": "h",
            "x": [high if row.is_hidden else row.value for row in rows],
            "y": [-index for index in range(len(rows))],
            "width": BAR_PIXELS / row_height(rows),
            "marker": {
                "color": [_color(row) for row in rows],
                "pattern": {"shape": ["/" if row.is_hidden else "" for row in rows], **HATCH},
            },
        },
        _spans(rows, INK, 2, 1),
    ]
    return as_rows(traces, rows, [low * 1.02, high * 1.02])


def steps(rows: Sequence[Mark]) -> Figure:
    """A flow from a first state to a last: each bar begins where the one before ends. The first and the last start at
    zero; those in between are changes, negative if something leaves."""
    reached, bases = 0.0, []
    for index, row in enumerate(rows):
        is_state = index in (0, len(rows) - 1)
        bases.append(0.0 if is_state else reached)
        reached = row.value if is_state else reached + row.value
    ends = [base + row.value for base, row in zip(bases, rows, strict=True)]
    trace = {
        "type": "bar",
        "orientation": "h",
        "x": [row.value for row in rows],
        "base": bases,
        "y": [-index for index in range(len(rows))],
        "width": BAR_PIXELS / row_height(rows),
        "marker": {"color": [_color(row) for row in rows]},
    }
    return as_rows([trace], rows, [0, 1.02 * max([*ends, *bases, 1])])


def _color(row: Mark) -> str:
    if row.value is None:
        return PAPER
    return ATTENTION if row.needs_attention else CONTEXT if row.is_context else BLUE


def _spans(rows: Sequence[Mark], color: str, width: float, opacity: float) -> Figure:
    """The intervals of all rows as one broken line."""
    known = [(-index, row) for index, row in enumerate(rows) if None not in (row.value, row.low, row.high)]
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [x for _, row in known for x in (row.low, row.high, None)],
        "y": [at for y, _ in known for at in (y, y, None)],
        "line": {"color": color, "width": width},
        "opacity": opacity,
    }


def dots(
    rows: Sequence[Mark],
    reference: float | None = None,
    reference_text: str = "",
    is_log: bool = False,
    span: tuple[float, float] | None = None,
    suffix: str = "%",
) -> Figure:
    """Dots with intervals; on a log axis a ratio and its inverse are equally far from 1."""
    known = [(-index, row) for index, row in enumerate(rows) if row.value is not None]
    traces: list[Figure] = [
        _spans(rows, BLUE, 6, 0.3),
        {
            "type": "scatter",
            "mode": "markers",
            "x": [row.value for _, row in known],
            "y": [y for y, _ in known],
            "marker": {
                "color": [_color(row) for _, row in known],
                "symbol": ["diamond" if row.needs_attention else "circle" for _, row in known],
                "size": 13,
                "line": {"color": PAPER, "width": 1.5},
            },
        },
    ]
    ends = [end for _, row in known for end in (row.value, row.low, row.high) if end]
    shapes, notes = [], []
    if reference is not None:
        ends.append(reference)
        at = math.log10(reference) if is_log else reference
        shapes.append(vertical(reference))
        notes.append(
            note(
                plain(reference_text), at, 1, yref="paper", yanchor="bottom", font={"color": GREY, "size": 14}
            )
        )
    if is_log:
        low, high = span or (min(ends, default=0.5) / 1.15, max(ends, default=2) * 1.15)
        axis = {"type": "log", "range": [math.log10(low), math.log10(high)], **_ratio_ticks(low, high)}
    else:
        axis = {"range": [0, 1.05 * max(ends, default=1)], "ticksuffix": suffix, "nticks": 6}
    axis["visible"] = bool(known)
    return as_rows(
        traces, rows, None, notes, shapes=shapes, xaxis={**axis, "showgrid": True, "gridcolor": GRID}
    )


def _ratio_ticks(low: float, high: float) -> Figure:
    steps = [step for step in (0.1, 0.2, 0.33, 0.5, 0.67, 1, 1.5, 2, 3, 5, 10) if low <= step <= high]
    return {"tickmode": "array", "tickvals": steps, "ticktext": [f"{step:g}" for step in steps]}


def vertical(x: float) -> Figure:
    return {
        "type": "line",
        "x0": x,
        "x1": x,
        "y0": 0,
        "y1": 1,
        "yref": "paper",
        "line": {"color": GREY, "width": 1.5, "dash": "dot"},
        "layer": "below",
    }


def as_rows(
    traces: Sequence[Figure],
    rows: Sequence[Mark],
    span: Sequence[float] | None,
    notes: Sequence[Figure] = (),
    **layout: Any,
) -> Figure:
    """The frame of all of these: one row of fixed height per mark with its words above it, flush left, on several lines
    if one would not fit on a phone."""
    height = row_height(rows)
    labels = [
        note(
            _words(row, is_broken=height > ROW_HEIGHT),
            0,
            -index,
            xref="paper",
            xanchor="left",
            yanchor="bottom",
            yshift=BAR_PIXELS / 2,
            align="left",
            font={"color": INK if row.value is not None or row.is_heading else GREY, "size": 15},
        )
        for index, row in enumerate(rows)
    ]
    has_ticks = not span
    axes = {} if has_ticks else {"xaxis": {"range": span, "showticklabels": False, "ticks": ""}}
    above = 1 - (BAR_PIXELS / 2 + 10) / height
    return figure(
        traces,
        height * len(rows) + (50 if has_ticks else 16) + (24 if notes else 0),
        yaxis={"range": [above - len(rows), above], "visible": False},
        margin={"l": 14 if has_ticks else 2, "r": 8, "t": 24 if notes else 4, "b": 34 if has_ticks else 4},
        annotations=[*labels, *notes],
        **{**axes, **layout},
    )


def row_height(rows: Sequence[Mark]) -> int:
    said = [row for row in rows if not row.is_heading]  # the name of a group is one line
    if all(len(row.label) + len(row.text) <= LINE_LENGTH for row in said):
        return ROW_HEIGHT
    return ROW_HEIGHT + LINE_HEIGHT * max(len(_broken(row.label)) for row in said)


def _broken(label: str) -> list[str]:
    return textwrap.wrap(label, LINE_LENGTH)


def _words(row: Mark, is_broken: bool) -> str:
    if row.is_heading:
        return f"<b>{plain(row.label)}</b>"
    text = f"<b>{plain(row.text)}</b>" if row.value is not None else plain(row.text)
    if is_broken:
        return "<br>".join([*map(plain, _broken(row.label)), text])
    return f"{text}  {plain(row.label)}" if row.value is not None else f"{plain(row.label)}: {text}"
