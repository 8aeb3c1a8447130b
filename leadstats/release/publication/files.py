"""The downloads of a release: same numbers in, same bytes out."""

import csv
import hashlib
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pyarrow
import pyarrow.parquet

from leadstats.model.language import LANGUAGES
from leadstats.narrative.spreadsheet import FORMULA_STARTS
from leadstats.release.estimates import EstimateTable
from leadstats.release.history import BETWEEN
from leadstats.release.publication import describe, feed, web_payload
from leadstats.release.publication.edition import LICENSE, Edition
from leadstats.release.publication.labels import label
from leadstats.release.tables import PublicTable, ShareTable

LICENSE_TEXT = f"""CC0 1.0 Universal

The numbers and texts in this folder are dedicated to the public domain. You may copy, change and
spread them, for any purpose, without asking permission.

{LICENSE}
"""
SHOWN, HIDDEN = "ok", "suppressed"
MERGED = ("merged_periods", "merged_value")
BREAKDOWNS = ("neighborhood", "zone", "race", "sex", "age_band", "pathway", "outcome")


def write(edition: Edition) -> dict[str, bytes]:
    """By path. Without the bulletin, the certificate and the check sums."""
    files: dict[str, bytes] = {}
    for table in edition.tables:
        files[f"data/{table.name}.csv"] = _counts(table)
    for table in edition.shares:
        files[f"data/{table.name}.csv"] = _shares(table)
    for estimate in edition.estimates:
        files[f"data/{estimate.name}.csv"] = _estimates(estimate)
    if edition.zones:
        files["data/places.csv"] = _csv(["neighborhood", "zone"], sorted(edition.zones.items()))
    files["data/corrections.csv"] = _csv(
        ["table", "period", "categories", "old", "new", "reason", "date"],
        (
            [each.table, each.period, BETWEEN.join(each.categories), each.old]
            + ["" if each.new is None else each.new, each.reason, each.day.isoformat()]
            for each in edition.corrections
        ),
    )
    files["feed.xml"] = feed.atom(edition)
    files["data-dictionary.csv"] = _csv(*describe.dictionary(edition))
    files["public.parquet"] = _parquet(edition.tables)
    files["public.json"] = describe.as_json(web_payload.words(edition))
    if edition.outlines:
        files["places.geojson"] = describe.as_json(web_payload.outlines(edition))
    files["LICENSE"] = LICENSE_TEXT.encode()
    files["csvw-metadata.json"] = describe.as_json(describe.csvw(edition))
    files["data.json"] = describe.as_json(describe.catalog(edition, files))
    files["datapackage.json"] = describe.as_json(describe.package(edition, files))
    files["release.json"] = describe.as_json(describe.about(edition, digest(files)))
    return files


def digest(files: Mapping[str, bytes]) -> str:
    """Of the numbers alone: two releases with the same digest say the same."""
    total = hashlib.sha256()
    for path in sorted(path for path in files if path.startswith("data/")):
        total.update(path.encode() + b"\0" + hashlib.sha256(files[path]).digest())
    return total.hexdigest()


def _csv(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return stream.getvalue().encode()


def _cell(value: Any) -> Any:
    """Spreadsheets would run a text that starts like a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_STARTS) else value


def _counts(table: PublicTable) -> bytes:
    is_everybody = len(table.levels) == 1
    header = [
        "period",
        *_label_columns(table.levels),
        "value",
        "value_status",
        *(MERGED if is_everybody else ()),
    ]
    rows = (
        [codes[0], *_labels(table.levels, codes), *(["", HIDDEN] if number is None else [number, SHOWN])]
        + (["" if each is None else each for each in _merged(table, codes[0])] if is_everybody else [])
        for codes, number in table.numbers.items()
    )
    return _csv(header, rows)


def _merged(table: PublicTable, period: str) -> tuple[str | None, int | None]:
    """The periods with which a hidden one is known, and their number together."""
    found = table.merged.get(period)
    return (" ".join(found.periods), found.number) if found else (None, None)


def _shares(table: ShareTable) -> bytes:
    header = [
        "period",
        *_label_columns(table.levels),
        "numerator",
        "denominator",
        "value",
        "bound",
        "value_status",
    ]
    rows = (
        [row.codes[0], *_labels(table.levels, row.codes)]
        + (
            ["", "", "", "", HIDDEN]
            if row.percent is None
            else [row.numerator, row.denominator, row.percent, row.bound, SHOWN]
        )
        for row in table.rows
    )
    return _csv(header, rows)


def _estimates(table: EstimateTable) -> bytes:
    header = ["period", "value", "low", "high", "bound", "rounded_to", "value_status"]
    rows = (
        [year, row.value, row.low, row.high, row.bound, row.step, SHOWN]
        if row
        else [year, "", "", "", "", "", HIDDEN]
        for year, row in table.rows.items()
    )
    return _csv(header, rows)


def _label_columns(levels: Sequence[str]) -> list[str]:
    return [name for level in levels[1:] for name in (level, *(f"{level}_{code}" for code in LANGUAGES))]


def _labels(levels: Sequence[str], codes: Sequence[str]) -> list[str]:
    return [
        text
        for level, code in zip(levels[1:], codes[1:], strict=True)
        for text in (code, *(label(language, level, code) for language in LANGUAGES.values()))
    ]


def _parquet(tables: Sequence[PublicTable]) -> bytes:
    rows = [
        {"table": table.name, "series": table.series, "time": table.levels[0], "period": codes[0]}
        | dict.fromkeys(BREAKDOWNS)
        | dict(zip(table.levels[1:], map(_cell, codes[1:]), strict=True))
        | {"value": number, "value_status": HIDDEN if number is None else SHOWN, "unit": table.unit}
        | dict(zip(MERGED, _merged(table, codes[0]), strict=True))
        for table in tables
        for codes, number in table.numbers.items()
    ]
    names = ["table", "series", "time", "period", *BREAKDOWNS]
    schema = pyarrow.schema(
        [(name, pyarrow.string()) for name in names]
        + [("value", pyarrow.int64()), ("value_status", pyarrow.string()), ("unit", pyarrow.string())]
        + list(zip(MERGED, (pyarrow.string(), pyarrow.int64()), strict=True))
    )
    stream = io.BytesIO()
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(rows, schema), stream, compression="zstd")
    return stream.getvalue()
