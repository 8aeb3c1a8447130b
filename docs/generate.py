"""Writes the documents that code knows best, or checks that they are current.

python -m docs.generate [--check]
"""

import contextlib
import hashlib
import inspect
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb

from docs.messages import review
from leadstats.counting.estimators import ESTIMATORS
from leadstats.ingest import stations
from leadstats.ingest.checks import load_checks
from leadstats.ingest.derivation import create_tables
from leadstats.model.messages import EFFECTS, KINDS, Kind
from leadstats.model.schema import LAYOUT, TABLES, UNKNOWN, Column, Table
from leadstats.model.tables import DerivedTable, load_tables

ROOT = Path(__file__).resolve().parent.parent
KINDS_OF_VALUE = {
    "text": "text",
    "date": "date",
    "moment": "date and time",
    "date_or_moment": "date, or date and time",
    "flag": "yes or no",
    "integer": "whole number",
    "number": "number",
    "races": "labels, with `;` between",
    "choice": "one of a list",
}
PRIVACY = {
    "identifier": "replaced by a made-up key",
    "quasi": "masked in messages",
    "plain": "",
}
DICTIONARY = """\
# Data dictionary

Written by `python -m docs.generate` from `leadstats/model/schema.py`; change it there.

| folder | holds |
|---|---|
| `sample/` | invented exports; `make run` builds them |
| `built/` | the database built from the sample; not in git |
| `private/` | your exports and what is built from them; not in git, never to be committed |

An inbox is a folder, or a zip, of the files below (`.csv`, `.xlsx`, `.xls`, `.ods` or `.parquet`, named like the table), HMIS CSV
exports and `.geojson` boundaries. Files with other names, columns or values are described in `mapping.toml`;
`site.toml` holds what is the site's own. Only the columns marked * are required; unknown columns are listed in
the report and never loaded.

Dates are `YYYY-MM-DD`; moments `YYYY-MM-DDTHH:MM[:SS]` in local time; yes or no is `true`, `false`, `1`, `0`,
`yes` or `no`; an empty cell is missing, and so is what stands in for one (`9999-12-31`, `1900-01-01`, `0000-00-00`,
`N/A`, `in custody`). A cell with something in it that nobody can read is not known, which is not the same as none
yet: a stay whose release reads `2026-02-30` is neither open nor over. UTF-8, comma.
"""


ERRORS = """\
# What check and build may say

Written by `python -m docs.generate` from `leadstats/model/messages.toml` and `queries/checks/`; change it there.

Each message has a code that does not change. A *warning* leaves a row or a cell out and goes on; what says *stops*
puts nothing in force, and the numbers stay as they were. Values that could point to a person are masked; row
numbers are those a spreadsheet shows.
"""

DERIVED = """\
# The tables of the database file

Written by `python -m docs.generate` from `queries/tables/`; change it there. Layout {layout}, schema {schema}.

What a build makes of the exports, in the order it is made; metrics count its rows. A row that breaks what the type
promises, or the `CHECK` beside it, stops the build. `dimensions` is a struct of everything a row can be filtered by
or broken down by: see [dimensions.sql](dimensions.sql).
"""

MACROS_HEAD = """\
# The macros that queries share

Written by `python -m docs.generate` from the SQL files named below; change it there. Those of `scope.sql` and
`outcomes.sql` serve metrics, and `filters` is their `$filters`; those of the other two serve `tables/` when data are built.
"""
SHARED = [
    ROOT / "queries" / f"{name}.sql" for name in ("scope", "outcomes", "atoms", "dimensions", "derivation")
]
MACRO = re.compile(
    r"(?P<notes>(?:^--[^\n]*\n)*)^CREATE OR REPLACE (?:TEMP )?MACRO (?P<name>\w+)\((?P<arguments>[^)]*)\)",
    re.MULTILINE,
)


ESTIMATORS_HEAD = """\
# The estimators

Written by `python -m docs.generate` from `leadstats/counting/estimators.py`; change it there.

A metric's header names one of them (`estimator = "proportion"`; without a name it is `count`). *Needs* are the
columns that the query must give beside `period`, `category` and `second_category`; *may have* are read where they are
there; *gives* is what a cell of the result holds; *protects* are the columns whose people privacy judges; *parts* are
what `part` in the header may be.
"""


def dictionary() -> str:
    return "\n".join([DICTIONARY, *(line for table in TABLES.values() for line in section(table))])


def section(table: Table) -> Iterator[str]:
    yield f"## {table.name}"
    yield ""
    key = f" No two rows share {', '.join(f'`{name}`' for name in table.key)}." if table.key else ""
    yield f"One row is one {table.row_is}.{key}"
    yield ""
    yield "| column | is a | means | privacy |"
    yield "|---|---|---|---|"
    yield from map(row, table.columns)
    yield ""


def row(column: Column) -> str:
    choices = f": {', '.join(f'`{choice}`' for choice in column.choices)}" if column.choices else ""
    name = f"`{column.name}`{' *' if column.required else ''}"
    return (
        f"| {name} | {KINDS_OF_VALUE[column.kind]}{choices} | {column.meaning} | {PRIVACY[column.privacy]} |"
    )


