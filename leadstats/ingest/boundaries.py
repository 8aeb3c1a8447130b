"""Which place a point lies in: hides the many ways in which boundary files are written."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyproj
import shapely
from shapely.geometry import mapping, shape

from leadstats.model.schema import OUTSIDE

WGS84 = pyproj.CRS("OGC:CRS84")
# What a column of place names is called, the likeliest first; compared without case.
NAME_HINTS = ("neighb", "nbhd", "nhood", "name", "nam", "label", "beat", "district", "area")
# Simplified borders may stray by this share of the map's longer side: under a pixel on a screen.
SIMPLIFY_SHARE = 1 / 1500


class BoundaryError(ValueError):
    """A boundary file that cannot be used; the text says why and what to do, in plain words."""


@dataclass(frozen=True, eq=False)
class Boundaries:
    """Places in the order of their names, as polygons in degrees (WGS84)."""

    names: tuple[str, ...]
    polygons: tuple[shapely.Geometry, ...] = field(repr=False)
    name_property: str
    left_out: int = 0  # features without a polygon or without a name
    features: int = 0  # in the file, those included
    mended: tuple[str, ...] = ()  # places whose rings crossed themselves

    def geojson(self, simplified: bool = True) -> dict[str, Any]:
        """A FeatureCollection with the property `name`; simplified for the map, with neighbours
        still sharing their borders."""
        polygons = np.array(self.polygons)
        if simplified:
            west, south, east, north = shapely.total_bounds(polygons)
            tolerance = max(east - west, north - south) * SIMPLIFY_SHARE
            polygons = shapely.coverage_simplify(polygons, tolerance)
        polygons = shapely.transform(polygons, lambda degrees: np.round(degrees, 5))  # about a metre
        return {
            "type": "FeatureCollection",
            "features": [
                {"type": "Feature", "properties": {"name": name}, "geometry": mapping(polygon)}
                for name, polygon in zip(self.names, polygons, strict=True)
            ],
        }

    def locate(
        self, latitudes: Sequence[float | None], longitudes: Sequence[float | None]
    ) -> list[str | None]:
        """The place of each point, 'Outside' all of them, or None where the point is missing.

        A point on a shared border belongs to the first of its places in the order of names.
        """
        x = np.array(longitudes, dtype=float)
        y = np.array(latitudes, dtype=float)
        # Exports write 0, 0 for "not known"; there is nothing but sea.
        is_known = (np.abs(x) <= 180) & (np.abs(y) <= 90) & ((x != 0) | (y != 0))
        points = shapely.points(x[is_known], y[is_known])
        point, place = shapely.STRtree(self.polygons).query(points, predicate="intersects")
        first = np.full(len(points), len(self.names))
        np.minimum.at(first, point, place)
        located = np.full(len(x), None, dtype=object)
        located[is_known] = np.array([*self.names, OUTSIDE], dtype=object)[first]
        return located.tolist()


def read_boundaries(
    source: Path | bytes, name_property: str | None = None, crs: str | None = None
) -> Boundaries:
    """Reads GeoJSON; features of one name become one place. Raises BoundaryError.

    `crs` is the site's own statement and wins over the file's.
    """
    collection = _parse(source)
    drawn = [
        (feature.get("properties") or {}, shape_)
        for feature in collection["features"]
        if (shape_ := _shape(feature.get("geometry"))) is not None
    ]
    features = [
        (properties, polygon) for properties, shape_ in drawn if (polygon := _areas(shape_)) is not None
    ]
    if not features:
        raise BoundaryError("the file holds no polygons, only polygons can be places")
    named = name_property or _find_name_property([properties for properties, _ in features])
    parts: dict[str, list[shapely.Geometry]] = {}
    for properties, polygon in features:
        if name := _as_name(properties.get(named)):
            parts.setdefault(name, []).append(polygon)
    if not parts:
        raise BoundaryError(
            f"no feature has a value in the property {named!r}; the file has: {_listed(features[0][0])}"
        )
    names = tuple(sorted(parts))
    polygons = _to_degrees(
        [shapely.union_all(parts[name]) for name in names], crs or _declared_crs(collection)
    )
    used = sum(len(polygons_of_place) for polygons_of_place in parts.values())
    features = len(collection["features"])
    broken = {_as_name(properties.get(named)) for properties, shape_ in drawn if not shape_.is_valid}
    mended = tuple(sorted(broken & set(names)))
    return Boundaries(names, tuple(polygons), named, features - used, features, mended)


def _parse(source: Path | bytes) -> Mapping[str, Any]:
    content = source if isinstance(source, bytes) else source.read_bytes()
    try:
        collection = json.loads(content.decode("utf-8-sig"))
    except ValueError as error:
        raise BoundaryError("the file is not JSON; save the boundaries as GeoJSON") from error
    if not isinstance(collection, dict) or not isinstance(collection.get("features"), list):
        raise BoundaryError("the file is not a GeoJSON FeatureCollection; save the boundaries as GeoJSON")
    return {**collection, "features": [f for f in collection["features"] if isinstance(f, dict)]}


def _shape(geometry: Any) -> shapely.Geometry | None:
    """The geometry of a feature as it is drawn, without heights; None if there is none."""
    if not geometry:
        return None
    try:
        return shapely.force_2d(shape(geometry))
    except (
        shapely.errors.ShapelyError,
        AttributeError,
        KeyError,
        TypeError,
        ValueError,
        IndexError,
    ) as error:
        raise BoundaryError("the file has a geometry that GeoJSON does not know") from error


def _areas(drawn: shapely.Geometry) -> shapely.Geometry | None:
    """The polygons of a geometry as one valid whole; None if it has no area."""
    parts = shapely.get_parts(shapely.make_valid(drawn)).tolist()
    # Repairing a crossed ring may leave lines beside the polygons.
    areas = [part for part in parts if part.geom_type in ("Polygon", "MultiPolygon") and not part.is_empty]
    return shapely.union_all(areas) if areas else None


def _find_name_property(rows: list[Mapping[str, Any]]) -> str:
    """The property that names each feature differently; words before codes, telling headers first."""
    candidates = []
    for position, key in enumerate(rows[0]):
        values = [row.get(key) for row in rows]
        is_text = all(isinstance(value, str) and value.strip() for value in values)
        if is_text and len({value.strip() for value in values}) == len(values):
            hint = next((n for n, part in enumerate(NAME_HINTS) if part in key.lower()), len(NAME_HINTS))
            candidates.append((not all(map(_reads_as_words, values)), hint, position, key))
    if not candidates:
        raise BoundaryError(
            "no property names each feature differently; say which one holds the names with"
            f" boundary_name_property in site.toml; the file has: {_listed(rows[0])}"
        )
    return min(candidates)[-1]


def _reads_as_words(value: str) -> bool:
    """Half of it letters: 'B1' and 'Ward 12' do, '1400000US53033' and time stamps do not."""
    characters = [character for character in value if character.isalnum()]
    return sum(character.isalpha() for character in characters) * 2 >= max(len(characters), 1)


def _as_name(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else str(value).strip()


def _listed(properties: Mapping[str, Any]) -> str:
    return ", ".join(properties) or "none"


def _declared_crs(collection: Mapping[str, Any]) -> str | None:
    declared = collection.get("crs")
    properties = declared.get("properties") if isinstance(declared, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    return name if isinstance(name, str) else None


def _to_degrees(polygons: list[shapely.Geometry], crs: str | None) -> list[shapely.Geometry]:
    if crs is not None:
        try:
            stated = pyproj.CRS(crs)
        except pyproj.exceptions.CRSError as error:
            raise BoundaryError(
                f"the coordinate system {crs!r} is not known; write it as EPSG:2926"
            ) from error
        if not stated.equals(WGS84, ignore_axis_order=True):
            # Files write x before y whatever the coordinate system says of its axes.
            to_degrees = pyproj.Transformer.from_crs(stated, WGS84, always_xy=True)
            polygons = [
                shapely.make_valid(shapely.transform(polygon, to_degrees.transform, interleaved=False))
                for polygon in polygons
            ]
    west, south, east, north = shapely.total_bounds(polygons)
    if not (all(map(math.isfinite, (west, south, east, north))) and -180 <= west <= east <= 180):
        raise BoundaryError(_out_of_range(crs))
    if not -90 <= south <= north <= 90:
        raise BoundaryError(_out_of_range(crs))
    return polygons


def _out_of_range(crs: str | None) -> str:
    if crs is None:
        return (
            "the coordinates are not degrees of longitude and latitude and the file does not say what they"
            ' are; save it as WGS84, or state it in site.toml, e.g. boundary_crs = "EPSG:2926"'
        )
    return f"the coordinates do not fit the coordinate system {crs!r}; save the file as WGS84"
