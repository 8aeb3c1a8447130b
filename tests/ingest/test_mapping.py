"""A site's names for files, columns and values become ours."""

from datetime import date

import duckdb
import pytest
from conftest import checked, counts, found
from files import a_file
from hypothesis import given, settings
from hypothesis import strategies as st

from leadstats.ingest import stations
from leadstats.ingest.mapping import fill
from leadstats.ingest.reading import BLANKS, stage
from leadstats.model.declarations import QUERIES
from leadstats.model.settings import FileMapping
from leadstats.recognition.moments import CLOCK

REFERRALS = "referral_id,person_id,referred_on,pathway\n"


def test_a_file_that_looks_like_an_export_needs_a_decision(program):
    program.add(enrollment=[{}])
    report = checked(program, "referrals.csv", REFERRALS + "1,1,2026-01-05,community\n")

    assert report.exit_code == 3
    assert "leadstats map INBOX, which proposes how to read it" in found(report, "LD-206").as_text()


def test_any_other_file_is_listed_as_not_used(program):
    program.add(enrollment=[{}])
    report = checked(program, "notes.txt", "call the jail\n")

    assert (report.exit_code, found(report, "LD-113").file) == (0, "notes.txt")
    assert [(file, table) for file, table, *_ in report.files()] == [
        ("enrollment.csv", "enrollment"),
        ("notes.txt", None),
    ]


BLANK = st.sampled_from(["", "", "", *BLANKS])
WRITTEN = st.tuples(BLANK, st.sampled_from(["", "a b", "\u00e9", "NULL"]), BLANK).map("".join)


@settings(deadline=None, max_examples=30)
@given(st.lists(WRITTEN, min_size=1, max_size=8))
def test_blanks_around_a_cell_are_no_part_of_it_in_a_column_with_any_and_in_one_without(cells):
    lines = "".join(f'{number},7,2026-01-05,"{cell}"\n' for number, cell in enumerate(cells))
    with duckdb.connect() as connection:
        stations.create(connection, is_tiny=True)
        staged = stage(connection, a_file(REFERRALS + lines, "referral.csv"), 1)
        fill(connection, staged, [FileMapping("referral.csv", "referral", missing=("NULL",))])
        found = connection.sql("SELECT pathway FROM raw.referral ORDER BY row_number").fetchall()

    stripped = [cell.strip(BLANKS) for cell in cells]
    assert [cell for (cell,) in found] == [None if cell in ("", "NULL") else cell for cell in stripped]
    assert ("pathway" in staged.unpadded) == (stripped == cells)


def test_a_required_column_in_which_no_row_says_anything_leaves_all_rows_out(program):
    program.add(enrollment=[{}])
    report = checked(
        program,
        "referral.csv",
        "referral_id,person_id,referred_on,pathway\n1,7,,community\n2,8, ,community\n",
    )

    assert counts(report, "referral") == {"read": 2, "rejected": 2}
    told = found(report, "LD-202")
    assert (told.column, told.count, report.exit_code) == ("referred_on", 2, 1)


def test_rows_that_differ_in_a_column_nothing_reads_have_numbers_of_their_own(program):
    program.file(
        "mapping.toml",
        '[[files]]\npattern = "calls*.csv"\ntable = "contact"\n[files.columns]\ncontact_id = "(row)"\n'
        'person_id = "Who"\ncontacted_on = "Day"\n',
    )
    program.add(enrollment=[{"person_id": 7}])
    program.file("calls1.csv", "Who,Day,Note\n7,2026-01-05,rang\n7,2026-01-05,rang back\n")
    program.file("calls2.csv", "Who,Day,Note\n7,2026-01-05,rang back\n7,2026-01-06,rang\n")

    report = program.build()

    loaded = [each for each in report.accounts if each.table == "contact"]
    assert sum(each.loaded for each in loaded) == 3
    assert sum(each.duplicate for each in loaded) == 1


def test_columns_that_are_not_used_are_listed(program):
    report = checked(program, "referral.csv", "Referral_ID,person_id,referred_on,pathway,Shoe size\n")

    assert (found(report, "LD-114").value, report.exit_code) == ("Shoe size", 0)


MAPPING = """
[[files]]
pattern = "Refs*.csv"
table = "referral"
missing = ["NULL"]
[files.columns]
referral_id = ["County", "Number"]
person_id = "Person"
referred_on = "Date"
pathway = "Door"
[files.formats]
referred_on = "%m/%d/%Y %I:%M %p"
[files.values.pathway]
Street = "social_contact"
"" = "unknown"
[files.constants]
source_agency = "Sheriff"
[files.only]
Kind = ["LEAD"]
[[files]]
pattern = "Refs*.csv"
table = "person"
[files.columns]
person_id = "Person"
race = "Race"
[files.split]
race = ","
[files.values.race]
W = "White"
H = "Hispanic or Latino"
X = ""
[[files]]
pattern = "people/*.csv"
table = "population"
[files.columns]
neighborhood = "Area"
[files.wide]
All = ""
Whites = "White"
"""


