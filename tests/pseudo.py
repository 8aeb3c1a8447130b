"""A language of no letters: whatever still has some was not said through the catalogue."""

import html
import re

from leadstats.model.language import Language

SIGN = "\N{CYRILLIC SMALL LETTER ZHE}"
KEPT = re.compile(r"(\{\w*\}|<[^>]*>)")  # places of values, and tags
WORD = re.compile(r"[^\W\d_]*[A-Za-zÀ-ÿ]{2,}[^\W\d_]*")
# Code, and links to what is in a language of its own; then all other tags.
ELSEWHERE = re.compile(r"<(code|style|svg|pre)\b.*?</\1>|<a [^>]*lang=[^>]*>.*?</a>|<[^>]*>", re.DOTALL)
# What is the same in every language: names, formats, units of files; and days and months, which are CLDR's.
SAME = [
    "LEAD",
    "SAMPLE",
    "HOPWA",
    "VASH",
    "GPD",
    "TIP",
    "CSV",
    "PDF",
    "PPTX",
    "JSON",
    "PNG",
    "SVG",
    "SQL",
    "CC",
    "English",
    "Español",
    "doi",
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "octubre",
    "noviembre",
    "diciembre",
    "ene",
    "feb",
    "mar",
    "abr",
    "may",
    "jun",
    "jul",
    "ago",
    "sept",
    "sep",
    "oct",
    "nov",
    "dic",
    "de",
]


class Pseudo(Language):
    def text(self, message: str, /, **values: object) -> str:
        parts = KEPT.split(message)
        said = "".join(
            part if place % 2 else re.sub(r"[^\W\d_]", SIGN, part) for place, part in enumerate(parts)
        )
        return said.format(**values) if values else said

    def plural(self, one: str, many: str, count: float, /, **values: object) -> str:
        return self.text(many, **values)


PSEUDO = Pseudo("es")


def untold(said: str, *names: str) -> list[str]:
    """The words of a text or of markup that nobody has translated; names: those of the site, in no language."""
    said = ELSEWHERE.sub(" ", said)
    said = html.unescape(said)
    for name in sorted(names, key=len, reverse=True):
        said = said.replace(name, " ")
    return [word for word in WORD.findall(said) if word not in SAME]
