"""What a check or a build found, as text and as JSON: each file, each problem, each source."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from leadstats.ingest.coverage import Coverage
from leadstats.ingest.reading import RowAccount
from leadstats.model.messages import Problem, by_cause, exit_code

FACTOR = 2  # a headline that changed by it, for the same months, is held
FEWEST = 10  # below it, a few late records are a large factor
COUNTS = ("read", "loaded", "rejected", "duplicate", "out_of_scope")


@dataclass(frozen=True)
class LinkageRate:
    """How far the people of one source are known. Counts of people: for those who hold the exports."""

    source: str
    has_own_numbers: bool  # it numbers people its own way, so that only person_link tells who they are
    records: int
    unlinked_records: int
    nameless_records: int  # of nobody, as arrests without a person
    people: int
    unlinked_people: int
    participants: int  # of the program, who have any record there
    all_participants: int

    @property
    def rate(self) -> str | None:
        """The share of its people who are linked, in percent; None where equal numbers are equal people."""
        if not self.has_own_numbers or not self.people:
            return None
        return f"{100 * (self.people - self.unlinked_people) / self.people:.0f}%"

    def as_json(self) -> dict[str, Any]:
        return {**vars(self), "linked_people": self.people - self.unlinked_people}


@dataclass(frozen=True)
class Headline:
    """One number that boards ask for first, in the last build and in this one, for the same months."""

    metric: str
    title: str
    first_month: str
    last_month: str
    old: float | None  # None: no build before, or not recorded there
    new: float | None

    @property
    def is_doubtful(self) -> bool:
        """Whether it is lost, or changed by a factor that no month of corrections explains."""
        if self.old is None or max(self.old, self.new or 0) < FEWEST:
            return False
        return self.new is None or max(self.old, self.new) >= FACTOR * min(self.old, self.new)

    @property
    def in_words(self) -> str:
        now = "not recorded" if self.new is None else f"{self.new:,.0f}"
        return f"{self.title}, {self.first_month} to {self.last_month}: {now}, last time {self.old or 0:,.0f}"

    def as_json(self) -> dict[str, Any]:
        ends = {"metric": self.metric, "title": self.title, "from": self.first_month, "to": self.last_month}
        return {**ends, "old": self.old, "new": self.new, "is_doubtful": self.is_doubtful}


@dataclass(frozen=True)
class IngestReport:
    """What a check or a build found: the rows of every file accounted for, and all problems."""

    accounts: tuple[RowAccount, ...] = ()
    problems: tuple[Problem, ...] = ()
    coverage: Mapping[str, Coverage] = field(default_factory=dict)  # which days of each table are covered
    matches: tuple[LinkageRate, ...] = ()  # how far the people of each source are known
    headlines: tuple[Headline, ...] = ()  # beside those of the last build
    snapshot: str | None = None

    @property
    def exit_code(self) -> int:
        return exit_code(self.problems)

    @property
    def sources(self) -> Mapping[str, date]:
        """How far each table reaches."""
        return {source: each.through for source, each in self.coverage.items()}

    @property
    def data_through(self) -> date | None:
        return min(self.sources.values(), default=None)

    def files(self) -> Iterator[tuple[str, str | None, Mapping[str, int], list[Problem]]]:
        """Each file as each of its tables, with its counts and its problems; unused files last."""
        waiting = [found for found in self.problems if found.file]
        for account in self.accounts:
            mine = [f for f in waiting if f.file == account.file and f.table in (account.table, None)]
            waiting = [found for found in waiting if found not in mine]
            yield account.file, account.table, {name: getattr(account, name) for name in COUNTS}, mine
        for name in sorted({found.file for found in waiting}):
            mine = [found for found in waiting if found.file == name]
            yield name, None, dict.fromkeys(COUNTS, 0), mine

    def as_json(self) -> dict[str, Any]:
        files = [
            {"file": file, "table": table, **counts, "problems": [found.as_json() for found in problems]}
            for file, table, counts, problems in self.files()
        ]
        return {
            "files": files,
            "problems": [found.as_json() for found in self.problems if not found.file],
            "data_through": self.data_through and self.data_through.isoformat(),
            "sources": {source: day.isoformat() for source, day in self.sources.items()},
            "coverage": {source: each.as_json() for source, each in self.coverage.items()},
            "people": [match.as_json() for match in self.matches],
            "headlines": [each.as_json() for each in self.headlines],
            "snapshot": self.snapshot,
            "exit_code": self.exit_code,
        }

    def as_text(self) -> str:
        width = max((len(file) for file, *_ in self.files()), default=4)
        lines = [f"{'file':<{width}}  {'table':<16}" + "".join(f"{name:>14}" for name in COUNTS)]
        for file, table, counts, _ in self.files():
            numbers = "".join(f"{counts[name]:>14,}" for name in COUNTS)
            lines.append(f"{file:<{width}}  {table or 'not used':<16}{numbers}")
        parts = ["\n".join(lines), *self._people(), *by_cause(self.problems)]
        if any(each.is_doubtful for each in self.headlines):
            parts.append("\n".join(each.in_words for each in self.headlines if each.is_doubtful))
        if self.sources:
            reach = ", ".join(
                f"{source} {each.through:%Y-%m-%d}{'' if each.is_stated else ' (estimated)'}"
                for source, each in self.coverage.items()
            )
            parts.append(f"Data through: {reach}")
        parts.append(self._verdict())
        return "\n\n".join(parts)

    def _people(self) -> Iterator[str]:
        if self.matches:
            head = f"{'people of':<18}{'people':>10}{'linked':>10}{'participants there':>22}"
            lines = [
                f"{each.source:<18}{each.people:>10,}{each.rate or 'same ids':>10}"
                f"{f'{each.participants:,} of {each.all_participants:,}':>22}"
                for each in self.matches
            ]
            yield "\n".join([head, *lines])

    def _verdict(self) -> str:
        worst = {
            0: "No problems.",
            1: "Usable, with warnings: some rows or cells were left out.",
            2: "Not usable as it stands: correct the errors above.",
            3: "One decision is needed before the numbers can be trusted: see above. Nothing was put in force.",
            4: "The inbox cannot be read.",
        }[self.exit_code]
        if self.snapshot is None:
            return worst
        return f"{worst} The new data are in force ({self.snapshot})."
