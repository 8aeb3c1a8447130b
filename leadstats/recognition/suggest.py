"""What an export probably is: table, columns, forms and values, from its headers and cells alone."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from leadstats.model.filenames import day_in_name
from leadstats.model.schema import TABLES, Column, Table
from leadstats.recognition import forms
from leadstats.recognition.profile import Profile, Sheet
from leadstats.recognition.vocabulary import best_meaning, likeness, of_file, spelled_out, unwanted

IS_LIKELY = 0.6  # below it a column is not proposed
IS_SURE = 0.72  # below it a required column is asked about
IS_CLOSE = 0.03  # two headers so alike in score are a choice for a person
IS_ANOTHER = 0.2  # a header that says something else so much better is not taken
IS_A_TABLE = 0.55  # below it nobody is asked whether a file is an export
ARE_CLOSE_TABLES = 0.04
COORDINATES = {"latitude": 90.0, "longitude": 180.0}
# Optional columns that a wrong choice would spoil more than a question costs.
WORTH_ASKING = ("race",)
MOST_CHOICES = 20  # different cells of a column with a fixed list of ours
ASKED_VALUES = 12  # more values that nobody can tell are left to the report


@dataclass(frozen=True)
class Guess:
    """A column of ours, the headers taken for it, and how sure that is (0 to 1)."""

    column: str
    headers: tuple[str, ...]
    score: float


@dataclass(frozen=True)
class TableGuess:
    """One table a file may be, with the columns it would have."""

    table: str
    score: float
    guesses: Mapping[str, Guess]


def tables_for(sheet: Sheet) -> list[TableGuess]:
    """The tables a file may be, the likeliest first."""
    found = [_as_table(sheet, table) for table in TABLES.values()]
    return sorted((each for each in found if each.score > 0), key=lambda each: -each.score)


def as_table(sheet: Sheet, name: str) -> TableGuess:
    """A file read as a table that somebody chose."""
    return _as_table(sheet, TABLES[name])


def fit(column: Column, profile: Profile, name: float) -> float:
    """How well the cells are what the column holds, 0 to 1; `name` is how well the header is."""
    values = profile.values
    if not profile.filled:
        return 0.2 if column.required else 0.5
    if column.is_date:
        share = (profile.serials if name > 0.7 else profile.dates).share
        return share if share >= forms.FITS else 0
    if column.kind == "races":
        share = profile.races.share
        return share if share > 0.5 else 0.3 * (name > 0.95 and profile.distinct < 40)
    if column.name in ("is_diverted", "is_booked"):
        return max(profile.flags.share, forms.outcomes(values, column.name[3:]).share)
    if column.kind == "flag":
        return profile.flags.share
    if column.kind == "choice":
        share = forms.choices(column, values).share
        return share if share > 0.5 else 0.4 * (name > 0.9 and profile.distinct <= 40)
    if column.name in ("code", "destination", "project_type"):
        return forms.codes(column, values).share
    if column.kind in ("number", "integer"):
        return _numeric(column, values)
    return _textual(column, profile)


def _numeric(column: Column, values: Mapping[str, int]) -> float:
    reach = COORDINATES.get(column.name)
    low, high = (1900, 2030) if column.name == "birth_year" else (-reach, reach) if reach else (0, 10**9)
    form = r"[+-]?\d+(\.0*)?" if column.kind == "integer" else r"[+-]?\d+(\.\d+)?"
    total = fitting = 0
    for value, count in values.items():
        total += count
        if re.fullmatch(form, value) and low <= float(value) <= high:
            # Degrees are written with decimals; a whole number is some other number.
            fitting += count * (not reach or "." in value)
    return fitting / total if fitting / total >= forms.FITS else 0


def _textual(column: Column, profile: Profile) -> float:
    values = profile.values
    if column.name == "case_manager":
        return 0.0 if profile.dates.share > forms.FITS else 1.0  # a name as often as a number
    if column.privacy == "identifier":
        is_prose = sum(" " in value.strip() for value in values) > len(values) / 2
        is_category = profile.distinct < 6 and profile.filled > 40
        if profile.dates.share > forms.FITS or is_category:
            return 0.0
        return 0.2 if is_prose else 1.0
    if column.name in ("sex", "gender"):
        return profile.sexes.share
    if profile.dates.share > forms.FITS:
        return 0.0
    # A category repeats; what never does is a text or a number of its own.
    is_repeating = profile.variety < 0.5 or profile.filled < 20
    return 0.9 if is_repeating else 0.3


def _as_table(sheet: Sheet, table: Table) -> TableGuess:
    guesses = _assigned(sheet, table)
    if table.name == "population":
        return _as_population(sheet, guesses)
    guesses = _with_keys(sheet, table, guesses)
    missing = _missing(sheet, table, guesses)
    required = [column for column in table.columns if column.required]
    certain = [guesses[c.name].score if c.name in guesses else missing.get(c.name, 0.0) for c in required]
    if not certain or min(certain) == 0 or not _is_plausible(sheet, table, guesses):
        return TableGuess(table.name, 0, guesses)
    marked = marked_races(sheet) if any(column.kind == "races" for column in table.columns) else {}
    used = {header for guess in guesses.values() for header in guess.headers}.union(marked)
    wanted = [p.header for p in sheet.columns if unwanted(p.header) < 0.9 or p.header in used]
    coverage = len(used) / max(1, len(wanted))
    dated = guesses[table.dated_by].score if table.dated_by in guesses else 0.6
    named = of_file(sheet.stem, table.name)
    found = sum(guess.score for guess in guesses.values()) + bool(marked)
    own = min(1.0, found / (1 + len(table.columns) / 2))
    score = 0.35 * sum(certain) / len(certain) + 0.15 * coverage + 0.2 * named + 0.15 * dated + 0.15 * own
    return TableGuess(table.name, score, guesses)


def _assigned(sheet: Sheet, table: Table) -> dict[str, Guess]:
    """Each column the header that suits it best; a header serves once, but for dispositions."""
    pairs = []
    marked = marked_races(sheet)
    for column in table.columns:
        for profile in sheet.columns:
            if len(marked) > 1 and profile.header in marked:
                continue
            score = _score(table, column, profile)
            if score >= IS_LIKELY:
                pairs.append((score, column.name, profile.header))
    guesses: dict[str, Guess] = {}
    taken: set[str] = set()
    for score, column, header in sorted(pairs, key=lambda pair: (-pair[0], pair[1])):
        is_free = header not in taken or (
            column in ("is_diverted", "is_booked") and _is_outcome(sheet, header)
        )
        if column not in guesses and is_free:
            guesses[column] = Guess(column, (header,), score)
            taken.add(header)
    if "gender" in guesses and "sex" not in guesses:
        # Most systems that keep one of the two call it what they like and mean the other.
        guesses["sex"] = replace(guesses.pop("gender"), column="sex")
    return guesses


def _is_outcome(sheet: Sheet, header: str) -> bool:
    values = sheet.profile(header).values
    return all(forms.outcomes(values, wanted).share > 0.6 for wanted in ("diverted", "booked"))


def _score(table: Table, column: Column, profile: Profile) -> float:
    name = likeness(profile.header, table.name, column.name)
    if column.kind == "choice" and _says_choices(column, profile):
        return 0.98 + 0.02 * name  # what all cells say is surer than what a header may mean
    # A flag or a number of something else looks just like the one wanted: only its header tells.
    is_common = column.kind == "flag" or (column.privacy == "identifier" and not column.required)
    if name < (0.75 if is_common else 0.45) or unwanted(profile.header) > name + 0.05:
        return 0.0
    best, meant = best_meaning(profile.header)
    if column.name not in meant and best > name + IS_ANOTHER:
        return 0.0
    fitting = fit(column, profile, name)
    return 0.7 * name + 0.3 * fitting if fitting >= 0.3 else 0.0


def _says_choices(column: Column, profile: Profile) -> bool:
    """Whether nearly all cells, and not all the same, are among the few things that the column may hold."""
    if not 1 < profile.distinct <= MOST_CHOICES:
        return False
    words = forms.choices(column, profile.values)
    told = {words.values.get(value, value.lower()) for value in profile.values} & set(column.choices)
    return words.share >= forms.FITS and len(told - {"unknown"}) > 1


def _is_row_id(table: Table, column: Column) -> bool:
    return table.key[:1] == (column.name,) and column.name not in ("person_id", "source")


def _with_keys(sheet: Sheet, table: Table, guesses: dict[str, Guess]) -> dict[str, Guess]:
    """A number for each row: the column that is one, else the fewest columns that are one together."""
    row_id = next((column for column in table.columns if _is_row_id(table, column)), None)
    if row_id is None or not row_id.required:
        return guesses
    found = guesses.get(row_id.name)
    if found and (sheet.are_unique(found.headers) or table.name == "jail_stay"):
        # Jails write a row for each charge or move of one booking; the build joins them again.
        return guesses
    person_and_day = ("person_id", table.dated_by)
    parts = [guesses[name].headers[0] for name in person_and_day if name in guesses]
    further = [guess.headers[0] for name, guess in guesses.items() if name not in person_and_day]
    first = [found.headers[0]] if found else []
    tries = ([*first, *parts[:1]], [*first, *parts], parts, *([*first, *parts, each] for each in further))
    for headers in tries:
        headers = tuple(dict.fromkeys(headers))
        if len(headers) > 1 and sheet.are_unique(headers):
            return guesses | {row_id.name: Guess(row_id.name, headers, 0.75)}
    if not found and len(parts) == 2:
        return guesses | {row_id.name: Guess(row_id.name, tuple(parts), 0.7)}
    return guesses


def _missing(sheet: Sheet, table: Table, guesses: Mapping[str, Guess]) -> dict[str, float]:
    """What a lacking required column is worth, since somebody can be asked or the file's name tells."""
    worth = {}
    if table.name == "referral" and "pathway" not in guesses:
        worth["pathway"] = 0.6
    if table.name == "jail_roster" and day_in_name(sheet.name):
        worth["seen_on"] = 0.9
    row_id = next((column for column in table.columns if _is_row_id(table, column)), None)
    if row_id and row_id.name in guesses and table.dated_by in guesses and table.name != "person":
        worth["person_id"] = 0.6
    return worth


