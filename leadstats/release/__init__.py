"""From the built database to a numbered public folder that an attacker could not break."""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from leadstats.audit import AuditReport, audit
from leadstats.counting.database import ProgramDatabase, open_database
from leadstats.counting.released import PREVIEW
from leadstats.model import periods
from leadstats.model.measures import Measure, load_measures
from leadstats.release import folder, history
from leadstats.release.black_box import programs
from leadstats.release.disclosure.suppression import Hidden, hide_counts, hide_sums
from leadstats.release.hierarchy import PlanError, Rows
from leadstats.release.history import EarlierRelease
from leadstats.release.ordering import order_of, site_secret
from leadstats.release.plan import ELSEWHERE, ReleasePlan, load_plan
from leadstats.release.publication import bulletin, certificate, files
from leadstats.release.publication.describe import as_json
from leadstats.release.publication.edition import Edition
from leadstats.release.selection import TableChoice, build_cube, choose, count, not_recorded
from leadstats.release.tables import places, public_tables, share_tables

__all__ = ["PlanError", "Publication", "prepare", "preview", "programs", "publish", "rollback"]


@dataclass(frozen=True, eq=False)
class Part:
    """One measure of a release: what was counted, chosen and hidden. For the eyes of the program only."""

    measure: Measure
    rows: Rows
    choice: TableChoice
    people: Hidden
    sums: Hidden | None

    @property
    def hidden(self) -> list[Hidden]:
        return [self.people] if self.sums is None else [self.people, self.sums]


@dataclass(frozen=True, eq=False)
class Publication:
    """What came of a release or of its preview: the folder, or the reasons why there is none."""

    release: Path | None
    report: AuditReport | None
    parts: tuple[Part, ...]
    threshold: int
    outcome: str = ""
    not_recorded: tuple[str, ...] = ()  # measures of the plan, each with what they wait for

    @property
    def exit_code(self) -> int:
        return 0 if self.release is not None else 1

    def as_text(self) -> str:
        lines = [self._line(part, hidden) for part in self.parts for hidden in part.hidden]
        lines += [
            f"Not published, too small or of unlisted categories: {wish.name}"
            for part in self.parts
            for wish in part.choice.left_out
        ]
        lines += [f"Not published, not recorded: {each}" for each in self.not_recorded]
        lines += [
            f"Not published, not recorded: {wish.name}"
            for part in self.parts
            for wish in part.choice.not_recorded
        ]
        if self.report is not None:
            lines.append(self.report.as_text())
        if self.release is None:
            lines.append("Refused: nothing was published.")
        else:
            lines.append(f"{self.outcome} {self.release}")
        return "\n".join(lines)

    def _line(self, part: Part, hidden: Hidden) -> str:
        counted, large = hidden.counted(), hidden.counted() & ~hidden.is_small
        others = int((large & hidden.is_hidden).sum())
        share = 100 * (1 - others / max(int(large.sum()), 1))
        name = part.measure.name if hidden is part.people else f"{part.measure.name}_{part.measure.sum_unit}"
        return (
            f"{name}: {int(counted.sum()):,} cells, {int((counted & hidden.is_small).sum()):,} hidden as too small, "
            f"{others:,} to protect them; {share:.0f}% of the large ones shown"
        )


def publish(
    data: Path, releases: Path, approve: str, plan: Path | None = None, published_on: date | None = None
) -> Publication:
    """Protects, writes, attacks and only then publishes.

    Raises PlanError for a plan that cannot be followed, FileNotFoundError without built data.
    """
    if not approve.strip():
        raise PlanError("a release needs the name of whoever approves it")
    database = open_database(data)
    with folder.one_at_a_time(releases):
        earlier, rules = folder.published(releases), load_plan(plan)
        parts = prepare(database, rules, [history.read(path) for path in earlier], site_secret(data))
        edition = _edition(database, rules, parts, earlier, approve.strip(), published_on or date.today())
        numbers = files.write(edition)
        if earlier and folder.about(earlier[-1])["numbers"] == files.digest(numbers):
            folder.point_to(releases, earlier[-1].name)
            found = Publication(earlier[-1], None, tuple(parts), rules.threshold, "Nothing new since")
        else:
            found = _put_in_force(edition, parts, numbers, earlier, releases, "Published")
    return replace(found, not_recorded=not_recorded_of(database, rules))


def preview(data: Path, releases: Path | None = None, plan: Path | None = None) -> Publication:
    """The next release as it would be, attack included, in DATA/preview: for the eyes of the program alone.

    releases: the published ones that it would go on from. Raises what `publish` raises.
    """
    database, previews = open_database(data), data / PREVIEW
    earlier, rules = folder.published(releases) if releases else [], load_plan(plan)
    with folder.one_at_a_time(previews):
        former = folder.published(previews)
        parts = prepare(database, rules, [history.read(path) for path in earlier], site_secret(data))
        edition = _edition(database, rules, parts, earlier, "nobody so far", date.today())
        found = _put_in_force(
            edition, parts, files.write(edition), earlier, previews, "Not published, to be seen in"
        )
        for path in former if found.release else ():
            shutil.rmtree(path)
    return replace(found, not_recorded=not_recorded_of(database, rules))


def not_recorded_of(database: ProgramDatabase, plan: ReleasePlan) -> tuple[str, ...]:
    """The measures of a plan that are not recorded, each with what it waits for."""
    wanted = dict.fromkeys(table.measure for table in plan.tables)
    lacking = ((name, not_recorded(database, load_measures()[name])) for name in wanted)
    return tuple(f"{name} ({', '.join(missing)})" for name, missing in lacking if missing)


