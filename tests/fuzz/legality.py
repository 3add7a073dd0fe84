"""Which answers to a request are right, judged from the contract and the standard alone.

The judge reads the request with Python's own JSON reader and knows nothing of the service's code.
Every fault of a request has a status; a request with several may get any of theirs, and one with
none has to be answered. What stands behind conditions is looked at for liver cancer only, so a
fault there does not matter to other charts.
"""

import json
import math
import re
from collections.abc import Iterator
from typing import Any

from tests.fuzz.charts import WITHOUT_LIVER_CANCER
from tests.fuzz.envelope import SERVICE, Sent

LARGEST = 8_000_000
DEEPEST = 64
_TYPE = re.compile(r"[A-Za-z]{1,64}")
_ID = re.compile(r"[A-Za-z0-9\-.]{1,64}")
_UUID = re.compile(r"[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
_USER = re.compile(r"[A-Z][A-Za-z]+/[A-Za-z0-9\-.]{1,64}")
_JSON_TYPES = {"application/json", "application/fhir+json", "application/json+fhir"}
_MEDICATIONS = ("medicationRequests", "medicationStatements", "medicationAdministrations")
_OTHERS = ("observations", "procedures", "allergies")


class Members(dict[str, Any]):
    """A JSON object that knows whether a name stood in it twice."""

    repeated = False


def right_answers(sent: Sent) -> frozenset[int]:
    """Name every status that may answer a request."""
    wrong = _transport(sent)
    if wrong:
        return wrong
    call = _parsed(sent.body)
    if not isinstance(call, Members):
        return frozenset({400})
    if any(_envelope(call)):
        return frozenset({400})
    if call.get("prefetch") is None:
        return frozenset({412})
    right = _chart(call["prefetch"], call["context"]["patientId"], sent.name)
    # RFC 8259 lets a reader of JSON limit the range of numbers
    return right | {400} if math.inf in map(abs, _numbers(call)) else right


def _numbers(call: Members) -> list[float]:
    return [member for member in call.values() if isinstance(member, float)]


def _transport(sent: Sent) -> frozenset[int]:
    if sent.path != SERVICE:
        return frozenset({404, 405, 308})
    if sent.method != "POST":
        return frozenset({405})
    kind, _, parameters = sent.headers.get("Content-Type", "").partition(";")
    charset = parameters.strip().removeprefix("charset=").lower()
    packed = sent.headers.get("Content-Encoding", "identity") != "identity"
    if kind.strip().lower() not in _JSON_TYPES or charset not in {"", "utf-8"} or packed:
        return frozenset({415})
    return frozenset({413}) if len(sent.body) > LARGEST else frozenset()


def _parsed(body: bytes) -> object:
    """Read the body as strict JSON; None where it is not, or nested too deep."""

    def members(pairs: list[tuple[str, Any]]) -> Members:
        found = Members(pairs)
        found.repeated = len(found) != len(pairs)
        return found

    def refuse(name: str) -> None:
        raise ValueError(name)

    try:
        text = body.decode("utf-8")
        if _depth(text) > DEEPEST:
            return None
        found: object = json.loads(text, object_pairs_hook=members, parse_constant=refuse)
        # half a surrogate pair is no text; in a resource it is that resource's fault alone
        json.dumps(_without_resources(found), ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return None
    return found


def _without_resources(found: object) -> object:
    """Leave only the names of what was prefetched."""
    if not isinstance(found, dict) or not isinstance(found.get("prefetch"), dict):
        return found
    return {**found, "prefetch": list(found["prefetch"])}


def _depth(text: str) -> int:
    """Count how deep arrays and objects are nested, strings aside."""
    deepest = level = 0
    for token in re.finditer(r'"(?:[^"\\]|\\.)*"|[\[{]|[\]}]', text, re.DOTALL):
        if token[0] in "[{":
            level += 1
            deepest = max(deepest, level)
        elif token[0] in "]}":
            level -= 1
    return deepest


def _repeats(node: object) -> bool:
    if isinstance(node, Members):
        return node.repeated or any(map(_repeats, node.values()))
    return isinstance(node, list) and any(map(_repeats, node))


def _envelope(call: Members) -> Iterator[str]:
    """Every fault of what stands around the chart."""
    if call.repeated or any(_repeats(part) for name, part in call.items() if name != "prefetch"):
        yield "repeated"
    prefetch = call.get("prefetch")
    if prefetch is not None and (not isinstance(prefetch, Members) or prefetch.repeated):
        yield "prefetch"
    if call.get("hook") != "patient-view":
        yield "hook"
    if not _is(_UUID, call.get("hookInstance")):
        yield "hookInstance"
    context = call.get("context")
    if (
        not isinstance(context, dict)
        or not _is(_ID, context.get("patientId"))
        or not _is(_USER, context.get("userId"))
    ):
        yield "context"
    elif context.get("encounterId") is not None and not _is(_ID, context["encounterId"]):
        yield "encounterId"
    authorization, server = call.get("fhirAuthorization"), call.get("fhirServer")
    if authorization is not None and (not isinstance(authorization, dict) or server is None):
        yield "fhirAuthorization"
    if "fhirServer" in call and not (isinstance(server, str) and server):
        yield "fhirServer"


def _is(pattern: re.Pattern[str], value: object) -> bool:
    return isinstance(value, str) and pattern.fullmatch(value) is not None


def _chart(prefetch: Members, patient_id: str, name: str) -> frozenset[int]:
    first = _gate(prefetch, patient_id)
    if first:
        return first
    later = set()
    for key in (*_MEDICATIONS, *_OTHERS):
        if not isinstance(prefetch.get(key), dict | None) or _holds_patient(
            prefetch.get(key), patient_id
        ):
            later.add(400)
    if all(_cannot_be_had(prefetch, key) for key in _MEDICATIONS):
        later.add(412)
    if not later:
        return frozenset({200})
    conditions = json.dumps(prefetch.get("conditions") or {})
    certain = name not in WITHOUT_LIVER_CANCER and f'"Patient/{patient_id}"' in conditions
    return frozenset(later if certain else later | {200})


def _gate(prefetch: Members, patient_id: str) -> frozenset[int]:
    """What is wrong with patient and conditions, which are looked at first."""
    wrong = set()
    patient = prefetch.get("patient")
    if (
        not isinstance(patient, dict | None)
        or not isinstance(prefetch.get("conditions"), dict | None)
        or (patient is not None and not _is(_TYPE, patient.get("resourceType")))
    ):
        wrong.add(400)
    if any(_holds_patient(prefetch.get(key), patient_id) for key in ("patient", "conditions")):
        wrong.add(400)
    if isinstance(patient, Members) and _repeats(patient):
        wrong.add(400)
    if _cannot_be_had(prefetch, "conditions"):
        wrong.add(412)
    return frozenset(wrong)


def _holds_patient(value: object, patient_id: str) -> bool:
    """Say whether another patient's Patient resource stands here, in a Bundle or by itself."""
    if not isinstance(value, dict):
        return False
    if value.get("resourceType") == "Patient":
        return value.get("id") != patient_id
    entries = value.get("entry")
    if value.get("resourceType") != "Bundle" or not isinstance(entries, list):
        return False
    return any(
        _holds_patient(one.get("resource"), patient_id) for one in entries if isinstance(one, dict)
    )


def _cannot_be_had(prefetch: Members, key: str) -> bool:
    """Absent, an error, or no FHIR at all; null and empty searches are data."""
    if key not in prefetch:
        return True
    value = prefetch[key]
    if not isinstance(value, dict):
        return False  # null, or refused for its type
    kind = value.get("resourceType")
    if kind == "OperationOutcome" or not isinstance(kind, str):
        return True
    if kind != "Bundle":
        return False
    entries = value.get("entry", [])
    if not isinstance(entries, list | None):
        return True  # nothing of it can be read
    errors = [_is_error(one) for one in entries or []]
    return bool(errors) and all(errors)


def _is_error(entry: object) -> bool:
    resource = entry.get("resource") if isinstance(entry, dict) else None
    return isinstance(resource, dict) and resource.get("resourceType") == "OperationOutcome"
