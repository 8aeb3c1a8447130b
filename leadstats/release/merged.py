"""Periods of which the number of everybody is hidden, put together until what they have together is known.

A hidden number of everybody stands in sums of shown ones: a quarter less its shown months is what its hidden months
have together. That says nothing which the sums do not, and readers need not do the subtraction. Where the quarter
is hidden too, it is first put together with others of its year, and its months with theirs.
"""

import itertools
from collections.abc import Iterator, Mapping

from leadstats.counting.view import Merged
from leadstats.model import periods

Numbers = Mapping[str, int | None]  # by period of one length; None is hidden


def merged(series: Mapping[str, Numbers], threshold: int) -> dict[str, Merged]:
    """By hidden period the smallest group whose number follows from shown ones; `series` has exact numbers by length.

    A period of which nothing follows is in none: no longer period is over yet. Nor is one whose own number would be
    told, or a group of fewer than `threshold` people: both cannot be where what is hidden is protected.
    """
    lengths = [length for length in reversed(periods.PUBLISHED) if length in series]
    found: dict[str, Merged] = {}
    for longer, length in itertools.pairwise(lengths):
        for whole in _wholes(series[longer], found):
            parts = [code for code in series[length] if _lies_in(code, longer) in whole.periods]
            hidden = tuple(code for code in parts if series[length][code] is None)
            rest = whole.number - sum(series[length][code] or 0 for code in parts)
            if len(hidden) > 1 and rest >= threshold:
                found |= dict.fromkeys(hidden, Merged(hidden, rest))
    return found


def _wholes(numbers: Numbers, found: Mapping[str, Merged]) -> Iterator[Merged]:
    """What is known of the longer periods: each shown one, and each group of hidden ones once."""
    yield from (Merged((code,), number) for code, number in numbers.items() if number is not None)
    yield from dict.fromkeys(found[code] for code in numbers if code in found)


def _lies_in(code: str, longer: str) -> str | None:
    return periods.label(periods.first_month(code), longer)
