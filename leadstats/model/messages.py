"""What can be wrong with an export, in words: one catalogue for command line, page and JSON."""

import dataclasses
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from leadstats.model.declarations import DeclarationError, Declared, declared, parsed

# From harmless to grave; the gravest problem of a run decides the exit code of the command.
# A "note" only informs, a "warning" leaves something out and goes on, and the others stop the build; "held"
# stops it until a person confirms.
EXIT_CODES = {"note": 0, "warning": 1, "held": 3, "decision": 3, "error": 2, "unreadable": 4}
ROWS_LISTED = 5
VALUES_LISTED = 10
EFFECTS = {
    "note": "for your information",
    "warning": "warning",
    "error": "STOPS THE BUILD",
    "held": "HELD UNTIL CONFIRMED",
    "decision": "NEEDS A DECISION",
    "unreadable": "CANNOT READ",
}


GRAVEST_FIRST = tuple(reversed(EXIT_CODES))
# The headings on the data-quality page, in this order.
TOPICS = (
    "Repeated rows",
    "Impossible or unlikely",
    "Places that do not match",
    "Changes since last time",
    "Daily rosters",
    "Corrections",
    "People and links",
    "Cells that could not be read",
    "Files and columns",
    "HMIS",
    "Everything else",
)


class Kind(Declared):
    """One entry of the catalogue. `expected` and `fix` may name {file}, {column}, {field} and more.

    shows: how much of the value found is shown to people who may not see single records; see messages.toml.
    """

    code: str
    severity: Literal[tuple(EXIT_CODES)]
    title: str
    expected: str
    fix: str
    topic: Literal[TOPICS]
    shows: Literal["file", "shared value", "nothing"]


@dataclass(frozen=True)
class Problem:
    """One cause, however many rows it hits. `value` is already masked if it may point to a person."""

    code: str
    severity: str
    title: str
    expected: str
    fix: str
    topic: str
    shows: str
    file: str | None = None
    table: str | None = None  # the canonical table its rows were read as
    sheet: str | None = None
    row: int | None = None  # as a spreadsheet shows it: the header is row 1
    column: str | None = None  # in their words
    field: str | None = None  # in ours
    value: str | None = None
    count: int = 1
    rows: tuple[int, ...] = ()
    likely: str | None = None
    files: int = 1  # in how many files of one kind; `file` and `rows` are those of the first

    def as_json(self) -> dict[str, Any]:
        return {**vars(self), "rows": list(self.rows)}

    @property
    def line(self) -> str:
        """In one line, where there is no room for more."""
        meant = f'; did you mean "{self.likely}"?' if self.likely else ""
        found = f'"{self.value}" found, ' if self.value and self.value != self.field else ""
        place = ": ".join(filter(None, (self.file, self.field)))
        return f"{place}: {found}{self.expected} expected{meant}"

    def as_text(self, *others: "Problem") -> str:
        """In words; `others` are of the same cause, with other values."""
        same = (self, *others)
        found = [each._found(is_alone=not others) for each in same[:VALUES_LISTED]]
        if len(same) > VALUES_LISTED:
            rest = sum(each.count for each in same[VALUES_LISTED:])
            found.append(f"and {len(same) - VALUES_LISTED} other values ({rest:,} rows)")
        where = [f"row {self.row}" if self.row and not others else "", self._column()]
        lines = {
            "File": self._file(),
            "Sheet": self.sheet,
            "Where": ", ".join(filter(None, where)),
            "Found": f"\n{'':<9}".join(found).strip(),
            "Expected": self.expected,
            "Likely": self.likely and not others and f'"{self.likely}"',
            "Fix": self.fix,
            "Help": f"docs/errors.md#{self.code}",
        }
        head = f"{self.code}  {self.title:<50} {EFFECTS[self.severity]}"
        return "\n".join([head, *(f"{name:<9}{text}" for name, text in lines.items() if text)])

    @property
    def cause(self) -> tuple:
        """What problems share that one correction would end."""
        return self.code, self.file, self.table, self.column, self.field, self.expected, self.fix

    def _found(self, is_alone: bool) -> str:
        found = f'"{self.value}"' if self.value is not None else ""
        if self.likely and not is_alone:
            found += f', likely "{self.likely}"'
        if self.count > 1 and self.rows:
            more = ", ..." if self.count > len(self.rows) else ""
            found += f" ({self.count:,} rows: {', '.join(map(str, self.rows))}{more})"
        elif not is_alone and self.row:
            found += f" (row {self.row})"
        elif self.count > 1 and not found:
            found = f"{self.count:,}"
        return found

    def _file(self) -> str | None:
        if self.file is None:
            return None
        name = f"{self.file} and {self.files - 1:,} more" if self.files > 1 else self.file
        is_told_by_name = self.table is None or self.table in self.file
        return name if is_told_by_name else f"{name}, read as {self.table}"

    def _column(self) -> str:
        if self.column is None:
            return ""
        ours = f" (our field: {self.field})" if self.field and self.field != self.column else ""
        return f'column "{self.column}"{ours}'