def errors() -> str:
    kinds = sorted([*KINDS.values(), *load_checks()], key=lambda kind: kind.code)
    return "\n".join([ERRORS, *(line for kind in kinds for line in entry(kind))])


def entry(kind: Kind) -> Iterator[str]:
    yield f'<a id="{kind.code}"></a>'
    yield ""
    yield f"## {kind.code} {kind.title}"
    yield ""
    yield f"- Effect: {EFFECTS[kind.severity].lower()}"
    yield f"- Expected: {kind.expected}"
    yield f"- What to do: {kind.fix}"
    yield ""


def tables() -> str:
    listed = [line for table in load_tables() for line in table_section(table)]
    return "\n".join([DERIVED.format(layout=LAYOUT, schema=fingerprint()), *listed])


def table_section(table: DerivedTable) -> Iterator[str]:
    yield f"## {table.name}"
    yield ""
    notes = " ".join(line.removeprefix("--").strip() for line in table.notes.splitlines())
    yield f"One row is {table.row}. {notes}".strip()
    yield ""
    if table.reads:
        yield f"Made of {', '.join(f'[{name}](#{name})' for name in sorted(table.reads))}."
        yield ""
    if table.unique:
        yield f"No two rows have the same `{table.unique}`."
        yield ""
    if table.like:
        yield f"Its columns are those of [{table.like}](#{table.like})."
        yield ""
        return
    yield "| column | type | means |"
    yield "|---|---|---|"
    yield from (f"| `{column.name}` | {column.rule} | {column.meaning} |" for column in table.columns)
    yield ""


def fingerprint() -> str:
    """Changes with each column and type of a table, and with nothing else."""
    with contextlib.closing(duckdb.connect()) as connection:
        stations.create(connection, has_cells=False)
        connection.execute("ATTACH ':memory:' AS program")
        create_tables(connection, [UNKNOWN])
        columns = connection.execute(
            "SELECT table_name, column_name, data_type FROM duckdb_columns()"
            " WHERE database_name = 'program' ORDER BY ALL"
        ).fetchall()
    return hashlib.sha256(repr(columns).encode()).hexdigest()[:8]


def must_raise_layout(before: str, after: str) -> bool:
    """Whether the tables of two dictionaries differ, and the number of their layout does not."""
    (old_number, old_schema), (new_number, new_schema) = (
        re.search(r"Layout (\d+), schema (\w+)", text).groups() for text in (before, after)
    )
    return old_schema != new_schema and int(new_number) <= int(old_number)


def macros() -> str:
    return "\n".join([MACROS_HEAD, *(line for path in SHARED for line in macro_section(path))])


def macro_section(path: Path) -> Iterator[str]:
    yield f"## {path.name}"
    yield ""
    yield "| macro | gives |"
    yield "|---|---|"
    for match in MACRO.finditer(path.read_text(encoding="utf-8")):
        words = " ".join(line.removeprefix("--").strip() for line in match["notes"].splitlines())
        if not words:
            raise ValueError(f"{path.name}: say above {match['name']} what it gives")
        arguments = " ".join(match["arguments"].split())
        yield f"| `{match['name']}({arguments})` | {words} |"
    yield ""


def estimators() -> str:
    return "\n".join([ESTIMATORS_HEAD, *(line for name in ESTIMATORS for line in estimator_section(name))])


def estimator_section(name: str) -> Iterator[str]:
    estimator = ESTIMATORS[name]
    named = {
        "Needs": [
            *estimator.needs,
            *(f"`{column}` where the unit is not people" for column in estimator.of_records),
        ],
        "May have": estimator.may_have,
        "Gives": estimator.gives,
        "Protects": dict.fromkeys(estimator.people),
        "Parts": filter(None, estimator.parts),
    }
    yield f"## {name}"
    yield ""
    yield inspect.cleandoc(estimator.function.__doc__)
    yield ""
    for what, words in named.items():
        if told := ", ".join(word if "`" in word else f"`{word}`" for word in words):
            yield f"- {what}: {told}"
    yield ""


DOCUMENTS = {
    "data/README.md": dictionary,
    "docs/errors.md": errors,
    "queries/TABLES.md": tables,
    "queries/MACROS.md": macros,
    "queries/ESTIMATORS.md": estimators,
    "docs/spanish.csv": review,
}


def main(arguments: list[str]) -> int:
    for name, write in DOCUMENTS.items():
        path, wanted = ROOT / name, write()
        if write is tables and must_raise_layout(path.read_text(encoding="utf-8"), wanted):
            print("The tables have changed: raise LAYOUT in leadstats/model/schema.py", file=sys.stderr)
            return 1
        if arguments != ["--check"]:
            path.write_text(wanted, encoding="utf-8")
        elif path.read_text(encoding="utf-8") != wanted:
            print(f"{name} is not current; run: python -m docs.generate", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
