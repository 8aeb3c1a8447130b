"""What can be wrong with an export, in words: one catalogue for command line, page and JSON."""

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

# From harmless to grave; the gravest problem of a run decides the exit code of the command.
# A "note" only tells, a "warning" leaves something out and goes on, the others stop the build.
EXIT_CODES = {"note": 0, "warning": 1, "decision": 3, "error": 2, "unreadable": 4}
ROWS_LISTED = 5
VALUES_LISTED = 10
EFFECTS = {
    "note": "for your information",
    "warning": "warning",
    "error": "STOPS THE BUILD",
    "decision": "NEEDS A DECISION",
    "unreadable": "CANNOT READ",
}


@dataclass(frozen=True)
class Kind:
    """One entry of the catalogue. `expected` and `fix` may name {file}, {column}, {field} and more."""

    code: str
    severity: str
    title: str
    expected: str
    fix: str


@dataclass(frozen=True)
class Problem:
    """One cause, however many rows it hits. `value` is already masked if it may point to a person."""

    code: str
    severity: str
    title: str
    expected: str
    fix: str
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


KINDS: Mapping[str, Kind] = {
    kind.code: kind
    for kind in (
        Kind(
            "LD-101",
            "unreadable",
            "The inbox cannot be read",
            "a folder of exports, or a zip of one",
            "Check that the path is right and that this account may read it.",
        ),
        Kind(
            "LD-102",
            "error",
            "The archive is damaged",
            "a whole zip or gz file",
            "Copy or download {file} again; the transfer was probably cut short.",
        ),
        Kind(
            "LD-103",
            "error",
            "The archive is refused",
            "an archive without passwords, whose files stay in its own folder and inflate to a sensible size",
            "Unpack {file} yourself, look at what it holds, and put only the exports into the inbox.",
        ),
        Kind("LD-104", "error", "The file is empty", "a header and rows", "Export {file} again."),
        Kind(
            "LD-105",
            "error",
            "The file is not what its name says",
            "text in columns, an xlsx workbook or a parquet file",
            "Export {file} again as CSV (UTF-8) or xlsx.",
        ),
        Kind(
            "LD-106",
            "error",
            "A quotation mark is never closed",
            "every opening quotation mark closed in the same record",
            "Look at this row of {file}; the export is cut short, or does not double quotation marks.",
        ),
        Kind(
            "LD-107",
            "error",
            "An old Excel format",
            "xlsx or CSV; the old format silently ends at 65,536 rows",
            "Open {file} and save it as xlsx or as CSV (UTF-8).",
        ),
        Kind(
            "LD-108",
            "error",
            "A settings file is wrong",
            "{wanted}",
            "Correct {file}; docs/mapping.md describes each key.",
        ),
        Kind(
            "LD-109",
            "warning",
            "A row has more or fewer cells than the header",
            "{wanted} cells",
            "Look for a separator or line break in a cell without quotation marks. The row is left out.",
        ),
        Kind(
            "LD-110",
            "warning",
            "Stray quotation mark",
            "quotation marks around whole cells, doubled inside them",
            "Correct the row in {file} and export again. The row is left out.",
        ),
        Kind(
            "LD-111",
            "warning",
            "Not UTF-8",
            "UTF-8; read as Windows-1252 instead",
            "Export {file} as UTF-8, or check that accented letters look right.",
        ),
        Kind("LD-112", "note", "Another separator than the comma", "a comma", "Nothing to do: it is known."),
        Kind(
            "LD-113",
            "note",
            "The file is not used",
            "a file named like a canonical table, or one that mapping.toml names",
            "If its rows should count, add it to mapping.toml.",
        ),
        Kind(
            "LD-114",
            "note",
            "Columns that are not used",
            "the columns of data/README.md",
            "If one of them should count, add it to mapping.toml.",
        ),
        Kind(
            "LD-115",
            "note",
            "Other sheets are not used",
            "one sheet a table",
            "If another sheet is meant, name it with `sheet` in mapping.toml.",
        ),
        Kind(
            "LD-116",
            "note",
            "Lines around the table",
            "a header in the first row, and nothing below the last record",
            "Nothing to do if these rows are titles, totals or remarks: they are not read as records.",
        ),
        Kind(
            "LD-117",
            "error",
            "A link that leads out of the inbox",
            "files that lie in the inbox themselves",
            "Copy the file that {file} points to into the inbox, or remove the link.",
        ),
        Kind(
            "LD-118",
            "error",
            "The file is not taken",
            "at most 100 files, 200 MB each and 2 GB in all, named like exports: csv, tsv, txt, xlsx, parquet,"
            " zip, gz, geojson, mapping.toml or site.toml",
            "Rename or split the file; an administrator can also put larger files into the inbox folder.",
        ),
        Kind(
            "LD-119",
            "unreadable",
            "Reading was stopped",
            "files that can be read within the memory and time the page allows",
            "Take files out one by one to find the one that does it, and export it again; or run"
            " python -m leadstats check INBOX, which has no such limit.",
        ),
        Kind(
            "LD-201",
            "error",
            "A required column is missing",
            'a column "{field}"',
            "Add the column to the export, or say in mapping.toml which of its columns is meant:"
            " python -m leadstats map INBOX proposes it.",
        ),
        Kind(
            "LD-202",
            "warning",
            "A required cell is empty",
            "a value in every row",
            "Fill the cell in your system and export again. Rows without it are left out.",
        ),
        Kind(
            "LD-203",
            "warning",
            "A required cell cannot be read",
            "{wanted}",
            "Correct it in your system and export again; if all rows look so, state the form in mapping.toml"
            " (python -m leadstats map INBOX does it). Rows without it are left out.",
        ),
        Kind(
            "LD-204",
            "warning",
            "An optional cell cannot be read",
            "{wanted}",
            "Correct it in your system, or map it in mapping.toml (python -m leadstats map INBOX does it)."
            " Until then the cell counts as missing.",
        ),
        Kind(
            "LD-205",
            "note",
            "A race that none of the groups fits",
            "{wanted}",
            "Nothing to do if it is no group: it counts as Unknown. Else map it in mapping.toml.",
        ),
        Kind(
            "LD-206",
            "decision",
            "A file looks like an export but is not mapped",
            "{wanted}",
            "Run python -m leadstats map INBOX, which proposes how to read it; or move it out of the inbox.",
        ),
        Kind(
            "LD-207",
            "decision",
            "Two candidates for one thing",
            "one of: {wanted}",
            "{advice}",
        ),
        Kind(
            "LD-208",
            "error",
            "mapping.toml names a column that the file lacks",
            "one of the columns of the file: {wanted}",
            "Correct the name in mapping.toml; python -m leadstats map INBOX asks for it.",
        ),
        Kind(
            "LD-209",
            "error",
            "Nothing to read",
            "at least one file named like a canonical table, or one that mapping.toml names",
            "Put exports into the inbox; data/README.md lists names and columns.",
        ),
        Kind(
            "LD-210",
            "warning",
            "A mapped column is missing",
            "one of the columns of the file: {wanted}",
            "Correct the name in mapping.toml; python -m leadstats map INBOX asks for it. Until then the field counts"
            " as empty.",
        ),
        Kind(
            "LD-301",
            "warning",
            "The same number with different content",
            "one row for each {field}",
            "Find out which row is right. The fullest row counts, the others are left out as duplicates.",
        ),
        Kind(
            "LD-302",
            "note",
            "Repeated rows",
            "each row once",
            "Nothing to do: a repeated row counts once.",
        ),
        Kind(
            "LD-303",
            "note",
            "Repeated referrals",
            "at least 8 days between two referrals of one person by the same pathway",
            "Nothing to do: a repeat within 7 days counts as one referral.",
        ),
        Kind(
            "LD-305",
            "note",
            "Taken over from HMIS",
            "race, sex, gender and date of birth in the program's own export",
            "Nothing to do: what the program's export leaves empty was taken from the linked HMIS record.",
        ),
        Kind(
            "LD-306",
            "note",
            "Rows of one stay",
            "one row for each {field}",
            "Nothing to do: charges and housing moves under one number are one stay, from the first booking to"
            " the last release.",
        ),
        Kind(
            "LD-320",
            "decision",
            "Daily rosters read as stays",
            "a release for each stay that is over",
            'If each file lists who is inside on its day, write table = "jail_roster" in mapping.toml. If not, map'
            " released_at, or is_on_roster, which says who is still inside.",
        ),
        Kind(
            "LD-321",
            "note",
            "Stays worked out from daily rosters",
            "an extract with booking and release of each stay",
            "Nothing to do. {days} rosters from {first_day} to {last_day}: a stay ends the day after the last one"
            " that lists it. A person in and out between two rosters is never seen.",
        ),
        Kind(
            "LD-322",
            "warning",
            "Days without a roster",
            "a roster for every day from {first_day} to {last_day}",
            "Ask the jail for the missing days. No stay ends by them, but {doubtful} stays ended in such a gap:"
            " jail nights could be up to {nights_in_doubt} higher.",
        ),
        Kind(
            "LD-323",
            "note",
            "Stays that began before the first roster",
            "rosters from before the time that is asked about",
            "Nothing to do, but do not read jail figures before {first_day}: whoever had left by then is on no list.",
        ),
        Kind(
            "LD-324",
            "note",
            "Stays on the last roster",
            "a release, once the person has left",
            "Nothing to do: they count as open on {last_day}, and end with a later roster.",
        ),
        Kind(
            "LD-325",
            "note",
            "Stays that some roster in between lacks",
            "each stay on every roster until it ends",
            "Look at one of them: the booking goes on, so the days between count as days inside.",
        ),
        Kind(
            "LD-331",
            "note",
            "A correction of the site",
            "the right value in the export itself",
            "Nothing to do: the value of corrections.csv counts; why, and who says so, stands in its row. Correct"
            " the source as well, then the row can go.",
        ),
        Kind(
            "LD-332",
            "warning",
            "A correction that cannot be applied",
            "{wanted}",
            "Mend this row of corrections.csv; docs/mapping.md describes it. The correction is left out.",
        ),
        Kind(
            "LD-333",
            "warning",
            "A correction that fits no row",
            "the number of a row of {table}, as the export writes it",
            "Compare the key with the export: the row may be gone, or its number written otherwise.",
        ),
        Kind(
            "LD-334",
            "warning",
            "A correction of a value that is no longer there",
            "the old value that corrections.csv states",
            "Look at the row again: the export has changed. The correction is left out, the export's value counts.",
        ),
        Kind(
            "LD-335",
            "note",
            "A correction that is no longer needed",
            "corrections of what is still wrong in the export",
            "Remove the row from corrections.csv: the export says the same by now.",
        ),
        Kind(
            "LD-401",
            "error",
            "The map cannot be used",
            "{wanted}",
            "Correct {file}, or state name property and coordinate system in site.toml.",
        ),
        Kind(
            "LD-402",
            "warning",
            "A neighborhood that the map does not have",
            "a name on the map",
            "Use the map's names, or map the value in mapping.toml. Until then it has no shape on the map.",
        ),
        Kind(
            "LD-403",
            "note",
            "Shapes without a name or an area",
            "a name and a polygon for each place",
            "Nothing to do unless a place is missing on the map.",
        ),
        Kind(
            "LD-404",
            "note",
            "Points outside the map",
            "points inside one of the places",
            "Nothing to do if they are elsewhere: they count as Outside. If they are many, the map or its"
            " coordinate system may be the wrong one.",
        ),
        Kind(
            "LD-405",
            "note",
            "Shapes that were mended",
            "rings that do not cross themselves",
            "Look at these places on the map; if they look right there is nothing to do.",
        ),
        Kind(
            "LD-406",
            "warning",
            "A point that is no place",
            "degrees of latitude and longitude, and not 0, 0",
            "Leave both cells empty where the place is not known. Until then the place counts as Unknown.",
        ),
        Kind(
            "LD-501",
            "error",
            "Rows do not add up",
            "every row loaded, rejected, repeated or out of scope",
            "This is a fault of the tool: report it with the layout of {file}, without its content.",
        ),
        Kind(
            "LD-601",
            "error",
            "An HMIS version that is not known",
            "an HMIS CSV export of FY2022, FY2024 or FY2026",
            "Ask the HMIS lead for an export in a current version.",
        ),
        Kind(
            "LD-602",
            "error",
            "The HMIS export is incomplete",
            "{wanted} beside Export.csv",
            "Put the whole HMIS CSV export into the inbox, as one folder or zip.",
        ),
        Kind(
            "LD-603",
            "warning",
            "A record that belongs to nothing",
            "{wanted}",
            "Export all files of HMIS at the same time. The row is left out.",
        ),
        Kind(
            "LD-604",
            "warning",
            "Exit from a project before entry",
            "an exit on the day of entry or later",
            "Correct one of the two dates in HMIS. Until then the exit counts on the day of entry.",
        ),
        Kind(
            "LD-605",
            "note",
            "Records out of scope",
            "records that HMIS has not deleted, of projects that are no victim service provider's",
            "Nothing to do: they are left out on purpose.",
        ),
        Kind(
            "LD-606",
            "note",
            "A date written in another way",
            "a date such as 2026-10-31",
            "Nothing to do: it was understood, since it can mean only one day.",
        ),
        Kind(
            "LD-607",
            "note",
            "A move-in date that does not count",
            "a day between entry and exit, not after the export, in a permanent housing project",
            "Correct it in HMIS if the person did move in. Until then the person counts as not moved in.",
        ),
        Kind(
            "LD-701",
            "warning",
            "A file of the last build is missing",
            "a file like {wanted}, as last time",
            "Add this month's file. If there is none any more, nothing is to be done: next time it is not missed.",
        ),
        Kind(
            "LD-702",
            "note",
            "New columns",
            "the columns of the last build",
            "If one of them should count, run python -m leadstats map INBOX or add it to mapping.toml.",
        ),
        Kind(
            "LD-703",
            "note",
            "Columns that are gone",
            "the columns of the last build",
            "If one of them counted, ask whoever exports why it is gone.",
        ),
        Kind(
            "LD-704",
            "note",
            "A new value",
            "a value that the last build had",
            "If it is another spelling of a known one, map it in mapping.toml; else there is nothing to do.",
        ),
        Kind(
            "LD-705",
            "warning",
            "Far more or fewer rows than last time",
            "as many rows as last time, give or take 30 %",
            "Look whether the export is cut short, covers other months, or repeats rows.",
        ),
        Kind(
            "LD-706",
            "warning",
            "Days before all that the last build had",
            "{wanted}",
            "Look at these rows: a wrong year is the usual cause. If the export reaches further back now, all is well.",
        ),
        Kind(
            "LD-707",
            "warning",
            "The export ends earlier than the last one",
            "{wanted}",
            "Look whether an old file lies in the inbox. Numbers that need it end earlier, too.",
        ),
    )
}


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


def masked(value: str) -> str:
    """The first letter of each word, so that a person with the file at hand finds the cell."""
    return re.sub(r"\w+", lambda word: word.group()[0] + "•••", value)


def nearest(value: str, known: Iterable[str], cutoff: float = 0.6) -> str | None:
    """The known word that alone begins with `value`, or is most like it, whatever the case."""
    words = {word.lower(): word for word in known}
    longer = [word for lower, word in words.items() if lower.startswith(value.lower())]
    if value and len(longer) == 1:
        return longer[0]
    close = difflib.get_close_matches(value.lower(), words, 1, cutoff)
    return words[close[0]] if close else None


def exit_code(problems: Iterable[Problem]) -> int:
    found = {problem.severity for problem in problems}
    return next((code for severity, code in reversed(EXIT_CODES.items()) if severity in found), 0)


def stops_build(problems: Iterable[Problem]) -> bool:
    return exit_code(problems) > EXIT_CODES["warning"]
