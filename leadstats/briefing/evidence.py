"""Odds from studies elsewhere, as people: for any chance that a reader assumes. No local number is in it."""

from collections.abc import Sequence

from leadstats import charts
from leadstats.briefing.answer import Answer
from leadstats.narrative import wording
from leadstats.narrative.wording import TextTable
from leadstats.statistics.intervals import risk_ratio


def odds_as_people(claims: Sequence[tuple[str, float]], chance: float) -> Answer:
    """claims: what was found and its odds ratio, the one that is drawn first. chance: of being arrested again
    in a comparison group."""
    ratio = claims[0][1]
    curve = [(step / 100, 1 - risk_ratio(ratio, step / 100)) for step in range(1, 100)]
    fewer = 1 - risk_ratio(ratio, chance)
    finding = (
        f"If {_hundred(chance)} of 100 are arrested again in a comparison group, odds {_hundred(1 - ratio)}% lower "
        f"mean {_hundred(chance * (1 - fewer))} of 100: {_hundred(fewer)}% fewer people"
    )
    rare = "Where hardly anybody is arrested again, odds and chances are nearly the same."
    return Answer(
        "odds",
        finding,
        sentences=(_as_odds(chance, ratio), rare),
        chart=charts.share_fewer(curve, (chance, fewer), f"{finding}."),
        table=_table(claims, chance),
        is_open=True,
    )


def _as_odds(chance: float, ratio: float) -> str:
    before = chance / (1 - chance)
    return (
        f"{_hundred(chance)} of 100 are odds of {wording.ratio(before)} to 1. "
        f"{_hundred(1 - ratio)}% lower odds are {wording.ratio(before * ratio)} to 1."
    )


def _table(claims: Sequence[tuple[str, float]], chance: float) -> TextTable:
    rows = tuple(
        (
            what,
            f"{_hundred(1 - ratio)}% lower",
            f"{_hundred(chance * risk_ratio(ratio, chance))} of 100",
            f"{_hundred(1 - risk_ratio(ratio, chance))}%",
        )
        for what, ratio in claims
    )
    head = ("In Seattle", "Odds", "Then in LEAD", "Fewer people")
    return TextTable(
        f"Lower odds as people, if it is {_hundred(chance)} of 100 in a comparison group", head, rows
    )


def _hundred(share: float) -> str:
    return wording.count(100 * share)
