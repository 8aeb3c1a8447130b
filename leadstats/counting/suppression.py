"""Decides which rows of a view to hide so that no small count can be worked out. Pure arithmetic.

A view is a table of counts with all its margins, printed or not. A row carries three measures:
people, and the people behind its numerator and its complement. A row with a small measure is hidden
("too few"). Then each small measure must be able to take the values 1 and threshold - 1 in some other
table of whole numbers that shows the same; where it cannot, more rows are hidden ("protects another").
Linear programs look for such tables, called witnesses here; one witness serves many measures.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping

import numpy as np
import scipy  # loads solvers when the first view needs one, which most commands never do

from leadstats.counting import small_rows, ties
from leadstats.counting.ties import MEASURES, NO_LIMIT, Key

THRESHOLD = 11  # fewer people than this are not shown
TOO_FEW = "too few"
PROTECTS_ANOTHER = "protects another"

TINY = 1e-6
REACH_FIRST = 1e4  # coming one person nearer to a wanted value outweighs hiding any number of rows
SWEEPS = 20  # how far bounds are carried along the ties; good enough, since they only say where to stop
# How many programs in a row may each serve fewer targets; small views do not notice.
ROUNDS = 4
ROWS_A_ROUND = 600


def is_small(measures: Iterable[int], threshold: int = THRESHOLD) -> bool:
    """Whether any of the counts behind a row is too small to show; 0 is not too small."""
    return any(0 < measure < threshold for measure in measures)


def protect(counts: Mapping[Key, tuple[int, int, int]], threshold: int = THRESHOLD) -> dict[Key, str]:
    """The rows to hide, and why.

    Keys are (period, category, second category), None for the margin over an axis; values are the
    distinct people behind the row, its numerator and its complement. True zeros stay shown, but for
    one case: ten rows under a total known to be 10 or less would each be 1, so a zero joins them.
    """
    if threshold < 3:
        raise ValueError("below a threshold of 3 a hidden row can only be 1")
    if not any(is_small(measures, threshold) for measures in counts.values()):
        return {}
    if small_rows.suffice(counts, threshold):
        return {key: TOO_FEW for key, measures in counts.items() if is_small(measures, threshold)}
    view = _View(counts, threshold)
    view.protect()
    protects = ties.rows_of(view.value > 0) & ~ties.rows_of(view.small)
    return {
        view.keys[row]: PROTECTS_ANOTHER if protects[row] else TOO_FEW for row in np.flatnonzero(view.hidden)
    }


class _View:
    """The counts, what ties them together, and how far witnesses have moved each.

    A cell is one measure of one row. Tables are written as steps away from the true one. `targets`
    and other arrays of cells run over rows, then measures; arrays of rows have a third of the length.
    """

    def __init__(self, counts: Mapping[Key, tuple[int, int, int]], threshold: int) -> None:
        self.keys = sorted(counts, key=lambda key: [(label is not None, label or "") for label in key])
        self.value = np.array([counts[key] for key in self.keys], dtype=float).ravel()
        self.small = (self.value > 0) & (self.value < threshold)
        self.hidden = ties.rows_of(self.small)
        self.smallest, self.largest = 1, threshold - 1
        has_parts = bool(self.value.reshape(-1, MEASURES)[:, 1:].any())
        self.lower, self.upper = ties.known_of_hidden(self.value, self.small, threshold, has_parts)
        self.lines, self.is_margin = ties.lines(self.keys, has_parts)
        self.lines_of: dict[int, list[int]] = defaultdict(list)
        for number, line in enumerate(self.lines):
            for cell in line:
                self.lines_of[cell].append(number)
        self.ties, self.at_least, self.at_most = ties.between(self.lines, self.value)
        self.sign = ties.alternating(self.keys)
        self.seen_low, self.seen_high = np.zeros((2, self.value.size))
        self.moved = np.zeros(self.value.size, dtype=bool)  # by a witness in whole numbers

    def protect(self) -> None:
        has_people = ties.rows_of(self.value > 0)
        self._widen(self.small, has_people & ~self.is_margin)
        # Margins appear in other views too, so they are hidden only when nothing else helps.
        self._widen(self._pinned(), has_people)
        pinned = np.flatnonzero(self._pinned())
        if pinned.size:
            few = ties.cells_of(ties.rows_of(self.small))
            self.smallest, self.lower[few] = 0, -self.value[few]
            for cell in pinned:
                self._hide_a_zero_beside(cell)
            self._widen(self._pinned(), has_people)

    def _pinned(self) -> np.ndarray:
        return self.small & ~self.moved

    def _widen(self, targets: np.ndarray, hideable: np.ndarray) -> None:
        """Hides rows among `hideable` until witnesses span all that the targets can reach at best.

        First asks what the hidden rows allow already. What that leaves is asked for together, one
        target a line, with more rows to hide; and what that leaves, one by one.
        """
        if not targets.any():
            return
        low, high = self._reach(self.hidden | hideable)
        low = np.where(targets, np.maximum(low, self.smallest - self.value), 0)
        high = np.where(targets, np.minimum(high, self.largest - self.value), 0)
        tries = np.zeros((2, self.value.size), dtype=int)
        self._use_hidden(targets, low, high)
        while chosen := self._choose(self._lacking(low, high), tries):
            pull = np.zeros(self.value.size)
            for direction, cell in chosen:
                pull[cell] = (low, high)[direction][cell]
            self._witness(pull, hideable & ~self.hidden)
            self._use_hidden(targets, low, high)
        self._nudge(targets)
        self._nudge_few(targets)

    def _use_hidden(self, targets: np.ndarray, low: np.ndarray, high: np.ndarray) -> None:
        """Lets the hidden rows serve what they can; takes targets that are well off `low` and `high`.

        In a large view the last of many targets would take a program each. There we are content
        with a target that can move at all, and whose range no chain of ties is seen to narrow.
        """
        rounds = max(ROUNDS, ROWS_A_ROUND // np.count_nonzero(self.hidden))
        while rounds and self._witness(self._toward(low, high)):
            rounds -= 1
        if not rounds:
            self._nudge(targets & self._lacking(low, high).any(axis=0))
            now_low, now_high = self._reach(self.hidden)
            is_well = self.moved & (now_low <= low) & (now_high >= high)
            low[is_well] = high[is_well] = 0

    def _nudge(self, targets: np.ndarray) -> None:
        """Looks for tables of whole numbers in which targets that have not moved yet are off by one."""
        for sign in (self.sign, -self.sign):
            moved = -1
            while moved < self.moved.sum():
                moved = self.moved.sum()
                self._witness(np.where(targets & ~self.moved, sign, 0), is_shortest=True)

    def _nudge_few(self, targets: np.ndarray) -> None:
        """The same for a few targets at a time, which seldom get in each other's way; skips what programs ruled out."""
        tries = np.zeros((2, self.value.size), dtype=int)
        while chosen := self._choose(targets & ~self.moved & [self.seen_low < 0, self.seen_high > 0], tries):
            pull = np.zeros(self.value.size)
            for direction, cell in chosen:
                pull[cell] = 2 * direction - 1
            self._witness(pull, is_shortest=True)

    def _lacking(self, low: np.ndarray, high: np.ndarray) -> np.ndarray:
        return np.array([self.seen_low > low + TINY, self.seen_high < high - TINY])

    def _toward(self, low: np.ndarray, high: np.ndarray) -> np.ndarray:
        """The step wanted of each cell, up or down; if both, alternating, so that cells can trade places."""
        down, up = self._lacking(low, high)
        return np.where(up & ~(down & (self.sign < 0)), high, np.where(down, low, 0))

    def _choose(self, lacking: np.ndarray, tries: np.ndarray) -> list[tuple[int, int]]:
        """The next (direction, cell) pairs to ask for: untried ones, no two in one line; after that, one at a time."""
        taken: set[int] = set()
        chosen = []
        for direction, cell in np.argwhere(lacking & (tries == 0)):
            if taken.isdisjoint(self.lines_of[cell]):
                taken.update(self.lines_of[cell])
                chosen.append((direction, cell))
        chosen = chosen or [tuple(first) for first in np.argwhere(lacking & (tries == 1))[:1]]
        for direction, cell in chosen:
            tries[direction, cell] += 1
        return chosen

    def _witness(self, pull: np.ndarray, spare: np.ndarray | None = None, is_shortest: bool = False) -> bool:
        """Takes the pulled cells as far towards `pull` as they go; hides the spare rows this needs.

        Steps in a spare row cost: log of its size for as many as free one small measure. The
        shortest way makes steps of hidden rows cost too, as its solutions are nearly always whole.
        Returns whether this moved a pulled cell farther than before.
        """
        if not pull.any():
            return False
        lower = np.where(pull < 0, np.maximum(self.lower, pull), self.lower)
        upper = np.where(pull > 0, np.minimum(self.upper, pull), self.upper)
        is_hidden, is_costly = ties.cells_of(self.hidden), np.zeros_like(self.moved)
        if is_shortest:
            is_costly = is_hidden & (pull == 0)
        elif spare is not None:
            is_costly = ties.cells_of(spare)
        free = np.flatnonzero((upper > lower) & is_hidden & ~is_costly)
        costly = np.flatnonzero((upper > lower) & is_costly)
        found = self._solve(np.sign(pull[free]), free, costly, lower, upper)
        if found is None:
            return False
        self.hidden |= ties.rows_of(found != 0)
        is_farther = (found < self.seen_low - TINY) | (found > self.seen_high + TINY)
        self.seen_low = np.minimum(self.seen_low, found)
        self.seen_high = np.maximum(self.seen_high, found)
        is_first_move = self._is_in_whole_part(found) & ~self.moved
        self.moved |= is_first_move
        return bool(((is_farther | is_first_move) & (pull != 0)).any())

    def _solve(self, gain, free, costly, lower, upper) -> np.ndarray | None:
        """The steps of all cells, from a program in which costly cells move up and down at a price."""
        price = 1 + np.log(np.maximum(self.value[costly], 1))
        full_step = self.largest - 1
        down_step = np.clip(-lower[costly], 1, full_step)
        columns = self.ties[:, np.concatenate([free, costly, costly])]
        columns.data[columns.indptr[free.size + costly.size] :] *= -1
        rows = columns.tocsr()
        used = np.flatnonzero(np.diff(rows.indptr))
        most = np.concatenate([upper[free], upper[costly], -lower[costly]])
        solution = scipy.optimize.milp(
            np.concatenate([-REACH_FIRST * gain, price / full_step, price / down_step]),
            bounds=scipy.optimize.Bounds(
                np.concatenate([lower[free], np.zeros(2 * costly.size)]),
                np.where(most < NO_LIMIT, most, np.inf),
            ),
            constraints=scipy.optimize.LinearConstraint(rows[used], self.at_least[used], self.at_most[used]),
        ).x
        if solution is None:
            return None
        steps = np.zeros(self.value.size)
        up, down = solution[free.size :].reshape(2, -1)
        steps[free], steps[costly] = solution[: free.size], up - down
        steps[np.abs(steps) < TINY] = 0
        return steps

    def _is_in_whole_part(self, steps: np.ndarray) -> np.ndarray:
        """Which cells move in whole numbers, together with all that must move with them.

        That part alone is a witness. It is checked here, so that no trust in the solver is needed.
        """
        cells = np.flatnonzero(steps)
        is_broken = np.abs(steps - np.round(steps)) > TINY
        if is_broken.any():
            signs = self.ties[:, cells]
            _, part = scipy.sparse.csgraph.connected_components(signs.T @ signs, directed=False)
            cells = cells[~np.isin(part, part[is_broken[cells]])]
        whole = np.zeros(self.value.size)
        whole[cells] = np.round(steps[cells])
        tied = self.ties @ whole
        is_proven = (
            (self.at_least <= tied).all()
            and (tied <= self.at_most).all()
            and (self.lower[cells] <= whole[cells]).all()
            and (whole[cells] <= self.upper[cells]).all()
        )
        return (whole != 0) & is_proven

    def _reach(self, free: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Steps no table goes beyond if the free rows are hidden: bounds carried along the ties."""
        low, high = np.where(ties.cells_of(free), [self.lower, self.upper], 0)
        signs = self.ties.tocoo()
        row, cell, is_plus = *signs.coords, signs.data > 0
        for _ in range(SWEEPS):
            least = np.where(is_plus, low[cell], -high[cell])
            most = np.where(is_plus, high[cell], -low[cell])
            at_most = self.at_most[row] - np.bincount(row, least)[row] + least
            at_least = self.at_least[row] - np.bincount(row, most)[row] + most
            former = low.copy(), high.copy()
            np.minimum.at(high, cell, np.where(is_plus, at_most, -at_least))
            np.maximum.at(low, cell, np.where(is_plus, at_least, -at_most))
            if np.array_equal(former, (low, high)):
                break
        return low, high

    def _hide_a_zero_beside(self, cell: int) -> None:
        """Hides the first zero that shares a small total with the cell and could be 1 for all we show."""
        totals = [self.lines[number] for number in self.lines_of[cell] if self.small[self.lines[number][0]]]
        totals.sort(key=lambda line: -self.value[line[0]])
        empty = [row for line in totals for row in line[1:] // MEASURES if not self.value[row * MEASURES]]
        if self.hidden[empty].any():
            return
        for row in dict.fromkeys(empty):
            cells = slice(row * MEASURES, (row + 1) * MEASURES)
            self.upper[cells], self.hidden[row] = 1, True
            pull = np.zeros(self.value.size)
            pull[row * MEASURES] = 1
            if self._witness(pull, ties.rows_of(self.value > 0) & ~self.is_margin & ~self.hidden):
                return
            self.upper[cells], self.hidden[row] = 0, False
