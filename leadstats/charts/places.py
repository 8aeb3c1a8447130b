"""Numbers by place: a funnel plot that shows what chance explains, and a map with few classes."""

import json
import math
from collections.abc import Mapping, Sequence
from itertools import cycle
from typing import Any

import pydeck

from leadstats.analysis import clear, control_charts
from leadstats.charts.template import ATTENTION, BLUE, CONTEXT, GREY, PAPER, Chart, figure, note, plain
from leadstats.counting.view import Cell, Published
from leadstats.narrative import headlines, wording

FUNNEL_HEIGHT = 380
VIEW_PIXELS = 350
STEPS = 60
# Light to dark of one hue; three classes are told apart on any screen and in print.
CLASSES = ((214, 227, 242), (125, 165, 212), (27, 79, 138))
NO_NUMBER = (236, 236, 236)


def funnel(published: Published, everyone: Cell) -> Chart:
    """Rate against number; places inside the curves differ by no more than chance would make them.

    `everyone` is all places together, those that are hidden included.
    """
    cells = [cell for cell in published.cells if cell.value is not None and cell.denominator]
    center = everyone.value / 100
    most = max((cell.denominator for cell in cells), default=1)
    grid = [max(1, round(most * 1.08 * step / STEPS)) for step in range(1, STEPS + 1)]
    outliers = control_charts.beyond_chance(published.cells, everyone)
    outer = clear.limit(clear.of_places(published.cells))
    reach = 100 * control_charts.share_limits(center, most, outer)[1]
    top = min(100.0, 1.15 * max([reach, *(cell.value for cell in cells)]))
    traces = [
        {
            "type": "scatter",
            "mode": "lines",
            "x": grid,
            "y": [100 * control_charts.share_limits(center, size, width)[side] for size in grid],
            "line": {"color": CONTEXT, "width": 1.5, "dash": dash},
        }
        for width, dash in ((control_charts.INNER, "dot"), (outer, "solid"))
        for side in (0, 1)
    ]
    traces.append(
        {
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
    )
    named = outliers or sorted(cells, key=lambda cell: -cell.denominator)[:3]
    grey = {"color": GREY, "size": 14}
    labels = [
        note(plain(cell.category), cell.denominator, cell.value, yshift=shift, font={"size": 14})
        for cell, shift in zip(named, cycle((16, -16)), strict=False)
    ]
    labels.append(
        note(
            f"all places {wording.percent(everyone.value, everyone.denominator)}",
            0,
            100 * center,
            xanchor="left",
            yshift=10,
            font=grey,
        )
    )
    layout = figure(
        traces,
        FUNNEL_HEIGHT,
        xaxis={
            "range": [0, most * 1.1],
            "title": {
                "text": "eligible arrests"
                if published.metric.name == "diversion_rate"
                else "number of cases",
                "font": grey,
            },
            "tickformat": ",",
        },
        yaxis={"range": [0, top], "ticksuffix": "%"},
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
        annotations=labels,
    )
    return Chart(layout, headlines.alt(published, "Funnel plot"))


def classes(cells: Sequence[Cell]) -> list[float]:
    """Upper bounds of as many classes as there are colours, with about as many places in each."""
    values = sorted(cell.value for cell in cells if cell.value is not None)
    if not values:
        return []
    size = len(values)
    bounds = [values[min(size - 1, (size * step) // len(CLASSES))] for step in range(1, len(CLASSES))]
    return sorted({*bounds, values[-1]})


def legend(cells: Sequence[Cell]) -> list[tuple[float, tuple[int, int, int]]]:
    """Upper bound and colour of each class, lowest first."""
    bounds = classes(cells)
    return list(zip(bounds, CLASSES[len(CLASSES) - len(bounds) :], strict=True))


def place_map(published: Published, shapes: Mapping[str, str]) -> pydeck.Deck:
    """Polygons by class of their number; grey where it is hidden or there is none.

    `shapes`: a GeoJSON geometry as text for each place.
    """
    by_place = {cell.category: cell for cell in published.cells}
    steps = legend(published.cells)
    features = [
        {
            "type": "Feature",
            "geometry": json.loads(shape),
            "properties": {
                "name": name,
                "text": wording.with_unit(published.metric, by_place[name])
                if name in by_place
                else wording.NOT_KNOWN,
                "fill": [*_fill(by_place.get(name), steps), 235],
            },
        }
        for name, shape in shapes.items()
    ]
    layer = pydeck.Layer(
        "GeoJsonLayer",
        {"type": "FeatureCollection", "features": features},
        get_fill_color="properties.fill",
        get_line_color=[255, 255, 255],
        line_width_min_pixels=1.5,
        pickable=True,
    )
    return pydeck.Deck(
        layers=[layer],
        initial_view_state=_view(features),
        # Without a provider nothing is asked of a tile server; map_style must be left alone for that.
        map_provider=None,
        # Still: a map that takes the mouse wheel or a drag traps whoever scrolls past it.
        views=[pydeck.View(type="MapView", controller=False)],
        tooltip={"text": "{name}: {text}"},
    )


def _fill(cell: Cell | None, steps: Sequence[tuple[float, tuple[int, int, int]]]) -> tuple[int, int, int]:
    if cell is None or cell.value is None:
        return NO_NUMBER
    return next(color for bound, color in steps if cell.value <= bound)


def _view(features: Sequence[Mapping[str, Any]]) -> pydeck.ViewState:
    """All places within a square that fits a phone; deck.gl's world is 512 pixels wide at zoom 0."""
    longitudes, latitudes = zip(
        *(point for feature in features for point in _points(feature["geometry"]["coordinates"])), strict=True
    )
    west, east, south, north = min(longitudes), max(longitudes), min(latitudes), max(latitudes)
    middle = (south + north) / 2
    degrees = max(east - west, (north - south) / math.cos(math.radians(middle)), 1e-6)
    zoom = math.log2(VIEW_PIXELS * 360 / (512 * degrees))
    return pydeck.ViewState(longitude=(west + east) / 2, latitude=middle, zoom=zoom)


def _points(coordinates: Any) -> list[list[float]]:
    if isinstance(coordinates[0], int | float):
        return [list(coordinates[:2])]
    return [point for part in coordinates for point in _points(part)]
