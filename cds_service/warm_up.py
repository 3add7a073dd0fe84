"""One answer before the first request, so that no clinician waits for what is made only once."""

from flask import Flask

from hcc_pathway.errors import HccCdsError

_PATIENT = {"resourceType": "Patient", "id": "warm-up"}
_SUBJECT = {"reference": "Patient/warm-up"}
_LIVER_CELL_CARCINOMA = {
    "resourceType": "Condition",
    "id": "warm-up",
    "subject": _SUBJECT,
    "code": {"coding": [{"system": "http://snomed.info/sct", "code": "109841003"}]},
}
_SORAFENIB = {
    "resourceType": "MedicationStatement",
    "id": "warm-up",
    "status": "completed",
    "subject": _SUBJECT,
    "medicationCodeableConcept": {
        "coding": [
            {"system": "http://www.nlm.nih.gov/research/umls/rxnorm", "code": "495881"},
        ]
    },
    "statusReason": [
        {"coding": [{"system": "http://snomed.info/sct", "code": "407563006"}]},
    ],
    "effectivePeriod": {"start": "2026-01-01", "end": "2026-03-31"},
}
_CALL = {
    "hook": "patient-view",
    "hookInstance": "00000000-0000-4000-8000-000000000000",
    "context": {"userId": "Practitioner/warm-up", "patientId": "warm-up"},
    "prefetch": {
        "patient": _PATIENT,
        "conditions": _LIVER_CELL_CARCINOMA,
        "medicationStatements": _SORAFENIB,
    },
}


class NotReadyError(HccCdsError):
    """The service cannot answer its own first request."""


def warm_up(app: Flask) -> None:
    """Answer an invented chart once, and make what the demonstration shows.

    A service that fails at that is not started.

    Raises:
        NotReadyError: the answer was not 200.

    """
    for make in app.extensions.get("made_before_serving", ()):
        make()
    # past the gate, which asks even ourselves for a token: nobody else can come this way
    with app.test_request_context("/cds-services/hcc-after-sorafenib", method="POST", json=_CALL):
        try:
            app.dispatch_request()
        except HccCdsError as error:
            message = f"the service cannot answer its own first request: {error}"
            raise NotReadyError(message) from None
