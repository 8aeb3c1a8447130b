"""One invented program, built once for all tests of published folders."""

import random
import shutil
from datetime import date, timedelta

import pytest

from leadstats import release
from leadstats.release.ordering import KEY
from tests.conftest import Program
from tests.county import once

PUBLISHED_ON = date(2026, 6, 1)
APPROVED_BY = "Policy Coordinating Group"
SECRET = b"a secret of the site"  # one that hides large numbers too, which tests of bytes can look for
PLAN = """
lag_days = 0
neighborhoods = ["Mill Row", "North End", "Pier"]
[[tables]]
measure = "people_first_referred"
times = ["month", "quarter"]
by = []
[[tables]]
measure = "people_first_referred"
times = ["quarter", "year"]
by = ["race"]
[[tables]]
measure = "people_first_referred"
times = ["year"]
by = ["neighborhood"]
[[tables]]
measure = "people_first_referred"
times = ["year"]
by = ["race", "outcome"]
[[tables]]
measure = "people_first_housed"
times = ["month"]
by = ["sex"]
"""
RACES = ["White", "White", "White", "Black or African American", "Black or African American", "Asian", ""]
PLACES = ["Mill Row", "Mill Row", "Mill Row", "North End", "North End", "Pier"]


def fill(
    program: Program, people: int, first: date, days: int, seed: int = 1, prefix: str = "CANARY"
) -> None:
    dice = random.Random(seed)
    for number in range(people):
        person = f"{prefix}-{number:04d}"
        day = first + timedelta(days=dice.randrange(days))
        intake = day + timedelta(days=dice.randrange(5, 50)) if dice.random() < 0.7 else ""
        birth = date(1961, 2, 3) + timedelta(days=dice.randrange(12_000))
        program.add(
            person=[
                {
                    "person_id": person,
                    "last_name": f"{prefix} the {number}th",
                    "birth_date": birth,
                    "sex": dice.choice(["Male", "Female"]),
                    "race": dice.choice(RACES),
                }
            ],
            referral=[
                {
                    "referral_id": f"{prefix}-R{number}",
                    "person_id": person,
                    "referred_on": day,
                    "neighborhood": dice.choice(PLACES),
                    "intake_completed_on": intake,
                }
            ],
        )
        if dice.random() < 0.6:
            out = day + timedelta(days=dice.randrange(1, 20))
            program.add(
                jail_stay=[
                    {
                        "stay_id": f"{prefix}-S{number}",
                        "person_id": person,
                        "booked_at": day,
                        "released_at": out,
                    }
                ]
            )


@pytest.fixture(scope="session")
def county(counties):
    """A year of 420 people, and the same year with late entries and five months more."""
    folder = counties / "released_county"

    def build():
        (folder / "plan.toml").write_text(PLAN, encoding="utf-8")
        for number, through in enumerate((date(2026, 1, 31), date(2026, 6, 30))):
            program = Program(folder / str(number))
            fill(program, 420, date(2025, 1, 1), 365)
            if number:
                fill(program, 9, date(2025, 2, 1), 200, seed=2, prefix="LATE")
                fill(program, 150, date(2026, 1, 1), 150, seed=3, prefix="NEW")
            program.site(name="Example County LEAD", is_sample=True, data_through=through)
            assert program.build().exit_code < 2, program.report.as_text()
            (program.data / KEY).write_text(SECRET.hex(), encoding="ascii")

    once(folder, build)
    return County(folder / "0" / "data", folder / "1" / "data", folder / "plan.toml")


class County:
    def __init__(self, first, second, plan):
        self.first, self.second, self.plan = first, second, plan

    def publish(self, releases, data=None, **changes):
        options = {"approve": APPROVED_BY, "plan": self.plan, "published_on": PUBLISHED_ON} | changes
        return release.publish(data or self.first, releases, **options)


@pytest.fixture(scope="session")
def published(county, counties):
    """A folder with one release. Read only: tests that write copy it."""
    folder = counties / "published"

    def publish():
        publication = county.publish(folder / "releases")
        assert publication.exit_code == 0, publication.as_text()

    return once(folder, publish) / "releases"


@pytest.fixture(scope="session")
def published_twice(county, published, counties):
    """The same with a second one, of five months more and of late entries. Read only as well."""
    folder = counties / "published_twice"

    def publish():
        shutil.copytree(published, folder / "releases", symlinks=True)
        publication = county.publish(folder / "releases", county.second)
        assert publication.exit_code == 0, publication.as_text()

    return once(folder, publish) / "releases"


@pytest.fixture
def releases(published, tmp_path):
    """A copy of the folder with one, to change."""
    return shutil.copytree(published, tmp_path / "releases", symlinks=True)
