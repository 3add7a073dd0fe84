"""What this service writes as FHIR is valid R4."""

import pytest
from fhir.resources.R4B.medicationrequest import MedicationRequest
from fhir.resources.R4B.operationoutcome import OperationOutcome
from fhir.resources.R4B.servicerequest import ServiceRequest

from fhir_mappings.outgoing.draft_orders import (
    LABORATORY_ORDERS,
    draft_laboratory_request,
    draft_medication_request,
)
from fhir_mappings.outgoing.operation_outcome import operation_outcome
from hcc_pathway.knowledge_base.check_digits import is_loinc
from hcc_pathway.recommendation import Coding, TreatmentOption

OPTION = TreatmentOption(
    therapy="regorafenib",
    codes=(Coding(system="http://example.org", code="1", display="regorafenib"),),
    flags=(),
    reasons=(),
    cautions=(),
    evidence=(),
    dosing="160 mg",
)


def test_a_draft_medication_request_is_valid() -> None:
    MedicationRequest.model_validate(draft_medication_request(OPTION, "Regorafenib", "p1", "e1"))


@pytest.mark.parametrize("wanted", LABORATORY_ORDERS)
def test_a_draft_laboratory_request_is_valid_and_has_a_true_loinc_code(wanted: str) -> None:
    order = draft_laboratory_request(wanted, "p1", None)
    ServiceRequest.model_validate(order)
    assert is_loinc(order["code"]["coding"][0]["code"])


@pytest.mark.parametrize("expression", [(), ("context.patientId",)])
def test_an_operation_outcome_is_valid(expression: tuple[str, ...]) -> None:
    OperationOutcome.model_validate(operation_outcome("invalid", "why", expression))
