"""The cards of the equity page: each stage of the way through LEAD, one group against another."""

from urllib.parse import urlencode

import streamlit as st

from leadstats import charts, disparity, words
from leadstats.compare import EquityRow, EquityTable, people_words
from leadstats.measure import NOT_RELEASED
from leadstats.schema import UNKNOWN
from leadstats.ui import filters
from leadstats.ui.card import Table, as_markup, lay_out
from leadstats.ui.frame import block, leave_out
from leadstats.ui.markup import details, items, link, tag, text
from leadstats.ui.source import View

NOT_MEASURED = (
    "Not measured here: whether people were asked and did not want it, what officers may decide, and where "
    "police are sent. Where numerator and denominator come from different exports, a part of a gap may be "
    "how race was recorded."
)
BENCHMARKS = ("population", "eligible_arrests", "arrests_diverted", "people_enrolled")


def reference(view: View) -> str:
    """The group that the others are compared with; no group is the norm, so it can be changed."""
    races = [race for race in view.database.categories["race"] if race != UNKNOWN]
    named = {race: race for race in races}
    with st.container(key="reference", width=420):
        return filters.one_of("equity", "reference", "Compare each group with", named, "White")


def stages(view: View, against: str) -> None:
    """All stages on one scale, so that their gaps can be told apart by eye."""
    found = [view.equity(stage, against) for stage in disparity.STAGES]
    limits = [limit for each in found for row in each.rows for limit in (row.ratio_low, row.ratio_high)]
    ends = [1, *filter(None, limits)]  # the line of equal rates is in sight, also without any ratio
    span = (max(min(ends) / 1.1, 0.1), min(max(ends) * 1.1, 10))
    for each in found:
        _stage(view, each, span)


def _stage(view: View, found: EquityTable, span: tuple[float, float]) -> None:
    title = disparity.STAGES[found.stage]
    if found.missing == NOT_RELEASED:
        leave_out([title])
        return
    head = tag("h3", text(f"{title}: {disparity.verdict(found)}"))
    if found.missing:
        block(tag("div", head, tag("p", text(disparity.of_stage(found))), class_="card empty"))
        return
    rows = [_mark(row) for row in found.rows if row.gap is not None or row.hidden]
    has_ratio = any(row.ratio is not None for row in found.rows)
    chart = charts.Chart(
        charts.dots(rows, 1, f"same rate as {people_words(found.reference)}", is_log=True, span=span),
        disparity.alt_stage(found),
    )
    sentences = [row.sentence for row in found.rows if row.gap is not None] or [disparity.of_stage(found)]
    told = tag(
        "div",
        head,
        tag("p", text(words.stage_subtitle(found.metric, found.filters)), class_="subtitle"),
        items(sentences),
        *(tag("p", text(sentence)) for sentence in disparity.unknown_race(found)),
        tag("p", text(found.metric.caution), class_="caution"),
        tag(
            "p",
            link("Download CSV", _csv_address(view, found), download=f"{found.stage}.csv"),
            tag("span", text("What is counted:"), class_="label"),
            link(found.metric.title, f"definitions?metric={found.metric.name}"),
            class_="links",
        ),
        class_="card",
    )
    table = details("Show the data as a table", as_markup(as_table(found)))
    lay_out(told, chart if has_ratio else None, f"stage-{found.stage}", table)


def _mark(row: EquityRow) -> charts.Mark:
    if row.hidden:
        return charts.Mark(row.group, words.HIDDEN, is_hidden=True)
    if row.ratio is None:
        return charts.Mark(row.group, "too few for a ratio")
    times = f"{words.ratio(row.ratio)} times as often ({disparity.ratio_range(row)})"
    low, high = row.ratio_low, row.ratio_high
    # A ratio of zero has no place on a log axis; its words stand all the same.
    return charts.Mark(row.group, times, row.ratio or None, low or None, high)


def as_table(found: EquityTable) -> Table:
    head = (
        "Group",
        "Rate",
        "With the outcome",
        "Out of",
        "Gap, points (range)",
        "Times as often (range)",
        "More people at the same rate (range)",
        "If all races were known",
    )
    return Table(
        words.stage_subtitle(found.metric, found.filters),
        head,
        tuple(_cells(found, row) for row in found.rows),
    )


def _cells(found: EquityTable, row: EquityRow) -> tuple[str, ...]:
    if row.hidden:
        return (row.group, words.HIDDEN, "", "", "", "", "", "")
    rate = words.NOTHING if row.rate is None else words.percent(row.rate, row.n)
    gap = people = times = ""
    if row.gap is not None:
        gap = (
            f"{words.signed(row.gap, 1)} ({words.signed(row.gap_low, 1)} to {words.signed(row.gap_high, 1)})"
        )
        people = f"{words.signed(row.additional_people)} ({words.signed(row.additional_low)} to {words.signed(row.additional_high)})"
    if row.ratio is not None:
        times = f"{words.ratio(row.ratio)} ({disparity.ratio_range(row)})"
    low, high = found.ratio_bounds.get(row.group, (None, None))
    bounds = (
        f"{words.ratio(low)} to {words.ratio(high)}"
        if row.ratio is not None and None not in (low, high)
        else ""
    )
    return (row.group, rate, words.count(row.x or 0), words.count(row.n or 0), gap, times, people, bounds)


def _csv_address(view: View, found: EquityTable) -> str:
    query = {
        "from": f"{found.filters.first_month:%Y-%m}",
        "to": f"{found.filters.last_month:%Y-%m}",
        "place": found.filters.places,
        "pathway": found.filters.pathways,
        "reference": found.reference,
        "audience": view.audience,
    }
    return f"data/equity/{found.stage}.csv?{urlencode(query, doseq=True)}"


def benchmarks(view: View, against: str) -> None:
    """The same people measured by two yardsticks: who lives here, and whose arrest could be diverted."""
    found = {name: view.published(name, by="total", breakdown="race") for name in BENCHMARKS}
    cells = {name: {cell.category: cell for cell in published.cells} for name, published in found.items()}
    groups = [
        race for race in view.database.categories["race"] if any(race in each for each in cells.values())
    ]
    rows = []
    for race in groups:
        residents, eligible, diverted, enrolled = (cells[name].get(race) for name in BENCHMARKS)
        rows.append(
            (
                race,
                _shown(found["population"], residents),
                _shown(found["eligible_arrests"], eligible),
                words.per(eligible, residents, 1000),
                _shown(found["arrests_diverted"], diverted),
                words.per(diverted, eligible, 100),
                _shown(found["people_enrolled"], enrolled),
            )
        )
    head = (
        "Group",
        "Residents",
        "Eligible arrests",
        "Per 1,000 residents",
        "Arrests diverted",
        "Per 100 eligible arrests",
        "People enrolled",
    )
    block(
        tag(
            "div",
            tag("h3", text(disparity.two_yardsticks(cells, against))),
            tag("p", text(words.subtitle(*found.values())), class_="subtitle"),
            as_markup(
                Table("Residents, arrests, diversions and people enrolled, by race", head, tuple(rows))
            ),
            tag("p", text(NOT_MEASURED), class_="caution"),
            class_="card",
        )
    )


def _shown(published, cell) -> str:
    return words.shown(published.metric, cell) if cell else ""
