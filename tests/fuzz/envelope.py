"""Damage to the envelope of a hook request: members, types, encoding, syntax, headers."""

import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.fuzz.charts import NAMES, Json, call_of, written

SERVICE = "/cds-services/hcc-after-sorafenib"
JSON_TYPE = "application/json"
VALUES: tuple[object, ...] = (
    *(None, True, 0, -1, 1.5, "", " ", "x", [], {}, [[]], {"a": None}, "null", "Patient/p1"),
    *("\x00", "\ud800", "ä" * 65, "a" * 64, "a" * 65, 10**30, 1e308, "../x", "p1\n", "é"),
)
KEYS = (
    *("patient", "conditions", "observations", "medicationRequests", "medicationStatements"),
    *("medicationAdministrations", "procedures", "allergies"),
)
OUTCOME = {"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": "x"}]}
EMPTY = {"resourceType": "Bundle", "type": "searchset", "total": 0}


@dataclass(frozen=True)
class Sent:
    """A request as it goes out, and how it came to be."""

    name: str
    body: bytes
    path: str = SERVICE
    method: str = "POST"
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": JSON_TYPE})
    done: str = ""


def mutated(rng: random.Random) -> Sent:
    """Make one request with a damaged envelope from a random sample."""
    name = rng.choice(NAMES)
    change = rng.choice(CHANGES)
    sent = change(name, rng)
    return Sent(sent.name, sent.body, sent.path, sent.method, sent.headers, change.__name__)


def _with(name: str, change: Callable[[Json], object]) -> Sent:
    call = call_of(name)
    change(call)
    return Sent(name, written(call))


def hook(name: str, rng: random.Random) -> Sent:
    values = ("order-select", "Patient-View", "patient-view ", "patient_view", *VALUES)
    return _with(name, lambda call: call.update(hook=rng.choice(values)))


def hook_instance(name: str, rng: random.Random) -> Sent:
    values = (
        "D1577C69-DFBE-44AD-BA6D-3E05E953B2EA",
        "urn:uuid:d1577c69-dfbe-44ad-ba6d-3e05e953b2ea",
        "d1577c69dfbe44adba6d3e05e953b2ea",
        "{d1577c69-dfbe-44ad-ba6d-3e05e953b2ea}",
        "00000000-0000-0000-0000-000000000000",
        *VALUES,
    )
    return _with(name, lambda call: call.update(hookInstance=rng.choice(values)))


def drop_member(name: str, rng: random.Random) -> Sent:
    def change(call: Json) -> None:
        holder = rng.choice((call, call["context"]))
        del holder[rng.choice(list(holder))]

    return _with(name, change)


def context(name: str, rng: random.Random) -> Sent:
    def change(call: Json) -> None:
        if rng.random() < 1 / 4:
            call["context"] = rng.choice(VALUES)
        else:
            member = rng.choice(("patientId", "userId", "encounterId", "departmentId"))
            values = ("Practitioner/x", "practitioner/x", "Practitioner/", "e1", "other", *VALUES)
            call["context"][member] = rng.choice(values)

    return _with(name, change)


def server_and_token(name: str, rng: random.Random) -> Sent:
    def change(call: Json) -> None:
        if rng.random() < 2 / 3:
            call["fhirServer"] = rng.choice(("https://ehr.example/fhir", *VALUES))
        if rng.random() < 2 / 3:
            call["fhirAuthorization"] = rng.choice(({"access_token": "t"}, *VALUES))

    return _with(name, change)


def prefetch(name: str, rng: random.Random) -> Sent:
    return _with(name, lambda call: call.update(prefetch=rng.choice(VALUES)))


