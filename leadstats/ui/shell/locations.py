"""Where data, releases and uploads lie, and for whom the app was started: all that it reads from its environment."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def data_folder() -> Path:
    return ROOT / os.environ.get("LEADSTATS_DATA", "data/built")


def releases_folder() -> Path | None:
    """Where the releases lie, if the app was started for the public; else None."""
    return _named("LEADSTATS_RELEASES")


def inbox_folder() -> Path | None:
    """Where exports are put, if whoever started the app named an inbox; else None."""
    return _named("LEADSTATS_INBOX")


def granted_audience() -> str | None:
    return os.environ.get("LEADSTATS_AUDIENCE") or None


def _named(variable: str) -> Path | None:
    folder = os.environ.get(variable)
    return ROOT / folder if folder else None
