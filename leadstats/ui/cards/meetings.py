"""The meetings page: what is open, a meeting of today over the data on the screen, and all that were."""

from datetime import date
from urllib.parse import urlencode

import streamlit as st

from leadstats.briefing import View
from leadstats.briefing.questions import QUESTIONS
from leadstats.meetings import Decision, Meeting, Meetings, Objection
from leadstats.model.settings import Goal
from leadstats.narrative import wording
from leadstats.ui.shell import address, locations, session, sheet
from leadstats.ui.shell.frame import block, section
from leadstats.ui.shell.markup import Markup, items, link, table, tag, text

PARTNERS_ONLY = "Notes and decisions of meetings are for partners; they are in no release."
NONE_OPEN = "No decision is open."
BEGIN = "Hold a meeting over these data"
LATER = "by when is not set"
EACH = {"month": "month", "quarter": "quarter", "year": "year"}


def open_decisions(view: View) -> None:
    """What the next meeting begins with, each with a field for what became of it."""
    if view.database.is_public:
        block(tag("div", tag("p", text(PARTNERS_ONLY)), class_="empty"))
        return
    sheet.current().stop_gathering()
    store, today = _store(), date.today()
    section("Open decisions")
    found = [each for each in store.decisions() if not each.outcome]
    if not found:
        block(tag("p", text(NONE_OPEN)))
    for decision in found:
        told = tag("strong", text(decision.words)) + " " + text(_circumstances(decision, today))
        _settle(store, decision, told, "What became of it")
    if settled := [each for each in store.brought(today) if each.outcome]:
        rows = [(each.words, each.who, each.outcome, wording.day(each.settled_on)) for each in settled]
        head = ("Decision", "Who, by role", "What became of it", "Said on")
        block(table("What became of decisions since the last meeting", head, rows, labels=4))


def objections(view: View) -> None:
    """What readers hold to be wrong of a number, each with a field for what its owner found; then what was found."""
    found = [] if view.database.is_public else _store().objections()
    if not found:
        return
    section("Numbers held to be wrong")
    for objection in found:
        if not objection.outcome:
            which = link(objection.about[0], f"definitions?{objection.view}")
            told = tag("strong", text(objection.words)) + text(f" {_raised(objection)} ") + which
            _settle(_store(), objection, told, "What was found")
    if rows := [(each.about[0], each.words, _raised(each), each.outcome) for each in found if each.outcome]:
        head = ("Number", "What was held to be wrong", "By whom", "What was found")
        block(table("Objections that were answered", head, rows, labels=4))


def _settle(store: Meetings, settled: Decision | Objection, told: Markup, label: str) -> None:
    kind = type(settled).__name__
    with st.form(f"settle {kind} {settled.number}", border=False):
        words, field, button = st.columns((5, 4, 1), vertical_alignment="bottom")
        with words:
            block(tag("p", told))
        outcome = field.text_input(f"{label}: {settled.words}")
        if button.form_submit_button("Save") and outcome.strip():
            store.settle(settled, outcome.strip(), date.today())
            st.rerun()


def _raised(objection: Objection) -> str:
    return f"{objection.who}, {wording.day(objection.raised_on)}."


def begin_meeting(view: View) -> None:
    """A meeting keeps the snapshot, the months and the filters that are on the screen."""
    if view.database.is_public:
        return
    section(
        "A meeting",
        "It keeps the snapshot, the months and the filters that are on the screen, for as long as it stands here.",
    )
    sheet.current().break_off()  # the form is what the heading is for
    asked = [question.words for question in QUESTIONS.values() if question.is_briefed]
    with st.form("begin", border=False):
        day = st.date_input("Day of the meeting", value=date.today())
        agenda = st.multiselect("Questions, in the order in which you take them", asked, default=asked)
        if st.form_submit_button(BEGIN):
            looked_at = urlencode(address.parameters(view), doseq=True)
            _store().hold(day, view.database.mark, looked_at, agenda)
            st.rerun()


