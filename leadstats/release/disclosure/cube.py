"""Which cells the published tables have in common, and every equation that holds between them."""

import functools
import heapq
import itertools
import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from leadstats.release.disclosure.unpublished_margins import UnpublishedMargins
from leadstats.release.hierarchy import Hierarchy, Key, PlanError

Grid = tuple[int, ...]  # for each breakdown the position of its level; one past the last level = summed over


@dataclass(frozen=True, eq=False)
class Cube:
    """All published cells of one measure; `equations` @ values = 0 (a parent less its children).

    Tables that overlap in a ring need their joints too: with them every consistent table of
    non-negative integers belongs to some list of people (Vorob'ev 1962), so what is safe cell by
    cell is safe against an attacker who thinks in people.
    """

    keys: tuple[Key, ...]
    grids: tuple[tuple[Grid, int], ...]  # each with the position of its first cell
    equations: sparse.csr_array
    values: np.ndarray
    joints: UnpublishedMargins

    @functools.cached_property
    def positions(self) -> Mapping[Key, int]:
        return {key: position for position, key in enumerate(self.keys)}

    def among(self, cells: np.ndarray) -> "Cube":
        """Some of the cells, with the sums and the joints of which all parts are among them."""
        is_other = np.ones(len(self.keys))
        is_other[cells] = 0
        whole = np.flatnonzero(abs(self.equations) @ is_other == 0)
        own = abs(self.joints.own)
        _, label = csgraph.connected_components(own.T @ own, directed=False)
        of_others = own.T @ (abs(self.joints.outer) @ is_other > 0).astype(np.int64) > 0
        joints = np.flatnonzero(~np.isin(label, label[of_others]))
        return Cube(
            tuple(self.keys[cell] for cell in cells),
            (),
            self.equations[whole][:, cells],
            self.values[cells],
            self.joints.within(cells, joints),
        )


def build(
    hierarchies: Sequence[Hierarchy],
    tables: Iterable[Mapping[str, str]],
    counts: Mapping[tuple[str, ...], int],
    most_cells: int = 300_000,
) -> Cube:
    """The cells of the tables ({breakdown: level}) and of all their margins.

    counts: people by the codes of the finest levels, in the order of the hierarchies.
    """
    published = maximal(grid_of(hierarchies, table) for table in tables)
    tree = join_tree(hierarchies, published)
    shown = {margin for grid in published for margin in margins(hierarchies, grid)}
    joined = {margin for grid, _ in tree for margin in margins(hierarchies, grid)} - shown
    grids = [*sorted(shown, reverse=True), *sorted(joined, reverse=True)]
    sizes = [size(hierarchies, grid) for grid in grids]
    if sum(sizes) > most_cells:
        raise PlanError(
            f"the tables and their joints have {sum(sizes):,} cells; at most {most_cells:,} can be protected"
        )
    offsets = dict(zip(grids, np.cumsum([0, *sizes[:-1]]).tolist(), strict=True))
    values = np.concatenate([sums(hierarchies, grid, counts) for grid in grids])
    width = sum(sizes[: len(shown)])
    sums_of_joints = _equations(hierarchies, _one_step_each(hierarchies, tree), offsets, len(values))
    links = sums_of_joints[abs(sums_of_joints[:, width:]).sum(axis=1) > 0]
    return Cube(
        tuple(key for grid in grids[: len(shown)] for key in grid_keys(hierarchies, grid)),
        tuple((grid, offsets[grid]) for grid in grids[: len(shown)]),
        _equations(hierarchies, _all_steps(shown), offsets, width),
        values[:width],
        UnpublishedMargins(
            values[width:], links[:, width:], links[:, :width], _above(hierarchies, shown, joined, offsets)
        ),
    )


def grid_of(hierarchies: Sequence[Hierarchy], table: Mapping[str, str]) -> Grid:
    if unknown := set(table) - {hierarchy.name for hierarchy in hierarchies}:
        raise PlanError(f"no such breakdown: {', '.join(sorted(unknown))}")
    return tuple(
        hierarchy.levels.index(table[hierarchy.name]) if hierarchy.name in table else hierarchy.coarsest
        for hierarchy in hierarchies
    )


