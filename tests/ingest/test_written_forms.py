"""Times and numbers as systems write them: each form means one thing, in every table."""

import json
import re
from collections import Counter
from datetime import date, datetime, timedelta
from random import Random

import duckdb
import pytest
from conftest import found
from files import a_workbook
from hypothesis import given, settings
from hypothesis import strategies as st
from test_boundaries import EAST_AND_WEST

from leadstats.assistant import make_plan
from leadstats.ingest import stations
from leadstats.recognition import moments

STAY = "stay_id,person_id,In,Out\n"
ENROLLED = "enrollment_id,person_id,From,Until\n"


def mapping(pattern, table, formats="", **columns):
    named = "\n".join(f"{ours} = {json.dumps(theirs)}" for ours, theirs in columns.items())
    return f'[[files]]\npattern = "{pattern}"\ntable = "{table}"\n[files.columns]\n{named}\n[files.formats]\n{formats}\n'


def stays_booked(program, *cells, form):
    """What becomes of cells of one form: booked_at of stays that are still open."""
    rows = "".join(f"{number},{number},{cell},\n" for number, cell in enumerate(cells, start=1))
    program.file("stays.csv", STAY + rows)
    program.file("mapping.toml", mapping("stays.csv", "jail_stay", f'booked_at = "{form}"', booked_at="In"))
    return [row["booked_at"] for row in program.rows("SELECT booked_at FROM program.stay ORDER BY ALL")]


@pytest.mark.parametrize(
    ("form", "cells", "expected"),
    [
        ("%m/%d/%Y %H:%M", ["01/12/2026 24:00", "01/13/2026 00:00"], ["2026-01-13T00:00"] * 2),
        ("%m/%d/%Y %H%M", ["12/31/2025 2400", "01/01/2026 0905"], ["2026-01-01T00:00", "2026-01-01T09:05"]),
        ("%Y/%m/%d %H:%M:%S", ["2026/01/12 24:00:00"], ["2026-01-13T00:00"]),
        ("%m/%d/%Y %I:%M %p", ["01/12/2026 0:15 AM", "1/12/2026 13:45 PM"], ["2026-01-12T00:15", "2026-01-12T13:45"]),
        ("%m/%d/%Y %I:%M %p", ["01/12/2026 9:05 a.m.", "1/12/2026 9:05 P.M."], ["2026-01-12T09:05", "2026-01-12T21:05"]),
    ],
)  # fmt: skip
def test_times_that_no_clock_shows_are_read(program, form, cells, expected):
    assert stays_booked(program, *cells, form=form) == [datetime.fromisoformat(each) for each in expected]


def test_a_time_that_is_none_is_told(program):
    program.file(
        "stays.csv", STAY + "1,1,01/12/2026 24:30,\n2,2,01/12/2026 13:45 AM,\n3,3,01/12/2026 1:45 AM,\n"
    )
    program.file(
        "mapping.toml",
        mapping(
            "stays.csv", "jail_stay", 'booked_at = ["%m/%d/%Y %H:%M", "%m/%d/%Y %I:%M %p"]', booked_at="In"
        ),
    )

    report = program.check()

    assert [(each.row, each.value) for each in report.problems if each.code == "LD-203"] == [
        (2, "01/12/2026 24:30"),
        (3, "01/12/2026 13:45 AM"),
    ]


CLOCKS = {
    "0": "05T00:00", "0:15 AM": "05T00:15", "905": "05T09:05", "090500": "05T09:05", "0905 hrs": "05T09:05",
    "93000": "05T09:30", "13:45 PM": "05T13:45", "9:05 p.m.": "05T21:05", "2400": "06T00:00", "24:00": "06T00:00",
    "24:00:00": "06T00:00", "240000": "06T00:00",
}  # fmt: skip


def test_a_clock_of_its_own_is_read(program):
    rows = "".join(f"{n},{n},2026-01-05,{clock}\n" for n, clock in enumerate(CLOCKS, start=1))
    program.file("stays.csv", "stay_id,person_id,Day,Clock\n" + rows)
    program.file("mapping.toml", mapping("stays.csv", "jail_stay", booked_at=["Day", "Clock"]))

    booked = [row["booked_at"] for row in program.rows("SELECT booked_at FROM program.stay ORDER BY ALL")]

    assert booked == [datetime.fromisoformat(f"2026-01-{moment}") for moment in CLOCKS.values()]
    assert all(map(moments.CLOCK.fullmatch, CLOCKS))


