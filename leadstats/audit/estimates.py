"""What estimates give away: whether each is as coarse as it says, rests on enough people, and stays as it was."""

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction

from leadstats.audit.folder import PublishedEstimate, PublishedRelease
from leadstats.audit.inference import Break

LONGEST_STAY = 365  # nights that one person's stay can bring
LEAST = 100  # arrests, or people, behind an estimate
LEAST_STEP = 5  # of 100
FOLLOWED = Fraction(4, 5)  # of the people of a share, so many must have been followed to its end
PARTS = ("value", "low", "high")


def check_estimates(releases: Sequence[PublishedRelease]) -> Iterator[Break]:
    """Every release by itself, then what each says otherwise than the one before."""
    for release in releases:
        for estimate in release.estimates:
            if estimate.value is not None:
                yield from (
                    Break(_name(estimate), estimate.low, estimate.high, why)
                    for why in _told(estimate, release)
                )
            elif (estimate.low, estimate.high, estimate.step) != (None, None, None):
                yield Break(
                    _name(estimate), None, None, "the estimate is hidden, and something of it is shown"
                )
    for earlier, later in itertools.pairwise(releases):
        yield from _changes(earlier, later)


def _told(estimate: PublishedEstimate, release: PublishedRelease) -> Iterator[str]:
    """Why an estimate says more than it may."""
    step, shown = (
        estimate.step,
        [getattr(estimate, part) for part in PARTS if getattr(estimate, part) is not None],
    )
    if step is None or any(number % step for number in shown):
        yield "the estimate is finer than the step it is said to be rounded to"
        return
    if estimate.low is not None and not estimate.low <= estimate.value <= estimate.high:
        yield "the range does not hold the estimate"
    number = _number(release, estimate.rests_on, estimate.year)
    if number is None or number < LEAST:
        yield f"the estimate does not rest on a shown number of {LEAST} or more"
    elif estimate.rule == "nights":
        yield from _told_of_nights(estimate)
    elif estimate.rule == "share":
        yield from _told_of_share(estimate, release, number)
    else:
        yield "nobody knows how the estimate is rounded"


def _told_of_nights(estimate: PublishedEstimate) -> Iterator[str]:
    if estimate.step < LONGEST_STAY:
        yield f"the step is narrower than one stay of {LONGEST_STAY} nights"
    if estimate.low is None or estimate.bound:
        yield "the estimate stands without its range"
    if not estimate.value:
        yield "the estimate says nothing but that it is small"


def _told_of_share(estimate: PublishedEstimate, release: PublishedRelease, number: int) -> Iterator[str]:
    """Those who left, and those who stayed, may be nobody and may be many, or are known to be many."""
    step, least = estimate.step, release.threshold
    if step < LEAST_STEP:
        yield f"the share is finer than steps of {LEAST_STEP} of 100"
        return
    if estimate.bound:
        beyond = estimate.value if estimate.bound == "at_most" else 100 - estimate.value
        if beyond * number < 100 * least:
            yield f"those beyond the end are known to be fewer than {least}"
        if estimate.low is not None or estimate.high is not None:
            yield "the range says more than the end"
        return
    # A larger share that is rounded down to this one would stand behind "or more".
    if FOLLOWED * (100 - estimate.value) * number < 100 * least:
        yield f"those who left may be fewer than {least}, and are not nobody"
    if (estimate.value - 100 * (1 - FOLLOWED)) * number < 100 * least:
        yield f"those who stayed may be fewer than {least}, and are not nobody"
    years = (estimate.year, str(int(estimate.year) + 1))
    beside = [
        table for table in release.tables if (table.measure, table.levels) == (estimate.beside, ("year",))
    ]
    if any(table.numbers.get((year,), 0) is None for table in beside for year in years):
        yield f"a hidden number of {estimate.beside} has to make up for it"


def _changes(earlier: PublishedRelease, later: PublishedRelease) -> Iterator[Break]:
    now = {(each.series, each.year): each for each in later.estimates}
    for was in earlier.estimates:
        new = now.get((was.series, was.year))
        if new is None or all(getattr(was, part) == getattr(new, part) for part in (*PARTS, "bound", "step")):
            continue
        corrected = later.corrected_since(earlier)
        if not corrected:
            yield Break(_name(was), was.value, new.value, "the estimate changed, and no correction says so")
        listed = _listed([row for row in corrected if row["table"] == was.table])
        for part in PARTS:
            old, value = getattr(was, part), getattr(new, part)
            told = listed.get((was.year, "" if part == "value" else part))
            if old is not None and old != value and told != (str(old), "" if value is None else str(value)):
                yield Break(_name(was), old, value, f"the {part} changed, and is not among the corrections")


def _listed(corrections: Sequence[Mapping[str, str]]) -> dict[tuple[str, str], tuple[str, str]]:
    """By year and part what it was before the first correction, and is after the last."""
    listed: dict[tuple[str, str], tuple[str, str]] = {}
    for row in corrections:
        part = row["period"], row["categories"]
        old, _ = listed.get(part, (row["old"], ""))
        listed[part] = old, row["new"]
    return listed


def _number(release: PublishedRelease, which: Sequence[str], year: str) -> int | None:
    series, *category = which
    levels = ("year", *category[:1])
    found: Iterable[Mapping] = (
        table.numbers for table in release.tables if (table.measure, table.levels) == (series, levels)
    )
    return next((numbers.get((year, *category[1:])) for numbers in found), None)


def _name(estimate: PublishedEstimate) -> str:
    return f"{estimate.series}: year {estimate.year}"
