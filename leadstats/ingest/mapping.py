"""From a site's files, columns and values to the canonical tables, all still as text."""

import contextlib
import itertools
from collections.abc import Callable, Iterable, Sequence
from functools import reduce

import duckdb
from duckdb import CaseExpression, ColumnExpression, ConstantExpression, FunctionExpression, StarExpression

from leadstats.ingest.inbox import SourceFile
from leadstats.ingest.reading import LoadResult, RowAccount, StagedFile, glance
from leadstats.ingest.stations import POINT, query
from leadstats.model.declarations import nearest
from leadstats.model.messages import Fault, Problem, problem
from leadstats.model.schema import TABLES, Column, Table
from leadstats.model.settings import ROW, FileMapping
from leadstats.recognition.moments import CLOCK, EPOCH, NUMBERS, SERIAL
from leadstats.recognition.profile import sheet_of
from leadstats.recognition.suggest import IS_A_TABLE, Judge

Expression = duckdb.Expression
VALUES_TOLD = 20
MARKS = ("1", "yes", "y", "true", "t", "x", "checked", "on")


def mappings_of(source: SourceFile, mappings: Sequence[FileMapping]) -> list[FileMapping]:
    """What mapping.toml says of the file, else what its own name says, else nothing."""
    named = [mapping for mapping in mappings if mapping.matches(source.name)]
    if not named and source.is_table and source.stem in TABLES:
        named = [FileMapping(source.base, source.stem)]
    return named


def known_by_headers(
    source: SourceFile, mappings: Sequence[FileMapping], names: Iterable[str]
) -> list[FileMapping]:
    """What mapping.toml says of an export that has exactly the headers of this file and is not here itself.

    names: of all files. Where the export is here too, this may be that of another provider.
    """
    names = list(names)
    gone = [each for each in mappings if each.headers and not any(map(each.matches, names))]
    if not gone or not source.is_table:
        return []
    header = {_plain(name) for name in header_of(source)}
    patterns = {each.pattern for each in gone if {*map(_plain, each.headers)} == header}
    return [each for each in mappings if each.pattern in patterns] if len(patterns) == 1 else []


def has_own_columns(source: SourceFile) -> bool:
    """Whether a file named like a canonical table also has the columns of it."""
    columns = TABLES[source.stem].columns if source.stem in TABLES else ()
    required = {column.name for column in columns if column.required}
    return bool(required) and required <= {_plain(name) for name in header_of(source)}


def header_of(source: SourceFile) -> list[str]:
    """The names of the columns of a file, as far as it has any; nothing if it cannot be read."""
    with contextlib.suppress(Fault):  # told when the file is read
        return [name for name in next(iter(glance(source)), ()) if name]
    return []


def read_by(mappings: Iterable[FileMapping]) -> Callable[[str], bool] | None:
    """Which columns of a file its mappings read, by header; None if each row is read as a whole."""
    names: set[str] = set()
    for mapping in mappings:
        theirs = [*itertools.chain.from_iterable(mapping.columns.values())]
        if ROW in theirs:
            return None
        ours = (column.name for column in TABLES[mapping.table].columns)
        named = (mapping.renamed, mapping.only, mapping.wide, mapping.marked, mapping.links)
        names |= {_plain(name) for name in (*theirs, *ours, *itertools.chain(*named))}
    return lambda header: _plain(header) in names


def judge_unmapped(source: SourceFile) -> Problem:
    """A file that looks like an export must be mapped or removed; any other table is told, the rest only listed."""
    if advice := source.export_instead:
        return problem("LD-131", file=source.name, advice=advice)
    if not source.is_table:
        return problem("LD-113", file=source.name)
    try:
        header, *rows = glance(source)
    except Fault as fault:
        return fault.problem
    names = [cell or f"column {position}" for position, cell in enumerate(header, start=1)]
    if len(set(names)) < len(names):
        return problem("LD-133", file=source.name)
    whole = [(*row, *[None] * len(names))[: len(names)] for row in rows]
    likely = next(iter(Judge(sheet_of(source.name, source.stem, names, whole)).tables()), None)
    if likely is None or likely.score < IS_A_TABLE:
        is_prose = len(names) < 2 or not rows
        return problem("LD-113" if is_prose else "LD-133", file=source.name)
    found = ", ".join(header for claim in likely.claims.values() for header in claim.headers)
    wanted = f"a mapping of {found}, since a row seems to be one {TABLES[likely.table].row_is}"
    return problem("LD-206", file=source.name, likely=likely.table, wanted=wanted)


