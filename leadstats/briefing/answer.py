"""One answer with everything that belongs to it, to be rendered by a page, the command line or a paper."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from leadstats.analysis.equity import EquityTable
from leadstats.briefing import tables
from leadstats.charts import Chart
from leadstats.counting.view import NOT_RELEASED, Published
from leadstats.model.language import say
from leadstats.narrative import captions, headlines, not_recorded, summaries, wording
from leadstats.narrative.equity_sentences import unknown_race
from leadstats.narrative.wording import TextTable


@dataclass(frozen=True)
class Course:
    """One group's values over time, with the last of them in words."""

    name: str
    values: tuple[float | None, ...]
    number: str
    when: str


@dataclass(frozen=True)
class Answer:
    """What was found, and everything that has to be said with it. Renderers lay it out and add no words of their own.

    name: identifies a figure from one run to the next. results: the numbers it is made of, whose methods are linked.
    lead: the finding, without a period at the end. points: sentences shown as a list. events: those that the chart
    numbers. notes: what the people responsible for a number say about it. cautions: the most important first. table:
    the same numbers as the chart; `is_open` if there is no chart. in_words: its lines as sentences. has_csv: whether
    the table can be downloaded as a file of the results. is_lacking: no loaded export could answer. left_out: what a
    public release does not have, if that is all there is to say. page, question, verdict: set on the answer to a
    whole page's question, whose lead is full sentences.
    """

    name: str
    lead: str = ""
    results: tuple[Published | EquityTable, ...] = ()
    subtitle: str = ""
    sentences: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    cautions: tuple[str, ...] = ()
    chart: Chart | None = None
    table: TextTable | None = None
    in_words: tuple[str, ...] = ()
    courses: tuple[Course, ...] = ()
    is_open: bool = False
    has_csv: bool = False
    is_lacking: bool = False
    left_out: tuple[str, ...] = ()
    page: str = ""
    question: str = ""
    verdict: str = ""

    @property
    def months(self) -> tuple[date, date] | None:
        """The first and the last month that the lead is about; None if it rests on no number."""
        months = next((each.filters for each in self.results), None)
        return months and (months.first_month, months.last_month)

    @property
    def around(self) -> tuple[str, ...]:
        """Everything said besides the lead, for a renderer that has one place for it."""
        said = (self.subtitle, *self.sentences, *self.points, *self.events, *self.notes, *self.cautions)
        return tuple(dict.fromkeys(filter(None, said)))

    @property
    def rests_on(self) -> tuple[str, ...]:
        """For each number, what it measures, where and when, out of how many, and how far the data reach."""
        return tuple(dict.fromkeys(map(_basis, self.results)))


def _basis(result: Published | EquityTable) -> str:
    if isinstance(result, EquityTable):
        return " ".join([f"{captions.stage_subtitle(result.metric, result.filters)}.", *unknown_race(result)])
    of = (
        say(", of {number}", number=wording.count(cell.denominator))
        if (cell := result.only) and cell.denominator
        else ""
    )
    return " ".join(filter(None, (f"{captions.subtitle(result)}{of}.", not_recorded.gaps(result))))


def left_out(*titles: str) -> Answer:
    """An answer that says what a public release does not have."""
    return Answer("left out", left_out=titles)


def of_results(
    results: Sequence[Published],
    chart: Chart | None,
    lead: str = "",
    events: Sequence[str] = (),
    sentences: Sequence[str] = (),
    table: TextTable | None = None,
    courses: Sequence[Course] = (),
    is_open: bool = False,
    notes: Sequence[str] = (),
) -> Answer:
    """An answer made of results that share a table; it says which are missing. Without `lead`, it leads with the
    headline of the first."""
    asked = [each for each in results if each.missing != NOT_RELEASED]
    if not asked:
        return left_out(*map(captions.title, results))
    first, missing = asked[0], [published for published in asked if published.missing]
    # The name has its periods: in public, rates of several measures may shrink to one, beside that one over time.
    name = "-".join([first.metric.name, first.filters.breakdown or "all", first.filters.by, str(len(asked))])
    lead = lead or headlines.headline(first)
    if len(missing) == len(asked):
        return Answer(name, lead, tuple(asked), sentences=(not_recorded.missing(first),), is_lacking=True)
    told = [*(sentences or [summaries.summary(first)]), *map(not_recorded.missing, missing)]
    told += dict.fromkeys(map(not_recorded.gaps, asked))
    table = table or tables.of_results(asked)
    is_drawn = any(cell.is_protected or cell.value is not None for each in asked for cell in each.cells)
    return Answer(
        name,
        lead,
        tuple(asked),
        captions.subtitle(*asked),
        tuple(filter(None, told)),
        events=tuple(events),
        notes=tuple(notes),
        cautions=cautions(asked),
        chart=chart if is_drawn else None,
        table=table if table.rows else None,
        in_words=tuple(filter(None, map(summaries.course, asked))),
        courses=tuple(courses),
        is_open=is_open,
        has_csv=bool(table.rows),
    )


def cautions(results: Sequence[Published | EquityTable]) -> tuple[str, ...]:
    """What each of the numbers must not be taken for, without repeats."""
    return tuple(dict.fromkeys(filter(None, (each.metric.caution for each in results))))


def each_of(found: Answer | Sequence[Answer]) -> Iterator[Answer]:
    """The answers to a question, which may have several or none."""
    yield from [found] if isinstance(found, Answer) else found
