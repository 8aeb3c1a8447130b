"""The one template of all charts: type, colors, axes, notes. Labels from data never become markup."""

import html
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

INK, BLUE, GREY, CONTEXT, GRID, PAPER = "#1b1b1b", "#1b4f8a", "#565c65", "#8d9297", "#dfe1e2", "#ffffff"
BAND, ATTENTION = "rgba(27,79,138,0.13)", "#b5490f"
HATCH = {"fillmode": "overlay", "fgcolor": "#a9aeb1", "size": 7, "solidity": 0.2}
FONT = "Public Sans, Source Sans, Helvetica, Arial, sans-serif"

WIDE = "wide"  # the name of notes that are left out on a phone, where they would cover each other

Figure = dict[str, Any]


@dataclass(frozen=True)
class Chart:
    """A figure and the words that stand in for it; `alt` has at most 250 characters."""

    figure: Figure
    alt: str


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


def note(text: str, x: float, y: float, **more: Any) -> Figure:
    return {"text": text, "x": x, "y": y, "showarrow": False, **more}
