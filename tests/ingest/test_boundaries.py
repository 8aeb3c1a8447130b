"""Boundary files of every kind become named places, and points find theirs."""

import json

import numpy as np
import pyproj
import pytest
import shapely
from files import a_file, a_shapefile, a_zip
from hypothesis import given
from hypothesis import strategies as st

from leadstats.assistant import make_plan
from leadstats.ingest.boundaries import BoundaryError, maps, read_boundaries


def square(west: float, south: float, size: float = 1.0) -> list[list[float]]:
    east, north = west + size, south + size
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def feature(rings, kind: str = "Polygon", **properties) -> dict:
    return {"type": "Feature", "properties": properties, "geometry": {"type": kind, "coordinates": rings}}


def file_of(*features, **members) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": list(features), **members}).encode()


EAST_AND_WEST = file_of(
    feature([square(1, 0)], name="West"),
    feature([square(0, 0)], name="East"),
    feature([square(2, 0)], name="Yard"),
)


def test_points_find_their_place_or_outside_or_nothing():
    boundaries = read_boundaries(EAST_AND_WEST)

    located = boundaries.locate([0.5, 0.5, 5.0, None, 0.5], [0.5, 1.5, 5.0, 0.5, None])

    assert boundaries.names == ("East", "West", "Yard")
    assert located == ["East", "West", "Outside", None, None]


def test_a_point_on_a_shared_border_goes_to_the_first_name():
    assert read_boundaries(EAST_AND_WEST).locate([0.5, 0.5], [1.0, 2.0]) == ["East", "West"]


def test_zero_zero_and_impossible_degrees_are_not_points():
    boundaries = read_boundaries(file_of(feature([square(-1, -1, 2)], name="Gulf")))

    assert boundaries.locate([0, 0.5, 91, float("nan")], [0, 0.5, 0.5, 0.5]) == [None, "Gulf", None, None]


def test_no_points_give_no_places():
    assert read_boundaries(EAST_AND_WEST).locate([], []) == []


def test_a_hole_lies_outside():
    ring = feature([square(0, 0, 3), square(1, 1)], name="Ring")

    assert read_boundaries(file_of(ring)).locate([0.5, 1.5], [0.5, 1.5]) == ["Ring", "Outside"]


def test_a_place_of_several_parts_is_one_place():
    islands = feature([[square(0, 0)], [square(5, 5)]], "MultiPolygon", name="Islands")

    assert read_boundaries(file_of(islands)).locate([0.5, 5.5], [0.5, 5.5]) == ["Islands", "Islands"]


def test_a_ring_that_crosses_itself_is_made_valid():
    bow_tie = feature([[[0, 0], [2, 2], [2, 0], [0, 2], [0, 0]]], name="Bow")

    boundaries = read_boundaries(file_of(bow_tie))

    assert boundaries.polygons[0].is_valid
    assert boundaries.locate([1, 1], [0.2, 1.8]) == ["Bow", "Bow"]
    assert boundaries.locate([0.2], [1]) == ["Outside"]


def test_words_win_over_codes_and_time_stamps_as_names():
    rows = [
        {"GEOID": "1400000US530330020", "updated_at": "2013-02-02T08:33:23Z", "AREA_NAM": "Alki", "n": 1},
        {"GEOID": "1400000US530330030", "updated_at": "2013-02-02T08:33:24Z", "AREA_NAM": "Ballard", "n": 2},
    ]
    file = file_of(*(feature([square(n, 0)], **row) for n, row in enumerate(rows)))

    assert read_boundaries(file).name_property == "AREA_NAM"


def test_neighborhood_wins_over_name_and_beats_are_names():
    both = file_of(feature([square(0, 0)], NAME="Tract A", NEIGHBORHOOD="Alki"))
    beats = file_of(
        feature([square(0, 0)], code="7", beat="B1"), feature([square(1, 0)], code="8", beat="B2")
    )

    assert read_boundaries(both).names == ("Alki",)
    assert read_boundaries(beats).names == ("B1", "B2")


def test_codes_do_where_there_are_no_words():
    zips = file_of(feature([square(0, 0)], ZIP="98101"), feature([square(1, 0)], ZIP="98102"))

    assert read_boundaries(zips).names == ("98101", "98102")


