"""Files are recognized by what they hold, rows are numbered as a spreadsheet shows them."""

import csv
import gzip
import io
import zipfile
from datetime import date, datetime
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet
import pytest
from files import LOCKED, a_file, a_workbook, a_zip
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leadstats.ingest import layout, plaintext, reading
from leadstats.ingest.inbox import opened
from leadstats.ingest.reading import Layout, glance, sample, stage
from leadstats.model.messages import Fault

HEADER = "id,name\n"


@pytest.fixture
def connection():
    connection = duckdb.connect()
    connection.execute("CREATE SCHEMA staged")
    yield connection
    connection.close()


def rows_of(connection, staged) -> list[tuple]:
    return connection.table(staged.table).order("row_number").fetchall()


def codes(staged) -> list[str]:
    return [found.code for found in staged.problems]


def refused(content: bytes | str, name: str = "people.csv"):
    with duckdb.connect() as connection, pytest.raises(Fault) as fault:
        connection.execute("CREATE SCHEMA staged")
        stage(connection, a_file(content, name), 1)
    return fault.value.problem


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (HEADER + "1,Ann\n", []),
        ("\ufeff" + HEADER + "1,Ann\n", []),
        ("id;name\n1;Ann\n", ["LD-112"]),
        ("id\tname\n1\tAnn\n", ["LD-112"]),
        ("id|name\n1|Ann\n", ["LD-112"]),
        ("id,name\r\n1,Ann\r\n", []),
        ("id,name\r1,Ann\r", []),
        ("\n\nid,name\n1,Ann", []),
        (HEADER.encode("utf-16") + "1,Ann\n".encode("utf-16-le"), []),
        (gzip.compress(b"id,name\n1,Ann\n", mtime=0), []),
    ],
)
def test_encodings_separators_and_line_ends_are_recognized(connection, content, expected):
    staged = stage(connection, a_file(content), 1)

    assert staged.header == ("id", "name")
    assert [row[1:] for row in rows_of(connection, staged)] == [("1", "Ann")]
    assert codes(staged) == expected


def test_windows_text_is_read_and_told_with_the_row(connection):
    staged = stage(connection, a_file((HEADER + "1,Ann\n2,Peña\n").encode("cp1252")), 1)

    assert rows_of(connection, staged)[1] == (3, "2", "Peña")
    assert [(found.code, found.row) for found in staged.problems] == [("LD-111", 3)]


@pytest.mark.parametrize(
    ("encoding", "said"),
    [("cp850", ["code page"]), ("cp437", ["code page"]), ("utf-16-le", []), ("utf-16-be", [])],
)
def test_text_of_old_systems_is_read(connection, encoding, said):
    names = ["M\u00fcller", "Andr\u00e9", "\u00c9mile", "Pe\u00f1a"]
    content = HEADER + "".join(f"{number},{name}\n" for number, name in enumerate(names))

    staged = stage(connection, a_file(content.encode(encoding)), 1)

    assert [row[2] for row in rows_of(connection, staged)] == names
    assert [found.code for found in staged.problems] == ["LD-111"] * len(said)
    assert all(word in found.expected for word, found in zip(said, staged.problems, strict=True))


def test_rows_are_numbered_as_a_spreadsheet_shows_them(connection):
    content = HEADER + '1,"Ann\nLee"\n\n3,Bo\n'

    assert rows_of(connection, stage(connection, a_file(content), 1)) == [
        (2, "1", "Ann\nLee"),
        (4, "3", "Bo"),
    ]


def test_leading_zeros_are_kept(connection):
    assert rows_of(connection, stage(connection, a_file(HEADER + "007,Ann\n"), 1)) == [(2, "007", "Ann")]


def test_a_row_of_another_width_is_left_out_and_told(connection):
    staged = stage(connection, a_file(HEADER + "1,Ann\n2\n3,Bo,x\n4,Cy,,\n"), 1)

    assert rows_of(connection, staged) == [(2, "1", "Ann"), (5, "4", "Cy")]
    assert (staged.read, staged.rows, staged.rejected) == (4, 2, 2)
    assert [(found.code, found.rows, found.expected) for found in staged.problems] == [
        ("LD-109", (3, 4), "2 cells")
    ]


