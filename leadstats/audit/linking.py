"""Which published numbers add up to which: the attacker's equations over all tables and releases."""

import itertools
import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from scipy import sparse

from leadstats.audit.folder import PublishedRelease, ReleaseTable
from leadstats.audit.inference import System, is_possible

TIME = ("month", "quarter", "year", "three_years")
PLACE = ("neighborhood", "zone")
LARGEST_JOINT = 200_000
NEARLY_KNOWN = Fraction(1, 10)

Cell = tuple[tuple[str, str], ...]  # ((level, code), ...) sorted


@dataclass(frozen=True)
class Layer:
    """A table, or the joint of several that nobody published: its levels and the codes of its cells."""

    levels: tuple[str, ...]
    cells: tuple[tuple[str, ...], ...]
    is_published: bool = True


def systems(releases: Sequence[PublishedRelease]) -> dict[str, System]:
    """One system a measure, over all releases together.

    What releases show of one cell must agree; where it does not (a revision), those before and those since
    stand side by side. If nothing shown fell, records can only have been added in between, unless that cannot be, or
    the release says that it is not so.
    """
    measures = sorted({table.measure for release in releases for table in release.tables})
    return {measure: _system(measure, releases) for measure in measures}


def revisions(releases: Sequence[PublishedRelease]) -> list[tuple[str, int, int]]:
    """Cells that two releases show differently: name, old, new."""
    found, last = [], {}
    for release in releases:
        for table in release.tables:
            for codes, number in table.numbers.items():
                key = (table.measure, _cell(table.levels, codes))
                if number is not None:
                    if key in last and last[key] != number:
                        found.append((f"{table.measure}: {name_of(key[1])}", last[key], number))
                    last[key] = number
    return found


def name_of(cell: Cell) -> str:
    return ", ".join(f"{level} {code}" for level, code in cell) or "everyone"


