"""What LEAD does in the invented lives: referrals, intakes, enrollments, contacts and diversions."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sample.county import NEIGHBORHOODS, County
from sample.lives import (
    AGENCY_OFFER,
    CHARGES,
    NEVER,
    NOBODY,
    RACE_SETS,
    SHERIFF,
    YEAR,
    Calendar,
    jail_minutes,
    take,
)

ARREST_DIVERSION, SOCIAL_CONTACT, COMMUNITY, JAIL_OR_COURT = range(4)

OFFER = 0.094  # share of eligible arrests diverted once LEAD has grown, people not enrolled
OFFER_IF_ENROLLED = 0.70
SPARED = 0.22  # share of arrests that do not happen once a person is in LEAD
REFERRALS_PER_ROUGH_YEAR = (0.0, 0.208, 0.049, 0.011)  # by pathway, people with few arrests

ELIGIBLE, INELIGIBLE, DECLINED, PENDING = range(4)
SCREENING = np.array(  # chances of the first three by pathway
    [[0.90, 0.03, 0.07], [0.82, 0.06, 0.12], [0.72, 0.15, 0.13], [0.76, 0.12, 0.12]]
)
INTAKE_IF_ELIGIBLE = np.array([0.55, 0.53, 0.58, 0.50])
MEDIAN_DAYS_TO_INTAKE = np.array([8.0, 12.0, 15.0, 14.0])

EXIT_REASONS = (
    "Inactive - no contact 6 mo",
    "Needs met / stepped down",
    "Moved out of county",
    "Declined further services",
    "Entered prison",
    "Deceased",
)
MEAN_YEARS_ENROLLED = 1.15
CHARGED_LATER = 0.10  # share of diverted arrests filed and booked after all, as no intake followed
ROUNDS = 4  # referrals a person can have, apart from those while enrolled


@dataclass(frozen=True)
class Program:
    """What LEAD's own records say; rows of different tables meet by person and row number."""

    referrals: pd.DataFrame
    enrollments: pd.DataFrame
    contacts: pd.DataFrame


def run_program(
    random: np.random.Generator,
    county: County,
    people: pd.DataFrame,
    rough: pd.DataFrame,
    arrests: pd.DataFrame,
    calendar: Calendar,
) -> Program:
    """LEAD from its first day on. Adds `is_diverted` and `is_spared` to the arrests."""
    luck = random.random(len(arrests))
    arrests["is_diverted"] = luck < _offer(county, people, arrests, calendar)
    arrests["is_spared"] = False
    chances = _chances_of_referral(random, county, people, rough, arrests, calendar)
    referrals = _refer(random, people, arrests, chances, calendar)
    enrollments = _enroll(random, people, referrals, calendar)
    arrests["is_diverted"] |= _is_enrolled(arrests, enrollments) & (
        luck < OFFER_IF_ENROLLED * _is_eligible(arrests, calendar)
    )
    return Program(referrals, enrollments, _contact(random, enrollments, calendar))


def book(
    random: np.random.Generator, arrests: pd.DataFrame, referrals: pd.DataFrame, calendar: Calendar
) -> pd.DataFrame:
    """Stays in jail: of arrests that were not diverted, and of some that were, without an intake."""
    happened = arrests[~arrests["is_spared"]]
    booked = happened[happened["would_be_booked"] & ~happened["is_diverted"]]
    met = referrals.loc[referrals["intake"] < calendar.end, "arrest"]
    unmet = happened[happened["is_diverted"] & ~happened.index.isin(met)]
    later = unmet[random.random(len(unmet)) < CHARGED_LATER]
    delay = 24 * 60 * random.integers(20, 260, len(later))
    stays = pd.DataFrame(
        {
            "person": np.concatenate([booked["person"], later["person"]]),
            "arrest": np.concatenate([booked.index, later.index]),
            "charge": np.concatenate([booked["charge"], later["charge"]]),
            "booked": np.concatenate([_minute(booked) + booked["booking_delay"], _minute(later) + delay]),
            "minutes": np.concatenate(
                [booked["jail_minutes"], jail_minutes(random, later["charge"].to_numpy())]
            ),
        }
    )
    return stays[stays["booked"] < calendar.end * 24 * 60]


