"""What a cell says, as expressions: where its value stands, what in it nobody can read, and what stands for nothing."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import duckdb
from duckdb import CaseExpression, ColumnExpression, ConstantExpression, FunctionExpression

from leadstats.ingest.stations import TYPES, Sql, sql
from leadstats.model.schema import RACES, TWO_OR_MORE, Column
from leadstats.recognition.forms import known_words
from leadstats.recognition.vocabulary import words_of

Expression = duckdb.Expression

# What systems write where there is nothing, and nothing yet.
NOTHING = ("missing", "not_yet")


@dataclass(frozen=True)
class Finding:
    """A kind of cell that cannot be read: whether a row holds one, and what it says."""

    code: str
    column: Column
    is_found: Expression
    value: Expression
    of_empty: bool = False  # whether it is an empty cell


def value_of(column: Column) -> Expression:
    """What the cell of a column was read as; NULL where nobody can read it."""
    return ColumnExpression(f"{column.name} read")


def beside(column: Column, value: Expression) -> Sql:
    """The value as a column beside its cell."""
    return sql("{value} AS {name}", value=value, name=value_of(column))


def nothing(column: Column) -> Sql:
    """The value of a column that no row says anything in."""
    return beside(column, ConstantExpression(None).cast(TYPES[column.kind]))


def has_forms(column: Column) -> bool:
    """Whether its cells are the same few texts, which cost more to read than to find again."""
    return bool(column.other) or column.kind == "date"


def findings_of(column: Column) -> Iterator[Finding]:
    """What of a column is told, each kind with how it is found."""
    cell = ColumnExpression(column.name)
    is_needed = column.required and not column.may_be_empty
    if is_needed:
        yield Finding(
            "LD-202", column, cell.isnull(), ConstantExpression(None).cast("VARCHAR"), of_empty=True
        )
    if column.kind == "races":
        unfit = FunctionExpression("unfit_races", cell, ConstantExpression(list(choices_of(column))))
        is_found = FunctionExpression("len", unfit) > ConstantExpression(0)
        yield Finding("LD-205", column, is_found, FunctionExpression("unnest", unfit))
    elif column.other:
        theirs, _ = known_words_of(column)
        yield Finding(
            "LD-212",
            column,
            # Asked of those alone that were read as another word: the others are all known.
            CaseExpression(
                value_of(column) == ConstantExpression(column.other),
                FunctionExpression("is_other_word", cell, theirs),
            ),
            FunctionExpression("quotable", cell),
        )
    elif column.kind != "text":
        code = "LD-203" if is_needed else "LD-204"
        yield Finding(code, column, cell.isnotnull() & value_of(column).isnull(), cell)


def is_missing(column: Column) -> Expression:
    """Whether a row lacks what it cannot do without."""
    return ConstantExpression(False) if column.may_be_empty else value_of(column).isnull()


def says_nothing(column: Column, zone: str) -> Expression:
    """Whether a cell that gave no value stands for an empty one."""
    words = ConstantExpression(sorted(words_of(*NOTHING if column.is_date else NOTHING[:1])))
    cell = ColumnExpression(column.name)
    if column.name == "birth_year":
        return FunctionExpression("says_no_year", cell, words)
    return FunctionExpression("says_nothing", cell, ConstantExpression(zone), words)


def unread_of(columns: Iterable[Column], zone: str) -> Expression:
    """The names of those of the columns whose cell holds what gave no value and says no nothing."""
    names = [
        CaseExpression(
            ColumnExpression(c.name).isnotnull() & value_of(c).isnull() & ~says_nothing(c, zone),
            ConstantExpression(c.name),
        )
        for c in columns
    ]
    if not names:
        return ConstantExpression(None).cast("VARCHAR[]")
    return FunctionExpression("without_gaps", FunctionExpression("list_value", *names))


def known_words_of(column: Column) -> tuple[Expression, Expression]:
    """Theirs and ours, of a column whose other words count as one more choice."""
    known = known_words(column)
    return tuple(ConstantExpression(list(words)).cast("VARCHAR[]") for words in (known, known.values()))


def choices_of(column: Column) -> tuple[str, ...]:
    """The words that a column may hold, in ours."""
    return (*RACES, TWO_OR_MORE) if column.kind == "races" else column.choices
