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
from leadstats.release import corrections, folder, history
from leadstats.release.black_box import programs
from leadstats.release.corrections import Difference, DriftError
from leadstats.release.disclosure.cube import Cube
from leadstats.release.disclosure.suppression import Hidden, hide_counts, hide_sums
from leadstats.release.estimates import estimate_tables
from leadstats.release.hierarchy import PlanError, Rows
from leadstats.release.history import Before, EarlierRelease
from leadstats.release.ordering import order_of, site_secret
from leadstats.release.plan import ELSEWHERE, ReleasePlan, load_plan
from leadstats.release.publication import bulletin, certificate, files
from leadstats.release.publication.describe import as_json
from leadstats.release.publication.edition import Edition
from leadstats.release.selection import TableChoice, build_cube, choose, count, not_recorded
from leadstats.release.tables import places, public_tables, share_tables

NOBODY = "example.org"  # the publisher of the plan that ships
YEARLY = "Yearly re-base: late entries added"

__all__ = [
    "DriftError",
    "Part",
    "PlanError",
    "Publication",
    "prepare",
    "preview",
    "programs",
    "publish",
    "rollback",
]


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
    warnings: tuple[str, ...] = ()

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
        lines += self.warnings
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
    data: Path,
    releases: Path,
    approve: str,
    plan: Path | None = None,
    published_on: date | None = None,
    correct: str = "",
    rebase: bool = False,
) -> Publication:
    """Protects, writes, attacks and only then publishes.

    correct: why published numbers are to be those of the records again; rebase: the same, once a year.
    Raises PlanError for a plan that cannot be followed, DriftError where published numbers are too far
    from the records and nobody has said why, FileNotFoundError without built data.
    """
    if not approve.strip():
        raise PlanError("a release needs the name of whoever approves it")
    database, day = open_database(data), published_on or date.today()
    with folder.one_at_a_time(releases):
        earlier, rules = folder.published(releases), load_plan(plan)
        known = [history.read(path) for path in earlier]
        reason = _reason(correct.strip(), rebase, known, day)
        parts = prepare(database, rules, known, site_secret(data), is_rebased=bool(reason))
        edition = _edition(database, rules, parts, earlier, approve.strip(), day, _Change(reason, known))
        numbers = files.write(edition)
        if earlier and folder.about(earlier[-1])["numbers"] == files.digest(numbers):
            folder.point_to(releases, earlier[-1].name)
            found = Publication(earlier[-1], None, tuple(parts), rules.threshold, "Nothing new since")
        else:
            found = _put_in_force(edition, parts, numbers, earlier, releases, "Published")
    return replace(found, not_recorded=not_recorded_of(database, rules))


def preview(
    data: Path,
    releases: Path | None = None,
    plan: Path | None = None,
    correct: str = "",
    rebase: bool = False,
) -> Publication:
    """The next release as it would be, attack included, in DATA/preview: for the eyes of the program alone.

    releases: the published ones that it would go on from. Raises what `publish` raises.
    """
    database, previews = open_database(data), data / PREVIEW
    earlier, rules = folder.published(releases) if releases else [], load_plan(plan)
    with folder.one_at_a_time(previews):
        former = folder.published(previews)
        known = [history.read(path) for path in earlier]
        reason = _reason(correct.strip(), rebase, known, date.today())
        parts = prepare(database, rules, known, site_secret(data), is_rebased=bool(reason))
        edition = _edition(
            database, rules, parts, earlier, "nobody so far", date.today(), _Change(reason, known)
        )
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


@dataclass(frozen=True)
class _Change:
    """Why published numbers change, if they may, and what was published."""

    reason: str
    earlier: Sequence[EarlierRelease]


def _reason(correct: str, rebase: bool, earlier: Sequence[EarlierRelease], day: date) -> str:
    """Why published numbers are to change; empty if they are not."""
    if not earlier or not (correct or rebase):
        return ""
    yearly = [each for release in earlier for each in release.corrections if each.reason == YEARLY]
    if not correct and any(each.day.year == day.year for each in yearly):
        raise PlanError(f"numbers were re-based in {day.year} already; once a year is enough")
    return correct or YEARLY


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
    return Publication(release, report, tuple(parts), edition.plan.threshold, outcome, _warnings(edition))


def _warnings(edition: Edition) -> tuple[str, ...]:
    publisher = edition.plan.publisher
    if edition.is_sample or NOBODY not in publisher.email + publisher.address:
        return ()
    return (f"Warning: readers are sent to {NOBODY}. Name email and address in [publisher] of the plan.",)