def _minute(arrests: pd.DataFrame) -> np.ndarray:
    return (arrests["day"] * 24 * 60 + arrests["minute"]).to_numpy()


def growth(day: np.ndarray, calendar: Calendar) -> np.ndarray:
    """How far LEAD has grown by a day: a slow first year, then steady growth."""
    years = np.maximum(0, day - calendar.opened) / YEAR
    return np.where(day < calendar.opened, 0, (0.30 + 0.52 * (1 - np.exp(-1.9 * years))) * (1 + 0.05 * years))


def _is_eligible(arrests: pd.DataFrame, calendar: Calendar) -> np.ndarray:
    listed = take(CHARGES, "eligible", arrests["charge"])
    return (listed == "start") | ((listed == "widened") & (arrests["day"].to_numpy() >= calendar.widened))


def _offer(county: County, people: pd.DataFrame, arrests: pd.DataFrame, calendar: Calendar) -> np.ndarray:
    """Chance that officers divert an arrest of somebody who is not in LEAD."""
    day = arrests["day"].to_numpy()
    chance = (
        OFFER
        * growth(day, calendar)
        * np.where(day >= calendar.widened, 1.30, 1.0)
        * take(RACE_SETS, "offer", people["race"].to_numpy()[arrests["person"]])
        * take(CHARGES, "offer", arrests["charge"])
        * county.offer[arrests["place"]]
        * AGENCY_OFFER[arrests["agency"]]
        * np.where((arrests["agency"] == SHERIFF) & (day < calendar.joined), 0.3, 1.0)
    )
    off_list = np.where(take(CHARGES, "name", arrests["charge"]) == "Warrant", 0, 0.03)
    return chance * np.where(_is_eligible(arrests, calendar), 1, off_list)


def _chances_of_referral(
    random: np.random.Generator,
    county: County,
    people: pd.DataFrame,
    rough: pd.DataFrame,
    arrests: pd.DataFrame,
    calendar: Calendar,
) -> pd.DataFrame:
    """Every occasion on which somebody would be referred if not in LEAD yet."""
    diverted = arrests[arrests["is_diverted"]]
    occasions = [
        diverted[["person", "day", "place", "agency"]].assign(pathway=ARREST_DIVERSION, arrest=diverted.index)
    ]
    in_trouble = 0.42 + 0.33 * np.minimum(rough["rate"], 9)
    for pathway in (SOCIAL_CONTACT, COMMUNITY, JAIL_OR_COURT):
        expected = 2.4 * REFERRALS_PER_ROUGH_YEAR[pathway] * in_trouble * rough["length"] / YEAR
        chosen = rough.loc[rough.index.repeat(random.poisson(expected))]
        day = (
            np.floor(chosen["start"] + chosen["length"] * random.beta(3, 1, len(chosen)))
            .astype(int)
            .to_numpy()
        )
        person = chosen["person"].to_numpy()
        at_home = random.random(len(chosen)) < 0.5
        place = np.where(
            at_home,
            people["home"].to_numpy()[person],
            random.choice(len(NEIGHBORHOODS), len(chosen), p=county.street),
        )
        agency = random.choice(3, len(chosen), p=[0.72, 0.19, 0.09])
        kept = (
            (day >= calendar.opened)
            & (day < calendar.end)
            & (random.random(len(day)) < growth(day, calendar) / 2.4 * 1.6)
        )
        occasions.append(
            pd.DataFrame(
                {
                    "person": person,
                    "day": day,
                    "place": place,
                    "agency": agency,
                    "pathway": pathway,
                    "arrest": NOBODY,
                }
            )[kept]
        )
    return pd.concat(occasions).sort_values(["person", "day", "pathway"], kind="stable", ignore_index=True)


