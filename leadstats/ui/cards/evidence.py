"""What is known from elsewhere: studies with their design and limits, and odds in numbers of people."""

import functools
import tomllib
from collections.abc import Mapping
from typing import Any

import streamlit as st

from leadstats.briefing import View
from leadstats.briefing.evidence import odds_as_people
from leadstats.model.language import message, say
from leadstats.narrative import wording
from leadstats.ui.cards.card import card
from leadstats.ui.shell import filters, locations, sheet
from leadstats.ui.shell.frame import block, section
from leadstats.ui.shell.markup import Markup, details, items, tag, text

CHANCES = [str(chance) for chance in range(5, 100, 5)]
FACTS = {
    "was": message("What was found"),
    "measure": message("Measure"),
    "design": message("Design"),
    "people": message("People"),
    "window": message("Window"),
    "missing": message("Not found, or not asked"),
}


def evidence(view: View) -> None:
    """Never beside local numbers, and from none of them."""
    found = _evidence()
    block(tag("p", text(say(found["opening"])), class_="lead"))
    quoted = found["quoted"]
    section(quoted["title"], quoted["text"])
    for claim in quoted["claims"]:
        facts = {say(title): claim[field] for field, title in FACTS.items()}
        quoted_as = f"\N{LEFT DOUBLE QUOTATION MARK}{say(claim['claim'])}\N{RIGHT DOUBLE QUOTATION MARK}"
        # What is quoted never stands without what it was.
        block(_study(f"{quoted_as}: {wording.small(say(claim['was']))}", facts))
    _odds(view, found["odds"])
    for chapter in found["chapters"]:
        section(chapter["title"], chapter.get("text", ""))
        for study in chapter["studies"]:
            block(_study(study["says"], study["facts"]))
    section(found["reading"]["title"])
    block(items(map(say, found["reading"]["rules"])))


def _study(says: str, facts: Mapping[str, str]) -> Markup:
    pairs = (tag("dt", text(say(name))) + tag("dd", text(say(fact))) for name, fact in facts.items())
    return details(say(says), tag("dl", *pairs, class_="definition"))


def _odds(view: View, found: Mapping[str, Any]) -> None:
    section(found["title"], found["text"])
    chances = {chance: say("{number} of 100", number=chance) for chance in CHANCES}
    with sheet.among_widgets(), st.container(key="chance", width=620):
        chance = (
            int(filters.one_of("evidence", "chance", say(found["label"]), chances, "50", is_scale=True)) / 100
        )
    claims = [(say(claim["what"]), claim["ratio"]) for claim in found["claims"]]
    card(view, odds_as_people(claims, chance))


@functools.cache
def _evidence() -> dict:
    return tomllib.loads((locations.ROOT / "docs" / "evidence.toml").read_text(encoding="utf-8"))
