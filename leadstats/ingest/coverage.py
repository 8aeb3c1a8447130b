"""What the exports do not say: the columns that no file, or not every file, has. Hides how a file states it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

import duckdb
import msgspec

from leadstats.ingest import roster
from leadstats.ingest.reading import RowAccount
from leadstats.model.schema import TABLES
from leadstats.model.settings import Site

SITE = "site"
# What a day's list says of a stay although it has no column for it.
OF_A_ROSTER = {"stay_id", "released_at", "is_on_roster", "is_already_inside"}


class Unrecorded(NamedTuple):
    """A column of a table, or a key of site.toml, of which nothing is known: of rows of those days, or at all."""

    table_name: str
    column_name: str
    first_day: date | None = None
    last_day: date | None = None


def unrecorded(
    connection: duckdb.DuckDBPyConnection, site: Site, accounts: Sequence[RowAccount]
) -> list[Unrecorded]:
    """Needs the view `dated`. A column that some files of a table have and others lack is unknown for the
    days of the rows of the others."""
    spans = {
        (table, number): (first, last)
        for table, number, first, last in connection.execute(
            "SELECT table_name, file_number, min(happened_on), max(happened_on) FROM dated GROUP BY ALL"
        ).fetchall()
    }
    found = [*_settings(site)]
    for table, files in _files(accounts).items():
        for column in TABLES[table].columns:
            lacking = [number for number, columns in files.items() if column.name not in columns]
            if len(lacking) == len(files):
                found.append(Unrecorded(table, column.name))
            else:
                found += [
                    Unrecorded(table, column.name, *spans[table, n]) for n in lacking if (table, n) in spans
                ]
    return sorted(found, key=lambda each: (each.table_name, each.column_name, each.first_day or date.min))


def _settings(site: Site) -> Iterator[Unrecorded]:
    for name in msgspec.structs.asdict(site):
        if getattr(site, name) in (None, ()):
            yield Unrecorded(SITE, name)


def _files(accounts: Sequence[RowAccount]) -> Mapping[str, Mapping[int, frozenset[str]]]:
    """By table and number of the file, the columns that the file says anything of."""
    files: dict[str, dict[int, frozenset[str]]] = {}
    for account in accounts:
        if account.says is None or not account.loaded:
            continue
        files.setdefault(account.table, {})[account.file_number] = account.says
        if account.table == roster.TABLE:
            files.setdefault(roster.STAYS, {})[account.file_number] = account.says | OF_A_ROSTER
    return files
