"""The invented people: rough times in their lives, arrests in them, and nights in jail.

Days are whole numbers since 1970; NEVER stands for a day that does not come. Rates are per year.
Nothing here is estimated from real people: the constants were chosen so that the figures drawn
from the exports look plausible to a practitioner.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sample.county import NEIGHBORHOODS, County

NEVER = 10**6
NOBODY = -1  # in place of a row number
YEAR = 365.25
YEARS_BEFORE_LEAD = 2

WHITE, BLACK, HISPANIC, ASIAN, NATIVE, PACIFIC, MIDDLE_EASTERN = (
    "White",
    "Black or African American",
    "Hispanic or Latino",
    "Asian",
    "American Indian or Alaska Native",
    "Native Hawaiian or Pacific Islander",
    "Middle Eastern or North African",
)


@dataclass(frozen=True)
class RaceSet:
    """What a group of people says of its race, and how the system's steps treat it (1 = as White)."""

    races: tuple[str, ...]
    share: float  # of the people police know
    offer: float = 1.0
    booking: float = 1.0
    intake: float = 1.0
    housing: float = 1.0


RACE_SETS = (
    RaceSet((WHITE,), 0.490),
    RaceSet((BLACK,), 0.235, 0.74, 1.16, 0.97, 0.86),
    RaceSet((HISPANIC,), 0.125, 0.84, 1.08, 0.97, 0.92),
    RaceSet((ASIAN,), 0.026, 1.06, 0.94),
    RaceSet((NATIVE,), 0.042, 0.90, 1.12, 0.95, 0.88),
    RaceSet((PACIFIC,), 0.014, 0.88, 1.06),
    RaceSet((MIDDLE_EASTERN,), 0.010),
    RaceSet((NATIVE, WHITE), 0.018, 0.94, 1.05),
    RaceSet((BLACK, WHITE), 0.018, 0.86, 1.08, 0.98, 0.92),
    RaceSet((HISPANIC, WHITE), 0.014, 0.92, 1.04),
    RaceSet((BLACK, NATIVE), 0.008, 0.84, 1.12, 0.97, 0.90),
)


@dataclass(frozen=True)
class Charge:
    """A class of charges: how common, whether LEAD may take it, and what the jail does with it."""

    name: str
    share: float
    eligible: str  # from the "start", when "widened", or "" = never
    booked: float  # share booked if not diverted
    median_days: float  # in jail, once booked
    spread: float  # of the logarithm of days in jail
    offer: float = 1.0


CHARGES = (
    Charge("Misdemeanor theft", 0.220, "start", 0.25, 1.1, 1.75, 1.05),
    Charge("Misdemeanor drug", 0.200, "start", 0.20, 1.0, 1.65, 1.30),
    Charge("Felony drug possession", 0.090, "start", 0.52, 3.2, 1.70, 0.95),
    Charge("Prostitution", 0.022, "start", 0.14, 0.6, 1.50, 1.20),
    Charge("Trespass and public order", 0.110, "widened", 0.23, 1.0, 1.65, 1.25),
    Charge("Felony property", 0.035, "widened", 0.66, 5.5, 1.75, 0.70),
    Charge("Assault and other person", 0.125, "", 0.58, 8.5, 1.85),
    Charge("Domestic violence", 0.075, "", 0.74, 3.8, 1.70),
    Charge("Driving under the influence", 0.070, "", 0.40, 0.7, 1.40),
    Charge("Warrant", 0.075, "", 0.74, 4.2, 1.65),
    Charge("Other", 0.023, "", 0.30, 1.8, 1.60),
)
HOLD = len(CHARGES) - 1
LONGEST_STAY_DAYS = 500
USUAL_ARRESTS_IN_ROUGH_YEAR = 4.5  # of those who are arrested
DEATHS_PER_YEAR = 0.018

AGENCIES = ("City Police", "County Sheriff", "Transit Police")
SHERIFF = 1
AGENCY_OFFER = np.array([1.05, 0.85, 1.0])


