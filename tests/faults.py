"""Faults of real exports, planted into a clean inbox at random places: what must be said of each.

A `Row` fault is a row, or a few, of one table; all of them go into one inbox together. A `File` fault
replaces or adds whole files, and stands alone, since it may keep the rest from being read.
"""

import csv
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random
from typing import Any

import openpyxl
from files import LOCKED, a_workbook

Cells = Mapping[str, Any]
TABLES: Mapping[str, Sequence[str]] = {
    "person": ("person_id", "birth_year", "birth_date", "race", "sex"),
    "referral": (
        "referral_id", "person_id", "referred_on", "pathway", "neighborhood", "screening", "intake_completed_on",
    ),
    "enrollment": ("enrollment_id", "person_id", "started_on", "exited_on"),
    "contact": ("contact_id", "person_id", "contacted_on", "kind"),
    "arrest": (
        "arrest_id", "person_id", "arrested_at", "neighborhood", "latitude", "longitude", "is_diverted", "race",
    ),
    "jail_stay": ("stay_id", "person_id", "booked_at", "released_at", "is_on_roster"),
    "living_situation": ("person_id", "observed_on", "code"),
    "housing": ("person_id", "project_type", "entered_on", "exited_on", "destination"),
    "population": ("neighborhood", "race", "people"),
    "person_link": ("source", "source_person_id", "person_id"),
}  # fmt: skip
CLEAN: Mapping[str, Cells] = {
    "person": {"race": "White", "sex": "Man", "birth_year": 1980},
    "referral": {"referred_on": "2026-01-05", "pathway": "community", "neighborhood": "Mill Row"},
    "enrollment": {"started_on": "2026-01-10"},
    "contact": {"contacted_on": "2026-01-12", "kind": "visit"},
    "arrest": {"arrested_at": "2026-01-03T10:00", "neighborhood": "North End", "race": "Asian"},
    "jail_stay": {"booked_at": "2026-01-03T10:00", "released_at": "2026-01-06", "is_on_roster": "no"},
    "living_situation": {"observed_on": "2026-01-05", "code": 116},
    "housing": {"project_type": 3, "entered_on": "2026-01-05"},
    "population": {"neighborhood": "Mill Row", "race": "White", "people": 100},
    "person_link": {"source": "jail_stay"},
}
CLEAN_ROWS = 4
FUTURE = (date.today() + timedelta(days=40)).isoformat()


@dataclass(frozen=True)
class Said:
    """What must be told: code, severity, file, row as a spreadsheet shows it, column, and how to fix it."""

    code: str
    severity: str
    fix: str
    column: str | None = None
    file: str | None = None
    row: int | None = None


@dataclass(frozen=True)
class Row:
    """Rows of one table of which one is reported: by its index here, or the last in the file."""

    name: str
    table: str
    rows: Sequence[Cells]
    said: Said
    reported: int | None = -1  # None: whichever comes last in the file


@dataclass(frozen=True)
class File:
    """Files of which one is at fault."""

    name: str
    files: Mapping[str, str | bytes | None]
    said: Said
    only: bool = False  # they are the whole inbox; else clean tables lie beside them

    @property
    def is_apart(self) -> bool:
        """Whether a folder of its own keeps it from touching any other file."""
        return not self.only and not any(
            name.endswith((".toml", ".geojson", "corrections.csv")) for name in self.files
        )


def row(
    name: str,
    table: str,
    code: str,
    column: str | None,
    fix: str,
    *rows: Cells,
    severity: str = "warning",
    reported: int | None = -1,
) -> Row:
    return Row(name, table, rows, Said(code, severity, fix, column, f"{table}.csv"), reported)


