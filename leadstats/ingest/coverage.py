"""Which days each source covers, and how that is known; and what of them no file says.

A covered day is one on which an event would stand in the export. Where nobody states the days, their ends are
judged by how densely events lie, and never taken from one lone row: a year typed wrong would make months without
data look like months without events.
"""

import itertools
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, NamedTuple

import duckdb
import msgspec

from leadstats.ingest import roster
from leadstats.ingest.reading import RowAccount
from leadstats.ingest.stations import filled, insert, query, run
from leadstats.model import periods
from leadstats.model.filenames import days_in_name
from leadstats.model.messages import ROWS_LISTED, Problem, problem
from leadstats.model.schema import TABLES
from leadstats.model.settings import Site, Span

SITE = "site"
# What a day's list says of a stay although it has no column for it.
OF_A_ROSTER = {"stay_id", "released_at", "is_on_roster", "is_already_inside"}
# Of events that come by chance at a steady rate, as many as this are missed with a chance of e to its negative:
# 5 in 100 for three, the usual doubt; 1 in 22,000 for ten, beyond what seasons and holidays do.
UNREMARKABLE, BEYOND_CHANCE = 3, 10
FEW_DAYS, MANY_DAYS = 5, 10  # different days with events that are needed to tell a rate, and a lone row by it
# Of a jail or of police: fewer different days may be those of a few people alone, who were not there before.
SURE_DAYS = 100
MOST_LONE = 0.001  # of all rows: slips of the keyboard are rarer; of few rows, one
MOST_STRAY = 0.05  # of the rows of a file of one month: so many may be of another
# One row is off by a month at least where a month is wrong; several, by half a year where years are. What lies
# nearer may be the long stays of a few.
MONTH_OFF, YEAR_OFF = 31, 180
ENDS_LEFT_OUT = 20  # each end's twentieth of the days is left out of the rate, since slips lie there


@dataclass(frozen=True)
class Coverage:
    """The days of one source.

    is_stated: somebody says how far it goes, the export, its name or site.toml. is_begin_known: nothing of
    before is in it for sure, as somebody says so or its events lie densely; else it may simply have begun.
    """

    first: date | None
    through: date
    is_stated: bool = False
    is_begin_known: bool = False
    is_past_untold: bool = False  # it begins so surely there that what lies before is known to be missing

    def as_json(self) -> dict[str, Any]:
        return {
            "from": self.first and self.first.isoformat(),
            "through": self.through.isoformat(),
            "stated": self.is_stated,
        }


class Unrecorded(NamedTuple):
    """A column of a table, a key of site.toml or one of FACTS, of which nothing is known: of rows of those days, or
    at all; without a column, days of which no file of the table tells."""

    table_name: str
    column_name: str | None
    first_day: date | None = None
    last_day: date | None = None


@dataclass(frozen=True)
class Covered:
    """The coverage of each source with rows, the months between its files, and the rows that lie outside."""

    sources: Mapping[str, Coverage]
    missing_months: tuple[Unrecorded, ...]
    problems: tuple[Problem, ...]


