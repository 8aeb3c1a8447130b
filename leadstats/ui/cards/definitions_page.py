"""What each number means."""

from leadstats.briefing import View
from leadstats.counting.catalog import load_catalog
from leadstats.model.language import message, say_plural
from leadstats.model.metrics import Metric
from leadstats.ui.cards import method, objections
from leadstats.ui.shell import filters
from leadstats.ui.shell.frame import block, section
from leadstats.ui.shell.markup import Markup, details, items, tag

# The exports a partner knows, in the order of the pages.
CHAPTERS = {
    message("Referral and enrollment"): ("referral", "enrollment", "contact"),
    message("Arrest and diversion"): ("arrest", "stop"),
    message("Prosecutor and court"): ("legal_case",),
    message("Jail"): ("jail_stay",),
    message("Housing"): ("housing", "living_situation"),
    message("Residents"): ("population",),
}


def definitions(view: View) -> None:
    """Every metric; the one that a link asks for stands open at the top, with its numbers."""
    metrics = {name: view.metric(name) for name in view.database.metrics}
    asked = metrics.get(filters.own_choice("definitions", "metric"))
    if asked:
        section(asked.title)
        objections.object_to(view, asked)
        method.method_card(view, asked)
    if not view.database.is_public and (faults := load_catalog().faults):
        section(message("Numbers that cannot be shown"))
        block(items(fault.line for fault in faults))
    for chapter, metrics_of in _chapters(metrics).items():
        section(chapter)
        listed = (details(metric.title, _entry(metric)) for metric in metrics_of)
        size = len(metrics_of)
        held = say_plural("{number} number", "{number} numbers", size, number=size)
        block(details(held, tag("div", *listed, class_="definitions")))


def _chapters(metrics) -> dict[str, list[Metric]]:
    chapters: dict[str, list[Metric]] = {chapter: [] for chapter in CHAPTERS}
    for metric in sorted(metrics.values(), key=lambda metric: metric.title):
        # By its last source: a metric of jail stays of referred people belongs to the jail.
        order = [chapter for chapter, sources in CHAPTERS.items() if set(sources) & set(metric.sources)]
        chapters[order[-1] if order else next(iter(chapters))].append(metric)
    return {chapter: found for chapter, found in chapters.items() if found}


def _entry(metric: Metric) -> Markup:
    return method.facts(metric) + method.query(metric)
