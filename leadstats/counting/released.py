"""A release as the pages read it. Hides how filters pick its numbers; nothing is counted again."""

import csv
import functools
import io
import itertools
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet

from leadstats.counting import estimators
from leadstats.counting.catalog import load_catalog, load_metrics
from leadstats.counting.database import Database
from leadstats.counting.site_facts import SiteFacts
from leadstats.counting.view import NOT_RELEASED, Cell, Filters, Merged, Published
from leadstats.model import periods, rounding
from leadstats.model.declarations import DeclarationError, declared
from leadstats.model.metrics import Metric, PublicMetric
from leadstats.model.schema import EVERYONE
from leadstats.model.settings import Event

LATEST, WITHDRAWN = "latest", "withdrawn"  # files beside the releases
PREVIEW = "preview"  # the folder in the data that holds the next release as it would be
WORDS, NUMBERS, OUTLINES, SUMS = "public.json", "public.parquet", "places.geojson", "SHA256SUMS"
# What a browser may do with the plain pages of a release. They have no scripts, so anybody may frame them.
FRAMED = "default-src 'none'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; font-src 'self'; frame-ancestors *"
HIDDEN = "public"  # no reason is given, since which hidden numbers are small must not be told
BREAKDOWNS = ("neighborhood", "zone", "race", "sex", "age_band", "pathway", "outcome")
PLACES = ("neighborhood", "zone")

Numbers = Mapping[tuple[str, ...], int | None]  # by the codes of a table's levels; None: hidden


@dataclass(frozen=True)
class ReleasedMetric:
    """A metric of the release: which numbers it shows, and which metrics the pages show it in place of."""

    metric: Metric
    series: str
    part: str  # yes, percent, or nothing for everybody
    people: str  # for a sum: the series of the people behind it
    every: str
    begins: date  # a period that began earlier is not whole
    stands_for: tuple[str, ...]
    numbers: str = ""  # for an estimate: the file that holds it by year
    # The series of the people or arrests behind it, with the category that is meant
    rests_on: tuple[str, ...] = ()


@dataclass(frozen=True)
class Period:
    """One published period; `time` is its length."""

    time: str
    code: str
    first_month: date
    last_month: date


