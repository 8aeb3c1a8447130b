"""A chart as SVG without a browser: for the screen, paper, slides and pages without scripts. Draws the part of Plotly's
figures that our charts use, so that a chart is made once and looks the same everywhere."""

import functools
import html
import math
import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

from leadstats.charts.axis import Axis
from leadstats.charts.template import CONTEXT, FONT, GREY, GRID, INK, PAPER, WIDE, Chart, Figure

LETTER = 0.56  # the mean width of a letter of the typeface, relative to its size
DASHES = {"solid": "", "dot": "2 4", "dash": "8 5", "dashdot": "8 4 2 4"}
ANCHORS = {"left": "start", "center": "middle", "right": "end"}
HATCHED = "hatched"
PATTERN = (
    f'<defs><pattern id="{HATCHED}" width="7" height="7" patternUnits="userSpaceOnUse" '
    f'patternTransform="rotate(45)"><path d="M0 0V7" stroke="#a9aeb1" stroke-width="3"/></pattern></defs>'
)
USUAL_WIDTH = 720
HEADING = re.compile("<b>[^<]*</b>")  # a row that names those below it


def as_svg(chart: Chart, width: int = USUAL_WIDTH) -> str:
    """One SVG element with its title, as high as the chart; `width` in pixels."""
    (whole,) = as_sheets(chart, width)
    return whole


def as_fluid(chart: Chart) -> str:
    """One SVG element for a page, as wide as what contains it, without a script: horizontal positions are shares of the
    width, and letters and strokes keep their size. A map keeps its shape. The words for it are around it."""
    drawing = _Drawing(chart.figure, USUAL_WIDTH, is_fluid=True)
    left, right = drawing.x.start, USUAL_WIDTH - drawing.x.start - drawing.x.length
    size = (
        f"width:100%;max-width:{USUAL_WIDTH}px;aspect-ratio:{USUAL_WIDTH}/{drawing.height}"
        if drawing.keeps_shape
        else f"margin-left:{left:.1f}px;width:calc(100% - {left + right:.1f}px);height:{drawing.height}px"
    )
    frame = f"{USUAL_WIDTH} {drawing.height} {left:.1f} {drawing.x.length:.1f}"
    return (
        f'<svg class="chart" aria-hidden="true" focusable="false" style="{size}" data-frame="{frame}">'
        f"{PATTERN}{''.join(drawing.parts())}</svg>"
    )


def as_sheets(chart: Chart, width: int = USUAL_WIDTH, most: float = math.inf) -> list[str]:
    """The same in pieces at most `most` pixels high, if a chart of rows is higher; cut between rows, if possible before
    the name of a group. Each piece has the axis and the names of lines."""
    drawing = _Drawing(chart.figure, width)
    parts = "".join(drawing.parts())
    cuts = [0.0, *drawing.cuts(most), float(drawing.height)]
    return [
        _sheet(chart, drawing, parts, top, bottom, is_last=place == len(cuts) - 2)
        for place, (top, bottom) in enumerate(pairwise(cuts))
    ]


def _sheet(chart: Chart, drawing: "_Drawing", parts: str, top: float, bottom: float, is_last: bool) -> str:
    """The parts between top and bottom, with the chart's own head and foot over the rows beyond them."""
    width, above, below = drawing.width, drawing.above if top else 0, 0 if is_last else drawing.below
    start, end = top - above, bottom + below
    repeated = ""
    if above:
        repeated += f'<rect y="{start:.1f}" width="{width}" height="{above:.1f}" fill="{PAPER}"/>'
        repeated += f'<g transform="translate(0 {start:.1f})">{"".join(drawing.names())}</g>'
    if below:
        repeated += f'<rect y="{bottom:.1f}" width="{width}" height="{below:.1f}" fill="{PAPER}"/>'
        moved = end - drawing.height
        repeated += f'<g transform="translate(0 {moved:.1f})">{"".join(drawing.axes())}</g>'
    box = f'viewBox="0 {start:.1f} {width} {end - start:.1f}" width="{width}" height="{end - start:.1f}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {box} role="img" font-family="{html.escape(FONT)}">'
        f"<title>{html.escape(chart.alt)}</title>{PATTERN}"
        # A nested picture is cut off at its edges, wherever it is shown.
        f'<svg y="{start:.1f}" {box}><rect y="{start:.1f}" width="{width}" height="{end - start:.1f}" fill="{PAPER}"/>'
        f"{parts}{repeated}</svg></svg>"
    )


