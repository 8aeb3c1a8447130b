"""Which of the cells that were hidden for the sake of others can be shown after all."""

from collections.abc import Sequence

import numpy as np
from scipy import sparse

from leadstats.release.disclosure.problem import FREE, AlternativeTable, SuppressionProblem
from leadstats.release.disclosure.solver import INFINITY, LinearProgram, is_whole

Need = tuple[int, bool]  # a hidden cell must be able to be large (True), or nobody (False)
WORTH_TRYING = 40  # needs to be met anew for one cell; beyond that it is surely needed


class Review:
    """Each cell was hidden for the cell at hand; later ones often make it superfluous."""

    def __init__(self, task: SuppressionProblem, is_hidden: np.ndarray, seconds: Sequence[AlternativeTable]):
        self.task = task
        self.is_hidden = is_hidden.copy()
        self.problems_solved = 0
        self._must_stay = task.is_hidden
        self._met_by: dict[Need, set[int]] = {}
        self._moved_by: dict[int, set[int]] = {}
        self._meets: list[list[Need]] = []
        for second in seconds:
            self._add(second)
        self._moves = self._program()

    def show_again(self) -> np.ndarray:
        """What stays hidden. The most missed cells are tried first."""
        candidates = np.flatnonzero(self.is_hidden & ~self._must_stay)
        for cell in candidates[np.argsort(-self.task.price[candidates], kind="stable")].tolist():
            self._try(cell)
        self._show_what_is_known()
        return self.is_hidden

    def _show_what_is_known(self) -> None:
        """A cell that is left alone in a sum can be worked out: hiding it hides nothing. It was tried
        while it still protected others that have been shown since."""
        if (self.task.least < self.task.most).any():
            return  # rounded numbers do not give away the one that is missing
        links = abs(self.task.equations)
        while True:
            is_alone = links @ self.is_hidden.astype(np.int64) == 1
            is_known = (links[is_alone].sum(axis=0) > 0) & self.is_hidden & ~self._must_stay
            if not is_known.any():
                return
            self.is_hidden &= ~is_known

    def _try(self, cell: int) -> None:
        touched = self._moved_by.get(cell, set())
        lost = {
            need
            for table in touched
            for need in self._meets[table]
            if need[0] != cell and self.is_hidden[need[0]] and self._met_by[need] <= touched
        }
        if len(lost) > WORTH_TRYING:
            return
        self._limit(cell, is_hidden=False)
        if all(self._meet(need) for need in sorted(lost)):
            self.is_hidden[cell] = False
            for table in touched:
                for need in self._meets[table]:
                    self._met_by[need].discard(table)
        else:
            self._limit(cell, is_hidden=True)

    def _meet(self, need: Need) -> bool:
        cell, is_up = need
        value = self.task.values[cell]
        if is_up:
            return self._reach(cell, self.task.need[cell] - value, INFINITY, 0, 0)
        if self._reach(cell, 0, 0, value, value):
            return True
        least = int(value - self.task.small[cell] + 1)
        is_provably_large = least > 0 and self._solve(cell, 0, 0, least, value) is None
        return is_provably_large and not self.task.is_small()[cell]

    def _reach(self, cell: int, *room: float) -> bool:
        found = self._solve(cell, *room)
        if found is None:
            return False
        size = len(self.task.values)
        second = self.task.values + np.rint(found[:size] - found[size:]).astype(np.int64)
        if not is_whole(found) or not self.task.is_second(second):
            return False
        moved = np.flatnonzero(second != self.task.values)
        self._add(AlternativeTable(moved, second[moved]))
        return True

    def _solve(
        self, cell: int, up: float, most_up: float, down: float, most_down: float
    ) -> np.ndarray | None:
        size = len(self.task.values)
        self._moves.bound(cell, up, most_up)
        self._moves.bound(cell + size, down, most_down)
        found = self._moves.solve()
        self.problems_solved += 1
        self._limit(cell, is_hidden=True)
        return found

    def _add(self, second: AlternativeTable) -> None:
        task, number = self.task, len(self._meets)
        up = (second.values >= task.need[second.cells]) & (
            task.values[second.cells] < task.need[second.cells]
        )
        down = (second.values <= 0) & (task.values[second.cells] > 0) & task.must_reach_zero[second.cells]
        needs = [(cell, True) for cell in second.cells[up].tolist()]
        needs += [(cell, False) for cell in second.cells[down].tolist()]
        self._meets.append(needs)
        for need in needs:
            self._met_by.setdefault(need, set()).add(number)
        for cell in second.cells.tolist():
            self._moved_by.setdefault(cell, set()).add(number)

    def _limit(self, cell: int, is_hidden: bool) -> None:
        size, task = len(self.task.values), self.task
        up = INFINITY if is_hidden else task.most[cell] - task.values[cell]
        down = task.values[cell] - (0 if is_hidden else task.least[cell])
        self._moves.bound(cell, 0, up)
        self._moves.bound(cell + size, 0, down)

    def _program(self) -> LinearProgram:
        """Hidden cells move freely, shown ones only as far as it cannot be seen."""
        task, size = self.task, len(self.task.values)
        up = np.where(self.is_hidden, INFINITY, task.most - task.values)
        down = np.where(self.is_hidden, task.values, task.values - task.least)
        return LinearProgram(
            sparse.hstack([task.equations, -task.equations]),
            np.zeros(task.equations.shape[0]),
            np.zeros(2 * size),
            np.concatenate([up, down]),
            np.full(2 * size, FREE),
        )