@dataclass(frozen=True, eq=False)
class ReleasedDatabase(Database):
    """The numbers and words of one release."""

    about: Mapping[str, Any]
    entries: Mapping[str, ReleasedMetric]  # by the name of their metric
    tables: Mapping[tuple[str, tuple[str, ...]], Numbers]  # by series and levels, the time first
    merged: Mapping[tuple[str, str], Merged]  # by series and hidden period of everybody
    # By series and year: what stands beside the number of the table
    estimates: Mapping[tuple[str, str], Cell]

    is_public = True

    @functools.cached_property
    def metrics(self) -> Mapping[str, Metric]:
        return {name: entry.metric for name, entry in self.entries.items()}

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self.metrics)

    @property
    def threshold(self) -> int:
        return self.about["threshold"]

    @functools.cached_property
    def _in_place_of(self) -> Mapping[str, str]:
        return {asked: name for name, entry in self.entries.items() for asked in entry.stands_for}

    def metric(self, name: str) -> Metric:
        """The released metric that stands for the one a page asks for, or that one itself if none does."""
        name = self._in_place_of.get(name, name)
        return self.metrics[name] if name in self.metrics else load_catalog().metric(name)

    def holds(self, name: str) -> bool:
        """Whether a number of the release stands for the metric."""
        return name in self._in_place_of

    def can_name(self, name: str) -> bool:
        """Whether there is such a metric, in this release or inside."""
        return name in self.metrics or name in load_metrics()

    def standard(self) -> Filters | None:
        """The last calendar year that most of the release covers, since most tables are by year. If it has no year, as
        in a small county, the last published period; None if the release has no numbers."""
        counts = [entry for entry in self.entries.values() if not entry.numbers]
        held = [period for entry in counts for period in set(self._periods(entry))]
        years = Counter(period for period in held if period.time == "year")
        most = max(years.values(), default=0)
        offered = [year for year, times in years.items() if times == most] or held
        last = max(offered, key=lambda period: (period.last_month, period.first_month), default=None)
        return Filters(last.first_month, last.last_month) if last else None

    def published(self, metric: Metric, filters: Filters) -> Published:
        """The metric's cells. For months the release has no number for, the nearest earlier months that have one."""
        entry = self.entries.get(metric.name)
        found = entry and self._answer(entry, filters)
        if not found:
            return Published(metric, filters, (), None, NOT_RELEASED)
        filters, cells = found
        return Published(metric, filters, tuple(cells), date.fromisoformat(self.about["data_through"]))

    def _answer(self, entry: ReleasedMetric, filters: Filters) -> tuple[Filters, list[Cell]] | None:
        selection = self._selection(entry, filters)
        if selection is None:
            return None
        if filters.by != "total":
            kept = [
                period
                for period in self._periods(entry, selection.levels)
                if period.time == filters.by and _is_within(period, filters)
            ]
            cells = [cell for period in kept for cell in selection.cells([period], period.code)]
            return (filters, cells) if cells else None
        parts = self._tiles(entry, selection.levels, filters)
        if parts is None:
            nearest = self._nearest(entry, selection.levels, filters)
            if nearest is None:
                return None
            parts = [nearest]
            filters = replace(filters, first_month=nearest.first_month, last_month=nearest.last_month)
        return filters, selection.cells(parts, None)

    def _selection(self, entry: ReleasedMetric, filters: Filters) -> "Selection | None":
        """Which levels of which table answer. Places are zones if their neighborhoods are not published."""
        axes = [name for name in (filters.breakdown, filters.second_breakdown) if name]
        if not set(axes) <= set(BREAKDOWNS):
            return None
        for place in PLACES:
            level = {"neighborhood": place}
            wanted = {level.get(name, name): None for name in axes}
            if filters.places:
                wanted[place] = filters.places
            if filters.pathways:
                wanted["pathway"] = filters.pathways
            own_axes = tuple(level.get(name, name) for name in axes)
            selection = Selection(self, entry, own_axes, wanted)
            if self._periods(entry, selection.levels) and selection.knows_all():
                return selection
        return None

    def codes(self, level: str) -> tuple[str, ...]:
        return self._codes.get(level, ())

    @functools.cached_property
    def _codes(self) -> Mapping[str, tuple[str, ...]]:
        """All codes of each level, in the order of the release."""
        found: dict[str, dict[str, None]] = {}
        for (_, levels), numbers in self.tables.items():
            for key in numbers:
                for level, code in zip(levels[1:], key[1:], strict=True):
                    found.setdefault(level, {})[code] = None
        return {level: tuple(codes) for level, codes in found.items()}

    def _periods(self, entry: ReleasedMetric, levels: tuple[str, ...] = ()) -> list[Period]:
        """All periods for which the release has a table with these levels, long ones first."""
        levels = _ordered((*levels, "outcome") if entry.part else levels)
        codes = (
            (time, code)
            for time in reversed(periods.PUBLISHED)
            for code in dict.fromkeys(key[0] for key in self.tables.get((entry.series, (time, *levels)), ()))
        )
        return [
            Period(time, code, periods.first_month(code), periods.last_month(code)) for time, code in codes
        ]

    def _tiles(self, entry: ReleasedMetric, levels: tuple[str, ...], filters: Filters) -> list[Period] | None:
        """Published periods that together make exactly the months asked for."""
        known = {
            period.first_month: period
            for period in reversed(self._periods(entry, levels))
            if _is_within(period, filters)
        }
        tiles, month = [], filters.first_month
        while month <= filters.last_month:
            if month not in known:
                return None
            tiles.append(known[month])
            month = periods.following_month(known[month].last_month)
        # Who counts once a year counts again in the next.
        return tiles if entry.every == "month" or len(tiles) == 1 else None

    def _nearest(self, entry: ReleasedMetric, levels: tuple[str, ...], filters: Filters) -> Period | None:
        periods = self._periods(entry, levels)
        usual = [period for period in periods if period.time == "year"] or periods
        before = [period for period in usual if period.last_month <= filters.last_month]
        return max(before or usual, key=lambda period: period.last_month, default=None)


