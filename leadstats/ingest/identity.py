"""Who is who: hides which numbers are nobody's, which two are one person's, and who numbers people how.

Sources that number people in one way agree where their numbers do. HMIS, and a source of which person_link.csv
says whom it means, number people their own way: their unlinked people are set apart from equal numbers elsewhere.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import duckdb
import pyarrow as pa
from duckdb import CaseExpression, ColumnExpression, ConstantExpression, FunctionExpression

from leadstats.ingest import roster
from leadstats.ingest.reading import RowAccount
from leadstats.ingest.stations import Sql, counted, query, run, sql, union
from leadstats.model.messages import Problem, problem
from leadstats.model.schema import TABLES, Column
from leadstats.model.settings import IGNORABLE, Identity
from leadstats.recognition.vocabulary import words_of

Expression = duckdb.Expression
Relation = duckdb.DuckDBPyRelation

HMIS = "hmis"
LINKS = "person_link"
# Columns that number people; those that number events are another matter.
NUMBERS_PEOPLE = ("person_id", "source_person_id", "case_manager")
# A row of these is rare in a life, so no person has an absurd share of them.
OF_PROGRAM = {"referral", "enrollment"}
RARE = ("referral", "enrollment", "arrest", "stop", "jail_stay")
FEWEST_ABSURD = 20  # events of one number
BIRTHS = 3  # one number with so many dates of birth is no person's
VALUES_LISTED = 20
# Links of one source between numbers that both it and LEAD have: so many are no handful of merges.
CROSSWALK = 5
# If none agree as written, and of the people of the smaller source this share otherwise would, it is asked.
ASKED_FROM = 0.3


class People:
    """The people of one inbox, from raw.*, where each source writes its own numbers, to candidate.*."""

    def __init__(self, connection, accounts: Sequence[RowAccount], settings: Identity):
        self.connection, self.accounts, self.settings = connection, accounts, settings
        self.by_place = {(account.table, account.file_number): account for account in accounts}
        self.tables = [name for name in TABLES if any(account.table == name for account in accounts)]
        self.nobody: dict[tuple[str, str], set[str]] = {}  # the stand-ins of each table and column
        self.own: frozenset[str] = frozenset()  # the sources that number people their own way
        self.linked: frozenset[str] = frozenset()  # the sources that links name

    def prepare(self) -> Iterator[Problem]:
        """Writes numbers as the site has decided, and finds those that have lost digits or are nobody's."""
        for name in self.tables:
            numbers = [column for column in TABLES[name].columns if column.privacy == "identifier"]
            if self.settings.ignore:
                for column in numbers:
                    self._write_alike(name, column)
            yield from self._odd_numbers(name, numbers)
        yield from self._impossible()

    def number(self, table: str, column: Column) -> Expression:
        """The cell of an identifier; NULL where it is nobody's."""
        cell = ColumnExpression(column.name)
        found = self.nobody.get((table, column.name))
        return CaseExpression(cell.isnotin(*map(_text, sorted(found))), cell) if found else cell

    def read_links(self) -> Iterator[Problem]:
        """Learns from candidate.person_link and raw.* who is who, and which sources number people their own way."""
        stated = {account.source.lower() for account in self.accounts if account.source != account.table}
        own = sorted(stated | set(self.settings.own_numbers))
        if LINKS not in self.tables and not own:
            return
        named = self.connection.sql("SELECT DISTINCT lower(source) FROM candidate.person_link").fetchall()
        self.linked = frozenset(name for (name,) in named)
        for name in self.tables:
            self._remember_numbers(name)
        run(self.connection, query("own_numbers"), own=own, shared=list(self.settings.shared_numbers))
        self.own = frozenset(name for (name,) in self.connection.sql("FROM keys.own_numbers").fetchall())
        merges = self.connection.sql("FROM keys.merge").fetchall()
        yield from self._doubtful_merges()
        columns = zip(*_united(merges), strict=True) if merges else ((), (), ())
        arrays = [pa.array(column, pa.string()) for column in columns]
        united = pa.Table.from_arrays(arrays, ["numbering", "number", "root"])
        self.connection.from_arrow(united).insert_into("keys.united")
        run(self.connection, query("links"))

    def known(self, table: str, typed: Sql) -> Sql:
        """Rows with the person whom links and merges name. Needs what read_links has learned."""
        files: dict[tuple[str, str], list[Expression]] = {}
        for account in self.accounts:
            source = self._numbering(account)
            if account.table == table and (account.source == HMIS or source in self.own):
                apart = HMIS if account.source == HMIS else source
                files.setdefault((source, apart), []).append(ConstantExpression(account.file_number))
        if not files and self._tuples("SELECT EXISTS (FROM candidate.link)") == [(False,)]:
            return typed  # all number people alike
        numbering, own_numbers = ConstantExpression(""), ConstantExpression(None).cast("VARCHAR")
        for (source, apart), numbers in files.items():
            is_of_files = ColumnExpression("file_number").isin(*numbers)
            numbering = CaseExpression(is_of_files, ConstantExpression(source)).otherwise(numbering)
            own_numbers = CaseExpression(is_of_files, ConstantExpression(apart)).otherwise(own_numbers)
        return sql(
            "WITH line AS (SELECT *, {numbering} AS numbering, {own_numbers} AS own_numbers FROM ({typed})) {linked}",
            numbering=numbering,
            own_numbers=own_numbers,
            typed=typed,
            linked=Sql(query("linked")),
        )

    def meetings(self) -> Iterator[Problem]:
        """What must be said of how far the people of each source are those of LEAD, from candidate.*."""
        sources = {
            name: roster.STAYS if name == roster.TABLE else name
            for name in self.tables
            if name not in (LINKS, "population")
        }
        if not OF_PROGRAM & sources.keys() or sources.keys() <= OF_PROGRAM:
            return
        people = (
            "SELECT '{source}', person_id, is_unlinked FROM candidate.{table} WHERE person_id IS NOT NULL"
        )
        found = union(sql(people, source=source, table=name) for name, source in sources.items())
        self.connection.execute(sql("INSERT INTO keys.met SELECT DISTINCT * FROM ({found})", found=found))
        for found in self._rows("meetings", kinds=list(IGNORABLE)):
            yield from _meeting(found)

    def _numbering(self, account: RowAccount) -> str:
        """Whose numbers a file holds. The jail numbers people on its lists as it does in its extracts."""
        source = roster.STAYS if account.source == roster.TABLE else account.source.lower()
        # Links may call the people of HMIS by the table as well.
        is_by_table = source == HMIS and HMIS not in self.linked and account.table in self.own
        return account.table if is_by_table else source

    def _remember_numbers(self, table: str) -> None:
        if table == LINKS or "person_id" not in {column.name for column in TABLES[table].columns}:
            return
        sources: dict[str, list[Expression]] = {}
        for account in self.accounts:
            if account.table == table:
                sources.setdefault(self._numbering(account), []).append(
                    ConstantExpression(account.file_number)
                )
        for source, numbers in sources.items():
            cells = self.connection.table(f"raw.{table}").filter(
                ColumnExpression("file_number").isin(*numbers)
            )
            cells.select(ConstantExpression(source), ColumnExpression("person_id")).distinct().insert_into(
                "keys.number"
            )

    def _doubtful_merges(self) -> Iterator[Problem]:
        """Many links between numbers that both the source and LEAD have: its numbers may be others' than LEAD's."""
        stated = set(self.settings.shared_numbers)
        for source, count in self._tuples(
            "SELECT merge.source, count(*) FROM keys.merge INNER JOIN keys.stated USING (source, number, target)"
            " WHERE NOT stated.is_program AND stated.is_of_program GROUP BY ALL ORDER BY ALL"
        ):
            if source not in stated and count >= CROSSWALK:
                yield problem(
                    "LD-344", table=LINKS, column="source", value=source, count=count, source=source
                )

    def _write_alike(self, table: str, column: Column) -> None:
        kinds = ConstantExpression(list(self.settings.ignore)).cast("VARCHAR[]")
        alike = FunctionExpression("alike", ColumnExpression(column.name), kinds)
        self.connection.table(f"raw.{table}").update({column.name: FunctionExpression("trim", alike)})

    def _odd_numbers(self, table: str, columns: Sequence[Column]) -> Iterator[Problem]:
        """Numbers that have lost digits or are nobody's: all columns are looked through at once, since few hold one."""
        cells = {column: ColumnExpression(column.name) for column in columns}
        odd = [
            ("LD-342", column, FunctionExpression("has_lost_digits", cell)) for column, cell in cells.items()
        ]
        odd += [
            ("LD-341", column, self._is_nobody(cell))
            for column, cell in cells.items()
            if column.name in NUMBERS_PEOPLE
        ]
        amounts = counted(self.connection, f"raw.{table}", [is_odd for _, _, is_odd in odd])
        for (code, column, is_odd), amount in zip(odd, amounts, strict=True):
            if not amount:
                continue
            if code == "LD-341":
                raw = self.connection.table(f"raw.{table}")
                values = raw.filter(is_odd).select(cells[column]).distinct().fetchall()
                self.nobody[table, column.name] = {value for (value,) in values}
            yield from self._cells(code, table, column, is_odd)

    def _is_nobody(self, cell: Expression) -> Expression:
        words = sorted(words_of("nobody", "missing"))
        is_nobody = FunctionExpression("is_nobody", cell, ConstantExpression(words).cast("VARCHAR[]"))
        if self.settings.nobody:
            is_nobody |= cell.isin(*map(_text, self.settings.nobody))
        if self.settings.people:
            is_nobody &= cell.isnotin(*map(_text, self.settings.people))
        return is_nobody

    def _impossible(self) -> Iterator[Problem]:
        """Numbers that no person can have: on an absurd share of rare events, or with several dates of birth."""
        for table in self.tables:
            column = next((c for c in TABLES[table].columns if c.name == "person_id"), None)
            if column is None or table not in (*RARE, "person"):
                continue
            if table == "person":
                numbers = [number for (number,) in self._tuples(MANY_BIRTHS, births=BIRTHS)]
            else:
                numbers = self._on_absurd_shares(table, column)
            for number in sorted(set(numbers) - set(self.settings.people)):
                for other in self._alike_numbered(table):
                    self.nobody.setdefault((other, "person_id"), set()).add(number)
                is_number = ColumnExpression("person_id") == _text(number)
                yield from self._cells("LD-343", table, column, is_number)

    def _on_absurd_shares(self, table: str, column: Column) -> list[str]:
        """Numbers that stand on too many of the rare events of a table."""
        ((events,),) = self._tuples(sql("SELECT count(*) FROM raw.{table}", table=table))
        if events < FEWEST_ABSURD:
            return []
        shares = sql(
            "WITH event AS (SELECT {number} AS person_id FROM raw.{table}) FROM ({shares})",
            number=self.number(table, column),
            table=table,
            shares=Sql(query("absurd_shares")),
        )
        return [number for number, *_ in self._tuples(shares, fewest=FEWEST_ABSURD)]

    def _alike_numbered(self, table: str) -> list[str]:
        """The tables whose equal numbers are equal people, as far as that is known before links are read."""
        apart = {account.table for account in self.accounts if account.source not in ("", account.table)}
        if LINKS in self.tables:
            apart |= {name for (name,) in self._tuples("SELECT DISTINCT lower(source) FROM raw.person_link")}
        return [table] if table in apart else [name for name in self.tables if name not in apart]

    def _cells(self, code: str, table: str, column: Column, is_found: Expression) -> Iterator[Problem]:
        groups = (
            self.connection.table(f"raw.{table}")
            .filter(is_found)
            .select("file_number", "row_number", ColumnExpression(column.name).alias("cell"))
            .aggregate("file_number, cell, count(*) AS found, min(row_number, 5) AS first_rows")
            .order("file_number, first_rows, cell")
            .limit(VALUES_LISTED)
        )
        for number, cell, count, rows in groups.fetchall():
            account = self.by_place[table, number]
            yield problem(
                code,
                file=account.file,
                table=table,
                sheet=account.sheet,
                column=account.word(column.name),
                field=column.name,
                value=cell,
                privacy=column.privacy if code == "LD-343" else "plain",  # the others are nobody's
                count=count,
                rows=rows,
            )

    def _rows(self, name: str, **given: Any) -> list[dict[str, Any]]:
        found = run(self.connection, query(name), **given)
        columns = [column[0] for column in found.description]
        return [dict(zip(columns, row, strict=True)) for row in found.fetchall()]

    def _tuples(self, sql: str, **given: Any) -> list[tuple[Any, ...]]:
        return self.connection.execute(sql, given or None).fetchall()