@dataclass(frozen=True)
class Calendar:
    """The days on which something changes; spans run to the day before the next one."""

    first: int  # of the arrest and jail extracts
    opened: int  # LEAD's first day
    joined: int  # the County Sheriff takes part
    widened: int  # more charges may be diverted
    backlog: int  # case managers are missing and intakes wait ...
    hired: int  # ... until new ones are hired
    end: int  # the first day after the data

    @classmethod
    def of(cls, end: np.datetime64, months: int) -> "Calendar":
        """The calendar of so many months of LEAD before `end`; its turns keep their share of the time."""
        last_month = end.astype("datetime64[M]")

        def day(months_of_lead: float) -> int:
            month = last_month - months + round(months_of_lead)
            return int(month.astype("datetime64[D]").astype(int))

        turns = (0, months * 9 / 60, months * 32 / 60, months * 40 / 60, months * 46 / 60, months)
        return cls(day(-12 * YEARS_BEFORE_LEAD), *(day(turn) for turn in turns))


def take(values: tuple, field: str, indexes) -> np.ndarray:
    """A field of a table of constants, looked up by many indexes at once."""
    return np.array([getattr(value, field) for value in values])[indexes]


def invent_people(
    random: np.random.Generator, county: County, number: int, calendar: Calendar
) -> pd.DataFrame:
    """One row a person: fixed traits, and how often police meet them in rough times."""
    age = np.clip(random.gamma(11, 3.6, number) + 2, 18.2, 82)
    middle = (calendar.first + calendar.end) // 2
    known_to_police = random.random(number) < 0.86
    return pd.DataFrame(
        {
            "race": random.choice(len(RACE_SETS), number, p=_shares(RACE_SETS)),
            "sex": random.choice(3, number, p=[0.665, 0.325, 0.01]),
            "born": (middle - age * YEAR).astype(int),
            "home": random.choice(len(NEIGHBORHOODS), number, p=_home_shares(county)),
            "arrests_in_rough_year": np.where(known_to_police, random.gamma(0.75, 3.9, number), 0.0),
            "is_homeless": random.random(number) < 0.76,
            "died": (calendar.first + random.exponential(YEAR / DEATHS_PER_YEAR, number)).astype(int),
        }
    )


def _shares(table: tuple) -> np.ndarray:
    shares = take(table, "share", slice(None))
    return shares / shares.sum()


def _home_shares(county: County) -> np.ndarray:
    """People police know live where residents live and, more, where the street is busy."""
    residents = county.residents.sum(axis=1)
    return 0.35 * residents / residents.sum() + 0.65 * county.street


def invent_rough_times(random: np.random.Generator, people: pd.DataFrame, calendar: Calendar) -> pd.DataFrame:
    """One row a stretch of life in which things go wrong; between them little happens."""
    times = 1 + random.poisson(0.68, len(people))
    person = np.repeat(np.arange(len(people)), times)
    start = random.uniform(calendar.first - 420, calendar.end, len(person))
    length = np.clip(random.lognormal(np.log(150), 0.75, len(person)), 20, 1000)
    rough = pd.DataFrame({"person": person, "start": start, "length": length})
    rough["rate"] = people["arrests_in_rough_year"].to_numpy()[person]
    return rough


def invent_arrests(
    random: np.random.Generator, county: County, people: pd.DataFrame, rough: pd.DataFrame, calendar: Calendar
) -> pd.DataFrame:
    """One row an arrest, with what would follow if it were not diverted: booking and days in jail."""
    span = calendar.end - calendar.first
    quiet = pd.DataFrame(
        {"person": np.arange(len(people)), "start": float(calendar.first), "length": float(span)}
    ).assign(rate=0.05 * people["arrests_in_rough_year"])
    stretches = pd.concat([rough, quiet], ignore_index=True)
    times = random.poisson(stretches["rate"] * stretches["length"] / YEAR)
    arrests = stretches.loc[stretches.index.repeat(times), ["person", "start", "length"]]
    at = (arrests["start"] + arrests["length"] * random.random(len(arrests))).to_numpy()
    in_extract = (at >= calendar.first) & (at < calendar.end) & (random.random(len(at)) < _season(at))
    arrests = pd.DataFrame({"person": arrests["person"].to_numpy(), "day": np.floor(at).astype(int)})[
        in_extract
    ]
    arrests["minute"] = _minute_of_day(random, len(arrests))
    arrests = arrests.sort_values(["person", "day", "minute"], kind="stable", ignore_index=True)
    arrests = arrests[arrests["day"] < people["died"].to_numpy()[arrests["person"]]].reset_index(drop=True)
    _add_place_and_charge(random, county, people, arrests)
    _add_potential_stay(random, people, arrests)
    return arrests[~_is_in_custody(arrests)].reset_index(drop=True)


