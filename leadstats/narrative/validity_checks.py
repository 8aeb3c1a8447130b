"""Two ways in which a diversion rate rises while nobody is spared jail, worked out from published numbers."""

from collections.abc import Sequence

from leadstats.counting.view import Cell, Published
from leadstats.model import rounding
from leadstats.model.language import message, say
from leadstats.narrative import headlines, wording
from leadstats.statistics.intervals import difference


def fewer_arrests(now: Cell | None, before: Cell | None, than: str) -> list[str]:
    """Whether the rate rose since a year earlier for want of eligible arrests (a shrinking denominator):
    the finding, then the counts behind it."""
    for cell, whose in (
        (now, say("there is no rate of these months")),
        (before, say("{than} has no number to compare with", than=than)),
    ):
        if cell is None or cell.value is None:
            return [say("Whether fewer arrests raise the rate cannot be told: {whose}", whose=whose)]
    if now.value <= before.value:
        return [
            say("The rate did not rise since {than}, so fewer arrests cannot have inflated it", than=than),
            _counts(now, before),
        ]
    _, low, _ = difference(now.numerator, now.denominator, before.numerator, before.denominator)
    rose = (
        say("The rate rose since {than}, by no more than chance allows", than=than)
        if low <= 0
        else say("The rate rose since {than}", than=than)
    )
    if now.denominator >= before.denominator:
        return [say("{rose}, with no fewer arrests", rose=rose), _counts(now, before)]
    same = wording.percent(100 * now.numerator / before.denominator, before.denominator)
    counts = say(
        "{counts} With as many arrests as then, the rate would be {same}.",
        counts=_counts(now, before),
        same=same,
    )
    if now.numerator <= before.numerator:
        return [
            say("Warning: {text}, with fewer arrests and nobody diverted more", text=wording.small(rose)),
            counts,
        ]
    return [say("{rose}, in part with fewer arrests", rose=rose), counts]


def _counts(now: Cell, before: Cell) -> str:
    rates, diverted, arrests = (
        say(
            "from {share} to {share2}",
            share=wording.percent(before.value, before.denominator),
            share2=wording.percent(now.value, now.denominator),
        ),
        say(
            "from {number} to {number2}",
            number=wording.count(before.numerator),
            number2=wording.count(now.numerator),
        ),
        say(
            "from {number} to {number2}",
            number=wording.count(before.denominator),
            number2=wording.count(now.denominator),
        ),
    )
    return say(
        "The rate went {rates}, diverted arrests {diverted}, eligible arrests {arrests}.",
        rates=rates,
        diverted=diverted,
        arrests=arrests,
    )


def net_widening(avoided: Cell | None, by_class: Sequence[Cell]) -> list[str]:
    """How many of the diverted would have gone to jail before LEAD, then how many never would. The range is that of
    the shares before.

    avoided: bookings avoided in all; by_class: of each charge class, without a number where nobody was arrested
    for it in the year before. Where a class is hidden, nobody can tell whether it is one of those, so that the rest
    is at most so many.
    """
    if avoided is None or avoided.value is None or not avoided.events:
        return [
            say(
                "How many of the diverted would have gone to jail cannot be told: a year before LEAD is "
                "missing"
            )
        ]
    without = sum(cell.events for cell in by_class if cell.value is None and cell.events)
    known = avoided.events - without
    is_any_hidden = any(cell.is_protected for cell in by_class)
    rest = say(
        message("At most about {number} would have been cited and released: no booking was spared.")
        if is_any_hidden
        else message("About {number} would have been cited and released: no booking was spared."),
        number=wording.count(known - avoided.value),
    )
    if is_any_hidden:
        rest += say(
            " For a charge that is {hidden}, there may be no arrest in that year to go by.",
            hidden=say(wording.HIDDEN),
        )
    if without:
        rest += say(
            " For {number} more, nobody was arrested for such a charge in that year.",
            number=wording.count(without),
        )
    return [
        say(
            "Of {number} diverted arrests, about {number2} would have led to jail at the shares of the "
            "year before LEAD ({number3} to {number4})",
            number=wording.count(known),
            number2=wording.count(avoided.value),
            number3=wording.count(avoided.low),
            number4=wording.count(avoided.high),
        ),
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
    shares = say(
        "of such arrests {before} were booked in the year before LEAD and {now} now", before=before, now=now
    )
    taken = wording.percent(diverted.value, diverted.denominator)
    if fall <= 0:
        return say(
            "Warning: diversion takes {taken} of eligible arrests, yet the share booked did not fall: "
            "{shares}.",
            taken=taken,
            shares=shares,
        )
    rest, low, high = (
        f"{rounding.rounded(max(diverted.value - (end - share), 0), 1)}"
        for end in (expected.value, expected.high, expected.low)
    )
    return say(
        "Diversion takes {taken} of eligible arrests; the share booked fell by {number} points: "
        "{shares}, charge by charge. That leaves {rest} points of diversion ({low} to {high}) that "
        "were no bookings before, if arrests for the same charge are comparable.",
        taken=taken,
        number=rounding.rounded(fall, 1),
        shares=shares,
        rest=rest,
        low=low,
        high=high,
    )


def reconciled(arrests: Published, referrals: Published) -> str:
    """Arrests diverted, the referrals that name them, and the intakes that followed, as far as they may be shown."""
    named, met = _first(arrests), _first(referrals)
    diverted, received = _whole(arrests), _whole(referrals)
    parts = []
    if named is not None:
        of = (
            say("of {number} diverted arrests", number=wording.count(diverted))
            if diverted is not None
            else say("of the arrests diverted")
        )
        parts.append(say("{of}, a referral names {number}", of=of, number=wording.count(named)))
    if met is not None:
        of = (
            say("of {number} referrals", number=wording.count(received))
            if received is not None
            else say("of the referrals")
        )
        parts.append(
            say("{of} by arrest diversion, {number} led to an intake", of=of, number=wording.count(met))
        )
    return wording.capital("; ".join(parts)) or headlines.headline(arrests)


def _whole(published: Published) -> float | None:
    values = [cell.value for cell in published.cells]
    return None if None in values or not values else sum(values)


def _first(published: Published) -> float | None:
    return published.cells[0].value if published.cells else None
