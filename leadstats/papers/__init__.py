"""A briefing on paper, on slides and as an email: the same answers, to take into a meeting and home from it."""

from leadstats.papers.contents import Contents, contents
from leadstats.papers.digest import write_digest
from leadstats.papers.packet import as_pdf
from leadstats.papers.slides import as_pptx

__all__ = ["Contents", "as_pdf", "as_pptx", "contents", "write_digest"]
