"""What a site says about itself (site.toml) and about its exports (mapping.toml)."""

import fnmatch
import functools
import zoneinfo
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from types import MappingProxyType
from typing import Annotated, Literal

import msgspec
import tomlkit

from leadstats.model import periods
from leadstats.model.declarations import DeclarationError, Declared, declared, parsed
from leadstats.model.messages import Fault, Problem, misdeclared, problem
from leadstats.model.schema import RACES, TABLES, TWO_OR_MORE

# What mapping.toml calls the table of files that are left out on purpose.
NOTHING = "nothing"
# What it says for a number that no column has: each row of a file is one event.
ROW = "(row)"
# Keys of earlier versions that no code reads any more: reported, and left out.
RETIRED = ("fiscal_year_start_month",)
# How systems and spreadsheets write one number in two ways.
IGNORABLE = ("leading zeros", "decimals", "case", "braces", "spaces and hyphens")
# Who may number people: a table, or HMIS.
SOURCES = ("hmis", *(name for name in TABLES if name not in ("jail_roster", "population", "person_link")))
Count = Annotated[int, msgspec.Meta(ge=0)]
Texts = str | tuple[str, ...]  # one may stand without its brackets


class EligibleCharge(Declared):
    """A charge class that may be diverted from `first` to `last`, both included."""

    charge_class: str
    first: date
    last: date | None = None


class JailCost(Declared):
    """Dollars per jail night (for "step", per closed unit of `unit_beds` beds per year)."""

    kind: Literal["short-run marginal", "step", "average"]
    dollars: float
    from_day: date = msgspec.field(name="from")
    unit_beds: Count | None = None

    def __post_init__(self) -> None:
        if (self.kind == "step") != (self.unit_beds is not None):
            raise DeclarationError("unit_beds", "unit_beds with the kind step, and only with it")


class ProgramCost(Declared):
    """Dollars that LEAD costs per person and month, from a day on. source: who says so."""

    dollars: Annotated[float, msgspec.Meta(ge=0)]
    from_day: date = msgspec.field(name="from")
    source: str = ""


class Goal(Declared):
    """What the policy group wants a metric to reach in each period until `due`."""

    metric: str
    value: float
    by: Literal[periods.VIEWED] = "month"
    set_by: str = ""
    due: date | None = None


class Event(Declared):
    """Something that happened and may explain a change; drawn into the charts.

    is_new_baseline: it changed for good what is usual, so control charts begin anew from its month.
    """

    day: date
    text: str
    is_new_baseline: bool = False


class Note(Declared):
    """Why a number moved, in the words of the person responsible, named by role and never by name. No rule reads it."""

    day: date
    metric: str
    text: str
    role: str


class Caseload(Declared):
    """People a case manager should have, and should not exceed."""

    target: Count = 20
    maximum: Count = 25


class Baseline(Declared):
    """The first and last of the days before LEAD that show what would have happened, both included."""

    first: date | None = None
    last: date | None = None

    def __post_init__(self) -> None:
        if (self.first is None) != (self.last is None):
            raise DeclarationError("", "first and last, or neither")

    @property
    def next_day(self) -> date | None:
        return self.last + timedelta(days=1) if self.last else None


class Identity(Declared):
    """What the site has decided about who is who; docs/linking.md says how to decide it.

    ignore: differences in spelling that do not make two numbers different. nobody: more placeholders for nobody's
    number. people: numbers that look like placeholders but belong to people. own_numbers: sources (tables, or hmis)
    whose numbers mean other people than the same numbers elsewhere. shared_numbers: sources whose links are merges
    within one numbering.
    """

    ignore: tuple[Literal[IGNORABLE], ...] = ()
    nobody: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    own_numbers: tuple[Literal[SOURCES], ...] = ()
    shared_numbers: tuple[Literal[SOURCES], ...] = ()


class Span(Declared):
    """The first and the last day that an export covers, both included; either may be left open."""

    first: date | None = msgspec.field(name="from", default=None)
    last: date | None = msgspec.field(name="through", default=None)


