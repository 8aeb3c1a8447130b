"""Names made from file names: a pattern that next month's file fits, and a name for a file's own numbering."""

import re
from collections.abc import Sequence

from leadstats.model.settings import FileMapping


def own_name(pattern: str, other: str) -> str:
    """A name for a file's own numbering: the words of its name that the other's lacks."""
    words = re.findall(r"[^\W\d_]+", pattern.rpartition("/")[2].rpartition(".")[0].lower())
    others = {*re.findall(r"[^\W\d_]+", other.lower())}
    return " ".join(word for word in words if word not in others) or " ".join(words) or "other"


def pattern_of(name: str, others: Sequence[str] = ()) -> str:
    """A pattern that next month's file of the same name fits too: dates in the name become *.

    others: files it must not fit.
    """
    base = name.rpartition("/")[2]
    escaped = re.sub(r"([\[?*])", r"[\1]", base)
    months = r"jan\w*|feb\w*|mar(ch)?|apr(il)?|may|june?|july?|aug\w*|sep\w*|oct\w*|nov\w*|dec\w*"
    dated = rf"(?<![a-z\d])(({months})[-_ .]?\d{{2,4}}|\d{{1,4}}([-_.]\d{{1,4}}){{1,5}}|(19|20)\d\dq[1-4]|\d{{4,14}})(?![a-z\d])"
    pattern = re.sub(dated, "*", escaped, flags=re.IGNORECASE)
    pattern = re.sub(r"\*+", "*", pattern)
    is_wide = pattern.startswith("*.") or any(map(FileMapping(pattern, "").matches, others))
    return escaped if is_wide else pattern
