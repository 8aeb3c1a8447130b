"""What a site says about itself (site.toml) and about its exports (mapping.toml)."""

import fnmatch
import tomllib
import zoneinfo
from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from datetime import date, timedelta
from typing import Any

import tomlkit

from leadstats.model.messages import Fault, nearest, problem
from leadstats.model.schema import RACES, TABLES, TWO_OR_MORE

COST_KINDS = ("short-run marginal", "step", "average")
# What mapping.toml calls the table of files that are left out on purpose.
NOTHING = "nothing"


@dataclass(frozen=True)
class EligibleCharge:
    """A charge class that may be diverted from `first` to `last`, both included."""

    charge_class: str
    first: date
    last: date | None = None


@dataclass(frozen=True)
class JailCost:
    """Dollars of one jail night ("step": of one closed unit of `unit_beds` beds a year)."""

    kind: str
    dollars: float
    from_day: date
    unit_beds: int | None = None


@dataclass(frozen=True)
class Goal:
    """What the policy group wants a metric to reach in each period until `due`."""

    metric: str
    value: float
    by: str = "month"
    set_by: str = ""
    due: date | None = None


@dataclass(frozen=True)
class Event:
    """Something that happened and may explain a change; drawn into the charts.

    is_new_baseline: it changed for good what is usual, so control charts begin anew from its month.
    """

    day: date
    text: str
    is_new_baseline: bool = False


@dataclass(frozen=True)
class Caseload:
    """People a case manager should have, and should not exceed."""

    target: int = 20
    maximum: int = 25


@dataclass(frozen=True)
class Baseline:
    """The days before LEAD that tell what would have happened; both included."""

    first: date | None = None
    last: date | None = None

    @property
    def next_day(self) -> date | None:
        return self.last + timedelta(days=1) if self.last else None


@dataclass(frozen=True)
class Site:
    """The settings of a site; every one has a default."""

    name: str = "LEAD"
    is_sample: bool = False
    data_through: date | None = None  # None: each source as far as its latest event
    timezone: str = "America/Los_Angeles"
    fiscal_year_start_month: int = 7
    intake_deadline_days: int = 30
    inactivity_days: int = 90
    boundary_file: str | None = None
    boundary_name_property: str | None = None
    boundary_crs: str | None = None
    caseload: Caseload = Caseload()
    baseline: Baseline = Baseline()
    eligible_charges: tuple[EligibleCharge, ...] = ()
    jail_costs: tuple[JailCost, ...] = ()
    goals: tuple[Goal, ...] = ()
    events: tuple[Event, ...] = ()


@dataclass(frozen=True)
class FileMapping:
    """How the rows of the files that match `pattern` become rows of one canonical table."""

    pattern: str
    table: str
    sheet: str | None = None
    header_row: int | None = None
    skip_after_header: int = 0
    missing: tuple[str, ...] = ()
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    formats: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    split: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    only: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    wide: Mapping[str, str] = field(default_factory=dict)
    marked: Mapping[str, str] = field(default_factory=dict)  # one column for each race

    def matches(self, name: str) -> bool:
        """By the path inside the inbox or by the bare name; a path of the mapping may hold *."""
        names = (name.lower(), name.lower().rpartition("/")[2])
        return any(fnmatch.fnmatchcase(each, self.pattern.lower()) for each in names)


def read_site(text: bytes) -> Site:
    """Raises Fault, naming the key and the nearest one that exists."""
    values = _parse("site.toml", text)
    site = _build("site.toml", "", Site, values)
    _require("site.toml", "timezone", site.timezone, zoneinfo.available_timezones())
    for cost in site.jail_costs:
        _require("site.toml", "jail_costs.kind", cost.kind, COST_KINDS)
        if (cost.kind == "step") != (cost.unit_beds is not None):
            raise _wrong(
                "site.toml", "jail_costs.unit_beds", "unit_beds with the kind step, and only with it"
            )
    if not 1 <= site.fiscal_year_start_month <= 12:
        raise _wrong("site.toml", "fiscal_year_start_month", "a month from 1 to 12")
    if (site.baseline.first is None) != (site.baseline.last is None):
        raise _wrong("site.toml", "baseline", "first and last, or neither")
    return site


def read_mapping(text: bytes) -> tuple[FileMapping, ...]:
    """Raises Fault, naming the key and the nearest one that exists."""
    name = "mapping.toml"
    values = _parse(name, text)
    for key in values:
        _require(name, "key", key, ("files",))
    mappings = []
    for entry in _list(name, "files", values.get("files", [])):
        entry = {key: _tuples(value) if key in LISTS else value for key, value in entry.items()}
        mapping = _build(name, "files.", FileMapping, entry)
        _require(name, "files.table", mapping.table, (*TABLES, NOTHING))
        table = TABLES.get(mapping.table)
        ours = [column.name for column in table.columns] if table else []
        for part in ("columns", "formats", "values", "split", "constants"):
            for column in getattr(mapping, part):
                _require(name, f"files.{part}", column, ours)
        for part in ("wide", "marked"):
            for race in filter(None, getattr(mapping, part).values()):
                _require(name, f"files.{part}", race, (*RACES, TWO_OR_MORE))
        mappings.append(mapping)
    return tuple(mappings)