def test_a_mapping_translates_columns_values_dates_and_shapes(program):
    program.file("mapping.toml", MAPPING)
    program.file(
        "Refs_2026.csv",
        "County,NUMBER,Person,Date,Door,Kind,Race\n"
        'K,1,7,01/05/2026 02:30 PM,Street,LEAD,"W, h"\n'
        "K,2,8,01/06/2026 02:30 PM,NULL,LEAD,X\n"
        "K,3,9,01/07/2026 02:30 PM,Street,Other,\n",
    )
    program.file("people/2020.csv", "Area,All,Whites\nMill Row,100,60\nNorth End,50,\n")

    referrals = program.rows(
        "SELECT event_date, dimensions.pathway, dimensions.source_agency FROM program.referral ORDER BY 1"
    )
    races = program.rows("SELECT races FROM program.person ORDER BY person_key")
    residents = program.rows("SELECT place, race, people FROM program.population ORDER BY ALL")

    assert referrals == [
        {"event_date": date(2026, 1, 5), "pathway": "social_contact", "source_agency": "Sheriff"},
        {"event_date": date(2026, 1, 6), "pathway": "unknown", "source_agency": "Sheriff"},
    ]
    assert [row["races"] for row in races] == [["Hispanic or Latino", "White"], ["Unknown"], ["Unknown"]]
    assert [tuple(row.values()) for row in residents if row["place"] == "Mill Row"] == [
        ("Mill Row", "Unknown", 40),
        ("Mill Row", "White", 60),
    ]
    assert counts(program.report, "referral") == {"read": 3, "loaded": 2, "out_of_scope": 1}
    # One row gives a piece for everyone and one for each group; an empty piece costs no row.
    assert counts(program.report, "population") == {"read": 2, "loaded": 2}


@pytest.mark.parametrize(
    ("columns", "header", "code", "words"),
    [
        ('person_id = "Persn"', "referral_id,Person,referred_on,pathway", "LD-208", 'Likely   "Person"'),
        ('person_id = "P"', "referral_id,P,P,referred_on,pathway", "LD-207", "P_2"),
        ('screening = "Result"', REFERRALS.strip(), "LD-210", "counts as empty"),
    ],
)
def test_a_mapping_that_does_not_fit_the_file_is_told(program, columns, header, code, words):
    program.file(
        "mapping.toml", f'[[files]]\npattern = "r.csv"\ntable = "referral"\n[files.columns]\n{columns}\n'
    )

    assert words in found(checked(program, "r.csv", header + "\n"), code).as_text()


@pytest.mark.parametrize(
    ("clock", "moment"),
    [
        ("9:05", "09:05"),
        ("21:05:00", "21:05"),
        ("9:05 PM", "21:05"),
        ("9:05 p.m.", "21:05"),
        ("905", "09:05"),
        ("5", "00:05"),
        ("1899-12-30 09:05:00.000", "09:05"),
        ("", "00:00"),
    ],
)
def test_a_day_and_the_time_of_another_column_make_a_moment(program, clock, moment):
    program.file("mapping.toml", DAY_AND_TIME)
    program.file("jail.csv", f"No,Who,Day,Time,Out\n1,7,3/4/2025 12:00:00 AM,{clock},2025-03-05\n")

    assert (
        f"{program.rows('SELECT booked_at FROM program.stay')[0]['booked_at']:%Y-%m-%d %H:%M}"
        == f"2025-03-04 {moment}"
    )


def test_before_or_after_noon_may_stand_in_a_third_column(program):
    program.file("mapping.toml", DAY_AND_TIME.replace('"Time"]', '"Time", "Half"]'))
    program.file(
        "jail.csv",
        "No,Who,Day,Time,Half,Out\n1,7,3/4/2025,9:05,PM,2025-03-05\n2,8,3/4/2025,21:06,,2025-03-05\n",
    )

    found = [row["booked_at"] for row in program.rows("SELECT booked_at FROM program.stay ORDER BY ALL")]
    assert [f"{moment:%H:%M}" for moment in found] == ["21:05", "21:06"]


@pytest.fixture(scope="module")
def casts():
    with duckdb.connect() as connection:
        connection.execute((QUERIES / "ingest" / "mapped_cells.sql").read_text(encoding="utf-8"))
        yield connection


@settings(deadline=None)
@given(
    st.from_regex(CLOCK, fullmatch=True)
    | st.text("0123456789: APM.", max_size=8)
    | st.integers(-5, 9999).map(str)
)
def test_what_is_recognized_as_a_time_is_what_is_read_as_one(casts, written):
    ((clock,),) = casts.execute("SELECT as_clock(?, ?)", [written, CLOCK.pattern]).fetchall()

    assert (clock is not None) == bool(CLOCK.fullmatch(written))


def test_a_time_that_cannot_be_read_is_told(program):
    program.file("mapping.toml", DAY_AND_TIME)
    program.file(
        "jail.csv", "No,Who,Day,Time,Out\n1,7,3/4/2025,noon,2025-03-05\n2,8,3/4/2025,900,2025-03-05\n"
    )

    (found,) = (found for found in program.build().problems if found.code == "LD-203")
    assert (found.rows, found.column) == ((2,), "Day | Time") and "noon" in found.value
    assert program.rows("SELECT count(*)::INTEGER AS stays FROM program.stay") == [{"stays": 1}]


DAY_AND_TIME = """
[[files]]
pattern = "jail.csv"
table = "jail_stay"
[files.columns]
stay_id = "No"
person_id = "Who"
booked_at = ["Day", "Time"]
released_at = "Out"
[files.formats]
booked_at = ["%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y"]
"""
