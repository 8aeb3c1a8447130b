"""Answers about each stage of the way through LEAD, comparing groups."""

from leadstats import charts
from leadstats.analysis.equity import IN_COMBINATION, SMALL_GROUP, EquityRow, EquityTable
from leadstats.briefing.answer import Answer, cautions, left_out
from leadstats.briefing.view import View
from leadstats.counting.view import NOT_RELEASED
from leadstats.model.language import message, say, say_plural
from leadstats.narrative import captions, equity_sentences, stage_words, wording
from leadstats.narrative.wording import TextTable

CHAIN = message(
    "How many times as often as {people}, at each stage of the way, by race, each person in one "
    "group. A diamond marks a clear gap to a group's disadvantage."
)
NOT_ONE_COHORT = message(
    "Each stage counts those who reached it, and a gap comes on top of those before it. Stages "
    "count different records, so their ratios are not to be multiplied. Being booked is a "
    "burden: there, more often is the disadvantage."
)
HEAD = (
    message("Group"),
    message("Rate"),
    message("With the outcome"),
    message("Out of"),
    message("Gap, points (range)"),
    message("Times as often (range)"),
    message("More people at the same rate (range)"),
    message("If all races were known"),
)


def chain(view: View) -> Answer:
    """Every stage and group on one scale, so that the eye finds the stage at which a gap arises."""
    found = [each for stage in stage_words.STAGES if not (each := view.equity(stage)).missing]
    groups = [
        race
        for race in view.database.categories["race"]
        if any(row.group == race and row.ratio is not None for each in found for row in each.rows)
    ]
    rows = []
    for group in groups:
        rows.append(charts.Mark(wording.capital(stage_words.people_of(group)), "", is_heading=True))
        reached = [(each, row) for each in found for row in each.rows if row.group == group]
        rows += [_mark(each, row) for each, row in reached if row.ratio is not None]
        if others := sum(row.ratio is None for _, row in reached):
            rows.append(
                charts.Mark(
                    say_plural("{number} other stage", "{number} other stages", others, number=others),
                    say("hidden or too few"),
                )
            )
    ends = [1, *(end for row in rows for end in (row.low, row.high) if end)]
    span = (max(min(ends) / 1.1, 0.1), min(max(ends) * 1.1, 10))
    chart = charts.Chart(
        charts.dots(
            rows,
            1,
            say("same rate as {people}", people=stage_words.people_of(view.reference)),
            is_log=True,
            span=span,
        ),
        equity_sentences.alt_chain(found),
    )
    months = {each.stage: wording.period(None, each.filters) for each in found}
    body = tuple(
        (stage_words.name_of(each.stage), months[each.stage], *_cells(each, row))
        for each in found
        for row in each.rows
    )
    whole = TextTable(
        say("Every stage, by race, each person in one group"),
        (say("Stage"), say("Months"), *map(say, HEAD)),
        body,
        labels=3,
    )
    said = equity_sentences.own_months(found)
    return Answer(
        "chain",
        equity_sentences.where(found),
        tuple(found),
        say(CHAIN, people=stage_words.people_of(view.reference)),
        (said,) if said else (),
        cautions=(say(NOT_ONE_COHORT),),
        chart=chart if groups else None,
        table=whole,
        has_csv=True,
    )


def stages(view: View) -> list[Answer]:
    """Each stage in words: the rates themselves, what they amount to, and groups too small for it."""
    return [answer for stage in stage_words.STAGES for answer in _stage(view, view.equity(stage))]


def _stage(view: View, found: EquityTable) -> list[Answer]:
    title = stage_words.name_of(found.stage)
    if found.missing == NOT_RELEASED:
        return [left_out(title)]
    name, lead = f"stage-{found.stage}", f"{title}: {equity_sentences.verdict(found)}"
    if found.missing:
        return [Answer(name, lead, (found,), sentences=(equity_sentences.of_stage(found),), is_lacking=True)]
    rows = [_rate(found, row) for row in found.rows if row.hidden or row.n]
    rows += [_rate(found, found.others)] if found.others else []
    chart = charts.Chart(charts.dots(rows), equity_sentences.alt_stage(found))
    told = [*found.rows, *([found.others] if found.others else [])]
    points = [equity_sentences.sentence(found, row) for row in told if row.gap is not None]
    stage = Answer(
        name,
        lead,
        (found,),
        captions.stage_subtitle(found.metric, found.filters),
        (*equity_sentences.put_together(found), *equity_sentences.unknown_race(found)),
        tuple(points or [equity_sentences.of_stage(found)]),
        cautions=cautions([found]),
        chart=chart if any(row.value is not None for row in rows) else None,
        table=of_stage(found),
        has_csv=True,
    )
    return [stage, *_small(view, found)]


