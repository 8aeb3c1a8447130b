"""How far the numbers can be trusted, as words and tables that may be shown; and as one static file."""

from leadstats.quality.account import Entry, Section, Source, Table
from leadstats.quality.gaps import sections
from leadstats.quality.report import write_report

__all__ = ["Entry", "Section", "Source", "Table", "sections", "write_report"]
