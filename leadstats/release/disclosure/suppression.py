"""What must be hidden of one measure, given what earlier releases show, and what it takes."""

from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from leadstats.model import periods
from leadstats.release.disclosure.cube import Cube, placed, size
from leadstats.release.disclosure.problem import SuppressionProblem
from leadstats.release.disclosure.second_tables import Hiding, hide
from leadstats.release.disclosure.solver import INFINITY, NEAR, LinearProgram
from leadstats.release.hierarchy import PlanError, Rows
from leadstats.release.history import Before
from leadstats.release.ordering import Order
from leadstats.release.plan import Dominance, ReleasePlan

OLD_CHANGE, NEW_CHANGE = 1.0, 20.0  # the price of moving a number off today's count
EVERYONE_PRICE = 1000.0  # totals over all people are hidden only where nothing else helps
WHOLE_PRICE = (
    1e6  # those that no longer period holds are not: a shorter one always does, so that this tells nothing
)
ANSWER_PRICE = 100.0  # and so are the two numbers that a yearly rate of everybody is made of
PRICES = 3.0  # how much more or less than others a cell costs, as the secret has it
ALWAYS = np.iinfo(np.int64).max


@dataclass(frozen=True, eq=False)
class Hidden:
    """The cells of a cube, settled and protected. `is_small`: hidden for its own sake, not for others'."""

    cube: Cube
    values: np.ndarray
    is_hidden: np.ndarray
    is_small: np.ndarray
    is_absent: np.ndarray
    unsafe: tuple[int, ...]
    problems_solved: int
    has_fallen: bool = False  # of numbers that were re-based: not all that differs can have been added

    def counted(self) -> np.ndarray:
        """Cells that stand in a published table."""
        return ~self.is_absent


def hide_counts(
    cube: Cube, before: Before, plan: ReleasePlan, order: Order, is_rebased: bool = False
) -> Hidden:
    """is_rebased: the numbers are those of the records again, where the change does not tell of few people."""
    settled = settle(cube, before, plan, is_rebased)
    values, threshold = settled.values, plan.threshold
    is_small = (values < threshold) & ~settled.is_absent
    everywhere = np.full(len(values), threshold)
    return _protected(cube, settled, is_small, everywhere, everywhere, plan, order)


def hide_sums(
    cube: Cube,
    before: Before,
    plan: ReleasePlan,
    people: Hidden,
    rows: Rows,
    order: Order,
    is_rebased: bool = False,
) -> Hidden:
    """A sum is hidden wherever its people are, and where one or two of them make up most of it."""
    settled = settle(cube, before, plan, is_rebased)
    values = settled.values
    largest, second = two_largest(cube, rows)
    margin = protection(values, largest, second, plan.dominance)
    is_people_hidden = people.is_hidden | (people.values < plan.threshold)
    is_small = (is_people_hidden | (margin > 0)) & ~settled.is_absent
    wide = np.ceil(values * (100 + plan.dominance.tolerance_percent) / 100).astype(np.int64) + 1
    need = np.maximum(np.maximum(values + margin, wide), plan.threshold)
    small = np.where(is_people_hidden, ALWAYS, plan.threshold)
    return _protected(cube, settled, is_small, need, small, plan, order)


@dataclass(frozen=True, eq=False)
class Settled:
    """Today's counts fitted to what was published: earlier numbers stand, and all sums hold."""

    values: np.ndarray
    least: np.ndarray  # the range in which a cell looks the same on the page
    most: np.ndarray
    was_shown: np.ndarray  # and stays as it is
    was_hidden: np.ndarray
    is_absent: np.ndarray
    is_bent: np.ndarray  # new, and neither what the records say nor the sum of what was published
    old: np.ndarray  # what is shown so far of a number that is re-based; else -1


