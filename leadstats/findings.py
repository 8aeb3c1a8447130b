"""What a table of protected numbers says, as sentences made by rule: headline, summary, alt text."""

from collections.abc import Sequence

from leadstats import words
from leadstats.catalog import Metric
from leadstats.measure import Cell, Published
from leadstats.schema import EVERYONE, UNKNOWN

NOTHING_TO_SHOW = "Nothing can be shown for this choice"
PERIOD_NOUNS = {"month": "months", "quarter": "quarters", "year": "years"}
ALT_LIMIT = 250


def said(metric: Metric, cell: Cell) -> str:
    """A number with what it counts: '27 people referred', 'Active caseload: 118 people'."""
    number = words.with_unit(metric, cell)
    if metric.title.lower().startswith(f"{metric.unit} ") and cell.value is not None and not cell.hidden:
        rest = metric.title.lower().removeprefix(metric.unit)
        return f"{number}{rest}"
    return f"{metric.title}: {number}"


def told(cells: Sequence[Cell]) -> list[Cell]:
    """The cells that carry a number and cover their whole period."""
    return [cell for cell in cells if cell.value is not None and not cell.is_partial]


def headline(published: Published) -> str:
    if published.missing:
        return f"{published.metric.title}: no data yet"
    if not any(cell.value is not None for cell in published.cells):
        return f"{published.metric.title}: {_why_empty(published)}"
    if published.filters.by != "total":
        return _over_time(published)
    if len(published.cells) > 1:
        return _by_category(published)
    cell = published.cells[0]
    return f"{said(published.metric, cell)} {words.since(words.period(None, published.filters))}"


def _why_empty(published: Published) -> str:
    if any(cell.hidden for cell in published.cells):
        return f"every number of this choice is {words.HIDDEN}"
    return "no records for this choice" if published.cells else "the chosen months lie outside the data"


def _over_time(published: Published) -> str:
    metric = published.metric
    cells = told(published.cells)
    if not cells:
        return f"{metric.title}: no complete period can be shown yet"
    *before, last = cells
    when = words.since(words.period(last.period, published.filters))
    if len(before) < 3:
        return f"{said(metric, last)} {when}"
    low = min(before, key=lambda cell: cell.value)
    high = max(before, key=lambda cell: cell.value)
    span = f"the {len(before)} {PERIOD_NOUNS[published.filters.by]} before"
    limits = f"({words.shown(metric, low)} to {words.shown(metric, high)})"
    if last.value > high.value:
        place = f"above all of {span} {limits}"
    elif last.value < low.value:
        place = f"below all of {span} {limits}"
    else:
        place = f"within the range of {span} {limits}"
    return f"{said(metric, last)} {when}, {place}"


def _by_category(published: Published) -> str:
    metric = published.metric
    cells = ranked(published)
    known = [cell for cell in cells if cell.category != UNKNOWN]
    if not known:
        return f"{metric.title}: only the category Unknown can be shown"
    if metric.unit == "percent" and len(known) > 1:
        return _rates(published, known)
    names = [f"{_name(published, cell)} {words.with_unit(metric, cell)}" for cell in known]
    if len(names) <= 3:
        return f"{metric.title}: {words.listing(names)}"
    return f"{metric.title}: {names[0]}, then {names[1]} and {names[2]}"


def _rates(published: Published, known: Sequence[Cell]) -> str:
    """Speaks of a difference only where the intervals leave no doubt that there is one."""
    metric = published.metric
    high, low = known[0], known[-1]
    span = f"from {words.shown(metric, low)} ({_name(published, low)}) to {words.shown(metric, high)}"
    span = f"{metric.title}: {span} ({_name(published, high)})"
    if low.high is not None and high.low is not None and low.high >= high.low:
        return f"{span}; the ranges overlap, so chance alone could explain it"
    return span


def ranked(published: Published) -> list[Cell]:
    """Cells with a number, largest first; Unknown last, since it is no group of people."""
    cells = [cell for cell in published.cells if cell.value is not None]
    return sorted(cells, key=lambda cell: (cell.category == UNKNOWN, -cell.value, cell.category))


def _name(published: Published, cell: Cell) -> str:
    return words.category(cell.category, published.filters.breakdown)


def summary(published: Published) -> str:
    """The same numbers as the table: first, last, highest, lowest, and what is hidden or missing."""
    metric = published.metric
    if published.filters.by == "total":
        return " ".join(filter(None, (_unknown_share(published), _hidden_note(published))))
    cells = told(published.cells)
    if len(cells) < 2:
        return _hidden_note(published)
    sentences = [
        f"{_point(published, cells[0])} at the start, {_point(published, cells[-1])} at the end.",
        f"Highest {_point(published, max(cells, key=lambda cell: cell.value))},",
        f"lowest {_point(published, min(cells, key=lambda cell: cell.value))}.",
    ]
    if metric.unit == "percent":
        last = cells[-1]
        sentences.append(f"The last value could be {words.interval(metric, last)} by chance alone.")
    return " ".join([*sentences, _hidden_note(published)]).strip()


def _point(published: Published, cell: Cell) -> str:
    return f"{words.shown(published.metric, cell)} ({words.period(cell.period, published.filters)})"


def _hidden_note(published: Published) -> str:
    hidden = sum(cell.hidden is not None for cell in published.cells)
    if not hidden:
        return ""
    return f"{hidden} of {len(published.cells)} numbers {'is' if hidden == 1 else 'are'} {words.HIDDEN}."


def _unknown_share(published: Published) -> str:
    """Who is missing is a finding of its own; shares are of events or people that add up."""
    breakdown = published.filters.breakdown
    if breakdown in (None, "race_alone_or_in_combination") or any(cell.hidden for cell in published.cells):
        return ""
    sizes = {cell.category: cell.denominator or cell.value or 0 for cell in published.cells}
    total = sum(sizes.values())
    if (
        UNKNOWN not in sizes
        or not sizes[UNKNOWN]
        or published.metric.unit not in ("percent", "people", "arrests")
    ):
        return ""
    what = breakdown.replace("_", " ")
    share = words.percent(100 * sizes[UNKNOWN] / total, round(total))
    return f"{words.capital(what)} is unknown for {share}."


def alt(published: Published, kind: str) -> str:
    """Kind of chart, what is measured, main finding; short enough to be read aloud."""
    metric = published.metric
    by = f" by {published.filters.breakdown.replace('_', ' ')}" if published.filters.breakdown else ""
    text = f"{kind} of {metric.title.lower()}{by}. {headline(published)}."
    return text if len(text) <= ALT_LIMIT else text[: ALT_LIMIT - 1].rsplit(" ", 1)[0] + "…"


def total(published: Published) -> Cell | None:
    """The one cell of a result without periods and categories."""
    return next((cell for cell in published.cells if cell.category == EVERYONE), None)
