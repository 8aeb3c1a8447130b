"""The promises of docs/security.md that no other test proves."""

import ast
import json
import tomllib
from pathlib import Path

import duckdb
import pytest

from leadstats.counting.view import ANALYST, GROUP, OPERATIONS
from leadstats.ui.shell import session

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "leadstats"
PERSON, ARREST, MANAGER = "QZX-PERSON-7781", "QZX-ARREST-9912", "QZX-MANAGER-31"


@pytest.fixture
def known(program):
    """A program whose identifiers cannot be overlooked."""
    return program.add(
        person=[{"person_id": PERSON, "birth_date": "1987-03-02"}],
        referral=[{"person_id": PERSON, "referral_id": "QZX-REFERRAL-4", "arrest_id": ARREST}],
        enrollment=[{"person_id": PERSON, "enrollment_id": "QZX-ENROLLMENT-5", "case_manager": MANAGER}],
        arrest=[
            {"person_id": PERSON, "arrest_id": ARREST, "latitude": 47.61234, "longitude": -122.33456},
        ],
    )


def test_no_identifier_or_coordinate_is_left_in_the_built_files(known):
    assert known.database.rows("SELECT count(*) AS people FROM program.person") == [{"people": 1}]
    columns = known.database.rows(
        "SELECT table_name, column_name FROM duckdb_columns() WHERE database_name = 'program'"
    )
    assert not {"person_id", "latitude", "longitude", "case_manager"} & {
        row["column_name"] for row in columns
    }
    for table in {row["table_name"] for row in columns}:
        rows = known.database.root.cursor().table(f"program.{table}").fetchall()
        assert "QZX" not in repr(rows) and "47.6123" not in repr(rows), table
    # Not in what a table holds no more, either: dropped pages, statistics, leftovers of the build.
    for path in known.data.rglob("*"):
        assert path.is_dir() or b"QZX" not in path.read_bytes(), path.name


def test_messages_quote_no_identifier(known):
    known.add(
        referral=[{"person_id": PERSON, "referral_id": "QZX-REFERRAL-4", "referred_on": "yesterday"}],
        jail_stay=[
            {
                "person_id": PERSON,
                "stay_id": "QZX-STAY-1",
                "booked_at": "2026-01-05",
                "released_at": "2026-01-01",
            }
        ],
        arrest=[{"arrest_id": ARREST, "person_id": "QZX-OTHER"}],
    )
    report = known.build()
    assert report.problems
    assert "QZX" not in report.as_text() + json.dumps(report.as_json())


def test_a_link_lowers_the_audience_and_never_raises_it(monkeypatch):
    for granted, asked, given in (
        (GROUP, ANALYST, GROUP),
        (GROUP, OPERATIONS, GROUP),
        (OPERATIONS, ANALYST, OPERATIONS),
        (OPERATIONS, GROUP, GROUP),
        (ANALYST, OPERATIONS, OPERATIONS),
        (ANALYST, GROUP, GROUP),
        (ANALYST, None, ANALYST),
        (GROUP, "root", GROUP),
    ):
        monkeypatch.setenv("LEADSTATS_AUDIENCE", granted)
        assert session.audience(asked) == given


def test_starting_the_app_asks_no_host_outside():
    """Without an address of its own Streamlit looks up the machine's, and it counts users unless told not to."""
    settings = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert settings["server"]["address"] == "localhost"
    assert settings["browser"]["gatherUsageStats"] is False


def test_caches_of_the_app_hold_only_what_may_be_shown():
    """By what their functions say they return, since a cache keeps nothing else."""
    # The program is Streamlit's scripts; encoded is what addresses say, and markup words that stand on a page.
    shown = {"Answers", "Published", "Program", "Encoded", "Markup", "dict"}
    for path in sorted((PACKAGE / "ui").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and any(
                "cache" in ast.unparse(d) for d in node.decorator_list
            ):
                assert ast.unparse(node.returns) in shown, f"{path.name}: {node.name}"


def test_the_open_database_can_neither_be_written_nor_read_other_files(known, tmp_path):
    file = tmp_path / "other.csv"
    file.write_text("one\n1\n")
    for sql in (
        "DELETE FROM program.referral",
        "CREATE TABLE program.copy AS SELECT 1 AS one",
        f"SELECT * FROM read_csv('{file}')",
        f"SELECT * FROM '{file}'",
        f"COPY (SELECT 1 AS one) TO '{file}'",
        f"ATTACH '{file}' AS other",
        "SET enable_external_access = true",
        "INSTALL httpfs",
    ):
        with pytest.raises(duckdb.Error, match="read-only|disabled|locked|Cannot"):
            known.database.rows(sql)
    assert file.read_text() == "one\n1\n"
