"""Where a number lies along an axis, and which numbers are written beside it."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

NICE = (1, 2, 2.5, 5, 10)


class Axis:
    """One axis as Plotly describes it (`said`); start and length are pixels, given to it by whoever lays it out."""

    def __init__(self, said: Mapping[str, Any], values: Sequence[float]) -> None:
        self.said = said
        self.is_log = said.get("type") == "log"
        low, high = said.get("range") or (min([0, *values]), max(values, default=1) or 1)
        self.low, self.high = float(low), float(high) if high != low else float(low) + 1
        self.start = self.length = 0.0

    def at(self, value: float) -> float:
        """Its distance from the low end, in shares of the axis."""
        number = math.log10(value) if self.is_log else value
        return (number - self.low) / (self.high - self.low)

    def spot(self, value: float, is_linear: bool = False) -> float:
        """The same in pixels of the drawing; on a log axis, `is_linear` is a value that is a logarithm already."""
        share = (value - self.low) / (self.high - self.low) if is_linear else self.at(value)
        return self.start + self.length * share

    def marks(self) -> list[tuple[float, str]]:
        """Places with their words, those within the range."""
        said = self.said
        if said.get("visible") is False or said.get("showticklabels") is False:
            return []
        if "tickvals" in said:
            places = said["tickvals"]
            texts = said.get("ticktext") or [self._text(place) for place in places]
            return [
                (place, text)
                for place, text in zip(places, texts, strict=True)
                if -0.001 <= self.at(place) <= 1.001
            ]
        step = _step((self.high - self.low) / said.get("nticks", 5))
        first = math.ceil(self.low / step - 1e-9)
        last = math.floor(self.high / step + 1e-9)
        return [(each * step, self._text(each * step)) for each in range(first, last + 1)]

    def _text(self, number: float) -> str:
        prefix, suffix = self.said.get("tickprefix", ""), self.said.get("ticksuffix", "")
        number = round(number, 10)
        if self.said.get("tickformat") == ",.2s" and abs(number) >= 1000:
            for size, letter in ((1e6, "M"), (1e3, "k")):
                if abs(number) >= size:
                    return f"{prefix}{number / size:g}{letter}{suffix}"
        return f"{prefix}{number:,.10g}{suffix}"


def _step(least: float) -> float:
    """The smallest of 1, 2, 2.5 and 5 times a power of ten that is no smaller."""
    power = 10 ** math.floor(math.log10(least))
    return next(power * each for each in NICE if power * each >= least * (1 - 1e-9))
