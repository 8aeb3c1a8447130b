"""What the cells of a column look like: dates, yes or no, races, codes. Hides every form but ours."""

import calendar
import functools
import itertools
import re
import string
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from leadstats.model.schema import RACES, TWO_OR_MORE, Column
from leadstats.recognition.vocabulary import closest, simple, spelled_out, translator, words_of

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
SERIAL = "excel"  # the format of dates that a spreadsheet gave as numbers
EPOCH = "epoch"  # the format of moments that stand as milliseconds since 1970
NUMBERS = (SERIAL, EPOCH)
SERIALS = (15_000, 65_000)  # days since 1899-12-30: from 1941 to 2077
EPOCHS = (631_152_000_000, 4_102_444_800_000)  # milliseconds: from 1990 to 2100
ZONED = re.compile(r":\d{2}(:\d{2}(\.\d+)?)? ?(Z|[+-]\d{2}(:?\d{2})?)")
MIDNIGHT = re.compile(r".*[T ]0?0:00(:00(\.0+)?)? ?(Z|[+-]\d.*)")
# As the macro as_point reads them.
POINT = re.compile(
    r"\s*POINT[ ZM]*(\(\s*-?[\d.]+\s+-?[\d.]+.*|EMPTY)|.*coordinates[^\d-]*-?[\d.]+\s*,\s*-?[\d.]+.*"
    r"|.*latitude[^\d-]+-?[\d.]+.*|.*-?\d{1,3}\.\d+\s*[, ]\s*-?\d{1,3}\.\d+\s*\)?\s*",
    re.IGNORECASE | re.DOTALL,
)
AFTER_NOON = re.compile(r"(.*[^\d:]|)(1[3-9]|2[0-3])(:\d{2}(?::\d{2})? ?)p\.?m\.?", re.IGNORECASE)
HALF_OF_DAY = re.compile(r"([ap])\.?m\.?$", re.IGNORECASE)
BEFORE_ONE = re.compile(r"(?<![\d:])0?0(:\d{2}(:\d{2})? ?[ap]m)$", re.IGNORECASE)
ENDS_ITS_DAY = re.compile(r"(?<!\d)24(:?00(:00(\.0+)?)?)$")
SHAPE = dict.fromkeys(map(ord, string.digits), "0") | dict.fromkeys(map(ord, string.ascii_letters), "a")
DIGIT, LETTER = re.compile(r"\d"), re.compile(r"[^\W\d_]")
MAY_BE_DAY = re.compile(r"\d[-/. ,]?\s?\w{1,9}[-/. ,]?\s?\d{2}|\d{8}")
FITS = 0.9  # this share of the cells must have a form for it to be the form of the column
MOST_FORMS = 4
# What the directives of a format stand for, as strptime reads them. Python compiles at most five
# formats at a time, so that trying all of them cost more than everything else together.
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
ORDERED = re.compile(r"%d.%m|%m.%d")  # forms that say which of day and month comes first
LEAST_OF_A_SWAPPED_ORDER = 0.1  # fewer days written the other way round are slips, not a second form
RACE_SEPARATORS = (";", ", ", ",", "/", "|", " and ", " & ", "+")
# Not before an ending of Latino/a/x, which is no letter for a group.
ANY_SEPARATOR = re.compile(
    r"\s*(?:[;,|+&\n]|/(?!(?-i:(?<=[a-z]/)[aeox])(?![^\W_])))\s*|\s+and\s+|\s+-\s+", re.IGNORECASE
)


@dataclass(frozen=True)
class Dates:
    """How a column writes days. formats: none for what needs none; `other`: what else they could be."""

    share: float
    formats: tuple[str, ...] = ()
    other: tuple[str, ...] = ()


