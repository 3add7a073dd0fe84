"""The traffic that the checks judge: every sample, every legal variation, every kind of error."""

import copy
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from cds_service.sample_charts import hook_request
from tests.conformance.client import Answer, Client, Json, Request
from tests.samples.stored import SAMPLES

SERVICE = "/cds-services/hcc-after-sorafenib"
ORIGIN = "https://ehr.example"
TOKEN = "a-bearer-token-that-nobody-may-see-again"  # noqa: S105 - not a secret
BASE_SAMPLE = "tolerant-afp-low"
DOCUMENT = "org.hcc-pathway.recommendation"
HEADERS = {
    "Content-Type": "application/json",
    "Origin": ORIGIN,
    "Authorization": f"Bearer {TOKEN}",
}
# the EHR of the demonstration, which is registered with a SMART client
OPENS_PAGE = "http://127.0.0.1:8000/demo/fhir"
ORDER_SUFFIXES = ("-order-select", "-order-sign")
# an order and the sample it is for: contradictions, gaps and silence
ORDERED = (
    ("regorafenib", "tolerant-afp-low"),
    ("ramucirumab", "tolerant-afp-low"),
    ("nivolumab", "tolerant-afp-low"),
    ("cabozantinib 60 MG capsule", "intolerant-afp-high"),
    ("nivolumab", "transplant-intolerant"),
    ("regorafenib", "child-pugh-c"),
    ("ramucirumab", "afp-missing"),
    ("sorafenib", "no-liver-cancer"),
)
HOSTILE = (
    "<img src=x onerror=alert(1)> [click](https://evil.example) | **bold** `code` "
    "</details><script>alert(1)</script> https://evil.example"
)
_LARGER_THAN_THE_LIMIT = 8_000_001
_NO_RESULTS = {
    "resourceType": "OperationOutcome",
    "issue": [{"severity": "warning", "code": "informational"}],
}
_FAILED = {
    "resourceType": "OperationOutcome",
    "issue": [{"severity": "error", "code": "forbidden"}],
}


@dataclass(frozen=True)
class Exchange:
    """One request with its answer; ``call`` is the body of a hook request."""

    request: Request
    answer: Answer
    call: Json

    @property
    def cards(self) -> list[Json]:
        answered = self.answer.content
        found = answered.get("cards", []) if isinstance(answered, dict) else []
        return [card for card in found if isinstance(card, dict)]

    @property
    def document(self) -> Json | None:
        extension = self.cards[0].get("extension", {}) if self.cards else {}
        found = extension.get(DOCUMENT) if isinstance(extension, dict) else None
        return found if isinstance(found, dict) else None


@dataclass(frozen=True)
class Traffic:
    """All exchanges of one run, by what they are about."""

    today: date
    discovery: Exchange
    samples: Mapping[str, Exchange]
    unchanged: Mapping[str, Exchange]  # variations that must get the answer of the base sample
    answered: Mapping[str, Exchange]  # variations that must get some answer
    refused: Mapping[str, tuple[int, Exchange]]
    preflights: Mapping[str, Exchange]
    orders: Mapping[str, Exchange]  # calls of the order hooks, each with a card or none

    @property
    def base(self) -> Exchange:
        return self.samples[BASE_SAMPLE]

    @property
    def all(self) -> dict[str, Exchange]:
        """Everything but preflights."""
        return {
            "discovery": self.discovery,
            **self.samples,
            **self.unchanged,
            **self.answered,
            **self.orders,
            **{name: exchange for name, (_, exchange) in self.refused.items()},
        }

    @property
    def with_cards(self) -> Iterator[tuple[str, Exchange]]:
        for name, exchange in {**self.samples, **self.answered}.items():
            if exchange.answer.status == 200 and exchange.cards:
                yield name, exchange

    @property
    def cards(self) -> Iterator[tuple[str, Json]]:
        for name, exchange in (*self.with_cards, *self.orders.items()):
            for card in exchange.cards:
                yield name, card

    @property
    def actions(self) -> Iterator[tuple[str, Exchange, Json]]:
        for name, exchange in (*self.with_cards, *self.orders.items()):
            for card in exchange.cards:
                for suggestion in card.get("suggestions", []):
                    for action in suggestion.get("actions", []):
                        yield name, exchange, action


Change = Callable[[Json], object]


def _set(*path: str, value: object) -> Change:
    def change(call: Json) -> None:
        for name in path[:-1]:
            call = call[name]
        call[path[-1]] = value

    return change


