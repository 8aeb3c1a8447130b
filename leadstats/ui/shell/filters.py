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
KEPT = "filters_kept"
# What of a page is drawn anew when a filter changes, and the page of which it stands there.
CONTENT, DRAWN = "content", "content_drawn"


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


def offer(
    page: str, database: Database, has_bar: bool, own: Mapping[str, str], news: address.Query | None
) -> bool:
    """Draws the bar where a page has one, and says what of the address cannot be shown; whether there was such.

    own: further choices of this page, by their default, which `one_of` draws. news: see `address.arrived`.
    """
    offered = choices(database)
    state = st.session_state
    notices: list[str] = []
    if news is not None:
        values, notices = parse(news, offered)
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
        _bar(page, offered)
    for notice in notices:
        st.warning(literal(notice))
    return bool(notices)


def chosen(page: str, own: Mapping[str, str], usual: Mapping[str, str]) -> tuple[Filters, dict[str, str]]:
    """What is chosen now, and the page's own choices that are neither the default nor what that stands for."""
    state = st.session_state
    state[KEPT] = {key: state[key] for key in KEYS}
    values = {name: state[_own_key(page, name)] for name in own}
    further = {name: value for name, value in values.items() if value not in (own[name], usual.get(name))}
    return as_filters(state[KEPT]), further


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


def own_choice(page: str, name: str) -> str:
    """A further choice of a page, where another part of it draws the widget, or none does."""
    return st.session_state.get(_own_key(page, name), "")


def _own_key(page: str, name: str) -> str:
    return f"{page}_{name}"


def _bar(page: str, offered: Choices) -> None:
    choice = {"on_change": _has_chosen, "args": (page,)}
    # Side by side by style: columns would be five elements more.
    with st.container(key="filters"):
        st.selectbox(say("From"), offered.months, key="from", format_func=_month_name, **choice)
        st.selectbox(say("To"), offered.months, key="to", format_func=_month_name, **choice)
        st.multiselect(
            say("Place"),
            offered.places,
            key="place",
            placeholder=say("All places"),
            format_func=_place_name,
            **choice,
        )
        st.multiselect(
            say("How people came to LEAD"),
            PATHWAYS,
            key="pathway",
            placeholder=say("All pathways"),
            format_func=lambda pathway: wording.category(pathway, "pathway"),
            **choice,
        )


def _has_chosen(page: str) -> None:
    """The content alone is drawn anew, if it is that of the page whose filter it was: another may be on its way."""
    if st.session_state.get(DRAWN) == page:
        st.rerun(CONTENT)


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