def _refer(
    random: np.random.Generator,
    people: pd.DataFrame,
    arrests: pd.DataFrame,
    occasions: pd.DataFrame,
    calendar: Calendar,
) -> pd.DataFrame:
    """Referrals with their outcome; who is in LEAD is rarely referred again."""
    died = people["died"].to_numpy()
    free_from = np.zeros(len(people), dtype=int)
    rounds = []
    for _ in range(ROUNDS):
        is_open = occasions["day"].to_numpy() >= free_from[occasions["person"]]
        is_alive = occasions["day"].to_numpy() < died[occasions["person"]]
        index = occasions["arrest"].to_numpy()
        is_spared = (index != NOBODY) & arrests["is_spared"].to_numpy()[index]
        referrals = occasions[is_open & is_alive & ~is_spared].drop_duplicates("person").copy()
        _follow(random, people, referrals, calendar)
        _spare(random, arrests, referrals, len(people))
        free_from[:] = NEVER
        again = np.where(
            random.random(len(referrals)) < 0.16, referrals["intake"] + 60, referrals["exit"] + 5
        )
        again = np.where(referrals["intake"] < NEVER, again, referrals["closed"] + 90)
        free_from[referrals["person"]] = np.minimum(again, NEVER)
        rounds.append(referrals)
    return pd.concat(rounds).sort_values(["day", "person"], kind="stable", ignore_index=True)


def _follow(
    random: np.random.Generator, people: pd.DataFrame, referrals: pd.DataFrame, calendar: Calendar
) -> None:
    """Screening, approval, intake or closing, and the exit that follows an intake."""
    number = len(referrals)
    pathway, day = referrals["pathway"].to_numpy(), referrals["day"].to_numpy()
    person = referrals["person"].to_numpy()
    race, died = people["race"].to_numpy()[person], people["died"].to_numpy()[person]
    limits = SCREENING[pathway].cumsum(axis=1)
    screening = np.minimum(2, (random.random(number)[:, None] > limits).sum(axis=1))
    decided = day + random.geometric(np.where(pathway == ARREST_DIVERSION, 0.45, 0.22)) - 1
    screening = np.where(decided < calendar.end, screening, PENDING)
    waits = np.where((day > calendar.backlog - 25) & (day < calendar.hired), 3.1, 1.0)
    intake = decided + np.rint(waits * random.lognormal(np.log(MEDIAN_DAYS_TO_INTAKE[pathway]), 0.95)).astype(
        int
    )
    comes = random.random(number) < INTAKE_IF_ELIGIBLE[pathway] * take(RACE_SETS, "intake", race)
    lost = decided + np.where(
        screening == ELIGIBLE, random.integers(25, 110, number), random.integers(0, 9, number)
    )
    comes &= (screening == ELIGIBLE) & (intake < died)
    referrals["screening"] = screening
    referrals["approved"] = np.where(screening == ELIGIBLE, decided, NEVER)
    referrals["intake"] = np.where(comes, intake, NEVER)
    referrals["closed"] = np.where(comes, NEVER, lost)
    referrals["roi"] = np.where(comes, intake - random.integers(0, 4, number) * (intake - decided > 3), NEVER)
    days_in = np.maximum(14, YEAR * MEAN_YEARS_ENROLLED * random.weibull(2.6, number) / 0.888).astype(int)
    referrals["exit"] = np.where(comes, np.minimum(intake + days_in, died), NEVER)


def _spare(
    random: np.random.Generator, arrests: pd.DataFrame, referrals: pd.DataFrame, number_of_people: int
) -> None:
    """Marks arrests that do not happen because the person is in LEAD or was until lately."""
    first = np.full(number_of_people, NEVER)
    first[referrals["person"]] = referrals["intake"]
    since = arrests["day"].to_numpy() - first[arrests["person"]]
    arrests["is_spared"] |= (since > 0) & (since < 2 * YEAR) & (random.random(len(arrests)) < SPARED)


