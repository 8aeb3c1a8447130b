"""HMIS exports in the making, and what the load makes of them."""

import csv
import io

import duckdb
import pyarrow as pa

from leadstats.ingest import hmis, stations
from leadstats.ingest.reading import StagedFile

VERSIONS = {"FY2022": "FY2022", "FY2024": "2024 v1.3", "FY2026": "2026 v1.0"}
DEFAULTS = {
    "Export": {"CSVVersion": "2024 v1.3", "ExportDate": "2024-10-01 08:00:00", "ExportEndDate": "2024-09-30"},
    "Organization": {"OrganizationID": "org", "VictimServiceProvider": "0", "DateDeleted": ""},
    "Project": {"ProjectID": "project", "OrganizationID": "org", "ProjectType": "13", "DateDeleted": ""},
    "Client": {
        "PersonalID": "a",
        "FirstName": "Quixotica",
        "SSN": "987654321",
        "DOB": "1980-05-01",
        "DateDeleted": "",
    },
    "Enrollment": {
        "EnrollmentID": "e",
        "PersonalID": "a",
        "ProjectID": "project",
        "HouseholdID": "",
        "RelationshipToHoH": "1",
        "EntryDate": "2024-01-01",
        "MoveInDate": "",
        "LivingSituation": "116",
        "DateDeleted": "",
    },
    "Exit": {
        "EnrollmentID": "e",
        "PersonalID": "a",
        "ExitDate": "2024-06-30",
        "Destination": "410",
        "DateDeleted": "",
    },
    "Services": {
        "ServicesID": "s",
        "EnrollmentID": "e",
        "PersonalID": "a",
        "DateProvided": "2024-02-01",
        "RecordType": "200",
        "DateDeleted": "",
    },
    "CurrentLivingSituation": {
        "CurrentLivingSitID": "c",
        "EnrollmentID": "e",
        "PersonalID": "a",
        "InformationDate": "2024-02-01",
        "CurrentLivingSituation": "116",
        "DateDeleted": "",
    },
}
ONE_OF_EACH = {name: [{}] for name in DEFAULTS if name != "Services"}


def table(name, rows):
    full = [{**DEFAULTS[name], **row} for row in rows]
    columns = list(dict.fromkeys(key for row in full or [DEFAULTS[name]] for key in row))
    stream = io.StringIO()
    writer = csv.DictWriter(stream, columns, restval="")
    writer.writeheader()
    writer.writerows(full)
    return stream.getvalue()


def export(program, **files):
    """One good row in each file, but for the files that are given."""
    for name, rows in (ONE_OF_EACH | files).items():
        if rows is not None:
            program.file(f"hmis/{name}.csv", table(name, rows))
    return program


def account(program, file, table_name=None):
    """(loaded, rejected, duplicate, out of scope) of a file."""
    found = [
        each
        for each in (program.report or program.build()).accounts
        if each.file == f"hmis/{file}.csv" and table_name in (None, each.table)
    ]
    assert found[0].read == found[0].loaded + found[0].rejected + found[0].duplicate + found[0].out_of_scope
    return found[0].loaded, found[0].rejected, found[0].duplicate, found[0].out_of_scope


def told(program, file):
    """The problems of a file: code, column, rows."""
    report = program.report or program.build()
    return {
        (found.code, found.column, found.rows)
        for found in report.problems
        if found.file == f"hmis/{file}.csv" and found.code != "LD-113"
    }


def said(loaded, file):
    """The problems of a file: code, column, rows."""
    return {(found.code, found.column, found.rows) for found in loaded.problems if found.file == file}


def stays(program, *columns):
    rows = program.rows("FROM program.housing ORDER BY ALL")
    return [
        tuple(str(row[column]) if row[column] is not None else None for column in columns) for row in rows
    ]


def staged_export(**files):
    """The load alone, from rows as they stand after reading; each file is named by its number."""
    connection = duckdb.connect(config={"threads": 1})
    stations.create(connection, is_tiny=True)
    staged = {}
    given = {name: rows for name, rows in (ONE_OF_EACH | files).items() if rows is not None}
    for number, (name, rows) in enumerate(given.items(), start=1):
        full = [{**DEFAULTS[name], **row} for row in rows]
        columns = list(dict.fromkeys(key for row in [*full, DEFAULTS[name]] for key in row))
        cells = {column: pa.array([row.get(column, "") for row in full], pa.string()) for column in columns}
        numbers = {"row_number": pa.array(range(2, len(full) + 2), pa.int64())}
        connection.from_arrow(pa.table(numbers | cells)).create(f"staged.file_{number}")
        staged[name.lower()] = StagedFile(
            name, number, f"staged.file_{number}", tuple(columns), len(full), 0, ()
        )
    return connection, hmis.load_hmis(connection, staged)
