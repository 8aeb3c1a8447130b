"""How much of a gap between two rates is mix (the groups differ in charges or places), and how much is within each."""

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

from leadstats.counting.view import Cell, Published
from leadstats.statistics.intervals import Z

LEAST_COVERED = 0.5


@dataclass(frozen=True)
class Stratum:
    """The events and records of a group and of the reference in one class."""

    count: int
    total: int
    reference_count: int
    reference_total: int


@dataclass(frozen=True)
class Mix:
    """A gap in percentage points as its two parts, and the ratio with the mix taken out.

    covered: the share of records in classes that can be shown for both groups, for whichever group has less; the rest
    counts as one class.
    """

    group: str
    gap: float
    mix: float
    within: float
    ratio: tuple[float, float, float] | None
    covered: float


def kitagawa(strata: Sequence[Stratum]) -> tuple[float, float]:
    """Kitagawa's (1955) decomposition, as fractions of 1: the mix part and the within part, which add up to the gap.

    In a class where one side has no records, its rate is assumed to equal the other's: no difference is known there,
    so all of it is mix.
    """
    everyone, reference = (
        sum(each.total for each in strata),
        sum(each.reference_total for each in strata),
    )
    mix = within = 0.0
    for each in strata:
        weight, other_weight = each.total / everyone, each.reference_total / reference
        rate = each.count / each.total if each.total else each.reference_count / (each.reference_total or 1)
        other = each.reference_count / each.reference_total if each.reference_total else rate
        mix += (weight - other_weight) * (rate + other) / 2
        within += (rate - other) * (weight + other_weight) / 2
    return mix, within


def mantel_haenszel(strata: Sequence[Stratum]) -> tuple[float, float, float] | None:
    """Mantel and Haenszel's ratio of shares within classes, with Greenland and Robins's (1985) interval; None without
    events on both sides."""
    ours = theirs = spread = 0.0
    for each in strata:
        everyone = each.total + each.reference_total
        if not (each.total and each.reference_total):
            continue
        ours += each.count * each.reference_total / everyone
        theirs += each.reference_count * each.total / everyone
        both = each.count + each.reference_count
        spread += (
            each.total * each.reference_total * both - each.count * each.reference_count * everyone
        ) / everyone**2
    if not (ours and theirs):
        return None
    reach = Z * math.sqrt(spread / (ours * theirs))
    return ours / theirs, ours / theirs * math.exp(-reach), ours / theirs * math.exp(reach)


def factors(ours: Sequence[float], theirs: Sequence[float]) -> list[float]:
    """Das Gupta's (1993) parts of a difference between two products, one per factor; they add up to it.

    Each part is the factor's own difference times the average of the other factors' product over all ways to take
    each of them from one side or the other.
    """
    size = len(ours)
    parts = []
    for factor in range(size):
        others = [index for index in range(size) if index != factor]
        average = 0.0
        for many in range(size):
            chosen = list(itertools.combinations(others, many))
            products = (
                prod((ours if index in some else theirs)[index] for index in others) for some in chosen
            )
            average += sum(products) / len(chosen) / size
        parts.append((ours[factor] - theirs[factor]) * average)
    return parts


def of_gap(whole: Published, crossed: Published, group: str, reference: str) -> Mix | None:
    """A group's gap split by class. whole: a result by race; crossed: the same by race and class.

    None if either total is hidden or empty, or if less than half of the records are in classes that are shown. What
    those leave of a total is a class of its own, so that the parts add up to the gap.
    """
    totals = {cell.category: cell for cell in whole.cells if not cell.hidden and cell.denominator}
    if group not in totals or reference not in totals:
        return None
    cells = {(cell.category, cell.second_category): cell for cell in crossed.cells}
    classes = list(dict.fromkeys(cell.second_category for cell in crossed.cells))
    pairs = ((cells.get((group, each)), cells.get((reference, each))) for each in classes)
    strata = [
        Stratum(*_counts(ours), *_counts(theirs))
        for ours, theirs in pairs
        if ours and theirs and not (ours.hidden or theirs.hidden) and (ours.denominator or theirs.denominator)
    ]
    rest = _rest(totals[group], totals[reference], strata)
    covered = 1 - max(
        rest.total / totals[group].denominator, rest.reference_total / totals[reference].denominator
    )
    if covered < LEAST_COVERED:
        return None
    if rest.total or rest.reference_total:
        strata.append(rest)
    mix, within = (100 * part for part in kitagawa(strata))
    return Mix(group, mix + within, mix, within, mantel_haenszel(strata), covered)


def _counts(cell: Cell) -> tuple[int, int]:
    return cell.numerator, cell.denominator


def _rest(ours: Cell, theirs: Cell, strata: Sequence[Stratum]) -> Stratum:
    return Stratum(
        ours.numerator - sum(each.count for each in strata),
        ours.denominator - sum(each.total for each in strata),
        theirs.numerator - sum(each.reference_count for each in strata),
        theirs.denominator - sum(each.reference_total for each in strata),
    )
