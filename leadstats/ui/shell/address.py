"""The address bar is the state: hides how links, back and forward, and widgets agree on one view.

An address names its months and its snapshot always: whoever opens it later sees what was meant.
"""

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

import streamlit as st

from leadstats.briefing import View
from leadstats.counting.view import Filters

Query = Mapping[str, Sequence[str]]
WRITTEN, SEEN, PAGE = "address_written", "address_seen", "address_page"
# What a link asks for beside the filters. It stays asked for on every page that is opened from there.
AUDIENCE, SNAPSHOT, LANGUAGE = "address_audience", "address_snapshot", "address_language"


def of(view: View, path: str, months: Filters | None = None, /, **more: str | Sequence[str]) -> str:
    """Where a page or download shows this view, over other months if told. `more` leads the query; what is
    empty is left out."""
    asked = {"audience": st.session_state.get(AUDIENCE, ""), "language": st.session_state.get(LANGUAGE, "")}
    query = {**dict.fromkeys(more), **asked, **parameters(view, months), **more}
    return f"{path}?{urlencode({key: value for key, value in query.items() if value}, doseq=True)}"


def parameters(view: View, months: Filters | None = None) -> dict[str, list[str]]:
    months = months or view.filters
    return {
        "from": [f"{months.first_month:%Y-%m}"],
        "to": [f"{months.last_month:%Y-%m}"],
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
    if not is_first and (now == state[WRITTEN] or is_dropped or is_touched):
        return None
    for kept, name in ((AUDIENCE, "audience"), (SNAPSHOT, "snapshot"), (LANGUAGE, "language")):
        state[kept] = next(iter(now.get(name, [])), "")
    return now


def write(view: View, keys: Sequence[str], further: Mapping[str, str]) -> None:
    """Puts the view into the address bar; `further`: choices of the page, of which the empty are left out."""
    kept = {"audience": AUDIENCE, "language": LANGUAGE}
    query = {name: [st.session_state.get(key, "")] for name, key in kept.items()}
    query |= {name: [value] for name, value in further.items()}
    wanted = {key: values for key, values in {**parameters(view), **query}.items() if any(values)}
    if wanted != {key: st.query_params.get_all(key) for key in st.query_params}:
        st.query_params.from_dict(wanted)
    st.session_state[WRITTEN] = wanted
    st.session_state[SEEN] = {key: st.session_state[key] for key in keys if key in st.session_state}
