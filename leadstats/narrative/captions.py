"""What a number is of: title, unit, months, places and pathways, and how far the data reach."""

from leadstats.counting.view import Filters, Published
from leadstats.model.language import message, say
from leadstats.model.metrics import Metric
from leadstats.model.schema import PATHWAY_NAMES
from leadstats.narrative import wording


def place_words(places: tuple[str, ...]) -> str:
    return say("in {places}", places=wording.listing(places)) if places else ""


def pathway_words(pathways: tuple[str, ...]) -> str:
    if not pathways:
        return ""
    named = wording.listing((say(PATHWAY_NAMES[pathway]) for pathway in pathways), is_choice=True)
    return say("by {pathways}", pathways=named)


def scope(filters: Filters) -> str:
    """What the filters let through, as one sentence."""
    who = " ".join(filter(None, (pathway_words(filters.pathways), place_words(filters.places))))
    what = say("All of LEAD")
    if who:
        what = say("People who came {how}", how=who) if filters.pathways else say("LEAD {where}", where=who)
    return f"{what}, {wording.span(filters.first_month, filters.last_month)}."


def title(published: Published, unit: str = "") -> str:
    filters = published.filters
    by = (
        say(" by {what}", what=wording.what(name))
        for name in (filters.breakdown, filters.second_breakdown)
        if name
    )
    return f"{published.metric.title}{unit}{''.join(by)}"


def subtitle(*results: Published) -> str:
    """Measure, unit, place, period and how far the data reach, for the line under a headline."""
    published = results[0]
    metric, filters = published.metric, published.filters
    if len(results) == 1:
        unit = say(metric.unit)
        titles = title(published, "" if unit in metric.title.lower() else f" ({unit})")
        if filters.by != "total":
            titles += say(" by {what}", what=wording.what(filters.by))
    else:
        titles = say("{number} measures ({unit})", number=len(results), unit=say(metric.unit))
    where = (
        place_words(filters.places)
        if "place" in metric.filters
        else say("whole county, {place}", place=say(metric.place or message("no place is recorded")))
    )
    how = pathway_words(filters.pathways) if "pathway" in metric.filters else ""
    parts = [titles, where or say("all places"), how, wording.period(None, filters)]
    if reach := min((each.data_through for each in results if each.data_through), default=None):
        parts.append(say("data through {day}", day=wording.day(reach)))
    return ", ".join(filter(None, parts))


def identified(published: Published, mark: str) -> tuple[str, ...]:
    """All that tells which number is meant, to be found again; never the number, which not everybody may see."""
    metric = published.metric
    return (
        f"{metric.title} ({metric.name})",
        f"{subtitle(published)}.",
        say("Snapshot or release {mark}.", mark=mark),
        say(
            "Definition, version {version}: {definition}",
            version=metric.version,
            definition=metric.definition,
        ),
    )


def stage_subtitle(metric: Metric, filters: Filters) -> str:
    where = place_words(filters.places) or say("all places")
    how = pathway_words(filters.pathways)
    return ", ".join(
        filter(
            None,
            (
                metric.title,
                say("by race, each person in one group"),
                where,
                how,
                wording.period(None, filters),
            ),
        )
    )


def moved(filters: Filters) -> str:
    """Said where a measure needs people who have been followed for longer than the page's months."""
    return say(
        "These are the people of {months}, the latest followed long enough.",
        months=wording.span(filters.first_month, filters.last_month),
    )


def nearest(filters: Filters) -> str:
    """Said where a release has no number for the page's months."""
    return say(
        "These are the numbers of {months}, the nearest published.",
        months=wording.span(filters.first_month, filters.last_month),
    )
