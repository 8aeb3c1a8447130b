"""What is to be protected, and what makes it safe: the words that hiding and showing again share."""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

FREE = 0.01  # the price of moving a hidden cell by one: not nothing, so that second tables stay simple


@dataclass(frozen=True, eq=False)
class Task:
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

    def is_small(self) -> np.ndarray:
        """Cells that must be able to be nobody, whatever else is known of them."""
        return self.must_reach_zero & (self.values < self.small)


@dataclass(frozen=True, eq=False)
class Second:
    """A second table that looks the same on the page: the cells that differ, and what they are there."""

    cells: np.ndarray
    values: np.ndarray
