"""Plain web answers beside the pages: one metric as CSV at a lasting address, papers, files of a release."""

import contextlib
import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace

import anyio
import streamlit as st
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from leadstats import papers
from leadstats.briefing import View
from leadstats.counting import released
from leadstats.counting.catalog import load_metrics, readable
from leadstats.counting.view import FilterError, Published, require
from leadstats.model import periods
from leadstats.model.language import speak
from leadstats.model.messages import Fault
from leadstats.narrative import equity_sentences, spreadsheet
from leadstats.ui.shell import filters, first_screens, opening, session
from leadstats.ui.shell.markup import Markup

# Streamlit loads components from blobs; nothing comes from elsewhere. The one inline script of its
# shell is refused, with no visible loss.
POLICY = (
    "default-src 'self'; script-src 'self' blob:; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self' ws: wss: data: blob:; "
    "worker-src 'self' blob:; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
}


HOME = ("", "home")  # both are the overview
VIEWED = frozenset((*filters.KEYS, "snapshot", "audience", "language"))


@dataclass(frozen=True)
class Paper:
    written: Callable[[papers.Contents], bytes]
    media_type: str


PAPERS = {
    "pdf": Paper(papers.as_pdf, "application/pdf"),
    "pptx": Paper(
        papers.as_pptx, "application/vnd.openxmlformats-officedocument.presentationml.presentation"
    ),
}


# One is written at a time: it takes a core, and hundreds of MB, for seconds. Those that wait hold no thread, so that
# pages and downloads go on being answered.
MOST_WAITING = 30
_writing = anyio.CapacityLimiter(1)


class Guard:
    """Adds the headers that keep a page to itself, errors included; leaves web sockets alone."""

    def __init__(self, app: ASGIApp):
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, guarded if scope["type"] == "http" else send)


def warm() -> None:
    """Pays for the first opening before the first visitor comes."""
    opening.program()
    load_metrics()
    with contextlib.suppress(FileNotFoundError):
        session.opened(session.audience(None))


def report(error: Exception) -> bool:
    """What a visitor reads when a page fails: no trace and no query, but a mark to find it in the log."""
    if isinstance(error, Fault):
        st.error(f"This page could not be drawn. {error.problem.line}. The other pages are not affected.")
        return True
    mark = secrets.token_hex(4)
    logging.getLogger(__name__).error("page failed, mark %s", mark, exc_info=error)
    st.error(
        f"This page could not be drawn. The numbers on the other pages are not affected. "
        f"Tell your administrator the mark {mark}; the log holds the reason."
    )
    return True


def page(request: Request) -> Response:
    """Any page: which one it is, its script finds in the address."""
    return opening.page(POLICY, _first_screen(request))


def _first_screen(request: Request) -> Markup:
    """What the page begins with, where somebody has been shown the same before."""
    query, name = request.query_params, request.path_params["page"]
    if not VIEWED.issuperset(query):
        return Markup()
    try:
        view = _view(request)
    except (FilterError, FileNotFoundError, Fault):
        return Markup()
    speak(query.get("language", "") if view.audience == session.PUBLIC else "")
    return first_screens.found(first_screens.of("overview" if name in HOME else name, view))


def csv(request: Request) -> Response:
    """400 with one line of reason for an address that asks for something unknown."""
    try:
        view = _view(request)
        body = spreadsheet.as_csv(*_asked(request, view))
    except (FilterError, FileNotFoundError, Fault) as error:
        return _refused(error)
    return _file(view, request.path_params["metrics"], body)


def equity(request: Request) -> Response:
    """Stages of the equity page, unrounded; several are parted by commas."""
    try:
        view = _view(request)
        view = replace(view, reference=request.query_params.get("reference", view.reference))
        found = [view.equity(stage) for stage in request.path_params["stage"].split(",")]
        for each in found:
            readable(each.metric)
    except (FilterError, FileNotFoundError, Fault) as error:
        return _refused(error)
    rows = [{"stage": each.stage} | row for each in found for row in equity_sentences.rows(each)]
    return _file(view, request.path_params["stage"], spreadsheet.rows_as_csv(rows))


async def paper(request: Request) -> Response:
    """The packet of a view as PDF, or its slides, when its turn comes. 404 for any other name; 503 where the line is
    too long to wait in."""
    if _writing.statistics().tasks_waiting >= MOST_WAITING:
        again = {"Retry-After": "60"}
        return PlainTextResponse("Many papers are being written; ask again in a minute.\n", 503, again)
    return await anyio.to_thread.run_sync(_paper, request, limiter=_writing)


def _paper(request: Request) -> Response:
    kind = PAPERS.get(request.path_params["kind"])
    if kind is None:
        return PlainTextResponse(f"There is no such paper; there are {', '.join(PAPERS)}.\n", status_code=404)
    speak(request.query_params.get("language", ""))  # each request has a context of its own
    try:
        view = _view(request)
        body = kind.written(papers.contents(view, session.brought(view)))
    except (FilterError, FileNotFoundError, Fault) as error:
        return _refused(error)
    name = f"lead-{view.filters.last_month:%Y-%m}-{view.database.mark}.{request.path_params['kind']}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(body, media_type=kind.media_type, headers=headers)


def release_file(request: Request) -> Response:
    """A file of a release that is or was in force; 404 for anything else, and where nothing is public. Its plain pages
    hold no script, so that anybody may frame them."""
    try:
        return FileResponse(
            session.release_file(request.path_params["path"]),
            headers={"Content-Security-Policy": released.FRAMED},
        )
    except FileNotFoundError:
        return PlainTextResponse("There is no such file in this release.\n", status_code=404)


def _asked(request: Request, view: View) -> list[Published]:
    query = request.query_params
    names = request.path_params["metrics"].split(",")
    for name in names:
        require("metric", name, view.database.names)
    by = query.get("by", "month")
    require("period", by, periods.VIEWED)
    how = {key: query.get(key) or None for key in ("breakdown", "second_breakdown")}
    found = [view.published(name, by=by, **how) for name in names]
    for each in found:
        readable(each.metric)
    return found


def _refused(error: Exception) -> Response:
    reason = error.problem.line if isinstance(error, Fault) else error
    return PlainTextResponse(f"{reason}\n", status_code=400)


def _view(request: Request) -> View:
    query = request.query_params
    audience = session.audience(query.get("audience"))
    answers = session.opened(audience, query.get("snapshot", ""))
    offered = filters.choices(answers.database)
    values, notices = filters.parse({key: query.getlist(key) for key in query}, offered)
    if notices:
        raise FilterError(notices[0])
    months, goals = filters.as_filters(values), session.goals(answers.database)
    return View(answers.database, audience, months, answers.ask, goals=goals)


def _file(view: View, what: str, body: str) -> Response:
    """A file whose name says what it holds, of which months and of which snapshot."""
    months = f"{view.filters.first_month:%Y-%m}-to-{view.filters.last_month:%Y-%m}"
    name = f"{what.partition(',')[0]}-{months}-{view.database.mark}.csv"
    return Response(
        body,
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )
