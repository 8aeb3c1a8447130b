"""What may be asked on the command line: the commands, their options, and what was meant by a wrong one."""

import argparse
import difflib
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NoReturn

from leadstats.counting.view import AUDIENCES, FilterError, require
from leadstats.model import periods
from leadstats.model.language import LOCALES, SOURCE

ENGINES = ("duckdb", "spark")
MONTHS = tuple(f"{year}-{month:02}" for year in range(1990, 2101) for month in range(1, 13))


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


Command = Callable[[str, str], _Parser]  # adds a command, with its name and words for it


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """The command by its name, and its options. Raises FilterError, in one line, for what is not understood."""
    parser = _Parser(prog="leadstats", description="Statistics of a LEAD program.", allow_abbrev=False)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True, parser_class=_Parser)

    def command(name: str, words: str) -> _Parser:
        return commands.add_parser(name, help=words, description=words, allow_abbrev=False)

    _add_data_commands(command)
    _add_number_commands(command)
    _add_publishing_commands(command)
    _add_serving_commands(command)
    return parser.parse_args(arguments)


def _add_data_commands(command: Command) -> None:
    sample = command("sample", "Write invented exports in the shapes that sites have.")
    sample.add_argument("--to", type=Path, required=True, metavar="INBOX")
    for option in ("--seed", "--people", "--months"):
        sample.add_argument(option, type=_positive, metavar="N")
    check = command("check", "Read, map and validate an inbox; write nothing.")
    check.add_argument("inbox", type=Path, metavar="INBOX")
    check.add_argument("--data", type=Path, metavar="DATA", help="compare with the last build there")
    _add_format(check, "text", "json")
    _add_progress(check)
    build = command("build", "Check an inbox, then put a new database in force.")
    build.add_argument("inbox", type=Path, metavar="INBOX")
    build.add_argument("--to", type=Path, required=True, metavar="DATA")
    confirm = (
        "put in force what is held: a headline that changed by a factor, a lost column that decides numbers"
    )
    build.add_argument("--confirm", action="store_true", help=confirm)
    _add_format(build, "text", "json")
    _add_progress(build)
    cube = command("cube", "Count ahead of time what the pages add up; a build does this too.")
    cube.add_argument("--data", type=Path, required=True, metavar="DATA")
    cube.add_argument(
        "--engine", default=ENGINES[0], type=_one_of("engine", ENGINES), metavar="|".join(ENGINES)
    )
    cube.add_argument("--master", default="", metavar="URL", help="of a Spark cluster, as spark://host:7077")
    cube.add_argument(
        "--shared", type=Path, metavar="FOLDER", help="where its machines find rows and leave counts"
    )
    purge = command("purge", "Remove a person with sealed or expunged records from everything kept.")
    purge.add_argument("--data", type=Path, required=True, metavar="DATA")
    purge.add_argument("--inbox", type=Path, required=True, metavar="INBOX")
    purge.add_argument("--person", type=_person, required=True, metavar="SOURCE:ID")
    purge.add_argument("--reason", default="", help="goes into DATA/purges.csv; must not name the person")
    quality = command("quality", "Write the data-quality report as one HTML file.")
    quality.add_argument("--data", type=Path, required=True, metavar="DATA")
    quality.add_argument("--to", type=Path, required=True, metavar="FILE.html")
    _add_audience(quality)
    propose = command("map", "Propose a mapping.toml for exports with other names, and write it.")
    propose.add_argument("inbox", type=Path, metavar="INBOX")
    propose.add_argument("--answer", action="append", default=[], metavar="QUESTION=ANSWER")
    propose.add_argument("--write", action="store_true", help="save mapping.toml in the inbox")
    undo = "put back mapping.toml as it was before it was last saved"
    propose.add_argument("--undo", action="store_true", help=undo)
    _add_format(propose, "text", "json")
    backup = command("backup", "Copy what exports cannot give back: meetings, decisions, settings.")
    backup.add_argument("--data", type=Path, required=True, metavar="DATA")
    backup.add_argument("--to", type=Path, required=True, metavar="FOLDER")


def _add_number_commands(command: Command) -> None:
    _add_format(command("metrics", "List the metrics."), "text", "json")
    metric = command("metric", "Show one metric.")
    metric.add_argument("name", metavar="NAME")
    _add_filters(metric)
    metric.add_argument("--by", default="month", metavar="|".join(periods.VIEWED))
    metric.add_argument("--breakdown", metavar="NAME")
    _add_format(metric, "text", "json", "csv")
    equity = command("equity", "Compare groups at one stage with a reference group.")
    equity.add_argument("stage", metavar="STAGE")
    _add_filters(equity)
    equity.add_argument("--reference", metavar="GROUP")
    _add_format(equity, "text", "json", "csv")
    brief = command("brief", "Answer the main questions about a snapshot.")
    _add_filters(brief)
    _add_format(brief, "text", "json")
    packet = command("packet", "Write a meeting packet, to be printed or shown.")
    _add_filters(packet, "FILE.pdf|FILE.pptx", _paper)
    _add_language(packet)
    digest = command("digest", "Write an email of the answers, as text and HTML.")
    _add_filters(digest, "FOLDER", Path)
    _add_language(digest)
    changed = command("changes", "Explain how numbers changed from one build to the next.")
    for which in ("old", "new"):
        changed.add_argument(
            which, metavar=which.upper(), help="a data folder, a database file, or with --data a snapshot"
        )
    changed.add_argument(
        "--data", type=Path, metavar="DATA", help="the folder that keeps the snapshots named"
    )
    _add_audience(changed)
    _add_format(changed, "text", "json", "csv")


