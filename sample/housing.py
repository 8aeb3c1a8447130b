"""Where the invented people live: shelter, outreach and housing projects, and what case managers see.

Codes of project types, living situations and destinations are those of the HMIS data standards.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sample.lives import NEVER, RACE_SETS, YEAR, Calendar, take
from sample.program import Program

OTHER_PEOPLE_PER_PERSON = 0.07  # of the housing system's people, who never meet LEAD
HOUSED_PER_YEAR = 0.40  # hazard while homeless and in LEAD
EXIT_PER_YEAR = 0.34  # from rapid re-housing and permanent supportive housing, once moved in


@dataclass(frozen=True)
class Project:
    """One project of the housing system."""

    name: str
    kind: int  # HMIS project type
    share: float  # among projects of its purpose


OUTREACH = (Project("Harbor Street Outreach", 4, 0.7), Project("North Side Outreach", 4, 0.3))
INTERIM = (
    Project("Ferry Street Night Shelter", 0, 0.34),
    Project("Foundry Shelter", 0, 0.38),
    Project("Rooms by the Bay (interim)", 2, 0.20),
    Project("Tannery Safe Haven", 8, 0.08),
)
PERMANENT = (
    Project("First Key Rapid Re-Housing", 13, 0.42),
    Project("Mill Row Supportive Housing", 3, 0.27),
    Project("Orchard Supportive Apartments", 3, 0.15),
    Project("Open Door Housing", 9, 0.08),
    Project("Homes with Services", 10, 0.08),
)
PROJECTS = OUTREACH + INTERIM + PERMANENT

# destination code: chance, by purpose of the project left
OUTREACH_EXITS = {116: 0.27, 101: 0.24, 302: 0.05, 30: 0.19, 99: 0.07, 435: 0.06, 410: 0.03, 207: 0.04, 205: 0.03,
                  313: 0.02}  # fmt: skip
INTERIM_EXITS = {116: 0.24, 101: 0.12, 30: 0.18, 435: 0.14, 410: 0.08, 423: 0.03, 422: 0.03, 313: 0.06, 312: 0.03,
                 302: 0.04, 207: 0.03, 206: 0.01, 24: 0.01}  # fmt: skip
PERMANENT_EXITS = {435: 0.26, 410: 0.27, 411: 0.01, 423: 0.05, 422: 0.06, 313: 0.05, 116: 0.15, 101: 0.12, 207: 0.04,
                   206: 0.01, 225: 0.01, 24: 0.03, 30: 0.08}  # fmt: skip
FIRST_PERMANENT_CODE = 400

HOMELESS_SITUATIONS = {116: 0.60, 101: 0.24, 336: 0.11, 302: 0.02, 205: 0.03}
HOUSED_SITUATIONS = {435: 0.62, 410: 0.38}
OTHER_SITUATIONS = {410: 0.34, 435: 0.24, 336: 0.18, 335: 0.18, 421: 0.02, 314: 0.04}


@dataclass(frozen=True)
class Housing:
    """The housing system's records and the living situations case managers wrote down."""

    clients: pd.DataFrame  # person (rows of `people`, or beyond them), race, sex, born
    stays: pd.DataFrame  # person, project, entry, move_in, exit, destination, prior
    sightings: pd.DataFrame  # stay, person, day, situation: outreach workers' observations
    situations: pd.DataFrame  # person, day, situation: LEAD's own


def house(random: np.random.Generator, people: pd.DataFrame, program: Program, calendar: Calendar) -> Housing:
    """Housing histories of LEAD's homeless people and of as many others as the system serves."""
    main = program.enrollments[program.enrollments["is_main"]]
    lead = main[people["is_homeless"].to_numpy()[main["person"]]]
    others = round(OTHER_PEOPLE_PER_PERSON * len(people))
    start = random.integers(calendar.first, calendar.end, others)
    seekers = pd.DataFrame(
        {
            "person": np.concatenate([lead["person"], len(people) + np.arange(others)]),
            "start": np.concatenate([lead["start"], start]),
            "until": np.concatenate([lead["exit"] + 120, start + random.integers(60, 700, others)]),
            "race": np.concatenate([people["race"].to_numpy()[lead["person"]], _races(random, others)]),
        }
    )
    homes = _permanent(random, seekers, calendar)
    streets = pd.concat([_outreach(random, seekers), _interim(random, seekers)], ignore_index=True)
    stays = pd.concat([_agreeing(random, streets, homes), homes], ignore_index=True)
    stays = pd.concat([stays, _returns(random, stays)], ignore_index=True)
    died = np.concatenate([people["died"], np.full(others, NEVER)])[stays["person"]]
    stays = stays[(stays["entry"] < calendar.end) & (stays["entry"] < died)].reset_index(drop=True)
    stays["prior"] = _draw(random, HOMELESS_SITUATIONS, len(stays))
    stays = stays.sort_values(["entry", "person", "project"], kind="stable", ignore_index=True)
    return Housing(
        _clients(random, people, others, stays, calendar),
        stays,
        _sightings(random, stays, calendar),
        _situations(random, people, main, homes, calendar),
    )


