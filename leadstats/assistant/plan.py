"""How an inbox would be read, in words and as JSON: what the assistant found, for a page and a terminal."""

import itertools
import shlex
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from leadstats.assistant.preview import Draft, Preview, previews
from leadstats.assistant.questions import MappingQuestion, Refusal
from leadstats.model.messages import Problem
from leadstats.model.schema import TABLES
from leadstats.model.settings import FileMapping
from leadstats.recognition.claims import Claim

# What becomes of a file, in the words of the report.
KNOWN, NEW, CHANGED, LEFT_OUT, STRANGE, BROKEN = (
    "known", "new", "changed", "left out", "not recognized", "cannot be read",
)  # fmt: skip
VALUES_SHOWN = 8
UNUSED_SHOWN = 20
MOST_OPTIONS, OPTIONS_SHOWN = 14, 10  # of a question, on a terminal


@dataclass(frozen=True)
class FilePlan:
    """Files of one kind: their names, what they are taken for, how, and what speaks for it."""

    names: tuple[str, ...]
    status: str
    table: str | None = None
    pattern: str = ""
    headers: tuple[str, ...] = ()
    mappings: tuple[FileMapping, ...] = ()
    claims: tuple[Claim, ...] = ()
    unused: tuple[str, ...] = ()
    overlooked: tuple[tuple[str, str], ...] = ()  # those of them that look as if they mattered, and as what
    notes: tuple[str, ...] = ()
    drafts: tuple[Draft, ...] = ()

    def as_json(self, shown: Iterable[Preview]) -> dict[str, Any]:
        return {
            "names": list(self.names),
            "status": self.status,
            "table": self.table,
            "pattern": self.pattern,
            "headers": list(self.headers),
            "tables": [
                {
                    "table": mapping.table,
                    "columns": [asdict(line) for line in self._lines(mapping)],
                    "only": {header: list(kept) for header, kept in mapping.only.items()},
                }
                for mapping in self.mappings
            ],
            "unused": list(self.unused),
            "overlooked": [{"header": header, "looks_like": look} for header, look in self.overlooked],
            "notes": list(self.notes),
            "previews": [asdict(each) for each in shown],
        }

    def as_text(self) -> str:
        name = self.names[0] if len(self.names) == 1 else f"{self.names[0]} and {len(self.names) - 1} more"
        row_is = f", a row is one {TABLES[self.table].row_is}" if self.table in TABLES else ""
        lines = [f"{name}: {self.status}{row_is or (f', {self.table}' if self.table else '')}"]
        for mapping in self.mappings if self.status in (NEW, CHANGED) else ():
            if mapping is not self.mappings[0]:
                lines.append(f"  and as {mapping.table}:")
            lines.extend(f"  {_aligned(line)}" for line in self._lines(mapping))
            lines.extend(
                f"  only rows with {each} = {' or '.join(kept)}" for each, kept in mapping.only.items()
            )
        for look in dict.fromkeys(look for _, look in self.overlooked):
            alike = ", ".join(header for header, each in self.overlooked if each == look)
            lines.append(f"  not used, though it looks like {look}: {alike}")
        if self.unused and self.status in (NEW, CHANGED):
            more = f" and {len(self.unused) - UNUSED_SHOWN} more" if len(self.unused) > UNUSED_SHOWN else ""
            lines.append(f"  not used: {', '.join(self.unused[:UNUSED_SHOWN])}{more}")
        if self.status == STRANGE:
            lines.append(f"  If it is an export after all: --answer '{self.pattern}: table=TABLE'")
        return "\n".join([*lines, *(f"  {note}" for note in self.notes)])

    def _lines(self, mapping: FileMapping) -> Iterator["Line"]:
        claims = {each.column: each for each in self.claims} if mapping == self.mappings[0] else {}
        for ours, theirs in mapping.columns.items():
            forms = [in_words(each) for each in mapping.formats.get(ours, ())]
            if ours in mapping.split:
                forms.append(f"several, with {mapping.split[ours]!r} between")
            told = mapping.values.get(ours, {})
            values = tuple((theirs, ours or "not known") for theirs, ours in told.items())
            claim = claims.get(ours)
            is_sure, evidence = (claim.is_sure, claim.evidence) if claim else (True, ())
            yield Line(ours, theirs, tuple(forms), values, is_sure, evidence)
        for ours, value in mapping.constants.items():
            yield Line(ours, (), (f"always {value.replace('_', ' ')}",), (), True)
        for part, ours in ((mapping.marked, "race"), (mapping.wide, "people")):
            for header, race in part.items():
                yield Line(ours, (header,), (race or "everyone",), (), True)
        for header, sources in mapping.links.items():
            said = f"numbers of {', '.join(sources)}".replace("_", " ")
            yield Line(
                "source_person_id", (header,), (said,), (), True, getattr(claims.get(header), "evidence", ())
            )


