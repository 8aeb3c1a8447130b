"""Sentences about case work, of numbers that may be told and of numbers that may not."""

from datetime import date

from leadstats.counting.catalog import load_metrics
from leadstats.counting.view import Cell, Filters, Published
from leadstats.narrative import casework


def published(name, *cells, by="total"):
    return Published(
        load_metrics()[name],
        Filters(date(2024, 1, 1), date(2026, 12, 1), by),
        tuple(cells),
        date(2026, 10, 31),
    )


def managers(*values):
    bands = load_metrics()["case_managers_by_caseload"].categories
    return published(
        "case_managers_by_caseload",
        *(Cell(None, band, value=value) for band, value in zip(bands, values, strict=True)),
    )


def test_managers_with_too_many_people_are_counted():
    said = "6 of 28 case managers had more than 25 people, the top band, at the end of December 2026"
    assert casework.managers(managers(0, 15, 7, 6)) == said


def test_hidden_managers_are_no_zero():
    assert "had more than" not in casework.managers(managers(0, 15, 7, None))


def test_deaths_are_told_of_the_last_whole_year():
    years = [("2024", 35, False), ("2025", 48, False), ("2026", 67, True)]
    by_year = published(
        "people_who_died",
        *(Cell(year, "Everyone", value=value, is_partial=partial) for year, value, partial in years),
        by="year",
    )
    assert casework.deaths(by_year) == "In 2025, 48 people whom LEAD knew died"


def test_a_year_without_a_death_says_that_none_is_recorded():
    by_year = published("people_who_died", Cell("2025", "Everyone", people=0, value=0), by="year")
    assert casework.deaths(by_year) == "In 2025, nobody whom LEAD knew is recorded to have died"


def test_when_people_died_is_said_only_if_all_of_it_may_be():
    cells = [Cell("2025", name, value=value) for name, value in (("a", 20), ("b", 11), ("c", 17))]
    assert casework.deaths_by_time(cells) == (
        "Of those of 2025, 20 had been referred and not yet enrolled, 11 were enrolled, and 17 had left LEAD."
    )
    assert casework.deaths_by_time([*cells[:2], Cell("2025", "c", hidden="too few")]) == ""
