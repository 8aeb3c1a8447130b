"""The Settings page: checked as typed, saved by a role, put back from its history."""

import pytest
from streamlit.testing.v1 import AppTest

from leadstats.counting.view import ANALYST, GROUP
from leadstats.model import declarations
from leadstats.model.settings import Identity, Site, read_site
from leadstats.ui.import_page.settings_form import OF_THE_SAMPLE, QUESTIONS
from leadstats.ui.shell.inbox_store import InboxStore
from leadstats.ui.shell.locations import ROOT

WRITTEN = '# by hand\nname = "Lake County LEAD"\n\n[[goals]]\nmetric = "people_enrolled"\nvalue = 12\n'


@pytest.fixture
def store(tmp_path):
    found = InboxStore(tmp_path / "inbox", tmp_path / "data")
    found.save_settings(WRITTEN, "Data office")
    return found


def page_for(monkeypatch, store: InboxStore, audience: str = ANALYST) -> AppTest:
    monkeypatch.setenv("LEADSTATS_DATA", str(store.data))
    monkeypatch.setenv("LEADSTATS_INBOX", str(store.inbox))
    monkeypatch.setenv("LEADSTATS_AUDIENCE", audience)
    return AppTest.from_file(str(ROOT / "pages" / "settings.py"), default_timeout=60).run()


def words_on(page: AppTest) -> str:
    return " ".join(
        [*(each.proto.body for each in page.get("html")), *(each.value for each in page.markdown)]
    )


def test_settings_are_for_staff_alone(monkeypatch, store):
    page = page_for(monkeypatch, store, GROUP)

    assert not page.text_input and not page.button
    assert "Lake County" not in words_on(page)


def test_what_is_typed_is_told_before_it_is_saved(monkeypatch, store):
    page = page_for(monkeypatch, store)
    assert "Nothing has been changed" in words_on(page)

    page.text_input(key="setting name").set_value("Lake County").run()
    assert "name: Lake County LEAD to Lake County" in words_on(page)
    assert page.button(key="save_settings").disabled

    page.text_input(key="settings_role").set_value("Data office").run()
    page.button(key="save_settings").click().run()
    assert store.settings() == WRITTEN.replace("Lake County LEAD", "Lake County")
    assert "Saved." in words_on(page)


def test_what_does_not_fit_is_named_and_not_saved(monkeypatch, store):
    page = page_for(monkeypatch, store)

    page.date_input(key="setting baseline first").set_value("2020-01-01").run()

    assert "first and last, or neither" in words_on(page)
    assert "save_settings" not in [each.key for each in page.button]


def test_earlier_settings_can_be_put_back(monkeypatch, store):
    store.save_settings(WRITTEN.replace("12", "15"), "Coordinating group")
    page = page_for(monkeypatch, store)
    assert "value 12" in words_on(page) and "value 15" in words_on(page)

    page.button(key="put_back 00002").click().run()

    assert store.settings() == WRITTEN


def test_a_file_that_cannot_be_read_can_still_be_put_right(monkeypatch, store):
    store.save_settings('name = "Lake', "by hand")
    page = page_for(monkeypatch, store)
    assert "LD-108" in words_on(page)

    page.button(key="put_back 00002").click().run()

    assert store.settings() == WRITTEN


def test_every_setting_is_asked_for():
    asked = [key for questions in QUESTIONS.values() for key in questions]
    assert sorted([*asked, *OF_THE_SAMPLE]) == sorted(declarations.keys(Site))


def test_lists_are_written_as_lists(monkeypatch, store):
    page = page_for(monkeypatch, store)

    page.text_area(key="setting charge_order").set_value("Felony\n\n Misdemeanor ").run()
    page.multiselect(key="setting identity ignore").set_value(["leading zeros"]).run()
    page.text_input(key="settings_role").set_value("Data office").run()
    page.button(key="save_settings").click().run()

    site = read_site(store.settings().encode())
    assert site.charge_order == ("Felony", "Misdemeanor")
    assert site.identity == Identity(ignore=("leading zeros",))
    assert store.settings().startswith("# by hand")
