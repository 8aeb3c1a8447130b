"""The words of other systems for what we mean: how alike a header and a column of ours are."""

import functools
import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from rapidfuzz import fuzz

from leadstats.model.schema import TABLES

# Systems number things by an id, a number, a key or a code of the thing; to us it is one word.
PEOPLE = ("client", "participant", "individual", "subject", "inmate", "defendant", "offender", "patient")
SAME = dict.fromkeys(("id", "number", "key"), "identifier") | dict.fromkeys(PEOPLE, "person")
# Words that many headers share tell little of them.
WEIGHTS = {
    "date": 0.5,
    "identifier": 0.6,
    "person": 0.7,
    "type": 0.7,
    "code": 0.4,
    "status": 0.7,
    "name": 0.7,
}
# What is often written without a gap before it: INMATEID, BOOKINGDATE.
ATTACHED = re.compile(r"(?<=[a-z]{4})(id|date|name|number|code|type|time)$")
SINGULAR = re.compile(r"(?<=[a-z]{3})(?<!s)s$")


@functools.cache
def load() -> Mapping[str, Any]:
    """The whole vocabulary, as it stands in words.toml."""
    return tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))


@functools.lru_cache(maxsize=10_000)
def plain(header: str) -> str:
    """A header as lower-case words without abbreviations: 'DOBDt' is 'date birth'."""
    found = [SAME.get(word, word) for word in spelled_out(header)]
    found = [
        word for word in found if word not in load()["ignored"]["words"] and (len(word) > 1 or word.isdigit())
    ]
    # A moment is told by its date as much as by its time.
    if "date" in found:
        found = [word for word in found if word != "time"]
    return " ".join(dict.fromkeys(found))


def spelled_out(header: str) -> list[str]:
    header = re.sub(r"([a-z\d])([A-Z])|([A-Z])([A-Z][a-z])", r"\1\3 \2\4", header).replace("#", " number ")
    short = load()["short"]
    words = []
    for word in re.findall(r"[a-z]+|\d+", header.lower().replace("'", "").replace("datetime", "date time")):
        word = word if word in short else ATTACHED.sub(r" \1", word)
        words.extend(
            SINGULAR.sub("", each) for part in word.split() for each in short.get(part, part).split()
        )
    return words


@functools.cache
def _phrases(table: str, column: str) -> tuple[str, ...]:
    """The ways to say a column, the canonical name first; the table's own ones before all others."""
    words = load()
    own = words["tables"].get(table, {}).get("columns", {}).get(column, [])
    # A bare "ID" numbers the rows of its own file.
    bare = ["id"] if TABLES[table].key[:1] == (column,) else []
    phrases = (column, *own, *words["columns"].get(column, []), *bare)
    return tuple(dict.fromkeys(map(plain, phrases)))


@functools.lru_cache(maxsize=100_000)
def likeness(header: str, table: str, column: str) -> float:
    """0 to 1; 1 if the header is one of the known phrases."""
    if header.lower() == column:
        return 1.0
    said = plain(header)
    # Of the known phrases the earlier is the better: a neighborhood beats a precinct.
    phrases = _phrases(table, column)
    return max(
        (_alike(said, phrase) - 0.04 * order / len(phrases) for order, phrase in enumerate(phrases)),
        default=0,
    )


@functools.lru_cache(maxsize=10_000)
def unwanted(header: str) -> float:
    """How much a header is like one that no column wants."""
    said = plain(header)
    return max(_alike(said, phrase) for phrase in map(plain, load()["unwanted"]["phrases"]))


@functools.lru_cache(maxsize=10_000)
def best_meaning(header: str) -> tuple[float, frozenset[str]]:
    """How well the header says anything of ours, and the columns it says best."""
    found = {
        (table.name, column.name): likeness(header, table.name, column.name)
        for table in TABLES.values()
        for column in table.columns
    }
    best = max(found.values())
    return best, frozenset(column for (_, column), score in found.items() if score > best - 0.05)


@functools.lru_cache(maxsize=200_000)
def _alike(said: str, phrase: str) -> float:
    """Half by letters, half by words, so that neither a slip nor a common word decides."""
    if said == phrase:
        return 1.0
    ours, theirs = said.split(), phrase.split()
    if not ours or not theirs:
        return 0.0
    common = sum(_weight(word) for word in theirs if any(fuzz.ratio(word, other) > 85 for other in ours))
    by_words = 2 * common / (sum(map(_weight, ours)) + sum(map(_weight, theirs)))
    return (fuzz.token_sort_ratio(said, phrase) / 100 + min(by_words, 1)) / 2


def _weight(word: str) -> float:
    return WEIGHTS.get(word, 1.0)


def of_file(stem: str, table: str) -> float:
    """How much a file's name speaks for a table: the share of its words that are the table's."""
    said = {word for word in spelled_out(stem) if not word.isdigit()}
    files = (*load()["tables"].get(table, {}).get("files", ()), table)
    known = {each for word in files for each in spelled_out(word)}
    return min(1.0, len(said & known) / max(1, min(len(said), 2)))


def translator(section: str, *others: str) -> Mapping[str, str]:
    """Lower-case words of theirs and what they are in ours, from sections of the vocabulary."""
    words = load()
    return {
        simple(each): ours
        for name in (section, *others)
        for ours, theirs in words[name].items()
        for each in (ours, *theirs)
    }


def words_of(*sections: str) -> frozenset[str]:
    return frozenset(simple(word) for section in sections for word in load()[section]["words"])


def simple(value: str) -> str:
    """A value for comparison: lower case, without marks; a value of nothing but marks as it is."""
    return " ".join(re.findall(r"\w+", value.lower().replace("_", " ").replace("'", ""))) or value.strip()


def closest(value: str, known: Iterable[str]) -> tuple[str | None, float]:
    """The known word most like a value, and how alike they are."""
    best, score = None, 0.0
    for word in known:
        found = fuzz.token_sort_ratio(value, word) / 100
        if len(word) > 3 and found > score:
            best, score = word, found
    return best, score
