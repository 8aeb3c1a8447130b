"""A sealed or expunged person out of everything kept: hides which rows are theirs and how files lose them."""

import contextlib
import csv
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from duckdb import ColumnExpression, ConstantExpression, FunctionExpression

from leadstats.ingest import corrections, roster, snapshot
from leadstats.ingest.hmis import SOURCE as HMIS
from leadstats.ingest.identity import LINKS
from leadstats.ingest.inbox import SourceFile
from leadstats.ingest.pipeline import Weigh, build, check, people_known
from leadstats.ingest.plaintext import without
from leadstats.ingest.reading import RowAccount, stage
from leadstats.ingest.report import IngestReport
from leadstats.meetings import Meetings
from leadstats.model.filenames import mark_of
from leadstats.model.messages import Fault, stops_build
from leadstats.model.schema import TABLES

RECORD = "purges.csv"
COLUMNS = ("date", "source", "files", "rows", "reason")
STAGING = ".purging-"
# What is never a person by chance: other numbers are looked for only where people's numbers stand.
TELLING = re.compile(r"(?=.*[A-Za-z]).{5,}|.{9,}")

Number = tuple[str, str]  # whose numbering ("" for all that number people alike), and the number there


@dataclass(frozen=True)
class Purge:
    """What became of it. obstacles: what must be done by hand first; then nothing was changed."""

    files: int = 0
    rows: int = 0
    obstacles: tuple[str, ...] = ()
    report: IngestReport | None = None  # of the build without the person

    @property
    def is_known(self) -> bool:
        return bool(self.files or self.obstacles)

    @property
    def is_done(self) -> bool:
        return self.report is not None and self.report.snapshot is not None


def purge(
    data: Path, inbox: Path, source: str, number: str, reason: str = "", weigh: Weigh | None = None
) -> Purge:
    """Removes a person from the exports and from every database file in `data`; appends to purges.csv.

    source: a canonical table, a numbering of mapping.toml, `hmis` or `person`; number: the person's there. All
    numbers that links and merges make the same person's go with it; weigh: as for a build. Raises Fault where the inbox cannot be read.
    """
    if inbox.is_dir():
        for left in inbox.glob(f"{STAGING}*"):
            shutil.rmtree(left)
    with people_known(inbox) as ingest:
        search = _Search(ingest, source.lower(), number.strip())
        rows, obstacles, changed = search.rows(), [], {}
        for file, found in rows.items():
            path = inbox / file.name
            is_plain = inbox.is_dir() and path.is_file() and file not in search.of_hmis
            content = without(file, found) if is_plain else None
            if content is None:
                obstacles.append(f"{file.name}: {_advice(file, file in search.of_hmis)}")
            else:
                changed[file.name] = content
        if rows:
            obstacles += search.left_over(inbox, data, changed)
    count = sum(map(len, rows.values()))
    if obstacles or not rows:
        return Purge(len(rows), count, tuple(obstacles))
    as_it_is = check(inbox, former=data, weigh=weigh)
    if stops_build(as_it_is.problems):
        return Purge(len(rows), count, report=as_it_is)
    report = _put_in_force(inbox, data, changed)
    if report.snapshot:
        if Meetings(data).all():
            Meetings(data).amend(mark_of(report.snapshot), date.today())
        _record(data, source.lower(), len(rows), count, reason)
    return Purge(len(rows), count, report=report)


