"""Which cells to hide so that nothing small can be worked out, with as few others as possible.

A cell that is hidden must be able to be nobody, and to be `threshold` people or more, without any
shown number changing; only a cell that is provably not small need not be able to be nobody. Each
such possibility is a second table of whole numbers, and is found here before a cell counts as safe.
"""

import functools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from leadstats.release.disclosure.problem import FREE, AlternativeTable, Part, SuppressionProblem
from leadstats.release.disclosure.solver import INFINITY, NEAR, LinearProgram, is_whole
from leadstats.release.disclosure.unsuppress import Review

CORNERS = 8
WORK, MOST_ATTEMPTS = 1_500, 2  # cells times attempts
AT_ONCE, LEAST_AT_ONCE, MOST_IN_VAIN = 0.1, 10, 10  # cells wanted at once; fruitless programs in a row
FEW = 20  # hidden cells
WORTH = (5.0, 20.0)  # of a step of a wanted cell, where every other step costs 1


@dataclass(frozen=True, eq=False)
class Hiding:
    """The outcome: what is hidden, and the cells and joints for which no second table was found."""

    is_hidden: np.ndarray
    unsafe: tuple[int, ...]
    problems_solved: int


def hide(task: SuppressionProblem) -> Hiding:
    """Part by part: what is hidden in one has to do with no other."""
    return _together(task, [(part, _sparing(part.task)) for part in task.parts()])


def _sparing(task: SuppressionProblem) -> Hiding:
    """First among the dear cells alone, which what is beside them can only make harder; with those that stay
    fixed the rest falls apart into small problems. Where one of these has no solution, all at once."""
    dear = np.flatnonzero(task.is_dear & ~task.is_fixed)
    if not len(dear):
        return _best(task)
    totals = task.alone(dear).task
    first = _best(totals)
    is_hidden, is_fixed = task.is_hidden.copy(), task.is_fixed.copy()
    is_hidden[dear] = first.is_hidden
    is_fixed[dear] = ~first.is_hidden
    firm = replace(task, is_hidden=is_hidden, is_fixed=is_fixed)
    if first.is_hidden.any():
        told = _told(totals, first.is_hidden)[:, first.is_hidden]
        firm = replace(firm, is_hidden=is_hidden | _despite(firm, dear[first.is_hidden], *told))
    found = _together(firm, [(part, _best(part.task)) for part in firm.parts()])
    return found if not found.unsafe else _best(task)


def _told(totals: SuppressionProblem, is_hidden: np.ndarray) -> np.ndarray:
    """The least and the most of each hidden total, for those who know which of them are small: that they are
    hidden at all, where they could be shown, says so. Where the small ones of a sum did not hide each other,
    they are too few together as well, and the one that was hidden beside them has nearly all the rest."""
    is_few = is_hidden & (totals.values < totals.small)
    told = np.array([np.where(is_few, 0, totals.small), np.where(is_few, totals.small - 1, INFINITY)])
    if (totals.least < totals.most).any():
        return told  # the rest of rounded numbers is not known
    sums = totals.equations.toarray() * is_hidden
    number, piece = csgraph.connected_components(sparse.csr_array(abs(sums) @ abs(sums).T), directed=False)
    # Not of a small sum: that says all of its parts itself.
    has_few = ((sums < 0) & is_few).any(axis=1) & ~((sums > 0) & is_few).any(axis=1)
    for rows in (np.flatnonzero(piece == each) for each in range(number)):
        is_near = (sums[rows] != 0).any(axis=0)
        if has_few[rows].sum() != 1 or (is_near & totals.is_hidden & ~is_few).any():
            continue  # what is beside may be hidden for something else
        own = sums[rows[has_few[rows]][0]]
        few, beside = np.flatnonzero((own != 0) & is_few), np.flatnonzero((own != 0) & ~is_few)
        room = int((totals.small[few] - 1).max() - totals.values[few].sum())
        if len(beside) == 1 and room >= 0 and (totals.need[few] == totals.small[few]).all():
            if own[beside] > 0:
                told[1, beside] = totals.values[beside] + room
            else:
                told[0, beside] = np.maximum(told[0, beside], totals.values[beside] - room)
    return told


