"""What the choice of the hidden numbers tells somebody who has the program that made it.

Sums are not all that an outsider knows: he can run the program himself. A table that fits what is shown
counts for him only if the program would have hidden just these numbers of it, in an order that it might
have (the secret is not known to him). Here such tables are looked for; the program is asked as a black box.
"""

import dataclasses
import itertools
import math
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csgraph

from leadstats.audit.inference import Break, System
from leadstats.audit.search import Search

TIME = ("month", "quarter", "year", "three_years")
COMPLETE = 2_000  # tables that fit: up to so many, all of them can be tried
SAMPLED, WORK = 6, 3_000  # of those with more: tables to try, in one order each; and times unknown numbers
ORDERS = 4  # that the program is asked in for each table, where all are tried
LIMITLESS = 3  # times the threshold: so far beyond its least is a number without any limit tried
WIDEST = 60  # unknown numbers: of more, nobody tries all tables
STEPS = 100_000  # of the search for all tables; beyond, there are too many
TRIED = 3  # tables for each value that is not small
BEYOND = 2  # values above the threshold that are looked at one by one

Cell = tuple[tuple[str, str], ...]
# Which of a table's numbers the program hides, in an order that takes the wanted first; `draw` numbers orders.
Program = Callable[[Mapping[Cell, int], Collection[Cell], int], Collection[Cell]]


@dataclass(frozen=True)
class Replay:
    """possible: for each hidden number the values for which a table was found that the program turns into
    this very release; fitting: those that sums alone allow, of the values looked at."""

    fitting: Mapping[str, tuple[int, ...]]
    possible: Mapping[str, tuple[int, ...]]
    tables: int
    is_complete: bool
    breaks: tuple[Break, ...] = ()

    @property
    def coverage(self) -> tuple[int, int]:
        """How many pairs of a hidden number and a value that fits were found to be possible, and all of them."""
        return sum(map(len, self.possible.values())), sum(map(len, self.fitting.values()))

    def in_words(self) -> str:
        found, looked_at = self.coverage
        kind = "all tables that fit were at hand" if self.is_complete else "a sample of the tables that fit"
        return (
            f"{found:,} of {looked_at:,} values of hidden numbers are possible to who runs the program itself "
            f"({self.tables:,} tables run; {kind})."
        )

    def as_json(self) -> dict:
        found, looked_at = self.coverage
        return {
            "tables_tried": self.tables,
            "is_complete": self.is_complete,
            "values_looked_at": looked_at,
            "values_possible": found,
            "possible": {cell: list(values) for cell, values in self.possible.items()},
        }


def replay(system: System, program: Program) -> Replay:
    """For each hidden number: which of the values up to the threshold and a little more, and around its
    shown neighbors, are possible. A small one that is not, though sums allow it, is a break; so is a number
    that can only be small. Where not all tables are tried, nothing is concluded from what was not found."""
    attempt = _Attempt(system, program)
    if not attempt.cells:
        return Replay({}, {}, 0, True)
    tables = all_tables(system)
    is_complete = tables is not None
    if is_complete:
        attempt.search(tables)
    else:
        attempt.sample()
    breaks = tuple(attempt.breaks()) if is_complete else ()
    return dataclasses.replace(attempt.outcome(is_complete), breaks=breaks)


