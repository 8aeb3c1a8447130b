"""`python -m leadstats COMMAND`: standard output holds the result and nothing else."""

import argparse
import contextlib
import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from leadstats.cli.parser import parse
from leadstats.counting.catalog import load_catalog, readable
from leadstats.counting.view import FilterError, Filters, require
from leadstats.model import periods
from leadstats.model.declarations import DeclarationError
from leadstats.model.language import LANGUAGES, speaking
from leadstats.model.messages import EXIT_CODES, Fault
from leadstats.model.metrics import STAGES, Metric

if TYPE_CHECKING:
    from leadstats.briefing import View
    from leadstats.counting.database import ProgramDatabase
    from leadstats.papers import Contents

DONE_WITH_WARNINGS, WRONG_USE, DECISION, CANNOT_READ = 1, 2, 3, 4
BACKED_UP = ("settings", "purges.csv")  # what stands beside the database and no export can give again
QUALITY_REPORT = "data-quality.html"  # beside the database it tells of

# Each command imports what it needs itself: reading a number must not wait for the reading of maps.


def main(arguments: Sequence[str] | None = None) -> int:
    try:
        asked = parse(arguments)
        return COMMANDS[asked.command](asked)
    except FilterError as error:
        return _say(error, WRONG_USE)
    except Fault as fault:
        return _say(fault.problem.line, EXIT_CODES[fault.problem.severity])
    except DeclarationError as error:
        return _say(error, WRONG_USE)
    except BrokenPipeError:
        # The reader (`| head`) has seen enough; Python would complain again when it flushes.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        return _say(error, CANNOT_READ)


def _say(error: object, code: int) -> int:
    print(f"leadstats: {' '.join(str(error).split())}", file=sys.stderr)
    return code


def _serve(asked: argparse.Namespace) -> NoReturn:
    from leadstats.cli.serve import Served, serve

    served = Served(asked.audience, asked.data, asked.releases, asked.inbox)
    serve(served, asked.port, asked.processes, asked.base_path)


def _nginx(asked: argparse.Namespace) -> int:
    from leadstats.cli.nginx import configuration
    from leadstats.cli.serve import base_of

    print(
        configuration(asked.port, asked.processes, base_of(asked.base_path), asked.web_root, asked.listen),
        end="",
    )
    return 0


def _sample(asked: argparse.Namespace) -> int:
    from sample import write_sample

    wanted = {name: getattr(asked, name) for name in ("seed", "people", "months")}
    write_sample(asked.to, **{name: number for name, number in wanted.items() if number is not None})
    return 0


def _check(asked: argparse.Namespace) -> int:
    from leadstats import assistant, ingest

    weigh = None
    if asked.data:
        from leadstats.quality.headlines import headlines as weigh

    report = ingest.check(asked.inbox, _progress(asked), asked.data, weigh)
    code = _show_report(report, asked.format)
    if code == DECISION and asked.format == "text":
        print("\n" + assistant.make_plan(asked.inbox).as_text(asked.inbox))
    return code


def _build(asked: argparse.Namespace) -> int:
    from leadstats import ingest
    from leadstats.quality.headlines import headlines

    report = ingest.build(asked.inbox, asked.to, _progress(asked), headlines, asked.confirm)
    code = _show_report(report, asked.format)
    return _complete(asked.to, code) if report.snapshot else code


def _complete(data: Path, code: int) -> int:
    """Writes what goes with new data; they are in force whatever becomes of it."""
    from leadstats import quality

    steps = {
        "the cube": _keep_atoms,
        QUALITY_REPORT: lambda data: quality.write_report(data, data / QUALITY_REPORT),
    }
    for name, write in steps.items():
        try:
            write(data)
        except Exception as error:
            said = f"the new data are in force, but {name} could not be written: {type(error).__name__}"
            code = _say(said, max(code, DONE_WITH_WARNINGS))
    return code


def _keep_atoms(data: Path) -> list[Path]:
    from leadstats.counting import atoms
    from leadstats.counting.database import open_database

    with contextlib.closing(open_database(data)) as database:
        return atoms.keep_all(database, data)


def _cube(asked: argparse.Namespace) -> int:
    if asked.engine == "spark":
        return _cube_by_spark(asked)
    written = _keep_atoms(asked.data)
    print(f"{len(written)} files in {written[0].parent}")
    return 0


def _cube_by_spark(asked: argparse.Namespace) -> int:
    from leadstats.counting import atoms
    from leadstats.counting.database import open_database
    from leadstats.counting.rows import is_common
    from leadstats.counting.spark import counting_on_spark

    with (
        contextlib.closing(open_database(asked.data)) as database,
        counting_on_spark(database, asked.shared or asked.data, asked.master) as count,
    ):
        written = atoms.keep_all(database, asked.data, count)
        counted = sum(is_common(database.metric(path.stem)) for path in written)
    print(f"{counted} of {len(written)} files counted by Spark, the others by DuckDB, in {written[0].parent}")
    return 0


