"""What an answer about equity depends on: the yardstick, the mix of charges, how race is counted."""

from collections.abc import Mapping, Sequence

from leadstats import charts
from leadstats.analysis import decomposition
from leadstats.analysis.equity import EVERYONE_ELSE, IN_COMBINATION, LEAST_EVENTS, everyone_else
from leadstats.briefing.answer import Answer, cautions, left_out
from leadstats.briefing.view import View
from leadstats.counting.view import NOT_RELEASED, Cell, Published
from leadstats.model.language import say
from leadstats.model.schema import UNKNOWN
from leadstats.narrative import (
    captions,
    decomposition_sentences,
    headlines,
    stage_words,
    wording,
)
from leadstats.narrative.wording import TextTable
from leadstats.statistics import intervals

NOT_MEASURED = (
    "Not measured here: whether people were asked and did not want it, what officers may decide, and where "
    "police are sent. Where numerator and denominator come from different exports, a part of a gap may be "
    "how race was recorded: most tables of residents count Hispanic people of any race as one group, while here "
    "people who name more than one race stand in Two or more."
)
NOT_INNOCENT = (
    "Mix is not innocence: if police or prosecutors bring more people of one group into the charges or places "
    "where diversion is rare, that is a part of the disparity, only located earlier."
)
COUNTED_TWICE = (
    "Named alone, each person stands in one row, and the rows add up to everybody. Alone or with others, a person "
    "who names two races stands in both rows: that says how many share an experience, and adds up to more than all."
)
Cells = Mapping[str, Mapping[str, Cell]]  # by measure and race
Side = Mapping[str, Cell | None]  # one group's, by measure
Ratio = decomposition_sentences.Ratio


def benchmarks(view: View) -> Answer:
    """The same people by several yardsticks: residents, people whose arrest could be diverted, people booked."""
    if view.database.is_public:
        return left_out(say("Rates by resident"))
    against = view.reference
    names = ("population", "diversion_rate", "jail_bookings", "people_enrolled")
    found = {name: view.published(name, by="total", breakdown="race") for name in names}
    cells = {name: {cell.category: cell for cell in published.cells} for name, published in found.items()}
    groups = [
        race for race in view.database.categories["race"] if any(race in each for each in cells.values())
    ]
    compared = [race for race in groups if race not in (against, UNKNOWN)]
    ours = {race: {name: each.get(race) for name, each in cells.items()} for race in compared}
    others = {race: _others(view, found, cells, race, against) for race in compared}
    by_group = {race: _ratios(ours[race], others[race]) for race in compared}
    rows = []
    for race, ratios in by_group.items():
        if any(ratios.values()):
            rows.append(charts.Mark(wording.capital(stage_words.people_of(race)), "", is_heading=True))
            rows += [_mark(yardstick, ratio) for yardstick, ratio in ratios.items() if ratio]
    largest = max(by_group, key=lambda race: _size(cells["diversion_rate"].get(race)), default=against)
    known = by_group.get(largest, dict.fromkeys(YARDSTICKS))
    said, *parts = decomposition_sentences.two_yardsticks(
        largest,
        against,
        known[DIVERTED_OF_RESIDENTS],
        known[DIVERTED_OF_ARRESTS],
        _parts(ours.get(largest, {}), others.get(largest, {})),
    )
    ends = [1, *(end for row in rows for end in (row.low, row.high) if end)]
    span = (max(min(ends) / 1.1, 0.05), min(max(ends) * 1.1, 20))
    chart = charts.Chart(
        charts.dots(rows, 1, f"same rate as {stage_words.people_of(against)}", is_log=True, span=span),
        headlines.short(f"Dots with intervals on a log scale, by group and yardstick. {said}"),
    )
    return Answer(
        "yardsticks",
        said,
        tuple(found.values()),
        _subtitle(view, against),
        tuple(parts),
        cautions=(NOT_MEASURED,),
        chart=chart if rows else None,
        table=_table(found, cells, groups),
        is_open=not rows,
    )


def per_resident(view: View) -> list[Answer]:
    """Arrests and stops per 1,000 residents by race, each as a multiple of the reference group's."""
    return [
        _per_resident(view.published(name, by="total", breakdown="race"), view.reference)
        for name in ("arrests_per_1000_residents", "stops_per_1000_residents")
    ]


def _per_resident(published: Published, against: str) -> Answer:
    if published.missing == NOT_RELEASED:
        return left_out(captions.title(published))
    reference = next((cell for cell in published.cells if cell.category == against), None)
    rows = [_of_race(published, cell, reference) for cell in published.cells if cell.denominator]
    head = ("Race", "Residents", "Events", "Per 1,000 a year (range)", f"Times {against} (range)")
    table = TextTable(f"{published.metric.title} by race", head, rows)
    return Answer(
        published.metric.name,
        headlines.headline(published),
        (published,),
        captions.subtitle(published),
        cautions=cautions([published]),
        table=table if rows else None,
        is_open=True,
    )


