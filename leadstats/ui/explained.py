"""Pages that explain: what each number means, and what is known from elsewhere."""

import functools
import tomllib

from leadstats.catalog import Metric
from leadstats.schema import BREAKDOWNS
from leadstats.ui import filters, source
from leadstats.ui.frame import block, section
from leadstats.ui.markup import Markup, details, items, tag, text
from leadstats.ui.source import View

# The exports a partner knows, in the order of the pages.
CHAPTERS = {
    "Referral and enrollment": ("referral", "enrollment", "contact"),
    "Arrest and diversion": ("arrest", "stop"),
    "Jail": ("jail_stay",),
    "Housing": ("housing", "living_situation"),
    "Residents": ("population",),
}


def definitions(view: View) -> None:
    """Every metric; the one that a link asks for stands open at the top."""
    metrics = view.database.metrics
    asked = metrics.get(filters.chosen("definitions", "metric", ""))
    if asked:
        section(asked.title)
        block(_entry(asked))
    for chapter, metrics_of in _chapters(metrics).items():
        section(chapter)
        block(
            tag(
                "div", *(details(metric.title, _entry(metric)) for metric in metrics_of), class_="definitions"
            )
        )


def _chapters(metrics) -> dict[str, list[Metric]]:
    chapters: dict[str, list[Metric]] = {chapter: [] for chapter in CHAPTERS}
    for metric in sorted(metrics.values(), key=lambda metric: metric.title):
        # By its last source: a metric of jail stays of referred people belongs to the jail.
        order = [chapter for chapter, sources in CHAPTERS.items() if set(sources) & set(metric.sources)]
        chapters[order[-1] if order else next(iter(chapters))].append(metric)
    return {chapter: found for chapter, found in chapters.items() if found}


def _entry(metric: Metric) -> Markup:
    facts = {
        "Counts": metric.definition,
        "Take care": metric.caution,
        "Unit": metric.unit,
        "How it is worked out": metric.method,
        "Place": "place" in metric.filters
        and metric.place
        and f"The neighborhood filter means {metric.place}.",
        "Broken down by": "; ".join(BREAKDOWNS[name] for name in metric.breakdowns),
        "Exports needed": ", ".join(f"{source}.csv" for source in metric.sources),
        "Name in links and files": f"{metric.name}, version {metric.version}",
    }
    pairs = (tag("dt", text(name)) + tag("dd", text(fact)) for name, fact in facts.items() if fact)
    sql = details("The query", tag("pre", tag("code", _code(metric.sql))))
    return tag("dl", *pairs, class_="definition") + sql


def _code(sql: str) -> Markup:
    """Lines kept by character references: a blank line would end the block of HTML."""
    return "&#10;".join(text(line) and _indented(line) for line in sql.strip().splitlines())


def _indented(line: str) -> Markup:
    return "&#32;" * (len(line) - len(line.lstrip())) + text(line)


def evidence(view: View) -> None:
    """Studies from elsewhere with design and limits; never beside local numbers."""
    found = _evidence()
    block(tag("p", text(found["opening"]), class_="lead"))
    for chapter in found["chapters"]:
        section(chapter["title"], chapter.get("text", ""))
        for study in chapter["studies"]:
            facts = tag(
                "dl",
                *(tag("dt", text(name)) + tag("dd", text(fact)) for name, fact in study["facts"].items()),
                class_="definition",
            )
            block(tag("div", tag("h3", text(study["says"])), facts, class_="card"))
    section(found["reading"]["title"])
    block(items(found["reading"]["rules"]))


@functools.cache
def _evidence() -> dict:
    return tomllib.loads((source.ROOT / "docs" / "evidence.toml").read_text(encoding="utf-8"))
