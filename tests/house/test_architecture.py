"""Who may know whom: the contracts of pyproject.toml, and what no contract can say."""

import ast
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


def imports(path: Path) -> Iterator[str]:
    """Dotted names; `from leadstats import ui` counts as leadstats.ui."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
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


def test_only_the_way_in_and_the_door_write_queries_in_python():
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                tables = set(re.findall(r"(?:FROM|JOIN) program\.(\w+)", node.value))
                assert not tables or room(path) in {"ingest", "counting"}, path.name


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
        assert not prints or room(path) == "cli", path.name
