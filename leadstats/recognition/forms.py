"""What words, codes and numbers in cells mean: yes or no, outcomes, choices, points. Hides every form but ours."""

import functools
import itertools
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from leadstats.model.schema import Column
from leadstats.recognition.vocabulary import closest, simple, spelled_out, translator, words_of

# As the macro as_point reads them.
POINT = re.compile(
    r"\s*POINT[ ZM]*(\(\s*-?[\d.]+\s+-?[\d.]+.*|EMPTY)|.*coordinates[^\d-]*-?[\d.]+\s*,\s*-?[\d.]+.*"
    r"|.*latitude[^\d-]+-?[\d.]+.*|.*-?\d{1,3}\.\d+\s*[, ]\s*-?\d{1,3}\.\d+\s*\)?\s*",
    re.IGNORECASE | re.DOTALL,
)
FITS = 0.9  # the share of cells that must have a form for it to be the form of the column
# The section of words.toml that a column takes its words from.
CHOICES = {
    "pathway": "pathways",
    "screening": "screenings",
    "diversion_result": "diversion_results",
    "closed_reason": "closed_reasons",
    "exit_reason": "exit_reasons",
    "need": "needs",
    "kind": "contact_kinds",
    "outcome": "case_outcomes",
}
MOST_WORDS = 12  # with more words that each occur once, the column is free text
LONGEST_WORD = 4  # of one meaning, in words


@dataclass(frozen=True)
class Words:
    """How a column's values become ours, which of them are unclear, and the share of cells that covers.

    separator: the mark between several values in one cell. together: if no one mark works for all cells, each such
    cell and its values.
    """

    share: float
    values: Mapping[str, str] = field(default_factory=dict)
    unclear: tuple[str, ...] = ()
    separator: str | None = None
    together: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def in_ours(self, told: Mapping[str, str]) -> dict[str, str]:
        """All values as ours, including what was answered about the unclear ones."""
        ours = {**self.values, **told}
        whole = {
            cell: ";".join(dict.fromkeys(filter(None, (ours.get(part, part) for part in parts))))
            for cell, parts in self.together.items()
        }
        return ours | whole


def points(values: Mapping[str, int]) -> float:
    """The share of cells that hold both coordinates of a point."""
    if not any(map(POINT.fullmatch, itertools.islice(values, 3))):
        return 0.0  # most columns, at the least cost
    return share_of(values, values, POINT.fullmatch)


def share_of(values: Mapping[str, int], among: Mapping[str, int], test) -> float:
    """The cells of `among` that pass the test, as a share of all cells; both map cells to how often each occurs."""
    return sum(count for value, count in among.items() if test(value)) / max(1, sum(values.values()))


def yes_or_no(values: Mapping[str, int]) -> Words:
    yes, no = words_of("yes"), words_of("no")
    empty = words_of("missing", "unknown") - yes - no
    known = {value: simple(value) for value in values}
    share = share_of(values, values, lambda value: known[value] in yes | no | empty)
    if len(values) > 8 or not any(known[value] in yes for value in values):
        share = min(share, 0.5)
    ours = {
        value: "yes" if known[value] in yes else "no" if known[value] in no else ""
        for value in values
        if known[value] in yes | no | empty and known[value] not in ("true", "false", "yes", "no", "1", "0")
    }
    return Words(share, ours)


def outcomes(values: Mapping[str, int], wanted: str) -> Words:
    """A column of dispositions, read as yes or no to one of them."""
    found = {value: _outcome(value) for value in values}
    share = share_of(values, values, lambda value: found[value] is not None)
    has_wanted = any(outcome == wanted for outcome in found.values())
    ours = {value: "yes" if outcome == wanted else "no" for value, outcome in found.items() if outcome}
    return Words(share if has_wanted else 0, ours, tuple(value for value in values if not found[value]))


@functools.lru_cache(maxsize=20_000)
def _outcome(value: str) -> str | None:
    # An abbreviation is looked up as the words it stands for: BKD as booked.
    whole = simple(value)
    return nearest(whole, "outcomes") or nearest(" ".join(spelled_out(value)), "outcomes")


@functools.lru_cache(maxsize=100_000)
def nearest(value: str, *sections: str, wanted: float = 0.86) -> str | None:
    """Our word for one of theirs, even if it is misspelled; None if it is not like any."""
    known = translator(*sections)
    if value in known:
        return known[value]
    word, score = closest(value, known)
    return known[word] if word and score >= wanted else None


def known_words(column: Column) -> dict[str, str]:
    """All words that mean a choice of a column, or nothing (""), without punctuation. Other words are not known."""
    nothing = dict.fromkeys(words_of("missing", "unknown"), "")
    return {**nothing, **translator(CHOICES[column.name]), **{simple(each): each for each in column.choices}}


def choices(column: Column, values: Mapping[str, int]) -> Words:
    """A column with a fixed list of ours, such as the pathway of a referral."""
    own = frozenset(choice.lower() for choice in column.choices)
    words = _translated(values, (CHOICES[column.name],), own)
    if not column.other:
        return words
    # Some columns that take any word hold what somebody wrote about a person, which is nothing to ask about.
    are_few = len(words.unclear) <= MOST_WORDS
    unclear = (each for each in words.unclear if are_few or values[each] > 1)
    return replace(words, unclear=tuple(each for each in unclear if len(each.split()) <= LONGEST_WORD))


def is_choice(column: Column, value: str) -> bool:
    """Whether a cell is a known word for one of the things that a column may hold."""
    return _is_known(value, CHOICES[column.name], column.choices)


@functools.lru_cache(maxsize=50_000)
def _is_known(value: str, section: str, choices: tuple[str, ...]) -> bool:
    return not _translated({value: 1}, (section,), frozenset(map(str.lower, choices))).unclear


def sexes(values: Mapping[str, int]) -> Words:
    ours, fitting = {}, 0
    for value, count in values.items():
        word = simple(value)
        known = translator("sexes").get(word, "" if word in words_of("unknown", "missing") else None)
        fitting += count * (known is not None)
        if known is not None and known != value:
            ours[value] = known
    return Words(fitting / max(1, sum(values.values())), ours)


def codes(column: Column, values: Mapping[str, int]) -> Words:
    """HUD's numbers, or the labels for them."""
    sections = {
        "code": ("living_situations",),
        "destination": ("living_situations", "destinations"),
        "project_type": ("project_types",),
    }[column.name]
    numbers = set(translator(*sections).values())
    if column.name != "project_type":
        numbers |= {str(number) for number in range(1, 40)} | {str(n) for n in range(101, 440)}
    return _translated(values, sections, frozenset(numbers))


def _translated(values: Mapping[str, int], sections: tuple[str, ...], own: frozenset[str]) -> Words:
    ours, unclear, fitting = {}, [], 0
    for value, count in values.items():
        word = simple(value)
        if value.lower() in own or ("." in value and re.sub(r"\.0+$", "", value) in own):
            fitting += count
        elif (group := nearest(word, *sections)) is not None:
            ours[value] = group
            fitting += count
        elif word in words_of("missing", "unknown"):
            ours[value] = ""
            fitting += count
        else:
            unclear.append(value)
    return Words(fitting / max(1, sum(values.values())), ours, tuple(unclear))


def number(value: str) -> float | None:
    """A number as people write it, with or without thousands separators; None if it is not one."""
    if not re.fullmatch(r"[+-]?(\d+|\d{1,3}(,\d{3})+)(\.\d*)?", value):
        return None
    return float(value.replace(",", ""))
