"""Writes the documents that code knows best, or checks that they are current.

python -m docs.generate [--check]
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from leadstats.ingest.checks import load_checks
from leadstats.model.messages import EFFECTS, KINDS, Kind
from leadstats.model.schema import TABLES, Column, Table

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

An inbox is a folder, or a zip, of the files below (`.csv`, `.xlsx` or `.parquet`, named like the table), HMIS CSV
exports and `.geojson` boundaries. Files with other names, columns or values are described in `mapping.toml`;
`site.toml` holds what is the site's own. Only the columns marked * are required; unknown columns are listed in
the report and never loaded.

Dates are `YYYY-MM-DD`; moments `YYYY-MM-DDTHH:MM[:SS]` in local time; yes or no is `true`, `false`, `1`, `0`,
`yes` or `no`; an empty cell is missing. UTF-8, comma.
"""


ERRORS = """\
# What check and build may say

Written by `python -m docs.generate` from `leadstats/model/messages.toml` and `queries/checks/`; change it there.

Each message has a code that does not change. A *warning* leaves a row or a cell out and goes on; what says *stops*
puts nothing in force, and the numbers stay as they were. Values that could point to a person are masked; row
numbers are those a spreadsheet shows.
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
    kinds = sorted([*KINDS.values(), *(check.kind for check in load_checks())], key=lambda kind: kind.code)
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


DOCUMENTS = {"data/README.md": dictionary, "docs/errors.md": errors}


def main(arguments: list[str]) -> int:
    for name, write in DOCUMENTS.items():
        path, wanted = ROOT / name, write()
        if arguments != ["--check"]:
            path.write_text(wanted, encoding="utf-8")
        elif path.read_text(encoding="utf-8") != wanted:
            print(f"{name} is not current; run: python -m docs.generate", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
