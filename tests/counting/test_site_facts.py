"""What is known of a snapshot beside its numbers, and that it goes with the snapshot."""

import json
import os
from datetime import date

import pytest

from leadstats import ingest
from leadstats.counting.database import open_database
from leadstats.model.settings import Caseload, Event, Goal

SQUARE = {"type": "Polygon", "coordinates": [[[0, 0], [0, 1], [1, 1], [1, 0], [0, 0]]]}
BEATS = {
    "type": "FeatureCollection",
    "features": [{"type": "Feature", "properties": {"name": "Hill"}, "geometry": SQUARE}],
}


def test_a_site_that_says_nothing_has_the_defaults(program):
    site = program.add(referral=[{}]).database.site

    assert (site.name, site.is_sample, site.events, site.goals) == ("LEAD", False, (), ())
    assert site.caseload == Caseload()
    assert site.baseline.next_day is None
    assert site.boundaries == {}


def test_what_a_site_says_is_read_back_in_order(program):
    program.add(referral=[{}]).file("beats.geojson", json.dumps(BEATS))
    program.site(
        name="Hill County LEAD",
        is_sample=True,
        baseline={"first": date(2024, 1, 1), "last": date(2024, 12, 31)},
        caseload={"target": 15, "maximum": 18},
        goals=[
            {"metric": "people_referred", "value": 30.0, "due": date(2027, 1, 1)},
            {"metric": "diversion_rate", "value": 20.0, "by": "year", "due": date(2026, 6, 30)},
        ],
        events=[
            {"day": date(2026, 3, 1), "text": "New beats", "is_new_baseline": True},
            {"day": date(2025, 1, 1), "text": "LEAD opened"},
        ],
    )
    site = program.database.site

    assert (site.name, site.is_sample) == ("Hill County LEAD", True)
    assert (site.baseline.first, site.baseline.last) == (date(2024, 1, 1), date(2024, 12, 31))
    assert site.caseload == Caseload(15, 18)
    assert site.goals == (
        Goal("diversion_rate", 20.0, "year", "", date(2026, 6, 30)),
        Goal("people_referred", 30.0, "month", "", date(2027, 1, 1)),
    )
    assert site.events == (
        Event(date(2025, 1, 1), "LEAD opened"),
        Event(date(2026, 3, 1), "New beats", is_new_baseline=True),
    )
    assert json.loads(site.boundaries["Hill"])["type"] == "Polygon"


def test_what_became_of_the_files_goes_with_the_data(program):
    rows = [{"referred_on": "2026-01-15"}, {"referred_on": "someday"}]
    report = program.add(referral=rows).build()
    exports = program.database.exports

    assert [(each.source, each.rows, each.data_through) for each in exports.sources] == [
        ("referral", 1, date(2026, 1, 15))
    ]
    assert [(each.file, each.table, each.read, each.loaded, each.rejected) for each in exports.files] == [
        ("referral.csv", "referral", 2, 1, 1)
    ]
    assert sorted(each.code for each in exports.problems) == sorted(each.code for each in report.problems)
    assert exports.of_table("referral").rejected == 1
    assert exports.of_table("arrest") is None


@pytest.fixture
def built_on(program, monkeypatch):
    """Builds the program as on a given day; gives the name of its snapshot."""

    def build(day):
        monkeypatch.setattr("leadstats.ingest.pipeline._Ingest._today", lambda self: day)
        return ingest.build(program.write(), program.data).snapshot

    return build


def test_the_day_of_publication_is_that_of_the_build_and_not_of_the_file(program, built_on):
    program.add(referral=[{}])
    name = built_on(date(2026, 5, 4))
    os.utime(program.data / name, (0, 0))

    assert open_database(program.data).site.published_on == date(2026, 5, 4)


def test_the_same_exports_have_the_same_name_whenever_they_are_built(program, built_on):
    program.add(referral=[{}])

    assert built_on(date(2026, 5, 4)) == built_on(date(2026, 5, 5))
    assert open_database(program.data).site.published_on == date(2026, 5, 5)
