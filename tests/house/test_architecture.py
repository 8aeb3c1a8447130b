"""Who may know whom. The tables are the architecture; a new module is a new line and a decision record."""

import ast
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "leadstats"
PAGES = sorted((ROOT / "pages").glob("*.py"))

# Each module and package of leadstats, and what it may import of the others; the modules of a layered
# package stand for themselves. Read from below: a line knows only lines above it, so there are no circles.
LAYERED = {"ingest"}
PACKAGES = {"leadstats"} | {f"leadstats.{name}" for name in LAYERED}
MAY_IMPORT = {
    # what words mean
    "schema": set(),
    "catalog": {"schema"},
    # from an inbox to one database file
    "filenames": set(),
    "problems": set(),
    "site": {"problems", "schema"},
    "ingest.places": {"schema"},
    "ingest.inbox": {"filenames", "problems"},
    "ingest.layout": set(),
    "ingest.workbook": {"ingest.inbox", "problems"},
    "ingest.reading": {"ingest.inbox", "ingest.layout", "ingest.workbook", "problems"},
    "ingest.checks": {"catalog", "ingest.reading", "problems", "schema"},
    "ingest.roster": {"catalog", "ingest.reading", "problems", "schema", "site"},
    "ingest.vocabulary": {"schema"},
    "ingest.forms": {"ingest.vocabulary", "schema"},
    "ingest.profile": {"ingest.forms", "ingest.vocabulary"},
    "ingest.suggest": {"ingest.forms", "ingest.profile", "ingest.roster", "ingest.vocabulary", "schema"},
    "ingest.propose": {
        "ingest.forms", "ingest.profile", "ingest.suggest", "ingest.vocabulary", "schema", "site",
    },
    "ingest.renew": {"ingest.forms", "ingest.profile", "ingest.propose", "ingest.suggest", "schema", "site"},
    "ingest.mapping": {
        "ingest.forms", "ingest.inbox", "ingest.profile", "ingest.reading", "ingest.suggest", "problems", "schema", "site",
    },
    "ingest.progress": {"ingest.inbox"},
    "ingest.corrections": {"ingest.reading", "problems", "schema"},
    "ingest.rows": {
        "catalog", "ingest.checks", "ingest.progress", "ingest.reading", "ingest.roster", "problems",
        "schema", "site",
    },
    "ingest.hmis": {"catalog", "ingest.reading", "problems"},
    "ingest.export": {"catalog", "ingest.places", "ingest.reading", "problems", "schema", "site"},
    "ingest.preview": {"ingest.profile", "ingest.reading", "problems", "schema", "site"},
    "ingest.plan": {"ingest.preview", "ingest.propose", "ingest.suggest", "problems", "schema", "site"},
    "ingest.assistant": {
        "catalog", "ingest.hmis", "ingest.inbox", "ingest.mapping", "ingest.places", "ingest.plan", "ingest.preview",
        "ingest.profile", "ingest.propose", "ingest.reading", "ingest.renew", "problems", "schema", "site",
    },
    "ingest.drift": {"ingest.reading", "problems", "schema"},
    "ingest.snapshot": set(),
    "ingest.report": {"ingest.reading", "problems"},
    "ingest.pipeline": {
        "catalog", "ingest.corrections", "ingest.drift", "ingest.export", "ingest.hmis", "ingest.inbox",
        "ingest.mapping", "ingest.places", "ingest.progress", "ingest.reading", "ingest.report",
        "ingest.roster", "ingest.rows", "ingest.snapshot", "problems", "site",
    },
    "ingest": {"ingest.assistant", "ingest.pipeline", "ingest.progress", "ingest.report"},
    "desk": {"filenames", "problems"},
    "sample": {"schema"},
    # from counts to numbers that may be shown
    "privacy": set(),
    "resampling": set(),
    "intervals": {"resampling"},
    "survival": {"intervals"},
    "jail_model": {"resampling"},
    "estimate": {"catalog", "intervals", "jail_model", "survival"},
    "measure": {"catalog", "estimate", "privacy", "schema"},
    # what may be said about them
    "minimum": {"catalog", "measure"},
    "control": {"measure"},
    "words": {"catalog", "measure", "schema"},
    "mix": {"intervals", "measure"},
    "compare": {"catalog", "intervals", "measure", "schema", "words"},
    "findings": {"catalog", "control", "measure", "minimum", "schema", "words"},
    "disparity": {"compare", "findings", "measure", "mix", "words"},
    "threats": {"intervals", "measure", "words"},
    "contrasts": {"findings", "intervals", "jail_model", "measure", "words"},
    "quality": {"catalog", "compare", "disparity", "measure", "minimum", "privacy", "words"},
    "openings": {"catalog", "compare", "control", "disparity", "findings", "measure", "words"},
    "charts": {"control", "findings", "measure", "minimum", "words"},
    # the public release and its attacker, who reads nothing but its files
    "audit": set(),
    "release": {"audit", "catalog", "measure", "schema", "words"},
    "public": {"catalog", "estimate", "measure", "schema", "words"},
    # the doors people use
    "ui": {
        "catalog", "charts", "compare", "contrasts", "control", "desk", "disparity", "findings", "intervals",
        "measure", "minimum", "mix", "openings", "public", "quality", "schema", "threats", "words",
    },
    "router": {"ui"},
    "__main__": {"audit", "catalog", "compare", "ingest", "measure", "problems", "quality", "release", "sample", "words"},
    "confined": {"__main__"},
}  # fmt: skip

