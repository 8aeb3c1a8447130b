"""Daily lists of everybody in jail, without releases, into stays: hides what a list cannot tell."""

import dataclasses
from collections.abc import Iterable, Iterator, Sequence

import duckdb
import msgspec

from leadstats.ingest.reading import RowAccount
from leadstats.ingest.stations import query, run
from leadstats.model.filenames import day_in_name
from leadstats.model.messages import Problem, problem
from leadstats.model.schema import TABLES
from leadstats.model.settings import FileMapping

TABLE = "jail_roster"
STAYS = "jail_stay"


def dated(mapping: FileMapping, name: str) -> FileMapping:
    """A roster without a column for its day gets the day of its file's name."""
    day = day_in_name(name)
    if mapping.table != TABLE or day is None or "seen_on" in {*mapping.columns, *mapping.constants}:
        return mapping
    return msgspec.structs.replace(mapping, constants={**mapping.constants, "seen_on": day.isoformat()})


def mistaken_for_stays(
    connection: duckdb.DuckDBPyConnection, accounts: Sequence[RowAccount]
) -> Iterator[Problem]:
    """Files read as stays that look like rosters: a day in each name, no release in any, the same
    stay in several of them, and some that a later one lacks. Read as stays, nobody would ever leave."""
    days = {
        account.file_number: day
        for account in accounts
        if account.table == STAYS and (day := day_in_name(account.file))
    }
    if len(set(days.values())) < 2:
        return
    script = query("rosters_read_as_stays")
    found = run(connection, script, numbers=list(days), days=list(days.values())).fetchall()
    if all(found[0]):
        first = min(account.file for account in accounts if account.file_number in days)
        yield problem("LD-320", file=first, table=STAYS, count=len(days))


def add_stays(connection: duckdb.DuckDBPyConnection, accounts: Iterable[RowAccount]) -> list[Problem]:
    """Fills accepted.jail_stay from accepted.jail_roster, and says what the lists leave open."""
    if not any(account.table == TABLE for account in accounts):
        return []
    accounts = list(accounts)
    cut_short = list(_complete(connection, accounts))
    run(connection, query("roster_stays"))
    told = run(connection, query("rosters_told"))
    names = [column[0] for column in told.description]
    said = dict(zip(names, told.fetchall()[0], strict=True))
    counts = {
        "LD-321": said["stays"],
        "LD-322": said["missing_days"],
        "LD-323": said["begun_before"],
        "LD-324": said["still_inside"],
        "LD-325": said["interrupted"],
    }
    words = {name: f"{value:,}" if isinstance(value, int) else str(value) for name, value in said.items()}
    return cut_short + [
        problem(code, table=TABLE, field=TABLES[TABLE].dated_by, count=count, **words)
        for code, count in counts.items()
        if count
    ]


def _complete(connection: duckdb.DuckDBPyConnection, accounts: Sequence[RowAccount]) -> Iterator[Problem]:
    """Puts the people back whom a list that was cut short lacks, and names the list; one at an end can be named
    alone."""
    connection.sql(query("rosters_cut_short")).insert_into("keys.cut_short")
    files = {account.file_number: account.file for account in accounts if account.table == TABLE}
    for day, people, number in connection.execute(
        "SELECT cut.seen_on, any_value(cut.people), min(roster.file_number) FROM keys.cut_short AS cut"
        " INNER JOIN accepted.jail_roster AS roster ON cut.seen_on = roster.seen_on GROUP BY ALL ORDER BY ALL"
    ).fetchall():
        yield problem(
            "LD-329",
            file=files[number],
            table=TABLE,
            field=TABLES[TABLE].dated_by,
            value=f"{day}",
            count=people,
        )
    run(connection, query("rosters_completed"))
    for day, is_first, people, usual, number in run(connection, query("rosters_short_at_an_end")).fetchall():
        yield problem(
            "LD-336",
            file=files[number],
            table=TABLE,
            field=TABLES[TABLE].dated_by,
            value=f"{day}",
            count=usual - people,
            people=f"{people:,}",
            usual=f"{usual:,}",
            consequence="those whom it lacks count as booked after it"
            if is_first
            else "those whom it lacks count as released before it",
        )


def told_once(problems: Iterable[Problem], accounts: Iterable[RowAccount]) -> list[Problem]:
    """What is wrong with every roster of a year is said once, of the first of them."""
    files = {account.file for account in accounts if account.table == TABLE}
    gathered: dict[tuple, list[Problem]] = {}
    for number, found in enumerate(problems):
        same = (found.code, found.field, (found.column or "").lower(), (found.value or "").lower())
        gathered.setdefault(same if found.file in files else (number,), []).append(found)
    return [
        dataclasses.replace(
            min(alike, key=lambda found: found.file or ""),
            count=sum(found.count for found in alike),
            files=len(alike),
        )
        for alike in gathered.values()
    ]
