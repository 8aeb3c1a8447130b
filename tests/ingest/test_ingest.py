"""Bad input is refused in plain words, good input is counted to the last row, and nothing is half done."""

import dataclasses
import gzip
import json
import signal
import subprocess
import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest
from conftest import checked, counts, found
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leadstats import ingest
from leadstats.counting.database import open_database
from leadstats.ingest import pipeline, validate
from leadstats.model.schema import TABLES

ROOT = Path(__file__).resolve().parents[2]
REFERRALS = "referral_id,person_id,referred_on,pathway\n"
SQUARES = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {"name": name},
            "geometry": {
                "type": "Polygon",
                "coordinates": [[[x, 47], [x + 1, 47], [x + 1, 48], [x, 48], [x, 47]]],
            },
        }
        for name, x in (("Mill Row", -123), ("North End", -122))
    ],
}


# Reading what is asked for


def test_a_clean_inbox_is_loaded_without_a_word(program):
    program.add(referral=[{"person_id": 1}, {"person_id": 2}], enrollment=[{"person_id": 1}])

    report = program.build()

    assert (report.exit_code, report.problems) == (0, ())
    assert counts(report, "referral") == {"read": 2, "loaded": 2}
    assert "No problems. The new data are in force" in report.as_text()


def test_an_inbox_larger_than_memory_waits_on_disk_and_gives_the_same(program, monkeypatch):
    lines = (f"C{n:032},P{n % 999:032},2026-0{n % 9 + 1}-11,phone\n" for n in range(200_000))
    text = "contact_id,person_id,contacted_on,kind\n" + "".join(lines)
    program.file("contact.csv.gz", gzip.compress(text.encode(), 1))
    spilled, accept_rows = [], pipeline.accept_rows

    def accept(connection, *others):
        loaded = accept_rows(connection, *others)
        spilled.append(bool(connection.execute("FROM duckdb_temporary_files()").fetchall()))
        return loaded

    monkeypatch.setattr(pipeline, "accept_rows", accept)
    in_memory = program.check()
    monkeypatch.setattr(pipeline, "MEMORY_LIMIT", "70MB")

    assert (program.check(), spilled) == (in_memory, [False, True])


def test_a_check_writes_nothing(program):
    program.add(referral=[{"person_id": 1}])
    program.build()
    before = sorted(program.data.iterdir())

    assert program.check().snapshot is None
    assert sorted(program.data.iterdir()) == before


def test_an_archive_of_the_inbox_gives_the_same_numbers(program, tmp_path):
    program.add(referral=[{"person_id": 1}])
    report = program.build()
    with zipfile.ZipFile(tmp_path / "inbox.zip", "w") as archive:
        archive.write(program.inbox / "referral.csv", "exports/referral.csv")

    packed = ingest.build(tmp_path / "inbox.zip", tmp_path / "other")

    assert [a.loaded for a in packed.accounts] == [a.loaded for a in report.accounts]


# Files that cannot be used


@pytest.fixture(scope="module")
def former(make_program, tmp_path_factory):
    program = make_program(tmp_path_factory.mktemp("former")).add(enrollment=[{"person_id": 1}])
    assert program.build().snapshot, program.report.as_text()
    return program


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("referral.csv", b"", "LD-104"),
        ("referral.csv", b"\0\1\2", "LD-105"),
        ("referral.csv", REFERRALS.encode() + b'1,"1,2026-01-05,community\n', "LD-106"),
        ("referral.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "LD-105"),
        ("referral.zip", b"PK\3\4 and no more", "LD-102"),
        ("boundaries.geojson", b"{}", "LD-401"),
        ("site.toml", b"name =", "LD-108"),
        ("mapping.toml", b"[[files]]", "LD-108"),
        ("referral.csv", b"referral_id^person_id^referred_on^pathway\n1^1^2026-01-05^community\n", "LD-201"),
    ],
)
def test_a_file_that_cannot_be_used_stops_the_build_and_the_former_data_stay(
    former, copy_of, name, content, code
):
    program, before = copy_of(former), former.report
    pointer = (program.data / "current").read_text()

    program.file(name, content)
    report = program.build()

    assert (report.exit_code, report.snapshot) == (2, None)
    assert found(report, code).severity == "error"
    if name != "referral.xls":
        assert found(report, code).file == name
    assert (program.data / "current").read_text() == pointer
    assert before.snapshot in pointer