def test_a_stray_quotation_mark_costs_one_row_only(connection):
    staged = stage(connection, a_file(HEADER + '1,"Ann" B\n2,"Bo\n3,"Cy"\n4,Di\n'), 1)

    assert rows_of(connection, staged) == [(4, "3", "Cy"), (5, "4", "Di")]
    assert [(found.code, found.rows) for found in staged.problems] == [("LD-110", (2, 3))]


def test_header_rows_above_and_below_may_be_skipped(connection):
    content = "Report of today,\nid,name\nnumber,full name\n1,Ann\n"

    staged = stage(connection, a_file(content), 1, Layout(header_row=2, skip_after_header=1))

    assert rows_of(connection, staged) == [(4, "1", "Ann")]


def test_a_repeated_header_stays_apart(connection):
    staged = stage(connection, a_file("id,Name,name,,row_number\n1,a,b,c,d\n"), 1)

    assert staged.header == ("id", "Name", "name_2", "column 4", "row_number_2")
    assert staged.repeated == {"name", "row_number"}


def test_a_workbook_gives_text_with_dates_and_whole_numbers(connection):
    content = a_workbook(
        notes=[["ignore me"]],
        people=[
            ["id", "on", "at", "ok", "share"],
            [7, date(2026, 1, 3), datetime(2026, 1, 3, 14, 5), True, 0.5],
            [None, None, None, None, None],
            ["008", None, None, False, 2],
        ],
    )

    staged = stage(connection, a_file(content, "people.xlsx"), 1)

    assert staged.sheet == "people"
    assert [(found.code, found.value) for found in staged.problems] == [("LD-115", "notes")]
    first, second = rows_of(connection, staged)
    assert first == (2, "7", "2026-01-03", "2026-01-03T14:05:00", "true", "0.5")
    assert second[:2] == (4, "008")


def test_a_sheet_can_be_named(connection):
    content = a_workbook(people=[["id"], [1]], other=[["id"], [2]])

    staged = stage(connection, a_file(content, "people.xlsx"), 1, Layout(sheet="other"))

    assert rows_of(connection, staged) == [(2, "2")]
    with pytest.raises(Fault, match="one of the sheets: people, other"):
        stage(connection, a_file(content, "people.xlsx"), 2, Layout(sheet="mine"))


def test_parquet_is_read(connection):
    stream = io.BytesIO()
    pyarrow.parquet.write_table(pa.table({"id": [1, 2], "name": ["Ann", None]}), stream)

    staged = stage(connection, a_file(stream.getvalue(), "people.parquet"), 1)

    assert rows_of(connection, staged) == [(2, "1", "Ann"), (3, "2", None)]


