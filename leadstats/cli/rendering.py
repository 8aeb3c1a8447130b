"""What commands print: a result as JSON, and as text that reads like a table."""

import dataclasses
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from leadstats.analysis.equity import EquityRow, EquityTable
from leadstats.counting.changes import PARTS, Change
from leadstats.counting.view import Cell, Filters, Published
from leadstats.model.metrics import Metric
from leadstats.narrative import captions, equity_sentences, not_recorded, spreadsheet, wording
from leadstats.narrative import changes as narrative

NUMBERS = ("people", "value", "low", "high")
FURTHER_NUMBERS = ("numerator", "denominator", "events", "gross")


def described(metric: Metric) -> dict[str, Any]:
    shown = ("name", "title", "unit", "definition", "caution", "version", "breakdowns", "filters", "sources")
    return {name: getattr(metric, name) for name in shown}


def as_paragraph(entry: Mapping[str, Any]) -> str:
    lines = [f"{entry['name']} [{entry['unit']}], version {entry['version']}", entry["title"]]
    lines += [entry["definition"], entry["caution"]]
    lines += [f"{name}: {', '.join(entry[name]) or 'none'}" for name in ("breakdowns", "filters", "sources")]
    return "\n  ".join(filter(None, lines))


def published_as_json(published: Published, audience: str) -> dict[str, Any]:
    metric, filters = published.metric, published.filters
    further = [name for name in FURTHER_NUMBERS if any(getattr(c, name) is not None for c in published.cells)]
    return {
        "metric": metric.name,
        "title": metric.title,
        "unit": metric.unit,
        "version": metric.version,
        "filters": {
            **scope_as_json(filters),
            "by": filters.by,
            "breakdown": filters.breakdown,
            "audience": audience,
        },
        "data_through": published.data_through and published.data_through.isoformat(),
        "not_recorded": _names(published.not_recorded),
        "rows": [_row(cell, (*NUMBERS, *further)) for cell in published.cells],
    }


def scope_as_json(filters: Filters) -> dict[str, Any]:
    return {
        **months(filters.first_month, filters.last_month),
        "place": filters.places,
        "pathway": filters.pathways,
    }


def months(first: date, last: date) -> dict[str, str]:
    return {"from": f"{first:%Y-%m}", "to": f"{last:%Y-%m}"}


def _names(not_recorded: Sequence[str]) -> list[str]:
    """Each column by itself, also where one of several would do."""
    return list(dict.fromkeys(each for name in not_recorded for each in name.split(" or ")))


def _row(cell: Cell, numbers: Sequence[str]) -> dict[str, Any]:
    row = {"period": cell.period, "category": cell.category}
    row |= {name: getattr(cell, name) for name in numbers} | {"hidden": cell.hidden}
    return row | {"partial": True} if cell.is_partial else row


def as_table(published: Published) -> str:
    metric = published.metric
    lines = [metric.title, metric.definition, captions.subtitle(published)]
    lines += filter(
        None, [not_recorded.missing(published) if published.missing else not_recorded.gaps(published)]
    )
    rows = [
        (
            (cell.period or "") + (" (cut short)" if cell.is_partial else ""),
            cell.category,
            wording.with_unit(metric, cell),
            wording.interval(metric, cell),
        )
        for cell in published.cells
    ]
    return "\n".join([*lines, "", *_aligned(rows), *_of_small_groups(published)])


def _of_small_groups(published: Published) -> list[str]:
    """Where the page of equity has an answer although races are hidden here, how to get it."""
    metric, is_hidden = published.metric, any(cell.is_protected for cell in published.cells)
    if not (is_hidden and metric.stage and published.filters.breakdown == "race"):
        return []
    asked = f"python -m leadstats equity {metric.stage}"
    return ["", f"Races that are too few stand together, or are counted over longer, in: {asked}"]


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]


def equity_as_json(table: EquityTable) -> dict[str, Any]:
    unknown = table.unknown
    return {
        "stage": table.stage,
        "reference": table.reference,
        "filters": scope_as_json(table.filters),
        "not_recorded": _names(table.missing),
        "rows": equity_sentences.rows(table),
        "unknown": {"n": unknown and unknown.denominator, "x": unknown and unknown.numerator},
        "comparisons": table.comparisons,
        "other_groups": {"groups": list(table.members), "rows": equity_sentences.of_others(table)},
        "ratio_bounds": {group: list(bounds) for group, bounds in table.ratio_bounds.items()},
    }


def equity_as_csv(table: EquityTable) -> str:
    columns = [*(field.name for field in dataclasses.fields(EquityRow)), "sentence"]
    return spreadsheet.rows_as_csv(
        [*equity_sentences.rows(table), *equity_sentences.of_others(table)], columns
    )


def changes_as_rows(found: Sequence[Change]) -> list[dict[str, Any]]:
    numbers = ("old", *PARTS, "new", "hidden")
    return [
        {
            "metric": change.metric.name,
            "unit": change.unit,
            **months(change.first_month, change.last_month),
            **{name: getattr(change, name) for name in numbers},
        }
        for change in found
    ]


def changes_as_csv(found: Sequence[Change]) -> str:
    columns = ("metric", "unit", "from", "to", "old", *PARTS, "new", "hidden")
    return spreadsheet.rows_as_csv(changes_as_rows(found), columns)


def changes_as_text(old: str, new: str, found: Sequence[Change]) -> str:
    told = narrative.table(found)
    head = f"From snapshot {old} to snapshot {new}. {narrative.headline(found)}."
    return "\n".join([head, narrative.EXPLAINED, "", *_aligned([told.head, *told.rows])])


def as_sentences(table: EquityTable) -> str:
    if table.missing:
        return not_recorded.lacking(table.metric, f"The stage {table.stage}", table.missing)
    said = [equity_sentences.sentence(table, row) for row in table.rows]
    if table.others:
        said.append(equity_sentences.sentence(table, table.others))
    said += equity_sentences.put_together(table)
    return "\n".join([captions.stage_subtitle(table.metric, table.filters), *said])