def settle(cube: Cube, before: Before, plan: ReleasePlan, is_rebased: bool = False) -> Settled:
    """Raises PlanError where today's tables cannot be made to agree with earlier ones."""
    numbers = [before.numbers.get(key, -1) for key in cube.keys]
    was_hidden = np.array([number is None for number in numbers])
    shown = np.array([-1 if number is None else number for number in numbers])
    is_absent = np.array([before.last is not None and before.is_absent(key) for key in cube.keys])
    old = np.where(_is_rebased(cube, shown, plan), shown, -1) if is_rebased else np.full(len(shown), -1)
    was_shown = (shown >= 0) & (old < 0)
    half = plan.rounding // 2
    least = np.where(was_shown, np.maximum(shown - half, plan.threshold), 0)
    most = np.where(was_shown, shown + half, INFINITY)
    most[is_absent] = 0
    values, is_bent = cube.values, np.zeros(len(cube.values), dtype=bool)
    if ((values < least) | (values > most)).any():
        is_new = np.array(
            [before.last is None or periods.last_month(key[0][1]) > before.last for key in cube.keys]
        )
        values = _fit(cube, least, most, np.where(is_new, NEW_CHANGE, OLD_CHANGE))
        is_bent = ~_follows(cube, values, was_shown | was_hidden)
    if plan.rounding:
        looks = np.where(was_shown, shown, rounded(values, plan.rounding))
        least, most = np.maximum(looks - half, plan.threshold), looks + half
        is_exact = (values < plan.threshold) | was_hidden | is_absent
        least, most = np.where(is_exact, values, least), np.where(is_exact, values, most)
    else:
        least = most = values
    return Settled(values, least, most, was_shown, was_hidden, is_absent, is_bent, old)


def _follows(cube: Cube, values: np.ndarray, is_old: np.ndarray) -> np.ndarray:
    """The cells that are as published or as recorded, and those that are the sum of such cells: a year is
    what its months were when they were published."""
    follows = is_old | (values == cube.values)
    parts = cube.equations.minimum(0)
    sums = cube.equations.maximum(0)
    while True:
        is_whole = parts @ (~follows).astype(np.int64) == 0
        found = follows | (sums.T @ is_whole.astype(np.int64) > 0)
        if (found == follows).all():
            return follows
        follows = found


def _is_rebased(cube: Cube, shown: np.ndarray, plan: ReleasePlan) -> np.ndarray:
    """The shown cells of the periods that take over what the records say. Periods that hang together do so
    together, if any of their numbers changes by many and their longest totals by many or by none: a small
    change would tell of those who were entered late."""
    change = np.where(shown >= 0, np.abs(cube.values - shown), 0)
    links = abs(cube.equations)
    _, label = csgraph.connected_components(links.T @ links, directed=False)
    longest: dict[int, int] = {}
    for at, key in enumerate(cube.keys):
        if len(key) == 1 and shown[at] >= 0:
            level = periods.PUBLISHED.index(key[0][0])
            longest[label[at]] = max(longest.get(label[at], 0), level)
    is_total = np.array(
        [
            len(key) == 1 and periods.PUBLISHED.index(key[0][0]) == longest.get(label[at])
            for at, key in enumerate(cube.keys)
        ]
    )
    too_little = set(label[is_total & (change > 0) & (change < plan.threshold)].tolist())
    enough = set(label[change >= plan.threshold].tolist())
    return (shown >= 0) & np.isin(label, sorted(enough - too_little))


