"""Looks for tables of whole numbers that fit what is shown; what is not found here is left to proofs.

Joints are left out at first and put in afterwards, part by part: a table of cells nearly always has
people who give it, and without joints the programs are small.
"""

import itertools
from collections.abc import Iterator

import highspy
import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

NEAR = 1e-6
SECONDS = 20.0
WANTED, LEAST_WANTED, MOST_IN_VAIN = 0.1, 10, 10  # cells wanted at once; fruitless programs in a row
CORNERS = 6
NO_SOLUTION = (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible)
WORTH = (5.0, 20.0)  # of a step of a wanted cell, where every other step costs 1


class Search:
    """equations @ x = right and lower <= x <= upper. apart: the unknowns to be put in afterwards."""

    def __init__(self, equations, right: np.ndarray, lower: np.ndarray, upper: np.ndarray, apart: np.ndarray):
        self._equations, self._right, self._lower, self._upper = equations, right, lower, upper
        is_late = abs(equations) @ apart.astype(np.int64) > 0
        self._cells = np.flatnonzero(~apart)
        self._early = equations[~is_late][:, self._cells]
        self._early_right = right[~is_late]
        self._blocks = _blocks(equations, np.flatnonzero(apart), np.flatnonzero(is_late), lower, upper)

    def any(self) -> np.ndarray | None:
        """Some table, of the first that come."""
        cells, dice = self._cells, np.random.default_rng(1)
        lower, upper = self._lower[cells], self._upper[cells]
        program = _LinearProgram(
            self._early, self._early_right - self._early @ lower, upper - lower, np.zeros(len(cells))
        )
        for _ in range(MOST_IN_VAIN):
            found = program.solve(
                dice.uniform(-1, 1, len(cells)) * np.isfinite(upper) + dice.random(len(cells))
            )
            table = None if found is None else self._completed(lower + found)
            if table is not None:
                return table
        return None

    def various(self, most: int) -> Iterator[np.ndarray]:
        """Tables that differ much from one another: corners of all that fit, where many numbers are 0, and
        those nearest to numbers drawn up to `most`. Ends when too many attempts fail."""
        cells, dice, in_vain = self._cells, np.random.default_rng(1), 0
        lower, upper = self._lower[cells], self._upper[cells]
        corners = _LinearProgram(
            self._early, self._early_right - self._early @ lower, upper - lower, np.zeros(len(cells))
        )
        nearest = _LinearProgram(
            sparse.hstack([self._early, -self._early]),
            np.zeros(self._early.shape[0]),
            np.zeros(2 * len(cells)),
            np.ones(2 * len(cells)),
        )
        for attempt in itertools.count():
            if attempt % 2 == 0:
                found = corners.solve(dice.random(len(cells)))
                numbers = None if found is None else lower + found
            else:
                drawn = np.clip(dice.integers(0, most + 1, len(cells)), lower, upper)
                for column, room in enumerate(np.concatenate([upper - drawn, drawn - lower]).tolist()):
                    nearest.bound(column, 0, room)
                nearest.right(self._early_right - self._early @ drawn)
                found = nearest.solve(dice.uniform(1, 3, 2 * len(cells)))
                numbers = None if found is None else drawn + found[: len(cells)] - found[len(cells) :]
            table = None if numbers is None else self._completed(numbers)
            in_vain = in_vain + 1 if table is None else 0
            if table is not None:
                yield table
            elif in_vain == MOST_IN_VAIN:
                return

    def around(self, table: np.ndarray, need: int) -> "Around":
        return Around(self, table, need)

    def _completed(self, numbers: np.ndarray) -> np.ndarray | None:
        if not _is_whole(numbers):
            return None
        table = np.zeros(len(self._lower), dtype=np.int64)
        table[self._cells] = np.rint(numbers)
        rest = self._right - self._equations @ table
        for block in self._blocks:
            found = block.find(rest[block.rows])
            if found is None:
                return None
            table[block.cells] = found
        fits = not (self._equations @ table != self._right).any()
        return table if fits and (table >= self._lower).all() and (table <= self._upper).all() else None