class _Drawing:
    """Laid out in pixels of `width`; a fluid one is written in shares of the space between its axes instead."""

    def __init__(self, figure: Figure, width: int, is_fluid: bool = False) -> None:
        self.traces, self.layout = figure["data"], figure["layout"]
        self.width, self.is_fluid = width, is_fluid
        self.height = height = self.layout["height"]
        margin = self.layout["margin"]
        self.x = Axis(self.layout["xaxis"], [number for trace in self.traces for number in _ends(trace, "x")])
        self.y = Axis(self.layout["yaxis"], [number for trace in self.traces for number in _ends(trace, "y")])
        size = self._size(self.y)
        left = max([margin["l"], *(_width(text, size) + 14 for _, text in self.y.marks())])
        lines = max((text.count("<br>") + 1 for _, text in self.x.marks()), default=0)
        size = self._size(self.x)
        title = 1.5 * size if "title" in self.x.said else 0
        below = max(margin["b"], (8 + 1.25 * size * lines if lines else 0) + title + 4)
        self.x.start, self.x.length = left, width - left - margin["r"]
        self.y.start, self.y.length = height - below, -(height - below - margin["t"])
        self.keeps_shape = bool(self.y.said.get("scaleanchor"))
        if self.keeps_shape:
            self._scale_alike()
        # Positions are shares of the span, measured from the origin.
        self._origin, self._span = (0, width) if self.keeps_shape else (self.x.start, self.x.length)

    def _across(self, x: float) -> str:
        return f"{100 * (x - self._origin) / self._span:.2f}%" if self.is_fluid else f"{x:.1f}"

    def _wide(self, width: float) -> str:
        return f"{100 * width / self._span:.2f}%" if self.is_fluid else f"{width:.1f}"

    def _down(self, y: float) -> str:
        return f"{100 * y / self.height:.2f}%" if self.is_fluid and self.keeps_shape else f"{y:.1f}"

    def _at(self, x: float, y: float, draw: Callable[[float, float], str], more: str = "") -> str:
        """Something that keeps its size, drawn around a point."""
        if not self.is_fluid:
            return draw(x, y)
        return (
            f'<svg x="{self._across(x)}" y="{self._down(y)}" overflow="visible"{more}>{draw(0.0, 0.0)}</svg>'
        )

    def _stretched(self, path: str) -> str:
        """A path in pixels, as wide as the space between the axes, and cut at them; its stroke keeps its width."""
        if not self.is_fluid:
            return path
        top, high = (0, self.height) if self.keeps_shape else (self.y.start + self.y.length, -self.y.length)
        return (
            f'<svg y="{top:.1f}" width="100%" height="{self._down(high)}" '
            f'viewBox="{self._origin:.1f} {top:.1f} {self._span:.1f} {high:.1f}" preserveAspectRatio="none">{path}</svg>'
        )

    def _scale_alike(self) -> None:
        """Uses one scale for both directions, as on a map, and centers the drawing."""
        x, y = self.x, self.y
        pixels = min(x.length / (x.high - x.low), -y.length / (y.high - y.low))
        for axis, sign in ((x, 1), (y, -1)):
            length = sign * pixels * (axis.high - axis.low)
            axis.start, axis.length = axis.start + (axis.length - length) / 2, length

    def _size(self, axis: Axis) -> float:
        return axis.said.get("tickfont", {}).get("size", 14)

    def cuts(self, most: float) -> Iterator[float]:
        """Where a chart of rows may be cut into pieces no higher than `most`: above the words of a row."""
        if self.height <= most or self.y.said.get("visible") is not False:
            return
        rows = [
            (self.y.spot(note["y"]) - note["yshift"] - note["text"].count("<br>") * 19 - 22, note["text"])
            for note in self.layout.get("annotations", ())
            if note.get("xref") == "paper"
        ]
        top = 0.0
        while self.height - top + (self.above if top else 0) > most:
            room = most - self.below - (self.above if top else 0)
            # Cuts that leave more than the name of a group above them.
            free = [
                (spot, text)
                for (_, before), (spot, text) in pairwise(rows)
                if top < spot <= top + room and not HEADING.fullmatch(before)
            ]
            named = [spot for spot, text in free if HEADING.fullmatch(text)]
            # A row that is higher than a sheet is cut all the same.
            top = max(named or [spot for spot, _ in free] or [top + room])
            yield top

    @property
    def below(self) -> float:
        """How much of the height the axis takes, if it has any labels."""
        return self.height - self.y.start if self.x.marks() else 0

    @property
    def above(self) -> float:
        """How much of the height the names of lines take, which are above all rows."""
        return self.y.start + self.y.length if [*self._over_all()] else 0

    def names(self) -> Iterator[str]:
        yield from map(self._note, self._over_all())

    def _over_all(self) -> Iterator[Figure]:
        return (each for each in self.layout.get("annotations", ()) if each.get("yref") == "paper")

    def parts(self) -> Iterator[str]:
        yield from self._grid()
        shapes = self.layout.get("shapes", ())
        yield from (self._shape(each) for each in shapes if each.get("layer") == "below")
        for trace in self.traces:
            yield from self._bars(trace) if trace["type"] == "bar" else self._scatter(trace)
        yield from (self._shape(each) for each in shapes if each.get("layer") != "below")
        yield from self.axes()
        yield from (self._note(each) for each in self.layout.get("annotations", ()))

    def _grid(self) -> Iterator[str]:
        x, y = self.x, self.y
        if y.said.get("visible") is not False:
            for place, _ in y.marks():
                yield self._line(x.start, y.spot(place), x.start + x.length, y.spot(place), GRID, 1)
        if x.said.get("showgrid") and x.said.get("visible") is not False:
            for place, _ in x.marks():
                yield self._line(x.spot(place), y.start, x.spot(place), y.start + y.length, GRID, 1)

    def axes(self) -> Iterator[str]:
        x, y = self.x, self.y
        size = self._size(y)
        for place, text in y.marks():
            yield self._words(text, x.start, y.spot(place) + size / 3, "end", GREY, size, shift=-8)
        size = self._size(x)
        if x.said.get("showline"):
            yield self._line(x.start, y.start, x.start + x.length, y.start, CONTEXT, 1)
        for place, text in x.marks():
            if x.said.get("ticks") == "outside":
                yield self._line(x.spot(place), y.start, x.spot(place), y.start + 5, CONTEXT, 1)
            yield self._words(text, x.spot(place), y.start + 6 + size, "middle", GREY, size)
        if title := x.said.get("title"):
            yield self._words(title["text"], x.start + x.length / 2, self.height - 5, "middle", GREY, size)

    def _bars(self, trace: Figure) -> Iterator[str]:
        is_lying = trace.get("orientation") == "h"
        along, across = (self.x, self.y) if is_lying else (self.y, self.x)
        lengths, places = (trace["x"], trace["y"]) if is_lying else (trace["y"], trace["x"])
        bases = trace.get("base") or [0] * len(places)
        marker = trace["marker"]
        for index, (place, length) in enumerate(zip(places, lengths, strict=True)):
            if length is None:
                continue
            ends = sorted((along.spot(bases[index]), along.spot(bases[index] + length)))
            sides = sorted((across.spot(place - trace["width"] / 2), across.spot(place + trace["width"] / 2)))
            (left, right), (top, bottom) = (ends, sides) if is_lying else (sides, ends)
            shape = _each(marker.get("pattern", {}).get("shape", ""), index)
            fill = f"url(#{HATCHED})" if shape else _each(marker["color"], index)
            yield (
                f'<rect x="{self._across(left)}" y="{top:.1f}" width="{self._wide(right - left)}" '
                f'height="{bottom - top:.1f}" fill="{fill}"/>'
            )

    def _scatter(self, trace: Figure) -> Iterator[str]:
        line, marker = trace.get("line", {}), trace.get("marker", {})
        fade = f' opacity="{trace["opacity"]}"' if "opacity" in trace else ""
        spots = [
            None if None in (x, y) else (self.x.spot(x), self.y.spot(y))
            for x, y in zip(trace["x"], trace["y"], strict=True)
        ]
        if "lines" in trace["mode"]:
            path, is_down = [], False
            for spot in spots:
                if spot:
                    path.append(f"{'L' if is_down else 'M'}{spot[0]:.1f} {spot[1]:.1f}")
                is_down = spot is not None
            fill = _color(trace["fillcolor"], "fill") if trace.get("fill") else 'fill="none"'
            fill = f'fill="url(#{HATCHED})"' if trace.get("fillpattern") else fill
            stroke = (
                f'stroke="{line.get("color", INK)}" stroke-width="{line["width"]}" stroke-linejoin="round" '
                f'stroke-dasharray="{DASHES[line.get("dash", "solid")]}"'
                if line.get("width")
                else 'stroke="none"'
            )
            kept = ' vector-effect="non-scaling-stroke"' if self.is_fluid else ""
            yield self._stretched(f'<path d="{"".join(path)}" {fill} {stroke}{fade}{kept}/>')
        if "markers" in trace["mode"]:
            for index, spot in enumerate(spots):
                if spot:
                    said = trace["hovertext"][index] if "hovertext" in trace else ""
                    yield self._at(*spot, functools.partial(_marker, marker, index, said))

    def _shape(self, shape: Figure) -> str:
        ends = [
            self.x.start + self.x.length * shape[end]
            if shape.get("xref") == "paper"
            else self.x.spot(shape[end])
            for end in ("x0", "x1")
        ]
        sides = [
            self.y.start + self.y.length * shape[end]
            if shape.get("yref") == "paper"
            else self.y.spot(shape[end])
            for end in ("y0", "y1")
        ]
        line = shape["line"]
        return self._line(
            ends[0],
            sides[0],
            ends[1],
            sides[1],
            line.get("color", GREY),
            line.get("width", 1.5),
            line.get("dash", ""),
        )

    def _note(self, note: Figure) -> str:
        """Words at a point; on a log axis the position of a note is a logarithm, as in Plotly."""
        font = {"color": INK, "size": 15, **note.get("font", {})}
        size, lines = font["size"], note["text"].split("<br>")
        x = (
            self.x.start + self.x.length * note["x"]
            if note.get("xref") == "paper"
            else self.x.spot(note["x"], is_linear=True)
        )
        y = (
            self.y.start + self.y.length * note["y"]
            if note.get("yref") == "paper"
            else self.y.spot(note["y"], is_linear=True)
        )
        high = 1.25 * size * len(lines)
        raised = {"top": 0, "bottom": high}.get(note.get("yanchor", "middle"), high / 2) + note.get(
            "yshift", 0
        )
        raised = min(raised, y)  # not over the upper edge
        return self._words(
            note["text"],
            x,
            y,
            ANCHORS[note.get("xanchor", "center")],
            font["color"],
            size,
            note.get("xshift", 0),
            size - raised,
            (note["bgcolor"], note.get("borderpad", 2)) if "bgcolor" in note else None,
            ' class="wide"' if note.get("name") == WIDE else "",
        )

    def _words(
        self,
        text: str,
        x: float,
        y: float,
        anchor: str,
        color: str,
        size: float,
        shift: float = 0,
        lower: float = 0,
        box: tuple[str, float] | None = None,
        more: str = "",
    ) -> str:
        """Words at a place, `shift` and `lower` pixels off it. Nothing is cut at an edge: words that would run over it
        are moved in."""
        lines = text.split("<br>")
        longest, high = max(_width(line, size) for line in lines), 1.25 * size * len(lines)
        before = {"start": 0, "middle": longest / 2, "end": longest}[anchor]
        least, most = before + 2, longest - before + 2  # from the edges

        def draw(x: float, y: float) -> str:
            top = y + lower - size
            paper = _box(x - before, top, longest, high, *box) if box else ""
            return paper + _text(text, x, top + size, anchor, color, size)

        if not self.is_fluid:
            return draw(max(least, min(x + shift, self.width - most)), y)
        left, right = self._origin, self.width - self._origin - self._span
        kept = f"clamp({least - left:.0f}px,{self._across(x)} + {shift:g}px,100% + {right - most:.0f}px)"
        return self._at(x, y, draw, f' style="x:{kept}"{more}')

    def _line(
        self, x0: float, y0: float, x1: float, y1: float, color: str, width: float, dash: str = ""
    ) -> str:
        dashes = f' stroke-dasharray="{DASHES[dash]}"' if DASHES.get(dash) else ""
        return (
            f'<line x1="{self._across(x0)}" y1="{y0:.1f}" x2="{self._across(x1)}" y2="{y1:.1f}" stroke="{color}" '
            f'stroke-width="{width}"{dashes}/>'
        )


