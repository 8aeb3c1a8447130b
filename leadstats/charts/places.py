"""Numbers by place: a funnel plot that shows what chance explains, and a map with few classes."""

import json
import math
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from itertools import cycle

from shapely import box, union_all
from shapely.affinity import scale
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from leadstats.analysis import clear, control_charts
from leadstats.charts.template import (
    ATTENTION,
    BLUE,
    CONTEXT,
    GREY,
    HATCH,
    INK,
    PAPER,
    WIDE,
    Chart,
    Figure,
    figure,
    note,
    plain,
)
from leadstats.counting.view import Cell, Published
from leadstats.model.language import message, say
from leadstats.narrative import headlines, wording

FUNNEL_HEIGHT = 380
SMALL = {"color": GREY, "size": 14}
MAP_HEIGHT = 660
STEPS = 60
# One hue, light to dark; three classes can be told apart on any screen and in print.
CLASSES = ("#d6e3f2", "#7da5d4", "#1b4f8a")
NO_NUMBER = message("hidden or no number")
LEGEND_ROW = 0.045  # of the height of all places
LABEL_LETTERS = 10  # of a line of a name; a longer word stays whole


def funnel(published: Published, everyone: Cell) -> Chart:
    """Rate against number; places inside the curves differ by no more than chance would make them.

    `everyone` is all places together, those that are hidden included.
    """
    cells = [cell for cell in published.cells if cell.value is not None and cell.denominator]
    outliers = control_charts.beyond_chance(published.cells, everyone)
    outer = clear.limit(clear.of_places(published.cells))
    center, most = everyone.value / 100, max((cell.denominator for cell in cells), default=1)
    reach = 100 * control_charts.share_limits(center, most, outer)[1]
    is_of_arrests = published.metric.name == "diversion_rate"
    named = say("eligible arrests") if is_of_arrests else say("number of cases")
    layout = figure(
        [*_curves(center, most, outer), _places(cells, outliers)],
        FUNNEL_HEIGHT,
        xaxis={"range": [0, most * 1.1], "title": {"text": named, "font": SMALL}, "tickformat": ","},
        yaxis={
            "range": [0, min(100.0, 1.15 * max([reach, *(cell.value for cell in cells)]))],
            "ticksuffix": "%",
        },
        shapes=[
            {
                "type": "line",
                "x0": 0,
                "x1": most * 1.1,
                "y0": 100 * center,
                "y1": 100 * center,
                "line": {"color": GREY, "width": 1},
                "layer": "below",
            }
        ],
        annotations=list(_labels(cells, outliers, everyone)),
    )
    return Chart(layout, headlines.alt(published, say("Funnel plot")))


def _curves(center: float, most: float, outer: float) -> Iterator[Figure]:
    """What chance would do to a place with this many cases, for most places and for nearly all."""
    grid = [max(1, round(most * 1.08 * step / STEPS)) for step in range(1, STEPS + 1)]
    for width, dash in ((control_charts.INNER, "dot"), (outer, "solid")):
        for side in (0, 1):
            yield {
                "type": "scatter",
                "mode": "lines",
                "x": grid,
                "y": [100 * control_charts.share_limits(center, size, width)[side] for size in grid],
                "line": {"color": CONTEXT, "width": 1.5, "dash": dash},
            }


def _places(cells: Sequence[Cell], outliers: Sequence[Cell]) -> Figure:
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [cell.denominator for cell in cells],
        "y": [cell.value for cell in cells],
        "marker": {
            "size": 12,
            "color": [ATTENTION if cell in outliers else BLUE for cell in cells],
            "symbol": ["diamond" if cell in outliers else "circle" for cell in cells],
            "line": {"color": PAPER, "width": 1},
        },
    }


def _labels(cells: Sequence[Cell], outliers: Sequence[Cell], everyone: Cell) -> Iterator[Figure]:
    """The names of places beyond the curves, or of the largest ones if there are none; and of the line of all places."""
    named = outliers or sorted(cells, key=lambda cell: -cell.denominator)[:3]
    for cell, shift in zip(named, cycle((16, -16)), strict=False):
        yield note(plain(cell.category), cell.denominator, cell.value, yshift=shift, font={"size": 14})
    share = wording.percent(everyone.value, everyone.denominator)
    text = say("all places {share}", share=share)
    yield note(text, 0, everyone.value, xanchor="left", yshift=10, font=SMALL)


