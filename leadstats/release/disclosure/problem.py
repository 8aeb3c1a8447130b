"""What is to be protected, and what makes it safe: the words that hiding and showing again share."""

import functools
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from leadstats.release.disclosure.unpublished_margins import UnpublishedMargins
from leadstats.release.hierarchy import PlanError

FREE = 0.01  # the price of moving a hidden cell by one: not nothing, so that second tables stay simple


@dataclass(frozen=True, eq=False)
class SuppressionProblem:
    """One system of cells to protect; arrays run over its cells.

    equations @ values are sums that stay as they are. A shown cell may be anything from least to most
    without looking different (its value alone, if not rounded). need is what a hidden cell must be able
    to reach.
    """

    equations: sparse.csr_array
    values: np.ndarray
    is_hidden: np.ndarray  # what must be hidden from the start
    is_fixed: np.ndarray  # what earlier releases show: cannot be hidden any more
    price: np.ndarray  # how much it would be missed
    is_dear: np.ndarray  # hidden only where nothing else helps
    need: np.ndarray
    must_reach_zero: np.ndarray  # unless it is provably not below `small`
    small: np.ndarray
    least: np.ndarray
    most: np.ndarray
    joints: UnpublishedMargins | None = None
    counted: np.ndarray | None = None  # the cells as counted, to which the joints belong
    threshold: int = 0  # that joints must be able to reach

    def is_small(self) -> np.ndarray:
        """Cells that must be able to be nobody, whatever else is known of them."""
        return self.must_reach_zero & (self.values < self.small)

    def is_second(self, table: np.ndarray) -> bool:
        """Whether whole numbers could be the truth: all sums hold, and people exist who give them."""
        return bool(
            table.min(initial=0) >= 0
            and not (self.equations @ (table - self.values)).any()
            and (self.joints is None or self.joints.complete(table - self.counted) is not None)
        )

    @functools.cached_property
    def true_joints(self) -> np.ndarray:
        found = self.joints.complete(self.values - self.counted)
        if found is None:
            raise PlanError("no people were found who give today's numbers as they were published before")
        return found

    def exposed(self, is_hidden: np.ndarray) -> list[int]:
        """Joints that shown numbers alone keep below the threshold, while the cells keep their values."""
        if self.joints is None:
            return []
        change = self.values - self.counted
        return [
            joint
            for joint in self.joints.bounded(is_hidden).tolist()
            if self.joints.complete(change, joint, self.threshold) is None
        ]

    def parts(self) -> Iterator["Part"]:
        """What hangs together by sums in which a number may move; what is fixed has no part in it. A second
        table of one part, beside the true numbers of all others, is one of the whole."""
        cells = np.flatnonzero(~self.is_fixed | (self.least < self.most))
        joints = np.arange(0 if self.joints is None else len(self.joints.values))
        equations = self.equations if self.joints is None else self.joints.beside(self.equations)
        links = abs(equations[:, np.concatenate([cells, len(self.values) + joints])])
        number, label = csgraph.connected_components(links.T @ links, directed=False)
        for each in range(number):
            is_in = label == each
            yield self._part(cells[is_in[: len(cells)]], joints[is_in[len(cells) :]])

    def alone(self, cells: np.ndarray) -> "Part":
        """Some cells, and of the sums those of which all parts are among them."""
        is_other = np.ones(len(self.values))
        is_other[cells] = 0
        whole = np.flatnonzero(abs(self.equations) @ is_other == 0)
        return replace(self, equations=self.equations[whole], joints=None)._part(cells, cells[:0])

    def below(self, cells: np.ndarray) -> np.ndarray:
        """Some cells, and all that they are sums of."""
        wholes, parts = self.equations.maximum(0), -self.equations.minimum(0)
        while True:
            found = cells | (parts.T @ (wholes @ cells.astype(np.int64)) > 0)
            if (found == cells).all():
                return cells
            cells = found

    def _part(self, cells: np.ndarray, joints: np.ndarray) -> "Part":
        equations = self.equations[:, cells]
        within = None
        if len(joints):
            within = replace(self.joints, values=self.true_joints).within(cells, joints)
        task = SuppressionProblem(
            equations[np.flatnonzero(abs(equations).sum(axis=1))],
            self.values[cells],
            self.is_hidden[cells],
            self.is_fixed[cells],
            self.price[cells],
            self.is_dear[cells],
            self.need[cells],
            self.must_reach_zero[cells],
            self.small[cells],
            self.least[cells],
            self.most[cells],
            within,
            self.values[cells],
            self.threshold,
        )
        return Part(cells, joints, task)


@dataclass(frozen=True, eq=False)
class Part:
    """Some cells and joints of a problem, and the problem that they are by themselves."""

    cells: np.ndarray
    joints: np.ndarray
    task: SuppressionProblem


@dataclass(frozen=True, eq=False)
class AlternativeTable:
    """A second table that looks the same on the page: the cells that differ, and what they are there."""

    cells: np.ndarray
    values: np.ndarray