def _ends(trace: Figure, axis: str) -> list[float]:
    return [number for number in trace[axis] if number is not None]


def _each(said: Any, index: int) -> Any:
    return said if isinstance(said, str | int | float) else said[index]


def _width(text: str, size: float) -> float:
    return LETTER * size * len(html.unescape(re.sub("<[^>]*>", "", text)))


def _box(left: float, top: float, wide: float, high: float, color: str, pad: float) -> str:
    return (
        f'<rect x="{left - pad:.1f}" y="{top - pad / 2:.1f}" width="{wide + 2 * pad:.1f}" '
        f'height="{high + pad:.1f}" fill="{color}"/>'
    )


def _marker(marker: Figure, index: int, said: str, x: float, y: float) -> str:
    """said: what it says under the pointer, which nobody needs, since all of it is in the table."""
    half, color = _each(marker["size"], index) / 2, _each(marker["color"], index)
    edge = marker.get("line", {})
    stroke = f' stroke="{edge["color"]}" stroke-width="{edge["width"]}"' if edge else ""
    if _each(marker.get("symbol", "circle"), index) == "diamond":
        half *= 1.2
        path = (
            f"M{x:.1f} {y - half:.1f}l{half:.1f} {half:.1f}l-{half:.1f} {half:.1f}l-{half:.1f} -{half:.1f}z"
        )
        return _titled("path", f'd="{path}" fill="{color}"{stroke}', said)
    return _titled("circle", f'cx="{x:.1f}" cy="{y:.1f}" r="{half:.1f}" fill="{color}"{stroke}', said)


def _titled(name: str, attributes: str, said: str) -> str:
    return (
        f"<{name} {attributes}><title>{html.escape(said)}</title></{name}>"
        if said
        else f"<{name} {attributes}/>"
    )


def _color(said: str, what: str) -> str:
    """Paper has no rgba(): color and opacity apart."""
    if found := re.fullmatch(r"rgba\((\d+),(\d+),(\d+),([\d.]+)\)", said):
        red, green, blue, opacity = found.groups()
        return f'{what}="rgb({red},{green},{blue})" {what}-opacity="{opacity}"'
    return f'{what}="{said}"'


def _text(text: str, x: float, y: float, anchor: str, color: str, size: float) -> str:
    """Words with the few tags that notes have; already escaped by whoever made them."""
    lines = [
        f'<tspan x="{x:.1f}" y="{y + index * 1.25 * size:.1f}">'
        + line.replace("<b>", '<tspan font-weight="700">').replace("</b>", "</tspan>")
        + "</tspan>"
        for index, line in enumerate(text.split("<br>"))
    ]
    return f'<text text-anchor="{anchor}" fill="{color}" font-size="{size}" xml:space="preserve">{"".join(lines)}</text>'
