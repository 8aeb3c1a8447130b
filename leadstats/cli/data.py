"""The commands that turn exports into data, and that keep what belongs beside them."""

import argparse
import contextlib
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from leadstats.cli.output import CANNOT_READ, DECISION, DONE_WITH_WARNINGS, WRONG_USE, fail, show
from leadstats.counting.view import FilterError, require
from leadstats.model.messages import Fault

BACKED_UP = ("settings", "purges.csv")  # what is kept beside the database and no export can give back
QUALITY_REPORT = "data-quality.html"  # beside the database it is about


def check(asked: argparse.Namespace) -> int:
    from leadstats import assistant, ingest

    weigh = None
    if asked.data:
        from leadstats.quality.headlines import headlines as weigh

    report = ingest.check(asked.inbox, _progress(asked), asked.data, weigh)
    code = _show_report(report, asked.format)
    if code == DECISION and asked.format == "text":
        print("\n" + assistant.make_plan(asked.inbox).as_text(asked.inbox))
    return code


def build(asked: argparse.Namespace) -> int:
    from leadstats import ingest
    from leadstats.quality.headlines import headlines

    report = ingest.build(asked.inbox, asked.to, _progress(asked), headlines, asked.confirm)
    code = _show_report(report, asked.format)
    return _complete(asked.to, code) if report.snapshot else code


def _complete(data: Path, code: int) -> int:
    """Writes what goes with new data, which are in force even if this fails."""
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
            code = fail(said, max(code, DONE_WITH_WARNINGS))
    return code


def _keep_atoms(data: Path) -> list[Path]:
    from leadstats.counting import atoms
    from leadstats.counting.database import open_database

    with contextlib.closing(open_database(data, is_shared=False)) as database:
        return atoms.keep_all(database, data)


def cube(asked: argparse.Namespace) -> int:
    if asked.engine == "spark":
        return _cube_by_spark(asked)
    written = _keep_atoms(asked.data)
    print(f"{len(written)} files{_place(written)}")
    return 0


def _place(written: Sequence[Path]) -> str:
    return f" in {written[0].parent}" if written else ", as there is nothing to count"


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
    print(f"{counted} of {len(written)} files counted by Spark, the others by DuckDB{_place(written)}")
    return 0


def purge(asked: argparse.Namespace) -> int:
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
        return fail(f"no row of the inbox is that person's by the numbers of {source}{near}", WRONG_USE)
    if not purged.is_done:
        print("nothing was changed: the inbox cannot be built as it is", file=sys.stderr)
        return _show_report(purged.report, "text")
    print(f"{purged.rows:,} rows removed from {purged.files:,} files; the data were built anew without them")
    return _complete(asked.data, 0)


def propose_mapping(asked: argparse.Namespace) -> int:
    from leadstats import assistant
    from leadstats.model.messages import exit_code

    try:
        if asked.undo and not assistant.undo(asked.inbox):
            return fail("there is no earlier mapping.toml to put back", WRONG_USE)
        plan = assistant.make_plan(asked.inbox, asked.answer)
    except Fault as fault:
        show(asked.format, fault.problem.as_json, fault.problem.as_text)
        return exit_code([fault.problem])
    if plan.misunderstood:
        require(*plan.misunderstood)
    is_saved = asked.write and plan.is_changed and not plan.open_questions and not plan.refused
    if is_saved:
        assistant.write_plan(asked.inbox, plan)
    show(asked.format, plan.as_json, lambda: plan.as_text(asked.inbox, is_saved))
    if plan.refused:
        return WRONG_USE
    return max(DECISION * bool(plan.open_questions), exit_code(plan.problems))


def _progress(asked: argparse.Namespace) -> Callable[[str, float], None] | None:
    """Progress, never on standard output; a bar only if a person is watching."""
    from leadstats import ingest

    if asked.progress:
        return ingest.lines(sys.stderr)
    return ingest.bar(sys.stderr) if sys.stderr.isatty() else None


def quality(asked: argparse.Namespace) -> int:
    from leadstats import quality

    quality.write_report(asked.data, asked.to, asked.audience)
    return 0


def _show_report(report: Any, format: str) -> int:
    show(format, report.as_json, report.as_text)
    return report.exit_code


def backup(asked: argparse.Namespace) -> int:
    """Copies what exports cannot give back; not databases, which a build makes again."""
    import shutil

    from leadstats.meetings import Meetings

    if not asked.data.is_dir():
        return fail(f"{asked.data} is no folder of data", CANNOT_READ)
    meetings = Meetings(asked.data)
    meetings.back_up(asked.to / meetings.path.name)
    for kept in filter(Path.exists, (asked.data / name for name in BACKED_UP)):
        copied = asked.to / kept.name
        shutil.copytree(kept, copied, dirs_exist_ok=True) if kept.is_dir() else shutil.copy2(kept, copied)
    print(
        f"{asked.to} holds the meetings and the history of settings; keep the inbox with the exports as well"
    )
    return 0
