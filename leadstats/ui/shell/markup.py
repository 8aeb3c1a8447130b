"""HTML from data without letting data become markup: every text goes through one escape."""

import functools
import html
from collections.abc import Hashable, Iterable, Sequence

Markup = str  # already escaped; made here or in charts.sparkline and nowhere else


# Asked hundreds of times a page, mostly for the same labels and small numbers.
@functools.lru_cache(maxsize=8192, typed=True)
def text(value: Hashable) -> Markup:
    """Escaped and on one line: a blank line would end an HTML block and wake Markdown up."""
    return html.escape(" ".join(str(value).split()))


def tag(name: str, *inner: Markup, **attributes: str | None) -> Markup:
    """An element; attribute values are escaped, `class_` and `aria_label` become class and aria-label."""
    pairs = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{text(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    return f"<{name}{pairs}>{''.join(inner)}</{name}>"


def link(label: str, address: str, **attributes: str) -> Markup:
    """Streamlit opens links in a new window unless told otherwise."""
    return tag("a", text(label), href=address, target="_self", **attributes)


def items(sentences: Iterable[str], name: str = "ul") -> Markup:
    return tag(name, *(tag("li", text(sentence)) for sentence in sentences))


def table(caption: str, head: Sequence[str], rows: Iterable[Sequence[str]], labels: int = 1) -> Markup:
    """A table with caption, column headers and, as its first column, row headers; `labels` columns
    from the left hold words, the others numbers."""
    header = tag("tr", *(_cell("th", title, index < labels, scope="col") for index, title in enumerate(head)))
    body = (
        tag(
            "tr",
            tag("th", text(row[0]), scope="row"),
            *(_cell("td", value, index < labels) for index, value in enumerate(row[1:], 1)),
        )
        for row in rows
    )
    # Scrolled by its own frame on a phone, hence focusable: the page itself never moves sideways.
    return tag(
        "div",
        tag("table", tag("caption", text(caption)), tag("thead", header), tag("tbody", *body)),
        class_="scroll",
        role="region",
        aria_label=caption,
        tabindex="0",
    )


def _cell(name: str, content: str, is_words: bool, **attributes: str) -> Markup:
    return tag(name, text(content), class_="words" if is_words else None, **attributes)


def details(summary: str, *inner: Markup, is_open: bool = False) -> Markup:
    return tag("details", tag("summary", text(summary)), *inner, open="" if is_open else None)
