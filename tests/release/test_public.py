"""The pages for everybody: drawn from one release, with the private folder away, and with nothing else opened."""

import csv
import html
import io
import json
import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path

import anyio
import pyarrow.parquet
import pytest
import streamlit as st
from starlette.requests import Request
from streamlit.testing.v1 import AppTest

from leadstats import papers
from leadstats.analysis import usual_range
from leadstats.briefing import View
from leadstats.briefing.brief import brief
from leadstats.briefing.questions import answered
from leadstats.counting.released import open_release
from leadstats.counting.view import NOT_RELEASED, Filters, Merged
from leadstats.model import periods
from leadstats.model.language import Language
from leadstats.model.measures import public_numbers
from leadstats.narrative import page_leads, wording
from leadstats.ui.shell import locations, markup, web
from leadstats.ui.shell.frame import PAGES
from tests.pages import words_on
from tests.release.conftest import APPROVED_BY

EVERY_PAGE = pytest.mark.parametrize("address", [page.address for page in PAGES])
YEAR = Filters(date(2025, 1, 1), date(2025, 12, 1), "total")


@pytest.fixture(scope="module")
def released(published):
    return open_release(published / "latest")


@pytest.fixture
def public(published, tmp_path, monkeypatch):
    """The app as `make run-public` starts it; there is no private folder."""
    monkeypatch.setenv("LEADSTATS_RELEASES", str(published))
    monkeypatch.setenv("LEADSTATS_DATA", str(tmp_path / "not there"))


def opened(address, query=()):
    page = AppTest.from_file(str(locations.ROOT / "pages" / f"{address}.py"), default_timeout=60)
    for key, values in dict(query).items():
        page.query_params[key] = values
    page.run()
    assert not page.exception, page.exception
    return page


def asked(released, metric, **changes):
    return released.published(released.metric(metric), replace(YEAR, **changes))


