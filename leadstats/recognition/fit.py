"""How well the cells of a column fit one of ours, and what cells say without any header."""

import functools
import re
from collections.abc import Mapping

from leadstats.model.schema import RACES, Column
from leadstats.recognition import forms, race_cells
from leadstats.recognition.profile import MOST_GROUPS, Profile

COORDINATES = {"latitude": 90.0, "longitude": 180.0}
FEWEST = 3  # different cells that tell anything of a column of numbers
MOST_CHOICES = 20  # different cells of a column with a fixed list of ours
DIRECTIONS = {"middle", "eastern", "north"}  # words in the names of races that names of places have too
WIDELY = 0.25  # of the cells, where a name of a place might have such a word
PARTLY = 0.1  # of the cells: so many known words are enough for somebody to be asked what the others are


def fit(column: Column, profile: Profile, name: float) -> float:
    """How well the cells fit the column, 0 to 1; `name` is how well the header does."""
    values = profile.values
    if not profile.filled:
        return 0.2 if column.required else 0.5
    if profile.points >= forms.FITS:
        return float(column.name in COORDINATES)  # coordinates are never the name of a place, nor a number
    if column.is_date:
        share = (profile.serials if name > 0.7 else profile.dates).share
        return share if share >= forms.FITS else 0
    if column.kind == "races":
        share = profile.races.share
        return share if share > 0.5 else 0.3 * (name > 0.95 and profile.distinct < 40)
    if column.name in ("is_diverted", "is_booked"):
        return max(profile.flags.share, forms.outcomes(values, column.name[3:]).share)
    if column.kind == "flag":
        return profile.flags.share
    if column.kind == "choice" and not column.other:
        share = forms.choices(column, values).share
        return share if share > 0.5 else 0.4 * (name > 0.9 and profile.distinct <= 40)
    if column.name in ("code", "destination", "project_type"):
        return forms.codes(column, values).share
    if column.kind in ("number", "integer"):
        return numeric(column, values)
    return _textual(column, profile)


def numeric(column: Column, values: Mapping[str, int]) -> float:
    reach = COORDINATES.get(column.name)
    low, high = (1900, 2030) if column.name == "birth_year" else (-reach, reach) if reach else (0, 10**9)
    total = fitting = 0
    for value, count in values.items():
        number = forms.number(value)
        total += count
        if number is not None and low <= number <= high:
            # Degrees have decimals; a whole number is some other number.
            fitting += count * (not reach or "." in value)
    return fitting / total if fitting / total >= forms.FITS else 0


def _textual(column: Column, profile: Profile) -> float:
    if column.name == "case_manager":
        return 0.0 if profile.dates.share > forms.FITS else 1.0  # a name as often as a number
    if column.privacy == "identifier":
        is_category = profile.distinct < 6 and profile.filled > 40
        if profile.dates.share > forms.FITS or is_category or _are_groups(profile):
            return 0.0
        return 0.2 if profile.is_prose else 1.0
    if column.name in ("sex", "gender"):
        return profile.sexes.share
    if profile.dates.share > forms.FITS:
        return 0.0
    # A category repeats; what never repeats is free text or an identifier.
    is_repeating = profile.variety < 0.5 or profile.filled < 20
    return 0.9 if is_repeating else 0.3


@functools.lru_cache(maxsize=10_000)
def _are_numbers(values: tuple[str, ...], variety: float, distinct: int) -> bool:
    if distinct < FEWEST or variety < 0.3:
        return False
    short = [value for value in values if len(value) <= 40 and any(map(str.isdigit, value))]
    has_prose = sum(value.count(" ") > 1 for value in values) > len(values) / 2
    return len(short) >= forms.FITS * len(values) and not has_prose


def is_number(profile: Profile, may_repeat: bool = False) -> bool:
    """Whether the cells look like numbers of something: of events, of people, of cases. may_repeat: even where there are
    few of them for so many rows, as of people to whom much happened."""
    values, variety = tuple(profile.values)[:60], 1.0 if may_repeat else profile.variety
    return _are_numbers(values, variety, profile.distinct) and profile.dates.share < forms.FITS


def names_groups(profile: Profile) -> bool:
    """Whether the cells name races beyond doubt: three groups in words, or the letters of most systems."""
    if profile.distinct < FEWEST or profile.is_ruled_out(race_cells.names_race):
        return False
    groups, in_words = profile.groups
    letters = {value.upper() for value in profile.values}
    is_told = in_words > 2 or ({"W", "B"} <= letters and groups > 2)
    return is_told and profile.races.share >= forms.FITS


def may_name_groups(profile: Profile) -> bool:
    """Whether enough cells name races that somebody should be asked about the others."""
    groups, in_words = profile.groups
    # A person may be of several; of few other things are there cells that name two of the others.
    are_several = any(_are_several(value, profile) for value in profile.values)
    if groups > 1 and in_words + groups > 3 - are_several and profile.races.share > PARTLY:
        return True
    if profile.distinct > MOST_GROUPS:
        return False
    # Words that nobody listed give a hint: Afro-American, South Asian, Islander.
    hints = {value: _words(value) & _words_of_races() for value in profile.values}
    told = {value: hints[value] or {race_cells.group(value)} - {None} for value in profile.values}
    share = sum(count for value, count in profile.values.items() if told[value]) / max(1, profile.filled)
    return any(hints.values()) and len(set().union(*told.values())) >= FEWEST - are_several and share > WIDELY


def _are_groups(profile: Profile) -> bool:
    """Whether the cells name races, and so number nothing. None has a digit, which is sooner seen."""
    return not any(any(map(str.isdigit, value)) for value in profile.values) and may_name_groups(profile)


def _are_several(value: str, profile: Profile) -> bool:
    several = (value.split(mark) for mark in race_cells.RACE_SEPARATORS if mark in value)
    return any(all(part.strip() in profile.values for part in parts) for parts in several)


@functools.cache
def _words_of_races() -> frozenset[str]:
    return frozenset(word for race in RACES for word in _words(race) if len(word) > 4) - DIRECTIONS


def _words(value: str) -> set[str]:
    return {*re.findall(r"[a-z]+", value.lower())}


def names_outcomes(profile: Profile) -> bool:
    """Whether some cells say diverted and others something else."""
    if not 1 < profile.distinct <= MOST_CHOICES:
        return False
    told = forms.outcomes(profile.values, "diverted")
    return told.share >= forms.FITS and len(set(told.values.values())) > 1


def says_yes_or_no(profile: Profile) -> bool:
    return profile.distinct <= 3 and profile.flags.share >= forms.FITS


def is_outcome(profile: Profile) -> bool:
    return all(forms.outcomes(profile.values, wanted).share > 0.6 for wanted in ("diverted", "booked"))


def is_form_state(profile: Profile) -> bool:
    """Whether it is the FORM_complete that REDCap adds to each form: 0, 1 or 2 for how far it is filled in, nothing about the person."""
    is_named = re.search(r"(?<=\w)_complete$|^complete\?$", profile.header, re.IGNORECASE)
    states = {"0", "1", "2", "incomplete", "unverified", "complete"}
    return bool(is_named) and {value.lower() for value in profile.values} <= states
