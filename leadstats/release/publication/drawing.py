"""Charts as inline SVG: they need no script, print as they are and carry their own words."""

import html
from collections.abc import Sequence
from dataclasses import dataclass

INK, ACCENT, QUIET, RULE = "#1b1b1b", "#1b4f8a", "#5c5c5c", "#d9d9d9"
WIDTH = 400  # about that of a phone, so that the words on it can be read there
HATCH = (
    '<pattern id="{id}" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    f'<rect width="6" height="6" fill="#ffffff"/><rect width="2" height="6" fill="{QUIET}"/></pattern>'
)


@dataclass(frozen=True)
class Bar:
    """One bar; without a number it is drawn hatched, always at the same length."""

    label: str
    number: int | None
    written: str


def columns(name: str, title: str, description: str, bars: Sequence[Bar]) -> str:
    """Upright bars over time, from zero. Every few bars carry a label; the highest carries its number."""
    height, base, top = 240, 200, 24
    step = WIDTH / max(len(bars), 1)
    most = _scale(bars)
    every = -(-len(bars) // 4)
    parts = [f'<line x1="0" x2="{WIDTH}" y1="{base}" y2="{base}" stroke="{INK}"/>']
    shown = [position for position, bar in enumerate(bars) if bar.number is not None]
    highest = max(shown, key=lambda position: bars[position].number, default=0)
    # The number of the last bar gives way to the highest where the two would meet.
    marked = {*shown[-1:], highest} if len(bars) - highest > len(bars) / 6 else {highest}
    for position, bar in enumerate(bars):
        left, width = position * step + step * 0.15, step * 0.7
        tall = 12 if bar.number is None else (base - top) * bar.number / most
        parts.append(_rectangle(name, bar, left, base - tall, width, tall))
        if position in marked and bar.number is not None:
            parts.append(_centered(bar.written, left + width / 2, base - tall - 6, INK))
        if (len(bars) - 1 - position) % every == 0:
            parts.append(_centered(bar.label, left + width / 2, base + 20, QUIET))
    return _svg(name, title, description, height, parts)


def bars(name: str, title: str, description: str, rows: Sequence[Bar]) -> str:
    """Lying bars for groups, from zero, each with its name and its number."""
    line = 44
    most = _scale(rows)
    parts = []
    for position, bar in enumerate(rows):
        top = position * line
        length = 24.0 if bar.number is None else max((WIDTH - 80) * bar.number / most, 1)
        parts.append(_words(bar.label, 0, top + 14, "start", INK))
        parts.append(_rectangle(name, bar, 0, top + 20, length, 16))
        parts.append(_words(bar.written, length + 8, top + 33, "start", INK))
    return _svg(name, title, description, line * len(rows), parts)


def _scale(rows: Sequence[Bar]) -> int:
    """Only shown numbers set the scale: a hidden one must not be read off it."""
    return max((bar.number for bar in rows if bar.number is not None), default=1) or 1


def _rectangle(name: str, bar: Bar, left: float, top: float, width: float, height: float) -> str:
    fill = f"url(#{name}-hatch)" if bar.number is None else ACCENT
    edge = f' stroke="{QUIET}"' if bar.number is None else ""
    where = f'x="{left:.1f}" y="{top:.1f}" width="{width:.1f}" height="{height:.1f}"'
    return f'<rect {where} fill="{fill}"{edge}><title>{html.escape(f"{bar.label}: {bar.written}")}</title></rect>'


def _centered(text: str, x: float, y: float, color: str) -> str:
    """Around x, but within the edges: a letter is about 8 wide."""
    half = 4 * len(text)
    if x < half:
        return _words(text, 0, y, "start", color)
    return _words(text, WIDTH, y, "end", color) if x > WIDTH - half else _words(text, x, y, "middle", color)


def _words(text: str, x: float, y: float, anchor: str, color: str) -> str:
    where = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"'
    # A rim of paper keeps a number readable where a neighboring bar is higher.
    return f'<text {where} fill="{color}" font-size="14" stroke="#ffffff" stroke-width="3" paint-order="stroke">{html.escape(text)}</text>'


def _svg(name: str, title: str, description: str, height: int, parts: Sequence[str]) -> str:
    return (
        f'<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-labelledby="{name}-title {name}-text" '
        'xmlns="http://www.w3.org/2000/svg">'
        f'<title id="{name}-title">{html.escape(title)}</title><desc id="{name}-text">{html.escape(description)}</desc>'
        f"<defs>{HATCH.format(id=f'{name}-hatch')}</defs>{''.join(parts)}</svg>"
    )
