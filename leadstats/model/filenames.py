"""File names that come from elsewhere. Hides what systems do with tricky ones, and how to read the day in a name."""

import re
from datetime import date

from leadstats.model import periods

# Of files that hold tables.
TABLE_ENDINGS = (
    ".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xls", ".ods", ".parquet", ".htm", ".html", ".mht", ".mhtml",
)  # fmt: skip

DAY_IN_NAME = re.compile(r"(?<!\d)((?:19|20)\d\d)([-_.]?)(0[1-9]|1[0-2])\2([0-3]\d)(?!\d)")
MONTH_IN_NAME = re.compile(r"(?<!\d)((?:19|20)\d\d)[-_.](0[1-9]|1[0-2])(?!\d)(?![-_.]\d\d(?!\d))")
DEVICE = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


def trick(name: str) -> str | None:
    """What a name, with or without folders, would do other than name a file inside a folder."""
    parts = re.split(r"[/\\]", name)
    if ".." in parts or parts[0] == "" or re.match(r"[A-Za-z]:", name):
        return "a name that leads outside"
    # Windows opens a device under that name, whatever the extension.
    if any(DEVICE.fullmatch(part.strip()) for part in parts) or not name.isprintable():
        return "a name that is no file's"
    return None


def days_in_name(name: str) -> tuple[date | None, date] | None:
    """The days that a file's own name says it covers: from one day to another, or a whole month. A single day only
    says that it goes no further. None if the name says nothing, or several things."""
    base = re.split(r"[/\\]", name)[-1]
    days = set()
    for year, _, month, day in DAY_IN_NAME.findall(base):
        try:
            days.add(date(int(year), int(month), int(day)))
        except ValueError:
            continue
    if days:
        first, last = min(days), max(days)
        return None if len(days) > 2 else (first if len(days) == 2 else None, last)
    months = {date(int(year), int(month), 1) for year, month in MONTH_IN_NAME.findall(base)}
    return (min(months), periods.last_day(f"{max(months):%Y-%m}")) if 1 <= len(months) <= 2 else None


def day_in_name(name: str) -> date | None:
    """The one day stated in a file's name with the year first; any other order could mean two days.

    The name of its folder or archive says nothing about the file.
    """
    days = set()
    for year, _, month, day in DAY_IN_NAME.findall(re.split(r"[/\\]", name)[-1]):
        try:
            days.add(date(int(year), int(month), int(day)))
        except ValueError:
            continue
    return days.pop() if len(days) == 1 else None


def mark_of(snapshot: str) -> str:
    """How people and addresses name a snapshot: the beginning of the digest of its contents."""
    return snapshot.removeprefix("program-").removesuffix(".duckdb")[:10]
