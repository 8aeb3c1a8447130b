"""Ends of an interval, drawn only when somebody looks at them."""

import functools
from collections.abc import Callable
from typing import Any

Drawn = Callable[[], float]


class Limit:
    """A field that holds a number, None, or a function that draws the number when it is first read.

    Drawing is most of the cost of an estimate, and few limits are looked at: small charts have none.
    """

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, held: Any, owner: type) -> float | None:
        if held is None:
            return None  # the default of the field
        found = vars(held)[self._name]
        if callable(found):
            found = vars(held)[self._name] = found()
        return found

    def __set__(self, held: Any, value: float | Drawn | None) -> None:
        vars(held)[self._name] = value


def drawn_once(limits: Callable[[], tuple[float, float]]) -> tuple[Drawn, Drawn]:
    """Both ends, drawn together when either is first read."""
    once = functools.cache(limits)
    return (lambda: once()[0]), (lambda: once()[1])