def _drop(*path: str) -> Change:
    def change(call: Json) -> None:
        for name in path[:-1]:
            call = call[name]
        del call[path[-1]]

    return change


def _more_pages(call: Json) -> None:
    call["prefetch"]["medicationStatements"]["link"] = [
        {"relation": "next", "url": f"{ORIGIN}/fhir?page=2"}
    ]


def _only_advertised_keys(call: Json) -> None:
    call["prefetch"]["labs"] = {"resourceType": "Bundle", "type": "searchset", "total": 0}


def _no_results(call: Json) -> None:
    call["prefetch"]["procedures"] = {
        "resourceType": "Bundle",
        "type": "searchset",
        "total": 0,
        "entry": [{"resource": _NO_RESULTS, "search": {"mode": "outcome"}}],
    }


def _failed_inside(call: Json) -> None:
    bundle = call["prefetch"]["medicationStatements"]
    bundle["entry"].append({"resource": _FAILED, "search": {"mode": "outcome"}})


def _hostile(call: Json) -> None:
    """Write markup into every text that a card may show; what decides keeps its codes."""
    for bundle in call["prefetch"].values():
        for entry in bundle.get("entry", []):
            for part in ("code", "medicationCodeableConcept", "valueCodeableConcept"):
                if part in entry["resource"]:
                    entry["resource"][part]["text"] = HOSTILE
                    for coding in entry["resource"][part].get("coding", []):
                        coding["display"] = HOSTILE
    resource = call["prefetch"]["observations"]["entry"][0]["resource"]
    unreadable = resource | {
        "id": "hostile-unit",
        "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": "1834-1"}]},
        "valueQuantity": {"value": 812, "unit": HOSTILE},
    }
    call["prefetch"]["observations"]["entry"].append({"resource": unreadable})
    call["prefetch"]["observations"]["total"] += 1


UNCHANGED: dict[str, Change] = {
    "unknown extension": _set("extension", value={"org.example": {"a": [1, None]}}),
    "unknown context field": _set("context", "departmentId", value={"x": 1}),
    "unknown member": _set("futureMember", value=True),
    "unknown prefetch key": _only_advertised_keys,
    "authorization null": _set("fhirAuthorization", value=None),
    "optional prefetch key null": _set("prefetch", "procedures", value=None),
    "search without results": _no_results,
    "token": lambda call: call.update(
        fhirServer=f"{ORIGIN}/fhir",
        fhirAuthorization={
            "access_token": TOKEN,
            "token_type": "Bearer",
            "expires_in": 300,
            "scope": "PATIENT.READ (R4)",
            "subject": "hcc",
        },
    ),
}
ANSWERED: dict[str, Change] = {
    "optional prefetch keys absent": lambda call: call.update(
        prefetch={
            key: call["prefetch"][key]
            for key in ("conditions", "medicationRequests", "medicationStatements")
        }
    ),
    "conditions null": _set("prefetch", "conditions", value=None),
    "medications in pages": _more_pages,
    "medications failed in part": _failed_inside,
    "markup in the chart": _hostile,
    "an EHR that opens the SMART page": _set("fhirServer", value=OPENS_PAGE),
}
REFUSED: dict[str, tuple[int, Change]] = {
    "no hook": (400, _drop("hook")),
    "another hook": (400, _set("hook", value="encounter-start")),
    "no hookInstance": (400, _drop("hookInstance")),
    "hookInstance no UUID": (400, _set("hookInstance", value="7")),
    "no context": (400, _drop("context")),
    "no patientId": (400, _drop("context", "patientId")),
    "patientId no id": (400, _set("context", "patientId", value="../x")),
    "no userId": (400, _drop("context", "userId")),
    "authorization without server": (400, _set("fhirAuthorization", value={"access_token": "x"})),
    "another patient": (400, _set("prefetch", "patient", "id", value="somebody-else")),
    "prefetch a list": (400, _set("prefetch", value=[])),
    "no prefetch": (412, _drop("prefetch")),
    "no conditions": (412, _drop("prefetch", "conditions")),
    "conditions failed": (412, _set("prefetch", "conditions", value=_FAILED)),
}
_STATUS = {name: status for name, (status, _) in REFUSED.items()} | {
    "not JSON": 400,
    "a member twice": 400,
    "unknown service": 404,
    "another method": 405,
    "too large": 413,
    "not application/json": 415,
}
_ROUTES = {
    "discovery": "/cds-services",
    **{
        f"{what}{suffix}": f"{SERVICE}{suffix}{path}"
        for suffix in ("", *ORDER_SUFFIXES)
        for what, path in (("service", ""), ("feedback", "/feedback"))
    },
}


