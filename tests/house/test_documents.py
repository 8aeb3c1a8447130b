"""Do documents say what is there? Names, commands, links and generated parts."""

import ast
import importlib
import itertools
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from docs.generate import DOCUMENTS
from leadstats.counting.catalog import load_metrics
from leadstats.model.declarations import keys
from leadstats.model.settings import (
    Baseline,
    Caseload,
    EligibleCharge,
    Event,
    FileMapping,
    Goal,
    JailCost,
    Site,
)

ROOT = Path(__file__).resolve().parents[2]
TEXTS = sorted(
    path
    for path in [
        *ROOT.glob("*.md"),
        *ROOT.glob("docs/*.md"),
        *ROOT.glob("queries/*.md"),
        *ROOT.glob("data/*.md"),
    ]
)
EVERY_TEXT = pytest.mark.parametrize("path", TEXTS, ids=lambda path: str(path.relative_to(ROOT)))
# As pip knows them, where the import has another name.
IMPORTED_AS = {
    "python-pptx": "pptx",
    "python-calamine": "python_calamine",
    "page-validation": "page",
    "axe-playwright-python": "axe_playwright_python",
    "import-linter": "importlinter",
    "pyshp": "shapefile",
    "charset-normalizer": "charset_normalizer",
}
RUN_AS_COMMANDS = {"ruff", "sqlfluff", "pytest-xdist"}
PROGRAM = [ROOT / "app.py", *(ROOT / "leadstats").rglob("*.py"), *(ROOT / "sample").rglob("*.py")]
CHECKING = [*(ROOT / "tests").rglob("*.py"), *(ROOT / "benchmarks").rglob("*.py")]


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def make_targets() -> set[str]:
    return set(re.findall(r"^([a-z-]+):.*## ", read("Makefile"), re.MULTILINE))


@pytest.mark.parametrize("name", DOCUMENTS)
def test_generated_documents_are_current(name):
    assert read(name) == DOCUMENTS[name]()


@EVERY_TEXT
def test_links_lead_somewhere(path):
    for target in re.findall(r"\]\(([^)#]+)", path.read_text(encoding="utf-8")):
        assert target.startswith("https://") or (path.parent / target).exists(), target


@EVERY_TEXT
def test_files_and_functions_that_are_named_exist(path):
    text = path.read_text(encoding="utf-8")
    for name in re.findall(r"`((?:leadstats|pages|queries|tests|docs)/[\w/.]*\w)`", text):
        assert (ROOT / name).exists(), name
    for module, function in re.findall(r"`(leadstats(?:\.\w+)+)\.(\w+)`", text):
        if not (ROOT / module.replace(".", "/") / f"{function}.py").exists():
            assert hasattr(importlib.import_module(module), function), f"{module}.{function}"
    for file, test in re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", text):
        assert f"def {test}(" in read(file), test


@EVERY_TEXT
def test_make_targets_that_are_named_exist(path):
    for target in re.findall(r"`?\bmake ([a-z-]+)\b`", path.read_text(encoding="utf-8")):
        assert target in make_targets(), target


def test_the_readme_lists_every_command():
    readme = read("README.md")
    assert set(re.findall(r"^\| `make ([a-z-]+)` \|", readme, re.MULTILINE)) == make_targets()
    usage = subprocess.run(
        [sys.executable, "-m", "leadstats", "--help"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    commands = set(re.findall(r"^    ([a-z]+) ", usage, re.MULTILINE))
    assert set(re.findall(r"^\| `([a-z]+)` \|", readme, re.MULTILINE)) == commands


def test_one_line_installs_what_a_fresh_machine_needs():
    """README says it to people; the two that set up a machine of their own must not know better."""
    lines = {
        re.search(r"apt(?:-get)? install (?:-\S+ )*([a-z0-9 -]+)$", read(name), re.MULTILINE)[1]
        for name in ("README.md", ".ci/run", ".github/workflows/checks.yml")
    }
    assert len(lines) == 1, lines


def test_every_key_of_the_settings_files_is_explained():
    site, mapping = read("docs/mapping.md").split("## mapping.toml")
    tables = (Site, Caseload, Baseline, EligibleCharge, JailCost, Goal, Event)
    for kind, text in ((FileMapping, mapping), *((kind, site) for kind in tables)):
        for name in keys(kind):
            assert re.search(rf"^(\[\[?files\.|\[\[?)?{name}\b", text, re.MULTILINE), (
                f"{kind.__name__}.{name}"
            )


def test_the_changelog_explains_every_raised_version():
    numbers = read("CHANGELOG.md").split("## Changes to the tool")[0]
    for metric in load_metrics().values():
        assert metric.version == 1 or f"`{metric.name}`" in numbers, metric.name


def packages(requirements: str) -> dict[str, str]:
    lines = [line for line in read(requirements).splitlines() if line and line[0] not in "#-"]
    assert all(re.fullmatch(r"[\w-]+==[\w.]+", line) for line in lines), "pin every version"
    return dict(line.split("==") for line in lines)


def imported(files: list[Path]) -> set[str]:
    found = set()
    for path in files:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                found.add(node.module.partition(".")[0])
    folders = (path for where in (ROOT, ROOT / "tests") for path in where.iterdir() if path.is_dir())
    own = {path.stem for path in CHECKING} | {path.name for path in folders}
    return found - set(sys.stdlib_module_names) - own - {"leadstats"}


def test_requirements_are_what_the_code_imports():
    needed = packages("requirements.txt") | packages("requirements-scale.txt")
    assert {IMPORTED_AS.get(name, name) for name in needed} == imported(PROGRAM)
    beside = packages("requirements-dev.txt") | packages("benchmarks/requirements.txt")
    for_tests = set(beside) - RUN_AS_COMMANDS
    assert {IMPORTED_AS.get(name, name) for name in for_tests} == imported(CHECKING) - imported(PROGRAM)


def test_every_requirement_has_its_reason():
    reasons = read("docs/decisions.md").split("## 12.")[1]
    files = (
        "requirements.txt",
        "requirements-dev.txt",
        "requirements-scale.txt",
        "benchmarks/requirements.txt",
    )
    for name in itertools.chain(*map(packages, files)):
        assert f"`{name}`" in reasons, name


def test_the_settings_of_the_tools_can_be_read():
    settings = tomllib.loads(read("pyproject.toml"))["tool"]
    assert "S608" in settings["ruff"]["lint"]["select"]
    assert settings["pytest"]["ini_options"]["filterwarnings"] == ["error"]


def test_the_architecture_names_every_room():
    rooms = {path.name for path in (ROOT / "leadstats").iterdir() if (path / "__init__.py").exists()}
    assert set(re.findall(r"^\| `(\w+)` \|", read("docs/architecture.md"), re.MULTILINE)) == rooms


def test_diverted_is_handed_to_lead_whatever_would_have_happened():
    """What an arrest would have led to is worked out, and is no part of what counts as diverted."""
    told = [
        *(ROOT / "queries").rglob("*.sql"),
        *(ROOT / "leadstats").rglob("*.py"),
        *(ROOT / "docs").glob("*.md"),
    ]
    for path in told:
        assert "instead of being booked" not in path.read_text(encoding="utf-8"), path.name


def test_people_in_lead_are_those_who_enrolled():
    """Whoever was only referred is called so."""
    for metric in load_metrics().values():
        if "ever referred" in metric.population:
            assert "participant" not in f"{metric.title} {metric.definition}".lower(), metric.name
            assert "people in lead" not in metric.title.lower(), metric.name