class _Events:
    """The days of one table: those it is dated by, and the last one of each row."""

    def __init__(self, begun: Counter[date], latest: Counter[date]):
        self.days, self.latest = sorted(begun), sorted(latest)
        self.rows = sum(latest.values())
        self.counts = begun, latest
        self.first, self.through = self.days[0], self.latest[-1]
        if len(self.days) >= MANY_DAYS:
            self.first = self._without_lone(self.days, begun, at_end=False)
            self.through = self._without_lone(self.latest, latest, at_end=True)

    @property
    def is_dense(self) -> bool:
        return len(self.days) >= MANY_DAYS

    def expected(self, silence: int) -> float | None:
        """How many days with events so many days would have at the usual rate; None if no rate can be told."""
        if len(self.days) < FEW_DAYS:
            return None
        left_out = max(1, len(self.days) // ENDS_LEFT_OUT)
        first, last = self.days[left_out], self.days[-1 - left_out]
        between = len(self.days) - 1 - 2 * left_out
        return silence * between / max((last - first).days, 1)

    def _without_lone(self, days: Sequence[date], counts: Counter[date], at_end: bool) -> date:
        """The outermost day that is not cut off from the others by more than chance."""
        outward = list(reversed(days)) if at_end else list(days)
        found, lone = outward[0], 0
        for outer, inner in itertools.pairwise(outward):
            lone += counts[outer]
            if lone > max(1, MOST_LONE * self.rows):
                break
            silence = abs((outer - inner).days)
            is_far = silence >= (MONTH_OFF if lone == 1 else YEAR_OFF)
            if is_far and self.expected(silence) >= BEYOND_CHANCE:
                found = inner
        return found


def cover(
    connection: duckdb.DuckDBPyConnection,
    site: Site,
    accounts: Sequence[RowAccount],
    of_hmis: Span | None,
    today: date,
) -> Covered:
    """Needs the view `dated`. of_hmis: what an HMIS export says of itself.

    A source without events of its own (people, residents) reaches as far as is stated, else as the others.
    """
    present = filled(connection, "accepted") - {"person_link"}
    events = {name: each for name, each in _events(connection, today).items() if name in present}
    end = max((each.through for each in events.values()), default=today)
    by_site = {span.source: span for span in site.coverage}
    sources = {}
    for name in (name for name in TABLES if name in present):
        own = [account for account in accounts if account.table == name and account.says and account.loaded]
        stated = [by_site.get(name), of_hmis if own and _all_of_hmis(own) else None]
        if name in events:
            stated += [_of_lists(name, own, events), _in_names(own, events[name])]
        sources[name] = _coverage(events.get(name), next(filter(None, stated), None), end)
        if site.data_through and name not in by_site:
            sources[name] = replace(sources[name], through=site.data_through, is_stated=True)
    missing_months = tuple(_missing_months(connection, accounts, set(by_site)))
    told = (*_told(connection, accounts, events, sources, today), *map(_told_missing, missing_months))
    return Covered(sources, missing_months, told)


def _missing_months(
    connection: duckdb.DuckDBPyConnection, accounts: Sequence[RowAccount], stated: Collection[str]
) -> Iterator[Unrecorded]:
    """Months in which no file has a row, between files that are evidently one month each: three or more whose rows
    lie in one month, or two that say so in their names as well. Where the site states the coverage, that holds."""
    months: dict[tuple[str, int], Counter[date]] = defaultdict(Counter)
    dated_by = {table.name: table.dated_by for table in TABLES.values() if table.dated_by}
    for table, column, number, month, count in run(
        connection,
        "SELECT table_name, column_name, file_number, date_trunc('month', happened_on)::DATE, count(*)"
        " FROM dated GROUP BY ALL",
    ).fetchall():
        if dated_by.get(table) == column:
            months[table, number][month] += count
    for table in dated_by.keys() - {roster.TABLE, *stated}:
        own = [each for each in accounts if each.table == table and each.says is not None]
        if any(account.source == "hmis" for account in own):
            continue
        found = {_month_of(account, months[table, account.file_number]) for account in own}
        is_named = all(days_in_name(account.file) for account in own)
        if None in found or len(found) < (2 if is_named else 3):
            continue
        month = periods.following_month(min(found))
        while month < max(found):
            if month not in found:
                yield Unrecorded(table, None, month, periods.following_month(month) - timedelta(days=1))
            month = periods.following_month(month)


def _month_of(account: RowAccount, months: Counter[date]) -> date | None:
    """The one month that a file tells of; of a file without rows, that of its name."""
    named = days_in_name(account.file)
    if not months:
        first, last = named or (None, None)
        return first if first and periods.following_month(first) > last else None
    month, count = months.most_common(1)[0]
    is_one = count >= (1 - MOST_STRAY) * months.total()
    return month if is_one and (named is None or named[1] >= month) else None


def _told_missing(gap: Unrecorded) -> Problem:
    return problem(
        "LD-337", table=gap.table_name, value=f"{gap.first_day:%Y-%m}", month=f"{gap.first_day:%B %Y}"
    )


def _coverage(events: _Events | None, stated: Span | None, end: date) -> Coverage:
    if events is None:
        is_stated = bool(stated and stated.last)
        return Coverage(None, stated.last if is_stated else end, is_stated)
    through = events.through
    silence = events.expected((end - through).days)
    if silence is not None and silence < UNREMARKABLE:
        through = end  # a table that is seldom written in does not end with its last row
    first, is_begin_known, is_past_untold = events.first, events.is_dense, len(events.days) >= SURE_DAYS
    if stated and stated.first:
        first, is_begin_known, is_past_untold = stated.first, True, True
    if stated and stated.last:
        return Coverage(first, stated.last, True, is_begin_known, is_past_untold)
    return Coverage(first, through, False, is_begin_known, is_past_untold)


def _all_of_hmis(files: Sequence[RowAccount]) -> bool:
    return all(account.source == "hmis" for account in files)


def _of_lists(name: str, own: Sequence[RowAccount], events: Mapping[str, _Events]) -> Span | None:
    """Daily lists cover the days from the first to the last of them, and stays that are known by them alone too."""
    lists = events.get(roster.TABLE)
    if lists is None or name not in (roster.TABLE, roster.STAYS):
        return None
    if name == roster.STAYS and own:
        return None
    return Span(lists.first, lists.through)


def _in_names(files: Sequence[RowAccount], events: _Events) -> Span | None:
    """What all files of a table say in their own names, where their rows do not contradict it: none is of a day
    outside, and they do not fall silent long before."""
    spans = [days_in_name(account.file) for account in files]
    if not spans or not all(spans):
        return None
    last = max(last for _, last in spans)
    first = min(first for first, _ in spans) if all(first for first, _ in spans) else None
    if events.through > last or (first and events.first < first):
        return None
    silence = events.expected((last - events.through).days)
    return None if silence is not None and silence >= UNREMARKABLE else Span(first, last)


def _events(connection: duckdb.DuckDBPyConnection, today: date) -> dict[str, _Events]:
    begun: dict[str, Counter[date]] = defaultdict(Counter)
    latest: dict[str, Counter[date]] = defaultdict(Counter)
    dated_by = {table.name: table.dated_by for table in TABLES.values() if table.dated_by}
    rows = run(
        connection,
        "SELECT table_name, column_name, happened_on, count(*) FROM dated"
        " WHERE happened_on <= $today GROUP BY ALL",
        today=today,
    )
    for table, column, day, count in rows.fetchall():
        if dated_by.get(table) == column:
            begun[table][day] += count
    rows = run(
        connection,
        "SELECT table_name, last_day, count(*) FROM ("
        " SELECT table_name, file_number, row_number, max(happened_on) AS last_day FROM dated"
        " WHERE happened_on <= $today GROUP BY ALL) GROUP BY ALL",
        today=today,
    )
    for table, day, count in rows.fetchall():
        if table in dated_by:
            latest[table][day] += count
    return {table: _Events(begun[table] or days, days) for table, days in latest.items()}


def _told(
    connection: duckdb.DuckDBPyConnection,
    accounts: Sequence[RowAccount],
    events: Mapping[str, _Events],
    sources: Mapping[str, Coverage],
    today: date,
) -> Iterator[Problem]:
    """Rows with a day that no covered period holds, by file and column."""
    by_place = {(account.table, account.file_number): account for account in accounts}
    for table, covered in sources.items():
        if table not in events or not TABLES[table].dated_by:
            continue
        first = min(events[table].first, covered.first)
        groups = run(
            connection,
            "SELECT file_number, column_name, count(*), min(row_number, $listed),"
            " strftime(arg_min(happened_on, row_number), '%Y-%m-%d') FROM dated"
            " WHERE table_name = $table AND happened_on <= $today"
            " AND (happened_on > $last OR (column_name = $dated_by AND happened_on < $first))"
            " GROUP BY ALL ORDER BY ALL",
            table=table,
            today=today,
            first=first,
            last=covered.through,
            dated_by=TABLES[table].dated_by,
            listed=ROWS_LISTED,
        )
        for number, name, count, rows, value in groups.fetchall():
            account = by_place.get((table, number)) or by_place.get((roster.TABLE, number))
            yield problem(
                "LD-330",
                file=account.file if account else None,
                table=table,
                column=account.word(name) if account else name,
                field=name,
                privacy=TABLES[table].column(name).privacy,
                value=value,
                rows=rows,
                count=count,
                first=f"{first:%Y-%m-%d}",
                last=f"{covered.through:%Y-%m-%d}",
            )


def write(connection: duckdb.DuckDBPyConnection, sources: Mapping[str, Coverage]) -> None:
    """As export.source, with the rows of each."""
    connection.execute(
        "CREATE TABLE export.source (source VARCHAR, rows BIGINT, data_from DATE, data_through DATE,"
        " is_stated BOOLEAN, is_begin_known BOOLEAN, is_past_untold BOOLEAN)"
    )
    rows = [
        {
            "source": name,
            "rows": connection.table(f"export.{name}").shape[0],
            "data_from": each.first,
            "data_through": each.through,
            "is_stated": each.is_stated,
            "is_begin_known": each.is_begin_known,
            "is_past_untold": each.is_past_untold,
        }
        for name, each in sources.items()
    ]
    insert(connection, "export.source", rows)


def unrecorded(
    connection: duckdb.DuckDBPyConnection,
    site: Site,
    accounts: Sequence[RowAccount],
    covered: Covered,
) -> list[Unrecorded]:
    """Needs the views `dated` and `numbered`. A column that some files of a table have and others lack is unknown for
    the days of the rows of the others."""
    spans = {
        (table, number): (first, last)
        for table, number, first, last in run(
            connection,
            "SELECT table_name, file_number, min(happened_on), max(happened_on) FROM dated GROUP BY ALL",
        ).fetchall()
        if TABLES[table].dated_by  # what is dated by birthdays alone is of no days
    }
    found = [
        *_settings(site),
        *_strangers(connection),
        *_nights(connection, covered.sources),
        *covered.missing_months,
    ]
    for table, files in _files(accounts).items():
        for column in TABLES[table].columns:
            lacking = [number for number, columns in files.items() if column.name not in columns]
            if len(lacking) == len(files):
                found.append(Unrecorded(table, column.name))
            else:
                found += [
                    Unrecorded(table, column.name, *spans[table, n]) for n in lacking if (table, n) in spans
                ]
    return sorted(
        found, key=lambda each: (each.table_name, each.column_name or "", each.first_day or date.min)
    )


def _settings(site: Site) -> Iterator[Unrecorded]:
    for name in msgspec.structs.asdict(site):
        if getattr(site, name) in (None, ()):
            yield Unrecorded(SITE, name)


def _strangers(connection: duckdb.DuckDBPyConnection) -> Iterator[Unrecorded]:
    """Tables of people none of whom is known to LEAD: what they say of people in LEAD is nothing, and not none."""
    for (table,) in run(connection, query("strangers")).fetchall():
        yield Unrecorded(table, "participants")
    for (table,) in run(connection, query("untraced_stays")).fetchall():
        yield Unrecorded(table, "arrests")


def _nights(connection: duckdb.DuckDBPyConnection, sources: Mapping[str, Coverage]) -> Iterator[Unrecorded]:
    """From the first entry into night-by-night shelter to the last exit, where no night of it is told."""
    if "housing" not in sources:
        return
    shelter = run(connection, query("shelter_without_nights"), through=sources["housing"].through)
    for first, last in shelter.fetchall():
        yield Unrecorded("housing", "bed_nights", first, last)


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
