"""Each number is computed once for all visitors, and some ahead of time: hides cache and threads."""

from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from threading import Lock
from typing import NamedTuple

from leadstats.counting.database import Database
from leadstats.counting.measure import Fetched, measure
from leadstats.counting.view import Filters, Published

MOST_KEPT = 4096


class Question(NamedTuple):
    """All that an answer depends on; an analyst's answer is never another audience's."""

    database: Database
    metric: str
    filters: Filters
    audience: str


_known: dict[Question, Future[Published]] = {}
_lock = Lock()
# DuckDB lets go of Python's lock while it works, so a second core can take the next question.
_pool = ThreadPoolExecutor(max_workers=2, thread_name_prefix="answers")
_last_asked: dict[str, tuple[Filters, list[Question]]] = {}


def answer(question: Question, fetched: Fetched | None = None) -> Published:
    """Raises what `measure` raises. Who asks for what is being computed waits for it."""
    with _lock:
        future = _known.get(question)
        is_first = future is None
        if is_first:
            if len(_known) >= MOST_KEPT:
                _known.clear()
            future = _known[question] = Future()
    if is_first:
        _compute(question, future, fetched)
    return future.result()


def _compute(question: Question, future: Future[Published], fetched: Fetched | None) -> None:
    try:
        database, metric, filters, audience = question
        future.set_result(measure(database, database.metric(metric), filters, audience, fetched))
    except BaseException as error:
        _known.pop(question, None)
        future.set_exception(error)


def forget(database: Database) -> None:
    """Frees the answers of all other snapshots."""
    with _lock:
        for question in [question for question in _known if question.database is not database]:
            del _known[question]


def foresee(page: str, database: Database, filters: Filters, audience: str) -> list[Question]:
    """Begins what the page asked for last time, under the new filters, while it draws what is above.

    Returns the list into which this run notes its own questions.
    """
    before, asked = _last_asked.get(page, (filters, []))
    noted: list[Question] = []
    _last_asked[page] = (filters, noted)
    alike: dict[tuple[str, Filters], list[Question]] = {}
    for question in _carried(asked, before, filters):
        if question.metric not in database.metrics:
            continue  # asked of another database, as of a release
        sql = database.metric(question.metric).sql
        alike.setdefault((sql, question.filters), []).append(
            question._replace(database=database, audience=audience)
        )
    for questions in alike.values():
        _pool.submit(_answer_alike, questions)
    return noted


def _answer_alike(questions: Iterable[Question]) -> None:
    """Metrics that read the same counts in other ways: DuckDB is asked once for all of them."""
    fetched: Fetched = {}
    for question in questions:
        answer(question, fetched)


def _carried(asked: Iterable[Question], before: Filters, now: Filters) -> Iterable[Question]:
    """The questions of one run as the next will ask them: what was the page's is the page's again."""
    for question in dict.fromkeys(asked):
        then = question.filters
        yield question._replace(
            filters=replace(
                then,
                first_month=now.first_month if then.first_month == before.first_month else then.first_month,
                last_month=now.last_month if then.last_month == before.last_month else then.last_month,
                places=now.places if then.places == before.places else then.places,
                pathways=now.pathways if then.pathways == before.pathways else then.pathways,
            )
        )
