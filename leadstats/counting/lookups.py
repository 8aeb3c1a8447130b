"""Questions besides the metrics, which the report on data quality asks; declared and protected as metrics are.

The header of each file in queries/lookups/ says which of its columns count people. No row is part of another,
so there are no totals to protect.
"""

import functools
from collections.abc import Mapping
from typing import Any

from leadstats.counting.database import ProgramDatabase
from leadstats.counting.suppression import protect
from leadstats.counting.view import ANALYST
from leadstats.model.declarations import QUERIES, DeclarationError, Declared, declared, header
from leadstats.model.messages import Fault, misdeclared

ROW = (None, None, None)  # the key of a row protected by itself


class Lookup(Declared, kw_only=True):
    """One question: the header of its SQL file, and the SQL below it.

    people: groups of up to three columns that count distinct people, or events in place of people: a whole and
    its two parts, or numbers that must not be known one without the other. One small count hides its whole group.
    goes_with: other numbers, each hidden whenever the column it names is.
    """

    name: str
    definition: str
    sql: str
    labels: tuple[str, ...] = ()  # columns that say nothing about any one person
    people: tuple[tuple[str, ...], ...] = ()
    goes_with: Mapping[str, str] = {}


def lookup(
    database: ProgramDatabase, name: str, audience: str, parameters: Mapping[str, Any] | None = None
) -> list[dict[str, Any]]:
    """The rows of a question for an audience, with None for a number that may not be shown."""
    asked = load_lookup(name)
    rows = database.rows(asked.sql, parameters)
    return rows if audience == ANALYST else [_protected(asked, row) for row in rows]


@functools.cache
def load_lookup(name: str) -> Lookup:
    """Raises Fault for a file that does not say what may be shown."""
    path = QUERIES / "lookups" / f"{name}.sql"
    try:
        return declared(Lookup, path, header(path))
    except DeclarationError as error:
        raise Fault(misdeclared("LD-801", error)) from error


def _protected(asked: Lookup, row: Mapping[str, Any]) -> dict[str, Any]:
    """Columns that the header does not name are left out: nothing is shown by mistake."""
    shown = {label: row[label] for label in asked.labels}
    for group in asked.people:
        counts = [row[column] for column in group]
        hidden = protect({ROW: (*counts, *[0] * (3 - len(counts)))})
        shown |= dict.fromkeys(group) if hidden else dict(zip(group, counts, strict=True))
    for column, other in asked.goes_with.items():
        shown[column] = None if shown[other] is None else row[column]
    return shown
