"""How a column writes days and times of day. Hides every form but ours."""

import calendar
import functools
import itertools
import re
import string
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from leadstats.recognition.forms import FITS, share_of

ISO = re.compile(r"\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?)?( ?(Z|[+-]\d{2}(:?\d{2})?))?")
# By 24 hours or 12 (and as no clock shows them: 24:00, 0:15 AM), as Access writes it (1899-12-30 09:05:00), or
# without a colon (905, 0905 hrs, 090500).
CLOCK = re.compile(
    r"((1899-12-30|1900-01-01)[ T])?(([01]?\d|2[0-3]):[0-5]\d(:[0-5]\d(\.0+)?)?"
    r"|([01]?\d|2[0-3]):[0-5]\d(:[0-5]\d)? ?P\.?M\.?|(0?\d|1[0-2]):[0-5]\d(:[0-5]\d)? ?A\.?M\.?)"
    r"|(([01]?\d|2[0-3])?[0-5]\d|\d|2400)( ?h(ou)?rs?\.?)?|([01]?\d|2[0-3])[0-5]\d[0-5]\d|24:00(:00(\.0+)?)?|240000",
    re.IGNORECASE | re.ASCII,
)
DAYS = (
    "%m/%d/%y", "%m/%d/%Y", "%d/%m/%y", "%d/%m/%Y", "%m-%d-%y", "%m-%d-%Y", "%d-%m-%y", "%d-%m-%Y", "%Y/%m/%d", "%Y-%m-%d", "%d.%m.%Y",
    "%m.%d.%Y", "%d-%b-%y", "%d-%b-%Y", "%d %b %Y", "%d %B %Y", "%b %d, %Y", "%B %d, %Y", "%b %d %Y", "%Y%m%d",
)  # fmt: skip
TIMES = (
    "", " %H:%M", " %H:%M:%S", " %I:%M %p", " %I:%M:%S %p", " %I:%M%p", " %I:%M:%S%p", "T%H:%M", "T%H:%M:%S",
    " %H:%M:%S.%f", " %H%M", ", %H:%M", ", %I:%M %p",
)  # fmt: skip
ZONES = ("", " %z", "%z")
SERIAL = "excel"  # the format of dates that a spreadsheet exported as numbers
EPOCH = "epoch"  # the format of moments given as milliseconds since 1970
NUMBERS = (SERIAL, EPOCH)
SERIALS = (15_000, 65_000)  # days since 1899-12-30: from 1941 to 2077
EPOCHS = (631_152_000_000, 4_102_444_800_000)  # milliseconds: from 1990 to 2100
ZONED = re.compile(r":\d{2}(:\d{2}(\.\d+)?)? ?(Z|[+-]\d{2}(:?\d{2})?)")
MIDNIGHT = re.compile(r".*[T ]0?0:00(:00(\.0+)?)? ?(Z|[+-]\d.*)")
AFTER_NOON = re.compile(r"(.*[^\d:]|)(1[3-9]|2[0-3])(:\d{2}(?::\d{2})? ?)p\.?m\.?", re.IGNORECASE)
HALF_OF_DAY = re.compile(r"([ap])\.?m\.?$", re.IGNORECASE)
BEFORE_ONE = re.compile(r"(?<![\d:])0?0(:\d{2}(:\d{2})? ?[ap]m)$", re.IGNORECASE)
ENDS_ITS_DAY = re.compile(r"(?<!\d)24(:?00(:00(\.0+)?)?)$")
SHAPE = dict.fromkeys(map(ord, string.digits), "0") | dict.fromkeys(map(ord, string.ascii_letters), "a")
DIGIT, LETTER = re.compile(r"\d"), re.compile(r"[^\W\d_]")
MAY_BE_DAY = re.compile(r"\d[-/. ,]?\s?\w{1,9}[-/. ,]?\s?\d{2}|\d{8}")
MOST_FORMS = 4
# The directives of a format, as strptime reads them. strptime itself keeps at most five compiled formats, so trying
# all of them would cost more than everything else together.
DIRECTIVES = {
    "%Y": r"(?P<Y>\d{4})", "%y": r"(?P<y>\d\d)", "%m": r"(?P<m>1[0-2]|0?[1-9])", "%d": r"(?P<d>3[01]|[12]\d|0?[1-9])",
    "%b": rf"(?P<b>{'|'.join(calendar.month_abbr[1:])})", "%B": rf"(?P<B>{'|'.join(calendar.month_name[1:])})",
    "%H": r"(?P<H>2[0-3]|[01]\d|\d)", "%I": r"(?P<I>1[0-2]|0?[1-9])", "%M": r"(?P<M>[0-5]\d)", "%S": r"(?P<S>[0-5]\d)",
    "%f": r"\d{1,6}", "%p": r"(?P<p>[AP])M", "%z": r"[+-]\d{2}(:?\d{2})?",
}  # fmt: skip
# The same for the shape of a value: digits as 0, letters as a.
SHAPES = dict.fromkeys(DIRECTIVES, "0{1,2}") | {
    "%Y": "0{4}", "%b": "a{3}", "%B": "a{3,9}", "%f": "0{1,6}", "%p": "aa", "%z": "[+-]0{2}(:?0{2})?",
}  # fmt: skip
MONTHS = {
    name.lower(): n for names in (calendar.month_abbr, calendar.month_name) for n, name in enumerate(names)
}
ORDERED = re.compile(r"%d.%m|%m.%d")  # formats in which day and month could be swapped
LEAST_OF_A_SWAPPED_ORDER = (
    0.1  # if fewer days than this are the other way around, they are slips, not a second format
)


