"""What a table of protected numbers says, in sentences by rule: headlines and alt texts."""

from collections.abc import Sequence

from leadstats.analysis import clear, control_charts, usual_range
from leadstats.counting.view import Cell, Published
from leadstats.model.language import SOURCE, message, say, say_plural, spoken
from leadstats.model.metrics import Metric
from leadstats.model.schema import EVERYONE, UNKNOWN
from leadstats.narrative import signals, wording

ALT_LIMIT = 250


def said(metric: Metric, cell: Cell) -> str:
    """A number with what it counts: '27 people referred', 'Active caseload: 118 people'."""
    number, unit = wording.with_unit(metric, cell), wording.noun(metric.unit)
    # Only in English do words that describe the unit stay the same in the singular.
    has_rest = cell.value is not None and not cell.hidden and (cell.value != 1 or spoken() is SOURCE)
    if unit and has_rest and metric.title.lower().startswith(f"{unit} "):
        return f"{number}{metric.title[len(unit) :]}"
    return f"{metric.title}: {number}"


def headline(
    published: Published, usual: control_charts.ControlLimits | None = None, since: str | None = None
) -> str:
    """The main finding. since: the first whole period after what is counted changed for good; the latest period is not
    compared with any before it."""
    if published.missing:
        return f"{published.metric.title}: {say(wording.NOT_RECORDED)}"
    if not any(cell.value is not None for cell in published.cells):
        return f"{published.metric.title}: {_why_empty(published)}"
    if published.filters.by != "total":
        is_one = len({(cell.category, cell.second_category) for cell in published.cells}) == 1
        return _over_time(published, usual, since) if is_one else _over_time_by_group(published)
    if len(published.cells) > 1:
        return _by_category(published)
    cell = published.cells[0]
    return f"{said(published.metric, cell)} {wording.since(wording.period(None, published.filters))}"


def _why_empty(published: Published) -> str:
    if any(cell.is_protected for cell in published.cells):
        return say("every number of this choice is hidden to protect privacy")
    if any(cell.hidden for cell in published.cells):
        return say("not recorded for the chosen months")
    if few := [cell.too_few for cell in published.cells if cell.too_few]:
        return few[0] if len(published.cells) == 1 else say("too few people for any rate of this choice")
    return (
        say("no records for this choice")
        if published.cells
        else say("the chosen months lie outside the data")
    )


def _over_time(published: Published, usual: control_charts.ControlLimits | None, since: str | None) -> str:
    metric = published.metric
    cells = usual_range.complete(published.cells)
    if not cells:
        return say("{title}: no complete period can be shown yet", title=metric.title)
    *before, last = cells
    when = wording.since(wording.period(last.period, published.filters))
    if usual is not None and len(before) >= 3:
        return f"{said(metric, last)} {when}, {signals.against(metric, usual)}"
    before = [cell for cell in before if since is None or cell.period >= since]
    if len(before) < 3:
        return f"{said(metric, last)} {when}"
    # Only limits of chance may say whether that is a change.
    low, high = (wording.shown(metric, end(before, key=lambda cell: cell.value)) for end in (min, max))
    return say(
        "{said} {when}; {low} to {high} in the {number} {nouns} before",
        said=said(metric, last),
        when=when,
        low=low,
        high=high,
        number=len(before),
        nouns=say(wording.PERIOD_NOUNS[published.filters.by]),
    )


def _over_time_by_group(published: Published) -> str:
    """Too much for one finding: says what is there, and how much of it can be shown."""
    filters = published.filters
    parts = filter(None, (filters.breakdown or "group", filters.second_breakdown, filters.by))
    what = wording.listing(map(wording.what, parts))
    shown = sum(cell.value is not None for cell in published.cells)
    return say(
        "{title} by {what}: {shown} of {count} numbers can be shown",
        title=published.metric.title,
        what=what,
        shown=shown,
        count=len(published.cells),
    )


def _group_noun(published: Published) -> str:
    return wording.what(published.filters.breakdown or "group")


def _by_category(published: Published) -> str:
    metric = published.metric
    cells = ranked(published)
    known = [cell for cell in cells if cell.category.lower() != UNKNOWN.lower() and cell.value]
    if not known:
        return say("{title}: no group can be shown", title=metric.title)
    if metric.unit == "percent" and len(known) > 1:
        return _rates(published, known)
    if published.filters.breakdown == "neighborhood" and len(known) > 1:
        return _by_place(published, known)
    write = wording.shown if say(metric.unit) in metric.title.lower() else wording.with_unit
    names = [f"{wording.cell_name(published, cell)} {write(metric, cell)}" for cell in known]
    if len(names) <= 3:
        return f"{metric.title}: {wording.listing(names)}"
    return say(
        "{title}: {names}, then {names2} and {names3}",
        title=metric.title,
        names=names[0],
        names2=names[1],
        names3=names[2],
    )


def _by_place(published: Published, known: Sequence[Cell]) -> str:
    """How far apart places are, without their names: the largest is mostly the one with the most people."""
    high, low = known[0], known[-1]
    span = say(
        "from {number} to {number2}",
        number=wording.shown(published.metric, low),
        number2=wording.with_unit(published.metric, high),
    )
    return say(
        "{title}: {span} in {count} places that can be shown",
        title=published.metric.title,
        span=span,
        count=len(known),
    )


