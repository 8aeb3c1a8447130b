"""What only a person can answer: questions with every allowed answer, and the answers given so far."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from leadstats.counting.catalog import load_metrics

LEFT = "(none)"
AS_IT_IS = "as it is"
EVERY_ROW = "every row"
BETWEEN = " | "  # between the parts of an answer to a question that takes several
HEADLINES_SHOWN = 3


@dataclass(frozen=True)
class MappingQuestion:
    """Something only a person can answer. `key` names it in answers; options are (answer, words for it).

    default: what the evidence says with enough confidence to go on with; None if nothing does.
    several: whether an answer may hold several options, with BETWEEN between them.
    rows, people: of the files it is about; people is None if no column numbers them.
    changes: titles of the numbers that depend on it.
    """

    key: str
    file: str
    text: str
    options: tuple[tuple[str, str], ...]
    default: str | None = None
    several: bool = False
    rows: int = 0
    people: int | None = None
    changes: tuple[str, ...] = ()

    @property
    def at_stake(self) -> str:
        """What depends on it, in words; empty if that is not known."""
        counted = [f"{self.rows:,} rows"] if self.rows else []
        counted += [f"{self.people:,} people"] if self.people else []
        said = " and ".join(counted)
        if not self.changes:
            return said
        return f"{said}: {', '.join(self.changes)}" if said else ", ".join(self.changes)


@dataclass(frozen=True)
class Refusal:
    """An answer that is not taken, and the rows it would lose."""

    key: str
    answer: str
    lost: int
    rows: int
    why: str

    @property
    def in_words(self) -> str:
        return f"{self.key}={self.answer} is not taken: it would lose {self.lost:,} of {self.rows:,} rows. {self.why}"


class Answers:
    """Answers as KEY=ANSWER, in any order, and which of them a question asked for.

    Both sides may contain the equals sign, so an answer is looked up by its question, and never split before the
    question is known.
    """

    def __init__(self, told: Mapping[str, str] | Iterable[str] = ()):
        pairs = isinstance(told, Mapping)
        self._told = [f"{key}={answer}" for key, answer in told.items()] if pairs else list(told)
        self._used: set[str] = set()
        self._asked: dict[str, tuple[str, ...]] = {}
        self.refused: list[Refusal] = []

    def to(self, keys: Sequence[str], allowed: Iterable[str], several: bool = False) -> str | None:
        """The last answer to a question, by any of its keys; None if there is none that is allowed."""
        known = {each.lower(): each for each in allowed}
        self._asked |= dict.fromkeys(keys, tuple(known.values()))
        for text in reversed(self._told):
            for key in keys:
                if not text.lower().startswith(f"{key}=".lower()):
                    continue
                said = text[len(key) + 1 :]
                parts = said.split(BETWEEN.strip()) if several and said.lower() not in known else [said]
                meant = [known.get(part.lower(), known.get(part.strip().lower())) for part in parts]
                if None not in meant:
                    self._used.add(text)
                    return BETWEEN.join(meant)
        return None

    def misunderstood(self) -> tuple[str, str, tuple[str, ...]] | None:
        """The first answer that nothing was asked for: what it is, what was written, and what is known."""
        for text in self._told:
            if text in self._used:
                continue
            lower = text.lower()
            keys = [key for key in self._asked if lower.startswith(f"{key}=".lower())]
            if keys:
                key = max(keys, key=len)
                return "answer", text[len(key) + 1 :], self._asked[key]
            return "question", text.rpartition("=")[0], tuple(self._asked)
        return None


def hanging(table: str, column: str | None = None) -> tuple[str, ...]:
    """Titles of the numbers that need a column, the ones boards ask for first."""
    found = []
    for metric in load_metrics().values():
        if table not in metric.sources:
            continue
        needs = {each for need in metric.needed for each in need}
        is_of_group = column in metric.breakdowns
        if column is None or f"{table}.{column}" in needs:
            found.append((metric.name not in HEADLINES, metric.title))
        elif is_of_group and metric.name in HEADLINES:
            found.append((False, f"{metric.title} by {column}"))
    return tuple(dict.fromkeys(title for _, title in sorted(found)))[:HEADLINES_SHOWN]


HEADLINES = (
    "people_referred", "people_enrolled", "arrests_diverted", "diversion_rate", "eligible_arrests", "jail_nights",
    "jail_bookings", "people_placed_in_permanent_housing", "active_caseload", "stops", "arrests", "population",
)  # fmt: skip
