"""Which place a point lies in: hides the many ways in which boundary files are written."""

import codecs
import fnmatch
import io
import json
import math
import struct
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
import shapefile
import shapely
from shapely.geometry import mapping, shape

from leadstats.ingest.inbox import SourceFile
from leadstats.model.messages import Problem, problem
from leadstats.model.schema import OUTSIDE

# What a column of place names is called, the likeliest first; compared without case.
NAME_HINTS = ("neighb", "nbhd", "nhood", "name", "nam", "label", "beat", "district", "area")
# Simplified borders may stray by this share of the map's longer side: under a pixel on a screen.
SIMPLIFY_SHARE = 1 / 1500
# Files of other names that hold a map, or say that they do in a form that cannot be used.
MARKS_OF_A_MAP = (b'"FeatureCollection"', b'"Topology"', b'"esriGeometry')
SHAPEFILE = (".shp", ".dbf", ".prj", ".cpg", ".shx", ".sbn", ".sbx", ".qpj", ".qix", ".shp.xml")

Feature = tuple[Mapping[str, Any], shapely.Geometry | None]


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
    mended: tuple[str, ...] = ()  # places whose rings crossed themselves or the 180th meridian
    joined: tuple[str, ...] = ()  # places of several features

    def geojson(self, simplified: bool = True) -> dict[str, Any]:
        """A FeatureCollection with the property `name`; simplified for the map, with neighbors
        still sharing their borders."""
        polygons = np.array(self.polygons)
        if simplified:
            west, south, east, north = shapely.total_bounds(polygons)
            # Places on both sides of the 180th meridian are near each other all the same.
            width = min(east - west, 360 - (east - west))
            tolerance = max(width, north - south) * SIMPLIFY_SHARE
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


@dataclass(frozen=True)
class Map:
    """The files of an inbox that hold one map: a GeoJSON file, or a shapefile in its parts by their endings."""

    file: SourceFile
    parts: Mapping[str, SourceFile] = field(default_factory=dict, repr=False)

    @property
    def files(self) -> tuple[SourceFile, ...]:
        return tuple(self.parts.values()) or (self.file,)

    def is_named(self, wanted: str) -> bool:
        """By its own name, or that of the archive or folder that holds it; a pattern may hold *."""
        return any(fnmatch.fnmatchcase(part, wanted) for part in PurePosixPath(self.file.name).parts)

    def read(self, name_property: str | None = None, crs: str | None = None) -> Boundaries:
        """As `read_boundaries`."""
        if not self.parts:
            return read_boundaries(self.file.content(), name_property, crs)
        contents = {ending: part.content() for ending, part in self.parts.items()}
        stated = contents.get(".prj", b"").decode("utf-8", "replace").strip() or None
        return _placed(list(_shapefile_features(contents)), name_property, crs or stated)


def maps(files: Sequence[SourceFile]) -> list[Map]:
    """The maps among the files: .geojson, other JSON that says it is one, and shapefiles."""
    found = []
    for file in files:
        name = file.name.lower()
        if name.endswith(".shp"):
            beside = {other.name.lower(): other for other in files}
            parts = {ending: beside.get(name.removesuffix(".shp") + ending) for ending in SHAPEFILE}
            found.append(Map(file, {ending: part for ending, part in parts.items() if part}))
        elif name.endswith(".geojson") or (name.endswith((".json", ".txt")) and _says_it_is_a_map(file)):
            found.append(Map(file))
    return found


def chosen(found: Sequence[Map], wanted: str | None) -> tuple[Map | None, Problem | None]:
    """The map to use: the one that site.toml names, else the only one; or what keeps it from being told."""
    named = [each for each in found if wanted is None or each.is_named(wanted)]
    if len(named) > 1:
        names = ", ".join(each.file.name for each in named)
        advice = 'Name the one to use in site.toml, e.g. boundary_file = "beats.geojson".'
        return None, problem("LD-207", value="boundaries", wanted=names, advice=advice)
    if wanted is not None and not named:
        return None, problem("LD-401", file=wanted, wanted="a map of this name in the inbox")
    return next(iter(named), None), None


def _says_it_is_a_map(file: SourceFile) -> bool:
    with file.open() as stream:
        start = stream.read(4_096).removeprefix(codecs.BOM_UTF8).lstrip()
        if not start.startswith(b"{"):
            return False
        # The word may stand at the end of the file.
        content = start + stream.read()
    return any(mark in content for mark in MARKS_OF_A_MAP)


