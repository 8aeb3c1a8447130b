"""Protected numbers to Plotly figures as plain dicts: one template, colours and marks of every chart."""

import html
import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from leadstats import findings, words
from leadstats.control import UsualRange
from leadstats.measure import Cell, Published

INK, BLUE, GREY, CONTEXT, GRID, PAPER = "#1b1b1b", "#1b4f8a", "#565c65", "#8d9297", "#dfe1e2", "#ffffff"
BAND, ATTENTION = "rgba(27,79,138,0.13)", "#b5490f"
HATCH = {"fillmode": "overlay", "fgcolor": "#a9aeb1", "size": 7, "solidity": 0.2}
FONT = "Public Sans, Source Sans, Helvetica, Arial, sans-serif"
CONFIG = {"displayModeBar": False, "displaylogo": False, "showSendToCloud": False, "responsive": True}
ROW_HEIGHT = 54
TREND_HEIGHT = 300
TICKS = 6
LINES = ((BLUE, "solid"), (GREY, "dash"), ("#2e9e52", "dot"), ("#982f93", "dashdot"))

Figure = dict[str, Any]


@dataclass(frozen=True)
class Chart:
    """A figure and the words that stand for it; `alt` is at most 250 characters."""

    figure: Figure
    alt: str


@dataclass(frozen=True)
class Mark:
    """One row of a chart of groups. Without a value it is drawn hatched, with `text` as the reason."""

    label: str
    text: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    is_context: bool = False
    needs_attention: bool = False


@dataclass(frozen=True)
class Event:
    """Something that happened in a period: drawn as its number, listed below the chart in words."""

    number: int
    period: str


TEMPLATE: Figure = {
    "font": {"family": FONT, "size": 15, "color": INK},
    "paper_bgcolor": PAPER,
    "plot_bgcolor": PAPER,
    "margin": {"l": 8, "r": 12, "t": 20, "b": 8},
    "showlegend": False,
    "dragmode": False,
    "hovermode": False,
    "bargap": 0.35,
    "xaxis": {
        "fixedrange": True,
        "showgrid": False,
        "zeroline": False,
        "automargin": True,
        "tickcolor": CONTEXT,
        "tickfont": {"color": GREY, "size": 14},
    },
    "yaxis": {
        "fixedrange": True,
        "gridcolor": GRID,
        "zeroline": False,
        "automargin": True,
        "rangemode": "tozero",
        "nticks": 5,
        "tickfont": {"color": GREY, "size": 14},
    },
}


def plain(text: str) -> str:
    """Plotly reads a few tags in its texts; labels from data must not be read as such."""
    return html.escape(text, quote=False)


def figure(traces: Sequence[Figure], height: int, **layout: Any) -> Figure:
    merged = {**TEMPLATE, "height": height}
    for part, value in layout.items():
        merged[part] = {**TEMPLATE.get(part, {}), **value} if isinstance(value, dict) else value
    return {"data": list(traces), "layout": merged}


def trend(published: Published, usual: UsualRange | None = None, events: Sequence[Event] = ()) -> Chart:
    """A line over time: interval as a quiet band, unfinished periods hollow, hidden ones hatched.

    `usual` has one limit for each complete period that has a number.
    """
    cells = published.cells
    told = [index for index, cell in enumerate(cells) if cell.value is not None and not cell.is_partial]
    ends = [end for cell in cells for end in (cell.value, cell.high) if end is not None]
    top = 1.15 * max([*ends, *(usual.upper if usual else ())], default=1) or 1
    low = min(
        [
            *(cell.low for cell in cells if cell.low is not None),
            *(cell.value for cell in cells if cell.value),
            0,
        ]
    )
    traces = [
        _hatching([index for index, cell in enumerate(cells) if cell.hidden], top),
        *(_usual_range(usual, told) if usual else _band(cells)),
        _line(cells, BLUE),
        _hollow(cells),
    ]
    labels = [*_direct_labels(published), *_event_labels(events, cells, top)]
    if usual:
        grey = {"color": GREY, "size": 14}
        labels.append(
            _note("usual range", told[0], usual.upper[0], xanchor="left", yanchor="bottom", font=grey)
        )
    layout = figure(
        [trace for trace in traces if trace],
        TREND_HEIGHT,
        xaxis=_period_axis([cell.period for cell in cells]),
        yaxis={"range": [1.1 * low, top], **_unit_axis(published.metric.unit)},
        annotations=labels,
    )
    return Chart(layout, findings.alt(published, "Line chart", usual))


