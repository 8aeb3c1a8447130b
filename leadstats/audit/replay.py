"""What the choice of the hidden numbers tells somebody who has the program that made it.

Sums are not all that an outsider knows: he can run the program himself. A table that fits what is shown
counts for him only if the program would have hidden just these numbers of it, in an order that it might
have (the secret is not known to him). Here such tables are looked for; the program is asked as a black box.
"""

import itertools
import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from scipy.sparse import csgraph

from leadstats.audit.inference import Break, System
from leadstats.audit.search import Search

TIME = ("month", "quarter", "year", "three_years")
COMPLETE = 2_000  # tables that fit: up to so many, all of them can be tried
LEAST = 30  # of them for each of many pieces
SAMPLED, WORK = 6, 600  # of those with more: tables to try, in one order each; and times unknown numbers
IN_VAIN = 3  # tables; a piece that none of them gives is left
ORDERS = 2  # that the program is asked in for each table, where all are tried
LIMITLESS = 3  # times the threshold: so far beyond its least is a number without any limit tried
WIDEST = 60  # unknown numbers: of more, nobody tries all tables
WITHOUT_BREAK = 20  # tables, to see that a number may be large where it would be no break if it may not
STEPS = 50  # of the search for all tables, for each that may be found
BEYOND = 2  # values above the threshold that are looked at one by one

Cell = tuple[tuple[str, str], ...]


class Program(Protocol):
    """What chose the hidden numbers of a release."""

    def pieces(self, hidden: Collection[Cell]) -> Sequence[Collection[Cell]]:
        """By its own account: the cells that it must know to choose among them, piece by piece. A hidden
        number in none of them cannot be replayed."""

    def __call__(self, numbers: Mapping[Cell, int], wanted: Collection[Cell], draw: int) -> Collection[Cell]:
        """Which of a table's numbers it hides, in an order that takes the wanted first; `draw` numbers orders."""


@dataclass(frozen=True)
class Replay:
    """possible: for each hidden number the values for which a table was found that the program turns into
    this very release; fitting: those that sums alone allow, of the values looked at.

    complete: how many of the pieces were tried with all tables that fit; left_out: hidden numbers in no piece.
    """

    fitting: Mapping[str, tuple[int, ...]]
    possible: Mapping[str, tuple[int, ...]]
    tables: int
    pieces: int
    complete: int
    left_out: tuple[str, ...] = ()
    breaks: tuple[Break, ...] = ()

    @property
    def is_complete(self) -> bool:
        return self.complete == self.pieces and not self.left_out

    @property
    def coverage(self) -> tuple[int, int]:
        """How many pairs of a hidden number and a value that fits were found to be possible, and all of them."""
        return sum(map(len, self.possible.values())), sum(map(len, self.fitting.values()))

    def in_words(self) -> str:
        found, looked_at = self.coverage
        kind = "all tables that fit were at hand"
        if not self.is_complete:
            kind = f"all tables that fit in {self.complete} of {self.pieces} pieces, a sample in the others"
        beyond = f"; {len(self.left_out):,} hidden numbers were not replayed" if self.left_out else ""
        return (
            f"{found:,} of {looked_at:,} values of hidden numbers are possible to who runs the program itself "
            f"({self.tables:,} tables run; {kind}{beyond})."
        )

    def as_json(self) -> dict:
        found, looked_at = self.coverage
        return {
            "tables_tried": self.tables,
            "is_complete": self.is_complete,
            "pieces": self.pieces,
            "pieces_complete": self.complete,
            "not_replayed": list(self.left_out),
            "values_looked_at": looked_at,
            "values_possible": found,
            "possible": {cell: list(values) for cell, values in self.possible.items()},
        }