def _season(day: np.ndarray) -> np.ndarray:
    """Share of arrests kept: most in July, fewest in January."""
    return 0.88 + 0.12 * np.cos(2 * np.pi * (day % YEAR - 196) / YEAR)


def _minute_of_day(random: np.random.Generator, number: int) -> np.ndarray:
    afternoon = random.random(number) < 0.55
    return np.rint(
        np.where(afternoon, random.normal(900, 170, number), random.normal(1330, 150, number))
    ).astype(int) % (24 * 60)


def _add_place_and_charge(
    random: np.random.Generator, county: County, people: pd.DataFrame, arrests: pd.DataFrame
) -> None:
    number = len(arrests)
    at_home = random.random(number) < 0.42
    elsewhere = random.choice(len(NEIGHBORHOODS), number, p=county.street)
    arrests["place"] = np.where(at_home, people["home"].to_numpy()[arrests["person"]], elsewhere)
    arrests["spot"] = random.integers(0, county.points.shape[1], number)
    is_center = arrests["place"].to_numpy() < 3
    arrests["agency"] = np.select(
        [is_center & (random.random(number) < 0.16), random.random(number) < 0.74], [2, 0], 1
    )
    arrests["charge"] = random.choice(len(CHARGES), number, p=_shares(CHARGES))


def _add_potential_stay(random: np.random.Generator, people: pd.DataFrame, arrests: pd.DataFrame) -> None:
    """Who is arrested often is booked more readily and stays longer."""
    charge, number = arrests["charge"].to_numpy(), len(arrests)
    person = people.iloc[arrests["person"]]
    record = np.minimum(person["arrests_in_rough_year"].to_numpy() / USUAL_ARRESTS_IN_ROUGH_YEAR, 2.5)
    chance = (
        take(CHARGES, "booked", charge) * take(RACE_SETS, "booking", person["race"]) * (0.72 + 0.28 * record)
    )
    arrests["would_be_booked"] = random.random(number) < np.minimum(0.96, chance)
    arrests["jail_minutes"] = np.maximum(70, jail_minutes(random, charge) * (0.35 + 0.65 * record)).astype(
        int
    )
    arrests["booking_delay"] = random.integers(25, 190, number)  # minutes


def invent_holds(
    random: np.random.Generator, people: pd.DataFrame, calendar: Calendar, number: int
) -> pd.DataFrame:
    """Bookings without an arrest in the extract: other counties' warrants, transports, weekends."""
    day = random.integers(calendar.first - 200, calendar.end, number)
    holds = pd.DataFrame(
        {
            "person": random.integers(0, len(people), number),
            "arrest": NOBODY,
            "charge": HOLD,
            "booked": day * 24 * 60 + random.integers(0, 24 * 60, number),
        }
    )
    holds["minutes"] = jail_minutes(random, holds["charge"].to_numpy())
    return holds[day < people["died"].to_numpy()[holds["person"]]]


def jail_minutes(random: np.random.Generator, charge: np.ndarray) -> np.ndarray:
    median = np.log(take(CHARGES, "median_days", charge))
    days = np.minimum(LONGEST_STAY_DAYS, random.lognormal(median, take(CHARGES, "spread", charge)))
    return np.maximum(70, np.rint(days * 24 * 60)).astype(int)


def _is_in_custody(arrests: pd.DataFrame) -> np.ndarray:
    """Nobody is arrested on the street while in jail for an arrest before."""
    at = arrests["day"] * 24 * 60 + arrests["minute"]
    until = (at + arrests["booking_delay"] + arrests["jail_minutes"]).where(arrests["would_be_booked"], 0)
    latest = until.groupby(arrests["person"]).cummax()
    before = latest.groupby(arrests["person"]).shift(fill_value=0)
    return (at < before).to_numpy()
