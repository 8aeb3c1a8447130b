"""Small worlds to protect and to attack: tables given as records or as they would be printed."""

import itertools
from collections.abc import Iterable, Mapping, Sequence

from leadstats.audit.folder import PublishedRelease
from leadstats.audit.folder import ReleaseTable as Printed
from leadstats.model.measures import Measure
from leadstats.release import history
from leadstats.release.disclosure.cube import Cube, build
from leadstats.release.disclosure.suppression import Hidden, hide_counts
from leadstats.release.hierarchy import Hierarchy
from leadstats.release.history import Before, EarlierRelease, EarlierTable
from leadstats.release.ordering import Order, order_of
from leadstats.release.plan import ReleasePlan, time_hierarchy
from leadstats.release.tables import public_tables

NOTHING_BEFORE = Before({}, (), None, None, {})
RULES = ReleasePlan(())
ORDER = order_of(bytes(range(32)), "m")  # of the secret of an invented site
MEASURE = Measure(
    name="m",
    title="M",
    unit="people",
    definition="M.",
    sql="",
    sources=("referral",),
    every="month",
    breakdowns=(),
    sentence="",
)


def flat(name: str, codes: Iterable[str]) -> Hierarchy:
    return Hierarchy(name, (name,), {name: dict.fromkeys(codes)})


def world(
    counts: Mapping[tuple[str, ...], int],
    names: Sequence[str],
    tables: Sequence[Sequence[str]] | None = None,
    times: Hierarchy | None = None,
) -> Cube:
    """Cells of one year (or of the given times); codes are those of the counts, after the time."""
    times = times or time_hierarchy("year", "2025", "2025")
    columns = list(zip(*counts, strict=True))
    hierarchies = [
        times,
        *(flat(name, dict.fromkeys(column)) for name, column in zip(names, columns[1:], strict=True)),
    ]
    by = tables if tables is not None else [list(names)]
    return build(
        hierarchies, [{"time": times.levels[0]} | {name: name for name in table} for table in by], counts
    )


def protected(
    cube: Cube, plan: ReleasePlan = RULES, before: Before = NOTHING_BEFORE, order: Order = ORDER
) -> Hidden:
    return hide_counts(cube, before, plan, order)


def printed(hidden: Hidden, plan: ReleasePlan = RULES, name: str = "2026-01.1") -> PublishedRelease:
    """The release as an outsider reads it."""
    tables = [
        Printed(
            t.name, t.series, t.levels, t.numbers, merged={m.periods: m.number for m in t.merged.values()}
        )
        for t in public_tables(MEASURE, hidden, plan)
    ]
    return release(tables, name, plan.threshold, plan.rounding)


def before(*releases: PublishedRelease) -> Before:
    """What releases say of the one measure, in the order of publication."""
    return history.before(
        "m",
        [
            EarlierRelease(
                each.name,
                each.threshold,
                each.rounding,
                tuple(EarlierTable(t.measure, t.levels, dict(t.numbers)) for t in each.tables),
                each.zones,
            )
            for each in releases
        ],
    )


def release(
    tables: Sequence[Printed], name: str = "2026-01.1", threshold: int = 11, rounding: int = 0
) -> PublishedRelease:
    return PublishedRelease(name, threshold, rounding, 5, 30, tuple(tables), (), {}, ())


def table(levels: Sequence[str], numbers: Mapping[tuple[str, ...] | str, int | None]) -> Printed:
    """One printed table; a single code may be given as a bare text."""
    keys = {(key,) if isinstance(key, str) else key: number for key, number in numbers.items()}
    return Printed("t", "m", tuple(levels), keys)


def grid(
    rows: Mapping[str, Sequence[int]], columns: Sequence[str], hidden: Iterable[tuple[str, str]] = ()
) -> PublishedRelease:
    """A two-way table of one year with all its totals, some inner cells hidden."""
    hidden = set(hidden)
    inner = {
        ("2025", row, column): n
        for row, line in rows.items()
        for column, n in zip(columns, line, strict=True)
    }
    return release(
        [
            table(["year"], {"2025": sum(inner.values())}),
            table(["year", "race"], {("2025", row): sum(line) for row, line in rows.items()}),
            table(
                ["year", "pathway"],
                {("2025", c): sum(line[at] for line in rows.values()) for at, c in enumerate(columns)},
            ),
            table(["year", "race", "pathway"], {k: None if k[1:] in hidden else n for k, n in inner.items()}),
        ]
    )


def three_way(inner: Mapping[tuple[str, str, str], int], names: Sequence[str]) -> PublishedRelease:
    """Only the two-way tables of a three-way one, with all totals."""
    tables = []
    for kept in itertools.chain.from_iterable(itertools.combinations(range(3), size) for size in range(3)):
        numbers: dict[tuple[str, ...], int] = {}
        for codes, number in inner.items():
            key = ("2025", *(codes[at] for at in kept))
            numbers[key] = numbers.get(key, 0) + number
        tables.append(table(["year", *(names[at] for at in kept)], numbers))
    return release(tables)