def _of_race(published: Published, cell: Cell, reference: Cell | None) -> tuple[str, ...]:
    residents = wording.count(cell.denominator)
    if cell.hidden:
        return cell.category, residents, wording.HIDDEN, "", ""
    ratio = ""
    is_enough = reference and not reference.hidden and min(cell.events, reference.events) >= LEAST_EVENTS
    if is_enough and cell is not reference:
        found = intervals.rate_ratio(cell.events, cell.denominator, reference.events, reference.denominator)
        middle, low, high = map(wording.ratio, found)
        ratio = f"{middle} ({low} to {high})"
    rate = f"{wording.shown(published.metric, cell)} ({wording.interval(published.metric, cell)})"
    return cell.category, residents, wording.count(cell.events), rate, ratio


ARRESTS_OF_RESIDENTS = "Arrests per resident"
DIVERTED_OF_RESIDENTS = "Diverted per resident"
DIVERTED_OF_ARRESTS = "Diverted per arrest"
BOOKED_OF_RESIDENTS = "Booked per resident"
YARDSTICKS = (ARRESTS_OF_RESIDENTS, DIVERTED_OF_RESIDENTS, DIVERTED_OF_ARRESTS, BOOKED_OF_RESIDENTS)


def _subtitle(view: View, against: str) -> str:
    months = wording.span(view.filters.first_month, view.filters.last_month)
    return (
        f"How many times as often as {stage_words.people_of(against)}, by yardstick, {months}. Arrests are those of which "
        "the charge could be diverted; residents are those of the population table."
    )


def _others(view: View, found: Mapping[str, Published], cells: Cells, race: str, against: str) -> Side:
    """What a group is compared with, measure by measure."""
    if against != EVERYONE_ELSE:
        return {name: each.get(against) for name, each in cells.items()}
    totals = {name: headlines.total(view.published(name, by="total")) for name in found}
    return {
        name: everyone_else(totals[name], each[race]) if totals[name] and race in each else None
        for name, each in cells.items()
    }


def _ratios(ours: Side, theirs: Side) -> dict[str, Ratio | None]:
    """Each yardstick's ratio to the reference; None if a number is hidden or too small for a ratio."""

    def per_resident(metric: str, field: str) -> Ratio | None:
        pairs = [
            (getattr(side.get(metric), field, None) or 0, getattr(side.get("population"), "value", None) or 0)
            for side in (ours, theirs)
        ]
        is_enough = all(events >= LEAST_EVENTS for events, _ in pairs)
        return intervals.rate_ratio(*pairs[0], *pairs[1]) if is_enough else None

    rates = ours.get("diversion_rate"), theirs.get("diversion_rate")
    is_enough = all(
        cell and cell.denominator and LEAST_EVENTS <= cell.numerator <= cell.denominator - LEAST_EVENTS
        for cell in rates
    )
    of_arrests = (
        intervals.ratio(*(count for cell in rates for count in (cell.numerator, cell.denominator)))
        if is_enough
        else None
    )
    return {
        ARRESTS_OF_RESIDENTS: per_resident("diversion_rate", "denominator"),
        DIVERTED_OF_RESIDENTS: per_resident("diversion_rate", "numerator"),
        DIVERTED_OF_ARRESTS: of_arrests,
        BOOKED_OF_RESIDENTS: per_resident("jail_bookings", "events"),
    }


def _parts(ours: Side, theirs: Side) -> Sequence[float]:
    """Diverted per resident is arrests per resident times diverted per arrest: the parts of its gap."""
    sides = []
    for side in (ours, theirs):
        rate, residents = side.get("diversion_rate"), side.get("population")
        if not (rate and rate.denominator and residents and residents.value):
            return ()
        sides.append((rate.denominator / residents.value, rate.numerator / rate.denominator))
    return decomposition.factors(*sides)


def _mark(yardstick: str, ratio: Ratio) -> charts.Mark:
    middle, low, high = ratio
    said = f"{wording.ratio(middle)} ({wording.ratio(low)} to {wording.ratio(high)})"
    return charts.Mark(yardstick, said, middle, low, high)


def _size(cell: Cell | None) -> int:
    return cell.denominator or 0 if cell else 0


def _table(found: Mapping[str, Published], cells: Cells, groups: Sequence[str]) -> TextTable:
    rows = []
    for race in groups:
        residents, rate, booked, enrolled = (cells[name].get(race) for name in found)
        rows.append(
            (
                race,
                _shown(found["population"], residents),
                _whole(rate, "denominator"),
                wording.per(_as_value(rate, "denominator"), residents, 1000),
                _whole(rate, "numerator"),
                wording.per(_as_value(rate, "numerator"), residents, 1000),
                wording.percent(rate.value, rate.denominator) if rate and rate.value is not None else "",
                _shown(found["jail_bookings"], booked),
                _shown(found["people_enrolled"], enrolled),
                _share(cells["population"], race),
                _share(cells["people_enrolled"], race),
            )
        )
    head = (
        "Group",
        "Residents",
        "Eligible arrests",
        "Per 1,000 residents",
        "Diverted",
        "Per 1,000 residents",
        "Of eligible arrests",
        "Bookings into jail",
        "People enrolled",
        "Share of residents",
        "Share of people enrolled",
    )
    return TextTable(
        "Residents, arrests, diversions, bookings and people enrolled, by race", head, tuple(rows)
    )


