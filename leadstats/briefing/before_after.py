"""Answers that compare two states: before and after, counted and calculated, LEAD and others."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from leadstats import charts
from leadstats.briefing import tables
from leadstats.briefing.answer import Answer, of_results
from leadstats.briefing.by_group import groups, measures
from leadstats.briefing.over_time import trend
from leadstats.briefing.view import View
from leadstats.counting.view import Published
from leadstats.model.language import message, say
from leadstats.narrative import before_after, captions, headlines, summaries, wording
from leadstats.narrative.wording import TextTable

MOST_SWINGS = 8
NO_COMPARISON = message(
    "What came after in both groups, which tells nothing of LEAD where they differed before"
)


def tornado(view: View) -> Answer:
    """What the nights avoided depend on: each assumption moved by itself, the most important first."""
    whole = view.published("jail_nights_avoided", by="total")
    parts = [view.published(name, by="total", breakdown="charge_class") for name in before_after.SWINGS]
    total = headlines.total(whole)
    found = before_after.swings(parts)[:MOST_SWINGS] if total and total.value is not None else []
    rows = [
        charts.Mark(
            f"{swing.what}: {swing.charge_class}",
            swing.said,
            total.value,
            total.value + swing.fewer,
            total.value + swing.more,
        )
        for swing in found
    ]
    said = before_after.widest(whole, found)
    chart = (
        charts.Chart(charts.swings(rows), headlines.short(say("Bars around a line. {said}.", said=said)))
        if rows
        else None
    )
    sentences = [before_after.provisional(whole), summaries.summary(whole)]
    return of_results(parts, chart, said, sentences=sentences)


def choices(view: View) -> Answer:
    """The nights avoided under each choice of what diverted arrests are compared with, each with its own range. In
    public, where no choice is published, the years."""
    if view.database.is_public:
        return trend(view, "jail_nights_avoided")
    published = view.published("jail_nights_avoided_by_choice", by="total")
    said, explained = before_after.choices(published) or (headlines.headline(published), "")
    return of_results(
        [published],
        charts.by_category(published),
        said,
        sentences=[explained, before_after.provisional(published), summaries.summary(published)],
    )


def by_charge(view: View) -> list[Answer]:
    """The nights avoided charge by charge, and which assumptions they depend on."""
    return [groups(view, "jail_nights_avoided", "charge_class"), tornado(view)]


def whole_jail(view: View) -> list[Answer]:
    """Everybody in jail, in LEAD or not."""
    return [
        trend(view, "jail_average_daily_population", has_limits=True),
        trend(view, "jail_bookings", has_limits=True),
        groups(view, "jail_bookings", "charge_class"),
    ]


def costs(view: View) -> Answer:
    """Three prices in three rows, never just one; beside them, and never subtracted, what LEAD itself cost. Until the
    site has said that, no headline mentions dollars, since readers would compare them with a budget that is not shown."""
    published = view.published("jail_cost_avoided", by="total")
    served = view.published("people_served", by="month", pathways=())
    program = before_after.program_cost(served, view.database.site.program_costs)
    priced, lead = before_after.cost(published), ""
    if priced and program:
        priced, lead = "", priced.removesuffix(".")
    elif priced:
        lead = say("What a night in jail costs: three prices, and only the first is money not spent")
    sentences = [priced, program, before_after.provisional(published), summaries.summary(published)]
    return of_results([published], charts.by_category(published), lead, sentences=sentences)


def before_and_after(view: View) -> Answer:
    """Nights in jail of people with a full year on both sides of their referral."""
    names = ("jail_nights_before_full_years", "jail_nights_after_full_years")
    found = view.figures(*names)
    labels = (say("Year before referral"), say("Year after"))
    return _rows(view, found, list(zip(labels, found, strict=True)), before_after.before_and_after(*found))


def closer(view: View) -> list[Answer]:
    """The same people's bookings, and their nights month by month."""
    names = ("bookings_before_full_years", "bookings_after_full_years")
    found = view.figures(*names)
    labels = (say("Bookings in the year before"), say("Bookings in the year after"))
    said = before_after.bookings_before_and_after(*found)
    bookings = _rows(view, found, list(zip(labels, found, strict=True)), said)
    return [bookings, _around(view, "jail_nights_around_referral")]


def _around(view: View, metric: str) -> Answer:
    """Months before and after a turning point, of people followed for all of them."""
    published = view.figure(metric)
    return of_results(
        [published],
        charts.around(published) if any(cell.value is not None for cell in published.cells) else None,
        view.dated(headlines.around(published), published),
        sentences=[view.moved(published), summaries.summary(published)],
    )


