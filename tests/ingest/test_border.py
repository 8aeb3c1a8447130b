"""Files made to break the reader are refused in seconds, with a code that says why."""

import io
import os
import struct
import time
import zipfile
import zlib

import pytest

from leadstats import ingest

SECONDS = 5
HEADER = "referral_id,person_id,referred_on,pathway\n"
GOOD = HEADER + "1,1,2026-01-05,community\n"
SHEET = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData></worksheet>'
WORKBOOK = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>',
    "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<sheets><sheet name="one" sheetId="1" r:id="r1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
}
LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a0 "ha">'
    + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    + "]>"
)


def zipped(members: dict[str, str | bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def workbook(sheet: str, **others: str) -> bytes:
    return zipped({**WORKBOOK, "xl/worksheets/sheet1.xml": sheet, **others})


def cell(reference: str, text: str) -> str:
    return f'<c r="{reference}" t="inlineStr"><is><t>{text}</t></is></c>'


def row(number: int, *cells: str) -> str:
    return f'<row r="{number}">{"".join(cells)}</row>'


def table(*rows: str) -> str:
    return SHEET.format("".join(rows))


def overlapping(members: int, size: int) -> bytes:
    """An archive whose members all stand on the same bytes, so that none looks like a bomb."""
    packer = zlib.compressobj(9, wbits=-15)
    packed = packer.compress(os.urandom(size // 150) + b"0" * size) + packer.flush()
    plain = zlib.decompress(packed, wbits=-15)
    check, sizes = zlib.crc32(plain), (len(packed), len(plain))
    name = b"a0000.csv"
    stream = io.BytesIO()
    stream.write(struct.pack("<4s5H3I2H", b"PK\3\4", 20, 0, 8, 0, 33, check, *sizes, len(name), 0) + name)
    stream.write(packed)
    start = stream.tell()
    for number in range(members):
        name = f"a{number:04}.csv".encode()
        fields = (20, 20, 0, 8, 0, 33, check, *sizes, len(name), 0, 0, 0, 0, 0, 0)
        stream.write(struct.pack("<4s6H3I5H2I", b"PK\1\2", *fields) + name)
    length = stream.tell() - start
    stream.write(struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, members, members, length, start, 0))
    return stream.getvalue()


def link_in_an_archive() -> bytes:
    link = zipfile.ZipInfo("referral.csv")
    link.external_attr = 0o120777 << 16
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(link, "/etc/passwd")
    return stream.getvalue()


TRAPS = {
    "a bomb in an archive": ("x.zip", lambda: zipped({"referral.csv": b"0" * 80_000_000}), "LD-103"),
    "members on the same bytes": ("x.zip", lambda: overlapping(60, 3_000_000), "LD-103"),
    "20,000 members": ("x.zip", lambda: zipped(dict.fromkeys(map("{}.csv".format, range(20_000)), "a")), "LD-103"),
    "a name that leads up": ("x.zip", lambda: zipped({"in/../../referral.csv": GOOD}), "LD-103"),
    "an absolute name": ("x.zip", lambda: zipped({"/referral.csv": GOOD}), "LD-103"),
    "a name of a drive": ("x.zip", lambda: zipped({"C:/referral.csv": GOOD}), "LD-103"),
    "a name of a device": ("x.zip", lambda: zipped({"in/NUL.csv": GOOD}), "LD-103"),
    "a name with a line break": ("x.zip", lambda: zipped({"referral\n.csv": GOOD}), "LD-103"),
    "a link in an archive": ("x.zip", link_in_an_archive, "LD-103"),
    "entities that nest": (
        "referral.xlsx",
        lambda: workbook(LAUGHS + table(row(1, cell("A1", "&a11;")))),
        "LD-103",
    ),
    "entities in another part": (
        "referral.xlsx",
        lambda: workbook(table(row(1, cell("A1", "x"))), **{"xl/sharedStrings.xml": LAUGHS + "<sst>&a11;</sst>"}),
        "LD-103",
    ),
    "entities in another encoding": (
        "referral.xlsx",
        lambda: zipped({**WORKBOOK, "xl/worksheets/sheet1.xml": (LAUGHS + table()).encode("utf-16")}),
        "LD-103",
    ),
    "a cell far away": (
        "referral.xlsx",
        lambda: workbook(table(row(1, cell("A1", "x")), row(1_048_576, cell("BXX1048576", "x")))),
        "LD-105",
    ),
    "a sheet of 16,384 columns": ("referral.xlsx", lambda: workbook(table(row(1, cell("XFD1", "x")))), "LD-105"),
    "20,000 columns": ("referral.csv", lambda: ",".join(f"c{n}" for n in range(20_000)).encode() + b"\n1\n", "LD-105"),
    "a NUL byte": ("referral.csv", lambda: GOOD.encode() + b"2,\0,2026-01-05,community\n", "LD-105"),
    "a line of 10 MB": ("referral.csv", lambda: GOOD.encode() + b"2," + b"x" * 10_000_000 + b"\n", "LD-105"),
    "a record of 10 MB": ("referral.csv", lambda: GOOD.encode() + b'2,"' + b"x\n" * 5_000_000, "LD-106"),
    "a cell of 1 MB": ("referral.csv", lambda: GOOD.encode() + b'2,"' + b"x" * 900_000 + b'"\n', "LD-110"),
    "no workbook at all": ("referral.xlsx", lambda: zipped({"a.txt": "x"}), "LD-105"),
    "a program": ("referral.csv", lambda: b"\x7fELF\2\1\1\0" + os.urandom(5_000), "LD-105"),
}  # fmt: skip


@pytest.mark.parametrize("trap", TRAPS)
def test_a_trap_is_refused_in_seconds_with_its_code(tmp_path, trap):
    name, content, code = TRAPS[trap]
    (tmp_path / name).write_bytes(content())

    # Of work, since on a busy machine waiting takes longer than any trap.
    began = time.process_time()
    report = ingest.check(tmp_path)

    assert time.process_time() - began < SECONDS
    assert code in {found.code for found in report.problems}, report.as_text()
    assert report.exit_code != 0
    told = next(found for found in report.problems if found.code == code)
    assert told.file and told.fix


def test_a_link_out_of_the_inbox_is_refused_and_one_inside_is_followed(tmp_path):
    outside, inbox = tmp_path / "secret.csv", tmp_path / "inbox"
    outside.write_text(GOOD)
    inbox.mkdir()
    (inbox / "referral.csv").symlink_to(outside)
    (inbox / "kept.txt").write_text("x")

    assert ("LD-117", "referral.csv") in {(found.code, found.file) for found in ingest.check(inbox).problems}

    (inbox / "referral.csv").unlink()
    (inbox / "2026").mkdir()
    (inbox / "2026" / "export.csv").write_text(GOOD)
    (inbox / "referral.csv").symlink_to("2026/export.csv")
    assert "referral" in {account.table for account in ingest.check(inbox).accounts}


def test_a_pipe_in_the_inbox_is_passed_by(tmp_path):
    os.mkfifo(tmp_path / "referral.csv")
    (tmp_path / "contact.csv").write_text("contact_id,person_id,contacted_on\n1,1,2026-01-05\n")

    assert [account.table for account in ingest.check(tmp_path).accounts] == ["contact"]
