"""What an export probably is: a table, and which of its columns are ours.

Evidence, the strongest first: how the file meets others (relations.py), what cannot be otherwise
(constraints.py), what the cells hold, what the header says. Cells can veto a header; the name of the
file counts, that of its folder or archive does not.
"""

import functools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from leadstats.model.filenames import day_in_name
from leadstats.model.schema import TABLES, Column, Table
from leadstats.model.settings import ROW
from leadstats.recognition import constraints, event_numbers, forms, race_columns
from leadstats.recognition.claims import (
    BY_CELLS,
    BY_ELIMINATION,
    IS_SURE,
    Claim,
    Evidence,
    numbers_events,
    says_race,
)
from leadstats.recognition.fit import (
    COORDINATES,
    fit,
    is_number,
    is_outcome,
    may_name_groups,
    names_outcomes,
    says_yes_or_no,
)
from leadstats.recognition.profile import Profile, Sheet
from leadstats.recognition.vocabulary import (
    likeness,
    meanings,
    of_file,
    spelled_out,
    unwanted,
)

IS_LIKELY = 0.6  # below it a column is not proposed
IS_CLOSE = 0.03  # two headers so alike in score are a choice for a person
IS_A_TABLE = 0.55  # below it a file is not taken for an export without being asked about
ARE_CLOSE_TABLES = 0.04
SAYS_SO = 0.75  # so much like a known name a header is that it speaks for its table
LISTS = ("person", "person_link", "jail_roster")
# What somebody says of columns of ours: the header of each, None for one that the file does not have.
Told = Mapping[str, str | None]
NOTHING_TOLD: Told = {}


@dataclass(frozen=True)
class TableGuess:
    """One table a file may be, with the columns it would have."""

    table: str
    score: float
    claims: Mapping[str, Claim]


