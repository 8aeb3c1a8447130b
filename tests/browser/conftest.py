"""Every test here has a browser."""

from browsing import browser, page  # noqa: F401
