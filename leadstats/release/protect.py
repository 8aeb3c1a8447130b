"""Which cells to hide so that nothing small can be worked out, with as few others as possible.

A cell that is hidden must be able to be nobody, and to be `threshold` people or more, without any
shown number changing; only a cell that is provably not small need not be able to be nobody. Each
such possibility is a second table of whole numbers, and is found here before a cell counts as safe.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from leadstats.release.review import Review
from leadstats.release.solver import INFINITY, NEAR, Program
from leadstats.release.task import FREE, Second, Task

CORNERS = 8
WORK, MOST_ATTEMPTS = 4_000, 12  # cells times attempts


@dataclass(frozen=True, eq=False)
class Hiding:
    """The outcome: what is hidden, and the cells for which no second table was found."""

    is_hidden: np.ndarray
    unsafe: tuple[int, ...]
    problems_solved: int


def hide(task: Task) -> Hiding:
    """The best of a few attempts: small systems can afford several, with prices shaken a little."""
    attempts = min(max(WORK // max(len(task.values), 1), 1), MOST_ATTEMPTS)
    dice = np.random.default_rng(1)
    shaken = [np.ones(len(task.values)), *(dice.uniform(0.3, 3, (attempts - 1, len(task.values))))]
    outcomes = [_attempt(replace(task, price=task.price * factor)) for factor in shaken]
    return min(outcomes, key=lambda outcome: (len(outcome.unsafe), task.price[outcome.is_hidden].sum()))


def _attempt(task: Task) -> Hiding:
    """Hides more and more, cheapest first, until every hidden cell is safe; then shows what it can."""
    search = _Search(task)
    search.look_around()
    while True:
        before = search.is_hidden.copy()
        unsafe = [cell for cell in search.by_size() if not search.secure(cell)]
        unsafe += [cell for cell in search.stuck_between() if not search.push_to_zero(cell)]
        if (before == search.is_hidden).all():
            review = Review(task, search.is_hidden, search.seconds)
            solved = search.problems_solved + review.problems_solved
            return Hiding(review.show_again(), tuple(sorted(set(unsafe))), solved)


class _Search:
    def __init__(self, task: Task):
        self.task = task
        self.size = len(task.values)
        self.is_hidden = task.is_hidden.copy()
        self.lowest, self.highest = task.values.copy(), task.values.copy()
        self.problems_solved = 0
        self.seconds: list[Second] = []
        self._failed: set[tuple[int, int]] = set()
        self._moves = self._program_of_moves()

    def by_size(self) -> Iterable[int]:
        """The hidden cells that still lack a second table, largest first."""
        lacking = self.is_hidden & (
            (self.highest < self.task.need) | (self.task.is_small() & (self.lowest > 0))
        )
        order = np.argsort(-self.task.values[lacking], kind="stable")
        return np.flatnonzero(lacking)[order].tolist()

    def secure(self, cell: int) -> bool:
        up = self.highest[cell] >= self.task.need[cell] or self._move(cell, self.task.need[cell])
        down = not self.task.is_small()[cell] or self.lowest[cell] <= 0 or self._move(cell, 0)
        return up and down

    def push_to_zero(self, cell: int) -> bool:
        return self.lowest[cell] <= 0 or self._move(cell, 0)

    def look_around(self) -> None:
        """Finds many second tables at once: as many hidden cells as possible at their need, then at zero."""
        cells = self._movable()
        least = self._least()[cells]
        room = np.minimum(self.task.need[cells] - least, self._most()[cells] - least)
        equations = self.task.equations[:, cells]
        program = Program(
            sparse.hstack([equations, equations]),
            equations @ (self.task.values[cells] - least),
            np.zeros(2 * len(cells)),
            np.concatenate([room, self._most()[cells] - least - room]),
            np.zeros(2 * len(cells)),
        )
        for is_up in (True, False):
            todo = self.is_hidden[cells] & (is_up | self.task.is_small()[cells])
            while True:
                wanted = np.where(todo, -1.0 if is_up else 1.0, 0.0)
                program.price(np.arange(2 * len(cells)), np.concatenate([wanted, wanted * (not is_up)]))
                found = self._solve(program)
                if found is None:
                    break
                reached = least + found[: len(cells)] + found[len(cells) :]
                self._remember(cells, reached)
                met = todo & ((reached >= self.task.need[cells] - NEAR) if is_up else (reached <= NEAR))
                todo &= ~met
                if met.sum() < max(2, todo.sum() // 50):
                    break

    def stuck_between(self) -> Iterable[int]:
        """Hidden cells, not small, of which an outsider would learn that they are 1 or more, yet not that
        they are not small."""
        candidates = self.is_hidden & self.task.must_reach_zero & ~self.task.is_small() & (self.lowest > 0)
        if not candidates.any():
            return
        cells = self._movable()
        place = {cell: position for position, cell in enumerate(cells.tolist())}
        equations = self.task.equations[:, cells]
        program = Program(
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

    def _movable(self) -> np.ndarray:
        return np.flatnonzero(self.is_hidden | (self.task.least < self.task.most))

    def _program_of_moves(self) -> Program:
        """Columns: up and down within what looks the same, then up and down beyond, at a price."""
        task, equations = self.task, self.task.equations
        up, down = task.most - task.values, task.values - task.least
        beyond_up = np.where(task.is_fixed, 0.0, INFINITY)
        beyond_down = np.where(task.is_fixed, 0.0, task.values - down)
        price = np.where(self.is_hidden, FREE, task.price)
        free = np.full(self.size, FREE)
        return Program(
            sparse.hstack([equations, -equations, equations, -equations]),
            np.zeros(equations.shape[0]),
            np.zeros(4 * self.size),
            np.concatenate([up, down, beyond_up, beyond_down]),
            np.concatenate([free, free, price, price]),
        )

    def _move(self, cell: int, to: int) -> bool:
        """The cheapest second table with the cell at `to` (or further); what it moves gets hidden."""
        if (cell, to) in self._failed:
            return False
        by = int(to - self.task.values[cell])
        columns = [cell + part * self.size for part in range(4)]
        within_up = int(self.task.most[cell] - self.task.values[cell])
        within_down = int(self.task.values[cell] - self.task.least[cell])
        self._moves.bound(columns[0], 0, 0)
        self._moves.bound(columns[1], 0, 0)
        self._moves.bound(columns[2], max(by, 0), INFINITY if by > 0 else 0)
        self._moves.bound(columns[3], max(-by, 0), max(-by, 0))
        is_sound = any(found is not None and self._apply(found) for found in self._attempts())
        beyond = INFINITY if not self.task.is_fixed[cell] else 0
        self._moves.bound(columns[0], 0, within_up)
        self._moves.bound(columns[1], 0, within_down)
        self._moves.bound(columns[2], 0, beyond)
        self._moves.bound(columns[3], 0, self.task.least[cell] if beyond else 0)
        if not is_sound:
            self._failed.add((cell, to))
        return is_sound

    def _attempts(self) -> Iterable[np.ndarray | None]:
        """A corner of the polytope may have fractions; other prices lead to another corner."""
        first = self._solve(self._moves)
        yield first
        if first is None:
            return
        dice = np.random.default_rng(1)
        columns = np.arange(2 * self.size, 4 * self.size)
        prices = np.tile(np.where(self.is_hidden, FREE, self.task.price), 2)
        for _ in range(CORNERS):
            self._moves.price(columns, prices * dice.uniform(1, 3, len(columns)))
            found = self._solve(self._moves)
            self._moves.price(columns, prices)
            yield found
        yield self._moves.solve_in_integers()

    def _apply(self, found: np.ndarray) -> bool:
        parts = found.reshape(4, self.size)
        if not self._remember(
            np.arange(self.size), self.task.values + parts[0] - parts[1] + parts[2] - parts[3], False
        ):
            return False
        newly = np.flatnonzero(((parts[2] > NEAR) | (parts[3] > NEAR)) & ~self.is_hidden)
        if len(newly):
            self.is_hidden[newly] = True
            self._moves.price(
                np.concatenate([newly + 2 * self.size, newly + 3 * self.size]), np.full(2 * len(newly), FREE)
            )
        return True

    def _remember(self, cells: np.ndarray, table: np.ndarray, is_hidden_only: bool = True) -> bool:
        """Keeps a second table if it is one: whole numbers, every equation met exactly."""
        whole = np.rint(table).astype(np.int64)
        second = self.task.values.copy()
        second[cells] = whole
        is_sound = (
            np.abs(table - whole).max(initial=0) < NEAR
            and whole.min(initial=0) >= 0
            and not (self.task.equations @ (second - self.task.values)).any()
        )
        if is_sound:
            np.minimum(self.lowest, second, out=self.lowest)
            np.maximum(self.highest, second, out=self.highest)
            moved = np.flatnonzero(second != self.task.values)
            self.seconds.append(Second(moved, second[moved]))
        return is_sound

    def _solve(self, program: Program) -> np.ndarray | None:
        self.problems_solved += 1
        return program.solve()