def test_features_that_share_a_stated_name_are_one_place():
    file = file_of(
        feature([square(0, 0)], tract="1", precinct=7),
        feature([square(1, 0)], tract="2", precinct=7.0),
        feature([square(2, 0)], tract="3", precinct=None),
    )

    boundaries = read_boundaries(file, name_property="precinct")

    assert boundaries.names == ("7",)
    assert boundaries.locate([0.5], [1.5]) == ["7"]
    assert boundaries.left_out == 1


def test_features_of_one_name_are_one_place_where_the_header_says_that_they_are_names():
    beats = file_of(
        feature([square(0, 0)], id="{5c1f-aa}", BEAT="North"),
        feature([square(5, 0)], id="{77e0-bb}", BEAT="North"),
        feature([square(2, 0)], id="{91aa-cc}", BEAT="South"),
    )

    boundaries = read_boundaries(beats)

    assert (boundaries.names, boundaries.joined, boundaries.left_out) == (("North", "South"), ("North",), 0)
    assert boundaries.locate([0.5, 0.5, 0.5], [0.5, 5.5, 2.5]) == ["North", "North", "South"]


def test_a_name_of_its_own_wins_over_one_that_repeats():
    tracts = file_of(
        *(feature([square(n, 0)], name="County", NAMELSAD=f"Census Tract {n}") for n in range(3))
    )

    assert read_boundaries(tracts).name_property == "NAMELSAD"


@pytest.mark.parametrize("kind", ["Polygon", "MultiPolygon"])
def test_a_ring_over_the_180th_meridian_goes_the_short_way(kind):
    ring = [[179, 51], [-179, 51], [-179, 52], [179, 52], [179, 51]]
    rings = [ring] if kind == "Polygon" else [[ring], [square(-170, 51)]]

    boundaries = read_boundaries(
        file_of(feature(rings, kind, name="Islands"), feature([square(170, 51)], name="Isle"))
    )

    found = boundaries.locate([51.5] * 5, [179.5, -179.5, -100, 0, 170.5])
    assert found == ["Islands", "Islands", "Outside", "Outside", "Isle"]
    assert boundaries.mended == ("Islands",)
    assert sum(shapely.area(boundaries.polygons)) == pytest.approx(3 if kind == "Polygon" else 4)
    assert boundaries.geojson()["features"][0]["geometry"]["type"] == "MultiPolygon"


FLAT = {  # in the order and direction of a shapefile: outer rings clockwise, holes the other way
    "Ca\u00f1on": [square(0, 0, 4)[::-1], square(1, 1)],
    "Isles": [square(6, 0)[::-1], square(8, 0)[::-1]],
}


def shapes(**parts) -> list:
    members = parts.pop("members", None) or a_shapefile("Beats", FLAT, **parts)
    return maps([a_file(content, f"maps.zip/in/{name}") for name, content in members.items()])


@pytest.mark.parametrize(
    ("encoding", "page"),
    [("utf-8", None), ("utf-8", b"UTF-8"), ("cp1252", None), ("latin-1", b"ISO 88591"), ("cp850", b"850")],
)
def test_a_shapefile_is_read_whatever_it_says_of_its_letters(encoding, page):
    (found,) = shapes(encoding=encoding, **({"cpg": page} if page else {}))

    boundaries = found.read()

    assert boundaries.names == ("Ca\u00f1on", "Isles")
    assert boundaries.locate([0.5, 1.5, 0.5, 0.5, 0.5], [0.5, 1.5, 6.5, 7.5, 8.5]) == [
        "Ca\u00f1on", "Outside", "Isles", "Outside", "Isles",
    ]  # fmt: skip


def test_a_hole_is_one_whichever_way_it_was_drawn():
    (found,) = shapes(members=a_shapefile("Beats", {"Ring": [square(0, 0, 4)[::-1], square(1, 1)[::-1]]}))

    assert found.read().locate([0.5, 1.5], [0.5, 1.5]) == ["Ring", "Outside"]


def test_a_shapefile_is_turned_into_degrees_by_its_own_words():
    """Esri writes a coordinate system without its number, which no number needs."""
    stated = pyproj.CRS("EPSG:2232").to_wkt("WKT1_ESRI")
    x, y = pyproj.Transformer.from_crs("EPSG:4326", "EPSG:2232", always_xy=True).transform(-104.99, 39.74)
    downtown = {"Downtown": [square(x - 2640, y - 2640, 5280)[::-1]]}

    (found,) = shapes(members=a_shapefile("Beats", downtown, prj=stated))
    (unstated,) = shapes(members=a_shapefile("Beats", downtown))

    assert found.read().locate([39.74, 39.78], [-104.99, -104.99]) == ["Downtown", "Outside"]
    with pytest.raises(BoundaryError, match="boundary_crs"):
        unstated.read()


