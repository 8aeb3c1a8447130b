"""What an outsider can work out from numbers that add up: the range of every hidden one."""

import dataclasses
import functools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, OptimizeResult, linprog, milp
from scipy.sparse import csgraph

from leadstats.audit.search import Around, Search

NEAR = 1e-6
SECONDS = 60.0
EXACT, GROWN = "is known exactly", "is known to have grown by few"
DENOMINATOR = 5040  # duals of such systems are small fractions


@dataclass(frozen=True, eq=False)
class System:
    """Unknown whole numbers x with equations @ x = right and lower <= x <= upper.

    A target must be able to be 0 (unless it is provably `need` or more) and to be `need` or more;
    a target that may be a joint nobody published must only be able to be `need` or more.
    """

    names: tuple[str, ...]
    equations: sparse.csr_array
    right: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    targets: np.ndarray
    need: int = 11
    joints: np.ndarray | None = None
    strict: np.ndarray | None = None  # targets of which not even a floor may be known
    least_width: Fraction = Fraction(0)  # of the upper end, for sums that are not people
    sums: tuple[str, ...] = ()  # what each equation is about
    shown: tuple[tuple[tuple[str, int, int], ...], ...] = ()  # by equation: shown cell, its value, times
    cells: tuple[tuple[tuple[str, str], ...], ...] = ()  # the keys of the unknowns; empty for what has none
    known: Mapping[tuple[tuple[str, str], ...], int] = field(default_factory=dict)  # the shown numbers
    before: np.ndarray | None = None  # where a number can only have grown: what was shown of it; else -1

    def is_strict(self) -> np.ndarray:
        return np.zeros(len(self.names), dtype=bool) if self.strict is None else self.strict

    def has_grown_from(self) -> np.ndarray:
        return np.full(len(self.names), -1) if self.before is None else self.before

    def is_joint(self) -> np.ndarray:
        return np.zeros(len(self.names), dtype=bool) if self.joints is None else self.joints

    def parts(self) -> Iterator["Part"]:
        """What hangs together by sums. A table of one part, beside any of the others, is one of the whole."""
        links = abs(self.equations)
        number, label = csgraph.connected_components(links.T @ links, directed=False)
        for columns in (np.flatnonzero(label == each) for each in range(number)):
            yield self.part(columns)

    def part(self, columns: np.ndarray) -> "Part":
        """Some unknowns that no sum ties to another."""
        rows = np.flatnonzero(abs(self.equations[:, columns]).sum(axis=1))
        system = dataclasses.replace(
            self,
            names=tuple(self.names[column] for column in columns),
            equations=self.equations[rows][:, columns],
            right=self.right[rows],
            lower=self.lower[columns],
            upper=self.upper[columns],
            targets=self.targets[columns],
            joints=self.is_joint()[columns],
            strict=self.is_strict()[columns],
            before=self.has_grown_from()[columns],
            sums=tuple(self.sums[row] for row in rows) if self.sums else (),
            shown=tuple(self.shown[row] for row in rows) if self.shown else (),
            cells=tuple(self.cells[column] for column in columns) if self.cells else (),
        )
        return Part(columns, rows, system)


@dataclass(frozen=True, eq=False)
class Part:
    """Some unknowns of a system, the sums that they are in, and the system that they are by themselves."""

    columns: np.ndarray
    rows: np.ndarray
    system: System

    def of_whole(self, bound: "Bound") -> "Bound":
        rows = ((int(self.rows[row]), multiplier) for row, multiplier in bound.multipliers)
        return Bound(bound.value, tuple(rows))


@dataclass(frozen=True)
class Bound:
    """One end of a range, with the multipliers of the equations that prove it; none: shown by trying
    whole numbers."""

    value: int
    multipliers: tuple[tuple[int, Fraction], ...] = ()


@dataclass(frozen=True)
class Break:
    """Something that can be inferred: the cell and what is known of it."""

    cell: str
    low: int | None
    high: int | None
    why: str
    proof: tuple[Bound, ...] = ()


@dataclass
class Outcome:
    """What the attack found. `tables` are whole-number tables that all fit what is shown; `floors`
    prove that a cell is `need` or more, so that it may be known not to be 0."""

    breaks: list[Break] = field(default_factory=list)
    tables: list[np.ndarray] = field(default_factory=list)
    floors: dict[int, Bound] = field(default_factory=dict)


