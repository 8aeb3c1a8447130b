"""What the data can say about a metric: which of its needs no export records, and for which periods."""

import functools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from leadstats.counting.database import ProgramDatabase
from leadstats.counting.site_facts import Unrecorded
from leadstats.counting.view import UNREADABLE
from leadstats.model import periods
from leadstats.model.metrics import Counted, Metric, UnreadableMetric
from leadstats.model.schema import FACTS

SITE = "site"


@dataclass(frozen=True)
class Coverage:
    """The days for which a metric is known."""

    through: date | None  # the last day that all its sources reach; None if none of them is loaded
    # Tables, columns and settings without which it is not known; "x or y" if either would do.
    missing: tuple[str, ...] = ()
    # Days for which some file lacks a needed column, or that no file covers
    gaps: tuple[Unrecorded, ...] = ()
    # By source, the first day it can answer for: the first it covers, plus the days the metric looks back.
    begins: Mapping[str, date] = field(default_factory=dict)

    def lacking(self, first_day: date, last_day: date) -> tuple[str, ...]:
        """What is not recorded for a period, by name; empty if its number is known."""
        found = (gap.name for gap in self.gaps if gap.first_day <= last_day and first_day <= gap.last_day)
        not_begun = (source for source, begin in self.begins.items() if last_day < begin)
        return (*self.missing, *dict.fromkeys((*found, *not_begun)))

    @functools.cached_property
    def begin(self) -> date | None:
        """The first day that all the sources can answer for."""
        return max(self.begins.values(), default=None)

    def is_cut(self, first_day: date) -> bool:
        """Whether a period begins a month or more before its sources do."""
        return self.begin is not None and periods.following_month(first_day) <= self.begin


def coverage(database: ProgramDatabase, metric: Counted, breakdowns: Iterable[str] = ()) -> Coverage:
    """Compares what its header and breakdowns need with what the build found in the exports."""
    if isinstance(metric, UnreadableMetric):
        return Coverage(None, UNREADABLE)
    loaded = [database.reach[source] for source in metric.sources if source in database.reach]
    required = [source for source in metric.sources if source not in metric.optional]
    if not required and not loaded:
        required = list(metric.sources)
    absent = [source for source in required if source not in database.reach]
    missing, gaps = dict.fromkeys(absent), []
    needed = (*metric.needed, *(need for each in breakdowns for need in metric.needed_by(each)))
    for need in _needs(database, metric, needed, absent):
        held = [name for name in need if _holds(database, name)]
        if held:
            gaps += _gaps(database, held)
        else:
            missing[" or ".join(_to_map(database, need))] = None
    looks_back = metric.looks_back if isinstance(metric, Metric) else {}
    begins = {
        each.source: each.data_from
        + timedelta(days=looks_back.get(each.source, 0) if each.is_past_untold else 0)
        for each in database.exports.sources
        if each.source in metric.sources and each.is_begin_known and each.data_from
    }
    for source in metric.sources:
        gaps += _between_files(database, metric, source)
    return Coverage(min(loaded, default=None), tuple(missing), tuple(gaps), begins)


def _between_files(database: ProgramDatabase, metric: Counted, source: str) -> Iterator[Unrecorded]:
    """The days that no file of a source covers, and the days whose people would be followed, or looked back on,
    through them."""
    ahead = metric.horizon_days or 0 if isinstance(metric, Metric) else 0
    behind = metric.looks_back.get(source, 0) if isinstance(metric, Metric) else 0
    for gap in database.exports.unrecorded.get(source, ()):
        yield Unrecorded(
            gap.name, gap.first_day - timedelta(days=ahead), gap.last_day + timedelta(days=behind)
        )


def _needs(
    database: ProgramDatabase, metric: Counted, needed: Iterable[tuple[str, ...]], absent: Sequence[str]
) -> Iterator[tuple[str, ...]]:
    """The needs worth asking about. If a source is missing, or is optional and not loaded, none of its columns is; if
    another table is not loaded, its columns are, but not the facts that depend on it."""
    not_loaded = {source for source in metric.optional if source not in database.reach}
    for need in needed:
        tables = {_table(each) for each in need}
        hangs_on_others = FACTS.keys() >= {*need} and not tables & database.reach.keys()
        if not tables & {*absent} and not tables <= not_loaded and not hangs_on_others:
            yield need


def _table(name: str) -> str:
    return name.partition(".")[0]


def _holds(database: ProgramDatabase, name: str) -> bool:
    """Whether any file has the column, or the site has set the key."""
    is_there = _table(name) == SITE or _table(name) in database.reach
    return is_there and all(each.first_day for each in database.exports.unrecorded.get(name, ()))


def _to_map(database: ProgramDatabase, need: tuple[str, ...]) -> tuple[str, ...]:
    """The columns one of which should be mapped: those of loaded tables, if there are any."""
    nearest = tuple(each for each in need if _table(each) == SITE or _table(each) in database.reach)
    return nearest or need


def _gaps(database: ProgramDatabase, held: Sequence[str]) -> list[Unrecorded]:
    """The days that none of the columns covers, where any one of them would meet the need."""
    first, *others = (database.exports.unrecorded.get(name, ()) for name in held)
    for other in others:
        first = [
            Unrecorded(
                f"{one.name} or {two.name}",
                max(one.first_day, two.first_day),
                min(one.last_day, two.last_day),
            )
            for one in first
            for two in other
            if one.first_day <= two.last_day and two.first_day <= one.last_day
        ]
    return list(first)
