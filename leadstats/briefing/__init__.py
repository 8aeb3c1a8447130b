"""Asking: one view of one snapshot for page, report, command line and download, and the answer to each page's question."""

from leadstats.briefing.leads import lead
from leadstats.briefing.view import View, default_months, reach

__all__ = ["View", "default_months", "lead", "reach"]