@dataclass(frozen=True)
class Dates:
    """How a column writes days, and the share of cells that are days. formats: empty for ISO dates. other: what else they could be."""

    share: float
    formats: tuple[str, ...] = ()
    other: tuple[str, ...] = ()


def dates(values: Mapping[str, int], may_be_serial: bool = False) -> Dates:
    """How a column writes days. values: its distinct cells, and how often each occurs."""
    left = {value: count for value, count in values.items() if not ISO.fullmatch(value)}
    # A column of days may have a few words among them ("IN CUSTODY").
    if not values or len(values) - len(left) + sum(map(_may_be_day, left)) < len(values) / 2:
        return Dates(0)
    for form, is_one in ((SERIAL, _is_serial), (EPOCH, _is_epoch)) if may_be_serial and left else ():
        if share_of(left, left, is_one) >= FITS:
            return Dates(share_of(values, left, is_one) + share_of(values, values, ISO.fullmatch), (form,))
    shapes = dict.fromkeys(_shape(_on_the_clock(value)[0]) for value in left)
    possible = dict.fromkeys(form for shape in shapes for form in _candidates(shape))
    fitting = {form: {value for value in left if _fits(value, form)} for form in possible}
    chosen: list[str] = []
    other: list[str] = []
    while left and len(chosen) < MOST_FORMS:
        best = max(fitting, key=lambda form: sum(left[v] for v in fitting[form] if v in left), default=None)
        found = {value: left[value] for value in fitting.get(best, ()) if value in left}
        if not found or _is_slip(best, chosen, found, values):
            break
        chosen.append(best)
        # A month in words, or after the year, does not say which comes first elsewhere in the column.
        swapped = _swapped(best) if ORDERED.match(best) else best
        if found.keys() <= fitting.get(swapped, set()):
            other.append(swapped)
        left = {value: count for value, count in left.items() if value not in found}
    # A workbook may have text in some cells and plain day numbers in others.
    serial = [SERIAL] * (may_be_serial and any(map(_is_serial, left)))
    unread = sum(count for value, count in left.items() if not (serial and _is_serial(value)))
    total = sum(values.values())
    share = (total - unread) / max(1, total)
    # Formats with two-digit years come first: the longer ones would read these as years of antiquity.
    chosen, other = (sorted(each, key=lambda form: "%Y" in form) for each in (chosen, other))
    may_be_other = len(other) == len(chosen) and other != chosen
    return Dates(share, (*chosen, *serial), (*other, *serial) if may_be_other else ())


def are_day_first(formats: Iterable[str]) -> bool:
    return any(form.startswith("%d") for form in filter(ORDERED.match, formats))


def _swapped(form: str) -> str:
    return form.translate(str.maketrans({"m": "d", "d": "m"}))


def _is_slip(form: str, chosen: Sequence[str], found: Mapping[str, int], values: Mapping[str, int]) -> bool:
    """Whether a few days do not fit only because somebody swapped month and day."""
    is_swapped = any(_swapped(form)[:8] == each[:8] != form[:8] for each in chosen)
    return is_swapped and sum(found.values()) < LEAST_OF_A_SWAPPED_ORDER * sum(values.values())


def reader(formats: Sequence[str]):
    """A function from a cell to its moment, or None if neither ISO nor these formats can read it.

    Time zones are ignored: they do not matter for the order of two moments in one system.
    """
    plain = [each for each in formats if each not in NUMBERS]

    def read(value: str | None) -> datetime | None:
        if not value:
            return None
        if ISO.fullmatch(value):
            text, days = _on_the_clock(value[:19])
            try:
                return datetime.fromisoformat(text.replace(" ", "T").rstrip("T")) + timedelta(days=days)
            except ValueError:
                return None
        if SERIAL in formats and _is_serial(value):
            return datetime(1899, 12, 30) + timedelta(days=float(value))
        if EPOCH in formats and _is_epoch(value):
            return datetime(1970, 1, 1) + timedelta(milliseconds=int(value))
        return next(filter(None, (_moment(value, form) for form in plain)), None)

    return read


