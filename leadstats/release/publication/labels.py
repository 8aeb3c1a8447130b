"""The names of levels and categories on the public pages, in each language."""

from leadstats.model.language import Language, message


def label(language: Language, level: str, code: str) -> str:
    """The name of a category; places and other names of a site's own stay as they are."""
    return language.text(NAMES.get(code, code)) if level != "neighborhood" or code in NAMES else code


def level_name(language: Language, level: str) -> str:
    return language.text(LEVELS[level])


LEVELS = {
    "period": message("Period"),
    "month": message("Month"),
    "quarter": message("Quarter"),
    "year": message("Year"),
    "three_years": message("Three years"),
    "neighborhood": message("Neighborhood"),
    "zone": message("Area"),
    "race": message("Race"),
    "sex": message("Sex"),
    "age_band": message("Age"),
    "pathway": message("Pathway to LEAD"),
    "outcome": message("Outcome"),
}
NAMES = {
    "yes": message("Yes"),
    "no": message("No"),
    "American Indian or Alaska Native": message("American Indian or Alaska Native"),
    "Asian": message("Asian"),
    "Black or African American": message("Black or African American"),
    "Hispanic or Latino": message("Hispanic or Latino"),
    "Middle Eastern or North African": message("Middle Eastern or North African"),
    "Native Hawaiian or Pacific Islander": message("Native Hawaiian or Pacific Islander"),
    "White": message("White"),
    "Two or more": message("Two or more"),
    "Unknown": message("Unknown"),
    "unknown": message("Unknown"),
    "Outside": message("Outside"),
    "Elsewhere or unknown": message("Elsewhere or unknown"),
    "Another": message("Another"),
    "Male": message("Male"),
    "Female": message("Female"),
    "male": message("Male"),
    "female": message("Female"),
    "M": message("Male"),
    "F": message("Female"),
    "Under 18": message("Under 18"),
    "18-24": message("18 to 24"),
    "25-34": message("25 to 34"),
    "35-44": message("35 to 44"),
    "45-54": message("45 to 54"),
    "55-64": message("55 to 64"),
    "65 and over": message("65 and over"),
    "arrest_diversion": message("Arrest diversion"),
    "social_contact": message("Social contact"),
    "community": message("Community referral"),
    "jail_or_court": message("Jail or court"),
}