def _add_publishing_commands(command: Command) -> None:
    release = command(
        "release",
        "Publish a protected release, preview the next one, or put an earlier one back in force.",
    )
    release.add_argument("--to", type=Path, metavar="RELEASES")
    release.add_argument("--data", type=Path, metavar="DATA")
    release.add_argument("--preview", action="store_true", help="write DATA/preview; publish nothing")
    release.add_argument("--approve", metavar="NAME")
    release.add_argument("--plan", type=Path, metavar="PLAN.toml")
    release.add_argument(
        "--correct", default="", metavar="REASON", help="published numbers become those of the records again"
    )
    release.add_argument("--rebase", action="store_true", help="the same once a year, for late entries")
    release.add_argument("--rollback", metavar="ID")
    release.add_argument(
        "--web-root", type=Path, metavar="FOLDER", help="lay out what may be cited for any web server"
    )
    audit = command("audit", "Attack a release as an outsider would.")
    audit.add_argument("release", type=Path, metavar="RELEASE")
    audit.add_argument("--with", dest="earlier", type=Path, action="append", default=[], metavar="EARLIER")
    _add_format(audit, "text", "json")


def _add_serving_commands(command: Command) -> None:
    serve = command("serve", "Start the app on this machine.")
    serve.add_argument("--port", type=_positive, default=8501, metavar="N")
    for folder in ("data", "releases", "inbox"):
        serve.add_argument(f"--{folder}", type=Path, metavar="FOLDER")
    _add_audience(serve)
    nginx = command("nginx", "Print a configuration for nginx in front of the processes of `serve`.")
    nginx.add_argument("--port", type=_positive, default=8501, metavar="N")
    nginx.add_argument("--listen", default="80", metavar="[ADDRESS:]PORT")
    nginx.add_argument("--web-root", type=Path, metavar="FOLDER", help="hand out releases from there")
    for each in (serve, nginx):
        each.add_argument("--processes", type=_positive, default=1, metavar="N")
        each.add_argument("--base-path", default="", metavar="/PATH")


def _add_format(parser: _Parser, *formats: str) -> None:
    parser.add_argument(
        "--format", default=formats[0], metavar="|".join(formats), type=_one_of("format", formats)
    )


def _add_progress(parser: _Parser) -> None:
    wording = "write a line to standard error for each step: progress SHARE WHAT"
    parser.add_argument("--progress", action="store_true", help=wording)


def _add_language(command: argparse.ArgumentParser) -> None:
    command.add_argument("--language", choices=LOCALES, default=SOURCE.code)


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


def _person(text: str) -> tuple[str, str]:
    source, _, number = (part.strip() for part in text.partition(":"))
    if not source or not number:
        raise argparse.ArgumentTypeError("write SOURCE:ID, as jail_stay:J-20417 or person:4411")
    return source, number


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number above zero")
    return int(text)


def _paper(text: str) -> Path:
    if Path(text).suffix not in (".pdf", ".pptx"):
        raise argparse.ArgumentTypeError(f"{text!r} is no month and ends in neither .pdf nor .pptx")
    return Path(text)


class _TargetOrMonth(argparse.Action):
    """`--to` names the file to write and, given again, the last month, since the filters of all commands use it for that."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        named: argparse.Namespace,
        value: Any,
        option: str | None = None,
    ) -> None:
        setattr(named, "last_month" if value in MONTHS else self.dest, value)


def _add_filters(parser: _Parser, target: str = "", as_target: Callable[[str], Path] | None = None) -> None:
    """`target`: what else `--to` may name."""
    parser.add_argument("--data", type=Path, required=True, metavar="DATA")
    month = _one_of("month", MONTHS)
    parser.add_argument("--from", dest="first_month", type=month, metavar="YYYY-MM")
    if as_target:
        parser.set_defaults(last_month=None)
        parser.add_argument(
            "--to",
            dest="target",
            type=lambda text: text if text in MONTHS else as_target(text),
            action=_TargetOrMonth,
            required=True,
            metavar=target,
            help="and, given again, the last month (YYYY-MM)",
        )
    else:
        parser.add_argument("--to", dest="last_month", type=month, metavar="YYYY-MM")
    for name in ("place", "pathway"):
        parser.add_argument(f"--{name}", action="append", default=[], metavar="NAME")
    _add_audience(parser)
