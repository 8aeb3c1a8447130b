"""A site's own corrections as data: hides how a line of corrections.csv finds its cell."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import duckdb
from duckdb import ColumnExpression, ConstantExpression, FunctionExpression

from leadstats.ingest.reading import RowAccount, StagedFile
from leadstats.model.declarations import nearest
from leadstats.model.messages import Fault, Problem, problem
from leadstats.model.schema import TABLES, Column

FILE = "corrections.csv"
TABLE = "correction"
REQUIRED = ("table", "key", "column", "new_value", "reason", "who", "when")
STATED = ("table", "key", "column", "reason", "who", "when")  # a new value may be empty: not known


@dataclass(frozen=True)
class Correction:
    """One line: the cell of `column` in the rows of `table` whose number is `key`.

    Neither key, reason nor name travels further than this module: they may tell of a person.
    """

    row: int
    table: str
    key: str
    column: str
    new_value: str | None
    reason: str
    who: str
    when: str
    old_value: str | None = None

    @property
    def target(self) -> Column:
        return TABLES[self.table].column(self.column)


def correct(
    connection: duckdb.DuckDBPyConnection, staged: StagedFile, accounts: Sequence[RowAccount]
) -> tuple[RowAccount, list[Problem]]:
    """Changes raw.* as the file says, in order of day and row, and lists each change. Raises Fault."""
    problems, sound = list(staged.problems), []
    for line in sorted(read_lines(connection, staged), key=lambda line: (line.when, line.row)):
        found = _flaw(line, staged.file, accounts)
        problems.append(found) if found else sound.append(line)
    groups: dict[tuple[str, str], list[Correction]] = {}
    for line in sound:
        groups.setdefault((line.table, line.column), []).append(line)
    told = [found for lines in groups.values() for found in _apply(connection, lines, staged.file)]
    applied = sum(found.severity == "note" for found in told)
    account = RowAccount(
        staged.file, staged.file_number, TABLE, staged.read, loaded=applied, rejected=staged.read - applied
    )
    return account, [*problems, *told]


def read_lines(connection: duckdb.DuckDBPyConnection, staged: StagedFile) -> Iterator[Correction]:
    """The lines of the file, sound or not. Raises Fault for one without the columns that it needs."""
    ours = {"_".join(name.lower().split()): name for name in staged.header}
    for name in REQUIRED:
        if name not in ours:
            likely = nearest(name, staged.header)
            raise Fault(problem("LD-201", file=staged.file, row=1, field=name, column=likely, likely=likely))
    names = [name for name in (*REQUIRED, "old_value") if name in ours]
    cells = [FunctionExpression("as_cell", ColumnExpression(ours[name]), _texts([])) for name in names]
    for row, *values in connection.table(staged.table).select("row_number", *cells).fetchall():
        stated = dict(zip(names, values, strict=True))
        for name in STATED:
            stated[name] = stated[name] or ""
        for name in ("table", "column"):
            stated[name] = "_".join(stated[name].lower().split())
        yield Correction(row, **stated)


def _flaw(line: Correction, file: str, accounts: Sequence[RowAccount]) -> Problem | None:
    """Why a line cannot be applied, whatever the rows hold."""
    for name in STATED:
        if not getattr(line, name):
            return problem("LD-332", file=file, row=line.row, column=name, wanted=f"a value for {name}")
    loaded = {account.table for account in accounts}
    keyed = sorted(name for name in loaded if _key(name))
    if line.table not in keyed:
        wanted = f"a table of this inbox whose rows have a number: {', '.join(keyed)}"
        return _unfit(line, file, "table", line.table, keyed, wanted)
    columns = [column.name for column in TABLES[line.table].columns]
    if line.column not in columns:
        return _unfit(line, file, "column", line.column, columns, f"one of: {', '.join(columns)}")
    return None


def _unfit(
    line: Correction, file: str, column: str, value: str, known: Sequence[str], wanted: str
) -> Problem:
    likely = nearest(value, known)
    return problem(
        "LD-332", file=file, row=line.row, column=column, value=value, likely=likely, wanted=wanted
    )


def _key(table: str) -> str | None:
    key = TABLES[table].key if table in TABLES else ()
    return key[0] if len(key) == 1 else None


def _apply(
    connection: duckdb.DuckDBPyConnection, lines: Sequence[Correction], file: str
) -> Iterator[Problem]:
    """The corrections of one column, later ones upon earlier ones."""
    rows = connection.table(f"raw.{lines[0].table}")
    column = lines[0].column
    key = ColumnExpression(_key(lines[0].table))
    cell = FunctionExpression("either", ColumnExpression(column), _text(""))
    is_meant = key.isin(*{_text(line.key) for line in lines})
    held: dict[str, set[str]] = {}
    for number, value in rows.filter(is_meant).select(key, cell).distinct().fetchall():
        held.setdefault(number, set()).add(value)
    changed = {}
    for line in lines:
        found = _judge(line, held.get(line.key, set()), file)
        if found.code == "LD-331":
            held[line.key], changed[line.key] = {line.new_value or ""}, line.new_value
        yield found
    if changed:
        position = FunctionExpression("list_position", _texts(changed), key)
        value = FunctionExpression("list_extract", _texts(changed.values()), position)
        rows.update({column: value}, condition=key.isin(*map(_text, changed)))


def _judge(line: Correction, held: set[str], file: str) -> Problem:
    """What becomes of a line whose number is found in rows that hold these values."""
    where = {"file": file, "row": line.row, "table": line.table, "field": line.column, "column": line.column}
    wanted = line.new_value or ""
    if not held:
        return problem("LD-333", **where)
    if held == {wanted}:
        return problem("LD-335", **where, value=wanted, privacy=line.target.privacy)
    others = held - {line.old_value, wanted}
    if line.old_value is not None and others:
        return problem("LD-334", **where, value=min(others), privacy=line.target.privacy)
    return problem("LD-331", **where, value=wanted, privacy=line.target.privacy)


def _text(value: str | None) -> duckdb.Expression:
    return ConstantExpression(value).cast("VARCHAR")


def _texts(values: Iterable[str | None]) -> duckdb.Expression:
    return ConstantExpression(list(values)).cast("VARCHAR[]")
