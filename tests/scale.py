"""The cube on a real Spark: `make test-scale`. Not in the suite, since Spark is half a gigabyte and no county needs it."""

import shutil

import pyarrow.parquet as pq
import pytest

from leadstats.cli.commands import main
from leadstats.counting.catalog import load_metrics
from leadstats.counting.coverage import coverage
from leadstats.counting.cube import Cube
from leadstats.counting.database import open_database
from leadstats.counting.measure import measure
from leadstats.counting.rows import common_queries, is_common
from leadstats.counting.view import ANALYST, Filters
from leadstats.model import periods
from tests.counting.test_rows import as_groups, fill


@pytest.fixture(params=["county", "twenty people"])
def data(request, county, built, tmp_path):
    """What was built of a program, to be written to."""
    if request.param == "county":
        return shutil.copytree(county, tmp_path / "county")
    fill(built).build()
    return built.data


def as_rows(table):
    """In any order, as DuckDB gives them."""
    return sorted(map(repr, table.to_pylist()))


def kept(data):
    (folder,) = data.glob("program-*.cube")
    return {path.name: pq.read_table(path) for path in folder.iterdir()}


def test_spark_writes_every_cell_that_duckdb_writes_and_the_app_reads_it(data, capsys):
    assert main(["cube", "--data", str(data)]) == 0
    own = kept(data)
    assert main(["cube", "--data", str(data), "--engine", "spark"]) == 0
    of_spark = kept(data)

    assert f"{len(common_queries())} of {len(own)} files counted by Spark" in capsys.readouterr().out
    assert own.keys() == of_spark.keys()
    database = open_database(data)
    for name, table in own.items():
        assert table.schema.metadata == of_spark[name].schema.metadata, name
        compared = as_groups if is_common(database.metric(name.partition(".")[0])) else as_rows
        assert compared(table) == compared(of_spark[name]), name
    assert not list(data.glob(".building-*"))

    cube = Cube(database)
    for metric in load_metrics().values():
        if is_common(metric):
            last = coverage(database, metric).through.replace(day=1)
            for breakdown in (None, *metric.breakdowns):
                filters = Filters(periods.months_before(last, 17), last, "quarter", breakdown=breakdown)
                counted = measure(database, metric, filters, ANALYST)
                assert measure(database, metric, filters, ANALYST, cube.rows).cells == counted.cells, (
                    metric.name
                )
