"""`python -m leadstats COMMAND`: standard output holds the result and nothing else."""

import argparse
import dataclasses
import difflib
import json
import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from leadstats.counting.catalog import load_catalog, readable
from leadstats.counting.database import Database, data_through, open_database
from leadstats.counting.measure import measure
from leadstats.counting.view import AUDIENCES, Cell, FilterError, Filters, Published, default_filters, require
from leadstats.model import periods
from leadstats.model.messages import EXIT_CODES, Fault
from leadstats.model.metrics import STAGES, Metric

if TYPE_CHECKING:
    from leadstats.analysis.equity import EquityTable

DONE_WITH_WARNINGS, WRONG_USE, DECISION, CANNOT_READ = 1, 2, 3, 4
QUALITY_REPORT = "data-quality.html"  # beside the database it tells of
MONTHS = tuple(f"{year}-{month:02}" for year in range(1990, 2101) for month in range(1, 13))
NUMBERS = ("people", "value", "low", "high")
FURTHER_NUMBERS = ("numerator", "denominator", "events", "gross", "median")

# Each command imports what it needs itself: reading a number must not wait for the reading of maps.


def main(arguments: Sequence[str] | None = None) -> int:
    try:
        parsed = _parser().parse_args(arguments)
        return parsed.run(parsed)
    except FilterError as error:
        return _say(error, WRONG_USE)
    except Fault as fault:
        return _say(fault.problem.line, EXIT_CODES[fault.problem.severity])
    except BrokenPipeError:
        # The reader (`| head`) has seen enough; Python would complain again when it flushes.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        return _say(error, CANNOT_READ)


def _say(error: object, code: int) -> int:
    print(f"leadstats: {' '.join(str(error).split())}", file=sys.stderr)
    return code


class _Parser(argparse.ArgumentParser):
    """Says in one line what was not understood, and what may have been meant."""

    def error(self, message: str) -> NoReturn:
        unknown = re.search(r"unrecognized arguments: (\S+)|invalid choice: '(.*?)'", message)
        if unknown:
            near = difflib.get_close_matches(unknown[1] or unknown[2], self._words(), 1)
            message = unknown[0] + (f"; did you mean {near[0]}?" if near else "")
        raise FilterError(message)

    def _words(self) -> Iterator[str]:
        for action in self._actions:
            yield from action.option_strings
            if isinstance(action, argparse._SubParsersAction):
                for name, parser in action.choices.items():
                    yield name
                    yield from parser._words()


