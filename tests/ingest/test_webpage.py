"""Web pages named .xls: the table they show, as text, and nothing lost of it."""

import pytest
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
