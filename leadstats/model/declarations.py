"""Reads what is declared in TOML (settings, plans, catalogs, headers of SQL files) into typed structs.

A frozen msgspec struct says what a file may contain: names, types and known words in one place. Anything that does
not fit is one error that names file and field, so that a typo is reported and never read as something else.
Ruled out: dacite and plain dataclasses, which accept unknown keys, or "yes" as true.
"""

import collections.abc
import difflib
import re
import tomllib
import types
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin

import msgspec

ROOT = Path(__file__).resolve().parents[2]
QUERIES = ROOT / "queries"
HEADER = re.compile(r"\A/\*\n(?P<header>.*?)\*/\n(?P<sql>.*)\Z", re.DOTALL)
PLACE = re.compile(r"^(?P<reason>.*?)(?: - at `\$(?P<path>.*)`)?$", re.DOTALL)
UNKNOWN_KEY = re.compile(r"Object contains unknown field `(.*)`")
MISSING_KEY = re.compile(r"Object missing required field `(.*)`")
UNKNOWN_WORD = re.compile(r"Invalid enum value '(.*)'")


class Declared(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a file, or one of its tables, may contain."""


Kind = TypeVar("Kind", bound=Declared)


class DeclarationError(ValueError):
    """A file that does not say what it must.

    field: as written in the file, dotted; empty if the file as a whole cannot be read. found: the wrong word, if it
    is one word. known: the words that could have been meant. file: empty until `declared` fills it in, since
    whoever raises this may not know which file the values are from.
    """

    def __init__(self, field: str, wanted: str, found: str = "", known: Iterable[str] = (), file: str = ""):
        self.field, self.wanted, self.found, self.file = field, wanted, found, file
        self.known = tuple(known)
        super().__init__(field, wanted, found, file)

    @property
    def likely(self) -> str | None:
        """The known word most like the one found."""
        return nearest(self.found, self.known, cutoff=0.0) if self.found else None

    def within(self, file: Path | str, table: str = "") -> "DeclarationError":
        """The same error with its place: a file, and the table in it that holds the field."""
        return DeclarationError(_joined(table, self.field), self.wanted, self.found, self.known, _shown(file))

    def __str__(self) -> str:
        place = ": ".join(filter(None, (self.file, self.field)))
        found = f'"{self.found}" found, ' if self.found else ""
        meant = f'; did you mean "{self.likely}"?' if self.likely else ""
        return f"{place}: {found}{self.wanted} expected{meant}"


def nearest(value: str, known: Iterable[str], cutoff: float = 0.6) -> str | None:
    """The one known word that begins with `value`, or else the one most like it; case does not matter."""
    words = {word.lower(): word for word in known}
    longer = [word for lower, word in words.items() if lower.startswith(value.lower())]
    if value and len(longer) == 1:
        return longer[0]
    close = difflib.get_close_matches(value.lower(), words, 1, cutoff)
    return words[close[0]] if close else None


def parsed(file: Path | str, text: bytes | str) -> dict[str, Any]:
    """The values of a TOML text. Raises DeclarationError, which calls it `file`."""
    try:
        return tomllib.loads(text.decode("utf-8-sig") if isinstance(text, bytes) else text)
    except ValueError as error:
        raise DeclarationError("", "valid TOML in UTF-8", str(error)).within(file) from error


def declared(kind: type[Kind], file: Path | str, values: Mapping[str, Any], table: str = "") -> Kind:
    """The values of a parsed file, or of one `table` in it, as a `kind`. Raises DeclarationError."""
    try:
        # TOML has its own dates, so a text that looks like a date is a mistake.
        return msgspec.convert(values, kind, builtin_types=(date,))
    except msgspec.ValidationError as error:
        place = PLACE.match(str(error))
        path = re.sub(r"\[.*?\]", "", place["path"] or "").removeprefix(".")
        if isinstance(error.__cause__, DeclarationError):
            raise error.__cause__.within(file, _joined(table, path)) from error
        raise _explained(kind, path, place["reason"]).within(file, table) from error


def header(path: Path) -> dict[str, Any]:
    """What an SQL file says about itself: its header, its name and its SQL. Raises DeclarationError."""
    match = HEADER.match(path.read_text(encoding="utf-8"))
    if match is None:
        raise DeclarationError("", "a header /* ... */ at the start").within(path)
    own = {"name": path.stem, "sql": match["sql"]}
    values = parsed(path, match["header"])
    if taken := own.keys() & values:
        raise DeclarationError(min(taken), "no such key, since the file itself tells it,").within(path)
    return values | own


def _shown(file: Path | str) -> str:
    """How to name a file: by its path if it is part of the product, else by its name."""
    path = Path(file)
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else path.name


def keys(kind: type[Declared]) -> dict[str, Any]:
    """The keys a table may have, as written in the file, and the type of each."""
    return {each.encode_name: each.type for each in msgspec.structs.fields(kind)}


def _explained(kind: type[Declared], path: str, reason: str) -> DeclarationError:
    wanted = _at(kind, path)
    if unknown := UNKNOWN_KEY.match(reason):
        return DeclarationError(
            _joined(path, unknown[1]), "a known name", unknown[1], keys(one_of_many(wanted))
        )
    if lacking := MISSING_KEY.match(reason):
        return DeclarationError(field := _joined(path, lacking[1]), f"a value for {field}")
    if word := UNKNOWN_WORD.match(reason):
        return DeclarationError(path, f"a known name for {path}", word[1], _known_words(wanted))
    return DeclarationError(path, _in_words(wanted, path))


def _joined(*names: str) -> str:
    return ".".join(filter(None, names))


def _at(kind: Any, path: str) -> Any:
    """The type declared at a path, looking into lists of tables."""
    for name in path.split(".") if path else ():
        kind = keys(one_of_many(kind))[name]
    return kind


def _known_words(kind: Any) -> tuple[str, ...]:
    """The words allowed in a list or table of words."""
    while get_origin(kind := plain(kind)) is not Literal:
        kind = get_args(kind)[0 if get_origin(kind) is tuple else 1]
    return get_args(kind)


def one_of_many(kind: Any) -> Any:
    """The type of one entry of a key that holds several."""
    kind = plain(kind)
    return plain(get_args(kind)[0]) if get_origin(kind) is tuple else kind


def plain(kind: Any) -> Any:
    """The type without None and without limits."""
    kind = _given(kind)
    return plain(get_args(kind)[0]) if get_origin(kind) is Annotated else kind


def _given(kind: Any) -> Any:
    """The type without None."""
    if get_origin(kind) in (Union, types.UnionType):
        return next(each for each in get_args(kind) if each is not type(None))
    return kind


def _in_words(kind: Any, field: str) -> str:
    if get_origin(given := _given(kind)) is Annotated:
        unlimited, limit = get_args(given)
        return f"{_in_words(unlimited, field)}, {limit.ge} or more"
    kind, inner = plain(kind), one_of_many(kind)
    if _is_table(kind):
        return f"a table [{field}]"
    if get_origin(kind) is tuple:
        return f"tables that start with [[{field}]]" if _is_table(inner) else "a list of texts"
    if get_origin(kind) is collections.abc.Mapping:
        held = get_origin(get_args(kind)[1])
        return f"a table of {'texts' if held is None else TEXTS_IN.get(held, 'texts')}"
    return PLAIN.get(kind, "a text in quotation marks")


def _is_table(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Declared)


TEXTS_IN = {types.UnionType: "texts or lists of texts", collections.abc.Mapping: "tables of texts"}
PLAIN = {
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    date: "a date without quotation marks, such as 2026-10-31",
}
