"""The course of a build: files found, read, mapped, checked, derived, and the pointer switched."""

import contextlib
import dataclasses
import hashlib
import zoneinfo
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path

import duckdb

from leadstats.ingest import corrections, drift, hmis, numbering, roster, snapshot, stations, zones
from leadstats.ingest.boundaries import Boundaries, BoundaryError, chosen, maps
from leadstats.ingest.derivation import derive, export
from leadstats.ingest.inbox import SourceFile, opened
from leadstats.ingest.mapping import (
    fill,
    has_own_columns,
    judge_unmapped,
    known_by_headers,
    mappings_of,
    read_by,
)
from leadstats.ingest.progress import CHECKING, DERIVING, Progress, Tell
from leadstats.ingest.reading import Layout, LoadResult, RowAccount, StagedFile, stage
from leadstats.ingest.report import Headline, IngestReport
from leadstats.ingest.stations import sql, union
from leadstats.ingest.validate import accept_rows
from leadstats.model.messages import Fault, Problem, confirmed, problem, stops_build
from leadstats.model.settings import NOTHING, FileMapping, Site, read_mapping, read_site, retired
from leadstats.model.tables import load_tables

MAPPING = "mapping.toml"
SETTINGS = ("site.toml", MAPPING)
BOUNDARY = "boundary"
# What is more than this waits on disk, in the folder of the build. A database file to work in was ruled out: its blocks
# are packed to last, which took a quarter of the time of reading and checking ten million rows.
MEMORY_LIMIT = "2GB"
# Below this, to share a statement among threads costs more than it saves, and further below to plan it well does.
BYTES_TO_SHARE, BYTES_TO_PLAN = 5_000_000, 100_000


# From the database file in force, if there is one, and the new one to the headlines of both.
Weigh = Callable[[Path | None, Path], tuple[Headline, ...]]


def check(
    inbox: Path, progress: Tell | None = None, former: Path | None = None, weigh: Weigh | None = None
) -> IngestReport:
    """Reads, maps and validates; writes nothing. `progress` hears what is done, and the share done.

    former: a data folder whose last build the inbox is compared with; weigh: what compares the headlines.
    """
    return _run(inbox, None, progress, former, weigh)


def build(
    inbox: Path,
    data: Path,
    progress: Tell | None = None,
    weigh: Weigh | None = None,
    is_confirmed: bool = False,
) -> IngestReport:
    """Checks, then puts a new database file in force, unless something stands in the way.

    weigh: what compares the headlines with those in force; is_confirmed: what would be held is put in force.
    """
    return _run(inbox, data, progress, data, weigh, is_confirmed)


def _run(
    inbox: Path,
    data: Path | None,
    tell: Tell | None,
    former: Path | None,
    weigh: Weigh | None,
    is_confirmed: bool = False,
) -> IngestReport:
    try:
        with (
            opened(inbox) as (files, problems),
            snapshot.workspace(data) as folder,
            contextlib.closing(_connect(folder, files)) as connection,
        ):
            progress = Progress(tell, files)
            ingest = _Ingest(connection, files, problems, progress, snapshot.in_force(former))
            report = ingest.run(folder, data, weigh, is_confirmed)
            progress.tell("done", 1)
            return report
    except Fault as fault:
        return IngestReport(problems=(fault.problem,))


@contextlib.contextmanager
def people_known(inbox: Path) -> Iterator["_Ingest"]:
    """An inbox read as a build reads it, up to who is who; writes nothing. Raises Fault."""
    with (
        opened(inbox) as (files, problems),
        snapshot.workspace(None) as folder,
        contextlib.closing(_connect(folder, files)) as connection,
    ):
        ingest = _Ingest(connection, files, problems, Progress(None, files), None)
        ingest.know_people()
        yield ingest


def _connect(folder: Path, files: Sequence[SourceFile]) -> duckdb.DuckDBPyConnection:
    size = sum(source.size for source in files)
    settings = {"memory_limit": MEMORY_LIMIT, "temp_directory": str(folder / "spill")}
    settings |= {"threads": 1} if size < BYTES_TO_SHARE else {}
    connection = duckdb.connect(config=settings)
    has_mapping = any(source.base == MAPPING for source in files)
    stations.create(connection, is_tiny=size < BYTES_TO_PLAN, has_mapping=has_mapping)
    return connection