@dataclass(frozen=True, eq=False)
class Selection:
    """Cells of one metric: `axes` are the levels that split them, `wanted` the codes to keep of each level
    (None: all, one by one)."""

    release: ReleasedDatabase
    entry: ReleasedMetric
    axes: tuple[str, ...]
    wanted: Mapping[str, tuple[str, ...] | None]

    @property
    def levels(self) -> tuple[str, ...]:
        return _ordered(self.wanted)

    def knows_all(self) -> bool:
        return all(
            code in self.release.codes(level) for level, codes in self.wanted.items() for code in codes or ()
        )

    def cells(self, periods: Sequence[Period], label: str | None) -> list[Cell]:
        offered = [self.wanted[level] or self.release.codes(level) for level in self.axes]
        cells = (self._cell(periods, label, codes) for codes in itertools.product(*offered))
        return [cell for cell in cells if cell is not None]

    def _cell(self, periods: Sequence[Period], label: str | None, codes: tuple[str, ...]) -> Cell | None:
        """None if the release has no such cell."""
        kept = {level: list(found) for level, found in self.wanted.items() if found}
        kept |= {level: [code] for level, code in zip(self.axes, codes, strict=True)}
        place = Cell(
            label,
            codes[0] if codes else EVERYONE,
            codes[1] if len(codes) > 1 else None,
            is_partial=any(period.first_month < self.entry.begins for period in periods),
        )
        entry, outcome = self.entry, {"outcome": ["yes"]}
        if entry.part == "percent":
            parts = [self._sum(entry.series, periods, kept | {"outcome": [code]}) for code in ("yes", "no")]
            people = self._sum(entry.people or entry.series, periods, kept)
            return self._share(place, people, self._sum(entry.series, periods, kept), *parts)
        found = self._sum(entry.series, periods, kept | outcome if entry.part else kept)
        if not found:
            return None
        (number,) = found
        if number is None:
            is_whole = len(periods) == 1 and not (kept or entry.part)
            merged = self.release.merged.get((entry.series, periods[0].code)) if is_whole else None
            return replace(place, hidden=HIDDEN, merged=merged)
        if entry.numbers:
            told = self.release.estimates[entry.series, periods[0].code]
            series, *category = entry.rests_on
            whole = self.release.tables[series, ("year", *category[:1])][periods[0].code, *category[1:]]
            return replace(
                place, value=number, low=told.low, high=told.high, bound=told.bound, denominator=whole
            )
        people = found
        if entry.people:
            people = self._sum(entry.people, periods, kept | outcome if entry.part else kept)
        return replace(place, value=number, people=people[0] if people else None)

    def _sum(
        self, series: str, periods: Sequence[Period], kept: Mapping[str, Sequence[str]]
    ) -> tuple[int | None] | tuple[()]:
        """The sum of these cells, hidden if one of them is; () if there are none."""
        levels = _ordered(kept)
        found = {
            key: table[key]
            for period in periods
            for codes in itertools.product(*(kept[level] for level in levels))
            if (key := (period.code, *codes))
            in (table := self.release.tables.get((series, (period.time, *levels)), {}))
        }
        hidden = {key[0] for key, number in found.items() if number is None}
        # Of everybody, hidden periods of which all that are known together are asked for.
        groups = {self.release.merged.get((series, code)) for code in hidden if not levels} - {None}
        if hidden != {code for group in groups for code in group.periods}:
            return (None,)
        return (sum(filter(None, found.values())) + sum(group.number for group in groups),) if found else ()

    def _share(self, place: Cell, *found: tuple[int | None, ...]) -> Cell | None:
        """A percentage from shown counts of enough people only, in whole percents; vague near 0 and 100."""
        if not all(found):
            return None
        people, whole, part, rest = (number for (number,) in found)
        about = self.release.about
        if None in (whole, part, rest) or whole < about["least_denominator"] or part > whole:
            return replace(place, hidden=HIDDEN)
        row = {"people": people, "numerator": part, "denominator": whole}
        exact = asdict(estimators.estimate(self.entry.metric, row))
        ends = about["percent_ends"]
        low, high = (int(rounding.rounded(exact[end])) for end in ("low", "high"))
        value = int(rounding.rounded(min(max(exact["value"], ends), 100 - ends)))
        bound = "or less" if exact["value"] <= ends else "or more" if exact["value"] >= 100 - ends else ""
        return replace(place, **exact | {"value": value, "low": low, "high": high, "bound": bound})


def release_name(releases: Path) -> str | None:
    """The release in force in a folder of releases, or None before the first."""
    pointer = releases / LATEST
    return pointer.readlink().name if pointer.is_symlink() else None


def citable(releases: Path) -> frozenset[str]:
    """The releases that were published and not withdrawn."""
    kept = {path.name for path in releases.glob("*.*") if (path / SUMS).is_file()}
    withdrawn = releases / WITHDRAWN
    return frozenset(kept - {*(withdrawn.read_text("utf-8").splitlines() if withdrawn.is_file() else ())})


def listed(folder: Path) -> frozenset[str]:
    """The paths of all files of a release."""
    lines = (folder / SUMS).read_text(encoding="utf-8").splitlines()
    return frozenset({SUMS, *(line.split("  ", 1)[1] for line in lines)})