@dataclass(frozen=True)
class Words:
    """How a column's values become ours, which of them nobody can tell, and how many cells that covers.

    together: cells of several values where no one mark stands between them in all, and those values.
    """

    share: float
    values: Mapping[str, str] = field(default_factory=dict)
    unclear: tuple[str, ...] = ()
    separator: str | None = None
    together: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def in_ours(self, told: Mapping[str, str]) -> dict[str, str]:
        """All values in ours, with what was told of those that nobody could tell."""
        ours = {**self.values, **told}
        whole = {
            cell: ";".join(dict.fromkeys(filter(None, (ours.get(part, part) for part in parts))))
            for cell, parts in self.together.items()
        }
        return ours | whole


def dates(values: Mapping[str, int], may_be_serial: bool = False) -> Dates:
    """`values`: different cells and how often each occurs."""
    left = {value: count for value, count in values.items() if not ISO.fullmatch(value)}
    # A few words among days ("IN CUSTODY") make no other column of it.
    if not values or len(values) - len(left) + sum(map(_may_be_day, left)) < len(values) / 2:
        return Dates(0)
    for form, is_one in ((SERIAL, _is_serial), (EPOCH, _is_epoch)) if may_be_serial and left else ():
        if _share(left, left, is_one) >= FITS:
            return Dates(_share(values, left, is_one) + _share(values, values, ISO.fullmatch), (form,))
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
        # A month in words, or behind the year, does not tell which comes first elsewhere in the column.
        swapped = _swapped(best) if ORDERED.match(best) else best
        if found.keys() <= fitting.get(swapped, set()):
            other.append(swapped)
        left = {value: count for value, count in left.items() if value not in found}
    # A workbook may hold text in some cells and bare day numbers in others.
    serial = [SERIAL] * (may_be_serial and any(map(_is_serial, left)))
    unread = sum(count for value, count in left.items() if not (serial and _is_serial(value)))
    total = sum(values.values())
    share = (total - unread) / max(1, total)
    # Two digits of a year come first: the longer form would read them as a year of antiquity.
    chosen, other = (sorted(each, key=lambda form: "%Y" in form) for each in (chosen, other))
    may_be_other = len(other) == len(chosen) and other != chosen
    return Dates(share, (*chosen, *serial), (*other, *serial) if may_be_other else ())


def are_day_first(formats: Iterable[str]) -> bool:
    return any(form.startswith("%d") for form in filter(ORDERED.match, formats))


def _swapped(form: str) -> str:
    return form.translate(str.maketrans({"m": "d", "d": "m"}))


def _is_slip(form: str, chosen: Sequence[str], found: Mapping[str, int], values: Mapping[str, int]) -> bool:
    """Whether a few days are only left because somebody took the month for the day."""
    is_swapped = any(_swapped(form)[:8] == each[:8] != form[:8] for each in chosen)
    return is_swapped and sum(found.values()) < LEAST_OF_A_SWAPPED_ORDER * sum(values.values())


