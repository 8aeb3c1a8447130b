"""Edits site.toml as text that people also write: sets new values, keeps comments and order."""

from collections.abc import Mapping, Sequence
from typing import Any

import tomlkit
from tomlkit.items import AoT

Value = Any  # what TOML knows: text, number, date, truth, a table, or a list of tables


def edited(text: str, values: Mapping[str, Value]) -> str:
    """The text with these values. None, an empty table and an empty list take a key out; what is
    the same already stays as it was written, remarks included."""
    document = tomlkit.parse(text)
    plain = document.unwrap()
    for key, value in values.items():
        if isinstance(value, Mapping):
            value = {name: each for name, each in value.items() if each is not None and each != []}
        if value is None or value == {} or value == []:
            document.pop(key, None)
        elif plain.get(key) != value:
            is_tables = isinstance(value, Sequence) and isinstance(value[0], Mapping)
            document[key] = _tables(value) if is_tables else value
    return tomlkit.dumps(document)


def _tables(rows: Sequence[Mapping[str, Value]]) -> AoT:
    tables = tomlkit.aot()
    for row in rows:
        table = tomlkit.table()
        table.update({name: each for name, each in row.items() if each is not None})
        tables.append(table)
    return tables


def changes(old: Mapping[str, Value], new: Mapping[str, Value]) -> list[str]:
    """What differs between two settings, one sentence per key."""
    said = []
    for key in sorted({*old, *new}):
        before, after = old.get(key), new.get(key)
        if before == after:
            continue
        rows = before or after
        if isinstance(rows, list | tuple) and isinstance(rows[0], Mapping):
            gone = [_row(each) for each in before or [] if each not in (after or [])]
            come = [_row(each) for each in after or [] if each not in (before or [])]
            said += [f"{key}: taken out {each}" for each in gone] + [f"{key}: added {each}" for each in come]
        else:
            said.append(f"{key}: {_shown(before)} to {_shown(after)}")
    return said


def _row(row: Mapping[str, Value]) -> str:
    return ", ".join(f"{name} {_shown(each)}" for name, each in row.items() if each not in (None, "", [], ()))


def _shown(value: Value) -> str:
    if value in (None, [], ()):
        return "not set"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return ", ".join(map(_shown, value))
    return (_row(value) or "not set") if isinstance(value, Mapping) else str(value)
