"""In which order cells are taken to hide others: a secret of the site, the same for all its releases.

Whoever has read the program could otherwise ask for which numbers it hides just these cells, and why not
those that would have cost less. The order knows the name of a cell, never its number.
"""

import functools
import hmac
import os
import secrets
from collections.abc import Callable
from pathlib import Path

from leadstats.release.hierarchy import Key

KEY = "release.key"  # beside the built data, never beside the releases: those are for everybody
LENGTH = 32
Order = Callable[[Key], float]  # by cell a number from 0 to 1; small ones are hidden first


def site_secret(data: Path) -> bytes:
    """That of the site; made when it is first asked for. Losing it is no harm: what is published stays."""
    path = data / KEY
    if not path.is_file():
        fresh = path.with_name(f".{KEY}")
        fresh.unlink(missing_ok=True)
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as stream:
            stream.write(secrets.token_hex(LENGTH))
        fresh.replace(path)
    return bytes.fromhex(path.read_text(encoding="ascii").strip())


def order_of(secret: bytes, series: str) -> Order:
    """That of one series of numbers."""
    return functools.partial(_drawn, hmac.new(secret, series.encode(), "sha256").digest())


def _drawn(secret: bytes, key: Key) -> float:
    name = "\n".join(f"{level}\t{code}" for level, code in key)
    digest = hmac.digest(secret, name.encode(), "sha256")
    return int.from_bytes(digest[:8], "big") / 2**64
