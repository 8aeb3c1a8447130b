"""How far the numbers can be trusted, as words and tables that may be shown, and as one static file."""

from leadstats.quality.account import Finding, Section
from leadstats.quality.gaps import sections
from leadstats.quality.report import write_report

__all__ = ["Finding", "Section", "sections", "write_report"]
