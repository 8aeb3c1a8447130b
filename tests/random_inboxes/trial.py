"""One inbox, from random files to numbers: mapped with the answers of a careful person, built, and compared with their count."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from leadstats import ingest
from leadstats.assistant import make_plan, write_plan
from leadstats.assistant.questions import MappingQuestion
from leadstats.counting.catalog import load_metrics
from leadstats.counting.database import open_database
from leadstats.counting.measure import measure
from leadstats.counting.view import ANALYST, Filters
from leadstats.model.schema import UNKNOWN
from tests.random_inboxes import careful, layouts, programs
from tests.random_inboxes.layouts import File
from tests.random_inboxes.programs import FIRST, LAST

ROUNDS = 8  # of questions, before a careful person gives up
SITE = 'name = "Random County"\ntimezone = "America/Los_Angeles"\ndata_through = 2026-06-30\n'
LAST_MONTH = LAST.replace(day=1)
EQUAL, DIFFERENT, ASKED, REFUSED = "equal", "different", "asked", "refused"


@dataclass
class Trial:
    """How an inbox fared. ASKED: some question had no answer that is right, or the build is held.

    needless: questions that the file itself answers; unanswered: those to which no offered answer is right.
    marked: numbers that are given as not recorded, or of an Unknown group alone; compared: how many others.
    """

    files: Sequence[File]
    outcome: str = EQUAL
    questions: list[str] = field(default_factory=list)
    needless: list[str] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)
    marked: list[str] = field(default_factory=list)
    compared: int = 0
    differences: list[str] = field(default_factory=list)
    mapping: str = ""
    report: str = ""


def inbox(seed: int) -> list[File]:
    chance = Random(seed)
    return layouts.write(programs.invent(chance), chance)


def run(files: Sequence[File], folder: Path) -> Trial:
    """Writes the inbox into the folder, and builds it there."""
    source, trial = folder / "inbox", Trial(files)
    source.mkdir()
    for file in files:
        (source / file.name).write_bytes(file.content)
    (source / "site.toml").write_text(SITE, encoding="utf-8")
    if _map(trial, source):
        _build_and_compare(trial, source, folder / "data")
    return trial


def _map(trial: Trial, source: Path) -> bool:
    """Answers until nothing new is asked; whether that was enough for a mapping."""
    answers: dict[str, str] = {}
    for _ in range(ROUNDS):
        plan = make_plan(source, answers)
        told = dict(_told(trial, plan.questions, answers))
        if not told:
            break
        answers |= told
    trial.questions, trial.mapping = list(answers), plan.text
    trial.unanswered = [question.text for question in plan.open_questions]
    if plan.open_questions:
        trial.outcome = ASKED
        return False
    if plan.is_changed:
        write_plan(source, plan)
    return True


def _told(
    trial: Trial, questions: Sequence[MappingQuestion], answers: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    for question in questions:
        said = careful.answer(trial.files, question)
        if question.key not in answers and said is not None:
            if careful.is_needless(trial.files, question):
                trial.needless.append(question.key)
            yield question.key, said


def _build_and_compare(trial: Trial, source: Path, data: Path) -> None:
    report = ingest.build(source, data)
    trial.report = report.as_text()
    if report.snapshot is None:
        trial.outcome = ASKED if report.exit_code == 3 else REFUSED
        return
    database = open_database(data)
    try:
        trial.differences = list(_differences(trial, database))
    finally:
        database.close()
    trial.outcome = DIFFERENT if trial.differences else EQUAL


def _differences(trial: Trial, database) -> Iterator[str]:
    for (name, by), count in careful.numbers(trial.files).items():
        filters = (
            Filters(FIRST, LAST_MONTH, "month")
            if by == "month"
            else Filters(FIRST, LAST_MONTH, "total", breakdown=by)
        )
        if by == "at the end":
            filters = Filters(LAST_MONTH, LAST_MONTH, "total")
        published = measure(database, load_metrics()[name], filters, ANALYST)
        cells = {
            {"month": cell.period, "at the end": by}.get(by, cell.category): cell.value
            for cell in published.cells
        }
        known = {label: value for label, value in cells.items() if value is not None}
        if not known or {label for label, value in known.items() if value} == {UNKNOWN} != {*count}:
            trial.marked += [f"{name} by {by}"] if count else []
            continue
        labels = sorted({*count, *known} - {label for label, value in cells.items() if value is None})
        trial.compared += len(labels)
        wrong = [
            f"{label} {known.get(label, 0)}, by hand {count.get(label, 0)}"
            for label in labels
            if known.get(label, 0) != count.get(label, 0)
        ]
        if wrong:
            yield f"{name} by {by}: {'; '.join(wrong)}"
