"""Names of files that come from elsewhere: hides what systems make of a tricky one, and which day it states."""

import re
from datetime import date

DAY_IN_NAME = re.compile(r"(?<!\d)((?:19|20)\d\d)([-_.]?)(0[1-9]|1[0-2])\2([0-3]\d)(?!\d)")
DEVICE = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


def trick(name: str) -> str | None:
    """What a name, with folders or without, would do instead of naming a file below a folder."""
    parts = re.split(r"[/\\]", name)
    if ".." in parts or parts[0] == "" or re.match(r"[A-Za-z]:", name):
        return "a name that leads outside"
    # Windows opens a device by that name, whatever its ending.
    if any(DEVICE.fullmatch(part.strip()) for part in parts) or not name.isprintable():
        return "a name that is no file's"
    return None


def day_in_name(name: str) -> date | None:
    """The one day that a file's name states, year first; any other order could mean two days.

    What its folder or archive is called says nothing of the file.
    """
    days = set()
    for year, _, month, day in DAY_IN_NAME.findall(re.split(r"[/\\]", name)[-1]):
        try:
            days.add(date(int(year), int(month), int(day)))
        except ValueError:
            continue
    return days.pop() if len(days) == 1 else None
