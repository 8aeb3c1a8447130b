"""The invented exports: the same bytes every time, in the shapes of real sites, and good enough to show."""

import csv
import gzip
import io
import json
import zipfile
from pathlib import Path

import pytest
import shapely

from leadstats import ingest
from leadstats.model.schema import RACES
from sample import write_sample

COMMITTED = Path(__file__).resolve().parents[2] / "data" / "sample"
SMALL = dict(seed=7, people=400, months=24)


def contents(inbox: Path) -> dict[str, bytes]:
    """Every file of an inbox by name, unpacked: a packer of another version may pack otherwise."""
    found = {}
    for path in inbox.iterdir():
        if path.suffix == ".zip":
            with zipfile.ZipFile(path) as archive:
                found |= {f"{path.name}/{name}": archive.read(name) for name in archive.namelist()}
        else:
            found[path.name] = (
                gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
            )
    return found


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode())))


def column(content: bytes, name: str) -> list[str]:
    return [row[name] for row in rows(content)]


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    inbox = tmp_path_factory.mktemp("small")
    write_sample(inbox, **SMALL)
    return inbox


@pytest.fixture(scope="module")
def committed():
    return contents(COMMITTED)


def test_the_committed_sample_is_what_the_default_seed_gives(tmp_path, committed):
    write_sample(tmp_path)

    assert contents(tmp_path) == committed


def test_another_seed_gives_another_county(tmp_path, small):
    write_sample(tmp_path, **SMALL | {"seed": 8})

    assert contents(tmp_path)["neighborhoods.geojson"] != contents(small)["neighborhoods.geojson"]


def test_cohorts_of_a_large_county_share_no_number(tmp_path, monkeypatch):
    monkeypatch.setattr("sample.PEOPLE_IN_COHORT", 1_000)
    write_sample(tmp_path, **SMALL)
    files = contents(tmp_path)

    for member, number, person in (
        ("Arrests_extract.csv.gz", "INCIDENT_NO", None),
        ("LEAD_case_management_20261101.zip/Participants.csv", "Participant ID", None),
        ("LEAD_case_management_20261101.zip/ProgramEntries.csv", "Entry ID", None),
        ("HMIS_CSV_FY2026.zip/Client.csv", "PersonalID", None),
        ("HMIS_CSV_FY2026.zip/Enrollment.csv", "EnrollmentID", None),
        ("HMIS_CSV_FY2026.zip/CurrentLivingSituation.csv", "CurrentLivingSitID", None),
        # Numbers that repeat on purpose stand for the same person each time.
        ("LEAD_case_management_20261101.zip/Referrals.csv", "Referral #", "Participant ID"),
        ("LEAD_case_management_20261101.zip/CaseNotes.csv", "Note ID", "Participant ID"),
        ("Jail_bookings_extract.csv.gz", "BOOKING_NO", "INMATE_NO"),
    ):
        numbers = column(files[member], number)
        if person is None:
            assert len(set(numbers)) == len(numbers), member
        else:
            owners: dict[str, set[str]] = {}
            for row in rows(files[member]):
                owners.setdefault(row[number], set()).update(filter(None, [row[person]]))
            assert max(map(len, owners.values())) == 1, member


@pytest.mark.parametrize(("people", "months"), [(1, 1), (30, 3), (300, 7)])
def test_any_size_can_be_built_with_warnings_at_most(tmp_path, people, months):
    write_sample(tmp_path / "inbox", seed=3, people=people, months=months)

    assert ingest.check(tmp_path / "inbox").exit_code <= 1


def test_the_jail_extract_has_one_row_a_housing_move(committed):
    bookings: dict[str, set[tuple[str, ...]]] = {}
    moves = rows(committed["Jail_bookings_extract.csv.gz"])
    for row in moves:
        same = tuple(row[name] for name in ("INMATE_NO", "BOOKED", "RELEASED", "TOP_CHARGE", "CASE_NO"))
        bookings.setdefault(row["BOOKING_NO"], set()).add(same)

    assert all(len(booking) == 1 for booking in bookings.values())
    assert len(moves) > 1.5 * len(bookings)


def test_agencies_number_people_their_own_way_and_some_links_are_missing(committed):
    links = rows(committed["person_link.csv.gz"])
    linked = {source: {row["person_id"] for row in links if row["source"] == source}
              for source in ("arrest", "jail_stay", "hmis")}  # fmt: skip
    participants = set(
        column(committed["LEAD_case_management_20261101.zip/Participants.csv"], "Participant ID")
    )

    for source, found in linked.items():
        assert found < participants, source
    assert 0.9 < len(linked["arrest"]) / len(participants) < 0.98
    assert all(row["source_person_id"] != row["person_id"].removeprefix("P") for row in links)


def test_no_name_of_a_person_stands_anywhere(committed):
    clients = rows(committed["HMIS_CSV_FY2026.zip/Client.csv"])
    for name in ("FirstName", "MiddleName", "LastName", "NameSuffix", "SSN"):
        assert {client[name] for client in clients} == {""}
    users = rows(committed["HMIS_CSV_FY2026.zip/User.csv"])
    assert {user[name] for user in users for name in ("UserFirstName", "UserLastName", "UserEmail")} == {""}


def test_the_county_says_that_it_is_invented(committed):
    site = committed["site.toml"].decode()

    assert "invented" in site
    assert "is_sample = true" in site
    # In the open Pacific: no point of it lies in a real county.
    for feature in json.loads(committed["neighborhoods.geojson"])["features"]:
        for east, north in feature["geometry"]["coordinates"][0]:
            assert -139.3 < east < -138.7
            assert 43.8 < north < 44.2


def test_neighborhoods_do_not_overlap_and_residents_add_up(committed):
    features = json.loads(committed["neighborhoods.geojson"])["features"]
    shapes = [shapely.geometry.shape(feature["geometry"]) for feature in features]
    assert len(shapes) == 24
    assert all(shape.is_valid for shape in shapes)
    assert shapely.union_all(shapes).area == pytest.approx(sum(shape.area for shape in shapes), rel=1e-4)

    residents = rows(committed["Residents_by_race.csv"])
    names = {feature["properties"]["NAME"] for feature in features}
    assert {row["Neighborhood"] for row in residents} == names
    for row in residents:
        assert int(row["Total"]) == sum(int(row[group]) for group in (*RACES, "Two or more"))
