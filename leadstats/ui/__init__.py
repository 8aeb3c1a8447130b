"""What a page may say; with leadstats.router the only part that knows Streamlit."""

from leadstats.ui.charted import groups, lines, measures, multiples, trend
from leadstats.ui.figures import figures
from leadstats.ui.frame import open_page, section

__all__ = ["figures", "groups", "lines", "measures", "multiples", "open_page", "section", "trend"]
