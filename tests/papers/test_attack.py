"""Papers are attacked as whole files: two programs that differ only in what has to be hidden must give the same bytes.

Whatever tells of a hidden number anywhere, in a table, a picture, an alternative text, a speaker's note or a workbook
behind a chart, would make them differ.
"""

import io
import re
import zipfile
from datetime import date, timedelta

import pytest

from leadstats import papers
from leadstats.briefing import View
from leadstats.counting.suppression import THRESHOLD
from leadstats.counting.view import ANALYST, AUDIENCES, Filters
from leadstats.model.language import LANGUAGES, speaking
from leadstats.model.settings import Goal, Site
from leadstats.ui.shell.result_cache import Answers
from tests.typed import database_of

WRITTEN_AT = re.compile(rb"<dcterms:(created|modified)[^>]*>[^<]*")
YEAR = Filters(date(2025, 1, 1), date(2025, 12, 1))
LARGE = (("White", "Mill Row", 70, 20), ("Black or African American", "Old Town", 60, 12))
SMALL = (("Asian", "North End", 5, 2), ("Native Hawaiian or Pacific Islander", "Pier", 7, 4))


def exchanged(groups):
    """The same groups, in which the sizes and outcomes of the two have changed places."""
    (first, there, *these), (second, where, *those) = groups
    return (first, there, *those), (second, where, *these)


def a_county(small):
    rows = {"person": [], "arrest": [], "referral": [], "enrollment": [], "contact": []}
    for race, place, people, diverted in (*LARGE, *small):
        for number in range(people):
            person = f"{race} {number}"
            day = date(2025, 1, 1) + timedelta(days=5 * number)
            rows["person"].append({"person_id": person, "race": race, "birth_year": 1980})
            rows["arrest"].append(
                {
                    "arrest_id": person,
                    "person_id": person,
                    "arrested_at": f"{day}T10:00",
                    "neighborhood": place,
                    "charge_class": "Theft",
                    "is_charge_eligible": "true",
                    "is_diverted": str(number < diverted).lower(),
                    "is_booked": str(number >= 2 * diverted).lower(),
                }
            )
            if number < 2 * diverted:
                rows["referral"].append(
                    {
                        "referral_id": person,
                        "person_id": person,
                        "referred_on": day,
                        "pathway": "arrest_diversion" if number < diverted else "community",
                        "neighborhood": place,
                        "intake_completed_on": day + timedelta(9) if number % 3 else "",
                    }
                )
            if number < diverted:
                rows["enrollment"].append(
                    {"enrollment_id": person, "person_id": person, "started_on": day + timedelta(9)}
                )
                rows["contact"].append(
                    {"contact_id": person, "person_id": person, "contacted_on": day + timedelta(20)}
                )
    goals = (Goal("people_referred", 10), Goal("diversion_rate", 20, "quarter"))
    return database_of(rows, Site(goals=goals))


@pytest.fixture(scope="module")
def counties():
    found = Answers(a_county(SMALL)), Answers(a_county(exchanged(SMALL)))
    yield found
    for each in found:
        each.database.close()


def parts(answers, audience, folder, language):
    """Every byte of the papers, by the file and the part within it."""
    with speaking(language):
        contents = papers.contents(View(answers.database, audience, YEAR, answers.ask))
        found = {"packet.pdf": papers.as_pdf(contents)}
        found |= {path.name: path.read_bytes() for path in papers.write_digest(contents, folder)}
        slides = papers.as_pptx(contents)
    found |= dict(_within("slides.pptx", slides))
    found.pop("digest.eml")  # the two others in one, between marks that are drawn by lot
    return found


def _within(name, content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for part in archive.namelist():
            held = WRITTEN_AT.sub(b"", archive.read(part))
            is_workbook = part.endswith(".xlsx")
            yield from _within(f"{name}/{part}", held) if is_workbook else [(f"{name}/{part}", held)]


@pytest.mark.parametrize("code", LANGUAGES)
def test_what_is_hidden_is_in_no_byte_of_any_paper(counties, tmp_path, code):
    assert all(people < THRESHOLD for _, _, people, _ in SMALL)
    one, other = (
        parts(each, AUDIENCES[0], tmp_path / str(place), LANGUAGES[code])
        for place, each in enumerate(counties)
    )
    assert any(part.endswith(".xml") and ".xlsx/" in part for part in one)
    assert [part for part in one if one[part] != other[part]] == []
    assert one.keys() == other.keys()


def test_the_attack_finds_what_is_not_hidden(counties, tmp_path):
    one, other = (
        parts(each, ANALYST, tmp_path / str(place), LANGUAGES["en"]) for place, each in enumerate(counties)
    )
    assert one["packet.pdf"] != other["packet.pdf"]
    assert any(one[part] != other.get(part) for part in one if part.startswith("slides.pptx"))
