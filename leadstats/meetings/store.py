"""A small database beside the data, never among the exports. Hides SQLite and the versions of its schema."""

import functools
import os
import sqlite3
from collections.abc import Hashable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from leadstats.model.declarations import QUERIES
from leadstats.model.settings import Goal

FILE = "meetings.sqlite"


@dataclass(frozen=True)
class Decision:
    """Something that was decided. who: a role, never a name. outcome: what became of it; empty while it is open."""

    number: int
    decided_on: date
    words: str
    who: str
    due: date | None = None
    outcome: str = ""
    settled_on: date | None = None


@dataclass(frozen=True)
class Objection:
    """What a reader says is wrong with a number. about: the number as it was, with everything that identifies it. view:
    the query part of its address. who, outcome: as for a decision."""

    number: int
    raised_on: date
    metric: str
    about: tuple[str, ...]
    view: str
    words: str
    who: str
    outcome: str = ""
    settled_on: date | None = None


@dataclass(frozen=True)
class Meeting:
    """One meeting. snapshot: the mark of the data it looked at. opens: the mark of the data that replaced them, or else the
    same. view: the query part of that address. let_go_on: the day from which its data need not be kept any longer."""

    number: int
    day: date
    snapshot: str
    opens: str
    view: str
    agenda: tuple[str, ...]
    notes: str
    let_go_on: date | None = None


@dataclass(frozen=True)
class Amendment:
    """The data that replaced all data with a purged person."""

    successor: str
    amended_on: date


MEETINGS = (
    "SELECT meeting.*, let_go_on, coalesce(successor, meeting.snapshot) AS opens FROM meeting"
    " LEFT JOIN let_go ON let_go.meeting = meeting.number"
    " LEFT JOIN amended ON amended.snapshot = meeting.snapshot"
)
HEADER = slice(24, 28)  # of the file: where SQLite counts its changes
SETTLE = {
    Decision: "UPDATE decision SET outcome = ?, settled_on = ? WHERE number = ?",
    Objection: "UPDATE objection SET outcome = ?, settled_on = ? WHERE number = ?",
}


