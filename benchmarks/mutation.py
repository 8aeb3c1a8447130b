"""Which changes of a query or a formula no test notices: python -m benchmarks.mutation [--most N] [FILE or FOLDER]...

One token at a time is changed in a copy of the repository, and the tests that name the changed file's
metrics or module are run. Prints each change they let pass; asserts nothing. See docs/mutation.md.
"""

import argparse
import bisect
import io
import itertools
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import token
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

ROOT = Path(__file__).resolve().parent.parent
CHANGED = ("queries", "leadstats/counting", "leadstats/statistics")
# Worked examples on typed rows first; builds, releases and pages would take minutes for each mutant.
TESTS = ("statistics", "counting", "metrics", "analysis", "narrative")
SLOW = "test_recount"  # needs the whole invented county
# Those that do not parse (the AND of a BETWEEN, a star that is no product) are no mutants.
SWAPS = {
    **{"<": "<=", "<=": "<", ">": ">=", ">=": ">", "=": "<>", "<>": "=", "==": "!=", "!=": "=="},
    **{"+": "-", "-": "+", "*": "/", "/": "*", "and": "or", "or": "and", "true": "false", "false": "true"},
    **{"min": "max", "max": "min", "least": "greatest", "greatest": "least"},
    **{"not": "", "distinct": "", "left": ""},
}
NUMBER = re.compile(r"\d+(\.\d+)?")


@dataclass(frozen=True)
class Mutant:
    """A text with one token changed; line counts from 1."""

    line: int
    old: str
    new: str
    text: str


def _sql_tokens(text: str) -> Iterator[tuple[int, str]]:
    """Offset and token, without comments and strings."""
    raw = text.encode()
    found = [(len(raw[:start].decode()), kind) for start, kind in duckdb.tokenize(text)]
    for (start, kind), (end, _) in itertools.pairwise([*found, (len(text), None)]):
        if kind not in (duckdb.token_type.comment, duckdb.token_type.string_const):
            yield start, text[start:end].strip()


def _python_tokens(text: str) -> Iterator[tuple[int, str]]:
    lines = [0, *itertools.accumulate(len(line) for line in text.splitlines(keepends=True))]
    for found in tokenize.generate_tokens(io.StringIO(text).readline):
        if found.type in (token.NAME, token.OP, token.NUMBER):
            yield lines[found.start[0] - 1] + found.start[1], found.string


def _swapped(word: str) -> str | None:
    if NUMBER.fullmatch(word):
        return str(float(word) + 1 if "." in word else int(word) + 1)
    swap = SWAPS.get(word.lower())
    if swap and word[0].isupper():
        return swap.upper() if word.isupper() else swap.capitalize()
    return swap


def _parses(text: str, is_sql: bool) -> bool:
    try:
        if is_sql:
            duckdb.extract_statements(text)
        else:
            compile(text, "mutant", "exec")
    except (duckdb.Error, SyntaxError):
        return False
    return True


def mutants(text: str, is_sql: bool) -> Iterator[Mutant]:
    """Every change of one token that still parses, in the order of the text."""
    tokens = list((_sql_tokens if is_sql else _python_tokens)(text))
    starts = [0, *(found.end() for found in re.finditer("\n", text))]
    words = ["", *(word.lower() for _, word in tokens), ""]
    for (start, word), before, after in zip(tokens, words, words[2:], strict=False):
        new = _swapped(word)
        # NOT NULL of a column is a rule about the build, and there it is tested.
        if new is None or (word == "NOT" and after == "null" and before != "is"):
            continue
        changed = text[:start] + new + text[start + len(word) :]
        if _parses(changed, is_sql):
            yield Mutant(bisect.bisect(starts, start), word, new, changed)


def _names_of(path: Path) -> set[str]:
    """What other files call the content of a query: its file, its macros, its metrics."""
    text = path.read_text(encoding="utf-8")
    macros = re.findall(r"\bMACRO (\w+)", text)
    return {path.stem, *macros, *re.findall(r"^\[metrics\.(\w+)", text, re.MULTILINE)}