def _put_in_force(
    edition: Edition,
    parts: Sequence[Part],
    numbers: Mapping[str, bytes],
    earlier: Sequence[Path],
    into: Path,
    outcome: str,
) -> Publication:
    """Unless the attack succeeds: then nothing is left of it but the report."""
    with folder.draft(into) as space:
        folder.fill(space, numbers | _readable(edition, earlier))
        report = audit([space, *earlier], programs([*earlier, space]))
        unsafe = any(hidden.unsafe for part in parts for hidden in part.hidden)
        if report.breaks or unsafe:
            return Publication(None, report, tuple(parts), edition.plan.threshold)
        folder.fill(space, _certified(report, edition))
        name = folder.next_name(folder.published(into), edition.name.partition(".")[0])
        release = folder.put_in_place(space, into, name)
    return Publication(release, report, tuple(parts), edition.plan.threshold, outcome)


def rollback(releases: Path, name: str) -> None:
    """Puts an earlier release in force again. What was published stays published, and counts as known."""
    with folder.one_at_a_time(releases):
        folder.point_to(releases, name)


def prepare(
    database: ProgramDatabase, plan: ReleasePlan, earlier: Sequence[EarlierRelease], secret: bytes
) -> list[Part]:
    """All measures of the plan, counted and protected; nothing is written."""
    history.check_zones(plan, earlier)
    if any(release.rounding != plan.rounding or release.threshold != plan.threshold for release in earlier):
        raise PlanError(
            "threshold and rounding cannot change once a release is out: the difference would tell"
        )
    wanted = {table.measure for table in plan.tables}
    parts = [
        _part(database, measure, plan, earlier, secret)
        for name, measure in load_measures().items()
        if name in wanted
    ]
    return [part for part in parts if part is not None]


def _part(
    database: ProgramDatabase,
    measure: Measure,
    plan: ReleasePlan,
    earlier: Sequence[EarlierRelease],
    secret: bytes,
) -> Part | None:
    before = history.before(measure.name, earlier)
    rows = count(database, measure, plan, before)
    if rows is None:
        if before.last is not None:
            wanted = ", ".join(not_recorded(database, measure)) or "its last period"
            raise PlanError(f"{measure.name} was published before, but {wanted} is not recorded")
        return None
    choice = choose(database, rows, measure, plan, before)
    if not choice.tables:
        return None
    people = hide_counts(build_cube(rows, choice, rows.people), before, plan, order_of(secret, measure.name))
    if not measure.sum_unit:
        return Part(measure, rows, choice, people, None)
    cube, series = build_cube(rows, choice, rows.totals), f"{measure.name}_{measure.sum_unit}"
    sums = hide_sums(cube, history.before(series, earlier), plan, people, rows, order_of(secret, series))
    return Part(measure, rows, choice, people, sums)


def _edition(
    database: ProgramDatabase,
    plan: ReleasePlan,
    parts: Sequence[Part],
    earlier: Sequence[Path],
    approve: str,
    published_on: date,
) -> Edition:
    reach = max(database.reach.values())
    tables = [
        table
        for part in parts
        for hidden in part.hidden
        for table in public_tables(part.measure, hidden, plan, is_sum=hidden is part.sums)
    ]
    shares = [
        share
        for part in parts
        for share in share_tables([t for t in tables if t.measure is part.measure], plan)
    ]
    found = places(tables)
    return Edition(
        name=folder.next_name(earlier, f"{reach:%Y-%m}"),
        program=database.site.name,
        is_sample=database.site.is_sample,
        data_through=reach,
        published_on=published_on,
        approved_by=approve,
        database=database.snapshot,
        plan=plan,
        zones=_zones(plan, found),
        tables=tuple(tables),
        shares=tuple(shares),
        events=database.site.events,
        begins={part.measure.name: _begin(part.rows) for part in parts},
        outlines=_outlines(database, found),
        left_out=tuple(
            wish.name for part in parts for wish in (*part.choice.left_out, *part.choice.not_recorded)
        ),
        earlier={path.name: folder.digest(path) for path in earlier},
    )


def _begin(rows: Rows) -> date:
    """The first day of the first period that is listed."""
    return min(map(periods.first_month, rows.hierarchies[0].codes(0)))


def _zones(plan: ReleasePlan, found: Sequence[str]) -> dict[str, str]:
    """Each neighborhood that occurs, with its zone; nothing where no table needs it."""
    lies_in = {place: zone for zone, members in plan.zones.items() for place in members}
    return {place: lies_in.get(place, ELSEWHERE) for place in found} if plan.zones else {}


def _outlines(database: ProgramDatabase, found: Sequence[str]) -> dict[str, str]:
    outlines = database.site.boundaries
    return {place: outlines[place] for place in found if place in outlines}


def _readable(edition: Edition, earlier: Sequence[Path]) -> Mapping[str, bytes]:
    changes = certificate.changes(edition, earlier[-1] if earlier else None)
    return {"CHANGELOG.md": changes.encode(), **bulletin.pages(edition)}


def _certified(report: AuditReport, edition: Edition) -> Mapping[str, bytes]:
    return {
        "certificate.json": as_json(report.certificate()),
        "certificate.md": certificate.readable(report, edition).encode(),
    }
