"""Lists of codes, each once: HUD's and our own. SQL reads them as the tables of the schema `codes`."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from leadstats.model.schema import (
    CLOSED_REASONS,
    CONTACT_KINDS,
    EXIT_REASONS,
    HOUR_BANDS,
    NEEDS,
    PATHWAYS,
    RACES,
    TWO_OR_MORE,
    UNKNOWN,
)

HousingKind = Literal["homeless", "jail", "institution", "temporary", "permanent", "unknown", "died"]
Outcome = Literal["positive", "negative", "left out"]


@dataclass(frozen=True)
class HousingCode:
    """A HUD living situation or destination, FY2024 and FY2026 (HMIS Data Dictionary, appendix A).

    measure_7a, measure_7b: how HUD's system performance measures count an exit there, for people who leave
    outreach and for people who leave shelter.
    """

    code: int
    name: str  # in fewer words than HUD uses
    kind: HousingKind
    measure_7a: Outcome
    measure_7b: Outcome
    is_situation: bool = True
    is_destination: bool = True
    is_interim: bool = False  # a bed for now: shelter, Safe Haven, transitional housing
    fy2022: tuple[int, ...] = ()  # the codes of FY2022, which distinguished kinds of subsidy


def _housing(
    code: int, name: str, kind: HousingKind, outcomes: str, *fy2022: int, **facts: bool
) -> HousingCode:
    """outcomes: for measures 7a and 7b; + positive, - negative, o left out."""
    named: dict[str, Outcome] = {"+": "positive", "-": "negative", "o": "left out"}
    measure_7a, measure_7b = (named[sign] for sign in outcomes)
    return HousingCode(code, name, kind, measure_7a, measure_7b, fy2022=fy2022 or (code,), **facts)


HOUSING_CODES = (
    _housing(101, "emergency shelter", "homeless", "+-", 1, is_interim=True),
    _housing(116, "place not meant for living", "homeless", "--", 16),
    _housing(118, "Safe Haven", "homeless", "+-", 18, is_interim=True),
    _housing(204, "psychiatric hospital", "institution", "+-", 4),
    _housing(205, "substance use treatment", "institution", "+-", 5),
    _housing(206, "hospital", "institution", "oo", 6),
    _housing(207, "jail or prison", "jail", "--", 7),
    _housing(215, "foster care", "institution", "+o", 15),
    _housing(225, "long-term care", "institution", "+o", 25),
    _housing(302, "transitional housing", "temporary", "+-", 2, is_interim=True),
    _housing(312, "family, temporary", "temporary", "+-", 12, is_situation=False),
    _housing(313, "friends, temporary", "temporary", "+-", 13, is_situation=False),
    _housing(314, "hotel, self-paid", "temporary", "+-", 14),
    _housing(327, "HOPWA transitional housing", "temporary", "+-", 27, is_situation=False),
    _housing(329, "halfway house", "temporary", "o-", 29),
    _housing(332, "host home", "temporary", "+-", 32),
    _housing(335, "a family member's place", "temporary", "--", 35, is_destination=False),
    _housing(336, "a friend's place", "temporary", "--", 36, is_destination=False),
    _housing(410, "rented home, no subsidy", "permanent", "++", 10),
    _housing(411, "owned home, no subsidy", "permanent", "++", 11),
    _housing(421, "owned home, with subsidy", "permanent", "++", 21),
    _housing(422, "family, permanent", "permanent", "++", 22, is_situation=False),
    _housing(423, "friends, permanent", "permanent", "++", 23, is_situation=False),
    _housing(426, "HOPWA permanent housing", "permanent", "++", 26, is_situation=False),
    _housing(435, "rented home, with subsidy", "permanent", "++", 3, 19, 20, 28, 31, 33, 34),
    _housing(8, "person does not know", "unknown", "--"),
    _housing(9, "person prefers not to say", "unknown", "--"),
    _housing(17, "other destination", "unknown", "--"),
    _housing(24, "died", "died", "oo", is_situation=False),
    _housing(30, "no exit interview", "unknown", "--", is_situation=False),
    _housing(37, "cannot be determined", "unknown", "--", is_destination=False),
    _housing(99, "not recorded", "unknown", "--"),
    # Kinds of subsidy, which some systems write in place of the destination: a home, but not a destination.
    *(
        HousingCode(code, name, "permanent", "negative", "negative", is_situation=False, is_destination=False)
        for code, name in {
            419: "home, VASH subsidy",
            420: "home, other subsidy",
            428: "home, GPD TIP subsidy",
            431: "home, rapid re-housing",
            433: "home, housing voucher",
            434: "home, public housing",
            436: "home, emergency housing voucher",
            437: "home, family unification voucher",
            438: "home, foster youth initiative",
            439: "permanent supportive housing",
            440: "other housing for people who were homeless",
        }.items()
    ),
)
STABILITY: Mapping[HousingKind, str] = {
    "homeless": "homeless or in jail",
    "jail": "homeless or in jail",
    "institution": "temporary",
    "temporary": "temporary",
    "permanent": "permanent",
}
# HUD's project types, by what they mean to a person.
PROJECT_KINDS: Mapping[int, str] = {
    0: "shelter",
    1: "shelter",
    8: "shelter",  # Safe Haven
    2: "transitional",
    4: "outreach",
    3: "permanent",
    9: "permanent",
    10: "permanent",
    13: "rapid re-housing",
    **dict.fromkeys((6, 7, 11, 12, 14), "services"),
}
# Each age band by the first age in it.
AGE_BANDS: Mapping[str, int] = {
    "Under 18": 0,
    "18-24": 18,
    "25-34": 25,
    "35-44": 35,
    "45-54": 45,
    "55-64": 55,
    "65 and over": 65,
}


def label(choice: str) -> str:
    """A choice of an export column as a category of a breakdown, written as queries/dimensions.sql writes it."""
    return choice[:1].upper() + choice[1:]


# The categories that breakdowns always have, with or without people. Those named in the exports go in between.
CATEGORIES: Mapping[str, tuple[str, ...]] = {
    "race": (*RACES, TWO_OR_MORE, UNKNOWN),
    "race_alone_or_in_combination": (*RACES, UNKNOWN),
    "age_band": (*AGE_BANDS, UNKNOWN),
    "pathway": PATHWAYS,
    "neighborhood": (UNKNOWN,),
    "closed_reason": (*map(label, CLOSED_REASONS), UNKNOWN),
    "exit_reason": (*map(label, EXIT_REASONS), UNKNOWN),
    "need": (*map(label, NEEDS), UNKNOWN),
    "contact_kind": (*map(label, CONTACT_KINDS), UNKNOWN),
    "hour_band": (*HOUR_BANDS, UNKNOWN),
    "offense_timing": ("Before LEAD", "Since LEAD began"),
}


def tables() -> Mapping[str, list[dict[str, Any]]]:
    """The lists as rows, by the name of their table in SQL."""
    return {
        "housing": [{**asdict(code), "stability": STABILITY.get(code.kind)} for code in HOUSING_CODES],
        "project": [{"project_type": number, "kind": kind} for number, kind in PROJECT_KINDS.items()],
        "age_band": [{"label": label, "from_age": age} for label, age in AGE_BANDS.items()],
        "category": [
            {"breakdown": breakdown, "category": category}
            for breakdown, categories in CATEGORIES.items()
            for category in categories
        ],
    }
