"""Numbers over the chosen months, by group or side by side: who, where, which of several measures."""

from dataclasses import replace

from leadstats import charts
from leadstats.analysis import control_charts
from leadstats.briefing import tables
from leadstats.briefing.answer import Answer, of_results
from leadstats.briefing.view import View
from leadstats.counting.view import NOT_RELEASED, Published
from leadstats.model.language import say
from leadstats.narrative import headlines, summaries, wording

FLOW = ("caseload_at_start", "new_people", "people_reentered", "people_exited", "active_caseload")
MINUS = "\N{MINUS SIGN}"


def groups(view: View, metric: str, breakdown: str | None = None) -> Answer:
    """One measure over the chosen months, by the groups of a breakdown or by its own."""
    published = ordered(view.figure(metric, breakdown=breakdown))
    lead = view.dated(headlines.headline(published), published)
    return of_results([published], charts.by_category(published), lead, sentences=_sentences(view, published))


def by_agency(view: View) -> list[Answer]:
    """The diversion rate broken down the way shifts of officers can act on it."""
    return [groups(view, "diversion_rate", by) for by in ("agency", "hour_band")]


def measures(view: View, *metrics: str, headline: str) -> Answer:
    """Several rates or estimates of one unit, of the same people, one row each. `headline` holds a
    {} for each number in turn."""
    asked = view.figures(*metrics)
    found = [published for published in asked if published.missing != NOT_RELEASED] or asked
    rows = [
        replace(mark, label=published.metric.title) for published in found for mark in charts.marks(published)
    ]
    suffix = "%" if found[0].metric.unit == "percent" else ""
    chart = charts.Chart(charts.dots(rows, suffix=suffix), headlines.alt_together(found))
    sentences = _sentences(view, *found)
    has_number = any(cell.value is not None for published in found for cell in published.cells)
    said = headline.format(*map(headlines.number, asked)) if has_number else headlines.headline(found[0])
    if len(found) < len(asked):
        said = headlines.together(found)
    return of_results(asked, chart if rows else None, view.dated(said, found[0]), sentences=sentences)


def project_exits(view: View) -> list[Answer]:
    """Where people left housing projects for: the shares that count, then every destination."""
    shares = measures(
        view,
        "exits_to_permanent_housing",
        "exits_from_the_street",
        "exits_to_unknown_destinations",
        headline=say(
            "Of people who left a project, {} moved to permanent housing, {} there or somewhere safer; "
            "of {} nobody knows where"
        ),
    )
    return [shares, groups(view, "housing_exits", "destination")]


def _sentences(view: View, *results: Published) -> list[str]:
    return [view.moved(results[0]), summaries.summary(*results)]


def flow(view: View) -> Answer:
    """How the caseload got from the first day to the last: who came, came back, and left."""
    found = [view.published(name, by="total") for name in FLOW]
    cells = [cell for published in found for cell in published.cells]
    if any(cell.is_protected for cell in cells):
        # The others would give the hidden number away, since the five add up.
        ends = [found[0], found[-1]]
        return of_results(ends, None, headlines.together(ends), sentences=[headlines.FLOW_HIDDEN])
    rows = [
        charts.Mark(
            published.metric.title,
            f"{sign}{wording.shown(published.metric, cell)}",
            -cell.value if sign == MINUS and cell.value is not None else cell.value,
            is_context=not sign,
        )
        for sign, published, cell in zip(("", "+", "+", MINUS, ""), found, cells, strict=False)
    ]
    is_whole = rows and all(cell.value is not None for cell in cells)
    chart = charts.Chart(charts.steps(rows), headlines.alt_flow(found)) if is_whole else None
    return of_results(found, chart, headlines.flow(found))


def spread(view: View, metric: str, breakdown: str = "neighborhood") -> Answer:
    """A rate by place against its number of cases, with the limits of chance; never a ranking."""
    published = view.published(metric, by="total", breakdown=breakdown)
    everyone = headlines.total(view.published(metric, by="total"))
    has_center = everyone is not None and everyone.value is not None
    outliers = control_charts.beyond_chance(published.cells, everyone)
    chart = charts.funnel(published, everyone) if has_center else None
    # The same numbers may be on the page by themselves, and two tables need different names.
    table = tables.of_results([published])
    table = replace(table, caption=say("Set against chance: {text}", text=wording.small(table.caption)))
    return of_results([published], chart, headlines.beyond(published, outliers), table=table)


def ordered(published: Published) -> Published:
    """Groups by size, largest first; but races, ages and places in their own order, which ranks nobody."""
    if published.filters.breakdown in ("race", "race_alone_or_in_combination", "age_band", "neighborhood"):
        return published
    if published.metric.categories:
        return published
    cells = sorted(
        published.cells,
        key=lambda cell: (cell.category.lower() == "unknown", cell.value is None, -(cell.value or 0)),
    )
    return replace(published, cells=tuple(cells))