def test_an_inbox_that_is_not_there_cannot_be_read(tmp_path):
    report = ingest.build(tmp_path / "nothing", tmp_path / "data")

    assert (report.exit_code, report.snapshot) == (4, None)


def test_an_empty_inbox_is_an_error(program):
    assert found(program.build(), "LD-209").severity == "error"


def test_a_file_without_any_row_is_fine(program):
    report = checked(program, "referral.csv", REFERRALS)

    assert (report.exit_code, counts(report, "referral")) == (0, {})


# Places


def test_points_get_the_place_of_the_map_and_names_its_spelling(program):
    program.file("map.geojson", json.dumps(SQUARES))
    program.add(
        arrest=[
            {"arrest_id": 1, "latitude": 47.5, "longitude": -122.5},
            {"arrest_id": 2, "latitude": 40, "longitude": -122.5},
            {"arrest_id": 3, "neighborhood": "north END", "latitude": 47.5, "longitude": -122.5},
            {"arrest_id": 4, "neighborhood": "Nrth End"},
            {"arrest_id": 5},
        ]
    )

    read = program.rows("SELECT dimensions.neighborhood AS place FROM program.arrest ORDER BY arrest_key")

    assert [row["place"] for row in read] == ["Mill Row", "Outside", "North End", "Nrth End", "Unknown"]
    assert (found(program.report, "LD-402").value, found(program.report, "LD-402").likely) == (
        "Nrth End",
        "North End",
    )
    assert counts(program.report, "boundary") == {"read": 2, "loaded": 2}


def test_two_maps_need_a_decision_that_the_site_can_take(program):
    program.file("beats.geojson", json.dumps(SQUARES)).file("areas.geojson", json.dumps(SQUARES))
    program.add(referral=[{}])
    assert found(program.build(), "LD-207").severity == "decision"
    assert program.report.exit_code == 3

    assert program.site(boundary_file="beats.geojson").build().exit_code == 0


# How far the data reach


def test_each_source_reaches_to_its_latest_event_unless_the_site_says_otherwise(program):
    program.add(
        referral=[{"referred_on": "2026-01-05", "intake_completed_on": "2026-02-01"}],
        enrollment=[{"started_on": "2026-01-20"}],
        person=[{"death_date": "2026-05-01"}],
    )
    report = program.build()
    assert report.sources == {
        "person": date(2026, 2, 1),
        "referral": date(2026, 2, 1),
        "enrollment": date(2026, 1, 20),
    }
    assert report.data_through == date(2026, 1, 20)

    report = program.site(data_through=date(2026, 3, 31)).build()
    assert set(report.sources.values()) == {date(2026, 3, 31)}
    assert report.as_json()["data_through"] == "2026-03-31"


# Every row is accounted for, whatever its place

REFERRAL_COLUMNS = ("referral_id", "person_id", "referred_on", "pathway", "intake_completed_on")
ANY_ROW = st.fixed_dictionaries(
    {
        "referral_id": st.sampled_from(["", "1", "2", "3"]),
        "person_id": st.sampled_from(["", "1", "2"]),
        "referred_on": st.sampled_from(["2026-01-01", "2026-01-05", "2026-01-12", "soon", ""]),
        "pathway": st.sampled_from(["community", "COMMUNITY", "street", ""]),
        "intake_completed_on": st.sampled_from(["", "2026-01-20", "later"]),
    }
)
QUICK = settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def outcome(folder: Path, **files):
    """Accounts and referrals of a build from files of rows; file numbers follow the names."""
    folder.mkdir()
    for name, some in files.items():
        lines = [",".join(row) for row in [REFERRAL_COLUMNS, *(row.values() for row in some)]]
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n")
    (folder / "mapping.toml").write_text('[[files]]\npattern = "*.csv"\ntable = "referral"\n')
    report = ingest.build(folder, folder / "data")
    database = open_database(folder / "data")
    referrals = database.rows("SELECT * FROM program.referral ORDER BY referral_key")
    database.root.close()
    return report.accounts, referrals


@QUICK
@given(st.lists(ANY_ROW, max_size=12), st.lists(ANY_ROW, max_size=4), st.randoms())
def test_every_row_is_accounted_for_and_no_order_of_rows_or_files_changes_a_number(
    tmp_path_factory, some, others, chance
):
    folder = tmp_path_factory.mktemp("orders")
    shuffled = chance.sample(some, len(some))

    accounts, referrals = outcome(folder / "one", a=some, b=others)
    again, same = outcome(folder / "other", a=others, b=shuffled)

    assert [account.read for account in accounts] == [len(some), len(others)]
    for account in (*accounts, *again):
        assert account.read == account.loaded + account.rejected + account.duplicate + account.out_of_scope
    assert len(referrals) == sum(account.loaded for account in accounts)
    assert referrals == same


