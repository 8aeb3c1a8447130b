"""Runs common queries on Apache Spark. Hides its session, and that rows and answers travel as Parquet in a folder."""

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
SUBMITTED = "PYSPARK_GATEWAY_PORT"  # set if spark-submit started this process


@contextmanager
def counting_on_spark(database: ProgramDatabase, shared: Path, master: str = "") -> Iterator[Count]:
    """A count for `atoms.keep_all`. While it runs, rows of people lie in a folder of `shared`, which Spark's machines
    must find under the same path.

    master: as Spark names it, such as spark://host:7077; if empty, what spark-submit says, or else this machine, whose
    Spark then answers nobody else. Raises FilterError if Spark or Java is not installed.
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
        # Spark warns that it was not tested with our pandas, which it does not need here.
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
    """Asks a Spark that has read the rows of a folder; its answers are written beside them."""

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
        # Each machine writes what it counted, so that none has to hold it all.
        self._session.sql(query).write.parquet(str(found))
        return pq.read_table(found)