class Judge:
    """What one file may be. `places`: the names on the map."""

    def __init__(self, sheet: Sheet, places: Sequence[str] = ()):
        self.sheet = sheet
        self._evidence = Evidence(sheet, places)
        self._tables: dict[str, TableGuess] = {}

    @functools.cached_property
    def marked(self) -> dict[str, str]:
        """Columns that each say yes or no to one race, and the race; none if there is but one."""
        found = race_columns.marked(self.sheet)
        return found if len(found) > 1 else {}

    @functools.cached_property
    def wide(self) -> dict[str, str]:
        """Columns that count the residents of one group each; none if they are too few for a table."""
        found = race_columns.wide(self.sheet)
        return found if len(found) > 2 else {}

    def tables(self) -> list[TableGuess]:
        """The tables the file may be, the likeliest first."""
        found = [self.as_table(name) for name in TABLES]
        return sorted((each for each in found if each.score > 0), key=lambda each: -each.score)

    def as_table(self, name: str, told: Told = NOTHING_TOLD) -> TableGuess:
        """The file read as one table, whether or not it is likely; what is told of a column is not judged again."""
        if told:
            return self._as_table(TABLES[name], told)
        if name not in self._tables:
            self._tables[name] = self._as_table(TABLES[name], told)
        return self._tables[name]

    def _as_table(self, table: Table, told: Told) -> TableGuess:
        name = table.name
        claims = self._assigned(table, told)
        if name == "population":
            return self._as_population(claims)
        if not table.key or table.key[0] not in told:
            claims = event_numbers.numbered(self.sheet, table, claims, self.marked)
        missing = self._missing(table, claims)
        required = [column for column in table.columns if column.required]
        certain = [
            self._certainty(claims[c.name]) if c.name in claims else missing.get(c.name, 0.0)
            for c in required
        ]
        if not certain or min(certain) == 0 or not self._is_plausible(table, claims):
            return TableGuess(name, 0, claims)
        marked = self.marked if any(column.kind == "races" for column in table.columns) else {}
        used = {header for claim in claims.values() for header in claim.headers}.union(marked) - {ROW}
        wanted = len(self.sheet.columns) - len(self._unwanted - used)
        coverage = len(used) / max(1, wanted)
        dated = claims[table.dated_by].score if table.dated_by in claims else 0.6
        named = of_file(self.sheet.stem, name)
        found = sum(claim.score for claim in claims.values()) + bool(marked)
        own = min(1.0, found / (1 + len(table.columns) / 2))
        score = 0.35 * sum(certain) / len(certain) + 0.15 * coverage + 0.2 * named + 0.15 * dated + 0.15 * own
        return TableGuess(name, score, claims)

    def _certainty(self, claim: Claim) -> float:
        """How sure a required column is: one that most rows leave empty is that of something else."""
        profiles = [self.sheet.profile(header) for header in claim.headers if header != ROW]
        filled = min((each.filled / max(1, each.rows) for each in profiles), default=1.0)
        return claim.score * (0.5 + 0.5 * filled)

    def is_told(self, guess: TableGuess) -> bool:
        """Whether the file's name, its headers or its cells speak for the table, and not only nothing against it.

        A number, a person and a day are in many a table, and one header may mislead. A list of people is told by what
        it has besides.
        """
        table = TABLES[guess.table]
        own = [claim for name, claim in guess.claims.items() if _is_own(table, name)]
        said = [
            any(likeness(each, table.name, claim.column) >= SAYS_SO for each in claim.headers)
            for claim in own
        ]
        has_choice = any(table.column(claim.column).kind == "choice" for claim in own)
        named = of_file(self.sheet.stem, table.name)
        if table.name in LISTS or has_choice or bool(table.name == "population" and self.wide):
            return True
        # One word of a name says as little as one header: a case log is no list of cases.
        return named > 0.5 or sum(said) + (named > 0) > 1

    @property
    def holds_a_table(self) -> bool:
        """Whether there are rows of several columns, so that somebody should say what they are."""
        return len(self.sheet.columns) > 1 and self.sheet.rows > 0

    def rivals(self, table: str, claim: Claim, taken: Iterable[str]) -> list[str]:
        """Headers that suit a column about as well as the chosen one, and serve nothing else."""
        column = TABLES[table].column(claim.column)
        if len(claim.headers) > 1 or ROW in claim.headers:
            return []
        taken, limit = {*taken}, claim.score - IS_CLOSE
        found = self._evidence.possible(TABLES[table], column)
        others = (each for each in found if each.header not in taken and each.filled)
        scored = ((each.header, self._evidence.score(TABLES[table], column, each)) for each in others)
        return [header for header, score in scored if score >= max(limit, IS_LIKELY)]

    def candidates(self, table: str, column: str) -> list[str]:
        """Every header of the file, the likeliest for a column first."""
        ours = TABLES[table].column(column)
        return sorted(self.sheet.headers, key=lambda header: -self._suits(table, ours, header))

    def _suits(self, table: str, column: Column, header: str) -> float:
        profile, name = self.sheet.profile(header), likeness(header, table, column.name)
        if not profile.filled:
            return 0.1 * name
        fitting = fit(column, profile, name)
        # What numbers people repeats seldom; what numbers rows never does.
        many = profile.variety if column.privacy == "identifier" else 0
        return 0.7 * name + 0.3 * fitting + 0.3 * many

    def could_be(self, table: str, column: str, taken: Iterable[str]) -> list[str]:
        """Unused headers whose cells could well be a column that no header names."""
        ours, used = TABLES[table].column(column), {*taken}
        free = [
            each
            for each in self.sheet.columns
            if each.header not in used and each.filled and unwanted(each.header) < 0.8
        ]
        if ours.is_date:
            # An end comes after its beginning; that is checked by whoever knows the beginning.
            return [each.header for each in free if each.serials.share >= forms.FITS]
        if ours.kind == "races":
            # What is said of somebody else's race, and a word that nobody knows, may be of the only race there is.
            others = [each for each in self.sheet.columns if each.header not in used and each.filled]
            return [each.header for each in others if may_name_groups(each) or says_race(each.header)]
        if column == "person_id":
            # Numbers that come again: of people there are fewer than of what happened to them.
            return [each.header for each in free if is_number(each) and each.variety < 1]
        if ours.kind == "flag":
            may_tell = column in ("is_diverted", "is_booked")
            return [p.header for p in free if says_yes_or_no(p) or (may_tell and names_outcomes(p))]
        return []

    def _assigned(self, table: Table, told: Told) -> dict[str, Claim]:
        """Each column the header that suits it best; a header serves once, but for dispositions."""
        claims = {name: Claim(name, (header,), 1.0, ("answered",)) for name, header in told.items() if header}
        taken = {header for claim in claims.values() for header in claim.headers}
        pairs = []
        for column in (each for each in table.columns if each.name not in told):
            for profile in self._evidence.possible(table, column):
                if profile.header not in self.marked:
                    score = self._evidence.score(table, column, profile)
                    if score >= IS_LIKELY:
                        pairs.append((score, column.name, profile.header))
        for score, name, header in sorted(pairs, key=lambda pair: (-pair[0], pair[1])):
            is_free = header not in taken or (
                name in ("is_diverted", "is_booked") and is_outcome(self.sheet.profile(header))
            )
            if name not in claims and is_free:
                evidence = self._evidence.in_words(table, table.column(name), header)
                claims[name] = Claim(name, (header,), score, evidence)
                taken.add(header)
        if "gender" in claims and "sex" not in {*claims, *told} and "gender" not in told:
            # Most systems that keep one of the two call it what they like and mean the other.
            claims["sex"] = replace(claims.pop("gender"), column="sex")
        claims |= self._points(table, claims)
        claims = self._by_elimination(table, claims, taken)
        return self._in_order(table, claims, pairs, told)

    def _points(self, table: Table, claims: Mapping[str, Claim]) -> dict[str, Claim]:
        """Both coordinates from one column, where no two columns have them."""
        wanted = [column.name for column in table.columns if column.name in COORDINATES]
        held = next((each.header for each in self.sheet.columns if each.points >= forms.FITS), None)
        if not wanted or held is None or claims.keys() >= {*wanted}:
            return {}
        return {name: Claim(name, (held,), BY_CELLS, ("its cells are points",)) for name in wanted}

    def _by_elimination(self, table: Table, claims: dict[str, Claim], taken: set[str]) -> dict[str, Claim]:
        """The only column of days is the day of the event, whatever it is called."""
        dated = table.dated_by
        if dated is None or not table.column(dated).required:
            return claims
        known = claims.get(dated)
        taken = taken - {*(known.headers if known else ())}
        # One in which too many cells are no days is not it, but may be meant all the same.
        in_part = (each for each in self.sheet.columns if _could_date(each, constraints.HALF))
        free = [each for each in in_part if each.header not in taken]
        is_list = dated != "seen_on" or all(map(constraints.may_be_day_of_list, free))
        is_only = len(free) == 1 and free[0] in self._days
        if not (is_only and is_list) or (known and (known.is_sure or known.headers != (free[0].header,))):
            return claims
        claim = Claim(dated, (free[0].header,), BY_ELIMINATION, ("the only column of days",))
        return claims | {dated: claim}

    def _in_order(
        self, table: Table, claims: dict[str, Claim], pairs: Sequence[tuple], told: Told
    ) -> dict[str, Claim]:
        """Ends that come before their beginnings are not the ends; the next best header may be."""
        for later, earlier in constraints.ORDERS.get(table.name, {}).items():
            while later not in told and later in claims and earlier in claims:
                start, end = claims[earlier].headers[0], claims[later].headers[0]
                order = constraints.order(self.sheet, start, end)
                if order is None or order.share >= constraints.NEARLY_ALL:
                    if order is not None:
                        said = f"on or after {start} in {order.in_words}"
                        claims[later] = replace(claims[later], evidence=(said, *claims[later].evidence))
                    break
                if order.share >= constraints.HALF:
                    # Neither clear nor impossible: a person decides.
                    claims[later] = replace(claims[later], score=min(claims[later].score, IS_SURE - 0.01))
                    break
                del claims[later]
                used = {header for claim in claims.values() for header in claim.headers} | {end}
                found = [pair for pair in pairs if pair[1] == later and pair[2] not in used]
                pairs = [pair for pair in pairs if pair[1:] != (later, end)]
                if found:
                    score, _, header = max(found)
                    evidence = self._evidence.in_words(table, table.column(later), header)
                    claims[later] = Claim(later, (header,), score, evidence)
        return claims

    @functools.cached_property
    def _unwanted(self) -> set[str]:
        return {header for header in self.sheet.headers if unwanted(header) >= 0.9}

    @functools.cached_property
    def _days(self) -> list[Profile]:
        return list(filter(_could_date, self.sheet.columns))

    def _missing(self, table: Table, claims: Mapping[str, Claim]) -> dict[str, float]:
        """What a lacking required column is worth, since somebody can be asked or the file's name tells."""
        worth = {}
        if table.name == "referral" and "pathway" not in claims:
            worth["pathway"] = 0.6
        if table.name == "jail_roster" and day_in_name(self.sheet.name):
            worth["seen_on"] = 0.9
        row_id = next((column for column in table.columns if numbers_events(table, column)), None)
        is_numbered = row_id and row_id.name in claims and claims[row_id.name].headers != (ROW,)
        if is_numbered and table.dated_by in claims and table.name != "person":
            worth["person_id"] = 0.6
        return worth

    def _is_plausible(self, table: Table, claims: Mapping[str, Claim]) -> bool:
        """What a table has besides its required columns, else nearly every file would be one of people."""
        has = claims.keys()
        if table.name == "person":
            known = has & {"birth_date", "birth_year", "sex", "gender", "race", "death_date"}
            is_list = self.sheet.profile(claims["person_id"].headers[0]).variety > 0.9
            return len(known) + bool(self.marked) > 1 and is_list and not self._is_of_events()
        if table.name == "housing":
            return "entered_on" in has and bool(has & {"project_type", "moved_in_on", "destination"})
        if table.name == "jail_roster":
            return self._has_no_release()
        if table.name == "jail_stay":
            # A list of one day without any release is a roster: read as stays, nobody would ever leave.
            is_dated = day_in_name(self.sheet.name) is not None
            return claims["booked_at"].score >= IS_SURE and not (is_dated and self._has_no_release())
        return True

    def _is_of_events(self) -> bool:
        """A list of people has no point on the map and no minute, but for when a row was entered."""
        points = {
            name
            for header in self.sheet.headers
            for (_, name), score in meanings(header).items()
            if name in COORDINATES and score > 0.9 and self.sheet.profile(header).filled
        }
        timed = (each for each in self.sheet.columns if each.has_times and unwanted(each.header) < 0.8)
        return points == COORDINATES.keys() or any(timed)

    def _has_no_release(self) -> bool:
        releases = [
            each for each in self.sheet.columns if likeness(each.header, "jail_stay", "released_at") > 0.85
        ]
        return not any(profile.filled for profile in releases)

    def _as_population(self, claims: dict[str, Claim]) -> TableGuess:
        has_people = any(likeness(header, "referral", "person_id") > 0.9 for header in self.sheet.headers)
        if self.wide and not has_people:
            named = claims.get("neighborhood") or self._place()
            kept = {"neighborhood": named} if named else {}
            return TableGuess("population", 0.8 + 0.15 * of_file(self.sheet.stem, "population"), kept)
        is_count = "people" in claims and ("race" in claims or "neighborhood" in claims)
        if not is_count or has_people or len(self.sheet.columns) > 8:
            return TableGuess("population", 0, claims)
        score = 0.5 * claims["people"].score + 0.25 + 0.2 * of_file(self.sheet.stem, "population")
        return TableGuess("population", score, claims)

    def _place(self) -> Claim | None:
        """The first column of words that name each row."""
        for profile in self.sheet.columns:
            if profile.variety > 0.9 and not any(
                re.fullmatch(r"[\d.,US]+", value) for value in profile.values
            ):
                return Claim(
                    "neighborhood",
                    (profile.header,),
                    BY_ELIMINATION,
                    ("the first column that names each row",),
                )
        return None


def _is_own(table: Table, name: str) -> bool:
    """Whether a column tells one table from the others."""
    others = (column.name for each in TABLES.values() if each is not table for column in each.columns)
    return name == table.dated_by or numbers_events(table, table.column(name)) or name not in others


def _could_date(profile: Profile, least: float = forms.FITS) -> bool:
    if not profile.filled or profile.dates.share < least or unwanted(profile.header) >= 0.8:
        return False
    return max(likeness(profile.header, "person", name) for name in ("birth_date", "death_date")) < 0.7


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
