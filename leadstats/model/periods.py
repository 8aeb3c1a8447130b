"""The one calendar: whole months, and the labels of the periods made of them.

A month is the date of its first day. A label is "2026-01", "2026-Q1", "2026" or, for the public,
"2024-2026"; None means all the months that were asked for.
"""

import functools
from collections.abc import Iterable
from datetime import date, timedelta

VIEWED = ("month", "quarter", "year", "total")  # what a view may be divided into
PUBLISHED = (
    "month",
    "quarter",
    "year",
    "three_years",
)  # what a release may be divided into, short periods first


# Cached, since a page asks thousands of times for the same few months.
_kept = functools.lru_cache(maxsize=4096)


@_kept
def label(day: date, by: str) -> str | None:
    """The label of the period of that length that contains a day."""
    return {
        "month": f"{day:%Y-%m}",
        "quarter": f"{day.year}-Q{(day.month + 2) // 3}",
        "year": f"{day.year}",
        "three_years": _three_years(day.year),
        "total": None,
    }[by]


def _three_years(year: int) -> str:
    # They end in years divisible by three, whatever year a program begins in.
    end = -(-year // 3) * 3
    return f"{end - 2}-{end}"


@_kept
def first_month(label: str) -> date:
    if "Q" in label:
        return date(int(label[:4]), 3 * int(label[-1]) - 2, 1)
    return date(int(label[:4]), int(label[5:]) if len(label) == 7 else 1, 1)


def last_month(label: str) -> date:
    if "Q" in label:
        return date(int(label[:4]), 3 * int(label[-1]), 1)
    if len(label) == 7:
        return first_month(label)
    return date(int(label[-4:]), 12, 1)


@_kept
def last_day(label: str) -> date:
    return following_month(last_month(label)) - timedelta(days=1)


def days(label: str) -> int:
    """How many days the whole period has."""
    return (following_month(last_month(label)) - first_month(label)).days


@_kept
def start(day: date, by: str) -> date:
    """The first month of the period of that length that contains a day; for "total", the month of that day."""
    return first_month(label(day, "month" if by == "total" else by))


def between(first: str, last: str) -> list[str]:
    """The labels from the first to the last, which must be of one length: months or years."""
    by, found, month = "year" if len(first) == 4 else "month", [], first_month(first)
    while month <= first_month(last):
        found.append(label(month, by))
        month = months_before(month, -12 if by == "year" else -1)
    return found


def runs(labels: Iterable[str]) -> list[list[str]]:
    """Labels of one length, in order, as runs in which each directly follows the one before."""
    found: list[list[str]] = []
    for each in labels:
        if found and following_month(last_month(found[-1][-1])) == first_month(each):
            found[-1].append(each)
        else:
            found.append([each])
    return found


@_kept
def following_month(day: date) -> date:
    """The month after the one that contains a day."""
    return months_before(day, -1)


@_kept
def months_before(day: date, months: int) -> date:
    """The month this many months before the one that contains a day."""
    index = day.year * 12 + day.month - 1 - months
    return date(index // 12, index % 12 + 1, 1)


@_kept
def last_complete(through: date, by: str = "month") -> date:
    """The first month of the last period of that length that has ended by the end of a day."""
    return start(start(through + timedelta(days=1), by) - timedelta(days=1), by)
