"""One catalogue holds all that is said in Spanish, and the numbers and days are those of es-US."""

import string
from datetime import date

import pytest
from babel import numbers

from docs import messages
from leadstats.model.language import LANGUAGES, LOCALES, SOURCE, say, say_plural, speak, speaking, spoken

SPANISH = LANGUAGES["es"]


def _fields(text):
    return sorted(field for _, field, _, _ in string.Formatter().parse(text) if field is not None)


def test_every_message_has_its_spanish_and_no_other_has():
    held = {message.id: message for message in messages.catalog("es") if message.id}
    wanted = messages.collected()

    assert not [(message, places) for message, places in wanted.items() if message not in held]
    assert not held.keys() - wanted.keys()
    for message in held.values():
        assert not message.fuzzy, message.id
        many = message.id if isinstance(message.id, tuple) else (message.id,)
        said = message.string if isinstance(message.id, tuple) else (message.string,)
        for one in said:
            assert one, message.id
            assert _fields(one) in map(_fields, many), message.id


def test_what_is_said_follows_the_language_of_whoever_reads():
    assert spoken() is SOURCE
    assert say("{share} or less", share="5%") == "5% or less"
    with speaking(SPANISH):
        assert say("{share} or less", share="5%") == "5% o menos"
        with speaking(SOURCE):
            assert say("Yes") == "Yes"
        assert say("Yes") == "Sí"
    assert say("Yes") == "Yes"


def test_a_language_that_nobody_has_translated_to_is_english():
    with speaking(SPANISH):
        speak("fr")
        assert spoken() is SOURCE


def test_a_message_is_a_template_still_until_it_has_values():
    assert say("{share} or less") == "{share} or less"
    assert say_plural("{n} stage", "{n} stages", 1, n=1) == "1 stage"
    assert say_plural("{n} stage", "{n} stages", 1.5, n=1.5) == "1.5 stages"


def test_days_and_months_are_those_of_cldr():
    day = date(2026, 11, 3)
    assert SPANISH.day(day) == "3 de noviembre de 2026"
    assert SPANISH.month(day) == "noviembre de 2026"
    assert SPANISH.short_month(day) == "nov 2026"
    assert SPANISH.tag == "es-US"


@pytest.mark.parametrize("number", [1234567, -1234.5, 0.25])
def test_numbers_are_written_in_es_us_as_in_en_us(number):
    """So nothing that writes a number asks for the language."""
    for write in (numbers.format_decimal, numbers.format_percent):
        spanish, english = (write(number, locale=locale) for locale in LOCALES.values())
        assert spanish == english == write(number, locale="en_US")


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        ([], ""),
        (["a"], "a"),
        (["a", "b", "c"], "a, b y c"),
        (["Asiática", "Indígena"], "Asiática e Indígena"),
        (["agua", "hielo"], "agua y hielo"),
    ],
)
def test_lists_are_joined_as_they_sound(items, expected):
    assert SPANISH.listed(items) == expected
    assert SPANISH.listed(["siete", "ocho"], is_choice=True) == "siete u ocho"