def _names(text: str, names: set[str]) -> bool:
    return not names.isdisjoint(re.findall(r"\w+", text))


def _query_readers(path: Path) -> set[str]:
    """Names of a query and of all queries that read it, however far away."""
    queries = {query: query.read_text(encoding="utf-8") for query in ROOT.glob("queries/**/*.sql")}
    names, reached = _names_of(path), {path}
    while more := {query for query, text in queries.items() if query not in reached and _names(text, names)}:
        reached |= more
        names = names.union(*map(_names_of, more))
    return names


def chosen_tests(path: Path) -> list[str]:
    """The tests that name a query's metrics, or import a module; else all of the same room."""
    tests = [test for room in TESTS for test in sorted(ROOT.glob(f"tests/{room}/test_*.py"))]
    tests = [test for test in tests if not test.name.startswith(SLOW)]
    if path.suffix == ".sql":
        names = _query_readers(path)
        chosen = [test for test in tests if _names(test.read_text(encoding="utf-8"), names)]
    else:
        package = ".".join(path.relative_to(ROOT).parent.parts)
        imports = re.compile(rf"{package}(\.| import .*\b){path.stem}\b")
        chosen = [test for test in tests if imports.search(test.read_text(encoding="utf-8"))]
    chosen = chosen or [test for test in tests if test.parent.name == path.parent.name] or tests
    return [str(test.relative_to(ROOT)) for test in chosen]


def _passes(copy: Path, tests: list[str], seconds: float | None = None) -> bool:
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *tests]
    # Two mutants of one second and one length would share their bytecode.
    environment = os.environ | {"PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run(command, cwd=copy, env=environment, capture_output=True, timeout=seconds)
    except subprocess.TimeoutExpired:
        return False  # a loop without end is noticed
    return done.returncode == 0


def survivors(copy: Path, path: Path, most: int | None) -> tuple[int, list[Mutant]]:
    """How many mutants of a file were tried, and those that its tests let pass.

    most: try no more than so many, spread evenly over the file. ValueError if the tests fail unchanged.
    """
    original, tests = path.read_text(encoding="utf-8"), chosen_tests(path)
    found = list(mutants(original, path.suffix == ".sql"))
    found = found[:: -(-len(found) // most)] if most and found else found
    print(f"{path.relative_to(ROOT)}: {len(found)} mutants, tests: {' '.join(tests)}", flush=True)
    if not found:
        return 0, []
    begun = time.perf_counter()
    if not _passes(copy, tests):
        raise ValueError(f"these tests fail before anything is changed: {' '.join(tests)}")
    limit = 20 + 3 * (time.perf_counter() - begun)
    alive, target = [], copy / path.relative_to(ROOT)
    for mutant in found:
        target.write_text(mutant.text, encoding="utf-8")
        if _passes(copy, tests, limit):
            alive.append(mutant)
            line = original.splitlines()[mutant.line - 1].strip()
            print(
                f"  survives, line {mutant.line}: {mutant.old} -> {mutant.new or 'nothing'}    {line}",
                flush=True,
            )
    target.write_text(original, encoding="utf-8")
    return len(found), alive


def main() -> None:
    parser = argparse.ArgumentParser(description="Print the changes that no test notices.")
    parser.add_argument("only", nargs="*", default=CHANGED, help="files or folders")
    parser.add_argument("--most", type=int, help="mutants per file, spread evenly")
    asked = parser.parse_args()
    files: list[Path] = []
    for name in asked.only:
        where = (ROOT / name).resolve()
        if not where.exists():
            parser.error(f"{name} is neither a file nor a folder of the repository")
        inside = [*where.rglob("*.sql"), *where.rglob("*.py")] if where.is_dir() else [where]
        files += sorted(inside)
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    kept = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        for name in kept:
            if (ROOT / name).is_file():
                (copy / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / name, copy / name)
        results = [survivors(copy, path, asked.most) for path in files]
    tried, alive = sum(n for n, _ in results), sum(len(mutants) for _, mutants in results)
    print(f"{tried} mutants, {tried - alive} noticed, {alive} survive")


if __name__ == "__main__":
    main()
