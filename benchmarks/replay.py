"""What falls to an attacker who runs the program itself on every table: python -m benchmarks.replay [FIRST LAST]

Small invented programs, one a seed: lines, crossed tables, months and quarters of a year, with a threshold of 3
so that all tables that fit can be tried. Prints each program of which something falls, then how many were
enumerated to the end. Asserts nothing.
"""

import collections
import itertools
import random
import sys
import time
from collections.abc import Mapping
from types import MappingProxyType

from leadstats.audit.folder import PublishedRelease, ReleaseTable
from leadstats.audit.linking import systems
from leadstats.audit.replay import replay
from leadstats.model.measures import Measure
from leadstats.release.black_box import BlackBox
from leadstats.release.disclosure.cube import Cube, build
from leadstats.release.disclosure.suppression import Hidden, hide_counts
from leadstats.release.hierarchy import Hierarchy
from leadstats.release.history import Before
from leadstats.release.ordering import order_of
from leadstats.release.plan import ReleasePlan, time_hierarchy
from leadstats.release.tables import public_tables

PLAN = ReleasePlan((), threshold=3)
NOTHING_BEFORE = Before({}, (), None, None, {})
MEASURE = Measure(
    name="people",
    title="People",
    unit="people",
    definition="People.",
    sql="",
    sources=("referral",),
    every="month",
    breakdowns=(),
    sentence="",
)
# Codes of the breakdowns by shape; the time comes first.
SHAPES = {
    "line of three": ("year", "abc"),
    "line of four": ("year", "abcd"),
    "line of five": ("year", "abcde"),
    "two by two": ("year", "ab", "xy"),
    "three by two": ("year", "abc", "xy"),
    "months of a year": ("month",),
    "quarters by two": ("quarter", "ab"),  # the hardest: totals are hidden, and most of what is beside them
}
PERIODS = {
    "month": [f"2025-{month:02}" for month in range(1, 13)],
    "quarter": ["2025-01", "2025-04", "2025-07", "2025-10"],
    "year": ["2025"],
}
COMPLETE = 50_000  # tables that fit, of which all are tried


def program(seed: int) -> tuple[str, Cube]:
    dice = random.Random(seed)
    shapes = list(SHAPES)
    shape = shapes[-1] if seed % 6 == 5 else shapes[seed % len(shapes)]
    return shape, cube_of(shape, people(dice, shape))


def people(dice: random.Random, shape: str) -> dict[tuple[str, ...], int]:
    every, *codes = SHAPES[shape]
    return {
        cell: dice.choice([dice.randrange(3), dice.randrange(2), dice.randrange(3, 8)])
        for cell in itertools.product(PERIODS[every], *codes)
    }


def cube_of(shape: str, counts: Mapping[tuple[str, ...], int], through: str = "12") -> Cube:
    """through: the last month that is counted."""
    every, *codes = SHAPES[shape]
    times = (
        time_hierarchy("year", "2025", "2025")
        if every == "year"
        else time_hierarchy("month", "2025-01", f"2025-{through}")
    )
    kinds = [
        Hierarchy(name, (name,), {name: dict.fromkeys(own)})
        for name, own in zip(("race", "pathway"), codes, strict=False)
    ]
    return build([times, *kinds], [{"time": every} | {kind.name: kind.name for kind in kinds}], counts)


def printed(
    hidden: Hidden,
    name: str = "2026-01.1",
    plan: ReleasePlan = PLAN,
    zones: Mapping[str, str] = MappingProxyType({}),
) -> PublishedRelease:
    """The release as an outsider reads it."""
    tables = [
        ReleaseTable(
            t.name, t.series, t.levels, t.numbers, merged={m.periods: m.number for m in t.merged.values()}
        )
        for t in public_tables(MEASURE, hidden, plan)
    ]
    rules = (plan.threshold, plan.rounding, plan.percent_ends, plan.least_denominator)
    return PublishedRelease(name, *rules, tuple(tables), (), zones, ())


def main(first: int, last: int) -> None:
    complete: collections.Counter[str] = collections.Counter()
    fell = sampled = hidden_numbers = tables = 0
    for seed in range(first, last):
        shape, cube = program(seed)
        hidden = hide_counts(cube, NOTHING_BEFORE, PLAN, order_of(b"", str(seed)))
        (system,) = systems([printed(hidden)]).values()
        if not system.names:
            continue
        found = replay(system, BlackBox(cube, NOTHING_BEFORE, PLAN), COMPLETE)
        if found.breaks:
            fell += 1
            print(f"seed {seed}, {shape}, {cube.values.tolist()}: {found.breaks}", flush=True)
        if found.is_complete:
            complete[shape] += 1
            hidden_numbers += int(hidden.is_hidden.sum())
            tables += found.tables
        else:
            sampled += 1
        if seed % 10 == 9:
            print(f"{seed + 1}: {complete.total()} complete, {time.process_time():.0f} s", flush=True)
    print(
        f"{complete.total()} programs enumerated to the end ({dict(complete)}), with {hidden_numbers} hidden numbers"
        f" and {tables} tables run; of {sampled} more not all tables were tried; of {fell} something fell"
    )


if __name__ == "__main__":
    main(*(map(int, sys.argv[1:3]) if len(sys.argv) > 2 else (0, 400)))