def _races(random: np.random.Generator, number: int) -> np.ndarray:
    return random.choice(len(RACE_SETS), number, p=take(RACE_SETS, "share", slice(None)))


def _draw(random: np.random.Generator, chances: dict[int, float], number: int) -> np.ndarray:
    weights = np.array(list(chances.values()))
    return random.choice(list(chances), number, p=weights / weights.sum())


def _projects(random: np.random.Generator, projects: tuple[Project, ...], number: int) -> np.ndarray:
    weights = np.array([project.share for project in projects])
    return PROJECTS.index(projects[0]) + random.choice(len(projects), number, p=weights / weights.sum())


def _stays(person, project, entry, move_in, exit_day, destination) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "person": np.asarray(person),
            "project": np.asarray(project),
            "entry": np.asarray(entry),
            "move_in": np.asarray(move_in),
            "exit": np.asarray(exit_day),
            "destination": np.asarray(destination),
        }
    )


def _permanent(random: np.random.Generator, seekers: pd.DataFrame, calendar: Calendar) -> pd.DataFrame:
    """First stay in permanent housing: some wait for it in vain, some never move in."""
    number = len(seekers)
    hazard = HOUSED_PER_YEAR * take(RACE_SETS, "housing", seekers["race"])
    entry = (seekers["start"] + 12 + random.exponential(YEAR / hazard)).astype(int)
    reached = (entry < np.minimum(seekers["until"], calendar.end)).to_numpy()
    move_in = entry + np.rint(random.lognormal(np.log(24), 0.7, number)).astype(int)
    gives_up = random.random(number) < 0.07
    project = _projects(random, PERMANENT, number)
    length = np.maximum(5, random.weibull(1.35, number) * YEAR / EXIT_PER_YEAR / 0.917).astype(int)
    is_rapid = take(PROJECTS, "kind", project) == 13
    length = np.where(is_rapid, np.maximum(20, length * 0.42).astype(int), length)
    exit_day = np.where(gives_up, entry + random.integers(20, 120, number), move_in + length)
    destination = np.where(
        gives_up, _draw(random, OUTREACH_EXITS, number), _draw(random, PERMANENT_EXITS, number)
    )
    stays = _stays(
        seekers["person"], project, entry, np.where(gives_up, NEVER, move_in), exit_day, destination
    )
    return stays[reached].sort_values("entry", kind="stable").drop_duplicates("person")


def _agreeing(random: np.random.Generator, streets: pd.DataFrame, homes: pd.DataFrame) -> pd.DataFrame:
    """Outreach and shelter that fit the rest of a life: they end with the move into a home, if there is
    one, and else for most people with the first permanent home they leave for."""
    move_in = homes.set_index("person")["move_in"].reindex(streets["person"], fill_value=NEVER).to_numpy()
    is_before = streets["entry"].to_numpy() < move_in
    streets, move_in = streets[is_before].copy(), move_in[is_before]
    ends_with_move = streets["exit"].to_numpy() >= move_in
    streets["exit"] = np.minimum(streets["exit"], move_in)
    is_permanent = (streets["destination"] >= FIRST_PERMANENT_CODE).to_numpy()
    has_home = streets["person"].isin(homes["person"]).to_numpy()
    streets.loc[is_permanent & has_home, "destination"] = 101
    streets.loc[ends_with_move, "destination"] = 435
    leaves = streets[is_permanent & ~has_home].groupby("person")["exit"].min()
    left = leaves.reindex(streets["person"], fill_value=NEVER).to_numpy()
    is_later = streets["entry"].to_numpy() >= left
    return streets[~is_later | (random.random(len(streets)) < 0.05)]


def _outreach(random: np.random.Generator, seekers: pd.DataFrame) -> pd.DataFrame:
    met = seekers[random.random(len(seekers)) < 0.40]
    number = len(met)
    entry = (met["start"] - 60 + random.exponential(90, number)).astype(int)
    exit_day = entry + np.maximum(1, random.lognormal(np.log(120), 0.8, number)).astype(int)
    return _stays(
        met["person"], _projects(random, OUTREACH, number), entry, NEVER, exit_day,
        _draw(random, OUTREACH_EXITS, number),
    )  # fmt: skip


