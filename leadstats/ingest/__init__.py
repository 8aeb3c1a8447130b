"""Export files in, one checked immutable database file out."""

from leadstats.ingest.pipeline import build, check
from leadstats.ingest.progress import bar, lines
from leadstats.ingest.report import Report

__all__ = ["Report", "bar", "build", "check", "lines"]
