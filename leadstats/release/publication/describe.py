"""What the files of a release mean, for machines: data dictionary, Data Package, CSVW, DCAT-US."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from leadstats.model.language import LANGUAGES, Language, message
from leadstats.release.estimates import LEVELS, EstimateTable
from leadstats.release.publication.edition import LICENSE, Edition
from leadstats.release.publication.labels import level_name
from leadstats.release.tables import PublicTable, ShareTable, shown


def as_json(content: Any) -> bytes:
    return (json.dumps(content, indent=1, ensure_ascii=False) + "\n").encode()


def _columns(levels: Sequence[str], kind: str) -> list[tuple[str, str, str]]:
    """Name, type and meaning of each column of a table."""
    found = [("period", "string", PERIOD_MEANING[levels[0]])]
    for level in levels[1:]:
        found.append((level, "string", message("{level}: code, the same in every language and release")))
        found += [(f"{level}_{code}", "string", message("{level}: name")) for code in LANGUAGES]
    if kind == "estimates":
        found += [
            (
                "value",
                "integer",
                message(
                    "The estimate, a multiple of rounded_to; empty where it would say too much, or nothing"
                ),
            ),
            ("low", "integer", message("Where its range of 95 % begins, rounded down; empty beside a bound")),
            ("high", "integer", message("Where its range of 95 % ends, rounded up; empty beside a bound")),
            ("bound", "string", message("at_most or at_least: the estimate is the given one or beyond it")),
            ("rounded_to", "integer", message("The step that the three numbers are rounded to")),
        ]
    elif kind == "shares":
        found += [
            ("numerator", "integer", message("Number in the group with the outcome")),
            ("denominator", "integer", message("Number in the group")),
            ("value", "integer", message("Percent, in whole numbers")),
            (
                "bound",
                "string",
                message("at_most or at_least: the percentage is the given one or nearer to the end"),
            ),
        ]
    else:
        found.append(("value", "integer", message("The number; empty if hidden to protect privacy")))
    found.append(("value_status", "string", message("ok, or suppressed: hidden to protect privacy")))
    return [*found, *(MERGED if kind == "counts" and len(levels) == 1 else ())]


MERGED = (
    (
        "merged_periods",
        "string",
        message(
            "Of a hidden period: this and other hidden ones, parted by spaces, whose number together follows from "
            "shown numbers; else empty"
        ),
    ),
    ("merged_value", "integer", message("The number of these periods together")),
)
PERIOD_MEANING = {
    "month": message("Month, YYYY-MM"),
    "quarter": message("Calendar quarter, YYYY-Qn"),
    "year": message("Calendar year, YYYY"),
    "three_years": message("Three calendar years, first-last"),
}


def _described(
    edition: Edition,
) -> list[tuple[str, str, tuple[str, ...], str, PublicTable | ShareTable | EstimateTable]]:
    """Path, title, levels, kind, and the table itself, for each CSV with numbers."""
    return [
        *((f"data/{t.name}.csv", t.title, t.levels, "counts", t) for t in edition.tables),
        *(
            (f"data/{t.name}.csv", f"{t.measure.question} (percent)", t.levels, "shares", t)
            for t in edition.shares
        ),
        *((f"data/{t.name}.csv", t.metric.title, LEVELS, "estimates", t) for t in edition.estimates),
    ]


def dictionary(edition: Edition) -> tuple[list[str], list[list[str]]]:
    """Header and rows: each column of each file."""
    rows = []
    for path, title, levels, what, table in _described(edition):
        definitions = [_definition(table, language) for language in LANGUAGES.values()]
        for name, kind, meaning in _columns(levels, what):
            level = next((level for level in levels[1:] if name.startswith(level)), "period")
            said = [
                language.text(meaning, level=level_name(language, level)) for language in LANGUAGES.values()
            ]
            titles = [language.text(title.removesuffix(" (percent)")) for language in LANGUAGES.values()]
            rows.append(
                [
                    path,
                    *titles,
                    *definitions,
                    name,
                    kind,
                    *said,
                ]
            )
    heads = [f"{what}_{code}" for what in ("title", "definition") for code in LANGUAGES]
    return ["file", *heads, "column", "type", *(f"meaning_{code}" for code in LANGUAGES)], rows


def _definition(table: PublicTable | ShareTable | EstimateTable, language: Language) -> str:
    if isinstance(table, EstimateTable):
        return table.definition_in(language)
    return language.text(table.definition)


def package(edition: Edition, files: Mapping[str, bytes]) -> dict[str, Any]:
    resources = []
    for path, title, levels, kind, table in _described(edition):
        about: dict[str, Any] = {"kind": kind, "levels": list(levels)}
        if isinstance(table, EstimateTable):
            estimate = table.estimate
            about |= {
                "measure": estimate.series,
                "rests_on": list(estimate.rests_on),
                "beside": estimate.beside,
                "rule": estimate.rule,
            }
        elif kind == "shares":
            about |= {"measure": table.series, "part": ["outcome", "yes"]}
        else:
            about |= {"measure": table.series} | ({"people": table.measure.name} if table.is_sum else {})
        fields = [
            {"name": name, "type": type_, "description": meaning.format(level=name)}
            for name, type_, meaning in _columns(levels, kind)
        ]
        key = ["period", *levels[1:]]
        resources.append(_resource(path, title, fields, key, files) | {"leadstats": about})
    if "data/places.csv" in files:
        fields = [{"name": "neighborhood", "type": "string"}, {"name": "zone", "type": "string"}]
        place = _resource("data/places.csv", "Areas and their neighborhoods", fields, ["neighborhood"], files)
        resources.append(place | {"leadstats": {"kind": "places"}})
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "leadstats",
        "id": f"{edition.plan.publisher.address}{edition.name}/",
        "title": edition.title,
        "version": edition.name,
        "created": f"{edition.published_on}T00:00:00Z",
        "licenses": [{"name": "CC0-1.0", "path": LICENSE, "title": "CC0 1.0 Universal"}],
        "contributors": [{"title": edition.publisher, "roles": ["publisher"]}],
        "resources": resources,
        "leadstats": {
            "threshold": edition.plan.threshold,
            "rounding": edition.plan.rounding,
            "percent_ends": edition.plan.percent_ends,
            "least_denominator": edition.plan.least_denominator,
            "is_rebased": edition.is_rebased,
            "not_only_added": list(edition.not_only_added),
        },
    }


def _resource(
    path: str, title: str, fields: list[dict[str, str]], key: list[str], files: Mapping[str, bytes]
):
    return {
        "name": path.removeprefix("data/").removesuffix(".csv"),
        "type": "table",
        "path": path,
        "title": title,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "hash": f"sha256:{hashlib.sha256(files[path]).hexdigest()}",
        "bytes": len(files[path]),
        "schema": {
            "$schema": "https://datapackage.org/profiles/2.0/tableschema.json",
            "fieldsMatch": "equal",
            "fields": fields,
            "primaryKey": key,
            "missingValues": [""],
        },
    }


def csvw(edition: Edition) -> dict[str, Any]:
    tables = []
    for path, title, levels, kind, _ in _described(edition):
        columns = [
            {"name": name, "titles": name, "datatype": type_, "dc:description": meaning.format(level=name)}
            for name, type_, meaning in _columns(levels, kind)
        ]
        schema = {"columns": columns, "primaryKey": ["period", *levels[1:]]}
        tables.append({"url": path, "dc:title": title, "tableSchema": schema})
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "dc:title": edition.title,
        "dc:license": {"@id": LICENSE},
        "dialect": {"header": True, "encoding": "utf-8"},
        "tables": tables,
    }


def catalog(edition: Edition, files: Mapping[str, bytes]) -> dict[str, Any]:
    """DCAT-US 3: one data set with all files."""
    publisher = edition.plan.publisher
    home = f"{publisher.address}{edition.name}/"
    first, last = edition.coverage
    dictionary = {
        "@type": "Distribution",
        "title": "Data dictionary",
        "downloadURL": f"{home}data-dictionary.csv",
        "mediaType": "text/csv",
    }
    csvs = [(path, title, "text/csv", "CSV") for path, title, _, _, _ in _described(edition)]
    every = [*csvs, ("public.parquet", "All tables in one file", "application/vnd.apache.parquet", "Parquet")]
    dataset = {
        "@type": "Dataset",
        "identifier": f"{publisher.address}#statistics",
        "title": edition.title,
        "description": DESCRIPTION.format(program=edition.program, threshold=edition.plan.threshold),
        "contactPoint": {"@type": "Kind", "fn": edition.publisher, "hasEmail": f"mailto:{publisher.email}"},
        "publisher": {"@type": "Organization", "name": edition.publisher},
        "keyword": ["diversion", "LEAD", "public safety", "housing", "racial equity"],
        "issued": edition.published_on.isoformat(),
        "modified": edition.published_on.isoformat(),
        "version": edition.name,
        "language": list(LANGUAGES),
        "license": LICENSE,
        "accessRights": "public",
        "temporal": [{"@type": "PeriodOfTime", "startDate": first.isoformat(), "endDate": last.isoformat()}],
        "landingPage": {
            "@type": "Document",
            "title": edition.title,
            "accessURL": f"{home}bulletin/en/index.html",
        },
        "describedBy": dictionary,
        "distribution": [
            {
                "@type": "Distribution",
                "title": title,
                "downloadURL": f"{home}{path}",
                "mediaType": media,
                "format": kind,
                "byteSize": str(len(files[path])),
                "describedBy": dictionary,
                "checksum": {
                    "@type": "Checksum",
                    "algorithm": "SHA-256",
                    "checksumValue": hashlib.sha256(files[path]).hexdigest(),
                },
            }
            for path, title, media, kind in every
        ],
    }
    return {
        "@type": "Catalog",
        "title": edition.title,
        "description": dataset["description"],
        "publisher": dataset["publisher"],
        "conformsTo": {"@type": "Standard", "title": "DCAT-US 3.0"},
        "dataset": [dataset],
    }


DESCRIPTION = (
    "Numbers of people in {program}, a program that diverts people from arrest and jail to services. Numbers "
    "that stand for fewer than {threshold} people, or would let somebody work out such a number, are hidden."
)


def about(edition: Edition, numbers: str) -> dict[str, Any]:
    plan = msgspec.to_builtins(edition.plan)
    plan["tables"] = [
        {"measure": table.series, "levels": list(table.levels), "cells": len(table.numbers)}
        for table in edition.tables
    ]
    return {
        "release": edition.name,
        "title": edition.title,
        "is_sample": edition.is_sample,
        "data_through": edition.data_through.isoformat(),
        "published_on": edition.published_on.isoformat(),
        "approved_by": edition.approved_by,
        "database": edition.database,
        "numbers": numbers,
        "numbers_shown": shown(edition.tables),
        "numbers_hidden": sum(len(table.numbers) for table in edition.tables) - shown(edition.tables),
        "plan": plan,
        "not_published_yet": list(edition.left_out),
        "protected_together_with": dict(edition.earlier or {}),
    }