def lines(results: Sequence[Published], events: Sequence[Event] = ()) -> Chart:
    """Up to four measures of one unit over the same periods, each named at its end."""
    periods = [cell.period for cell in results[0].cells]
    top = 1.15 * max((cell.value for each in results for cell in each.cells if cell.value), default=1)
    traces, labels = [], _event_labels(events, results[0].cells, top)
    for published, (color, dash) in zip(results, LINES, strict=False):
        traces.extend(filter(None, (_line(published.cells, color, dash), _hollow(published.cells, color))))
        named = [(index, cell) for index, cell in enumerate(published.cells) if cell.value is not None]
        if named:
            text = (
                f"<b>{plain(words.shown(published.metric, named[-1][1]))}</b> {plain(published.metric.title)}"
            )
            # Above all of the line that runs under it, which is about a third of the width.
            height = max(cell.value for _, cell in named[-max(1, len(periods) // 3) :])
            where = {"xanchor": "right", "yanchor": "bottom", "yshift": 7}
            labels.append(_note(text, len(periods) - 1, height, font={"color": color, "size": 15}, **where))
    layout = figure(
        traces,
        TREND_HEIGHT,
        xaxis=_period_axis(periods),
        yaxis={"range": [0, top], **_unit_axis(results[0].metric.unit)},
        annotations=_apart(labels, top),
    )
    names = words.listing(published.metric.title.lower() for published in results)
    return Chart(layout, f"Line chart of {names} by {results[0].filters.by}."[: findings.ALT_LIMIT])


def _apart(labels: list[Figure], top: float) -> list[Figure]:
    """Labels at the ends of lines that nearly meet are moved apart, the lower one below its line."""
    ordered = sorted(labels, key=lambda label: label["y"])
    for lower, upper in pairwise(ordered):
        if upper["y"] - lower["y"] < 0.09 * top and lower.get("yanchor") == "bottom":
            lower.update(yanchor="top", yshift=-6)
    return ordered


def _line(cells: Sequence[Cell], color: str, dash: str = "solid") -> Figure:
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "x": list(range(len(cells))),
        "y": [None if cell.is_partial else cell.value for cell in cells],
        "line": {"color": color, "width": 2.5, "dash": dash},
        "marker": {"color": color, "size": 7},
    }


def _hollow(cells: Sequence[Cell], color: str = BLUE) -> Figure | None:
    partial = [
        (index, cell.value) for index, cell in enumerate(cells) if cell.is_partial and cell.value is not None
    ]
    if not partial:
        return None
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [index for index, _ in partial],
        "y": [value for _, value in partial],
        "marker": {"color": PAPER, "size": 9, "line": {"color": color, "width": 2}},
    }


def _band(cells: Sequence[Cell]) -> list[Figure]:
    """One filled polygon for each unbroken run of periods, since a fill does not stop at a gap."""
    runs: list[list[int]] = [[]]
    for index, cell in enumerate(cells):
        if cell.low is None or cell.high is None or cell.is_partial:
            runs.append([])
        else:
            runs[-1].append(index)
    return [
        {
            "type": "scatter",
            "mode": "lines",
            "x": [*run, *reversed(run)],
            "y": [*(cells[index].high for index in run), *(cells[index].low for index in reversed(run))],
            "fill": "toself",
            "fillcolor": BAND,
            "line": {"width": 0},
        }
        for run in runs
        if len(run) > 1
    ]


def _usual_range(usual: UsualRange, told: Sequence[int]) -> list[Figure]:
    quiet = {"type": "scatter", "mode": "lines", "x": list(told)}
    dotted = {**quiet, "line": {"color": CONTEXT, "width": 1.5, "dash": "dot"}}
    return [
        {**dotted, "y": list(usual.lower)},
        {**dotted, "y": list(usual.upper)},
        {**quiet, "y": [usual.center] * len(told), "line": {"color": CONTEXT, "width": 1.5}},
    ]


def _hatching(indexes: Sequence[int], top: float) -> Figure | None:
    if not indexes:
        return None
    return {
        "type": "bar",
        "x": list(indexes),
        "y": [top] * len(indexes),
        "width": 1,
        "marker": {
            "color": PAPER,
            "pattern": {"shape": "/", "fgcolor": "#a9aeb1", "size": 7, "solidity": 0.18},
        },
    }


def _period_axis(periods: Sequence[str]) -> Figure:
    """At most six labels, counted back from the last, so that they fit a phone."""
    size = len(periods)
    step = max(1, math.ceil(size / TICKS))
    places = list(range(size - 1, -1, -step))[::-1]
    return {
        "range": [-0.6, size - 0.4],
        "tickmode": "array",
        "tickvals": places,
        "ticktext": [words.short_period(periods[place]).replace(" ", "<br>") for place in places],
        "ticks": "outside",
        "showline": True,
        "linecolor": CONTEXT,
    }


def _unit_axis(unit: str) -> Figure:
    if unit == "percent":
        return {"ticksuffix": "%"}
    return {"tickprefix": "$", "tickformat": ",.2s"} if unit == "dollars" else {"tickformat": ","}


def _direct_labels(published: Published) -> list[Figure]:
    """The last value and the highest stand beside their points; all others are in the table."""
    told = [
        (index, cell) for index, cell in enumerate(published.cells) if cell in findings.told(published.cells)
    ]
    if not told:
        return []
    last = told[-1]
    highest = max(told, key=lambda pair: pair[1].value)
    return [
        _note(
            f"<b>{plain(words.shown(published.metric, cell))}</b>",
            index,
            cell.value,
            yshift=9,
            yanchor="bottom",
            xanchor="right" if index == len(published.cells) - 1 and index > 2 else "center",
            font={"color": BLUE, "size": 17},
        )
        for index, cell in dict([highest, last]).items()
    ]


def _event_labels(events: Sequence[Event], cells: Sequence[Cell], top: float) -> list[Figure]:
    where = {cell.period: index for index, cell in enumerate(cells)}
    return [
        _note(
            str(event.number),
            where[event.period],
            top,
            yanchor="top",
            font={"color": PAPER, "size": 13},
            bgcolor=GREY,
            borderpad=3,
        )
        for event in events
        if event.period in where
    ]


def _note(text: str, x: float, y: float, **more: Any) -> Figure:
    return {"text": text, "x": x, "y": y, "showarrow": False, **more}


def marks(published: Published, cells: Sequence[Cell] | None = None) -> list[Mark]:
    """One mark per category: its name, its number and, for a rate, what it is a rate of."""
    return [
        Mark(
            words.category(cell.category, published.filters.breakdown),
            _mark_text(published, cell),
            cell.value,
            cell.low,
            cell.high,
        )
        for cell in (published.cells if cells is None else cells)
        # An empty rest group is no finding; it stays in the table.
        if cell.hidden or cell.value or cell.category.lower() not in ("unknown", "outside")
    ]


def _mark_text(published: Published, cell: Cell) -> str:
    text = words.shown(published.metric, cell)
    if published.metric.estimator == "proportion" and cell.value is not None:
        return f"{text} ({words.count(cell.numerator)} of {words.count(cell.denominator)})"
    return text


def by_category(published: Published) -> Chart:
    """Groups of a rate as dots with intervals; groups of a count as bars from zero."""
    rows = marks(published)
    if published.metric.unit == "percent":
        return Chart(dots(rows), findings.alt(published, "Dots with intervals"))
    return Chart(bars(rows), findings.alt(published, "Bar chart"))


def bars(rows: Sequence[Mark]) -> Figure:
    """Horizontal bars under their labels, so that long names fit a phone; whiskers where given."""
    ends = [end for row in rows for end in (row.value, row.low, row.high, 0) if end is not None]
    low, high = min(ends), max(ends) or 1
    traces = [
        {
            "type": "bar",
            "orientation": "h",
            "x": [high if row.value is None else row.value for row in rows],
            "y": [-index for index in range(len(rows))],
            "width": 0.36,
            "marker": {
                "color": [_color(row) for row in rows],
                "pattern": {"shape": ["/" if row.value is None else "" for row in rows], **HATCH},
            },
        },
        _spans(rows, INK, 2, 1),
    ]
    return _rows_figure(traces, rows, [low * 1.02, high * 1.02])


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
    suffix: str = "%",
) -> Figure:
    """Dots with intervals; on a log axis a ratio and its inverse lie equally far from 1."""
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
        shapes.append(_vertical(reference))
        notes.append(
            _note(
                plain(reference_text), at, 1, yref="paper", yanchor="bottom", font={"color": GREY, "size": 14}
            )
        )
    if is_log:
        low, high = min(ends, default=0.5) / 1.15, max(ends, default=2) * 1.15
        axis = {"type": "log", "range": [math.log10(low), math.log10(high)], **_ratio_ticks(low, high)}
    else:
        axis = {"range": [0, 1.05 * max(ends, default=1)], "ticksuffix": suffix, "nticks": 6}
    return _rows_figure(
        traces, rows, None, notes, shapes=shapes, xaxis={**axis, "showgrid": True, "gridcolor": GRID}
    )


