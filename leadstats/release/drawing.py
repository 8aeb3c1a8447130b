"""Charts as inline SVG: they need no script, print as they are and carry their own words."""

import html
from collections.abc import Sequence
from dataclasses import dataclass

INK, ACCENT, QUIET, RULE = "#1b1b1b", "#1b4f8a", "#5c5c5c", "#d9d9d9"
WIDTH = 640
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
    every = -(-len(bars) // 8)
    parts = [f'<line x1="0" x2="{WIDTH}" y1="{base}" y2="{base}" stroke="{INK}"/>']
    shown = [bar.number for bar in bars if bar.number is not None]
    marked = {number for number in shown if number == max(shown)} | ({shown[-1]} if shown else set())
    for position, bar in enumerate(bars):
        left, width = position * step + step * 0.15, step * 0.7
        tall = 12 if bar.number is None else (base - top) * bar.number / most
        parts.append(_rectangle(name, bar, left, base - tall, width, tall))
        middle = left + width / 2
        if bar.number in marked and bar.number is not None:
            parts.append(_words(bar.written, middle, base - tall - 6, "middle", INK))
        if position % every == 0:
            parts.append(_words(bar.label, middle, base + 20, "middle", QUIET))
    return _svg(name, title, description, height, parts)


def bars(name: str, title: str, description: str, rows: Sequence[Bar]) -> str:
    """Lying bars for groups, from zero, each with its name and its number."""
    line = 44
    most = _scale(rows)
    parts = []
    for position, bar in enumerate(rows):
        top = position * line
        length = 24.0 if bar.number is None else max((WIDTH - 170) * bar.number / most, 1)
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


def _words(text: str, x: float, y: float, anchor: str, color: str) -> str:
    where = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"'
    return f'<text {where} fill="{color}" font-size="15">{html.escape(text)}</text>'


def _svg(name: str, title: str, description: str, height: int, parts: Sequence[str]) -> str:
    return (
        f'<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-labelledby="{name}-title {name}-text" '
        'xmlns="http://www.w3.org/2000/svg">'
        f'<title id="{name}-title">{html.escape(title)}</title><desc id="{name}-text">{html.escape(description)}</desc>'
        f"<defs>{HATCH.format(id=f'{name}-hatch')}</defs>{''.join(parts)}</svg>"
    )
