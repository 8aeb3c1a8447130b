"""A briefing on paper, on slides and as an email: the same answers, to take into a meeting and home from it."""

from leadstats.papers.contents import Contents, contents
from leadstats.papers.digest import write_digest

__all__ = ["Contents", "as_pdf", "as_pptx", "contents", "write_digest"]


def as_pdf(contents: Contents) -> bytes:
    """The packet. What typesets it is loaded for the first, since a server waits for nothing that it may never need."""
    from leadstats.papers import packet

    return packet.as_pdf(contents)


def as_pptx(contents: Contents) -> bytes:
    """The slides; loaded the same way."""
    from leadstats.papers import slides

    return slides.as_pptx(contents)
