"""Export files in, one checked immutable database file out."""

from leadstats.ingest.pipeline import build, check
from leadstats.ingest.progress import bar, lines
from leadstats.ingest.purge import Purge, purge
from leadstats.ingest.report import IngestReport

__all__ = ["IngestReport", "Purge", "bar", "build", "check", "lines", "purge"]
