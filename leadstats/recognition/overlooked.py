"""Columns that nobody uses but that look important."""

import functools
from collections.abc import Iterable, Iterator

from leadstats.recognition import forms
from leadstats.recognition.fit import is_form_state, names_groups
from leadstats.recognition.profile import MOST_GROUPS, Profile, Sheet
from leadstats.recognition.vocabulary import spelled_out

OF_OTHERS = ("officer", "staff", "user", "created", "modified", "updated", "entered", "printed")
MOST_STATES = 20  # a "State" with more values is a US state
LOOKS = {
    "race": ("race", "ethnicity", "hispanic", "latino", "ethnic"),
    "sex": ("sex", "gender"),
    "age": ("age", "birth", "birthday", "yob"),
    "outcome": ("outcome", "disposition", "result", "resolution"),
    "status": ("status", "stage", "state"),
    "place": ("neighborhood", "beat", "precinct", "district", "zone", "tract", "sector", "ward"),
}


def overlooked(sheet: Sheet, used: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Unused columns that look like race, sex, age, place, status, outcome or a date, and what they look like."""
    used = {each.lower() for each in used}
    for profile in sheet.columns:
        is_free = profile.header.lower() not in used and profile.filled and not is_form_state(profile)
        if is_free and (look := _looks_like(profile)):
            yield profile.header, look


def _looks_like(profile: Profile) -> str | None:
    words = {*spelled_out(profile.header)}
    if words & _spelled(OF_OTHERS):
        return None
    for look, said in LOOKS.items():
        found = words & _spelled(said)
        if found and not (found == {"state"} and profile.distinct > MOST_STATES):
            return look
    if profile.distinct <= MOST_GROUPS and names_groups(profile):
        return "race"
    return "a date" if profile.dates.share >= forms.FITS else None


@functools.cache
def _spelled(words: tuple[str, ...]) -> frozenset[str]:
    """Words as those of a header are spelled out."""
    return frozenset(each for word in words for each in spelled_out(word))