def _ratio_ticks(low: float, high: float) -> Figure:
    steps = [step for step in (0.1, 0.2, 0.33, 0.5, 0.67, 1, 1.5, 2, 3, 5, 10) if low <= step <= high]
    return {"tickmode": "array", "tickvals": steps, "ticktext": [f"{step:g}" for step in steps]}


def _vertical(x: float) -> Figure:
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


def _rows_figure(
    traces: Sequence[Figure],
    rows: Sequence[Mark],
    span: Sequence[float] | None,
    notes: Sequence[Figure] = (),
    **layout: Any,
) -> Figure:
    """The frame of both: one row of fixed height per mark, its words above it, flush left."""
    labels = [
        _note(
            f"<b>{plain(row.text)}</b>  {plain(row.label)}"
            if row.value is not None
            else plain(f"{row.label}: {row.text}"),
            0,
            -index,
            xref="paper",
            xanchor="left",
            yshift=20,
            align="left",
            font={"color": INK if row.value is not None else GREY, "size": 15},
        )
        for index, row in enumerate(rows)
    ]
    axes = {"xaxis": {"range": span, "showticklabels": False, "ticks": ""}} if span else {}
    has_ticks = not span
    return figure(
        traces,
        ROW_HEIGHT * len(rows) + (50 if has_ticks else 16) + (24 if notes else 0),
        yaxis={"range": [0.35 - len(rows), 0.75], "visible": False},
        margin={"l": 2, "r": 8, "t": 24 if notes else 4, "b": 34 if has_ticks else 4},
        annotations=[*labels, *notes],
        **{**axes, **layout},
    )


def sparkline(values: Sequence[float | None], width: int = 180, height: int = 44) -> str:
    """A small line as SVG, from zero, with its last point marked. Words beside it carry the meaning."""
    known = [(index, value) for index, value in enumerate(values) if value is not None]
    if len(known) < 2:
        return ""
    top = max(value for _, value in known) or 1
    at = {
        index: (6 + index * (width - 12) / (len(values) - 1), height - 6 - value * (height - 12) / top)
        for index, value in known
    }
    path, pen = [], "M"
    for index in range(len(values)):
        if index in at:
            path.append(f"{pen}{at[index][0]:.1f} {at[index][1]:.1f}")
        pen = "L" if index in at else "M"
    x, y = at[known[-1][0]]
    return (
        f'<svg class="spark" viewBox="0 0 {width} {height}" aria-hidden="true" focusable="false">'
        f'<path d="M6 {height - 6}H{width - 6}" stroke="{GRID}" fill="none"></path>'
        f'<path d="{"".join(path)}" stroke="{BLUE}" stroke-width="2" fill="none"></path>'
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{BLUE}"></circle></svg>'
    )
