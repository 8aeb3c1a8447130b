"""Plain web answers beside the pages: one metric as CSV at a lasting address, and the chart script."""

import contextlib
from pathlib import Path

import plotly
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response

from leadstats import words
from leadstats.catalog import load_metrics
from leadstats.measure import PERIODS, FilterError, require
from leadstats.ui import filters, source

SCRIPT = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"


def warm() -> None:
    """Pays for imports and the first opening before the first visitor comes."""
    import pydeck  # noqa: F401

    load_metrics()
    with contextlib.suppress(FileNotFoundError):
        source.database()


def plotly(request: Request) -> Response:
    return FileResponse(SCRIPT, media_type="text/javascript", headers={"Cache-Control": "max-age=86400"})


def csv(request: Request) -> Response:
    """400 with one line of reason for an address that asks for something unknown."""
    try:
        published = _asked(request)
    except (FilterError, FileNotFoundError) as error:
        return PlainTextResponse(f"{error}\n", status_code=400)
    name = f"{published.metric.name}.csv"
    return Response(
        words.as_csv(published),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )


def _asked(request: Request):
    query = request.query_params
    metrics = load_metrics()
    metric = request.path_params["metric"]
    require("metric", metric, tuple(metrics))
    database = source.database()
    offered = filters.choices(database)
    values, notices = filters.parse({key: query.getlist(key) for key in query}, offered)
    if notices:
        raise FilterError(notices[0])
    by = query.get("by", "month")
    require("period", by, PERIODS)
    chosen = filters.as_filters(values)
    view = source.View(database, source.audience(query.get("audience")), chosen)
    return view.published(
        metric,
        by=by,
        breakdown=query.get("breakdown") or None,
        second_breakdown=query.get("second_breakdown") or None,
    )
