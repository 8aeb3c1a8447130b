"""Asking and answering: one view of one snapshot for page, report, command line and download, and what it is told."""

from leadstats.briefing.view import View, default_months, reach

__all__ = ["View", "default_months", "reach"]
