"""The evidence page: what each study was, odds as people, and nothing local."""

import ast
import tomllib

import pytest
from conftest import Program
from streamlit.testing.v1 import AppTest

from leadstats.ui.shell.locations import ROOT

FOUND = tomllib.loads((ROOT / "docs" / "evidence.toml").read_text(encoding="utf-8"))


@pytest.fixture
def page(tmp_path, monkeypatch):
    program = Program(tmp_path).add(referral=[{}])
    program.build()
    monkeypatch.setenv("LEADSTATS_DATA", str(program.data))
    return AppTest.from_file(str(ROOT / "pages" / "evidence.py"), default_timeout=60)


def words_on(page):
    assert not page.exception, page.exception
    return "\n".join(element.value for element in page.markdown)


def test_every_study_says_how_it_was_made_and_what_it_did_not_find():
    studies = [study for chapter in FOUND["chapters"] for study in chapter["studies"]]
    assert len(studies) > 8
    for study in studies:
        assert {"Design", "Not found", "Source"} <= set(study["facts"]), study["says"]


def test_each_quoted_number_stands_with_what_it_was(page):
    said = words_on(page.run())
    quoted = FOUND["quoted"]["claims"]
    assert [claim["claim"].split()[-1] for claim in quoted] == ["58%", "39%", "87%", "89%", "33%"]
    for claim in quoted:
        assert {"was", "measure", "design", "people", "window", "missing"} < set(claim)
        assert claim["claim"] in said and claim["missing"] in said


def test_the_slider_turns_odds_into_people(page):
    said = words_on(page.run())
    assert (
        "If 50 of 100 are arrested again in a comparison group, odds 58% lower mean 30 of 100: 41% fewer people"
        in said
    )
    assert "50 of 100 are odds of 1.0 to 1. 58% lower odds are 0.42 to 1." in said
    said = words_on(page.select_slider[0].set_value("90").run())
    assert "mean 79 of 100: 12% fewer people" in said  # not 58%
    said = words_on(page.select_slider[0].set_value("10").run())
    assert "mean 4 of 100: 55% fewer people" in said


def test_the_chance_of_the_slider_stands_in_the_address(page):
    page.query_params["chance"] = ["80"]
    assert "If 80 of 100 are arrested again" in words_on(page.run())


@pytest.mark.parametrize("room", ["ui/cards", "briefing"])
def test_no_local_number_is_asked_for(room):
    tree = ast.parse((ROOT / "leadstats" / room / "evidence.py").read_text(encoding="utf-8"))
    called = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    assert not called & {"answer", "published", "figure", "figures", "equity", "compared", "measure", "rows"}
