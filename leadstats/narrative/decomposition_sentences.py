"""What a gap in diversion is made of, and how it looks by two yardsticks, as sentences."""

from collections.abc import Mapping, Sequence

from leadstats.analysis.decomposition import Mix
from leadstats.model.language import message, say
from leadstats.narrative import stage_words, wording

CLASSES = {"charge_class": message("charges"), "neighborhood": message("places")}
Ratio = tuple[float, float, float]  # with its interval


def of_mix(mixes: Mapping[str, Mix | None], group: str, reference: str) -> str:
    """The parts of a group's gap in diversion, by charge and by place."""
    known = {by: each for by, each in mixes.items() if each}
    if not known:
        return say(
            "The gap in diversion cannot be split for this choice: too much of what it needs is hidden"
        )
    gap = next(iter(known.values())).gap
    parts = "; ".join(
        say(
            "{points} through other {classes} and {points2} within the same {classes}",
            points=wording.signed(each.mix, 1),
            classes=say(CLASSES[by]),
            points2=wording.signed(each.within, 1),
        )
        for by, each in known.items()
    )
    return say(
        "Diversion of {people} against {people2}: a gap of {points} points. Of it, {parts}",
        people=stage_words.people_of(group),
        people2=stage_words.people_of(reference),
        points=wording.signed(gap, 1),
        parts=parts,
    )


def two_yardsticks(
    group: str, reference: str, by_resident: Ratio | None, by_arrest: Ratio | None, parts: Sequence[float]
) -> list[str]:
    """One group against the reference, measured by residents and by eligible arrests; then what makes
    the difference between the two, where it can be told."""
    if by_resident is None or by_arrest is None:
        return [say("Two yardsticks: residents and eligible arrests")]
    often, offered = wording.ratio(by_resident[0]), wording.ratio(by_arrest[0])
    said = [
        say(
            "Diverted arrests of {people} against {people2}: {often} times as often per resident, "
            "{offered} times per eligible arrest",
            people=stage_words.people_of(group),
            people2=stage_words.people_of(reference),
            often=often,
            offered=offered,
        )
    ]
    if len(parts) == 2:
        total, exposure, offer = (wording.more(1000 * part, 1) for part in (sum(parts), *parts))
        said.append(
            say(
                "Per 1,000 residents, {total} diverted arrests: {exposure} through arrests, {offer} through "
                "how often the offer follows.",
                total=total,
                exposure=exposure,
                offer=offer,
            )
        )
    return said