def by_cause(problems: Iterable[Problem]) -> list[str]:
    """Problems in words, in their order, those of one cause together."""
    causes: dict[tuple, list[Problem]] = {}
    for found in problems:
        causes.setdefault(found.cause, []).append(found)
    return [first.as_text(*others) for first, *others in causes.values()]


class Fault(Exception):
    """Something that stops the reading of a file, carrying the problem to show."""

    def __init__(self, problem: Problem):
        super().__init__(problem.as_text())
        self.problem = problem


def _catalogue() -> Mapping[str, Kind]:
    path = Path(__file__).with_name("messages.toml")
    entries = parsed(path, path.read_bytes())
    return {
        code: declared(Kind, path, {"code": code, **entry}, table=code) for code, entry in entries.items()
    }


KINDS = _catalogue()


def problem(
    code: str,
    *,
    file: str | None = None,
    value: str | None = None,
    privacy: str = "plain",
    likely: str | None = None,
    rows: Iterable[int] = (),
    column: str | None = None,
    field: str | None = None,
    kinds: Mapping[str, Kind] = KINDS,
    count: int = 1,
    row: int | None = None,
    table: str | None = None,
    sheet: str | None = None,
    **words: str,
) -> Problem:
    """A problem of the catalogue; `words` fill its texts. Masks the value unless its column is plain."""
    kind = kinds[code]
    rows = tuple(sorted(rows)[:ROWS_LISTED])
    texts = {"file": file, "table": table, "column": column, "field": field, "likely": likely, **words}
    return Problem(
        code=kind.code,
        severity=kind.severity,
        title=kind.title,
        expected=kind.expected.format(**texts),
        fix=kind.fix.format(**texts),
        topic=kind.topic,
        shows=kind.shows,
        file=file,
        table=table,
        sheet=sheet,
        row=row if row is not None else next(iter(rows), None),
        column=column,
        field=field,
        value=value if value is None or privacy == "plain" else masked(value),
        count=count,
        rows=rows,
        likely=likely if privacy == "plain" else None,
    )


def misdeclared(code: str, error: DeclarationError) -> Problem:
    """What is wrong with a file that declares something, as a problem of that code."""
    return problem(
        code,
        file=error.file,
        field=error.field or None,
        value=error.found or error.field or None,
        likely=error.likely,
        wanted=error.wanted,
    )


def masked(value: str) -> str:
    """The first letter of each word, so that a person with the file at hand finds the cell."""
    return re.sub(r"\w+", lambda word: word.group()[0] + "•••", value)


def exit_code(problems: Iterable[Problem]) -> int:
    found = {problem.severity for problem in problems}
    return next((code for severity, code in reversed(EXIT_CODES.items()) if severity in found), 0)


def stops_build(problems: Iterable[Problem]) -> bool:
    return exit_code(problems) > EXIT_CODES["warning"]


def confirmed(problems: Iterable[Problem]) -> list[Problem]:
    """What was held is a warning once a person has confirmed it."""
    return [
        dataclasses.replace(each, severity="warning") if each.severity == "held" else each
        for each in problems
    ]
