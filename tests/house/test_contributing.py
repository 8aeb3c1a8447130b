"""CONTRIBUTING's steps, taken on a copy: what they promise to be enough is enough, with at most three files each."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
COPIED = ("app.py", "leadstats", "pages", "queries", "docs", "data/README.md", "static")
MOST_FILES = 3
SCHEMA, CONTACT = "leadstats/model/schema.py", "queries/tables/contact.sql"

KITS_METRIC = """\
/*
title = "Overdose kits handed out"
unit = "contacts"
definition = "Contacts in the period at which a kit was handed out."
population = "Everybody met by a case manager."
caution = "Kits that others hand out are not in it."
needs = ["contact.has_kit"]
sources = ["contact"]
records = "participant"
place = "where the person belongs on that day"
method = "Count of contacts."
*/
SELECT
    contact.period,
    contact.category,
    contact.second_category,
    known_people(contact.person_key) AS people,
    count(*) AS events
FROM events_in_view('program.contact', $filters) AS contact
WHERE contact.has_kit
GROUP BY ALL;
"""
KITS_EXAMPLE = """\
def test_a_contact_without_a_kit_does_not_count(program):
    program.add(contact=[{"has_kit": "yes"}, {"has_kit": "no"}])
    assert program.value("overdose_kits_handed_out", by="total") == 1
"""
KITS_PAGE = '''\
"""Kits: how many reach people?"""

from leadstats import ui


@ui.page("kits")
def draw(view):
    ui.figures(view, "overdose_kits_handed_out")
'''
WARRANT = """\
/*
row = "a warrant for a person"
rows_from = ["export.warrant"]
unique = "warrant_key"
*/
CREATE TABLE program.warrant (
    warrant_key INTEGER NOT NULL, -- the warrant
    person_key INTEGER, -- the person; NULL: nobody known
    event_date DATE NOT NULL, -- the day it was issued
    dimensions dimensions NOT NULL -- dimensions, on that day
);

INSERT INTO program.warrant BY NAME
SELECT
    warrant.warrant_key,
    warrant.person_key,
    warrant.issued_on AS event_date,
    make_dimensions(person, warrant.issued_on) AS dimensions
FROM export.warrant
LEFT JOIN program.person ON warrant.person_key = person.person_key
ORDER BY event_date, warrant_key;
"""
# By the heading of CONTRIBUTING: what is put before which words of which file; "" makes a new file.
CHANGES = {
    "Add an export column": {
        SCHEMA: [
            (
                '                Column("need", "choice",',
                '                Column("has_kit", "flag", "A kit was handed out"),\n',
            ),
        ],
        CONTACT: [
            ("    contacted_on DATE NOT NULL, --", "    has_kit BOOLEAN, -- a kit was handed out\n"),
            ("    contact.person_key,\n", "    contact.has_kit,\n"),
        ],
    },
    "Add a metric": {
        "queries/metrics/overdose_kits_handed_out.sql": [("", KITS_METRIC)],
        "tests/metrics/test_kits.py": [("", KITS_EXAMPLE)],
    },
    "Add a page": {
        "pages/kits.py": [("", KITS_PAGE)],
        "leadstats/ui/shell/frame.py": [
            ('    Page("equity", ', '    Page("kits", "Kits"),\n'),
        ],
        "leadstats/briefing/questions.py": [
            (
                '    "equity": Question(',
                '    "kits": Question(message("How many kits?"), _from(page_leads.headline, "overdose_kits_handed_out")),\n',
            ),
        ],
    },
    "Add a breakdown": {
        SCHEMA: [
            (
                '                Column("gender", "text",',
                '                Column("language", "text", "Language spoken"),\n',
            ),
            ('    "gender": "Gender",\n', '    "language": "Language",\n'),
            ('    "gender": ("person.gender",),\n', '    "language": ("person.language",),\n'),
        ],
        "queries/dimensions.sql": [
            ("    gender category,\n", "    language category,\n"),
            (
                "    gender := coalesce(",
                "    language := coalesce((person)['language'], 'Unknown')::category,\n",
            ),
        ],
        "queries/tables/person.sql": [
            ("    gender VARCHAR, --", "    language VARCHAR, -- as recorded\n"),
            ("    person.gender,\n", "    person.language,\n"),
        ],
    },
    "Add a table of events": {
        SCHEMA: [
            (
                '        Table(\n            "contact",',
                '        Table("warrant", "warrant", (_id("warrant_id", "The warrant"), _PERSON_ID,\n'
                '            Column("issued_on", "date", "Day", True)), key=("warrant_id",), dated_by="issued_on"),\n',
            ),
        ],
        "queries/tables/warrant.sql": [("", WARRANT)],
        "queries/recorded.sql": [
            (
                "SELECT 'contact' AS source,",
                "SELECT 'warrant' AS source, event_date, dimensions FROM program.warrant\nUNION ALL\n",
            ),
        ],
    },
}
INBOX = {
    "person.csv": "person_id,language\n1,Spanish\n2,English\n",
    "enrollment.csv": "enrollment_id,person_id,started_on\n1,1,2026-01-02\n2,2,2026-01-02\n",
    "contact.csv": "contact_id,person_id,contacted_on,has_kit\n1,1,2026-01-05,yes\n2,1,2026-01-06,yes\n"
    "3,2,2026-01-07,yes\n4,2,2026-01-08,no\n",
    "warrant.csv": "warrant_id,person_id,issued_on\n1,3,2025-11-20\n",
    "site.toml": "data_through = 2026-01-31\n",
}
ASK = """\
import json, sys
from datetime import date
from pathlib import Path

