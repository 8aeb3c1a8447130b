"""The Import page: exports dropped, recognized, asked about, checked and built. No file is read here."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import streamlit as st

from leadstats.narrative import wording
from leadstats.ui.import_page import import_report
from leadstats.ui.shell.frame import block, changing, section
from leadstats.ui.shell.inbox_store import BYTES_EACH, FILES, InboxStore
from leadstats.ui.shell.markup import Markup, items, link, tag, text

ANSWERS, EARLIER, PLAN, CHECK, WANTED, BUILT, DROPS, TAKEN = (
    f"import_{name}"
    for name in ("answers", "earlier", "plan", "check", "check_wanted", "built", "drops", "taken")
)
NOT_HERE = (
    "Exports are taken in by staff alone, where whoever starts the app names a folder for them: "
    "make import. Everything on this page can also be done on the command line, see docs/mapping.md."
)
UNANSWERED = "(choose)"


def take_in(store: InboxStore | None) -> None:
    """Drop, list and take out files. Draws the whole page of those who may not."""
    if store is None:
        block(tag("div", tag("p", text(NOT_HERE)), class_="empty"))
        return
    section("1. Your exports")
    drops = st.session_state.get(DROPS, 0)
    dropped = st.file_uploader(
        f"Drop exports here: CSV, XLSX, Parquet or zip, up to {BYTES_EACH // 1_000_000} MB each",
        accept_multiple_files=True,
        max_upload_size=BYTES_EACH // 1_000_000,
        key=f"drop_{drops}",
    )
    if dropped:
        st.session_state[TAKEN] = [
            (each.name, store.take(each.name, each.size, each)) for each in dropped[: FILES + 1]
        ]
        # A new widget, or the old one would hand in the same files at every run.
        st.session_state[DROPS] = drops + 1
        st.rerun()
    block(
        tag(
            "p",
            text(f"They go into the folder {store.inbox}, which can also be filled by hand."),
            class_="quiet",
        )
    )
    taken = st.session_state.pop(TAKEN, [])
    if names := [name for name, refused in taken if not refused]:
        block(tag("p", text(f"Taken in: {', '.join(names)}."), role="status"))
    for refused in filter(None, (refused for _, refused in taken)):
        block(import_report.message(refused.as_json()))
    known = store.files()
    if not known:
        block(tag("div", tag("p", text("The inbox is empty.")), items(FIRST_STEPS), class_="empty"))
        return
    block(import_report.listed(known))
    with st.popover("Take a file out"):
        name = st.selectbox("File", [name for name, _ in known], key="take_out")
        if st.button("Take it out of the inbox", key="take_out_now"):
            store.discard(name)
            st.rerun()


FIRST_STEPS = (
    "Drop what your systems export: referrals, program entries, contacts, arrests, jail stays or rosters, HMIS CSV, "
    "population, a map of neighborhoods. Names and columns are those of your systems.",
    "The page proposes what each column means, asks what it cannot tell, and shows a few rows before and after.",
    "Nothing counts before you press Build, and the exports themselves are never changed.",
)


def recognize(store: InboxStore | None) -> None:
    """What each file is taken for, and the questions; saves the answers as mapping.toml."""
    if store is None or not store.files():
        return
    answers = st.session_state.setdefault(ANSWERS, {})
    plan = _kept(
        PLAN,
        (store.state(), tuple(sorted(answers.items()))),
        "Looking at the files",
        lambda tell: store.plan(answers),
    )
    section("2. What they are")
    if "failed" in plan:
        block(import_report.message(plan["failed"]))
        return
    block(tag("p", text(import_report.summary(plan))))
    for problem in plan["problems"]:
        block(import_report.message(problem))
    for refused in plan["refused"]:
        block(tag("p", text(refused["text"]), class_="caution"))
        answers.pop(refused["key"], None)
    block(tag("div", *map(import_report.described, plan["files"]), class_="definitions"))
    if plan["questions"]:
        _ask(plan["questions"])
    _change(plan["files"])
    _offer(store, plan, answers)
    _undo(store, plan)


def _answer(given: Mapping[str, str]) -> None:
    """Adds to the answers, and keeps what they were before."""
    answers = st.session_state[ANSWERS]
    st.session_state.setdefault(EARLIER, []).append(dict(answers))
    st.session_state[ANSWERS] = answers | given


def _undo(store: InboxStore, plan: Mapping[str, Any]) -> None:
    """Each step back: the last answers that are not saved, then the mapping that was saved last."""
    earlier = st.session_state.get(EARLIER, [])
    if earlier:
        if st.button("Take back the last answers", key="undo_answers"):
            st.session_state[ANSWERS] = earlier.pop()
            st.rerun()
    elif plan["can_undo"] and st.button(
        "Put back the mapping as it was before it was last saved", key="undo_mapping"
    ):
        store.undo()
        st.rerun()


def _change(files: list[dict[str, Any]]) -> None:
    """Another table or another column than the page proposes, for whoever knows the file."""
    known = [each for each in files if each["pattern"]]
    if not known:
        return
    with st.popover("Read something differently"):
        index = st.selectbox(
            "File",
            range(len(known)),
            format_func=lambda index: import_report.name_of(known[index]),
            key="change_file",
        )
        keys = import_report.changeable(known[index])
        key = st.selectbox(
            "What", list(keys), format_func=lambda key: keys[key][0], key=f"change_what_{index}"
        )
        options = keys[key][1]
        answer = st.selectbox(
            "Is", list(options), format_func=lambda answer: options[answer], key=f"change_to_{key}"
        )
        if st.button("Change it", key="change_now"):
            _answer({key: answer})
            st.rerun()


def _ask(questions: list[dict[str, Any]]) -> None:
    section(f"{len(questions)} {'question' if len(questions) == 1 else 'questions'} only you can answer")
    with st.form("questions", border=False):
        for question in questions:
            options = [answer for answer, _ in question["options"]]
            said = dict(question["options"])
            stake = f" It decides {question['at_stake']}." if question["at_stake"] else ""
            block(
                tag(
                    "p",
                    tag("strong", text(question["text"])),
                    " ",
                    tag("span", text(f"{question['file']}.{stake}"), class_="quiet"),
                )
            )
            shown = {
                "format_func": lambda answer, said=said: said.get(answer, answer),
                "placeholder": UNANSWERED,
                "key": f"answer {question['key']}",
                "label_visibility": "collapsed",
            }
            default = question["default"]
            if question["several"]:
                st.multiselect(question["text"], options, [default] if default in options else None, **shown)
            else:
                index = options.index(default) if default in options else None
                st.selectbox(question["text"], options, index=index, **shown)
        if st.form_submit_button("Answer", type="primary"):
            given = {q["key"]: _given(st.session_state.get(f"answer {q['key']}")) for q in questions}
            _answer({key: answer for key, answer in given.items() if answer is not None})
            st.rerun()


def _given(answer: str | list[str] | None) -> str | None:
    """An answer as the command line takes it: several options with | between them."""
    return (" | ".join(answer) or None) if isinstance(answer, list) else answer


def _offer(store: InboxStore, plan: Mapping[str, Any], answers: dict[str, str]) -> None:
    if not plan["is_changed"]:
        return
    is_open = any(question["default"] is None for question in plan["questions"])
    with st.container(horizontal=True):
        if st.button("Use this mapping", type="primary", disabled=is_open, key="save_mapping"):
            store.save(answers)
            st.session_state[ANSWERS], st.session_state[EARLIER] = {}, []
            st.rerun()
        st.download_button("Download mapping.toml", plan["mapping"], "mapping.toml", on_click="ignore")
    if is_open:
        block(tag("p", text("Once the questions are answered, the mapping can be used."), class_="quiet"))


def check_and_build(store: InboxStore | None) -> None:
    """Every row accounted for, every message, and the build."""
    if store is None or not store.files() or not _is_settled(store):
        return
    section("3. What becomes of every row")
    key = store.state()
    if not _is_kept(CHECK, key):
        # Asked for once, also if something else, such as a file on its way, begins the page anew meanwhile.
        st.button("Check the files", type="primary", key="check_files", on_click=_want_check)
        if st.session_state.get(WANTED):
            _kept(CHECK, key, "Checking", store.check)
            st.session_state[WANTED] = False
            st.rerun()
        return
    report = _kept(CHECK, key, "Checking", store.check)
    if "failed" in report:
        block(import_report.message(report["failed"]))
        return
    block(import_report.accounts(report))
    block(tag("div", *import_report.messages(report), class_="definitions"))
    if report["headlines"]:
        section("4. What the numbers become")
        block(import_report.headlines(report))
    if import_report.is_held(report):
        held = "Are these changes right? Then the new numbers can be put into force all the same."
        if not st.checkbox(held, key="confirm_held"):
            return
    elif report["exit_code"] > 1:
        block(
            tag(
                "p",
                text("Correct what is marked as error or decision; then this page offers to build."),
                class_="caution",
            )
        )
        return
    _build(store, key, import_report.is_held(report))


def _want_check() -> None:
    st.session_state[WANTED] = True


def _is_settled(store: InboxStore) -> bool:
    """Whether mapping.toml says all there is to say of the files that lie here now."""
    _, plan = st.session_state.get(PLAN, (None, {}))
    return plan.get("is_changed") is False and not plan.get("questions")


def _build(store: InboxStore, key: str, is_confirmed: bool) -> None:
    def run(tell: Callable[[str, float], None]) -> dict[str, Any]:
        return store.build(tell, is_confirmed)

    section("5. Into the pages")
    if not _is_kept(BUILT, key):
        block(tag("p", text("The former data stay in force until the new ones are complete.")))
        if st.button("Build", type="primary", key="build"):
            _kept(BUILT, key, "Building", run)
            st.rerun()
        return
    report = _kept(BUILT, key, "Building", run)
    if "failed" in report:
        block(import_report.message(report["failed"]))
    elif report["snapshot"] is None:
        block(tag("p", text("The files have changed meanwhile; check them again."), class_="caution"))
    else:
        through = (
            f", with data through {wording.day(date.fromisoformat(report['data_through']))}"
            if report["data_through"]
            else ""
        )
        said = f"The new data are in force{through}. Pages that are open show them by themselves."
        block(tag("p", text(said), class_="lead"))
        block(
            tag("p", link("Overview", "overview"), " ", link("Data quality", "data_quality"), class_="links")
        )


def _kept(
    name: str, key: Any, doing: str, run: Callable[[Callable[[str, float], None]], dict]
) -> dict[str, Any]:
    """The result for this state of the inbox, worked out once, with a bar that moves meanwhile."""
    if not _is_kept(name, key):
        show = changing()
        show(_bar(doing, 0))
        result = run(lambda step, share: show(_bar(f"{doing}: {step}", share)))
        show("")
        st.session_state[name] = (key, result)
    return st.session_state[name][1]


def _is_kept(name: str, key: Any) -> bool:
    return st.session_state.get(name, (None,))[0] == key


def _bar(doing: str, share: float) -> Markup:
    done = f"{100 * share:.0f}"
    return tag(
        "div",
        tag("p", text(doing), role="status"),
        tag("progress", max="100", value=done if share else None, aria_label=doing),
        class_="under-way",
    )
