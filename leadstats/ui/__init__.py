"""What a page may say; with leadstats.router the only part that knows Streamlit."""

from leadstats.ui.card import by_category, trend
from leadstats.ui.frame import open_page, opening

__all__ = ["by_category", "open_page", "opening", "trend"]
