"""A field that no code reads does not exist: headers and settings hold nothing that nobody asks for."""

import ast
import functools
import re
from pathlib import Path

import msgspec
import pytest

from leadstats.counting import lookups
from leadstats.ingest import checks
from leadstats.model import measures, messages, metrics, settings
from leadstats.model.declarations import QUERIES, Declared
from leadstats.release import plan

CODE = QUERIES.parent / "leadstats"
MODULES = (lookups, checks, measures, messages, metrics, settings, plan)
KINDS = {
    kind: Path(module.__file__)
    for module in MODULES
    for kind in vars(module).values()
    if isinstance(kind, type) and issubclass(kind, Declared) and kind.__module__ == module.__name__
}
FIELDS = [(kind, each.name) for kind in KINDS for each in msgspec.structs.fields(kind)]


@functools.cache
def attributes():
    """Of all code but where settings are declared."""
    paths = [path for path in CODE.rglob("*.py") if path != Path(settings.__file__)]
    nodes = (node for path in paths for node in ast.walk(ast.parse(path.read_text())))
    return {node.attr for node in nodes if isinstance(node, ast.Attribute)}


@functools.cache
def words_of_sql():
    """Of all queries but the one that only takes the settings over."""
    paths = [path for path in QUERIES.rglob("*.sql") if path != QUERIES / "tables" / "site.sql"]
    bodies = (path.read_text(encoding="utf-8").rpartition("*/\n")[2] for path in paths)
    return {word for body in bodies for word in re.findall(r"\w+", body)}


def is_read(kind, field):
    """By an attribute of its name or by SQL. Settings are checked where they are declared, so that to be
    asked for there says nothing, unless it is by a property of their own."""
    declared_in = KINDS[kind]
    own = declared_in == Path(settings.__file__) and f"self.{field}" in declared_in.read_text()
    return own or field in words_of_sql() or field in attributes()


@pytest.mark.parametrize(("kind", "field"), FIELDS, ids=lambda each: getattr(each, "__name__", each))
def test_every_field_is_read(kind, field):
    assert is_read(kind, field)


def test_a_setting_that_nothing_reads_would_be_found():
    assert not is_read(settings.Site, "fiscal_year_start_month")