def busy_years(view: View) -> Sequence[Answer]:
    """What choosing people at their worst does by itself, shown with every before and after if the county's own years
    before LEAD can tell."""
    published = view.figure("bookings_after_busy_year")
    told = before_after.busy_years(published)
    if told is None:
        return ()
    said, explained = told
    sentences = [explained, view.moved(published), summaries.summary(published)]
    return [of_results([published], charts.by_category(published), said, sentences=sentences)]


def against_others(view: View) -> list[Answer]:
    """The change among people in LEAD, the change among people arrested and not diverted, and their difference."""
    names = (
        "jail_nights_change_by_group",
        "jail_nights_change_beyond_comparison",
        "jail_nights_before_by_group",
    )
    changes, beyond, quarters = view.figures(*names)
    rows = [
        *charts.marks(changes),
        *(
            charts.Mark(
                say("Referred beyond the others"), mark.text, mark.value, mark.low, mark.high, mark.is_hidden
            )
            for mark in charts.marks(beyond)
        ),
    ]
    said, course = before_after.against_others(changes, beyond), before_after.course_before(quarters)
    chart = charts.Chart(charts.bars(rows), headlines.short(say("Bar chart. {said}.", said=said)))
    lead, below = (said, course) if before_after.can_compare(quarters) else (NO_COMPARISON, said)
    sentences = [f"{below}.", view.moved(changes), summaries.summary(changes, beyond)]
    table = _named([changes, beyond], [say("Changes in jail nights")])
    lead = view.dated(lead, changes)
    moved = of_results([changes, beyond], chart, lead, sentences=sentences, table=table)
    chart = charts.by_category(quarters) if quarters.cells else None
    sentences = [view.moved(quarters), summaries.summary(quarters)]
    before = of_results([quarters], chart, view.dated(course, quarters), sentences=sentences)
    # If the check fails, that is the news, and it comes first.
    return [moved, before] if before_after.can_compare(quarters) else [before, moved]


def arrested_again(view: View) -> list[Answer]:
    """How many people referred have been arrested since: by time, and for what."""
    by_time = measures(
        view,
        *(f"rearrested_within_{days}_days" for days in (182, 365, 730)),
        headline=say(
            "Of people referred, {} were arrested again within half a year, {} within one, {} within two"
        ),
    )
    by_conduct = measures(
        view,
        "rearrested_for_new_conduct_within_365_days",
        "rearrested_on_new_warrant_within_365_days",
        headline=say("Within a year, {} were arrested for new conduct and {} on a new warrant"),
    )
    return [by_time, by_conduct]


def flow_check(view: View) -> Answer:
    """Little's law: checks the jail's data against themselves, for a time whose stays have mostly ended."""
    names = ("jail_average_daily_population", "jail_population_by_flow")
    found = view.figures(*names)
    said, explained = before_after.flow_check(*found)
    labels = (say("Counted at midnight"), say("Bookings a day times mean stay"))
    return _rows(view, found, list(zip(labels, found, strict=True)), said, [explained])


def referral_stages(view: View) -> Answer:
    """How far the people referred in these months have come."""
    return _categories(view, "people_referred_by_stage", before_after.stages)


def then_and_now(view: View) -> Answer:
    """The same people when LEAD began and now."""
    return _categories(view, "housed_then_and_now", before_after.then_and_now)


def _categories(view: View, name: str, said: Callable[[Published], str]) -> Answer:
    published = view.published(name, by="total")
    chart = charts.by_category(published) if published.cells else None
    return of_results([published], chart, said(published), sentences=[summaries.summary(published)])


def _rows(
    view: View,
    found: Sequence[Published],
    labelled: Sequence[tuple[str, Published]],
    said: str,
    sentences: Sequence[str] = (),
) -> Answer:
    rows = [
        charts.Mark(label, mark.text, mark.value, mark.low, mark.high, mark.is_hidden)
        for label, published in labelled
        for mark in charts.marks(published)
    ]
    chart = charts.Chart(charts.bars(rows), headlines.short(say("Bar chart. {said}.", said=said)))
    told = [view.moved(found[0]), *sentences, summaries.summary(*found)]
    table = _named(found, [label for label, _ in labelled])
    lead = view.dated(said, found[0])
    return of_results(found, chart if rows else None, lead, sentences=told, table=table)


def _named(found: Sequence[Published], labels: Sequence[str]) -> TextTable:
    """The answer with a name of its own, since two tables on a page need different names."""
    return replace(
        tables.of_results(found), caption=f"{wording.listing(labels)}: {captions.subtitle(*found)}"
    )
