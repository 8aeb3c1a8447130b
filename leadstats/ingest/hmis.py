"""HUD's HMIS CSV export, whatever its version, into the canonical tables: hides HUD's file format.

The rules stand in queries/hmis/: what is taken (01), what differs between versions (02), how rows
are judged (03, 04), what is loaded (05) and what is told (06).
"""

import functools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping

import duckdb
from duckdb import ColumnExpression, ConstantExpression, FunctionExpression

from leadstats.ingest.reading import LoadResult, RowAccount, StagedFile
from leadstats.ingest.stations import run
from leadstats.model.declarations import QUERIES
from leadstats.model.messages import ROWS_LISTED, Problem, problem
from leadstats.model.settings import Span

# The files that are used, by name without ending and in lower case, and what their rows become.
FILES: Mapping[str, str] = {
    "export": "housing",
    "organization": "housing",
    "project": "housing",
    "client": "person",
    "enrollment": "housing",
    "exit": "housing",
    "currentlivingsituation": "living_situation",
    "services": "living_situation",
}
REQUIRED: Mapping[str, tuple[str, ...]] = {
    "project": ("ProjectID", "ProjectType"),
    "client": ("PersonalID",),
    "enrollment": ("EnrollmentID", "PersonalID", "ProjectID", "EntryDate"),
    "exit": ("EnrollmentID", "PersonalID", "ExitDate", "Destination"),
}
VERSIONS = ("FY2022", "FY2024", "FY2026")
SOURCE = "hmis"  # what person_link calls the numbers of people in HMIS
ORIGIN = ("file_number", "row_number")
# Our columns by HUD's names, for what the general checks say of these rows.
WORDS = (
    ("person_id", "PersonalID"),
    ("birth_date", "DOB"),
    ("entered_on", "EntryDate"),
    ("moved_in_on", "MoveInDate"),
    ("observed_on", "InformationDate"),
)
# HUD's columns behind ours that an export may lack; all others of ours are always there.
OPTIONAL = {
    "birth_date": ("DOB",),
    "sex": ("Sex",),
    "gender": ("Woman", "Female", "Man", "Male"),
    "race": ("White",),
    "moved_in_on": ("MoveInDate",),
    "code": ("LivingSituation", "CurrentLivingSituation"),
}
SAYS = {
    "person": {"person_id", "birth_date", "sex", "gender", "race"},
    "housing": {"person_id", "project_type", "entered_on", "moved_in_on", "exited_on", "destination"},
    "living_situation": {"person_id", "observed_on", "code", "source"},
}
PRIVATE = ("DOB",)  # and all numbers of people and records


def is_hmis(names: Iterable[str]) -> bool:
    """Whether files of these names, in one folder or archive, are an HMIS export."""
    stems = {name.lower().removesuffix(".csv") for name in names}
    return "export" in stems and bool({"client", "enrollment"} & stems)


def read_of(name: str) -> Callable[[str], bool]:
    """Which columns of one of the FILES are read, by header."""
    return lambda header: header.lower() in _columns()[name]


@functools.cache
def _columns() -> Mapping[str, frozenset[str]]:
    """The columns that are taken of each file, as the first script lists them."""
    with duckdb.connect() as connection:
        connection.execute("CREATE SCHEMA hmis")
        run(connection, _scripts()[0])
        return {
            name: frozenset(column.lower() for column in connection.table(f"hmis.{name}_file").columns)
            for name in FILES
        }


def _scripts() -> list[str]:
    return [path.read_text(encoding="utf-8") for path in sorted((QUERIES / "hmis").glob("*.sql"))]


def load_hmis(connection: duckdb.DuckDBPyConnection, staged: Mapping[str, StagedFile]) -> LoadResult:
    """Fills raw.person, raw.housing and raw.living_situation from the staged FILES.

    Rows that reach raw are not counted as loaded yet, since they are still to be compared with
    other sources; the other accounts are complete.
    """
    reports = [found for name in FILES if name in staged for found in staged[name].problems]
    lacking = list(_lacking(staged))
    if lacking:
        return LoadResult(problems=(*reports, *lacking))
    connection.execute("DROP SCHEMA IF EXISTS hmis CASCADE")
    connection.execute("CREATE SCHEMA hmis")
    first, *others = _scripts()
    run(connection, first)
    for name in FILES:
        if name in staged:
            _take(connection, f"hmis.{name}_file", staged[name])
    version = _version(connection, staged["client"].header)
    if version not in VERSIONS:
        found = problem("LD-601", file=staged["export"].file, column="CSVVersion", value=version)
        return LoadResult(problems=(*reports, found))
    for script in others:
        run(connection, script, version=version)
    accounts = [
        account for name in FILES if name in staged for account in _accounts(connection, name, staged[name])
    ]
    return LoadResult(tuple(accounts), (*reports, *_findings(connection, staged)))


