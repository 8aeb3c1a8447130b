"""What the cells of a column look like: dates, yes or no, races, codes. Hides every form but ours."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from leadstats.model.schema import RACES, TWO_OR_MORE, Column
from leadstats.recognition import vocabulary
from leadstats.recognition.vocabulary import closest, simple, translator, words_of

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
    "%m/%d/%y", "%m/%d/%Y", "%d/%m/%y", "%d/%m/%Y", "%m-%d-%y", "%m-%d-%Y", "%d-%m-%Y", "%Y/%m/%d", "%Y-%m-%d", "%d.%m.%Y",
    "%m.%d.%Y", "%d-%b-%y", "%d-%b-%Y", "%d %b %Y", "%d %B %Y", "%b %d, %Y", "%B %d, %Y", "%b %d %Y", "%Y%m%d",
)  # fmt: skip
TIMES = (
    "", " %H:%M", " %H:%M:%S", " %I:%M %p", " %I:%M:%S %p", " %I:%M%p", " %I:%M:%S%p", "T%H:%M", "T%H:%M:%S",
    " %H:%M:%S.%f", " %H%M", ", %H:%M", ", %I:%M %p",
)  # fmt: skip
ZONE = " %z"
SERIAL = "excel"  # the format of dates that a spreadsheet gave as numbers
EPOCH = "epoch"  # the format of moments that stand as milliseconds since 1970
NUMBERS = (SERIAL, EPOCH)
SERIALS = (15_000, 65_000)  # days since 1899-12-30: from 1941 to 2077
FITS = 0.9  # this share of the cells must have a form for it to be the form of the column
MOST_FORMS = 4
RACE_SEPARATORS = (";", ", ", ",", "/", "|", " and ", " & ", "+")


@dataclass(frozen=True)
class Dates:
    """How a column writes days. formats: none for what needs none; `other`: what else they could be."""

    share: float
    formats: tuple[str, ...] = ()
    other: tuple[str, ...] = ()


@dataclass(frozen=True)
class Words:
    """How a column's values become ours, which of them nobody can tell, and how many cells that covers."""

    share: float
    values: Mapping[str, str] = field(default_factory=dict)
    unclear: tuple[str, ...] = ()
    separator: str | None = None


def dates(values: Mapping[str, int], may_be_serial: bool = False) -> Dates:
    """`values`: different cells and how often each occurs."""
    left = {value: count for value, count in values.items() if not ISO.fullmatch(value)}
    if not values or sum(map(_may_be_day, left)) < len(left) / 2 < len(values) / 4:
        return Dates(0)
    if may_be_serial and left and _share(left, left, _is_serial) >= FITS:
        return Dates(_share(values, left, _is_serial) + _share(values, values, ISO.fullmatch), (SERIAL,))
    chosen: list[str] = []
    other: list[str] = []
    while left and len(chosen) < MOST_FORMS:
        # The cell with most to say: 31/12/2020 tells the order that 1/2/2020 leaves open.
        first = max(
            left,
            key=lambda value: (_may_be_day(value), max(map(int, re.findall(r"\d{1,2}", value)), default=0)),
        )
        counts = {form: _fitting(left, form) for form in _candidates(first)}
        best = max(counts, key=lambda form: sum(counts[form].values()), default=None)
        if best is None:
            del left[first]
            continue
        chosen.append(best)
        swapped = best.translate(str.maketrans({"m": "d", "d": "m"}))
        if swapped != best and len(counts.get(swapped, ())) == len(counts[best]):
            other.append(swapped)
        left = {value: count for value, count in left.items() if value not in counts[best]}
    share = _share(values, values, lambda value: _is_day(value, chosen))
    # Two digits of a year come first: the longer form would read them as a year of antiquity.
    chosen.sort(key=lambda form: "%Y" in form)
    return Dates(share, tuple(chosen), tuple(other) if len(other) == len(chosen) else ())


def clocks(values: Mapping[str, int]) -> float:
    """The share of cells that are a time of day without its day."""
    return _share(values, values, lambda value: bool(CLOCK.fullmatch(value)))


def read_by(values: Mapping[str, int], formats: Sequence[str]) -> float:
    """The share of cells that these formats, or none at all, make days of."""
    has_serials = SERIAL in formats
    plain = [each for each in formats if each != SERIAL]
    return _share(values, values, lambda value: _is_day(value, plain) or (has_serials and _is_serial(value)))


def _may_be_day(value: str) -> bool:
    return bool(re.search(r"\d[-/. ,]?\s?\w{1,9}[-/. ,]?\s?\d{2}|\d{8}", value)) and len(value) < 40


def _candidates(value: str) -> list[str]:
    """Forms that could be that of a value; the American order comes first."""
    shape = re.sub(r"[^\W\d]+", "", value)
    zones = ("", ZONE) if re.search(r"(Z|[+-]\d{2}:?\d{2})$", value) else ("",)
    days = [day for day in DAYS if (set(re.sub(r"%\w", "", day)) - {" ", ","}) <= set(shape)]
    return [
        day + time + zone
        for day in days
        for time in TIMES
        for zone in zones
        if _fits(value, day + time + zone)
    ]


