"""The categories of a release from fine to coarse, and the counts by the finest of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

Key = tuple[tuple[str, str], ...]  # ((level, code), ...) in the order of the breakdowns; () is everyone


class PlanError(ValueError):
    """Tables that cannot be published together; the text says which, in one line."""


@dataclass(frozen=True)
class Hierarchy:
    """One breakdown with its levels from fine to coarse.

    parents[level][code] is the code one level up, or None where that one is not published (a year
    that is still open). A breakdown without a total (time) is never summed over.
    """

    name: str
    levels: tuple[str, ...]
    parents: Mapping[str, Mapping[str, str | None]]
    has_total: bool = True

    def codes(self, level: int) -> tuple[str, ...]:
        return tuple(self.parents[self.levels[level]]) if level < len(self.levels) else ("",)

    def step(self, level: int) -> np.ndarray:
        """For each code of a level the position of its parent one level up; -1 without one."""
        if level + 1 >= len(self.levels):
            return np.zeros(len(self.codes(level)), dtype=np.int64)
        above = {code: position for position, code in enumerate(self.codes(level + 1))}
        return np.array(
            [above.get(parent, -1) for parent in self.parents[self.levels[level]].values()], np.int64
        )

    def rise(self, level: int, start: int = 0) -> np.ndarray:
        """For each code of the level `start` the position of its ancestor at `level`; -1 without one."""
        position = np.arange(len(self.codes(start)))
        for below in range(start, level):
            # One more place at the end, so that "without ancestor" stays so.
            position = np.append(self.step(below), -1)[position]
        return position

    @property
    def coarsest(self) -> int:
        return len(self.levels) if self.has_total else len(self.levels) - 1


@dataclass(frozen=True, eq=False)
class Rows:
    """The answer of a measure's query: by the finest codes, in the order of the hierarchies."""

    hierarchies: tuple[Hierarchy, ...]
    people: Mapping[tuple[str, ...], int]
    totals: Mapping[tuple[str, ...], int]
    largest: Mapping[tuple[str, ...], Sequence[int]]  # the two largest contributions to a total
