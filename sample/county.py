"""The invented county: its neighborhoods, their outlines, residents and streets.

It lies in the open Pacific on purpose: no figure drawn on it can be taken for a real place.
"""

import math
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry import LineString, MultiPoint, Polygon

CENTER_NORTH, CENTER_EAST = 44.0, -139.0  # degrees
KM_PER_DEGREE = 111.2
BLUR_DEGREES = 0.002  # police round coordinates so that no address can be read off
POINTS_PER_NEIGHBORHOOD = 3000

RESIDENT_GROUPS = (
    "White",
    "Hispanic or Latino",
    "Black or African American",
    "Asian",
    "American Indian or Alaska Native",
    "Native Hawaiian or Pacific Islander",
    "Middle Eastern or North African",
    "Two or more",
)
RESIDENT_SHARES = np.array([0.585, 0.145, 0.105, 0.075, 0.018, 0.008, 0.009, 0.055])


@dataclass(frozen=True)
class Neighborhood:
    """One neighborhood: where its name belongs (-1 to 1 from the center), and how it lives."""

    name: str
    east: float
    north: float
    residents: int
    street: float  # how often police work there, per equal share of the county
    offer: float  # how readily officers there offer diversion, 1 = as elsewhere
    groups: tuple[tuple[str, float], ...] = ()  # groups living here more (or less) than elsewhere


_BLACK, _HISPANIC, _ASIAN, _NATIVE = (RESIDENT_GROUPS[index] for index in (2, 1, 3, 4))

NEIGHBORHOODS = (
    Neighborhood("Old Market", -0.05, 0.10, 7_400, 3.4, 1.10),
    Neighborhood("Station Square", 0.12, 0.02, 6_100, 3.6, 1.05),
    Neighborhood("Court Street", -0.15, -0.05, 5_300, 2.4, 1.15),
    Neighborhood("Mill Row", 0.20, -0.18, 9_800, 2.5, 0.72, ((_BLACK, 2.6), (_HISPANIC, 1.4))),
    Neighborhood("Ferry Landing", -0.40, 0.05, 6_900, 1.9, 1.00),
    Neighborhood("Cannery Slough", -0.42, -0.22, 8_200, 1.5, 0.95, ((_HISPANIC, 2.1), (_ASIAN, 1.5))),
    Neighborhood("Rail Yards", 0.42, 0.05, 7_700, 1.7, 0.80, ((_BLACK, 2.2),)),
    Neighborhood("Foundry", 0.35, 0.25, 10_400, 1.3, 0.95, ((_BLACK, 1.7),)),
    Neighborhood("College Green", 0.02, 0.42, 14_900, 1.0, 1.35, ((_ASIAN, 1.6),)),
    Neighborhood("Hospital Hill", 0.00, -0.42, 12_300, 1.2, 1.05),
    Neighborhood("North End", 0.05, 0.85, 13_600, 1.6, 1.00, ((_NATIVE, 1.9),)),
    Neighborhood("Lighthouse Point", -0.55, 0.65, 5_200, 0.35, 1.05),
    Neighborhood("Orchard Hill", 0.48, 0.62, 15_800, 0.35, 1.00, ((_BLACK, 0.5),)),
    Neighborhood("Upper Terrace", -0.25, 0.55, 11_700, 0.30, 1.10, ((_BLACK, 0.4), (_HISPANIC, 0.6))),
    Neighborhood("Fairground", 0.65, 0.30, 12_900, 0.75, 0.90, ((_HISPANIC, 1.9),)),
    Neighborhood("Quarry Hill", 0.85, 0.00, 9_100, 0.30, 0.95),
    Neighborhood("Tannery", 0.55, -0.22, 11_200, 0.95, 0.85, ((_BLACK, 1.9), (_HISPANIC, 1.3))),
    Neighborhood("Three Bridges", 0.28, -0.45, 13_300, 0.70, 1.00),
    Neighborhood("Willow Bottoms", -0.30, -0.52, 10_600, 0.60, 1.00, ((_HISPANIC, 1.5),)),
    Neighborhood("Saltmarsh", -0.62, -0.45, 4_300, 0.25, 1.00, ((_NATIVE, 3.0),)),
    Neighborhood("South Gate", 0.05, -0.80, 14_700, 0.85, 0.90, ((_ASIAN, 1.8),)),
    Neighborhood("Long Meadow", 0.55, -0.65, 16_900, 0.30, 1.00, ((_BLACK, 0.5),)),
    Neighborhood("Kiln Yard", 0.60, 0.60, 7_900, 0.45, 1.00),
    Neighborhood("Harbor Flats", -0.75, -0.10, 8_800, 0.80, 1.00),
)


@dataclass(frozen=True)
class County:
    """Everything about places that lives and exports need; arrays run along NEIGHBORHOODS."""

    outlines: tuple[Polygon, ...]  # degrees
    residents: np.ndarray  # neighborhoods x RESIDENT_GROUPS, people
    points: np.ndarray  # neighborhoods x POINTS_PER_NEIGHBORHOOD x (east, north), blurred degrees

    @property
    def street(self) -> np.ndarray:
        """Share of the county's street contacts by neighborhood."""
        weights = np.array([place.street for place in NEIGHBORHOODS])
        return weights / weights.sum()

    @property
    def offer(self) -> np.ndarray:
        return np.array([place.offer for place in NEIGHBORHOODS])


def invent_county(random: np.random.Generator) -> County:
    banks = _banks(random)
    cells = [cell for bank, number in zip(banks, _share_out(banks), strict=True) for cell in
             _cells(random, bank, number)]  # fmt: skip
    outlines = tuple(_to_degrees(cell) for cell in _bend(_in_order_of_names(cells)))
    return County(
        outlines,
        _residents(random),
        np.stack([_street_points(random, outline) for outline in outlines]),
    )


