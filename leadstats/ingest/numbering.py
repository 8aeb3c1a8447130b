"""Whose numbers are whose: sources that number events their own way, and files that clash without saying so."""

from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

import duckdb
from duckdb import ColumnExpression

from leadstats.ingest.reading import RowAccount
from leadstats.ingest.stations import query, run
from leadstats.model.messages import Problem, problem

EVENTS = {
    "referral": ("referral_id", "referred_on"),
    "enrollment": ("enrollment_id", "started_on"),
    "contact": ("contact_id", "contacted_on"),
    "arrest": ("arrest_id", "arrested_at"),
    "stop": ("stop_id", "stopped_at"),
    "jail_stay": ("stay_id", "booked_at"),
}


def settle(connection: duckdb.DuckDBPyConnection, accounts: Sequence[RowAccount]) -> Iterator[Problem]:
    """Names the sources of raw.*, lets numbers carried by other files find them, and tells clashes."""
    own = [account for account in accounts if account.source not in (account.table, "hmis")]
    names = sorted({account.source.lower() for account in own})
    connection.execute(
        "CREATE TABLE candidate.numbering AS SELECT unnest($names::VARCHAR[]) AS name", {"names": names}
    )
    arrests = [account.file_number for account in own if account.table == "arrest"]
    if arrests:
        run(connection, query("carried_numbers"), numbers=arrests)
    for table, (number, day) in EVENTS.items():
        yield from _clashes(connection, accounts, table, number, day)


def _clashes(
    connection, accounts: Sequence[RowAccount], table: str, number: str, day: str
) -> Iterator[Problem]:
    """Exports of the same time whose equal numbers mostly stand for another person or day: two ways of numbering.

    Files of one pattern in one folder are months of one export. A counter that starts anew each year gives
    the same numbers too, but at other times.
    """
    exports: dict[tuple[str, str, PurePosixPath], list[RowAccount]] = {}
    for account in accounts:
        if account.table == table:
            key = (account.source, account.export, PurePosixPath(account.file).parent)
            exports.setdefault(key, []).append(account)
    ours = sorted(exports.values(), key=lambda group: group[0].file)
    if len(ours) < 2:
        return
    numbers = [account.file_number for group in ours for account in group]
    groups = [position for position, group in enumerate(ours) for _ in group]
    rows = connection.table(f"raw.{table}").select(
        ColumnExpression("file_number"),
        ColumnExpression(number).alias("number"),
        ColumnExpression("person_id"),
        ColumnExpression(day).cast("VARCHAR").alias("day"),
    )
    rows.create_view("numbered_event")
    found = run(connection, query("clashing_numbers"), numbers=numbers, groups=groups).fetchall()
    connection.execute("DROP VIEW numbered_event")
    for first, second, shared, clashing in found:
        words = f"{clashing:,} of {shared:,} numbers that stand in {ours[first][0].file} too"
        yield problem(
            "LD-244", file=ours[second][0].file, table=table, field=number, value=words, count=clashing
        )
