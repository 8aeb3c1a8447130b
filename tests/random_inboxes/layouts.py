"""Programs written out as some county's systems would: each file in a layout of its own, with the slips of real exports.

Headers, words and forms come from a vocabulary of its own, which the assistant's word list does not contain. Beside
each file stands what somebody who knows the system knows of it, and the rows that a careful person would accept.
"""

import contextlib
import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random

from tests.files import a_workbook
from tests.random_inboxes.programs import LAST, PLACES, Program, Row

UNREADABLE = "?"  # accepted of a cell that held something, of which nobody can tell what

# Headers by our column, as systems write them.
HEADERS: Mapping[str, Mapping[str, Sequence[str]]] = {
    "referral": {
        "referral_id": ("Ticket", "LEAD_TKT_SEQ", "Hand-off ref.", "Slip no."),
        "person_id": ("Ptcp_File", "KeyRef", "Person Ref", "PTCP_UID"),
        "referred_on": ("Handed over", "DT_WARM_HANDOFF", "Recvd", "Came to us"),
        "pathway": ("Came in through", "CHANNEL_TXT", "Entry route", "Via"),
        "intake_completed_on": ("Intake mtg held", "DT_INTK_CMPLT", "First full meeting", "Sat down with us"),
        "source_agency": ("Sent over by", "ORIG_ENTITY", "Originating shop", "Who sent"),
    },
    "enrollment": {
        "enrollment_id": ("Spell", "PGM_SPELL_SEQ", "Service spell", "Slot ref"),
        "person_id": ("Ptcp_File", "KeyRef", "Person Ref", "PTCP_UID"),
        "started_on": ("Joined", "DT_PGM_IN", "Came on board", "Spell from"),
        "exited_on": ("Left", "DT_PGM_OUT", "Moved off", "Spell to"),
    },
    "contact": {
        "contact_id": ("Log line", "TCH_SEQ", "Entry ref", "Diary no."),
        "person_id": ("Ptcp_File", "KeyRef", "Person Ref", "PTCP_UID"),
        "contacted_on": ("Seen", "DT_TCH", "Met on", "Diary day"),
    },
    "arrest": {
        "arrest_id": ("GO No", "ARR_SEQ_NBR", "Event ref", "Blotter no."),
        "person_id": ("Ptcp_File", "KeyRef", "Person Ref", "PTCP_UID"),
        "arrested_at": ("Taken", "ARR_STAMP", "Arrest made at", "Hooked"),
        "is_charge_eligible": ("On LEAD list", "LEAD_LIST_YN", "May be diverted", "Chg OK"),
        "is_diverted": ("To LEAD", "LEAD_DIV_YN", "Handed to LEAD", "Dvt"),
        "race": ("Race per ofc", "ARR_RACE_TXT", "Descent", "Eth grp"),
    },
    "stop": {
        "stop_id": ("CAD line", "STP_SEQ", "Field card", "Card no."),
        "stopped_at": ("Halted", "STP_DTTM", "Made at", "When seen"),
        "is_arrested": ("Led to arr", "ARR_YN", "Cuffed", "Hooked up"),
        "race": ("Race per ofc", "STP_RACE_TXT", "Descent", "Eth grp"),
    },
    "jail_stay": {
        "stay_id": ("BkSlip", "COMMIT_SEQ", "Stay ref", "Jkt"),
        "person_id": ("Ptcp_File", "KeyRef", "Person Ref", "PTCP_UID"),
        "booked_at": ("In", "COMMIT_DTTM", "Arrived", "Lodged"),
        "released_at": ("Out", "OUT_STAMP", "Let go", "Gone"),
    },
    "person": {
        "person_id": ("Ptcp_File", "KeyRef", "Person Ref", "PTCP_UID"),
        "birth_date": ("Born", "DT_BRTH", "B-day", "Natal day"),
        "race": ("Race (self)", "RACE_TXT", "Self-described race", "Descent"),
        "sex": ("Sx", "SEX_TXT", "Sex (self)", "M/F"),
    },
    "living_situation": {
        "person_id": ("Ptcp_File", "KeyRef", "Person Ref", "PTCP_UID"),
        "observed_on": ("Noted", "DT_NOTED", "As seen on", "Check day"),
        "code": ("Sleeps", "WHERE_TXT", "Nights at", "Bed"),
    },
    "population": {
        "neighborhood": ("Quarter", "NBHD_TXT", "Part of town", "Village"),
        "race": ("Descent", "GRP_TXT", "Race grp", "Who"),
        "people": ("Heads", "HD_CNT", "Souls", "How many"),
    },
}  # fmt: skip
NAMES = {
    "referral": ("warm_handoffs", "LEAD handoff log", "incoming"),
    "enrollment": ("service_spells", "on_board", "LEAD spells"),
    "contact": ("diary", "touch_log", "case log"),
    "arrest": ("police_events", "arr_log", "blotter"),
    "stop": ("halts", "field_cards", "street log"),
    "jail_stay": ("commitments", "bk_log", "movement"),
    "person": ("master_file", "names list", "who"),
    "living_situation": ("sleeping", "bed_checks", "where now"),
    "population": ("heads", "town_count", "county folk"),
}
# Their words for our values, most of them outside the assistant's list.
WORDS: Mapping[str, Mapping[object, Sequence[str]]] = {
    "pathway": {
        "arrest_diversion": ("Arrest diversion", "Instead of jail", "Curbside", "AD"),
        "social_contact": ("Social contact", "Street intro", "SC", "Beat cop intro"),
        "community": ("Community", "Neighbor or kin", "Merchant call", "CM"),
        "jail_or_court": ("Court", "From the dock", "Jail gate", "JC"),
    },
    "race": {
        "Black or African American": ("Black", "African American", "Afro-American", "BLK/AA", "B"),
        "White": ("White", "Caucasian", "Anglo", "European descent", "W"),
        "Hispanic or Latino": ("Hispanic", "Latino", "Chicano/a", "Latin American", "H"),
        "Asian": ("Asian", "East or South Asian", "Oriental", "A"),
        "American Indian or Alaska Native": ("Native American", "First Nations", "Tribal", "I"),
        "Native Hawaiian or Pacific Islander": ("Pacific Islander", "Islander", "Polynesian", "P"),
    },
    "sex": {"Female": ("F", "Female", "Woman"), "Male": ("M", "Male", "Man")},
    "code": {
        116: ("Street", "Rough", "Under the bridge", "116"),
        101: ("Shelter", "Night bed", "Mission", "101"),
        435: ("Rental by client, no ongoing housing subsidy", "Own flat", "435"),
        207: ("Jail", "Locked up", "207"),
        302: ("Transitional", "Bridge house", "302"),
    },
}
FLAGS = (("Yes", "No"), ("Y", "N"), ("TRUE", "FALSE"), ("1", "0"), ("X", ""), ("Yes", ""), ("T", "F"))
ISO, MONTH_FIRST, DAY_FIRST = ("%Y-%m-%d",), ("%m/%d/%Y", "%m-%d-%Y", "%m/%d/%y"), ("%d/%m/%Y", "%d.%m.%Y")
IN_WORDS = ("%d-%b-%Y", "%b %d, %Y", "%d %B %Y")
CLOCKS = ("%H:%M", "%I:%M %p", "%H:%M:%S", "%I:%M%p")
SEPARATORS = (",", ",", ";", "\t", "|")
REQUIRED_DAYS = (
    "referred_on",
    "started_on",
    "contacted_on",
    "arrested_at",
    "stopped_at",
    "booked_at",
    "observed_on",
)
SLIPS = ("soon", "????", "2026-02-30", "31/02/2026", "-3", "unknown", "see file")
# What a careful person takes a slip in these columns for, and how it is written.
SLIPS_OF = {
    "race": (frozenset(), "n/a", "unknown", ""),
    "pathway": ("unknown", "unknown", "n/a", ""),
    "code": (UNREADABLE, "unknown", "n/a"),
    "person_id": (None, "UNKNOWN", "n/a", "0"),
    "people": (UNREADABLE, "-3", "n/a", "many"),
}
OPTIONAL = (
    "source_agency",
    "intake_completed_on",
    "race",
    "birth_date",
    "sex",
)  # of events; some files lack these
MAY_BE_NOBODYS = ("referral", "arrest", "jail_stay", "contact")
SLIP = 0.01


