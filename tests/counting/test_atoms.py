"""What is counted ahead and kept beside a snapshot."""

import shutil
from datetime import date

import numpy as np
import pyarrow.parquet as pq
import pytest

from leadstats.counting import atoms
from leadstats.counting.catalog import load_metrics
from leadstats.counting.cube import Cube
from leadstats.counting.measure import measure
from leadstats.ingest import snapshot

REFERRED = load_metrics()["people_referred"]
THROUGH = date(2026, 1, 31)


@pytest.fixture
def program(built):
    """Two people, one of them referred in two months."""
    days = ((1, "2025-12-05"), (1, "2026-01-15"), (2, "2026-01-20"))
    referrals = [{"person_id": person, "referred_on": day} for person, day in days]
    return built.add(referral=referrals).site(data_through=THROUGH)


def test_atoms_are_records_by_month_with_their_people(program):
    found = atoms.AtomCounter(program.database).count(REFERRED, THROUGH)
    months = [atoms.month_number(date(2025, 12, 1)), *[atoms.month_number(date(2026, 1, 1))] * 2]
    assert found["month"].to_pylist() == months
    assert found["events"].to_pylist() == [1, 1, 1]
    read = atoms.Atoms.of(found)
    assert np.unique(read.person, return_counts=True)[1].tolist() == [2, 1]
    assert read.month.tolist() == [0, 1, 1] and read.first_month == months[0] and read.months == 2
    assert read.labels("pathway").names[: len(set(read.labels("pathway").codes))] == ("community",)


def test_a_build_keeps_them_and_a_changed_query_does_not_read_them(program):
    database = program.database
    written = atoms.keep_all(database, program.data)
    assert (program.data / database.snapshot).with_suffix(".cube") == written[0].parent
    assert "people_referred.parquet" in {path.name for path in written}
    assert np.unique(atoms.kept(database, REFERRED, THROUGH).person).size == 2
    assert atoms.kept(database, REFERRED, date(2025, 12, 31)) is None
    of_others = written[0].parent / "people_referred.parquet"
    table = pq.read_table(of_others)
    pq.write_table(table.replace_schema_metadata({"counts": "of another query"}), of_others)
    assert atoms.kept(database, REFERRED, THROUGH) is None
    added = measure(database, REFERRED, program.filters("people_referred"), "analyst", Cube(database).rows)
    assert [cell.people for cell in added.cells[-2:]] == [1, 2]


def keep(program):
    """A file of each metric beside the snapshot, where it is no matter what stands in it."""
    counted = atoms.AtomCounter(program.database).count(REFERRED, THROUGH)
    return atoms.keep_all(program.database, program.data, lambda *asked: counted)


def test_no_count_of_a_forgotten_snapshot_stays_even_without_it(program):
    """Its rows are of people, one of whom may have been purged."""
    written = keep(program)
    orphan = program.data / "program-0123456789abcdef.cube"
    shutil.copytree(written[0].parent, orphan)
    snapshot.forget_others(program.data)
    assert not orphan.exists() and written[0].is_file()


def test_what_was_counted_of_a_snapshot_goes_with_it(program):
    keep(program)
    for number in range(3, 7):
        program.add(referral=[{"person_id": number, "referred_on": "2026-01-21"}])
        keep(program)
    snapshots = {path.stem for path in program.data.glob("program-*.duckdb")}
    assert {path.stem for path in program.data.glob("program-*.cube")} == snapshots
    assert len(snapshots) == 3