def in_words(form: str) -> str:
    """A format of dates as people write it: MM/DD/YYYY."""
    said = {
        "excel": "day numbers of a spreadsheet", "epoch": "milliseconds since 1970", "%m": "MM", "%d": "DD", "%Y": "YYYY", "%y": "YY", "%b": "MON",
        "%B": "MONTH", "%H": "hh", "%I": "hh", "%M": "mm", "%S": "ss", "%p": "AM", "%z": "zone", "%f": "fraction",
    }  # fmt: skip
    for code, word in said.items():
        form = form.replace(code, word)
    return form


@dataclass(frozen=True)
class Line:
    """One column of ours: the headers behind it, its forms, what its values become, and what speaks for it."""

    ours: str
    theirs: tuple[str, ...]
    forms: tuple[str, ...]
    values: tuple[tuple[str, str], ...]
    is_sure: bool
    evidence: tuple[str, ...] = ()


def _aligned(line: Line) -> str:
    told = [f"{theirs} = {ours}" for theirs, ours in line.values[:VALUES_SHOWN]]
    more = ["..."] if len(line.values) > VALUES_SHOWN else []
    parts = (f"{line.ours:<20}", f"{' + '.join(line.theirs):<28}", "; ".join([*line.forms, *told, *more]))
    return " ".join(parts).rstrip()


@dataclass(frozen=True)
class MappingPlan:
    """What the assistant found. `text` is the mapping.toml that says so."""

    files: tuple[FilePlan, ...] = ()
    questions: tuple[MappingQuestion, ...] = ()
    problems: tuple[Problem, ...] = ()
    text: str = ""
    is_changed: bool = False
    can_undo: bool = False  # a mapping.toml was saved before, so that what stood there can be put back
    refused: tuple[Refusal, ...] = ()  # answers that were not taken
    misunderstood: tuple[str, str, tuple[str, ...]] | None = (
        None  # an answer to nothing: what, written, known
    )

    @property
    def open_questions(self) -> tuple[MappingQuestion, ...]:
        """Those that have no answer even by default."""
        return tuple(question for question in self.questions if question.default is None)

    def as_json(self) -> dict[str, Any]:
        shown = previews(draft for each in self.files for draft in each.drafts)
        return {
            "files": [each.as_json(itertools.islice(shown, len(each.drafts))) for each in self.files],
            "questions": [asdict(q) | {"at_stake": q.at_stake} for q in self.questions],
            "refused": [asdict(each) | {"text": each.in_words} for each in self.refused],
            "problems": [found.as_json() for found in self.problems],
            "mapping": self.text,
            "is_changed": self.is_changed,
            "can_undo": self.can_undo,
        }

    def as_text(self, inbox: Path, is_saved: bool = False) -> str:
        parts = [each.as_text() for each in self.files] + [found.as_text() for found in self.problems]
        command = f"python -m leadstats map {shlex.quote(str(inbox))}"
        parts.extend(f"! {each.in_words}" for each in self.refused)
        for question in self.questions:
            parts.append("\n".join(_asked(question, command)))
        verdict = f"Saved as {inbox / 'mapping.toml'}." if is_saved else self._verdict(command)
        return "\n\n".join([*parts, verdict])

    def _verdict(self, command: str) -> str:
        if not self.is_changed and not self.text.strip():
            return "Nothing to map: no export here has names of its own."
        if not self.is_changed:
            return "Nothing new: mapping.toml says all there is to say."
        if self.open_questions:
            return "Questions without a * need an answer. Give it, then add --write."
        by_default = " Unanswered questions are answered as marked with *." if self.questions else ""
        return f"To save this as mapping.toml in the inbox: {command} --write{by_default}"


def _asked(question: MappingQuestion, command: str) -> Iterator[str]:
    yield f"? {question.text}  [{question.file}]"
    if question.at_stake:
        yield f"    It decides {question.at_stake}."
    shown = question.options[:OPTIONS_SHOWN] if len(question.options) > MOST_OPTIONS else question.options
    width = max((len(answer) for answer, _ in shown), default=0)
    for answer, words in shown:
        mark = "*" if answer == question.default else " "
        said = answer or '""'
        yield f"  {mark} {said:<{width}}  {words if words != answer else ''}".rstrip()
    if len(shown) < len(question.options):
        yield f"    or one of {len(question.options) - len(shown)} others: --format json lists them"
    several = "ANSWER | ANSWER" if question.several else "ANSWER"
    yield f"  {command} --answer {shlex.quote(f'{question.key}={several}')}"
