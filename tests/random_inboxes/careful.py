"""A careful person who knows the systems behind the files: what they answer, and the numbers that they count by hand.

What they accept of each row, `layouts` writes down beside the cells: a cell that nobody can read is not known, and
costs no more than itself; a record without its day is no record of any month; a copy is no second event.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

from leadstats.assistant.questions import BETWEEN, EVERY_ROW, LEFT, MappingQuestion
from leadstats.model.settings import ROW
from tests.random_inboxes.layouts import UNREADABLE, File
from tests.random_inboxes.programs import FIRST, LAST, Row

Counts = Mapping[str, float]  # by month or by category
# The metric that counts the rows of a table, and the column of their day.
COUNTED = {
    "referral": ("referrals_received", "referred_on"),
    "contact": ("contacts_made", "contacted_on"),
    "arrest": ("arrests", "arrested_at"),
    "stop": ("stops", "stopped_at"),
}
MARKED = {
    "eligible_arrests": ("arrest", "is_charge_eligible"),
    "arrests_diverted": ("arrest", "is_diverted"),
    "stops_with_arrest": ("stop", "is_arrested"),
}


# Answers


def answer(files: Sequence[File], question: MappingQuestion) -> str | None:
    """None: what they would say is not offered."""
    file = _file(files, question)
    offered = [option for option, _ in question.options]
    said = _said(file, _about(file, question), offered)
    return said if said is not None and all(each in offered for each in said.split(BETWEEN)) else None


def is_needless(files: Sequence[File], question: MappingQuestion) -> bool:
    """Whether anybody could tell from the file alone: a day above 12 tells days from months, and of columns that say
    neither who nor what nor when nobody has to be told that they do not count."""
    file = _file(files, question)
    what = _about(file, question)
    if what == "dates":
        return file.has_telling_days
    return what.startswith("rows by ") and (file.void is None or what != f"rows by {file.void[0]}")


def _file(files: Sequence[File], question: MappingQuestion) -> File:
    return next(each for each in files if each.name == question.file)


def _about(file: File, question: MappingQuestion) -> str:
    return question.key.partition(": ")[2].removeprefix(f"{file.table}.")


def _said(file: File, what: str, offered: Sequence[str]) -> str | None:
    column, is_word, word = what.partition(" = ")
    if is_word:
        meanings = {theirs.lower(): ours for theirs, ours in file.words.get(column, {}).items()}
        parts = {meanings.get(part) for part in re.split(r"; ?|, |\||/| and ", word.lower())}
        otherwise = "unknown" if column == "pathway" else "Two or more" if len(parts - {None}) > 1 else ""
        return str(meanings.get(word.lower(), otherwise))
    if what == "table":
        return file.table
    if what == "dates":
        return "day first" if file.is_day_first else "month first"
    if what == "numbering":
        return "one numbering"
    if what.startswith("rows by "):
        if file.void and what == f"rows by {file.void[0]}":
            return BETWEEN.join(each for each in offered if each not in (EVERY_ROW, file.void[1]))
        return EVERY_ROW
    if column in file.columns:
        header = file.columns[column]
        return header if header in offered else f"{header} Date"
    return next((each for each in (LEFT, ROW, "") if each in offered), None)


# Numbers, by hand


def numbers(files: Iterable[File]) -> dict[tuple[str, str], Counts]:
    """What each metric counts, by month or by the categories of a breakdown; nothing of what no file holds."""
    rows = {file.table: file.rows for file in files}
    has = {file.table: file.columns for file in files}
    people = rows.get("person", [])
    found: dict[tuple[str, str], Counts] = {}
    for table, (metric, dated) in COUNTED.items():
        # A list of stops tells some arrests, too.
        if table in rows or (table, "stop" in rows) != ("arrest", True):
            found[metric, "month"] = _by_month(row[dated] for row in rows.get(table, ()))
        if table in rows and "race" in has[table]:
            found[metric, "race"] = _by_race(rows[table], dated, people)
    for metric, (table, column) in MARKED.items():
        marked = [row for row in rows.get(table, ()) if _is_marked(row, column)]
        found[metric, "month"] = _by_month(row[COUNTED[table][1]] for row in marked)
    if "referral" in rows:
        found |= _of_referrals(rows["referral"], has["referral"], people)
    if "enrollment" in rows:
        found |= _of_enrollments(rows["enrollment"])
    if "jail_stay" in rows:
        found |= _of_stays(rows["jail_stay"])
    if "arrest" in rows and people:
        sex = {row["person_id"]: row["sex"] for row in people}
        arrests = (row for row in rows["arrest"] if _is_in_year(row["arrested_at"]))
        found["arrests", "sex"] = Counter(sex.get(row["person_id"], "Unknown") for row in arrests)
    for by in ("race", "neighborhood") if "population" in rows else ():
        heads: Counter[str] = Counter()
        for row in rows["population"]:
            heads[_group(row["race"]) if by == "race" else row["neighborhood"]] += row["people"]
        found["population", by] = heads
    return found


def _is_marked(row: Row, column: str) -> bool:
    """A diversion of a charge that is known to be off the list is none."""
    return row[column] is True and (column != "is_diverted" or row["is_charge_eligible"] is not False)


def _of_referrals(rows: Sequence[Row], columns: Iterable[str], people: Sequence[Row]) -> dict:
    known = [row for row in rows if row["person_id"] is not None and _is_in_year(row["referred_on"])]
    found = {("people_referred", "month"): _people(known, lambda row: f"{row['referred_on']:%Y-%m}")}
    for by in {"pathway", "source_agency"} & {*columns}:
        found["people_referred", by] = _people(known, lambda row, by=by: row[by])
    if people:
        races = {row["person_id"]: _group(row["race"]) for row in people}
        sexes = {row["person_id"]: row["sex"] for row in people}
        for by, said in (("race", races), ("sex", sexes)):
            found["people_referred", by] = _people(
                known, lambda row, said=said: said.get(row["person_id"], "Unknown")
            )
    return found


def _of_enrollments(rows: Sequence[Row]) -> dict:
    """Nobody has two. Whose exit cannot be read has left, nobody knows when."""
    begun = [row for row in rows if row["started_on"] <= LAST]
    ended = [row["exited_on"] for row in rows if isinstance(row["exited_on"], date)]
    still_in = sum(
        row["exited_on"] is None or row["exited_on"] in ended and row["exited_on"] > LAST for row in begun
    )
    return {
        ("people_enrolled", "month"): _by_month(row["started_on"] for row in rows),
        ("people_exited", "month"): _by_month(ended),
        ("active_caseload", "at the end"): {"at the end": still_in},
    }


def _of_stays(rows: Sequence[Row]) -> dict:
    """A stay whose end cannot be read is unresolved and counts for nothing; one without an end goes on."""
    resolved = [row for row in rows if row["released_at"] is not UNREADABLE]
    nights: Counter[str] = Counter()
    for row in resolved:
        night, end = row["booked_at"].date(), LAST + timedelta(days=1)
        while night < (row["released_at"].date() if row["released_at"] else end):
            nights[f"{night:%Y-%m}"] += _is_in_year(night)
            night += timedelta(days=1)
    return {
        ("jail_bookings", "month"): _by_month(row["booked_at"] for row in resolved),
        ("jail_nights", "month"): nights,
    }


def _by_race(rows: Iterable[Row], dated: str, people: Iterable[Row]) -> Counts:
    """What the record says of race, else what is known of the person."""
    known = {row["person_id"]: row["race"] for row in people}
    return Counter(
        _group(row["race"] or known.get(row.get("person_id"), ())) for row in rows if _is_in_year(row[dated])
    )


def _group(races: Iterable[str]) -> str:
    named = sorted(races)
    return "Two or more" if len(named) > 1 else named[0] if named else "Unknown"


def _by_month(days: Iterable[date]) -> Counts:
    return Counter(f"{day:%Y-%m}" for day in days if _is_in_year(day))


def _is_in_year(day: date) -> bool:
    return FIRST <= (day.date() if isinstance(day, datetime) else day) <= LAST


def _people(rows: Iterable[Row], label: Callable[[Row], str]) -> Counts:
    """Different people by label."""
    return Counter(each for each, _ in {(label(row), row["person_id"]) for row in rows})