def _small(view: View, found: EquityTable) -> list[Answer]:
    """Groups too small in the chosen months: first over three years, then with people of several races, then as counts."""
    if view.database.is_public:
        return []  # a release has its own periods
    start = view.pooled_since
    years = view.equity(found.stage, first_month=start)
    wider = view.equity(found.stage, first_month=start, breakdown=IN_COMBINATION)
    said = equity_sentences.pooled(found, years, wider)
    months = wording.span(years.filters.first_month, years.filters.last_month)
    lead = say("Too few for a ratio in these months; pooled over {months}", months=months)
    return [Answer(f"pooled-{found.stage}", lead, points=tuple(said))] if said else []


def _rate(found: EquityTable, row: EquityRow) -> charts.Mark:
    if row.rate is None:
        is_protected = row.hidden != wording.NOT_RECORDED
        return charts.Mark(_group(row), wording.why_hidden(row.hidden), is_hidden=is_protected)
    small = say(", small group") if row.n < SMALL_GROUP else ""
    share = say(
        "{share} ({number} of {number2}{small})",
        share=wording.percent(row.rate, row.n),
        number=wording.count(row.x),
        number2=wording.count(row.n),
        small=small,
    )
    is_reference = row.group == found.reference
    return charts.Mark(_group(row), share, row.rate, row.rate_low, row.rate_high, is_context=is_reference)


def _mark(found: EquityTable, row: EquityRow) -> charts.Mark:
    times = f"{wording.ratio(row.ratio)} ({equity_sentences.ratio_range(row)})"
    low, high = row.ratio_low, row.ratio_high
    # A ratio of zero cannot be drawn on a log axis; its sentence is shown all the same.
    return charts.Mark(
        stage_words.name_of(found.stage),
        times,
        row.ratio or None,
        low or None,
        high,
        needs_attention=row.is_adverse,
    )


def _group(row: EquityRow) -> str:
    return wording.category(row.group, "race")


def of_stage(found: EquityTable) -> TextTable:
    together = [found.others] if found.others else []
    rows = tuple(_cells(found, row) for row in [*found.rows, *together])
    return TextTable(captions.stage_subtitle(found.metric, found.filters), tuple(map(say, HEAD)), rows)


def _cells(found: EquityTable, row: EquityRow) -> tuple[str, ...]:
    if row.hidden:
        return (_group(row), wording.why_hidden(row.hidden), "", "", "", "", "", "")
    rate = say(wording.NOTHING) if row.rate is None else wording.percent(row.rate, row.n)
    gap = people = times = ""
    if row.fares_worse:
        people = say(
            "{points} ({points2} to {points3})",
            points=wording.signed(row.additional_people),
            points2=wording.signed(row.additional_low),
            points3=wording.signed(row.additional_high),
        )
    if row.gap is not None:
        gap = say(
            "{points} ({points2} to {points3})",
            points=wording.signed(row.gap, 1),
            points2=wording.signed(row.gap_low, 1),
            points3=wording.signed(row.gap_high, 1),
        )
    if row.ratio is not None:
        times = f"{wording.ratio(row.ratio)} ({equity_sentences.ratio_range(row)})"
    low, high = found.ratio_bounds.get(row.group, (None, None))
    bounds = (
        say("{ratio} to {ratio2}", ratio=wording.ratio(low), ratio2=wording.ratio(high))
        if row.ratio is not None and None not in (low, high)
        else ""
    )
    return (
        _group(row),
        rate,
        wording.count(row.x or 0),
        wording.count(row.n or 0),
        gap,
        times,
        people,
        bounds,
    )