def test_cells_of_a_workbook_may_be_days_moments_and_text_in_one_column(program):
    rows = [
        ["enrollment_id", "person_id", "From"],
        [1, 1, date(2026, 1, 5)],
        [2, 2, datetime(2026, 1, 6, 9, 30)],
        [3, 3, "1/7/2026"],
        [4, 4, 46_030],
    ]
    program.file("Enrolled.xlsx", a_workbook(Sheet=rows))
    program.file(
        "mapping.toml",
        mapping("Enrolled.xlsx", "enrollment", 'started_on = ["excel", "%m/%d/%Y"]', started_on="From"),
    )

    days = program.rows("SELECT started_on FROM program.enrollment ORDER BY ALL")

    assert [row["started_on"].isoformat() for row in days] == [
        "2026-01-05",
        "2026-01-06",
        "2026-01-07",
        "2026-01-08",
    ]


# Time zones


ZONED = {
    "Z": ("2026-02-01T05:30:00Z", ""),
    "offset": ("2026-02-01T00:30:00-05:00", ""),
    "ArcGIS": ("2026/02/01 05:30:00+00", "%Y/%m/%d %H:%M:%S%z"),
    "epoch": ("1769923800000", "epoch"),
}


@pytest.mark.parametrize(
    ("table", "cell", "form"),
    [(("jail_stay", "arrest")[n % 2], *each) for n, each in enumerate(ZONED.values())],
    ids=ZONED,
)
def test_a_moment_with_a_zone_is_asked_about_until_the_site_says_where_it_is(program, table, cell, form):
    number, at = ("stay_id", "booked_at") if table == "jail_stay" else ("arrest_id", "arrested_at")
    program.file("export.csv", f"{number},person_id,At\n1,1,{cell}\n")
    program.file(
        "mapping.toml", mapping("export.csv", table, f'{at} = "{form}"' if form else "", **{at: "At"})
    )

    report = program.build()

    asked = found(report, "LD-134")
    assert (report.exit_code, report.snapshot, asked.column, asked.rows) == (3, None, "At", (2,))
    assert "timezone" in asked.fix
    stored = (
        "SELECT booked_at AS moment FROM program.stay"
        if table == "jail_stay"
        else "SELECT arrested_at AS moment FROM program.arrest"
    )
    for zone, moment in (("America/Denver", "2026-01-31T22:30"), ("America/New_York", "2026-02-01T00:30")):
        program.site(timezone=zone)
        assert [row["moment"] for row in program.rows(stored)] == [datetime.fromisoformat(moment)]


@pytest.mark.parametrize(
    ("cells", "form"),
    [
        (["2026-01-05T00:00:00Z", "2026-01-06T00:00:00.000Z"], ""),
        (["2026/01/05 00:00:00+00", "2026/01/06 00:00:00+00"], "%Y/%m/%d %H:%M:%S%z"),
        (["1767571200000", "1767657600000"], "epoch"),
        (["2026-01-05 00:00:00-06:00", "2026-01-06 00:00-05:00"], ""),
    ],
)
def test_midnights_throughout_are_days(program, cells, form):
    rows = "".join(f"{number},{number},{cell},\n" for number, cell in enumerate(cells, start=1))
    program.file("enrolled.csv", ENROLLED + rows).site(timezone="America/Los_Angeles")
    formats = f'started_on = "{form}"' if form else ""
    program.file("mapping.toml", mapping("enrolled.csv", "enrollment", formats, started_on="From"))

    days = program.rows("SELECT started_on FROM program.enrollment ORDER BY ALL")

    assert [row["started_on"].isoformat() for row in days] == ["2026-01-05", "2026-01-06"]
    assert found(program.report, "LD-135").severity == "note"


