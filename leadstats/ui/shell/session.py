"""Where published numbers come from: the live database, or a public release; and for whom."""

import functools
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from leadstats.analysis import equity
from leadstats.analysis.equity import EquityTable
from leadstats.counting import released, reliability
from leadstats.counting.catalog import load_catalog
from leadstats.counting.database import Database, data_through, open_database, snapshot_name
from leadstats.counting.view import AUDIENCES, NOT_RELEASED, Filters, Published, require
from leadstats.model import periods
from leadstats.model.metrics import STAGES, Metric
from leadstats.narrative import wording
from leadstats.ui.import_page.inbox_store import InboxStore
from leadstats.ui.shell import result_cache
from leadstats.ui.shell.result_cache import Question

ROOT = Path(__file__).resolve().parents[3]
POOLED_MONTHS = 36  # the longest for which policies can be taken to hold
PUBLIC = "public"  # the audience below all others: it reads releases, never the database
LIVE, PREVIEW, RELEASE = "live", "preview", "release"  # where numbers come from


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
        known = self.database.metric(metric)
        wanted = self._followed(known, followed_days, replace(self.filters, **changes))
        if "place" not in known.filters:
            wanted = replace(wanted, places=())
        if "pathway" not in known.filters:
            wanted = replace(wanted, pathways=())
        question = Question(self.database, known.name, wanted, self.audience)
        self.asked.append(question)
        return reliability.readable(result_cache.answer(question), self.audience)

    def equity(self, stage: str, reference: str = "White", **changes: Any) -> EquityTable:
        """Groups at one stage, of people followed for long enough, against a reference group; the
        page's filters changed as told."""
        require("stage", stage, STAGES)
        if stage not in self.database.stages:
            metric = load_catalog().of_stage(stage)
            return EquityTable(stage, metric, reference, self.filters, (), None, {}, NOT_RELEASED)
        metric = self.database.stages[stage]
        wanted = self._followed(metric, metric.horizon_days or 0, replace(self.filters, **changes))
        if "pathway" not in metric.filters:
            wanted = replace(wanted, pathways=())
        return _equity(self.database, stage, wanted, self.audience, reference)

    def moved(self, published: Published) -> str:
        """A sentence where a number is not of the chosen months; else nothing."""
        chosen = (self.filters.first_month, self.filters.last_month)
        if (published.filters.first_month, published.filters.last_month) == chosen:
            return ""
        return (
            wording.nearest(published.filters)
            if self.database.is_public
            else wording.moved(published.filters)
        )

    def _followed(self, metric: Metric, days: int, wanted: Filters) -> Filters:
        if self.database.is_public:
            return wanted  # a period is released when its people have been followed
        reach, _ = data_through(self.database, metric)
        while days and reach and wanted.next_day + timedelta(days=days) > reach:
            wanted = wanted.shifted(1)
        return wanted


def horizon(view: View, *metrics: str) -> int:
    """Days that people must have been followed for all of the metrics to be known."""
    return max(view.database.metric(metric).horizon_days or 0 for metric in metrics)


def window(view: View, metrics: Sequence[str], months: int) -> date:
    """The first month to show so that at least so many lead up to the last one chosen, as far as
    all sources of the metrics go back."""
    starts = view.database.first_days
    sources = {source for metric in metrics for source in view.database.metric(metric).sources}
    begun = max((starts[source] for source in sources if source in starts), default=view.filters.first_month)
    wanted = periods.months_before(view.filters.next_day, months)
    return min(view.filters.first_month, max(wanted, begun.replace(day=1)))


def data_folder() -> Path:
    return ROOT / os.environ.get("LEADSTATS_DATA", "data/built")


def inbox_store(audience: str) -> InboxStore | None:
    """Where exports are taken in: for staff alone, and only if whoever started the app named an inbox."""
    folder = os.environ.get("LEADSTATS_INBOX")
    if not folder or audience != AUDIENCES[-1] or kind(audience) != LIVE:
        return None
    return InboxStore(ROOT / folder, data_folder())


def releases_folder() -> Path | None:
    """Where the releases lie, if the app was started for the public; else None."""
    folder = os.environ.get("LEADSTATS_RELEASES")
    return ROOT / folder if folder else None


def kind(audience: str) -> str:
    """Where an audience's numbers come from: the one switch between the live database and a release."""
    if releases_folder() is not None:
        return RELEASE
    return PREVIEW if audience == PUBLIC else LIVE


