"""The big numbers of a page, each with its unit, a comparison with the past in words, and its line over time."""

from dataclasses import dataclass

from leadstats.briefing.over_time import over_time
from leadstats.briefing.view import View
from leadstats.counting import reliability
from leadstats.counting.view import NOT_RELEASED, Cell, Filters, Published
from leadstats.model.language import message, say
from leadstats.narrative import not_recorded, wording

OUTSIDE_THE_DATA = message("The chosen months lie outside the data.")


@dataclass(frozen=True)
class KeyFigure:
    """One number as it is written. lacking: why there is none, if there is none. is_words: words are shown in place of
    the number. changes: its own months, where within them the exports end, and what it was before."""

    result: Published
    number: str = ""
    unit: str = ""
    is_words: bool = False
    course: tuple[float | None, ...] = ()
    changes: tuple[str, ...] = ()
    lacking: str = ""

    @property
    def is_left_out(self) -> bool:
        """Whether a public release does not have it."""
        return self.result.missing == NOT_RELEASED


def key_figure(view: View, metric: str) -> KeyFigure:
    published = view.figure(metric)
    cell = next(iter(published.cells), None)
    if published.missing or cell is None:
        lacking = not_recorded.missing(published) if published.missing else say(OUTSIDE_THE_DATA)
        return KeyFigure(published, lacking=lacking)
    unit = (
        wording.noun(published.metric.unit, cell.value) if cell.value is not None and not cell.hidden else ""
    )
    number = wording.shown(published.metric, cell)
    moved = view.moved(published)
    return KeyFigure(
        published,
        number,
        " ".join(filter(None, (unit, _range(published, cell)))),
        bool(cell.too_few) or not any(letter.isdigit() for letter in number),
        _course(view, metric),
        (*filter(None, (moved, not_recorded.ends(published))), *_changes(view, published, cell)),
    )


def _range(published: Published, cell: Cell) -> str:
    found = wording.interval(published.metric, cell)
    if not found:
        return ""
    if reliability.is_small(published.metric, cell):
        return say("(range {range}; small group)", range=found)
    # The range of an estimate leaves out one thing: the choice of what it is compared with.
    if wording.is_estimate(published.metric, cell):
        return say("(range by chance alone {range})", range=found)
    return say("(range {range})", range=found)


def _course(view: View, metric: str) -> tuple[float | None, ...]:
    """The same numbers as in the chart further down, so that they are counted only once."""
    (published,) = over_time(view, metric)
    return tuple(cell.value for cell in published.cells if not cell.is_partial)


def _changes(view: View, published: Published, now: Cell) -> list[str]:
    """Comparisons with the span before and with the same span a year earlier; for a whole year these are the same."""
    before, year = (published.filters.shifted(months) for months in (published.filters.months, 12))
    sentences = []
    for earlier in dict.fromkeys((before, year)):
        than = wording.span(earlier.first_month, earlier.last_month)
        sentences.append(wording.comparison(now, _then(view, published, earlier), published.metric, than))
    return sentences


def _then(view: View, published: Published, earlier: Filters) -> Cell | None:
    if earlier.first_month < view.begun(published.metric.name):
        return None
    then = view.published(
        published.metric.name, by="total", first_month=earlier.first_month, last_month=earlier.last_month
    )
    is_same_span = then.filters.first_month == earlier.first_month
    return next(iter(then.cells), None) if is_same_span else None
