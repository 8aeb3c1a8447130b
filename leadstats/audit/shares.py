"""What percentages and sums give away beside the counts."""

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

from leadstats.audit.folder import PublishedRelease, ReleaseTable, Share
from leadstats.audit.inference import Break
from leadstats.audit.linking import Cell, name_of


def counts_behind(percent: Fraction, step: Fraction, denominators: Iterable[int]) -> list[tuple[int, int]]:
    """All (numerator, denominator) whose percentage, rounded to a multiple of `step`, is `percent`."""
    half = step / 2
    return [
        (part, whole)
        for whole in denominators
        for part in range(whole + 1)
        if percent - half <= Fraction(100 * part, whole) <= percent + half
    ]


def check_shares(release: PublishedRelease) -> Iterator[Break]:
    """A percentage may stand only beside two shown counts that say the same, of enough people, none of
    the three groups (part, rest, whole) being small."""
    shown = _shown(release.tables)
    for share in release.shares:
        if share.percent is None:
            if share.numerator is not None or share.denominator is not None:
                yield _broken(share, "stands with a count though it is hidden")
            continue
        counts = _counts(share, shown)
        if None in (*counts, share.numerator, share.denominator):
            known = counts_behind(
                Fraction(share.percent), Fraction(1), range(1, 2 * release.least_denominator)
            )
            yield _broken(share, f"is shown without its counts; {len(known)} pairs of counts fit it")
        elif counts != (share.numerator, share.denominator):
            yield _broken(share, "does not stand beside the counts of the tables")
        elif share.denominator < release.least_denominator:
            yield _broken(share, f"rests on fewer than {release.least_denominator} people")
        elif _rest_is_small(share, release):
            yield _broken(share, "leaves a small rest")
        elif (share.percent, share.bound) != _as_shown(share, release.percent_ends):
            yield _broken(share, "is finer than whole percents, or wrong")


def check_sums(release: PublishedRelease) -> Iterator[Break]:
    """A sum (nights) shown where the people behind it are hidden says how few they are."""
    shown = _shown(release.tables)
    for table in release.tables:
        if table.people is None:
            continue
        for codes, number in table.numbers.items():
            cell = _cell(table.levels, codes)
            if number is not None and shown.get((table.people, cell)) is None:
                name = f"{table.measure}: {name_of(cell)}"
                yield Break(name, number, number, "is shown though the people behind it are hidden")


def _shown(tables: Sequence[ReleaseTable]) -> dict[tuple[str, Cell], int | None]:
    return {
        (table.measure, _cell(table.levels, codes)): number
        for table in tables
        for codes, number in table.numbers.items()
    }


def _counts(share: Share, shown: dict[tuple[str, Cell], int | None]) -> tuple[int | None, int | None]:
    whole = _cell(share.levels, share.codes)
    part = tuple(sorted((*whole, share.part)))
    return shown.get((share.measure, part)), shown.get((share.measure, whole))


def _rest_is_small(share: Share, release: PublishedRelease) -> bool:
    rest = share.denominator - share.numerator
    return rest < 0 or (0 < rest < release.threshold and not release.rounding)


def _as_shown(share: Share, ends: int) -> tuple[int, str]:
    exact = Fraction(100 * share.numerator, share.denominator)
    if exact <= ends:
        return ends, "at_most"
    if exact >= 100 - ends:
        return 100 - ends, "at_least"
    return int(exact + Fraction(1, 2)), ""


def _cell(levels: Sequence[str], codes: Sequence[str]) -> Cell:
    return tuple(sorted(zip(levels, codes, strict=True)))


def _broken(share: Share, why: str) -> Break:
    return Break(
        f"{share.table}: {name_of(_cell(share.levels, share.codes))}",
        share.percent,
        share.percent,
        f"the share {why}",
    )
