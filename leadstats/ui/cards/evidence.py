"""What is known from elsewhere: studies with their design and limits, and odds in numbers of people."""

import functools
import tomllib
from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from leadstats import charts
from leadstats.briefing import View
from leadstats.narrative import wording
from leadstats.narrative.wording import TextTable
from leadstats.statistics.intervals import risk_ratio
from leadstats.ui.cards.card import as_markup, lay_out
from leadstats.ui.shell import filters, locations
from leadstats.ui.shell.frame import block, section
from leadstats.ui.shell.markup import Markup, items, tag, text

CHANCES = {str(chance): f"{chance} of 100" for chance in range(5, 100, 5)}
FACTS = {
    "was": "What was found",
    "measure": "Measure",
    "design": "Design",
    "people": "People",
    "window": "Window",
    "missing": "Not found, or not asked",
}


def evidence(_view: View) -> None:
    """Never beside local numbers, and from none of them."""
    found = _evidence()
    block(tag("p", text(found["opening"]), class_="lead"))
    quoted = found["quoted"]
    section(quoted["title"], quoted["text"])
    for claim in quoted["claims"]:
        facts = {title: claim[field] for field, title in FACTS.items()}
        block(_study(f"\N{LEFT DOUBLE QUOTATION MARK}{claim['claim']}\N{RIGHT DOUBLE QUOTATION MARK}", facts))
    _odds(found["odds"])
    for chapter in found["chapters"]:
        section(chapter["title"], chapter.get("text", ""))
        for study in chapter["studies"]:
            block(_study(study["says"], study["facts"]))
    section(found["reading"]["title"])
    block(items(found["reading"]["rules"]))


def _study(says: str, facts: Mapping[str, str]) -> Markup:
    pairs = (tag("dt", text(name)) + tag("dd", text(fact)) for name, fact in facts.items())
    return tag("div", tag("h3", text(says)), tag("dl", *pairs, class_="definition"), class_="card")


def _odds(found: Mapping[str, Any]) -> None:
    section(found["title"], found["text"])
    with st.container(key="chance", width=620):
        chance = int(filters.one_of("evidence", "chance", found["label"], CHANCES, "50", is_scale=True)) / 100
    claims = [(claim["what"], claim["ratio"]) for claim in found["claims"]]
    ratio = claims[0][1]
    curve = [(step / 100, 1 - risk_ratio(ratio, step / 100)) for step in range(1, 100)]
    fewer = 1 - risk_ratio(ratio, chance)
    finding = (
        f"If {_hundred(chance)} of 100 are arrested again in a comparison group, odds {_hundred(1 - ratio)}% lower "
        f"mean {_hundred(chance * (1 - fewer))} of 100: {_hundred(fewer)}% fewer people"
    )
    told = tag(
        "div",
        tag("h3", text(finding)),
        tag("p", text(_as_odds(chance, ratio))),
        tag("p", text("Where hardly anybody is arrested again, odds and chances are nearly the same.")),
        class_="card",
    )
    chart = charts.share_fewer(curve, (chance, fewer), f"{finding}.")
    lay_out(told, chart, "odds", as_markup(_table(claims, chance)))


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


@functools.cache
def _evidence() -> dict:
    return tomllib.loads((locations.ROOT / "docs" / "evidence.toml").read_text(encoding="utf-8"))