class _Ingest:
    """One run over one inbox."""

    def __init__(
        self,
        connection,
        files: Sequence[SourceFile],
        problems: Sequence[Problem],
        progress: Progress,
        former: Path | None,
    ):
        self.connection = connection
        self.former = former
        self.files = files
        self.maps = maps(files)
        self.progress = progress
        self.problems = list(problems)
        self.accounts: list[RowAccount] = []
        self.site = Site()
        self.mappings: tuple[FileMapping, ...] = ()

    def run(self, folder: Path, data: Path | None, weigh: Weigh | None, is_confirmed: bool) -> IngestReport:
        self._read_settings()
        if stops_build(found for found in self.problems if found.file in SETTINGS):
            # Without the site's own mapping every file would look wrong for the same reason.
            return IngestReport(problems=tuple(self.problems))
        boundaries, boundary_accounts = self._read_boundaries()
        corrected = self._read_rows()
        stations.close(self.connection, "staged")
        today = self._today()
        loaded = accept_rows(self.connection, self.accounts, self.site, today, self.progress)
        stations.close(self.connection, "raw", "candidate")
        self._add(loaded.problems)
        self.progress.tell("replacing identifiers", CHECKING[1])
        exported = export(self.connection, self.site, boundaries, loaded.accounts, today)
        stations.close(self.connection, "accepted")
        self._add(exported.problems)
        accounts = (*loaded.accounts, *boundary_accounts, *corrected)
        self._add(map(_reconcile, accounts))
        self._add(drift.changes(self.connection, accounts, self.former))
        if not accounts and not stops_build(self.problems):
            self._add([problem("LD-209")])
        if is_confirmed:
            self.problems = confirmed(self.problems)
        report = IngestReport(
            accounts=tuple(sorted(accounts, key=lambda account: (account.file, account.table))),
            problems=tuple(sorted(roster.told_once(self.problems, accounts), key=_place_of)),
            coverage=exported.coverage,
            matches=exported.matches,
        )
        if stops_build(report.problems) or (data is None and weigh is None):
            return report
        built = folder / "program.duckdb"
        identity = self._derive(report, built)
        if weigh is not None:
            report = self._weighed(report, weigh(self.former, built), is_confirmed)
        if data is None or stops_build(report.problems):
            return report
        name = snapshot.publish(built, data, identity, self.site.snapshots_kept)
        return dataclasses.replace(report, snapshot=name)

    def know_people(self) -> None:
        """Reads as far as keys.* and candidate.link tell whose the rows of raw.* are."""
        self._read_settings()
        self._read_rows()
        accept_rows(self.connection, self.accounts, self.site, self._today(), self.progress)

    def _read_rows(self) -> list[RowAccount]:
        self._read_tables()
        corrected = self._correct()
        self._add(zones.settle(self.connection, self.accounts, self.site))
        self._add(numbering.settle(self.connection, self.accounts))
        self._add(roster.mistaken_for_stays(self.connection, self.accounts))
        return corrected

    def _today(self) -> date:
        """Where the site is."""
        return datetime.now(zoneinfo.ZoneInfo(self.site.zone)).date()

    def _add(self, problems: Iterable[Problem | None]) -> None:
        self.problems.extend(filter(None, problems))

    def _read_settings(self) -> None:
        with self._collecting():
            if file := self._nearest("site.toml"):
                self.site = read_site(file.content())
                self._add(retired(file.content()))
        with self._collecting():
            if file := self._nearest(MAPPING):
                self.mappings = read_mapping(file.content())

    @contextlib.contextmanager
    def _collecting(self) -> Iterator[None]:
        """A fault of one file does not keep the others from being looked at."""
        try:
            yield
        except Fault as fault:
            self._add([fault.problem])

    def _nearest(self, name: str) -> SourceFile | None:
        """The file of that name nearest to the root: an archive in the inbox may bring its own."""
        found = [file for file in self.files if file.base == name]
        return min(found, key=lambda file: (file.name.count("/"), file.name), default=None)

    def _read_boundaries(self) -> tuple[Boundaries | None, list[RowAccount]]:
        site = self.site
        used, why_not = chosen(self.maps, site.boundary_file)
        self._add([why_not])
        if used is None:
            return None, []
        file = used.file
        self._add(problem("LD-113", file=each.file.name) for each in self.maps if each is not used)
        try:
            boundaries = used.read(site.boundary_name_property, site.boundary_crs)
        except BoundaryError as error:
            self._add([problem("LD-401", file=file.name, wanted=str(error))])
            return None, []
        rejected, loaded = boundaries.left_out, boundaries.features - boundaries.left_out
        if rejected:
            self._add([problem("LD-403", file=file.name, count=rejected)])
        if boundaries.mended:
            names = ", ".join(boundaries.mended)
            self._add([problem("LD-405", file=file.name, value=names, count=len(boundaries.mended))])
        if boundaries.joined:
            names = ", ".join(boundaries.joined)
            self._add([problem("LD-407", file=file.name, value=names, count=len(boundaries.joined))])
        number = self.files.index(file) + 1
        account = RowAccount(file.name, number, BOUNDARY, boundaries.features, loaded, rejected)
        return boundaries, [account]

    def _correct(self) -> list[RowAccount]:
        """The site's corrections, once all rows are there to be corrected."""
        if not (file := self._nearest(corrections.FILE)):
            return []
        with self._collecting():
            staged = self._stage(self.files.index(file) + 1, file)
            account, problems = corrections.correct(self.connection, staged, self.accounts)
            self._add(problems)
            return [account]
        return []

    def _read_tables(self) -> None:
        of_maps = [file for each in self.maps for file in each.files]
        tables = [
            (number, file)
            for number, file in enumerate(self.files, start=1)
            if file.base not in (*SETTINGS, corrections.FILE) and file not in of_maps
        ]
        folders: dict[str, list[tuple[int, SourceFile]]] = {}
        for number, file in tables:
            folders.setdefault(file.folder, []).append((number, file))
        exports = [
            name for name, numbered in folders.items() if hmis.is_hmis(file.base for _, file in numbered)
        ]
        if len(exports) > 1:
            # Two exports of one system repeat each other; two systems number other people alike.
            advice = "Keep the newest one; exports of several systems cannot be read together."
            self._add([problem("LD-207", value="HMIS export", wanted=", ".join(exports), advice=advice)])
        for numbered in folders.values():
            self._read_folder(numbered)

    def _read_folder(self, numbered: Sequence[tuple[int, SourceFile]]) -> None:
        """An HMIS export is known by the names that lie together; other files by their own name."""
        is_export = hmis.is_hmis(file.base for _, file in numbered)
        export_files = {n: file for n, file in numbered if is_export and self._is_of_hmis(file)}
        if export_files:
            self._read_hmis(export_files)
        unused = []
        for number, file in numbered:
            if number in export_files:
                continue
            if any(mapping.table == NOTHING and mapping.matches(file.name) for mapping in self.mappings):
                self._add([problem("LD-113", file=file.name)])
                continue
            found = mappings_of(file, self.mappings) or self._known_by_headers(file)
            if mappings := [roster.dated(each, file.base) for each in found]:
                with self._collecting():
                    staged = self._stage(number, file, read_by(mappings), mappings[0])
                    self._take(fill(self.connection, staged, mappings))
            elif export_files and file.base.lower().endswith(".csv"):
                unused.append(file.base)
            else:
                self._add([judge_unmapped(file)])
        if unused:
            first = next(iter(export_files.values()))
            self._add([problem("LD-113", file=first.name, value=", ".join(unused), count=len(unused))])

    def _known_by_headers(self, file: SourceFile) -> list[FileMapping]:
        found = known_by_headers(file, self.mappings, (each.name for each in self.files))
        if found:
            self._add([problem("LD-241", file=file.name, wanted=found[0].pattern)])
        return found

    def _is_of_hmis(self, file: SourceFile) -> bool:
        is_mapped = any(mapping.matches(file.name) for mapping in self.mappings)
        # Both HMIS and LEAD have an enrollment.csv; only its columns tell whose it is.
        return file.stem in hmis.FILES and not is_mapped and not has_own_columns(file)

    def _stage(
        self,
        number: int,
        file: SourceFile,
        is_wanted: Callable[[str], bool] | None = None,
        mapping: FileMapping | None = None,
    ) -> StagedFile:
        layout = Layout()
        if mapping is not None:
            layout = Layout(mapping.sheet, mapping.header_row, mapping.skip_after_header)
        return stage(self.connection, self.progress.reading(file), number, layout, is_wanted)

    def _read_hmis(self, files: Mapping[int, SourceFile]) -> None:
        with self._collecting():
            staged = {
                file.stem: self._stage(number, file, hmis.read_of(file.stem))
                for number, file in files.items()
            }
            self._take(hmis.load_hmis(self.connection, staged))

    def _take(self, loaded: LoadResult) -> None:
        self.accounts.extend(loaded.accounts)
        self._add(loaded.problems)

    @staticmethod
    def _weighed(report: IngestReport, headlines: tuple[Headline, ...], is_confirmed: bool) -> IngestReport:
        """With the headlines, and what among them is held."""
        held = [problem("LD-711", value=each.in_words) for each in headlines if each.is_doubtful]
        problems = (*report.problems, *(confirmed(held) if is_confirmed else held))
        return dataclasses.replace(report, headlines=headlines, problems=problems)

    def _derive(self, report: IngestReport, built: Path) -> str:
        """Writes the new database file; returns the name of what it holds."""
        derive(self.connection, report, self.progress, str(built))
        self.progress.tell("putting the data in force", DERIVING[1])
        identity = _identity(self.connection)
        # After the name is made: the same exports, built on another day, are the same numbers.
        self.connection.execute("INSERT INTO program.build VALUES ($today)", {"today": self._today()})
        self.connection.execute("CHECKPOINT program")
        self.connection.execute("DETACH program")
        return identity


def _identity(connection: duckdb.DuckDBPyConnection) -> str:
    """A name for what the tables hold; the bytes of the file differ from build to build. One of them holds the number
    of the layout, so that their columns need not be asked for."""
    digest = hashlib.sha256()
    names = sorted(stations.filled(connection, "program", [table.name for table in load_tables()]))
    hashed = "SELECT '{name}' AS name, sum(hash(line)) FROM program.{name} AS line"
    sums = union(sql(hashed, name=name) for name in names)
    for name, total in sorted(stations.run(connection, sums).fetchall()):
        digest.update(repr((name, [(total,)])).encode())
    return digest.hexdigest()[:16]


def _reconcile(account: RowAccount) -> Problem | None:
    total = account.loaded + account.rejected + account.duplicate + account.out_of_scope
    if total == account.read:
        return None
    return problem("LD-501", file=account.file, value=f"{account.read:,} read, {total:,} accounted for")


def _place_of(found: Problem) -> tuple[str, str, int, str]:
    return found.file or "", found.code, found.row or 0, found.column or ""