class Around:
    """Tables that differ from a given one as little as what is asked of them allows."""

    def __init__(self, search: Search, table: np.ndarray, need: int):
        self._search, self._base, self._need = search, table[search._cells], need
        self._place = {cell: position for position, cell in enumerate(search._cells.tolist())}
        up, down = search._upper[search._cells] - self._base, self._base - search._lower[search._cells]
        # Up as far as the need, further up, down.
        missing = np.minimum(np.maximum(need - self._base, 0), up)
        self._room = np.array([missing, up - missing, down], dtype=np.float64)
        self._program = _LinearProgram(
            sparse.hstack([search._early, search._early, -search._early]),
            np.zeros(search._early.shape[0]),
            self._room.ravel(),
            np.ones(self._room.size),
        )

    def widely(self, is_up: bool, targets: np.ndarray) -> Iterator[np.ndarray]:
        """Tables that take many targets up to the need, or down to zero. Each is about a few of them, and
        worth something else for each: otherwise it would lift many a little, and none enough."""
        cells, dice = self._search._cells, np.random.default_rng(1)
        left, in_vain = targets[cells].copy(), 0
        while left.any() and in_vain < MOST_IN_VAIN:
            few = left & (dice.random(len(cells)) < max(WANTED, LEAST_WANTED / left.sum()))
            cost = np.ones_like(self._room)
            cost[0 if is_up else 2] -= np.where(few, dice.uniform(*WORTH, len(cells)), 0.0)
            table = self._table(self._program.solve(cost.ravel()))
            met = 0
            if table is not None:
                yield table
                reached = left & ((table[cells] >= self._need) if is_up else (table[cells] <= 0))
                met, left = reached.sum(), left & ~reached
            in_vain = 0 if met > max(2, left.sum() // 200) else in_vain + 1

    def reach(self, cell: int, is_up: bool) -> np.ndarray | None:
        """A table with the cell at the need or above, or at zero; None if none was found."""
        at, size = self._place.get(cell), len(self._base)
        if at is None:
            return None
        full = 0 if is_up else 2
        for block in range(3):
            room = self._room[block, at]
            is_free = block == 1 and is_up
            self._program.bound(
                at + block * size, room if block == full else 0, room if is_free or block == full else 0
            )
        found = next((table for table in self._corners() if table is not None), None)
        for block in range(3):
            self._program.bound(at + block * size, 0, self._room[block, at])
        return found

    def _table(self, found: np.ndarray | None) -> np.ndarray | None:
        if found is None:
            return None
        some, more, down = found.reshape(3, -1)
        return self._search._completed(self._base + some + more - down)

    def _corners(self) -> Iterator[np.ndarray | None]:
        """A corner may have fractions, or nobody who gives it; other prices lead to another one."""
        dice = np.random.default_rng(1)
        for corner in range(CORNERS):
            prices = dice.uniform(1, 3, self._room.size) if corner else np.ones(self._room.size)
            found = self._program.solve(prices)
            if found is None:
                return
            yield self._table(found)


class _Block:
    """Joints that hang together: they stay as near to the last found as the rest allows."""

    def __init__(self, equations, cells: np.ndarray, rows: np.ndarray, lower: np.ndarray, upper: np.ndarray):
        self.cells, self.rows = cells, rows
        self._equations = equations[rows][:, cells]
        self._lower, self._upper = lower[cells], upper[cells]
        self._last = self._lower.astype(np.int64)
        self._program = _LinearProgram(
            sparse.hstack([self._equations, -self._equations]),
            np.zeros(len(rows)),
            np.zeros(2 * len(cells)),
            np.ones(2 * len(cells)),
        )

    def find(self, right: np.ndarray) -> np.ndarray | None:
        rest = right - self._equations @ self._last
        if not rest.any():
            return self._last
        for column, room in enumerate(
            np.concatenate([self._upper - self._last, self._last - self._lower]).tolist()
        ):
            self._program.bound(column, 0, room)
        self._program.right(rest)
        for solve in (self._program.solve, self._program.solve_in_integers):
            found = solve()
            if found is None:
                return None
            if _is_whole(found):
                up, down = np.split(np.rint(found).astype(np.int64), 2)
                self._last = self._last + up - down
                return self._last
        return None


def _blocks(equations, apart: np.ndarray, rows: np.ndarray, lower, upper) -> list[_Block]:
    if not len(apart):
        return []
    own = abs(equations[rows][:, apart])
    _, label = csgraph.connected_components(own.T @ own, directed=False)
    found = []
    for each in range(label.max() + 1):
        cells = np.flatnonzero(label == each)
        touched = np.flatnonzero(own[:, cells].sum(axis=1))
        found.append(_Block(equations, apart[cells], rows[touched], lower, upper))
    return found


def _is_whole(numbers: np.ndarray) -> bool:
    return bool(np.abs(numbers - np.rint(numbers)).max(initial=0) < NEAR)


class _Quiet(highspy.Highs):
    """Without call-backs, which print a banner."""

    def __init__(self):
        super(highspy.Highs, self).__init__()


class _LinearProgram:
    """min cost @ x with equations @ x = right and 0 <= x <= upper, solved again and again by HiGHS."""

    def __init__(self, equations, right: np.ndarray, upper: np.ndarray, cost: np.ndarray):
        columns = sparse.csc_array(equations)
        model = highspy.HighsLp()
        model.num_row_, model.num_col_ = columns.shape
        model.col_cost_, model.col_upper_ = cost.astype(np.float64), upper.astype(np.float64)
        model.col_lower_ = np.zeros(len(cost))
        model.row_lower_ = model.row_upper_ = right.astype(np.float64)
        model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        model.a_matrix_.start_, model.a_matrix_.index_ = columns.indptr, columns.indices
        model.a_matrix_.value_ = columns.data.astype(np.float64)
        self._columns = np.arange(len(cost), dtype=np.int32)
        self._highs = _Quiet()
        for option, value in (("output_flag", False), ("threads", 1), ("random_seed", 1)):
            self._highs.setOptionValue(option, value)
        self._highs.passModel(model)

    def bound(self, column: int, lower: float, upper: float) -> None:
        self._highs.changeColBounds(column, float(lower), float(upper))

    def right(self, values: np.ndarray) -> None:
        rows = np.arange(len(values), dtype=np.int32)
        self._highs.changeRowsBounds(len(rows), rows, values.astype(np.float64), values.astype(np.float64))

    def solve(self, cost: np.ndarray | None = None) -> np.ndarray | None:
        """The optimal x, or None where there is none."""
        if cost is not None:
            self._highs.changeColsCost(len(cost), self._columns, cost.astype(np.float64))
        return self._solution(highspy.HighsModelStatus.kOptimal)

    def solve_in_integers(self) -> np.ndarray | None:
        """A good x of whole numbers within the time allowed, or None."""
        self._kind(highspy.HighsVarType.kInteger)
        self._highs.setOptionValue("time_limit", self._highs.getRunTime() + SECONDS)
        found = self._solution(highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kTimeLimit)
        self._highs.setOptionValue("time_limit", highspy.kHighsInf)
        self._kind(highspy.HighsVarType.kContinuous)
        return found

    def _kind(self, kind: highspy.HighsVarType) -> None:
        self._highs.changeColsIntegrality(
            len(self._columns), self._columns, np.full(len(self._columns), kind)
        )

    def _solution(self, *accepted: highspy.HighsModelStatus) -> np.ndarray | None:
        run, status = self._highs.run(), self._highs.getModelStatus()
        if status == highspy.HighsModelStatus.kModelEmpty:
            # Without unknowns the solver looks at no equation.
            return None if np.any(self._highs.getLp().row_lower_) else np.zeros(0)
        if run == highspy.HighsStatus.kError or status not in (*accepted, *NO_SOLUTION):
            raise RuntimeError(f"linear program not solved: {self._highs.modelStatusToString(status)}")
        if status in NO_SOLUTION:
            return None
        values = np.array(self._highs.getSolution().col_value)
        return values if len(values) == len(self._columns) else None