@pytest.mark.parametrize(
    ("name", "content", "code", "words"),
    [
        ("people.csv", b"", "LD-104", "The file is empty"),
        ("people.csv", b"\n\n", "LD-104", "The file is empty"),
        ("people.csv", b"id,name\n1,A\0nn\n", "LD-105", "not what its name says"),
        ("people.csv", b"<!DOCTYPE html><html></html>", "LD-105", "not what its name says"),
        ("people.csv", b"id,name\n1,\x81\n\0\n", "LD-105", "bytes that are not text"),
        ("people.csv", b"id,name\n1," + b"x" * 1_100_000 + b"\n", "LD-105", "a line of over"),
        ("people.csv", ",".join(f"c{n}" for n in range(3000)), "LD-105", "3,000 columns"),
        ("people.csv", 'id,name\n1,Ann\n2,"Bo\n3,Cy\n', "LD-106", "never closed"),
        ("people.csv", 'id,name\n2,"Bo\n' + "3,Cy\n" * 60_000, "LD-106", "never closed"),
        ("people.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 600, "LD-105", "not what its name says"),
        ("people.xlsx", LOCKED, "LD-130", "save it without one"),
        ("people.xls", LOCKED, "LD-130", "save it without one"),
        ("people.xlsx", b"id,name\n1,Ann\n", "LD-105", "not what its name says"),
        ("people.xlsx", a_zip({"a.txt": "no workbook"}), "LD-105", "not what its name says"),
        ("people.xlsx", a_workbook(people=[["id"], [1]])[:-900], "LD-102", "cut short"),
        (
            "people.csv.gz",
            gzip.compress(b"id,name\n" + bytes(range(65, 91)) * 900, mtime=0)[:-20],
            "LD-102",
            "damaged",
        ),
        ("people.parquet", b"PAR1" + b"0" * 50, "LD-105", "not what its name says"),
    ],
)
def test_a_file_that_is_not_what_it_claims_to_be_is_refused(name, content, code, words):
    found = refused(content, name)

    assert found.code == code
    assert words in found.as_text()
    assert found.file == name


def test_an_open_quotation_mark_is_told_with_its_row():
    assert refused('id,name\n1,Ann\n2,"Bo\n3,Cy\n').row == 3


def test_a_gz_bomb_is_refused_before_it_fills_the_memory():
    line = b"1,Ann\n" * 1000
    stream = io.BytesIO()
    with gzip.GzipFile(fileobj=stream, mode="wb", compresslevel=9) as packed:
        packed.write(b"id,name\n")
        for _ in range(10_000):
            packed.write(line)

    assert refused(stream.getvalue(), "people.csv.gz").code == "LD-103"


def test_a_workbook_bomb_is_refused():
    content = a_zip({"xl/workbook.xml": b"0" * 60_000_000})

    assert refused(content, "people.xlsx").code == "LD-103"


def test_a_glance_gives_the_header_and_first_rows_or_says_why_not():
    assert glance(a_file("Jail report\n\nid,name\n1,Ann\n2,Bo\n")) == [
        ("id", "name"),
        ["1", "Ann"],
        ["2", "Bo"],
    ]
    with pytest.raises(Fault, match="not text"):
        glance(a_file(b"\0"))


@pytest.mark.parametrize(
    ("above", "below", "rows"),
    [
        ("Jail report\n", "", (1,)),
        ("Jail report, May 2026\nPrinted by: the jail\n\n", "", (1, 2)),
        ("", "\nTotal,3\n", (6,)),
        ("", "Record count: 3\n", (5,)),
        ("Jail report\n", "Grand total,,,3\nEnd of report\n", (1, 6, 7)),
    ],
)
def test_titles_and_totals_are_told_and_are_no_records(connection, above, below, rows):
    table = "id,booked,sex,charge\n1,2026-01-05,F,A\n2,2026-01-06,M,\nTotal,2026-01-07,M,B\n"

    staged = stage(connection, a_file(above + table + below), 1)

    assert staged.header == ("id", "booked", "sex", "charge")
    assert [row[1] for row in rows_of(connection, staged)] == ["1", "2", "Total"]
    assert staged.read == 3 + staged.set_aside == staged.rows + staged.set_aside
    assert [(found.code, found.rows) for found in staged.problems] == [("LD-116", rows)]


def test_a_total_amid_the_records_is_one_only_if_it_holds_more_than_numbers(connection):
    table = "id,booked,sex\n1,2026-01-05,F\nTotal,,1\n2,2026-01-06,M\nTotal,2026-01-07,M\n3,2026-01-08,F\n"

    staged = stage(connection, a_file(table), 1)

    assert [row[1] for row in rows_of(connection, staged)] == ["1", "2", "Total", "3"]
    assert (staged.set_aside, staged.problems[0].rows) == (1, (3,))


def test_a_title_does_not_tell_the_separator(connection):
    staged = stage(connection, a_file("Stays in jail, by person, of May\nid;booked;sex\n1;2026-01-05;F\n"), 1)

    assert staged.header == ("id", "booked", "sex")


def test_titles_in_a_workbook_are_no_header(connection):
    content = a_workbook(
        May=[["Stays in jail"], [], ["id", "booked", "sex"], [7, date(2026, 1, 5), "F"], ["Total", 1]]
    )

    staged = stage(connection, a_file(content, "may.xlsx"), 1)

    assert rows_of(connection, staged) == [(4, "7", "2026-01-05", "F")]
    assert (staged.header_row, staged.set_aside) == (3, 1)


def test_a_sample_holds_the_first_rows_as_they_would_be_staged_and_puts_some_of_them_into_a_table(connection):
    file = a_file("id,,name\n1,,Ann\n2\n3,,Bo\n4,,Cy\n5,,Di\n")

    found = sample(file, 1, Layout(), limit=5)
    some = found.cut(slice(1, 3), ["name"]).put(connection, "staged.some")

    assert (found.staged.header, found.staged.rows, found.staged.rejected) == (("id", "name"), 3, 1)
    assert stage(connection, file, 1).header == found.staged.header
    assert (some.header, some.rows) == (("name",), 2)
    assert rows_of(connection, some) == [(4, "Bo"), (5, "Cy")]


def listed(inbox: Path) -> tuple[list[str], list[str]]:
    with opened(inbox) as (files, problems):
        return [file.name for file in files], [found.code for found in problems]


def test_an_inbox_is_a_folder_with_archives_in_it_or_an_archive(tmp_path):
    (tmp_path / "b.csv").write_text(HEADER)
    (tmp_path / ".hidden").write_text("x")
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "a.csv").write_text(HEADER)
    inner = a_zip({"d.csv": HEADER})
    members = {"in/c.csv": HEADER, "__MACOSX/._c.csv": "x", "inner.zip": inner}
    (tmp_path / "pack.zip").write_bytes(a_zip(members))

    names = ["b.csv", "deep/a.csv", "pack.zip/in/c.csv", "pack.zip/inner.zip/d.csv"]
    assert listed(tmp_path) == (names, [])
    assert listed(tmp_path / "pack.zip") == (["in/c.csv", "inner.zip/d.csv"], [])


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (a_zip({"a.csv": HEADER * 500})[:-40], "LD-102"),
        (a_zip({"../../evil.csv": HEADER}), "LD-103"),
        (a_zip({"/etc/evil.csv": HEADER}), "LD-103"),
        (a_zip({"..\\evil.csv": HEADER}), "LD-103"),
        (a_zip({"C:\\evil.csv": HEADER}), "LD-103"),
        (a_zip({"bomb.csv": b"0" * 60_000_000}), "LD-103"),
        (a_zip({"one.zip": a_zip({"two.zip": a_zip({"a.csv": HEADER})})}), "LD-103"),
    ],
)
def test_a_bad_archive_is_refused_and_the_rest_is_still_read(tmp_path, content, code):
    (tmp_path / "a.zip").write_bytes(content)
    (tmp_path / "b.csv").write_text(HEADER)

    assert listed(tmp_path) == (["b.csv"], [code])