class SourceSpan(Declared):
    """The days that the export of one source covers, as a Span."""

    source: Literal[tuple(TABLES)]
    first: date | None = msgspec.field(name="from", default=None)
    last: date | None = msgspec.field(name="through", default=None)


class Site(Declared):
    """The settings of a site; every one has a default."""

    name: str = "LEAD"
    is_sample: bool = False
    data_through: date | None = None  # None: each source as far as it says or its events show
    coverage: tuple[SourceSpan, ...] = ()  # over what the exports say
    timezone: str | None = None  # None: not stated, so that nobody can turn moments with a zone into days
    intake_deadline_days: Count = 30
    inactivity_days: Count = 90
    snapshots_kept: Annotated[int, msgspec.Meta(ge=1)] = (
        3  # of builds; what a meeting looked at is kept beside
    )
    boundary_file: str | None = None
    boundary_name_property: str | None = None
    boundary_crs: str | None = None
    caseload: Caseload = Caseload()
    baseline: Baseline = Baseline()
    identity: Identity = Identity()
    charges_needed: Literal["all", "any"] = (
        "all"  # of an arrest with several: how many may be diverted for it to be
    )
    charge_order: tuple[str, ...] = ()  # classes of charges, the gravest first
    eligible_charges: tuple[EligibleCharge, ...] = ()
    jail_costs: tuple[JailCost, ...] = ()
    program_costs: tuple[ProgramCost, ...] = ()
    goals: tuple[Goal, ...] = ()
    events: tuple[Event, ...] = ()
    notes: tuple[Note, ...] = ()

    @property
    def zone(self) -> str:
        """The site's time zone; if the site does not say, it only decides what day it is today."""
        return self.timezone or "America/Los_Angeles"


class FileMapping(Declared):
    """How the rows of the files that match `pattern` become rows of one canonical table."""

    pattern: str
    table: Literal[(*TABLES, NOTHING)]
    sheet: str | None = None
    header_row: Count | None = None
    skip_after_header: Count = 0
    numbering: str | None = None  # whose numbers these are, if equal ones elsewhere mean others
    missing: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()  # our columns that this export does not have, according to the site
    headers: tuple[str, ...] = ()  # all headers of the file, so that it is recognized under another name
    renamed: Mapping[str, str] = {}  # new headers, and what they were called before
    columns: Mapping[str, Texts] = {}
    formats: Mapping[str, Texts] = {}
    values: Mapping[str, Mapping[str, str]] = {}
    split: Mapping[str, str] = {}
    constants: Mapping[str, str] = {}
    only: Mapping[str, Texts] = {}
    left_out: Mapping[str, Texts] = {}  # the other values that are known
    wide: Mapping[str, Literal[(*RACES, TWO_OR_MORE, "")]] = {}
    marked: Mapping[str, Literal[(*RACES, TWO_OR_MORE, "")]] = {}  # one column for each race
    yes: Mapping[str, Texts] = {}  # what says yes in these, if not yes
    # Columns of a crosswalk with one row per person, and whose numbers they hold
    links: Mapping[str, Texts] = {}

    def __post_init__(self) -> None:
        for name in LISTS:
            texts = {
                key: (each,) if isinstance(each, str) else tuple(each)
                for key, each in getattr(self, name).items()
            }
            msgspec.structs.force_setattr(self, name, texts)

    def matches(self, name: str) -> bool:
        """Whether a file matches, by its path inside the inbox or by its name; the pattern may contain *."""
        names = (name.lower(), name.lower().rpartition("/")[2])
        return any(fnmatch.fnmatchcase(each, self.pattern.lower()) for each in names)


class Mappings(Declared):
    """Everything mapping.toml may contain."""

    files: tuple[FileMapping, ...] = ()


# Parts of a mapping whose entries may be one text or several; parts whose keys are our columns.
LISTS = ("columns", "formats", "only", "left_out", "yes", "links")
BY_COLUMN = ("columns", "formats", "values", "split", "constants", "absent")