def database(audience: str = "") -> Database:
    """Raises FileNotFoundError before the first build, preview or release."""
    if kind(audience) == LIVE:
        return _opened(data_folder(), snapshot_name(data_folder()))
    if kind(audience) == PREVIEW:
        written = (data_folder() / PREVIEW / released.WORDS).stat().st_mtime_ns
        return _released(data_folder() / PREVIEW, written)
    releases = releases_folder()
    return _released(releases / (released.release_name(releases) or released.LATEST), 0)


def facts(database: Database, audience: str, reach: date) -> list[str]:
    """How far the numbers go, since when they stand, and who reads them: for the head of each page."""
    if database.is_public:
        through = date.fromisoformat(database.about["data_through"])
        if releases_folder() is None:
            return [f"Data through {wording.day(through)}", wording.PREVIEW_NOTE]
        return [
            f"Data through {wording.day(through)}",
            f"Published {wording.day(database.site.published_on)}",
            f"Release {database.snapshot}",
            wording.AUDIENCE_NOTES[audience],
        ]
    laggards = [
        f"{name.replace('_', ' ')} {wording.day(day)}"
        for name, day in sorted(database.reach.items())
        if day < reach
    ]
    late = f" ({', '.join(laggards)})" if laggards else ""
    return [
        f"Data through {wording.day(reach)}{late}",
        f"Published {wording.day(database.site.published_on)}",
        f"Snapshot {database.snapshot.removesuffix('.duckdb').removeprefix('program-')[:10]}",
        wording.AUDIENCE_NOTES[audience],
    ]


def notes() -> Mapping[str, Sequence[str]]:
    """What readers of a release must know of every number, by heading; nothing for partners."""
    return database(PUBLIC).about["notes"] if kind(audience(None)) == RELEASE else {}


def release_file(path: str) -> Path:
    """A file that belongs to the release in force. Raises FileNotFoundError for any other."""
    releases = releases_folder()
    name = releases and released.release_name(releases)
    if not name or path not in released.listed(releases / name):
        raise FileNotFoundError(path)
    return releases / name / path


def is_current(view: View) -> bool:
    try:
        return database(view.audience) is view.database
    except FileNotFoundError:
        return False


def audience(asked: str | None) -> str:
    """Fixed by whoever starts the app; a link may lower it, never raise it."""
    granted = os.environ.get("LEADSTATS_AUDIENCE") or AUDIENCES[0]
    if granted not in AUDIENCES:
        raise ValueError(f"LEADSTATS_AUDIENCE is {granted!r}; use one of {', '.join(AUDIENCES)}")
    if releases_folder() is not None or asked == PUBLIC:
        return PUBLIC
    if asked in AUDIENCES and AUDIENCES.index(asked) < AUDIENCES.index(granted):
        return asked
    return granted


# Two, since a page that began on the former snapshot may still be reading it.
@functools.lru_cache(maxsize=2)
def _opened(folder: Path, _name: str | None) -> Database:
    return _renewed(open_database(folder))


@functools.lru_cache(maxsize=2)
def _released(folder: Path, _written: int) -> Database:
    return _renewed(released.open_release(folder))


def _renewed(opened: Database) -> Database:
    result_cache.forget(opened)
    _equity.cache_clear()
    return opened


@functools.lru_cache(maxsize=256)
def _equity(database: Database, stage: str, filters: Filters, audience: str, reference: str) -> EquityTable:
    return equity.equity(database, stage, filters, audience, reference)


@dataclass(frozen=True)
class NumberedEvent:
    """Something that happened in a period of a chart. Said as 'after', never as 'because of'."""

    number: int
    period: str
    sentence: str


def events(view: View, published: Published) -> list[NumberedEvent]:
    """The site's events within the periods of a result, numbered in order of their days."""
    shown = {cell.period for cell in published.cells}
    found = [
        (period, f"{wording.day(event.day)}: {event.text}")
        for event in view.database.site.events
        if (period := periods.label(event.day, published.filters.by)) in shown
    ]
    return [NumberedEvent(number, *found) for number, found in enumerate(found, 1)]


def new_baselines(view: View, by: str) -> set[str | None]:
    """Periods in which, the site says, something changed for good what is usual."""
    return {periods.label(event.day, by) for event in view.database.site.events if event.is_new_baseline}


def pooled_since(view: View) -> date:
    """From when to count what the chosen months hold too little of."""
    return periods.months_before(view.filters.last_month, POOLED_MONTHS - 1)