def _parser() -> _Parser:
    parser = _Parser(prog="leadstats", description="Statistics of a LEAD program.", allow_abbrev=False)
    commands = parser.add_subparsers(metavar="COMMAND", required=True, parser_class=_Parser)

    def command(name: str, run: Callable[[argparse.Namespace], int], words: str) -> _Parser:
        added = commands.add_parser(name, help=words, description=words, allow_abbrev=False)
        added.set_defaults(run=run)
        return added

    sample = command("sample", _sample, "Write invented exports in the shapes that sites have.")
    sample.add_argument("--to", type=Path, required=True, metavar="INBOX")
    for option in ("--seed", "--people", "--months"):
        sample.add_argument(option, type=_positive, metavar="N")
    check = command("check", _check, "Read, map and validate an inbox; write nothing.")
    check.add_argument("inbox", type=Path, metavar="INBOX")
    check.add_argument("--data", type=Path, metavar="DATA", help="compare with the last build there")
    _add_format(check, "text", "json")
    _add_progress(check)
    build = command("build", _build, "Check an inbox, then put a new database in force.")
    build.add_argument("inbox", type=Path, metavar="INBOX")
    build.add_argument("--to", type=Path, required=True, metavar="DATA")
    _add_format(build, "text", "json")
    _add_progress(build)
    quality = command("quality", _quality, "Write the data-quality report as one HTML file.")
    quality.add_argument("--data", type=Path, required=True, metavar="DATA")
    quality.add_argument("--to", type=Path, required=True, metavar="FILE.html")
    _add_audience(quality)
    propose = command("map", _map, "Propose a mapping.toml for exports with other names, and write it.")
    propose.add_argument("inbox", type=Path, metavar="INBOX")
    propose.add_argument("--answer", action="append", default=[], metavar="QUESTION=ANSWER")
    propose.add_argument("--write", action="store_true", help="save mapping.toml in the inbox")
    _add_format(propose, "text", "json")
    _add_format(command("metrics", _metrics, "List the metrics."), "text", "json")
    metric = command("metric", _metric, "Show one metric.")
    metric.add_argument("name", metavar="NAME")
    _add_filters(metric)
    metric.add_argument("--by", default="month", metavar="|".join(periods.VIEWED))
    metric.add_argument("--breakdown", metavar="NAME")
    _add_format(metric, "text", "json", "csv")
    equity = command("equity", _equity, "Compare groups at one stage with a reference group.")
    equity.add_argument("stage", metavar="STAGE")
    _add_filters(equity)
    equity.add_argument("--reference", default="White", metavar="GROUP")
    _add_format(equity, "text", "json", "csv")
    release = command(
        "release", _release, "Publish a protected release, or put an earlier one in force again."
    )
    release.add_argument("--to", type=Path, required=True, metavar="RELEASES")
    release.add_argument("--data", type=Path, metavar="DATA")
    release.add_argument("--approve", metavar="NAME")
    release.add_argument("--plan", type=Path, metavar="PLAN.toml")
    release.add_argument("--rollback", metavar="ID")
    audit = command("audit", _audit, "Attack a release as an outsider would.")
    audit.add_argument("release", type=Path, metavar="RELEASE")
    audit.add_argument("--with", dest="earlier", type=Path, action="append", default=[], metavar="EARLIER")
    _add_format(audit, "text", "json")
    serve = command("serve", _serve, "Start the app on this machine.")
    serve.add_argument("--port", type=_positive, default=8501, metavar="N")
    for folder in ("data", "releases", "inbox"):
        serve.add_argument(f"--{folder}", type=Path, metavar="FOLDER")
    _add_audience(serve)
    return parser


def _add_format(parser: _Parser, *formats: str) -> None:
    parser.add_argument(
        "--format", default=formats[0], metavar="|".join(formats), type=_one_of("format", formats)
    )


def _add_progress(parser: _Parser) -> None:
    wording = "write a line to standard error for each step: progress SHARE WHAT"
    parser.add_argument("--progress", action="store_true", help=wording)


def _add_audience(parser: _Parser) -> None:
    parser.add_argument(
        "--audience", default=AUDIENCES[0], type=_one_of("audience", AUDIENCES), metavar="|".join(AUDIENCES)
    )


def _one_of(what: str, known: Sequence[str]) -> Callable[[str], str]:
    def checked(value: str) -> str:
        try:
            require(what, value, tuple(known))
        except FilterError as error:
            raise argparse.ArgumentTypeError(str(error)) from error
        return value

    return checked


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number above zero")
    return int(text)


def _add_filters(parser: _Parser) -> None:
    parser.add_argument("--data", type=Path, required=True, metavar="DATA")
    month = _one_of("month", MONTHS)
    parser.add_argument("--from", dest="first_month", type=month, metavar="YYYY-MM")
    parser.add_argument("--to", dest="last_month", type=month, metavar="YYYY-MM")
    for name in ("place", "pathway"):
        parser.add_argument(f"--{name}", action="append", default=[], metavar="NAME")
    _add_audience(parser)


def _serve(asked: argparse.Namespace) -> NoReturn:
    from leadstats.cli.serve import serve

    serve(asked.port, asked.data, asked.releases, asked.inbox, asked.audience)


def _sample(asked: argparse.Namespace) -> int:
    from sample import write_sample

    wanted = {name: getattr(asked, name) for name in ("seed", "people", "months")}
    write_sample(asked.to, **{name: number for name, number in wanted.items() if number is not None})
    return 0


def _check(asked: argparse.Namespace) -> int:
    from leadstats import assistant, ingest

    report = ingest.check(asked.inbox, _progress(asked), asked.data)
    code = _show_report(report, asked.format)
    if code == DECISION and asked.format == "text":
        print("\n" + assistant.make_plan(asked.inbox).as_text(asked.inbox))
    return code