def _fitting(values: Mapping[str, int], form: str) -> dict[str, int]:
    return {value: count for value, count in values.items() if _fits(value, form)}


def _fits(value: str, form: str) -> bool:
    # Python reads 9/7/17 as the year 17 with %Y only if told four digits; it would read 2017 with
    # %y as the year 20 and fail on the rest.
    try:
        return datetime.strptime(value, form).year > 1000
    except ValueError:
        return False


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
    known = translator("outcomes")
    found = {value: known.get(simple(value)) or _near(simple(value), known) for value in values}
    share = _share(values, values, lambda value: found[value] is not None)
    has_wanted = any(outcome == wanted for outcome in found.values())
    ours = {value: "yes" if outcome == wanted else "no" for value, outcome in found.items() if outcome}
    return Words(share if has_wanted else 0, ours, tuple(value for value in values if not found[value]))


def _near(value: str, known: Mapping[str, str], wanted: float = 0.86) -> str | None:
    word, score = closest(value, known)
    return known[word] if word and score >= wanted else None


def races(values: Mapping[str, int]) -> Words:
    """With the separator that makes most cells a list of known groups."""
    found = [_races(values, separator) for separator in (None, *RACE_SEPARATORS)]
    return max(found, key=lambda each: (round(each.share, 2), each.separator is None))


def _races(values: Mapping[str, int], separator: str | None) -> Words:
    known = translator("races")
    nothing = words_of("unknown", "missing", "not_races")
    letters, others = words_of("unclear_races"), words_of("other_races")
    ours: dict[str, str] = {}
    unclear: dict[str, None] = {}
    fitting = named = 0
    for value, count in values.items():
        whole = simple(value)
        parts = [value] if separator is None or whole in known or whole in nothing else value.split(separator)
        results = []
        for part in map(str.strip, parts):
            word = simple(part)
            group = known.get(word) or (None if word in nothing | others else _near(word, known))
            results.append(group is not None or word in nothing | others | letters)
            named += count * (group is not None)
            if group is not None and part.lower() != group.lower():
                ours[part] = group
            elif group is None and word in nothing and word != "unknown":
                ours[part] = ""
            elif group is None and word not in others | nothing and part:
                unclear[part] = None
        fitting += count * all(results)
    total = max(1, sum(values.values()))
    share = fitting / total if named else 0
    return Words(share, ours, tuple(unclear), separator)


def choices(column: Column, values: Mapping[str, int]) -> Words:
    """A column with a fixed list of ours, such as the pathway of a referral."""
    known = translator(
        {"pathway": "pathways", "screening": "screenings", "diversion_result": "diversion_results"}[
            column.name
        ]
    )
    return _translated(values, known, {choice.lower() for choice in column.choices})


def sexes(values: Mapping[str, int]) -> Words:
    known = translator("sexes") | dict.fromkeys(words_of("unknown", "missing"), "")
    found = _translated(values, known, set(), wanted=2)
    return Words(found.share, {t: o for t, o in found.values.items() if t != o}, (), None)


def codes(column: Column, values: Mapping[str, int]) -> Words:
    """Numbers of HUD, or the labels that stand for them."""
    sections = {
        "code": ("living_situations",),
        "destination": ("living_situations", "destinations"),
        "project_type": ("project_types",),
    }[column.name]
    known = translator(*sections)
    numbers = set(known.values())
    if column.name != "project_type":
        numbers |= {str(number) for number in range(1, 40)} | {str(n) for n in range(101, 440)}
    return _translated(values, known, numbers)


def _translated(
    values: Mapping[str, int], known: Mapping[str, str], own: set[str], wanted: float = 0.86
) -> Words:
    ours, unclear, fitting = {}, [], 0
    for value, count in values.items():
        word = simple(value)
        if value.lower() in own or re.sub(r"\.0+$", "", value) in own:
            fitting += count
        elif (group := known.get(word) or _near(word, known, wanted)) is not None or word in known:
            ours[value] = group or ""
            fitting += count
        elif word in words_of("missing", "unknown"):
            ours[value] = ""
            fitting += count
        else:
            unclear.append(value)
    return Words(fitting / max(1, sum(values.values())), ours, tuple(unclear))


def race_of_header(header: str) -> str | None:
    """The group a column counts, "" for everyone; None if it is no such column."""
    census = vocabulary.load()["census"]
    if header in census:
        return census[header]
    said = simple(re.sub(r"[_!:]+", " ", header))
    said = re.sub(
        r"\b(alone|population|pop|count|total|estimate|est|number|people|residents|persons|all|ttl|race|races)\b",
        " ",
        said,
    )
    said = " ".join(said.split())
    if not said:
        return "" if re.search(r"total|ttl|all|population|pop", header, re.IGNORECASE) else None
    group = translator("races").get(said)
    return group if len(said) > 2 and group in (*RACES, TWO_OR_MORE) else None
