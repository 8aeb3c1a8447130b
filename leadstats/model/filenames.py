"""Names of files that come from elsewhere: hides what systems make of a tricky one."""

import re

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