def prefetch_value(name: str, rng: random.Random) -> Sent:
    """Put something else under one to three prefetch keys, or nothing."""

    def change(call: Json) -> None:
        for key in rng.sample(KEYS, rng.choice((1, 1, 2, 3))):
            was = call["prefetch"].pop(key)
            shapes: tuple[object, ...] = (
                *(None, OUTCOME, EMPTY, {}, [], "x", 5, True, [was], {"entry": []}),
                {"resourceType": "Bundle"},
                {**was, "link": [{"relation": "next", "url": "https://ehr.example/2"}]},
                {"resourceType": "Bundle", "entry": [{"resource": OUTCOME}]},
                {"resourceType": "Bundle", "type": "batch-response", "entry": [{"resource": was}]},
                {"resourceType": "Bundle", "entry": {}},
                {"resourceType": 7},
            )
            if rng.random() < 4 / 5:
                call["prefetch"][key] = rng.choice(shapes)

    return _with(name, change)


def medication_sources(name: str, rng: random.Random) -> Sent:
    def change(call: Json) -> None:
        for key in KEYS[3:6]:
            del call["prefetch"][key]
            if rng.random() < 1 / 3:
                call["prefetch"][key] = rng.choice((OUTCOME, None, EMPTY))

    return _with(name, change)


def other_patient(name: str, rng: random.Random) -> Sent:
    def change(call: Json) -> None:
        if rng.random() < 1 / 2:
            call["prefetch"]["patient"]["id"] = rng.choice(("other", "", None, "a b"))
        else:
            call["context"]["patientId"] = "other"
            if rng.random() < 1 / 2:
                del call["prefetch"]["patient"]

    return _with(name, change)


def unknown_members(name: str, rng: random.Random) -> Sent:
    def change(call: Json) -> None:
        for holder in (call, call["context"], call["prefetch"]):
            holder[rng.choice(("extension", "zzz", "Hook", "ünï", ""))] = rng.choice(VALUES)

    return _with(name, change)


def reorder_members(name: str, rng: random.Random) -> Sent:
    def change(call: Json) -> None:
        members = list(call.items())
        rng.shuffle(members)
        call.clear()
        call.update(members)

    return _with(name, change)


def repeat_member(name: str, rng: random.Random) -> Sent:
    def change(call: Json) -> None:
        call["extension"] = {"org.example.x": {"a": 1}}
        where = (call, call["context"], call["prefetch"], call["extension"]["org.example.x"])
        holder = rng.choice(where)
        key = rng.choice(list(holder))
        holder[f"twice:1:{key}"] = rng.choice((holder[key], None, "x"))

    return _with(name, change)


def repeat_in_resource(name: str, rng: random.Random) -> Sent:
    def change(call: Json) -> None:
        entry = rng.choice(call["prefetch"]["observations"]["entry"])
        entry["resource"]["twice:1:status"] = "final"

    return _with(name, change)


def deep(name: str, rng: random.Random) -> Sent:
    levels = rng.choice((10, 61, 62, 63, 64, 65, 200, 5_000, 100_000))
    opened, closed = rng.choice((("[", "]"), ('{"a":', "}")))
    body = written(call_of(name)).decode()
    nested = f'{{"extension": {opened * levels}1{closed * levels}, '
    return Sent(name, (nested + body[1:]).encode())


def not_json(name: str, rng: random.Random) -> Sent:
    body = written(call_of(name))
    place = rng.choice([i for i, byte in enumerate(body) if byte in b":,"])
    put = rng.choice(
        (b"NaN", b"Infinity", b"-Infinity", b"+1", b"01", b".5", b"1.", b"0x1F", b"'x'", b"True")
    )
    if rng.random() < 1 / 2:  # as the value of a member
        place = rng.choice([i for i, byte in enumerate(body) if byte == ord(":")])
        return Sent(name, body[: place + 1] + put + b"," + body[place + 1 :])
    other = rng.choice((b",,", b"//x\n", b"/* x */", b"\x0b", b"\xc2\xa0"))
    return Sent(name, body[: place + 1] + other + body[place + 1 :])


