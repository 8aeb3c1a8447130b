"""One answer with everything that belongs to it, for whoever renders it: page, command line, paper."""

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
    """One group's way through time, with its last number in words."""

    name: str
    values: tuple[float | None, ...]
    number: str
    when: str


@dataclass(frozen=True)
class Answer:
    """What is found, and all that has to stand around it. Renderers lay it out; they add no word of their own.

    name: keeps a figure the same over runs. results: the numbers it is made of, whose methods are linked.
    lead: the finding, without a full stop. points: sentences that stand as a list; events: those that the chart
    numbers. notes: what those who answer for a number say of it. cautions: the most important first. table: the same
    numbers as the chart; `is_open` where it is the only form. in_words: its lines in sentences. has_csv: whether the
    table can be had as a file of the results. is_lacking: no export was loaded that could answer. left_out: what a
    public release does not hold, if that is all there is to say. page, question, verdict: of the answer to a whole
    page's question; its lead is full sentences.
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
        """The first and the last month of what the lead speaks of; None where it rests on no number."""
        months = next((each.filters for each in self.results), None)
        return months and (months.first_month, months.last_month)

    @property
    def around(self) -> tuple[str, ...]:
        """All that is said beside the lead, for a renderer that has one place for it."""
        said = (self.subtitle, *self.sentences, *self.points, *self.events, *self.notes, *self.cautions)
        return tuple(dict.fromkeys(filter(None, said)))

    @property
    def rests_on(self) -> tuple[str, ...]:
        """Of each number: what it measures, where and when, out of how many, and how far the data reach."""
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
    """Of what a public release does not hold."""
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
    """Made of results that stand in one table; what is missing of them is said. Without `lead`, the headline
    of the first."""
    asked = [each for each in results if each.missing != NOT_RELEASED]
    if not asked:
        return left_out(*map(captions.title, results))
    first, missing = asked[0], [published for published in asked if published.missing]
    # With its periods: in public the rates of several measures can come down to one, beside that one over time.
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
    """What each of the numbers must not be taken for, once."""
    return tuple(dict.fromkeys(filter(None, (each.metric.caution for each in results))))


def each_of(found: Answer | Sequence[Answer]) -> Iterator[Answer]:
    """A question may have several answers, or none."""
    yield from [found] if isinstance(found, Answer) else found
