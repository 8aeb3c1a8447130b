"""Each number is computed once for all visitors, and some ahead of time: hides cache and threads."""

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Condition
from typing import NamedTuple

from cachetools import LRUCache, cached

from leadstats.counting.cube import Cube
from leadstats.counting.database import Database
from leadstats.counting.measure import Ask, measure
from leadstats.counting.view import Filters, Published
from leadstats.model.metrics import Metric

MOST_KEPT = 4096

# DuckDB lets go of Python's lock while it works, so a second core can take the next question.
_pool = ThreadPoolExecutor(max_workers=2, thread_name_prefix="answers")


class Question(NamedTuple):
    """All that an answer of one database depends on; an analyst's is never another audience's."""

    metric: str
    filters: Filters
    audience: str


class Answers:
    """The numbers of one database, kept for as long as it is open."""

    def __init__(self, database: Database):
        self.database = database
        self._last_asked: dict[str, tuple[Filters, list[Question]]] = {}

        count = None if database.is_public else Cube(database).rows

        # The condition lets whoever asks for what is being computed wait for it.
        @cached(LRUCache(MOST_KEPT), key=lambda question: question, condition=Condition())
        def answer(question: Question) -> Published:
            metric, filters, audience = question
            return measure(database, database.metric(metric), filters, audience, count)

        self.answer = answer

    def ask(self, database: Database, metric: Metric, filters: Filters, audience: str) -> Published:
        """What `measure` gives, and raises."""
        return self.answer(Question(metric.name, filters, audience))

    def ask_for(self, page: str, filters: Filters, audience: str) -> Ask:
        """How one run of a page asks. What it asked for last time is begun at once under the new filters,
        while the page draws what is above."""
        before, asked = self._last_asked.get(page, (filters, []))
        noted: list[Question] = []
        self._last_asked[page] = (filters, noted)
        for question in _carried(asked, before, filters):
            _pool.submit(self.answer, question._replace(audience=audience))

        def ask(database: Database, metric: Metric, filters: Filters, audience: str) -> Published:
            noted.append(Question(metric.name, filters, audience))
            return self.ask(database, metric, filters, audience)

        return ask


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