def _banks(random: np.random.Generator) -> list[Polygon]:
    """The land on either side of the river, in kilometres around the center."""
    angle = np.linspace(0, 2 * math.pi, 240, endpoint=False)
    reach = np.full_like(angle, 13.0)
    for wave in range(2, 7):
        reach += random.normal(0, 3.2 / wave) * np.cos(wave * angle + random.uniform(0, 2 * math.pi))
    coast = Polygon(np.column_stack([1.1 * reach * np.cos(angle), reach * np.sin(angle)]))
    bay = LineString([(-16, 4.5), (-9.5, 2.2), (-6.5, 0.8)]).buffer(1.9).union(
        LineString([(-17, 5.5), (-12, 3)]).buffer(3.2)
    )  # fmt: skip
    bend = np.linspace(-7, 18, 40)
    river = LineString(np.column_stack([bend, 0.9 + 1.3 * np.sin(bend / 3.4) + 0.05 * bend])).buffer(0.28)
    land = coast.difference(bay.union(river).buffer(0.4).buffer(-0.4))
    return sorted(sorted(land.geoms, key=lambda part: part.area)[-2:], key=lambda part: part.centroid.y)


def _share_out(banks: list[Polygon]) -> list[int]:
    south, north = (bank.area for bank in banks)
    in_south = round(len(NEIGHBORHOODS) * south / (south + north))
    return [in_south, len(NEIGHBORHOODS) - in_south]


def _cells(random: np.random.Generator, bank: Polygon, number: int) -> list[Polygon]:
    """Voronoi cells of seeds that are denser towards the center, clipped to the bank."""
    seeds: list = []
    while len(seeds) < number:
        distance, angle = 14 * random.random() ** 0.9, random.uniform(0, 2 * math.pi)
        point = shapely.Point(1.1 * distance * math.cos(angle), distance * math.sin(angle))
        if bank.contains(point) and all(point.distance(other) > 1.9 for other in seeds):
            seeds.append(point)
    for _ in range(2):  # two steps towards even sizes leave the center's cells smaller
        cells = _voronoi(seeds, bank)
        seeds = [cell.representative_point() if not cell.contains(cell.centroid) else cell.centroid
                 for cell in cells]  # fmt: skip
    return _voronoi(seeds, bank)


def _voronoi(seeds: list, bank: Polygon) -> list[Polygon]:
    cells = shapely.voronoi_polygons(MultiPoint(seeds), extend_to=bank.buffer(5), ordered=True).geoms
    pieces = [cell.intersection(bank) for cell in cells]
    return [max(getattr(piece, "geoms", [piece]), key=lambda part: part.area) for piece in pieces]


def _in_order_of_names(cells: list[Polygon]) -> list[Polygon]:
    """Cells in the order of NEIGHBORHOODS: each name takes the free cell nearest to where it belongs."""
    free = list(cells)
    ordered = []
    for place in NEIGHBORHOODS:
        spot = shapely.Point(14 * place.east, 12 * place.north)
        nearest = min(range(len(free)), key=lambda index: free[index].centroid.distance(spot))
        ordered.append(free.pop(nearest))
    return ordered


def _bend(cells: list[Polygon]) -> list[Polygon]:
    """The same cells with edges as streets and streams run: one smooth shift moves shared edges alike."""

    def shift(points: np.ndarray) -> np.ndarray:
        east, north = points[:, 0], points[:, 1]
        return np.column_stack(
            [
                east + 0.38 * np.sin(1.1 * north + 0.4 * east) + 0.12 * np.sin(3.1 * north),
                north + 0.34 * np.sin(0.9 * east - 0.5 * north) + 0.10 * np.sin(2.7 * east),
            ]
        )

    bent = shapely.transform(shapely.segmentize(cells, 0.25), shift)
    return list(shapely.coverage_simplify(bent, 0.05))


def _to_degrees(cell: Polygon) -> Polygon:
    shrink = math.cos(math.radians(CENTER_NORTH))

    def degrees(points: np.ndarray) -> np.ndarray:
        east = CENTER_EAST + points[:, 0] / (KM_PER_DEGREE * shrink)
        return np.column_stack([east, CENTER_NORTH + points[:, 1] / KM_PER_DEGREE]).round(5)

    return shapely.transform(cell, degrees)


def _residents(random: np.random.Generator) -> np.ndarray:
    rows = []
    for place in NEIGHBORHOODS:
        tilt = np.array([dict(place.groups).get(group, 1.0) for group in RESIDENT_GROUPS])
        shares = RESIDENT_SHARES * tilt * random.gamma(18, 1 / 18, len(RESIDENT_GROUPS))
        rows.append(np.rint(place.residents * shares / shares.sum()).astype(int))
    return np.array(rows)


def _street_points(random: np.random.Generator, outline: Polygon) -> np.ndarray:
    """Blurred points inside the outline, crowded around a few corners as street life is."""
    west, south, east, north = outline.bounds
    corners = random.uniform((west, south), (east, north), (6, 2))
    found = np.empty((0, 2))
    while len(found) < POINTS_PER_NEIGHBORHOOD:
        spread = random.uniform((west, south), (east, north), (4000, 2))
        near = corners[random.integers(0, 6, 4000)] + random.normal(0, 0.004, (4000, 2))
        points = np.where(random.random((4000, 1)) < 0.6, near, spread)
        points = (np.rint(points / BLUR_DEGREES) * BLUR_DEGREES).round(4)
        found = np.vstack([found, points[shapely.contains_xy(outline, points)]])
    return found[:POINTS_PER_NEIGHBORHOOD]