def fill(
    connection: duckdb.DuckDBPyConnection, staged: StagedFile, mappings: Iterable[FileMapping]
) -> LoadResult:
    """Writes the rows of a staged file into raw.<table>, once for each of its mappings."""
    accounts, problems, used = [], list(staged.problems), set()
    for mapping in mappings:
        try:
            filling = _Filling(connection, staged, mapping)
            accounts.append(filling.run())
            problems.extend(filling.problems)
            used |= filling.used
        except Fault as fault:
            problems.append(fault.problem)
    if accounts and (ignored := [name for name in staged.header if name not in used]):
        problems.append(problem("LD-114", file=staged.file, value=", ".join(ignored), count=len(ignored)))
    return LoadResult(tuple(accounts), tuple(problems))


class _Filling:
    """One file into one table."""

    def __init__(self, connection, staged: StagedFile, mapping: FileMapping):
        self.connection, self.staged, self.mapping = connection, staged, mapping
        self.table: Table = TABLES[mapping.table]
        self.names = {_plain(name): name for name in staged.header}
        for new, old in mapping.renamed.items():
            if _plain(new) in self.names:
                self.names.setdefault(_plain(old), self.names[_plain(new)])
        self.used: set[str] = set()
        self.problems: list[Problem] = []

    def run(self) -> RowAccount:
        chosen = self._choose_columns()
        wide = {self._header(theirs): label for theirs, label in self.mapping.wide.items()}
        rows = self.connection.table(self.staged.table)
        if (ROW,) in chosen.values():
            rows = self._numbered(rows)
        rows = self._with_cells(rows)
        for theirs, kept in self.mapping.only.items():
            cell = FunctionExpression("either", self._cell(theirs), ConstantExpression(""))
            self._tell_new(theirs, rows.select(cell.alias("value")))
            rows = rows.filter(cell.isin(*map(ConstantExpression, kept)))
        in_scope = rows.shape[0] if self.mapping.only else self.staged.rows
        for theirs, label in wide.items():
            pieces = {"race": ConstantExpression(label or None), "people": self._cell(theirs)}
            self._insert(rows, chosen, pieces)
        if self.mapping.links:
            in_scope = self._insert_links(rows, chosen)
        elif not wide:
            self._insert(rows, chosen, {})
        return RowAccount(
            file=self.staged.file,
            file_number=self.staged.file_number,
            table=self.table.name,
            read=self.staged.read,
            rejected=self.staged.rejected,
            out_of_scope=self.staged.rows - in_scope + self.staged.set_aside,
            source=self.mapping.numbering or self.table.name,
            words=tuple((ours, " | ".join(theirs)) for ours, theirs in chosen.items())
            + ((("people", " / ".join(wide)),) if wide else ()),
            sheet=self.staged.sheet,
            header=self.staged.header,
            export=self.mapping.pattern,
            says=frozenset(
                {*chosen, *self.mapping.constants}
                | ({"people", "race"} if wide else set())
                | ({"race"} if self.mapping.marked else set())
            ),
        )

    def _choose_columns(self) -> dict[str, tuple[str, ...]]:
        """Our columns and the headers behind them: as mapped, else by the same name."""
        chosen = {}
        for column in self.table.columns:
            theirs = self.mapping.columns.get(column.name)
            if column.name in self.mapping.absent or theirs == (ROW,):
                theirs = theirs or ()
            elif theirs is None:
                by_name = self.names.get(column.name)
                theirs = (by_name,) if by_name else ()
            elif column.required or all(_plain(name) in self.names for name in theirs):
                theirs = tuple(self._header(name) for name in theirs)
            else:
                self._report("LD-242" if column.decides else "LD-210", column, value=", ".join(theirs))
                theirs = ()
            if theirs:
                chosen[column.name] = theirs
            elif column.required and not self._is_given(column):
                likely = nearest(column.name, self.staged.header, cutoff=0.5)
                raise Fault(
                    problem(
                        "LD-201",
                        file=self.staged.file,
                        sheet=self.staged.sheet,
                        row=self.mapping.header_row or 1,
                        field=column.name,
                        column=likely,
                        likely=likely,
                    )
                )
        return chosen

    def _is_given(self, column: Column) -> bool:
        is_in_many = (column.name == "people" and self.mapping.wide) or (
            column.name in ("source", "source_person_id") and self.mapping.links
        )
        return column.name in self.mapping.constants or bool(is_in_many)

    def _tell_new(self, header: str, cells: duckdb.DuckDBPyRelation) -> None:
        """A program that nobody has judged yet; where nobody wrote down what is left out, all else is."""
        if header not in self.mapping.left_out:
            return
        known = (*self.mapping.only[header], *self.mapping.left_out[header])
        new = cells.filter(ColumnExpression("value").isnotin(*map(ConstantExpression, known)))
        for value, count in new.aggregate("value, count(*)").order("value").limit(VALUES_TOLD).fetchall():
            wanted = ", ".join(filter(None, known))
            self.problems.append(
                problem(
                    "LD-243", file=self.staged.file, column=header, value=value, count=count, wanted=wanted
                )
            )

    def _numbered(self, rows: duckdb.DuckDBPyRelation) -> duckdb.DuckDBPyRelation:
        """With a number for each row: its content, and which of the equal rows of its file it is.

        So rows that two overlapping exports repeat are one, and equal rows of one file are several.
        """
        cells = (
            FunctionExpression("either", ColumnExpression(h), ConstantExpression(""))
            for h in self.staged.header
        )
        content = FunctionExpression("concat_ws", ConstantExpression("\x1f"), *cells)
        named = FunctionExpression("md5", content).alias("content")
        return rows.select(StarExpression(), named).query("line", query("numbered_rows"))

    def _insert_links(self, rows: duckdb.DuckDBPyRelation, chosen: dict[str, tuple[str, ...]]) -> int:
        """A statement for each number of a crosswalk of one row a person; returns the rows that have any."""
        cells = [
            (self._cell(header), source)
            for header, sources in self.mapping.links.items()
            for source in sources
        ]
        for cell, source in cells:
            pieces = {"source": ConstantExpression(source), "source_person_id": cell}
            self._insert(rows.filter(cell.isnotnull()), chosen, pieces)
        return rows.filter(
            reduce(lambda left, right: left | right, (cell.isnotnull() for cell, _ in cells))
        ).shape[0]

    def _report(self, code: str, column: Column, value: str) -> None:
        wanted = ", ".join(self.staged.header)
        self.problems.append(
            problem(code, file=self.staged.file, field=column.name, value=value, wanted=wanted)
        )

    def _header(self, name: str) -> str:
        """The header as it stands in the file; sites change case and blanks from month to month."""
        found = self.names.get(_plain(name))
        if found is None:
            wanted = ", ".join(self.staged.header)
            likely = nearest(name, self.staged.header)
            raise Fault(problem("LD-208", file=self.staged.file, value=name, likely=likely, wanted=wanted))
        if found in self.staged.repeated:
            advice = (
                f"Rename one of the columns {found!r} in the export, or name {found + '_2'!r} in the mapping."
            )
            wanted = ", ".join(other for other in self.staged.header if other.startswith(found))
            raise Fault(problem("LD-207", file=self.staged.file, column=found, wanted=wanted, advice=advice))
        return found

    def _with_cells(self, rows: duckdb.DuckDBPyRelation) -> duckdb.DuckDBPyRelation:
        """With each text as a cell: once, since a macro repeats what it is given wherever it names it."""
        headers = [name for name in rows.columns if name in self.staged.header]
        return rows.select(StarExpression(exclude=headers), *(self._as_cell(h).alias(h) for h in headers))

    def _as_cell(self, header: str) -> Expression:
        text, missing = ColumnExpression(header), self.mapping.missing
        if header in self.staged.unpadded:
            return CaseExpression(text.isnotin(*map(ConstantExpression, ("", *missing))), text)
        return FunctionExpression("as_cell", text, ConstantExpression(list(missing)).cast("VARCHAR[]"))

    def _cell(self, name: str) -> Expression:
        header = self._header(name)
        self.used.add(header)
        return ColumnExpression(header)

    def _insert(self, rows, chosen: dict[str, tuple[str, ...]], pieces: dict[str, Expression]) -> None:
        cells = {
            column.name: pieces.get(column.name, self._value(column, chosen.get(column.name, ())))
            for column in self.table.columns
        }
        origin = [
            ConstantExpression(self.staged.file_number).cast("INTEGER").alias("file_number"),
            ColumnExpression("row_number"),
        ]
        texts = [cell.cast("VARCHAR").alias(name) for name, cell in cells.items()]
        rows.select(*origin, *texts).insert_into(f"raw.{self.table.name}")

    def _value(self, column: Column, theirs: tuple[str, ...]) -> Expression:
        constant = self.mapping.constants.get(column.name)
        constant = ConstantExpression(constant and constant.strip())
        if theirs == (ROW,):
            return self._numbering(column, ColumnExpression(ROW))
        if column.kind == "races" and (len(theirs) > 1 or self.mapping.marked):
            return FunctionExpression("either", self._races(column, theirs), constant)
        if not theirs:
            return constant
        first, *others = map(self._cell, theirs)
        if column.name in POINT and self._is_in_one(column.name):
            first = FunctionExpression(f"{column.name}_of", first)
        if column.may_have_time and others:
            # The time, and whether it is before noon, where that stands by itself.
            clock = FunctionExpression("concat_ws", ConstantExpression(" "), *others)
            form = ConstantExpression(CLOCK.pattern)
            cell = FunctionExpression("at_time", self._day(column, first), clock, form)
        else:
            # A key with a part missing is no key: joined gives NULL if one part is.
            cell = reduce(lambda left, right: FunctionExpression("joined", left, right), others, first)
            cell = self._numbering(column, self._day(column, self._translated(column, cell)))
        if column.name in self.mapping.constants:
            cell = FunctionExpression("either", cell, constant)
        return cell

    def _is_in_one(self, coordinate: str) -> bool:
        """Whether the two coordinates of a point stand in one cell, as open-data portals write them."""
        mapped = [self.mapping.columns.get(each) for each in POINT]
        return mapped[0] == mapped[1] is not None

    def _numbering(self, column: Column, cell: Expression) -> Expression:
        """The numbers of events of a source that numbers them its own way stand apart from equal ones elsewhere."""
        if not self.mapping.numbering or (column.name,) != self.table.key[:1] or column.name == "person_id":
            return cell
        return FunctionExpression("joined", ConstantExpression(self.mapping.numbering), cell)

    def _day(self, column: Column, cell: Expression) -> Expression:
        return self._as_iso(column, cell) if column.name in self.mapping.formats else cell

    def _races(self, column: Column, theirs: tuple[str, ...]) -> Expression:
        """What several columns say of race, and what columns of one race each have marked."""
        parts = [self._translated(column, self._cell(name)) for name in theirs]
        parts += [
            FunctionExpression("if_marked", self._cell(name), self._marks(name), ConstantExpression(race))
            for name, race in self.mapping.marked.items()
        ]
        # In one call: a macro within a macro doubles what it is given at each step.
        listed = FunctionExpression("concat_ws", ConstantExpression(";"), *parts)
        return FunctionExpression("nullif", listed, ConstantExpression(""))

    def _marks(self, header: str) -> Expression:
        said = self.mapping.yes.get(header)
        return ConstantExpression(list(MARKS) if said is None else [each.lower() for each in said])

    def _as_iso(self, column: Column, cell: Expression) -> Expression:
        formats = self.mapping.formats[column.name]
        if SERIAL in formats:
            cell = FunctionExpression("as_iso_from_serial", cell, ConstantExpression(self.staged.day_zero))
        if EPOCH in formats:
            cell = FunctionExpression("as_iso_from_epoch", cell)
        for has_zone, name in ((False, "as_iso"), (True, "as_iso_with_zone")):
            of_kind = [each for each in formats if each not in NUMBERS and ("%z" in each) == has_zone]
            if of_kind:
                cell = FunctionExpression(name, cell, ConstantExpression(of_kind))
        is_of_a_life = column.name in ("birth_date", "death_date")
        if is_of_a_life and any("%y" in each for each in formats):
            cell = FunctionExpression("as_past", cell)
        return cell

    def _translated(self, column: Column, cell: Expression) -> Expression:
        values = self.mapping.values.get(column.name, {})
        theirs = ConstantExpression([value.strip().lower() for value in values])
        ours = ConstantExpression([value.strip() for value in values.values()])
        if column.kind == "races" and (values or column.name in self.mapping.split):
            separator = ConstantExpression(self.mapping.split.get(column.name, ";"))
            return FunctionExpression("as_mapped_parts", cell, separator, theirs, ours)
        return FunctionExpression("as_mapped", cell, theirs, ours) if values else cell


def _plain(name: str) -> str:
    return " ".join(name.split()).lower()