from streamlit.testing.v1 import AppTest

from leadstats.counting.catalog import load_catalog
from leadstats.counting.database import open_database
from leadstats.counting.measure import measure
from leadstats.counting.view import Filters
from leadstats.ingest import build

report = build(Path("inbox"), Path("built"))
assert report.snapshot, report.as_text()
database = open_database(Path("built"))
month = Filters(date(2026, 1, 1), date(2026, 1, 1), "total", breakdown="language")
kits = measure(database, load_catalog().metrics["overdose_kits_handed_out"], month, "analyst")
page = AppTest.from_file("pages/kits.py", default_timeout=60).run()
assert not page.exception, page.exception
print(json.dumps({
    "kits": {cell.category: cell.value for cell in kits.cells},
    "first warrant": str(database.first_days["warrant"]),
    "people": database.rows("SELECT count(*) AS people FROM program.person")[0]["people"],
    "page": " ".join(element.value for element in page.markdown),
}))
"""


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """The tree with all five changes, the generated documents written anew."""
    folder = tmp_path_factory.mktemp("copy")
    for name in COPIED:
        source, target = ROOT / name, folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__", "screenshots"))
        else:
            shutil.copy(source, target)
    for files in CHANGES.values():
        for name, changes in files.items():
            change(folder / name, changes)
    schema = folder / SCHEMA
    schema.write_text(schema.read_text("utf-8").replace("\nLAYOUT = ", "\nLAYOUT = 1 + "), encoding="utf-8")
    run(folder, "-m", "docs.generate")
    return folder


def change(path: Path, changes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    for before, words in changes:
        assert text.count(before) == 1 or not before, f"{path.name}: {before!r}"
        text = text.replace(before, words + before) if before else words
    path.write_text(text, encoding="utf-8")


def run(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env={
            **os.environ,
            "LEADSTATS_DATA": "built",
            "LEADSTATS_AUDIENCE": "analyst",
            "PYTHONPATH": str(folder),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("heading", CHANGES)
def test_a_step_of_contributing_names_each_file_to_touch(heading):
    steps = (
        (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").split(f"## {heading}\n")[1].split("\n## ")[0]
    )
    files = CHANGES[heading]

    assert len(files) <= MOST_FILES
    for name in files:
        folder = str(Path(name).parent)
        assert name in steps or f"`{folder}/" in steps, f"{heading} does not speak of {name}"
    assert len(re.findall(r"^\d\. ", steps, re.MULTILINE)) <= MOST_FILES


def test_the_steps_are_enough(copy):
    for name, content in INBOX.items():
        change(copy / "inbox" / name, [("", content)])

    found = json.loads(run(copy, "-c", ASK))

    assert found["kits"] == {"Spanish": 2, "English": 1, "Unknown": 0}
    assert found["first warrant"] == "2025-11-20"
    assert found["people"] == 3
    assert "3" in found["page"] and "kits" in found["page"].lower()
    assert "| `has_kit` | BOOLEAN | a kit was handed out |" in (copy / "queries/TABLES.md").read_text("utf-8")