def as_toml(mappings: Iterable[FileMapping], former: str = "") -> str:
    """mapping.toml for the mappings; what `former` already says the same stays as written, comments too."""
    document = tomlkit.parse(former)
    known = list(read_mapping(former.encode()))
    entries = document.setdefault("files", tomlkit.aot())
    for index, mapping in enumerate(mappings):
        if index < len(known) and mapping == known[index]:
            continue
        if index < len(known):
            entries[index] = _as_table(mapping)
        else:
            entries.append(_as_table(mapping))
    return tomlkit.dumps(document) if entries else former


def _as_table(mapping: FileMapping) -> tomlkit.items.Table:
    table = tomlkit.table()
    for each in fields(FileMapping):
        value = getattr(mapping, each.name)
        if value == each.default or not value:
            continue
        if each.name in LISTS:
            value = {key: texts[0] if len(texts) == 1 else list(texts) for key, texts in value.items()}
        table[each.name] = list(value) if isinstance(value, tuple) else value
    return table


def _parse(file: str, text: bytes) -> dict[str, Any]:
    try:
        return tomllib.loads(text.decode("utf-8-sig"))
    except ValueError as error:
        raise _wrong(file, str(error), "valid TOML in UTF-8") from error


def _tuples(value: Any) -> Any:
    """One text may stand for a list of one; anything else is left for the check of types."""
    if not isinstance(value, dict):
        return value
    return {
        key: (texts,) if isinstance(texts, str) else tuple(texts) if isinstance(texts, list) else texts
        for key, texts in value.items()
    }


# Parts of a mapping whose entries may be one text or several.
LISTS = ("columns", "formats", "only")
# Fields that are tables of their own, and keys that Python does not allow as a name.
NESTED: Mapping[str, type] = {
    "caseload": Caseload,
    "baseline": Baseline,
    "eligible_charges": EligibleCharge,
    "jail_costs": JailCost,
    "goals": Goal,
    "events": Event,
}
RENAMED = {"from": "from_day"}


def _build(file: str, prefix: str, kind: type, values: Mapping[str, Any]) -> Any:
    known = {each.name: each for each in fields(kind)}
    arguments = {}
    for key, value in values.items():
        name = RENAMED.get(key, key)
        _require(file, prefix + key, name, known, shown=key)
        arguments[name] = _value(file, prefix + key, known[name].type, value, NESTED.get(name))
    for name, each in known.items():
        if name not in arguments and each.default is MISSING and each.default_factory is MISSING:
            shown = next((key for key, ours in RENAMED.items() if ours == name), name)
            raise _wrong(file, f"{prefix}{shown}", f"a value for {prefix}{shown}")
    return kind(**arguments)


def _value(file: str, key: str, wanted: Any, value: Any, nested: type | None) -> Any:
    if nested is not None and str(wanted).startswith("tuple"):
        return tuple(_build(file, f"{key}.", nested, entry) for entry in _list(file, key, value))
    if nested is not None:
        if not isinstance(value, dict):
            raise _wrong(file, key, f"a table [{key}]")
        return _build(file, f"{key}.", nested, value)
    words, is_right = next(rule for names, rule in TYPES.items() if str(wanted) in names)
    if not is_right(value):
        raise _wrong(file, key, words)
    return tuple(value) if isinstance(value, list) else value


def _is_date(value: Any) -> bool:
    return type(value) is date


def _is_texts(value: Any) -> bool:
    return isinstance(value, list | tuple) and all(isinstance(text, str) for text in value)


def _is_table(of_what: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, dict) and all(map(of_what, value.values()))


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


TYPES: Mapping[tuple[str, ...], tuple[str, Callable[[Any], bool]]] = {
    (str(str), str(str | None)): ("a text in quotation marks", _is_text),
    (str(bool),): ("true or false", lambda value: isinstance(value, bool)),
    (str(int), str(int | None)): ("a whole number", lambda value: type(value) is int and value >= 0),
    (str(float),): ("a number", lambda value: type(value) in (int, float)),
    (str(date), str(date | None)): ("a date without quotation marks, such as 2026-10-31", _is_date),
    (str(tuple[str, ...]),): ("a list of texts", _is_texts),
    (str(Mapping[str, str]),): ("a table of texts", _is_table(_is_text)),
    (str(Mapping[str, tuple[str, ...]]),): ("a table of texts or lists of texts", _is_table(_is_texts)),
    (str(Mapping[str, Mapping[str, str]]),): ("a table of tables of texts", _is_table(_is_table(_is_text))),
}


def _list(file: str, key: str, value: Any) -> list[dict[str, Any]]:
    if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
        raise _wrong(file, key, f"tables that start with [[{key}]]")
    return value


def _require(file: str, key: str, value: str, known: Iterable[str], shown: str | None = None) -> None:
    if value in known:
        return
    close = nearest(value, known, cutoff=0.0) or "nothing"
    raise Fault(
        problem("LD-108", file=file, field=key, value=shown or value, likely=close, wanted="a known name")
    )


def _wrong(file: str, key: str, wanted: str) -> Fault:
    return Fault(problem("LD-108", file=file, value=key, wanted=wanted))
