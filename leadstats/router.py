"""The script that st.App runs for every visitor: the pages and their order."""

import streamlit as st

from leadstats.ui.frame import PAGES, close_page
from leadstats.ui.source import ROOT

# Beside this file there is no folder named pages, or Streamlit would run a page without its router.
FOLDER = ROOT / "pages"
ABOUT = "About the numbers"
FAVICON = str(ROOT / "static" / "favicon.png")

st.set_page_config(page_icon=FAVICON, layout="wide")
entries = {
    each: st.Page(FOLDER / f"{each.address}.py", title=each.title, url_path=each.address)
    for each in PAGES[1:]
}
# The overview twice: Streamlit gives its default page the address / and no other.
overview = FOLDER / "overview.py"
home = st.Page(overview, title=PAGES[0].title, url_path="home", default=True)
named = st.Page(overview, title=PAGES[0].title, url_path=PAGES[0].address, visibility="hidden")
chosen = st.navigation(
    {
        "": [home, named, *(entry for each, entry in entries.items() if each.has_filters)],
        ABOUT: [entry for each, entry in entries.items() if not each.has_filters],
    },
    position="top",
)
chosen.run()
close_page()