def attack(system: System) -> Outcome:
    """Part by part; the tables are put together again, so that each is one of the whole."""
    outcome = Outcome()
    height, width = system.equations.shape
    lonely = np.flatnonzero((abs(system.equations) @ np.ones(width) == 0) & (system.right != 0))
    outcome.breaks += [
        Break(system.sums[row], None, None, _contradiction(system, row)) for row in lonely.tolist()
    ]
    found = [(part, _attack(part.system)) for part in (system.parts() if width else ())]
    for part, own in found:
        outcome.breaks += [
            dataclasses.replace(each, proof=tuple(map(part.of_whole, each.proof))) for each in own.breaks
        ]
        outcome.floors |= {
            int(part.columns[cell]): part.of_whole(floor) for cell, floor in own.floors.items()
        }
    if found and all(own.tables for _, own in found):
        outcome.tables = [
            np.zeros(width, dtype=np.int64) for _ in range(max(len(own.tables) for _, own in found))
        ]
        for number, table in enumerate(outcome.tables):
            for part, own in found:
                table[part.columns] = own.tables[min(number, len(own.tables) - 1)]
    return outcome


def _attack(system: System) -> Outcome:
    outcome = Outcome()
    if _solve(system, np.zeros(len(system.names))) is None:
        outcome.breaks += _contradictions(system)
        return outcome
    to_zero = system.targets & ~system.is_joint()
    around = _Around(system)
    outcome.tables += around.widely(to_zero)
    for cell in np.flatnonzero(system.targets).tolist():
        _climb(system, cell, outcome, around)
    for cell in np.flatnonzero(to_zero).tolist():
        _descend(system, cell, outcome, around)
    if system.least_width:
        _measure_widths(system, outcome)
    outcome.tables = _fewest(system, outcome.tables)
    return outcome


def is_possible(system: System) -> bool:
    """Whether any numbers, whole or not, fit all that is shown."""
    return not len(system.names) or _solve(system, np.zeros(len(system.names))) is not None


def interval(system: System, cell: int) -> tuple[int, int | None]:
    """The smallest and largest whole number the cell can be (None: no limit)."""
    low, high = _end(system, cell, 1), _end(system, cell, -1)
    return low.value, None if high is None else high.value


class _Around:
    """Tables near one that is known: first without joints, then with all that is unknown."""

    def __init__(self, system: System):
        self._system = system
        found = self._search(_apart(system)).any()
        self._base = _whole(system, np.zeros(len(system.names))) if found is None else found

    def widely(self, targets: np.ndarray) -> Iterator[np.ndarray]:
        """Tables that take many targets to one of their ends at once."""
        if self._base is not None:
            yield self._base.astype(np.int64)
            for is_up in (True, False):
                yield from self._without_joints.widely(is_up, targets)

    def reach(self, cell: int, is_up: bool) -> np.ndarray | None:
        if self._base is None:
            return None
        found = self._without_joints.reach(cell, is_up)
        if found is None and self._system.is_joint().any():
            found = self._whole.reach(cell, is_up)
        return found

    @functools.cached_property
    def _without_joints(self) -> Around:
        return self._search(_apart(self._system)).around(self._base, self._system.need)

    @functools.cached_property
    def _whole(self) -> Around:
        nothing = np.zeros(len(self._system.names), dtype=bool)
        return self._search(nothing).around(self._base, self._system.need)

    def _search(self, apart: np.ndarray) -> Search:
        system = self._system
        return Search(system.equations, system.right, system.lower, system.upper, apart)


def _apart(system: System) -> np.ndarray:
    """The joints, and what has to do with nothing else, as their growth from one release to the next."""
    joints = system.is_joint()
    is_late = abs(system.equations) @ joints.astype(np.int64) > 0
    is_alone = abs(system.equations[~is_late]).sum(axis=0) == 0
    return joints | (is_alone & ~system.targets)


def _climb(system: System, cell: int, outcome: Outcome, around: "_Around") -> None:
    if any(table[cell] >= system.need for table in outcome.tables):
        return
    found = around.reach(cell, is_up=True)
    if found is not None:
        outcome.tables.append(found)
        return
    high = _end(system, cell, -1)
    if high is not None and high.value < system.need:
        low = _end(system, cell, 1)
        why = EXACT if low.value == high.value else f"is known to be below {system.need}"
        outcome.breaks.append(Break(system.names[cell], low.value, high.value, why, (low, high)))
        return
    _try_at(system, cell, system.need, np.inf, outcome, f"may not reach {system.need}")


def _descend(system: System, cell: int, outcome: Outcome, around: "_Around") -> None:
    if any(table[cell] <= 0 for table in outcome.tables) or any(
        b.cell == system.names[cell] for b in outcome.breaks
    ):
        return
    found = around.reach(cell, is_up=False)
    if found is not None:
        outcome.tables.append(found)
        return
    low = _floor(system, cell)
    if low is None or low.value < system.need:
        low = _end(system, cell, 1)
    if low.value >= system.need and not system.is_strict()[cell]:
        outcome.floors[cell] = low
        if system.has_grown_from()[cell] >= 0:
            _require_growth(system, cell, outcome)
        elif all(table[cell] == low.value for table in outcome.tables):
            _require_room(system, cell, low, outcome)
    elif low.value > 0:
        high = _end(system, cell, -1)
        why = f"is known to be at least {low.value}"
        outcome.breaks.append(
            Break(system.names[cell], low.value, high and high.value, why, tuple(filter(None, (low, high))))
        )
    else:
        _try_at(system, cell, 0, 0, outcome, "may never be 0")