def past_meetings(view: View) -> None:
    """All meetings, the latest first and open: notes, decisions, and the way to what it looked at."""
    if view.database.is_public:
        return
    store = _store()
    for place, meeting in enumerate(store.all()):
        with st.expander(f"Meeting of {wording.day(meeting.day)}", expanded=place == 0):
            _meeting(store, meeting)
            _goals(view, store, meeting)


def _meeting(store: Meetings, meeting: Meeting) -> None:
    looked_at = [
        link("What this meeting looked at", f"overview?{meeting.view}"),
        link("as slides", f"overview?{meeting.view}&view=present"),
        link("as packet", f"packet.pdf?{meeting.view}", download=""),
    ]
    block(tag("p", *looked_at, class_="links") + items(meeting.agenda, "ol"))
    _kept(store, meeting)
    with st.form(f"notes {meeting.number}", border=False):
        notes = st.text_area("Notes", meeting.notes, key=f"notes of {meeting.number}")
        if st.form_submit_button("Save the notes"):
            store.note(meeting, notes)
            st.rerun()
    if decided := store.decisions(meeting):
        head = ("Decision", "Who, by role", "Due", "What became of it")
        rows = [(each.words, each.who, _due(each), each.outcome or "open") for each in decided]
        block(table(f"Decisions of {wording.day(meeting.day)}", head, rows, labels=4))
    with st.form(f"decide {meeting.number}", border=False, clear_on_submit=True):
        words = st.text_input("What was decided", key=f"words of {meeting.number}")
        who = st.text_input("Who acts, by role", key=f"who of {meeting.number}")
        due = st.date_input("By when", value=None, key=f"due of {meeting.number}")
        if st.form_submit_button("Add the decision") and words.strip():
            store.decide(meeting, words.strip(), who.strip(), due)
            st.rerun()


def _kept(store: Meetings, meeting: Meeting) -> None:
    """Whether its data are kept, and the way to let them go, which is for a person to say."""
    if meeting.opens != meeting.snapshot:
        block(tag("p", text(session.amended(meeting.snapshot)), class_="note"))
    if meeting.let_go_on:
        block(
            tag(
                "p",
                text(
                    f"Its data were let go on {wording.day(meeting.let_go_on)}: its links may open no more."
                ),
            )
        )
    elif st.button("Its data need not be kept any longer", key=f"let go {meeting.number}"):
        store.let_go(meeting, date.today())
        st.rerun()


def _goals(view: View, store: Meetings, meeting: Meeting) -> None:
    titles = {name: metric.title for name, metric in view.database.metrics.items()}
    if found := store.goals(meeting.day, meeting):
        rows = [
            (
                titles.get(goal.metric, goal.metric),
                wording.amount(goal.value, view.database.metric(goal.metric).unit),
                EACH[goal.by],
                wording.day(goal.due) if goal.due else LATER,
            )
            for goal, _ in found
        ]
        head = ("Number", "Goal", "In each", "By when")
        block(table(f"Goals set on {wording.day(meeting.day)}", head, rows, labels=4))
    with st.form(f"goal {meeting.number}", border=False, clear_on_submit=True):
        ordered = sorted(titles, key=titles.__getitem__)
        number, each = st.columns((3, 1))
        metric = number.selectbox(
            "A goal for", ordered, None, format_func=titles.__getitem__, key=f"goal for {meeting.number}"
        )
        by = each.selectbox("In each", EACH, format_func=EACH.__getitem__, key=f"goal by {meeting.number}")
        value = st.number_input("What it is to reach", value=None, key=f"goal value {meeting.number}")
        due = st.date_input("From when it is to hold", value=None, key=f"goal due {meeting.number}")
        if st.form_submit_button("Set this goal") and metric and value is not None:
            store.set_goal(meeting, Goal(metric, value, by, due=due))
            st.rerun()


def _store() -> Meetings:
    return Meetings(locations.data_folder())


def _due(decision: Decision) -> str:
    return wording.day(decision.due) if decision.due else LATER


def _circumstances(decision: Decision, today: date) -> str:
    late = ", overdue" if decision.due and decision.due < today else ""
    return f"{decision.who}; {_due(decision)}{late}. Decided {wording.day(decision.decided_on)}."
