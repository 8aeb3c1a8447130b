"""From accepted rows to program.*: identifiers replaced, sources dated, and the tables derived that metrics count."""

import itertools
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import duckdb

from leadstats.ingest import coverage, deidentify, drift, hmis
from leadstats.ingest.boundaries import Boundaries
from leadstats.ingest.progress import DERIVING, Progress
from leadstats.ingest.reading import RowAccount
from leadstats.ingest.report import IngestReport, LinkageRate
from leadstats.ingest.stations import Sql, attach, exported, filled, insert, run, sql, union
from leadstats.model import codes
from leadstats.model.declarations import QUERIES
from leadstats.model.messages import Fault, Problem, problem
from leadstats.model.schema import BREAKDOWNS, LAYOUT, TABLES, UNKNOWN
from leadstats.model.settings import Site
from leadstats.model.tables import DerivedTable, columns_of, load_tables

# Columns of words, by their kind, as rows of one word each.
WORDS = dict.fromkeys(("text", "choice"), "SELECT {column} AS name FROM export.{table}")
WORDS["races"] = "SELECT unnest({column}) AS name FROM export.{table}"


@dataclass(frozen=True)
class Export:
    """What is known of export.*: how far each source reaches, how far its people are known, what is amiss."""

    coverage: Mapping[str, coverage.Coverage]
    matches: tuple[LinkageRate, ...]
    problems: tuple[Problem, ...]


def export(
    connection: duckdb.DuckDBPyConnection,
    site: Site,
    boundaries: Boundaries | None,
    accounts: Sequence[RowAccount],
    today: date,
) -> Export:
    """Fills export.*, which knows nobody by name, from accepted.* and the settings."""
    problems = deidentify.replace_identifiers(connection, boundaries, accounts)
    deidentify.write_site(connection, site, boundaries)
    covered = coverage.cover(connection, site, accounts, hmis.stated(connection, accounts), today)
    coverage.write(connection, covered.sources)
    lacking = coverage.unrecorded(connection, site, accounts, covered)
    _write_unrecorded(connection, lacking)
    matches = tuple(LinkageRate(**row) for row in deidentify.write_matches(connection))
    return Export(covered.sources, matches, (*problems, *covered.problems))


def derive(
    connection: duckdb.DuckDBPyConnection,
    report: IngestReport,
    progress: Progress,
    path: str = ":memory:",
) -> None:
    """Attaches a new database `program` at `path` and fills it from export.* and the report."""
    attach(connection, "program", path)
    create_tables(connection, categories(connection))
    insert(connection, "program.layout", [{"number": LAYOUT}])
    fill_tables(connection, progress.through(DERIVING, "deriving tables", load_tables()))
    _write_report(connection, report)
    drift.remember(connection, report.accounts)


def categories(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Whatever the dimensions of a row may say: our own words, and all those of export.*."""
    own = {UNKNOWN, *itertools.chain.from_iterable(codes.CATEGORIES.values())}
    present = filled(connection, "export")
    said = [
        sql(
            WORDS.get(column.kind, "SELECT {column}::VARCHAR AS name FROM export.{table}"),
            column=name,
            table=table.name,
        )
        for table in TABLES.values()
        for name, column in exported(table).items()
        if table.name in present
        and column.privacy != "identifier"
        and (column.kind in WORDS or name in BREAKDOWNS)
    ]
    if said:
        found = run(
            connection, sql("SELECT DISTINCT name FROM ({said}) WHERE name IS NOT NULL", said=union(said))
        )
        own |= {word for (name,) in found.fetchall() for word in (name, codes.label(name))}
    return sorted(own)


def create_tables(connection: duckdb.DuckDBPyConnection, categories: Sequence[str]) -> None:
    """Makes the tables of the attached database `program`, all empty. categories: whatever dimensions may say."""
    for shared in (QUERIES / "dimensions.sql", QUERIES / "derivation.sql"):
        run(connection, shared.read_text(encoding="utf-8"), categories=categories)
    # In one transaction: each of its own would be written to the file by itself.
    run(connection, "\n".join(["BEGIN;", *(table.create for table in load_tables()), "COMMIT;"]))


def fill_tables(connection: duckdb.DuckDBPyConnection, tables: Iterable[DerivedTable]) -> None:
    """Fills the tables that can have rows, each after those it reads; most inboxes leave many empty."""
    run(connection, (QUERIES / "recorded.sql").read_text(encoding="utf-8"))
    read = {rows.split()[0] for table in load_tables() for rows in table.rows_from}
    exports = sorted(name.removeprefix("export.") for name in read if name.startswith("export."))
    present = {f"export.{name}" for name in filled(connection, "export", exports)}
    for table in tables:
        has_any = not table.rows_from or any(_has_any(connection, rows, present) for rows in table.rows_from)
        if table.fill and has_any and _fill(connection, table):
            present.add(f"program.{table.name}")


def _has_any(connection: duckdb.DuckDBPyConnection, rows: str, present: Collection[str]) -> bool:
    """rows: a table, or those of its rows that meet a condition. To look for one takes a moment, and to plan what would
    be made of none takes much longer."""
    table, _, condition = rows.partition(" ")
    if table not in present or not condition:
        return table in present
    return run(connection, sql("SELECT EXISTS (FROM {rows})", rows=Sql(rows))).fetchall()[0][0]


def _fill(connection: duckdb.DuckDBPyConnection, table: DerivedTable) -> int:
    """Returns how many rows it has. Raises Fault if one of them breaks what the table's file promises."""
    try:
        rows = run(connection, table.fill).fetchall()[0][0]
    except duckdb.ConstraintException as error:
        # The words of DuckDB may quote a value, so only the broken rule is told.
        kind = "NOT NULL" if "NOT NULL" in str(error) else "CHECK"
        rules = {c.name: f"{c.name} {c.rule}" for c in columns_of(table) if kind in c.rule}
        named = [rule for name, rule in rules.items() if re.search(rf"\b{name}\b", str(error))]
        raise Fault(problem("LD-502", table=table.name, value=", ".join(named or rules.values()))) from None
    # Counted once all stand: DuckDB's own UNIQUE looks up each row in an index, which it keeps in memory and in the file.
    if table.unique and rows > 1 and _different(connection, table) < rows:
        raise Fault(problem("LD-502", table=table.name, value=f"{table.unique} is not unique"))
    return rows


def _different(connection: duckdb.DuckDBPyConnection, table: DerivedTable) -> int:
    counted = sql(
        "SELECT count(DISTINCT {column}) FROM program.{table}", column=table.unique, table=table.name
    )
    return run(connection, counted).fetchall()[0][0]


def _write_unrecorded(connection: duckdb.DuckDBPyConnection, found: Sequence[coverage.Unrecorded]) -> None:
    connection.execute(
        "CREATE TABLE export.unrecorded"
        " (table_name VARCHAR, column_name VARCHAR, first_day DATE, last_day DATE)"
    )
    insert(connection, "export.unrecorded", [each._asdict() for each in found])


def _write_report(connection: duckdb.DuckDBPyConnection, report: IngestReport) -> None:
    """The report goes with the data, so that the data-quality page can show it."""
    loads = [{"file": file, "table": table, **counts} for file, table, counts, _ in report.files() if table]
    insert(connection, "program.load", loads)
    insert(connection, "program.problem", [found.as_json() for found in report.problems])
