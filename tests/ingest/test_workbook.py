"""Workbooks of every age give the same rows; hidden, locked and damaged ones are told apart."""

from datetime import date, datetime, time, timedelta

import pytest
from files import LOCKED, a_file, a_workbook, a_zip, an_old_workbook, an_open_document, staged_rows

from leadstats.ingest.layout import DAY_ZERO
from leadstats.ingest.reading import Layout
from leadstats.ingest.workbook import BOOK, as_text, open_sheet
from leadstats.model.messages import Fault

KINDS = {".xlsx": a_workbook, ".xlsm": a_workbook, ".xls": an_old_workbook, ".ods": an_open_document}
STAYS = [
    ["stay", "person", "in", "out", "nights"],
    ["S1", 7, date(2026, 1, 5), date(2026, 1, 7), 2],
    ["S2", "0008", date(2026, 2, 1), None, 0.5],
]


@pytest.mark.parametrize("ending", KINDS)
def test_text_numbers_and_days_are_read_whatever_the_format(ending):
    staged, rows = staged_rows(KINDS[ending](Stays=STAYS), "stays" + ending)

    assert staged.header == ("stay", "person", "in", "out", "nights")
    assert rows == [
        ("S1", "7", "2026-01-05", "2026-01-07", "2"),
        ("S2", "0008", "2026-02-01", "", "0.5"),
    ]
    assert staged.day_zero == DAY_ZERO


@pytest.mark.parametrize("ending", [".xlsx", ".xls", ".ods"])
def test_bare_day_numbers_count_from_where_the_workbook_does(ending):
    """Cells shown as days are right by themselves."""
    rows = [["id", "shown", "bare"], [1, date(2026, 1, 5), 44_565]]

    staged, found = staged_rows(KINDS[ending](from_1904=True, Sheet=rows), "stays" + ending)

    assert found == [("1", "2026-01-05", "44565")]
    assert staged.day_zero == date(1904, 1, 1)


def test_day_numbers_of_a_1904_workbook_become_days(program):
    for name, book in (("a.xlsx", a_workbook), ("b.xls", an_old_workbook)):
        number = (date(2026, 1, 5) - date(1904, 1, 1)).days
        rows = [["enrollment_id", "person_id", "started_on"], [name, 1, number]]
        program.file(name, book(from_1904=True, Sheet=rows))
    entry = '[[files]]\npattern = "{}"\ntable = "enrollment"\nformats.started_on = "excel"\n'
    program.file("mapping.toml", entry.format("a.xlsx") + entry.format("b.xls"))

    assert program.values("people_enrolled", first_month="2025-12", last_month="2026-01")["2026-01"] == 1
    assert [account.loaded for account in program.report.accounts] == [1, 1]


@pytest.mark.parametrize("ending", [".xlsx", ".xls", ".ods"])
def test_hidden_sheets_are_no_candidates(ending):
    old = [*STAYS, *[["S9", 9, date(2020, 1, 1), None, 1]] * 9]

    staged, rows = staged_rows(KINDS[ending](Old=old, Now=STAYS, hidden=["Old"]), "stays" + ending)

    assert (staged.sheet, len(rows), staged.problems) == ("Now", 2, ())
    assert (
        len(
            staged_rows(KINDS[ending](Old=old, Now=STAYS, hidden=["Old"]), "stays" + ending, Layout("Old"))[1]
        )
        == 11
    )


def test_the_fullest_sheet_is_the_table_and_the_others_are_told():
    book = a_workbook(Cover=[["Stays of May"], ["for the policy group"]], Data=STAYS, Codes=[["M"], ["F"]])

    staged, rows = staged_rows(book, "export.xlsx")

    assert (staged.sheet, len(rows)) == ("Data", 2)
    assert [(found.code, found.value) for found in staged.problems] == [("LD-115", "Cover, Codes")]


def test_a_table_on_several_sheets_is_refused_until_one_is_named():
    book = a_workbook(May=STAYS, June=STAYS)

    with pytest.raises(Fault, match="LD-132") as fault:
        staged_rows(book, "export.xlsx")
    assert fault.value.problem.value == "May, June"
    assert staged_rows(book, "export.xlsx", Layout("June"))[0].sheet == "June"


@pytest.mark.parametrize("ending", [".xlsx", ".xls", ".ods"])
def test_rows_are_numbered_as_shown_below_blank_ones(ending):
    book = KINDS[ending](Sheet=[[None, None], [None, None], [None, "id"], [None, "A"]])

    rows = [(row, cells) for row, cells in open_sheet(a_file(book, "x" + ending), None).rows if cells]

    assert rows == [(3, [None, "id"]), (4, [None, "A"])]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (None, None),
        (True, "true"),
        (7.0, "7"),
        (0.25, "0.25"),
        (date(2026, 1, 5), "2026-01-05"),
        (datetime(2026, 1, 5, 9, 4, 59, 999_000), "2026-01-05T09:05:00"),
        (time(9, 5), "09:05:00"),
        (timedelta(hours=24), "24:00:00"),
        (timedelta(hours=30, minutes=5), "30:05:00"),
        ("PT24H00M00S", "24:00:00"),
        ("PT-Cruiser", "PT-Cruiser"),
    ],
)
def test_typed_cells_become_text(cell, text):
    assert as_text(cell) == text


def refused(content, name):
    with pytest.raises(Fault) as fault:
        open_sheet(a_file(content, name), None)
    return fault.value.problem.code


def test_locked_workbooks_say_so():
    old = an_old_workbook(Stays=STAYS)
    place = old.index(BOOK) + 20
    encrypted = old[:place] + b"\x2f\x00\x06\x00\x00\x00\x01\x02\x03\x04" + old[place + 10 :]
    manifest = '<m xmlns:manifest="x"><manifest:encryption-data/></m>'
    locked = a_zip({"content.xml": "x", "META-INF/manifest.xml": manifest})

    assert refused(LOCKED, "stays.xlsx") == "LD-130"
    assert refused(encrypted, "stays.xls") == "LD-130"
    assert refused(locked, "stays.ods") == "LD-130"


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9])
def test_half_a_workbook_is_refused(share):
    for ending, code in ((".xls", "LD-105"), (".xlsx", "LD-102")):
        content = KINDS[ending](Stays=[*STAYS * 50])
        assert refused(content[: int(len(content) * share)], "stays" + ending) == code


def test_a_workbook_that_ends_its_reader_ends_nothing_else():
    """A cell far out makes the reader ask for more memory than there is."""
    content = bytearray(an_old_workbook(Stays=STAYS))
    cell = content.index(b"\xfd\x00\x0a\x00") + 5
    content[cell : cell + 4] = b"\xff\xff\xff\x7f"

    assert refused(bytes(content), "stays.xls") == "LD-105"


@pytest.mark.parametrize("cell", ["D4294967295", "A99999999999", "ZZZZZ1"])
def test_a_cell_beyond_all_sheets_is_refused_before_it_is_laid_out(cell):
    sheet = f'<worksheet><sheetData><row r="1"><c r="{cell}"><v>1</v></c></row></sheetData></worksheet>'

    assert refused(a_zip({"xl/worksheets/sheet1.xml": sheet}), "stays.xlsx") == "LD-105"