def _contradictions(system: System) -> list[Break]:
    """The sums that would have to give way for the numbers to fit together."""
    height, width = system.equations.shape
    give = sparse.eye_array(height, dtype=np.int64)
    elastic = System(
        system.names,
        sparse.csr_array(sparse.hstack([system.equations, give, -give])),
        system.right,
        np.concatenate([system.lower, np.zeros(2 * height)]),
        np.concatenate([system.upper, np.full(2 * height, np.inf)]),
        system.targets,
    )
    found = _solve(elastic, np.concatenate([np.zeros(width), np.ones(2 * height)]))
    slack = np.abs(found[width : width + height] - found[width + height :])
    return [
        Break(system.sums[row] if system.sums else "", None, None, _contradiction(system, row))
        for row in np.flatnonzero(slack > NEAR).tolist()
    ]


def _contradiction(system: System, row: int) -> str:
    return f"the shown numbers contradict one another: {_written(system.shown[row]) if system.shown else ''}"


def explain(system: System, bound: Bound) -> str:
    """The shown numbers to add and subtract that lead to a bound."""
    times: dict[tuple[str, int], Fraction] = {}
    for row, multiplier in bound.multipliers:
        for name, value, factor in system.shown[row]:
            times[name, value] = times.get((name, value), Fraction(0)) - multiplier * factor
    return _written([(name, value, factor) for (name, value), factor in times.items() if factor])


def _written(terms: Sequence[tuple[str, int, Fraction | int]]) -> str:
    return " ".join(
        f"{'+' if factor > 0 else '-'} {'' if abs(factor) == 1 else f'{abs(factor)} x '}{value} ({name})"
        for name, value, factor in terms
    )


def _require_room(system: System, cell: int, low: Bound, outcome: Outcome) -> None:
    high = _end(system, cell, -1)
    if high is not None and high.value == low.value:
        outcome.breaks.append(Break(system.names[cell], low.value, high.value, EXACT, (low, high)))


def _require_growth(system: System, cell: int, outcome: Outcome) -> None:
    """That it is what was published before tells of nobody; that few were added since would."""
    before = int(system.has_grown_from()[cell])
    if any(table[cell] == before for table in outcome.tables):
        return
    low, high = _end(system, cell, 1), _end(system, cell, -1)
    if low.value > before and high is not None and high.value - before < system.need:
        outcome.breaks.append(Break(system.names[cell], low.value, high.value, GROWN, (low, high)))


def _try_at(system: System, cell: int, lower: float, upper: float, outcome: Outcome, why: str) -> None:
    """The linear bound allows it; but is there a table of whole numbers?"""
    lowers, uppers = system.lower.copy(), system.upper.copy()
    lowers[cell], uppers[cell] = max(lower, lowers[cell]), min(upper, uppers[cell])
    found = _whole(_with_bounds(system, lowers, uppers), np.zeros(len(lowers)))
    if found is None:
        low, high = interval(system, cell)
        outcome.breaks.append(Break(system.names[cell], low, high, f"{why} in whole numbers"))
    else:
        outcome.tables.append(found.astype(np.int64))


def _measure_widths(system: System, outcome: Outcome) -> None:
    """Of a number that an earlier release showed, what was added since must not be known nearly."""
    for cell in np.flatnonzero(system.targets).tolist():
        before = max(int(system.has_grown_from()[cell]), 0)
        seen = [int(table[cell]) for table in outcome.tables]
        if seen and (max(seen) - min(seen)) >= system.least_width * (max(seen) - before):
            continue
        low, high = _end(system, cell, 1), _end(system, cell, -1)
        if high is not None and high.value - low.value < system.least_width * (high.value - before):
            outcome.breaks.append(
                Break(system.names[cell], low.value, high.value, "is known within a few percent", (low, high))
            )


def _end(system: System, cell: int, sign: int) -> Bound | None:
    """The lower (sign 1) or upper (sign -1) end of a cell's range over whole numbers; None: no end."""
    cost = np.zeros(len(system.names))
    cost[cell] = sign
    linear = _linear(system, cost)
    if linear.status == 3:  # without limit
        return None
    if linear.status != 0:
        raise RuntimeError(f"the range of {system.names[cell]} was not found: {linear.message}")
    found = _whole(system, cost)
    value = math.ceil(linear.fun - NEAR) if sign > 0 else math.floor(-linear.fun + NEAR)
    if found is not None and int(found[cell]) != value:
        return Bound(int(found[cell]))
    multipliers = _multipliers(linear)
    return Bound(value, multipliers if proves(system, cell, sign, value, multipliers) else ())


