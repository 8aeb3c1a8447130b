"""From accepted rows to program.*: identifiers replaced, sources dated, and the tables derived that metrics count."""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import duckdb
import pyarrow as pa

from leadstats.ingest import deidentify, drift
from leadstats.ingest.boundaries import Boundaries
from leadstats.ingest.progress import DERIVING, Progress
from leadstats.ingest.reading import RowAccount
from leadstats.ingest.report import COUNTS, IngestReport, LinkageRate
from leadstats.model.messages import Problem
from leadstats.model.metrics import QUERIES, layout
from leadstats.model.settings import Site


@dataclass(frozen=True)
class Export:
    """What is known of export.*: how far each source reaches, how far its people are known, what is amiss."""

    sources: Mapping[str, date]
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
    sources = deidentify.write_sources(connection, site, today)
    matches = tuple(LinkageRate(**row) for row in deidentify.write_matches(connection))
    return Export(sources, matches, tuple(problems))


def derive(
    connection: duckdb.DuckDBPyConnection,
    report: IngestReport,
    progress: Progress,
    path: str = ":memory:",
) -> None:
    """Attaches a new database `program` at `path` and fills it from export.* and the report."""
    # ATTACH takes no bound parameter, so the file name is quoted by hand.
    quoted = path.replace("'", "''")
    connection.execute(f"ATTACH '{quoted}' AS program")
    paths = sorted((QUERIES / "tables").glob("*.sql"))
    for query in progress.through(DERIVING, "deriving tables", paths):
        connection.execute(query.read_text(encoding="utf-8"))
    connection.execute("CREATE TABLE program.layout AS SELECT $layout AS layout", {"layout": layout()})
    connection.execute("CREATE TABLE program.build (published_on DATE)")
    _write_report(connection, report)
    drift.remember(connection, report.accounts)


def _write_report(connection: duckdb.DuckDBPyConnection, report: IngestReport) -> None:
    """The report goes with the data, so that the data-quality page can show it."""
    loads = [{"file": file, "table": table, **counts} for file, table, counts, _ in report.files() if table]
    text = pa.string()
    load = pa.schema({"file": text, "table": text} | dict.fromkeys(COUNTS, pa.int64()))
    connection.from_arrow(pa.Table.from_pylist(loads, load)).create("program.load")
    kinds = {"row": pa.int64(), "count": pa.int64(), "files": pa.int64(), "rows": pa.list_(pa.int64())}
    names = [each.name for each in dataclasses.fields(Problem)]
    schema = pa.schema({name: kinds.get(name, text) for name in names})
    problems = [found.as_json() for found in report.problems]
    connection.from_arrow(pa.Table.from_pylist(problems, schema)).create("program.problem")
