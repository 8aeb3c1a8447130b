"""The language of the whole page, for screen readers and browsers: Streamlit's shell says English."""

import streamlit as st

from leadstats.model.language import say, spoken

SCRIPT = """
export default function ({ data: [tag, menu] }) {
  document.documentElement.lang = tag
  document.documentElement.style.setProperty("--all-pages", JSON.stringify(menu))
}
"""


def set_it() -> None:
    """The one that is spoken, until the page is loaded anew, as by a link to it in another language."""
    component = st.components.v2.component("leadstats_language", js=SCRIPT)
    component(data=[spoken().tag, say("All pages")], key="language")