@dataclass
class File:
    """One file of an inbox. columns: the header of each of our columns; words: what its values mean."""

    name: str
    table: str
    content: bytes = b""
    columns: dict[str, str] = field(default_factory=dict)
    words: dict[str, dict[str, object]] = field(default_factory=dict)
    is_day_first: bool = False
    has_telling_days: bool = False  # a day of the month above 12
    void: tuple[str, str] | None = None  # the header that says which records are none, and the word for it
    rows: list[Row] = field(default_factory=list)  # as a careful person accepts them


def write(program: Program, chance: Random) -> list[File]:
    """Each table as one file; people have the same numbers in all of them."""
    return [_Writing(table, rows, chance).file() for table, rows in program.items()]


class _Writing:
    def __init__(self, table: str, rows: Sequence[Row], chance: Random):
        self.table, self.rows, self.chance = table, rows, chance
        columns = [
            name
            for name in HEADERS[table]
            if not (name in OPTIONAL and table not in ("population", "person") and chance.random() < 0.25)
        ]
        self.columns = {name: chance.choice(HEADERS[table][name]) for name in columns}
        self.flags = {name: chance.choice(FLAGS) for name in columns if name.startswith("is_")}
        self.words = {
            name: {ours: chance.choice(said) for ours, said in WORDS[name].items()}
            for name in columns
            if name in WORDS
        }
        self.between = chance.choice((";", "/", ", ", " and ", "|"))
        first = chance.choice((ISO, MONTH_FIRST, MONTH_FIRST, DAY_FIRST, IN_WORDS))
        self.forms = [chance.choice(first)]
        if chance.random() < 0.3:  # two systems fed the file, or one was changed
            self.forms.append(
                chance.choice(chance.choice([each for each in (ISO, IN_WORDS) if each != first]))
            )
        self.is_day_first = first == DAY_FIRST
        self.clock = chance.choice(CLOCKS)
        self.has_clock_apart = chance.random() < 0.2
        self.has_telling_days = False

    def file(self) -> File:
        chance = self.chance
        name = f"{chance.choice(NAMES[self.table])}{chance.choice(('', ' 2026-06', '_FINAL', '_v2'))}"
        file = File(name, self.table, columns=self.columns, is_day_first=self.is_day_first)
        for column, known in self.words.items():
            file.words[column] = {said: ours for ours, said in known.items()}
        for column, (yes, no) in self.flags.items():
            file.words[column] = {yes: "yes", no: "no"}
        extra = dict(chance.sample(list(self._extra().items()), chance.randint(0, 3)))
        lines = []
        for number, row in enumerate(self.rows):
            accepted, cells = self._written(row, self.forms[number % len(self.forms)])
            cells |= {header: make(row) for header, make in extra.items()}
            lines.append((accepted, cells))
        if chance.random() < 0.1:
            file.void = self._void(lines)
        file.rows = [accepted for accepted, _ in lines if accepted is not None]
        file.has_telling_days = self.has_telling_days
        if self.table != "population":  # where two equal rows may be two blocks
            lines += [each for each in lines if chance.random() < 0.02]
        order = list(dict.fromkeys(header for _, cells in lines for header in cells))
        chance.shuffle(order)
        file.content, ending = self._laid_out(order, [[cells[each] for each in order] for _, cells in lines])
        file.name += ending
        return file

    # Cells

    def _written(self, row: Row, form: str) -> tuple[Row | None, dict[str, str]]:
        """A record as a careful person takes it, None if it is nothing to count; and its cells by header."""
        accepted, cells = {}, {}
        for name, header in self.columns.items():
            value, texts = self._cell(name, row[name], form)
            accepted[name] = value
            cells |= dict(zip(self._headers(name, header), (*texts, ""), strict=False))
        lost = any(accepted.get(name) in (UNREADABLE, None) for name in REQUIRED_DAYS if name in self.columns)
        lost |= self.table not in MAY_BE_NOBODYS and accepted.get("person_id", "") is None
        lost |= self.table in ("population", "living_situation") and UNREADABLE in accepted.values()
        days = [accepted.get(name) for name in ("started_on", "exited_on")]
        lost |= (
            all(isinstance(day, date) for day in days) and days[1] < days[0]
        )  # nobody leaves before joining
        return None if lost else accepted, cells

    def _headers(self, name: str, header: str) -> tuple[str, ...]:
        if not (self.has_clock_apart and name.endswith("_at")):
            return (header,)
        return f"{header} Date", f"{header} Time"

    def _cell(self, name: str, value: object, form: str) -> tuple[object, tuple[str, ...]]:
        """What a careful person reads in a cell, and what stands there; a moment may take two cells."""
        is_slip = self.chance.random() < SLIP
        if isinstance(value, date):
            texts = self._day(name, value, form)
            if not is_slip:
                self.has_telling_days |= value.day > 12 and form in (*MONTH_FIRST, *DAY_FIRST)
                return value, texts
            if name in REQUIRED_DAYS and self.chance.random() < 0.2:
                late = value.replace(
                    year=2062, day=min(value.day, 28)
                )  # readable, and in no month that is asked of
                return late, self._day(name, late, form)
            return UNREADABLE, (self.chance.choice(SLIPS), *("" for _ in texts[1:]))
        if value is None:
            return None, (self.chance.choice(("", "n/a")) if is_slip else "",)
        if name in SLIPS_OF:
            kept, *slips = SLIPS_OF[name]
            if is_slip and not (
                name == "race" and self.table == "population"
            ):  # where an empty one is everybody
                return kept, (self.chance.choice(slips),)
        if name in self.flags:
            return (UNREADABLE, ("?",)) if is_slip else (value, (self.flags[name][0 if value else 1],))
        if name == "race":
            return value, (self.between.join(self.words[name][each] for each in sorted(value)),)
        return value, (str(self.words[name][value] if name in self.words else value),)

    def _day(self, name: str, value: date, form: str) -> tuple[str, ...]:
        if not isinstance(value, datetime):
            return (value.strftime(form),)
        if self.has_clock_apart and name.endswith("_at"):
            return value.strftime(form), value.strftime(self.clock)
        return (value.strftime(f"{form} {self.clock}"),)

    def _extra(self) -> Mapping[str, object]:
        """Columns that nobody needs, some of which look like one that is: a second day, a second number, a town."""
        chance = self.chance
        dated = next((name for name in REQUIRED_DAYS if name in self.columns), None)
        form, start = chance.choice(self.forms), chance.randint(1, 9_000)
        numbers = iter(range(start, start + 10_000))

        def stamp(row: Row) -> str:
            day = row[dated] if dated else LAST
            return (day + timedelta(days=chance.randint(0, 20))).strftime(form)

        return {
            "Rec stamp": stamp,
            "Xref": lambda row: f"Z{next(numbers)}",
            "Batch": lambda row: str(chance.randint(1, 9)),
            "Town": lambda row: chance.choice(("Harbor City", "Millville", "Eastgate")),
            "Remark": lambda row: chance.choice(("", "", 'said "later"; see p. 2', "a, b", "n/a")),
            "Chk": lambda row: chance.choice(("Y", "N")),
            "Fy": lambda row: "2026",
        }

    def _void(self, lines: list) -> tuple[str, str]:
        """Strikes out some records, as systems do that delete nothing."""
        header = self.chance.choice(("Rcd flag", "Line state", "Stat"))
        void, good = self.chance.choice((("VOID", "OK"), ("Deleted", "Live"), ("Entered in error", "Active")))
        for number, (accepted, cells) in enumerate(lines):
            is_void = self.chance.random() < 0.06
            cells[header] = void if is_void else good
            lines[number] = (None if is_void else accepted, cells)
        return header, void

    # Sheets

    def _laid_out(self, header: Sequence[str], lines: Sequence[Sequence[str]]) -> tuple[bytes, str]:
        chance = self.chance
        above: list[list[str]] = []
        if chance.random() < 0.25:
            above = [["Harbor County"], [f"Run for {LAST:%B %Y}"], []][: chance.randint(1, 3)]
        below = list(self._footer(len(lines))) if chance.random() < 0.3 else []
        if chance.random() < 0.2:
            return self._workbook([*above, header, *lines, *below]), ".xlsx"
        stream = io.StringIO()
        writer = csv.writer(
            stream,
            delimiter=chance.choice(SEPARATORS),
            lineterminator=chance.choice(("\n", "\r\n")),
            quoting=chance.choice((csv.QUOTE_MINIMAL, csv.QUOTE_ALL)),
        )
        writer.writerows([*above, header, *lines, *below])
        return stream.getvalue().encode(chance.choice(("utf-8", "utf-8-sig", "cp1252"))), ".csv"

    def _footer(self, count: int) -> Iterator[list[str]]:
        yield from self.chance.choice(
            (
                [[f"Total rows: {count}"]],
                [[], ["Total", str(count)]],
                [[], ["Report run 07/02/2026 08:15"]],
                [["*** End of report ***"]],
                [[], [f"{count} records"], ["Confidential - do not distribute"]],
            )
        )

    def _workbook(self, rows: Sequence[Sequence[str]]) -> bytes:
        """Sometimes with a second table beside the first, as analysts leave one."""
        if self.chance.random() < 0.3:
            width = max(map(len, rows))
            beside = [["", "By place", "n"], *(["", place, "7"] for place in PLACES)]
            rows = [
                [*row, *[""] * (width - len(row)), *(beside[number] if number < len(beside) else ())]
                for number, row in enumerate(rows)
            ]
        other = {"Notes": [["Made by the records office"]]} if self.chance.random() < 0.5 else {}
        made = _typed if self.chance.random() < 0.5 else lambda cell: cell or None
        return a_workbook(Sheet1=[list(map(made, row)) for row in rows], **other)


def _typed(cell: str) -> object:
    """As a spreadsheet keeps what it knows for a day or a number."""
    if re.fullmatch(r"\d{4}-\d\d-\d\d( \d\d:\d\d(:\d\d)?)?", cell):
        with contextlib.suppress(ValueError):
            return datetime.fromisoformat(cell)
    return int(cell) if re.fullmatch(r"[1-9]\d{0,8}", cell) else cell or None