def stated(connection: duckdb.DuckDBPyConnection, accounts: Iterable[RowAccount]) -> Span | None:
    """The days that Export.csv says the export covers; what it was not made for yet, it cannot cover."""
    if not any(account.source == "hmis" for account in accounts):
        return None
    first, last = connection.execute(
        "SELECT max(hmis.day_of(ExportStartDate, NULL, NULL)), min(least("
        " hmis.day_of(ExportEndDate, NULL, NULL), hmis.day_of(ExportDate, NULL, NULL)))"
        " FROM hmis.export_file WHERE ExportEndDate IS NOT NULL"
    ).fetchall()[0]
    return Span(first, last) if last else None


def _lacking(staged: Mapping[str, StagedFile]) -> Iterator[Problem]:
    for name, columns in REQUIRED.items():
        if name not in staged:
            yield problem("LD-602", wanted=f"{name.capitalize()}.csv")
            continue
        header = {column.lower() for column in staged[name].header}
        for column in columns:
            if column.lower() not in header:
                yield problem("LD-201", file=staged[name].file, row=1, field=column)


def _take(connection: duckdb.DuckDBPyConnection, table: str, staged: StagedFile) -> None:
    """The wanted columns of a file; one that it lacks stays empty."""
    header = {column.lower() for column in staged.header}
    cells = [
        FunctionExpression(
            "nullif", FunctionExpression("trim", ColumnExpression(column)), ConstantExpression("")
        )
        if column.lower() in header
        else ConstantExpression(None)
        for column in connection.table(table).columns
        if column not in ORIGIN
    ]
    origin = (ConstantExpression(staged.file_number), ColumnExpression("row_number"))
    connection.table(staged.table).select(*origin, *cells).insert_into(table)


def _version(connection: duckdb.DuckDBPyConnection, client_header: Iterable[str]) -> str:
    """As stated, e.g. "2024 v1.3" or "FY2022"; else what only one version's Client.csv has."""
    stated = connection.execute("SELECT min(CSVVersion) FROM hmis.export_file").fetchone()[0]
    if stated:
        year = re.search(r"20\d\d", stated)
        return f"FY{year.group()}" if year else stated
    header = {column.lower() for column in client_header}
    return "FY2022" if "ethnicity" in header else "FY2026" if "sex" in header else "FY2024"


def _accounts(connection: duckdb.DuckDBPyConnection, name: str, staged: StagedFile) -> Iterator[RowAccount]:
    fates = dict(
        connection.execute(
            "SELECT ruling.fate, count(*) FROM hmis.fate"
            " WHERE file = $file AND ruling IS NOT NULL GROUP BY ALL",
            {"file": name},
        ).fetchall()
    )
    kept = staged.rows - sum(fates.values())
    common = {
        "file": staged.file,
        "file_number": staged.file_number,
        "read": staged.read,
        "rejected": staged.rejected + fates.get("rejected", 0),
        "duplicate": fates.get("duplicate", 0),
        "source": SOURCE,
        "words": WORDS,
    }
    out_of_scope = fates.get("out_of_scope", 0) + staged.set_aside
    reaches_raw = name in ("client", "enrollment", "currentlivingsituation", "services")
    yield RowAccount(
        table=FILES[name],
        loaded=0 if reaches_raw else kept,
        out_of_scope=out_of_scope,
        says=_says(FILES[name], staged) if reaches_raw else None,
        **common,
    )
    if name == "enrollment":
        situations = connection.execute(
            "SELECT count(*) FROM hmis.enrollment WHERE ruling IS NULL AND situation IS NOT NULL"
        ).fetchone()[0]
        # The same rows once more, as what they say of the night before entry.
        yield RowAccount(
            table="living_situation",
            out_of_scope=out_of_scope + kept - situations,
            says=_says("living_situation", staged),
            **common,
        )


def _says(table: str, staged: StagedFile) -> frozenset[str]:
    header = {column.lower() for column in staged.header}
    lacking = {ours for ours, theirs in OPTIONAL.items() if not header & {name.lower() for name in theirs}}
    return frozenset(SAYS[table] - lacking)


def _findings(connection: duckdb.DuckDBPyConnection, staged: Mapping[str, StagedFile]) -> Iterator[Problem]:
    files = {file.file_number: file.file for file in staged.values()}
    groups = connection.execute(
        "SELECT file_number, code, column_name, wanted, arg_min(cell, row_number), count(*),"
        " list_sort(list(row_number))[:$listed]"
        " FROM hmis.finding GROUP BY ALL ORDER BY file_number, code, column_name, wanted",
        {"listed": ROWS_LISTED},
    )
    for number, code, column, wanted, cell, count, rows in groups.fetchall():
        is_private = (column in PRIVATE or column.endswith("ID")) and code != "LD-605"
        yield problem(
            code,
            file=files[number],
            column=column,
            value=cell,
            privacy="identifier" if is_private else "plain",
            count=count,
            rows=rows,
            wanted=wanted or "",
            field=column,
        )
