"""The program that chooses what is hidden, for whoever wants to run it on other tables, as an outsider can.

Built from the files of a release alone. Nobody outside knows the secret order, so the asker chooses it.
"""

import functools
import itertools
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from scipy.sparse import csgraph

from leadstats.model import periods
from leadstats.model.measures import Measure, load_measures
from leadstats.release import history
from leadstats.release.disclosure.cube import Cube, build
from leadstats.release.disclosure.suppression import hide_counts
from leadstats.release.hierarchy import Hierarchy, Key
from leadstats.release.history import Before, EarlierRelease, EarlierTable
from leadstats.release.plan import (
    ELSEWHERE,
    PLACES,
    ReleasePlan,
    breakdown_of,
    place_hierarchy,
)

WIDE_RING = 200  # combinations that nobody published
FEW = 0.2  # of the draws of an order: those that come first


@dataclass(frozen=True, eq=False)
class BlackBox:
    """Which numbers of a table the program would hide in the release that it was built for."""

    cube: Cube
    before: Before
    plan: ReleasePlan
    is_rebased: bool = False

    def pieces(self, hidden: Collection[Key]) -> list[frozenset[Key]]:
        """The cells that it must be told to choose by themselves, in groups that have nothing to do with one
        another while the totals of everybody that are not `hidden` are shown. Not those of a wide ring: to find
        people who give a table of chance takes minutes for each."""
        cube, cells = self.cube, self._cells
        is_total = np.array([len(cell) == 1 and cell not in hidden for cell in cells])
        if self.is_rebased:
            is_total[:] = False
        free = np.concatenate([np.flatnonzero(~is_total), len(cells) + np.arange(len(cube.joints.values))])
        links = abs(cube.joints.beside(cube.equations)[:, free])
        number, label = csgraph.connected_components(links.T @ links, directed=False)
        found = []
        for each in range(number):
            own = free[label == each]
            told = {cells[at] for at in own[own < len(cells)].tolist()}
            if not told.isdisjoint(hidden) and (own >= len(cells)).sum() <= WIDE_RING:
                found.append(frozenset(told | {cells[at] for at in np.flatnonzero(is_total).tolist()}))
        return found

    def __call__(self, numbers: Mapping[Key, int], wanted: Collection[Key], draw: int) -> frozenset[Key]:
        """numbers: by the sorted key of each cell, of all or of a piece. wanted: taken first; `draw` numbers
        orders among them."""
        cube, cells = self._of(frozenset(numbers))
        values = np.array([numbers[cell] for cell in cells], dtype=np.int64)
        joints = cube.joints.complete(values)
        if joints is None:
            return frozenset()
        dice = np.random.default_rng(draw).random(len(cells))
        first = np.array([cell in wanted for cell in cells])
        draws = dict(zip(cube.keys, np.where(first, FEW * dice, 1 - FEW * dice).tolist(), strict=True))
        cube = replace(cube, values=values, joints=replace(cube.joints, values=joints))
        hidden = hide_counts(cube, self.before, self.plan, draws.__getitem__, self.is_rebased)
        return frozenset(cells[at] for at in np.flatnonzero(hidden.is_hidden & ~hidden.is_absent))

    @functools.cached_property
    def _cells(self) -> list[Key]:
        return [tuple(sorted(key)) for key in self.cube.keys]

    @functools.cached_property
    def _of(self) -> Callable[[frozenset[Key]], tuple[Cube, list[Key]]]:
        return functools.cache(self._some)

    def _some(self, told: frozenset[Key]) -> tuple[Cube, list[Key]]:
        at = np.array([place for place, cell in enumerate(self._cells) if cell in told], dtype=np.int64)
        return self.cube.among(at), [self._cells[place] for place in at.tolist()]


def programs(folders: Sequence[Path]) -> Mapping[str, BlackBox]:
    """By series; folders in the order of publication, the release in question last. Not of sums, and not
    where numbers are rounded: what is hidden does not hang on them alone.

    Raises PlanError for a folder that cannot be read.
    """
    *earlier, latest = (history.read(folder) for folder in folders)
    return {
        name: _program(measure, own, earlier, latest)
        for name, measure in load_measures().items()
        if (own := [table for table in latest.tables if table.series == name]) and not latest.rounding
    }


def _program(
    measure: Measure,
    tables: Sequence[EarlierTable],
    earlier: Sequence[EarlierRelease],
    latest: EarlierRelease,
) -> BlackBox:
    codes: dict[str, dict[str, None]] = {}
    for table in tables:
        for at, level in enumerate(table.levels):
            codes.setdefault(level, {}).update(dict.fromkeys(cell[at] for cell in table.numbers))
    plan = ReleasePlan(
        threshold=latest.threshold,
        zones={
            zone: tuple(place for place, own in latest.zones.items() if own == zone)
            for zone in codes.get("zone", ())
            if zone != ELSEWHERE
        },
    )
    named = {level: tuple(own) for level, own in codes.items() if level not in periods.PUBLISHED}
    hierarchies = [_times(codes)]
    if named.keys() >= set(PLACES):
        hierarchies.append(place_hierarchy(named["neighborhood"], plan))
        named = {level: own for level, own in named.items() if level not in PLACES}
    hierarchies += [
        Hierarchy(breakdown_of(level), (level,), {level: dict.fromkeys(own)}) for level, own in named.items()
    ]
    wanted = [{breakdown_of(level): level for level in table.levels} for table in tables]
    known = history.before(measure.name, earlier)
    return BlackBox(build(hierarchies, wanted, {}), known, plan, latest.is_rebased)


def _times(codes: Mapping[str, Collection[str]]) -> Hierarchy:
    """The periods that the tables show."""
    levels = tuple(level for level in periods.PUBLISHED if level in codes)
    parents: dict[str, dict[str, str | None]] = {level: dict.fromkeys(codes[level]) for level in levels}
    for below, level in itertools.pairwise(levels):
        for code in parents[below]:
            parent = periods.label(periods.first_month(code), level)
            parents[below][code] = parent if parent in parents[level] else None
    return Hierarchy("time", levels, parents, has_total=False)
