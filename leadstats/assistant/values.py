"""What the values of a site's columns mean: from the vocabulary if it knows them, otherwise by asking."""

from collections.abc import Mapping, Sequence

from leadstats.assistant.asking import Asker
from leadstats.assistant.questions import AS_IT_IS, BETWEEN
from leadstats.model.schema import PATHWAYS, RACES, TWO_OR_MORE, Column
from leadstats.recognition import forms, race_cells
from leadstats.recognition.forms import Words
from leadstats.recognition.vocabulary import load

MOST_ASKED = 12  # if more values are unclear, they are left to the report
PATHWAY_WORDS = {
    "arrest_diversion": "Officers handed them to LEAD at an arrest",
    "social_contact": "Officers referred them without an arrest",
    "community": "Neighbors, businesses, providers or they themselves asked",
    "jail_or_court": "From jail, the prosecutor or a court",
    "unknown": "The export does not tell",
}
PATHWAY_OPTIONS = [(pathway, PATHWAY_WORDS[pathway]) for pathway in PATHWAYS]


def words_of(column: Column, values: Mapping[str, int]) -> Words | None:
    """What values mean as a column; None if the column takes any text."""
    if column.kind == "races":
        return race_cells.races(values)
    if column.name in ("is_diverted", "is_booked"):
        told = forms.outcomes(values, column.name.removeprefix("is_"))
        plain = forms.yes_or_no(values)
        return plain if plain.share >= told.share else told
    if column.kind == "flag":
        return forms.yes_or_no(values)
    if column.kind == "choice":
        return forms.choices(column, values)
    if column.name in ("sex", "gender"):
        return forms.sexes(values)
    return forms.codes(column, values) if column.name in ("code", "destination", "project_type") else None


def told(asker: Asker, column: Column, words: Words, is_new: bool = False) -> dict[str, str]:
    """The values as ours: from the words, and for unclear ones from a person's answers."""
    answers = {}
    for value in words.unclear[:MOST_ASKED]:
        new = "A new value, " if is_new else ""
        meaning = column.meaning.split("; ")[0].split(",")[0].lower()
        text = (
            f"{new}{value!r}: what does it mean as {meaning}?"
            if new
            else f"What does {value!r} mean as {meaning}?"
        )
        # If the list has "other", there is no need to wait for an answer.
        key, default = f"{column.name} = {value}", column.other or None
        answer = asker.ask(key, text, options(column), default, column=column.name)
        if answer is not None:
            # Written down even if it changes nothing, so that nobody is asked again.
            answers[value] = value if answer == AS_IT_IS else answer
    return words.in_ours(answers)


def options(column: Column) -> list[tuple[str, str]]:
    """The allowed answers to what a value means, with words for each."""
    nothing = [("", "Nothing: it counts as not known")]
    if column.kind == "races":
        as_it_is = [(AS_IT_IS, "A group that none of these is: it counts as Unknown, and apart")]
        return [*((race, race) for race in (*RACES, TWO_OR_MORE)), *as_it_is, *nothing]
    if column.kind == "choice":
        return [(choice, PATHWAY_WORDS.get(choice, choice)) for choice in column.choices]
    if column.kind == "flag":
        return [("yes", "Yes"), ("no", "No"), *nothing]
    sections = {"code": ["living_situations"], "project_type": ["project_types"]}
    found = [
        (code, f"{words[0].capitalize()} ({code})")
        for section in sections.get(column.name, ["living_situations", "destinations"])
        for code, words in load()[section].items()
    ]
    return [*found, *nothing]


def says_hispanic(asker: Asker, header: str) -> tuple[str, ...] | None:
    """The cells of an ethnicity column that say Hispanic or Latino; None if none do."""
    words = race_cells.ethnicities(asker.sheet.profile(header).values)
    yes = [value for value, meaning in words.values.items() if meaning == "yes"]
    choices = [
        ("yes", "Hispanic or Latino"),
        ("no", "Not Hispanic or Latino"),
        ("", "Nothing: it is not known"),
    ]
    for value in words.unclear[:MOST_ASKED]:
        text = f"Does {value!r} in {header} mean Hispanic or Latino?"
        if asker.ask(f"{header} = {value}", text, choices, column="race") == "yes":
            yes.append(value)
    return tuple(yes) or None


def divertible(asker: Asker, header: str, values: Sequence[str]) -> dict[str, str] | None:
    """Which classes of charges may be diverted, as yes and no; None if nobody knows."""
    none = ("not known", "Not known: how many arrests could have been diverted is then not recorded")
    count = asker.sheet.profile(header).values
    said = [(value, f"{value} ({count[value]:,} rows)") for value in values]
    text = f"Which values of {header} are charges that may be diverted to LEAD?"
    answer = asker.ask(
        "divertible charges", text, [*said, none], none[0], column="is_charge_eligible", several=True
    )
    chosen = (answer or none[0]).split(BETWEEN)
    return None if none[0] in chosen else {value: "yes" if value in chosen else "no" for value in values}
