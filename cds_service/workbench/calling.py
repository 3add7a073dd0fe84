"""One call as an EHR makes it, with everything that goes to and fro, for a page to show."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import quote
from uuid import uuid4

from cds_service.demo_ehr.charts import CLINICIAN_ID
from cds_service.sample_charts import hook_request
from cds_service.services import HookCalls
from cds_service.workbench.shown_json import shown_json
from fhir_mappings.errors import ChartRejected, NeededDataAbsent
from hooks.messages import RequestRejected
from hooks.service import HookService

DRAFT_ID: Final = "draft-1"
_RXNORM: Final = "http://www.nlm.nih.gov/research/umls/rxnorm"
_DOCUMENT: Final = "org.hcc-pathway.recommendation"
_QUERY: Final = re.compile(r"(code=)[^&]{60,}")


@dataclass(frozen=True, slots=True)
class DraftedDrug:
    """A drug that a visitor may order: its name, and its RxNorm code where it has one."""

    label: str
    rxnorm: str = ""

    def order(self, patient_id: str) -> dict[str, Any]:
        """Draft the order as an EHR does."""
        drug: dict[str, Any] = {"text": self.label}
        if self.rxnorm:
            coding = {"system": _RXNORM, "code": self.rxnorm, "display": self.label}
            drug["coding"] = [coding]
        return {
            "resourceType": "MedicationRequest",
            "id": DRAFT_ID,
            "status": "draft",
            "intent": "order",
            "medicationCodeableConcept": drug,
            "subject": {"reference": f"Patient/{patient_id}"},
        }


@dataclass(frozen=True, slots=True)
class PrefetchLine:
    """One key: its query as shown, where it can be looked at, how many records it brought."""

    key: str
    query: str
    address: str
    records: int


@dataclass(frozen=True, slots=True)
class Exchange:
    """What went to and fro for one call; ``refused`` says why there is no answer."""

    service: HookService
    request: str  # JSON, as shown
    prefetch: tuple[PrefetchLine, ...]
    response: str = ""
    refused: str = ""
    cards: tuple[Mapping[str, Any], ...] = ()
    document: Mapping[str, Any] | None = field(default=None)

    @property
    def records(self) -> int:
        """How many records went with the call."""
        return sum(line.records for line in self.prefetch)


class Caller:
    """Calls the services as the demonstration's EHR does."""

    def __init__(self, calls: HookCalls, templates: Mapping[str, str], base: str) -> None:
        """Take the road of hook calls, the prefetch templates and the FHIR server's address."""
        self._calls = calls
        self._templates = templates
        self._base = base

    def call(
        self,
        service: HookService,
        chart_text: str,
        drug: DraftedDrug | None = None,
        *,
        held: bool,
    ) -> Exchange:
        """Call a service for a chart, and for a draft order where the hook is about one.

        Args:
            service: what is asked.
            chart_text: a Bundle of one patient.
            drug: what is ordered; needed by the order hooks.
            held: whether the demonstration's FHIR server holds this patient.

        """
        call = hook_request(chart_text, self._base if held else None)
        call |= {"hook": service.hook, "hookInstance": str(uuid4())}
        call["context"]["userId"] = f"Practitioner/{CLINICIAN_ID}"
        if service.hook != "patient-view" and drug is not None:
            _add_draft(call, service.hook, drug)
        body = json.dumps(call, ensure_ascii=False).encode("utf-8", "replace")
        return self._answered(service, call, body)

    def _answered(self, service: HookService, call: dict[str, Any], body: bytes) -> Exchange:
        lines = tuple(self._prefetch(call))
        request = shown_json(body)
        try:
            answer = self._calls.answer(service.id, body)
        except (ChartRejected, NeededDataAbsent, RequestRejected) as error:
            return Exchange(service, request, lines, refused=str(error))
        cards = json.loads(answer)["cards"]
        documents = (card.get("extension", {}).get(_DOCUMENT) for card in cards)
        return Exchange(
            service,
            request,
            lines,
            response=shown_json(answer),
            cards=tuple(cards),
            document=next((one for one in documents if one is not None), None),
        )

    def _prefetch(self, call: Mapping[str, Any]) -> list[PrefetchLine]:
        lines = []
        for key, template in self._templates.items():
            patient_id = call["context"]["patientId"]
            query = template.replace("{{context.patientId}}", patient_id)
            found = call["prefetch"].get(key) or {}
            records = len(found.get("entry", ())) if found.get("resourceType") == "Bundle" else 1
            address = f"{self._base}/{quote(query, safe='/?&=,|:._-')}"
            lines.append(PrefetchLine(key, _QUERY.sub(r"\1...", query), address, records))
        return lines


def _add_draft(call: dict[str, Any], hook: str, drug: DraftedDrug) -> None:
    order = drug.order(call["context"]["patientId"])
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": order}]}
    call["context"]["draftOrders"] = bundle
    if hook == "order-select":
        call["context"]["selections"] = [f"MedicationRequest/{DRAFT_ID}"]
