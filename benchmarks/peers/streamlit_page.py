"""The plain Streamlit page: ROWS=rows.duckdb streamlit run streamlit_page.py"""

import charts
import overview
import streamlit as st


@st.cache_resource
def opened() -> overview.Rows:
    return overview.Rows.opened()


rows = opened()
months = rows.months()

st.set_page_config(layout="wide")
st.title("Overview")
columns = st.columns(4)
first = columns[0].selectbox("From", months, index=len(months) - 12, format_func="{:%B %Y}".format)
last = columns[1].selectbox("To", months, index=len(months) - 1, format_func="{:%B %Y}".format)
places = columns[2].multiselect("Place", rows.places())
pathways = columns[3].multiselect("How people came to LEAD", rows.pathways())
choice = overview.Choice(min(first, last), max(first, last), tuple(places), tuple(pathways))
st.caption(choice.words)

for column, (title, (now, before)) in zip(st.columns(5), rows.numbers(choice).items(), strict=True):
    column.metric(title, f"{now:,}", f"{now - before:+,}")
left, right = st.columns(2)
for number, figure in enumerate(charts.drawn(rows, choice)):
    (right if number % 2 else left).plotly_chart(figure)
