"""What a page says in Streamlit's own tests, which know no browser."""

import json

from streamlit.testing.v1 import AppTest


def sheets(page: AppTest) -> list[list[str]]:
    """What the router gathers into a few pieces: the markup of each, part by part."""
    held = (json.loads(each.proto.json) for each in page.get("bidi_component"))
    return [found["parts"] for found in held if "parts" in found]


def words_on(page: AppTest) -> str:
    """Through the router, most of a page is gathered into a few sheets; alone, each markup is an element."""
    gathered = [part for each in sheets(page) for part in each]
    return "\n".join([*(element.value for element in page.markdown), *gathered])
