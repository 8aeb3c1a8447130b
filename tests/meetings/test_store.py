"""Meetings and their decisions outlast builds, versions and each other."""

import os
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date, timedelta

import pytest

from leadstats.cli.commands import main
from leadstats.meetings import Amendment, Meetings
from leadstats.meetings.store import FILE
from leadstats.model.settings import Goal

MAY, JUNE, JULY = date(2026, 5, 4), date(2026, 6, 1), date(2026, 7, 6)


@pytest.fixture
def meetings(tmp_path):
    return Meetings(tmp_path)


def test_before_the_first_meeting_there_is_nothing(meetings):
    assert meetings.all() == []
    assert meetings.open_decisions(MAY) == []
    assert meetings.snapshots() == set()


def test_a_meeting_keeps_what_it_looked_at(meetings):
    meetings.hold(MAY, "aaa", "from=2025-05&to=2026-04", ["Are we on track?", "Who comes?"])
    again = meetings.hold(MAY, "bbb", "from=2025-05&to=2026-04", ["Who comes?"])
    meetings.note(again, "Two managers start in June.")
    meetings.hold(JUNE, "ccc")
    june, may = meetings.all()
    assert (june.day, june.snapshot, june.notes) == (JUNE, "ccc", "")
    assert (may.snapshot, may.agenda, may.notes) == ("bbb", ("Who comes?",), "Two managers start in June.")
    assert meetings.snapshots() == {"bbb", "ccc"}
    assert meetings.day_over("bbb") == MAY
    assert meetings.day_over("zzz") is None


def test_the_next_meeting_opens_with_what_is_due(meetings):
    may = meetings.hold(MAY, "aaa")
    meetings.decide(may, "Ask the county for two managers", "Program director", JULY)
    meetings.decide(may, "Look at waits again", "Health partner", JUNE)
    meetings.decide(may, "Invite the housing authority", "Chair")
    assert meetings.open_decisions(MAY) == []
    due = meetings.open_decisions(JUNE)
    assert [each.words for each in due] == [
        "Look at waits again",
        "Ask the county for two managers",
        "Invite the housing authority",
    ]
    meetings.settle(due[0], "Waits fell to 20 days", JUNE)
    assert [each.who for each in meetings.open_decisions(JULY)] == ["Program director", "Chair"]
    (settled,) = (each for each in meetings.decisions(may) if each.outcome)
    assert (settled.outcome, settled.settled_on) == ("Waits fell to 20 days", JUNE)
    assert len(meetings.open_decisions(JUNE)) == 2
    # A packet of May, made again later, says what was open then.
    assert len(meetings.open_decisions(MAY + timedelta(1))) == 3
    meetings.settle(settled, "", JULY)
    assert len(meetings.open_decisions(JULY)) == 3


def test_an_objection_stands_until_somebody_says_what_was_found(meetings):
    assert meetings.objections() == []
    about = ("People referred (people_referred)", "Snapshot or release aaa.")
    meetings.object("people_referred", about, "metric=people_referred", "Too few", "Defender", MAY)
    meetings.object("people_enrolled", about, "metric=people_enrolled", "Too many", "Chair", JUNE)
    first, second = meetings.objections()
    assert (first.words, first.raised_on, second.about, second.who) == ("Too many", JUNE, about, "Defender")
    meetings.settle(first, "One export was loaded twice", JULY)
    assert [each.words for each in meetings.objections()] == ["Too few", "Too many"]
    (found,) = meetings.objections("people_enrolled")
    assert (found.outcome, found.settled_on) == ("One export was loaded twice", JULY)
    assert meetings.decisions() == []


def test_a_store_of_the_first_version_is_brought_up_to_date(meetings, tmp_path):
    meetings.hold(MAY, "aaa")
    with closing(sqlite3.connect(tmp_path / FILE)) as store, store:
        store.execute("DROP TABLE objection")
        store.execute("PRAGMA user_version = 1")
    meetings.object("people_referred", (), "", "Too few", "Defender", MAY)
    assert len(meetings.objections()) == len(meetings.all()) == 1


def test_several_people_write_at_once(meetings):
    may = meetings.hold(MAY, "aaa")
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda number: meetings.decide(may, f"Step {number}", "Chair"), range(20)))
    assert len(meetings.decisions(may)) == 20


def test_a_backup_is_whole(meetings, tmp_path):
    may = meetings.hold(MAY, "aaa")
    meetings.decide(may, "Look again", "Chair")
    meetings.back_up(tmp_path / "copies" / FILE)
    assert Meetings(tmp_path / "copies").decisions() == meetings.decisions()


def test_a_file_of_a_later_version_is_left_alone(meetings, tmp_path):
    meetings.hold(MAY, "aaa")
    with closing(sqlite3.connect(tmp_path / FILE)) as store:
        store.execute("PRAGMA user_version = 99")
    with pytest.raises(OSError, match="later version"):
        meetings.hold(MAY + timedelta(1), "bbb")


