"""Files in the making, of every kind an inbox may hold, and what the readers make of them."""

import atexit
import datetime as dt
import functools
import io
import zipfile
from collections.abc import Mapping, Sequence

import duckdb
import openpyxl
import shapefile
import xlwt

from leadstats.ingest.inbox import SourceFile
from leadstats.ingest.reading import Layout, StagedFile, stage

# What Office writes around a workbook that a password locks.
LOCKED = (
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(600)
)
Sheet = Sequence[Sequence[object]]


def a_file(content: bytes | str, name: str = "people.csv") -> SourceFile:
    content = content.encode() if isinstance(content, str) else content
    return SourceFile(name, len(content), lambda: io.BytesIO(content))


def a_zip(members: Mapping[str, bytes | str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def a_workbook(from_1904: bool = False, hidden: Sequence[str] = (), **sheets: Sheet) -> bytes:
    """.xlsx"""
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    if from_1904:
        workbook.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    for title, rows in sheets.items():
        sheet = workbook.create_sheet(title)
        sheet.sheet_state = "hidden" if title in hidden else "visible"
        for row in rows:
            sheet.append(row)
    return _saved(workbook)


def an_old_workbook(from_1904: bool = False, hidden: Sequence[str] = (), **sheets: Sheet) -> bytes:
    """.xls, as up to 2003"""
    workbook = xlwt.Workbook()
    workbook.dates_1904 = from_1904
    styles = {
        dt.datetime: xlwt.easyxf(num_format_str="yyyy-mm-dd hh:mm"),
        dt.date: xlwt.easyxf(num_format_str="yyyy-mm-dd"),
        dt.time: xlwt.easyxf(num_format_str="hh:mm"),
    }
    for title, rows in sheets.items():
        sheet = workbook.add_sheet(title)
        sheet.visibility = int(title in hidden)
        for line, row in enumerate(rows):
            for column, cell in enumerate(row):
                if cell is not None:
                    sheet.write(line, column, cell, styles.get(type(cell), xlwt.Style.default_style))
    return _saved(workbook)


def an_open_document(from_1904: bool = False, hidden: Sequence[str] = (), **sheets: Sheet) -> bytes:
    """.ods"""
    names = {f"xmlns:{name}": name for name in ("office", "table", "text", "style")}
    spaces = " ".join(
        f'{key}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for key, name in names.items()
    )
    styles = "".join(
        f'<style:style style:name="{name}" style:family="table"><style:table-properties table:display="{shown}"/></style:style>'
        for name, shown in (("in", "true"), ("out", "false"))
    )
    base = '<table:calculation-settings><table:null-date table:date-value="1904-01-01"/></table:calculation-settings>'
    tables = "".join(
        f'<table:table table:name="{title}" table:style-name="{"out" if title in hidden else "in"}">'
        + "".join(f"<table:table-row>{''.join(map(_open_cell, row))}</table:table-row>" for row in rows)
        + "</table:table>"
        for title, rows in sheets.items()
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {spaces}>'
        f"<office:automatic-styles>{styles}</office:automatic-styles><office:body><office:spreadsheet>"
        f"{base if from_1904 else ''}{tables}</office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    return a_zip({"mimetype": kind, "content.xml": content, "META-INF/manifest.xml": manifest})


def _open_cell(cell: object) -> str:
    if cell is None:
        return "<table:table-cell/>"
    kind, key, value = "string", "string-value", str(cell)
    if isinstance(cell, dt.date):
        kind, key, value = "date", "date-value", cell.isoformat()
    elif isinstance(cell, dt.timedelta):
        kind, key, value = "time", "time-value", f"PT{int(cell.total_seconds()) // 3600:02}H00M00S"
    elif isinstance(cell, int | float):
        kind, key = "float", "value"
    attribute = f' office:{key}="{value}"' if kind != "string" else ""
    return (
        f'<table:table-cell office:value-type="{kind}"{attribute}><text:p>{value}</text:p></table:table-cell>'
    )


def a_shapefile(
    name: str, areas: Mapping[str, Sequence], encoding: str = "utf-8", **parts: bytes | str
) -> dict:
    """Its files by their names: each area is a list of rings, outer ones clockwise; parts: prj, cpg."""
    streams = {ending: io.BytesIO() for ending in ("shp", "shx", "dbf")}
    with shapefile.Writer(**streams, shapeType=shapefile.POLYGON, encoding=encoding) as writer:
        writer.field("OBJECTID", "N", 9)
        writer.field("NAME", "C", 40)
        for number, (place, rings) in enumerate(areas.items()):
            writer.poly(rings)
            writer.record(number, place)
    return {f"{name}.{ending}": stream.getvalue() for ending, stream in streams.items()} | {
        f"{name}.{ending}": content for ending, content in parts.items()
    }


def _saved(workbook) -> bytes:
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


@functools.cache
def _database() -> duckdb.DuckDBPyConnection:
    """One for all files: opening one takes longer than reading a small file."""
    return duckdb.connect()


atexit.register(_database.cache_clear)  # DuckDB complains of what is open when Python ends


def staged_rows(content: bytes | str, name: str, layout: Layout = Layout()) -> tuple[StagedFile, list[tuple]]:
    """What a file gives: header and problems, and its records in their order without their numbers."""
    connection = _database()
    connection.execute("DROP SCHEMA IF EXISTS staged CASCADE; CREATE SCHEMA staged")
    staged = stage(connection, a_file(content, name), 1, layout)
    rows = connection.table(staged.table).order("row_number").fetchall()
    return staged, [tuple(cell or "" for cell in row[1:]) for row in rows]