def replay(system: System, program: Program, complete: int = COMPLETE) -> Replay:
    """For each hidden number: which of the values up to the threshold and a little more, and around its
    shown neighbors, are possible. A small one that is not, though sums allow it, is a break; so is a number
    that can only be small. Where more than `complete` tables fit, not all are tried, and nothing is concluded
    from what was not found."""
    hidden = frozenset(
        cell for cell, is_joint in zip(system.cells, system.is_joint(), strict=True) if cell and not is_joint
    )
    targets = np.flatnonzero(system.targets & ~system.is_joint())
    pieces = program.pieces(hidden) if len(targets) else []
    most = max(complete // max(len(pieces), 1), LEAST)
    fitting, possible, breaks = {}, {}, []
    tables = done = 0
    for told in pieces:
        attempt = _Attempt(_within(system, told), program, hidden, told)
        found = all_tables(attempt.system, most)
        if found is None:
            attempt.sample()
        else:
            attempt.search(found)
            breaks += attempt.breaks() if any(attempt.possible.values()) else ()
        fitting |= attempt.named(attempt.fitting)
        possible |= attempt.named(attempt.possible)
        tables, done = tables + attempt.tables, done + (found is not None)
    left_out = tuple(name for name in (system.names[cell] for cell in targets) if name not in fitting)
    return Replay(fitting, possible, tables, len(pieces), done, left_out, tuple(breaks))


def _within(system: System, told: Collection[Cell]) -> System:
    """The unknown numbers of a piece, with the joints that hang on them."""
    columns = [
        part.columns for part in system.parts() if any(cell in told for cell in part.system.cells if cell)
    ]
    return system.part(np.sort(np.concatenate(columns))).system


class _Attempt:
    """One piece of a release."""

    def __init__(self, system: System, program: Program, hidden: Collection[Cell], told: Collection[Cell]):
        self.system, self._program = system, program
        self._all_hidden, self._hidden = hidden, frozenset(hidden) & frozenset(told)
        self._known = {cell: number for cell, number in system.known.items() if cell in told}
        self._cells = np.flatnonzero(system.targets & ~system.is_joint()).tolist()
        self._values = {cell: self._looked_at(cell) for cell in self._cells}
        self.fitting: dict[int, set[int]] = {cell: set() for cell in self._cells}
        self.possible: dict[int, set[int]] = {cell: set() for cell in self._cells}
        self._is_large: set[int] = set()
        self._large_fits: set[int] = set()
        self._verdicts: dict[bytes, bool] = {}
        self.tables = 0

    def named(self, values: Mapping[int, set[int]]) -> dict[str, tuple[int, ...]]:
        return {self.system.names[cell]: tuple(sorted(own)) for cell, own in values.items()}

    def search(self, tables: Sequence[np.ndarray]) -> None:
        """All tables that fit, those with many small numbers first: they explain most."""
        need = self.system.need
        stacked = np.array(tables)
        order = np.argsort(-(stacked < need).sum(axis=1), kind="stable")
        stacked = stacked[order]
        for cell in self._cells:
            column = stacked[:, cell]
            self.fitting[cell] |= self._values[cell] & set(column.tolist())
            if (column >= need).any():
                self._large_fits.add(cell)
            for value in sorted(value for value in self.fitting[cell] if value < need):
                if value not in self.possible[cell]:
                    any(map(self._gives_this_release, stacked[column == value]))
            if cell not in self._is_large:
                # That none is large would be no break where the total is hidden; so few are tried there.
                few = WITHOUT_BREAK if self._is_total_hidden(cell) else None
                any(map(self._gives_this_release, stacked[column >= need][:few]))
        # Of what is not small nothing is concluded: one table for each value is enough.
        for cell in self._cells:
            for value in sorted(value for value in self.fitting[cell] if value >= need):
                if value not in self.possible[cell]:
                    self._gives_this_release(stacked[stacked[:, cell] == value][0], orders=1)

    def sample(self) -> None:
        """A few tables of many kinds. One of chance seldom gives the release as a whole; put in place of what
        hangs together by sums in one that does, most of it may."""
        system, base, is_base_good = self.system, None, False
        nothing_apart = np.zeros(len(system.names), dtype=bool)
        search = Search(system.equations, system.right, system.lower, system.upper, nothing_apart)
        for cell in self._cells:
            self.fitting[cell] = set(range(system.need + BEYOND))
        part = _parts(system)
        tables = min(SAMPLED, max(WORK // len(system.names), 2))
        for number, table in enumerate(itertools.islice(search.various(system.need), tables)):
            if number == IN_VAIN and not is_base_good:
                return
            differs = self._differing(table)
            if len(differs) and base is not None:
                table = np.where(np.isin(part, part[differs]), base, table)
                differs = self._differing(table)
            if not len(differs):
                self._take_over(table, self._cells)
            if not is_base_good:
                base, is_base_good = table, not len(differs)

    def _take_over(self, table: np.ndarray, cells: Sequence[int]) -> None:
        for cell in cells:
            value = int(table[cell])
            if value >= self.system.need:
                self._is_large.add(cell)
            if value in self._values[cell]:
                self.possible[cell].add(value)

    def _differing(self, table: np.ndarray) -> list[int]:
        """The columns of the hidden numbers that the program would show of this table, or of all."""
        self.tables += 1
        found = self._run(table, 0)
        if found - self._hidden:
            return list(range(len(self.system.names)))
        return [at for at, cell in enumerate(self.system.cells) if cell in self._hidden - found]

    def breaks(self) -> Iterator[Break]:
        need = self.system.need
        for cell in self._cells:
            small = sorted(value for value in self.possible[cell] if value < need)
            fits = sorted(value for value in self.fitting[cell] if value < need)
            name = self.system.names[cell]
            if cell in self._large_fits and cell not in self._is_large and not self._is_total_hidden(cell):
                yield Break(name, min(small, default=None), max(small, default=None), ONLY_SMALL)
            elif small and small != fits:
                yield Break(name, small[0], None if cell in self._is_large else small[-1], TELLS)

    def _is_total_hidden(self, cell: int) -> bool:
        """Totals over everybody of the threshold and more are always shown if they can be: that one is hidden
        says that it, and each part of it, is small, and no choice could make it say less."""
        return tuple(part for part in self.system.cells[cell] if part[0] in TIME) in self._all_hidden

    def _looked_at(self, cell: int) -> set[int]:
        """The small values, a little more, and those around the shown numbers of the same sums."""
        system = self.system
        rows = np.flatnonzero(system.equations[:, [cell]].toarray().ravel())
        shown = {
            value for row in rows.tolist() for _, value, _ in (system.shown[row] if system.shown else ())
        }
        around = {value + by for value in shown for by in (-1, 0, 1)}
        return {value for value in around if value >= 0} | set(range(system.need + BEYOND))

    def _gives_this_release(self, table: np.ndarray, orders: int = ORDERS) -> bool:
        key = table.astype(np.int64).tobytes()
        if key not in self._verdicts:
            self.tables += 1
            self._verdicts[key] = any(self._run(table, draw) == self._hidden for draw in range(orders))
            if self._verdicts[key]:
                self._take_over(table, self._cells)
        return self._verdicts[key]

    def _run(self, table: np.ndarray, draw: int) -> frozenset[Cell]:
        numbers = self._known | {
            cell: int(value)
            for cell, value, is_joint in zip(
                self.system.cells, table.tolist(), self.system.is_joint(), strict=True
            )
            if cell and not is_joint
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
        if self._steps > STEPS * self._most or len(self.found) > self._most:
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