def rollback(releases: Path, name: str) -> None:
    """Puts an earlier release in force again. What was published stays published, and counts as known."""
    with folder.one_at_a_time(releases):
        folder.point_to(releases, name)
        folder.withdraw_after(releases, name)


def prepare(
    database: ProgramDatabase,
    plan: ReleasePlan,
    earlier: Sequence[EarlierRelease],
    secret: bytes,
    is_rebased: bool = False,
) -> list[Part]:
    """All measures of the plan, counted and protected; nothing is written.

    Raises DriftError where published numbers are far from the records and are not to be re-based.
    """
    history.check_zones(plan, earlier)
    if any(release.rounding != plan.rounding or release.threshold != plan.threshold for release in earlier):
        raise PlanError(
            "threshold and rounding cannot change once a release is out: the difference would tell"
        )
    wanted = {table.measure for table in plan.tables}
    counted = [
        part
        for name, measure in load_measures().items()
        if name in wanted and (part := _counted(database, measure, plan, earlier)) is not None
    ]
    if not is_rebased:
        corrections.refuse([each for part in counted for each in part.differences(plan)], plan)
    return [_protected(part, plan, secret, is_rebased) for part in counted]


@dataclass(frozen=True, eq=False)
class _Counted:
    """One measure before it is protected: its cells by series, and what was published of each."""

    measure: Measure
    rows: Rows
    choice: TableChoice
    people: tuple[str, Cube, Before]
    sums: tuple[str, Cube, Before] | None

    def differences(self, plan: ReleasePlan) -> list[Difference]:
        held = [self.people] if self.sums is None else [self.people, self.sums]
        return [each for series in held for each in corrections.differences(*series, plan)]


def _counted(
    database: ProgramDatabase, measure: Measure, plan: ReleasePlan, earlier: Sequence[EarlierRelease]
) -> _Counted | None:
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
    people = (measure.name, build_cube(rows, choice, rows.people), before)
    if not measure.sum_unit:
        return _Counted(measure, rows, choice, people, None)
    series = f"{measure.name}_{measure.sum_unit}"
    sums = (series, build_cube(rows, choice, rows.totals), history.before(series, earlier))
    return _Counted(measure, rows, choice, people, sums)


def _protected(counted: _Counted, plan: ReleasePlan, secret: bytes, is_rebased: bool) -> Part:
    series, cube, before = counted.people
    people = hide_counts(cube, before, plan, order_of(secret, series), is_rebased)
    if counted.sums is None:
        return Part(counted.measure, counted.rows, counted.choice, people, None)
    series, cube, before = counted.sums
    sums = hide_sums(cube, before, plan, people, counted.rows, order_of(secret, series), is_rebased)
    return Part(counted.measure, counted.rows, counted.choice, people, sums)


def _edition(
    database: ProgramDatabase,
    plan: ReleasePlan,
    parts: Sequence[Part],
    earlier: Sequence[Path],
    approve: str,
    published_on: date,
    change: _Change,
) -> Edition:
    if not database.reach:
        raise PlanError("no source says or shows how far it reaches: there is nothing to publish")
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
    known = change.earlier[-1] if change.earlier else None
    estimates = tuple(estimate_tables(database, plan, tables, change.earlier, bool(change.reason)))
    if known and not change.reason:
        recorded = tuple(estimate_tables(database, plan, tables, ()))
        corrections.refuse([*corrections.estimate_differences(estimates, recorded, plan)], plan)
    changed = (
        (
            *corrections.corrections(tables, known.tables, change.reason, published_on),
            *corrections.of_estimates(estimates, known, change.reason, published_on),
        )
        if known and change.reason
        else ()
    )
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
        estimates=estimates,
        events=database.site.events,
        begins={part.measure.name: _begin(part.rows) for part in parts},
        outlines=_outlines(database, found),
        left_out=tuple(
            wish.name for part in parts for wish in (*part.choice.left_out, *part.choice.not_recorded)
        ),
        corrections=(*(known.corrections if known else ()), *changed),
        is_rebased=bool(changed),
        not_only_added=(
            *(known.not_only_added if known else ()),
            *(
                part.measure.name if hidden is part.people else f"{part.measure.name}_{part.measure.sum_unit}"
                for part in parts
                for hidden in part.hidden
                if hidden.has_fallen
            ),
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
