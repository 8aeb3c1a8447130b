"""How far published numbers are from the records, and the numbers that a re-base has changed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from leadstats.release.disclosure.cube import Cube
from leadstats.release.estimates import EstimateTable
from leadstats.release.hierarchy import PlanError
from leadstats.release.history import Before, Correction, EarlierRelease, EarlierTable
from leadstats.release.plan import ReleasePlan
from leadstats.release.tables import PublicTable, name_of

NAMED = 10  # of the largest differences


class DriftError(PlanError):
    """What is published differs too much from the records to go on as if nothing were; the text says where."""


@dataclass(frozen=True)
class Difference:
    """One published number, and what the records say by now."""

    series: str
    codes: tuple[str, ...]
    published: int
    recorded: int

    def __str__(self) -> str:
        return (
            f"{self.series}, {', '.join(self.codes)}: published {self.published:,}, records {self.recorded:,}"
        )


def differences(series: str, cube: Cube, before: Before, plan: ReleasePlan) -> Iterator[Difference]:
    """Of the shown numbers, those that are off by so many people, and by so many percent, as the plan says."""
    for key, recorded in zip(cube.keys, cube.values.tolist(), strict=True):
        published = before.numbers.get(key)
        if published is None:
            continue
        by = abs(recorded - published)
        if by >= plan.threshold and 100 * by > plan.drift_percent * published:
            yield Difference(series, tuple(code for _, code in key), published, recorded)


def refuse(found: Sequence[Difference], plan: ReleasePlan) -> None:
    """Raises DriftError where numbers differ, naming the largest differences."""
    if not found:
        return
    largest = sorted(found, key=lambda each: (-abs(each.recorded - each.published), str(each)))[:NAMED]
    raise DriftError(
        f"{len(found)} published numbers differ from the records by {plan.threshold} or more and by more than "
        f'{plan.drift_percent} %. Confirm with --correct "REASON", which lists each changed number with the reason, '
        "or find out what is wrong with the exports. The largest differences:\n"
        + "\n".join(f"  {each}" for each in largest)
    )


def corrections(
    tables: Sequence[PublicTable], published: Sequence[EarlierTable], reason: str, day: date
) -> Iterator[Correction]:
    """Each number that was shown and is another now, or is hidden."""
    now = {(table.name, codes): number for table in tables for codes, number in table.numbers.items()}
    for table in published:
        name = name_of(table.series, table.levels)
        for codes, old in table.numbers.items():
            new = now.get((name, codes))
            if old is not None and new != old:
                yield Correction(name, codes[0], codes[1:], old, new, reason, day)


def of_estimates(
    tables: Sequence[EstimateTable], published: EarlierRelease, reason: str, day: date
) -> Iterator[Correction]:
    """Each estimate, and each end of its range, that was shown and is another now, or is not shown any more."""
    for table in tables:
        for year, old in published.estimates.get(table.estimate.series, {}).items():
            new = table.rows.get(year)
            for part in ("value", "low", "high") if old else ():
                was, now = getattr(old, part), new and getattr(new, part)
                if was is not None and was != now:
                    yield Correction(
                        table.name, year, () if part == "value" else (part,), was, now, reason, day
                    )


def estimate_differences(
    tables: Sequence[EstimateTable], recorded: Sequence[EstimateTable], plan: ReleasePlan
) -> Iterator[Difference]:
    """Of the estimates that stay as published, those that the records would put two steps or more elsewhere, since one
    is crossed by a hair, and by so many percent as the plan says."""
    now = {(table.name, year): row for table in recorded for year, row in table.rows.items() if row}
    for table in tables:
        for year, row in table.rows.items():
            other = now.get((table.name, year))
            by = abs(other.value - row.value) if row and other else 0
            if by and by >= 2 * row.step and 100 * by > plan.drift_percent * abs(row.value):
                yield Difference(table.estimate.series, (year,), row.value, other.value)
