"""Time-to-event arithmetic on counts by day, so that person rows never leave the database."""

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from leadstats.statistics.intervals import Z, wilson

HALF = 0.5 + 1e-12  # a curve that touches one half has reached it, whatever the last bit says
CERTAIN = 1e-12


@dataclass(frozen=True)
class CurveStep:
    """One day on which something happened, and how many were still followed that day."""

    day: int
    at_risk: int
    events: int
    competing: int


@dataclass(frozen=True)
class Course:
    """How the follow-up of a cohort ended: day since the start -> how many people, for each way.

    Somebody censored on a day was still at risk on it.
    """

    events: Mapping[int, int]
    competing: Mapping[int, int]
    censored: Mapping[int, int]

    @property
    def people(self) -> int:
        return sum(sum(ended.values()) for ended in (self.events, self.competing, self.censored))

    def steps(self) -> list[CurveStep]:
        steps, at_risk = [], self.people
        for day in sorted({*self.events, *self.competing, *self.censored}):
            events, competing = self.events.get(day, 0), self.competing.get(day, 0)
            if events or competing:
                steps.append(CurveStep(day, at_risk, events, competing))
            at_risk -= events + competing + self.censored.get(day, 0)
        return steps

    def reaches(self, day: int) -> bool:
        """Whether the curve is defined on the day: somebody was followed so long, or nobody is left."""
        last_censored = max(self.censored, default=-1)
        last = max((*self.events, *self.competing, last_censored), default=-1)
        return last >= day or last > last_censored

    def known_by(self, day: int) -> int:
        """People whose follow-up did not break off before the day."""
        return self.people - sum(people for last, people in self.censored.items() if last < day)

    def either_cause(self) -> "Course":
        """The same follow-up with leaving counted as the event: who has neither is who stays."""
        both = Counter(self.events)
        both.update(self.competing)
        return Course(both, {}, self.censored)


def incidence(course: Course, day: int) -> tuple[float, float] | None:
    """Aalen-Johansen cumulative incidence of the event by a day, and its standard error.

    The error is that of R's survfit and of statsmodels' CumIncidenceRight. None where the
    follow-up is too short.
    """
    if not course.reaches(day):
        return None
    share, staying, curve = 0.0, 1.0, []
    for step in course.steps():
        if step.day > day:
            break
        share += staying * step.events / step.at_risk
        curve.append((step, staying, share))
        staying *= 1 - (step.events + step.competing) / step.at_risk
    variance = 0.0
    for step, before, reached in curve:
        to_come, at_risk, left = share - reached, step.at_risk, step.events + step.competing
        if at_risk > left:
            variance += to_come**2 * left / (at_risk * (at_risk - left))
        variance += before**2 * (at_risk - step.events) * step.events / at_risk**3
        variance -= 2 * to_come * before * step.events / at_risk**2
    return share, math.sqrt(max(variance, 0.0))


def incidence_interval(course: Course, day: int) -> tuple[float, float, float] | None:
    """Cumulative incidence with its 95 % interval on the log-log scale of the share without the event."""
    found = incidence(course, day)
    if found is None:
        return None
    share, error = found
    without = 1 - share
    if share == 0.0 or without < CERTAIN:
        # The scale ends at all and nobody; there, those whose outcome is known by then are a share.
        known = course.known_by(day)
        return share, *wilson(round(share * known), known)
    spread = Z * error / (without * math.log(without))
    return share, 1 - without ** math.exp(spread), 1 - without ** math.exp(-spread)


def median(course: Course) -> tuple[int | None, int | None, int | None]:
    """First day on which the Kaplan-Meier curve is at one half or below, with a log-log interval.

    Leaving is censoring here. None stands for a day the curve never reaches.
    """
    found: list[int | None] = [None, None, None]
    staying, high, hazard = 1.0, 1.0, 0.0
    for step in course.steps():
        if not step.events:
            continue
        staying *= 1 - step.events / step.at_risk
        if step.at_risk > step.events:
            hazard += step.events / (step.at_risk * (step.at_risk - step.events))
            bend = math.exp(Z * math.sqrt(hazard) / math.log(staying))
            low, high = staying ** (1 / bend), staying**bend
        else:
            low = 0.0  # nobody is left: the upper limit stays where it was
        for place, height in enumerate((staying, low, high)):
            if found[place] is None and height <= HALF:
                found[place] = step.day
    return found[0], found[1], found[2]