def _is_plausible(sheet: Sheet, table: Table, guesses: Mapping[str, Guess]) -> bool:
    """What a table has besides its required columns, else nearly every file would be one of people."""
    has = guesses.keys()
    if table.name == "person":
        known = has & {"birth_date", "birth_year", "sex", "gender", "race", "death_date"}
        is_marked = len(marked_races(sheet)) > 1
        return len(known) + is_marked > 1 and sheet.profile(guesses["person_id"].headers[0]).variety > 0.9
    if table.name == "housing":
        return "entered_on" in has and bool(has & {"project_type", "moved_in_on", "destination"})
    if table.name == "jail_roster":
        return _has_no_release(sheet)
    if table.name == "jail_stay":
        # A list of one day without any release is a roster: read as stays, nobody would ever leave.
        is_roster = day_in_name(sheet.name) is not None and _has_no_release(sheet)
        return guesses["booked_at"].score > 0.75 and not is_roster
    return True


def _has_no_release(sheet: Sheet) -> bool:
    releases = [each for each in sheet.columns if likeness(each.header, "jail_stay", "released_at") > 0.85]
    return not any(profile.filled for profile in releases)


def _as_population(sheet: Sheet, guesses: dict[str, Guess]) -> TableGuess:
    groups = wide_groups(sheet)
    has_people = any(likeness(each.header, "referral", "person_id") > 0.9 for each in sheet.columns)
    if len(groups) > 2 and not has_people:
        named = guesses.get("neighborhood") or _place(sheet)
        kept = {"neighborhood": named} if named else {}
        return TableGuess("population", 0.8 + 0.15 * of_file(sheet.stem, "population"), kept)
    is_count = "people" in guesses and ("race" in guesses or "neighborhood" in guesses)
    if not is_count or has_people or len(sheet.columns) > 8:
        return TableGuess("population", 0, guesses)
    score = 0.5 * guesses["people"].score + 0.25 + 0.2 * of_file(sheet.stem, "population")
    return TableGuess("population", score, guesses)


