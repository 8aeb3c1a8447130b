"""What ties the counts of a view together: the rules that every table showing the same rows must obey.

A cell is one measure of one row; the cells of a row follow each other in the arrays.
"""

from collections import defaultdict

import numpy as np
import scipy

Key = tuple[str | None, str | None, str | None]
MEASURES = 3  # of a row: its people, those with the numerator and those without
# Both stand for infinity: sums of them and of counts are exact in floating point.
NO_LIMIT = 1e9
NO_TIE = 1e12


def rows_of(cells: np.ndarray) -> np.ndarray:
    """Which rows have any of the cells, from one truth a cell to one a row."""
    return cells.reshape(-1, MEASURES).any(axis=1)


def cells_of(rows: np.ndarray) -> np.ndarray:
    """All cells of the rows, from one truth a row to one a cell."""
    return np.repeat(rows, MEASURES)


def known_of_hidden(value, small, threshold: int, has_parts: bool) -> tuple[np.ndarray, np.ndarray]:
    """The smallest and largest step by which each cell may differ if its row is hidden for the reason it is.

    A row that protects another keeps its zeros, and its large measures stay large. A row of too few
    has people, and keeps one small measure small: people, or else the smaller part. The reader cannot
    know which, and so cannot rule out as much as we do here; that only makes us more careful.
    """
    value, small = value.reshape(-1, MEASURES), small.reshape(-1, MEASURES)
    low, high = np.where(value >= threshold, threshold, 0), np.where(value >= threshold, NO_LIMIT, 0)
    few = small.any(axis=1)
    low[few], high[few] = (1, 0, 0), NO_LIMIT if has_parts else (NO_LIMIT, 0, 0)
    people_first = np.where(small, value * (0, 1, 1), NO_LIMIT)
    kept = people_first.argmin(axis=1)[few]
    low[few, kept], high[few, kept] = 1, threshold - 1
    return (low - value).ravel(), np.where(high < NO_LIMIT, high - value, NO_LIMIT).ravel()


def lines(keys: list[Key], has_parts: bool) -> tuple[list[np.ndarray], np.ndarray]:
    """Arrays of cells, each a total followed by its parts; and which rows are totals."""
    row_of = {key: row for row, key in enumerate(keys)}
    parts: dict[tuple[int, int], list[int]] = defaultdict(list)
    for row, key in enumerate(keys):
        for axis in range(len(key)):
            total = row_of.get((*key[:axis], None, *key[axis + 1 :]), row)
            if total != row:
                parts[axis, total].append(row)
    is_margin = np.zeros(len(keys), dtype=bool)
    is_margin[[total for _, total in parts]] = True
    rows = [np.array([total, *rows]) for (_, total), rows in parts.items()]
    lines = [line * MEASURES + measure for line in rows for measure in range(MEASURES if has_parts else 1)]
    if has_parts:
        lines.extend(np.arange(len(keys) * MEASURES).reshape(-1, MEASURES))
    return lines, is_margin


def between(
    lines: list[np.ndarray], value: np.ndarray
) -> tuple["scipy.sparse.csc_array", np.ndarray, np.ndarray]:
    """The rules as a matrix: rows of signs over the cells, and the least and most that each row may come to.

    Parts that add up to their total must do so in every table. If they do not, people in several parts count
    once in the total, so it lies between the largest part and the sum.
    """
    cells, signs, ends, least, most = [], [], [0], [], []

    def tie(tied, sign, at_least, at_most):
        cells.extend(tied)
        signs.extend(sign)
        ends.append(len(cells))
        least.append(at_least)
        most.append(at_most)

    for total, *parts in lines:
        whole, counts = value[total], value[parts]
        excess = counts.sum() - whole
        if excess < 0 or counts.max() > whole:
            continue
        tie([total, *parts], [-1.0] + [1.0] * len(parts), -excess, NO_TIE if excess else 0)
        if excess:
            for part, count in zip(parts, counts, strict=True):
                tie([total, part], [-1.0, 1.0], -NO_TIE, whole - count)
    shape = len(least), value.size
    ties = scipy.sparse.csr_array((np.array(signs), np.array(cells, int), np.array(ends)), shape=shape)
    return ties.tocsc(), np.array(least, float), np.array(most, float)


def alternating(keys: list[Key]) -> np.ndarray:
    """1 and -1 in turn along every axis, for each cell."""
    steps = np.zeros(len(keys), dtype=int)
    for axis in range(3):
        labels = sorted({key[axis] for key in keys} - {None})
        number = {label: place for place, label in enumerate([None, *labels])}
        steps += [number[key[axis]] for key in keys]
    return (-1.0) ** np.add.outer(steps, np.arange(MEASURES)).ravel()
