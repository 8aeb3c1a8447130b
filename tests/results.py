"""Results as a metric would give them, for tests of what is said and drawn."""

from dataclasses import replace
from datetime import date

from leadstats.counting.catalog import load_metrics
from leadstats.counting.view import Cell, Filters, Published

MONTHS = Filters(date(2026, 1, 1), date(2026, 6, 1), "month")
OCTOBER = Filters(date(2026, 10, 1), date(2026, 10, 1), "total")
BY_PLACE = replace(OCTOBER, breakdown="neighborhood")
BLACK, WHITE = "Black or African American", "White"
SPAN = Filters(date(2026, 1, 1), date(2026, 6, 1))
QUIET = [20, 21, 19, 20, 22, 18, 20, 21, 19, 20, 21, 19]


def result(name: str, *cells: Cell, filters: Filters = OCTOBER, **more) -> Published:
    return Published(load_metrics()[name], filters, cells, date(2026, 10, 31), **more)


def months(*values, partial_last=False):
    return [
        Cell(
            f"2026-{number:02}",
            "Everyone",
            value=value,
            hidden=None if value is not None else "too few",
            is_partial=partial_last and number == len(values),
        )
        for number, value in enumerate(values, 1)
    ]


def diverted(*values, start=1):
    """Months of a year that begins in January 2025."""
    filters = Filters(date(2025, 1, 1), date(2026, 12, 1), "month")
    cells = [
        Cell(f"{2025 + index // 12}-{index % 12 + 1:02}", "Everyone", value=value, events=value)
        for index, value in enumerate(values)
    ]
    return result("arrests_diverted", *cells[start - 1 :], filters=filters)


def arrests(**counts):
    """Race -> (diverted, eligible); one person an arrest."""
    return [
        {
            "person_id": f"{race}-{n}",
            "arrested_at": "2026-02-10T10:00",
            "is_charge_eligible": "yes",
            "is_diverted": "yes" if n < diverted else "no",
            "race": race.replace("nobody knows", ""),
        }
        for race, (diverted, eligible) in counts.items()
        for n in range(eligible)
    ]
