"""Decides which rows of a view to hide so that no small count can be worked out: arithmetic only.

A view is a table of counts with all its margins, printed or not. A row carries three measures:
people, and the people behind its numerator and its complement. A row with a small measure is hidden
("too few"). Then each small measure must be able to take the values 1 and threshold - 1 in some other
table of whole numbers that shows the same; where it cannot, more rows are hidden ("protects another").
Linear programs look for such tables, called witnesses here; one witness serves many measures.
"""

import itertools
from collections import defaultdict
from collections.abc import Iterable, Mapping

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse.csgraph import connected_components

THRESHOLD = 11  # fewer people than this are not shown
TOO_FEW = "too few"
PROTECTS_ANOTHER = "protects another"

Key = tuple[str | None, str | None, str | None]
MEASURES = 3
# Ways to move a row by one: its people with a part, one part for the other, one measure alone; and all of them back.
WAYS = np.array([(1, 1, 0), (1, 0, 1), (0, 1, -1), (1, 0, 0), (0, 1, 0), (0, 0, 1)])
WAYS = np.concatenate([WAYS, -WAYS])
RISES, FALLS = WAYS > 0, WAYS < 0
# For each measure the two ways that move it up, or down, and still make up the people: one can follow the other.
UPWARD, DOWNWARD = ((0, 1), (0, 2), (1, 8)), ((6, 7), (6, 8), (7, 2))

# Both stand for infinity: sums of them and of counts are exact in floating point.
NO_LIMIT = 1e9
NO_TIE = 1e12
TINY = 1e-6
REACH_FIRST = 1e4  # one person nearer to a wanted value outweighs every row hidden for it
SWEEPS = 20  # bounds carried this far along the ties are good enough: they only say where to stop
# How many programs in a row may serve ever fewer targets; small views need not feel it.
ROUNDS = 4
ROWS_A_ROUND = 600


def is_small(measures: Iterable[int], threshold: int = THRESHOLD) -> bool:
    """Whether any of the counts behind a row is too small to be shown; none is, where nobody is."""
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
    if _small_rows_suffice(counts, threshold):
        return {key: TOO_FEW for key, measures in counts.items() if is_small(measures, threshold)}
    view = _View(counts, threshold)
    view.protect()
    protects = _rows(view.value > 0) & ~_rows(view.small)
    return {
        view.keys[row]: PROTECTS_ANOTHER if protects[row] else TOO_FEW for row in np.flatnonzero(view.hidden)
    }


def _small_rows_suffice(counts: Mapping[Key, tuple[int, int, int]], threshold: int) -> bool:
    """Whether it is seen without a program that each small row, hidden, can be anything from 1 to threshold - 1.

    Seen along one axis, which is most of what pages ask. What a row falls or rises by, the other small ones take up; where
    people are in several rows, the total gives way too.
    """
    axes = [axis for axis in range(3) if len({key[axis] for key in counts}) > 1]
    if len(axes) > 1:
        return False
    totals = [measures for key, measures in counts.items() if axes and key[axes[0]] is None]
    rows = [measures for key, measures in counts.items() if not axes or key[axes[0]] is not None]
    if any(any(parts) for _, *parts in counts.values()):
        return _small_parts_suffice([*(totals or [(0, 0, 0)]), *rows], threshold)
    if not totals or not rows:
        return True
    total, counted = totals[0][0], [people for people, *_ in rows]
    excess = sum(counted) - total
    if excess < 0 or max(counted) > total:
        return True  # nothing ties such rows: see _ties
    if is_small([total], threshold):
        # All rows are hidden with it, and each can move; but ten rows of 1 under a total of 10 or less cannot.
        return bool(excess) or total < threshold - 1 or max(counted) > 1
    small = [people for people in counted if is_small([people], threshold)]
    up, down = sum(threshold - 1 - people for people in small), sum(people - 1 for people in small)
    # Where every row with people is hidden, nothing else could be: then it is enough that each can move at all.
    is_all = len(small) == sum(people > 0 for people in counted)
    for people in small:
        falls = min(people - 1, up - (threshold - 1 - people) + excess)
        rises = threshold - 1 - people if excess else min(threshold - 1 - people, down - (people - 1))
        if not (falls or rises) or not is_all and falls + rises < threshold - 2:
            return False
    return True


