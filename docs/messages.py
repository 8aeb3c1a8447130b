"""Every message that somebody may read in Spanish: what the catalogue has to hold, and it as one file for a reader.

python -m docs.messages   puts new messages into the catalogue, without their Spanish, and takes out what is said no more
"""

import ast
import csv
import io
import tomllib
from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from leadstats.counting.catalog import load_metrics
from leadstats.model.codes import CATEGORIES, HOUSING_CODES
from leadstats.model.language import CATALOGS, LOCALES
from leadstats.model.measures import load_estimates, load_measures
from leadstats.model.metrics import UNITS
from leadstats.model.periods import VIEWED
from leadstats.model.schema import BREAKDOWNS, FACTS, PATHWAY_NAMES, RACES, TABLES, Table
from leadstats.narrative.wording import noun
from leadstats.quality.account import named

ROOT = Path(__file__).resolve().parent.parent
CALLS = {
    "say": 1,
    "message": 1,
    "text": 1,
    "plural": 2,
    "say_plural": 2,
    "plural_message": 2,
}  # how many messages each takes
OF_METRICS = ("title", "definition", "caution")
OF_MEASURES = (
    *OF_METRICS,
    *("sentence", "question", "yes", "no", "yes_title", "yes_definition"),
    *("yes_sentence", "share_definition", "share_sentence", "sum_title", "sum_definition", "sum_sentence"),
)

# By hand: a date in it would change with every run.
HEAD = """\
# Spanish as spoken in the United States. Not yet reviewed by a native speaker: the pages say so.
msgid ""
msgstr ""
"Language: es_US\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

"""

Message = str | tuple[str, str]  # of a plural, both forms


def collected() -> Mapping[Message, list[str]]:
    """Each message with the files that say it."""
    found: dict[Message, list[str]] = {}
    for place, message in (*_said(), *_on_pages(), *_declared(), *_listed()):
        if message and place not in found.setdefault(message, []):
            found[message].append(place)
    found.pop("", None)
    return found


def _said() -> Iterator[tuple[str, Message]]:
    """The messages that are written in the call that says them, or marks them."""
    for path in sorted((ROOT / "leadstats").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                if name == "text" and isinstance(node.func, ast.Name):
                    continue  # of markup
                told = [each.value for each in node.args if isinstance(each, ast.Constant)]
                told = [each for each in told[: CALLS.get(name, 0)] if isinstance(each, str)]
                if told and len(told) == CALLS[name]:
                    yield str(path.relative_to(ROOT)), told[0] if len(told) == 1 else (told[0], told[1])


def _on_pages() -> Iterator[tuple[str, Message]]:
    """What pages hand over to be said: their texts of more than one word, and the titles of sections."""
    for path in sorted((ROOT / "pages").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                given = [*node.args, *(each.value for each in node.keywords)]
                texts = [each.value for each in given if isinstance(each, ast.Constant)]
                is_titled = getattr(node.func, "attr", "") in ("section", "folded")
                yield from (
                    (f"pages/{path.name}", text)
                    for text in texts
                    if isinstance(text, str) and (is_titled or " " in text)
                )
    held = tomllib.loads((ROOT / "docs" / "evidence.toml").read_text(encoding="utf-8"))
    yield from (("docs/evidence.toml", text) for text in _texts(held))


def _texts(held: Any) -> Iterator[str]:
    """All texts within lists and tables, the names of facts among them."""
    if isinstance(held, str):
        yield held
    elif isinstance(held, Mapping):
        yield from (name for name in held if name[:1].isupper())
        yield from (text for each in held.values() for text in _texts(each))
    elif isinstance(held, list):
        yield from (text for each in held for text in _texts(each))


def _declared() -> Iterator[tuple[str, Message]]:
    for name, measure in load_measures().items():
        for text in (*(getattr(measure, field) for field in OF_MEASURES), *measure.wording):
            yield f"queries/release/{name}.sql", text
    for name, estimate in load_estimates().items():
        for field in ("title", "sentence", "bounded_sentence", "rounding", "caution"):
            yield f"queries/estimates/{name}.sql", getattr(estimate, field)
    for name, metric in load_metrics().items():
        for text in (*(getattr(metric, field) for field in OF_METRICS), *metric.categories, *metric.together):
            if _has_letters(text) or not text:
                yield f"metric {name}", text


def _listed() -> Iterator[tuple[str, Message]]:
    """What stands in data and is the same for every site; places and agencies are a site's own."""
    lists = {
        "units": [noun(unit, number) for unit in UNITS for number in (1, 2)] + list(UNITS),
        "breakdowns": [*BREAKDOWNS.values(), *(name.replace("_", " ") for name in BREAKDOWNS), "group"],
        "periods": [*VIEWED],
        "tables": [text for name in TABLES for text in (name.replace("_", " "), named(name).lower())],
        "exports": [text for table in TABLES.values() for text in _told(table)] + [*FACTS.values()],
        "categories": [*RACES, *PATHWAY_NAMES.values(), *chain.from_iterable(CATEGORIES.values())],
        "destinations": [code.name for code in HOUSING_CODES],
        "people by race": [f"{race} people" for race in RACES],
    }
    return ((place, text) for place, texts in lists.items() for text in texts if _has_letters(text))


def _told(table: Table) -> Iterator[str]:
    """What may be said to be missing."""
    yield table.row_is
    yield from (column.meaning for column in table.columns)


def _has_letters(text: str) -> bool:
    return any(letter.isalpha() for letter in text)


def catalog(code: str = "es") -> Catalog:
    with _path(code).open("rb") as stream:
        return read_po(stream, locale=LOCALES[code])


def _path(code: str) -> Path:
    return CATALOGS / f"{LOCALES[code]}.po"


def renew(code: str = "es") -> None:
    held = catalog(code)
    renewed = Catalog(locale=LOCALES[code])
    for message, places in sorted(collected().items(), key=lambda pair: str(pair[0])):
        found = held.get(message)
        # One that became a plural, or is none any more, is to be said anew.
        said = found.string if found and isinstance(found.id, str) == isinstance(message, str) else ""
        renewed.add(message, said, locations=[(place, 0) for place in places])
    with _path(code).open("wb") as stream:
        stream.write(HEAD.encode())
        write_po(stream, renewed, width=110, include_lineno=False, omit_header=True)


def review() -> str:
    """The catalogue as a table that a native reader can go through with nothing but a spreadsheet."""
    lines = io.StringIO()
    table = csv.writer(lines, lineterminator="\n")
    table.writerow(("Where", "English", "Spanish", "Better Spanish", "Remark"))
    for message in catalog():
        if message.id:
            pairs = [(message.id, message.string)] if isinstance(message.id, str) else []
            pairs = pairs or list(zip(message.id, message.string, strict=True))
            where = " ".join(place for place, _ in message.locations)
            table.writerows((where, *pair, "", "") for pair in pairs)
    return lines.getvalue()


if __name__ == "__main__":
    renew()
