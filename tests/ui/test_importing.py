"""The Import page: files taken in or refused, looked at in a process of their own, asked about and built."""

import contextlib
import io
import json
from pathlib import Path

import pytest
from county import HOSTILE
from streamlit.testing.v1 import AppTest

from leadstats.cli.commands import main
from leadstats.counting.view import ANALYST, GROUP, OPERATIONS
from leadstats.ui.shell import inbox_store as inbox_store
from leadstats.ui.shell import session
from leadstats.ui.shell.inbox_store import InboxStore
from leadstats.ui.shell.locations import ROOT

DIVERSIONS = "Case No,Defendant ID,Referral Date,Race\n" + "".join(
    f"{n},QZX{n},{1 + n % 12}/{14 + n % 14}/2025,{'WB'[n % 2]}\n" for n in range(60)
)


@pytest.fixture
def store(tmp_path):
    return InboxStore(tmp_path / "inbox", tmp_path / "data")


def take(store, name, content=b"a,b\n1,2\n", size=None):
    return store.take(name, len(content) if size is None else size, io.BytesIO(content))


# What is taken in


def test_a_file_is_taken_in_and_replaced_by_its_next_version(store):
    assert take(store, "jail.csv") is None
    assert take(store, "jail.csv", b"a\n") is None

    assert store.files() == [("jail.csv", 2)]
    assert [path.name for path in store.inbox.iterdir()] == ["jail.csv"]


@pytest.mark.parametrize(
    "name",
    [
        "../jail.csv", "/etc/jail.csv", "in/jail.csv", "..\\jail.csv", "C:\\jail.csv", "..", ".bashrc.csv", "~$jail.csv",
        "NUL.csv", "com1.csv", "jail\n.csv", "jail\0.csv", "jail.exe", "jail", "other.toml", "x" * 200 + ".csv", "",
    ],
)  # fmt: skip
def test_a_name_that_is_a_trick_is_refused(store, name):
    found = take(store, name)

    assert found.code == "LD-118" and found.file.isprintable()
    assert not list(store.inbox.parent.rglob("*.*"))


def test_too_much_is_refused(store, monkeypatch):
    assert take(store, "jail.csv", size=inbox_store.BYTES_EACH + 1).code == "LD-118"
    monkeypatch.setattr(inbox_store, "FILES", 2)
    monkeypatch.setattr(inbox_store, "BYTES_ALL", 20)
    assert take(store, "one.csv") is None
    assert "in all" in take(store, "two.csv", b"x" * 15).value
    assert take(store, "two.csv", b"x") is None
    assert "files" in take(store, "three.csv", b"x").value


def test_an_upload_replaces_a_link_and_does_not_follow_it(store, tmp_path):
    outside = tmp_path / "outside.csv"
    outside.write_text("kept")
    store.inbox.mkdir()
    (store.inbox / "jail.csv").symlink_to(outside)

    assert take(store, "jail.csv") is None
    assert outside.read_text() == "kept"


def test_only_files_of_the_inbox_can_be_taken_out(store, tmp_path):
    (tmp_path / "other.csv").write_text("kept")
    take(store, "jail.csv")

    store.discard("../other.csv")
    store.discard("jail.csv")

    assert (tmp_path / "other.csv").exists()
    assert store.files() == []


# What reads it


def test_a_process_that_needs_too_much_is_ended_and_told(store, monkeypatch):
    take(store, "jail.csv")
    monkeypatch.setattr(inbox_store, "MEMORY", 50_000_000)

    assert store.plan({})["failed"]["code"] == "LD-119"


def test_a_process_that_takes_too_long_is_ended_and_told(store, monkeypatch):
    take(store, "jail.csv")
    monkeypatch.setattr(inbox_store, "LOOKING", 0)

    assert store.plan({})["failed"]["code"] == "LD-119"


def test_progress_is_heard_and_the_report_is_that_of_the_command_line(store):
    take(store, "contact.csv", b"contact_id,person_id,contacted_on\n1,1,2026-01-05\n")
    heard = []

    report = store.check(lambda doing, share: heard.append((doing, share)))

    assert report["files"][0]["loaded"] == 1
    assert heard and heard[-1][1] == 1
    assert [share for _, share in heard] == sorted(share for _, share in heard)


