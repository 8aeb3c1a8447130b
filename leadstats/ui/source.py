"""Where published numbers come from: data folder, audience and the snapshot in force."""

import functools
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from leadstats import compare, words
from leadstats.catalog import QUERIES, Metric, load_metrics
from leadstats.compare import EquityTable
from leadstats.measure import (
    AUDIENCES,
    Database,
    Filters,
    Published,
    data_through,
    following_month,
    open_database,
    period_label,
    require,
    snapshot_name,
)
from leadstats.ui import answers
from leadstats.ui.answers import Question

ROOT = Path(__file__).resolve().parent.parent.parent


@dataclass(frozen=True)
class View:
    """What one run of a page looks at: all its numbers come from one snapshot."""

    database: Database
    audience: str
    filters: Filters
    asked: list[Question] = field(default_factory=list, compare=False)

    def published(self, metric: str, followed_days: int = 0, **changes: Any) -> Published:
        """A metric under the page's filters, as far as it knows them, changed as told.

        followed_days: moves the months back until the youngest of them has been followed so long.
        """
        known = load_metrics()[metric]
        wanted = self._followed(known, followed_days, replace(self.filters, **changes))
        if "place" not in known.filters:
            wanted = replace(wanted, places=())
        if "pathway" not in known.filters:
            wanted = replace(wanted, pathways=())
        question = Question(self.database, metric, wanted, self.audience)
        self.asked.append(question)
        return answers.answer(question)

    def equity(self, stage: str, reference: str = "White") -> EquityTable:
        """Groups at one stage, of people followed for long enough, against a reference group."""
        stages = {metric.stage: metric for metric in load_metrics().values() if metric.stage}
        require("stage", stage, tuple(stages))
        metric = stages[stage]
        wanted = self._followed(metric, metric.horizon_days or 0, self.filters)
        if "pathway" not in metric.filters:
            wanted = replace(wanted, pathways=())
        return _equity(self.database, stage, wanted, self.audience, reference)

    def _followed(self, metric: Metric, days: int, wanted: Filters) -> Filters:
        reach, _ = data_through(self.database, metric)
        while days and reach and _end(wanted) + timedelta(days=days) > reach:
            wanted = words.shifted(wanted, 1)
        return wanted


def _end(filters: Filters) -> date:
    return following_month(filters.last_month)


def horizon(*metrics: str) -> int:
    """Days that people must have been followed for all of the metrics to be known."""
    return max(load_metrics()[metric].horizon_days or 0 for metric in metrics)


def window(view: View, metrics: Sequence[str], months: int) -> date:
    """The first month to show so that at least so many lead up to the last one chosen, as far as
    all sources of the metrics go back."""
    starts = first_days(view.database)
    sources = {source for metric in metrics for source in load_metrics()[metric].sources}
    begun = max((starts[source] for source in sources if source in starts), default=view.filters.first_month)
    wanted = words.months_before(_end(view.filters), months)
    return min(view.filters.first_month, max(wanted, begun.replace(day=1)))


@functools.lru_cache(maxsize=2)
def first_days(database: Database) -> Mapping[str, date]:
    """The first event of each source that has one."""
    rows = database.rows((QUERIES / "lookups" / "first_days.sql").read_text(encoding="utf-8"))
    return {row["source"]: row["first_day"] for row in rows if row["first_day"]}


def data_folder() -> Path:
    return ROOT / os.environ.get("LEADSTATS_DATA", "data/built")


def database() -> Database:
    """The snapshot in force. Raises FileNotFoundError before the first build."""
    folder = data_folder()
    return _opened(folder, snapshot_name(folder))


def published_on(database: Database) -> date:
    """The day on which the snapshot was built."""
    return date.fromtimestamp((data_folder() / database.snapshot).stat().st_mtime)


def is_current(view: View) -> bool:
    return snapshot_name(data_folder()) == view.database.snapshot


def audience(asked: str | None) -> str:
    """Fixed by whoever starts the app; a link may lower it, never raise it."""
    granted = os.environ.get("LEADSTATS_AUDIENCE") or AUDIENCES[0]
    if granted not in AUDIENCES:
        raise ValueError(f"LEADSTATS_AUDIENCE is {granted!r}; use one of {', '.join(AUDIENCES)}")
    if asked in AUDIENCES and AUDIENCES.index(asked) < AUDIENCES.index(granted):
        return asked
    return granted


# Two, since a page that began on the former snapshot may still be reading it.
@functools.lru_cache(maxsize=2)
def _opened(folder: Path, _name: str | None) -> Database:
    opened = open_database(folder)
    answers.forget(opened)
    _equity.cache_clear()
    return opened


@functools.lru_cache(maxsize=256)
def _equity(database: Database, stage: str, filters: Filters, audience: str, reference: str) -> EquityTable:
    return compare.equity(database, stage, filters, audience, reference)


@dataclass(frozen=True)
class NumberedEvent:
    """Something that happened in a period of a chart. Said as 'after', never as 'because of'."""

    number: int
    period: str
    sentence: str


def events(view: View, published: Published) -> list[NumberedEvent]:
    """The site's events within the periods of a result, numbered in order of their days."""
    by = published.filters.by
    periods = {cell.period for cell in published.cells}
    found = [
        (period_label(row["day"], by), f"{words.day(row['day'])}: {row['text']}")
        for row in view.database.rows("SELECT day, text FROM program.event ORDER BY day, text")
        if period_label(row["day"], by) in periods
    ]
    return [NumberedEvent(number, *found) for number, found in enumerate(found, 1)]


def new_baselines(view: View, by: str) -> set[str | None]:
    """Periods in which, the site says, something changed for good what is usual."""
    rows = view.database.rows("SELECT day FROM program.event WHERE is_new_baseline")
    return {period_label(row["day"], by) for row in rows}
