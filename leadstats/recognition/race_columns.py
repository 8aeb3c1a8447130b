"""Race spread over several columns: one that counts each group of residents, or one with yes or no for each race."""

import functools
import re

from leadstats.model.schema import RACES, TABLES, TWO_OR_MORE
from leadstats.recognition import forms, vocabulary
from leadstats.recognition.fit import numeric
from leadstats.recognition.profile import Sheet
from leadstats.recognition.vocabulary import simple, translator


def wide(sheet: Sheet) -> dict[str, str]:
    """The columns that each count the people of one group, and the groups; one column per group."""
    groups: dict[str, str] = {}
    for profile in sheet.columns:
        group = race_of_header(profile.header)
        # A column of the Census Bureau is known by its name, whatever placeholders its cells hold.
        is_number = group is not None and (
            _is_census(profile.header)
            or numeric(TABLES["population"].column("people"), profile.values or {"": 1})
        )
        if is_number and group not in groups.values():
            groups[profile.header] = group
    return groups


def marked(sheet: Sheet) -> dict[str, str]:
    """Columns that each say yes or no to one race, and the race."""
    found = {}
    for profile in sheet.columns:
        group = _race_asked(profile.header) if 0 < profile.distinct <= 3 else None
        if group and profile.flags.share >= forms.FITS:
            found[profile.header] = group
    return found


@functools.lru_cache(maxsize=50_000)
def _race_asked(header: str) -> str | None:
    """The race that a yes-or-no column asks about: race_white, Race: White, Race (choice=White), Is White?"""
    if choice := re.search(r"\(choice=(.*)\)\s*$", header):
        is_of_race = re.search(r"race|ethnic|hispanic|latin", header[: choice.start()], re.IGNORECASE)
        return race_of_header(choice[1]) if is_of_race else None
    header = re.sub(r"([a-z])([A-Z])", r"\1 \2", header)
    header = re.sub(r"^(race|ethnicity|is|identifies as)[\s_:-]*", "", header, flags=re.IGNORECASE)
    return race_of_header(header.rstrip("?")) or None


def coded(sheet: Sheet) -> list[str]:
    """Columns that each say yes or no to a race given as a number: race___1, race___2."""
    named = (
        p for p in sheet.columns if re.fullmatch(r"(\w*_)?(race|ethnicity)\w*___\w+", p.header, re.IGNORECASE)
    )
    return [
        each.header
        for each in named
        if _race_asked(each.header.replace("___", "_")) is None and each.distinct <= 3
    ]


def _is_census(header: str) -> bool:
    return header in vocabulary.load()["census"]


@functools.lru_cache(maxsize=50_000)
def race_of_header(header: str) -> str | None:
    """The group a column counts, or "" for everyone; None if it is not such a column."""
    census = vocabulary.load()["census"]
    if header in census:
        return census[header]
    said = simple(re.sub(r"[_!:]+", " ", header))
    said = re.sub(
        r"\b(alone|population|pop|count|total|estimate|est|number|people|residents|persons|all|ttl|race|races)\b",
        " ",
        said,
    )
    said = " ".join(said.split())
    if not said:
        return "" if re.search(r"total|ttl|all|population|pop", header, re.IGNORECASE) else None
    group = translator("races").get(said)
    return group if len(said) > 2 and group in (*RACES, TWO_OR_MORE) else None
