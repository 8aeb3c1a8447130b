"""From the address and four widgets to Filters: hides which months, places and pathways there are."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import streamlit as st

from leadstats.briefing import default_months, reach
from leadstats.counting.database import Database
from leadstats.counting.view import Filters
from leadstats.model import periods
from leadstats.model.language import say
from leadstats.model.schema import PATHWAYS
from leadstats.narrative import wording
from leadstats.ui.shell import address

KEYS = ("from", "to", "place", "pathway")
NOTICES, KEPT = "filter_notices", "filters_kept"


@dataclass(frozen=True)
class Choices:
    """What the filters offer: months as YYYY-MM in order, places and pathways as in the data."""

    months: tuple[str, ...]
    places: tuple[str, ...]
    first: str
    last: str

    @property
    def defaults(self) -> dict[str, str | list[str]]:
        return {"from": self.first, "to": self.last, "place": [], "pathway": []}


def choices(database: Database) -> Choices:
    end, default = reach(database), default_months(database)
    first = min([*database.first_days.values(), default.first_month]).replace(day=1)
    months = []
    while first <= end:
        months.append(f"{first:%Y-%m}")
        first = periods.following_month(first)
    return Choices(
        tuple(months),
        database.categories.get("neighborhood", ()),
        f"{default.first_month:%Y-%m}",
        f"{default.last_month:%Y-%m}",
    )


def parse(query: address.Query, offered: Choices) -> tuple[dict[str, str | list[str]], list[str]]:
    """Values that exist, and a sentence for each that does not."""
    values, notices = offered.defaults, []
    for key in ("from", "to"):
        asked = query.get(key, [])[-1:]
        if asked and asked[0] in offered.months:
            values[key] = asked[0]
        elif asked:
            span = wording.span(_month(offered.months[0]), _month(offered.months[-1]))
            notices.append(
                say(
                    "The link asks for the month {asked}; the data hold {span}. {month} is shown instead.",
                    asked=repr(asked[0]),
                    span=span,
                    month=wording.month(_month(values[key])),
                )
            )
    for key, known in (("place", offered.places), ("pathway", PATHWAYS)):
        values[key] = [value for value in dict.fromkeys(query.get(key, [])) if value in known]
        notices.extend(
            say(
                "The link asks for the {key} {value}, which the data do not know; it is left out.",
                key=key,
                value=repr(value),
            )
            for value in query.get(key, [])
            if value not in known
        )
    return values, notices


def as_filters(values: dict[str, str | list[str]]) -> Filters:
    first, last = sorted((_month(values["from"]), _month(values["to"])))
    return Filters(first, last, "month", tuple(sorted(values["place"])), tuple(sorted(values["pathway"])))


def _month(text: str) -> date:
    return date.fromisoformat(f"{text}-01")


def keys_of(page: str, own: Mapping[str, str]) -> tuple[str, ...]:
    """The widgets of a page that its address speaks of."""
    return (*KEYS, *(_own_key(page, name) for name in own))


def choose(
    page: str, database: Database, has_bar: bool, own: Mapping[str, str], news: address.Query | None
) -> tuple[Filters, dict[str, str]]:
    """What is chosen, after drawing the bar where a page has one, and the page's own choices that are not
    the default.

    own: further choices of this page, by their default, which `one_of` draws. news: see `address.arrived`.
    """
    offered = choices(database)
    state = st.session_state
    if news is not None:
        values, state[NOTICES] = parse(news, offered)
        state.update(values)
        for name, default in own.items():
            state[_own_key(page, name)] = next(iter(news.get(name, [])), default)
    # Streamlit forgets the widgets of a page that is left, so the choice is kept beside them.
    kept = state.get(KEPT, offered.defaults)
    for key in KEYS:
        state[key] = _still_known(key, state.get(key, kept[key]), offered)
    for name, default in own.items():
        state.setdefault(_own_key(page, name), default)
    if has_bar:
        _bar(offered)
    state[KEPT] = {key: state[key] for key in KEYS}
    for notice in state.pop(NOTICES, ()):
        st.warning(literal(notice))
    chosen = {name: state[_own_key(page, name)] for name in own}
    return as_filters(state[KEPT]), {name: value for name, value in chosen.items() if value != own[name]}


def one_of(
    page: str, name: str, label: str, options: Mapping[str, str], default: str, is_scale: bool = False
) -> str:
    """A further choice of a page, by the name it has in the address; `options`: value and words, in an
    order that means something if `is_scale`."""
    key = _own_key(page, name)
    asked = st.session_state.get(key, default)
    if asked not in options and asked:
        st.warning(
            literal(
                say(
                    "The link asks for {name} {asked}, which is not offered here; {options} is shown.",
                    name=name,
                    asked=repr(asked),
                    options=options[default],
                )
            )
        )
    if asked not in options:
        st.session_state[key] = default
    widget = st.select_slider if is_scale else st.selectbox
    return widget(label, list(options), key=key, format_func=options.__getitem__)


def chosen(page: str, name: str, default: str) -> str:
    """A further choice of a page, where the page draws no widget for it."""
    return st.session_state.get(_own_key(page, name), default)


def _own_key(page: str, name: str) -> str:
    return f"{page}_{name}"


def _bar(offered: Choices) -> None:
    # Side by side by style: columns would be five elements more at each choice.
    with st.container(key="filters"):
        st.selectbox(say("From"), offered.months, key="from", format_func=_month_name)
        st.selectbox(say("To"), offered.months, key="to", format_func=_month_name)
        st.multiselect(
            say("Place"), offered.places, key="place", placeholder=say("All places"), format_func=_place_name
        )
        st.multiselect(
            say("How people came to LEAD"),
            PATHWAYS,
            key="pathway",
            placeholder=say("All pathways"),
            format_func=lambda pathway: wording.category(pathway, "pathway"),
        )


def _still_known(key: str, value: str | list[str], offered: Choices) -> str | list[str]:
    """A newer snapshot may lack what was chosen on the former one."""
    if key in ("from", "to"):
        return value if value in offered.months else offered.defaults[key]
    return [each for each in value if each in (offered.places if key == "place" else PATHWAYS)]


def _place_name(name: str) -> str:
    return wording.category(name, "neighborhood")


def _month_name(text: str) -> str:
    return wording.month(_month(text))


def literal(sentence: str) -> str:
    """Streamlit reads Markdown in a notice, and what stands in a link must not be read as such."""
    return "".join(f"\\{letter}" if letter in r"\`*_{}[]()<>#+-.!|~$:" else letter for letter in sentence)
