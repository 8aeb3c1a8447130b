"""One number and how far each assumption could move it: floating bars around a line."""

from collections.abc import Sequence

from leadstats.charts.groups import BAR_PIXELS, Mark, as_rows, row_height, vertical
from leadstats.charts.template import BLUE, GREY, GRID, Figure, note
from leadstats.model import rounding


def swings(rows: Sequence[Mark]) -> Figure:
    """Rows of one value with a range each; the axis spans the ranges, since no bar starts at zero."""
    middle = rows[0].value
    low, high = min(row.low for row in rows), max(row.high for row in rows)
    margin = 0.06 * (high - low)
    trace = {
        "type": "bar",
        "orientation": "h",
        "base": [row.low for row in rows],
        "x": [row.high - row.low for row in rows],
        "y": [-index for index in range(len(rows))],
        "width": BAR_PIXELS / row_height(rows),
        "marker": {"color": BLUE},
    }
    named = note(
        f"{rounding.significant(middle):,f}",
        middle,
        1,
        yref="paper",
        yanchor="bottom",
        font={"color": GREY, "size": 14},
    )
    axis = {"range": [low - margin, high + margin], "nticks": 6, "showgrid": True, "gridcolor": GRID}
    return as_rows([trace], rows, None, [named], shapes=[vertical(middle) | {"layer": "above"}], xaxis=axis)