class _Attempt:
    def __init__(self, system: System, program: Program):
        self._system, self._program = system, program
        self._hidden = frozenset(
            cell
            for cell, is_joint in zip(system.cells, system.is_joint(), strict=True)
            if not is_joint and cell
        )
        self.cells = np.flatnonzero(system.targets & ~system.is_joint()).tolist()
        self._values = {cell: self._looked_at(cell) for cell in self.cells}
        self._fitting: dict[int, set[int]] = {cell: set() for cell in self.cells}
        self._possible: dict[int, set[int]] = {cell: set() for cell in self.cells}
        self._is_large: set[int] = set()
        self._large_fits: set[int] = set()
        self._verdicts: dict[bytes, bool] = {}
        self.tables = 0

    def search(self, tables: Sequence[np.ndarray]) -> None:
        """All tables that fit, those with many small numbers first: they explain most."""
        need = self._system.need
        stacked = np.array(tables)
        order = np.argsort(-(stacked < need).sum(axis=1), kind="stable")
        stacked = stacked[order]
        for cell in self.cells:
            column = stacked[:, cell]
            self._fitting[cell] |= self._values[cell] & set(column.tolist())
            if (column >= need).any():
                self._large_fits.add(cell)
            for value in sorted(self._fitting[cell]):
                # What is not small is told of, not concluded from: a few tables are enough.
                tried = stacked[column == value][: None if value < need else TRIED]
                if value not in self._possible[cell]:
                    any(map(self._gives_this_release, tried))
            if cell not in self._is_large:
                any(map(self._gives_this_release, stacked[column >= need]))

    def sample(self) -> None:
        """A few tables of many kinds. What hangs together by sums gives its part of the release or does not;
        for the other parts the records themselves stand, which gave theirs."""
        system = self._system
        nothing_apart = np.zeros(len(system.names), dtype=bool)
        search = Search(system.equations, system.right, system.lower, system.upper, nothing_apart)
        for cell in self.cells:
            self._fitting[cell] = set(range(system.need + BEYOND))
        part = _parts(system)
        tables = min(SAMPLED, max(WORK // len(system.names), 2))
        for table in itertools.islice(search.various(system.need), tables):
            self.tables += 1
            differs = np.isin(part, part[self._differing(table)])
            self._take_over(table, [cell for cell in self.cells if not differs[cell]])

    def _take_over(self, table: np.ndarray, cells: Sequence[int]) -> None:
        for cell in cells:
            value = int(table[cell])
            if value >= self._system.need:
                self._is_large.add(cell)
            if value in self._values[cell]:
                self._possible[cell].add(value)

    def _differing(self, table: np.ndarray) -> list[int]:
        """The columns of the hidden numbers that the program would show of this table, or of all."""
        found = self._run(table, 0)
        if found - self._hidden:
            return list(range(len(self._system.names)))
        return [at for at, cell in enumerate(self._system.cells) if cell in self._hidden - found]

    def outcome(self, is_complete: bool) -> Replay:
        names = self._system.names
        return Replay(
            {names[cell]: tuple(sorted(self._fitting[cell])) for cell in self.cells},
            {names[cell]: tuple(sorted(self._possible[cell])) for cell in self.cells},
            self.tables,
            is_complete,
        )

    def breaks(self) -> Iterator[Break]:
        need = self._system.need
        for cell in self.cells:
            small = sorted(value for value in self._possible[cell] if value < need)
            fits = sorted(value for value in self._fitting[cell] if value < need)
            name = self._system.names[cell]
            if cell in self._large_fits and cell not in self._is_large and not self._is_total_hidden(cell):
                yield Break(name, min(small, default=None), max(small, default=None), ONLY_SMALL)
            elif small and small != fits:
                yield Break(name, small[0], None if cell in self._is_large else small[-1], TELLS)

    def _is_total_hidden(self, cell: int) -> bool:
        """Totals over everybody of the threshold and more are always shown if they can be: that one is hidden
        says that it, and each part of it, is small, and no choice could make it say less."""
        return tuple(part for part in self._system.cells[cell] if part[0] in TIME) in self._hidden

    def _looked_at(self, cell: int) -> set[int]:
        """The small values, a little more, and those around the shown numbers of the same sums."""
        system = self._system
        rows = np.flatnonzero(system.equations[:, [cell]].toarray().ravel())
        shown = {
            value for row in rows.tolist() for _, value, _ in (system.shown[row] if system.shown else ())
        }
        around = {value + by for value in shown for by in (-1, 0, 1)}
        return {value for value in around if value >= 0} | set(range(system.need + BEYOND))

    def _gives_this_release(self, table: np.ndarray) -> bool:
        key = table.astype(np.int64).tobytes()
        if key not in self._verdicts:
            self.tables += 1
            self._verdicts[key] = any(self._run(table, draw) == self._hidden for draw in range(ORDERS))
            if self._verdicts[key]:
                self._take_over(table, self.cells)
        return self._verdicts[key]

    def _run(self, table: np.ndarray, draw: int) -> frozenset[Cell]:
        system = self._system
        numbers = dict(system.known) | {
            cell: int(value) for cell, value in zip(system.cells, table.tolist(), strict=True) if cell
        }
        return frozenset(self._program(numbers, self._hidden, draw))


def _parts(system: System) -> np.ndarray:
    """For each unknown the number of the part that it hangs together with by sums."""
    links = abs(system.equations)
    _, label = csgraph.connected_components(links.T @ links, directed=False)
    return label


TELLS = "is known not to be some small number, from which numbers are hidden"
ONLY_SMALL = "is known to be small, from which numbers are hidden"


def all_tables(system: System, most: int = COMPLETE) -> list[np.ndarray] | None:
    """All tables of whole numbers that fit what is shown; None if there are more than so many."""
    if len(system.names) > WIDEST:
        return None
    walk = _Walk(system, most)
    low, high = system.lower.astype(float).tolist(), system.upper.astype(float).tolist()
    if not walk.narrow(low, high, list(range(len(walk.sums)))):
        return []
    # Where not even a total is shown, there is no end to what could be tried.
    limit = LIMITLESS * system.need
    high = [least + limit if math.isinf(end) else end for least, end in zip(low, high, strict=True)]
    if not walk.narrow(low, high, list(range(len(walk.sums)))):
        return []
    return walk.found if walk.spread(low, high) and len(walk.found) <= most else None


class _Walk:
    """Through the tables that fit: the sums tighten the ranges of the numbers, then one number after the other
    takes each value of its range. Lists rather than arrays: a sum has a handful of numbers."""

    def __init__(self, system: System, most: int):
        equations = (system.equations[[at]] for at in range(system.equations.shape[0]))
        self.sums = [
            (each.indices.tolist(), each.data.tolist(), int(right))
            for each, right in zip(equations, system.right, strict=True)
        ]
        self._sums_of = [
            [at for at, (columns, _, _) in enumerate(self.sums) if column in columns]
            for column in range(len(system.names))
        ]
        self._most, self._steps = most, 0
        self.found: list[np.ndarray] = []

    def narrow(self, low: list[float], high: list[float], queue: list[int]) -> bool:
        """Tightens the ranges until no sum does so any more; False if one cannot hold."""
        while queue:
            columns, signs, right = self.sums[queue.pop()]
            least = [sign * (low if sign > 0 else high)[c] for c, sign in zip(columns, signs, strict=True)]
            greatest = [sign * (high if sign > 0 else low)[c] for c, sign in zip(columns, signs, strict=True)]
            for at, (column, sign) in enumerate(zip(columns, signs, strict=True)):
                # Without its own share; an infinite one cannot be taken off again.
                most_left = right - sum(least[:at]) - sum(least[at + 1 :])
                least_left = right - sum(greatest[:at]) - sum(greatest[at + 1 :])
                ends = sorted((most_left / sign, least_left / sign))
                new_low, new_high = max(low[column], ends[0]), min(high[column], ends[1])
                if new_low > new_high:
                    return False
                if new_low > low[column] or new_high < high[column]:
                    low[column], high[column] = new_low, new_high
                    least[at] = sign * (new_low if sign > 0 else new_high)
                    greatest[at] = sign * (new_high if sign > 0 else new_low)
                    queue += [row for row in self._sums_of[column] if row not in queue]
        return True

    def spread(self, low: list[float], high: list[float]) -> bool:
        """False if there are too many."""
        self._steps += 1
        if self._steps > STEPS or len(self.found) > self._most:
            return False
        room = [(greatest - least, at) for at, (least, greatest) in enumerate(zip(low, high, strict=True))]
        if not (open_ := [each for each in room if each[0] > 0]):
            self.found.append(np.array(low, dtype=np.int64))
            return True
        _, column = min(open_)
        for value in range(math.ceil(low[column]), int(high[column]) + 1):
            lows, highs = low.copy(), high.copy()
            lows[column] = highs[column] = float(value)
            if self.narrow(lows, highs, list(self._sums_of[column])) and not self.spread(lows, highs):
                return False
        return True