def constant_value(name: str, rng: random.Random) -> Sent:
    """Write NaN and its like where a number stood, in envelope or resource."""
    put = rng.choice((b"NaN", b"Infinity", b"-Infinity", b"1e999", b"-0", b"1E+2", b"nul"))
    call = call_of(name)
    holder = rng.choice((call, call["context"], call["prefetch"]))
    if rng.random() < 1 / 2:
        holder = rng.choice(call["prefetch"]["observations"]["entry"])["resource"]
    holder["number"] = "PLACE"
    return Sent(name, written(call).replace(b'"PLACE"', put))


def encoding(name: str, rng: random.Random) -> Sent:
    call = call_of(name)
    call["extension"] = {"org.example.x": "Gänseblümchen 肝"}
    text = json.dumps(call, ensure_ascii=False)
    bodies = (
        text.encode("utf-8"),
        text.encode("utf-16"),
        text.encode("utf-16-le"),
        text.encode("utf-32"),
        text.encode("utf-8-sig"),
        text.encode("latin-1", errors="replace"),
        text.encode("utf-8").replace("肝".encode(), b"\xed\xa0\x80"),
        text.encode("utf-8").replace("肝".encode(), b"\xc0\x80"),
        text.encode("utf-8").replace("肝".encode(), b"\xff"),
    )
    return Sent(name, rng.choice(bodies))


def cut(name: str, rng: random.Random) -> Sent:
    body = written(call_of(name))
    return Sent(name, body[: rng.randrange(len(body))])


def around(name: str, rng: random.Random) -> Sent:
    body = written(call_of(name))
    before = rng.choice((b"", b" \r\n\t", b"\x00", b"x", b")]}',\n"))
    after = rng.choice((b"", b"\n \t", b"}", b"x", b"{}", b"\x00", b","))
    return Sent(name, before + body + after)


def other_document(name: str, rng: random.Random) -> Sent:
    bodies = (b"", b" ", b"null", b"[]", b"7", b'"x"', b"true", b"{}", b"<xml/>", b"hook=x")
    return Sent(name, rng.choice(bodies))


def one_byte(name: str, rng: random.Random) -> Sent:
    body = bytearray(written(call_of(name)))
    for _ in range(rng.choice((1, 1, 3))):
        body[rng.randrange(len(body))] = rng.randrange(256)
    return Sent(name, bytes(body))


def headers(name: str, rng: random.Random) -> Sent:
    body = written(call_of(name))
    types = (
        *(JSON_TYPE, f"{JSON_TYPE}; charset=utf-8", f"{JSON_TYPE};charset=UTF-8", "text/plain"),
        *("application/fhir+json", "application/xml", "", "multipart/form-data; boundary=x"),
        *(f"{JSON_TYPE}; charset=utf-16", "application/x-www-form-urlencoded", "APPLICATION/JSON"),
    )
    sent = {"Content-Type": rng.choice(types)}
    if rng.random() < 1 / 4:
        sent["Content-Encoding"] = rng.choice(("gzip", "identity", "br"))
    return Sent(name, body, headers=sent)


def route(name: str, rng: random.Random) -> Sent:
    body = written(call_of(name))
    paths = ("/cds-services/other", "/cds-services/", "//cds-services", f"{SERVICE}/", "/x%00y")
    if rng.random() < 1 / 2:
        return Sent(name, body, method=rng.choice(("GET", "PUT", "DELETE", "PATCH")))
    return Sent(name, body, path=rng.choice(paths))


CHANGES: tuple[Callable[[str, random.Random], Sent], ...] = (
    *(hook, hook_instance, drop_member, context, context, server_and_token, prefetch),
    *(prefetch_value, prefetch_value, prefetch_value, medication_sources, other_patient),
    *(unknown_members, reorder_members, repeat_member, repeat_in_resource, deep, not_json),
    *(constant_value, encoding, cut, around, other_document, one_byte, one_byte, headers, route),
)
