"""By place: rates first, no place ranked, and named only where chance does not explain it."""

from dataclasses import replace
from datetime import date

import pytest
from conftest import Program
from county import add_county
from results import BY_PLACE, result

from leadstats.briefing import View, places
from leadstats.counting.catalog import load_metrics
from leadstats.counting.view import Cell, Filters
from leadstats.narrative import headlines

RATES = ("percent", "per 1,000 residents a year")


@pytest.fixture(scope="module")
def view(tmp_path_factory):
    program = add_county(Program(tmp_path_factory.mktemp("county")))
    yield View(program.database, "coordinating_group", Filters(date(2025, 1, 1), date(2025, 12, 1)))
    program.close()


def test_what_a_map_shows_first_is_a_rate_and_never_who_was_arrested_again(view):
    """It was the number of people referred: where people live, and where police are."""
    offered = places.offered(view)
    assert [load_metrics()[name].unit in RATES for name in offered[:2]] == [True, True]
    assert not [name for name in offered if "rearrested" in name]


def test_places_stand_in_the_order_of_the_data(view):
    mapped, listed = places.by_place(view, "people_referred")
    rows = [each["text"] for each in listed.chart.figure["layout"]["annotations"]]
    named = [name for name in places.known(view) if any(name in row for row in rows)]
    assert [name for row in rows for name in named if name in row] == named
    assert not any(name in mapped.lead for name in named)


def test_two_areas_are_no_map(view):
    """Of a small county: two colors say less than two numbers."""
    areas = [name for name in places.known(view) if name in view.database.site.boundaries]

    def kinds(*names):
        def ask(database, metric, filters, audience):
            return result(
                metric.name,
                *(Cell(None, name, value=20 + n) for n, name in enumerate(names)),
                filters=filters,
            )

        found = places.by_place(replace(view, ask=ask), "people_referred")
        return [answer.name.partition("-")[0] for answer in found]

    assert kinds(*areas[:2], "Unknown") == ["places"]
    assert kinds(*areas[:3]) == ["map", "places"]


def test_no_place_is_named_for_how_many_people_were_met_there():
    """Names were ranked: "Station Square 138, then Old Market 104"."""
    counts = result(
        "people_referred",
        *(Cell(None, name, value=n) for name, n in (("Mill Row", 138), ("Pier", 40))),
        filters=BY_PLACE,
    )
    assert (
        headlines.headline(counts) == "People referred: from 40 to 138 people in 2 places that can be shown"
    )


def test_a_place_is_named_for_a_rate_only_where_it_is_clear_of_chance():
    def rates(*shares):
        cells = [
            Cell(None, name, value=share, low=share - 8, high=share + 8, numerator=share, denominator=100)
            for name, share in zip(("Mill Row", "Pier"), shares, strict=True)
        ]
        return headlines.headline(result("diversion_rate", *cells, filters=BY_PLACE))

    assert rates(20, 24) == "Diversion rate: from 20% to 24%; chance alone could explain it"
    assert "Mill Row" in rates(20, 60) and "Pier" in rates(20, 60)
