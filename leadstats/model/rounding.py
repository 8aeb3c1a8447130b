"""How numbers are rounded for people, the same everywhere."""

from decimal import ROUND_HALF_UP, Decimal


def rounded(value: float, digits: int = 0) -> Decimal:
    """Rounds half away from zero, as people do, and as neither Python's round() nor float formats do."""
    return Decimal(repr(value)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)


def significant(value: float, digits: int = 2) -> Decimal:
    number = Decimal(repr(value))
    return rounded(value, digits - 1 - number.adjusted()) if number else Decimal(0)