def clocks(values: Mapping[str, int]) -> float:
    """The share of cells that are a time of day without a date."""
    return share_of(values, values, lambda value: bool(CLOCK.fullmatch(value)))


def read_by(values: Mapping[str, int], formats: Sequence[str]) -> float:
    """The share of cells that are days in ISO or one of these formats."""
    numbers = [is_one for form, is_one in ((SERIAL, _is_serial), (EPOCH, _is_epoch)) if form in formats]
    plain = [each for each in formats if each not in NUMBERS]
    return share_of(values, values, lambda v: _is_day(v, plain) or any(is_one(v) for is_one in numbers))


def states_zone(values: Iterable[str], formats: Sequence[str]) -> bool:
    """Whether some moments state a time zone, so that the day depends on the place; if all are midnights, they are days."""
    moments = [value for value in values if ZONED.search(value)]
    are_days = all(map(MIDNIGHT.fullmatch, moments))
    if EPOCH in formats:
        are_days = are_days and all(int(value) % 86_400_000 == 0 for value in values if _is_epoch(value))
        return not are_days
    return bool(moments) and not are_days


def _may_be_day(value: str) -> bool:
    return len(value) < 40 and MAY_BE_DAY.search(value) is not None


def _is_epoch(value: str) -> bool:
    return value.isascii() and value.isdigit() and EPOCHS[0] <= int(value) < EPOCHS[1]


def _on_the_clock(value: str) -> tuple[str, int]:
    """Rewrites times that no clock shows (24:00, 13:45 PM), as the macros on_the_clock and its_day do, and gives the days to add."""
    if value[-1:] in ("m", "M", "."):  # most values have neither
        if found := AFTER_NOON.fullmatch(value):
            return f"{found[1]}{int(found[2]) - 12}{found[3]}PM", 0
        value = BEFORE_ONE.sub(r"12\1", HALF_OF_DAY.sub(r"\1m", value))
    if "24" in value and ENDS_ITS_DAY.search(value):
        return ENDS_ITS_DAY.sub(r"00\1", value), 1
    return value, 0


def _shape(value: str) -> str:
    return value.translate(SHAPE) if value.isascii() else LETTER.sub("a", DIGIT.sub("0", value))


@functools.lru_cache(maxsize=50_000)
def _candidates(shape: str) -> tuple[str, ...]:
    """Forms that a value of this shape could have; the American order comes first."""
    if len(shape) > 40:
        return ()
    # Most values do not begin with such a day, and compiling what may follow it would take longer than everything else.
    begun = (day for day in DAYS if _pattern(day, is_shape=True).match(shape))
    forms = (
        day + time + zone for day, time, zone in itertools.product(begun, TIMES, ZONES) if time or not zone
    )
    return tuple(form for form in forms if _pattern(form, is_shape=True).fullmatch(shape))


@functools.cache
def _pattern(form: str, is_shape: bool = False) -> re.Pattern:
    said = SHAPES if is_shape else DIRECTIVES
    parts = []
    for part in re.findall(r"%\w|\s+|.", form):
        literal = "a" if is_shape and part.isalpha() else re.escape(part)
        parts.append(said[part] if part in said else r"\s+" if part.isspace() else literal)
    return re.compile("".join(parts), re.IGNORECASE | re.ASCII)


def _fits(value: str, form: str) -> bool:
    return _moment(value, form) is not None


@functools.lru_cache(maxsize=200_000)
def _moment(value: str, form: str) -> datetime | None:
    days = 0
    if not (found := _pattern(form).fullmatch(value)):
        value, days = _on_the_clock(value)
        if not (found := _pattern(form).fullmatch(value)):
            return None
    part = found.groupdict()
    year = int(part["Y"]) if "Y" in part else int(part["y"]) + (1900 if int(part["y"]) > 68 else 2000)
    month = int(part["m"]) if "m" in part else MONTHS[(part.get("b") or part["B"]).lower()]
    hour = int(part.get("H") or 0)
    if "I" in part:
        hour = int(part["I"]) % 12 + 12 * (part["p"] in "pP")
    try:
        # A year of antiquity is some other number.
        moment = datetime(year, month, int(part["d"]), hour, int(part.get("M") or 0), int(part.get("S") or 0))
    except ValueError:
        return None
    return moment + timedelta(days=days) if year > 1000 else None


def _is_day(value: str, forms: Sequence[str]) -> bool:
    return bool(ISO.fullmatch(value)) or any(_fits(value, form) for form in forms)


def _is_serial(value: str) -> bool:
    return bool(re.fullmatch(r"\d{5}(\.\d+)?", value)) and SERIALS[0] < float(value) < SERIALS[1]
