"""An inbox of unknown exports to a mapping.toml: what each file is, what has to be asked, what it will give."""

import contextlib
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import duckdb
from msgspec import structs

from leadstats.assistant.plan import BROKEN, CHANGED, KNOWN, LEFT_OUT, NEW, STRANGE, FilePlan, MappingPlan
from leadstats.assistant.preview import Preview, preview
from leadstats.assistant.propose import MappingQuestion, Proposal, Surroundings, pattern_of, propose
from leadstats.assistant.renew import renew
from leadstats.ingest import hmis, stations
from leadstats.ingest.boundaries import BoundaryError, maps
from leadstats.ingest.inbox import SourceFile, opened
from leadstats.ingest.mapping import fill, has_own_columns
from leadstats.ingest.reading import Layout, stage
from leadstats.model.messages import Fault, Problem
from leadstats.model.schema import TABLES
from leadstats.model.settings import NOTHING, FileMapping, as_toml, read_mapping
from leadstats.recognition.profile import are_labels, sheet_of

SAMPLE_ROWS = 20_000


def make_plan(inbox: Path, answers: Mapping[str, str] | None = None) -> MappingPlan:
    """Looks at every file of an inbox; writes nothing.

    Raises Fault if there is no inbox, or its mapping.toml is wrong.
    """
    with opened(inbox) as (files, problems):
        found = sorted((f.name.count("/"), f.name, f) for f in files if f.base == "mapping.toml")
        old = found[0][2].content() if found else b""
        planning = _Planning(read_mapping(old), answers or {}, _places(files))
        planning.run(files)
        text = as_toml(planning.mappings(), old.decode("utf-8-sig"))
        return MappingPlan(
            tuple(planning.plans),
            tuple(planning.questions),
            (*problems, *planning.problems),
            text,
            planning.mappings() != list(planning.former),
        )


class _Planning:
    def __init__(self, former: Sequence[FileMapping], answers: Mapping[str, str], places: tuple[str, ...]):
        self.former, self.answers, self.places = former, answers, places
        self.renewed: dict[int, FileMapping] = {}
        self.added: list[FileMapping] = []
        self.plans: list[FilePlan] = []
        self.questions: list[MappingQuestion] = []
        self.problems: list[Problem] = []
        self.people: frozenset[str] = frozenset()

    def mappings(self) -> list[FileMapping]:
        kept = [self.renewed.get(index, mapping) for index, mapping in enumerate(self.former)]
        return [*kept, *self.added]

    def run(self, files: Sequence[SourceFile]) -> None:
        strange = []
        for file in self._tables(files):
            if any(mapping.matches(file.name) for mapping in self.former):
                self._look_again(file)
            elif file.stem in TABLES and has_own_columns(file):
                self._look_at_own(file)
            else:
                strange.append(file)
        sheets = [(file, found) for file in strange if (found := self._staged(file))]
        proposals = [(self._propose(files, group), group) for group in _alike(sheets)]
        # Whom another file describes, from there their races are taken.
        self._know_people((proposal.mappings[:1], group[-1][1]) for proposal, group in proposals)
        for proposal, group in proposals:
            if len(proposal.mappings) > 1 and self.people:
                proposal = self._propose(files, group)
            self._add(proposal, group)

    def _know_people(self, read: Iterable[tuple[Sequence[FileMapping], "_Staged"]]) -> None:
        for mappings, staged in read:
            for mapping in mappings:
                headers = mapping.columns.get("person_id", ("person_id",))
                if mapping.table == "person" and len(headers) == 1 and headers[0] in staged.header:
                    self.people |= staged.sheet.cells(headers[0])

    def _tables(self, files: Sequence[SourceFile]) -> Iterator[SourceFile]:
        """Files that need words: not settings, maps, or what HMIS names by itself."""
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
            elif file.is_table and not (is_export and file.base.lower().endswith(".csv")):
                yield file

    def _staged(self, file: SourceFile, mapping: FileMapping | None = None) -> "_Staged | None":
        try:
            return _Staged(file, mapping)
        except Fault as fault:
            self.problems.append(fault.problem)
            self.plans.append(FilePlan((file.name,), BROKEN))
            return None

    def _propose(self, files: Sequence[SourceFile], group: "Group") -> Proposal:
        file, staged = group[-1]  # the newest by name
        mine = {each.name for each, _ in group}
        pattern = pattern_of(
            file.name, [each.name for each in files if each.is_table and each.name not in mine]
        )
        return propose(
            staged.sheet, Surroundings(pattern, self.people, self.places, staged.skipped, self.answers)
        )

    def _add(self, proposal: Proposal, group: "Group") -> None:
        staged = group[-1][1]
        names = tuple(file.name for file, _ in group)
        self.questions.extend(proposal.questions)
        if not proposal.mappings:
            self.plans.append(FilePlan(names, STRANGE, pattern=proposal.pattern, unused=staged.header))
            return
        self.added.extend(proposal.mappings)
        status = LEFT_OUT if proposal.table == NOTHING else NEW
        self.plans.append(
            self._plan(names, status, proposal.mappings, staged, proposal.guesses, proposal.notes)
        )

    def _look_again(self, file: SourceFile) -> None:
        matching = [(i, m) for i, m in enumerate(self.former) if m.matches(file.name)]
        if any(mapping.table == NOTHING for _, mapping in matching):
            self.plans.append(FilePlan((file.name,), LEFT_OUT))
            return
        if not (staged := self._staged(file, matching[0][1])):
            return
        is_changed = False
        for index, mapping in matching:
            new, questions = renew(staged.sheet, self.renewed.get(index, mapping), self.answers)
            self.questions.extend(q for q in questions if q.key not in {each.key for each in self.questions})
            is_changed = is_changed or new != mapping
            self.renewed[index] = new
        mappings = tuple(self.renewed[index] for index, _ in matching)
        self._know_people([(mappings, staged)])
        status = CHANGED if is_changed else KNOWN
        self.plans.append(self._plan((file.name,), status, mappings, staged))

    def _look_at_own(self, file: SourceFile) -> None:
        """A file with our names and columns, whose values may still be theirs."""
        if not (staged := self._staged(file)):
            return
        headers = {header.lower(): header for header in staged.header}
        named = {c.name: (headers[c.name],) for c in TABLES[file.stem].columns if c.name in headers}
        plain = FileMapping(pattern_of(file.name), file.stem, columns=named)
        new, questions = renew(staged.sheet, plain, self.answers)
        self.questions.extend(questions)
        self._know_people([((plain,), staged)])
        if new != plain:
            self.added.append(structs.replace(new, columns={} if new.columns == named else new.columns))
        status = CHANGED if new != plain else KNOWN
        self.plans.append(self._plan((file.name,), status, (new,), staged))

    def _plan(self, names, status, mappings, staged, guesses=(), notes=()) -> FilePlan:
        used = {each for m in mappings for headers in m.columns.values() for each in headers}
        used |= {each for m in mappings for each in (*m.wide, *m.marked, *m.only)}
        plain = {" ".join(each.split()).lower() for each in used}
        return FilePlan(
            names,
            status,
            mappings[0].table,
            mappings[0].pattern,
            staged.header,
            tuple(mappings),
            tuple(guesses),
            tuple(h for h in staged.header if h.lower() not in plain and h.lower() not in _columns(mappings)),
            tuple(dict.fromkeys(notes)),
            tuple(staged.preview(mapping) for mapping in mappings if mapping.table != NOTHING),
        )


