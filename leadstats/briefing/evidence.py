"""Odds from studies elsewhere, as numbers of people, for any chance that a reader assumes. Uses no local number."""

from collections.abc import Sequence

from leadstats import charts
from leadstats.briefing.answer import Answer
from leadstats.model.language import say
from leadstats.narrative import wording
from leadstats.narrative.wording import TextTable
from leadstats.statistics.intervals import risk_ratio


def odds_as_people(claims: Sequence[tuple[str, float]], chance: float) -> Answer:
    """claims: what was found and its odds ratio; the first is drawn. chance: of being arrested again in a comparison
    group."""
    ratio = claims[0][1]
    curve = [(step / 100, 1 - risk_ratio(ratio, step / 100)) for step in range(1, 100)]
    fewer = 1 - risk_ratio(ratio, chance)
    finding = say(
        "If {hundred} of 100 are arrested again in a comparison group, odds {hundred2}% lower mean "
        "{hundred3} of 100: {hundred4}% fewer people",
        hundred=_hundred(chance),
        hundred2=_hundred(1 - ratio),
        hundred3=_hundred(chance * (1 - fewer)),
        hundred4=_hundred(fewer),
    )
    rare = say("Where hardly anybody is arrested again, odds and chances are nearly the same.")
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
    return say(
        "{hundred} of 100 are odds of {ratio} to 1. {hundred2}% lower odds are {ratio2} to 1.",
        hundred=_hundred(chance),
        ratio=wording.ratio(before),
        hundred2=_hundred(1 - ratio),
        ratio2=wording.ratio(before * ratio),
    )


def _table(claims: Sequence[tuple[str, float]], chance: float) -> TextTable:
    rows = tuple(
        (
            what,
            say("{hundred}% lower", hundred=_hundred(1 - ratio)),
            say("{hundred} of 100", hundred=_hundred(chance * risk_ratio(ratio, chance))),
            f"{_hundred(1 - risk_ratio(ratio, chance))}%",
        )
        for what, ratio in claims
    )
    head = (say("In Seattle"), say("Odds"), say("Then in LEAD"), say("Fewer people"))
    return TextTable(
        say(
            "Lower odds as people, if it is {hundred} of 100 in a comparison group", hundred=_hundred(chance)
        ),
        head,
        rows,
    )


def _hundred(share: float) -> str:
    return wording.count(100 * share)