def test_an_archive_with_a_password_is_refused(tmp_path):
    content = bytearray(a_zip({"a.csv": HEADER}, zipfile.ZIP_STORED))
    for magic, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(magic) + offset] |= 1
    (tmp_path / "a.zip").write_bytes(content)

    with opened(tmp_path) as (_, problems):
        assert [(found.code, found.value) for found in problems] == [("LD-130", "a.csv")]


def test_what_explains_a_table_is_none():
    named = [
        "ACSDT5Y2022.B03002-Data.csv",
        "ACSDT5Y2022.B03002-Column-Metadata.csv",
        "ACSDT5Y2022.B03002-Table-Notes.txt",
    ]

    tables = [
        a_file("a,b\n1,2\n", name).is_table for name in (*named, "README.txt", "Jail Data Dictionary.xlsx")
    ]

    assert tables == [True, False, False, False, False]


@pytest.mark.parametrize("name", ["nothing", "plain.txt"])
def test_an_inbox_that_is_neither_folder_nor_archive_cannot_be_read(tmp_path, name):
    (tmp_path / "plain.txt").write_text("x")

    with pytest.raises(Fault, match="a folder of exports, or a zip of one"), opened(tmp_path / name):
        pass


CELLS = st.text(
    st.characters(codec="utf-8", exclude_characters="\0\r\n\ufeff", exclude_categories=["Cs", "Zs", "Cc"])
    | st.sampled_from([",", '"', "\n", ";", " "]),
    max_size=8,
)