@pytest.mark.parametrize(
    ("zone", "booked", "released", "nights"),
    [
        ("America/Denver", "2025-11-02T01:50", "2025-11-02T01:10", 0),
        ("America/New_York", "2025-11-02T01:59", "2025-11-02T01:00", 0),
        ("America/Denver", "2025-11-02T07:50Z", "2025-11-02T08:10Z", 0),  # the same in universal time
        ("America/Phoenix", "2025-11-02T01:50", "2025-11-02T01:10", None),  # no summer time there
        ("America/Denver", "2025-10-20T01:50", "2025-10-20T01:10", None),
        ("America/Denver", "2025-11-02T02:50", "2025-11-02T02:10", None),
        ("America/Denver", "2025-11-02T01:50", "2025-11-01T01:10", None),
    ],
)
def test_the_hour_that_comes_twice_ends_nothing_before_it_began(program, zone, booked, released, nights):
    program.site(timezone=zone, data_through=date(2025, 12, 31))
    program.add(jail_stay=[{"booked_at": booked, "released_at": released}, {"booked_at": "2025-12-01"}])

    bookings = program.value("jail_bookings", month="2025-11", by="total")

    assert bookings == (0 if nights is None else 1)
    assert program.value("jail_nights", month="2025-11", by="total") == (nights or 0)
    assert ("LD-312" in {each.code for each in program.report.problems}) == (nights is None)


# Numbers


@pytest.mark.parametrize(
    ("people", "whole"), [(['"1,200"', "300", "800"], 2300), (["1200.5", "300.25", "800"], 2301), (['"1,200.50"', "0.4", "0.4"], 1201)]
)  # fmt: skip
def test_residents_may_have_marks_and_fractions(program, people, whole):
    north, black, south = people
    program.file(
        "population.csv",
        f"neighborhood,race,people\nNorth,White,{north}\nNorth,Black or African American,{black}\nSouth,White,{south}\n",
    ).add(referral=[{"referred_on": "2026-01-05"}])

    assert program.value("population", month="2026-01", by="total") == whole
    assert {each.code for each in program.report.problems if each.severity != "note"} == set()


def test_what_is_no_number_of_people_is_told(program):
    cells = ["12%", "$1200", "1,20", "1e3", "-5", "-666666666", "(X)", "**"]
    rows = "".join(f'North,White,"{cell}"\n' for cell in cells)
    program.file("population.csv", f"neighborhood,race,people\n{rows}South,White,7\n")
    program.add(referral=[{"referred_on": "2026-01-05"}])

    assert program.value("population", month="2026-01", by="total") == 7
    told = [(each.value, each.row) for each in program.report.problems if each.code == "LD-203"]
    assert sorted(told) == sorted(zip(cells, range(2, 10), strict=True))


@pytest.fixture(scope="module")
def macros():
    with duckdb.connect() as connection:
        stations.create(connection)
        yield connection


@settings(deadline=None)
@given(st.floats(0, 10**9).map(lambda number: round(number, 3)), st.booleans(), st.integers(0, 3))
def test_a_number_is_read_as_it_was_written(macros, number, has_marks, digits):
    written = f"{number:{',' if has_marks else ''}.{digits}f}"

    read = macros.execute("SELECT as_number($cell, 0, 1e12)", {"cell": written}).fetchone()[0]

    assert read == pytest.approx(float(written.replace(",", "")))


# Points


POINTS = {
    "WKT": "POINT ({x} {y})",
    "below an address": "12 Main St, Denver ({y}, {x})",
    "JSON": '{{"type": "Point", "coordinates": [{x}, {y}]}}',
    "old portal": "{{'latitude': '{y}', 'longitude': '{x}', 'human_address': ''}}",
    "pair": "{y}, {x}",
}


@pytest.mark.parametrize(("table", "moment"), [("arrest", "arrested_at"), ("stop", "stopped_at")])
def test_a_point_in_one_cell_is_a_place_and_never_a_name(program, table, moment):
    cells = [form.format(x=x, y=0.5).replace('"', '""') for form in POINTS.values() for x in (0.5, 1.5, 7.5)]
    rows = "".join(f'{n},{n},2026-01-05,"{cell}"\n' for n, cell in enumerate(cells, start=1))
    program.file("places.geojson", EAST_AND_WEST).file(
        "events.csv", f"{table}_id,person_id,{moment},Where\n{rows}"
    )
    program.file("mapping.toml", mapping("events.csv", table, latitude="Where", longitude="Where"))

    places = program.values(f"{table}s", breakdown="neighborhood", month="2026-01", by="total")

    assert {place: count for place, count in places.items() if count} == dict.fromkeys(
        ("East", "West", "Outside"), len(POINTS)
    )


# What the assistant recognizes is what a build reads


