"""What falls of three releases after one another: python -m benchmarks.histories [FIRST LAST | DATA]

Late entries, corrections and one re-base, attacked alone, in pairs and together, by sums and by whoever runs the
program. With numbers: small invented programs, one a seed, as in `benchmarks.replay`. With a folder of built data:
that program, of which the first two releases lack the last months and some of the records. Asserts nothing.
"""

import collections
import itertools
import random
import sys
from datetime import timedelta

from benchmarks.replay import COMPLETE, PLAN, SHAPES, cube_of, people, printed
from leadstats.audit import small_revisions
from leadstats.audit.folder import PublishedRelease
from leadstats.audit.inference import attack
from leadstats.audit.linking import systems
from leadstats.audit.replay import replay
from leadstats.release import history
from leadstats.release.black_box import BlackBox
from leadstats.release.disclosure.suppression import hide_counts
from leadstats.release.history import EarlierRelease, EarlierTable
from leadstats.release.ordering import order_of

RELEASES = 3
THROUGH = {"quarter": ("06", "09", "12"), "month": ("06", "09", "12"), "year": ("12", "12", "12")}
BACK = timedelta(days=184)  # from one release of a whole program to the next
LATE, TWICE = 0.05, 0.02  # of the records: not there before the next release, and there twice


def groups(number: int) -> list[tuple[int, ...]]:
    """Each release alone, each two, and so on, in the order of publication."""
    sizes = range(1, number + 1)
    return [group for size in sizes for group in itertools.combinations(range(number), size)]


def small(seed: int) -> tuple[str, list[str], bool]:
    """The shape, what fell, and whether all tables that fit were tried."""
    dice = random.Random(seed)
    shape = dice.choice(list(SHAPES))
    rebased = 1 + seed % 2
    counts, pages, fell, is_complete = people(dice, shape), [], [], True
    for number, through in enumerate(THROUGH[SHAPES[shape][0]]):
        if number:
            counts = {cell: max(own + dice.choice([0, 0, 0, 1, 4, -1]), 0) for cell, own in counts.items()}
        cube = cube_of(
            shape, {cell: own for cell, own in counts.items() if cell[0] <= f"2025-{through}"}, through
        )
        since = pages[rebased:] if number > rebased else pages
        before = history.before("people", [earlier(page) for page in since])
        hidden = hide_counts(cube, before, PLAN, order_of(b"", str(seed)), number == rebased)
        if hidden.unsafe:
            return shape, fell, False  # nothing is published
        pages.append(printed(hidden, f"2026-{number + 1:02}.1"))
        (system,) = systems(pages[rebased:] if number >= rebased else pages).values()
        if system.names:
            found = replay(system, BlackBox(cube, before, PLAN, number == rebased), COMPLETE)
            is_complete &= found.is_complete
            fell += [f"replay of {number}: {each}" for each in found.breaks]
    for group in groups(RELEASES):
        read = [pages[at] for at in group]
        breaks = [each for own in systems(read).values() for each in attack(own).breaks]
        fell += [f"{group}: {each}" for each in (*breaks, *small_revisions(read))]
    return shape, fell, is_complete


def earlier(page: PublishedRelease) -> EarlierRelease:
    tables = tuple(EarlierTable(each.measure, each.levels, dict(each.numbers)) for each in page.tables)
    return EarlierRelease(page.name, page.threshold, page.rounding, tables, page.zones)


def main(first: int, last: int) -> None:
    complete: collections.Counter[str] = collections.Counter()
    seen = fallen = 0
    for seed in range(first, last):
        shape, fell, is_complete = small(seed)
        seen, fallen = seen + 1, fallen + bool(fell)
        complete[shape] += is_complete
        for each in fell:
            print(f"seed {seed}, {shape}: {each}", flush=True)
    print(
        f"{seen} histories, {complete.total()} of them enumerated to the end {dict(complete)}; of {fallen} something fell"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