def _despite(task: SuppressionProblem, dear: np.ndarray, least: np.ndarray, most: np.ndarray) -> np.ndarray:
    """What must be hidden for those who know between what and what each of the hidden dear cells is. Small
    ones say the same of their parts, but must of nothing else."""
    every = np.arange(len(task.values))
    is_dear, is_few = np.isin(every, dear), np.isin(every, dear[most < task.small[dear]])
    is_part = task.below(is_few)
    ranges = np.array([task.least, task.most], dtype=float)
    ranges[:, dear] = least, most
    banded = replace(
        task,
        is_hidden=task.is_hidden & ~is_dear,
        is_fixed=task.is_fixed | is_dear,
        least=ranges[0],
        most=ranges[1],
        need=np.where(is_part, 0, task.need),
        must_reach_zero=task.must_reach_zero & ~is_part,
    )
    return _together(banded, [(part, _best(part.task)) for part in banded.parts()]).is_hidden


def _together(task: SuppressionProblem, outcomes: Sequence[tuple[Part, Hiding]]) -> Hiding:
    is_hidden, unsafe = task.is_hidden.copy(), []
    for part, outcome in outcomes:
        is_hidden[part.cells] = outcome.is_hidden
        places = np.concatenate([part.cells, len(task.values) + part.joints])
        unsafe += places[list(outcome.unsafe)].tolist()
    solved = sum(outcome.problems_solved for _, outcome in outcomes)
    return Hiding(is_hidden, tuple(sorted(unsafe)), solved)