def test_a_row_that_is_lost_stops_the_build(program, monkeypatch):
    def forgetful(*arguments):
        loaded = validate.accept_rows(*arguments)
        accounts = tuple(
            dataclasses.replace(account, loaded=account.loaded - 1) for account in loaded.accounts
        )
        return dataclasses.replace(loaded, accounts=accounts)

    monkeypatch.setattr(pipeline, "accept_rows", forgetful)
    program.add(referral=[{}])

    report = program.build()

    assert (report.exit_code, report.snapshot) == (2, None)
    assert found(report, "LD-501").value == "1 read, 0 accounted for"


# One snapshot after the other


def test_the_same_inbox_gives_the_same_report_and_the_same_snapshot(program, tmp_path):
    program.add(referral=[{"referred_on": "soon"}, {}], person=[{"race": "Other"}])

    assert program.build().as_json() == ingest.build(program.inbox, tmp_path / "elsewhere").as_json()


def test_three_snapshots_are_kept(program):
    names = [program.add(referral=[{}]).build().snapshot for _ in range(5)]

    assert sorted(path.name for path in program.data.glob("*.duckdb")) == sorted(names[-3:])
    assert (program.data / "current").read_text() == names[-1] + "\n"
    assert not [path for path in program.data.iterdir() if path.is_dir()]


def test_a_site_says_how_many_snapshots_are_kept(program):
    names = [program.add(referral=[{}]).site(snapshots_kept=2).build().snapshot for _ in range(4)]

    assert sorted(path.name for path in program.data.glob("*.duckdb")) == sorted(names[-2:])
    assert "LD-108" in str(program.site(snapshots_kept=0).build().as_json())


KILL = """
import os, signal, sys
from pathlib import Path
from leadstats import ingest
from leadstats.ingest import {module}

def die(*arguments):
    os.kill(os.getpid(), signal.SIGKILL)

{module}.{function} = die
ingest.build(Path(sys.argv[1]), Path(sys.argv[2]))
"""


@pytest.mark.parametrize(
    ("module", "function"), [("pipeline", "accept_rows"), ("pipeline", "_identity"), ("snapshot", "publish")]
)
def test_a_killed_build_leaves_the_former_data_in_force(former, copy_of, module, function):
    program = copy_of(former)
    program.add(referral=[{}]).write()
    script = KILL.format(module=module, function=function)

    killed = subprocess.run([sys.executable, "-c", script, program.inbox, program.data], cwd=ROOT)

    assert killed.returncode == -signal.SIGKILL
    assert (program.data / "current").read_text() == former.report.snapshot + "\n"
    assert list(program.data.glob(".building-*"))
    assert ingest.build(program.inbox, program.data).snapshot != former.report.snapshot
    assert not list(program.data.glob(".building-*"))


def test_a_build_waits_for_the_one_before_it(program):
    program.add(referral=[{}]).write()
    with ThreadPoolExecutor(2) as pool:
        reports = list(pool.map(lambda _: ingest.build(program.inbox, program.data), range(2)))

    assert len({report.snapshot for report in reports}) == 1


def test_no_identifier_reaches_the_database(program):
    canary = "Zanzibar"
    identifiers = {
        table.name: {c.name: f"{canary}-{c.name}" for c in table.columns if c.privacy == "identifier"}
        for table in TABLES.values()
    }
    program.add(**{name: [row | {"Full name": canary}] for name, row in identifiers.items()})
    program.add(referral=[{"referral_id": f"{canary}-2", "person_id": canary, "referred_on": "soon"}])
    program.add(person_link=[{"source": "jail_stay", "source_person_id": f"{canary}-J"}])

    report = program.build()

    assert canary not in json.dumps(report.as_json())
    assert canary.encode() not in (program.data / report.snapshot).read_bytes()
    # Strings in the file may be compressed, so the tables are searched as well.
    for table in program.rows("SELECT table_name FROM duckdb_tables()"):
        name = {"table": f"program.{table['table_name']}"}
        held = program.database.rows("SELECT line::VARCHAR AS line FROM query_table($table) AS line", name)
        assert canary not in str(held), table
