"""What falls of three releases after one another: python -m benchmarks.histories FIRST LAST, or DATA [SEED]...

Late entries, corrections and one re-base, attacked alone and together, as whoever has lost one in between holds
them too, by sums and by whoever runs the program. With two numbers: small invented programs, one a seed, as in `benchmarks.replay`. With a folder of built
data: that program, of which the first two releases lack the last months, and some records. Asserts nothing.
"""

import collections
import itertools
import random
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from unittest import mock

from benchmarks.replay import COMPLETE, MEASURE, PLAN, SHAPES, cube_of, people, printed
from leadstats import release
from leadstats.audit import audit, small_revisions
from leadstats.audit.folder import PublishedRelease
from leadstats.audit.inference import attack
from leadstats.audit.linking import systems
from leadstats.audit.replay import replay
from leadstats.counting.database import ProgramDatabase, open_database
from leadstats.counting.release_counts import ReleaseCounts, release_counts
from leadstats.model import periods
from leadstats.model.measures import Measure
from leadstats.release import corrections, history, selection
from leadstats.release.black_box import BlackBox
from leadstats.release.disclosure.suppression import Hidden, hide_counts
from leadstats.release.history import EarlierRelease, EarlierTable
from leadstats.release.ordering import order_of
from leadstats.release.tables import public_tables

RELEASES = 3
THROUGH = {"quarter": ("06", "09", "12"), "month": ("06", "09", "12"), "year": ("12", "12", "12")}
BACK = timedelta(days=184)  # from one release of a whole program to the next
RECENT = timedelta(days=270)  # before the end of the records, where they are not complete
LATE, TWICE = 0.08, 0.03  # of these: not there before a later release, and there twice until it


def groups(number: int) -> list[tuple[int, ...]]:
    """The releases that somebody may hold, in the order of publication."""
    return [each for size in range(1, number + 1) for each in itertools.combinations(range(number), size)]


@dataclass
class Told:
    """of: what fell of which releases; refused: what the attack found before anything was published."""

    shape: str
    of: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    is_complete: bool = True


def small(seed: int) -> Told:
    """As `release` does, a release is published only if neither sums nor the program tell anything of it."""
    dice = random.Random(seed)
    told = Told(shape := dice.choice(list(SHAPES)))
    rebased, counts, pages = 1 + seed % 2, people(dice, shape), []
    for number, through in enumerate(THROUGH[SHAPES[shape][0]]):
        if number:
            counts = {cell: max(own + dice.choice([0, 0, 0, 1, 4, -1]), 0) for cell, own in counts.items()}
        known = {cell: own for cell, own in counts.items() if cell[0] <= f"2025-{through}"}
        cube = cube_of(shape, known, through)
        since = pages[rebased:] if number > rebased else pages
        before = history.before("people", [earlier(page) for page in since])
        hidden = hide_counts(cube, before, PLAN, order_of(b"", str(seed)), number == rebased)
        page = continued(printed(hidden, f"2026-{number + 1:02}.1"), hidden, pages[-1:])
        told.refused += ["no safe way to hide"] if hidden.unsafe else fallen([*pages, page])
        (system,) = systems([*(since if number != rebased else ()), page]).values()
        if system.names:
            found = replay(system, BlackBox(cube, before, PLAN, number == rebased), COMPLETE)
            told.is_complete &= found.is_complete
            told.refused += map(str, found.breaks)
        if told.refused:
            break
        pages.append(page)
    for group in groups(len(pages)):
        told.of += [f"{[*group]}: {each}" for each in fallen([pages[at] for at in group])]
    return told


def continued(page: PublishedRelease, hidden: Hidden, last: Sequence[PublishedRelease]) -> PublishedRelease:
    """With what it says of changes, its own and those of all before it."""
    known = [table for each in last for table in earlier(each).tables]
    changed = corrections.corrections(public_tables(MEASURE, hidden, PLAN), known, "", date.min)
    return replace(
        page,
        corrections=(*(row for each in last for row in each.corrections), *map(vars, changed)),
        not_only_added=(
            *(name for each in last for name in each.not_only_added),
            *([MEASURE.name] if hidden.has_fallen else ()),
        ),
    )


def fallen(pages: Sequence[PublishedRelease]) -> list[str]:
    breaks = [each for own in systems(pages).values() for each in attack(own).breaks]
    return [*map(str, breaks), *map(str, small_revisions(pages))]


def earlier(page: PublishedRelease) -> EarlierRelease:
    tables = tuple(EarlierTable(each.measure, each.levels, dict(each.numbers)) for each in page.tables)
    return EarlierRelease(page.name, page.threshold, page.rounding, tables, page.zones)


def main(first: int, last: int) -> None:
    complete: collections.Counter[str] = collections.Counter()
    fell = refused = 0
    for seed in range(first, last):
        told = small(seed)
        fell, refused = fell + bool(told.of), refused + bool(told.refused)
        complete[told.shape] += told.is_complete
        for kind, each in (
            *(("fell", each) for each in told.of),
            *(("refused", each) for each in told.refused),
        ):
            print(f"seed {seed}, {told.shape}, {kind}: {each}", flush=True)
    print(
        f"{last - first} histories, {complete.total()} of them enumerated to the end {dict(complete)};"
        f" of {fell} something fell, of {refused} a release was refused"
    )


def whole(data: Path, seed: int) -> None:
    """The second or the third release is a re-base."""
    with tempfile.TemporaryDirectory() as folder:
        releases = Path(folder)
        for number in range(RELEASES):
            with (
                mock.patch.object(release, "open_database", lambda path, back=number: _as_of(path, back)),
                mock.patch.object(
                    selection, "release_counts", lambda *asked, at=number: _entered(*asked, at, seed)
                ),
            ):
                done = release.publish(data, releases, "Benchmark", rebase=number == 1 + seed % 2)
            print(f"release {number + 1}\n{done.as_text()}", flush=True)
            if done.release is None:
                return
        published = release.folder.published(releases)
        for group in groups(RELEASES):
            *before, latest = (published[at] for at in group)
            report = audit([latest, *before])
            print(f"seed {seed}, releases {[*group]} by sums: {len(report.breaks)} broken", flush=True)


def _as_of(data: Path, number: int) -> ProgramDatabase:
    database = open_database(data)
    back = (RELEASES - 1 - number) * BACK
    return replace(database, reach={source: day - back for source, day in database.reach.items()})


def _entered(database: ProgramDatabase, measure: Measure, number: int, seed: int) -> ReleaseCounts:
    """Of the last periods before the end of the records some are lacking, and some there twice; not in the last release."""
    counts = release_counts(database, measure)
    since = max(database.reach.values()) - RECENT
    people = {}
    for cell, own in counts.people.items():
        dice = random.Random(f"{seed} {number} {measure.name} {cell}")
        draws = [dice.random() for _ in range(own)]
        is_recent = number < RELEASES - 1 and periods.last_day(cell[0]) > since
        people[cell] = (
            own - sum(draw < LATE for draw in draws) + sum(draw > 1 - TWICE for draw in draws)
            if is_recent
            else own
        )
    people = {cell: own for cell, own in people.items() if own}
    return ReleaseCounts(
        people,
        {cell: total for cell, total in counts.totals.items() if cell in people},
        {cell: largest for cell, largest in counts.largest.items() if cell in people},
    )


if __name__ == "__main__":
    if sys.argv[1].isdigit():
        main(int(sys.argv[1]), int(sys.argv[2]))
    else:
        for each in map(int, sys.argv[2:] or ["1"]):
            whole(Path(sys.argv[1]), each)
