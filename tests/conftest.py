"""The fixture `program`: a few rows that enter through the front door, the real build, or behind the border."""

import collections
import copy
import csv
import dataclasses
import functools
import gc
import itertools
import json
import os
import re
import shutil
import sys
import weakref
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from browsing import address, browser, first_answer, page  # noqa: F401 - pytest finds fixtures here by their names
from typed import database_of

from leadstats import ingest
from leadstats.counting import catalog
from leadstats.counting.catalog import load_metrics
from leadstats.counting.coverage import coverage
from leadstats.counting.database import Database, open_database
from leadstats.counting.measure import Count, measure
from leadstats.counting.view import Cell, Filters, Published, default_filters
from leadstats.ingest.report import COUNTS
from leadstats.model.messages import Problem
from leadstats.model.metrics import Metric
from leadstats.model.schema import TABLES, Column
from leadstats.model.settings import Site, read_site

Row = Mapping[str, Any]
DEFAULTS = {"person_id": 1, "pathway": "community", "code": 116, "people": 1, "source": "jail_stay"}
DEFAULT_DAY = "2026-01-15"
NO_FILES = "this program has typed rows and no files; a test of what a build says takes `built`"


class Program:
    """An inbox in the making. Columns that a test does not mention get a default or stay empty."""

    def __init__(self, folder: Path):
        self.inbox, self.data = folder / "inbox", folder / "data"
        self.inbox.mkdir(parents=True)
        self.report: ingest.IngestReport | None = None
        self._rows: dict[str, list[Row]] = {}
        self._site: dict[str, Any] = {}
        self._is_typed = False
        self._lacks: dict[str, set[str]] = collections.defaultdict(set)
        self._database: Database | None = None

    def typed(self) -> "Program":
        """From here on without files: its rows go straight to the tables that metrics count."""
        self._is_typed = True
        return self._changed()

    def add(self, **tables: Sequence[Row]) -> "Program":
        """Rows by canonical table: `program.add(referral=[{"person_id": 1}, {"person_id": 2}])`."""
        for table, rows in tables.items():
            known = self._rows.setdefault(table, [])
            start = len(known) + 1
            known.extend({**_defaults(table, n), **row} for n, row in enumerate(rows, start))
        return self._changed()

    def site(self, **values: Any) -> "Program":
        """The values of site.toml."""
        self._site = values
        return self._changed()

    def file(self, name: str, content: str | bytes) -> "Program":
        """Any further file of the inbox, as it is."""
        assert not self._is_typed, NO_FILES
        path = self.inbox / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return self._changed()

    def lacks(self, *names: str) -> "Program":
        """Columns, as "referral.closed_on", that the exports do not have; else they have all, if empty."""
        for name in names:
            table, _, column = name.partition(".")
            self._lacks[table].add(column)
        return self._changed()

    def write(self) -> Path:
        """The inbox, with all rows in it."""
        assert not self._is_typed, NO_FILES
        if self._site:
            self.file("site.toml", _toml(self._site))
        for table, rows in self._rows.items():
            names = [
                *(column.name for column in TABLES[table].columns),
                *(name for row in rows for name in row),
            ]
            columns = dict.fromkeys(name for name in names if name not in self._lacks[table])
            _write_csv(self.inbox / f"{table}.csv", list(columns), rows)
        return self.inbox

    def check(self) -> ingest.IngestReport:
        return ingest.check(self.write())

    def build(self) -> ingest.IngestReport:
        self.report = ingest.build(self.write(), self.data)
        return self.report

    @property
    def database(self) -> Database:
        if self._database is None and self._is_typed:
            lacks = tuple((table, frozenset(names)) for table, names in self._lacks.items())
            self._database = _of_rows(json.dumps(self._rows, default=str), _toml(self._site), lacks)
        elif self._database is None:
            report = self.build()
            assert report.snapshot, report.as_text()
            self._database = open_database(self.data)
        return self._database

    def rows(self, sql: str) -> list[dict[str, Any]]:
        return self.database.rows(sql)

    def measure(self, name: str, audience: str = "analyst", **filters: Any) -> Published:
        """Filters as in Filters; months as "2026-01"; `month` is the first and the last at once."""
        metric, count = load_metrics()[name], counts_of(self.database)
        return measure(self.database, metric, self.filters(name, **filters), audience, count)

    def filters(self, name: str, **filters: Any) -> Filters:
        if month := filters.pop("month", None):
            filters |= {"first_month": month, "last_month": month}
        for end in ("first_month", "last_month"):
            if isinstance(filters.get(end), str):
                filters[end] = date.fromisoformat(filters[end] + "-01")
        as_of = coverage(self.database, load_metrics()[name]).through
        return dataclasses.replace(default_filters(as_of or date(2026, 12, 31)), **filters)

    def cell(self, name: str, category: str | None = None, period: str | None = None, **filters: Any) -> Cell:
        """The one cell of a result, or the one of that category and period."""
        cells = [
            cell
            for cell in self.measure(name, **filters).cells
            if category in (None, cell.category) and period in (None, cell.period)
        ]
        assert len(cells) == 1, cells
        return cells[0]

    def value(self, name: str, **filters: Any) -> float | None:
        return self.cell(name, **filters).value

    def values(self, name: str, **filters: Any) -> dict[str | None, float | None]:
        """Values by category if there is a breakdown, else by period."""
        published = self.measure(name, **filters)
        by = "category" if filters.get("breakdown") or published.metric.categories else "period"
        return {getattr(cell, by): cell.value for cell in published.cells}

    def copied(self, folder: Path) -> "Program":
        """The same program and what was built of it, in a folder of its own."""
        other = Program(folder)
        shutil.copytree(self.inbox, other.inbox, dirs_exist_ok=True)
        shutil.copytree(self.data, other.data)
        other._rows = {table: list(rows) for table, rows in self._rows.items()}
        other._site, other._lacks, other.report = dict(self._site), copy.deepcopy(self._lacks), self.report
        return other

    def close(self) -> None:
        if self._database is not None and not self._is_typed:
            self._database.close()
        self._database = None

    def _changed(self) -> "Program":
        self.close()
        return self