READ, MAP = "Correct it in your system", "map it in mapping.toml"
HEARD = "Nothing to do"
ROWS = (
    row("a required date in words", "referral", "LD-203", "referred_on", READ, {"referred_on": "soon"}),
    row("a date in the American way", "contact", "LD-203", "contacted_on", "state the form", {"contacted_on": "1/5/2026"}),
    row("a year of two digits", "enrollment", "LD-203", "started_on", READ, {"started_on": "26-01-05"}),
    row("an hour that no clock shows", "arrest", "LD-203", "arrested_at", READ, {"arrested_at": "2026-01-05T25:00"}),
    row("a day that no month has", "living_situation", "LD-203", "observed_on", READ, {"observed_on": "2026-02-30"}),
    row("a pathway misspelt", "referral", "LD-204", "pathway", MAP, {"pathway": "comunity"}),
    row("residents in words", "population", "LD-203", "people", READ, {"people": "many"}),
    row("fewer than no residents", "population", "LD-203", "people", READ, {"people": "-5"}),
    row("a code in words", "living_situation", "LD-203", "code", READ, {"code": "street"}),
    row("nobody's enrollment", "enrollment", "LD-202", "person_id", "Fill the cell", {"person_id": ""}),
    row("a contact without a number", "contact", "LD-202", "contact_id", "Fill the cell", {"contact_id": ""}),
    row("no source of a link", "person_link", "LD-202", "source", "Fill the cell", {"source": ""}),
    row("an intake in words", "referral", "LD-204", "intake_completed_on", MAP, {"intake_completed_on": "later"}),
    row("a screening misspelt", "referral", "LD-204", "screening", MAP, {"screening": "eligable"}),
    row("a flag that is neither", "arrest", "LD-204", "is_diverted", MAP, {"is_diverted": "maybe"}),
    row("a latitude beyond the pole", "arrest", "LD-204", "latitude", MAP, {"latitude": 123, "longitude": -122.5}),
    row("a year of birth with a letter", "person", "LD-204", "birth_year", MAP, {"birth_year": "19x5"}),
    row("a birthday that no year has", "person", "LD-204", "birth_date", MAP, {"birth_date": "1980-02-30"}),
    row("a race misspelt", "person", "LD-204", "race", MAP, {"race": "Whte"}),
    row("a destination in words", "housing", "LD-204", "destination", MAP, {"destination": "home"}),
    row("the last day of a database", "enrollment", "LD-211", "exited_on", HEARD, {"exited_on": "9999-12-31"}, severity="note"),
    row("a race that is no group", "arrest", "LD-205", "race", HEARD, {"race": "Other"}, severity="note"),
    row("a kind of contact that no list has", "contact", "LD-212", "kind", "if none of these is meant", {"kind": "pottery class"}, severity="note"),
    row(
        "one number, two contents", "enrollment", "LD-301", "enrollment_id", "Find out which row is right",
        {"enrollment_id": "twice", "person_id": "a"}, {"enrollment_id": "twice", "person_id": "a", "exited_on": "2026-02-01"}, reported=0,
    ),
    row(
        "one booking of two people", "jail_stay", "LD-301", "stay_id", "Find out which row is right",
        {"stay_id": "both", "person_id": "J0"}, {"stay_id": "both", "person_id": "J1", "released_at": ""}, reported=1,
    ),
    row(
        "one row twice", "contact", "LD-302", "contact_id", HEARD,
        {"contact_id": "copy", "person_id": "a"}, {"contact_id": "copy", "person_id": "a"}, severity="note", reported=None,
    ),
    row(
        "one referral twice in a week", "referral", "LD-303", "referred_on", HEARD,
        {"person_id": "again", "referred_on": "2026-01-05"}, {"person_id": "again", "referred_on": "2026-01-11"}, severity="note",
    ),
    row(
        "a booking in two cells", "jail_stay", "LD-306", "stay_id", HEARD,
        {"stay_id": "moved", "person_id": "J0"},
        {"stay_id": "moved", "person_id": "J0", "booked_at": "2026-01-06", "released_at": "", "is_on_roster": "yes"}, severity="note",
    ),
    row(
        "one number, two months", "contact", "LD-307", "contact_id", "share a number",
        {"contact_id": "again", "person_id": "a", "contacted_on": "2026-01-02"}, {"contact_id": "again", "person_id": "a", "contacted_on": "2026-02-20"},
    ),
    row("a person whom nobody linked", "jail_stay", "LD-304", "person_id", "Ask the agency", {"person_id": "J99"}, severity="note"),
    row("out before in", "enrollment", "LD-311", "exited_on", "Correct one of the two", {"exited_on": "2025-12-01"}),
    row("out of the shelter before in", "housing", "LD-311", "exited_on", "Correct one of the two", {"exited_on": "2025-12-01"}),
    row("released before booked", "jail_stay", "LD-312", "released_at", "Correct one of the two", {"released_at": "2026-01-01"}),
    row("a link of an unknown source", "person_link", "LD-313", "source", "Write the table", {"source": "jial_stay"}),
    row("a stay of six years", "jail_stay", "LD-314", "booked_at", "a release may be missing", {"booked_at": "2019-01-01", "released_at": "2025-06-01"}),
    row("a contact next month", "contact", "LD-315", "contacted_on", "Correct the date", {"contacted_on": FUTURE}),
    row("met before named", "referral", "LD-316", "intake_completed_on", "Correct one of the two", {"intake_completed_on": "2026-01-01"}),
    row("a situation of an older list", "living_situation", "LD-317", "code", "Map the codes", {"code": 16}),
    row("a destination of an older list", "housing", "LD-317", "destination", "Map the codes", {"exited_on": "2026-02-01", "destination": 10}),
    row("neither released nor on the roster", "jail_stay", "LD-318", "released_at", "Ask the jail", {"released_at": ""}),
    row("an arrest of somebody unknown", "arrest", "LD-341", "person_id", HEARD, {"person_id": "UNKNOWN"}),
    row("a shelter that nobody entered", "housing", "LD-327", "entered_on", "Fill in", {"entered_on": ""}),
    row("a shelter left and not entered", "housing", "LD-328", "entered_on", "Fill in", {"entered_on": "", "exited_on": "2026-02-01"}, severity="note"),
    row("a place that the map lacks", "referral", "LD-402", "neighborhood", "Use the map's names", {"neighborhood": "Mil Row"}),
    row("a point in another state", "arrest", "LD-404", "latitude", HEARD, {"neighborhood": "", "latitude": 30.5, "longitude": -90.5}, severity="note"),
    row("a point in the sea", "arrest", "LD-406", "latitude", "Leave both cells empty", {"neighborhood": "", "latitude": 0, "longitude": 0}),
)  # fmt: skip


