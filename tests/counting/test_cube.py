"""What is added up of atoms, where a program on a database would be too small to show it."""

from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import numpy as np
import pyarrow as pa
import pytest

from leadstats.counting.atoms import Atoms, month_number
from leadstats.counting.catalog import load_metrics
from leadstats.counting.cube import Cube
from leadstats.counting.view import Filters
from leadstats.model.schema import EVERYONE

AS_OF = date(2026, 12, 31)
REFERRED = load_metrics()["people_referred"]
YEAR = Filters(date(2026, 1, 1), date(2026, 12, 1))


@pytest.fixture
def cube():
    """Referrals of a million people in twelve months, sixty places and sixty agencies: each referred twice."""
    people, places = 1_000_000, 60
    person = np.repeat(np.arange(people, dtype=np.int32), 2)
    names = pa.array([f"place {number}" for number in range(places)])
    codes = pa.DictionaryArray.from_arrays(person % places, names)
    ones = np.ones(person.size, dtype=np.int64)
    columns = {
        "month": (month_number(date(2026, 1, 1)) + person % 12).astype(np.int32),
        "category": pa.DictionaryArray.from_arrays(np.zeros(person.size, np.int32), [EVERYONE]),
        "person": person,
        "neighborhood": codes,
        "source_agency": codes,
        "people": ones,
        "events": ones,
    }
    found = Cube(SimpleNamespace(site=None))
    key = (REFERRED.sql, REFERRED.horizon_days, AS_OF)
    found._atoms[key] = Atoms.of(pa.table(columns))
    return found


def test_groups_times_people_may_be_more_than_small_numbers_hold(cube):
    asked = replace(YEAR, breakdown="neighborhood", second_breakdown="source_agency")
    rows = cube.rows(REFERRED, asked, AS_OF, False)
    assert {row["period"] for row in rows} == {f"2026-{month:02}" for month in range(1, 13)}
    assert sum(row["people"] for row in rows) == 1_000_000
    assert all(row["events"] == 2 * row["people"] for row in rows)


def test_a_person_counts_once_in_each_month_and_in_the_year(cube):
    rows = {row["period"]: row for row in cube.rows(REFERRED, YEAR, AS_OF, True)}
    assert rows[None]["people"] == 1_000_000 and rows[None]["events"] == 2_000_000
    assert rows["2026-05"]["people"] == sum(person % 12 == 4 for person in range(1_000_000))


def test_a_row_is_the_same_in_every_view_that_has_its_period(cube):
    rows = {row["period"]: row for row in cube.rows(REFERRED, YEAR, AS_OF, False)}
    spring = replace(YEAR, first_month=date(2026, 3, 1), last_month=date(2026, 5, 1))
    again = cube.rows(REFERRED, spring, AS_OF, False)
    assert [row["period"] for row in again] == ["2026-03", "2026-04", "2026-05"]
    assert all(row is rows[row["period"]] for row in again)
    (part,) = cube.rows(REFERRED, replace(spring, by="quarter", last_month=date(2026, 3, 1)), AS_OF, False)
    (whole,) = cube.rows(REFERRED, replace(YEAR, by="quarter", last_month=date(2026, 3, 1)), AS_OF, False)
    assert (part["period"], part["days"], whole["days"]) == (whole["period"], 31, 90)
    assert part["people"] == rows["2026-03"]["people"] < whole["people"]


def test_a_row_is_a_mapping_of_all_that_the_sql_gives(cube):
    (row,) = cube.rows(REFERRED, replace(YEAR, by="total"), AS_OF, False)
    keys = ["period", "category", "second_category", "days", "last_day", "people", "events"]
    assert list(row) == keys and len(row) == len(keys)
    assert dict(row)["events"] == 2_000_000 and "person" not in row and row.get("person") is None
