"""Amounts of a drug in milligrams, and durations in days, from quantities with units."""

from decimal import Decimal
from typing import Final

from fhir_mappings.chart.projections import Quantity
from fhir_mappings.drugs.dose_patterns import Amount

_MILLIGRAMS: Final = {
    "mg": Decimal(1),
    "milligram": Decimal(1),
    "milligrams": Decimal(1),
    "g": Decimal(1000),
    "gram": Decimal(1000),
    "grams": Decimal(1000),
    "ug": Decimal("0.001"),
    "mcg": Decimal("0.001"),
}
_TABLETS: Final = frozenset(
    (
        *("{tbl}", "tbl", "{tab}", "tab", "tabs", "{tablet}", "tablet", "tablets"),
        *("{tablet(s)}", "tablet(s)", "{pill}", "pill", "pills"),
        *("tablette", "tabletten", "filmtablette", "filmtabletten", "\uc815"),
    )
)
_LARGEST_EXPONENT: Final = 6  # no dose, count or period of a drug is a million
_DAYS: Final = {"d": 1, "day": 1, "days": 1, "wk": 7, "week": 7, "weeks": 7}


def is_plausible(number: Decimal) -> bool:
    """Whether a number may be a dose, a count or a period at all: finite and not far out.

    Decimals are read from any number or numeral, ``NaN`` and ``1e999999`` among them, with which
    arithmetic fails or does not end.
    """
    return number.is_finite() and abs(number.adjusted()) <= _LARGEST_EXPONENT


def milligrams(quantity: Quantity | None, strength_mg: Decimal | None) -> Amount | None:
    """Read an amount in milligrams, or in tablets of known strength."""
    if quantity is None or quantity.value is None or quantity.comparator is not None:
        return None
    if not is_plausible(quantity.value) or quantity.value < 0:
        return None
    for unit in (quantity.code, quantity.unit):
        name = (unit or "").strip().lower()
        if name in _MILLIGRAMS:
            amount = quantity.value * _MILLIGRAMS[name]
            return Amount(amount, amount)
        if name in _TABLETS and strength_mg is not None:
            amount = quantity.value * strength_mg
            return Amount(amount, amount)
    return None


def length_in_days(duration: Quantity | None) -> int | None:
    """Read a duration in days or weeks; longer units have no fixed number of days."""
    if duration is None or duration.value is None or duration.comparator is not None:
        return None
    if not is_plausible(duration.value):
        return None
    for unit in (duration.code, duration.unit):
        days = _DAYS.get((unit or "").strip().lower())
        if days is not None:
            whole = int(duration.value * days)
            return whole if whole > 0 else None
    return None


def shown(quantity: Quantity | None) -> str:
    """Give an amount in the chart's own words."""
    if quantity is None or quantity.value is None:
        return ""
    return f"{quantity.value} {quantity.unit or quantity.code or ''}".strip()
