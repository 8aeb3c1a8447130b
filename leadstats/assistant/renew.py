"""The second month: a mapping that exists is kept, and only what is new in a file is asked about."""

from collections.abc import Iterator, Mapping

from msgspec import structs

from leadstats.assistant import propose
from leadstats.assistant.propose import AS_IT_IS, LEFT, MappingQuestion
from leadstats.model.schema import TABLES
from leadstats.model.settings import FileMapping
from leadstats.recognition import forms, suggest
from leadstats.recognition.profile import Sheet


def renew(
    sheet: Sheet, mapping: FileMapping, answers: Mapping[str, str]
) -> tuple[FileMapping, list[MappingQuestion]]:
    """The mapping with what is new in the file added to it, and what has to be asked for that."""
    mapping, questions = _moved(sheet, mapping, answers)
    mapping = structs.replace(mapping, formats={**mapping.formats, **dict(_written_anew(sheet, mapping))})
    for name, words in _news(sheet, mapping):
        column = TABLES[mapping.table].column(name)
        ours = dict(words.values)
        for value in words.unclear[: suggest.ASKED_VALUES]:
            key = f"{mapping.pattern}: {mapping.table}.{name} = {value}"
            if (answer := answers.get(key)) is not None:
                ours[value] = value if answer == AS_IT_IS else answer
            else:
                text = f"A new value, {value!r}: what does it mean as {name.replace('_', ' ')}?"
                questions.append(MappingQuestion(key, sheet.name, text, tuple(propose.options(column))))
        if ours:
            merged = {**mapping.values, name: {**mapping.values.get(name, {}), **ours}}
            mapping = structs.replace(mapping, values=merged)
    return mapping, questions


def _moved(
    sheet: Sheet, mapping: FileMapping, answers: Mapping[str, str]
) -> tuple[FileMapping, list[MappingQuestion]]:
    """Columns that the file no longer has under the name it had, and those that somebody changed."""
    there = {" ".join(each.header.split()).lower() for each in sheet.columns}
    columns, questions = dict(mapping.columns), []
    for name in (column.name for column in TABLES[mapping.table].columns):
        headers = mapping.columns.get(name, ())
        lost = [header for header in headers if " ".join(header.split()).lower() not in there]
        key = f"{mapping.pattern}: {mapping.table}.{name}"
        answer = answers.get(key)
        if answer == LEFT:
            columns.pop(name, None)
        elif answer is not None:
            columns[name] = (
                tuple(answer if header in lost else header for header in headers) if lost else (answer,)
            )
        elif len(lost) == 1:
            column = TABLES[mapping.table].column(name)
            found = [each for each in suggest.candidates(sheet, mapping.table, name) if each not in headers]
            options = [(header, header) for header in found]
            options += [] if column.required else [(LEFT, "It is gone: leave it out")]
            text = f"The column {lost[0]!r} is gone. Which one is it now ({name.replace('_', ' ')})?"
            questions.append(
                MappingQuestion(key, sheet.name, text, tuple(options), found[0] if found else None)
            )
    return structs.replace(mapping, columns=columns), questions


def _written_anew(sheet: Sheet, mapping: FileMapping) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Dates that the formats known so far do not read, with the formats that do."""
    headers = {each.header.lower(): each for each in sheet.columns}
    for name, theirs in mapping.columns.items():
        is_date = TABLES[mapping.table].column(name).is_date
        profile = headers.get(theirs[0].lower()) if is_date else None
        known = mapping.formats.get(name, ())
        if profile and profile.filled and forms.read_by(profile.values, known) < forms.FITS:
            new = forms.dates(profile.values, may_be_serial=True)
            if new.share >= forms.FITS and new.formats:
                yield name, (*known, *(each for each in new.formats if each not in known))


def _news(sheet: Sheet, mapping: FileMapping) -> Iterator[tuple[str, propose.Words]]:
    headers = {each.header.lower(): each for each in sheet.columns}
    for name, theirs in mapping.columns.items():
        told = {value.strip().lower() for value in mapping.values.get(name, {})} | set(mapping.missing)
        values: dict[str, int] = {}
        for profile in filter(None, (headers.get(header.lower()) for header in theirs)):
            values |= {
                value: count for value, count in profile.values.items() if value.strip().lower() not in told
            }
        column = TABLES[mapping.table].column(name)
        separator = mapping.split.get(name)
        if separator:
            parts = {part.strip() for value in values for part in value.split(separator)}
            values = {part: 1 for part in parts if part.lower() not in told}
        words = propose.words_of(column, values) if values else None
        if words and name not in ("sex", "gender") and (words.values or words.unclear):
            yield name, words
