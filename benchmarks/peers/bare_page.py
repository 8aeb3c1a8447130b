"""The least that Streamlit can draw after a choice, for what it takes by itself: ROWS=rows.duckdb streamlit run bare_page.py"""

import overview
import streamlit as st


@st.cache_resource
def offered() -> tuple[list, list]:
    rows = overview.Rows.opened()
    return rows.months(), rows.places()


months, places = offered()


@st.fragment
def page() -> None:
    first = st.selectbox("From", months, index=len(months) - 12, format_func="{:%B %Y}".format)
    chosen = st.multiselect("Place", places)
    st.caption(f"{first:%B %Y} {', '.join(chosen)}")


page()