def coarser(level: str, code: str, zones: Mapping[str, str]) -> dict[str, str]:
    """The code itself and everything it lies in: month, quarter, year; neighborhood, zone."""
    if level in TIME:
        year = int(code[:4]) if level != "three_years" else 0
        last = -(-year // 3) * 3
        chain = {
            "month": code,
            "quarter": f"{code[:4]}-Q{-(-int(code[5:7]) // 3)}" if level == "month" else code,
            "year": code[:4],
            "three_years": f"{last - 2}-{last}" if level != "three_years" else code,
        }
        return {name: chain[name] for name in TIME[TIME.index(level) :]}
    if level == "neighborhood" and code in zones:
        return {"neighborhood": code, "zone": zones[code]}
    return {level: code}


def _system(measure: str, releases: Sequence[PublishedRelease]) -> System:
    own = [(release, [table for table in release.tables if table.measure == measure]) for release in releases]
    versions = _versions([(release, tables) for release, tables in own if tables])
    builder = _Builder(versions[-1][-1][0])
    for number, version in enumerate(versions):
        builder.add_version(number if len(versions) > 1 else None, version)
    builder.add_growth(
        {
            at
            for at, (former, version) in enumerate(itertools.pairwise(versions), start=1)
            if measure in version[0][0].not_only_added_since(former[-1][0])
        }
    )
    people = next((table.people for _, tables in own for table in tables if table.people), None)
    cells = None if people is None else _shown_cells(people, releases)
    system = builder.finish(cells)
    if builder.growths and not is_possible(system):
        # Somebody was put into another category, and not added.
        builder.growths.clear()
        system = builder.finish(cells)
    return system


Pair = tuple[PublishedRelease, Sequence[ReleaseTable]]


def _versions(own: Sequence[Pair]) -> list[list[Pair]]:
    """The releases in their order, a new group wherever one shows another number than before, or has hidden one in
    a table of which it lists corrections since."""
    found: list[list[Pair]] = []
    last: dict[Cell, int] = {}
    for release, tables in own:
        shown = {
            _cell(table.levels, codes): number
            for table in tables
            for codes, number in table.numbers.items()
            if number is not None
        }
        corrected = {row["table"] for row in release.corrected_since(found[-1][-1][0])} if found else set()
        is_taken_back = any(
            number is None and _cell(table.levels, codes) in last
            for table in tables
            if table.name in corrected
            for codes, number in table.numbers.items()
        )
        if not found or is_taken_back or any(last.get(cell, own) != own for cell, own in shown.items()):
            found.append([])
            last = {}
        found[-1].append((release, tables))
        last |= shown
    return found


def since_revision(measure: str, releases: Sequence[PublishedRelease]) -> System:
    """The system of the releases that show the numbers of the last one."""
    own = [(release, [t for t in release.tables if t.measure == measure]) for release in releases]
    return _system(measure, [release for release, _ in _versions([pair for pair in own if pair[1]])[-1]])


def group_changes(releases: Sequence[PublishedRelease]) -> list[tuple[str, int]]:
    """What two versions of a sum tell of its hidden parts together: name of the sum, and by how many they
    have changed. A whole that changed by 20 while the parts that are shown changed by 15 tells of 5."""
    found = []
    for measure in sorted({table.measure for release in releases for table in release.tables}):
        own = [(release, [t for t in release.tables if t.measure == measure]) for release in releases]
        for earlier, later in itertools.pairwise(_versions([pair for pair in own if pair[1]])):
            builder = _Builder(later[-1][0])
            for number, version in enumerate((earlier, later)):
                builder.add_version(number, version)
            found += [(f"{measure}: {name}", change) for name, change in builder.changes()]
    return found


def _shown_cells(measure: str, releases: Sequence[PublishedRelease]) -> set[Cell]:
    return {
        _cell(table.levels, codes)
        for release in releases
        for table in release.tables
        if table.measure == measure
        for codes, number in table.numbers.items()
        if number is not None
    }


class _Builder:
    def __init__(self, newest: PublishedRelease):
        self.newest = newest
        self.names: dict[tuple[int | None, Cell], int] = {}
        self.shown: dict[int, int] = {}
        self.joints: set[int] = set()
        self.bounded: set[int] = set()  # the joints of which shown numbers alone say something
        self.rows: list[dict[int, int]] = []
        self.merged: list[dict[int, int]] = []  # sums that are printed as such
        self.growths: list[tuple[int, int]] = []

    def at(self, version: int | None, cell: Cell) -> int:
        return self.names.setdefault((version, cell), len(self.names))

    def add_version(self, version: int | None, pairs: Sequence["Pair"]) -> None:
        zones = {place: zone for release, _ in pairs for place, zone in release.zones.items()}
        cells: dict[tuple[str, ...], dict[tuple[str, ...], int | None]] = {}
        for _, tables in pairs:
            for table in tables:
                known = cells.setdefault(table.levels, {})
                for codes, number in table.numbers.items():
                    known[codes] = number if number is not None else known.get(codes)
        layers = [Layer(levels, tuple(known)) for levels, known in cells.items()]
        for levels, known in cells.items():
            for codes, number in known.items():
                position = self.at(version, _cell(levels, codes))
                if number is not None:
                    self.shown[position] = number
        for _, tables in pairs:
            for table in tables:
                self._add_merged(version, table)
        layers += _joints(layers, zones)
        published = [layer for layer in layers if layer.is_published]
        for layer in layers:
            if not layer.is_published:
                self._add_joints(version, layer, published, zones)
        for fine, coarse in _neighbors(layers):
            self._add_sums(version, fine, coarse, zones)

    def _add_joints(
        self, version: int | None, layer: Layer, published: Sequence[Layer], zones: Mapping[str, str]
    ) -> None:
        """Where a number that a joint is a part of is hidden, it is that number that must be safe."""
        has = attributes(layer.levels)
        wider = [other for other in published if attributes(other.levels) <= has]
        for codes in layer.cells:
            joint = self.at(version, _cell(layer.levels, codes))
            self.joints.add(joint)
            above = _all_above(layer.levels, codes, zones)
            cells = (_cell(other.levels, [above.get(level, "") for level in other.levels]) for other in wider)
            known = [self.names[version, cell] for cell in cells if (version, cell) in self.names]
            if all(position in self.shown for position in known):
                self.bounded.add(joint)

    def _add_sums(self, version: int | None, fine: Layer, coarse: Layer, zones: Mapping[str, str]) -> None:
        parents = {codes: {self.at(version, _cell(coarse.levels, codes)): 1} for codes in coarse.cells}
        for codes in fine.cells:
            above = _all_above(fine.levels, codes, zones)
            parent = parents.get(tuple(above.get(level, "") for level in coarse.levels))
            if parent is not None:
                parent[self.at(version, _cell(fine.levels, codes))] = -1
        self.rows += [row for row in parents.values() if len(row) > 1]

    def _add_merged(self, version: int | None, table: ReleaseTable) -> None:
        """Periods of everybody that are printed together, as one more number that is known."""
        for periods, number in table.merged.items():
            whole = self.at(version, _cell(table.levels, [f"{' and '.join(periods)} together"]))
            self.shown[whole] = number
            parts = {self.at(version, _cell(table.levels, [period])): -1 for period in periods}
            self.merged.append({whole: 1} | parts)

    def changes(self) -> Iterator[tuple[str, int]]:
        """Of each sum that two versions have with hidden parts, by how many these changed together."""
        cells = {position: key for key, position in self.names.items()}
        later = {
            frozenset((cells[position][1], sign) for position, sign in row.items()): row
            for row in self.rows
            if cells[next(iter(row))][0]
        }
        for row in self.rows:
            version, whole = cells[next(iter(row))]
            same = later.get(frozenset((cells[position][1], sign) for position, sign in row.items()))
            if version or same is None:
                continue
            change, is_hidden = 0, False
            for position, sign in row.items():
                now = self.names[1, cells[position][1]]
                if position in self.shown and now in self.shown:
                    change += sign * (self.shown[now] - self.shown[position])
                else:
                    is_hidden = True
            if is_hidden and change:
                yield name_of(whole), abs(change)

    def add_growth(self, but: Collection[int] = ()) -> None:
        """later = earlier + what was added in between, which is 0 or more, if nothing shown fell.

        but: the versions before which more than that was done.
        """
        by_cell: dict[Cell, list[tuple[int | None, int]]] = {}
        for (version, cell), position in self.names.items():
            by_cell.setdefault(cell, []).append((version, position))
        pairs = [
            (old, new)
            for same in by_cell.values()
            for (_, old), (version, new) in itertools.pairwise(same)
            if version not in but
        ]
        if all(
            self.shown.get(new, old) >= old for was, new in pairs if (old := self.shown.get(was)) is not None
        ):
            self.growths += pairs

    def finish(self, people: set[Cell] | None) -> System:
        """people: of a sum, the cells whose people are shown; elsewhere it must say nothing of them."""
        unknown = [position for position in range(len(self.names)) if position not in self.shown]
        half = self.newest.rounding // 2
        loose = [position for position in self.shown if half]
        place = {position: column for column, position in enumerate([*unknown, *loose])}
        every = [*self.rows, *self.merged]
        rows = [row for row in every if any(position in place for position in row) or self._is_wrong(row)]
        entries, right = _matrix(rows, self.shown, place)
        width = len(place)
        lower, upper = np.zeros(width), np.full(width, np.inf)
        for position in loose:
            lower[place[position]] = max(self.shown[position] - half, self.newest.threshold)
            upper[place[position]] = self.shown[position] + half
        equations, right, lower, upper, extra = self._with_growth(entries, right, lower, upper, place)
        names = {position: _label(*key) for key, position in self.names.items()}
        cells = {position: cell for (_, cell), position in self.names.items()}
        labels = [names[position] for position in place] + [""] * extra
        is_target = [position not in self.joints or position in self.bounded for position in unknown]
        targets = np.array([*is_target, *[False] * (len(loose) + extra)], dtype=bool)
        # Of no type by themselves where nothing is hidden.
        strict = np.array(
            [people is not None and cells[position] not in people for position in place] + [False] * extra,
            dtype=bool,
        )
        is_revised = any(version is not None for version, _ in self.names)
        joints = np.array([position in self.joints for position in place] + [False] * extra, dtype=bool)
        before = np.full(width + extra, -1)
        for was, now in self.growths:
            if now in place:
                before[place[now]] = self.shown.get(was, before[place[was]] if was in place else -1)
        return System(
            tuple(labels),
            equations,
            right,
            lower,
            upper,
            targets,
            self.newest.threshold,
            joints,
            strict,
            NEARLY_KNOWN if people is not None else Fraction(0),
            tuple(names[next(iter(row))] for row in rows) + ("",) * extra,
            tuple(self._shown_in(row, place, names) for row in rows) + ((),) * extra,
            # Releases side by side show a cell twice; a program is run on one release.
            () if is_revised else tuple(cells[position] for position in place) + ((),) * extra,
            {} if is_revised else {cells[position]: number for position, number in self.shown.items()},
            before,
        )

    def _is_wrong(self, row: Mapping[int, int]) -> bool:
        return sum(sign * self.shown[position] for position, sign in row.items()) != 0

    def _shown_in(self, row, place, names) -> tuple[tuple[str, int, int], ...]:
        return tuple(
            (names[position], self.shown[position], sign)
            for position, sign in row.items()
            if position in self.shown and position not in place
        )

    def _with_growth(self, equations, right, lower, upper, place):
        rows = []
        for earlier, later in self.growths:
            row = {later: 1, earlier: -1}
            if any(position in place for position in row):
                rows.append(row)
        if not rows:
            return equations, right, lower, upper, 0
        more, more_right = _matrix(rows, self.shown, place)
        grown = sparse.hstack([more, -sparse.eye_array(len(rows), dtype=np.int64)])
        wide = sparse.hstack([equations, sparse.csr_array((equations.shape[0], len(rows)), dtype=np.int64)])
        return (
            sparse.csr_array(sparse.vstack([wide, grown])),
            np.concatenate([right, more_right]),
            np.concatenate([lower, np.zeros(len(rows))]),
            np.concatenate([upper, np.full(len(rows), np.inf)]),
            len(rows),
        )


def _matrix(rows: Sequence[Mapping[int, int]], known: Mapping[int, int], place: Mapping[int, int]):
    """Unknown cells to the left, what is shown to the right."""
    data, at, columns = [], [], []
    right = np.zeros(len(rows), dtype=np.int64)
    for height, row in enumerate(rows):
        for position, sign in row.items():
            if position in place:
                data.append(sign)
                at.append(height)
                columns.append(place[position])
            else:
                right[height] -= sign * known[position]
    return sparse.csr_array((data, (at, columns)), shape=(len(rows), len(place)), dtype=np.int64), right


def _cell(levels: Sequence[str], codes: Sequence[str]) -> Cell:
    return tuple(sorted(zip(levels, codes, strict=True)))


def _all_above(levels: Sequence[str], codes: Sequence[str], zones: Mapping[str, str]) -> dict[str, str]:
    """By level, the codes of a cell and everything they lie in."""
    found: dict[str, str] = {}
    for level, code in zip(levels, codes, strict=True):
        found |= coarser(level, code, zones)
    return found


def _label(version: int | None, cell: Cell) -> str:
    return name_of(cell) + (f" (release {version + 1} of those given)" if version is not None else "")


def attributes(levels: Iterable[str]) -> frozenset[str]:
    """The levels of a table and all coarser ones it implies."""
    found: set[str] = set()
    for level in levels:
        chain = next((chain for chain in (TIME, PLACE) if level in chain), (level,))
        found |= set(chain[chain.index(level) :])
    return frozenset(found)


def _neighbors(layers: Sequence[Layer]) -> Iterable[tuple[Layer, Layer]]:
    """Each layer with the coarser ones that have none in between."""
    held = [(attributes(layer.levels), layer) for layer in layers]
    for fine_has, fine in held:
        below = [(has, layer) for has, layer in held if has < fine_has]
        for has, coarse in below:
            if not any(has < between < fine_has for between, _ in below):
                yield fine, coarse


def _joints(layers: Sequence[Layer], zones: Mapping[str, str]) -> list[Layer]:
    """Tables overlap in a ring when each two levels stand together in some table, yet no table has them
    all: the joint of such levels is bounded by all of them at once."""
    tables = [attributes(layer.levels) for layer in layers]
    linked: dict[str, set[str]] = {}
    for table in tables:
        for level in table:
            linked.setdefault(level, set()).update(table - {level})
    joints = []
    for clique in _cliques(linked):
        if not any(clique <= table for table in tables):
            joints.append(_joint(clique, layers, zones))
    return joints


def _cliques(linked: Mapping[str, set[str]]) -> list[frozenset[str]]:
    """All largest sets of levels that are linked two by two (Bron and Kerbosch)."""
    found: list[frozenset[str]] = []

    def grow(chosen: frozenset[str], candidates: set[str], done: set[str]) -> None:
        if not candidates and not done:
            found.append(chosen)
        for level in sorted(candidates):
            grow(chosen | {level}, candidates & linked[level], done & linked[level])
            candidates = candidates - {level}
            done = done | {level}

    grow(frozenset(), set(linked), set())
    return found


def _joint(clique: frozenset[str], layers: Sequence[Layer], zones: Mapping[str, str]) -> Layer:
    levels = sorted(
        (level for level in clique if not any(level in attributes([finer]) - {finer} for finer in clique)),
        key=lambda level: (level not in TIME, level),
    )
    codes: dict[str, dict[str, None]] = {level: {} for level in levels}
    for layer in layers:
        for cell in layer.cells:
            for level, code in zip(layer.levels, cell, strict=True):
                if level in codes:
                    codes[level][code] = None
    if math.prod(map(len, codes.values())) > LARGEST_JOINT:
        raise ValueError(f"the tables overlap in a ring over {', '.join(levels)}, too large to be examined")
    return Layer(tuple(levels), tuple(itertools.product(*codes.values())), is_published=False)
