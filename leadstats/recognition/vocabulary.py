"""The words of other systems for what we mean: how alike a header and a column of ours are."""

import functools
import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from rapidfuzz import fuzz, process

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
# A letter alone is no word, but that of a coordinate, as maps of ArcGIS are exported; whether they are degrees, cells tell.
LETTERS = {"longitude": "x", "latitude": "y"}
# What is often written without a gap before it: INMATEID, BOOKINGDATE.
ATTACHED = re.compile(r"(?<=[a-z]{4})(id|date|name|number|code|type|time)$")
SINGULAR = re.compile(r"(?<=[a-z]{3})(?<!s)s$")


@functools.cache
def load() -> Mapping[str, Any]:
    """The whole vocabulary, as it stands in words.toml."""
    return tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))


@functools.lru_cache(maxsize=50_000)
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


class _Phrases:
    """Known phrases and what each of them says, found by the words they share with a header.

    Comparing each header with each phrase would cost more than reading the files: of 100 headers
    of an export most share a word with a handful of phrases only.
    """

    def __init__(self, meant: Mapping[str, Mapping[Any, float]]):
        self.meant = meant  # phrase: {what it says: how good a phrase it is for that}
        self.weights = {phrase: sum(map(_weight, phrase.split())) for phrase in meant}
        self.with_word: dict[str, list[str]] = {}
        for phrase in meant:
            for word in phrase.split():
                self.with_word.setdefault(word, []).append(phrase)
        self._near = functools.cache(self._near_words)

    def best(self, said: str) -> dict[Any, float]:
        """What a header in plain words says, 0 to 1: half by letters, half by words, so that neither
        a slip nor a common word decides."""
        found: dict[Any, float] = {}
        words = said.split()
        weight = sum(map(_weight, words))
        common: dict[str, float] = {}
        for near in {near for word in words for near in self._near(word)}:
            for phrase in self.with_word[near]:
                common[phrase] = common.get(phrase, 0.0) + _weight(near)
        for phrase, shared in common.items():
            by_words = min(2 * shared / (weight + self.weights[phrase]), 1)
            alike = (fuzz.token_sort_ratio(said, phrase) / 100 + by_words) / 2 if said != phrase else 1.0
            for what, worth in self.meant[phrase].items():
                found[what] = max(found.get(what, 0.0), alike + worth - 1)
        return found

    def _near_words(self, word: str) -> tuple[str, ...]:
        near = process.extract(word, [*self.with_word], scorer=fuzz.ratio, score_cutoff=85.01, limit=None)
        return tuple(known for known, *_ in near)


@functools.cache
def _columns() -> _Phrases:
    """The ways to say each column, the canonical name first; a table's own ones before all others."""
    words = load()
    meant: dict[str, dict[tuple[str, str], float]] = {}
    for table in TABLES.values():
        for column in table.columns:
            own = words["tables"].get(table.name, {}).get("columns", {}).get(column.name, [])
            # A bare "ID" numbers the rows of its own file, a bare "Date" is the day of its event.
            bare = [
                word
                for word, ours in (("id", table.key[:1]), ("date", (table.dated_by,)))
                if (column.name,) == ours
            ]
            said = (column.name, *own, *words["columns"].get(column.name, []), *bare)
            phrases = tuple(dict.fromkeys(map(plain, said)))
            for order, phrase in enumerate(phrases):
                # Of the known phrases the earlier is the better: a neighborhood beats a precinct.
                known = meant.setdefault(phrase, {})
                known.setdefault((table.name, column.name), 1 - 0.04 * order / len(phrases))
    return _Phrases(meant)


@functools.cache
def _section(name: str) -> _Phrases:
    return _Phrases({plain(phrase): {"": 1.0} for phrase in load()[name]["phrases"]})


@functools.lru_cache(maxsize=100_000)
def is_like(header: str, section: str) -> float:
    """How much a header is like one of the phrases of a section of the vocabulary, 0 to 1."""
    return _section(section).best(plain(header)).get("", 0.0)


@functools.lru_cache(maxsize=50_000)
def meanings(header: str) -> Mapping[tuple[str, str], float]:
    """How well a header says each column of ours, by table and column, where it says it at all.

    1 if the header is the first of the known phrases, or the name of the column itself or its letter.
    """
    found = _columns().best(plain(header))
    for table in TABLES.values():
        for column in table.columns:
            if header.lower() in (column.name, LETTERS.get(column.name)):
                found[table.name, column.name] = 1.0
    return found


def likeness(header: str, table: str, column: str) -> float:
    """How well a header says one column of ours, 0 to 1."""
    return meanings(header).get((table, column), 0.0)


def unwanted(header: str) -> float:
    """How much a header is like one that no column wants."""
    return is_like(header, "unwanted")


def names_a_person(header: str) -> bool:
    """Whether a header is that of a number of people: a license, an account, an inmate's number. Never an event's."""
    score, meant = best_meaning(header)
    return is_like(header, "personal") > 0.9 or (score > 0.9 and meant == {"person_id"})


@functools.lru_cache(maxsize=50_000)
def best_meaning(header: str) -> tuple[float, frozenset[str]]:
    """How well the header says anything of ours, and the columns it says best."""
    found = meanings(header)
    best = max(found.values(), default=0.0)
    return best, frozenset(column for (_, column), score in found.items() if score > best - 0.05)


def _weight(word: str) -> float:
    return WEIGHTS.get(word, 1.0)


def of_file(stem: str, table: str) -> float:
    """How much a file's name speaks for a table: the share of its words that are the table's."""
    said = {word for word in spelled_out(stem) if not word.isdigit()}
    files = (*load()["tables"].get(table, {}).get("files", ()), table)
    known = {each for word in files for each in spelled_out(word)}
    return min(1.0, len(said & known) / max(1, min(len(said), 2)))


@functools.cache
def translator(section: str, *others: str) -> Mapping[str, str]:
    """Lower-case words of theirs and what they are in ours, from sections of the vocabulary."""
    words = load()
    return {
        simple(each): ours
        for name in (section, *others)
        for ours, theirs in words[name].items()
        for each in (ours, *theirs)
    }


@functools.cache
def words_of(*sections: str) -> frozenset[str]:
    return frozenset(simple(word) for section in sections for word in load()[section]["words"])


@functools.lru_cache(maxsize=100_000)
def simple(value: str) -> str:
    """A value for comparison: lower case, without marks; a value of nothing but marks as it is."""
    if value.isascii() and value.isalnum():
        return value.lower()  # most values, at the least cost
    return " ".join(re.findall(r"\w+", value.lower().replace("_", " ").replace("'", ""))) or value.strip()


def closest(value: str, known: Iterable[str]) -> tuple[str | None, float]:
    """The known word most like a value, and how alike they are. Words of one to three letters are like none."""
    found = process.extractOne(value, [word for word in known if len(word) > 3], scorer=fuzz.token_sort_ratio)
    return (found[0], found[1] / 100) if found else (None, 0.0)