# Who may


@pytest.mark.parametrize(
    ("audience", "environment", "may"),
    [
        (ANALYST, {"LEADSTATS_INBOX": "inbox"}, True),
        (GROUP, {"LEADSTATS_INBOX": "inbox"}, False),
        (OPERATIONS, {"LEADSTATS_INBOX": "inbox"}, False),
        ("public", {"LEADSTATS_INBOX": "inbox"}, False),
        (ANALYST, {}, False),
        (ANALYST, {"LEADSTATS_INBOX": "inbox", "LEADSTATS_RELEASES": "releases"}, False),
    ],
)
def test_exports_are_taken_in_for_staff_alone(monkeypatch, audience, environment, may):
    for name in ("LEADSTATS_INBOX", "LEADSTATS_RELEASES"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    assert (session.inbox_store(audience) is not None) == may


def run_here(store: InboxStore, seconds: int, *command: str, tell=None) -> dict:
    """What a process of its own would print. Most of its time is to read all code anew; it is tested above, and with
    this page before it in the browser."""
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        main([*command, "--format", "json"])
    return json.loads(printed.getvalue())


def page_for(monkeypatch, folder: Path, audience: str = ANALYST, query=()) -> AppTest:
    monkeypatch.setenv("LEADSTATS_DATA", str(folder / "data"))
    monkeypatch.setenv("LEADSTATS_INBOX", str(folder / "inbox"))
    monkeypatch.setenv("LEADSTATS_AUDIENCE", audience)
    monkeypatch.setattr(InboxStore, "_run", run_here)
    page = AppTest.from_file(str(ROOT / "pages" / "import.py"), default_timeout=300)
    for key, value in dict(query).items():
        page.query_params[key] = value
    page.run()
    assert not page.exception, page.exception
    return page


def words_on(page: AppTest) -> str:
    return "\n".join(element.value for element in page.markdown)


def press(page: AppTest, name: str) -> AppTest:
    next(button for button in page.button if button.label == name).click()
    page.run()
    assert not page.exception, page.exception
    return page


def test_a_link_cannot_open_it_for_partners_and_can_close_it_for_staff(program, monkeypatch):
    program.add(referral=[{}]).build()
    folder = program.data.parent

    for audience, query in ((GROUP, {"audience": ANALYST}), (ANALYST, {"audience": GROUP})):
        page = page_for(monkeypatch, folder, audience, query)
        assert "by staff alone" in words_on(page)
        assert not page.button and not page.get("file_uploader")


def test_an_empty_inbox_says_how_to_begin(monkeypatch, tmp_path):
    page = page_for(monkeypatch, tmp_path)

    assert "The inbox is empty." in words_on(page)
    assert "How do our own exports get in?" in words_on(page)


def test_an_export_of_an_unknown_system_goes_from_the_page_into_the_numbers(monkeypatch, tmp_path):
    page = page_for(monkeypatch, tmp_path)
    page.file_uploader[0].upload("Diversions 2025.csv", DIVERSIONS.encode()).run()
    said = words_on(page)
    assert "1 of 1 file recognized" in said and "one question is left" in said
    assert "Diversions 2025.csv: new, one row is one referral to LEAD" in said
    assert "QZX" not in said
    assert next(button for button in page.button if button.label == "Use this mapping").disabled

    page.selectbox(key="answer Diversions *.csv: pathway").select("jail_or_court")
    press(page, "Answer")
    press(page, "Use this mapping")
    assert 'pathway = "jail_or_court"' in (tmp_path / "inbox" / "mapping.toml").read_text()
    assert "nothing has to be asked" in words_on(page)

    press(page, "Check the files")
    assert "What becomes of every row" in words_on(page)
    press(page, "Build")
    said = words_on(page)
    assert "The new data are in force, with data through" in said
    assert "Analyst" in said or "analyst" in said  # the band of pages with data
    assert (tmp_path / "data" / "current").exists()


def test_another_column_can_be_chosen_than_the_page_proposes(monkeypatch, tmp_path):
    (tmp_path / "inbox").mkdir()
    content = "Ref No,Client ID,Referral Date,Received Date,Referral Type\n1,7,2026-01-31,2026-02-01,Court\n"
    (tmp_path / "inbox" / "Referrals.csv").write_text(content)
    page = page_for(monkeypatch, tmp_path)

    page.selectbox(key="change_what_0").select("Referrals.csv: referred_on").run()
    page.selectbox(key="change_to_Referrals.csv: referred_on").select("Received Date")
    press(page, "Change it")

    assert "Received Date" in words_on(page)
    press(page, "Use this mapping")
    assert 'referred_on = "Received Date"' in (tmp_path / "inbox" / "mapping.toml").read_text()


def test_each_step_can_be_taken_back(monkeypatch, tmp_path):
    page = page_for(monkeypatch, tmp_path)
    page.file_uploader[0].upload("Diversions 2025.csv", DIVERSIONS.encode()).run()
    labels = lambda: [button.label for button in page.button]  # noqa: E731
    assert not any(label.startswith(("Take back", "Put back")) for label in labels())

    page.selectbox(key="answer Diversions *.csv: pathway").select("jail_or_court")
    press(page, "Answer")
    assert "one question is left" not in words_on(page)
    press(page, "Take back the last answers")
    assert "one question is left" in words_on(page)

    page.selectbox(key="answer Diversions *.csv: pathway").select("community")
    press(page, "Answer")
    press(page, "Use this mapping")
    press(page, "Put back the mapping as it was before it was last saved")
    assert not (tmp_path / "inbox" / "mapping.toml").exists()
    assert "one question is left" in words_on(page)


def test_labels_of_files_stay_text(monkeypatch, tmp_path):
    (tmp_path / "inbox").mkdir()
    name = "<img src=x onerror=hit()>![x](http:outside.example).csv"
    content = f'"{HOSTILE.replace(chr(34), chr(34) * 2)}",Client ID,Referral Date,Referral Type\n1,7,2026-01-31,<b>bold</b>\n'
    (tmp_path / "inbox" / name).write_text(content)

    page = page_for(monkeypatch, tmp_path)

    said = words_on(page)
    assert "<img" not in said and "<b>" not in said
    assert "&lt;img" in said
    for box in page.selectbox:
        assert "![x](" not in (box.label or "") or box.proto.label_visibility.value, box.label


def test_an_empty_page_leads_staff_to_the_import_page_and_nobody_else(monkeypatch, tmp_path):
    monkeypatch.setenv("LEADSTATS_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("LEADSTATS_INBOX", str(tmp_path / "inbox"))
    for audience, leads in ((ANALYST, True), (GROUP, False)):
        monkeypatch.setenv("LEADSTATS_AUDIENCE", audience)
        page = AppTest.from_file(str(ROOT / "pages" / "overview.py"), default_timeout=60).run()
        assert ('href="import"' in words_on(page)) == leads


REFERRALS = "referral_id,person_id,referred_on,pathway\n"


def referrals(count: int) -> bytes:
    rows = (f"{n},P{n},2026-{1 + n % 6:02}-{1 + n % 28:02},community\n" for n in range(count))
    return (REFERRALS + "".join(rows)).encode()


def test_the_headlines_stand_there_before_they_are_in_force(monkeypatch, tmp_path, store):
    take(store, "referral.csv", referrals(90))
    page = press(page_for(monkeypatch, tmp_path), "Check the files")
    assert "People referred" in words_on(page) and "With these files" in words_on(page)
    press(page, "Build")
    first = (store.data / "current").read_text()

    take(store, "referral.csv", referrals(30))
    page = press(page_for(monkeypatch, tmp_path), "Check the files")
    assert "look again" in words_on(page)
    assert "Build" not in [button.label for button in page.button]
    assert (store.data / "current").read_text() == first

    page.checkbox(key="confirm_held").check().run()
    press(page, "Build")
    assert (store.data / "current").read_text() != first