def _enroll(
    random: np.random.Generator, people: pd.DataFrame, referrals: pd.DataFrame, calendar: Calendar
) -> pd.DataFrame:
    """One row an entry; some people have a second one beside the first, some come back unreferred."""
    met = referrals[referrals["intake"] < calendar.end]
    entries = pd.DataFrame(
        {
            "person": met["person"].to_numpy(),
            "start": met["intake"].to_numpy(),
            "exit": met["exit"].to_numpy(),
            "place": np.where(
                random.random(len(met)) < 0.7, met["place"], people["home"].to_numpy()[met["person"]]
            ),
            "is_main": True,
        }
    )
    second = entries[random.random(len(entries)) < 0.13].copy()
    second["start"] += random.integers(20, 240, len(second))
    second["exit"] = np.minimum(second["exit"], second["start"] + random.integers(60, 420, len(second)))
    second["is_main"] = False
    second = second[second["start"] < np.minimum(second["exit"], calendar.end)]
    entries = pd.concat([entries, second]).sort_values(["start", "person"], kind="stable", ignore_index=True)
    entries["reason"] = random.choice(5, len(entries), p=[0.44, 0.22, 0.16, 0.12, 0.06])
    entries["case_manager"] = (
        case_managers(entries["start"], calendar) * random.random(len(entries))
    ).astype(int)
    return entries


def case_managers(day: np.ndarray, calendar: Calendar) -> np.ndarray:
    """How many case managers there are on a day; the backlog begins when some leave."""
    grown = 13 + 15 * np.clip((day - calendar.opened) / (calendar.hired - calendar.opened), 0, 1)
    return np.rint(np.where((day >= calendar.backlog) & (day < calendar.hired), grown - 7, grown)).astype(int)


def _is_enrolled(arrests: pd.DataFrame, enrollments: pd.DataFrame) -> np.ndarray:
    """Whether the person arrested is in LEAD on the day."""
    main = enrollments[enrollments["is_main"]].sort_values("start", kind="stable")[
        ["person", "start", "exit"]
    ]
    days = arrests[["person", "day"]].reset_index().sort_values("day", kind="stable")
    found = pd.merge_asof(days, main, left_on="day", right_on="start", by="person", allow_exact_matches=False)
    return (found.set_index("index")["exit"].reindex(arrests.index).fillna(0) > arrests["day"]).to_numpy()


def _contact(random: np.random.Generator, enrollments: pd.DataFrame, calendar: Calendar) -> pd.DataFrame:
    """Contacts while enrolled: often at first, then as each pair settles; some people drift away."""
    main = enrollments[enrollments["is_main"]]
    until = np.minimum(main["exit"], calendar.end).to_numpy()
    start = main["start"].to_numpy()
    drifts = random.random(len(main)) < 0.24
    away = np.where(drifts, start + 20 + random.exponential(260, len(main)), NEVER)
    last = np.minimum(until, away)
    per_day = np.clip(random.gamma(7, 0.33, len(main)), 1.3, 6) / 30
    expected = np.where(random.random(len(main)) < 0.10, 0.05, per_day * (last - start) + 2.2)
    number = random.poisson(expected)
    row = np.repeat(np.arange(len(main)), number)
    early = random.random(len(row)) < (2.2 / expected)[row]
    length = (last - start)[row]
    offset = np.where(early, np.minimum(60, length), length) * random.random(len(row))
    contacts = pd.DataFrame(
        {"person": main["person"].to_numpy()[row], "day": (start[row] + offset).astype(int)}
    )
    contacts["kind"] = random.choice(5, len(row), p=[0.46, 0.24, 0.12, 0.10, 0.08])
    contacts["need"] = random.choice(8, len(row), p=[0.24, 0.19, 0.13, 0.14, 0.09, 0.08, 0.07, 0.06])
    return contacts.sort_values(["day", "person"], kind="stable", ignore_index=True)