def _best(task: SuppressionProblem) -> Hiding:
    """The best of a few attempts: small systems can afford several, with prices shaken a little."""
    if task.joints is None and not task.is_hidden.any():
        return Hiding(task.is_hidden, (), 0)
    attempts = min(max(WORK // max(len(task.values), 1), 1), MOST_ATTEMPTS)
    dice = np.random.default_rng(1)
    shaken = [np.ones(len(task.values)), *(dice.uniform(0.3, 3, (attempts - 1, len(task.values))))]
    outcomes = []
    for factor in shaken:
        outcomes.append(_attempt(replace(task, price=task.price * factor)))
        if not outcomes[0].unsafe and (outcomes[0].is_hidden == task.is_hidden).all():
            break  # nothing is hidden beside what must be
    return min(outcomes, key=lambda outcome: (len(outcome.unsafe), task.price[outcome.is_hidden].sum()))


def _attempt(task: SuppressionProblem) -> Hiding:
    """Hides more and more, cheapest first, until every hidden cell is safe; then shows what it can."""
    search = _Search(task)
    search.look_around()
    solved = 0
    while True:
        unsafe = search.secure_all()
        review = Review(
            replace(task, is_hidden=task.is_hidden | search.is_kept), search.is_hidden, search.seconds
        )
        is_hidden = review.show_again()
        solved += review.problems_solved
        exposed = [joint for joint in task.exposed(is_hidden) if joint not in search.joints]
        if not exposed:
            unsafe |= {len(task.values) + joint for joint, is_safe in search.joints.items() if not is_safe}
            return Hiding(is_hidden, tuple(sorted(unsafe)), solved + search.problems_solved)
        for joint in exposed:
            search.lift(joint)


class _Search:
    def __init__(self, task: SuppressionProblem):
        self.task = task
        self.is_hidden = task.is_hidden.copy()
        self.is_kept = np.zeros(len(task.values), dtype=bool)  # hidden for joints, for good
        self.joints: dict[int, bool] = {}  # those that were exposed, and whether they are safe now
        self.lowest, self.highest = task.values.copy(), task.values.copy()
        self.problems_solved = 0
        self.seconds: list[AlternativeTable] = []
        self._failed: set[tuple[int, int]] = set()
        self._moves = _Moves(task.equations, task.values, task.least, task.most, task.is_fixed, task.price)

    def secure_all(self) -> set[int]:
        """Returns the cells that cannot be made safe."""
        while True:
            before = self.is_hidden.copy()
            unsafe = {cell for cell in self._in_order() if not self._secure(cell)}
            unsafe |= {cell for cell in self._stuck_between() if not self._push_to_zero(cell)}
            if (before == self.is_hidden).all():
                return unsafe

    def look_around(self) -> None:
        """Finds many second tables at once: they take many hidden cells to their need, or to zero, and
        leave all else as it is where they can. Each is about a few cells, and worth something else for
        each: otherwise it would lift many a little, and none enough. Few are asked for one by one."""
        if self.is_hidden.sum() <= FEW:
            return
        cells, dice = np.flatnonzero(self._is_movable()), np.random.default_rng(1)
        values, equations = self.task.values[cells], self.task.equations[:, cells]
        up, down = self._most()[cells] - values, values - self._least()[cells]
        missing = np.minimum(np.maximum(self.task.need[cells] - values, 0), up)
        room = np.array([missing, up - missing, down])  # up as far as the need, further up, down
        program = LinearProgram(
            sparse.hstack([equations, equations, -equations]),
            np.zeros(equations.shape[0]),
            np.zeros(room.size),
            room.ravel(),
            np.ones(room.size),
        )
        for is_up in (True, False):
            in_vain = 0
            while in_vain < MOST_IN_VAIN and (lacking := self._lacks(is_up)[cells]).any():
                few = lacking & (dice.random(len(cells)) < max(AT_ONCE, LEAST_AT_ONCE / lacking.sum()))
                price = np.ones_like(room)
                price[0 if is_up else 2] -= np.where(few, dice.uniform(*WORTH, len(cells)), 0.0)
                program.price(np.arange(room.size), price.ravel())
                found = self._solve(program)
                if found is not None:
                    some, more, less = found.reshape(3, -1)
                    self._remember(cells, values + some + more - less)
                met = lacking.sum() - self._lacks(is_up).sum()
                in_vain = 0 if met > max(2, lacking.sum() // 200) else in_vain + 1

    def lift(self, joint: int) -> None:
        """Hides what it takes for a joint to reach the threshold."""
        task, size = self.task, len(self.task.values)
        by = int(task.threshold - task.true_joints[joint])
        table = self._first(self._everything, size + joint, by)
        self.joints[joint] = table is not None
        if table is not None:
            self.is_kept |= self._looks_otherwise(table)

    @functools.cached_property
    def _everything(self) -> "_Moves":
        """The cells and, hidden by nature, the joints."""
        task, zeros = self.task, np.zeros(len(self.task.joints.values), dtype=np.int64)
        return _Moves(
            task.joints.beside(task.equations),
            np.concatenate([task.values, task.true_joints]),
            np.concatenate([task.least, task.true_joints]),
            np.concatenate([task.most, task.true_joints]),
            np.concatenate([task.is_fixed, zeros.astype(bool)]),
            np.concatenate([task.price, zeros + FREE]),
        )

    def _lacks(self, is_up: bool) -> np.ndarray:
        """The hidden cells that still lack a second table."""
        if is_up:
            return self.is_hidden & (self.highest < self.task.need)
        return self.is_hidden & self.task.must_reach_zero & (self.lowest > 0)

    def _in_order(self) -> Iterable[int]:
        """In that of the prices: one that knew the values would tell of them."""
        lacking = np.flatnonzero(self._lacks(True) | (self._lacks(False) & self.task.is_small()))
        return lacking[np.argsort(self.task.price[lacking], kind="stable")].tolist()

    def _secure(self, cell: int) -> bool:
        up = self.highest[cell] >= self.task.need[cell] or self._move(cell, self.task.need[cell])
        down = not self.task.is_small()[cell] or self.lowest[cell] <= 0 or self._move(cell, 0)
        return up and down

    def _push_to_zero(self, cell: int) -> bool:
        return self.lowest[cell] <= 0 or self._move(cell, 0)

    def _stuck_between(self) -> Iterable[int]:
        """Hidden cells, not small, of which an outsider would learn that they are 1 or more, yet not that
        they are not small."""
        candidates = self._lacks(False) & ~self.task.is_small()
        if not candidates.any():
            return
        cells = np.flatnonzero(self._is_movable())
        place = {cell: position for position, cell in enumerate(cells.tolist())}
        equations = self.task.equations[:, cells]
        program = LinearProgram(
            equations,
            equations @ self.task.values[cells],
            self._least()[cells],
            self._most()[cells],
            np.zeros(len(cells)),
        )
        for cell in np.flatnonzero(candidates).tolist():
            if self.lowest[cell] <= 0:
                continue
            column = np.array([place[cell]])
            program.price(column, np.ones(1))
            found = self._solve(program)
            program.price(column, np.zeros(1))
            if found is None:
                continue
            self._remember(cells, found)
            if found[place[cell]] < self.task.small[cell] - NEAR and self.lowest[cell] > 0:
                yield cell

    def _least(self) -> np.ndarray:
        return np.where(self.is_hidden, 0, self.task.least)

    def _most(self) -> np.ndarray:
        return np.where(self.is_hidden, INFINITY, self.task.most)

    def _is_movable(self) -> np.ndarray:
        return self.is_hidden | (self.task.least < self.task.most)

    def _move(self, cell: int, to: int) -> bool:
        """The cheapest second table with the cell at `to` (or further); what it moves gets hidden."""
        if (cell, to) in self._failed:
            return False
        by = int(to - self.task.values[cell])
        found = self._first(self._moves, cell, by)
        if found is None and self.task.joints is not None:
            found = self._first(self._everything, cell, by)
        if found is None:
            self._failed.add((cell, to))
        return found is not None

    def _first(self, moves: "_Moves", cell: int, by: int) -> np.ndarray | None:
        """The cells of the first second table found; what it moves gets hidden."""
        size = len(self.task.values)
        moves.hide(np.flatnonzero(self.is_hidden))
        for found in moves.tables(cell, by):
            self.problems_solved += 1
            if found is not None and self._remember(np.arange(size), found[:size]):
                self.is_hidden |= self._looks_otherwise(found[:size])
                return found[:size]
        return None

    def _looks_otherwise(self, table: np.ndarray) -> np.ndarray:
        whole = np.rint(table)
        return (whole < self.task.least) | (whole > self.task.most)

    def _remember(self, cells: np.ndarray, table: np.ndarray) -> bool:
        """Keeps a second table if it is one."""
        second = self.task.values.copy()
        second[cells] = np.rint(table).astype(np.int64)
        if not is_whole(table) or not self.task.is_second(second):
            return False
        np.minimum(self.lowest, second, out=self.lowest)
        np.maximum(self.highest, second, out=self.highest)
        moved = np.flatnonzero(second != self.task.values)
        self.seconds.append(AlternativeTable(moved, second[moved]))
        return True

    def _solve(self, program: LinearProgram) -> np.ndarray | None:
        self.problems_solved += 1
        return program.solve()


class _Moves:
    """Second tables in which one cell moves at the least price. Hidden cells cost next to nothing."""

    def __init__(
        self,
        equations: sparse.csr_array,
        values: np.ndarray,
        least: np.ndarray,
        most: np.ndarray,
        is_fixed: np.ndarray,
        price: np.ndarray,
    ):
        self._values, self._price, size = values, price.copy(), len(values)
        up, down = most - values, values - least
        self._room = np.array(
            [np.where(is_fixed, 0.0, INFINITY), np.where(is_fixed, 0.0, values - down), up, down]
        )
        # Up and down, at a price; then, if numbers are rounded, as far as it cannot be seen.
        blocks = 4 if (least < most).any() else 2
        self._room = self._room[:blocks]
        self._is_hidden = np.zeros(size, dtype=bool)
        self._program = LinearProgram(
            sparse.hstack([equations, -equations] * (blocks // 2)),
            np.zeros(equations.shape[0]),
            np.zeros(blocks * size),
            self._room.ravel(),
            np.concatenate([price, price, *[np.full(size, FREE)] * (blocks - 2)]),
        )

    def hide(self, cells: np.ndarray) -> None:
        newly = cells[~self._is_hidden[cells]]
        if len(newly):
            self._is_hidden[newly] = True
            self._price[newly] = FREE
            columns = np.concatenate([newly, newly + len(self._values)])
            self._program.price(columns, np.full(len(columns), FREE))

    def tables(self, cell: int, by: int) -> Iterator[np.ndarray | None]:
        """With the cell moved by so much (or more, if upwards). A corner of the polytope may have
        fractions; other prices lead to another corner."""
        size = len(self._values)
        limits = [(max(by, 0), INFINITY if by > 0 else 0), (max(-by, 0), max(-by, 0)), (0, 0), (0, 0)]
        for block in range(len(self._room)):
            self._program.bound(cell + block * size, *limits[block])
        try:
            yield from self._corners()
        finally:
            for block, room in enumerate(self._room[:, cell].tolist()):
                self._program.bound(cell + block * size, 0, room)

    def _corners(self) -> Iterator[np.ndarray | None]:
        first = self._table(self._program.solve())
        yield first
        if first is None:
            return
        dice = np.random.default_rng(1)
        columns = np.arange(2 * len(self._values))
        prices = np.tile(self._price, 2)
        for _ in range(CORNERS):
            self._program.price(columns, prices * dice.uniform(1, 3, len(columns)))
            found = self._program.solve()
            self._program.price(columns, prices)
            yield self._table(found)
        yield self._table(self._program.solve_in_integers())

    def _table(self, found: np.ndarray | None) -> np.ndarray | None:
        if found is None:
            return None
        moves = found.reshape(-1, len(self._values))
        return self._values + moves[::2].sum(axis=0) - moves[1::2].sum(axis=0)
