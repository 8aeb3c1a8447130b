"""Export files in, one checked immutable database file out."""

from leadstats.ingest.pipeline import Report, build, check

__all__ = ["Report", "build", "check"]
