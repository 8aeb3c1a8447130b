"""Numbers over time: lines with bands, usual ranges and events; sparklines."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from leadstats.analysis import usual_range
from leadstats.analysis.control_charts import ControlLimits
from leadstats.charts.template import (
    ATTENTION,
    BAND,
    BLUE,
    CONTEXT,
    GREY,
    GRID,
    HATCH,
    PAPER,
    Chart,
    Figure,
    figure,
    note,
    plain,
)
from leadstats.counting.view import Cell, Published
from leadstats.model.language import say
from leadstats.narrative import headlines, wording

TREND_HEIGHT = 300
LEVEL = {"line": {"color": CONTEXT, "width": 1.5, "dash": "dot"}, "layer": "below"}
TICKS = 6
# Where the name of a level may stand; how much of a chart it takes, in shares of its width and rows of its height.
NAME_SPOTS = ((0, "left", "top"), (0, "left", "bottom"), (1, "right", "top"), (1, "right", "bottom"))
NAME_SHARE, NAME_ROWS = 0.35, 10
LETTER_SHARE = 0.033  # of the axis on a phone, for each letter of a value beside its point
LINES = ((BLUE, "solid"), (GREY, "dash"), ("#2e9e52", "dot"), ("#982f93", "dashdot"))


@dataclass(frozen=True)
class EventMark:
    """Something that happened in a period: drawn as its number, listed beside the chart in words. Said
    as 'after', never as 'because of'."""

    number: int
    period: str
    sentence: str = ""


def trend(
    published: Published, usual: ControlLimits | None = None, events: Sequence[EventMark] = ()
) -> Chart:
    """A line over time: interval as a quiet band, unfinished periods hollow, hidden ones hatched.

    `usual` has one limit for each of the latest complete periods that have a number.
    """
    cells = published.cells
    told = [index for index, cell in enumerate(cells) if cell.value is not None and not cell.is_partial]
    judged = told[-len(usual.center) :] if usual else []
    ends = [end for cell in cells for end in (cell.value, cell.high) if end is not None]
    top = _room(events) * 1.15 * max([*ends, *(usual.upper if usual else ())], default=1) or 1
    low = min(
        [
            *(cell.low for cell in cells if cell.low is not None),
            *(cell.value for cell in cells if cell.value),
            0,
        ]
    )
    traces = [
        _hatching([index for index, cell in enumerate(cells) if cell.is_protected], top),
        *(_usual_range(usual, judged) if usual else _band(cells)),
        _line(published, BLUE),
        _signals(usual, published, judged) if usual else None,
        _hollow(published),
    ]
    labels = [*_direct_labels(published, low, top), *_event_labels(events, cells, top)]
    if usual:
        grey = {"color": GREY, "size": 14}
        labels.append(
            note(say("usual range"), judged[0], usual.upper[0], xanchor="left", yanchor="bottom", font=grey)
        )
    layout = figure(
        [trace for trace in traces if trace],
        TREND_HEIGHT,
        xaxis=_period_axis([cell.period for cell in cells]),
        yaxis={"range": [1.1 * low, top], **_unit_axis(published.metric.unit)},
        annotations=labels,
    )
    return Chart(layout, headlines.alt(published, say("Line chart"), usual))


def with_levels(chart: Chart, levels: Mapping[float, str]) -> Chart:
    """The same chart with level lines, each named where its name covers the least, and made high enough for them."""
    layout = chart.figure["layout"]
    low, top = layout["yaxis"]["range"]
    top = max(top, 1.15 * max(levels))
    grey = {"color": GREY, "size": 14}
    lines = [
        {"type": "line", "x0": 0, "x1": 1, "xref": "paper", "y0": level, "y1": level, **LEVEL}
        for level in levels
    ]
    names: list[Figure] = []
    for level, name in levels.items():
        x, side, edge = _emptiest(chart.figure, names, level, (top - low) / NAME_ROWS)
        names.append(note(plain(name), x, level, xref="paper", xanchor=side, yanchor=edge, font=grey))
    return Chart(
        {
            **chart.figure,
            "layout": {
                **layout,
                "yaxis": {**layout["yaxis"], "range": [low, top]},
                "shapes": [*layout.get("shapes", ()), *lines],
                "annotations": [*layout["annotations"], *names],
            },
        },
        chart.alt,
    )


def _emptiest(figure: Figure, names: Sequence[Figure], level: float, room: float) -> tuple[int, str, str]:
    """The best of four spots for the name of a level line, at either end, above or below: without words or other `names`,
    and with the fewest points. room: how high a name is."""
    marks = [
        (x, y)
        for trace in figure["data"]
        if trace["type"] == "scatter"
        for x, y in zip(trace["x"], trace["y"], strict=True)
        if y is not None
    ]
    first, last = figure["layout"]["xaxis"]["range"]
    words = [each for each in (*figure["layout"]["annotations"], *names) if "yref" not in each]

    def beside(word: Figure, side: int) -> bool:
        at = word["x"] if "xref" in word else (word["x"] - first) / (last - first)
        before = {"left": 0, "right": 1}.get(word.get("xanchor", "center"), 0.5) * NAME_SHARE
        begin = 0 if side == 0 else 1 - NAME_SHARE
        return at - before < begin + NAME_SHARE and begin < at - before + NAME_SHARE

    def covered(spot: tuple[int, str, str]) -> tuple[int, int]:
        side, _, edge = spot
        low, high = (level - room, level) if edge == "top" else (level, level + room)
        near = (x if side == 0 else first + last - x for x, y in marks if low <= y <= high)
        points = sum(x <= first + NAME_SHARE * (last - first) for x in near)
        bottoms = (
            word["y"] - room * {"bottom": 0, "top": 1}.get(word.get("yanchor", "middle"), 0.5)
            for word in words
            if beside(word, side)
        )
        return sum(bottom < high and low < bottom + room for bottom in bottoms), points

    return min(NAME_SPOTS, key=covered)


def lines(results: Sequence[Published], events: Sequence[EventMark] = ()) -> Chart:
    """Up to four measures of one unit over the same periods, each named at its end."""
    cells = results[0].cells
    traces, names = [], []
    for published, (color, dash) in zip(results, LINES, strict=False):
        traces.extend(filter(None, (_line(published, color, dash), _hollow(published, color))))
        values = [cell.value for cell in published.cells if cell.value is not None]
        if told := usual_range.complete(published.cells):
            text = (
                f"<b>{plain(wording.shown(published.metric, told[-1]))}</b> {plain(published.metric.title)}"
            )
            where = {"xanchor": "right", "yanchor": "bottom", "font": {"color": color, "size": 15}}
            names.append((values, note(text, len(cells) - 1, told[-1].value, **where)))
    names.sort(key=lambda name: -name[1]["y"])
    heights = _clear_of_lines([values for values, _ in names])
    highest = max([height for values, _ in names for height in values], default=1) or 1
    top = max([1.15 * highest, *(height + 0.1 * highest for height in heights)]) * _room(events)
    layout = figure(
        traces,
        TREND_HEIGHT,
        xaxis=_period_axis([cell.period for cell in cells]),
        yaxis={"range": [0, top], **_unit_axis(results[0].metric.unit)},
        annotations=[
            *_event_labels(events, cells, top),
            *(name | {"y": height} for height, (_, name) in zip(heights, names, strict=True)),
        ],
    )
    listed = wording.listing(published.metric.title.lower() for published in results)
    return Chart(
        layout,
        say("Line chart of {listed} by {by}.", listed=listed, by=results[0].filters.by)[
            : headlines.ALT_LIMIT
        ],
    )


def around(published: Published) -> Chart:
    """Months before and after a day that lies between -1 and +1, each with its interval."""
    cells = published.cells
    at = [int(cell.category) for cell in cells]
    top = 1.15 * max((end for cell in cells for end in (cell.value, cell.high) if end is not None), default=1)
    whiskers = [
        (x, end)
        for x, cell in zip(at, cells, strict=True)
        if cell.low is not None
        for end in (cell.low, cell.high)
    ]
    traces = [
        {
            "type": "scatter",
            "mode": "lines",
            "x": [x for index, (x, _) in enumerate(whiskers) for x in ((x, None) if index % 2 else (x,))],
            "y": [y for index, (_, y) in enumerate(whiskers) for y in ((y, None) if index % 2 else (y,))],
            "line": {"color": BLUE, "width": 6},
            "opacity": 0.3,
        },
        {
            "type": "scatter",
            "mode": "markers",
            "x": at,
            "y": [cell.value for cell in cells],
            "marker": {"color": BLUE, "size": 9},
        },
    ]
    layout = figure(
        traces,
        TREND_HEIGHT,
        xaxis={
            "range": [min(at) - 0.7, max(at) + 0.7],
            "tickvals": at[::2],
            "showline": True,
            "linecolor": CONTEXT,
        },
        yaxis={"range": [0, top]},
        shapes=[
            {"type": "line", "x0": 0, "x1": 0, "y0": 0, "y1": top, "line": {"color": GREY, "dash": "dot"}}
        ],
        annotations=[
            note(
                "referral", 0, top, yanchor="top", xanchor="left", xshift=6, font={"color": GREY, "size": 14}
            )
        ],
    )
    return Chart(layout, headlines.alt(published, say("Dots with intervals")))


def _clear_of_lines(lines: Sequence[Sequence[float]]) -> list[float]:
    """Where to put the name of each line: above or below it if nothing else runs there, or else above everything.

    On a phone a name is nearly as long as the axis, so all of a line counts, not just its end, and so does what lies
    between its points.
    """
    reaches = [(min(values), max(values)) for values in lines]
    highest = max((high for _, high in reaches), default=0)
    name = 0.1 * (highest or 1)  # how high a name is
    heights: list[float] = []
    for low, high in reaches:
        for height in (high + 0.3 * name, low - 1.3 * name):
            is_clear = all(above <= height or height + name <= below for below, above in reaches)
            if is_clear and height > 0 and not any(abs(height - other) < name for other in heights):
                break
        else:
            height = max([highest - 0.7 * name, *heights]) + name
        heights.append(height)
    return heights


def _room(events: Sequence[EventMark]) -> float:
    """The room for the numbers of events, which are above whatever the chart says about its lines."""
    return 1.15 if events else 1


def _line(published: Published, color: str, dash: str = "solid") -> Figure:
    cells = published.cells
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "x": list(range(len(cells))),
        "y": [None if cell.is_partial else cell.value for cell in cells],
        "hovertext": [_said(published, cell) for cell in cells],
        "line": {"color": color, "width": 2.5, "dash": dash},
        "marker": {"color": color, "size": 7},
    }


def _said(published: Published, cell: Cell) -> str:
    """What a point says under the pointer: the words of its row in the table."""
    return f"{wording.short_period(cell.period)}: {wording.shown(published.metric, cell)}"


def _hollow(published: Published, color: str = BLUE) -> Figure | None:
    partial = [
        (index, cell)
        for index, cell in enumerate(published.cells)
        if cell.is_partial and cell.value is not None
    ]
    if not partial:
        return None
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [index for index, _ in partial],
        "y": [cell.value for _, cell in partial],
        "hovertext": [_said(published, cell) for _, cell in partial],
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


def _usual_range(usual: ControlLimits, told: Sequence[int]) -> list[Figure]:
    quiet = {"type": "scatter", "mode": "lines", "x": list(told)}
    dotted = {**quiet, "line": {"color": CONTEXT, "width": 1.5, "dash": "dot"}}
    return [
        {**dotted, "y": list(usual.lower)},
        {**dotted, "y": list(usual.upper)},
        {**quiet, "y": list(usual.center), "line": {"color": CONTEXT, "width": 1.5}},
    ]


def _signals(usual: ControlLimits, published: Published, judged: Sequence[int]) -> Figure | None:
    """Points that make a signal: another shape as well as another color."""
    points = sorted({point for each in usual.signals for point in range(each.first, each.last + 1)})
    if not points:
        return None
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [judged[point] for point in points],
        "y": [published.cells[judged[point]].value for point in points],
        "hovertext": [_said(published, published.cells[judged[point]]) for point in points],
        "marker": {"color": ATTENTION, "size": 11, "symbol": "diamond"},
    }


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
            "pattern": {"shape": "/", **HATCH},
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
        "ticktext": [wording.short_period(periods[place]).replace(" ", "<br>") for place in places],
        "ticks": "outside",
        "showline": True,
        "linecolor": CONTEXT,
    }


def _unit_axis(unit: str) -> Figure:
    if unit == "percent":
        return {"ticksuffix": "%"}
    return {"tickprefix": "$", "tickformat": ",.2s"} if unit == "dollars" else {"tickformat": ","}


def _direct_labels(published: Published, low: float, top: float) -> list[Figure]:
    """Labels for the last value and the highest, beside their points; the highest only if the two do not touch on a
    phone. All others are in the table. low, top: ends of the axis."""
    told = [(index, cell) for index, cell in enumerate(published.cells) if usual_range.is_complete(cell)]
    if not told:
        return []
    last = told[-1]
    highest = max(told, key=lambda pair: pair[1].value)
    size = len(published.cells)
    is_apart = last[0] - highest[0] > size / 5
    line = [(index, cell.value) for index, cell in told]
    labels = []
    for index, cell in [highest, last] if is_apart else [last]:
        shown, anchor = wording.shown(published.metric, cell), _anchor(index, size)
        reach = len(shown) * LETTER_SHARE * size
        before = {"left": 0, "right": reach}.get(anchor, reach / 2)
        near = _values_between(line, index - before, index - before + reach)
        where = _clear_of(near, cell.value, low, top)
        font = {"color": BLUE, "size": 17}
        labels.append(note(f"<b>{plain(shown)}</b>", index, **where, xanchor=anchor, font=font))
    return labels


def _values_between(line: Sequence[tuple[float, float]], first: float, last: float) -> list[float]:
    """The values of a line from `first` to `last`: its points there, and where it enters and leaves."""
    ends = (
        value + (after - value) * (end - index) / (further - index)
        for (index, value), (further, after) in pairwise(line)
        for end in (first, last)
        if index < end < further
    )
    return [*ends, *(value for index, value in line if first <= index <= last)]


def _clear_of(near: Sequence[float], value: float, low: float, top: float) -> Figure:
    """How high the label of a value is: above its point, or below it if the line runs only above; where there is no
    room below, above the line."""
    name = (top - low) / NAME_ROWS
    if min(near) > value - name / 5 and max(near) > value + name / 5 and value - low > 1.5 * name:
        return {"y": value, "yanchor": "top", "yshift": -9}
    is_above = max(near) <= value + name / 5
    return {"y": value if is_above else max(near), "yanchor": "bottom", "yshift": 9}


def _anchor(index: int, size: int) -> str:
    """How to anchor a label, since a centered one would run over the edge at the ends of the axis."""
    if index == 0:
        return "left"
    return "right" if index == size - 1 else "center"


def _event_labels(events: Sequence[EventMark], cells: Sequence[Cell], top: float) -> list[Figure]:
    """Events of one period share a mark."""
    where = {cell.period: index for index, cell in enumerate(cells)}
    numbers: dict[str, list[str]] = {}
    for event in events:
        numbers.setdefault(event.period, []).append(str(event.number))
    white = {"color": PAPER, "size": 13}
    return [
        note(", ".join(found), where[period], top, yanchor="top", font=white, bgcolor=GREY, borderpad=3)
        for period, found in numbers.items()
        if period in where
    ]


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
