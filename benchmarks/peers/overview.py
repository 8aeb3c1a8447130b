"""Five numbers straight from the rows; both pages show what comes out of here."""

import os
from dataclasses import dataclass, replace
from datetime import date

import duckdb
import pandas as pd

NUMBERS = {
    "People referred": "SELECT count(DISTINCT person) FROM referrals WHERE {chosen}",
    "People enrolled": "SELECT count(DISTINCT person) FROM enrollments WHERE {chosen}",
    "Arrests diverted": "SELECT count(*) FROM arrests WHERE diverted AND {chosen_of_arrests}",
    "Jail nights avoided": """
        WITH before AS (
            SELECT charge, avg(booked::INT) * avg(nights) FILTER (WHERE booked) AS nights
            FROM arrests, baseline
            WHERE eligible AND day >= first_day AND day < next_day
            GROUP BY charge
        )
        SELECT coalesce(sum(before.nights - arrests.nights), 0)
        FROM arrests JOIN before USING (charge)
        WHERE diverted AND {chosen_of_arrests}""",
    "People placed in permanent housing": "SELECT count(DISTINCT person) FROM placements WHERE {chosen}",
}
OF_ARRESTS = "day >= $first AND day < $next AND ($places IS NULL OR list_contains($places, place))"
CHOSEN = f"{OF_ARRESTS} AND ($pathways IS NULL OR list_contains($pathways, pathway))"


@dataclass(frozen=True)
class Choice:
    """Months by their first day, both included; nothing chosen is everything."""

    first: date
    last: date
    places: tuple[str, ...] = ()
    pathways: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        where = f", {', '.join(self.places)}" if self.places else ""
        how = f", {', '.join(self.pathways)}" if self.pathways else ""
        return f"{self.first:%B %Y} to {self.last:%B %Y}{where}{how}"

    @property
    def before(self) -> "Choice":
        months = 12 * (self.last.year - self.first.year) + self.last.month - self.first.month + 1
        return replace(self, first=_moved(self.first, -months), last=_moved(self.last, -months))


def _moved(month: date, months: int) -> date:
    number = 12 * month.year + month.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)


class Rows:
    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection

    @classmethod
    def opened(cls) -> "Rows":
        """The database file that ROWS names."""
        return cls(duckdb.connect(os.environ["ROWS"], read_only=True))

    def frame(self, sql: str, choice: Choice) -> pd.DataFrame:
        return (
            self.connection.cursor()
            .execute(
                sql.format(chosen=CHOSEN, chosen_of_arrests=OF_ARRESTS),
                {
                    "first": choice.first,
                    "next": _moved(choice.last, 1),
                    "places": list(choice.places) or None,
                }
                | ({"pathways": list(choice.pathways) or None} if "{chosen}" in sql else {}),
            )
            .df()
        )

    def months(self) -> list[date]:
        first, last = self.connection.cursor().execute("SELECT min(day), max(day) FROM arrests").fetchone()
        months, month = [], first.replace(day=1)
        while month <= last:
            months.append(month)
            month = _moved(month, 1)
        return months

    def places(self) -> list[str]:
        return self._distinct("SELECT DISTINCT place FROM arrests WHERE place IS NOT NULL ORDER BY place")

    def pathways(self) -> list[str]:
        return self._distinct("SELECT DISTINCT pathway FROM referrals ORDER BY pathway")

    def _distinct(self, sql: str) -> list[str]:
        return [value for (value,) in self.connection.cursor().execute(sql).fetchall()]

    def numbers(self, choice: Choice) -> dict[str, tuple[int, int]]:
        """Each number, and what it was in as many months before."""
        return {
            title: (
                round(self.frame(sql, choice).iloc[0, 0]),
                round(self.frame(sql, choice.before).iloc[0, 0]),
            )
            for title, sql in NUMBERS.items()
        }