def classes(cells: Sequence[Cell]) -> list[float]:
    """Upper bounds of as many classes as there are colors, with about as many places in each."""
    values = sorted(cell.value for cell in cells if cell.value is not None)
    if not values:
        return []
    size = len(values)
    bounds = [values[min(size - 1, (size * step) // len(CLASSES))] for step in range(1, len(CLASSES))]
    return sorted({*bounds, values[-1]})


def legend(cells: Sequence[Cell]) -> list[tuple[float, str]]:
    """Upper bound and color of each class, lowest first."""
    bounds = classes(cells)
    return list(zip(bounds, CLASSES[len(CLASSES) - len(bounds) :], strict=True))


def place_map(published: Published, shapes: Mapping[str, str]) -> Chart:
    """Places by class of their number, each with its name and number in it, as there is no mouse on paper and on
    a projector; hatched where the number is hidden or there is none. Nothing is asked of a tile server.

    `shapes`: a GeoJSON geometry as text for each place.
    """
    cells = {cell.category: cell for cell in published.cells}
    steps = legend(published.cells)
    outlines = _flat({name: shape(json.loads(found)) for name, found in shapes.items()})
    west, south, east, north = union_all(list(outlines.values())).bounds
    # The largest first, so that a place inside another is drawn on top.
    drawn = sorted(outlines.items(), key=lambda named: -named[1].area)
    traces = [_area(outline, _fill(cells.get(name), steps)) for name, outline in drawn]
    labels = [_label(published, name, outline, cells.get(name), steps) for name, outline in outlines.items()]
    entries = [*((color, words) for color, words in _classes_in_words(published, steps)), ("", NO_NUMBER)]
    row, column = LEGEND_ROW * (north - south), (east - west) / 2
    for index, (color, words) in enumerate(entries):
        left, top = west + index % 2 * column, south - (1 + index // 2) * row
        traces.append(_area(box(left, top - row / 2, left + row / 2, top), color))
        labels.append(note(words, left + row * 0.7, top - row / 4, xanchor="left", font={"size": 14}))
    low = south - (2.2 + (len(entries) - 1) // 2) * row
    layout = figure(
        traces,
        MAP_HEIGHT,
        xaxis={"range": [west, east], "visible": False, "constrain": "domain"},
        yaxis={"range": [low, north], "visible": False, "scaleanchor": "x"},
        annotations=labels,
        margin={"l": 4, "r": 4, "t": 4, "b": 4},
    )
    return Chart(layout, headlines.alt(published, say("Map")))


def _flat(outlines: Mapping[str, BaseGeometry]) -> dict[str, BaseGeometry]:
    """Makes degrees of longitude as long as those of latitude, which is good enough for a county."""
    _, south, _, north = union_all(list(outlines.values())).bounds
    shrink = math.cos(math.radians((south + north) / 2))
    return {name: scale(outline, xfact=shrink, origin=(0, 0)) for name, outline in outlines.items()}


def _area(outline: BaseGeometry, color: str) -> Figure:
    """One trace for all parts of a place; without a color it is hatched."""
    x: list[float | None] = []
    y: list[float | None] = []
    for part in getattr(outline, "geoms", [outline]):
        across, along = part.exterior.xy
        x += [*across, None]
        y += [*along, None]
    return {
        "type": "scatter",
        "mode": "lines",
        "x": x,
        "y": y,
        "fill": "toself",
        "fillcolor": color or PAPER,
        "line": {"color": GREY, "width": 1},
        **({} if color else {"fillpattern": {"shape": "/", **HATCH}}),
    }


def _label(
    published: Published,
    name: str,
    outline: BaseGeometry,
    cell: Cell | None,
    steps: Sequence[tuple[float, str]],
) -> Figure:
    """The name, and below it the number, within the largest part of the place."""
    inside = max(getattr(outline, "geoms", [outline]), key=lambda part: part.area).representative_point()
    words = "<br>".join(map(plain, textwrap.wrap(name, LABEL_LETTERS)))
    if cell is not None and cell.value is not None:
        words += f"<br><b>{plain(wording.shown(published.metric, cell))}</b>"
    if _fill(cell, steps) != CLASSES[-1]:
        return note(words, inside.x, inside.y, name=WIDE, font={"size": 13, "color": INK})
    # With a background, since a name wider than its place would be white on white.
    return note(
        words,
        inside.x,
        inside.y,
        name=WIDE,
        font={"size": 13, "color": PAPER},
        bgcolor=CLASSES[-1],
        borderpad=1,
    )


def _classes_in_words(published: Published, steps: Sequence[tuple[float, str]]) -> Iterator[tuple[str, str]]:
    lower = ""
    for bound, color in steps:
        upper = wording.amount(bound, published.metric.unit)
        yield (
            color,
            say("over {lower} up to {upper}", lower=lower, upper=upper)
            if lower
            else say("up to {upper}", upper=upper),
        )
        lower = upper


def _fill(cell: Cell | None, steps: Sequence[tuple[float, str]]) -> str:
    if cell is None or cell.value is None:
        return ""
    return next(color for bound, color in steps if cell.value <= bound)
