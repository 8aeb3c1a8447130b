"""From canonical text to typed rows that are known to be good, each row accounted for."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta
from functools import reduce
from typing import Any

import duckdb
from duckdb import CaseExpression, ColumnExpression, ConstantExpression, FunctionExpression, StarExpression

from leadstats.ingest import roster
from leadstats.ingest.cells import (
    beside,
    choices_of,
    findings_of,
    has_forms,
    is_missing,
    known_words_of,
    nothing,
    says_nothing,
    unread_of,
    value_of,
)
from leadstats.ingest.checks import Check, find, load_checks, messages
from leadstats.ingest.fates import Fates
from leadstats.ingest.identity import HMIS, LINKS, People
from leadstats.ingest.progress import CHECKING, Progress
from leadstats.ingest.reading import LoadResult, RowAccount
from leadstats.ingest.stations import Sql, columns_said, counted, filled, insert, query, run, sql, union
from leadstats.model.declarations import nearest
from leadstats.model.messages import Problem, problem
from leadstats.model.schema import TABLES, Column, Table
from leadstats.model.settings import EligibleCharge, Site
from leadstats.recognition.vocabulary import words_of

Expression = duckdb.Expression
Relation = duckdb.DuckDBPyRelation

ANY_NUMBER = (0, 10**12)
RANGES = {"latitude": (-90, 90), "longitude": (-180, 180), "birth_year": (1902, 2200)}
# A release, an exit or an intake may be planned, though not further ahead: a county jail holds nobody longer than that
# after a sentence, and a day beyond is a slip of the year. The day of the event itself has no end: it is told as it stands.
AHEAD, FOREVER = timedelta(days=366), date(2100, 12, 31)
VALUES_LISTED = 20  # different wrong values of one column; the rarer ones are one problem together
# Tables without a key of their own, whose whole row is the key. Not population.csv, where two
# equal rows may be two blocks with equally many people; not HMIS, which numbers its rows.
WHOLE_ROW_KEYS = ("living_situation", "housing")
# Tables whose exports may hold several rows of one thing, which differ and agree on the person.
IN_PARTS = ("arrest", "jail_stay", "jail_roster")
# By when an event of each table began and ended, and how long after one part of it the next may follow.
SPANS = {
    "jail_stay": ("booked_at", "released_at", "12 hours"),
    "enrollment": ("started_on", "exited_on", "0 hours"),
    "referral": ("referred_on", "referred_on", "1 day"),
    "contact": ("contacted_on", "contacted_on", "1 day"),
    "arrest": ("arrested_at", "arrested_at", "1 day"),
    "stop": ("stopped_at", "stopped_at", "1 day"),
}
SHARED = ("arrest", "stop")  # their numbers are often those of incidents, which several people share
# What joins the pieces of one event that several rows tell.
IN_PIECES = {"jail_stay": "joined_stays", "arrest": "joined_arrests"}
REPEATS = {"conflict": "LD-301", "copy": "LD-302", "part": "LD-306"}
WANTED = {
    "date": "a date such as 2026-10-31{ends}",
    "moment": "a date and time such as 2026-10-31T14:05{ends}",
    "date_or_moment": "a date or a time such as 2026-10-31T14:05{ends}",
    "flag": "true or false, yes or no, 1 or 0",
    "integer": "a whole number{ends}",
    "number": "a number{ends}",
    "races": "one or more of: {choices}",
    "choice": "one of: {choices}",
}


def accept_rows(
    connection: duckdb.DuckDBPyConnection,
    accounts: Sequence[RowAccount],
    site: Site,
    today: date,
    progress: Progress,
) -> LoadResult:
    """Casts, checks and deduplicates raw.* into accepted.*; the accounts come back complete."""
    return _Rows(connection, accounts, site, today).accept(progress)


class _Rows:
    def __init__(self, connection, accounts: Sequence[RowAccount], site: Site, today: date):
        self.connection, self.accounts, self.zone = connection, accounts, site.zone
        self.by_place = {(account.table, account.file_number): account for account in accounts}
        self.people = People(connection, accounts, site.identity)
        self.fates = Fates(connection, accounts)
        self.problems: list[Problem] = []
        self.latest = today + AHEAD
        connection.execute(
            "CREATE TABLE accepted.today AS"
            " SELECT $today::DATE AS today, $data_through::DATE AS data_through",
            {"today": today, "data_through": site.data_through},
        )
        insert(connection, "keys.listed_charge", [_listed(each) for each in site.eligible_charges])
        order = [{"charge_class": name, "place": n} for n, name in enumerate(site.charge_order)]
        insert(connection, "keys.charge_order", order)
        insert(connection, "keys.charge_rule", [{"needed": site.charges_needed}])

    def accept(self, progress: Progress) -> LoadResult:
        checks = load_checks()
        named = {account.table for account in self.accounts}
        # Links first: they tell who the people of the other tables are.
        tables = sorted(
            (table for table in TABLES.values() if table.name in named),
            key=lambda table: table.name != LINKS,
        )
        self.problems.extend(self.people.prepare())
        first, last = CHECKING
        middle, is_linked = (first + last) / 2, False
        for table in progress.through((first, middle), "checking cells", tables):
            if table.name != LINKS and not is_linked:
                self.problems.extend(self.people.read_links())
                is_linked = True
            self._cast(table)
        self.problems.extend(self.people.meetings())
        self._check(check for check in checks if check.rejects)
        for table in tables:
            self._tell_apart(table)
        if self.connection.execute("SELECT EXISTS (FROM keys.told_apart)").fetchone() == (True,):
            self.connection.execute(query("renumbered"))
        for table in progress.through((middle, last), "comparing rows", tables):
            self._drop_repeated_rows(table)
            self._accept(table)
        if "referral" in named:
            self._drop_repeated_referrals()
        self.problems.extend(roster.add_stays(self.connection, self.accounts))
        gather(self.connection)
        self._check(check for check in checks if not check.rejects)
        return LoadResult(tuple(self.fates.settled(tables)), tuple(self.problems))

    def _check(self, checks: Iterable[Check]) -> None:
        """Runs the checks that read a table of this inbox."""
        present = {account.table for account in self.accounts}
        present |= {roster.STAYS} if roster.TABLE in present else set()
        for check in checks:
            if check.tables and not check.tables & present:
                continue
            found = find(self.connection, check)
            if found is None:
                continue
            if check.rejects:
                self.fates.reject(found)
            self.problems.extend(messages(found, self.accounts, check))

    def _cast(self, table: Table) -> None:
        said = columns_said(self.connection, table)
        self._read(table, said)
        is_bad = _any(is_missing(column) for column in table.columns if column.required)
        unread = unread_of(self._report_cells(table, said), self.zone)
        dropped = (
            "INSERT INTO candidate.dropped SELECT DISTINCT '{table}', file_number, row_number, 'rejected'"
            " FROM candidate.cells WHERE {is_bad}"
        )
        run(self.connection, sql(dropped, table=table.name, is_bad=is_bad))
        typed = sql(
            "SELECT file_number, row_number, {is_hmis} AS is_hmis, FALSE AS is_unlinked, {unread} AS unread, {values}"
            " FROM candidate.cells WHERE NOT {is_bad}",
            is_hmis=self._is_hmis(table),
            unread=unread,
            values=[sql("{value} AS {name}", value=value_of(c), name=c.name) for c in table.columns],
            is_bad=is_bad,
        )
        if "person_id" in {column.name for column in table.columns} and table.name != LINKS:
            typed = self.people.known(table.name, typed)
        run(self.connection, sql("INSERT INTO candidate.{table} {typed}", table=table.name, typed=typed))
        self.connection.execute("DROP TABLE candidate.cells")

    def _read(self, table: Table, said: Collection[Column]) -> None:
        """The rows of raw.* as candidate.cells, each cell with its value beside it: worked out once, and asked for
        many times."""
        joined = [column for column in said if has_forms(column)]
        each = [column for column in said if not has_forms(column)]
        read = {column: value_of(column) for column in joined}
        read |= {column: beside(column, self._cast_of(table, column)) for column in each}
        cells = sql(
            "SELECT file_number, row_number, {cells}, {values} FROM (SELECT {moments} FROM raw.{table}) {forms}",
            cells=[column.name for column in table.columns],
            values=[read[column] if column in read else nothing(column) for column in table.columns],
            moments=[Sql("*"), *self._moments(each)],
            table=table.name,
            forms=Sql(" ".join(self._forms(table, column) for column in joined)),
        )
        if table.name == "jail_stay":
            zone = ConstantExpression(self.zone)
            began, ended = (table.column(name) for name in ("booked_at", "released_at"))
            end = beside(ended, FunctionExpression("as_end", value_of(ended), value_of(began), zone))
            cells = sql("SELECT * REPLACE ({end}) FROM ({cells})", end=end, cells=cells)
        run(self.connection, sql("CREATE TABLE candidate.cells AS {cells}", cells=cells))

    def _forms(self, table: Table, column: Column) -> Sql:
        """The different cells of a column with their values, joined to its rows."""
        return sql(
            "LEFT JOIN (SELECT {cell} AS {written}, {value} FROM (SELECT {moments} FROM"
            " (SELECT DISTINCT {cell} FROM raw.{table}))) ON {cell} = {written}",
            cell=column.name,
            written=ColumnExpression(f"{column.name} written"),
            value=beside(column, self._cast_of(table, column)),
            moments=[Sql("*"), *self._moments([column])],
            table=table.name,
        )

    def _moments(self, columns: Iterable[Column]) -> list[Sql]:
        zone = ConstantExpression(self.zone)
        return [
            beside(column, FunctionExpression("any_moment", ColumnExpression(column.name), zone))
            for column in columns
            if column.is_date
        ]

    def _cast_of(self, table: Table, column: Column) -> Expression:
        """What a cell says; of a day or moment, from what it says of any."""
        if column.privacy == "identifier":
            return self.people.number(table.name, column)
        choices = ConstantExpression(list(choices_of(column))).cast("VARCHAR[]")
        ends = [ConstantExpression(float(end)) for end in RANGES.get(column.name, ANY_NUMBER)]
        if column.other:
            arguments = (*known_words_of(column), ConstantExpression(column.other))
            return FunctionExpression("as_word", ColumnExpression(column.name), *arguments)
        if column.kind == "text":
            return ColumnExpression(column.name)
        function, *arguments = {
            "date": ("as_date",),
            "moment": ("as_moment",),
            "date_or_moment": ("as_moment",),
            "flag": ("as_flag",),
            "integer": ("as_integer", *ends),
            "number": ("as_number", *ends),
            "races": ("as_races", choices),
            "choice": ("as_choice", choices),
        }[column.kind]
        if column.name == "birth_date":
            function = "as_birthday"
        if column.is_date:
            latest = FOREVER if column.required else self.latest
            return FunctionExpression(function, value_of(column), ConstantExpression(latest))
        return FunctionExpression(function, ColumnExpression(column.name), *arguments)

    def _is_hmis(self, table: Table) -> Expression:
        numbers = [
            ConstantExpression(account.file_number)
            for account in self.accounts
            if account.source == HMIS and account.table == table.name
        ]
        return ColumnExpression("file_number").isin(*numbers) if numbers else ConstantExpression(False)

    def _has_hmis(self) -> bool:
        return any(account.source == HMIS for account in self.accounts)

    def _report_cells(self, table: Table, said: Collection[Column]) -> list[Column]:
        """Tells what each column holds that cannot be read, and returns the columns that hold such a thing.

        All columns are looked through at once, since few do.
        """
        odd = []
        findings = [
            finding
            for column in table.columns
            for finding in findings_of(column)
            if column in said or finding.of_empty
        ]
        amounts = counted(self.connection, "candidate.cells", [finding.is_found for finding in findings])
        place = (ColumnExpression("file_number"), ColumnExpression("row_number"))
        for finding, amount in zip(findings, amounts, strict=True):
            if not amount:
                continue
            cells = self.connection.table("candidate.cells")
            found = cells.filter(finding.is_found)
            if finding.code == "LD-204":
                # What HMIS holds has been judged and told by the words of HUD.
                odd.append(finding.column)
                found = found.filter(~self._is_hmis(table))
                is_empty = says_nothing(finding.column, self.zone)
                stand_ins = found.filter(is_empty).select(*place, finding.value.alias("value"))
                self._report_values("LD-211", table, finding.column, stand_ins)
                found = found.filter(~is_empty)
            values = found.select(*place, finding.value.alias("value"))
            self._report_values(finding.code, table, finding.column, values)
        return odd

    def _report_values(self, code: str, table: Table, column: Column, found: Relation) -> None:
        """One problem for each file and value, and one for all that a long list leaves out."""
        groups = found.aggregate(
            "file_number, value, count(DISTINCT row_number) AS findings,"
            " list_sort(list_distinct(min(row_number, 50))) AS first_rows"
        ).order("file_number, first_rows, value")
        listed = groups.limit(VALUES_LISTED).fetchall()
        for number, value, count, rows in listed:
            self._report(code, table, column, number, count, rows, value)
        if len(listed) < VALUES_LISTED:
            return
        others = groups.limit(2**40, VALUES_LISTED).aggregate(
            "file_number, sum(findings)::BIGINT AS findings, min(first_rows[1], 5) AS first_rows"
        )
        for number, count, rows in others.order("file_number").fetchall():
            self._report(code, table, column, number, count, rows, None)

    def _report_rows(self, code: str, table: Table, column: Column, found: Relation) -> None:
        groups = found.aggregate("file_number, count(*) AS findings, min(row_number, 5) AS first_rows")
        for number, count, rows in groups.order("file_number").fetchall():
            self._report(code, table, column, number, count, rows, None)

    def _report(self, code: str, table: Table, column: Column, number: int, count: int, rows, value) -> None:
        account = self.by_place[table.name, number]
        ends = " from {} to {}".format(*RANGES[column.name]) if column.name in RANGES else ""
        if column.is_date and not column.required:
            ends = f", until {self.latest}"
        choices = choices_of(column)
        likely = nearest(value, choices) if value and choices else None
        if code == "LD-205" and likely:
            code = "LD-204"  # a slip of the pen, not another group
        self.problems.append(
            problem(
                code,
                file=account.file,
                table=account.table,
                sheet=account.sheet,
                column=account.word(column.name),
                field=column.name,
                value=value,
                privacy="plain" if code == "LD-211" else column.privacy,
                likely=likely,
                count=count,
                rows=rows,
                wanted=WANTED.get(column.kind, "").format(ends=ends, choices=", ".join(choices)),
            )
        )

    def _accept(self, table: Table) -> None:
        """The rows that remain, with what those left out as duplicates know better."""
        is_in_pieces = table.name in IN_PIECES and self._has_repeated(table, table.key[0])
        if is_in_pieces or (table.name == "person" and self._has_hmis()):
            self._completed(table).insert_into(f"accepted.{table.name}")
        else:
            rows = self.fates.remaining(table)
            run(self.connection, sql("INSERT INTO accepted.{table} {rows}", table=table.name, rows=rows))

    def _completed(self, table: Table) -> Relation:
        rows = self.connection.sql(self.fates.remaining(table))
        if joined := IN_PIECES.get(table.name):
            return rows.query("line", query(joined))
        filled = rows.query("line", query("filled_people")).materialize()
        self._report_rows("LD-305", table, table.column("race"), filled.filter("is_filled"))
        return filled.select(StarExpression(exclude=["is_filled"]))

    def _tell_apart(self, table: Table) -> None:
        """Events that share one number get numbers of their own, and what refers to them by person and day follows."""
        if table.name not in SPANS:
            return
        number = table.key[0]
        if not self._has_repeated(table, number):
            return
        rows = self._alike(table, number)
        first, last, slack = SPANS[table.name]
        began, ended = (ColumnExpression(name).cast("TIMESTAMP") for name in (first, last))
        words = ConstantExpression(sorted(words_of("nobody"))).cast("VARCHAR[]")
        cells = (
            FunctionExpression("either", ColumnExpression(c.name).cast("VARCHAR"), ConstantExpression(""))
            for c in table.columns
        )
        found = (
            self.connection.sql(rows)
            .select(
                *map(ColumnExpression, ("file_number", "row_number", "person_id")),
                ColumnExpression(number).alias("number"),
                began.alias("from_at"),
                ended.alias("until_at"),
                ConstantExpression(slack).cast("INTERVAL").alias("slack"),
                ConstantExpression(first != last).alias("is_span"),
                ConstantExpression(table.name in SHARED).alias("is_shared"),
                FunctionExpression("is_nobody", ColumnExpression(number), words).alias("is_stand_in"),
                FunctionExpression("concat_ws", ConstantExpression("|"), *cells).alias("content"),
            )
            .query("line", query("told_apart"))
            .materialize()
        )
        if not found.shape[0]:
            return
        found.select(ConstantExpression(table.name), StarExpression()).insert_into("keys.told_apart")
        self._report_rows("LD-307", table, table.column(number), found)

    def _drop_repeated_rows(self, table: Table) -> None:
        key = table.key
        if table.name in WHOLE_ROW_KEYS:
            key = tuple(column.name for column in table.columns)
        if not key or not self._has_repeated(table, *key):
            return
        rows = self.connection.sql(self._alike(table, *key))
        if table.name in WHOLE_ROW_KEYS:
            rows = rows.filter(~ColumnExpression("is_hmis"))
        cells = [ColumnExpression(column.name) for column in table.columns]
        claimed = [ColumnExpression("person_id")] if table.name in IN_PARTS else cells
        empty = (
            CaseExpression(c.isnull(), ConstantExpression(1)).otherwise(ConstantExpression(0)) for c in cells
        )
        extra = (
            rows.select(
                *map(ColumnExpression, ("file_number", "row_number", "is_hmis", "unread")),
                _together(key).alias("key"),
                FunctionExpression("row", *cells).alias("content"),
                FunctionExpression("row", *claimed).alias("claim"),
                reduce(lambda left, right: left + right, empty).alias("empty_cells"),
            )
            .query("keyed", query("repeated_rows"))
            .materialize()
        )
        if not extra.shape[0]:
            return
        column = table.column(key[0] if table.name in WHOLE_ROW_KEYS else key[-1])
        self.fates.drop(table.name, extra, "duplicate")
        for kind, code in REPEATS.items():
            is_kind = ColumnExpression("kind") == ConstantExpression(kind)
            self._report_rows(code, table, column, extra.filter(is_kind))

    def _has_repeated(self, table: Table, *names: str, station: str = "candidate") -> bool:
        """Whether rows of the table have these columns in common. Most have none, and are not compared further."""
        repeated = sql(
            "SELECT count({key}) > count(DISTINCT {key}) FROM {station}.{table}",
            key=_together(names),
            station=station,
            table=table.name,
        )
        return run(self.connection, repeated).fetchall()[0][0]

    def _alike(self, table: Table, *names: str) -> Sql:
        """The remaining rows that may have these columns in common with another; few, so that they alone are compared
        cell by cell."""
        same = (sql("line.{name} IS NOT DISTINCT FROM twice.{name}", name=name) for name in names)
        return sql(
            "SELECT line.* FROM ({rows}) AS line SEMI JOIN"
            " (SELECT {names} FROM candidate.{table} GROUP BY ALL HAVING count(*) > 1) AS twice ON {same}",
            rows=self.fates.remaining(table),
            names=names,
            table=table.name,
            same=Sql(" AND ".join(same)),
        )

    def _drop_repeated_referrals(self) -> None:
        table = TABLES["referral"]
        if not self._has_repeated(table, "person_id", station="accepted"):
            return
        extra = self.connection.sql(query("repeated_referrals")).materialize()
        self.fates.drop(table.name, extra, "duplicate")
        self._report_rows("LD-303", table, table.column("referred_on"), extra)
        self.connection.execute(
            "DELETE FROM accepted.referral WHERE (file_number, row_number) IN"
            " (SELECT (file_number, row_number) FROM candidate.dropped WHERE table_name = 'referral')"
        )


def gather(connection: duckdb.DuckDBPyConnection) -> None:
    """The days and the people of all tables in one view each, for checks that look at them all."""
    dated, numbered = [Sql("FROM accepted.no_day")], [Sql("FROM accepted.nobody")]
    present = filled(connection, "accepted")
    for table in TABLES.values():
        if table.name not in present:
            continue
        if any(column.name == "person_id" for column in table.columns):
            people = "SELECT '{table}', file_number, row_number, person_id, is_hmis, is_unlinked FROM accepted.{table}"
            numbered.append(sql(people, table=table.name))
        days = "SELECT '{table}', '{day}', file_number, row_number, {day}::DATE FROM accepted.{table}"
        dated += [sql(days, table=table.name, day=column.name) for column in table.columns if column.is_date]
    for name, parts in (("dated", dated), ("numbered", numbered)):
        run(connection, sql("CREATE VIEW {name} AS {rows}", name=name, rows=union(parts)))


def _listed(charge: EligibleCharge) -> dict[str, Any]:
    return {"charge_class": charge.charge_class, "first_day": charge.first, "last_day": charge.last}


def _together(names: Sequence[str]) -> Expression:
    """The columns as one value."""
    columns = [*map(ColumnExpression, names)]
    return FunctionExpression("row", *columns) if columns[1:] else columns[0]


def _any(conditions) -> Expression:
    return reduce(lambda left, right: left | right, conditions, ConstantExpression(False))