def _build(asked: argparse.Namespace) -> int:
    from leadstats import ingest

    report = ingest.build(asked.inbox, asked.to, _progress(asked))
    code = _show_report(report, asked.format)
    if report.snapshot:
        from leadstats import quality

        try:
            quality.write_report(asked.to, asked.to / QUALITY_REPORT)
        except Exception as error:  # the new data are in force whatever becomes of the report on them
            said = f"the new data are in force, but {QUALITY_REPORT} could not be written: {type(error).__name__}"
            return _say(said, max(code, DONE_WITH_WARNINGS))
    return code


def _map(asked: argparse.Namespace) -> int:
    from leadstats import assistant
    from leadstats.model.messages import exit_code

    try:
        plan = assistant.make_plan(asked.inbox)
        if asked.answer:
            plan = assistant.make_plan(asked.inbox, _answers(asked, plan))
    except Fault as fault:
        _show(asked.format, fault.problem.as_json, fault.problem.as_text)
        return exit_code([fault.problem])
    is_saved = asked.write and plan.is_changed and not plan.open_questions
    if is_saved:
        assistant.write_plan(asked.inbox, plan)
    _show(asked.format, plan.as_json, lambda: plan.as_text(asked.inbox, is_saved))
    return max(DECISION * bool(plan.open_questions), exit_code(plan.problems))


def _answers(asked: argparse.Namespace, plan: Any) -> dict[str, str]:
    """By question; an answer may bring a new question, so they are gone through again and again."""
    from leadstats import assistant

    answers: dict[str, str] = {}
    waiting = list(asked.answer)
    while waiting:
        # Both sides may hold the sign that stands between them.
        splits = {
            each: [(each[:at], each[at + 1 :]) for at, sign in enumerate(each) if sign == "="]
            for each in waiting
        }
        told = {each: pair for each, pairs in splits.items() for pair in pairs if plan.options(pair[0])}
        if not told:
            questions = tuple(question.key for question in plan.questions)
            require("question", waiting[0].rpartition("=")[0], questions)
        for key, answer in told.values():
            require("answer", answer, plan.options(key))
        answers |= dict(told.values())
        waiting = [each for each in waiting if each not in told]
        plan = assistant.make_plan(asked.inbox, answers)
    return answers


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
    catalog = load_catalog()
    listed = [_described(metric) for metric in catalog.metrics.values()]
    _show(asked.format, lambda: listed, lambda: "\n\n".join(map(_as_paragraph, listed)))
    for fault in catalog.faults:
        _say(fault.line, WRONG_USE)
    return WRONG_USE if catalog.faults else 0


def _described(metric: Metric) -> dict[str, Any]:
    shown = ("name", "title", "unit", "definition", "caution", "version", "breakdowns", "filters", "sources")
    return {name: getattr(metric, name) for name in shown}


def _as_paragraph(entry: Mapping[str, Any]) -> str:
    lines = [f"{entry['name']} [{entry['unit']}], version {entry['version']}", entry["title"]]
    lines += [entry["definition"], entry["caution"]]
    lines += [f"{name}: {', '.join(entry[name]) or 'none'}" for name in ("breakdowns", "filters", "sources")]
    return "\n  ".join(filter(None, lines))


def _metric(asked: argparse.Namespace) -> int:
    catalog = load_catalog()
    require("metric", asked.name, catalog.names)
    metric = readable(catalog.metric(asked.name))
    database = open_database(asked.data)
    filters = dataclasses.replace(_filters(database, metric, asked), by=asked.by, breakdown=asked.breakdown)
    published = measure(database, metric, filters, asked.audience)
    readable(published.metric)
    if asked.format == "csv":
        from leadstats.narrative.wording import as_csv

        sys.stdout.write(as_csv(published))
        return 0
    _show(asked.format, lambda: _as_json(published, asked.audience), lambda: _as_table(published))
    return 0


def _filters(database: Database, metric: Metric, asked: argparse.Namespace) -> Filters:
    """Twelve complete months, unless --from or --to say otherwise."""
    as_of, _ = data_through(database, metric)
    standard = default_filters(as_of or date.today())
    first, last = _month(asked.first_month), _month(asked.last_month)
    if last is None:
        last = max(standard.last_month, first or standard.last_month)
    if first is None:
        first = periods.following_month(last.replace(year=last.year - 1))
    return Filters(first, last, places=tuple(asked.place), pathways=tuple(asked.pathway))


def _month(text: str | None) -> date | None:
    return date.fromisoformat(f"{text}-01") if text else None


