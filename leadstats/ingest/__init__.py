"""Export files in, one checked immutable database file out."""

from leadstats.ingest.pipeline import build, check
from leadstats.ingest.progress import bar, lines
from leadstats.ingest.report import IngestReport

__all__ = ["IngestReport", "bar", "build", "check", "lines"]
