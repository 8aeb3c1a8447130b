"""What every file of queries/ keeps to."""

import re
from pathlib import Path

import pytest

QUERIES = sorted((Path(__file__).resolve().parents[2] / "queries").rglob("*.sql"))
# DuckDB knows many functions by several names; here each has one.
ONE_NAME = {
    "max_by": "arg_max",
    "min_by": "arg_min",
    "datesub": "date_sub",
    "datediff": "date_diff",
    "ifnull": "coalesce",
    "nvl": "coalesce",
    "length": "len",
    "array_length": "len",
    "list_has": "list_contains",
    "array_contains": "list_contains",
    "array_agg": "list",
    "group_concat": "string_agg",
}


@pytest.mark.parametrize("path", QUERIES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_function_is_called_by_one_name(path):
    called = set(re.findall(r"\b(\w+)\(", path.read_text(encoding="utf-8")))
    assert {name: ONE_NAME[name] for name in called & ONE_NAME.keys()} == {}
