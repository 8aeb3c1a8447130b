"""Two ways in which a diversion rate rises while nobody is spared jail, worked out from published numbers."""

from collections.abc import Sequence

from leadstats.counting.view import Cell, Published
from leadstats.model import rounding
from leadstats.narrative import headlines, wording
from leadstats.statistics.intervals import difference


def fewer_arrests(now: Cell | None, before: Cell | None, than: str) -> list[str]:
    """Whether the rate rose since a year earlier for want of eligible arrests (a shrinking denominator):
    the finding, then the counts behind it."""
    for cell, whose in (
        (now, "there is no rate of these months"),
        (before, f"{than} has no number to compare with"),
    ):
        if cell is None or cell.value is None:
            return [f"Whether fewer arrests raise the rate cannot be told: {whose}"]
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


def net_widening(avoided: Cell | None, by_class: Sequence[Cell]) -> list[str]:
    """How many of the diverted would have gone to jail before LEAD, then how many never would. The range is that of
    the shares before.

    avoided: bookings avoided in all; by_class: of each charge class, without a number where nobody was arrested
    for it in the year before. Where a class is hidden, nobody can tell whether it is one of those, so that the rest
    is at most so many.
    """
    if avoided is None or avoided.value is None or not avoided.events:
        return [
            "How many of the diverted would have gone to jail cannot be told: a year before LEAD is missing"
        ]
    without = sum(cell.events for cell in by_class if cell.value is None and cell.events)
    known = avoided.events - without
    is_any_hidden = any(cell.is_protected for cell in by_class)
    rest = (
        f"{'At most about' if is_any_hidden else 'About'} {wording.count(known - avoided.value)} would have been cited and "
        "released: no booking was spared."
    )
    if is_any_hidden:
        rest += f" For a charge that is {wording.HIDDEN}, there may be no arrest in that year to go by."
    if without:
        rest += f" For {wording.count(without)} more, nobody was arrested for such a charge in that year."
    return [
        f"Of {wording.count(known)} diverted arrests, about {wording.count(avoided.value)} would have led to jail at the "
        f"shares of the year before LEAD ({wording.count(avoided.low)} to {wording.count(avoided.high)})",
        rest,
    ]


def bookings_moved(expected: Cell | None, diverted: Cell | None) -> str:
    """Whether bookings fell by as much as diversion took, like with like.

    expected: the share that would have been booked of the same arrests, by charge class, and how many were;
    diverted: the diversion rate.
    """
    if any(cell is None or cell.value is None for cell in (expected, diverted)):
        return ""
    share = 100 * expected.numerator / expected.denominator
    now = wording.percent(share, expected.denominator)
    before = wording.percent(expected.value, expected.denominator)
    fall = expected.value - share
    shares = f"of such arrests {before} were booked in the year before LEAD and {now} now"
    taken = wording.percent(diverted.value, diverted.denominator)
    if fall <= 0:
        return f"Warning: diversion takes {taken} of eligible arrests, yet the share booked did not fall: {shares}."
    rest, low, high = (
        f"{rounding.rounded(max(diverted.value - (end - share), 0), 1)}"
        for end in (expected.value, expected.high, expected.low)
    )
    return (
        f"Diversion takes {taken} of eligible arrests; the share booked fell by {rounding.rounded(fall, 1)} points: "
        f"{shares}, charge by charge. That leaves {rest} points of diversion ({low} to {high}) that were no bookings "
        "before, if arrests for the same charge are comparable."
    )


def reconciled(arrests: Published, referrals: Published) -> str:
    """Arrests diverted, the referrals that name them, and the intakes that followed, as far as they may be shown."""
    named, met = _first(arrests), _first(referrals)
    diverted, received = _whole(arrests), _whole(referrals)
    parts = []
    if named is not None:
        of = (
            f"of {wording.count(diverted)} diverted arrests"
            if diverted is not None
            else "of the arrests diverted"
        )
        parts.append(f"{of}, a referral names {wording.count(named)}")
    if met is not None:
        of = f"of {wording.count(received)} referrals" if received is not None else "of the referrals"
        parts.append(f"{of} by arrest diversion, {wording.count(met)} led to an intake")
    return wording.capital("; ".join(parts)) or headlines.headline(arrests)


def _whole(published: Published) -> float | None:
    values = [cell.value for cell in published.cells]
    return None if None in values or not values else sum(values)


def _first(published: Published) -> float | None:
    return published.cells[0].value if published.cells else None