def open_release(folder: Path) -> ReleasedDatabase:
    """Reads one release, and nothing else. Raises FileNotFoundError where there is none of this version."""
    about = json.loads((folder / WORDS).read_text(encoding="utf-8"))
    try:
        entries = [_entry(held) for held in about["metrics"]]
        tables, merged = _read_tables((folder / NUMBERS).read_bytes())
    except (KeyError, TypeError, DeclarationError) as error:
        raise FileNotFoundError(
            f"{folder.name} was published by another version of leadstats; run: python -m leadstats release"
        ) from error
    estimates = {}
    for entry in entries:
        if entry.numbers:
            cells = _read_estimate((folder / entry.numbers).read_text(encoding="utf-8"))
            tables[entry.series, ("year",)] = {(year,): cell.value for year, cell in cells.items()}
            estimates |= {(entry.series, year): cell for year, cell in cells.items()}
    opened = ReleasedDatabase(
        about["release"],
        _site(about, folder / OUTLINES),
        {},
        {},
        {},
        about,
        {entry.metric.name: entry for entry in entries},
        tables,
        merged,
        estimates,
    )
    places = dict.fromkeys((*opened.codes("neighborhood"), *opened.codes("zone")))
    categories = {level: opened.codes(level) for level in BREAKDOWNS} | {"neighborhood": tuple(places)}
    first_days, reach = _spans(opened)
    return replace(opened, categories=categories, reach=reach, first_days=first_days)


def _entry(held: Mapping[str, Any]) -> ReleasedMetric:
    read = {
        "metric": declared(PublicMetric, WORDS, held["metric"]),
        "begins": date.fromisoformat(held["begins"]),
        "stands_for": tuple(held["stands_for"]),
        "rests_on": tuple(held.get("rests_on", ())),
    }
    return ReleasedMetric(**held | read)


def _read_tables(
    content: bytes,
) -> tuple[
    dict[tuple[str, tuple[str, ...]], dict[tuple[str, ...], int | None]], dict[tuple[str, str], Merged]
]:
    """The numbers by series and levels; and by series and hidden period of everybody, with which it is known."""
    tables: dict[tuple[str, tuple[str, ...]], dict[tuple[str, ...], int | None]] = {}
    merged = {}
    for row in pyarrow.parquet.read_table(io.BytesIO(content)).to_pylist():
        levels = tuple(level for level in BREAKDOWNS if row[level] is not None)
        table = tables.setdefault((row["series"], (row["time"], *levels)), {})
        table[(row["period"], *(row[level] for level in levels))] = row["value"]
        if row["merged_periods"]:
            together = Merged(tuple(row["merged_periods"].split()), row["merged_value"])
            merged[row["series"], row["period"]] = together
    return tables, merged


def _read_estimate(text: str) -> dict[str, Cell]:
    bounds = {"": "", "at_most": "or less", "at_least": "or more"}
    return {
        row["period"]: Cell(
            row["period"],
            EVERYONE,
            bound=bounds[row["bound"]],
            **{part: int(row[part]) if row[part] else None for part in ("value", "low", "high")},
        )
        for row in csv.DictReader(io.StringIO(text))
    }


def _spans(opened: ReleasedDatabase) -> tuple[dict[str, date], dict[str, date]]:
    """By source, the first and the last day of all its published periods."""
    first, last = {}, {}
    for entry in opened.entries.values():
        found = opened._periods(entry)
        begin = min(period.first_month for period in found)
        next_month = periods.following_month(max(period.last_month for period in found))
        for source in entry.metric.sources:
            first[source] = min(first.get(source, begin), begin)
            last[source] = max(last.get(source, date.min), next_month - timedelta(days=1))
    return first, last


def _site(about: Mapping[str, Any], outlines: Path) -> SiteFacts:
    features = json.loads(outlines.read_text(encoding="utf-8"))["features"] if outlines.is_file() else []
    return SiteFacts(
        name=about["program"],
        is_sample=about["is_sample"],
        published_on=date.fromisoformat(about["published_on"]),
        events=tuple(
            Event(date.fromisoformat(each["day"]), each["text"], each["is_new_baseline"])
            for each in about["events"]
        ),
        boundaries={each["properties"]["name"]: json.dumps(each["geometry"]) for each in features},
    )


def _ordered(levels: Mapping[str, Any] | Sequence[str]) -> tuple[str, ...]:
    """In the order that the tables of a release have them."""
    return tuple(sorted(levels, key=BREAKDOWNS.index))


def _is_within(period: Period, filters: Filters) -> bool:
    return filters.first_month <= period.first_month and period.last_month <= filters.last_month
