"""The public CDS Hooks Sandbox as a client, written from how it was seen to behave.

Preflight before everything, a fresh ES384 token for the exact address called, prefetch keys sent
only when data came, draft orders that are no valid R4, feedback on accepting and on dismissing.
"""

import copy
import time
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.client_tokens.tokens import PUBLIC_URL, Signer

Json = dict[str, Any]
ISSUER = "https://sandbox.cds-hooks.org"
KEY_ADDRESS = "https://sandbox.cds-hooks.org/.well-known/jwks.json"
ORIGIN = "http://127.0.0.1:7100"
DISCOVERY = "/cds-services"
CATEGORY = {"coding": [{"code": "community"}]}  # an object, where R4 has a list


class UnreachableError(AssertionError):
    """What a browser refuses: the page would show no service at all."""


@dataclass
class Sandbox:
    """One open page: a patient, a draft on the screen, and what every service last said."""

    client: FlaskClient
    signer: Signer
    chart: Json  # a patient-view call with everything that the FHIR server would give
    prescribed: tuple[str, str] | None = None  # code and name of the chosen medication

    @property
    def patient_id(self) -> str:
        return str(self.chart["context"]["patientId"])

    def discover(self) -> dict[str, Json]:
        """The services by hook; the page keys them by address, so each needs its own id."""
        services = self._send("GET", DISCOVERY).get_json()["services"]
        assert len({one["id"] for one in services}) == len(services)
        return {one["hook"]: one for one in services}

    def fire(self, service: Json) -> list[Json]:
        """Call the service of a hook as its screen does."""
        call: Json = {
            "hook": service["hook"],
            "hookInstance": str(uuid4()),
            "fhirServer": self.chart["fhirServer"],
            "context": {"userId": "Practitioner/COREPRACTITIONER1", "patientId": self.patient_id},
            "prefetch": {
                key: self.chart["prefetch"][key]
                for key in service["prefetch"]
                if self.chart["prefetch"].get(key)
            },
        }
        if service["hook"] != "patient-view":
            draft = self.draft(signing=service["hook"] == "order-sign")
            call["context"]["draftOrders"] = {
                "resourceType": "Bundle",
                "entry": [{"resource": draft}],
            }
        if service["hook"] == "order-select":
            call["context"]["selections"] = ["MedicationRequest/request-123"]
        cards: list[Json] = self._post(f"{DISCOVERY}/{service['id']}", call).get_json()["cards"]
        return cards

    def draft(self, *, signing: bool) -> Json:
        """The order on the screen: without a drug until one is chosen."""
        order: Json = {
            "resourceType": "MedicationRequest",
            "id": "request-123",
            "status": "draft",
            "subject": {"reference": f"Patient/{self.patient_id}"},
            "authoredOn": "2026-11-22",
        }
        if self.prescribed is not None:
            code, name = self.prescribed
            system = "http://www.nlm.nih.gov/research/umls/rxnorm"
            coding = {"display": name, "system": system, "code": code}
            order["medicationCodeableConcept"] = {"text": name, "coding": [coding]}
            dose = {"value": 1, "system": "http://unitsofmeasure.org", "code": "{pill}"}
            repeat = {"frequency": 1, "period": 1, "periodUnit": "d"}
            dosage = {"timing": {"repeat": repeat}, "doseAndRate": [{"doseQuantity": dose}]}
            order |= {"dosageInstruction": [dosage], "intent": "order", "category": CATEGORY}
            if signing:
                supply = {"value": 30, "unit": "days", "code": "d"}
                order["dispenseRequest"] = {"expectedSupplyDuration": supply}
        return order

    def accept(self, service: Json, card: Json, label: str) -> TestResponse:
        """Take a suggestion: its first action alone changes the screen, then feedback is sent."""
        (taken,) = [one for one in card["suggestions"] if one["label"] == label]
        action = taken["actions"][0]
        if action["type"] == "delete":
            self.prescribed = None
        elif "medicationCodeableConcept" in action["resource"]:
            concept = action["resource"]["medicationCodeableConcept"]
            self.prescribed = (concept["coding"][0]["code"], concept["text"])
        outcome = {"outcome": "accepted", "acceptedSuggestions": [{"id": taken["uuid"]}]}
        return self._feedback(service, card, outcome)

    def dismiss(self, service: Json, card: Json) -> TestResponse:
        """Dismiss a card: the reason goes back as code and system, without its display."""
        reason = {name: card["overrideReasons"][0][name] for name in ("code", "system")}
        outcome = {"outcome": "overridden", "overrideReason": {"reason": reason}}
        return self._feedback(service, card, outcome)

    def _feedback(self, service: Json, card: Json, outcome: Json) -> TestResponse:
        stamp = time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime())
        said = {"card": card["uuid"], "outcomeTimestamp": stamp, **outcome}
        return self._post(f"{DISCOVERY}/{service['id']}/feedback", {"feedback": [said]})

    def _post(self, path: str, body: Json) -> TestResponse:
        return self._send("POST", path, copy.deepcopy(body))

    def _send(self, method: str, path: str, body: Json | None = None) -> TestResponse:
        """Ask the browser's question first, then send, and read only what it lets through."""
        self._preflight(method, path, with_body=body is not None)
        headers = {"Origin": ORIGIN, "Authorization": f"Bearer {self.token(path)}"}
        answer = self.client.open(path, method=method, json=body, headers=headers)
        if answer.headers.get("Access-Control-Allow-Origin") not in {ORIGIN, "*"}:
            raise UnreachableError(path)
        return answer

    def _preflight(self, method: str, path: str, *, with_body: bool) -> None:
        wanted = "authorization,content-type" if with_body else "authorization"
        asked = {
            "Origin": ORIGIN,
            "Access-Control-Request-Method": method,
            "Access-Control-Request-Headers": wanted,
        }
        answer = self.client.open(path, method="OPTIONS", headers=asked)
        named = answer.headers.get("Access-Control-Allow-Headers", "").lower().replace(" ", "")
        if answer.status_code // 100 != 2 or not set(wanted.split(",")) <= set(named.split(",")):
            raise UnreachableError(path)

    def token(self, path: str, **changed: object) -> str:
        """Sign for the exact address called, for five minutes."""
        now = round(time.time())
        claims = {
            "iss": ISSUER,
            "aud": PUBLIC_URL + path,
            "exp": now + 300,
            "iat": now,
            "jti": str(uuid4()),
        }
        return self.signer.sign(claims | changed, jku=KEY_ADDRESS)