@dataclass(frozen=True)
class Meetings:
    """The meetings of one data folder. Every call is independent, so several people may write at once."""

    data: Path

    @property
    def path(self) -> Path:
        return self.data / FILE

    def all(self) -> list[Meeting]:
        """All meetings, the latest first."""
        return [_meeting(row) for row in self._rows(f"{MEETINGS} ORDER BY day DESC")]

    def hold(self, day: date, snapshot: str, view: str = "", agenda: Sequence[str] = ()) -> Meeting:
        """The meeting of that day, created if there is none; the data and agenda given last are the ones kept."""
        values = (day.isoformat(), snapshot, view, "\n".join(agenda))
        with self._opened(is_written=True) as store:
            store.execute(
                "INSERT INTO meeting (day, snapshot, view, agenda, notes) VALUES (?, ?, ?, ?, '')"
                " ON CONFLICT (day) DO UPDATE SET snapshot = excluded.snapshot, view = excluded.view,"
                " agenda = excluded.agenda",
                values,
            )
            return _meeting(store.execute(f"{MEETINGS} WHERE day = ?", values[:1]).fetchone())

    def note(self, meeting: Meeting, notes: str) -> None:
        """Replaces the notes of a meeting."""
        with self._opened(is_written=True) as store:
            store.execute("UPDATE meeting SET notes = ? WHERE number = ?", (notes, meeting.number))

    def decide(self, meeting: Meeting, words: str, who: str, due: date | None = None) -> None:
        with self._opened(is_written=True) as store:
            store.execute(
                "INSERT INTO decision (meeting, words, who, due, outcome) VALUES (?, ?, ?, ?, '')",
                (meeting.number, words, who, due and due.isoformat()),
            )

    def set_goal(self, meeting: Meeting, goal: Goal) -> None:
        """Replaces any goal that this meeting has set for the same number and periods. The meeting is who set it."""
        with self._opened(is_written=True) as store:
            store.execute(
                "INSERT INTO goal (meeting, metric, period, value, due) VALUES (?, ?, ?, ?, ?)"
                " ON CONFLICT (meeting, metric, period) DO UPDATE SET value = excluded.value, due = excluded.due",
                (meeting.number, goal.metric, goal.by, goal.value, goal.due and goal.due.isoformat()),
            )

    def goals(self, until: date, meeting: Meeting | None = None) -> list[tuple[Goal, date]]:
        """The goals of one meeting, or of all up to that day, each with the day it was set; the later one of two for the same
        number and periods."""
        found = self._rows(
            "SELECT goal.*, meeting.day FROM goal INNER JOIN meeting ON meeting.number = goal.meeting"
            " WHERE meeting.day <= ?1 AND (?2 IS NULL OR meeting.number = ?2) ORDER BY meeting.day",
            (until.isoformat(), meeting and meeting.number),
        )
        latest = {
            (row["metric"], row["period"]): (
                Goal(row["metric"], row["value"], row["period"], due=_day(row["due"])),
                _day(row["day"]),
            )
            for row in found
        }
        return list(latest.values())

    def settle(self, settled: Decision | Objection, outcome: str, on: date) -> None:
        """Writes down what became of it; an empty outcome opens it again."""
        with self._opened(is_written=True) as store:
            store.execute(
                SETTLE[type(settled)], (outcome, on.isoformat() if outcome else None, settled.number)
            )

    def object(self, metric: str, about: Sequence[str], view: str, words: str, who: str, on: date) -> None:
        with self._opened(is_written=True) as store:
            store.execute(
                "INSERT INTO objection (raised_on, metric, about, view, words, who, outcome)"
                " VALUES (?, ?, ?, ?, ?, ?, '')",
                (on.isoformat(), metric, "\n".join(about), view, words, who),
            )

    def objections(self, metric: str | None = None) -> list[Objection]:
        """The objections to one number, or all: open ones first, then the latest first."""
        found = self._rows(
            "SELECT * FROM objection WHERE ?1 IS NULL OR metric = ?1"
            " ORDER BY outcome <> '', raised_on DESC, number DESC",
            (metric,),
        )
        return [_objection(row) for row in found]

    def decisions(self, meeting: Meeting | None = None) -> list[Decision]:
        """The decisions of one meeting, or all, in the order they are due."""
        found = self._rows(
            "SELECT decision.*, meeting.day FROM decision"
            " INNER JOIN meeting ON meeting.number = decision.meeting"
            " WHERE ?1 IS NULL OR meeting.number = ?1"
            " ORDER BY decision.due IS NULL, decision.due, decision.number",
            (meeting and meeting.number,),
        )
        return [_decision(row) for row in found]

    def open_decisions(self, on: date) -> list[Decision]:
        """Decisions from before that day that were still open at its end."""
        return [
            each
            for each in self.decisions()
            if each.decided_on < on and not (each.settled_on and each.settled_on <= on)
        ]

    def brought(self, on: date) -> list[Decision]:
        """The decisions a meeting on that day begins with: first those open by then, then those settled since the meeting
        before."""
        is_new = max((meeting.day for meeting in self.all() if meeting.day < on), default=on)
        settled = [
            each
            for each in self.decisions()
            if each.decided_on < on and each.settled_on and is_new < each.settled_on <= on
        ]
        # What became of them later was not known on that day.
        still_open = [replace(each, outcome="", settled_on=None) for each in self.open_decisions(on)]
        return [*still_open, *settled]

    def let_go(self, meeting: Meeting, on: date) -> None:
        """From now on, the data of a meeting need not be kept longer than those of any build."""
        with self._opened(is_written=True) as store:
            store.execute(
                "INSERT OR IGNORE INTO let_go (meeting, let_go_on) VALUES (?, ?)",
                (meeting.number, on.isoformat()),
            )

    def amend(self, successor: str, on: date) -> None:
        """Only the data with that mark are left: whatever meetings looked at, or what replaced it, opens in them."""
        marks = {mark for meeting in self.all() for mark in (meeting.snapshot, meeting.opens)}
        others = {(mark, successor, on.isoformat()) for mark in marks}
        with self._opened(is_written=True) as store:
            store.executemany(
                "INSERT INTO amended (snapshot, successor, amended_on) VALUES (?, ?, ?)"
                " ON CONFLICT (snapshot) DO UPDATE SET successor = excluded.successor, amended_on = excluded.amended_on",
                [each for each in others if each[0] != successor],
            )

    def amendment(self, snapshot: str) -> Amendment | None:
        """What became of data that a meeting looked at, if a person was purged from them; also found by the mark of the data
        that replaced them."""
        found = self._rows(
            "SELECT * FROM amended WHERE ? IN (snapshot, successor) ORDER BY amended_on DESC LIMIT 1",
            (snapshot,),
        )
        return next((Amendment(row["successor"], _day(row["amended_on"])) for row in found), None)

    def day_over(self, snapshot: str) -> date | None:
        """The day of the last meeting that looked at a snapshot, or at data it replaced; None if none did."""
        return next((meeting.day for meeting in self.all() if meeting.opens == snapshot), None)

    def snapshots(self) -> set[str]:
        """Marks of the data that meetings looked at, or of what replaced them. They are kept until somebody lets them go."""
        return {meeting.opens for meeting in self.all() if meeting.let_go_on is None}

    def back_up(self, to: Path) -> None:
        """Makes a whole copy, even while somebody writes. Raises OSError if `to` cannot be written."""
        to.parent.mkdir(parents=True, exist_ok=True)
        with self._opened() as store, closing(sqlite3.connect(to)) as copy:
            store.backup(copy)

    def _rows(self, sql: str, parameters: tuple = ()) -> Sequence[sqlite3.Row]:
        """The rows of a query, cached while the file does not change, since each page asks several times."""
        try:
            with self.path.open("rb") as file:
                state, header = os.fstat(file.fileno()), file.read(HEADER.stop)
        except FileNotFoundError:
            return ()
        # SQLite's count of changes, in case two happen within one tick of the clock.
        key = state.st_ino, state.st_size, state.st_mtime_ns, header[HEADER]
        return _read(self, key, sql, parameters)

    @contextmanager
    def _opened(self, is_written: bool = False) -> Iterator[sqlite3.Connection]:
        """A connection whose changes are all kept or none. Reading does not create the file."""
        if is_written:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        place = self.path if is_written or self.path.exists() else ":memory:"
        with closing(sqlite3.connect(place, timeout=30)) as store, store:
            store.row_factory = sqlite3.Row
            store.execute("PRAGMA foreign_keys = ON")
            _migrate(store)
            yield store