def test_a_shapefile_without_its_names_or_with_rows_missing_is_refused():
    whole = a_shapefile("Beats", FLAT)
    deleted = bytearray(whole["Beats.dbf"])
    deleted[int.from_bytes(deleted[8:10], "little")] = ord("*")

    for change, said in (
        ({"Beats.dbf": None}, "lacks its .dbf"),
        ({"Beats.dbf": bytes(deleted)}, "deleted rows"),
        ({"Beats.shp": whole["Beats.shp"][:150]}, "damaged"),
        ({"Beats.dbf": b""}, "damaged"),
    ):
        members = {name: content for name, content in (whole | change).items() if content is not None}
        with pytest.raises(BoundaryError, match=said):
            shapes(members=members)[0].read()


@pytest.mark.parametrize("name", ["beats.geojson", "Beats.json", "deep/beats.txt"])
def test_a_map_is_one_under_any_name(name):
    last = json.dumps({"features": [feature([square(0, 0)], name="East")], "type": "FeatureCollection"})

    for content in (EAST_AND_WEST, last, b"\xef\xbb\xbf" + EAST_AND_WEST):
        (found,) = maps([a_file(content, name), a_file("a,b\n1,2\n", "other.txt"), a_file("{}", "x.json")])
        assert "East" in found.read().names


def test_a_zipped_shapefile_places_arrests_and_its_parts_are_no_tables(program):
    program.file(
        "Maps 2026.zip",
        a_zip({f"in/{name}": content for name, content in a_shapefile("Beats", FLAT).items()}),
    )
    program.add(arrest=[{"latitude": 0.5, "longitude": 0.5}, {"latitude": 0.5, "longitude": 8.5}])

    places = program.values("arrests", breakdown="neighborhood", month="2026-01", by="total")

    assert (places["Ca\u00f1on"], places["Isles"]) == (1, 1)
    assert {each.code for each in program.report.problems if each.severity != "note"} == set()


def test_the_map_to_use_may_be_named_by_its_archive(program):
    east = a_shapefile("Areas", {"East": [square(0, 0)[::-1]]})
    program.file("east.zip", a_zip(east)).file("west.json", EAST_AND_WEST)
    program.add(arrest=[{"latitude": 0.5, "longitude": 0.5}])

    assert [each.code for each in program.check().problems if each.severity == "decision"] == ["LD-207"]
    assert [each.code for each in make_plan(program.inbox).problems] == ["LD-207"]
    assert program.site(boundary_file="east.zip").check().exit_code == 0
    assert program.site(boundary_file="north.zip").check().exit_code == 2


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b'{"features": [{"attributes": {"NAME": "A"}, "geometry": {"rings": []}}]}', "f=geojson"),
        (b"[" * 100_000, "nested too deep|not JSON"),
        (b"PK\x03\x04", "not JSON"),
        (b'{"type": "Topology"}', "not a GeoJSON FeatureCollection"),
        (file_of(), "no polygons"),
        (file_of({"type": "Feature", "properties": {}, "geometry": None}), "no polygons"),
        (file_of(feature([0.5, 0.5], "Point", name="A")), "no polygons"),
        (file_of(feature([square(0, 0)], "Blob", name="A")), "does not know"),
        (file_of(feature([square(0, 0)], n=1)), "boundary_name_property in site.toml; the file has: n"),
        (file_of(*(feature([square(n, 0)], name="Same") for n in (0, 1))), "each feature differently"),
        (file_of(feature([square(1_270_000, 230_000)], name="A")), 'boundary_crs = "EPSG:2926"'),
        (file_of(feature([square(47, -122)], name="A")), "not degrees of longitude and latitude"),
    ],
)
def test_an_unusable_file_is_refused_in_plain_words(content, message):
    with pytest.raises(BoundaryError, match=message.replace("(", r"\(")):
        read_boundaries(content)


