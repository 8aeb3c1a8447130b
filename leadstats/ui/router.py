"""The script that st.App runs for every visitor: the pages and their order."""

import streamlit as st

from leadstats.counting.view import ANALYST, OPERATIONS
from leadstats.model.language import spoken
from leadstats.ui.cards.present import present
from leadstats.ui.shell import sheet
from leadstats.ui.shell.frame import PAGES, speak_to
from leadstats.ui.shell.locations import ROOT
from leadstats.ui.shell.session import PUBLIC, audience, inbox_store

# Beside this file there is no folder named pages, or Streamlit would run a page without its router.
FOLDER = ROOT / "pages"
FAVICON = str(ROOT / "static" / "favicon.png")

st.set_page_config(page_icon=FAVICON, layout="wide")
granted = audience(None)
is_presented = st.query_params.get("view") == "present"
speak_to(granted, is_presented)


def _pages() -> list[st.Page]:
    # The overview twice: Streamlit gives its default page the address / and no other.
    overview, *others = PAGES
    file = FOLDER / "overview.py"
    home = st.Page(file, title=overview.name, url_path="home", default=True)
    named = st.Page(file, title=overview.name, url_path=overview.address, visibility="hidden")
    # One flat list: with sections, Streamlit's markup of the list is one that screen readers stumble over.
    # What only some may use is named to nobody else.
    is_offered = dict.fromkeys(("import", "settings"), inbox_store(granted) is not None)
    is_offered["meetings"] = granted != PUBLIC
    is_offered["case_work"] = granted in (
        OPERATIONS,
        ANALYST,
    )  # others read the same on the page of enrollment
    entries = [
        st.Page(
            FOLDER / f"{page.address}.py",
            title=page.name,
            url_path=page.address,
            visibility="visible" if is_offered.get(page.address, True) else "hidden",
        )
        for page in others
    ]
    return [home, named, *entries]


# Streamlit looks at the file of each; once a visit and language is enough.
kept = f"pages {spoken().code}"
if kept not in st.session_state:
    st.session_state[kept] = _pages()
chosen = st.navigation(st.session_state[kept], position="top")
with sheet.gathered(chosen.title):
    if is_presented:
        present()
    else:
        chosen.run()
