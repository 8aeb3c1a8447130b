"""What a meeting takes in and out, put together once, so that packet, slides and digest say the same."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from leadstats import quality
from leadstats.analysis.equity import EquityTable
from leadstats.briefing import View
from leadstats.briefing.answer import Answer
from leadstats.briefing.brief import Briefing, brief
from leadstats.briefing.questions import shown
from leadstats.briefing.since import Brought
from leadstats.meetings import Decision
from leadstats.model.language import message, say, spoken, translation_note
from leadstats.model.metrics import Metric
from leadstats.narrative import captions, wording
from leadstats.narrative.wording import TextTable

WIDEST = 8  # columns of a table on paper
MOST_LETTERS, MOST_ROWS = 60, 9  # of a cell and of a table that can be read across a room
WORDS = {
    "verdicts": message("The answers in short"),
    "due": message("Earlier decisions, and what became of them"),
    "since": message("Since the last meeting"),
    "decisions": message("Decisions of this meeting"),
    "definitions": message("What the numbers mean"),
    "description": message(
        "Answers to the questions of the coordinating group, with figures, tables and definitions"
    ),
    "blanks": (
        message("What was decided"),
        message("Who acts, by role"),
        message("By when, and how we will know"),
    ),
}


@dataclass(frozen=True)
class Question:
    """A question, its answer in short, and the answers that show it."""

    question: str
    verdict: str
    lead: str
    cautions: Sequence[str]
    rests_on: Sequence[str]
    answers: Sequence[Answer]


@dataclass(frozen=True)
class Section:
    """Words and tables under a heading. news: the same in sentences, where there is no room for a table."""

    title: str
    sentences: Sequence[str] = ()
    tables: Sequence[TextTable] = ()
    news: Sequence[str] = ()


@dataclass(frozen=True)
class Definition:
    title: str
    definition: str
    caution: str


@dataclass(frozen=True)
class Contents:
    """Everything, in the order of the meeting. notes: what one has to know about all of it. foot: snapshot, months and
    filters, for every page. language: of the words, as two codes (language, region)."""

    title: str
    site: str
    cover: Sequence[str]
    notes: Sequence[str]
    foot: str
    questions: Sequence[Question]
    sections: Sequence[Section]
    definitions: Sequence[Definition]
    words: Mapping[str, str | Sequence[str]]
    language: tuple[str, str]


def contents(view: View, brought: Brought | None = None) -> Contents:
    """The contents for one snapshot, as one audience may see it, with the view's months and filters. brought: what the
    meeting begins with."""
    brought = brought or Brought()
    told = brief(view)
    questions = [_question(view, answer) for answer in told.answers]
    site = view.database.site
    return Contents(
        say(
            "LEAD in numbers, {months}",
            months=wording.span(view.filters.first_month, view.filters.last_month),
        ),
        f"{site.name} ({say(wording.SAMPLE)})" if site.is_sample else site.name,
        _cover(view, told),
        [*filter(None, (brought.amended, translation_note()))],
        say("Snapshot {snapshot}. {scope}", snapshot=told.snapshot, scope=captions.scope(told.filters)),
        questions,
        [
            *([_since(brought.since)] if brought.since else []),
            *([_due(brought.decisions)] if brought.decisions else []),
        ],
        _definitions(view, questions),
        {name: say(each) if isinstance(each, str) else tuple(map(say, each)) for name, each in WORDS.items()},
        tuple(spoken().tag.split("-")),
    )


def across_a_room(answer: Answer) -> list[TextTable]:
    """The tables that can be read from across a room, long ones with their first rows; the packet has them whole."""
    found = (
        each
        for each in tables_of(answer)
        if all(len(said) <= MOST_LETTERS for row in each.rows for said in row)
    )
    return [_first_rows(each) for each in found]


def _first_rows(table: TextTable) -> TextTable:
    left = len(table.rows) - MOST_ROWS
    if left <= 0:
        return table
    caption = say("{caption}: {left} more rows are in the packet", caption=table.caption, left=left)
    return TextTable(caption, table.head, table.rows[:MOST_ROWS], table.labels)


def tables_of(answer: Answer) -> list[TextTable]:
    """The table of an answer as it fits on paper: if words in its first columns repeat from row to row, one table for each
    of them under these words. No column or table is empty."""
    table = answer.table
    if table is None or not table.rows:
        return []
    if len(table.head) <= WIDEST:
        return [_filled(table)]
    parts = {}
    for row in table.rows:
        parts.setdefault(row[0], []).append(row)
    same = 0
    while same < table.labels and all(len({row[same] for row in rows}) == 1 for rows in parts.values()):
        same += 1
    return [
        _filled(
            TextTable(
                f"{table.caption}: {', '.join(rows[0][:same])}",
                table.head[same:],
                [row[same:] for row in rows],
                table.labels - same,
            )
        )
        for rows in parts.values()
    ]


def _filled(table: TextTable) -> TextTable:
    kept = [
        place
        for place in range(len(table.head))
        if place < table.labels or any(row[place] for row in table.rows)
    ]
    head, *rows = ([row[place] for place in kept] for row in (table.head, *table.rows))
    return TextTable(table.caption, head, rows, table.labels)


def _cover(view: View, told: Briefing) -> list[str]:
    published = view.database.site.published_on
    return [
        captions.scope(told.filters),
        say("Data through {day}", day=wording.day(told.data_through)),
        *([say("Published {day}", day=wording.day(published))] if published else []),
        say("Snapshot {snapshot}", snapshot=told.snapshot),
        wording.audience_note(told.audience, view.database.threshold),
    ]


def _question(view: View, answer: Answer) -> Question:
    verdict = f"{wording.capital(answer.verdict)}." if answer.verdict else ""
    has_gaps = answer.page == "data_quality" and not view.database.is_public
    answers = [_gaps(view)] if has_gaps else shown(answer.page, view)
    return Question(
        answer.question,
        verdict,
        answer.lead,
        answer.cautions,
        answer.rests_on,
        # What the short answer said is not said again.
        [replace(each, lead="") if f"{each.lead}." == answer.lead else each for each in answers],
    )


def _gaps(view: View) -> Answer:
    """What each gap could do; everything else about the data is a separate report."""
    (found,) = islice(quality.sections(view), 1)
    return Answer(found.title, found.title, sentences=tuple(found.sentences), table=found.tables[0])


def _since(answer: Answer) -> Section:
    told = (f"{answer.lead}.", *answer.around) if answer.lead else answer.around
    return Section(say(WORDS["since"]), told, tables_of(answer), told)


def _due(decisions: Sequence[Decision]) -> Section:
    rows = [
        (
            each.words,
            each.who,
            wording.day(each.due) if each.due else "",
            wording.day(each.decided_on),
            each.outcome or say("open"),
        )
        for each in decisions
    ]
    news = [
        f"{words}: {who}{due and say(', due {due}', due=due)}. {wording.capital(outcome)}."
        for words, who, due, _, outcome in rows
    ]
    head = (say("Decision"), say("Who, by role"), say("Due"), say("Decided"), say("What became of it"))
    title = say(WORDS["due"])
    return Section(title, (), [TextTable(title, head, rows, labels=5)], news)


def _definitions(view: View, questions: Iterable[Question]) -> list[Definition]:
    """The definition of every number in the papers, once."""
    metrics: dict[str, Metric] = {}
    for asked in questions:
        for answer in asked.answers:
            for each in answer.results:
                if not isinstance(each, EquityTable) or not each.missing:
                    metrics[each.metric.name] = each.metric
    return [Definition(each.title, each.definition, each.caution or "") for each in metrics.values()]
