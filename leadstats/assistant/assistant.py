"""From an inbox of unknown exports to a mapping.toml: what each file is, and what has to be asked."""

import contextlib
import re
import tempfile
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import duckdb
from duckdb import ColumnExpression
from msgspec import structs

from leadstats.assistant.meeting import Surroundings, Surveyor
from leadstats.assistant.patterns import pattern_of
from leadstats.assistant.plan import BROKEN, CHANGED, KNOWN, LEFT_OUT, NEW, STRANGE, FilePlan, MappingPlan
from leadstats.assistant.preview import Draft
from leadstats.assistant.propose import Proposal, propose
from leadstats.assistant.questions import Answers, MappingQuestion
from leadstats.assistant.renew import renew
from leadstats.ingest import corrections, hmis, stations
from leadstats.ingest.boundaries import BoundaryError, chosen, maps
from leadstats.ingest.inbox import SourceFile, opened
from leadstats.ingest.mapping import has_own_columns, header_of, known_by_headers
from leadstats.ingest.reading import Layout, StagedFile, sample, stage
from leadstats.model.messages import Fault, Problem, problem
from leadstats.model.schema import TABLES
from leadstats.model.settings import NOTHING, ROW, FileMapping, Site, as_toml, read_mapping, read_site
from leadstats.recognition import moments
from leadstats.recognition.overlooked import overlooked
from leadstats.recognition.profile import Sheet, are_labels, sheet_of
from leadstats.recognition.suggest import Judge

SAMPLE_ROWS = 20_000
PREVIEW_ROWS = 60
MAPPING = "mapping.toml"
NONE_BEFORE = ""  # what is kept for `undo` where there was no mapping.toml


def make_plan(inbox: Path, answers: Mapping[str, str] | Iterable[str] = ()) -> MappingPlan:
    """Looks at every file of an inbox; writes nothing.

    answers: by the key of the question, or as KEY=ANSWER; also to questions that were not asked.
    Raises Fault if there is no inbox, or its mapping.toml is wrong.
    """
    told = Answers(answers)
    with opened(inbox) as (files, problems), contextlib.closing(duckdb.connect()) as connection:
        stations.create_first(connection)
        old, site = _settings(files, MAPPING), _settings(files, "site.toml")
        planning = _Planning(connection, read_mapping(old), told)
        with contextlib.suppress(Fault):  # what is wrong with it is told by check and build
            planning.site = read_site(site)
        planning.look_at_maps(files)
        planning.run(files)
        text = as_toml([*planning.kept, *planning.added], old.decode("utf-8-sig"), planning.remarks)
        return MappingPlan(
            tuple(planning.plans),
            tuple({question.key: question for question in planning.questions}.values()),
            (*problems, *planning.problems),
            text,
            planning.mappings() != list(planning.former),
            bool(_history(inbox)),
            tuple(dict.fromkeys(told.refused)),
            told.misunderstood(),
        )


def _settings(files: Sequence[SourceFile], name: str) -> bytes:
    found = sorted((f.name.count("/"), f.name, f) for f in files if f.base == name)
    return found[0][2].content() if found else b""