def _as_json(published: Published, audience: str) -> dict[str, Any]:
    metric, filters = published.metric, published.filters
    further = [name for name in FURTHER_NUMBERS if any(getattr(c, name) is not None for c in published.cells)]
    return {
        "metric": metric.name,
        "title": metric.title,
        "unit": metric.unit,
        "version": metric.version,
        "filters": {
            "from": f"{filters.first_month:%Y-%m}",
            "to": f"{filters.last_month:%Y-%m}",
            "by": filters.by,
            "place": filters.places,
            "pathway": filters.pathways,
            "breakdown": filters.breakdown,
            "audience": audience,
        },
        "data_through": published.data_through and published.data_through.isoformat(),
        "missing": published.missing,
        "rows": [_row(cell, (*NUMBERS, *further)) for cell in published.cells],
    }


def _row(cell: Cell, numbers: Sequence[str]) -> dict[str, Any]:
    row = {"period": cell.period, "category": cell.category}
    row |= {name: getattr(cell, name) for name in numbers} | {"hidden": cell.hidden}
    return row | {"partial": True} if cell.is_partial else row


def _as_table(published: Published) -> str:
    from leadstats.narrative import wording

    metric = published.metric
    lines = [metric.title, metric.definition, wording.subtitle(published)]
    if published.missing:
        lines.append(wording.missing(published))
    rows = [
        (
            (cell.period or "") + (" (cut short)" if cell.is_partial else ""),
            cell.category,
            wording.HIDDEN if cell.hidden else wording.with_unit(metric, cell),
            wording.interval(metric, cell),
        )
        for cell in published.cells
    ]
    return "\n".join([*lines, "", *_aligned(rows)])


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]


def _equity(asked: argparse.Namespace) -> int:
    from leadstats.analysis import equity

    require("stage", asked.stage, STAGES)
    metric = readable(load_catalog().of_stage(asked.stage))
    database = open_database(asked.data)
    filters = _filters(database, metric, asked)
    table = equity.equity(database, asked.stage, filters, asked.audience, asked.reference)
    if asked.format == "csv":
        from leadstats.narrative import equity_sentences, wording

        columns = [*(field.name for field in dataclasses.fields(equity.EquityRow)), "sentence"]
        sys.stdout.write(wording.rows_as_csv(equity_sentences.rows(table), columns))
        return 0
    _show(asked.format, lambda: _equity_as_json(table), lambda: _as_sentences(table))
    return 0


def _equity_as_json(table: "EquityTable") -> dict[str, Any]:
    from leadstats.narrative import equity_sentences

    unknown = table.unknown
    return {
        "stage": table.stage,
        "reference": table.reference,
        "rows": equity_sentences.rows(table),
        "unknown": {"n": unknown and unknown.denominator, "x": unknown and unknown.numerator},
        "ratio_bounds": {group: list(bounds) for group, bounds in table.ratio_bounds.items()},
    }


def _as_sentences(table: "EquityTable") -> str:
    from leadstats.narrative import equity_sentences

    if table.missing:
        return f"Nothing to compare: these tables are not loaded: {', '.join(table.missing)}."
    return "\n".join(equity_sentences.sentence(table, row) for row in table.rows)


def _release(asked: argparse.Namespace) -> int:
    from leadstats import release

    if asked.rollback:
        release.rollback(asked.to, asked.rollback)
        print(f"{asked.rollback} is the latest release again")
        return 0
    if asked.data is None or not asked.approve:
        raise FilterError("release needs --data and --approve, or --rollback")
    try:
        publication = release.publish(asked.data, asked.to, asked.approve, asked.plan)
    except release.PlanError as error:
        return _say(error, WRONG_USE)
    print(publication.as_text())
    return publication.exit_code


def _audit(asked: argparse.Namespace) -> int:
    from leadstats import audit

    try:
        report = audit.audit([asked.release, *asked.earlier])
    except audit.UnreadableError as error:
        return _say(error, CANNOT_READ)
    _show(asked.format, report.as_json, report.as_text)
    return report.exit_code


def _show(format: str, as_json: Callable[[], Any], as_text: Callable[[], str]) -> None:
    print(json.dumps(as_json(), indent=2, ensure_ascii=False) if format == "json" else as_text())
