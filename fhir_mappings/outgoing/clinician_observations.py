"""A clinician's answers as Observations for the EHR, in the shapes that the mapping reads back.

Codes are those of the value sets; where no verified code exists, nothing is written. That
sorafenib was not tolerated is an Observation with that code and the drug as its value: it leaves
the drug records alone, so no day of exposure is counted otherwise because of it, and it counts
as an adverse reaction does (A32): only where the chart shows that sorafenib has ended.
"""

from datetime import date, datetime
from typing import Any, Final

import msgspec

_LOINC: Final = "http://loinc.org"
_SNOMED: Final = "http://snomed.info/sct"
_RXNORM: Final = "http://www.nlm.nih.gov/research/umls/rxnorm"
PROGRESSION: Final = (
    (_LOINC, "97509-4", "Cancer Disease Progression"),
    (_SNOMED, "271299001", "Patient's condition worsened"),
)
NOT_TOLERATED: Final = (
    (_SNOMED, "407563006", "Treatment not tolerated (situation)"),
    (_RXNORM, "495881", "sorafenib"),
)
ECOG: Final = (_LOINC, "89247-1", "ECOG Performance Status score")
_Coding = tuple[str, str, str]


class Authorship(msgspec.Struct, frozen=True, kw_only=True):
    """Whose chart, who says it, when it was said, and under which identifier."""

    patient_id: str
    clinician: str  # "Practitioner/dr-1", proven by the launch
    issued: datetime  # aware
    identifier: tuple[str, str]  # system and value: the same answer has the same one
    note: str  # where it was recorded, in words


def progression_observation(about: Authorship, on: date) -> bytes:
    """Write that the disease progressed on a day."""
    code, value = PROGRESSION
    return _observation(about, code, on, {"valueCodeableConcept": _concept(value)})


def intolerance_observation(about: Authorship, on: date) -> bytes:
    """Write that sorafenib was not tolerated, as of a day."""
    code, value = NOT_TOLERATED
    return _observation(about, code, on, {"valueCodeableConcept": _concept(value)})


def ecog_observation(about: Authorship, on: date | datetime, grade: int) -> bytes:
    """Write an ECOG grade."""
    return _observation(about, ECOG, on, {"valueInteger": grade})


def _observation(
    about: Authorship, code: _Coding, effective: date | datetime, value: dict[str, Any]
) -> bytes:
    """Build the resource and check it against the R4 model before anything is sent."""
    from fhir.resources.R4B.observation import Observation  # noqa: PLC0415 (slow to load)

    system, own = about.identifier
    resource = {
        "resourceType": "Observation",
        "identifier": [{"system": system, "value": own}],
        "status": "final",
        "code": _concept(code),
        "subject": {"reference": f"Patient/{about.patient_id}"},
        "effectiveDateTime": effective.isoformat(),
        "issued": about.issued.isoformat(timespec="seconds"),
        "performer": [{"reference": about.clinician}],
        **value,
        "note": [{"text": about.note}],
    }
    checked: str = Observation.model_validate(resource).model_dump_json()
    return checked.encode()


def _concept(coding: _Coding) -> dict[str, Any]:
    system, code, display = coding
    return {"coding": [{"system": system, "code": code, "display": display}]}
