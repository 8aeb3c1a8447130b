"""What a page begins with, as somebody was last shown it: the next reader of the same view sees it before Streamlit is
there, and then the page itself."""

from dataclasses import dataclass
from threading import Lock

from cachetools import LRUCache

from leadstats.briefing import View
from leadstats.counting.view import Filters
from leadstats.model.language import spoken
from leadstats.model.settings import Goal
from leadstats.ui.shell.markup import Markup

MOST_KEPT = 512  # of about 10 kilobytes


@dataclass(frozen=True)
class Seen:
    """All that the beginning of a page depends on; an analyst's is never another audience's."""

    page: str
    audience: str
    filters: Filters
    goals: tuple[Goal, ...]
    snapshot: str
    language: str


_kept: LRUCache[Seen, Markup] = LRUCache(MOST_KEPT)
_lock = Lock()


def of(page: str, view: View) -> Seen:
    return Seen(page, view.audience, view.filters, view.goals, view.database.mark, spoken().code)


def keep(seen: Seen, markup: Markup) -> None:
    """Nothing in it is announced: the page itself will do that."""
    with _lock:
        _kept[seen] = markup.replace(' role="status"', "")


def found(seen: Seen) -> Markup:
    """Empty where nobody has been shown it yet."""
    with _lock:
        return _kept.get(seen, Markup())