@functools.cache
def time_zones() -> frozenset[str]:
    """The allowed values of `timezone`; collected once, since that reads a thousand files."""
    return frozenset(zoneinfo.available_timezones())


def read_site(text: bytes) -> Site:
    """Raises Fault, naming the key and the nearest one that exists."""
    try:
        values = parsed("site.toml", text)
        site = declared(Site, "site.toml", {key: values[key] for key in values if key not in RETIRED})
        if site.zone not in (known := time_zones()):
            raise DeclarationError("timezone", "a known name", site.timezone, known, "site.toml")
    except DeclarationError as error:
        raise Fault(misdeclared("LD-108", error)) from error
    return site


def retired(text: bytes) -> list[Problem]:
    """The keys of site.toml that only earlier versions used."""
    return [
        problem("LD-120", file="site.toml", value=key) for key in RETIRED if key in parsed("site.toml", text)
    ]


def read_mapping(text: bytes) -> tuple[FileMapping, ...]:
    """Raises Fault, naming the key and the nearest one that exists."""
    name = "mapping.toml"
    try:
        mappings = declared(Mappings, name, parsed(name, text)).files
        for mapping in mappings:
            table = TABLES.get(mapping.table)
            known = [column.name for column in table.columns] if table else []
            for part in BY_COLUMN:
                for column in set(getattr(mapping, part)) - set(known):
                    raise DeclarationError(f"files.{part}", "a known name", column, known, name)
            for source in {each for sources in mapping.links.values() for each in sources} - set(SOURCES):
                raise DeclarationError("files.links", "a known name", source, SOURCES, name)
    except DeclarationError as error:
        raise Fault(misdeclared("LD-108", error)) from error
    return mappings


Remarks = Mapping[tuple[int, str, str], str]  # by the position of the mapping, its part, and the key there


def as_toml(
    mappings: Iterable[FileMapping | None], former: str = "", remarks: Remarks = MappingProxyType({})
) -> str:
    """mapping.toml for the mappings; what `former` already says stays as it is written, with its comments.

    mappings: those of `former` in their order, None for one that is gone, and the new ones after them.
    remarks: comments for entries that are new or changed; positions are those without what is gone.
    """
    document = tomlkit.parse(former)
    entries = document.setdefault("files", tomlkit.aot())
    mappings, known = list(mappings), list(read_mapping(former.encode()))
    for index in reversed(range(len(known))):
        if mappings[index] is None:
            del mappings[index], entries[index], known[index]
    for index, mapping in enumerate(mappings):
        said = {(part, key): text for (place, part, key), text in remarks.items() if place == index and text}
        if index >= len(known):
            entries.append(_changed(tomlkit.table(), FileMapping("", ""), mapping, said))
        elif mapping != known[index]:
            _changed(entries[index], known[index], mapping, said)
    return tomlkit.dumps(document) if entries else former


def _changed(
    entry: tomlkit.items.Table, old: FileMapping, new: FileMapping, remarks: Mapping[tuple[str, str], str]
) -> tomlkit.items.Table:
    """The entry with only what differs between two mappings rewritten."""
    for name, value in msgspec.structs.asdict(new).items():
        before = getattr(old, name)
        if value == before:
            continue
        if not isinstance(value, Mapping):
            entry.pop(name, None)
            if value:
                entry[name] = list(value) if isinstance(value, tuple) else value
                _remark(entry, name, remarks.get(("", name)))
            continue
        part = entry.setdefault(name, tomlkit.table())
        for key in before.keys() - value.keys():
            del part[key]
        for key, cell in value.items():
            if cell != before.get(key):
                is_list = isinstance(cell, tuple)
                part[key] = (cell[0] if len(cell) == 1 else list(cell)) if is_list else cell
                _remark(part, key, remarks.get((name, key)))
        if not part:
            del entry[name]
    return entry


def _remark(table: tomlkit.items.Table, key: str, text: str | None) -> None:
    if text:
        table[key].comment(text)
