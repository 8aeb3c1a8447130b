"""The meetings page: held over what is on the screen, noted, decided, and settled the next time."""

import shutil
from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from leadstats.cli.commands import main
from leadstats.counting.database import open_database
from leadstats.meetings import Meetings
from leadstats.meetings.store import FILE

PAGE = Path(__file__).parents[2] / "pages" / "meetings.py"
QUERY = {"from": "2025-01", "to": "2025-06", "place": "Mill Row"}


@pytest.fixture
def data(county, tmp_path, monkeypatch):
    folder = shutil.copytree(county, tmp_path / "data")
    monkeypatch.setenv("LEADSTATS_DATA", str(folder))
    return folder


def opened(query=QUERY, page=PAGE, **more):
    page = AppTest.from_file(str(page), default_timeout=60)
    page.query_params.update({**query, **more})
    page.run()
    assert not page.exception
    return page


def words(page):
    return "\n".join(each.value for each in page.markdown)


def button(page, label):
    return next(each for each in page.button if each.label == label)


def field(page, label):
    return next(each for each in (*page.text_input, *page.text_area) if each.label.startswith(label))


def test_a_heading_stands_above_the_fields_it_is_for(data):
    """Also through the router, which gathers what stands above the fields."""
    for page in (PAGE, PAGE.parents[1] / "leadstats" / "ui" / "router.py"):
        app = AppTest.from_file(str(page), default_timeout=60).run()
        if page != PAGE:
            app.switch_page(f"../../pages/{PAGE.name}").run()
        order = list(app.main)
        (heading,) = (
            at for at, each in enumerate(order) if "It keeps the snapshot" in str(getattr(each, "value", ""))
        )
        (fields,) = (at for at, each in enumerate(order) if each.type == "date_input")
        assert heading < fields


def test_a_meeting_is_held_noted_and_decided(data):
    page = opened()
    assert "No decision is open." in words(page)
    assert not (data / FILE).exists()  # looking writes nothing
    button(page, "Hold a meeting over these data").click().run()
    (meeting,) = Meetings(data).all()
    assert meeting.day == date.today()
    assert "from=2025-01&to=2025-06&place=Mill+Row" in meeting.view
    assert meeting.snapshot in meeting.view
    assert meeting.agenda[0] == "Are we on track?"

    field(page, "Notes").set_value("Waits grew.")
    button(page, "Save the notes").click().run()
    field(page, "What was decided").set_value("Ask for <b>two</b> managers")
    field(page, "Who acts").set_value("Program director")
    button(page, "Add the decision").click().run()
    assert not page.exception
    assert Meetings(data).all()[0].notes == "Waits grew."
    assert "Ask for &lt;b&gt;two&lt;/b&gt; managers" in words(page)

    field(page, "What became of it").set_value("Two came in June")
    button(page, "Save").click().run()
    (decision,) = Meetings(data).decisions()
    assert decision.outcome == "Two came in June"
    assert "No decision is open." in words(page)


def test_a_reader_says_from_a_card_what_is_wrong_and_the_owner_answers(data):
    enrollment = opened(page=PAGE.with_name("enrollment.py"))
    link = 'href="definitions?metric=people_referred&amp;wrong=yes&amp;from=2025-01&amp;to=2025-06&amp;place=Mill+Row'
    assert link in words(enrollment)

    card = opened(page=PAGE.with_name("definitions.py"), metric="people_referred", wrong="yes")
    (lines,) = (each.value for each in card.code)
    snapshot = open_database(data).mark
    for told in ("(people_referred)", "Mill Row", "January to June 2025", snapshot, "Definition, version 1"):
        assert told in lines
    field(card, "What is wrong").set_value("Our <b>list</b> has four more")
    field(card, "Who says so").set_value("Intake supervisor")
    button(card, "Keep the objection").click().run()
    assert "Our &lt;b&gt;list&lt;/b&gt; has four more (not answered yet)" in words(card)

    page = opened()
    assert "Numbers held to be wrong" in words(page)
    field(page, "What was found").set_value("A file of May was missing")
    button(page, "Save").click().run()
    (objection,) = Meetings(data).objections()
    assert (objection.metric, objection.outcome) == ("people_referred", "A file of May was missing")
    assert "Objections that were answered" in words(page)


def test_the_public_reads_nothing_of_meetings(data):
    Meetings(data).note(Meetings(data).hold(date(2025, 7, 1), "aaa"), "Between us")
    (data / "preview").mkdir()
    page = AppTest.from_file(str(PAGE), default_timeout=60)
    page.query_params["audience"] = "public"
    page.run()
    assert "Between us" not in words(page)
    assert not page.button


def test_a_goal_set_in_a_meeting_is_held_against_its_number_everywhere(data):
    mark = open_database(data).mark
    Meetings(data).hold(date.today(), mark)
    page = opened()
    next(each for each in page.selectbox if each.label == "A goal for").set_value("people_enrolled")
    page.number_input[0].set_value(1.0)
    button(page, "Set this goal").click().run()
    assert not page.exception
    assert "Goals set on" in words(page)

    overview = words(opened({"from": "2025-01", "to": "2025-06"}, PAGE.with_name("overview.py")))
    assert "Goals of the program and where it stands" in overview
    assert "Meeting of " in overview
    assert main(["brief", "--data", str(data), "--format", "json"]) == 0


def test_data_are_let_go_and_amended_data_say_so(data):
    store, mark = Meetings(data), open_database(data).mark
    store.hold(date(2026, 1, 5), "0123456789", "from=2025-01&to=2025-06&snapshot=0123456789")
    store.amend(mark, date(2026, 2, 2))
    page = opened()
    said = "Amended on 2 February 2026: the record of a sealed or expunged person was taken out of all data"
    assert said in words(page)
    button(page, "Its data need not be kept any longer").click().run()
    assert store.snapshots() == set()
    assert "Its data were let go on" in words(page)

    pinned = opened({"snapshot": "0123456789"}, PAGE.with_name("overview.py"))
    assert said in words(pinned) and f"Snapshot {mark} stands in their place" in words(pinned)
    assert not pinned.warning
    pinned.run()  # and it goes on saying so, under the address that it has now
    assert pinned.query_params["snapshot"] == mark
    assert said in words(pinned)
    assert f"Snapshot {mark}" in words(pinned)