class _Planning:
    """One look at one inbox."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        former: Sequence[FileMapping],
        answers: Answers,
    ):
        self.connection, self.former, self.answers = connection, list(former), answers
        self.places: tuple[str, ...] = ()  # the names on the map
        self.site = Site()
        self.kept: list[FileMapping | None] = list(former)
        self.added: list[FileMapping] = []
        self.plans: list[FilePlan] = []
        self.questions: list[MappingQuestion] = []
        self.problems: list[Problem] = []
        self.remarks: dict[tuple[int, str, str], str] = {}
        self.surveyor = Surveyor()
        self._staged_files = 0

    def mappings(self) -> list[FileMapping]:
        return [*(mapping for mapping in self.kept if mapping is not None), *self.added]

    def look_at_maps(self, files: Sequence[SourceFile]) -> None:
        """Takes the names of places from the map a build would use, and reports what would keep it from using one."""
        used, why_not = chosen(maps(files), self.site.boundary_file)
        self.problems += [why_not] if why_not else []
        with contextlib.suppress(BoundaryError):  # told by check and build
            self.places = (
                used.read(self.site.boundary_name_property, self.site.boundary_crs).names if used else ()
            )

    def run(self, files: Sequence[SourceFile]) -> None:
        names = [file.name for file in files]
        strange: list[SourceFile] = []
        for file in self._tables(files):
            if any(mapping and mapping.matches(file.name) for mapping in self.kept):
                if self._is_read_anew(file):
                    strange.append(file)
                else:
                    self._look_again(file)
            elif file.stem in TABLES and has_own_columns(file):
                self._look_at_own(file)
            elif known := known_by_headers(file, self.former, names):
                self._look_at_renamed(file, known, names)
            else:
                strange.append(file)
        groups = [group for group in self._alike(strange) if self._open(group)]
        for group in groups:
            group.first = propose(group.judge, self._around(group, names))
            self.surveyor.add(group.pattern, group.sheet, group.first.mappings)
        for group in groups:
            self._add(group, propose(group.judge, self._around(group, names)))

    def _is_read_anew(self, file: SourceFile) -> bool:
        """Whether an answer says that files with a mapping should be read as another table, or not at all."""
        matching = [mapping for mapping in self.kept if mapping and mapping.matches(file.name)]
        answer = self.answers.to([f"{matching[0].pattern}: table"], (*TABLES, NOTHING))
        if answer is None or answer == matching[0].table:
            return False
        self.kept = [None if mapping in matching else mapping for mapping in self.kept]
        return True

    def _tables(self, files: Sequence[SourceFile]) -> Iterator[SourceFile]:
        """Files that need a mapping: not settings, maps, or those that HMIS names itself."""
        folders: dict[str, list[str]] = {}
        for file in files:
            folders.setdefault(file.folder, []).append(file.base)
        found = {file.name: each.file for each in maps(files) for file in each.files}
        for file in files:
            is_export = hmis.is_hmis(folders[file.folder])
            is_of_hmis = is_export and file.stem in hmis.FILES and not has_own_columns(file)
            if is_of_hmis and file.stem == "export":
                self.plans.append(FilePlan((file.name,), KNOWN, "HMIS export"))
            elif file.name in found:
                if found[file.name] is file:
                    self.plans.append(FilePlan((file.name,), KNOWN, "boundary"))
            elif (
                file.base != corrections.FILE
                and file.is_table
                and not (is_export and file.base.lower().endswith(".csv"))
            ):
                yield file

    def _stage(self, file: SourceFile, mapping: FileMapping | None = None) -> "_Staged | None":
        try:
            self._staged_files += 1
            return _Staged(self.connection, file, mapping, self._staged_files)
        except Fault as fault:
            self.problems.append(fault.problem)
            self.plans.append(FilePlan((file.name,), BROKEN))
            return None

    # Files that nobody has mapped

    def _alike(self, files: Sequence[SourceFile]) -> list["_Group"]:
        """Files whose names differ by a date and whose headers are nearly the same belong together."""
        groups: list[_Group] = []
        patterns = {file.name: pattern_of(file.name) for file in files}
        often = Counter(patterns.values())
        for file in files:
            pattern = patterns[file.name]
            header = {*map(str.lower, header_of(file))} if often[pattern] > 1 else set()
            for group in groups:
                common = header & group.header
                if group.dated == pattern and len(common) > 0.8 * len(header):
                    group.files.append(file)
                    break
            else:
                groups.append(_Group([file], pattern, header))
        return groups

    def _open(self, group: "_Group") -> bool:
        """Stages the newest file of a group, by name; reports one that cannot be read."""
        while group.files:
            staged = self._stage(group.files[-1])
            if staged is not None:
                group.staged, group.judge = staged, Judge(staged.sheet, self.places)
                return True
            group.files.pop()
        return False

    def _around(self, group: "_Group", names: Sequence[str]) -> Surroundings:
        mine = {file.name for file in group.files}
        group.pattern = pattern_of(group.files[-1].name, [name for name in names if name not in mine])
        around = Surroundings(
            group.pattern,
            self.answers,
            places=self.places,
            has_charges=bool(self.site.eligible_charges),
            skip_after_header=group.staged.skipped,
        )
        return self.surveyor.survey(around, group.sheet)

    def _add(self, group: "_Group", proposal: Proposal) -> None:
        names = tuple(file.name for file in group.files)
        self.questions.extend(proposal.questions)
        if not proposal.mappings:
            headers = group.sheet.headers
            self.plans.append(
                FilePlan(names, STRANGE, pattern=group.pattern, headers=headers, unused=headers)
            )
            return
        mappings = list(proposal.mappings)
        for file in group.files[:-1] if proposal.table != NOTHING else ():
            mappings = self._with_news(file, mappings)
        start = len(self.mappings())
        self.added.extend(mappings)
        for claim in proposal.claims:
            part = "links" if claim.column in mappings[0].links else "columns"
            self.remarks[start, part, claim.column] = "; ".join(claim.evidence)
        status = LEFT_OUT if proposal.table == NOTHING else NEW
        self.plans.append(self._plan(names, status, mappings, group.staged, proposal.claims, proposal.notes))

    def _with_news(self, file: SourceFile, mappings: list[FileMapping]) -> list[FileMapping]:
        """What an older file of the same kind has that the newest does not."""
        staged = self._stage(file)
        if staged is None:
            return mappings
        judge = Judge(staged.sheet, self.places)
        renewals = [renew(judge, mapping, self.answers) for mapping in mappings]
        self.questions.extend(question for each in renewals for question in each.questions)
        return [each.mapping for each in renewals]

    # Files that have a mapping

    def _look_again(self, file: SourceFile) -> None:
        matching = [i for i, mapping in enumerate(self.kept) if mapping and mapping.matches(file.name)]
        if any(self.kept[index].table == NOTHING for index in matching):
            self.plans.append(FilePlan((file.name,), LEFT_OUT, NOTHING, self.kept[matching[0]].pattern))
            return
        if not (staged := self._stage(file, self.kept[matching[0]])):
            return
        judge, is_changed = Judge(staged.sheet, self.places), False
        for index in matching:
            renewal = renew(judge, self.kept[index], self.answers)
            self.questions.extend(renewal.questions)
            is_changed = is_changed or renewal.mapping != self.kept[index]
            self.kept[index] = renewal.mapping
            place = sum(mapping is not None for mapping in self.kept[:index])
            self.remarks |= {(place, *key): said for key, said in (renewal.remarks or {}).items()}
        mappings = [self.kept[index] for index in matching]
        self.surveyor.add(mappings[0].pattern, staged.sheet, mappings, is_saved=True)
        self.plans.append(self._plan((file.name,), CHANGED if is_changed else KNOWN, mappings, staged))

    def _look_at_own(self, file: SourceFile) -> None:
        """A file with our names and columns, whose values may still be theirs."""
        if not (staged := self._stage(file)):
            return
        headers = {header.lower(): header for header in staged.sheet.headers}
        named = {c.name: (headers[c.name],) for c in TABLES[file.stem].columns if c.name in headers}
        plain = FileMapping(pattern_of(file.name), file.stem, columns=named)
        renewal = renew(Judge(staged.sheet, self.places), plain, self.answers)
        self.questions.extend(renewal.questions)
        new = renewal.mapping
        self.surveyor.add(new.pattern, staged.sheet, [new], is_saved=True)
        if new != plain:
            self.added.append(structs.replace(new, columns={} if new.columns == named else new.columns))
        self.plans.append(self._plan((file.name,), CHANGED if new != plain else KNOWN, [new], staged))

    def _look_at_renamed(self, file: SourceFile, known: list[FileMapping], names: Sequence[str]) -> None:
        """A known export under another name: the same headers get the same mapping."""
        pattern = pattern_of(file.name, [name for name in names if name != file.name])
        start = sum(mapping is not None for mapping in self.kept)
        self.kept.extend(structs.replace(each, pattern=pattern) for each in known)
        self.remarks[start, "", "pattern"] = f"the headers are those of {known[0].pattern}"
        self._look_again(file)

    def _tell_zones(self, name: str, mappings: Sequence[FileMapping], sheet: Sheet) -> None:
        """Reports what would stop the build: moments with a time zone, when the site's own zone is not known."""
        if self.site.timezone is not None:
            return
        for mapping in (each for each in mappings if each.table in TABLES):
            for column in TABLES[mapping.table].columns:
                header = next(iter(mapping.columns.get(column.name, ())), "")
                cells = sheet.profile(header).values if column.is_date and header in sheet.headers else ()
                if moments.states_zone(cells, mapping.formats.get(column.name, ())):
                    told = problem("LD-134", file=name, table=mapping.table, column=header, field=column.name)
                    self.problems.append(told)

    def _plan(self, names, status, mappings, staged, claims=(), notes=()) -> FilePlan:
        used = {each for m in mappings for headers in m.columns.values() for each in headers} - {ROW}
        used |= {each for m in mappings for each in (*m.wide, *m.marked, *m.only, *m.links, *m.renamed)}
        plain = {" ".join(each.split()).lower() for each in used} | _columns(mappings)
        headers = staged.sheet.headers
        self._tell_zones(names[0], mappings, staged.sheet)
        return FilePlan(
            names,
            status,
            mappings[0].table,
            mappings[0].pattern,
            headers,
            tuple(mappings),
            tuple(claims),
            tuple(header for header in headers if header.lower() not in plain),
            tuple(overlooked(staged.sheet, plain)),
            tuple(dict.fromkeys(notes)),
            tuple(
                staged.draft(mapping, [header for header in headers if header.lower() in plain])
                for mapping in mappings
                if mapping.table != NOTHING
            ),
        )


