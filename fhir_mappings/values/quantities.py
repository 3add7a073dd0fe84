"""Results of AFP, bilirubin, albumin and INR as intervals in one unit.

Units are a closed table per analyte: a UCUM code or unit text is known or it is not, nothing is
guessed. A comparator makes an open interval; what it leaves open stays open. Values outside of
what a living person can have are implausible, so that a slipped unit does not decide.
"""

import re
from decimal import Decimal
from functools import lru_cache
from typing import Final

import msgspec

from fhir_mappings.chart.projections import Quantity
from fhir_mappings.values.kept_texts import LONGEST_KEPT
from fhir_mappings.values.units import NO_UNIT, UCUM, Factors, Scale, scale_of
from hcc_pathway.answer import Phrase

_COMPARATORS: Final = {"<", "<=", ">=", ">"}
_WRITTEN_COMPARATORS: Final = {"≤": "<=", "≥": ">=", "=<": "<=", "=>": ">="}
_PLAUSIBLE: Final = {
    "ng/mL": (Decimal(0), Decimal(10_000_000)),
    "IU/mL": (Decimal(0), Decimal(10_000_000)),
    "pmol/L": (Decimal(0), Decimal(150_000_000)),
    "mg/dL": (Decimal("0.01"), Decimal(100)),
    "g/dL": (Decimal("0.5"), Decimal(10)),
    "1": (Decimal("0.5"), Decimal(25)),
}
_LARGEST_EXPONENT: Final = 12
_MOST_DIGITS: Final = 40
_LONGEST_TEXT: Final = 60
_UNITS_KEPT: Final = 4096
_RESULT_TEXT: Final = re.compile(
    r"\s*(<=|>=|=<|=>|<|>|≤|≥)?\s*(\d{1,9}(?:\.\d{1,9})?|\d{1,3}(?:,\d{3})+)\s*([^\s\d.,].*?)?\s*",
    re.ASCII,
)
_AMBIGUOUS: Final = re.compile(r"[1-9]\d{0,2},(?!000)\d{3}", re.ASCII)  # 1.234 or 1234?


class Amount(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The interval that a result proves, in the canonical unit of its analyte."""

    low: Decimal
    high: Decimal | None
    low_included: bool = True
    high_included: bool = True
    unit: str
    as_received: str
    notes: tuple[Phrase, ...] = ()


def amount(analyte: str, quantity: Quantity, factors: Factors) -> Amount | Phrase:
    """Read a Quantity of an analyte, or say (an ``ignored-...`` phrase) why it is not used."""
    value = quantity.value
    if value is None:
        return Phrase.of("ignored-no-value")
    if not value.is_finite() or abs(value.adjusted()) > _LARGEST_EXPONENT:
        return Phrase.of("ignored-implausible")
    if len(value.as_tuple().digits) > _MOST_DIGITS:
        return Phrase.of("ignored-implausible")
    if quantity.comparator is not None and quantity.comparator not in _COMPARATORS:
        return Phrase.of("ignored-unknown-comparator")
    scale = _scale(analyte, quantity, factors)
    if isinstance(scale, Phrase):
        return scale
    unit = quantity.unit or quantity.code
    received = _as_received(value, quantity.comparator, unit)
    return _interval(value, quantity.comparator, scale, received, factors.iu_to_ng)


def amount_in_text(analyte: str, text: str, factors: Factors) -> Amount | Phrase:
    """Read a result written as text, such as ``> 20,000 ng/mL`` or ``399 ng/mL``."""
    form = _RESULT_TEXT.fullmatch(text) if len(text) <= _LONGEST_TEXT else None
    if form is None:
        return Phrase.of("ignored-text-not-readable")
    comparator, digits, unit = form.groups()
    if _AMBIGUOUS.fullmatch(digits):
        return Phrase.of("ignored-ambiguous-number")
    comparator = _WRITTEN_COMPARATORS.get(comparator, comparator)
    quantity = Quantity(value=Decimal(digits.replace(",", "")), comparator=comparator, unit=unit)
    found = amount(analyte, quantity, factors)
    if isinstance(found, Phrase):
        return found
    notes = (*found.notes, Phrase.of("note-read-from-text"))
    return msgspec.structs.replace(found, as_received=" ".join(text.split()), notes=notes)


def _scale(analyte: str, quantity: Quantity, factors: Factors) -> Scale | Phrase:
    """Find the unit, which code and text must not contradict."""
    code, unit = quantity.code, quantity.unit
    if len(code or "") > LONGEST_KEPT or len(unit or "") > LONGEST_KEPT:
        return Phrase.of("ignored-unknown-unit", unit=_short(unit or code or ""))
    return _kept_scale(analyte, quantity.system == UCUM, code, unit, factors)


@lru_cache(_UNITS_KEPT)
def _kept_scale(
    analyte: str,
    in_ucum: bool,  # noqa: FBT001 (part of a key)
    code: str | None,
    unit: str | None,
    factors: Factors,
) -> Scale | Phrase:
    coded = scale_of(analyte, code, factors)
    written = scale_of(analyte, unit, factors)
    if coded is not None and written is not None and not coded.same_size(written):
        return Phrase.of("ignored-units-disagree")
    found = coded if code and in_ucum else coded or written
    if found is not None:
        return found
    if not (code or "").strip() and not (unit or "").strip():
        return scale_of(analyte, NO_UNIT, factors) or Phrase.of("ignored-no-unit")
    return Phrase.of("ignored-unknown-unit", unit=_short(unit or code or ""))


def _interval(
    value: Decimal,
    comparator: str | None,
    scale: Scale,
    received: str,
    iu_to_ng: Decimal | None,
) -> Amount | Phrase:
    converted = +value if scale.is_canonical else value * scale.times / scale.per
    unit, notes = scale.unit, scale.notes
    if unit == "IU/mL" and iu_to_ng is not None:
        converted, unit = converted * iu_to_ng, "ng/mL"
        notes = (*notes, Phrase.of("note-converted-with-site-factor", factor=iu_to_ng))
    least, most = _PLAUSIBLE[unit]
    if not least <= converted <= most or converted.is_signed():
        return Phrase.of("ignored-implausible")
    downward = comparator is not None and comparator.startswith("<")
    upward = comparator is not None and comparator.startswith(">")
    return Amount(
        low=Decimal(0) if downward else converted,
        high=None if upward else converted,
        low_included=comparator != ">",
        high_included=comparator != "<",
        unit=unit,
        as_received=received,
        notes=notes,
    )


def _as_received(value: Decimal, comparator: str | None, unit: str | None) -> str:
    return " ".join(part for part in (comparator, f"{value:f}", _short(unit or "")) if part)


def _short(unit: str) -> str:
    """Cut a unit as sent to a length that fits into a sentence."""
    return _kept_short(unit[:LONGEST_KEPT])


@lru_cache(_UNITS_KEPT)
def _kept_short(unit: str) -> str:
    return " ".join(unit.split())[:20]
