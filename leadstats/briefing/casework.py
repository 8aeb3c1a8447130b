"""Answers about case work: how people come and leave, what they need, who waits, their cases in court, who died."""

from dataclasses import replace

from leadstats import charts
from leadstats.briefing.answer import Answer, of_results
from leadstats.briefing.by_group import flow, groups, measures, ordered
from leadstats.briefing.over_time import caseload, lines, multiples, trend
from leadstats.briefing.view import View
from leadstats.counting.view import Published
from leadstats.model.schema import BREAKDOWNS
from leadstats.narrative import captions, casework, summaries, wording
from leadstats.narrative.wording import TextTable


def not_coming_in(view: View) -> list[Answer]:
    """Why people left before intake. Together with those who got further, they are everybody referred."""
    return _reasons(view, "people_left_before_intake", "closed_reason")


def leaving(view: View) -> list[Answer]:
    return _reasons(view, "people_exited", "exit_reason")


def needs(view: View) -> list[Answer]:
    """What people were met for and how, counted as people and as contacts; and for whom partners may coordinate."""
    return [
        _told(view, "people_contacted", "need"),
        _told(view, "contacts_made", "need"),
        _told(view, "contacts_made", "contact_kind"),
        trend(view, "median_days_to_first_contact"),
        trend(view, "consent_on_file"),
    ]


def waiting(view: View) -> list[Answer]:
    """Only counts: the case management system knows who they are."""
    return [groups(view, "waiting_over_30_days", by) for by in ("pathway", "source_agency")]


def ways_in(view: View) -> list[Answer]:
    return [
        multiples(view, "referrals_received", "pathway"),
        groups(view, "referrals_received", "source_agency"),
    ]


def legal(view: View) -> list[Answer]:
    """What became of diverted charges, and of the cases and warrants of people in LEAD, by the date of the offense."""
    steps = ("cases_filed", "cases_declined", "cases_dismissed", "warrants_cleared")
    return [
        trend(view, "diverted_and_filed_within_182_days"),
        *(_told(view, step, "offense_timing") for step in steps),
        trend(view, "people_with_open_warrant"),
    ]


def carried(view: View) -> list[Answer]:
    """How the caseload became what it is, how it is spread, and who stays."""
    stays = measures(
        view,
        *(f"retained_at_{days}_days" for days in (182, 365)),
        headline="Still in LEAD: {} after half a year, {} after a year",
    )
    return [
        flow(view),
        lines(view, "active_caseload", "engaged_caseload"),
        caseload(view),
        managers(view),
        stays,
    ]


def managers(view: View) -> Answer:
    """How evenly people are spread over case managers, against the site's standard."""
    published = view.published("case_managers_by_caseload", by="total")
    sentences = [casework.standard(view.database.site.caseload), summaries.summary(published)]
    chart = charts.by_category(published) if published.cells else None
    return of_results([published], chart, casework.managers(published), sentences=sentences)


def deaths(view: View) -> list[Answer]:
    """Deaths by year, as far back as the data go; never by place, nor by anything that points to a person."""
    first = view.begun("people_who_died")
    by_year, by_time = (
        view.published(name, by="year", first_month=first)
        for name in ("people_who_died", "people_who_died_by_time")
    )
    whole = [cell for cell in by_time.cells if not cell.is_partial]
    last = [cell for cell in whole if cell.period == whole[-1].period]
    chart = charts.trend(by_year) if by_year.cells else None
    return [
        of_results([by_year], chart, casework.deaths(by_year), sentences=[casework.DEATHS]),
        of_results([by_time], None, by_time.metric.title, sentences=[casework.deaths_by_time(last)]),
    ]


def _reasons(view: View, metric: str, breakdown: str) -> list[Answer]:
    crossed = (_crossed(view, metric, breakdown, by) for by in ("pathway", "race"))
    return [_told(view, metric, breakdown), *crossed]


def _told(view: View, metric: str, breakdown: str) -> Answer:
    """Draws only the groups that have anybody in them; the list is the same for every site."""
    published = ordered(view.figure(metric, breakdown=breakdown))
    sentences = [view.moved(published), summaries.summary(published)]
    return of_results([published], charts.by_category(_without_empty(published)), sentences=sentences)


def _crossed(view: View, metric: str, breakdown: str, by: str) -> Answer:
    """Over three years, since most of what one year holds is too little to show."""
    asked = {"breakdown": breakdown, "second_breakdown": by, "first_month": view.pooled_since}
    published = view.published(metric, by="total", **asked)
    cells = {(cell.category, cell.second_category): cell for cell in published.cells}
    rows, columns = (list(dict.fromkeys(names)) for names in zip(*cells, strict=True)) if cells else ((), ())
    head = (published.metric.title, *(wording.capital(wording.category(each, by)) for each in columns))
    body = tuple(
        (
            wording.category(row, breakdown),
            *(wording.shown(published.metric, cells[row, each]) for each in columns),
        )
        for row in rows
    )
    said = f"{published.metric.title}: the reasons by {wording.small(BREAKDOWNS[by])}"
    return of_results([published], None, said, table=TextTable(captions.subtitle(published), head, body))


def _without_empty(published: Published) -> Published:
    return replace(published, cells=tuple(cell for cell in published.cells if cell.value or cell.hidden))
