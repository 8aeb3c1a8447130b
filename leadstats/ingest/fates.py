"""What became of rows on their way from candidate.* to accepted.*: who is left out, and how many of each file."""

import dataclasses
from collections.abc import Iterable, Iterator, Sequence

import duckdb
from duckdb import ColumnExpression, ConstantExpression

from leadstats.ingest.reading import RowAccount
from leadstats.ingest.stations import Sql, run, sql
from leadstats.model.schema import Table

Relation = duckdb.DuckDBPyRelation


class Fates:
    """Writes down each row that is left out, and tells which remain; the accounts come back complete."""

    def __init__(self, connection, accounts: Sequence[RowAccount]):
        self.connection, self.accounts = connection, accounts

    def drop(self, table: str, found: Relation, fate: str) -> None:
        place = (ColumnExpression("file_number"), ColumnExpression("row_number"))
        dropped = found.select(ConstantExpression(table), *place, ConstantExpression(fate)).distinct()
        dropped.insert_into("candidate.dropped")

    def reject(self, found: Relation) -> None:
        rejected = found.select("table_name, file_number, row_number, 'rejected' AS fate").distinct()
        rejected.insert_into("candidate.dropped")

    def remaining(self, table: Table) -> Sql:
        # One row of a file in wide form gives several rows, of which some may be good.
        if table.name == "population":
            return sql("FROM candidate.population")
        remaining = (
            "SELECT line.* FROM candidate.{table} AS line ANTI JOIN candidate.dropped AS gone"
            " ON gone.table_name = '{table}' AND gone.file_number = line.file_number"
            " AND gone.row_number = line.row_number"
        )
        return sql(remaining, table=table.name)

    def settled(self, tables: Iterable[Table]) -> Iterator[RowAccount]:
        """Adds the fates of the rows that reached raw; a row that gave a good piece is loaded."""
        counts = "SELECT file_number, count(DISTINCT row_number) FROM accepted.{table} GROUP BY ALL"
        loaded = {
            (table.name, number): count
            for table in tables
            for number, count in run(self.connection, sql(counts, table=table.name)).fetchall()
        }
        found = run(
            self.connection,
            "SELECT table_name, file_number, fate, count(DISTINCT row_number) FROM candidate.dropped GROUP BY ALL",
        )
        fates = {tuple(place): count for *place, count in found.fetchall()}
        for account in self.accounts:
            place = (account.table, account.file_number)
            yield dataclasses.replace(
                account,
                loaded=account.loaded + loaded.get(place, 0),
                duplicate=account.duplicate + fates.get((*place, "duplicate"), 0),
                rejected=account.rejected
                + (self._rejected_altogether(account) if (*place, "rejected") in fates else 0),
            )

    def _rejected_altogether(self, account: RowAccount) -> int:
        rejected = (
            "SELECT count(*) FROM ("
            "SELECT row_number FROM candidate.dropped"
            " WHERE table_name = $table AND file_number = $number AND fate = 'rejected'"
            " EXCEPT SELECT row_number FROM accepted.{table} WHERE file_number = $number)"
        )
        place = {"table": account.table, "number": account.file_number}
        return run(self.connection, sql(rejected, table=account.table), **place).fetchall()[0][0]
