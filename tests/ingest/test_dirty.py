"""Random dirty files: every row is accounted for, and what is loaded is what plain Python would load."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from conftest import Program
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from leadstats.ingest.report import COUNTS
from leadstats.model.schema import PATHWAYS, RACES, SCREENINGS

Line = Mapping[str, str]
# Good values stand several times, so that most rows come through and meet others of their kind.
DAYS = (
    *("2026-01-01", "2026-01-05", "2026-01-12", "2026-01-05T14:30", "2026-01-13") * 4,
    "2026-02-30",
    "1/5/2026",
    "26-01-05",
    "soon",
    "",
)
COLUMNS: Mapping[str, Mapping[str, Sequence[str]]] = {
    "person": {
        "person_id": ("P1", "P2", "P3", " P1 ", ""),
        "birth_date": ("1980-01-01", "1980-13-01", "", ""),
        "sex": ("Man", "Woman", ""),
        "race": ("White", "asian;White", "White;;", "Martian", "Unknown", ""),
    },
    "referral": {
        "referral_id": (),
        "person_id": (*(f"P{number}" for number in range(25)), ""),
        "referred_on": DAYS,
        "pathway": (*("community", "COMMUNITY", "social_contact") * 3, "street", ""),
        "screening": ("eligible", "Eligable", ""),
        "intake_completed_on": ("2026-01-20", "later", ""),
    },
    "enrollment": {
        "enrollment_id": (),
        "person_id": ("P1", "P2", ""),
        "started_on": DAYS,
        "exited_on": ("2026-01-01", "2026-01-05", "2026-02-01", "never", ""),
    },
    "contact": {
        "contact_id": (),
        "person_id": ("P1", "P5"),
        "contacted_on": DAYS,
        "kind": ("visit", "call", "letter", ""),
    },
    "jail_stay": {
        "stay_id": (),
        "person_id": ("P1", "P2"),
        "booked_at": ("2026-01-02", "2026-01-02T10:00", "2026-01-04 08:00", "2026-01-04T25:00", ""),
        "released_at": ("2026-01-02", "2026-01-01T09:00", "2026-01-06T12:00", "2026-01-09", "out", ""),
        "is_on_roster": ("yes", "NO", "maybe", ""),
    },
}  # fmt: skip
REQUIRED = {
    "person": ("person_id",),
    "referral": ("referral_id", "referred_on"),
    "enrollment": ("enrollment_id", "person_id", "started_on"),
    "contact": ("contact_id", "contacted_on"),
    "jail_stay": ("stay_id", "person_id", "booked_at"),
}
# By when an event began and ended, and how long after one part of it the next may follow.
SPANS = {
    "referral": ("referred_on", "referred_on", timedelta(days=1)),
    "enrollment": ("started_on", "exited_on", timedelta()),
    "contact": ("contacted_on", "contacted_on", timedelta(days=1)),
    "jail_stay": ("booked_at", "released_at", timedelta(hours=12)),
}
ENDS = ("exited_on", "released_at")
CHOICES = {"pathway": PATHWAYS, "screening": SCREENINGS}
KINDS_KEPT = ("visit", "call")
MAPPING = f'[[files]]\npattern = "contact.csv"\ntable = "contact"\n[files.only]\nkind = {list(KINDS_KEPT)}\n'
UNTIL = date(2026, 3, 31)
ADDED = "one cell too many"
UNREAD = "has an end that nobody can read"


def lines(table: str, size: int, chance: Random) -> list[Line]:
    """So many rows, with about a third as many different numbers, and some cells too many."""
    columns = COLUMNS[table]
    ids = [*map(str, range(1, size // 3 + 2)), ""]  # 0 stands for no number
    return [
        {name: chance.choice(values or ids) for name, values in columns.items()}
        | ({ADDED: "x"} if chance.random() < 0.05 else {})
        for _ in range(size)
    ]


# The columns of each table stand in the order of the schema, since equally full rows are told apart by it.


# The reading of cells, in plain Python.


def moment(text: str) -> datetime | None:
    if not re.fullmatch(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d)?)?", text):
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def races(text: str) -> list[str] | None:
    known = {race.lower(): race for race in RACES}
    found = sorted({known[part.strip().lower()] for part in text.split(";") if part.strip().lower() in known})
    return found if text else None


def value(name: str, text: str) -> Any:
    text = text.strip()
    if name in CHOICES:
        return {choice.lower(): choice for choice in CHOICES[name]}.get(text.lower())
    if name == "race":
        return races(text)
    if name == "is_on_roster":
        return {"yes": True, "no": False}.get(text.lower())
    if name in ("booked_at", "released_at"):
        return moment(text)
    if name.endswith(("_on", "_date")):
        found = moment(text)
        return found.date() if found else None
    return text or None


class Reference:
    """What a careful clerk would load from one table, and the fates of its rows."""

    def __init__(self, table: str, lines: Sequence[Line]):
        self.table, self.lines = table, lines
        whole = [each for each in lines if ADDED not in each]
        kept = [each for each in whole if table != "contact" or each["kind"] in KINDS_KEPT]
        typed = [{name: value(name, each[name]) for name in COLUMNS[table]} for each in kept]
        for row, each in zip(typed, kept, strict=True):
            row[UNREAD] = any(row[name] is None and each[name] for name in ENDS if name in row)
        good = [row for row in typed if self.is_good(row)]
        if table in SPANS:
            told_apart(good, REQUIRED[table][0], *SPANS[table])
        self.rows = list(self.deduplicated(good))
        self.counts = {
            "read": len(lines),
            "loaded": len(self.rows),
            "rejected": len(lines) - len(whole) + len(typed) - len(good),
            "duplicate": len(good) - len(self.rows),
            "out_of_scope": len(whole) - len(kept),
        }

    def is_good(self, row: dict[str, Any]) -> bool:
        if any(row[name] is None for name in REQUIRED[self.table]):
            return False
        if self.table == "enrollment":
            return not (row["exited_on"] and row["exited_on"] < row["started_on"])
        if self.table == "jail_stay" and row["released_at"]:
            booked, released = row["booked_at"], row["released_at"]
            is_bare_day = released.time() == datetime.min.time() and released.date() == booked.date()
            return released >= booked or is_bare_day
        return True

    def deduplicated(self, good: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        """The fullest row of each number, then the first by content, then one with an end that nobody can read."""
        key = REQUIRED[self.table][0]
        groups: dict[str, list[dict[str, Any]]] = {}
        for row in good:
            groups.setdefault(row[key], []).append(row)
        kept = [min(rows, key=fullness) for rows in groups.values()]
        if self.table == "referral":
            kept = list(unrepeated(kept))
        for row in kept:
            yield united(row, groups[row[key]]) if self.table == "jail_stay" else row


def told_apart(rows: Sequence[dict[str, Any]], number: str, first: str, last: str, slack: timedelta) -> None:
    """Gives the later of the events that share a number, which neither touch nor overlap, numbers of their own."""
    ends: dict[str, datetime] = {}
    places: Counter[str] = Counter()
    for row in sorted(rows, key=lambda row: (at(row[first]), at(row[last]))):
        shared = row[number]
        if shared not in ends or at(row[first]) > ends[shared] + slack:
            places[shared] += 1
        ends[shared] = max(ends.get(shared, datetime.min), at(row[last]))
        if places[shared] > 1:
            row[number] = f"{shared} / {places[shared]}"


def at(day: date | datetime | None) -> datetime:
    """As a time; what has no end goes on for ever."""
    if day is None:
        return datetime(9999, 1, 1)
    return day if isinstance(day, datetime) else datetime.combine(day, datetime.min.time())


def content(row: Mapping[str, Any]) -> list[tuple[bool, Any]]:
    return [(cell is None, cell if cell is not None else 0) for name, cell in row.items() if name != UNREAD]


def fullness(row: Mapping[str, Any]) -> tuple[int, list[tuple[bool, Any]], bool]:
    return sum(cell is None for cell in row.values()), content(row), not row[UNREAD]


def unrepeated(rows: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Referrals that are not within seven days of the last kept one of the person and pathway; nobody's are all kept."""
    last: dict[tuple[str, str], date] = {}
    order = sorted(
        rows, key=lambda row: (row["referred_on"], row["intake_completed_on"] or date.max, row["referral_id"])
    )
    for row in order:
        known = last.get((row["person_id"], row["pathway"]))
        if row["person_id"] is None or known is None or row["referred_on"] - known > timedelta(days=7):
            last[row["person_id"], row["pathway"]] = row["referred_on"]
            yield row