@functools.lru_cache(maxsize=8)
def _of_rows(rows: str, site: str, lacks: tuple[tuple[str, frozenset[str]], ...]) -> Database:
    """One for all tests that have the same rows, since nobody can change it."""
    return database_of(json.loads(rows), read_site(site.encode()) if site.strip() else Site(), dict(lacks))


def counts_of(database: Database) -> Count:
    """What counts in it: what several tests ask, or metrics that share a query, is counted once."""
    known = COUNTED.setdefault(database, {})

    def count(metric: Metric, *asked: Any) -> list[dict[str, Any]]:
        key = (metric.sql, metric.horizon_days, *asked)
        if key not in known:
            known[key] = database.counts(metric, *asked)
        return known[key]

    return count


COUNTED: weakref.WeakKeyDictionary[Database, dict[Any, Any]] = weakref.WeakKeyDictionary()


def found(report: ingest.IngestReport, code: str) -> Problem:
    """The one problem of that code."""
    (problem,) = (problem for problem in report.problems if problem.code == code)
    return problem


def counts(report: ingest.IngestReport, table: str) -> dict[str, int]:
    """What became of the rows of a table, without the zeros."""
    (account,) = (account for account in report.accounts if account.table == table)
    return {name: getattr(account, name) for name in COUNTS if getattr(account, name)}


def checked(program: Program, name: str, content: str | bytes) -> ingest.IngestReport:
    return program.file(name, content).check()


def _defaults(table: str, number: int) -> dict[str, Any]:
    return {
        column.name: _default(table, column, number) for column in TABLES[table].columns if column.required
    }


def _default(table: str, column: Column, number: int) -> Any:
    if column.name in DEFAULTS:
        return DEFAULTS[column.name]
    if column.kind in ("date", "moment", "date_or_moment"):
        return DEFAULT_DAY
    return f"{table}-{number}"


