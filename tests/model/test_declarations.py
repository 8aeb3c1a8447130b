"""What a file declares is taken as it must be, or refused with file and field."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal

import msgspec
import pytest

from leadstats.model.declarations import DeclarationError, Declared, declared, header, nearest, parsed
from leadstats.model.messages import Kind


class Window(Declared):
    days: Annotated[int, msgspec.Meta(ge=1)]
    unit: Literal["people", "nights"] = "people"

    def __post_init__(self) -> None:
        if self.unit == "nights" and self.days < 30:
            raise DeclarationError("days", "at least 30 for nights")


class Plan(Declared):
    title: str
    windows: tuple[Window, ...] = ()
    by: tuple[Literal["race", "sex"], ...] = ()
    first: date | None = None
    is_open: bool = False
    share: float = 1.0
    words: Mapping[str, str] = {}
    opens: date | None = msgspec.field(default=None, name="from")


def read(text):
    return declared(Plan, "plan.toml", parsed("plan.toml", text))


def test_what_is_declared_is_taken_over():
    plan = read('title = "A"\nfrom = 2026-01-31\nshare = 2\nby = ["sex"]\n[[windows]]\ndays = 30\n')

    assert plan == Plan("A", (Window(30),), by=("sex",), share=2.0, opens=date(2026, 1, 31))


@pytest.mark.parametrize(
    ("text", "field", "words"),
    [
        ("", "title", "a value for title expected"),
        ("title = 3", "title", "a text in quotation marks"),
        ("title =", "", "valid TOML"),
        (b"title = '\xff'", "", "valid TOML in UTF-8"),
        ("title = 'A'\ntitel = 'B'", "titel", 'did you mean "title"?'),
        ("title = 'A'\nopens = 2026-01-31", "opens", "a known name"),
        ("title = 'A'\nfrom = '2026-01-31'", "from", "a date without quotation marks"),
        ("title = 'A'\nfirst = 2026-01-31T10:00:00", "first", "a date without quotation marks"),
        ("title = 'A'\nis_open = 'no'", "is_open", "true or false"),
        ("title = 'A'\nis_open = 0", "is_open", "true or false"),
        ("title = 'A'\nshare = '1'", "share", "a number"),
        ("title = 'A'\nby = 'race'", "by", "a list of texts"),
        ("title = 'A'\nby = ['rase']", "by", 'did you mean "race"?'),
        ("title = 'A'\nwords = ['x']", "words", "a table of texts"),
        ("title = 'A'\nwords = { x = 1 }", "words", "a table of texts"),
        ("title = 'A'\nwindows = 3", "windows", "tables that start with [[windows]]"),
        ("title = 'A'\n[[windows]]", "windows.days", "a value for windows.days"),
        ("title = 'A'\n[[windows]]\ndays = 1.5", "windows.days", "a whole number, 1 or more"),
        ("title = 'A'\n[[windows]]\ndays = true", "windows.days", "a whole number, 1 or more"),
        ("title = 'A'\n[[windows]]\ndays = 0", "windows.days", "a whole number, 1 or more"),
        ("title = 'A'\n[[windows]]\ndays = 1\nunit = 'night'", "windows.unit", 'did you mean "nights"?'),
        ("title = 'A'\n[[windows]]\ndays = 1\nunit = 'nights'", "windows.days", "at least 30 for nights"),
    ],
)
def test_what_does_not_fit_is_one_error_with_file_and_field(text, field, words):
    with pytest.raises(DeclarationError) as raised:
        read(text)

    assert (raised.value.file, raised.value.field) == ("plan.toml", field)
    assert words in str(raised.value) and "\n" not in str(raised.value)


def test_a_header_brings_its_name_and_its_sql(tmp_path):
    path = tmp_path / "people_seen.sql"
    path.write_text('/*\ntitle = "A"\n*/\nSELECT 1;\n', encoding="utf-8")

    assert header(path) == {"title": "A", "name": "people_seen", "sql": "SELECT 1;\n"}


@pytest.mark.parametrize(
    ("text", "field"), [("SELECT 1;\n", ""), ('/*\nname = "other"\n*/\nSELECT 1;\n', "name")]
)
def test_a_file_without_a_header_or_with_a_second_name_is_refused(tmp_path, text, field):
    path = tmp_path / "people_seen.sql"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(DeclarationError) as raised:
        header(path)
    assert (raised.value.file, raised.value.field) == ("people_seen.sql", field)


def test_the_nearest_word_begins_alike_or_looks_alike():
    assert nearest("Short", ("short-run marginal", "step")) == "short-run marginal"
    assert nearest("referals", ("referral", "arrest")) == "referral"
    assert nearest("xyz", ("referral", "arrest")) is None


ENTRY = {
    "code": "LD-999",
    "severity": "note",
    "title": "T",
    "expected": "e",
    "fix": "f",
    "topic": "HMIS",
    "shows": "nothing",
}


@pytest.mark.parametrize("lacking", ("shows", "topic", "severity"))
def test_a_message_that_does_not_say_who_may_see_its_value_is_refused(lacking):
    assert declared(Kind, "messages.toml", ENTRY, "LD-999").shows == "nothing"

    with pytest.raises(DeclarationError) as raised:
        declared(Kind, "messages.toml", {key: ENTRY[key] for key in ENTRY if key != lacking}, "LD-999")
    assert raised.value.field == f"LD-999.{lacking}"


def test_a_message_is_shown_to_all_or_to_some_and_nothing_between():
    with pytest.raises(DeclarationError, match="LD-999.shows"):
        declared(Kind, "messages.toml", ENTRY | {"shows": "everything"}, "LD-999")
