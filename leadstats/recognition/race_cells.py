"""Which races a cell names, even several at once, and which cells say Hispanic or not."""

import functools
import re
from collections.abc import Mapping

from leadstats.model.schema import RACES, TWO_OR_MORE
from leadstats.recognition.forms import Words, nearest
from leadstats.recognition.vocabulary import simple, translator, words_of

RACE_SEPARATORS = (";", ", ", ",", "/", "|", " and ", " & ", "+")
# Not before the ending of Latino/a/x, which is not a letter for a group.
ANY_SEPARATOR = re.compile(
    r"\s*(?:[;,|+&\n]|/(?!(?-i:(?<=[a-z]/)[aeox])(?![^\W_])))\s*|\s+and\s+|\s+-\s+", re.IGNORECASE
)
GROUPS = frozenset((*RACES, TWO_OR_MORE))
NO_GROUP, OTHER, UNCLEAR = "", "other", "unclear"


def races(values: Mapping[str, int]) -> Words:
    """Which of our groups each cell, or each part of it, is. A cell with several known groups is all of them."""
    parts = {value: _race_parts(value) for value in values}
    several = {value: found for value, found in parts.items() if len(found) > 1}
    separator = next((mark for mark in RACE_SEPARATORS if _cuts(mark, several)), None) if several else None
    ours: dict[str, str] = {}
    unclear: dict[str, None] = {}
    fitting = named = 0
    for value, count in values.items():
        known = [meaning is not None for _, meaning in parts[value]]
        fitting += count * all(known)
        named += count * any(meaning in GROUPS for _, meaning in parts[value])
        unclear |= dict.fromkeys(part for part, meaning in parts[value] if meaning in (None, UNCLEAR))
        for part, meaning in parts[value]:
            if meaning in GROUPS and part.lower() != meaning.lower():
                ours[part] = meaning
            elif meaning == NO_GROUP and simple(part) != "unknown":
                ours[part] = ""
    together = (
        {} if separator else {value: tuple(part for part, _ in found) for value, found in several.items()}
    )
    share = fitting / max(1, sum(values.values())) if named else 0
    return Words(share, ours, tuple(unclear), separator, together)


def names_race(cell: str) -> bool:
    """Whether every part of a cell is a group, or says there is none."""
    return all(meaning is not None for _, meaning in _race_parts(cell))


def group(cell: str) -> str | None:
    """The group that a cell names, once or in two words for it (BLK/AA); None if it names none, or several."""
    found = {meaning for _, meaning in _race_parts(cell)}
    return next(iter(found & GROUPS)) if len(found) == 1 and found <= GROUPS else None


def _cuts(mark: str, several: Mapping[str, tuple[tuple[str, str | None], ...]]) -> bool:
    return all(
        [each.strip() for each in value.split(mark)] == [p for p, _ in parts]
        for value, parts in several.items()
    )


@functools.lru_cache(maxsize=50_000)
def _race_parts(cell: str) -> tuple[tuple[str, str | None], ...]:
    """The parts of a cell, each with its group, NO_GROUP, OTHER, UNCLEAR (a letter), or None if not known.

    Marks between groups also occur inside the names of groups ("Black/African American"), so the longest runs of
    parts that are a name are tried first.
    """
    if (meaning := _race(cell, is_exact=True)) is not None:
        return ((cell, meaning),)
    spans, start = [], 0
    for mark in ANY_SEPARATOR.finditer(cell):
        spans.append((start, mark.start()))
        start = mark.end()
    spans = [(first, last) for first, last in (*spans, (start, len(cell))) if cell[first:last].strip()]
    parts: list[tuple[str, str | None]] = []
    while spans:
        for last in range(len(spans), 0, -1):
            text = cell[spans[0][0] : spans[last - 1][1]].strip()
            meaning = _race(text, is_exact=last > 1)
            if meaning is not None or last == 1:
                parts += [(text, meaning)] if meaning is not None else _race_words(text)
                spans = spans[last:]
                break
    return tuple(parts)


def _race_words(text: str) -> list[tuple[str, str | None]]:
    """The names in a text with only blanks between them, if there is nothing else in it."""
    words, found = text.split(), []
    while words:
        runs = (" ".join(words[:last]) for last in range(len(words), 0, -1))
        run = next((run for run in runs if len(run) > 2 and _race(run, is_exact=True) in GROUPS), None)
        if run is None:
            return [(text, None)]
        found.append((run, _race(run, is_exact=True)))
        words = words[len(run.split()) :]
    return found


def _race(text: str, is_exact: bool) -> str | None:
    word = simple(text)
    if (group := translator("races").get(word)) is not None:
        return group
    for sections, meaning in ((("unknown", "missing", "not_races"), NO_GROUP), (("other_races",), OTHER)):
        if word in words_of(*sections):
            return meaning
    if word in words_of("unclear_races"):
        return UNCLEAR
    group = None if is_exact else nearest(word, "races")
    # "Black Hispanic" is like "Black, non-Hispanic" in letters alone.
    return None if group != "Hispanic or Latino" and re.search("hispan|latin", word) else group


def ethnicities(values: Mapping[str, int]) -> Words:
    """A column that says Hispanic or not in words, letters or as yes and no, read as "yes", "no" or ""."""
    ours: dict[str, str] = {}
    unclear = []
    fitting = 0
    for value, count in values.items():
        word = simple(value)
        if (meaning := translator("ethnicities").get(word)) is not None:
            ours[value] = meaning
        elif word in words_of("unknown", "missing", "other_races"):
            ours[value] = ""
        else:
            unclear.append(value)
            continue
        fitting += count
    has_yes = "yes" in ours.values()
    return Words(fitting / max(1, sum(values.values())) if has_yes else 0, ours, tuple(unclear))