def _purge(asked: argparse.Namespace) -> int:
    from leadstats import ingest
    from leadstats.model.schema import TABLES
    from leadstats.quality.headlines import headlines

    source, number = asked.person
    if number in asked.reason:
        raise FilterError("the reason is kept, so it must not hold the person's number")
    purged = ingest.purge(asked.data, asked.inbox, source, number, asked.reason, headlines)
    if purged.obstacles:
        by_hand = "nothing was changed; these must be dealt with first:"
        print("\n- ".join((by_hand, *purged.obstacles)), file=sys.stderr)
        return DECISION
    if not purged.is_known:
        near = "" if source.lower() in {*TABLES, "hmis"} else f"; tables are {', '.join(TABLES)}"
        return _say(f"no row of the inbox is that person's by the numbers of {source}{near}", WRONG_USE)
    if not purged.is_done:
        print("nothing was changed: the inbox cannot be built as it is", file=sys.stderr)
        return _show_report(purged.report, "text")
    print(f"{purged.rows:,} rows removed from {purged.files:,} files; the data were built anew without them")
    return _complete(asked.data, 0)


def _map(asked: argparse.Namespace) -> int:
    from leadstats import assistant
    from leadstats.model.messages import exit_code

    try:
        if asked.undo and not assistant.undo(asked.inbox):
            return _say("there is no earlier mapping.toml to put back", WRONG_USE)
        plan = assistant.make_plan(asked.inbox, asked.answer)
    except Fault as fault:
        _show(asked.format, fault.problem.as_json, fault.problem.as_text)
        return exit_code([fault.problem])
    if plan.misunderstood:
        require(*plan.misunderstood)
    is_saved = asked.write and plan.is_changed and not plan.open_questions and not plan.refused
    if is_saved:
        assistant.write_plan(asked.inbox, plan)
    _show(asked.format, plan.as_json, lambda: plan.as_text(asked.inbox, is_saved))
    if plan.refused:
        return WRONG_USE
    return max(DECISION * bool(plan.open_questions), exit_code(plan.problems))


def _progress(asked: argparse.Namespace) -> Callable[[str, float], None] | None:
    """Never on standard output; a bar only where a person looks at it."""
    from leadstats import ingest

    if asked.progress:
        return ingest.lines(sys.stderr)
    return ingest.bar(sys.stderr) if sys.stderr.isatty() else None


def _quality(asked: argparse.Namespace) -> int:
    from leadstats import quality

    quality.write_report(asked.data, asked.to, asked.audience)
    return 0


def _show_report(report: Any, format: str) -> int:
    _show(format, report.as_json, report.as_text)
    return report.exit_code


def _metrics(asked: argparse.Namespace) -> int:
    from leadstats.cli import rendering

    catalog = load_catalog()
    listed = [rendering.described(metric) for metric in catalog.metrics.values()]
    _show(asked.format, lambda: listed, lambda: "\n\n".join(map(rendering.as_paragraph, listed)))
    for fault in catalog.faults:
        _say(fault.line, WRONG_USE)
    return WRONG_USE if catalog.faults else 0


def _metric(asked: argparse.Namespace) -> int:
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
    _show(
        asked.format,
        lambda: rendering.published_as_json(published, asked.audience),
        lambda: rendering.as_table(published),
    )
    return 0


def _view(asked: argparse.Namespace, metric: Metric | None = None) -> "View":
    """Over the months that are asked for; else over those that pages show, or as many of the metric's own sources."""
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


def _equity(asked: argparse.Namespace) -> int:
    from leadstats.cli import rendering

    require("stage", asked.stage, STAGES)
    view = _view(asked, readable(load_catalog().of_stage(asked.stage)))
    view = replace(view, reference=asked.reference or view.reference)
    # Months that are asked for are the months answered; else a stage has those that its page shows.
    names_months = asked.first_month or asked.last_month
    table = view.compared(asked.stage) if names_months else view.equity(asked.stage)
    if asked.format == "csv":
        sys.stdout.write(rendering.equity_as_csv(table))
        return 0
    _show(asked.format, lambda: rendering.equity_as_json(table), lambda: rendering.as_sentences(table))
    return 0


def _brief(asked: argparse.Namespace) -> int:
    from leadstats.briefing.brief import brief
    from leadstats.cli import briefing

    view = _view(asked)
    told = brief(view)
    _show(asked.format, lambda: briefing.as_json(view, told), lambda: briefing.as_text(view, told))
    return 0


def _packet(asked: argparse.Namespace) -> int:
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

    view = _view(asked)
    before = brought(
        view,
        Meetings(asked.data),
        lambda mark: open_database(asked.data, snapshot_named(asked.data, mark)),
    )
    return papers.contents(view, before)


