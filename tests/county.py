"""A made-up county with enough rows to fill every page; by arithmetic, so that each run has the same."""

import fcntl
import json
import shutil
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

from conftest import Program

FIRST, LAST = date(2023, 1, 1), date(2025, 12, 31)
DAYS = (LAST - FIRST).days
PLACES = ("Mill Row", "North End", "Old Town")
RACES = ("White", "Black or African American", "Hispanic or Latino", "White", "")
PATHWAYS = ("arrest_diversion", "social_contact", "arrest_diversion", "community")
CHARGES = ("Drug", "Theft", "Trespass")
# A label that would be markup or Markdown if anybody let it.
HOSTILE = '<img src=x onerror="window.hit=1">![x](http://outside.example/x.png)'


def build_county(folder: Path, place: str = PLACES[2]) -> Path:
    """Its data, to be read only."""

    def build():
        program = add_county(Program(folder), place)
        assert program.build().snapshot, program.report.as_text()

    return once(folder, build) / "data"


def once(folder: Path, fill: Callable[[], None]) -> Path:
    """The folder, filled by whichever process comes first; the others wait for it, and nobody changes it."""
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "filled").exists():
            fill()
            (folder / "filled").touch()
    return folder


def own_county(folder: Path, data: Path) -> Program:
    """The county as built in `data`, for a test that builds on it."""
    program = add_county(Program(folder))
    shutil.copytree(data, program.data)
    return program


def add_county(program: Program, place: str = PLACES[2]) -> Program:
    places = (*PLACES[:2], place)
    program.site(
        name="Test County LEAD",
        is_sample=True,
        data_through=LAST,
        baseline={"first": date(2022, 1, 1), "last": date(2022, 12, 31)},
        jail_costs=[
            {"kind": "short-run marginal", "dollars": 25, "from": date(2020, 1, 1)},
            {"kind": "average", "dollars": 190, "from": date(2020, 1, 1)},
        ],
        goals=[
            {"metric": "people_enrolled", "value": 12, "by": "month", "set_by": "Policy group", "due": LAST}
        ],
        events=[{"day": date(2025, 3, 1), "text": "Divertible charges widened"}],
    )
    program.file("places.geojson", _squares(places))
    people = [
        {"person_id": n, "birth_year": 1955 + n % 50, "sex": ("Woman", "Man")[n % 2], "race": RACES[n % 5]}
        for n in range(900)
    ]
    return program.add(person=people, **_enrollment(places), **_police(places), **_housing())


def _day(number: int) -> date:
    """Spread over the years; 7 and the number of days share no factor."""
    return FIRST + timedelta(number * 7 % DAYS)


def _enrollment(places) -> dict[str, list[dict]]:
    referrals, enrollments, contacts = [], [], []
    for n in range(840):
        day = _day(n)
        referrals.append(
            {
                "referral_id": n,
                "person_id": n,
                "referred_on": day,
                "pathway": PATHWAYS[n % 4],
                "arrest_id": f"a{n}" if n % 2 == 0 else "",
                "neighborhood": places[n % 7 % 3],
                "source_agency": ("Police", "Sheriff")[n % 2],
                "intake_completed_on": _until(day, 5 + n % 60) if n % 3 else "",
            }
        )
        if n % 3 and day + timedelta(5 + n % 60) <= LAST:
            start = day + timedelta(5 + n % 60)
            exit_day = _until(start, 150 + n % 400) if n % 4 == 0 else ""
            enrollments.append(
                {
                    "enrollment_id": n,
                    "person_id": n,
                    "started_on": start,
                    "exited_on": exit_day,
                    "case_manager": f"m{n % 9}",
                }
            )
            contacts.extend(
                {
                    "contact_id": f"{n}-{k}",
                    "person_id": n,
                    "contacted_on": start + timedelta(40 * k),
                    "kind": "Street",
                }
                for k in range(12)
                if start + timedelta(40 * k) <= LAST and (n % 5 or k < 3)
            )
    return {"referral": referrals, "enrollment": enrollments, "contact": contacts}


def _until(day: date, days: int) -> date | str:
    return day + timedelta(days) if day + timedelta(days) <= LAST else ""


def _police(places) -> dict[str, list[dict]]:
    arrests, stays = [], []
    for n in range(1680):
        moment = datetime.combine(_day(n), datetime.min.time()) + timedelta(hours=n % 24)
        is_diverted = n < 840 and n % 2 == 0
        arrests.append(
            _arrest(f"a{n}", n % 900, moment, places[n % 3], CHARGES[n % 3], is_diverted, n % 5 == 0)
        )
        if not is_diverted and n % 2:
            stays.append(_stay(f"a{n}", n % 900, moment, n % 40))
    for n in range(300):
        moment = datetime(2022, 1, 1, 12) + timedelta(days=n * 7 % 365)
        arrests.append(_arrest(f"before-{n}", n, moment, places[n % 3], CHARGES[n % 3], False, False))
        if n % 2:
            stays.append(_stay(f"before-{n}", n, moment, n % 30))
    return {"arrest": arrests, "jail_stay": stays}


def _arrest(key, person, moment, place, charge, is_diverted, is_ineligible) -> dict:
    return {
        "arrest_id": key,
        "person_id": person,
        "arrested_at": moment.isoformat(),
        "neighborhood": place,
        "charge_class": charge,
        "is_charge_eligible": "no" if is_ineligible and not is_diverted else "yes",
        "is_diverted": "yes" if is_diverted else "no",
        "is_booked": "no" if is_diverted else "yes",
    }


def _stay(arrest, person, moment, days) -> dict:
    released = moment + timedelta(days=days, hours=5)
    is_over = released.date() <= LAST
    return {
        "stay_id": arrest,
        "person_id": person,
        "arrest_id": arrest,
        "booked_at": moment.isoformat(),
        "released_at": released.isoformat() if is_over else "",
        "is_on_roster": "no" if is_over else "yes",
        "charge_class": CHARGES[days % 3],
    }


def _housing() -> dict[str, list[dict]]:
    situations, projects = [], []
    for n in range(0, 840, 2):
        day = _day(n) + timedelta(20)
        if day > LAST:
            continue
        situations.append({"person_id": n, "observed_on": day, "code": (116, 101)[n % 4 // 2]})
        moved_in = _until(day, 60 + n % 200)
        exited = _until(day, 300 + n % 200) if n % 3 == 0 and moved_in else ""
        projects.append(
            {
                "person_id": n,
                "project_type": 3 if n % 4 else 1,
                "entered_on": day,
                "moved_in_on": moved_in if n % 4 else "",
                "exited_on": exited,
                "destination": ("410", "116", "99")[n % 9 // 3] if exited else "",
            }
        )
    residents = [
        {"neighborhood": place, "race": race, "people": 1000 * size}
        for place in PLACES[:2]
        for race, size in (("White", 30), ("Black or African American", 8), ("Hispanic or Latino", 12))
    ]
    return {"living_situation": situations, "housing": projects, "population": residents}


def _squares(places) -> str:
    def square(west: float) -> list[list[list[float]]]:
        south, side = 47.6, 0.02
        corners = (
            (west, south),
            (west + side, south),
            (west + side, south + side),
            (west, south + side),
            (west, south),
        )
        return [[list(corner) for corner in corners]]

    return json.dumps(
        {
            "type": "FeatureCollection",
            "features": [
                {
                    "type": "Feature",
                    "properties": {"name": name},
                    "geometry": {"type": "Polygon", "coordinates": square(-122.3 + 0.02 * n)},
                }
                for n, name in enumerate(places)
            ],
        }
    )
