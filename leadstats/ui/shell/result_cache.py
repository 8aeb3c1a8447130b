"""Each number is computed once for all visitors of a process: hides the cache."""

from threading import Condition
from typing import NamedTuple

from cachetools import LRUCache, cached

from leadstats.counting.cube import Cube
from leadstats.counting.database import Database
from leadstats.counting.measure import measure
from leadstats.counting.view import Filters, Published
from leadstats.model.metrics import Metric

MOST_KEPT = 4096


class Question(NamedTuple):
    """All that an answer of one database depends on; an analyst's is never another audience's."""

    metric: str
    filters: Filters
    audience: str


class Answers:
    """The numbers of one database, kept for as long as it is open."""

    def __init__(self, database: Database):
        self.database = database
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
