"""Sentences about case work: managers and how many people they have, people who waited, people who died."""

from collections.abc import Sequence

from leadstats.analysis import usual_range
from leadstats.counting.view import Cell, Published
from leadstats.model.settings import Caseload
from leadstats.narrative import headlines, wording

OVER = "More than 25 people"
DEATHS = (
    "Each of them was somebody's. The number is of the whole county and of whole years, so that it points to nobody; "
    "of an unfinished year it is the number so far."
)


def managers(published: Published) -> str:
    """How many managers are in the top band. The bands are the same everywhere: what a site has set is said beside."""
    values = {cell.category: cell.value for cell in published.cells}
    if any(value is None for value in values.values()) or not sum(values.values()):
        return headlines.headline(published)
    over, everybody = values[OVER], sum(values.values())
    when = wording.month(published.filters.last_month)
    return (
        f"{wording.count(over)} of {wording.count(everybody)} case managers had more than 25 people, the top band, at the "
        f"end of {when}"
    )


def standard(caseload: Caseload | None) -> str:
    if caseload is None:
        return ""
    return f"The site has set {caseload.target} people per case manager, and {caseload.maximum} at most."


def deaths(by_year: Published) -> str:
    """Of the last whole year that may be told."""
    told = [cell for cell in usual_range.complete(by_year.cells) if not cell.is_partial]
    if not told:
        return headlines.headline(by_year)
    last = told[-1]
    if not last.value:
        return f"In {last.period}, nobody whom LEAD knew is recorded to have died"
    return f"In {last.period}, {_people(last.value)} whom LEAD knew died"


def deaths_by_time(cells: Sequence[Cell]) -> str:
    """Of one year, if all of it may be told."""
    if not cells or any(cell.value is None for cell in cells):
        return ""
    before, during, after = (wording.count(cell.value) for cell in cells)
    return f"Of those of {cells[0].period}, {before} had been referred and not yet enrolled, {during} were enrolled, and {after} had left LEAD."


def _people(number: float) -> str:
    return f"{wording.count(number)} {wording.noun('people', number)}"