ONLY_IN = {
    "streamlit": {"ui", "router"},
    "duckdb": {
        "ingest.assistant",
        "ingest.drift",
        "ingest.preview",
        "ingest.reading",
        "ingest.mapping",
        "ingest.checks",
        "ingest.roster",
        "ingest.corrections",
        "ingest.rows",
        "ingest.hmis",
        "ingest.export",
        "ingest.pipeline",
        "measure",
        "public",
    },
    "pyarrow": {
        "ingest.drift",
        "ingest.reading",
        "ingest.mapping",
        "ingest.export",
        "ingest.pipeline",
        "sample",
        "public",
        "release",
        "audit",
    },
    "pandas": {"sample"},
    "scipy": {"audit", "control", "intervals", "jail_model", "privacy", "release"},
    "shapely": {"ingest.places", "sample"},
    "pydeck": {"charts"},
    "plotly": {"ui"},  # only for the script in its package; figures are plain dictionaries
}

# What Python may ask for beside metrics: a site's words about itself, and the account of its files.
TABLES_WITHOUT_PEOPLE = {"boundary", "event", "goal", "load", "problem", "site", "source"}

PAGES_MAY_IMPORT = {"leadstats.ui"}
PAGE_LINES = 40


def imports(path: Path) -> Iterator[str]:
    """Dotted names; `from leadstats import ui` counts as leadstats.ui."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name}: write imports in full"
            if node.module in PACKAGES:
                yield from (f"{node.module}.{alias.name}" for alias in node.names)
            else:
                yield node.module


def unit(path: Path) -> str:
    return owner(path.relative_to(PACKAGE).with_suffix("").parts)


def owner(parts: Sequence[str]) -> str:
    """The line of the table a dotted name belongs to: leadstats.ingest.rows to ingest.rows."""
    layers = {path.stem for path in (PACKAGE / parts[0]).glob("*.py")} if parts[0] in LAYERED else set()
    inner = parts[1:2] and parts[1] in layers - {"__init__"}
    return ".".join(parts[:2]) if inner else parts[0]


FILES = [path for path in sorted(PACKAGE.rglob("*.py")) if unit(path) != "__init__"]


def test_the_table_names_every_module_and_no_other():
    assert set(MAY_IMPORT) == {unit(path) for path in FILES}


def test_the_table_has_no_circles():
    known: set[str] = set()
    for name, allowed in MAY_IMPORT.items():
        assert allowed <= known, f"{name} knows what stands below it: {allowed - known}"
        known.add(name)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_imports_only_what_it_may(path):
    own = unit(path)
    for name in imports(path):
        package, *rest = name.split(".")
        if package == "leadstats":
            other = owner(rest)
            assert other in MAY_IMPORT[own] | {own}, f"{own} may not import {other}"
        elif package in ONLY_IN:
            assert own in ONLY_IN[package], f"only {sorted(ONLY_IN[package])} may know {package}"


def test_sql_is_run_by_nobody_who_may_not_know_duckdb():
    for path in FILES:
        called = {
            node.func.attr
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        }
        assert not called & {"execute", "executemany", "sql"} or unit(path) in ONLY_IN["duckdb"], path.name


def test_queries_written_in_python_reach_no_table_of_people():
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                tables = set(re.findall(r"(?:FROM|JOIN) program\.(\w+)", node.value))
                assert tables <= TABLES_WITHOUT_PEOPLE or unit(path) in ONLY_IN["duckdb"], path.name


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_a_page_asks_questions_and_nothing_else(path):
    assert set(imports(path)) <= PAGES_MAY_IMPORT
    assert len(path.read_text(encoding="utf-8").splitlines()) <= PAGE_LINES
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert not any(isinstance(node, ast.If | ast.For | ast.FunctionDef) for node in ast.walk(tree))


def test_nothing_is_called_utils():
    names = {path.stem for path in [*FILES, *PAGES]}
    assert not names & {"util", "utils", "helper", "helpers", "common", "misc"}


def test_standard_output_belongs_to_the_command_line():
    """Logs, `print` among them, must never hold a row."""
    for path in FILES:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        prints = any(isinstance(node, ast.Name) and node.id == "print" for node in ast.walk(tree))
        assert not prints or unit(path) == "__main__", path.name