def _floor(system: System, cell: int) -> Bound | None:
    """A lower end that can be proven without joints: what is left out only makes room."""
    columns = np.flatnonzero(~_apart(system))
    rows = np.flatnonzero(abs(system.equations) @ system.is_joint().astype(np.int64) == 0)
    linear = linprog(
        (columns == cell).astype(np.float64),
        A_eq=system.equations[rows][:, columns] if len(rows) else None,
        b_eq=system.right[rows] if len(rows) else None,
        bounds=np.column_stack([system.lower[columns], system.upper[columns]]),
        method="highs-ds",
    )
    if linear.status != 0 or not len(rows):
        return None
    value = math.ceil(linear.fun - NEAR)
    multipliers = tuple((int(rows[row]), multiplier) for row, multiplier in _multipliers(linear))
    return Bound(value, multipliers) if proves(system, cell, 1, value, multipliers) else None


def proves(
    system: System, cell: int, sign: int, value: int, multipliers: Sequence[tuple[int, Fraction]]
) -> bool:
    """Whether the equations, multiplied so and added up, leave the cell no room beyond `value`.

    Weak duality in exact arithmetic: it holds whatever any solver did.
    """
    total, left = Fraction(0), {cell: Fraction(sign)}
    for row, multiplier in multipliers:
        total += multiplier * int(system.right[row])
        start, stop = system.equations.indptr[row : row + 2]
        for column, entry in zip(
            system.equations.indices[start:stop], system.equations.data[start:stop], strict=True
        ):
            left[int(column)] = left.get(int(column), Fraction(0)) - multiplier * int(entry)
    for column, rest in left.items():
        if rest:
            end = system.lower[column] if rest > 0 else system.upper[column]
            if not math.isfinite(end):
                return False
            total += rest * int(end)
    return math.ceil(total) >= value if sign > 0 else math.floor(-total) <= value


def _multipliers(linear: OptimizeResult) -> tuple[tuple[int, Fraction], ...]:
    duals = linear.eqlin.marginals
    return tuple(
        (int(row), Fraction(float(duals[row])).limit_denominator(DENOMINATOR))
        for row in np.flatnonzero(np.abs(duals) > NEAR)
    )


def _whole(system: System, cost: np.ndarray) -> np.ndarray | None:
    """A table of whole numbers that is good (not always best) for the cost, checked exactly; or None."""
    linear = _solve(system, cost)
    if linear is not None and _fits(system, linear):
        return np.rint(linear)
    mixed = milp(
        cost,
        constraints=LinearConstraint(system.equations, system.right, system.right),
        bounds=Bounds(system.lower, system.upper),
        integrality=np.ones(len(cost)),
        options={"time_limit": SECONDS, "mip_rel_gap": 0.02 if np.count_nonzero(cost) > 1 else 0.0},
    )
    return np.rint(mixed.x) if mixed.x is not None and _fits(system, mixed.x) else None


def _solve(system: System, cost: np.ndarray) -> np.ndarray | None:
    linear = _linear(system, cost)
    return linear.x if linear.status == 0 else None


def _linear(system: System, cost: np.ndarray) -> OptimizeResult:
    return linprog(
        cost,
        A_eq=system.equations if system.equations.shape[0] else None,
        b_eq=system.right if system.equations.shape[0] else None,
        bounds=np.column_stack([system.lower, system.upper]),
        method="highs-ds",
    )


def _fits(system: System, table: np.ndarray) -> bool:
    whole = np.rint(table)
    return bool(
        np.abs(table - whole).max(initial=0) < NEAR
        and (system.equations @ whole == system.right).all()
        and (whole >= system.lower).all()
        and (whole <= system.upper).all()
    )


def _with_bounds(system: System, lower: np.ndarray, upper: np.ndarray) -> System:
    return System(system.names, system.equations, system.right, lower, upper, system.targets, system.need)


def _fewest(system: System, tables: Sequence[np.ndarray]) -> list[np.ndarray]:
    """A few of the tables that still reach every end that any of them reaches."""
    ends = [
        np.concatenate([table >= system.need, table <= 0]) & np.tile(system.targets, 2) for table in tables
    ]
    times = np.sum(ends, axis=0) if ends else np.zeros(0, dtype=np.int64)
    kept = []
    for position in sorted(range(len(tables)), key=lambda position: (ends[position].sum(), position)):
        if (times[ends[position]] > 1).all():
            times -= ends[position]
        else:
            kept.append(position)
    return [tables[position] for position in sorted(kept)]
