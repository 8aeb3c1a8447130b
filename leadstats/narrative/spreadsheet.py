"""How numbers leave for a spreadsheet: as CSV, with no cell that would run as a formula."""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict

from leadstats.counting.view import Published
from leadstats.narrative import wording

CSV_COLUMNS = (
    "metric",
    "period",
    "category",
    "second_category",
    "shown",
    "value",
    "low",
    "high",
    "people",
    "numerator",
    "denominator",
    "events",
    "gross",
    "hidden",
    "is_partial",
    "unit",
    "version",
    "data_through",
    "place",
    "pathway",
    "definition",
)
# Full-width forms count too: some spreadsheets read them as the plain sign.
FORMULA_STARTS = tuple("=+-@\t\r\0＝＋－＠")
NUMBER = re.compile(r"-?\$?[\d.,]+%?")


def as_csv(*results: Published) -> str:
    """Rows of results as CSV; `shown` is the number as it stands on the screen, the rest unrounded."""
    rows = [
        {**_origin(published), "shown": wording.shown(published.metric, cell), **asdict(cell)}
        for published in results
        for cell in published.cells
    ]
    return rows_as_csv([{column: row[column] for column in CSV_COLUMNS} for row in rows], CSV_COLUMNS)


def rows_as_csv(rows: Sequence[Mapping[str, object]], columns: Sequence[str] = ()) -> str:
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\r\n")
    writer.writerow(columns or list(rows[0]) if rows else columns)
    writer.writerows([_spreadsheet_safe(value) for value in row.values()] for row in rows)
    return lines.getvalue()


def _origin(published: Published) -> dict[str, object]:
    metric, filters = published.metric, published.filters
    return {
        "metric": metric.name,
        "place": wording.listing(filters.places) if filters.places else "all",
        "pathway": wording.listing(filters.pathways) if filters.pathways else "all",
        "definition": metric.definition,
        "unit": metric.unit,
        "version": metric.version,
        "data_through": published.data_through,
    }


def _spreadsheet_safe(value: object) -> object:
    """A text that a spreadsheet would run as a formula is quoted; numbers are left alone."""
    if isinstance(value, str) and value.startswith(FORMULA_STARTS) and not NUMBER.fullmatch(value):
        return f"'{value}"
    return value