def table(published, name):
    with (published / "latest/data" / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_a_filter_picks_the_numbers_of_the_downloads(published, released):
    races = asked(released, "people_referred", breakdown="race")
    rows = [row for row in table(published, "people_first_referred-by-year-race") if row["period"] == "2025"]

    assert {cell.category: str(cell.value or "") for cell in races.cells} == {
        row["race"]: row["value"] for row in rows
    }
    assert {cell.hidden for cell in races.cells if cell.value is None} == {"public"}
    assert races.metric.title == "People referred for the first time"


def test_months_that_are_whole_periods_add_up(released):
    (half,) = asked(released, "people_referred", last_month=date(2025, 6, 1)).cells
    quarters = asked(released, "people_referred", by="quarter", last_month=date(2025, 6, 1)).cells

    assert half.value == sum(cell.value for cell in quarters)
    assert [cell.period for cell in quarters] == ["2025-Q1", "2025-Q2"]


def test_a_hidden_part_hides_the_sum(released):
    """Some race of some quarter is hidden, so no half year of it may be shown either."""
    half = {"last_month": date(2025, 6, 1), "breakdown": "race"}
    quarters = asked(released, "people_referred", by="quarter", **half).cells
    hidden = {cell.category for cell in quarters if cell.hidden}

    assert hidden
    assert hidden == {
        cell.category for cell in asked(released, "people_referred", **half).cells if cell.hidden
    }


def test_hidden_months_of_everybody_say_what_they_have_together(released):
    """As if two months of the first quarter were hidden, and the next quarter with them."""
    series = "people_first_referred"
    numbers = {
        key: None if key in {("2025-02",), ("2025-03",)} else n
        for key, n in released.tables[series, ("month",)].items()
    }
    both = Merged(("2025-02", "2025-03"), 57)
    held = replace(
        released,
        tables=released.tables | {(series, ("month",)): numbers},
        merged={(series, period): both for period in both.periods},
    )

    def of(first, last, **changes):
        return asked(held, "people_referred", first_month=first, last_month=last, **changes).cells

    january, february, march = of(date(2025, 1, 1), date(2025, 3, 1), by="month")
    assert (january.merged, february.merged, march.merged) == (None, both, both)
    said = "hidden to protect privacy; Feb 2025 and Mar 2025 together: 57"
    assert wording.shown(held.metric("people_referred"), february) == said
    (together,) = of(date(2025, 2, 1), date(2025, 3, 1))
    assert (together.value, together.hidden) == (57, None)
    (more,) = of(date(2025, 2, 1), date(2025, 4, 1))
    assert more.value == 57 + numbers["2025-04",]
    (fewer,) = of(date(2025, 3, 1), date(2025, 4, 1))
    assert fewer.hidden and fewer.merged is None


def test_a_release_of_another_version_says_so_in_one_sentence(published, tmp_path, monkeypatch):
    """One had no first month of its numbers: every page stopped with a trace."""
    folder = shutil.copytree(published / "latest", tmp_path / "2026-01.1")
    words = json.loads((folder / "public.json").read_text("utf-8"))
    del words["metrics"][0]["begins"]
    (folder / "public.json").write_text(json.dumps(words), "utf-8")
    (tmp_path / "latest").symlink_to(folder.name)

    with pytest.raises(
        FileNotFoundError, match="2026-01.1 was published by another version of leadstats; run: "
    ):
        open_release(folder)
    monkeypatch.setenv("LEADSTATS_RELEASES", str(tmp_path))
    said = words_on(opened("overview"))
    assert "There is no release that this version can read" in said
    assert "python -m leadstats release" in said


def test_a_percentage_is_whole_and_stands_beside_its_counts(published, released):
    cells = asked(released, "intake_within_30_days", breakdown="race").cells
    rows = {
        row["race"]: row
        for row in table(published, "people_first_referred-percent-by-year-race")
        if row["period"] == "2025"
    }

    assert any(cell.value is not None for cell in cells)
    for cell in cells:
        row = rows[cell.category]
        assert str("" if cell.value is None else cell.value) == row["value"]
        assert str(cell.numerator or "") == row["numerator"]


def with_share(released, part, whole):
    """The same release, as if `part` of `whole` people of each kind had had what it gives percents of."""
    outcomes = {"yes": part, "no": whole - part}
    tables = {
        (series, levels): {
            key: outcomes.get(key[levels.index("outcome")], 0) if "outcome" in levels else whole
            for key in numbers
        }
        for (series, levels), numbers in released.tables.items()
    }
    return replace(released, tables=tables)


@pytest.mark.parametrize(
    ("part", "shown"),
    [(3, (5, "or less")), (5, (5, "or less")), (6, (6, "")), (94, (94, "")), (95, (95, "or more"))],
)
def test_a_percentage_at_its_end_says_no_more_than_that(released, part, shown):
    cells = asked(with_share(released, part, 100), "intake_within_30_days", breakdown="race").cells

    assert {(cell.value, cell.bound) for cell in cells} == {shown}


def test_months_without_a_number_give_way_to_the_nearest_before(released):
    found = asked(released, "people_referred", first_month=date(2025, 3, 1), breakdown="neighborhood")

    assert (found.filters.first_month, found.filters.last_month) == (date(2025, 1, 1), date(2025, 12, 1))


def test_a_year_that_began_before_the_numbers_is_no_point_of_a_line(released):
    """Two months of the first year stood as its first point, and every later year was above it."""
    entry = released.entries["people_first_referred"]
    begun = replace(
        released, entries={**released.entries, entry.metric.name: replace(entry, begins=date(2025, 11, 1))}
    )
    (year,) = asked(begun, "people_referred", by="year").cells
    (month, *_) = asked(begun, "people_referred", by="month", first_month=date(2025, 11, 1)).cells
    assert year.is_partial and year.value and not month.is_partial
    assert usual_range.complete([year, month]) == [month]


@pytest.mark.parametrize(
    ("metric", "changes"),
    [
        ("active_caseload", {}),
        ("people_referred", {"breakdown": "charge_class"}),
        ("people_referred", {"breakdown": "race", "places": ("Mill Row",)}),
        ("people_referred", {"places": ("Nowhere",)}),
        ("people_referred", {"pathways": ("community",)}),
    ],
)
def test_what_a_release_does_not_hold_is_told_and_is_no_error(released, metric, changes):
    found = asked(released, metric, **changes)

    assert (found.missing, found.cells) == (NOT_RELEASED, ())


def test_a_release_says_what_its_site_is_and_keeps_what_is_for_partners(released):
    site = released.site

    assert (site.name, site.is_sample) == ("Example County LEAD", True)
    assert site.published_on == date(2026, 6, 1)
    assert (site.goals, site.caseload, site.baseline.last) == ((), None, None)


@EVERY_PAGE
def test_a_page_stands_on_a_release_alone(public, address):
    said = words_on(opened(address))

    assert "Release 2026-01.1" in said
    assert "Example County LEAD" in said
    assert "SAMPLE" in said


def test_every_public_page_begins_with_the_claims_of_the_briefing_of_its_release(public, released):
    """As inside: one answer to a question, whoever asks it."""
    told = brief(View(released, "public", released.standard()))
    assert told.answers
    for answer in told.answers:
        said = words_on(opened(answer.page))
        verdict = f"{wording.capital(answer.verdict)}." if answer.verdict else ""
        for claim in (answer.question, verdict, answer.lead):
            assert markup.text(claim) in said, answer.page


def test_every_number_of_a_release_says_for_whom_it_stands(released):
    for name, entry in released.entries.items():
        assert public_numbers()[name].stands_for == entry.stands_for


@EVERY_PAGE
def test_a_page_stands_with_a_place_and_other_months(public, address):
    opened(address, {"place": ["Mill Row"], "from": ["2025-02"], "to": ["2025-08"], "audience": ["analyst"]})


def test_pages_say_who_is_not_counted_and_what_is_left_out(public):
    router = AppTest.from_file(str(locations.ROOT / "leadstats/ui/router.py"), default_timeout=60).run()
    assert not router.exception
    said = words_on(router)

    assert "Who is not counted" in said
    assert "Why numbers are hidden" in said
    assert "Not among the public numbers:" in said
    assert APPROVED_BY in words_on(opened("data_quality"))


def test_a_figure_leads_to_its_definition_and_its_download(public):
    said = words_on(opened("overview"))

    assert "definitions?metric=people_first_referred" in said
    assert "data/people_first_referred.csv?" in said
    assert "each person counts once, in that month" in words_on(
        opened("definitions", {"metric": ["people_first_referred"]})
    )


def get(handler, parts, query=""):
    return handler(Request({"type": "http", "query_string": query.encode(), "path_params": parts}))


def test_the_csv_of_a_figure_holds_released_numbers(public):
    answer = get(web.csv, {"metrics": "people_first_referred"}, "by=year&from=2025-01&to=2025-12")
    (row,) = csv.DictReader(io.StringIO(answer.body.decode()))

    assert (row["period"], row["shown"]) == ("2025", "420")
    assert get(web.csv, {"metrics": "active_caseload"}).status_code == 400


@pytest.mark.parametrize("path", ["../.lock", "..%2f.lock", "/etc/passwd", "SHA256SUMS/../../x", ".", ""])
def test_only_files_of_the_release_are_served(public, path):
    assert get(web.release_file, {"path": path}).status_code == 404
    for held in ("bulletin/es/index.html", "SHA256SUMS"):
        assert get(web.release_file, {"path": held}).status_code == 200


def test_nothing_is_served_where_nothing_is_public(monkeypatch):
    monkeypatch.delenv("LEADSTATS_RELEASES", raising=False)

    assert get(web.release_file, {"path": "LICENSE"}).status_code == 404


def test_before_the_first_release_pages_say_so(tmp_path, monkeypatch):
    monkeypatch.setenv("LEADSTATS_RELEASES", str(tmp_path))

    said = words_on(opened("overview"))
    assert (
        "There is no release that this version can read" in said and "Nothing has been published yet" in said
    )


WATCHED = """
import json, os, sys
opened = set()
sys.addaudithook(lambda event, given: opened.add(str(given[0])) if event == "open" else None)
from streamlit.testing.v1 import AppTest
for address in json.loads(sys.argv[1]):
    page = AppTest.from_file(os.path.join("pages", address + ".py"), default_timeout=60).run()
    assert not page.exception, page.exception
print(json.dumps(sorted(os.path.realpath(path) for path in opened if not path.isdigit())))
"""


def test_the_public_app_opens_the_release_and_its_own_code_and_nothing_else(public, published, tmp_path):
    addresses = json.dumps([page.address for page in PAGES])
    said = subprocess.run(
        [sys.executable, "-c", WATCHED, addresses],
        cwd=locations.ROOT, capture_output=True, text=True, check=True, timeout=120,
        env={**os.environ, "TMPDIR": str(tmp_path)},
    )  # fmt: skip
    opened = {Path(path) for path in json.loads(said.stdout.splitlines()[-1])}
    release = (published / "latest").resolve()

    own = {path.relative_to(release).as_posix() for path in opened if path.is_relative_to(release)}
    assert own == {"public.json", "public.parquet"}
    code = {path.relative_to(locations.ROOT).parts[0] for path in opened if _is_ours(path)}
    assert code <= {"leadstats", "pages", "queries", "docs", "static", ".streamlit", "CHANGELOG.md"}
    system = {Path(path).resolve() for path in (sys.prefix, sys.base_prefix, "/proc", "/dev", "/etc", "/usr")}
    known = {locations.ROOT, release, tmp_path, *system}
    assert not {path for path in opened if not any(path.is_relative_to(each) for each in known)}


def _is_ours(path):
    return path.is_relative_to(locations.ROOT) and not path.is_relative_to(locations.ROOT / ".venv")


def test_a_gap_is_to_a_disadvantage_on_a_release_as_inside(public):
    said = words_on(opened("equity"))
    assert ("fared differently" in said) == ("a clear gap at" in said)
    assert "Several yardsticks" not in said


def test_what_diversion_spared_the_jail_is_not_asked_of_a_release_that_cannot_say_it(public, released):
    """The answer was how many nights people spent in jail who had ever come to LEAD, before it or after."""
    page = opened("jail_beds")
    said = words_on(page)
    assert not page.exception
    assert "spare the jail?" not in said and not re.search("(?<!avoided )(?<!Change )in jail", said)
    assert page_leads.JAIL_BEDS_NOT_PUBLIC in html.unescape(said)
    assert "With no program at all" not in said

    told = brief(View(released, "public", YEAR))
    assert "jail_beds" not in {answer.page for answer in told.answers}
    assert all(answer.question and answer.lead for answer in told.answers)


def test_a_release_without_goals_is_not_asked_whether_lead_is_on_track(public):
    said = words_on(opened("overview"))
    assert "on track" not in said and "How many people came to LEAD" in said


def test_a_question_without_any_published_number_says_why(released):
    """As of a small county: its page asked, and was silent."""
    bare = replace(released, entries={})
    for page in ("overview", "enrollment", "diversion", "housing", "equity", "neighborhoods"):
        assert answered(page, View(bare, "public", YEAR)).lead == page_leads.not_published(11)


def test_a_part_of_a_question_that_no_number_answers_is_named(released):
    """The overview asked how many arrests were diverted, and said nothing of them."""
    lead = answered("overview", View(released, "public", YEAR)).lead
    assert "were referred to LEAD for the first time" in lead
    assert lead.endswith("Not among the public numbers: People enrolled and Arrests diverted.")


def test_the_months_to_begin_with_are_published_ones(released):
    def standing(*periods):
        """The release with only these periods."""
        tables = {}
        for (series, levels), numbers in released.tables.items():
            kept = {key: number for key, number in numbers.items() if key[0] in periods}
            if kept:
                tables[series, levels] = kept
        entries = {
            name: entry
            for name, entry in released.entries.items()
            if any(series == entry.series for series, _ in tables)
        }
        return replace(released, tables=tables, entries=entries).standard()

    assert (standing("2025").first_month, standing("2025").last_month) == (YEAR.first_month, YEAR.last_month)
    quarter = standing("2025-Q2", "2025-Q3")
    assert (quarter.first_month, quarter.last_month) == (date(2025, 7, 1), date(2025, 9, 1))
    assert standing() is None


def test_the_bulletin_says_of_each_measure_what_the_pages_say_of_the_same_months(published, released):
    """One sentence, which the measure brings along: as the briefing of a release says it, so does the bulletin."""
    bulletins = published / "latest/bulletin/en"
    compared = 0
    for entry in released.entries.values():
        page = bulletins / f"{entry.series}.html"
        big = re.findall(r'<p class="big">(.*?)</p>', page.read_text("utf-8")) if page.exists() else []
        for period in ("2025", "2025-Q4", "2026-Q1"):
            months = Filters(periods.first_month(period), periods.last_month(period), "total")
            said = page_leads.released(View(released, "public", months).figure(entry.metric.name))
            # Only the period is named otherwise: "quarter 4 of 2025", and here its months.
            begins = wording.capital(wording.since(wording.period(None, months)))
            when = f"In {Language('en').period(period)}"
            if said.startswith(begins) and any(html.unescape(each).startswith(when) for each in big):
                said = f"{when}{said.removeprefix(begins)}"
                assert any(html.unescape(each).startswith(said) for each in big), said
                compared += 1
    assert compared


def test_what_is_cited_stays_and_what_was_withdrawn_is_gone(public, published, released):
    """The page of one figure: no script, small, framed by anybody, and of that release for good."""
    said = words_on(opened("enrollment"))
    kept = re.search(rf"release/({re.escape(released.mark)}/bulletin/en/\w+\.html)", said)[1]
    answer = get(web.release_file, {"path": kept})
    assert answer.status_code == 200
    assert "frame-ancestors *" in answer.headers["Content-Security-Policy"]
    page = Path(answer.path).read_text()
    assert len(page.encode()) < 100_000
    assert "<script" not in page.replace('<script type="application/ld+json"', "")
    assert kept.partition("/")[2] in html.unescape(said)
    for unknown in ("2031-01.1", "latest", ".."):
        path = kept.replace(released.mark, unknown)
        assert get(web.release_file, {"path": path}).status_code == 404


def test_the_public_has_its_papers_too(public, released):
    view = View(released, "public", released.standard())
    held = papers.contents(view)
    assert released.mark in held.foot
    assert papers.as_pdf(held).startswith(b"%PDF")
    assert papers.as_pptx(held)
    with ThreadPoolExecutor(1) as apart:  # a browser's tests leave a loop running in this thread
        answer, other = (
            apart.submit(anyio.run, get, web.paper, {"kind": kind}).result() for kind in ("pdf", "doc")
        )
    assert answer.status_code == 200
    assert other.status_code == 404


def routed(address):
    """With what the router adds below each page."""
    router = AppTest.from_file(str(locations.ROOT / "leadstats/ui/router.py"), default_timeout=60).run()
    router.switch_page(f"../../pages/{address}.py").run()
    assert not router.exception
    return words_on(router)


@EVERY_PAGE
def test_no_page_warns_of_what_nobody_asked_for(public, address):
    """A release may lack what a page would show first; that is no fault of the link."""
    file = locations.ROOT / "pages" / f"{address}.py"
    page = AppTest.from_file(str(file), default_timeout=60).run()
    assert not page.warning


def test_what_a_release_leaves_out_is_never_called_not_recorded(public):
    said = routed("equity")
    assert wording.NOT_RECORDED not in said
    assert "Arrests per 1,000 residents" in said


def test_many_titles_that_are_left_out_are_folded(public):
    said = routed("jail_beds")
    assert re.search(r"<summary>Not among the public numbers: \d+ that partners see</summary>", said)


def test_an_embedded_page_is_named_by_its_whole_address(public, monkeypatch):
    monkeypatch.setattr(type(st.context), "url", "https://lead.example.org/app/enrollment?from=2025-01")
    said = html.unescape(words_on(opened("enrollment")))
    assert 'src="https://lead.example.org/app/release/bulletin/en/people_first_referred.html"' in said


def test_a_release_without_any_number_has_pages(published, tmp_path, monkeypatch):
    """As of a county that has loaded its jail alone."""
    releases = tmp_path / "releases"
    shutil.copytree(published, releases, symlinks=True)
    words = releases / "latest/public.json"
    words.write_text(json.dumps(json.loads(words.read_text(encoding="utf-8")) | {"metrics": []}), "utf-8")
    numbers = releases / "latest/public.parquet"
    pyarrow.parquet.write_table(pyarrow.parquet.read_table(numbers).slice(0, 0), numbers)
    monkeypatch.setenv("LEADSTATS_RELEASES", str(releases))
    monkeypatch.setenv("LEADSTATS_DATA", str(tmp_path / "not there"))

    for address in ("overview", "jail_beds", "equity", "explore"):
        assert not opened(address).exception
