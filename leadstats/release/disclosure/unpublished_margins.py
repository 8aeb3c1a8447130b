"""Combinations that nobody published, where tables overlap in a ring: can they complete a table?"""

import functools
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from leadstats.release.disclosure.solver import INFINITY, LinearProgram, is_whole


@dataclass(frozen=True, eq=False)
class UnpublishedMargins:
    """own @ joints + outer @ published = 0. `values` are the joints of the true table.

    above: for each joint the published cells it is a part of.
    """

    values: np.ndarray
    own: sparse.csr_array
    outer: sparse.csr_array
    above: sparse.csr_array

    def beside(self, equations: sparse.csr_array) -> sparse.csr_array:
        """The equations of the published cells, and those of cells and joints together."""
        nothing = sparse.csr_array((equations.shape[0], len(self.values)), dtype=np.int64)
        parts = [[equations, nothing], [self.outer, self.own]]
        return sparse.csr_array(sparse.vstack([sparse.hstack(part) for part in parts]))

    def complete(self, change: np.ndarray, joint: int | None = None, least: int = 0) -> np.ndarray | None:
        """Joints, all 0 or more, that go with published cells so changed, and of which one is at least
        so large; None if none were found."""
        table = self.values.copy()
        right = -(self.outer @ change)
        for block in self._blocks:
            at = block.place.get(joint)
            if at is not None or right[block.rows].any():
                move = block.nearest(right[block.rows], at, least)
                if move is None:
                    return None
                table[block.cells] += move
        return table

    def within(self, cells: np.ndarray, joints: np.ndarray) -> "UnpublishedMargins":
        """Of some cells and the joints that hang on them and on no others."""
        own = self.own[:, joints]
        rows = np.flatnonzero(abs(own).sum(axis=1))
        return UnpublishedMargins(
            self.values[joints], own[rows], self.outer[rows][:, cells], self.above[joints][:, cells]
        )

    def padded(self, further: int) -> "UnpublishedMargins":
        """Beside so many further cells, with which they have nothing to do."""

        def wider(matrix: sparse.csr_array) -> sparse.csr_array:
            nothing = sparse.csr_array((matrix.shape[0], further), dtype=np.int64)
            return sparse.csr_array(sparse.hstack([matrix, nothing]))

        return UnpublishedMargins(self.values, self.own, wider(self.outer), wider(self.above))

    def bounded(self, is_hidden: np.ndarray) -> np.ndarray:
        """The joints of which all that they are a part of is shown: nothing else hides them."""
        return np.flatnonzero(self.above @ is_hidden.astype(np.int64) == 0)

    @functools.cached_property
    def _blocks(self) -> list["_LinkedMargins"]:
        if not len(self.values):
            return []
        links = abs(self.own)
        _, label = csgraph.connected_components(links.T @ links, directed=False)
        return [_LinkedMargins(self, np.flatnonzero(label == each)) for each in range(label.max() + 1)]


class _LinkedMargins:
    """Joints that depend on one another, as a year's do, and on no others."""

    def __init__(self, joints: UnpublishedMargins, cells: np.ndarray):
        self.cells = cells
        self.place = {cell: position for position, cell in enumerate(cells.tolist())}
        self.rows = np.flatnonzero(abs(joints.own[:, cells]).sum(axis=1))
        self._values = joints.values[cells]
        self._equations = joints.own[self.rows][:, cells]
        self._program = LinearProgram(
            sparse.hstack([self._equations, -self._equations]),
            np.zeros(len(self.rows)),
            np.zeros(2 * len(cells)),
            np.concatenate([np.full(len(cells), INFINITY), self._values]),
            np.ones(2 * len(cells)),
        )

    def nearest(self, right: np.ndarray, at: int | None, least: int) -> np.ndarray | None:
        """The least change of the joints that meets the sums, in whole numbers."""
        self._program.right(right)
        if at is not None:
            self._program.bound(at, max(least - self._values[at], 0), INFINITY)
        move = next((move for move in self._moves() if self._meets(move, right)), None)
        if at is not None:
            self._program.bound(at, 0, INFINITY)
        return move

    def _moves(self) -> Iterator[np.ndarray]:
        for solve in (self._program.solve, self._program.solve_in_integers):
            found = solve()
            if found is None:
                return
            if is_whole(found):
                yield np.rint(found[: len(self.cells)] - found[len(self.cells) :]).astype(np.int64)

    def _meets(self, move: np.ndarray, right: np.ndarray) -> bool:
        return not (self._equations @ move != right).any() and not (self._values + move < 0).any()