def written(moment: datetime, form: str, chance: Random) -> str:
    """A moment as a careless clerk writes it: midnight as the end of the day before, no noon, points in a.m."""
    text = moment.strftime(form)
    if (
        (moment.hour, moment.minute, moment.second) == (0, 0, 0)
        and "%H" in form
        and "%f" not in form
        and chance.random() < 0.5
    ):
        before = (moment - timedelta(days=1)).strftime(form)
        return re.sub(r"00(:?00(:00)?)$", r"24\1", before)
    if "%I" in form:
        text = re.sub(r"(?<![\d:])12(:\d\d(:\d\d)? ?AM)$", r"0\1", text) if chance.random() < 0.5 else text
        text = text.replace("PM", "p.m.").replace("AM", "a.m.") if chance.random() < 0.3 else text
        if moment.hour > 12 and chance.random() < 0.3:
            text = re.sub(r"(?<![\d:])\d\d(:\d\d(:\d\d)? ?p)", rf"{moment.hour}\1", text, flags=re.IGNORECASE)
    return text


@settings(deadline=None)
@given(
    st.datetimes(datetime(1990, 1, 1), datetime(2040, 1, 1)),
    st.sampled_from(
        [day + time for day in ("%m/%d/%Y", "%Y-%m-%d", "%d-%b-%Y") for time in moments.TIMES if "%M" in time]
    ),
    st.integers(),
)
def test_moments_are_recognized_and_read_as_they_were_meant(macros, moment, form, seed):
    moment = moment.replace(second=moment.second * ("%S" in form), microsecond=0)
    if seed % 4 == 0:
        moment = moment.replace(hour=0, minute=0, second=0)
    cell = written(moment, form, Random(seed))

    read = macros.execute("SELECT read_by($cell, [$form])", {"cell": cell, "form": form}).fetchone()[0]

    assert read == moment
    assert moments.reader([form])(cell) == moment
    found = moments.dates({cell: 1})
    assert found.share == 1 and moment in {
        moments.reader([each])(cell) for each in (*found.formats, *found.other)
    } | {moments.reader(())(cell)}


STOPS = "Stop Number,Subject ID,Stop Date,Location\n"


def test_the_assistant_reads_points_and_asks_for_the_zone_as_a_build_does(program):
    rows = "".join(f'{n},S{n},2026-01-0{n}T20:00:00Z,"POINT ({n % 3 + 0.5} 0.5)"\n' for n in range(1, 9))
    program.file("places.geojson", EAST_AND_WEST).file("Stops.csv", STOPS + rows)

    asked = make_plan(program.write())
    program.site(timezone="America/Denver")
    plan = make_plan(program.write(), {"Stops.csv: table": "stop"})

    assert [(each.code, each.column) for each in asked.problems] == [("LD-134", "Stop Date")]
    assert plan.problems == ()
    columns = plan.files[-1].mappings[0].columns
    assert columns["latitude"] == columns["longitude"] == ("Location",)
    assert "neighborhood" not in columns


def test_reasons_in_words_that_are_known_count_as_ours_and_others_as_other(program):
    told = {
        "Died": "died",
        "Fallecido": "died",
        "CLIENT DECEASED": "died",
        "Moved out of county": "moved away",
        "prison": "prison",
        "Moved in with family": "other reason",
        "died down the road": "other reason",
        "Unknown": None,
        "n/a": None,
        "-": None,
    }
    header = "enrollment_id,person_id,started_on,exited_on,exit_reason\n"
    rows = "".join(f"{n},{n},2026-01-01,2026-02-01,{word}\n" for n, word in enumerate(told, 1))
    program.file("enrollment.csv", header + rows)

    reasons = program.rows("SELECT exit_reason FROM program.enrollment")

    assert Counter(row["exit_reason"] for row in reasons) == Counter(told.values())
    assert sum(each.count for each in program.report.problems if each.code == "LD-212") == 2


def test_a_word_that_nobody_knows_is_asked_for_and_what_somebody_wrote_is_not(program):
    header = "contact_id,person_id,contacted_on,need\n"
    needs = ["Vivienda", "Fishing permit", "Fishing permit", "Called Aster about the landlord of her sister"]
    rows = "".join(f"{n},{n},2026-01-01,{need}\n" for n, need in enumerate(needs, 1))
    program.file("contact.csv", header + rows)

    (question,) = make_plan(program.write()).questions

    assert "Fishing permit" in question.text
    assert question.default == "other need"