def read_boundaries(
    source: Path | bytes, name_property: str | None = None, crs: str | None = None
) -> Boundaries:
    """Reads GeoJSON; features of one name become one place. Raises BoundaryError.

    `crs` is the site's own statement and wins over the file's.
    """
    collection = _parse(source)
    features = [(f.get("properties") or {}, _shape(f.get("geometry"))) for f in collection["features"]]
    return _placed(features, name_property, crs or _declared_crs(collection))


def _placed(found: Sequence[Feature], name_property: str | None, crs: str | None) -> Boundaries:
    drawn = [(properties, shape_) for properties, shape_ in found if shape_ is not None]
    # Before anything is joined: drawn the long way round, a ring covers others.
    turned = [_split_at_180(shape_) for _, shape_ in drawn]
    areas = [(properties, _areas(shape_)) for (properties, _), shape_ in zip(drawn, turned, strict=True)]
    features = [(properties, polygon) for properties, polygon in areas if polygon is not None]
    if not features:
        raise BoundaryError(
            "the file holds no polygons, only polygons can be places; if its points are records, export them as CSV"
        )
    named = name_property or _find_name_property([properties for properties, _ in features])
    in_degrees = _to_degrees([polygon for _, polygon in features], crs)
    parts: dict[str, list[shapely.Geometry]] = {}
    for (properties, _), polygon in zip(features, map(_split_at_180, in_degrees), strict=True):
        if name := _as_name(properties.get(named)):
            parts.setdefault(name, []).append(polygon)
    if not parts:
        raise BoundaryError(
            f"no feature has a value in the property {named!r}; the file has: {_listed(features[0][0])}"
        )
    names = tuple(sorted(parts))
    polygons = tuple(shapely.union_all(parts[name]) for name in names)
    used = sum(map(len, parts.values()))
    broken = {
        _as_name(properties.get(named))
        for (properties, before), after in zip(drawn, turned, strict=True)
        if after is not before or not before.is_valid
    }
    mended = tuple(sorted(broken & set(names)))
    joined = tuple(name for name in names if len(parts[name]) > 1)
    return Boundaries(names, polygons, named, len(found) - used, len(found), mended, joined)


def _parse(source: Path | bytes) -> Mapping[str, Any]:
    content = source if isinstance(source, bytes) else source.read_bytes()
    try:
        collection = json.loads(content.decode("utf-8-sig"))
    except ValueError as error:
        raise BoundaryError("the file is not JSON; save the boundaries as GeoJSON") from error
    except RecursionError as error:
        raise BoundaryError("the file is nested too deep for GeoJSON") from error
    if not isinstance(collection, dict) or not isinstance(collection.get("features"), list):
        raise BoundaryError("the file is not a GeoJSON FeatureCollection; save the boundaries as GeoJSON")
    features = [each for each in collection["features"] if isinstance(each, dict)]
    if any("attributes" in each and "properties" not in each for each in features):
        raise BoundaryError("the file is JSON of Esri's own; export it as GeoJSON (f=geojson in a query)")
    return {**collection, "features": features}


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


def _shapefile_features(contents: Mapping[str, bytes]) -> Iterator[Feature]:
    if ".dbf" not in contents:
        raise BoundaryError(
            "the shapefile lacks its .dbf, which holds the names; zip all of its files together"
        )
    shapes, table = io.BytesIO(contents[".shp"]), io.BytesIO(contents[".dbf"])
    encoding = _stated_encoding(contents.get(".cpg", b"")) or _letters_of(contents[".dbf"])
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of sizes in headers; what cannot be read raises
            reader = shapefile.Reader(shp=shapes, dbf=table, encoding=encoding, encodingErrors="replace")
            drawn, records = reader.shapes(), [record.as_dict() for record in reader.records()]
    except (shapefile.ShapefileException, struct.error, ValueError, IndexError, OSError, EOFError) as error:
        raise BoundaryError(
            "the shapefile is damaged; zip all of its files again, or save it as GeoJSON"
        ) from error
    # A row that is marked as deleted is skipped and would shift all names after it to the next shape.
    if len(drawn) != len(records) or len(records) != reader.numRecords:
        raise BoundaryError("the shapefile has deleted rows; save it anew, or as GeoJSON")
    return ((record, _even_odd(each)) for each, record in zip(drawn, records, strict=True))