def _columns(mappings: Sequence[FileMapping]) -> set[str]:
    return {
        column.name
        for mapping in mappings
        if mapping.table in TABLES
        for column in TABLES[mapping.table].columns
    }


class _Group:
    """Files of one kind, by name, and how the newest of them was judged."""

    staged: "_Staged"
    judge: Judge
    first: Proposal
    pattern: str

    def __init__(self, files: list[SourceFile], dated: str, header: set[str]):
        self.files, self.dated, self.header = files, dated, header

    @property
    def sheet(self) -> Sheet:
        return self.staged.sheet


class _Staged:
    """The first rows of one file, as text and as a sheet."""

    def __init__(self, connection, file: SourceFile, mapping: FileMapping | None, number: int):
        self.layout = (
            Layout(mapping.sheet, mapping.header_row, mapping.skip_after_header) if mapping else Layout()
        )
        self.connection, self.file, self.number = connection, file, number
        self.skipped = self.layout.skip_after_header
        self.sample = sample(file, number, self.layout, SAMPLE_ROWS)
        self.all: StagedFile | None = None
        cells = self.sample.cells
        whole = self._whole if len(cells) >= SAMPLE_ROWS - 1 else None
        if mapping is None and are_labels(cells):
            self.skipped, cells = 1, cells[1:]
        told = mapping.missing if mapping else ()
        self.sheet = sheet_of(file.name, file.stem, self.sample.staged.header, cells, told, whole)

    def _whole(self, header: str) -> frozenset[str]:
        """All cells of a column, where the first rows do not say which numbers a file holds."""
        self.all = self.all or stage(self.connection, self.file, self.number, self.layout)
        column = self.connection.table(self.all.table).select(ColumnExpression(header)).distinct()
        return frozenset(value for (value,) in column.fetchall() if value)

    def draft(self, mapping: FileMapping, used: Collection[str]) -> Draft:
        headers = self.sheet.headers if (ROW,) in mapping.columns.values() else used
        rows = slice(self.skipped, self.skipped + PREVIEW_ROWS)
        return Draft(self.sample.cut(rows, headers), mapping, self.sheet.columns)


