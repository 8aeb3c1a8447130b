"""Who may know whom: the contracts of pyproject.toml, and what no contract can say."""

import ast
import functools
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "leadstats"
PAGES = sorted((ROOT / "pages").glob("*.py"))

PAGES_MAY_IMPORT = {"leadstats.ui"}
PAGE_LINES = 40


@functools.cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    """The syntax of a module, which several tests look through."""
    return tuple(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))


def imports(path: Path) -> Iterator[str]:
    """Dotted names; `from leadstats import ui` counts as leadstats.ui."""
    for node in nodes(path):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name}: write imports in full"
            if node.module == "leadstats":
                yield from (f"leadstats.{alias.name}" for alias in node.names)
            else:
                yield node.module


FILES = sorted(PACKAGE.rglob("*.py"))


def room(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0]


def test_rooms_know_only_what_they_may():
    """The contracts stand in pyproject.toml; `make check` prints the same."""
    assert lint_imports(config_filename=str(ROOT / "pyproject.toml")) == 0


def test_no_module_lies_loose():
    assert {path.name for path in PACKAGE.glob("*.py")} == {"__init__.py", "__main__.py"}


FOLDER_IS_SAID_BY = "model.declarations"
# Which module reads which part of queries/, and so decides what runs it.
READS = {
    "atoms.sql": {"model.metrics"},
    "changes": {"counting.changes"},
    "checks": {"ingest.checks"},
    "cube": {"counting.rows"},
    "derivation.sql": {"ingest.derivation"},
    "dimensions.sql": {"ingest.derivation"},
    "estimates": {"model.measures"},
    "first_days.sql": {"counting.database"},
    "hmis": {"ingest.hmis"},
    "ingest": {"ingest.stations"},
    "lookups": {"counting.lookups"},
    "meetings": {"meetings.store"},
    "metrics": {"counting.catalog"},
    "outcomes.sql": {"model.metrics"},
    "recorded.sql": {"ingest.derivation", "model.tables"},
    "release": {"model.measures"},
    "scope.sql": {"model.metrics"},
    "tables": {"model.tables"},
}
# Who may touch the SQL that a header came with: those who run it, and those who print it or tell by it
# whether two metrics share their counts.
RUNS = {
    "counting.atoms",
    "counting.cube",
    "counting.database",
    "counting.lookups",
    "counting.release_counts",
    "counting.rows",
    "counting.spark",
    "ingest.checks",
    "ingest.derivation",
}
SHOWS = {"ui.cards.method", "release.publication.web_payload"}
WAYS_IN_AND_OUT = {"ingest", "counting", "meetings"}  # the rooms that hold connections


def module(path: Path) -> str:
    return ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__")


def test_each_part_of_the_queries_is_read_by_the_modules_named_here():
    """Whoever names the folder says at once which part; and every part has a reader."""
    found: dict[str, set[str]] = {}
    for path in FILES:
        says_folder = any(isinstance(node, ast.Constant) and node.value == "queries" for node in nodes(path))
        assert says_folder == (module(path) == FOLDER_IS_SAID_BY), path.name
        if says_folder:
            continue
        divided = [node for node in nodes(path) if isinstance(node, ast.BinOp)]
        parts = [node.right for node in divided if getattr(node.left, "id", "") == "QUERIES"]
        uses = [
            node
            for node in nodes(path)
            if isinstance(node, ast.Name) and node.id == "QUERIES" and isinstance(node.ctx, ast.Load)
        ]
        assert len(uses) == len(parts), f"{path.name}: write QUERIES / 'part'"
        for part in parts:
            found.setdefault(part.value, set()).add(module(path))
    assert found == READS
    kept = {path.relative_to(ROOT / "queries").parts[0] for path in (ROOT / "queries").rglob("*.sql")}
    assert kept == set(READS)


def test_sql_is_run_by_the_way_in_and_the_door_alone():
    for path in FILES:
        for node in nodes(path):
            if isinstance(node, ast.Attribute) and node.attr == "sql" and not _is_connection(node):
                assert module(path) in RUNS | SHOWS, f"{path.name}: takes the SQL of a header"
            if isinstance(node, ast.Attribute) and node.attr in ("root", "execute", "executemany"):
                assert room(path) in WAYS_IN_AND_OUT, f"{path.name}: {node.attr}"
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "rows":
                is_function = getattr(node.func.value, "id", "") in _imported(path)
                assert is_function or room(path) in WAYS_IN_AND_OUT, f"{path.name}: asks the database"


def _is_connection(node: ast.Attribute) -> bool:
    """`connection.sql(...)` runs SQL; it is not the SQL of a header."""
    return "connection" in ast.unparse(node.value)


def _imported(path: Path) -> set[str]:
    return {
        alias.asname or alias.name
        for node in nodes(path)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }


def test_only_the_way_in_and_the_door_write_queries_in_python():
    for path in FILES:
        for node in nodes(path):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                tables = set(re.findall(r"(?:FROM|JOIN) program\.(\w+)", node.value))
                assert not tables or room(path) in {"ingest", "counting"}, path.name


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_a_page_asks_questions_and_nothing_else(path):
    assert set(imports(path)) <= PAGES_MAY_IMPORT
    assert len(path.read_text(encoding="utf-8").splitlines()) <= PAGE_LINES
    assert not any(isinstance(node, ast.If | ast.For) for node in nodes(path))
    functions = [node for node in nodes(path) if isinstance(node, ast.FunctionDef)]
    assert all(ast.unparse(each.decorator_list).startswith("ui.") for each in functions)
    assert len(functions) <= 1, "the page itself, and nothing else"


def test_nothing_is_called_utils():
    names = {path.stem for path in [*FILES, *PAGES]}
    assert not names & {"util", "utils", "helper", "helpers", "common", "misc"}


def test_standard_output_belongs_to_the_command_line():
    """Logs, `print` among them, must never hold a row."""
    for path in FILES:
        prints = any(isinstance(node, ast.Name) and node.id == "print" for node in nodes(path))
        assert not prints or room(path) == "cli", path.name
