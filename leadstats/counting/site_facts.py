"""What is known about a snapshot besides its numbers: what the site says about itself, and what became of its exports."""

import dataclasses
import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from leadstats.model.messages import Problem
from leadstats.model.settings import Baseline, Caseload, Event, Goal, Note, ProgramCost

PARTS = ("read", "loaded", "rejected", "duplicate", "out_of_scope")
Ask = Callable[[str], list[dict[str, Any]]]


@dataclass(frozen=True)
class SiteFacts:
    """What a site says about itself, in a snapshot or in a public release.

    boundaries: GeoJSON geometries by the name of the place. caseload, baseline and program_costs are for partners
    and never in a release. Neither are goals, which are set for metrics as partners see them, or notes, which are
    written for the group.
    published_on: the day the snapshot was built or the release was published.
    """

    name: str
    is_sample: bool
    published_on: date | None
    events: tuple[Event, ...] = ()  # in the order of their days
    goals: tuple[Goal, ...] = ()
    notes: tuple[Note, ...] = ()  # in the order of their days
    boundaries: Mapping[str, str] = field(default_factory=dict)
    caseload: Caseload | None = None
    baseline: Baseline = Baseline()
    program_costs: tuple[ProgramCost, ...] = ()  # in the order of their days


@dataclass(frozen=True)
class FileRows:
    """What became of the rows of one file read as one table; `read` is the sum of the others."""

    file: str
    table: str
    read: int
    loaded: int
    rejected: int
    duplicate: int
    out_of_scope: int


@dataclass(frozen=True)
class SourceRows:
    """One export: how many of its rows are loaded, and which days it covers."""

    source: str
    rows: int
    data_from: date | None
    data_through: date | None
    is_stated: bool
    is_begin_known: (
        bool  # days before data_from are not covered; if False, the source may simply have begun then
    )
    is_past_untold: bool  # those days are so surely missing that nobody can be looked back on through them


@dataclass(frozen=True)
class Unrecorded:
    """A column ("table.column" or "site.key") that is not known, for rows of these days or at all; or a table with
    days that no file covers."""

    name: str
    first_day: date | None
    last_day: date | None


@dataclass(frozen=True)
class ExportFacts:
    """What became of the exports that a snapshot was built from. It holds no people."""

    sources: tuple[SourceRows, ...]
    files: tuple[FileRows, ...]
    problems: tuple[Problem, ...]
    unrecorded: Mapping[str, tuple[Unrecorded, ...]]  # by their names

    def of_table(self, name: str) -> FileRows | None:
        """All files that were read as one table, taken together; None if there is none."""
        found = [each for each in self.files if each.table == name]
        counts = {part: sum(getattr(each, part) for each in found) for part in PARTS}
        return FileRows("", name, **counts) if found else None


def read_site(ask: Ask) -> SiteFacts:
    """From the tables of a snapshot; `ask` gives the rows of a query."""
    (site,) = ask("SELECT * FROM program.site")
    (build,) = ask("SELECT max(published_on) AS published_on FROM program.build")
    goals = ask('SELECT metric, value, "by", set_by, due FROM program.goal ORDER BY due, metric')
    events = ask("SELECT day, text, is_new_baseline FROM program.event ORDER BY day, text")
    notes = ask("SELECT day, metric, text, role FROM program.note ORDER BY day, metric, text")
    costs = ask("SELECT dollars, from_day, source FROM program.program_cost ORDER BY from_day")
    end = site["baseline_next"] and site["baseline_next"] - timedelta(days=1)
    shapes = ask("SELECT name, geometry FROM program.boundary WHERE geometry IS NOT NULL ORDER BY position")
    return SiteFacts(
        name=site["name"],
        is_sample=site["is_sample"],
        published_on=build["published_on"],
        events=tuple(Event(**row) for row in events),
        goals=tuple(Goal(**row) for row in goals),
        notes=tuple(Note(**row) for row in notes),
        boundaries={row["name"]: row["geometry"] for row in shapes},
        caseload=Caseload(site["caseload_target"], site["caseload_maximum"]),
        baseline=Baseline(site["baseline_first"], end),
        program_costs=tuple(ProgramCost(**row) for row in costs),
    )


def read_exports(ask: Ask) -> ExportFacts:
    sources = ask("FROM program.source ORDER BY source")
    files = ask('SELECT * FROM program.load ORDER BY file, "table"')
    columns = [column.name for column in dataclasses.fields(Problem)]
    problems = [
        {name: row[name] for name in columns} | {"rows": tuple(row["rows"])}
        for row in ask("SELECT * FROM program.problem")
    ]
    unrecorded = [
        Unrecorded(**row)
        for row in ask(
            "SELECT concat_ws('.', table_name, column_name) AS name, first_day, last_day"
            " FROM program.unrecorded ORDER BY ALL"
        )
    ]
    return ExportFacts(
        tuple(SourceRows(**row) for row in sources),
        tuple(FileRows(**row) for row in files),
        tuple(Problem(**row) for row in problems),
        {name: tuple(found) for name, found in itertools.groupby(unrecorded, lambda each: each.name)},
    )
