"""Up to four charts, straight from the rows."""

import os

import plotly.express as px
import plotly.graph_objects as go
from overview import Choice, Rows

HOW_MANY = int(os.environ.get("CHARTS", "4"))


def drawn(rows: Rows, choice: Choice) -> list[go.Figure]:
    """As many as CHARTS says, four at most."""
    return [draw(rows, choice) for draw in (came, rate, pathways, places)[:HOW_MANY]]


def came(rows: Rows, choice: Choice) -> go.Figure:
    frame = rows.frame(
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


def rate(rows: Rows, choice: Choice) -> go.Figure:
    frame = rows.frame(
        """
        SELECT date_trunc('month', day) AS month, 100 * avg(diverted::INT) AS percent
        FROM arrests WHERE eligible AND {chosen_of_arrests} GROUP BY month ORDER BY month""",
        choice,
    )
    return px.line(frame, x="month", y="percent", title="Diversion rate")


def pathways(rows: Rows, choice: Choice) -> go.Figure:
    frame = rows.frame(
        """
        SELECT pathway, count(DISTINCT person) AS people
        FROM referrals WHERE {chosen} GROUP BY pathway ORDER BY people""",
        choice,
    )
    return px.bar(frame, x="people", y="pathway", title="People referred by pathway")


def places(rows: Rows, choice: Choice) -> go.Figure:
    frame = rows.frame(
        """
        SELECT place, count(DISTINCT person) AS people
        FROM referrals WHERE {chosen} GROUP BY place ORDER BY people""",
        choice,
    )
    return px.bar(frame, x="people", y="place", title="People referred by neighborhood")
