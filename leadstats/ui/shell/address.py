"""The address bar is the state: hides how links, back and forward, and widgets agree on one view."""

from collections.abc import Callable, Mapping, Sequence

import streamlit as st

Query = Mapping[str, Sequence[str]]
WRITTEN, SEEN, PAGE = "address_written", "address_seen", "address_page"


def query() -> dict[str, list[str]]:
    return {key: st.query_params.get_all(key) for key in st.query_params}


def arrive(page: str, keys: Sequence[str], take: Callable[[Query], None]) -> None:
    """Calls `take` when the address is news: a link, a reload, or back and forward.

    The navigation drops the query, and a quick second click carries the address from before the
    first; in both cases the widgets know better. `keys` are the widgets that the address speaks of.
    """
    state = st.session_state
    now = query()
    is_first = WRITTEN not in state
    is_dropped = not now and state.get(PAGE) != page
    is_touched = {key: state[key] for key in keys if key in state} != state.get(SEEN) and state.get(
        PAGE
    ) == page
    if is_first or (now != state[WRITTEN] and not is_dropped and not is_touched):
        take(now)
    state[PAGE] = page


def write(parameters: Query, keys: Sequence[str]) -> None:
    """Puts the view into the address bar, leaving out what is empty."""
    wanted = {key: list(values) for key, values in parameters.items() if values}
    if wanted != query():
        st.query_params.from_dict(wanted)
    st.session_state[WRITTEN] = wanted
    st.session_state[SEEN] = {key: st.session_state[key] for key in keys if key in st.session_state}