def _small_parts_suffice(measures: list[tuple[int, int, int]], threshold: int) -> bool:
    """The same of a total and its rows where people have parts: each row is moved some ways, and what shows of that is taken
    up by the other rows or by the total, if that is hidden."""
    value = np.array([row for number, row in enumerate(measures) if any(row) or not number], dtype=float)
    small = (value > 0) & (value < threshold)
    hidden = small.any(axis=1)
    limits = _known_of_hidden(value.ravel(), small.ravel(), threshold, True)
    lower, upper = (limit.reshape(-1, MEASURES) for limit in limits)
    excess, largest = value[1:].sum(axis=0) - value[0], value[1:].max(axis=0, initial=0)
    is_tied = (excess >= 0) & (largest <= value[0])
    spare, is_within = np.where(is_tied, excess, NO_LIMIT), is_tied & (excess > 0)
    upper[1:] = np.where(is_within, np.minimum(upper[1:], value[0] - value[1:]), upper[1:])
    lower[0] = np.where(is_within, np.maximum(lower[0], largest - value[0]), lower[0])
    # How far each row can move: ways x rows. The second half are the ways of the first, back.
    room = np.where(RISES[:, None], upper, np.where(FALLS[:, None], -lower, NO_LIMIT)).min(axis=2)
    room = np.where(hidden, np.minimum(room, _room_for_parts(value)), 0)
    back = np.roll(room, len(WAYS) // 2, axis=0)[:, 1:]
    others = back.sum(axis=1, keepdims=True) - back
    # A sum may fall by its excess, and its total rise by it; what nothing gives way to is taken up wholly.
    is_even = (WAYS != 0) @ (spare == 0)
    of_falls, of_rises = (
        np.where(is_even, 0, np.where(each, spare, NO_LIMIT).min(axis=1))[:, None] for each in (FALLS, RISES)
    )
    of_total = room[:, 1:].sum(axis=1, keepdims=True) + of_rises
    moves = np.minimum(room, np.hstack([of_total, np.maximum(others, room[:, :1]) + of_falls]))
    reach = np.zeros(value.shape)
    for each, limit, pairs, most in (
        (RISES, upper, UPWARD, threshold - 1 - value),
        (FALLS, np.minimum(-lower, spare), DOWNWARD, value - 1),
    ):
        far = (moves[..., None] * each[:, None]).max(axis=0)
        for measure, pair in enumerate(pairs):
            for first, then in itertools.permutations(pair):
                more = np.minimum(room[then], limit[:, measure] - moves[first])
                both = moves[first] + np.minimum(more, of_falls[then])
                far[1:, measure] = np.maximum(far[1:, measure], both[1:])
        reach += np.minimum(far, most)
    return bool((reach >= (1 if hidden[1:].all() else threshold - 2))[small].all())


def _room_for_parts(value: np.ndarray) -> np.ndarray:
    """How far each row can move each way so that its parts make up its people as before: a tie of _ties too."""
    people, parts = value[:, 0], value[:, 1:]
    excess = parts.sum(axis=1) - people
    is_tied = (excess >= 0) & (parts.max(axis=1) <= people)
    lost = WAYS[:, :1] - WAYS[:, 1:].sum(axis=1, keepdims=True)
    room = np.where(lost > 0, excess, np.where((lost < 0) & (excess == 0), 0, NO_LIMIT))
    gains = (WAYS[:, 1:] > WAYS[:, :1])[:, None] & (excess > 0)[:, None]
    within = np.where(gains, people[:, None] - parts, NO_LIMIT).min(axis=2)
    return np.where(is_tied, np.minimum(room, within), NO_LIMIT)


class _View:
    """The counts, what ties them together, and how far witnesses have moved each.

    A cell is one measure of one row. Tables are written as steps away from the true one. `targets`
    and other arrays of cells run over rows, then measures; arrays of rows have a third of the length.
    """

    def __init__(self, counts: Mapping[Key, tuple[int, int, int]], threshold: int) -> None:
        self.keys = sorted(counts, key=lambda key: [(label is not None, label or "") for label in key])
        self.value = np.array([counts[key] for key in self.keys], dtype=float).ravel()
        self.small = (self.value > 0) & (self.value < threshold)
        self.hidden = _rows(self.small)
        self.smallest, self.largest = 1, threshold - 1
        has_parts = bool(self.value.reshape(-1, MEASURES)[:, 1:].any())
        self.lower, self.upper = _known_of_hidden(self.value, self.small, threshold, has_parts)
        self.lines, self.is_margin = _lines(self.keys, has_parts)
        self.lines_of: dict[int, list[int]] = defaultdict(list)
        for number, line in enumerate(self.lines):
            for cell in line:
                self.lines_of[cell].append(number)
        self.ties, self.at_least, self.at_most = _ties(self.lines, self.value)
        self.sign = _alternating(self.keys)
        self.seen_low, self.seen_high = np.zeros((2, self.value.size))
        self.moved = np.zeros(self.value.size, dtype=bool)  # by a witness in whole numbers

    def protect(self) -> None:
        has_people = _rows(self.value > 0)
        self._widen(self.small, has_people & ~self.is_margin)
        # Margins stand in other views too, so hiding one is for what nothing else can save.
        self._widen(self._pinned(), has_people)
        pinned = np.flatnonzero(self._pinned())
        if pinned.size:
            few = _cells(_rows(self.small))
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
        """Looks for tables of whole numbers in which targets that never moved are off by one."""
        for sign in (self.sign, -self.sign):
            moved = -1
            while moved < self.moved.sum():
                moved = self.moved.sum()
                self._witness(np.where(targets & ~self.moved, sign, 0), is_shortest=True)

    def _nudge_few(self, targets: np.ndarray) -> None:
        """The same for a few at a time, whose ways seldom cross; but not against what programs ruled out."""
        tries = np.zeros((2, self.value.size), dtype=int)
        while chosen := self._choose(targets & ~self.moved & [self.seen_low < 0, self.seen_high > 0], tries):
            pull = np.zeros(self.value.size)
            for direction, cell in chosen:
                pull[cell] = 2 * direction - 1
            self._witness(pull, is_shortest=True)

    def _lacking(self, low: np.ndarray, high: np.ndarray) -> np.ndarray:
        return np.array([self.seen_low > low + TINY, self.seen_high < high - TINY])

    def _toward(self, low: np.ndarray, high: np.ndarray) -> np.ndarray:
        """The step wanted of each cell: up or down; where both, by turns, so that cells can swap."""
        down, up = self._lacking(low, high)
        return np.where(up & ~(down & (self.sign < 0)), high, np.where(down, low, 0))

    def _choose(self, lacking: np.ndarray, tries: np.ndarray) -> list[tuple[int, int]]:
        """The next (direction, cell) to ask for: untried ones, no two in a line; then one alone."""
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
        is_hidden, is_costly = _cells(self.hidden), np.zeros_like(self.moved)
        if is_shortest:
            is_costly = is_hidden & (pull == 0)
        elif spare is not None:
            is_costly = _cells(spare)
        free = np.flatnonzero((upper > lower) & is_hidden & ~is_costly)
        costly = np.flatnonzero((upper > lower) & is_costly)
        found = self._solve(np.sign(pull[free]), free, costly, lower, upper)
        if found is None:
            return False
        self.hidden |= _rows(found != 0)
        is_farther = (found < self.seen_low - TINY) | (found > self.seen_high + TINY)
        self.seen_low = np.minimum(self.seen_low, found)
        self.seen_high = np.maximum(self.seen_high, found)
        is_first_move = self._is_in_whole_part(found) & ~self.moved
        self.moved |= is_first_move
        return bool(((is_farther | is_first_move) & (pull != 0)).any())

    def _solve(self, gain, free, costly, lower, upper) -> np.ndarray | None:
        """Steps of all cells, from a program in which costly cells go up and down at a price."""
        price = 1 + np.log(np.maximum(self.value[costly], 1))
        full_step = self.largest - 1
        down_step = np.clip(-lower[costly], 1, full_step)
        columns = self.ties[:, np.concatenate([free, costly, costly])]
        columns.data[columns.indptr[free.size + costly.size] :] *= -1
        rows = columns.tocsr()
        used = np.flatnonzero(np.diff(rows.indptr))
        most = np.concatenate([upper[free], upper[costly], -lower[costly]])
        solution = milp(
            np.concatenate([-REACH_FIRST * gain, price / full_step, price / down_step]),
            bounds=Bounds(
                np.concatenate([lower[free], np.zeros(2 * costly.size)]),
                np.where(most < NO_LIMIT, most, np.inf),
            ),
            constraints=LinearConstraint(rows[used], self.at_least[used], self.at_most[used]),
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
            ties = self.ties[:, cells]
            _, part = connected_components(ties.T @ ties, directed=False)
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
        low, high = np.where(_cells(free), [self.lower, self.upper], 0)
        ties = self.ties.tocoo()
        row, cell, is_plus = *ties.coords, ties.data > 0
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
            if self._witness(pull, _rows(self.value > 0) & ~self.is_margin & ~self.hidden):
                return
            self.upper[cells], self.hidden[row] = 0, False


def _rows(cells: np.ndarray) -> np.ndarray:
    return cells.reshape(-1, MEASURES).any(axis=1)


def _cells(rows: np.ndarray) -> np.ndarray:
    return np.repeat(rows, MEASURES)


def _known_of_hidden(value, small, threshold: int, has_parts: bool) -> tuple[np.ndarray, np.ndarray]:
    """The least and the greatest step that leave each row, once hidden, with its reason.

    A row that protects another keeps its zeros, and its large measures stay large. A row of too few
    has people, and keeps one small measure small: people, or else the smaller part. The reader cannot
    know which, and so may not rule out as much as we do here; that only makes us more careful.
    """
    value, small = value.reshape(-1, MEASURES), small.reshape(-1, MEASURES)
    low, high = np.where(value >= threshold, threshold, 0), np.where(value >= threshold, NO_LIMIT, 0)
    few = small.any(axis=1)
    low[few], high[few] = (1, 0, 0), NO_LIMIT if has_parts else (NO_LIMIT, 0, 0)
    people_first = np.where(small, value * (0, 1, 1), NO_LIMIT)
    kept = people_first.argmin(axis=1)[few]
    low[few, kept], high[few, kept] = 1, threshold - 1
    return (low - value).ravel(), np.where(high < NO_LIMIT, high - value, NO_LIMIT).ravel()


def _lines(keys: list[Key], has_parts: bool) -> tuple[list[np.ndarray], np.ndarray]:
    """Arrays of cells, each a total and then its parts; and which rows are totals."""
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


def _ties(lines: list[np.ndarray], value: np.ndarray) -> tuple[sparse.csc_array, np.ndarray, np.ndarray]:
    """What every table must obey: rows of signs over the cells, and the least and most each may give.

    Parts that add up to their total must add up in every table. Where they do not, people are counted
    once in the total though they stand in several parts: it lies between the largest part and the sum.
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
    ties = sparse.csr_array((np.array(signs), np.array(cells, int), np.array(ends)), shape=shape)
    return ties.tocsc(), np.array(least, float), np.array(most, float)


def _alternating(keys: list[Key]) -> np.ndarray:
    """1 and -1 by turns along every axis."""
    steps = np.zeros(len(keys), dtype=int)
    for axis in range(3):
        labels = sorted({key[axis] for key in keys} - {None})
        number = {label: place for place, label in enumerate([None, *labels])}
        steps += [number[key[axis]] for key in keys]
    return (-1.0) ** np.add.outer(steps, np.arange(MEASURES)).ravel()
