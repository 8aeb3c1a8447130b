"""Five numbers and up to four charts, straight from the rows; both pages draw what comes out of here."""

import os
from dataclasses import dataclass, replace
from datetime import date

import duckdb
import pandas as pd
import plotly.express as px
import plotly.graph_objects as go

HOW_MANY = int(os.environ.get("CHARTS", "4"))
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

    def charts(self, choice: Choice) -> list[go.Figure]:
        """As many as CHARTS says, four at most."""
        drawn = (self.came, self.rate, self.pathways_of, self.places_of)
        return [draw(choice) for draw in drawn[:HOW_MANY]]

    def came(self, choice: Choice) -> go.Figure:
        frame = self.frame(
            """
            SELECT 'Referred' AS what, date_trunc('month', day) AS month, count(DISTINCT person) AS people
            FROM referrals WHERE {chosen} GROUP BY month
            UNION ALL
            SELECT 'Enrolled', date_trunc('month', day) AS month, count(DISTINCT person)
            FROM enrollments WHERE {chosen} GROUP BY month
            ORDER BY month""",
            choice,
        )
        return px.line(frame, x="month", y="people", color="what", title="People referred and enrolled")

    def rate(self, choice: Choice) -> go.Figure:
        frame = self.frame(
            """
            SELECT date_trunc('month', day) AS month, 100 * avg(diverted::INT) AS percent
            FROM arrests WHERE eligible AND {chosen_of_arrests} GROUP BY month ORDER BY month""",
            choice,
        )
        return px.line(frame, x="month", y="percent", title="Diversion rate")

    def pathways_of(self, choice: Choice) -> go.Figure:
        frame = self.frame(
            """
            SELECT pathway, count(DISTINCT person) AS people
            FROM referrals WHERE {chosen} GROUP BY pathway ORDER BY people""",
            choice,
        )
        return px.bar(frame, x="people", y="pathway", title="People referred by pathway")

    def places_of(self, choice: Choice) -> go.Figure:
        frame = self.frame(
            """
            SELECT place, count(DISTINCT person) AS people
            FROM referrals WHERE {chosen} GROUP BY place ORDER BY people""",
            choice,
        )
        return px.bar(frame, x="people", y="place", title="People referred by neighborhood")