def _write_csv(path: Path, columns: Sequence[str], rows: Sequence[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, columns, restval="", extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)


def _toml(values: Mapping[str, Any]) -> str:
    """Plain values first, since TOML takes what follows a table's header for a part of it."""
    lines = [f"{key} = {_literal(value)}" for key, value in values.items() if not _is_table(value)]
    for key, value in values.items():
        if _is_table(value):
            header = "[[%s]]" if isinstance(value, list) else "[%s]"
            for table in value if isinstance(value, list) else [value]:
                lines += [header % key, *(f"{name} = {_literal(inner)}" for name, inner in table.items())]
    return "\n".join(lines) + "\n"


def _is_table(value: Any) -> bool:
    return isinstance(value, dict) or (isinstance(value, list) and any(isinstance(v, dict) for v in value))


def _literal(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else json.dumps(value, ensure_ascii=False)


@pytest.fixture(scope="session")
def make_program():
    """For tests that share one build: `make_program(folder)`."""
    return Program


@pytest.fixture(scope="session")
def counties(tmp_path_factory):
    """A folder for the made-up counties of all processes of a run."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session")
def county(counties):
    """The data of the made-up county, to be read only: one build for all processes of a run."""
    from county import build_county  # which needs what stands above

    return build_county(counties / "county")


@pytest.fixture(scope="session")
def hostile_county(counties):
    """The same with a place whose name would be markup; to be read only."""
    from county import HOSTILE, build_county

    return build_county(counties / "hostile_county", HOSTILE)


@pytest.fixture
def built(tmp_path):
    """A program whose rows are files of an inbox, for the real build."""
    program = Program(tmp_path)
    yield program
    program.close()


@pytest.fixture
def copy_of(tmp_path):
    """`copy_of(program)`: for a test that goes on from a build which others go on from as well."""
    copies = []

    def copy_of(program):
        copies.append(program.copied(tmp_path))
        return copies[-1]

    yield copy_of
    for program in copies:
        program.close()


@pytest.fixture
def typed(built, request):
    """A program without files, for worked examples of what is counted. `--built` makes files of it all the same."""
    return built if request.config.getoption("--built") else built.typed()


@pytest.fixture
def program(built):
    return built


@pytest.fixture(scope="session", autouse=True)
def packages_searched_once():
    """Streamlit searches all that is installed for components, as a server does once, before each page of its own tests;
    that takes longer than most pages do."""
    if "streamlit" not in sys.modules:
        yield
        return
    from streamlit.components.v2 import manifest_scanner

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            manifest_scanner,
            "scan_component_manifests",
            functools.cache(manifest_scanner.scan_component_manifests),
        )
        yield


# What waits, for a browser or a server that starts, and what computes long. What is short comes last.
WAITS, LONG = ("browser",), ("ui", "ingest", "release", "sample", "metrics")


@pytest.hookimpl(hookwrapper=True)
def pytest_collection():
    """What is collected stays until the end, so that to look again and again for what of it is garbage finds nothing."""
    gc.disable()
    yield
    gc.freeze()
    gc.enable()


def pytest_unconfigure():
    """DuckDB's module tells what it finds not freed at the end."""
    gc.unfreeze()


def pytest_collection_modifyitems(items):
    """Modules that wait take turns with those that compute, so that some processor has work while another waits,
    and no process is left with a long module when the others are done."""
    modules = [list(tests) for _, tests in itertools.groupby(items, lambda item: item.path)]
    waiting = [tests for tests in modules if tests[0].path.parent.name in WAITS]
    computing = [tests for tests in modules if tests[0].path.parent.name not in WAITS]
    computing.sort(key=lambda tests: tests[0].path.parent.name not in LONG)
    turns = itertools.chain.from_iterable(itertools.zip_longest(waiting, computing, fillvalue=()))
    items[:] = itertools.chain.from_iterable(turns)


def pytest_addoption(parser):
    parser.addoption("--built", action="store_true", help="worked examples through files and the real build")


@pytest.fixture
def broken(monkeypatch, tmp_path):
    """`broken("people_referred", "unit = 3")`: the product with that line in the header of a metric."""

    def broken(name, line):
        folder = tmp_path / "metrics"
        if not folder.exists():
            shutil.copytree(catalog.FOLDER, folder)
        owns = re.compile(rf"^\[metrics\.{name}\]|^{name} = ", re.MULTILINE)
        own = folder / f"{name}.sql"
        path = own if own.exists() else next(p for p in folder.glob("*.sql") if owns.search(p.read_text()))
        text = path.read_text(encoding="utf-8")
        field = line.partition(" ")[0]
        text = re.sub(rf"^{field} = .*\n", "", text, flags=re.MULTILINE)
        path.write_text(text.replace("/*\n", f"/*\n{line}\n", 1), encoding="utf-8")
        monkeypatch.setattr(catalog, "FOLDER", folder)
        catalog.load_catalog.cache_clear()

    yield broken
    catalog.load_catalog.cache_clear()
