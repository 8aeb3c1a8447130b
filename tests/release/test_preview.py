"""The next release, seen before it is published: through the command line, and on the pages of partners."""

import json

import pytest
from streamlit.testing.v1 import AppTest

from leadstats.cli.commands import main
from leadstats.ui.shell.locations import ROOT
from tests.pages import words_on


def opened(address: str) -> AppTest:
    """As an audience that a link has lowered."""
    page = AppTest.from_file(str(ROOT / "pages" / f"{address}.py"), default_timeout=60)
    page.query_params["audience"] = "public"
    page.run()
    assert not page.exception, page.exception
    return page


@pytest.fixture
def partners(county, monkeypatch):
    monkeypatch.setenv("LEADSTATS_DATA", str(county.first))
    for name in ("LEADSTATS_RELEASES", "LEADSTATS_INBOX", "LEADSTATS_AUDIENCE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="module")
def previewed(county):
    asked = ["release", "--data", str(county.first), "--preview", "--plan", str(county.plan)]
    assert main(asked) == 0
    return county.first / "preview"


def test_without_a_preview_the_page_names_the_command_that_writes_one(partners, tmp_path, monkeypatch):
    monkeypatch.setenv("LEADSTATS_DATA", str(tmp_path))
    said = words_on(opened("overview"))

    assert "There is no preview of the next release" in said
    assert "python -m leadstats release --data DATA --preview" in said


def test_a_preview_holds_what_a_release_would_and_publishes_nothing(previewed, published, capsys):
    (folder,) = (path for path in previewed.iterdir() if path.is_dir() and not path.is_symlink())
    about, released = (
        json.loads((path / "public.json").read_text()) for path in (folder, published / "latest")
    )

    assert about["release"] == released["release"]
    assert about["metrics"] == released["metrics"]
    assert (folder / "public.parquet").read_bytes() == (published / "latest" / "public.parquet").read_bytes()
    assert (folder / "certificate.json").is_file()
    assert "nobody so far approved the release" in json.dumps(about["notes"])


def test_partners_see_the_public_numbers_and_that_nobody_approved_them(previewed, partners):
    said = words_on(opened("overview"))

    assert "Preview of the next public release: not approved, not published" in said
    assert "People referred for the first time" in said
    assert "Coordinating group view" not in said


def test_a_preview_is_not_handed_out(previewed, partners):
    said = words_on(opened("data_quality"))

    assert "How much is shown" in said
    assert "Downloads" not in said


def test_the_next_preview_takes_the_place_of_the_last_and_goes_on_from_the_releases(
    county, previewed, published, partners, capsys
):
    before = {path.name for path in previewed.iterdir()}
    asked = ["release", "--data", str(county.first), "--preview", "--plan", str(county.plan)]
    assert main([*asked, "--to", str(published)]) == 0

    assert "Not published, to be seen in" in capsys.readouterr().out
    folders = [path for path in previewed.iterdir() if path.is_dir() and not path.is_symlink()]
    assert len(folders) == 1 and folders[0].name not in before
    about = json.loads((folders[0] / "public.json").read_text())
    assert about["release"].endswith(".2")
    assert len([path for path in published.iterdir() if path.is_dir() and not path.is_symlink()]) == 1
    assert "People referred for the first time" in words_on(opened("overview"))


def test_the_audience_stays_lowered_on_the_pages_that_are_opened_from_there(previewed, partners):
    router = AppTest.from_file(str(ROOT / "leadstats" / "ui" / "router.py"), default_timeout=60)
    router.query_params["audience"] = "public"
    router.run()
    for address in ("enrollment", "housing"):
        router.switch_page(f"../../pages/{address}.py").run()
        assert not router.exception
        assert "Preview of the next public release" in words_on(router)
        assert router.query_params["audience"] == "public"


@pytest.mark.parametrize(
    "options",
    [(), ("--data", "x"), ("--preview",), ("--rollback", "2026-01.1"), ("--data", "x", "--to", "y")],
)
def test_half_a_command_is_told_what_it_lacks(options, capsys):
    assert main(["release", *options]) == 2
    assert "--data and --preview" in capsys.readouterr().err
