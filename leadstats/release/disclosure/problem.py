"""What is to be protected, and what makes it safe: the words that hiding and showing again share."""

import functools
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from leadstats.release.disclosure.unpublished_margins import UnpublishedMargins

FREE = 0.01  # the price of moving a hidden cell by one: not nothing, so that second tables stay simple


@dataclass(frozen=True, eq=False)
class SuppressionProblem:
    """One system of cells to protect; arrays run over its cells.

    equations @ values = 0. A shown cell may be anything from least to most without looking
    different (its value alone, if not rounded). need is what a hidden cell must be able to reach.
    """

    equations: sparse.csr_array
    values: np.ndarray
    is_hidden: np.ndarray  # what must be hidden from the start
    is_fixed: np.ndarray  # what earlier releases show: cannot be hidden any more
    price: np.ndarray  # how much it would be missed
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
            and not (self.equations @ table).any()
            and (self.joints is None or self.joints.complete(table - self.counted) is not None)
        )

    @functools.cached_property
    def true_joints(self) -> np.ndarray | None:
        return self.joints.complete(self.values - self.counted)

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


@dataclass(frozen=True, eq=False)
class AlternativeTable:
    """A second table that looks the same on the page: the cells that differ, and what they are there."""

    cells: np.ndarray
    values: np.ndarray