def _shown(published: Published, cell: Cell | None) -> str:
    return wording.shown(published.metric, cell) if cell else ""


def _whole(cell: Cell | None, field: str) -> str:
    if cell is None:
        return ""
    value = getattr(cell, field)
    return wording.why_hidden(cell.hidden) if cell.hidden else wording.count(value or 0)


def _as_value(cell: Cell | None, field: str) -> Cell | None:
    return Cell(None, cell.category, value=getattr(cell, field)) if cell else None


def _share(cells: Mapping[str, Cell], race: str) -> str:
    """The share of everybody, including the unknown; empty if a hidden number could be worked out from it."""
    total = sum(cell.value or 0 for cell in cells.values())
    if race not in cells or not total or any(cell.hidden for cell in cells.values()):
        return ""
    return wording.percent(100 * (cells[race].value or 0) / total, round(total))


def mixes(view: View) -> Answer:
    """How much of each group's gap in diversion comes from the charges or places of its arrests, over three years, since
    by place most of one year is too few to show."""
    if view.database.is_public:
        return left_out(say("Gaps by charge and place"))
    against = view.reference
    if against == EVERYONE_ELSE:
        return Answer(
            "mix", sentences=("A gap is split against one group. Choose which at the top of the page.",)
        )
    chosen = {"by": "total", "breakdown": "race", "first_month": view.pooled_since}
    whole = view.published("diversion_rate", **chosen)
    found: dict[str, dict[str, decomposition.Mix | None]] = {}
    for by in decomposition_sentences.CLASSES:
        crossed = view.published("diversion_rate", **chosen, second_breakdown=by)
        found[by] = {
            cell.category: decomposition.of_gap(whole, crossed, cell.category, against)
            for cell in whole.cells
            if cell.category not in (against, UNKNOWN)
        }
    groups = [group for group in found["charge_class"] if any(each[group] for each in found.values())]
    largest = max(groups, key=lambda group: _size(_cell(whole, group)), default=against)
    said = decomposition_sentences.of_mix(
        {by: each.get(largest) for by, each in found.items()}, largest, against
    )
    rows = tuple((group, *_in_words([each[group] for each in found.values()])) for group in groups)
    head = (
        "Group",
        "Gap, points",
        *(title for by in decomposition_sentences.CLASSES for title in _titles(by)),
    )
    caption = f"Gap in diversion against {stage_words.people_of(against)}, in points, and its parts"
    return Answer(
        "mix",
        said,
        (whole,),
        captions.stage_subtitle(whole.metric, whole.filters),
        cautions=(NOT_INNOCENT,),
        table=TextTable(caption, head, rows) if rows else None,
        is_open=True,
    )


def _titles(by: str) -> tuple[str, ...]:
    what = decomposition_sentences.CLASSES[by]
    return (
        f"Through other {what}",
        f"Within the same {what}",
        f"Times as often within the same {what} (range)",
        f"Of arrests in {what} that can be shown",
    )


def _in_words(parts: Sequence[decomposition.Mix | None]) -> list[str]:
    """The gap; then, for each kind of class, its two parts, what is left as a ratio, and how much it covers."""
    cells = [wording.signed(next(each.gap for each in parts if each), 1)]
    for each in parts:
        if each is None:
            cells += [wording.HIDDEN, "", "", ""]
            continue
        ratio = each.ratio and "{} ({} to {})".format(*map(wording.ratio, each.ratio))
        covered = wording.percent(100 * each.covered)
        cells += [wording.signed(each.mix, 1), wording.signed(each.within, 1), ratio or "", covered]
    return cells


def _cell(published: Published, category: str) -> Cell | None:
    return next((cell for cell in published.cells if cell.category == category), None)


def races(view: View, *metrics: str) -> Sequence[Answer]:
    """The same people by race alone, and by race alone or with others, side by side."""
    if view.database.is_public:
        return [left_out(say("Races alone or in combination"))]
    columns: list[tuple[str, Published]] = []
    for metric in metrics:
        for title, breakdown in (("named alone", "race"), ("alone or with others", IN_COMBINATION)):
            published = view.published(metric, by="total", breakdown=breakdown)
            columns.append((f"{published.metric.title}, {title}", published))
    known = [each for each in columns if each[1].cells and not each[1].missing]
    if not known:
        return ()
    rows = [
        (race, *(_shown(published, _cell(published, race)) or "not a row here" for _, published in known))
        for race in view.database.categories["race"]
    ]
    totals = [
        _shown(view.published(published.metric.name, by="total"), everyone)
        for _, published in known
        for everyone in view.published(published.metric.name, by="total").cells
    ]
    rows.append(("Everybody, each person once", *totals))
    head = ("Race", *(title for title, _ in known))
    table = TextTable("People by race, counted in two ways", head, tuple(rows))
    totals = tuple(view.published(metric, by="total") for metric in metrics)
    return [Answer("races", results=totals, sentences=(COUNTED_TWICE,), table=table, is_open=True)]