def test_the_command_copies_what_no_export_can_give_again(tmp_path, capsys):
    data, copies = tmp_path / "data", tmp_path / "copies"
    Meetings(data).hold(MAY, "aaa")
    (data / "settings").mkdir()
    (data / "settings" / "00001.json").write_text("{}")
    (data / "program-aaa.duckdb").write_text("people")
    assert main(["backup", "--data", str(data), "--to", str(copies)]) == 0
    assert sorted(path.name for path in copies.iterdir()) == [FILE, "settings"]
    assert [each.snapshot for each in Meetings(copies).all()] == ["aaa"]
    assert main(["backup", "--data", str(tmp_path / "none"), "--to", str(copies)]) == 4


def test_what_a_meeting_looked_at_is_kept(program):
    """Builds after it forget other old data, but not these."""
    marks = []
    for number in range(6):
        program.add(referral=[{"referral_id": f"{number}", "person_id": f"{number}"}])
        program.build()
        marks.append(program.database.mark)
        if number == 1:
            Meetings(program.data).hold(MAY, marks[1])
    kept = {path.name for path in program.data.glob("program-*.duckdb")}
    assert any(marks[1] in name for name in kept)
    assert not any(marks[0] in name for name in kept)
    assert len(kept) == 4


def test_a_meeting_begins_with_what_became_of_decisions_since_the_one_before(meetings):
    may = meetings.hold(MAY, "aaa")
    meetings.decide(may, "Look at waits", "Health partner", JUNE)
    meetings.decide(may, "Ask for managers", "Program director", JULY)
    waits, managers = meetings.decisions(may)
    meetings.settle(waits, "They fell", JUNE + timedelta(2))
    meetings.hold(JUNE, "bbb")
    # Of June, made again later: what was not known then is open.
    assert [(each.words, each.outcome) for each in meetings.brought(JUNE)] == [
        ("Look at waits", ""),
        ("Ask for managers", ""),
    ]
    assert [(each.words, each.outcome) for each in meetings.brought(JULY)] == [
        ("Ask for managers", ""),
        ("Look at waits", "They fell"),
    ]
    meetings.hold(JULY, "ccc")
    meetings.settle(managers, "Two came", JULY)
    # Told once, in the meeting after.
    assert [each.words for each in meetings.brought(JULY + timedelta(30))] == []
    assert [each.words for each in meetings.brought(JULY)] == ["Look at waits", "Ask for managers"]


def test_a_goal_belongs_to_the_meeting_that_set_it_and_the_later_stands(meetings):
    may, june = meetings.hold(MAY, "aaa"), meetings.hold(JUNE, "bbb")
    meetings.set_goal(may, Goal("people_enrolled", 40, "month", due=JULY))
    meetings.set_goal(may, Goal("people_enrolled", 42, "month", due=JULY))
    meetings.set_goal(may, Goal("people_enrolled", 120, "quarter"))
    meetings.set_goal(june, Goal("people_enrolled", 45, "month"))
    found = {(goal.by, goal.value, goal.due, day) for goal, day in meetings.goals(JULY)}
    assert found == {("month", 45.0, None, JUNE), ("quarter", 120.0, None, MAY)}
    assert [goal.value for goal, _ in meetings.goals(MAY)] == [42, 120]
    assert [goal.value for goal, _ in meetings.goals(JULY, june)] == [45]
    assert meetings.goals(MAY - timedelta(1)) == []


def test_data_of_a_meeting_are_kept_until_a_person_lets_them_go(meetings):
    may, june = meetings.hold(MAY, "aaa"), meetings.hold(JUNE, "bbb")
    meetings.let_go(may, JULY)
    meetings.let_go(may, JULY + timedelta(1))
    assert meetings.snapshots() == {"bbb"}
    assert [each.let_go_on for each in meetings.all()] == [None, JULY]
    # Another meeting over the same data keeps them.
    meetings.hold(JULY, "aaa")
    assert meetings.snapshots() == {"aaa", "bbb"}
    assert june.let_go_on is None


def test_what_was_amended_twice_opens_in_the_last(meetings):
    meetings.hold(MAY, "aaa")
    meetings.amend("bbb", JUNE)
    meetings.hold(JUNE, "bbb")
    meetings.amend("ccc", JULY)
    assert meetings.amendment("aaa") == Amendment("ccc", JULY)
    assert meetings.amendment("bbb") == Amendment("ccc", JULY)
    assert meetings.amendment("ccc") == Amendment("ccc", JULY)
    assert meetings.amendment("ddd") is None
    assert meetings.snapshots() == {"ccc"}
    # A link that was copied while "bbb" stood for "aaa" opens as well, and whose data they are is known.
    assert [(each.snapshot, each.opens) for each in meetings.all()] == [("bbb", "ccc"), ("aaa", "ccc")]
    assert meetings.day_over("ccc") == JUNE


def test_a_link_to_what_stood_for_a_meetings_data_is_carried_on(meetings):
    meetings.hold(MAY, "aaa")
    meetings.amend("bbb", JUNE)
    meetings.amend("ccc", JULY)
    assert meetings.amendment("bbb") == Amendment("ccc", JULY)


def test_what_was_read_is_read_again_after_any_change(meetings):
    meetings.hold(MAY, "1")
    before = meetings.path.stat()
    assert [each.snapshot for each in meetings.all()] == ["1"]
    meetings.hold(MAY, "2")
    os.utime(meetings.path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert [each.snapshot for each in meetings.all()] == ["2"]
