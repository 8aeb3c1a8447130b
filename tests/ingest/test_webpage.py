"""Web pages named .xls: the table they show, as text, and nothing lost of it."""

import pytest
from conftest import found
from files import staged_rows

from leadstats.model.messages import Fault

STAYS = (
    "<tr><th>Booking</th><th>Person</th><th>In</th></tr><tr><td>0012</td><td>1,204</td><td>1/5/2026</td></tr>"
)


def page(body: str, head: str = "") -> str:
    return f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>"


def rows_of(content: bytes | str, name: str = "Stays.xls") -> list[tuple]:
    return staged_rows(content, name)[1]


@pytest.mark.parametrize("name", ["Stays.xls", "Stays.html", "Stays.csv"])
def test_text_stays_text(name):
    assert rows_of(page(f"<table>{STAYS}</table>"), name) == [("0012", "1,204", "1/5/2026")]


def test_letters_are_read_with_and_without_a_word_on_the_encoding():
    body = page("<table><tr><th>Id</th><th>Place</th></tr><tr><td>1</td><td>Ca\u00f1on</td></tr></table>")

    assert (
        rows_of(body.encode())
        == rows_of(body.encode("cp1252"))
        == rows_of(body.encode("utf-16"))
        == [("1", "Ca\u00f1on")]
    )
    declared = '<?xml version="1.0" encoding="utf-8"?>' + body
    assert rows_of(declared) == [("1", "Ca\u00f1on")]


def test_titles_over_all_columns_are_no_header():
    title = '<tr><td colspan="3">Register of May</td></tr>'
    total = '<tr><td colspan="2">Total</td><td>1</td></tr>'

    staged, rows = staged_rows(page(f"<table>{title}{STAYS}{total}</table>"), "Stays.xls")

    assert staged.header == ("Booking", "Person", "In")
    assert rows == [("0012", "1,204", "1/5/2026")]


def test_a_cell_over_several_rows_belongs_to_each():
    body = (
        "<table><tr><th>Agency</th><th>Id</th><th>Day</th></tr>"
        "<tr><td rowspan=2>Police</td><td>1</td><td>1/5/2026</td></tr><tr><td>2</td><td>1/6/2026</td></tr>"
        "<tr><td>Jail</td><td>3</td><td>1/7/2026</td></tr></table>"
    )

    assert rows_of(page(body)) == [
        ("Police", "1", "1/5/2026"),
        ("Police", "2", "1/6/2026"),
        ("Jail", "3", "1/7/2026"),
    ]


def test_tables_for_the_look_of_a_page_are_passed_over():
    body = f"<table><tr><td>Logo</td><td>Menu</td></tr><tr><td><table>{STAYS}</table></td></tr></table>"

    assert rows_of(page(body)) == [("0012", "1,204", "1/5/2026")]


def test_each_page_of_a_report_may_be_a_table_of_its_own():
    second = STAYS.replace("0012", "0013")
    sums = "<table><tr><th>Class</th><th>Stays</th></tr><tr><td>M</td><td>2</td></tr></table>"

    staged, rows = staged_rows(
        page(f"<table>{STAYS}</table><p>2</p><table>{second}</table>{sums}"), "Stays.xls"
    )

    assert [row[0] for row in rows] == ["0012", "0013"]
    assert [(found.code, found.value) for found in staged.problems][:1] == [("LD-115", "1 other tables")]


def test_marks_inside_a_cell_add_no_blanks_and_breaks_do():
    body = "<table><tr><th>Id</th><th>At</th></tr><tr><td><b>R-</b>1<!-- x --></td><td>Main St<br>Denver</td></tr></table>"

    assert rows_of(page(body)) == [("R-1", "Main St Denver")]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("<p>Please sign in</p>", "without a table"),
        (f'<table><tr><td colspan="2000">x</td><td>y</td></tr>{STAYS}</table>', "2,001 columns"),
    ],
)
def test_a_page_that_is_no_table_is_refused(body, said):
    with pytest.raises(Fault) as fault:
        rows_of(page(body))
    assert (fault.value.problem.code, said in fault.value.problem.value) == ("LD-105", True)


# Packed pages


def packed(*pages: str) -> str:
    parts = [f'--b\nContent-Type: text/html; charset="utf-8"\n\n{each}\n' for each in pages]
    head = 'From: <Saved by a browser>\nMIME-Version: 1.0\nContent-Type: multipart/related; boundary="b"\n\n'
    return f"{head}{''.join(parts)}--b--\n"


