"""The way back: a treatment option or a missing laboratory value as a draft for the EHR.

Drafts are proposals: status ``draft``, intent ``proposal``, nothing that a pharmacy would act on.
Built as plain JSON objects, because the model classes cost more than the whole answer; tests
check every draft against the R4B models.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

from hcc_pathway.recommendation import TreatmentOption

_LOINC = "http://loinc.org"
_AS_THEY_ARE: Final[Mapping[str, str]] = MappingProxyType({})
# Contract input name -> LOINC of the test to order; codes and displays from the value sets.
LABORATORY_ORDERS = {
    "alpha-fetoprotein": ("1834-1", "Alpha-1-Fetoprotein [Mass/volume] in Serum or Plasma"),
    "bilirubin": ("1975-2", "Bilirubin.total [Mass/volume] in Serum or Plasma"),
    "albumin": ("1751-7", "Albumin [Mass/volume] in Serum or Plasma"),
    "inr": ("6301-6", "INR in Platelet poor plasma by Coagulation assay"),
}


def draft_medication_request(  # noqa: PLR0913 - what is ordered, for whom, and how it is written
    option: TreatmentOption,
    label: str,
    patient_id: str,
    encounter_id: str | None,
    *,
    notes: Sequence[str] = (),
    system_names: Mapping[str, str] = _AS_THEY_ARE,
) -> dict[str, Any]:
    """Draft a MedicationRequest for one option, with its codes and its dosing as text.

    Args:
        option: what the pathway offers.
        label: the drug's name for display, e.g. "Regorafenib".
        patient_id: the subject, from the hook's context.
        encounter_id: the encounter of the hook's context, where there is one.
        notes: what the draft itself says to whoever signs it.
        system_names: other names of code systems, where the EHR asks for them.

    """
    order: dict[str, Any] = {
        "resourceType": "MedicationRequest",
        "status": "draft",
        "intent": "proposal",
        "medicationCodeableConcept": {
            "coding": [
                {
                    "system": system_names.get(c.system, c.system),
                    "code": c.code,
                    "display": c.display,
                }
                for c in option.codes
            ],
            "text": label,
        },
        "subject": {"reference": f"Patient/{patient_id}"},
    }
    if encounter_id is not None:
        order["encounter"] = {"reference": f"Encounter/{encounter_id}"}
    if option.dosing:
        order["dosageInstruction"] = [{"text": option.dosing}]
    if notes:
        order["note"] = [{"text": note} for note in notes]
    if not option.codes:
        del order["medicationCodeableConcept"]["coding"]
    return order


def draft_laboratory_request(
    missing_input: str, patient_id: str, encounter_id: str | None
) -> dict[str, Any]:
    """Draft a ServiceRequest for a laboratory test that is missing.

    Raises:
        KeyError: the input is not a laboratory test (see ``LABORATORY_ORDERS``).

    """
    code, display = LABORATORY_ORDERS[missing_input]
    order: dict[str, Any] = {
        "resourceType": "ServiceRequest",
        "status": "draft",
        "intent": "proposal",
        "code": {
            "coding": [{"system": _LOINC, "code": code, "display": display}],
            "text": display,
        },
        "subject": {"reference": f"Patient/{patient_id}"},
    }
    if encounter_id is not None:
        order["encounter"] = {"reference": f"Encounter/{encounter_id}"}
    return order
