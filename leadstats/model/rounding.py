"""How numbers are rounded for people, everywhere alike."""

from decimal import ROUND_HALF_UP, Decimal


def rounded(value: float, digits: int = 0) -> Decimal:
    """Half away from zero, as people round: neither Python's round() nor a float format does."""
    return Decimal(repr(value)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)


def significant(value: float, digits: int = 2) -> Decimal:
    number = Decimal(repr(value))
    return rounded(value, digits - 1 - number.adjusted()) if number else Decimal(0)