MANY_BIRTHS = (
    "SELECT person_id FROM raw.person WHERE person_id IS NOT NULL GROUP BY ALL"
    " HAVING count(DISTINCT coalesce(birth_date, birth_year)) >= $births"
)


def _meeting(found: Mapping[str, Any]) -> Iterator[Problem]:
    """Of one source: nobody known to LEAD, or numbers that would meet if written alike."""
    source, people, met, alike = found["source"], found["people"], found["met"], found["met_alike"]
    smaller = min(people, found["program_people"])
    if alike:
        kinds = found["kinds"] or list(IGNORABLE)
        is_asked = not met and alike >= ASKED_FROM * smaller
        wanted = (
            f"numbers written alike in all exports: {_share(met, smaller)} people of {source} have a number of"
            f" LEAD's people as written, {_share(met + alike, smaller)} without {' or '.join(kinds)}"
        )
        listed = ", ".join(f'"{kind}"' for kind in kinds)
        yield problem(
            "LD-345" if is_asked else "LD-346",
            table=source,
            column="person_id",
            count=alike,
            wanted=wanted,
            ignore=listed,
            source=source,
        )
    elif not met:
        yield problem("LD-347", table=source, column="person_id", count=people, source=source)


def _share(part: int, whole: int) -> str:
    return f"{part:,} of {whole:,} ({100 * part / whole:.0f} %)"


def _united(merges: Iterable[tuple[str, str, str, str]]) -> list[tuple[str, str, str]]:
    """Each number that merges name, with the one that stands for all that are one with it: the number that nobody
    merged into another, the first of them if there are several."""
    parents: dict[tuple[str, str], tuple[str, str]] = {}

    def root(number: tuple[str, str]) -> tuple[str, str]:
        while (parent := parents.setdefault(number, number)) != number:
            parents[number] = parents[parent]
            number = parent
        return number

    merged = set()
    for numbering, number, target, _ in sorted(merges):
        merged.add((numbering, number))
        parents[root((numbering, number))] = root((numbering, target))
    members: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for number in sorted(parents):
        members.setdefault(root(number), []).append(number)
    return [
        (numbering, number, min(each for each in together if each not in merged or merged >= {*together})[1])
        for together in members.values()
        for numbering, number in together
    ]


def _text(value: str) -> Expression:
    return ConstantExpression(value).cast("VARCHAR")
