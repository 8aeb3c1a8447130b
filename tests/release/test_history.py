"""What a release takes over from earlier ones, read by a reader of its own."""

import shutil

import pyarrow
import pyarrow.compute
import pyarrow.parquet
import pytest

from leadstats.audit import folder as outsider
from leadstats.release import history
from leadstats.release.hierarchy import PlanError


@pytest.fixture
def release(published, tmp_path):
    """A copy that may be damaged."""
    return shutil.copytree((published / "latest").resolve(), tmp_path / "2026-01.1")


def changed(release, **columns):
    """Rewrites columns of the Parquet file, each by a function of the old one."""
    held = pyarrow.parquet.read_table(release / "public.parquet")
    for name, change in columns.items():
        new = [change(value) for value in held[name].to_pylist()]
        held = held.set_column(
            held.column_names.index(name), name, pyarrow.array(new, held.schema.field(name).type)
        )
    pyarrow.parquet.write_table(held, release / "public.parquet")


def test_the_protector_and_the_attacker_read_the_same_numbers_by_different_ways(published):
    ours, theirs = (read((published / "latest").resolve()) for read in (history.read, outsider.read))
    assert ours.name == theirs.name
    assert (ours.threshold, ours.rounding, ours.zones) == (theirs.threshold, theirs.rounding, theirs.zones)
    assert {(table.series, table.levels): table.numbers for table in ours.tables} == {
        (table.measure, table.levels): table.numbers for table in theirs.tables
    }
    assert any(number is None for table in ours.tables for number in table.numbers.values())


def test_a_number_without_its_status_is_not_taken_for_hidden(release):
    changed(release, value=lambda value: None)
    with pytest.raises(PlanError, match=r"2026-01\.1 was published.*status and value disagree"):
        history.read(release)


def test_a_folder_that_is_no_release_is_named(release):
    (release / "public.parquet").unlink()
    with pytest.raises(PlanError, match=r"2026-01\.1 was published, but cannot be continued"):
        history.read(release)


def test_a_name_that_looks_like_a_formula_is_taken_over_as_it_is(release):
    changed(release, neighborhood=lambda place: "'=Pier" if place == "Pier" else place)
    known = {key for table in history.read(release).tables for codes in table.numbers for key in codes}
    assert "=Pier" in known
    assert "'=Pier" not in known