@settings(deadline=None)
@given(st.lists(st.tuples(CELLS.filter(str.strip), CELLS), max_size=20))
def test_whatever_a_spreadsheet_writes_is_read_back(rows):
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows([("id", "name"), *rows])
    with duckdb.connect() as connection:
        connection.execute("CREATE SCHEMA staged")
        staged = stage(connection, a_file(stream.getvalue()), 1)

        assert [(row[1], row[2] or "") for row in rows_of(connection, staged)] == rows


def test_what_nobody_reads_is_not_kept(connection):
    staged = stage(
        connection, a_file("id,note,\n1,met at home,x\n"), 1, is_wanted=lambda header: header == "id"
    )

    assert staged.header == ("id", "note", "column 3")
    assert rows_of(connection, staged) == [(2, "1", "x")]


def test_rows_beyond_one_batch_arrive(connection, monkeypatch):
    monkeypatch.setattr(reading, "BATCH_ROWS", 3)
    staged = stage(connection, a_file(HEADER + "".join(f"{n},x\n" for n in range(10))), 1)

    assert staged.rows == 10
    assert [row[0] for row in rows_of(connection, staged)] == list(range(2, 12))


RECORDS = st.lists(
    st.one_of(
        st.lists(st.sampled_from(["1", "22", "ab", "", '"x"', '"x, y"', '"say ""so"""', '"two\nlines"', '""']), min_size=3, max_size=3),
        st.lists(st.sampled_from(["1", "", 'a"b', '"a"b', "Total", '"', "\u00e9"]), max_size=4),
    ).map(",".join),
    max_size=30,
)  # fmt: skip


@given(RECORDS, st.sampled_from(["\n", "\r\n", "\r"]), st.integers(10, 200))
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_file_read_in_blocks_is_as_read_row_by_row(connection, records, end, size):
    """Whole pieces are read by another reader, where it reads them alike."""
    file = a_file("id,name,place\n1,Ann,Foundry\n" + end.join(records), "people.csv")

    def read(first: int, later: int) -> object:
        connection.execute("DROP SCHEMA IF EXISTS staged CASCADE")
        connection.execute("CREATE SCHEMA staged")
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(plaintext, "FIRST_PIECE", first)
            patched.setattr(plaintext, "PIECE", later)
            try:
                staged = stage(connection, file, 1)
            except Fault as fault:
                return fault.problem
            return staged, rows_of(connection, staged)

    assert read(10, size) == read(1 << 20, 1 << 20)


def test_plain_records_are_read_in_blocks(connection, monkeypatch):
    monkeypatch.setattr(plaintext, "FIRST_PIECE", 10)
    monkeypatch.setattr(reading._Records, "take_block", lambda *_: pytest.fail("row by row"))
    text = "id,name\n" + "".join(f'{number},"Ann, of {number}"\n' for number in range(1, 3000))
    staged = stage(connection, a_file(text, "people.csv"), 1)
    assert staged.rows == 2999
    assert rows_of(connection, staged)[-1] == (3000, "2999", "Ann, of 2999")


def test_as_many_rows_are_looked_at_wherever_a_piece_ends(connection, monkeypatch):
    looked_at = []

    def printout(head, *arguments):
        looked_at.append(len(head))
        return layout.Printout(head, *arguments)

    monkeypatch.setattr(reading, "Printout", printout)
    text = "id,name\n" + "".join(f"{number},Ann\n" for number in range(1, 3000))
    for first in (10, 100, 1 << 20):
        monkeypatch.setattr(plaintext, "FIRST_PIECE", first)
        connection.execute("DROP TABLE IF EXISTS staged.file_1")
        assert stage(connection, a_file(text, "people.csv"), 1).rows == 2999
    assert looked_at == [layout.LINES_LOOKED_AT] * 3
