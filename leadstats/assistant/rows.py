"""Which rows of a file count, as opposed to other programs, rows that were never an event, and voided records."""

from collections.abc import Iterator
from dataclasses import dataclass

from leadstats.assistant.asking import Asker
from leadstats.assistant.questions import BETWEEN, EVERY_ROW
from leadstats.model.schema import TABLES
from leadstats.recognition import forms
from leadstats.recognition.profile import Profile
from leadstats.recognition.vocabulary import is_like, load, simple, unwanted

MOST_VALUES = 20
IS_LIKE = 0.86
EMPTY = "(empty)"


@dataclass(frozen=True)
class Scope:
    """A column that says which rows count: the values whose rows do, and those whose rows do not."""

    header: str
    only: tuple[str, ...]
    left_out: tuple[str, ...]


def scopes(asker: Asker) -> Iterator[Scope]:
    """What was answered about each column that may say which rows count; asks about the others."""
    for profile in asker.sheet.columns:
        if _decides(profile, asker.table):
            yield from _scope(asker, profile)


def new_values(asker: Asker, scope: Scope) -> Scope:
    """The scope, with answers about values that it does not know yet."""
    cells = dict(asker.sheet.profile(scope.header).values)
    known = {*scope.only, *scope.left_out}
    for value, count in cells.items():
        if value in known:
            continue
        text = f"A new value, {value!r}, in {scope.header}: do its {count:,} rows count?"
        choices = [("yes", "Yes, they count"), ("no", "No, leave them out")]
        answer = asker.ask(f"{scope.header} = {value}", text, choices)
        only = (*scope.only, value) if answer == "yes" else scope.only
        left_out = (*scope.left_out, value) if answer == "no" else scope.left_out
        scope = Scope(scope.header, only, left_out)
    return scope


def _decides(profile: Profile, table: str | None) -> bool:
    if not 1 < profile.distinct <= MOST_VALUES or profile.dates.share >= forms.FITS:
        return False
    if unwanted(profile.header) > 0.95:
        return False
    words = load()
    for section in ("programs", "kinds_of_rows"):
        if table in words[section]["tables"] and is_like(profile.header, section) >= IS_LIKE:
            return True
    said = {simple(value) for value in profile.values}
    states = words["states_of_rows"]
    if said & {*states["always"]}:
        return True  # whatever the header
    if is_like(profile.header, "states_of_rows") < IS_LIKE:
        return False
    return bool(said & {*states["void"], *(states["never"] if table == "enrollment" else ())})


def _scope(asker: Asker, profile: Profile) -> Iterator[Scope]:
    row_is = TABLES[asker.table].row_is
    empty = profile.rows - profile.filled
    counts = {**profile.values, **({EMPTY: empty} if empty else {})}
    every = (EVERY_ROW, f"Every row is one {row_is} ({profile.rows:,} rows)")
    said = [
        (value, f"Rows with {profile.header} = {value} ({count:,} rows)") for value, count in counts.items()
    ]
    text = f"Which rows count, by {profile.header}? Choose every value whose rows are one {row_is} each."
    answer = asker.ask(f"rows by {profile.header}", text, [every, *said], several=True)
    if answer is None:
        return
    chosen = answer.split(BETWEEN)
    kept = list(counts) if EVERY_ROW in chosen else chosen
    left_out = [value for value in counts if value not in kept]

    def cells(values: list[str]) -> tuple[str, ...]:
        return tuple("" if value == EMPTY else value for value in values)

    yield Scope(profile.header, cells(kept), cells(left_out))