def test_an_unknown_property_or_coordinate_system_is_named():
    with pytest.raises(BoundaryError, match="'nmae'; the file has: name"):
        read_boundaries(EAST_AND_WEST, name_property="nmae")
    with pytest.raises(BoundaryError, match="'EPSG:1' is not known"):
        read_boundaries(EAST_AND_WEST, crs="EPSG:1")


def test_a_stated_coordinate_system_is_converted_to_degrees():
    # Washington State Plane North, in US survey feet: a mile-wide square round a point in Seattle.
    x, y = pyproj.Transformer.from_crs("EPSG:4326", "EPSG:2926", always_xy=True).transform(-122.33, 47.60)
    plane = feature([square(x - 2640, y - 2640, 5280)], name="Downtown")
    stated = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::2926"}}

    by_site = read_boundaries(file_of(plane), crs="EPSG:2926")
    by_file = read_boundaries(file_of(plane, crs=stated))

    assert by_site.locate([47.60, 47.62], [-122.33, -122.33]) == ["Downtown", "Outside"]
    assert by_file.locate([47.60, 47.62], [-122.33, -122.33]) == ["Downtown", "Outside"]


def test_a_coordinate_system_that_does_not_fit_is_refused():
    with pytest.raises(BoundaryError, match="do not fit"):
        read_boundaries(file_of(feature([square(1_270_000, 230_000)], name="A")), crs="EPSG:4326")


@pytest.mark.parametrize("crs", ["EPSG:4326", "urn:ogc:def:crs:OGC:1.3:CRS84"])
def test_degrees_stay_degrees(crs):
    assert read_boundaries(EAST_AND_WEST, crs=crs).locate([0.5], [1.5]) == ["West"]


def test_the_map_is_small_rounded_and_keeps_every_place():
    angle = np.linspace(0, 2 * np.pi, 2000)
    wobbly = np.stack([-122 + np.cos(angle) / 7, 47 + np.sin(angle) / 7], axis=1).tolist()
    boundaries = read_boundaries(file_of(feature([[*wobbly[:-1], wobbly[0]]], name="Lake")))

    full, small = boundaries.geojson(simplified=False), boundaries.geojson()

    assert [feature["properties"] for feature in small["features"]] == [{"name": "Lake"}]
    assert len(json.dumps(small)) * 5 < len(json.dumps(full))
    ring = np.array(small["features"][0]["geometry"]["coordinates"][0])
    assert np.array_equal(ring, np.round(ring, 5))
    assert shapely.Polygon(ring).area == pytest.approx(boundaries.polygons[0].area, rel=0.01)


@given(st.lists(st.tuples(st.floats(-1, 4), st.floats(-1, 2)), max_size=20))
def test_locating_all_at_once_is_locating_one_by_one(points):
    boundaries = read_boundaries(EAST_AND_WEST)

    located = boundaries.locate([y for _, y in points], [x for x, _ in points])

    for (x, y), place in zip(points, located, strict=True):
        inside = [
            name
            for name, polygon in zip(boundaries.names, boundaries.polygons, strict=True)
            if polygon.covers(shapely.Point(x, y))
        ]
        assert place == (None if x == y == 0 else inside[0] if inside else "Outside")


def test_mended_shapes_points_outside_and_points_that_are_none_are_told(program):
    crossed = [[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]
    program.file(
        "places.geojson", file_of(feature([crossed], name="Twist"), feature([square(2, 0)], name="Yard"))
    )
    program.add(
        arrest=[
            {"latitude": latitude, "longitude": longitude}
            for latitude, longitude in [(0.5, 0.9), (47.5, 3), (0, 0), ("", "")]
        ]
        + [{"neighborhood": "Twsit", "latitude": 0.5, "longitude": 0.9}]
    )

    report = program.build()

    said = {each.code: each for each in report.problems}
    assert (said["LD-405"].value, said["LD-405"].severity) == ("Twist", "note")
    assert (said["LD-404"].rows, said["LD-404"].column) == ((3,), "latitude")
    assert (said["LD-406"].rows, said["LD-406"].severity) == ((4,), "warning")
    assert (said["LD-402"].value, said["LD-402"].likely) == ("Twsit", "Twist")
    places = program.values("arrests", breakdown="neighborhood", month="2026-01", by="total")
    assert {place: number for place, number in places.items() if number} == {
        "Twist": 1,
        "Outside": 1,
        "Unknown": 2,
        "Twsit": 1,
    }