def _place(sheet: Sheet) -> Guess | None:
    """The first column of words that name each row."""
    for profile in sheet.columns:
        if profile.variety > 0.9 and not any(re.fullmatch(r"[\d.,US]+", value) for value in profile.values):
            return Guess("neighborhood", (profile.header,), 0.7)
    return None


def wide_groups(sheet: Sheet) -> dict[str, str]:
    """The columns that count the people of one group each, and the groups; one column a group."""
    groups: dict[str, str] = {}
    for profile in sheet.columns:
        group = forms.race_of_header(profile.header)
        is_number = group is not None and _numeric(
            TABLES["population"].column("people"), profile.values or {"": 1}
        )
        if is_number and group not in groups.values():
            groups[profile.header] = group
    return groups


def marked_races(sheet: Sheet) -> dict[str, str]:
    """Columns that each say yes or no to one race, and the race."""
    found = {}
    for profile in sheet.columns:
        header = re.sub(r"([a-z])([A-Z])", r"\1 \2", profile.header)
        header = re.sub(r"^(race|ethnicity)[\s_:-]*", "", header, flags=re.IGNORECASE)
        group = forms.race_of_header(header)
        if group and 0 < profile.distinct <= 3 and profile.flags.share >= forms.FITS:
            found[profile.header] = group
    return found


def rivals(sheet: Sheet, table: str, guess: Guess, taken: Iterable[str]) -> list[str]:
    """Headers that suit a column about as well as the chosen one, and serve nothing else."""
    column = TABLES[table].column(guess.column)
    if len(guess.headers) > 1 or not (column.required or column.name in WORTH_ASKING or column.is_date):
        return []
    others = [each for each in sheet.columns if each.header not in taken]
    limit = guess.score - IS_CLOSE
    return [each.header for each in others if each.filled and _score(TABLES[table], column, each) >= limit]


def clock_of(sheet: Sheet, day: str, taken: Iterable[str]) -> str | None:
    """The column with the time to a column of days, if its name is the same but for date and time."""
    about = _but_date_and_time(day)
    for profile in sheet.columns:
        is_alike = profile.header not in taken and _but_date_and_time(profile.header) == about
        if is_alike and profile.filled and profile.clocks >= forms.FITS:
            return profile.header
    return None


def _but_date_and_time(header: str) -> set[str]:
    return set(spelled_out(header)) - {"date", "time", "day", "of"}


def candidates(sheet: Sheet, table: str, column: str) -> list[str]:
    """The headers that could hold a column at all, the likeliest first."""
    ours = TABLES[table].column(column)
    scored = []
    for profile in sheet.columns:
        name = likeness(profile.header, table, column)
        fitting = fit(ours, profile, name)
        if fitting >= 0.5 and profile.filled:
            # What numbers people repeats seldom; what numbers rows never does.
            many = profile.variety if ours.privacy == "identifier" else 0
            scored.append((-(0.7 * name + 0.3 * fitting + 0.3 * many), profile.header))
    return [header for _, header in sorted(scored)][:8]
