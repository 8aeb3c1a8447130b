"""The commands that answer with numbers: one at a time, or a whole briefing."""

import argparse
import sys
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from leadstats.cli.output import WRONG_USE, fail, show
from leadstats.counting.catalog import load_catalog, readable
from leadstats.counting.view import FilterError, Filters, require
from leadstats.model import periods
from leadstats.model.language import LANGUAGES, speaking
from leadstats.model.metrics import STAGES, Metric

if TYPE_CHECKING:
    from leadstats.briefing import View
    from leadstats.counting.database import ProgramDatabase
    from leadstats.papers import Contents


def metrics(asked: argparse.Namespace) -> int:
    from leadstats.cli import rendering

    catalog = load_catalog()
    listed = [rendering.described(metric) for metric in catalog.metrics.values()]
    show(asked.format, lambda: listed, lambda: "\n\n".join(map(rendering.as_paragraph, listed)))
    for fault in catalog.faults:
        fail(fault.line, WRONG_USE)
    return WRONG_USE if catalog.faults else 0


def metric(asked: argparse.Namespace) -> int:
    from leadstats.cli import rendering

    catalog = load_catalog()
    require("metric", asked.name, catalog.names)
    view = _view(asked, readable(catalog.metric(asked.name)))
    published = view.answer(asked.name, by=asked.by, breakdown=asked.breakdown)
    readable(published.metric)
    if asked.format == "csv":
        from leadstats.narrative.spreadsheet import as_csv

        sys.stdout.write(as_csv(published))
        return 0
    show(
        asked.format,
        lambda: rendering.published_as_json(published, asked.audience),
        lambda: rendering.as_table(published),
    )
    return 0


def _view(asked: argparse.Namespace, metric: Metric | None = None) -> "View":
    """A view over the months that are asked for, or else those that pages show, or as many that the metric's own sources cover."""
    from leadstats.briefing import View, default_months
    from leadstats.briefing.standings import set_in_meetings
    from leadstats.counting.database import open_database
    from leadstats.meetings import Meetings

    database = open_database(asked.data)
    standard = default_months(database, metric)
    first, last = (
        text and date.fromisoformat(f"{text}-01") for text in (asked.first_month, asked.last_month)
    )
    last = last or max(standard.last_month, first or standard.last_month)
    first = first or periods.months_before(last, standard.months - 1)
    return View(
        database,
        asked.audience,
        Filters(first, last, places=tuple(asked.place), pathways=tuple(asked.pathway)),
        goals=set_in_meetings(Meetings(asked.data), database.mark),
    )


def _view_of_all(asked: argparse.Namespace) -> "View":
    """The same for what asks for a hundred numbers, which are added up from those that a build counted ahead."""
    from leadstats.counting.cube import Cube
    from leadstats.counting.measure import measure

    view = _view(asked)
    return replace(view, ask=partial(measure, count=Cube(view.database).rows))


def equity(asked: argparse.Namespace) -> int:
    from leadstats.cli import rendering

    require("stage", asked.stage, STAGES)
    view = _view(asked, readable(load_catalog().of_stage(asked.stage)))
    view = replace(view, reference=asked.reference or view.reference)
    # Months that are asked for stay as they are; without any, a stage has those that its page shows.
    names_months = asked.first_month or asked.last_month
    table = view.compared(asked.stage) if names_months else view.equity(asked.stage)
    if asked.format == "csv":
        sys.stdout.write(rendering.equity_as_csv(table))
        return 0
    show(asked.format, lambda: rendering.equity_as_json(table), lambda: rendering.as_sentences(table))
    return 0


def brief(asked: argparse.Namespace) -> int:
    from leadstats.briefing.brief import brief
    from leadstats.cli import briefing

    view = _view_of_all(asked)
    told = brief(view)
    show(asked.format, lambda: briefing.as_json(view, told), lambda: briefing.as_text(view, told))
    return 0


def packet(asked: argparse.Namespace) -> int:
    from leadstats import papers

    if asked.target is None:
        raise FilterError("packet needs --to FILE.pdf or --to FILE.pptx")
    written = papers.as_pdf if asked.target.suffix == ".pdf" else papers.as_pptx
    with speaking(LANGUAGES[asked.language]):
        asked.target.write_bytes(written(_contents(asked)))
    return 0


def _contents(asked: argparse.Namespace) -> "Contents":
    from leadstats import papers
    from leadstats.briefing.since import brought
    from leadstats.counting.database import open_database, snapshot_named
    from leadstats.meetings import Meetings

    view = _view_of_all(asked)
    before = brought(
        view,
        Meetings(asked.data),
        lambda mark: open_database(asked.data, snapshot_named(asked.data, mark)),
    )
    return papers.contents(view, before)


def digest(asked: argparse.Namespace) -> int:
    from leadstats import papers

    if asked.target is None:
        raise FilterError("digest needs --to FOLDER")
    with speaking(LANGUAGES[asked.language]):
        for path in papers.write_digest(_contents(asked), asked.target):
            print(path)
    return 0


def changes(asked: argparse.Namespace) -> int:
    from leadstats.cli import rendering
    from leadstats.counting.changes import changes

    old, new = (_snapshot(name, asked.data) for name in (asked.old, asked.new))
    found = changes(old, new, asked.audience)
    if asked.format == "csv":
        sys.stdout.write(rendering.changes_as_csv(found))
        return 0
    show(
        asked.format,
        lambda: {"old": old.mark, "new": new.mark, "rows": rendering.changes_as_rows(found)},
        lambda: rendering.changes_as_text(old.mark, new.mark, found),
    )
    return 0


def _snapshot(name: str, data: Path | None) -> "ProgramDatabase":
    """A snapshot by its name, if a data folder is given; or else the one in force in a folder, or a database file."""
    from leadstats.counting.database import mark_of, open_database, snapshot_named

    path = Path(name)
    if data and not path.exists():
        return open_database(data, snapshot_named(data, mark_of(name)))
    return (
        open_database(path) if path.is_dir() or not path.exists() else open_database(path.parent, path.name)
    )
