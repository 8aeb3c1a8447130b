"""The Settings page: what is the county's own (site.toml), checked as it is typed, saved with its history."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Literal, get_args, get_origin

import msgspec
import streamlit as st

from leadstats.counting.catalog import load_metrics
from leadstats.model import declarations, settings_text
from leadstats.model.messages import Fault
from leadstats.model.settings import Site, read_site, time_zones
from leadstats.ui.import_page import import_report
from leadstats.ui.import_page.importing import NOT_HERE
from leadstats.ui.shell.frame import block
from leadstats.ui.shell.inbox_store import InboxStore
from leadstats.ui.shell.markup import items, link, tag, text

# In the order of the page: each key of site.toml with its question; a heading stands alone.
QUESTIONS: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "The program": {
        "name": ("Name of the program", "Stands at the head of every page."),
        "timezone": ("Time zone", "Times that state another zone are turned into it."),
        "data_through": ("Last day the exports cover", "Empty: as far as each export says or shows."),
        "intake_deadline_days": ("Days for an intake after a referral", ""),
        "inactivity_days": ("Days without a contact after which a person is not engaged", ""),
        "snapshots_kept": (
            "Builds whose data are kept, the one in force among them",
            "Links to older ones open no more. What a meeting looked at is kept beside, until somebody lets it go.",
        ),
    },
    "Caseload": {"caseload": ("People per case manager", "The target, and the most there should be.")},
    "Charges that may be diverted": {
        "eligible_charges": (
            "Charge classes, with the days from and to which they may be diverted",
            "As the exports write them. Without a list, the exports' own mark counts. No last day: until today.",
        ),
        "charges_needed": (
            "Of an arrest with several charges, how many must be on the list for it to be diverted",
            "",
        ),
        "charge_order": (
            "Charge classes from the gravest to the least, one a line",
            "The class of an arrest with several charges is that of the gravest. Without an order, it is not known.",
        ),
    },
    "The year before LEAD": {
        "baseline": (
            "Days that tell what would have happened without LEAD",
            "Empty: the 365 days before the first referral.",
        )
    },
    "Money": {
        "jail_costs": (
            "Costs of jail, with the day from which each holds",
            "short-run marginal and average: dollars a night. step: dollars a year for each closed unit, "
            "which has so many beds.",
        ),
        "program_costs": (
            "Cost of LEAD in dollars for each person and month",
            "Stands beside what diversion avoided. Without it, no cost of LEAD is shown.",
        ),
    },
    "Goals": {"goals": ("What the coordinating group wants to reach", "By: in each month, quarter or year.")},
    "Events": {
        "events": (
            "What readers should know when a line turns",
            "New baseline: from then on, another level is usual.",
        )
    },
    "Notes": {
        "notes": (
            "Why a number moved, in the words of whoever answers for it",
            "Stands under the charts of that number from the next build on. By role, no names; it changes no number.",
        )
    },
    "Coverage": {
        "coverage": (
            "Exports that begin later or end earlier than their rows suggest",
            "Days outside are not covered: no number is shown for them.",
        )
    },
    "Who is who": {
        "identity": (
            "Which numbers are one person's",
            "docs/linking.md says how to decide it.",
        )
    },
    "The map": {
        "boundary_file": ("File with the boundaries of neighborhoods", "Needed if the inbox holds several."),
        "boundary_name_property": ("Property that names a neighborhood", "Needed if it cannot be told."),
        "boundary_crs": (
            "Coordinate system",
            "Needed if the coordinates are not degrees and the file does not say, such as EPSG:2926.",
        ),
    },
}
OF_THE_SAMPLE = {"is_sample"}  # true of the invented county alone, which nobody sets here
BESIDE = 3  # so many values of one setting stand beside each other
# What the names of a setting's values do not say by themselves.
TITLES = {
    "ignore": "Differences in writing that do not tell two numbers apart",
    "nobody": "Further numbers that stand for nobody, one a line",
    "people": "Numbers that look like nobody's and are people's, one a line",
    "own_numbers": "Sources whose numbers mean other people than the same numbers elsewhere",
    "shared_numbers": "Sources whose links are merges of their own numbers",
}
SAVED = "settings_saved"


def settings(store: InboxStore | None) -> None:
    """Draws the whole page; of those who may not use it, the reason."""
    if store is None:
        block(tag("div", tag("p", text(NOT_HERE)), class_="empty"))
        return
    written = store.settings()
    try:
        site = read_site(written.encode())
    except Fault as fault:
        block(import_report.message(fault.problem.as_json()))
        _history(store, written)
        return
    if saved := st.session_state.pop(SAVED, ""):
        told = tag(
            "p", text(saved), " ", link("Build on the Import page", "import"), role="status", class_="lead"
        )
        block(told)
    values = {}
    for heading, questions in QUESTIONS.items():
        block(tag("h2", text(heading), class_="section"))
        for key, (question, explained) in questions.items():
            values[key] = _ask(key, question, explained, getattr(site, key))
    changed = {key: value for key, value in values.items() if _differs(site, key, value)}
    _offer(store, written, settings_text.edited(written, changed))
    _history(store, written)


def _ask(key: str, question: str, explained: str, value: Any) -> Any:
    """The value as it is typed, in the forms of TOML; None where it is left empty."""
    asked = {"label": question, "key": f"setting {key}", "help": explained or None}
    kind = declarations.plain(declarations.keys(Site)[key])
    if key == "timezone":
        known = sorted(time_zones())
        index = known.index(value) if value else None
        return st.selectbox(options=known, index=index, placeholder="Not stated", **asked)
    if kind is str:
        return st.text_input(value=value, **asked) or None
    if kind is int:
        return st.number_input(value=value, min_value=0, step=1, **asked)
    if kind is date:
        return st.date_input(value=value, **asked)
    if words := get_args(kind) if get_origin(kind) is Literal else ():
        return st.selectbox(options=words, index=words.index(value), **asked)
    if declarations.one_of_many(kind) is str:
        return _lines(value, **asked)
    if isinstance(kind, type) and issubclass(kind, declarations.Declared):
        _introduce(question, explained)
        given = {}
        parts = declarations.keys(kind)
        places = st.columns(len(parts)) if len(parts) <= BESIDE else [st.container() for _ in parts]
        for place, (name, each) in zip(places, parts.items(), strict=True):
            said = {"label": TITLES.get(name, _title(name)), "key": f"setting {key} {name}"}
            with place:
                given[name] = _part(declarations.plain(each), getattr(value, name), said)
        return given
    return _rows(key, question, explained, value)


def _part(kind: Any, value: Any, said: Mapping[str, str]) -> Any:
    """One value of a table of settings."""
    if kind is date:
        return st.date_input(value=value, **said)
    if kind is int:
        return st.number_input(value=value, min_value=0, step=1, **said)
    one = declarations.one_of_many(kind)
    if one is str:
        return _lines(value, **said)
    return st.multiselect(options=get_args(one), default=value, **said)


def _lines(value: Sequence[str], **asked: Any) -> list[str]:
    """A list of texts, one a line."""
    written = st.text_area(value="\n".join(value), **asked) or ""
    return [line.strip() for line in written.splitlines() if line.strip()]


def _introduce(question: str, explained: str) -> None:
    block(tag("p", tag("strong", text(question))) + tag("p", text(explained), class_="quiet"))


def _rows(key: str, question: str, explained: str, value: tuple[Any, ...]) -> list[dict[str, Any]]:
    """A table that grows: one line for each entry."""
    import pandas as pd  # which no other page needs, and a server would load before it answers

    kind = declarations.one_of_many(declarations.keys(Site)[key])
    fields = declarations.keys(kind)
    rows = [msgspec.to_builtins(each, builtin_types=(date,)) for each in value]
    _introduce(question, explained)
    edited = st.data_editor(
        pd.DataFrame(rows, columns=list(fields)),
        column_config={name: _column(name, each) for name, each in fields.items()},
        num_rows="dynamic",
        hide_index=True,
        key=f"setting {key}",
    )
    found = ({name: _cell(each) for name, each in row.items()} for row in edited.to_dict("records"))
    said = ({name: each for name, each in row.items() if each is not None} for row in found)
    return [row for row in said if row]


def _column(name: str, kind: Any) -> Any:
    kinds = st.column_config
    kind, title = declarations.plain(kind), _title(name)
    if name == "metric":
        return kinds.SelectboxColumn(title, options=list(load_metrics()), required=True)
    if kind is date:
        return kinds.DateColumn(title, format="YYYY-MM-DD")
    if kind is bool:
        return kinds.CheckboxColumn(title, default=False)
    if kind in (int, float):
        return kinds.NumberColumn(title)
    return (
        kinds.SelectboxColumn(title, options=words) if (words := get_args(kind)) else kinds.TextColumn(title)
    )


def _cell(value: Any) -> Any:
    """What a cell of the table holds, in the forms of TOML."""
    if value is None or value == "" or value != value:  # as only NaN and NaT are
        return None
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value.item() if hasattr(value, "item") else value


def _title(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _offer(store: InboxStore, written: str, draft: str) -> None:
    """What would change, what is wrong with it, and the button that saves it."""
    block(tag("h2", text("Save"), class_="section"))
    try:
        read_site(draft.encode())
    except Fault as fault:
        block(import_report.message(fault.problem.as_json()))
        return
    said = settings_text.changes(_read(written), _read(draft))
    if not said:
        block(tag("p", text("Nothing has been changed."), class_="quiet"))
        return
    block(tag("p", text("What changes:")) + items(said))
    role = st.text_input("Your role, for the history (not your name)", key="settings_role", max_chars=60)
    if st.button("Save the settings", type="primary", disabled=not role.strip(), key="save_settings"):
        store.save_settings(draft, role.strip())
        st.session_state[SAVED] = "Saved. The numbers follow with the next build."
        st.rerun()


def _history(store: InboxStore, written: str) -> None:
    former = store.former_settings()
    if not former:
        return
    block(tag("h2", text("Earlier settings"), class_="section"))
    newer = written
    for name, when, role, settings_then in former:
        said = settings_text.changes(_read(settings_then), _read(newer)) or ["nothing but remarks"]
        block(tag("p", tag("strong", text(f"{when}, {role}"))) + items(said))
        if st.button("Put back what stood before", key=f"put_back {name}"):
            store.save_settings(settings_then, "put back")
            st.session_state[SAVED] = (
                "The earlier settings stand again. The numbers follow with the next build."
            )
            st.rerun()
        newer = settings_then


def _differs(site: Site, key: str, value: Any) -> bool:
    """Whether it means something else, however it is written: what is so by default may be left unsaid."""
    try:
        typed = declarations.declared(Site, "site.toml", {key: value} if value else {})
    except declarations.DeclarationError:
        return True
    return getattr(typed, key) != getattr(site, key)


def _read(settings: str) -> dict[str, Any]:
    """Every value, those by default included; nothing of a text that cannot be read."""
    try:
        return msgspec.to_builtins(read_site(settings.encode()), builtin_types=(date,))
    except Fault:
        return {}