def maximal(grids: Iterable[Grid]) -> list[Grid]:
    """The grids that are not margins of another, in a fixed order."""
    distinct = sorted(set(grids))
    return [grid for grid in distinct if not any(_covers(other, grid) for other in distinct if other != grid)]


def margins(hierarchies: Sequence[Hierarchy], grid: Grid) -> Iterable[Grid]:
    """The grid and everything coarser."""
    return itertools.product(
        *(range(level, hierarchy.coarsest + 1) for hierarchy, level in zip(hierarchies, grid, strict=True))
    )


def size(hierarchies: Sequence[Hierarchy], grid: Grid) -> int:
    return math.prod(len(hierarchy.codes(level)) for hierarchy, level in zip(hierarchies, grid, strict=True))


def grid_keys(hierarchies: Sequence[Hierarchy], grid: Grid) -> Iterable[Key]:
    names = [
        [(hierarchy.levels[level], code) for code in hierarchy.codes(level)]
        if level < len(hierarchy.levels)
        else [None]
        for hierarchy, level in zip(hierarchies, grid, strict=True)
    ]
    return (tuple(filter(None, parts)) for parts in itertools.product(*names))


def join_tree(hierarchies: Sequence[Hierarchy], grids: Sequence[Grid]) -> list[tuple[Grid, Grid | None]]:
    """The grids, with joints where they form a ring, each with what it shares with those before it.

    A grid that shares no more with all the others than with one of them is an ear and is taken
    off (Graham, Yu and Ozsoyoglu).
    """
    left, taken = maximal([*grids, *_joints(hierarchies, maximal(grids))]), []
    while len(left) > 1:
        ear = next((grid, shared) for grid in left if (shared := _shared(grid, left)) is not None)
        taken.append(ear)
        left.remove(ear[0])
    return [(left[0], None), *reversed(taken)]


def _joints(hierarchies: Sequence[Hierarchy], grids: Sequence[Grid]) -> Sequence[Grid]:
    """What joins a ring with the fewest cells. Level after level is summed over; whatever grids still
    have it must be joined before. The orders of doing so form a graph; Dijkstra's way is the shortest."""
    top = tuple(hierarchy.coarsest for hierarchy in hierarchies)
    start = tuple(map(min, *grids)) if len(grids) > 1 else grids[0]
    queue: list[tuple[int, Grid, tuple[Grid, ...], tuple[Grid, ...]]] = [(0, start, tuple(grids), ())]
    done: set[Grid] = set()
    while True:
        cost, reached, left, joints = heapq.heappop(queue)
        if reached == top:
            return joints
        if reached in done:
            continue
        done.add(reached)
        for place, level in enumerate(reached):
            if level == top[place]:
                continue
            held = [grid for grid in left if grid[place] == level]
            joint = [tuple(map(min, *held))] if len(held) > 1 else held
            raised = [(*grid[:place], level + 1, *grid[place + 1 :]) for grid in joint]
            rest = maximal([*(grid for grid in left if grid not in held), *raised])
            price = cost + sum(size(hierarchies, grid) for grid in joint)
            further = (*reached[:place], level + 1, *reached[place + 1 :])
            heapq.heappush(queue, (price, further, tuple(rest), (*joints, *joint)))


def _covers(finer: Grid, coarser: Grid) -> bool:
    return all(fine <= coarse for fine, coarse in zip(finer, coarser, strict=True))


def _shared(grid: Grid, grids: Sequence[Grid]) -> Grid | None:
    others = [other for other in grids if other != grid]
    shared = tuple(map(max, grid, map(min, *others) if len(others) > 1 else others[0]))
    return shared if any(_covers(other, shared) for other in others) else None


def _all_steps(grids: Collection[Grid]) -> list[tuple[Grid, Grid]]:
    """Each grid with each that is one step finer."""
    return [(finer, grid) for grid in sorted(grids) for finer in _one_step_finer(grid) if finer in grids]


