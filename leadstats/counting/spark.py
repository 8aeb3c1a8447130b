"""Common queries on Apache Spark: hides its session, and that rows and answers travel as Parquet in a folder."""

import importlib.util
import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from leadstats.counting.atoms import Count
from leadstats.counting.database import ProgramDatabase
from leadstats.counting.rows import CALENDAR, counting_with, write_rows
from leadstats.counting.view import FilterError

HERE = "127.0.0.1"
SUBMITTED = "PYSPARK_GATEWAY_PORT"  # is set where spark-submit has started us


@contextmanager
def counting_on_spark(database: ProgramDatabase, shared: Path, master: str = "") -> Iterator[Count]:
    """For `atoms.keep_all`. Rows of people lie in a folder of `shared` for as long, and Spark's machines must find it
    under the same path.

    master: as Spark names it, such as spark://host:7077; else what spark-submit says; else this machine, whose Spark
    then answers nobody else. Raises FilterError where Spark or Java is not installed.
    """
    if importlib.util.find_spec("pyspark") is None:
        raise FilterError("Spark is not installed; run: .venv/bin/pip install -r requirements-scale.txt")
    if SUBMITTED not in os.environ and not (os.environ.get("JAVA_HOME") or shutil.which("java")):
        raise FilterError("Spark needs Java 17; on Debian: sudo apt install openjdk-17-jre-headless")
    with tempfile.TemporaryDirectory(prefix=".building-", dir=shared) as folder:
        write_rows(database, Path(folder))
        session = _session(master)
        try:
            yield counting_with(database, Path(folder), _Asked(session, Path(folder)))
        finally:
            session.stop()


def _session(master: str) -> Any:
    with warnings.catch_warnings():
        # It has not been tried with our pandas, which we do not ask it for.
        warnings.simplefilter("ignore", FutureWarning)
        from pyspark.sql import SparkSession

        builder = SparkSession.builder.appName("leadstats")
        settings = {"spark.log.level": "ERROR", "spark.ui.showConsoleProgress": "false"}
        if master:
            builder = builder.master(master)
        elif SUBMITTED not in os.environ:
            os.environ["SPARK_LOCAL_IP"] = HERE
            builder = builder.master("local[*]")
            settings |= {"spark.ui.enabled": "false", "spark.driver.host": HERE}
            settings |= {
                "spark.driver.bindAddress": HERE,
                "spark.sql.shuffle.partitions": str(os.cpu_count()),
            }
        for name, value in settings.items():
            builder = builder.config(name, value)
        return builder.getOrCreate()


class _Asked:
    """A Spark that knows the rows of a folder, and writes its answers beside them."""

    def __init__(self, session: Any, folder: Path) -> None:
        self._session, self._folder, self._count = session, folder, 0
        for path in folder.glob("*.parquet"):
            self._name(path, path.stem)

    def _name(self, path: Path, table: str) -> None:
        self._session.read.parquet(str(path)).createOrReplaceTempView(table)

    def __call__(self, query: str, calendar: pa.Table) -> pa.Table:
        self._count += 1
        months, found = (self._folder / f"{kind}-{self._count}" for kind in (CALENDAR, "found"))
        pq.write_table(calendar, months)
        self._name(months, CALENDAR)
        # Written by whoever counted, so that no one machine need hold all of it.
        self._session.sql(query).write.parquet(str(found))
        return pq.read_table(found)