def _even_odd(drawn: shapefile.Shape) -> shapely.Geometry | None:
    """What an odd number of rings goes round: so a hole is one whichever way it was drawn."""
    if not drawn.points or "POLYGON" not in drawn.shapeTypeName:
        return None
    ends = [*drawn.parts[1:], len(drawn.points)]
    rings = [drawn.points[start:end] for start, end in zip(drawn.parts, ends, strict=True)]
    areas = [
        shapely.make_valid(shapely.Polygon([point[:2] for point in ring])) for ring in rings if len(ring) > 3
    ]
    # shapely.symmetric_difference_all is known to be wrong.
    return reduce(shapely.symmetric_difference, areas) if areas else None


def _stated_encoding(page: bytes) -> str | None:
    """The code page that a .cpg names: 'UTF-8', '1252', 'ANSI 1252', 'ISO 88591'."""
    said = (
        page.decode("ascii", "ignore").strip().lower().removeprefix("ansi ").replace("iso 8859", "iso8859-")
    )
    for name in ({"65001": "utf-8"}.get(said, said), f"cp{said}"):
        try:
            return codecs.lookup(name).name if said else None
        except LookupError:
            continue
    return None


def _letters_of(table: bytes) -> str:
    """UTF-8 if all letters are; else Windows-1252, in which older tools wrote without saying so."""
    try:
        table[32:].decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _split_at_180(polygon: shapely.Geometry) -> shapely.Geometry:
    """A ring wider than half the globe goes the other way round: over the 180th meridian, in two parts."""
    parts = shapely.get_parts(polygon)
    west, _, east, _ = shapely.bounds(parts).T
    is_wide = (east - west > 180) & (west >= -180) & (east <= 180)  # other numbers are no degrees
    wide = parts[is_wide]
    if not len(wide):
        return polygon
    halves = []
    for part in wide:
        turned = shapely.transform(part, lambda xy: np.column_stack([xy[:, 0] % 360, xy[:, 1]]))
        turned = shapely.make_valid(turned)
        if turned.bounds[2] - turned.bounds[0] > 180:
            raise BoundaryError(
                "a shape is wider than half the globe; look at its coordinates, or cut it in two"
            )
        halves.append(shapely.intersection(turned, shapely.box(0, -90, 180, 90)))
        beyond = shapely.intersection(turned, shapely.box(180, -90, 360, 90))
        halves.append(shapely.transform(beyond, lambda xy: xy - [360, 0]))
    return shapely.union_all([*halves, *parts[~is_wide]])


def _areas(drawn: shapely.Geometry) -> shapely.Geometry | None:
    """The polygons of a geometry as one valid whole; None if it has no area."""
    parts = shapely.get_parts(shapely.make_valid(drawn)).tolist()
    # Repairing a crossed ring may leave lines beside the polygons.
    areas = [part for part in parts if part.geom_type in ("Polygon", "MultiPolygon") and not part.is_empty]
    return shapely.union_all(areas) if areas else None


def _find_name_property(rows: list[Mapping[str, Any]]) -> str:
    """The property that names the features; words before codes, telling headers first.

    Names that repeat are parts of one place, if the header says that they are names.
    """
    candidates = []
    for position, key in enumerate(rows[0]):
        values = [row.get(key) for row in rows]
        if not all(isinstance(value, str) and value.strip() for value in values):
            continue
        hint = next((n for n, part in enumerate(NAME_HINTS) if part in key.lower()), len(NAME_HINTS))
        different = len({value.strip() for value in values})
        is_repeated, is_telling = different < len(values), hint < len(NAME_HINTS)
        if not is_repeated or (is_telling and different > 1):
            is_code = not all(map(_reads_as_words, values))
            # What most features share with others is a kind of place more often than its name.
            is_shared = different * 2 <= len(values) and is_repeated
            candidates.append((is_shared, is_code, not is_telling, is_repeated, hint, position, key))
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
        import pyproj  # most maps state none, and to load it takes as long as to read one

        degrees = pyproj.CRS("OGC:CRS84")
        try:
            stated = pyproj.CRS(crs)
        except pyproj.exceptions.CRSError as error:
            raise BoundaryError(
                f"the coordinate system {crs!r} is not known; write it as EPSG:2926"
            ) from error
        if not stated.equals(degrees, ignore_axis_order=True):
            # Files write x before y whatever the coordinate system says of its axes.
            to_degrees = pyproj.Transformer.from_crs(stated, degrees, always_xy=True)
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