def _one_step_each(hierarchies, tree) -> list[tuple[Grid, Grid]]:
    """Each margin with one grid that is one step finer, within its part of the tree: none to spare."""
    found = []
    for whole, shared in tree:
        for grid in margins(hierarchies, whole):
            if grid == whole or (shared is not None and grid != shared and _covers(shared, grid)):
                continue
            candidates = (finer for finer in _one_step_finer(grid) if _covers(whole, finer))
            found.append((min(candidates, key=lambda finer: (size(hierarchies, finer), finer)), grid))
    return found


def _equations(hierarchies, steps: Iterable[tuple[Grid, Grid]], offsets, width) -> sparse.csr_array:
    rows, columns, signs, height = [], [], [], 0
    for finer, grid in steps:
        parent, child = _families(hierarchies, finer, grid)
        rows += [height + parent, height + np.arange(size(hierarchies, grid))]
        columns += [offsets[finer] + child, offsets[grid] + np.arange(size(hierarchies, grid))]
        signs += [np.full(len(parent), -1), np.ones(size(hierarchies, grid), dtype=np.int64)]
        height += size(hierarchies, grid)
    if not rows:
        return sparse.csr_array((0, width), dtype=np.int64)
    entries = (np.concatenate(signs), (np.concatenate(rows), np.concatenate(columns)))
    return sparse.csr_array(entries, shape=(height, width), dtype=np.int64)


def _one_step_finer(grid: Grid) -> Iterable[Grid]:
    for place, level in enumerate(grid):
        if level > 0:
            yield (*grid[:place], level - 1, *grid[place + 1 :])


def _families(hierarchies, finer: Grid, coarser: Grid) -> tuple[np.ndarray, np.ndarray]:
    """Positions of parent and child, one pair for each child that has a parent; any steps apart."""
    shape = [len(hierarchy.codes(level)) for hierarchy, level in zip(hierarchies, coarser, strict=True)]
    steps = [h.rise(coarse, fine) for h, fine, coarse in zip(hierarchies, finer, coarser, strict=True)]
    above = np.stack([axis.ravel() for axis in np.meshgrid(*steps, indexing="ij")])
    child = np.flatnonzero((above >= 0).all(axis=0))
    return np.ravel_multi_index(tuple(above[:, child]), shape), child


def _above(hierarchies, shown: Iterable[Grid], joined: Iterable[Grid], offsets) -> sparse.csr_array:
    """For each joint the published cells it is a part of."""
    width = sum(size(hierarchies, grid) for grid in shown)
    height = sum(size(hierarchies, grid) for grid in joined)
    rows, columns = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    for finer, grid in itertools.product(joined, shown):
        if _covers(finer, grid):
            parent, child = _families(hierarchies, finer, grid)
            rows.append(offsets[finer] - width + child)
            columns.append(offsets[grid] + parent)
    at = (np.concatenate(rows), np.concatenate(columns))
    return sparse.csr_array((np.ones(len(at[0]), dtype=np.int64), at), shape=(height, width))


def sums(hierarchies: Sequence[Hierarchy], grid: Grid, counts: Mapping[tuple[str, ...], int]) -> np.ndarray:
    """The number of each cell of a grid, in the order of its keys."""
    row, cell = placed(hierarchies, grid, counts)
    people = np.fromiter(counts.values(), dtype=np.int64, count=len(counts))
    return np.bincount(cell, weights=people[row], minlength=size(hierarchies, grid)).astype(np.int64)


def placed(
    hierarchies: Sequence[Hierarchy], grid: Grid, codes: Iterable[tuple[str, ...]]
) -> tuple[np.ndarray, np.ndarray]:
    """For the finest codes that lie in a grid: their position in `codes`, and that of their cell."""
    finest = [{code: at for at, code in enumerate(hierarchy.codes(0))} for hierarchy in hierarchies]
    at = [[index[code] for index, code in zip(finest, row, strict=True)] for row in codes]
    columns = np.array(at, dtype=np.int64).reshape(len(at), len(hierarchies)).T
    above = [h.rise(level)[column] for h, level, column in zip(hierarchies, grid, columns, strict=True)]
    row = np.flatnonzero(np.all([position >= 0 for position in above], axis=0))
    if not len(row):
        return row, row
    shape = [len(hierarchy.codes(level)) for hierarchy, level in zip(hierarchies, grid, strict=True)]
    return row, np.ravel_multi_index(tuple(position[row] for position in above), shape)