def shape(name: str | None, ring: Sequence[Sequence[float]]) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": {"name": name},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


def square(west: float, south: float) -> list[list[float]]:
    return [[west, south], [west + 1, south], [west + 1, south + 1], [west, south + 1], [west, south]]


def places(*more: dict[str, Any], shift: float = 0) -> str:
    squares = [shape("Mill Row", square(-123 + shift, 47)), shape("North End", square(-122 + shift, 47))]
    return json.dumps({"type": "FeatureCollection", "features": [*squares, *more]})


def workbook() -> bytes:
    book, content = openpyxl.Workbook(), io.BytesIO()
    for sheet, cells in (("contact", TABLES["contact"]), ("Notes", ("a", "b"))):
        book.create_sheet(sheet).append(list(cells))
    del book["Sheet"]
    book.save(content)
    return content.getvalue()


def archive(name: str, content: bytes = b"") -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(name, content)
    return stream.getvalue()


def mapping(pattern: str, table: str, columns: str) -> str:
    return f'[[files]]\npattern = "{pattern}"\ntable = "{table}"\n[files.columns]\n{columns}\n'


HMIS: Mapping[str, str | None] = {
    "Export.csv": "ExportID,CSVVersion,ExportDate,ExportEndDate\n1,2024 v1.3,2026-03-01,2026-03-01\n",
    "Client.csv": "PersonalID,White,RaceNone,DOB\n5,1,,1980-05-05\n",
    "Project.csv": "ProjectID,ProjectType\nP,3\n",
    "Enrollment.csv": "EnrollmentID,PersonalID,ProjectID,EntryDate,MoveInDate,DateDeleted\nE,5,P,2026-01-10,,\n",
    "Exit.csv": "EnrollmentID,PersonalID,ExitDate,Destination\nE,5,2026-02-01,410\n",
}
SIGNED = "wrong,Data office,2026-02-01"
CORRECTED = (
    ("a correction", f"referral,r0,pathway,unknown,{SIGNED},", "LD-331", "note", "Correct", "pathway"),
    ("a correction without a reason", "referral,r1,pathway,unknown,,Data office,2026-02-01,", "LD-332", "warning", "Fix this row", "reason"),
    ("a correction of no row", f"referral,none,pathway,unknown,{SIGNED},", "LD-333", "warning", "Compare the key", "pathway"),
    ("a correction of another value", f"referral,r2,pathway,unknown,{SIGNED},social_contact", "LD-334", "warning", "Look at the row", "pathway"),
    ("a correction no longer needed", f"referral,r3,pathway,community,{SIGNED},", "LD-335", "note", "Remove the row", "pathway"),
)  # fmt: skip
CORRECTIONS = "table,key,column,new_value,reason,who,when,old_value\n" + "".join(
    f"{line}\n" for _, line, *_ in CORRECTED
)
REFERRALS = ",".join(TABLES["referral"]) + "\n"
ONE = "1,1,2026-01-05,community,,,\n"
TEN = "".join(f"{n},{n},2026-01-05,community,,,\n" for n in range(1, 11))