@pytest.mark.parametrize("name", ["Stays.mht", "Stays.mhtml", "Stays.xls"])
def test_a_page_packed_with_its_images_is_read(name):
    frames = page("<frameset><frame src='sheet001.htm'></frameset>")
    assert rows_of(packed(frames, page(f"<table>{STAYS}</table>")), name) == [("0012", "1,204", "1/5/2026")]


def test_a_packed_page_without_a_table_is_refused():
    with pytest.raises(Fault) as caught:
        rows_of(packed(page("nothing")), "Stays.mht")
    assert "without a table" in caught.value.problem.value


def test_a_report_that_begins_like_a_letter_is_none():
    assert rows_of("From: 1/1/2026 to 1/31/2026\nBooking,Person\n1,7\n2,8\n", "Stays.csv") == [
        ("1", "7"),
        ("2", "8"),
    ]


# Excel's XML of 2003


def cell(value: str, kind: str = "String", **attributes: object) -> str:
    said = "".join(f' ss:{name}="{each}"' for name, each in attributes.items())
    return f'<Cell{said}><Data ss:Type="{kind}">{value}</Data></Cell>'


def xml_sheet(name: str, *rows: str, options: str = "") -> str:
    lines = "".join(each if each.startswith("<Row") else f"<Row>{each}</Row>" for each in rows)
    return f'<Worksheet ss:Name="{name}"><Table>{lines}</Table>{options}</Worksheet>'


def xml_workbook(*sheets: str) -> str:
    return (
        '<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n'
        '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"\n'
        ' xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">\n' + "".join(sheets) + "</Workbook>"
    )


HEAD = cell("Booking") + cell("Person") + cell("In") + cell("Out")


@pytest.mark.parametrize("name", ["Stays.xml", "Stays.xls"])
def test_a_spreadsheet_in_xml_is_read_as_it_was_meant(name):
    first = cell("0012") + cell("1204", "Number") + cell("2026-01-05T00:00:00.000", "DateTime")
    second = cell("0013") + cell("2026-01-06T13:45:00.000", "DateTime", Index=3) + cell("<B>still</B> in")
    staged, rows = staged_rows(xml_workbook(xml_sheet("Stays", HEAD, first, second)), name)
    assert staged.header == ("Booking", "Person", "In", "Out")
    assert rows == [("0012", "1204", "2026-01-05", ""), ("0013", "", "2026-01-06 13:45:00", "still in")]


def test_merged_cells_of_an_xml_spreadsheet_belong_to_each_row():
    rows = (
        cell("Agency") + cell("Id") + cell("Day"),
        cell("Police", MergeDown=1) + cell("1") + cell("1/5/2026"),
        cell("2", Index=2) + cell("1/6/2026"),
    )
    assert rows_of(xml_workbook(xml_sheet("A", *rows)), "A.xml") == [
        ("Police", "1", "1/5/2026"),
        ("Police", "2", "1/6/2026"),
    ]


def test_hidden_and_smaller_sheets_of_an_xml_spreadsheet_are_left_alone():
    hidden = '<WorksheetOptions xmlns="urn:schemas-microsoft-com:office:excel"><Visible>SheetHidden</Visible></WorksheetOptions>'
    row = cell("1") + cell("7") + cell("1/5/2026") + cell("")
    sheets = (
        xml_sheet("Old", *[HEAD, *[row] * 9], options=hidden),
        xml_sheet("Notes", cell("a")),
        xml_sheet("New", HEAD, row),
    )
    staged, rows = staged_rows(xml_workbook(*sheets), "Stays.xml")
    assert rows == [("1", "7", "1/5/2026", "")]
    assert [found.code for found in staged.problems] == ["LD-115"]


def test_an_xml_spreadsheet_expands_nothing():
    bomb = xml_workbook(xml_sheet("A", HEAD, cell("&a;"))).replace(
        "<Workbook", '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>\n<Workbook', 1
    )
    try:
        rows = rows_of(bomb, "A.xml")
    except Fault:
        return
    assert "root" not in str(rows)


def test_other_xml_is_no_table(program):
    program.file("feed.xml", "<feed><a>1</a></feed>").file(
        "referral.csv", "referral_id,person_id,referred_on,pathway\n"
    )
    assert found(program.check(), "LD-131").file == "feed.xml"
