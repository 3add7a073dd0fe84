"""Body weight, for context only (ramucirumab is dosed by it)."""

from decimal import Decimal
from typing import Final

from fhir_mappings.clinical_facts.observations import Dated
from hcc_pathway.answer import Phrase
from hcc_pathway.case import ContextFact

_KG: Final = {"kg": Decimal(1), "g": Decimal("0.001"), "[lb_av]": Decimal("0.45359237")}
_PLAUSIBLE_KG: Final = (Decimal(20), Decimal(400))


def read_weight(found: Dated) -> ContextFact | Phrase:
    """Read a body weight in kg."""
    quantity = found.observation.value_quantity
    if quantity is None or quantity.value is None or quantity.comparator is not None:
        return Phrase.of("ignored-no-value")
    factor = _KG.get(quantity.code or quantity.unit or "")
    if factor is None:
        return Phrase.of("ignored-unknown-unit", unit=(quantity.unit or "")[:20])
    if not quantity.value.is_finite() or abs(quantity.value.adjusted()) > 6:  # noqa: PLR2004 - far out
        return Phrase.of("ignored-implausible")
    kg = quantity.value * factor
    if not _PLAUSIBLE_KG[0] <= kg <= _PLAUSIBLE_KG[1]:
        return Phrase.of("ignored-implausible")
    return ContextFact(
        input="weight",
        value=round(kg, 1),
        unit="kg",
        as_received=f"{quantity.value:f} {quantity.unit or quantity.code}",
        recorded_on=found.day,
        source=found.source,
        coded_as=found.coded_as,
    )
