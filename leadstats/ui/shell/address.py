"""The address bar is the state: hides how links, back and forward, and widgets agree on one view.

An address names its months and its snapshot always: whoever opens it later sees what was meant.
"""

import functools
from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from types import MappingProxyType
from urllib.parse import urlencode

import streamlit as st

from leadstats.briefing import View
from leadstats.counting.view import Filters
from leadstats.model import periods

Query = Mapping[str, Sequence[str]]
Encoded = str  # as it stands in an address
WRITTEN, SEEN, PAGE = "address_written", "address_seen", "address_page"
# What a link asks for beside the filters. It stays asked for on every page that is opened from there.
AUDIENCE, SNAPSHOT, LANGUAGE = "address_audience", "address_snapshot", "address_language"

# The first and the last of them while a page is drawn, which has many links: the session's own state is slow to read.
_asked: ContextVar[Mapping[str, str]] = ContextVar("asked", default=MappingProxyType({}))


def of(view: View, path: str, months: Filters | None = None, /, **more: str | Sequence[str]) -> str:
    """Where a page or download shows this view, over other months if told. `more` leads the query; what is
    empty is left out."""
    further = {**_asked.get(), **parameters(view, months)}
    further = {key: value for key, value in further.items() if key not in more}
    return f"{path}?{'&'.join(filter(None, map(_encoded, (_pairs(more), _pairs(further)))))}"


def _pairs(query: Mapping[str, str | Sequence[str]]) -> tuple[tuple[str, str | tuple[str, ...]], ...]:
    return tuple(
        (key, value if isinstance(value, str) else tuple(value)) for key, value in query.items() if value
    )


@functools.lru_cache(maxsize=1024)
def _encoded(pairs: tuple[tuple[str, str | tuple[str, ...]], ...]) -> Encoded:
    """Each link of a page names the same view."""
    return urlencode(pairs, doseq=True)


def parameters(view: View, months: Filters | None = None) -> dict[str, list[str]]:
    months = months or view.filters
    return {
        "from": [periods.label(months.first_month, "month")],
        "to": [periods.label(months.last_month, "month")],
        "place": list(view.filters.places),
        "pathway": list(view.filters.pathways),
        "snapshot": [view.database.mark],
    }


def language() -> str:
    """The language that the address or, as the navigation drops the query, an earlier one of this visit asks for."""
    return st.query_params.get("language", st.session_state.get(LANGUAGE, ""))


def arrived(page: str, keys: Sequence[str]) -> Query | None:
    """The query of an address that is news: of a link, a reload, or back and forward; else None.

    The navigation drops the query, and a quick second click carries the address from before the
    first; in both cases the widgets know better. `keys` are the widgets that the address speaks of.
    """
    state = st.session_state
    now = {key: st.query_params.get_all(key) for key in st.query_params}
    is_first = WRITTEN not in state
    is_dropped = not now and state.get(PAGE) != page
    is_touched = {key: state[key] for key in keys if key in state} != state.get(SEEN) and state.get(
        PAGE
    ) == page
    state[PAGE] = page
    is_news = is_first or not (now == state[WRITTEN] or is_dropped or is_touched)
    if is_news:
        for kept, name in ((AUDIENCE, "audience"), (SNAPSHOT, "snapshot"), (LANGUAGE, "language")):
            state[kept] = next(iter(now.get(name, [])), "")
    return now if is_news else None


def recall() -> None:
    """Before anything is drawn: links go on asking for what the visit asked for."""
    _asked.set({"audience": st.session_state[AUDIENCE], "language": st.session_state[LANGUAGE]})


def write(view: View, keys: Sequence[str], further: Mapping[str, str]) -> None:
    """Puts the view into the address bar; `further`: choices of the page, of which the empty are left out."""
    query = {name: [value] for name, value in {**_asked.get(), **further}.items()}
    wanted = {key: values for key, values in {**parameters(view), **query}.items() if any(values)}
    if wanted != {key: st.query_params.get_all(key) for key in st.query_params}:
        st.query_params.from_dict(wanted)
    st.session_state[WRITTEN] = wanted
    st.session_state[SEEN] = {key: st.session_state[key] for key in keys if key in st.session_state}
