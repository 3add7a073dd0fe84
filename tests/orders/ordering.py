"""A sample patient, drafts in the shape that EHRs send, and the answer of an order hook."""

import json
import re
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import yaml

from cds_service.composition import Composition, compose
from cds_service.sample_charts import hook_request, sample_charts
from cds_service.services import read_hook_call
from cds_service.settings import read_settings
from hcc_pathway.site_policy import SitePolicy
from hooks import SERVICES
from hooks.card_text import load_card_texts
from hooks.messages import CardsResponse
from hooks.service import PrefetchedChart, Site

Json = dict[str, Any]
TODAY = date(2026, 11, 22)
HOOKS = ("order-select", "order-sign")
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
_CHILD_PUGH = {"A": "710065009", "B": "710066005", "C": "710067001"}
_SERVICES = {service.hook: service for service in SERVICES}


def cases() -> list[Json]:
    written = Path(__file__).with_name("order_cases.yaml").read_text("utf-8")
    found: list[Json] = yaml.safe_load(written)
    return found


@cache
def composition() -> Composition:
    return compose(read_settings({"HCC_CDS_MODE": "demo", "HCC_CDS_TODAY": TODAY.isoformat()}))


def site(jurisdiction: str | None = None, profile: str = "standard") -> Site:
    of_profile = composition().sites[profile, False]
    return replace(of_profile, policy=SitePolicy(jurisdiction=jurisdiction))


@cache
def _call(sample: str) -> str:
    return json.dumps(hook_request(sample_charts()[sample].moved_to(TODAY)))


def patient_view_call(sample: str) -> Json:
    call: Json = json.loads(_call(sample))
    return call


def changed(call: Json, case: Json) -> Json:
    """The call with what a case changes in the chart."""
    subject = {"reference": f"Patient/{call['context']['patientId']}"}
    yesterday, earlier = (str(TODAY - timedelta(days)) for days in (1, 20))
    for number, drug in enumerate(case.get("takes", ())):
        order = draft({"drug": drug, "id": f"running-{number}"}, subject)
        _add(call, "medicationRequests", order | {"status": "active", "authoredOn": earlier})
    if "afp" in case:
        value = {"value": case["afp"], "unit": "ng/mL", "code": "ng/mL"}
        _add(call, "observations", _observed(subject, "1834-1", yesterday, valueQuantity=value))
    if "child_pugh" in case:
        coding = {"system": "http://snomed.info/sct", "code": _CHILD_PUGH[case["child_pugh"]]}
        found = _observed(subject, "", yesterday) | {"code": {"coding": [coding]}, "id": "class"}
        _add(call, "observations", found)
    if case.get("transplant"):
        coding = {"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "Z94.4"}
        condition = {"resourceType": "Condition", "id": "transplant", "subject": subject}
        _add(call, "conditions", condition | {"code": {"coding": [coding]}})
    return call


def _add(call: Json, key: str, resource: Json) -> None:
    bundle = call["prefetch"][key]
    bundle["entry"].append({"resource": resource})
    bundle["total"] = len(bundle["entry"])


def _observed(subject: Json, loinc: str, day: str, **value: object) -> Json:
    return {
        "resourceType": "Observation",
        "id": "newer",
        "status": "final",
        "subject": subject,
        "code": {"coding": [{"system": "http://loinc.org", "code": loinc}]},
        "effectiveDateTime": day,
        **value,
    }


def draft(order: Json | str, subject: Json) -> Json:
    """One draft as an EHR writes it; an element that is null is left out."""
    order = {"drug": order} if isinstance(order, str) else order
    name = order.get("drug", "")
    elements: Json = {
        "resourceType": "MedicationRequest",
        "id": order.get("id", "draft-" + re.sub(r"[^a-z0-9]", "-", name.lower())),
        "status": "draft",
        "intent": "order",
        "subject": subject,
        "medicationCodeableConcept": {"text": name},
        "authoredOn": str(TODAY),
    }
    timing = {"repeat": {"frequency": 1, "period": 1, "periodUnit": "d"}}
    if "sig" in order:
        elements["dosageInstruction"] = [{"text": order["sig"]}]
    for unit, code in (("daily_mg", "mg"), ("pills", "{pill}")):
        if unit in order:
            dose = {"value": order[unit], "code": code}
            dosage = {"timing": timing, "doseAndRate": [{"doseQuantity": dose}]}
            elements["dosageInstruction"] = [dosage]
    elements |= order.get("elements", {})
    return {name: value for name, value in elements.items() if value is not None}


def order_call(
    call: Json, hook: str, drafts: list[Json], selections: list[str] | None = None
) -> Json:
    """The call of an order hook for drafts beside the chart of a patient-view call."""
    context = {**call["context"], "draftOrders": bundle_of(drafts)}
    if hook == "order-select":
        context["selections"] = selections or []
    return {**call, "hook": hook, "context": context}


def ask(call: Json, hook: str, drafts: list[Json], *, on: date = TODAY) -> list[Json]:
    """The cards of one hook for drafts beside a chart."""
    return answered(order_call(call, hook, drafts), on=on)


def bundle_of(drafts: list[Json]) -> Json:
    entries = [{"resource": one} for one in drafts]
    return {"resourceType": "Bundle", "type": "collection", "entry": entries}


def answered(call: Json, site_asked: Site | None = None, on: date = TODAY) -> list[Json]:
    request = read_hook_call(msgspec.json.encode(call))
    service = _SERVICES[request.hook]
    answer = service.answer(request, PrefetchedChart(request), site_asked or site(), on)
    return cards_of(answer.response)


def cards_of(response: CardsResponse) -> list[Json]:
    encoded: Json = msgspec.json.decode(msgspec.json.encode(response))
    cards: list[Json] = encoded["cards"]
    return cards


@cache
def _summaries() -> dict[str, re.Pattern[str]]:
    group = "order-summary."
    return {
        name.removeprefix(group): re.compile(
            re.sub(r"\\\{\w+\\\}", ".+", re.escape(sentence)) + r"\Z"
        )
        for name, sentence in load_card_texts().sentences.items()
        if name.startswith(group)
    }


def kind_of(cards: list[Json]) -> str:
    """Which finding a card is for, by the sentence that it opens with."""
    if not cards:
        return "silence"
    (card,) = cards
    (kind,) = [kind for kind, said in _summaries().items() if said.match(card["summary"])]
    return kind