def reader(formats: Sequence[str]):
    """A function from a cell to its moment, None if the formats (or none at all) do not read it.

    Zones are left out: the order of two moments of one system needs none.
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
    """The share of cells that are a time of day without its day."""
    return _share(values, values, lambda value: bool(CLOCK.fullmatch(value)))


def read_by(values: Mapping[str, int], formats: Sequence[str]) -> float:
    """The share of cells that these formats, or none at all, make days of."""
    numbers = [is_one for form, is_one in ((SERIAL, _is_serial), (EPOCH, _is_epoch)) if form in formats]
    plain = [each for each in formats if each not in NUMBERS]
    return _share(values, values, lambda v: _is_day(v, plain) or any(is_one(v) for is_one in numbers))


def states_zone(values: Iterable[str], formats: Sequence[str]) -> bool:
    """Whether some moments state a time zone, so that the day hangs on where one is; midnights throughout are days."""
    moments = [value for value in values if ZONED.search(value)]
    are_days = all(map(MIDNIGHT.fullmatch, moments))
    if EPOCH in formats:
        are_days = are_days and all(int(value) % 86_400_000 == 0 for value in values if _is_epoch(value))
        return not are_days
    return bool(moments) and not are_days


def points(values: Mapping[str, int]) -> float:
    """The share of cells that hold both coordinates of a point."""
    if not any(map(POINT.fullmatch, itertools.islice(values, 3))):
        return 0.0  # most columns, at the least cost
    return _share(values, values, POINT.fullmatch)


def _may_be_day(value: str) -> bool:
    return len(value) < 40 and MAY_BE_DAY.search(value) is not None


def _is_epoch(value: str) -> bool:
    return value.isascii() and value.isdigit() and EPOCHS[0] <= int(value) < EPOCHS[1]


def _on_the_clock(value: str) -> tuple[str, int]:
    """Times that no clock shows, as the macros on_the_clock and its_day read them, and the days that come on top."""
    if value[-1:] in ("m", "M", "."):  # most values have none of these forms
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
    # Most begin with no such day, and to compile what follows it would take longer than all else.
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
        # With four digits of a year wanted, a year of antiquity is some other number.
        moment = datetime(year, month, int(part["d"]), hour, int(part.get("M") or 0), int(part.get("S") or 0))
    except ValueError:
        return None
    return moment + timedelta(days=days) if year > 1000 else None


def _is_day(value: str, forms: Sequence[str]) -> bool:
    return bool(ISO.fullmatch(value)) or any(_fits(value, form) for form in forms)


def _is_serial(value: str) -> bool:
    return bool(re.fullmatch(r"\d{5}(\.\d+)?", value)) and SERIALS[0] < float(value) < SERIALS[1]


def _share(values: Mapping[str, int], among: Mapping[str, int], test) -> float:
    return sum(count for value, count in among.items() if test(value)) / max(1, sum(values.values()))


def yes_or_no(values: Mapping[str, int]) -> Words:
    yes, no = words_of("yes"), words_of("no")
    empty = words_of("missing", "unknown") - yes - no
    known = {value: simple(value) for value in values}
    share = _share(values, values, lambda value: known[value] in yes | no | empty)
    if len(values) > 8 or not any(known[value] in yes for value in values):
        share = min(share, 0.5)
    ours = {
        value: "yes" if known[value] in yes else "no" if known[value] in no else ""
        for value in values
        if known[value] in yes | no | empty and known[value] not in ("true", "false", "yes", "no", "1", "0")
    }
    return Words(share, ours)


def outcomes(values: Mapping[str, int], wanted: str) -> Words:
    """A column of dispositions as yes or no to one of them."""
    found = {value: _outcome(value) for value in values}
    share = _share(values, values, lambda value: found[value] is not None)
    has_wanted = any(outcome == wanted for outcome in found.values())
    ours = {value: "yes" if outcome == wanted else "no" for value, outcome in found.items() if outcome}
    return Words(share if has_wanted else 0, ours, tuple(value for value in values if not found[value]))


@functools.lru_cache(maxsize=20_000)
def _outcome(value: str) -> str | None:
    # An abbreviation is looked up as the words it stands for: BKD as booked.
    whole = simple(value)
    return _near(whole, "outcomes") or _near(" ".join(spelled_out(value)), "outcomes")


@functools.lru_cache(maxsize=100_000)
def _near(value: str, *sections: str, wanted: float = 0.86) -> str | None:
    """What a word of theirs is in ours, however it is misspelled; None if it is like none."""
    known = translator(*sections)
    if value in known:
        return known[value]
    word, score = closest(value, known)
    return known[word] if word and score >= wanted else None


def races(values: Mapping[str, int]) -> Words:
    """What each cell, or each part of it, is of our groups. A cell of several known groups is all of them.

    separator: what stands between them, if one mark does in all cells.
    """
    parts = {value: _race_parts(value) for value in values}
    several = {value: found for value, found in parts.items() if len(found) > 1}
    separator = next((mark for mark in RACE_SEPARATORS if _cuts(mark, several)), None) if several else None
    ours: dict[str, str] = {}
    unclear: dict[str, None] = {}
    fitting = named = 0
    for value, count in values.items():
        known = [meaning is not None for _, meaning in parts[value]]
        fitting += count * all(known)
        named += count * any(meaning in GROUPS for _, meaning in parts[value])
        unclear |= dict.fromkeys(part for part, meaning in parts[value] if meaning in (None, UNCLEAR))
        for part, meaning in parts[value]:
            if meaning in GROUPS and part.lower() != meaning.lower():
                ours[part] = meaning
            elif meaning == NO_GROUP and simple(part) != "unknown":
                ours[part] = ""
    together = (
        {} if separator else {value: tuple(part for part, _ in found) for value, found in several.items()}
    )
    share = fitting / max(1, sum(values.values())) if named else 0
    return Words(share, ours, tuple(unclear), separator, together)


def names_race(cell: str) -> bool:
    """Whether all parts of a cell are a group, or none."""
    return all(meaning is not None for _, meaning in _race_parts(cell))


GROUPS = frozenset((*RACES, TWO_OR_MORE))
NO_GROUP, OTHER, UNCLEAR = "", "other", "unclear"


def _cuts(mark: str, several: Mapping[str, tuple[tuple[str, str | None], ...]]) -> bool:
    return all(
        [each.strip() for each in value.split(mark)] == [p for p, _ in parts]
        for value, parts in several.items()
    )


@functools.lru_cache(maxsize=50_000)
def _race_parts(cell: str) -> tuple[tuple[str, str | None], ...]:
    """The parts of a cell, and of each the group, no group, another one, an unclear letter, or None: not known.

    Marks between groups also stand inside the names of groups ("Black/African American"), so that the
    longest runs of parts that are a name come first.
    """
    if (meaning := _race(cell, is_exact=True)) is not None:
        return ((cell, meaning),)
    spans, start = [], 0
    for mark in ANY_SEPARATOR.finditer(cell):
        spans.append((start, mark.start()))
        start = mark.end()
    spans = [(first, last) for first, last in (*spans, (start, len(cell))) if cell[first:last].strip()]
    parts: list[tuple[str, str | None]] = []
    while spans:
        for last in range(len(spans), 0, -1):
            text = cell[spans[0][0] : spans[last - 1][1]].strip()
            meaning = _race(text, is_exact=last > 1)
            if meaning is not None or last == 1:
                parts += [(text, meaning)] if meaning is not None else _race_words(text)
                spans = spans[last:]
                break
    return tuple(parts)


def _race_words(text: str) -> list[tuple[str, str | None]]:
    """Names with nothing but blanks between them: all of them, if there is nothing else."""
    words, found = text.split(), []
    while words:
        runs = (" ".join(words[:last]) for last in range(len(words), 0, -1))
        run = next((run for run in runs if len(run) > 2 and _race(run, is_exact=True) in GROUPS), None)
        if run is None:
            return [(text, None)]
        found.append((run, _race(run, is_exact=True)))
        words = words[len(run.split()) :]
    return found


def _race(text: str, is_exact: bool) -> str | None:
    word = simple(text)
    if (group := translator("races").get(word)) is not None:
        return group
    for sections, meaning in ((("unknown", "missing", "not_races"), NO_GROUP), (("other_races",), OTHER)):
        if word in words_of(*sections):
            return meaning
    if word in words_of("unclear_races"):
        return UNCLEAR
    group = None if is_exact else _near(word, "races")
    # "Black Hispanic" is like "Black, non-Hispanic" in letters alone.
    return None if group != "Hispanic or Latino" and re.search("hispan|latin", word) else group


def ethnicities(values: Mapping[str, int]) -> Words:
    """A column that says Hispanic or not, in words, letters or as yes and no: "yes", "no" or "" for each cell."""
    ours: dict[str, str] = {}
    unclear = []
    fitting = 0
    for value, count in values.items():
        word = simple(value)
        if (meaning := translator("ethnicities").get(word)) is not None:
            ours[value] = meaning
        elif word in words_of("unknown", "missing", "other_races"):
            ours[value] = ""
        else:
            unclear.append(value)
            continue
        fitting += count
    has_yes = "yes" in ours.values()
    return Words(fitting / max(1, sum(values.values())) if has_yes else 0, ours, tuple(unclear))


CHOICES = {
    "pathway": "pathways",
    "screening": "screenings",
    "diversion_result": "diversion_results",
    "closed_reason": "closed_reasons",
    "exit_reason": "exit_reasons",
    "need": "needs",
    "kind": "contact_kinds",
    "outcome": "case_outcomes",
}


MOST_WORDS = 12  # more that stand once each are texts
LONGEST_WORD = 4  # of one meaning, as words


def known_words(column: Column) -> dict[str, str]:
    """All words that mean a choice of a column, or nothing (""), without marks; of any other nobody knows."""
    nothing = dict.fromkeys(words_of("missing", "unknown"), "")
    return {**nothing, **translator(CHOICES[column.name]), **{simple(each): each for each in column.choices}}


def choices(column: Column, values: Mapping[str, int]) -> Words:
    """A column with a fixed list of ours, such as the pathway of a referral."""
    own = frozenset(choice.lower() for choice in column.choices)
    words = _translated(values, (CHOICES[column.name],), own)
    if not column.other:
        return words
    # Of a column that takes any word, some hold what somebody wrote about a person: that is nothing to ask about.
    are_few = len(words.unclear) <= MOST_WORDS
    unclear = (each for each in words.unclear if are_few or values[each] > 1)
    return replace(words, unclear=tuple(each for each in unclear if len(each.split()) <= LONGEST_WORD))


def is_choice(column: Column, value: str) -> bool:
    """Whether a cell is a known word for one of the things that a column may hold."""
    return _is_known(value, CHOICES[column.name], column.choices)


@functools.lru_cache(maxsize=50_000)
def _is_known(value: str, section: str, choices: tuple[str, ...]) -> bool:
    return not _translated({value: 1}, (section,), frozenset(map(str.lower, choices))).unclear


def sexes(values: Mapping[str, int]) -> Words:
    ours, fitting = {}, 0
    for value, count in values.items():
        word = simple(value)
        known = translator("sexes").get(word, "" if word in words_of("unknown", "missing") else None)
        fitting += count * (known is not None)
        if known is not None and known != value:
            ours[value] = known
    return Words(fitting / max(1, sum(values.values())), ours)


def codes(column: Column, values: Mapping[str, int]) -> Words:
    """Numbers of HUD, or the labels that stand for them."""
    sections = {
        "code": ("living_situations",),
        "destination": ("living_situations", "destinations"),
        "project_type": ("project_types",),
    }[column.name]
    numbers = set(translator(*sections).values())
    if column.name != "project_type":
        numbers |= {str(number) for number in range(1, 40)} | {str(n) for n in range(101, 440)}
    return _translated(values, sections, frozenset(numbers))


def _translated(values: Mapping[str, int], sections: tuple[str, ...], own: frozenset[str]) -> Words:
    ours, unclear, fitting = {}, [], 0
    for value, count in values.items():
        word = simple(value)
        if value.lower() in own or ("." in value and re.sub(r"\.0+$", "", value) in own):
            fitting += count
        elif (group := _near(word, *sections)) is not None:
            ours[value] = group
            fitting += count
        elif word in words_of("missing", "unknown"):
            ours[value] = ""
            fitting += count
        else:
            unclear.append(value)
    return Words(fitting / max(1, sum(values.values())), ours, tuple(unclear))


def number(value: str) -> float | None:
    """A number as people write it, with thousands or without; None if it is none."""
    if not re.fullmatch(r"[+-]?(\d+|\d{1,3}(,\d{3})+)(\.\d*)?", value):
        return None
    return float(value.replace(",", ""))
