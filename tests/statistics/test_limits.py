"""Ends of an interval that are drawn when they are looked at."""

from dataclasses import asdict, dataclass, replace

from leadstats.statistics.limits import Limit, drawn_once


@dataclass(frozen=True)
class Number:
    value: float
    low: float | None = Limit()
    high: float | None = Limit()


def test_both_ends_are_drawn_once_and_only_if_one_is_read():
    drawn = []

    def draw():
        drawn.append(1)
        return 1.0, 3.0

    number = Number(2.0, *drawn_once(draw))
    assert not drawn
    assert (number.low, number.high, number.low) == (1.0, 3.0, 1.0)
    assert len(drawn) == 1


def test_it_is_a_field_like_others():
    number = Number(2.0, *drawn_once(lambda: (1.0, 3.0)))
    assert asdict(number) == {"value": 2.0, "low": 1.0, "high": 3.0}
    assert number == Number(2.0, 1.0, 3.0) and hash(number) == hash(Number(2.0, 1.0, 3.0))
    assert replace(number, low=None) == Number(2.0, None, 3.0)
    assert Number(2.0) == Number(2.0, None, None)
