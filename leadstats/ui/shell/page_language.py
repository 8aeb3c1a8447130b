"""The language of the whole page, for screen readers and browsers: Streamlit's shell says English."""

import streamlit as st

SCRIPT = """
export default function ({ data }) {
  document.documentElement.lang = data.tag
}
"""


def set_to(tag: str) -> None:
    """Until the page is loaded anew, as by a link to it in another language. tag: such as es-US."""
    component = st.components.v2.component("leadstats_language", js=SCRIPT)
    component(data={"tag": tag}, key="language")
