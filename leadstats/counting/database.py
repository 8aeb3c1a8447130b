"""One immutable snapshot: finding the one in force, opening it sealed, and what it is known to hold."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from leadstats.counting.catalog import load_catalog, load_metrics
from leadstats.counting.site_facts import ExportFacts, SiteFacts, read_exports, read_site
from leadstats.counting.suppression import THRESHOLD
from leadstats.counting.view import FilterError, Filters
from leadstats.model.declarations import QUERIES
from leadstats.model.filenames import mark_of
from leadstats.model.metrics import FINER_MACROS, MACROS, STAGES, Metric
from leadstats.model.schema import LAYOUT

BYTES_TO_SHARE = 20_000_000  # of a file; below, to share a statement among threads costs more than it saves


@dataclass(frozen=True, eq=False)
class Database:
    """What numbers can be asked of: a program's own snapshot, or a public release (`counting.released`).

    Nothing in it changes, so whoever holds one sees the same numbers until the end.
    """

    snapshot: str
    site: SiteFacts
    categories: Mapping[str, tuple[str, ...]]  # what each breakdown is known to have
    reach: Mapping[str, date]  # the last day each loaded source reaches
    first_days: Mapping[str, date]  # the first event of each source that has one

    is_public = False

    @property
    def mark(self) -> str:
        return mark_of(self.snapshot)

    @property
    def metrics(self) -> Mapping[str, Metric]:
        return load_metrics()

    @property
    def names(self) -> tuple[str, ...]:
        """Of all metrics, those whose file is wrong among them."""
        return load_catalog().names

    def metric(self, name: str) -> Metric:
        """Also one whose file is wrong: it has no number, and its `missing` says why."""
        return load_catalog().metric(name)

    @property
    def stages(self) -> Mapping[str, Metric]:
        """The metrics that compare groups, by the stage they are about."""
        return {metric.stage: metric for metric in self.metrics.values() if metric.stage}

    @property
    def threshold(self) -> int:
        """Numbers of fewer people than this are hidden."""
        return THRESHOLD

    def standard(self) -> Filters | None:
        """The months to show first, where they are not the last twelve."""
        return None


@dataclass(frozen=True, eq=False)
class ProgramDatabase(Database):
    """One immutable snapshot of a program, opened read-only with no way out to other files."""

    exports: ExportFacts
    root: duckdb.DuckDBPyConnection
    by_atom: duckdb.DuckDBPyConnection  # where the macros of queries/atoms.sql come first
    file: Path | None = None  # that it was opened from

    def rows(self, sql: str, parameters: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        """For this package alone: what it gives is not protected. A test holds others to it."""
        return _rows(self.root, sql, parameters)

    def counts(
        self, metric: Metric, filters: Filters, as_of: date, with_margins: bool
    ) -> list[dict[str, Any]]:
        """The same of a metric's SQL: a row for each period and category, and for the margins if they are wanted."""
        return self.rows(metric.sql, filters.as_parameters(as_of, with_margins, metric.horizon_days))

    def atoms(self, sql: str, parameters: Mapping[str, Any]) -> duckdb.DuckDBPyRelation:
        """The same of SQL that counts as finely as can be, to be read by one thread at a time; see queries/atoms.sql."""
        return self.by_atom.sql(sql, params=parameters)

    @property
    def stages(self) -> Mapping[str, Metric]:
        return {stage: load_catalog().of_stage(stage) for stage in STAGES}

    def close(self) -> None:
        self.root.close()


def _rows(
    root: duckdb.DuckDBPyConnection, sql: str, parameters: Mapping[str, Any] | None = None
) -> list[dict[str, Any]]:
    # A cursor per call: a connection shared by two threads raises in DuckDB 2.
    result = root.cursor().execute(sql, parameters)
    names = [column[0] for column in result.description]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def snapshot_in_force(data: Path) -> str | None:
    """The database file that is in force in a data folder, or None before the first build."""
    pointer = data / "current"
    return pointer.read_text(encoding="utf-8").strip() if pointer.is_file() else None


def snapshot_named(data: Path, mark: str) -> str:
    """The database file with that mark, in force or kept from before. Raises FilterError if there is none."""
    for path in data.glob("program-*.duckdb"):
        if mark_of(path.name) == mark:
            return path.name
    raise FilterError(f"snapshot {mark!r} is not kept any more, or never was")


def open_database(data: Path, name: str | None = None, is_shared: bool = True) -> ProgramDatabase:
    """The snapshot of that file name, else the one in force. Raises FileNotFoundError before the first
    build by this version.

    is_shared: a statement of much data is shared among threads: sooner done, at more work and memory in all.
    """
    name, advice = name or snapshot_in_force(data), f"run: python -m leadstats build INBOX --to {data}"
    if name is None:
        raise FileNotFoundError(f"{data} holds no built data; {advice}")
    root = duckdb.connect()
    # ATTACH takes no bound parameter, so the file name is quoted by hand. Attached to an
    # in-memory database, a new file is seen even while an older one is still open.
    quoted = str(data / name).replace("'", "''")
    root.execute(f"ATTACH '{quoted}' AS program (READ_ONLY)")
    if not _is_readable(root):
        raise FileNotFoundError(f"{data} was built by another version of leadstats; {advice}")
    if not is_shared or (data / name).stat().st_size < BYTES_TO_SHARE:
        root.execute("SET threads = 1")
    return sealed(root, name, data / name)


def sealed(root: duckdb.DuckDBPyConnection, snapshot: str, file: Path | None = None) -> ProgramDatabase:
    """The database that is attached to `root` as `program`; from here on, `root` does nothing but answer."""
    for macros in MACROS:
        _run(root, macros)
    root.execute("CREATE SCHEMA atoms")
    _run(root, FINER_MACROS)
    by_atom = root.cursor()
    by_atom.execute("SET search_path = 'memory.atoms,memory.main'")
    # The rows of all months are many more than a plan expects, and a loop over them and all contacts never ends.
    by_atom.execute("SET asof_loop_join_threshold = 0")
    _seal(root)
    ask = functools.partial(_rows, root)
    categories: dict[str, list[str]] = {}
    for row in ask("SELECT breakdown, category FROM program.category ORDER BY breakdown, position, category"):
        categories.setdefault(row["breakdown"], []).append(row["category"])
    exports = read_exports(ask)
    first_days = ask((QUERIES / "first_days.sql").read_text(encoding="utf-8"))
    return ProgramDatabase(
        snapshot,
        read_site(ask),
        {breakdown: tuple(known) for breakdown, known in categories.items()},
        {each.source: each.data_through for each in exports.sources if each.data_through},
        {row["source"]: row["first_day"] for row in first_days if row["first_day"]},
        exports,
        root,
        by_atom,
        file,
    )


def _run(root: duckdb.DuckDBPyConnection, script: Path) -> None:
    for statement in _parsed(script):
        root.execute(statement)


@functools.cache
def _parsed(script: Path) -> tuple[duckdb.Statement, ...]:
    """Once a process; that takes as long as to run it."""
    return tuple(duckdb.extract_statements(script.read_text(encoding="utf-8")))


def _is_readable(root: duckdb.DuckDBPyConnection) -> bool:
    # Not looked for among all tables: DuckDB would spell each of them out first.
    try:
        return root.execute("FROM program.layout").fetchall() == [(LAYOUT,)]
    except duckdb.CatalogException:
        return False


def _seal(root: duckdb.DuckDBPyConnection) -> None:
    """From here on, no file can be read or written, and no setting changed."""
    root.execute("SET enable_external_access = false")
    root.execute("SET lock_configuration = true")