def _digest(asked: argparse.Namespace) -> int:
    from leadstats import papers

    if asked.target is None:
        raise FilterError("digest needs --to FOLDER")
    with speaking(LANGUAGES[asked.language]):
        for path in papers.write_digest(_contents(asked), asked.target):
            print(path)
    return 0


def _changes(asked: argparse.Namespace) -> int:
    from leadstats.cli import rendering
    from leadstats.counting.changes import changes

    old, new = (_snapshot(name, asked.data) for name in (asked.old, asked.new))
    found = changes(old, new, asked.audience)
    if asked.format == "csv":
        sys.stdout.write(rendering.changes_as_csv(found))
        return 0
    _show(
        asked.format,
        lambda: {"old": old.mark, "new": new.mark, "rows": rendering.changes_as_rows(found)},
        lambda: rendering.changes_as_text(old.mark, new.mark, found),
    )
    return 0


def _backup(asked: argparse.Namespace) -> int:
    """Databases are not copied: a build makes them again from the exports."""
    import shutil

    from leadstats.meetings import Meetings

    if not asked.data.is_dir():
        return _say(f"{asked.data} is no folder of data", CANNOT_READ)
    meetings = Meetings(asked.data)
    meetings.back_up(asked.to / meetings.path.name)
    for kept in filter(Path.exists, (asked.data / name for name in BACKED_UP)):
        copied = asked.to / kept.name
        shutil.copytree(kept, copied, dirs_exist_ok=True) if kept.is_dir() else shutil.copy2(kept, copied)
    print(
        f"{asked.to} holds the meetings and the history of settings; keep the inbox with the exports as well"
    )
    return 0


def _snapshot(name: str, data: Path | None) -> "ProgramDatabase":
    """A snapshot by its name where a folder is given; else the one in force in a folder, or a database file."""
    from leadstats.counting.database import mark_of, open_database, snapshot_named

    path = Path(name)
    if data and not path.exists():
        return open_database(data, snapshot_named(data, mark_of(name)))
    return (
        open_database(path) if path.is_dir() or not path.exists() else open_database(path.parent, path.name)
    )


def _release(asked: argparse.Namespace) -> int:
    from leadstats import release

    if asked.rollback and asked.to:
        release.rollback(asked.to, asked.rollback)
        print(f"{asked.rollback} is the latest release again")
        return _lay_out(asked)
    if asked.web_root and asked.to and not asked.data:
        return _lay_out(asked)
    if asked.data is None or not (asked.preview or asked.to and asked.approve):
        raise FilterError(
            "release needs --data, --to and --approve; --data and --preview; --to and --rollback; or --to and --web-root"
        )
    try:
        if asked.preview:
            publication = release.preview(
                asked.data, asked.to, asked.plan, correct=asked.correct, rebase=asked.rebase
            )
        else:
            publication = release.publish(
                asked.data, asked.to, asked.approve, asked.plan, correct=asked.correct, rebase=asked.rebase
            )
    except release.DriftError as error:
        return _say(error, DECISION)
    except release.PlanError as error:
        return _say(error, WRONG_USE)
    print(publication.as_text())
    return publication.exit_code or _lay_out(asked)


def _lay_out(asked: argparse.Namespace) -> int:
    """What is public as plain files, where that was asked for."""
    if asked.web_root and asked.to:
        from leadstats.release.web_root import write_web_root

        names = write_web_root(asked.to, asked.web_root)
        print(f"{asked.web_root} holds {', '.join(names)} for any web server")
    return 0


def _audit(asked: argparse.Namespace) -> int:
    from leadstats import audit, release

    try:
        programs = release.programs([*asked.earlier, asked.release])
        report = audit.audit([asked.release, *asked.earlier], programs)
    except (audit.UnreadableError, release.PlanError) as error:
        return _say(error, CANNOT_READ)
    _show(asked.format, report.as_json, report.as_text)
    return report.exit_code


def _show(format: str, as_json: Callable[[], Any], as_text: Callable[[], str]) -> None:
    print(json.dumps(as_json(), indent=2, ensure_ascii=False) if format == "json" else as_text())


COMMANDS: Mapping[str, Callable[[argparse.Namespace], int]] = {
    "sample": _sample,
    "check": _check,
    "build": _build,
    "cube": _cube,
    "purge": _purge,
    "quality": _quality,
    "map": _map,
    "metrics": _metrics,
    "metric": _metric,
    "equity": _equity,
    "brief": _brief,
    "packet": _packet,
    "digest": _digest,
    "changes": _changes,
    "backup": _backup,
    "release": _release,
    "audit": _audit,
    "serve": _serve,
    "nginx": _nginx,
}