def _put_in_force(inbox: Path, data: Path, changed: Mapping[str, bytes]) -> IngestReport:
    """Builds without the person first: whatever fails or is killed before the end leaves the person to be found."""
    with tempfile.TemporaryDirectory(prefix=STAGING, dir=inbox) as folder:
        staged = Path(folder)
        for path in inbox.rglob("*"):
            name = path.relative_to(inbox)
            # As everywhere, no link is followed out of the inbox.
            is_inside = path.resolve().is_relative_to(inbox.resolve())
            if not path.is_file() or not is_inside or name.parts[0].startswith(STAGING):
                continue
            (staged / name).parent.mkdir(parents=True, exist_ok=True)
            if name.as_posix() in changed:
                (staged / name).write_bytes(changed[name.as_posix()])
                shutil.copymode(path, staged / name)
            else:
                os.link(path.resolve(), staged / name)
        # What the person's absence changes is meant; all else could be put in force without being confirmed.
        report = build(staged, data, is_confirmed=True)
        if report.snapshot:
            snapshot.forget_others(data)
            for name in changed:
                (staged / name).replace((inbox / name).resolve())
    return report


def _record(data: Path, source: str, files: int, rows: int, reason: str) -> None:
    is_new = not (data / RECORD).exists()
    with (data / RECORD).open("a", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        if is_new:
            writer.writerow(COLUMNS)
        writer.writerow((date.today().isoformat(), source, files, rows, reason))


class _Search:
    """Where a person stands in an inbox that was read up to who is who."""

    def __init__(self, ingest, source: str, number: str):
        self.connection, self.files, self.accounts = ingest.connection, ingest.files, ingest.accounts
        kinds = list(ingest.site.identity.ignore)
        if kinds:
            alike = "SELECT alike($number, $kinds::VARCHAR[])"
            number = self._tuples(alike, {"number": number, "kinds": kinds})[0][0]
        self.own = {name for (name,) in self._tuples("FROM keys.own_numbers")} | {HMIS}
        source = roster.STAYS if source == roster.TABLE else source
        self.numbers = self._same_person((source if source in self.own else "", number))
        self.of_hmis = {self._file(account) for account in self.accounts if account.source == HMIS}

    def rows(self) -> dict[SourceFile, set[int]]:
        """By file, the rows that are the person's, links and corrections included."""
        found: dict[SourceFile, set[int]] = {}
        keys: set[Number] = set()
        for account in self.accounts:
            rows = self._links(account) if account.table == LINKS else self._events(account, keys)
            if rows:
                found.setdefault(self._file(account), set()).update(rows)
        if found and (rows := self._corrections(keys)):
            found.setdefault(rows[0], set()).update(rows[1])
        return found

    def left_over(self, inbox: Path, data: Path, changed: Mapping[str, bytes]) -> Iterator[str]:
        """What else names the person by a number that can be nothing else."""
        others = {
            number
            for source, number in self._tuples("SELECT source, number FROM keys.number")
            if (source if source in self.own else "", number) not in self.numbers
        }
        mine = {number for _, number in self.numbers} - others
        telling = [re.escape(number) for number in sorted(mine) if TELLING.fullmatch(number)]
        if not telling:
            return
        word = re.compile(rf"(?<![0-9A-Za-z])(?:{'|'.join(telling)})(?![0-9A-Za-z])")
        kept = [path for folder in (inbox, data) if folder.is_dir() for path in sorted(folder.rglob("*"))]
        for path in dict.fromkeys(kept):
            if not path.is_file() or path.suffix == ".duckdb":
                continue
            name = path.relative_to(inbox).as_posix() if path.is_relative_to(inbox) else str(path)
            content = changed[name] if name in changed else path.read_bytes()
            # Without the empty halves of UTF-16.
            if word.search(content.replace(b"\0", b"").decode("latin-1")):
                yield f"{name}: it still names the person; take them out of it by hand, or remove the file"
        read = {account.file_number for account in self.accounts}
        for position, file in enumerate(self.files, start=1):
            if position not in read and file.is_table and self._is_named_in(file, len(self.files) + position):
                yield f"{file.name}: {_advice(file)}"

    def _is_named_in(self, file: SourceFile, position: int) -> bool:
        """Whether a table that the build does not use, as one in an archive, has a cell with the number."""
        with contextlib.suppress(Fault):
            staged = stage(self.connection, file, position)
            rows = self.connection.table(staged.table)
            return any(rows.filter(self._is_number(name)).shape[0] for name in staged.header)
        return False

    def _same_person(self, asked: Number) -> frozenset[Number]:
        known = {
            (numbering, number): ("" if is_link else numbering, person)
            for numbering, number, person, is_link in self._tuples(
                "SELECT numbering, number, person_id, is_link FROM candidate.link"
            )
        }
        person = known.get(asked, asked)
        return frozenset({asked, person, *(number for number, other in known.items() if other == person)})

    def _numbering(self, account: RowAccount) -> str:
        source = roster.STAYS if account.source == roster.TABLE else account.source.lower()
        return source if source in self.own else ""

    def _events(self, account: RowAccount, keys: set[Number]) -> set[int]:
        """The person's rows; the numbers of the events go to `keys`, as corrections name them."""
        table = TABLES[account.table]
        if "person_id" not in {column.name for column in table.columns}:
            return set()
        numberings = {self._numbering(account), *([account.table] if account.source == HMIS else [])}
        numbers = sorted(number for numbering, number in self.numbers if numbering in numberings)
        if not numbers:
            return set()
        cells = [ConstantExpression(each).cast("VARCHAR") for each in numbers]
        key = table.key[0] if len(table.key) == 1 else "person_id"
        is_of_file = ColumnExpression("file_number") == ConstantExpression(account.file_number)
        mine = self.connection.table(f"raw.{account.table}").filter(
            is_of_file & ColumnExpression("person_id").isin(*cells)
        )
        found = mine.select("row_number", key).fetchall()
        keys.update((account.table, str(number).strip()) for _, number in found)
        rows = {row for row, _ in found}
        header = account.word("person_id")
        if account.source != HMIS and header in account.header:
            # Rows that the mapping leaves out are the person's as well; those that a correction gave to somebody
            # else are not, and are left for whoever reads the obstacles.
            staged = self.connection.table(f"staged.file_{account.file_number}")
            is_theirs = FunctionExpression("trim", ColumnExpression(header)).isin(*cells)
            read = self.connection.table(f"raw.{account.table}").filter(is_of_file).select("row_number")
            left_out = staged.filter(is_theirs).select("row_number").except_(read)
            rows |= {row for (row,) in left_out.fetchall()}
        return rows

    def _links(self, account: RowAccount) -> set[int]:
        found = self._tuples(
            "SELECT row_number, lower(source), source_person_id, person_id"
            " FROM raw.person_link WHERE file_number = $file",
            {"file": account.file_number},
        )
        return {
            row
            for row, source, number, person in found
            if (source if source in self.own else "", number) in self.numbers or ("", person) in self.numbers
        }

    def _corrections(self, keys: set[Number]) -> tuple[SourceFile, set[int]] | None:
        """The lines that correct a row of the person's."""
        file = next((file for file in self.files if file.base == corrections.FILE), None)
        if file is None:
            return None
        staged = stage(self.connection, file, 2 * len(self.files) + 1)
        rows = {
            line.row
            for line in corrections.read_lines(self.connection, staged)
            if (line.table, line.key) in keys
        }
        return (file, rows) if rows else None

    def _is_number(self, column: str):
        cells = (ConstantExpression(number).cast("VARCHAR") for _, number in self.numbers)
        return FunctionExpression("trim", ColumnExpression(column)).isin(*cells)

    def _file(self, account: RowAccount) -> SourceFile:
        return self.files[account.file_number - 1]

    def _tuples(self, sql: str, given: Mapping | None = None) -> list[tuple]:
        return self.connection.execute(sql, given).fetchall()


def _advice(file: SourceFile, is_hmis: bool = False) -> str:
    """What to do with a file that holds the person and cannot be changed byte for byte."""
    if is_hmis:
        return "remove the client in HMIS and export again"
    return "it cannot be changed safely; take the person out of it in its own program, or export it again without them"
