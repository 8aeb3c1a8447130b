"""Words, numbers, days and periods in the languages of the public pages."""

import functools
import gettext
import io
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import babel
from babel import dates, numbers
from babel.messages import mofile, pofile

LOCALES = {"en": "en_US", "es": "es_US"}
FOLDER = Path(__file__).with_name("locale")


@dataclass(frozen=True)
class Language:
    code: str

    @functools.cached_property
    def name(self) -> str:
        return self._locale.language_name

    @functools.cached_property
    def _locale(self) -> babel.Locale:
        return babel.Locale.parse(LOCALES[self.code])

    @functools.cached_property
    def _translations(self) -> gettext.NullTranslations:
        path = FOLDER / f"{LOCALES[self.code]}.po"
        if not path.is_file():  # English is the language of the source
            return gettext.NullTranslations()
        with path.open("rb") as stream:
            catalog = pofile.read_po(stream, locale=LOCALES[self.code])
        compiled = io.BytesIO()
        mofile.write_mo(compiled, catalog)
        compiled.seek(0)
        return gettext.GNUTranslations(compiled)

    def text(self, message: str, /, **values: object) -> str:
        return self._translations.gettext(message).format(**values) if message else ""

    def plural(self, one: str, many: str, count: int, /, **values: object) -> str:
        return self._translations.ngettext(one, many, count).format(count=self.number(count), **values)

    def number(self, value: int) -> str:
        return numbers.format_decimal(value, locale=self._locale)

    def percent(self, value: int, bound: str = "") -> str:
        share = numbers.format_percent(value / 100, format="#,##0%", locale=self._locale)
        if bound == "at_most":
            return self.text("{share} or less", share=share)
        if bound == "at_least":
            return self.text("{share} or more", share=share)
        return share

    def day(self, value: date) -> str:
        return dates.format_date(value, "long", locale=self._locale)

    def period(self, code: str) -> str:
        if "Q" in code:
            return self.text("quarter {quarter} of {year}", quarter=code[-1], year=code[:4])
        if len(code) == 9:
            return self.text("{first} to {last}", first=code[:4], last=code[5:])
        if len(code) == 7:
            return dates.format_skeleton("yMMMM", date(int(code[:4]), int(code[5:]), 1), locale=self._locale)
        return code

    def short_period(self, code: str) -> str:
        if "Q" in code:
            return self.text("Q{quarter} {year}", quarter=code[-1], year=code[:4])
        if len(code) == 7:
            return dates.format_skeleton("yMMM", date(int(code[:4]), int(code[5:]), 1), locale=self._locale)
        return code

    def listed(self, items: list[str]) -> str:
        return babel.lists.format_list(items, locale=self._locale) if items else ""

    def label(self, level: str, code: str) -> str:
        """The name of a category; places and other names of a site's own stay as they are."""
        return self.text(NAMES.get(code, code)) if level != "neighborhood" or code in NAMES else code

    def level(self, level: str) -> str:
        return self.text(LEVELS[level])


LEVELS = {
    "period": "Period",
    "month": "Month",
    "quarter": "Quarter",
    "year": "Year",
    "three_years": "Three years",
    "neighborhood": "Neighborhood",
    "zone": "Area",
    "race": "Race",
    "sex": "Sex",
    "age_band": "Age",
    "pathway": "Pathway to LEAD",
    "outcome": "Outcome",
}
NAMES = {
    "yes": "Yes",
    "no": "No",
    "American Indian or Alaska Native": "American Indian or Alaska Native",
    "Asian": "Asian",
    "Black or African American": "Black or African American",
    "Hispanic or Latino": "Hispanic or Latino",
    "Middle Eastern or North African": "Middle Eastern or North African",
    "Native Hawaiian or Pacific Islander": "Native Hawaiian or Pacific Islander",
    "White": "White",
    "Two or more": "Two or more",
    "Unknown": "Unknown",
    "unknown": "Unknown",
    "Outside": "Outside",
    "Elsewhere or unknown": "Elsewhere or unknown",
    "Another": "Another",
    "Male": "Male",
    "Female": "Female",
    "male": "Male",
    "female": "Female",
    "M": "Male",
    "F": "Female",
    "Under 18": "Under 18",
    "18-24": "18 to 24",
    "25-34": "25 to 34",
    "35-44": "35 to 44",
    "45-54": "45 to 54",
    "55-64": "55 to 64",
    "65 and over": "65 and over",
    "arrest_diversion": "Arrest diversion",
    "social_contact": "Social contact",
    "community": "Community referral",
    "jail_or_court": "Jail or court",
}