def united(row: dict[str, Any], rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The stay of which several rows are parts."""
    parts = [part for part in rows if part["person_id"] == row["person_id"]]
    latest = max(part["booked_at"] for part in parts)
    releases = [part["released_at"] for part in parts if part["released_at"]]
    has_end = any(part["released_at"] for part in parts if part["booked_at"] == latest)
    is_unread = any(part[UNREAD] for part in parts if part["booked_at"] == latest)
    flags = [part["is_on_roster"] for part in parts if part["is_on_roster"] is not None]
    return row | {
        "booked_at": min(part["booked_at"] for part in parts),
        "released_at": max(releases) if has_end else None,
        "is_on_roster": any(flags) if flags else None,
        UNREAD: is_unread and not has_end,
    }


def write(program: Program, files: Mapping[str, Sequence[Line]]) -> None:
    for table, lines in files.items():
        stream = io.StringIO()
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(COLUMNS[table])
        writer.writerows(
            [*(each[name] for name in COLUMNS[table]), *([each[ADDED]] if ADDED in each else [])]
            for each in lines
        )
        program.file(f"{table}.csv", stream.getvalue())
    program.file("mapping.toml", MAPPING).site(data_through=UNTIL)


def listed(rows: Sequence[Mapping[str, Any]], *names: str) -> list[tuple[Any, ...]]:
    return sorted((tuple(row[name] for name in names) for row in rows), key=repr)


def stays(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The stays that count: an open one needs the roster, or if there is none, an end that is truly empty."""
    end = datetime.combine(UNTIL + timedelta(days=1), datetime.min.time())
    has_roster = any(row["is_on_roster"] is not None for row in rows)
    counted = [
        row for row in rows if row["released_at"] or row["is_on_roster"] or not (has_roster or row[UNREAD])
    ]
    return [row | {"out_at": min(row["released_at"] or end, end)} for row in counted]


# Not shrunk: a build takes too long to be run a thousand times over.
@settings(
    max_examples=4,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.integers(0, 300), st.integers())
def test_what_is_loaded_from_dirty_files_is_what_plain_python_loads(
    make_program, tmp_path_factory, most, seed
):
    chance = Random(seed)
    files = {table: lines(table, chance.randint(0, most), chance) for table in COLUMNS}
    program = make_program(tmp_path_factory.mktemp("dirty"))
    write(program, files)
    # A row without anything in it is a blank line.
    held = {
        table: [each for each in rows if any(map(str.strip, each.values()))] for table, rows in files.items()
    }
    wanted = {table: Reference(table, rows) for table, rows in held.items()}

    report = program.build()

    found = {each.table: {name: getattr(each, name) for name in COUNTS} for each in report.accounts}
    assert found == {table: reference.counts for table, reference in wanted.items()}
    for counts in found.values():
        assert counts["read"] == sum(counts[name] for name in COUNTS[1:])
    rows = {table: reference.rows for table, reference in wanted.items()}
    people = {
        person: key
        for key, person in enumerate(
            sorted({row["person_id"] for held in rows.values() for row in held} - {None}), 1
        )
    }
    for held in rows.values():
        for row in held:
            row["person_key"] = people.get(row["person_id"])

    for row in rows["referral"]:
        row["pathway"] = row["pathway"] or "unknown"
    columns = "person_key, event_date, dimensions.pathway, screening, intake_on FROM program.referral"
    referrals = listed(
        rows["referral"], "person_key", "referred_on", "pathway", "screening", "intake_completed_on"
    )
    assert (
        listed(
            program.rows(f"SELECT {columns}"), "person_key", "event_date", "pathway", "screening", "intake_on"
        )
        == referrals
    )
    for row in rows["enrollment"]:
        row["exited_on"] = row["started_on"] if row[UNREAD] else row["exited_on"]
    spans = program.rows("SELECT person_key, started_on, exited_on FROM program.enrollment")
    assert (
        listed(spans, *spans[0]) == listed(rows["enrollment"], *spans[0]) if spans else not rows["enrollment"]
    )
    met = program.rows("SELECT person_key, event_date FROM program.contact")
    assert listed(met, "person_key", "event_date") == listed(rows["contact"], "person_key", "contacted_on")
    inside = program.rows("SELECT person_key, booked_at, out_at FROM program.stay")
    assert listed(inside, "person_key", "booked_at", "out_at") == listed(
        stays(rows["jail_stay"]), "person_key", "booked_at", "out_at"
    )
    described = {
        row["person_key"]: row
        for row in program.rows("SELECT person_key, birth_date, sex, races FROM program.person")
    }
    assert set(described) == set(people.values())
    for row in rows["person"]:
        told = described[row["person_key"]]
        assert (told["birth_date"], told["sex"], told["races"]) == (
            row["birth_date"],
            row["sex"],
            row["race"] or ["Unknown"],
        )
    program.close()
