"""The committed sample can be used, and every metric of it is counted a second time, in plain Python over the rows
that ingest accepted."""

import tomllib
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
import recount
import recount_jail
import recount_outcomes

from leadstats.counting.catalog import load_metrics
from leadstats.counting.database import open_database
from leadstats.counting.measure import measure
from leadstats.counting.view import Filters
from leadstats.ingest import build, coverage, stations
from leadstats.model.schema import TABLES

SAMPLE = Path(__file__).resolve().parents[2] / "data" / "sample"
DEFINITIONS = {
    name: definition
    for name, definition in (recount.METRICS | recount_jail.METRICS | recount_outcomes.METRICS).items()
    # The police of the sample keep no list of stops, and its diversions have no result.
    if "stop" not in load_metrics()[name].sources
    and "referral.diversion_result" not in load_metrics()[name].needs
}


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    """Of the one build of the sample: its report, its database, and the accepted rows as its queries got them."""
    rows = {}

    def overhear(connection, *rest):
        for table in TABLES.values():
            found = connection.table(f"export.{table.name}")
            canonical = {stations.key_name(column.name): column.name for column in table.columns}
            names = [canonical.get(name, name) for name in found.columns]
            rows[table.name] = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
        return write(connection, *rest)

    write = coverage.write
    data = tmp_path_factory.mktemp("sample")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(coverage, "write", overhear)
        report = build(SAMPLE, data)
    site = tomllib.loads((SAMPLE / "site.toml").read_text(encoding="utf-8"))
    again = recount.Recount(
        rows,
        site["data_through"],
        site["inactivity_days"],
        [(each["charge_class"], each["first"], each.get("last")) for each in site["eligible_charges"]],
        (site["baseline"]["first"], site["baseline"]["last"]),
        site["jail_costs"],
        recount.begins_of(database := open_database(data)),
    )
    return report, database, again


@pytest.fixture
def counted_twice(sample):
    _, database, again = sample
    return database, again


def test_the_committed_sample_is_usable_with_warnings_and_shows_every_kind_of_slip(sample):
    report, _, _ = sample

    assert report.exit_code == 1
    codes = {found.code for found in report.problems}
    assert {"LD-202", "LD-203", "LD-204", "LD-205", "LD-301", "LD-302", "LD-303"} <= codes
    assert {"LD-304", "LD-311", "LD-312", "LD-318", "LD-603", "LD-604", "LD-605", "LD-607"} <= codes
    assert "LD-402" not in codes  # every spelling of a place is mapped
    for account in report.accounts:
        assert account.rejected <= max(50, account.read // 100), account.file
    assert report.data_through.isoformat() == "2026-10-31"


@pytest.mark.parametrize("name", DEFINITIONS)
def test_the_sample_has_the_numbers_that_plain_python_counts(counted_twice, name):
    database, again = counted_twice
    metric = load_metrics()[name]
    # A year that ends so late that only a part of a cohort has been followed to its end.
    back = max((metric.horizon_days or 0) // 365, 0)
    first, last, following = date(2025 - back, 8, 1), date(2026 - back, 7, 1), date(2026 - back, 8, 1)
    expected = recount.recount(again, name, (first, following), definitions=DEFINITIONS)

    cells = measure(database, metric, Filters(first, last, by="total"), audience="analyst").cells

    assert {cell.category for cell in cells} >= set(expected)
    for cell in cells:
        wanted = expected.get(cell.category)
        if wanted is None:
            assert not cell.people and not cell.denominator and not cell.value
            continue
        for what, number in wanted.items():
            assert getattr(cell, what) == pytest.approx(number, abs=1e-9), (what, cell)
    assert any(cell.people or cell.events for cell in cells), "the sample has nobody to count here"


@pytest.mark.parametrize("breakdown", [None, "race", "neighborhood"])
def test_residents_are_those_of_the_census_file(counted_twice, breakdown):
    database, again = counted_twice
    expected = Counter()
    for row in again.table("population"):
        # Without a race: all residents of the place. Who has none of the races is what is left of them.
        races, people = row["race"] or [], row["people"]
        if breakdown == "race":
            expected[races[0] if races else "Unknown"] += people
            expected["Unknown"] -= people if races else 0
        elif not races:
            expected[row["neighborhood"] if breakdown else "Everyone"] += people
    filters = Filters(date(2025, 8, 1), date(2026, 7, 1), by="total", breakdown=breakdown)

    cells = measure(database, load_metrics()["population"], filters, audience="analyst").cells

    assert {cell.category: cell.value for cell in cells if cell.value} == expected


def test_every_metric_is_counted_twice():
    by_residents = {
        "population",
        "arrests_per_1000_residents",
        "referrals_per_1000_residents",
        "stops_per_1000_residents",
        "people_who_died",
        "people_who_died_by_time",
    }  # above, and by hand
    counted = recount.METRICS.keys() | recount_jail.METRICS.keys() | recount_outcomes.METRICS.keys()
    assert counted | by_residents == set(load_metrics())


def test_arrests_per_resident_are_arrests_over_residents(counted_twice):
    database, again = counted_twice
    first, after = date(2025, 8, 1), date(2026, 8, 1)
    arrests = recount.recount(again, "arrests", (first, after), "neighborhood", definitions=DEFINITIONS)
    residents = {row["neighborhood"]: row["people"] for row in again.table("population") if not row["race"]}
    filters = Filters(first, date(2026, 7, 1), by="total", breakdown="neighborhood")

    cells = measure(database, load_metrics()["arrests_per_1000_residents"], filters, "analyst").cells

    found = {cell.category: cell.value for cell in cells if cell.value is not None}
    years = (after - first).days / 365.25
    assert found == pytest.approx(
        {
            place: 1000 * arrests.get(place, {"value": 0})["value"] / people / years
            for place, people in residents.items()
            if people
        }
    )
