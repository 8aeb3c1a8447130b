"""Two ways in which a diversion rate rises while nobody is spared jail, worked out from published numbers."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from leadstats.counting.view import Cell
from leadstats.model import rounding
from leadstats.narrative import wording
from leadstats.statistics.intervals import Z, difference


@dataclass(frozen=True)
class Spared:
    """Diverted arrests of one charge, and how many would have been booked at the rate before LEAD."""

    charge: str
    diverted: int
    booked_before: int
    arrests_before: int

    @property
    def chance(self) -> float:
        return self.booked_before / self.arrests_before

    @property
    def expected(self) -> float:
        return self.diverted * self.chance


def fewer_arrests(now: Cell | None, before: Cell | None, than: str) -> list[str]:
    """Whether the rate rose since a year earlier for want of eligible arrests (a shrinking denominator):
    the finding, then the counts behind it."""
    if now is None or before is None or now.value is None or before.value is None:
        return [f"Whether fewer arrests raise the rate cannot be told: {than} has no number to compare with"]
    if now.value <= before.value:
        return [
            f"The rate did not rise since {than}, so fewer arrests cannot have inflated it",
            _counts(now, before),
        ]
    _, low, _ = difference(now.numerator, now.denominator, before.numerator, before.denominator)
    rose = f"The rate rose since {than}" + (", by no more than chance allows" if low <= 0 else "")
    if now.denominator >= before.denominator:
        return [f"{rose}, with no fewer arrests", _counts(now, before)]
    same = wording.percent(100 * now.numerator / before.denominator, before.denominator)
    counts = f"{_counts(now, before)} With as many arrests as then, the rate would be {same}."
    if now.numerator <= before.numerator:
        return [f"Warning: {rose[0].lower()}{rose[1:]}, with fewer arrests and nobody diverted more", counts]
    return [f"{rose}, in part with fewer arrests", counts]


def _counts(now: Cell, before: Cell) -> str:
    rates, diverted, arrests = (
        f"from {wording.percent(before.value, before.denominator)} to {wording.percent(now.value, now.denominator)}",
        f"from {wording.count(before.numerator)} to {wording.count(now.numerator)}",
        f"from {wording.count(before.denominator)} to {wording.count(now.denominator)}",
    )
    return f"The rate went {rates}, diverted arrests {diverted}, eligible arrests {arrests}."


def spared(diverted: Sequence[Cell], booked_before: Sequence[Cell]) -> list[Spared]:
    """Charges whose numbers may be shown on both sides, most diverted first."""
    before = {cell.category: cell for cell in booked_before if cell.denominator}
    found = [
        Spared(
            cell.category, cell.numerator, before[cell.category].numerator, before[cell.category].denominator
        )
        for cell in diverted
        if cell.numerator and cell.category in before
    ]
    return sorted(found, key=lambda each: (-each.diverted, each.charge))


def net_widening(found: Sequence[Spared], diverted: int | None) -> list[str]:
    """How many of the diverted would have gone to jail before LEAD, then how many never would. The range
    is that of the rates before. `diverted`: all of them, those of charges without such a rate included."""
    known = sum(each.diverted for each in found)
    if not known:
        return [
            "How many of the diverted would have gone to jail cannot be told: a year before LEAD is missing"
        ]
    expected = sum(each.expected for each in found)
    spread = math.sqrt(
        sum(each.diverted**2 * each.chance * (1 - each.chance) / each.arrests_before for each in found)
    )
    low, high = max(expected - Z * spread, 0), min(expected + Z * spread, known)
    rest = (
        f"About {wording.count(known - expected)} would have been cited and released: no booking was spared."
    )
    if diverted and diverted > known:
        rest += f" For {wording.count(diverted - known)} more, the charge has no such rate."
    return [
        f"Of {wording.count(known)} diverted arrests, about {wording.count(expected)} would have led to jail at the "
        f"rates of the year before LEAD ({wording.count(low)} to {wording.count(high)})",
        rest,
    ]


def bookings_moved(rates: Mapping[str, tuple[Cell | None, Cell | None]]) -> str:
    """Whether bookings fell by as much as diversion took; each rate before LEAD and now."""
    (_, diverted), (before, now) = rates["diversion_rate"], rates["booking_rate"]
    if any(cell is None or cell.value is None for cell in (diverted, before, now)):
        return ""
    fall = before.value - now.value
    shares = f"from {wording.percent(before.value, before.denominator)} to {wording.percent(now.value, now.denominator)}"
    taken = wording.percent(diverted.value, diverted.denominator)
    if fall <= 0:
        return f"Warning: diversion takes {taken} of eligible arrests, yet the share booked did not fall ({shares})."
    rest = max(diverted.value - fall, 0)
    return (
        f"Diversion takes {taken} of eligible arrests; the share booked fell by {rounding.rounded(fall, 1)} points since the "
        f"year before LEAD ({shares}). That leaves {rounding.rounded(rest, 1)} points of diversion that were no bookings "
        "before, if the arrests are comparable."
    )
