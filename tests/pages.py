"""What a page says in Streamlit's own tests, which know no browser."""

import json

from streamlit.testing.v1 import AppTest


def sheets(page: AppTest) -> list[list[str]]:
    """What the router gathers into a few pieces: the markup of each, part by part."""
    found = (each.proto for each in page.get("bidi_component"))
    return [json.loads(each.json) for each in found if each.component_name == "leadstats_sheet"]


def words_on(page: AppTest) -> str:
    """Through the router, most of a page is gathered into a few sheets; alone, each markup is an element."""
    gathered = [part for each in sheets(page) for part in each]
    return "\n".join([*(element.value for element in page.markdown), *gathered])