@functools.lru_cache(maxsize=256)
def _read(meetings: Meetings, key: Hashable, sql: str, parameters: tuple) -> Sequence[sqlite3.Row]:
    with meetings._opened() as store:
        return tuple(store.execute(sql, parameters))


def _migrate(store: sqlite3.Connection) -> None:
    """Brings a file of any earlier version up to this one, a step at a time."""
    steps = _steps()
    (version,) = store.execute("PRAGMA user_version").fetchone()
    if version > len(steps):
        raise OSError(f"{FILE} was written by a later version of leadstats")
    for number, step in enumerate(steps[version:], version + 1):
        store.executescript(f"BEGIN;\n{step}\nPRAGMA user_version = {number};\nCOMMIT;")


@functools.cache
def _steps() -> Sequence[str]:
    """The scripts that each bring the file up to the next version, in order."""
    found = sorted((QUERIES / "meetings").glob("*.sql"), key=lambda path: int(path.stem))
    return [step.read_text("utf-8") for step in found]


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _meeting(row: Any) -> Meeting:
    agenda = tuple(filter(None, row["agenda"].splitlines()))
    day, let_go_on = _day(row["day"]), _day(row["let_go_on"])
    return Meeting(
        row["number"], day, row["snapshot"], row["opens"], row["view"], agenda, row["notes"], let_go_on
    )


def _decision(row: Any) -> Decision:
    return Decision(
        row["number"],
        _day(row["day"]),
        row["words"],
        row["who"],
        _day(row["due"]),
        row["outcome"],
        _day(row["settled_on"]),
    )


def _objection(row: Any) -> Objection:
    return Objection(
        row["number"],
        _day(row["raised_on"]),
        row["metric"],
        tuple(row["about"].splitlines()),
        row["view"],
        row["words"],
        row["who"],
        row["outcome"],
        _day(row["settled_on"]),
    )