def write_plan(inbox: Path, plan: MappingPlan) -> Path:
    """Saves mapping.toml in the inbox, whole or not at all, and keeps the former one, or that there was none, for
    `undo`.

    Raises OSError, as for an inbox that is a zip.
    """
    target = inbox / MAPPING
    former = target.read_text(encoding="utf-8") if target.exists() else NONE_BEFORE
    _put(inbox, _kept(inbox, len(_history(inbox)) + 1), former)
    _put(inbox, target, plan.text)
    return target


def undo(inbox: Path) -> bool:
    """Puts back mapping.toml as it was before it was last saved; False if it never was, as one written by hand."""
    target, history = inbox / MAPPING, _history(inbox)
    if not history:
        return False
    former = history[-1]
    if former.read_text(encoding="utf-8") == NONE_BEFORE:
        former.unlink()
        target.unlink(missing_ok=True)
    else:
        former.replace(target)
    return True


def _history(inbox: Path) -> list[Path]:
    """The earlier mappings, hidden from everything that reads the inbox, the oldest first."""
    found = (
        path for path in inbox.glob(".mapping.*.toml") if re.fullmatch(r"\.mapping\.\d+\.toml", path.name)
    )
    return sorted(found, key=lambda path: int(path.name.split(".")[2]))


def _kept(inbox: Path, number: int) -> Path:
    return inbox / f".mapping.{number}.toml"


def _put(inbox: Path, target: Path, text: str) -> None:
    with tempfile.NamedTemporaryFile(
        "w", encoding="utf-8", dir=inbox, prefix=".mapping", delete=False
    ) as stream:
        stream.write(text)
    Path(stream.name).replace(target)