def rounded(values: np.ndarray, base: int) -> np.ndarray:
    return (values + base // 2) // base * base


def protection(values: np.ndarray, largest: np.ndarray, second: np.ndarray, rule: Dominance) -> np.ndarray:
    """By how much an outsider must be unsure upwards where one or two people dominate a sum; else 0."""
    rest = values - largest - second
    tolerance = largest * rule.tolerance_percent / 100
    is_dominated = (
        (rest < tolerance)
        | (100 * largest > rule.largest_percent * values)
        | (100 * (largest + second) > rule.two_largest_percent * values)
    )
    return np.where(is_dominated & (values > 0), np.maximum(np.ceil(tolerance), 1), 0).astype(np.int64)


def two_largest(cube: Cube, rows: Rows) -> tuple[np.ndarray, np.ndarray]:
    """The two largest contributions of a person to each cell of a sum."""
    found = np.zeros((2, len(cube.keys)), dtype=np.int64)
    used = {level for key in cube.keys for level, _ in key}
    kept = [place for place, hierarchy in enumerate(rows.hierarchies) if set(hierarchy.levels) & used]
    codes = [tuple(row[place] for place in kept) for row in rows.largest]
    hierarchies = [rows.hierarchies[place] for place in kept]
    for grid, offset in cube.grids:
        at, cell = placed(hierarchies, grid, codes)
        given = list(rows.largest.values())
        pairs = sorted(((c, -n) for r, c in zip(at, cell, strict=True) for n in given[r]))
        seen = np.zeros(size(hierarchies, grid), dtype=np.int64)
        for position, negative in pairs:
            if seen[position] < 2:
                found[seen[position], offset + position] = -negative
                seen[position] += 1
    return found[0], found[1]


def _fit(cube: Cube, least: np.ndarray, most: np.ndarray, price: np.ndarray) -> np.ndarray:
    """The whole numbers nearest to the counts that keep within the limits, and that people could give."""
    free = np.zeros(len(cube.joints.values))
    equations = cube.joints.beside(cube.equations)
    values = np.concatenate([cube.values, cube.joints.values])
    least, most = np.concatenate([least, free]), np.concatenate([most, free + INFINITY])
    price, size_ = np.concatenate([price, free]), len(values)
    up = np.maximum(least - values, 0)
    down = np.maximum(values - most, 0)
    program = LinearProgram(
        sparse.hstack([equations, -equations]),
        np.zeros(equations.shape[0]),
        np.concatenate([up, down]),
        np.concatenate([np.maximum(most - values, 0), np.maximum(values - least, 0)]),
        np.concatenate([price, price]),
    )
    for found in (program.solve, program.solve_in_integers):
        move = found()
        if move is None:
            break
        fitted = np.rint(values + move[:size_] - move[size_:])
        if np.abs(move - np.rint(move)).max(initial=0) < NEAR and not (equations @ fitted).any():
            return fitted[: len(cube.values)].astype(np.int64)
    raise PlanError("today's numbers cannot be made to agree with the releases published before")


def _protected(
    cube: Cube,
    settled: Settled,
    is_small: np.ndarray,
    need: np.ndarray,
    small: np.ndarray,
    plan: ReleasePlan,
    order: Order,
) -> Hidden:
    is_hidden = ((is_small & ~settled.was_shown) | settled.was_hidden | settled.is_bent) & ~settled.is_absent
    change = np.where(settled.old >= 0, settled.values - settled.old, 0)
    # A small change is hidden with its new number, which must be able to differ from the old by many.
    is_slight = (change != 0) & (np.abs(change) < plan.threshold)
    is_hidden |= is_slight
    need = np.where(is_slight, np.maximum(need, settled.old + plan.threshold), need)
    is_everyone = np.array([len(key) == 1 for key in cube.keys])
    is_answer = np.array([len(key) == 2 and key[1][0] == "outcome" for key in cube.keys])
    # Nothing but what is public and the secret: a price that knew the values would tell of them.
    price = PRICES ** (2 * np.array([order(key) for key in cube.keys]) - 1)
    price *= np.where(is_everyone, EVERYONE_PRICE, np.where(is_answer, ANSWER_PRICE, 1.0))
    price[is_everyone & ~_lies_in_a_longer_one(cube)] *= WHOLE_PRICE / EVERYONE_PRICE
    earlier = _earlier(cube, settled) if change.any() and not plan.rounding else None
    while True:
        task = SuppressionProblem(
            cube.equations,
            settled.values,
            is_hidden,
            settled.was_shown | settled.is_absent,
            price,
            is_everyone,
            np.where(settled.is_absent, 0, need),
            ~settled.is_absent,
            small,
            settled.least,
            settled.most,
            cube.joints if len(cube.joints.values) else None,
            cube.values,
            plan.threshold,
        )
        found = hide(task) if earlier is None else _hide_beside(task, earlier)
        beside = _beside_lone(cube, found.is_hidden, settled, need <= settled.values, price)
        telling = _telling(cube, found.is_hidden, change, price, plan.threshold)
        if not (beside.any() or telling.any()):
            break
        is_hidden |= beside | telling
        # Worked out from another sum, it would tell as much as if it stood there.
        need = np.where(telling, np.maximum(need, settled.values + plan.threshold), need)
    return Hidden(
        cube,
        settled.values,
        found.is_hidden,
        is_small,
        settled.is_absent,
        found.unsafe,
        found.problems_solved,
        bool(change.any()) and earlier is None,
    )


def _lies_in_a_longer_one(cube: Cube) -> np.ndarray:
    """Of each cell, whether the cube has a longer period that holds its own."""
    known = {key[0] for key in cube.keys}

    def is_held(length: str, code: str) -> bool:
        longer = periods.PUBLISHED[periods.PUBLISHED.index(length) + 1 :]
        return any((each, periods.label(periods.first_month(code), each)) in known for each in longer)

    return np.array([is_held(*key[0]) for key in cube.keys])


def _beside_lone(
    cube: Cube, is_hidden: np.ndarray, settled: Settled, is_large: np.ndarray, price: np.ndarray
) -> np.ndarray:
    """One more cell to hide of each sum of which a hidden one is what the others leave: hidden by an earlier release, or
    as the records say something else. It is large, else it would be protected; but hiding what all can work out is
    vain, and whoever does would take it for what was counted. By price alone: to ask what it takes for the number to
    be one more, as was done once, is to ask whether the numbers beside it can be one less."""
    links, beside = abs(cube.equations), np.zeros(len(is_hidden), dtype=bool)
    is_loose, is_lasting = settled.least < settled.most, settled.was_shown | settled.is_absent
    while True:
        hidden, found = is_hidden | beside, beside.copy()
        for row in np.flatnonzero(links @ (hidden | is_loose).astype(np.int64) == 1).tolist():
            cells = links.indices[links.indptr[row] : links.indptr[row + 1]]
            left = cells[~hidden[cells] & ~is_lasting[cells]]
            if (hidden & is_large)[cells].any() and len(left):
                found[left[np.argmin(price[left])]] = True
        if (found == beside).all():
            return beside
        beside = found


@dataclass(frozen=True, eq=False)
class _Earlier:
    """The numbers that a re-base replaces, for those who take what differs for additions. Of what was hidden, numbers
    that might have been."""

    cells: np.ndarray  # of the cube, those that were published
    equations: sparse.csr_array
    values: np.ndarray
    was_hidden: np.ndarray


def _earlier(cube: Cube, settled: Settled) -> _Earlier | None:
    """None where something fell, so that nobody can take the rest for additions."""
    shown = np.where(settled.old >= 0, settled.old, np.where(settled.was_shown, settled.values, -1))
    cells = np.flatnonzero(((shown >= 0) | settled.was_hidden) & ~settled.is_absent)
    is_other = np.ones(len(cube.keys))
    is_other[cells] = 0
    whole = np.flatnonzero(abs(cube.equations) @ is_other == 0)
    equations, now = cube.equations[whole][:, cells], settled.values[cells]
    is_shown = shown[cells] >= 0
    added = np.where(is_shown, now - shown[cells], 0)
    if (added < 0).any():
        return None
    program = LinearProgram(
        equations,
        np.zeros(len(whole)),
        added,
        np.where(is_shown, added, now),
        np.ones(len(cells)),
    )
    for solve in (program.solve, program.solve_in_integers):
        found = solve()
        if found is None:
            return None
        whole_ones = np.rint(found).astype(np.int64)
        if np.abs(found - whole_ones).max(initial=0) < NEAR and not (equations @ whole_ones).any():
            return _Earlier(cells, equations, now - whole_ones, ~is_shown)
    return None


def _hide_beside(task: SuppressionProblem, earlier: _Earlier) -> Hiding:
    """Hides with the earlier numbers in view, and how many were added to each since: now = earlier + added."""
    number, cells = len(task.values), earlier.cells
    size = len(cells)
    one = sparse.eye_array(size, dtype=np.int64)
    chosen = sparse.csr_array((np.ones(size, dtype=np.int64), (np.arange(size), cells)), shape=(size, number))
    nothing, added = np.zeros(size, dtype=np.int64), task.values[cells] - earlier.values
    true, hidden = np.ones(size, dtype=bool), earlier.was_hidden
    both = SuppressionProblem(
        sparse.csr_array(
            sparse.block_array(
                [[task.equations, None, None], [None, earlier.equations, None], [chosen, -one, -one]]
            )
        ),
        np.concatenate([task.values, earlier.values, added]),
        np.concatenate([task.is_hidden, hidden, true]),
        np.concatenate([task.is_fixed, ~hidden, ~true]),
        np.concatenate([task.price, nothing + 1.0, nothing + 1.0]),
        np.concatenate([task.is_dear, ~true, ~true]),
        np.concatenate([task.need, np.where(hidden, task.threshold, 0), nothing]),
        np.concatenate([task.must_reach_zero, hidden, ~true]),
        np.concatenate([task.small, nothing + task.threshold, nothing]),
        np.concatenate([task.least, earlier.values, added]),
        np.concatenate([task.most, earlier.values, added]),
        task.joints and task.joints.padded(2 * size),
        np.concatenate([task.counted, earlier.values, added]),
        task.threshold,
    )
    found = hide(both)
    # Where even all of them together would not do, the attack decides on what does without.
    return hide(task) if found.unsafe else replace(found, is_hidden=found.is_hidden[:number])


def _telling(
    cube: Cube, is_hidden: np.ndarray, change: np.ndarray, price: np.ndarray, threshold: int
) -> np.ndarray:
    """One more cell to hide of each sum whose hidden parts changed by few people together."""
    found = np.zeros(len(cube.keys), dtype=bool)
    shown_change = cube.equations @ np.where(is_hidden, 0, change)
    for row in np.flatnonzero((shown_change != 0) & (np.abs(shown_change) < threshold)).tolist():
        cells = cube.equations.indices[cube.equations.indptr[row] : cube.equations.indptr[row + 1]]
        left = cells[~is_hidden[cells] & (change[cells] != 0)]
        if len(left):
            found[left[np.argmin(price[left])]] = True
    return found
