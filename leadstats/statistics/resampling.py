"""Fast draws with replacement from many items of a few kinds, which every bootstrap is based on."""

from collections.abc import Iterator

import numpy as np

# A kind this common is cheaper to draw as one binomial number than one by one; measured, of no other meaning.
COMMON = 6
NUMBERS_AT_ONCE = 1_000_000


def drawn_again(counts: np.ndarray, random: np.random.Generator, draws: int) -> Iterator[np.ndarray]:
    """How many of each kind come up when as many as there are get drawn with replacement: one row per draw, in parts of
    a few megabytes.

    The distribution is multinomial. For common kinds the number is drawn; what is left is then picked one by one among
    the rare kinds.
    """
    total = int(counts.sum())
    common, rare = np.flatnonzero(counts > COMMON), np.flatnonzero((counts > 0) & (counts <= COMMON))
    kind_of = np.repeat(rare, counts[rare])
    shares = np.append(counts[common], len(kind_of)) / total
    at_once = max(1, NUMBERS_AT_ONCE // (len(counts) + len(kind_of)))
    for start in range(0, draws, at_once):
        rows = min(at_once, draws - start)
        numbers = random.multinomial(total, shares, rows)
        left = numbers[:, -1]
        cells = np.repeat(np.arange(rows) * len(counts), left)
        if len(kind_of):
            cells += kind_of[random.integers(len(kind_of), size=len(cells), dtype=np.uint32)]
        drawn = np.bincount(cells, minlength=rows * len(counts)).reshape(rows, len(counts))
        drawn[:, common] = numbers[:, :-1]
        yield drawn
