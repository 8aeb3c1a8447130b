"""How a command answers: its result on standard output, what went wrong on standard error, and its exit code."""

import json
import sys
from collections.abc import Callable
from typing import Any

DONE_WITH_WARNINGS, WRONG_USE, DECISION, CANNOT_READ = 1, 2, 3, 4


def fail(error: object, code: int) -> int:
    """Says what went wrong, in one line, and returns the exit code."""
    print(f"leadstats: {' '.join(str(error).split())}", file=sys.stderr)
    return code


def show(format: str, as_json: Callable[[], Any], as_text: Callable[[], str]) -> None:
    """Prints a result as JSON, or as text for people; works out only the one that is asked for."""
    print(json.dumps(as_json(), indent=2, ensure_ascii=False) if format == "json" else as_text())