def _columns(mappings: Sequence[FileMapping]) -> set[str]:
    return {
        column.name
        for mapping in mappings
        if mapping.table in TABLES
        for column in TABLES[mapping.table].columns
    }


class _Staged:
    """The first rows of one file in a database of its own."""

    def __init__(self, file: SourceFile, mapping: FileMapping | None):
        layout = Layout(mapping.sheet, mapping.header_row, mapping.skip_after_header) if mapping else Layout()
        self.file = file
        self.skipped = layout.skip_after_header
        with self._open(layout, SAMPLE_ROWS) as (_, staged):
            rows = staged[1]
        if mapping is None and are_labels(rows):
            self.skipped, rows = 1, rows[1:]
        self.header = staged[0]
        self.sheet = sheet_of(file.name, file.stem, self.header, rows, mapping.missing if mapping else ())

    @contextlib.contextmanager
    def _open(self, layout: Layout, limit: int):
        with contextlib.closing(duckdb.connect()) as connection:
            stations.create(connection)
            staged = stage(connection, self.file, 1, layout, limit)
            rows = connection.table(staged.table).order("row_number").fetchall()
            yield (connection, staged), (staged.header, [row[1:] for row in rows])

    def preview(self, mapping: FileMapping) -> Preview:
        layout = Layout(mapping.sheet, mapping.header_row, mapping.skip_after_header)
        with self._open(layout, 60) as ((connection, staged), _):
            fill(connection, staged, [mapping])
            return preview(connection, staged, mapping, self.sheet)


Group = list[tuple[SourceFile, _Staged]]


def _alike(staged: Group) -> list[Group]:
    """Files whose names differ by a date and whose headers are nearly the same belong together."""
    groups: list[Group] = []
    for file, each in staged:
        header = {name.lower() for name in each.header}
        for group in groups:
            other, first = group[0]
            common = header & {name.lower() for name in first.header}
            if pattern_of(other.name) == pattern_of(file.name) and len(common) > 0.8 * len(header):
                group.append((file, each))
                break
        else:
            groups.append([(file, each)])
    return groups


def _places(files: Sequence[SourceFile]) -> tuple[str, ...]:
    """The names on the map, if there is one map that says by itself what its names are."""
    found = maps(files)
    try:
        return found[0].read().names if len(found) == 1 else ()
    except BoundaryError:
        return ()


def write_plan(inbox: Path, plan: MappingPlan) -> Path:
    """Saves mapping.toml in the inbox, whole or not at all. Raises OSError, as for an inbox that is a zip."""
    target = inbox / "mapping.toml"
    with tempfile.NamedTemporaryFile(
        "w", encoding="utf-8", dir=inbox, prefix=".mapping", delete=False
    ) as stream:
        stream.write(plan.text)
    Path(stream.name).replace(target)
    return target