def _interim(random: np.random.Generator, seekers: pd.DataFrame) -> pd.DataFrame:
    times = random.poisson(0.72, len(seekers))
    met = seekers.loc[seekers.index.repeat(times)]
    number = len(met)
    entry = (met["start"] - 20 + random.exponential(150, number)).astype(int)
    project = _projects(random, INTERIM, number)
    median = np.where(take(PROJECTS, "kind", project) == 2, 150, 38)
    exit_day = entry + np.maximum(1, random.lognormal(np.log(median), 0.9)).astype(int)
    return _stays(met["person"], project, entry, NEVER, exit_day, _draw(random, INTERIM_EXITS, number))


def _returns(random: np.random.Generator, stays: pd.DataFrame) -> pd.DataFrame:
    """Shelter stays of people whose last stay had ended in a permanent home."""
    last = stays.sort_values("exit", kind="stable").drop_duplicates("person", keep="last")
    left = last[last["destination"] >= FIRST_PERMANENT_CODE]
    entry = left["exit"].to_numpy() + 15 + random.exponential(1500, len(left)).astype(int)
    exit_day = entry + np.maximum(2, random.lognormal(np.log(40), 0.9, len(left))).astype(int)
    return _stays(
        left["person"], _projects(random, INTERIM, len(left)), entry, NEVER, exit_day,
        _draw(random, INTERIM_EXITS, len(left)),
    )  # fmt: skip


def _clients(
    random: np.random.Generator, people: pd.DataFrame, others: int, stays: pd.DataFrame, calendar: Calendar
) -> pd.DataFrame:
    strangers = pd.DataFrame(
        {
            "race": _races(random, others),
            "sex": random.choice(3, others, p=[0.58, 0.41, 0.01]),
            "born": ((calendar.first + calendar.end) // 2 - YEAR * random.uniform(19, 74, others)).astype(
                int
            ),
        }
    )
    everyone = pd.concat([people[["race", "sex", "born"]], strangers], ignore_index=True)
    return everyone.assign(person=everyone.index)[everyone.index.isin(stays["person"])].reset_index(drop=True)


def _sightings(random: np.random.Generator, stays: pd.DataFrame, calendar: Calendar) -> pd.DataFrame:
    """Living situations outreach workers met people in."""
    outreach = stays[take(PROJECTS, "kind", stays["project"]) == 4]
    length = (np.minimum(outreach["exit"], calendar.end) - outreach["entry"]).to_numpy()
    times = 1 + random.poisson(length / 75)
    row = np.repeat(np.arange(len(outreach)), times)
    is_first = np.r_[True, row[1:] != row[:-1]] if len(row) else np.zeros(0, dtype=bool)
    day = outreach["entry"].to_numpy()[row] + np.where(
        is_first, 0, length[row] * random.random(len(row))
    ).astype(int)
    return pd.DataFrame(
        {
            "stay": outreach.index.to_numpy()[row],
            "person": outreach["person"].to_numpy()[row],
            "day": day,
            "situation": np.where(
                random.random(len(row)) < 0.93, 116, _draw(random, HOMELESS_SITUATIONS, len(row))
            ),
        }
    )


def _situations(
    random: np.random.Generator,
    people: pd.DataFrame,
    main: pd.DataFrame,
    homes: pd.DataFrame,
    calendar: Calendar,
) -> pd.DataFrame:
    """What case managers wrote down at intake and about every hundred days after."""
    until = np.minimum(main["exit"], calendar.end).to_numpy()
    start, person = main["start"].to_numpy(), main["person"].to_numpy()
    times = 1 + random.poisson(np.maximum(0, until - start) / 105)
    row = np.repeat(np.arange(len(main)), times)
    is_first = np.r_[True, row[1:] != row[:-1]]
    day = start[row] + np.where(is_first, 0, (until - start)[row] * random.random(len(row))).astype(int)
    seen = pd.DataFrame({"person": person[row], "day": day})
    is_homeless = people["is_homeless"].to_numpy()[seen["person"]]
    seen["situation"] = np.where(
        is_homeless, _draw(random, HOMELESS_SITUATIONS, len(seen)), _draw(random, OTHER_SITUATIONS, len(seen))
    )
    in_jail = (random.random(len(seen)) < 0.035) & ~is_first
    seen.loc[in_jail, "situation"] = 207
    moved = homes[homes["move_in"] < NEVER].drop_duplicates("person").set_index("person")
    move_in = moved["move_in"].reindex(seen["person"], fill_value=NEVER).to_numpy()
    out = moved["exit"].where(moved["destination"] < FIRST_PERMANENT_CODE, NEVER)
    is_housed = (day >= move_in) & (day < out.reindex(seen["person"], fill_value=0).to_numpy())
    seen.loc[is_housed, "situation"] = _draw(random, HOUSED_SITUATIONS, int(is_housed.sum()))
    known = is_first & (random.random(len(seen)) < 0.95) | ~is_first
    return seen[known].sort_values(["day", "person"], kind="stable", ignore_index=True)