def _rates(published: Published, known: Sequence[Cell]) -> str:
    """Mentions a difference only if it is clear of chance, given that the two ends are chosen among all groups."""
    metric = published.metric
    high, low = known[0], known[-1]
    span = say(
        "from {number} ({name}) to {number2}",
        number=wording.shown(metric, low),
        name=wording.cell_name(published, low),
        number2=wording.shown(metric, high),
    )
    span = f"{metric.title}: {span} ({wording.cell_name(published, high)})"
    if not clear.are_apart(high, low, clear.of_pairs(published.cells)):
        if published.filters.breakdown == "neighborhood":  # a place is not named for what may be chance
            span = say(
                "{title}: from {number} to {number2}",
                title=metric.title,
                number=wording.shown(metric, low),
                number2=wording.shown(metric, high),
            )
        return say("{span}; chance alone could explain it", span=span)
    return span


def ranked(published: Published) -> list[Cell]:
    """Cells with a number, largest first; Unknown last, since it is not a group of people."""
    cells = [cell for cell in published.cells if cell.value is not None]
    return sorted(
        cells, key=lambda cell: (cell.category.lower() == UNKNOWN.lower(), -cell.value, cell.category)
    )


def alt(published: Published, kind: str, usual: control_charts.ControlLimits | None = None) -> str:
    """Kind of chart, what is measured, main finding; short enough to be read aloud."""
    metric = published.metric
    breakdown = published.filters.breakdown
    by = say(" by {what}", what=wording.what(breakdown)) if breakdown else ""
    return short(
        say(
            "{kind} of {title}{by}. {finding}.",
            kind=kind,
            title=metric.title.lower(),
            by=by,
            finding=headline(published, usual),
        )
    )


def number(published: Published) -> str:
    """The one number of a result, for a sentence written around it."""
    cell = total(published)
    if cell is None or cell.value is None:
        return (
            say("a hidden number")
            if cell and cell.is_protected
            else (cell and cell.too_few) or say("an unknown number")
        )
    return wording.with_unit(published.metric, cell)


def together(results: Sequence[Published]) -> str:
    """Several measures in one sentence, each with its latest complete number."""
    parts = []
    for published in results:
        cells = usual_range.complete(published.cells) or [cell for cell in published.cells if cell.hidden]
        if cells:
            parts.append(said(published.metric, cells[-1]))
    if not parts:
        return headline(results[0])
    last = next((cells[-1] for each in results if (cells := usual_range.complete(each.cells))), None)
    when = wording.since(wording.period(last.period if last else None, results[0].filters))
    return f"{wording.capital(when)}: {'; '.join(parts)}"


FLOW_HIDDEN = message(
    "How many came and left in between cannot all stand here: one of these numbers is small, and "
    "the others would tell it."
)


def flow(results: Sequence[Published]) -> str:
    """A caseload from the first day of the months to the last."""
    without = [each for each in results if not each.cells or each.cells[0].value is None]
    if without:
        return headline(without[0])
    start, new, back, left, end = (wording.count(published.cells[0].value) for published in results)
    when = wording.period(None, results[0].filters)
    return say(
        "{when}: from {start} people to {end}; {new} came new, {back} came back, {left} left",
        when=wording.capital(when),
        start=start,
        end=end,
        new=new,
        back=back,
        left=left,
    )


def alt_flow(results: Sequence[Published]) -> str:
    return short(say("Bar chart of the flow through the caseload. {flow}.", flow=flow(results)))


def around(published: Published) -> str:
    """Before and after in plain numbers, with no word of cause."""
    known = [cell for cell in published.cells if cell.value is not None]
    if not known:
        return headline(published)
    peak = max(known, key=lambda cell: cell.value)
    last = known[-1]
    return say(
        "Jail nights were highest in month {category} ({number} per person-year) and {number2} in "
        "month {category2}",
        category=peak.category,
        number=wording.shown(published.metric, peak),
        number2=wording.shown(published.metric, last),
        category2=last.category,
    )


def beyond(published: Published, outliers: Sequence[Cell]) -> str:
    """Which places differ by more than chance allows; a ranking would make news of noise."""
    shown = [cell for cell in published.cells if cell.value is not None]
    title = published.metric.title
    if published.missing or not shown:
        return headline(published)
    if not outliers:
        return say(
            "{title}: none of {count} places differs from all together by more than chance allows",
            title=title,
            count=len(shown),
        )
    names = wording.listing(f"{cell.category} ({wording.shown(published.metric, cell)})" for cell in outliers)
    return say_plural(
        "{title}: {names} differs by more than chance allows",
        "{title}: {names} differ by more than chance allows",
        len(outliers),
        title=title,
        names=names,
    )


def alt_together(results: Sequence[Published]) -> str:
    return short(say("Dots with intervals. {together}.", together=together(results)))


def spread(published: Published, shown: int) -> str:
    """What small multiples show: for how many groups a line can be drawn."""
    what = _group_noun(published)
    if not shown:
        return say(
            "{title} by {what} over time: every group is too small to show",
            title=published.metric.title,
            what=what,
        )
    return say(
        "{title} by {what} and {what2}: {shown} can be shown",
        title=published.metric.title,
        what=what,
        what2=wording.what(published.filters.by),
        shown=shown,
    )


def short(sentence: str) -> str:
    return sentence if len(sentence) <= ALT_LIMIT else sentence[: ALT_LIMIT - 1].rsplit(" ", 1)[0] + "…"


def total(published: Published) -> Cell | None:
    """The one cell of a result without periods and categories."""
    return next((cell for cell in published.cells if cell.category == EVERYONE), None)
