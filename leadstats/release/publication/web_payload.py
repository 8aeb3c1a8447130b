"""What the pages of the app need of a release beside its numbers: words, events and outlines of places."""

import json
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from leadstats.counting.catalog import load_catalog
from leadstats.model import periods
from leadstats.model.language import LANGUAGES, SOURCE
from leadstats.model.measures import Measure
from leadstats.release.estimates import EstimateTable
from leadstats.release.publication.edition import Edition
from leadstats.release.publication.notes import notes
from leadstats.release.tables import PublicTable

FILTERS = {"neighborhood": "place", "pathway": "pathway"}  # what the pages call them
PARTS = ("yes", "percent")


def words(edition: Edition) -> dict[str, Any]:
    """The metrics are those of `leadstats.model.metrics`, so that pages draw them like any other."""
    first, last = edition.coverage
    return {
        "release": edition.name,
        "program": edition.program,
        "is_sample": edition.is_sample,
        "database": edition.database,
        "data_through": edition.data_through.isoformat(),
        "published_on": edition.published_on.isoformat(),
        "threshold": edition.plan.threshold,
        "rounding": edition.plan.rounding,
        "least_denominator": edition.plan.least_denominator,
        "percent_ends": edition.plan.percent_ends,
        "zones": dict(edition.zones),
        # An event from outside the published periods might point at a period that is not published.
        "events": [
            {"day": event.day.isoformat(), "text": event.text, "is_new_baseline": event.is_new_baseline}
            for event in edition.events
            if first <= event.day <= last
        ],
        "notes": notes(edition, SOURCE),
        "translated_notes": {
            code: notes(edition, language) for code, language in LANGUAGES.items() if language != SOURCE
        },
        "not_published_yet": list(edition.left_out),
        "metrics": [
            *(metric for measure in _measures(edition) for metric in _metrics(measure, edition)),
            *map(_estimate, edition.estimates),
        ],
    }


def outlines(edition: Edition) -> dict[str, Any]:
    """GeoJSON of the places that stand in a table."""
    return {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "properties": {"name": name}, "geometry": json.loads(geometry)}
            for name, geometry in edition.outlines.items()
        ],
    }


def _measures(edition: Edition) -> list[Measure]:
    return list({table.measure.name: table.measure for table in edition.tables}.values())


def _metrics(measure: Measure, edition: Edition) -> Iterator[dict[str, Any]]:
    """The people, those with the outcome, their percentage, and the sum, as far as they are published."""
    tables = [table for table in edition.tables if table.measure == measure]
    counts = [table for table in tables if not table.is_sum]
    sums = [table for table in tables if table.is_sum]
    told = [table for table in sums or counts if "outcome" in table.levels]
    begins = edition.begins[measure.name].isoformat()
    yield _metric(measure, begins, counts, measure.stands_for)
    if told:
        yes = {
            "title": measure.yes_title,
            "unit": told[0].unit,
            "definition": measure.yes_definition,
            "sentence": measure.yes_sentence,
        }
        yield _metric(measure, begins, told, measure.yes_stands_for, "yes", yes)
        share = {
            "title": measure.question,
            "definition": measure.share_definition,
            "sentence": measure.share_sentence,
            "unit": "percent",
            "estimator": "proportion",
            "stage": measure.stage,
            "wording": measure.wording,
        }
        yield _metric(measure, begins, told, measure.share_stands_for, "percent", share)
    if sums:
        total = {
            "title": measure.sum_title,
            "definition": measure.sum_definition,
            "sentence": measure.sum_sentence,
            "unit": measure.sum_unit,
        }
        yield _metric(measure, begins, sums, measure.sum_stands_for, measure.sum_unit, total)


def _metric(
    measure: Measure,
    begins: str,
    tables: Sequence[PublicTable],
    stands_for: Sequence[str],
    part: str = "",
    own: Mapping[str, Any] = MappingProxyType({}),
) -> dict[str, Any]:
    levels = {level for table in tables for level in table.levels}
    if "zone" in levels:
        levels.add("neighborhood")
    breakdowns = [name for name in measure.breakdowns if name in levels - {"outcome"}]
    filters = [FILTERS[name] for name in breakdowns if name in FILTERS]
    metric = {
        "name": f"{measure.name}_{part}".rstrip("_"),
        "title": measure.title,
        "unit": measure.unit,
        "definition": measure.definition,
        "caution": measure.caution,
        "sources": measure.sources,
        "breakdowns": breakdowns,
        "filters": filters,
        "place": _place(stands_for) if "place" in filters else "not published by place",
        "sentence": measure.sentence,
        "sql": measure.sql,
    }
    return {
        "metric": metric | own,
        "series": tables[0].series,
        "part": part if part in PARTS else "",
        "people": measure.name if tables[0].is_sum else "",
        "every": measure.every,
        "begins": begins,
        "stands_for": stands_for,
    }


def _estimate(table: EstimateTable) -> dict[str, Any]:
    estimate, metric = table.estimate, table.metric
    years = [*map(periods.first_month, table.rows)]
    return {
        "metric": {
            "name": estimate.series,
            "title": metric.title,
            "unit": metric.unit,
            "estimator": metric.estimator,
            "horizon_days": metric.horizon_days,
            "definition": metric.definition,
            "caution": estimate.caution,
            "method": estimate.rounding,
            "sources": metric.sources,
            "filters": [],
            "place": "not published by place",
            "benefit": metric.benefit,
            "sentence": estimate.sentence,
            "bounded_sentence": estimate.bounded_sentence,
            "sql": estimate.sql,
        },
        "series": estimate.series,
        "part": "",
        "people": "",
        "every": "year",
        "begins": min(years).isoformat(),
        "stands_for": [estimate.name],
        "numbers": f"data/{table.name}.csv",
        "rests_on": estimate.rests_on,
    }


def _place(stands_for: Sequence[str]) -> str:
    """Which place is meant: that of the metric inside."""
    return next((load_catalog().metric(name).place for name in stands_for), "")
