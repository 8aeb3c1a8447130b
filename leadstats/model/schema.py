"""What the canonical tables mean: each column once, with type, meaning and privacy class.

Everything that reads, maps, checks, documents or invents exports takes its column names from here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

# Raise it whenever a table of the database file changes, or what a column in it means. A file with another layout is
# refused and has to be built again from the exports.
LAYOUT = 28
CUBE = ".cube"  # in place of a snapshot's suffix: the folder with what was counted ahead of time

Kind = Literal["text", "date", "moment", "date_or_moment", "flag", "integer", "number", "races", "choice"]
Privacy = Literal["identifier", "quasi", "plain"]


@dataclass(frozen=True)
class Column:
    """One column of a canonical table.

    privacy "identifier": replaced by a made-up key at the border and masked in every message;
    "quasi": could help to recognize a person (dates of birth, places), masked in messages too;
    "plain": may be quoted.
    other: for a choice, what a word that means none of the choices counts as; if empty, it cannot be read.
    may_be_empty: for a required column: the column must be there, but a row without a value in it still counts, as one
    of nobody known or of no known kind. A placeholder for a person's number is not a value.
    decides: if it is lost from an export, numbers that need it are wrong, not just smaller: ends, outcomes, race, and
    the numbers that join files.
    """

    name: str
    kind: Kind
    meaning: str
    required: bool = False
    privacy: Privacy = "plain"
    choices: tuple[str, ...] = ()
    other: str = ""
    may_be_empty: bool = False
    decides: bool = False

    @property
    def is_date(self) -> bool:
        return self.kind in ("date", "moment", "date_or_moment")

    @property
    def may_have_time(self) -> bool:
        return self.kind in ("moment", "date_or_moment")


@dataclass(frozen=True)
class Table:
    """One canonical table: a row is one `row_is`. `key` names the columns no two rows may share."""

    name: str
    row_is: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    dated_by: str | None = None  # the column whose latest value says how far the source reaches

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)


RACES = (
    "American Indian or Alaska Native",
    "Asian",
    "Black or African American",
    "Hispanic or Latino",
    "Middle Eastern or North African",
    "Native Hawaiian or Pacific Islander",
    "White",
)
TWO_OR_MORE = "Two or more"
UNKNOWN = "Unknown"
OUTSIDE = "Outside"
EVERYONE = "Everyone"

# With the names that people read.
PATHWAY_NAMES: Mapping[str, str] = {
    "arrest_diversion": "arrest diversion",
    "social_contact": "social contact",
    "community": "community referral",
    "jail_or_court": "jail or court",
    "unknown": "unknown pathway",
}
PATHWAYS = tuple(PATHWAY_NAMES)
SCREENINGS = ("eligible", "ineligible", "declined", "pending")
DIVERSION_RESULTS = ("graduated", "failed", "open")
# Why people do not come in, how they leave, what they need and how they are met. Sites use their own words for these:
# recognition/words.toml knows many, a mapping knows the rest, and any others count as the last of each list.
CLOSED_REASONS = (
    "not eligible",
    "declined",
    "not found",
    "moved away",
    "another program",
    "in custody",
    "no capacity",
    "died",
    "other reason",
)
EXIT_REASONS = (
    "needs met",
    "moved away",
    "another program",
    "declined",
    "out of touch",
    "ended by the program",
    "prison",
    "died",
    "other reason",
)
NEEDS = (
    "housing",
    "health",
    "behavioral health",
    "legal",
    "benefits and ID",
    "food and clothing",
    "work and income",
    "transport",
    "family",
    "safety",
    "other need",
)
CONTACT_KINDS = ("in person", "phone or text", "outreach", "with a partner", "transport", "other kind")
CASE_OUTCOMES = ("convicted", "acquitted", "dismissed", "declined", "diverted", "open", "other outcome")
HOUR_BANDS = ("Midnight to 6 am", "6 am to noon", "Noon to 6 pm", "6 pm to midnight")

# What results may be broken down by, with names for people to read; each is a field in queries/dimensions.sql.
BREAKDOWNS: Mapping[str, str] = {
    "race": "Race, each person in one group",
    "race_alone_or_in_combination": "Race, alone or in combination",
    "sex": "Sex",
    "gender": "Gender",
    "age_band": "Age",
    "pathway": "Pathway",
    "neighborhood": "Neighborhood",
    "charge_class": "Charge class",
    "source_agency": "Referring agency",
    "destination": "Destination",
    "closed_reason": "Why it was closed",
    "exit_reason": "Why they left",
    "need": "Need",
    "contact_kind": "Kind of contact",
    "agency": "Arresting agency",
    "hour_band": "Time of day",
    "offense_timing": "Offense before or since LEAD began",
}
# What must be recorded for each breakdown to be known, written like the needs of a metric; FACTS has the participants.
_OF_ANYBODY: Mapping[str, tuple[str, ...]] = {
    "race": ("person.race",),
    "race_alone_or_in_combination": ("person.race",),
    "sex": ("person.sex",),
    "gender": ("person.gender",),
    "age_band": ("person.birth_date or person.birth_year",),
}
_OF_A_PERSON = {name: (*needs, "person.participants") for name, needs in _OF_ANYBODY.items()}
_OF_A_REFERRAL: Mapping[str, tuple[str, ...]] = {
    **_OF_A_PERSON,
    "age_band": ("person.birth_date or person.birth_year or referral.age",),
    "neighborhood": ("referral.neighborhood",),
    "charge_class": ("referral.charge_class",),
    "source_agency": ("referral.source_agency",),
}
_OF_A_TIME_IN_LEAD: Mapping[str, tuple[str, ...]] = {
    "pathway": ("referral.pathway",),
    "neighborhood": ("enrollment.neighborhood or referral.neighborhood",),
}


def _seen_by_police(table: str) -> Mapping[str, tuple[str, ...]]:
    return {
        **_OF_ANYBODY,
        "race": (f"{table}.race or person.race",),
        "race_alone_or_in_combination": (f"{table}.race or person.race",),
        "age_band": (f"{table}.age or person.birth_date or person.birth_year",),
        "neighborhood": (f"{table}.neighborhood or {table}.latitude",),
    }


# The kinds of record that metrics count, with what each can be broken down by, and what that needs.
RECORDS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "referral": {**_OF_A_REFERRAL, "pathway": ("referral.pathway",)},
    "referral of one pathway": _OF_A_REFERRAL,
    "referral left before intake": {
        **_OF_A_REFERRAL,
        "pathway": ("referral.pathway",),
        "closed_reason": ("referral.closed_reason or referral.screening",),
    },
    "participant": {**_OF_A_PERSON, **_OF_A_TIME_IN_LEAD},
    "end of a time in LEAD": {
        **_OF_A_PERSON,
        **_OF_A_TIME_IN_LEAD,
        "exit_reason": ("enrollment.exit_reason",),
    },
    "contact": {
        **_OF_A_PERSON,
        **_OF_A_TIME_IN_LEAD,
        "need": ("contact.need",),
        "contact_kind": ("contact.kind",),
    },
    "exit from housing": {**_OF_A_PERSON, **_OF_A_TIME_IN_LEAD, "destination": ("housing.destination",)},
    "client of housing": {**_OF_ANYBODY, **_OF_A_TIME_IN_LEAD},
    "arrest": {
        **_seen_by_police("arrest"),
        "charge_class": ("arrest.charge_class",),
        "agency": ("arrest.agency",),
        "hour_band": (),
    },
    "booking": {
        **_OF_ANYBODY,
        "race": ("jail_stay.race or person.race",),
        "race_alone_or_in_combination": ("jail_stay.race or person.race",),
        "sex": ("jail_stay.sex or person.sex",),
        "charge_class": ("jail_stay.charge_class",),
    },
    "stop": _seen_by_police("stop"),
    "case": {**_OF_A_PERSON, "charge_class": ("legal_case.charge_class",), "offense_timing": ()},
    "resident": {"race": ("population.race",), "neighborhood": ("population.neighborhood",)},
}

_PERSON_ID = Column("person_id", "text", "The person, as the source numbers people", True, "identifier")
_PERSON_OR_NOBODY = replace(_PERSON_ID, may_be_empty=True)


def _id(name: str, meaning: str) -> Column:
    return Column(name, "text", meaning, True, "identifier")


TABLES: Mapping[str, Table] = {
    table.name: table
    for table in (
        Table(
            "person",
            "person",
            (
                _PERSON_ID,
                Column("birth_year", "integer", "Year of birth; counts as 1 July", privacy="quasi"),
                Column("birth_date", "date", "Date of birth; wins over the year", privacy="quasi"),
                Column("sex", "text", "Sex as recorded"),
                Column("gender", "text", "Gender as recorded"),
                Column("race", "races", "All groups the person named, separated by ;", decides=True),
                Column("death_date", "date", "Date of death", privacy="quasi"),
            ),
            key=("person_id",),
        ),
        Table(
            "referral",
            "referral to LEAD",
            (
                _id("referral_id", "The referral"),
                _PERSON_OR_NOBODY,
                Column(
                    "arrest_id", "text", "The arrest that was diverted", privacy="identifier", decides=True
                ),
                Column("referred_on", "date", "Day of the referral", True),
                Column(
                    "pathway",
                    "choice",
                    "How the person came to LEAD",
                    True,
                    choices=PATHWAYS,
                    may_be_empty=True,
                ),
                Column("neighborhood", "text", "Where the referral was made"),
                Column("source_agency", "text", "Who referred"),
                Column("charge_class", "text", "Class of the top charge, if any"),
                Column("age", "integer", "Age in years on that day; a date of birth wins", privacy="quasi"),
                Column("screening", "choice", "Result of the screening", choices=SCREENINGS),
                Column("approved_on", "date", "Day of approval"),
                Column("roi_signed_on", "date", "Day the release of information was signed"),
                Column("intake_completed_on", "date", "Day the intake was completed", decides=True),
                Column("closed_on", "date", "Day the referral was closed without intake"),
                Column(
                    "closed_reason",
                    "choice",
                    "Why it was closed",
                    choices=CLOSED_REASONS,
                    other="other reason",
                ),
                Column(
                    "diversion_result",
                    "choice",
                    "How the diversion ended; open or empty while it goes on",
                    choices=DIVERSION_RESULTS,
                ),
                Column("diversion_ended_on", "date", "Day the diversion ended, whatever its result"),
            ),
            key=("referral_id",),
            dated_by="referred_on",
        ),
        Table(
            "enrollment",
            "enrollment in LEAD",
            (
                _id("enrollment_id", "The enrollment"),
                _PERSON_ID,
                Column("started_on", "date", "First day in LEAD", True),
                Column("exited_on", "date", "Day of exit; empty while open", decides=True),
                Column(
                    "exit_reason",
                    "choice",
                    "Why the enrollment ended",
                    choices=EXIT_REASONS,
                    other="other reason",
                ),
                Column("case_manager", "text", "The case manager", privacy="identifier"),
                Column("neighborhood", "text", "Where the person is served"),
            ),
            key=("enrollment_id",),
            dated_by="started_on",
        ),
        Table(
            "contact",
            "contact of a case manager with a person",
            (
                _id("contact_id", "The contact"),
                _PERSON_OR_NOBODY,
                Column("contacted_on", "date", "Day of the contact", True),
                Column("kind", "choice", "Kind of contact", choices=CONTACT_KINDS, other="other kind"),
                Column("need", "choice", "Need addressed", choices=NEEDS, other="other need"),
            ),
            key=("contact_id",),
            dated_by="contacted_on",
        ),
        Table(
            "arrest",
            "arrest of one person in one incident",
            (
                _id("arrest_id", "The arrest"),
                Column("person_id", "text", "The person arrested", privacy="identifier", decides=True),
                Column("arrested_at", "date_or_moment", "When, local time", True),
                Column("agency", "text", "Agency of the officer"),
                Column("neighborhood", "text", "Where"),
                Column("latitude", "number", "Where, degrees north (WGS84)", privacy="quasi"),
                Column("longitude", "number", "Where, degrees east (WGS84)", privacy="quasi"),
                Column("charge_class", "text", "Class of the top charge"),
                Column(
                    "is_charge_eligible",
                    "flag",
                    "Top charge is on the list of divertible charges",
                    decides=True,
                ),
                Column("is_diverted", "flag", "Handed to LEAD at the arrest", decides=True),
                Column("is_booked", "flag", "Booked into jail", decides=True),
                Column("age", "integer", "Age in years on that day; a date of birth wins", privacy="quasi"),
                Column("is_prior_warrant", "flag", "On a warrant issued before"),
                Column("is_warrant", "flag", "On a warrant alone, old or new, and for nothing else"),
                Column("race", "races", "Race as the officer recorded it", decides=True),
            ),
            key=("arrest_id",),
            dated_by="arrested_at",
        ),
        Table(
            "stop",
            "stop of a person by police",
            (
                _id("stop_id", "The stop"),
                Column("person_id", "text", "The person stopped", privacy="identifier", decides=True),
                Column("stopped_at", "date_or_moment", "When, local time", True),
                Column("neighborhood", "text", "Where"),
                Column("latitude", "number", "Where, degrees north (WGS84)", privacy="quasi"),
                Column("longitude", "number", "Where, degrees east (WGS84)", privacy="quasi"),
                Column("race", "races", "Race as the officer recorded it", decides=True),
                Column("age", "integer", "Age in years on that day; a date of birth wins", privacy="quasi"),
                Column("is_arrested", "flag", "The stop ended in an arrest", decides=True),
            ),
            key=("stop_id",),
            dated_by="stopped_at",
        ),
        Table(
            "jail_stay",
            "stay in jail",
            (
                _id("stay_id", "The stay (booking number)"),
                _PERSON_OR_NOBODY,
                Column("booked_at", "date_or_moment", "When booked, local time", True),
                Column("released_at", "date_or_moment", "When released; empty while inside", decides=True),
                Column("charge_class", "text", "Class of the top charge"),
                Column("is_on_roster", "flag", "On the roster on the day of the export", decides=True),
                Column(
                    "is_already_inside",
                    "flag",
                    "Inside before the records begin; booked_at is then the first day known",
                ),
                Column("arrest_id", "text", "The arrest behind the stay", privacy="identifier", decides=True),
                Column("race", "races", "Race as the jail recorded it", decides=True),
                Column("sex", "text", "Sex as the jail recorded it"),
            ),
            key=("stay_id",),
            dated_by="booked_at",
        ),
        Table(
            "jail_roster",
            "person on one day's list of everybody in jail",
            (
                Column("stay_id", "text", "The stay (booking number)", privacy="identifier"),
                Column("booked_at", "date_or_moment", "When booked, local time"),
                Column("seen_on", "date", "Day of the list; else the date in the file's name", True),
                _PERSON_OR_NOBODY,
                Column("charge_class", "text", "Class of the top charge"),
                Column("race", "races", "Race as the jail recorded it", decides=True),
                Column("sex", "text", "Sex as the jail recorded it"),
            ),
            key=("stay_id", "booked_at", "seen_on", "person_id"),
            dated_by="seen_on",
        ),
        Table(
            "legal_case",
            "case of a person at the prosecutor or the court",
            (
                _id("case_id", "The case"),
                _PERSON_OR_NOBODY,
                Column("arrest_id", "text", "The arrest behind the case", privacy="identifier", decides=True),
                Column("offense_on", "date", "Day of the offense", True),
                Column("charge_class", "text", "Class of the top charge"),
                Column("filed_on", "date", "Day the charge was filed", decides=True),
                Column("declined_on", "date", "Day the prosecutor declined to file it"),
                Column("dismissed_on", "date", "Day it was dismissed"),
                Column("warrant_issued_on", "date", "Day a warrant was issued in it"),
                Column("warrant_cleared_on", "date", "Day that warrant was cleared"),
                Column("outcome", "choice", "How it ended", choices=CASE_OUTCOMES, other="other outcome"),
            ),
            key=("case_id",),
            dated_by="offense_on",
        ),
        Table(
            "living_situation",
            "observed living situation of a person",
            (
                _PERSON_ID,
                Column("observed_on", "date", "Day of the observation", True),
                Column("code", "integer", "HUD living situation, FY2024/2026 codes", True),
                Column("source", "text", "Who observed"),
            ),
            dated_by="observed_on",
        ),
        Table(
            "housing",
            "enrollment in a housing or shelter project",
            (
                _PERSON_ID,
                Column("project_type", "integer", "HUD project type", decides=True),
                Column("entered_on", "date", "Day of entry"),
                Column("moved_in_on", "date", "Day of move-in to permanent housing", decides=True),
                Column("exited_on", "date", "Day of exit; empty while open", decides=True),
                Column("destination", "integer", "HUD destination at exit, FY2024/2026 codes", decides=True),
            ),
            dated_by="entered_on",
        ),
        Table(
            "population",
            "number of residents of one place and race",
            (
                Column("neighborhood", "text", "The place; empty for the whole county"),
                Column("race", "races", "The group; empty for everyone", decides=True),
                Column(
                    "people",
                    "number",
                    "Residents; fractions of estimates are added up before they are rounded",
                    True,
                ),
            ),
        ),
        Table(
            "person_link",
            "statement that two sources' numbers are the same person",
            (
                Column("source", "text", "The table whose numbers differ, e.g. jail_stay", True),
                Column("source_person_id", "text", "The person there", True, "identifier"),
                _PERSON_ID,
            ),
            key=("source", "source_person_id"),
        ),
    )
}
# What may or may not be known about a table besides its columns, and what is true if it is not. Metrics need these as
# they need columns.
FACTS: Mapping[str, str] = {
    **{
        f"{table.name}.participants": f"the numbers of people in {table.name} match nobody in LEAD"
        for table in TABLES.values()
        if any(column.name == "person_id" for column in table.columns) and table.name != "person_link"
    },
    "jail_stay.arrests": "no stay in jail can be traced to an arrest, by its number or by the person",
    "housing.bed_nights": "there is night-by-night shelter (HMIS project type 1) without its nights, which Services.csv holds",
}