def file(
    name: str,
    files: Mapping[str, str | bytes | None],
    code: str,
    severity: str,
    fix: str,
    at: str | None = None,
    row: int | None = None,
    column: str | None = None,
    only: bool = False,
) -> File:
    return File(
        name, files, Said(code, severity, fix, column, next(iter(files)) if at is None else at, row), only
    )


def hmis(
    name: str,
    code: str,
    severity: str,
    fix: str,
    at: str | None,
    row: int | None = None,
    column: str | None = None,
    **files: str | None,
) -> File:
    changed = {**HMIS, **{f"{stem}.csv": content for stem, content in files.items()}}
    return file(name, changed, code, severity, fix, at, row, column, only=True)


ROSTERS = {
    f"roster_2026-01-0{day}.csv": f"Who,Booked\n{''.join(f'{who},2025-12-20{chr(10)}' for who in inside)}"
    for day, inside in ((1, "AB"), (2, "AB"), (5, "A"))
}
ROSTER_COLUMNS = 'person_id = "Who"\nbooked_at = "Booked"'
CONTACTS = [["contact_id", "person_id", "contacted_on"], [1, 1, "2026-01-05"]]
FULL = [*CONTACTS, *[[]] * 65_533, [2, 1, "2026-01-06"]]
FILES = (
    file("an empty file", {"contact.csv": b""}, "LD-104", "error", "again"),
    file("bytes that are not text", {"contact.csv": b"a\0b"}, "LD-105", "error", "as CSV"),
    file("a page of the web", {"contact.csv": "<!DOCTYPE html><html>"}, "LD-105", "error", "as CSV"),
    file("a quotation mark left open", {"contact.csv": 'contact_id,person_id,contacted_on\n1,"1,2026-01-05\n'}, "LD-106", "error", "Look at this row", row=2),
    file("a damaged workbook", {"contact.xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"}, "LD-105", "error", "as CSV"),
    file("a locked workbook", {"contact.xlsx": LOCKED}, "LD-130", "error", "without one"),
    file("an empty file of an unknown name", {"Notes.csv": b""}, "LD-104", "error", "again"),
    file("a workbook of a later time", {"Contacts.numbers": b"PK"}, "LD-131", "warning", "save it as xlsx"),
    file("a sheet for each month", {"Months.xlsx": a_workbook(May=CONTACTS, June=CONTACTS)}, "LD-132", "error", "onto one"),
    file("a sheet that ends where its format does", {"contact.csv": None, "contact.xlsx": a_workbook(contact=FULL)}, "LD-107", "warning", "which has no end", at="contact.xlsx", row=65_536),
    file("a table of something else", {"Staff.csv": "badge,shift\n7,late\n8,early\n"}, "LD-133", "warning", "map INBOX"),
    file("half an archive", {"more.zip": b"PK\3\4 and no more"}, "LD-102", "error", "Copy or download"),
    file("a name that leads outside", {"more.zip": archive("../../etc/x.csv")}, "LD-103", "error", "yourself"),
    file("a bomb", {"more.zip": archive("contact.csv", b"0" * 60_000_000)}, "LD-103", "error", "yourself"),
    file("a row too long", {"referral.csv": REFERRALS + ONE + "2,2,2026-01-05,community,,,,and,more\n"}, "LD-109", "warning", "separator or line break", row=3),
    file("a row too short", {"referral.csv": REFERRALS + "2,2,2026-01-05\n" + ONE}, "LD-109", "warning", "separator or line break", row=2),
    file("a stray quotation mark", {"referral.csv": REFERRALS + '2,"2"x,2026-01-05,community,,,\n' + ONE}, "LD-110", "warning", "Correct the row", row=2),
    file("letters of Windows", {"contact.csv": "contact_id,person_id,contacted_on,kind\n1,1,2026-01-05,caf\u00e9\n".encode("cp1252")}, "LD-111", "warning", "as UTF-8", row=2),
    file("a time of another zone", {"contact.csv": "contact_id,person_id,contacted_on\n1,1,2026-01-05T05:30Z\n"}, "LD-134", "decision", "time zone of the county", row=2, column="contacted_on"),
    file("days as midnights of a zone", {"contact.csv": "contact_id,person_id,contacted_on\n1,1,2026-01-05T00:00Z\n"}, "LD-135", "note", HEARD, row=2, column="contacted_on"),
    file("semicolons", {"contact.csv": "contact_id;person_id;contacted_on\n1;1;2026-01-05\n"}, "LD-112", "note", HEARD),
    file("a file of something else", {"notes.txt": "Call the jail.\nAsk for the roster.\n"}, "LD-113", "note", "add it to mapping.toml"),
    file("a column of something else", {"contact.csv": "contact_id,person_id,contacted_on,Mood\n1,1,2026-01-05,fine\n"}, "LD-114", "note", "add it to mapping.toml"),
    file("a second sheet", {"contact.csv": None, "contact.xlsx": workbook()}, "LD-115", "note", "name it with", at="contact.xlsx"),
    file("a setting that does not exist", {"site.toml": 'nmae = "X"\n'}, "LD-108", "error", "docs/mapping.md"),
    file("a setting of a former version", {"site.toml": "fiscal_year_start_month = 7\n"}, "LD-120", "note", "Remove the line"),
    file("settings that are not TOML", {"mapping.toml": "[[files]\n"}, "LD-108", "error", "docs/mapping.md"),
    file("a required column missing", {"contact.csv": "contact_id,contacted_on\n1,2026-01-05\n"}, "LD-201", "error", "Add the column", row=1),
    file("a file under another name", {"contacts.csv": "contact_id,person_id,contacted_on\n1,1,2026-01-05\n"}, "LD-206", "decision", "INBOX"),
    file("a header twice", {"c.csv": "N,P,P,D\n", "mapping.toml": mapping("c.csv", "contact", 'contact_id = "N"\nperson_id = "P"\ncontacted_on = "D"')}, "LD-207", "decision", "P_2", column="P"),
    file("two maps", {"other.geojson": places(shift=5)}, "LD-207", "decision", "boundary_file", at=""),
    file("a mapped column missing", {"c.csv": "N,P,D\n", "mapping.toml": mapping("c.csv", "contact", 'contact_id = "N"\nperson_id = "Q"\ncontacted_on = "D"')}, "LD-208", "error", "Correct the name"),
    file("a mapped column that may be missing", {"c.csv": "N,P,D\n", "mapping.toml": mapping("c.csv", "contact", 'contact_id = "N"\nperson_id = "P"\ncontacted_on = "D"\nkind = "K"')}, "LD-210", "warning", "Correct the name"),
    file("a file under a new name", {"march.csv": "N,P,D\n1,1,2026-01-05\n", "mapping.toml": mapping("february.csv", "contact", 'contact_id = "N"\nperson_id = "P"\ncontacted_on = "D"').replace("[files.columns]", 'headers = ["N", "P", "D"]\n[files.columns]')}, "LD-241", "note", HEARD),
    file("a mapped column of ends missing", {"e.csv": "N,P,D,Gone Home\n1,1,2026-01-05,2026-01-07\n", "mapping.toml": mapping("e.csv", "enrollment", 'enrollment_id = "N"\nperson_id = "P"\nstarted_on = "D"\nexited_on = "Left"')}, "LD-242", "held", "under its new name"),
    file("a program that nobody judged", {"c.csv": "N,P,D,Program\n1,1,2026-01-05,LEAD\n2,2,2026-01-05,Owls\n", "mapping.toml": mapping("c.csv", "contact", 'contact_id = "N"\nperson_id = "P"\ncontacted_on = "D"') + '[files.only]\nProgram = ["LEAD"]\n[files.left_out]\nProgram = ["Shelter"]\n'}, "LD-243", "decision", "whether these rows count", column="Program"),
    file("two offices that number alike", {f"{office}/referral.csv": REFERRALS + "".join(f"{n},{office}{n},2026-01-{n:02},community,,,\n" for n in range(1, 11)) for office in ("south", "north")}, "LD-244", "decision", "whose numbers they are", only=True),
    file("a wrong year", {"referral.csv": REFERRALS + "".join(f"{n},{n},2025-{n // 4 + 1:02}-{n % 4 * 7 + 1:02},community,,,\n" for n in range(40)) + "99,99,2019-01-05,community,,,\n"}, "LD-330", "warning", "which days the export covers", row=42, column="referred_on", only=True),
    file("nothing at all", {}, "LD-209", "error", "Put exports", at="", only=True),
    file("lists read as stays", {**ROSTERS, "mapping.toml": mapping("roster_*.csv", "jail_stay", 'stay_id = "Who"\n' + ROSTER_COLUMNS)}, "LD-320", "decision", "jail_roster", only=True),
    file("days without a list", {**ROSTERS, "mapping.toml": mapping("roster_*.csv", "jail_roster", ROSTER_COLUMNS)}, "LD-322", "warning", "Ask the jail", at="", only=True),
    file("listed before booked", {"roster_20260101.csv": "Who,Booked\nA,2026-01-03\n", "mapping.toml": mapping("roster_*.csv", "jail_roster", ROSTER_COLUMNS)}, "LD-326", "note", "Ask the jail", row=2, column="Booked", only=True),
    file("numbers cut by a spreadsheet", {"stop.csv": "stop_id,person_id,stopped_at\n2.02401E+11,1,2026-01-05\n"}, "LD-342", "error", "as text", row=2, column="stop_id", only=True),
    file("one person in half of all arrests", {"arrest.csv": "arrest_id,person_id,arrested_at\n" + "".join(f"{n},{n % 2 * 777 or n},2026-01-05\n" for n in range(2, 80))}, "LD-343", "warning", "site.toml", row=3, column="person_id", only=True),
    file("links that may be merges", {"referral.csv": REFERRALS + TEN, "stop.csv": "stop_id,person_id,stopped_at\n" + "".join(f"{n},{n},2026-01-05\n" for n in range(1, 11)), "person_link.csv": "source,source_person_id,person_id\n" + "".join(f"stop,{n},{n % 10 + 1}\n" for n in range(1, 11))}, "LD-344", "decision", "own_numbers", at="", column="source", only=True),
    file("numbers without their zeros", {"referral.csv": REFERRALS + TEN, "stop.csv": "stop_id,person_id,stopped_at\n" + "".join(f"{n},00{n},2026-01-05\n" for n in range(1, 11))}, "LD-345", "decision", "ignore", at="", column="person_id", only=True),
    file("some numbers without their zeros", {"referral.csv": REFERRALS + TEN, "stop.csv": "stop_id,person_id,stopped_at\n" + "".join(f"{n},{n // 6 * '0'}{n},2026-01-05\n" for n in range(1, 11))}, "LD-346", "warning", "ignore", at="", column="person_id", only=True),
    file("nobody in common", {"referral.csv": REFERRALS + ONE, "stop.csv": "stop_id,person_id,stopped_at\n1,P1,2026-01-05\n"}, "LD-347", "warning", "docs/linking.md", at="", column="person_id", only=True),
    file("open stays and no roster", {"jail_stay.csv": "stay_id,person_id,booked_at\n1,1,2026-01-05\n"}, "LD-319", "note", "Ask for a flag", row=2, column="released_at", only=True),
    *(
        File(name, {"corrections.csv": CORRECTIONS}, Said(code, severity, fix, column, "corrections.csv", line))
        for line, (name, _, code, severity, fix, column) in enumerate(CORRECTED, start=2)
    ),
    file("a map in feet", {"places.geojson": json.dumps({"type": "FeatureCollection", "features": [shape("A", square(1e6, 2e5))]})}, "LD-401", "error", "coordinate system"),
    file("a shape without a name", {"places.geojson": places(shape(None, square(-121, 47))), "site.toml": 'boundary_name_property = "name"\n'}, "LD-403", "note", HEARD),
    file("a shape that crosses itself", {"places.geojson": places(shape("Twist", [[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]))}, "LD-405", "note", "on the map"),
    file("a place in two shapes", {"places.geojson": places(shape("Mill Row", square(-121, 47)))}, "LD-407", "note", HEARD),
    hmis("HMIS of another century", "LD-601", "error", "current version", "Export.csv", column="CSVVersion", Export="ExportID,CSVVersion\n1,FY2012\n"),
    hmis("HMIS without its exits", "LD-602", "error", "the whole HMIS", "", Exit=None),
    hmis("an exit of no enrollment", "LD-603", "warning", "at the same time", "Exit.csv", row=3, column="EnrollmentID", Exit=HMIS["Exit.csv"] + "X,5,2026-02-01,410\n"),
    hmis("an exit before the entry", "LD-604", "warning", "Correct one of the two", "Exit.csv", row=2, column="ExitDate", Exit="EnrollmentID,PersonalID,ExitDate,Destination\nE,5,2026-01-01,410\n"),
    hmis("a deleted enrollment", "LD-605", "note", HEARD, "Enrollment.csv", row=3, column="DateDeleted", Enrollment=HMIS["Enrollment.csv"] + "D,5,P,2026-01-10,,2026-02-01 10:00:00\n"),
    hmis("a birthday with a name for its month", "LD-606", "note", HEARD, "Client.csv", row=2, column="DOB", Client="PersonalID,White,RaceNone,DOB\n5,1,,08-MAY-67\n"),
    hmis("a move into a shelter", "LD-607", "note", "Correct it in HMIS", "Enrollment.csv", row=2, column="MoveInDate", Project="ProjectID,ProjectType\nP,1\n", Enrollment="EnrollmentID,PersonalID,ProjectID,EntryDate,MoveInDate\nE,5,P,2026-01-10,2026-01-12\n"),
    hmis("an entry next year", "LD-608", "warning", "Correct the date", "Enrollment.csv", row=3, column="EntryDate", Enrollment=HMIS["Enrollment.csv"] + "D,5,P,2027-01-10,,\n"),
    hmis("a night-by-night shelter without its nights", "LD-609", "warning", "Add Services.csv", "Enrollment.csv", row=2, column="EntryDate", Project="ProjectID,ProjectType\nP,1\n"),
    hmis("ethnicity in a question of its own", "LD-610", "note", HEARD, "Client.csv", row=2, column="Ethnicity", Export="ExportID,CSVVersion,ExportDate\n1,FY2022,2026-03-01\n", Client="PersonalID,White,RaceNone,Ethnicity\n5,1,,1\n"),
)  # fmt: skip


def filled(table: str, cells: Cells, number: object) -> Cells:
    """A clean row, changed as told: its own number and person unless the cells say otherwise."""
    own = {"source_person_id": f"J{number}", "person_id": f"p{number}"}
    if table == "jail_stay":
        own["person_id"] = "J0"
    first = TABLES[table][0]
    if first.endswith("_id") and first != "person_id":
        own[first] = f"{table[0]}{number}"
    return {**{name: value for name, value in own.items() if name in TABLES[table]}, **CLEAN[table], **cells}


def planted(
    faults: Sequence[Row], chance: Random, tables: Sequence[str] = tuple(TABLES)
) -> tuple[dict[str, str], dict[str, Said]]:
    """An inbox of clean rows and all the faults, at random places; what must be said, by fault."""
    lines: dict[str, list[tuple[str | None, int, Cells]]] = {
        table: [(None, 0, filled(table, {}, number)) for number in range(CLEAN_ROWS)] for table in tables
    }
    for number, fault in enumerate(faults):
        for place, cells in enumerate(fault.rows):
            lines[fault.table].append((fault.name, place, filled(fault.table, cells, f"f{number}-{place}")))
    expected = {}
    for table, held in lines.items():
        chance.shuffle(held)
        for fault in (fault for fault in faults if fault.table == table):
            wanted = fault.reported if fault.reported is None else range(len(fault.rows))[fault.reported]
            rows = [
                line
                for line, (name, place, _) in enumerate(held, start=2)
                if name == fault.name and wanted in (None, place)
            ]
            said = fault.said
            expected[fault.name] = Said(said.code, said.severity, said.fix, said.column, said.file, max(rows))
    return {"places.geojson": places()} | {
        f"{table}.csv": _csv(table, held) for table, held in lines.items()
    }, expected


def _csv(table: str, held: Sequence[tuple[str | None, int, Cells]]) -> str:
    stream = io.StringIO()
    writer = csv.DictWriter(stream, TABLES[table], restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(cells for _, _, cells in held)
    return stream.getvalue()


def placed(fault: File) -> dict[str, str | bytes]:
    """The inbox of a fault that stands alone."""
    clean = {} if fault.only else planted((), Random(0), ("referral",))[0]
    return {name: content for name, content in {**clean, **fault.files}.items() if content is not None}


def apart(faults: Sequence[File]) -> tuple[dict[str, str | bytes], dict[str, Said]]:
    """All faults that touch nothing else in one inbox, each in its own folder; what must be said, by fault."""
    files, expected = {}, {}
    for number, fault in enumerate(faults):
        files |= {f"{number}/{name}": content for name, content in fault.files.items() if content is not None}
        expected[fault.name] = replace(fault.said, file=f"{number}/{fault.said.file}")
    return files, expected