ORDERS_REFUSED: dict[str, tuple[str, Change]] = {
    "no draftOrders": ("-order-sign", _drop("context", "draftOrders")),
    "draftOrders null": ("-order-sign", _set("context", "draftOrders", value=None)),
    "draftOrders a list": ("-order-sign", _set("context", "draftOrders", value=[])),
    "draftOrders no Bundle": (
        "-order-select",
        _set("context", "draftOrders", value={"resourceType": "List"}),
    ),
    "no selections": ("-order-select", _drop("context", "selections")),
    "selections no list": ("-order-select", _set("context", "selections", value="x")),
}


def _order_call(call: Json, suffix: str, drug: str) -> Json:
    """A call of an order hook for one draft beside the chart of a patient-view call."""
    patient_id = call["context"]["patientId"]
    drafted = {
        "resourceType": "MedicationRequest",
        "id": "drafted",
        "status": "draft",
        "subject": {"reference": f"Patient/{patient_id}"},
        "medicationCodeableConcept": {"text": drug},
    }
    orders = {"resourceType": "Bundle", "entry": [{"resource": drafted}]}
    context = {**call["context"], "draftOrders": orders}
    if suffix == "-order-select":
        context["selections"] = ["MedicationRequest/drafted"]
    return {**call, "hook": suffix[1:], "context": context}


def record(client: Client) -> Traffic:
    """Send every request once."""
    sent = {
        name: Exchange(request, client.send(request), call)
        for name, (request, call) in _requests(client.today).items()
    }
    return Traffic(
        today=client.today,
        discovery=sent["discovery"],
        samples={sample.name: sent[sample.name] for sample in SAMPLES},
        unchanged={name: sent[name] for name in UNCHANGED},
        answered={name: sent[name] for name in ANSWERED},
        refused={name: (status, sent[name]) for name, status in _STATUS.items()}
        | {name: (400, sent[name]) for name in ORDERS_REFUSED},
        preflights={name: sent[f"preflight of {name}"] for name in _ROUTES},
        orders={name: sent[name] for name in sent if name.startswith("order: ")},
    )


@lru_cache(maxsize=2)
def _requests(today: date) -> dict[str, tuple[Request, Json]]:
    """Every request of one day, made once however many services are asked."""
    made: dict[str, tuple[Request, Json]] = {}
    for sample in SAMPLES:
        call = hook_request(sample.moved_to(today))
        made[sample.name] = (_post(call), call)
    for drug, name in ORDERED:
        for suffix in ORDER_SUFFIXES:
            order = _order_call(made[name][1], suffix, drug)
            made[f"order: {suffix[1:]} {drug}, {name}"] = (_post(order, suffix), order)
    base = made[BASE_SAMPLE][1]
    changes = {**UNCHANGED, **ANSWERED, **{name: made for name, (_, made) in REFUSED.items()}}
    for name, change in changes.items():
        call = copy.deepcopy(base)
        change(call)
        made[name] = (_post(call), call)
    for name, (suffix, change) in ORDERS_REFUSED.items():
        call = copy.deepcopy(_order_call(base, suffix, "regorafenib"))
        change(call)
        made[name] = (_post(call, suffix), call)
    others = {
        "discovery": Request("GET", "/cds-services", headers=HEADERS),
        **_refused(made[BASE_SAMPLE][0].body),
        **{f"preflight of {name}": _preflight(path) for name, path in _ROUTES.items()},
    }
    return made | {name: (request, {}) for name, request in others.items()}


def _post(call: Json, suffix: str = "") -> Request:
    return Request("POST", SERVICE + suffix, json.dumps(call).encode(), HEADERS)


def _refused(body: bytes) -> dict[str, Request]:
    twice = b'{"hook": "patient-view",' + body[1:]
    as_text = HEADERS | {"Content-Type": "text/plain"}
    return {
        "not JSON": Request("POST", SERVICE, b"<xml/>", HEADERS),
        "a member twice": Request("POST", SERVICE, twice, HEADERS),
        "unknown service": Request("POST", "/cds-services/other", body, HEADERS),
        "another method": Request("GET", SERVICE, headers=HEADERS),
        "too large": Request("POST", SERVICE, body.ljust(_LARGER_THAN_THE_LIMIT), HEADERS),
        "not application/json": Request("POST", SERVICE, body, as_text),
    }


def _preflight(path: str) -> Request:
    asked = {
        "Origin": ORIGIN,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,content-type",
    }
    return Request("OPTIONS", path, headers=asked)
