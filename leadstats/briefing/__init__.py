"""Asking and answering: the one view through which page, report, command line and download ask, and its answers."""

from leadstats.briefing.view import View, default_months, reach

__all__ = ["View", "default_months", "reach"]
