"""Canaries: names, numbers and tokens are sent in, and looked for wherever anything is kept."""

import json
import logging
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import REGISTRY, generate_latest

from cds_service.request_log import JsonLines
from cds_service.storage.migrating import migrate
from tests.client_tokens.hospital import FILE_BASE, FILE_ISSUER, Hospital
from tests.client_tokens.tokens import SERVICE, Signer, claims
from tests.service.conftest import hook_call

NAME, NUMBER, TOKEN = "Canaryson", "MRN-7351-CANARY", "canary-access-token-7351"
CANARIES = (NAME, NUMBER, TOKEN, "1907-03-05", "Canary Street", "canary-user", "canary-note")
QUERY = "/api/recommendation?asOf=2026-11-22"


def charted() -> dict[str, Any]:
    """Give a call whose every text is a canary."""
    call = hook_call()
    call["context"]["userId"] = "Practitioner/canary-user"
    call["fhirServer"] = FILE_BASE
    call["fhirAuthorization"] = {
        "access_token": TOKEN,
        "token_type": "Bearer",
        "expires_in": 300,
        "scope": "patient/*.rs",
        "subject": "canary-user",
    }
    call["prefetch"]["patient"] |= {
        "name": [{"family": NAME}],
        "birthDate": "1907-03-05",
        "identifier": [{"value": NUMBER}],
        "address": [{"text": "Canary Street 1"}],
    }
    for entry in call["prefetch"]["observations"]["entry"]:
        entry["resource"]["note"] = [{"text": f"canary-note {NAME}"}]
    return call


def broken(call: dict[str, Any]) -> list[bytes]:
    """Give calls that are refused in different ways, each with its canaries."""
    text = json.dumps(call)
    other = json.loads(text)
    other["prefetch"]["patient"]["id"] = NUMBER
    wrong_type = json.loads(text)
    wrong_type["prefetch"]["conditions"] = NAME
    return [
        text[:-1].encode(),
        (text[:-1] + f', "{NAME}": NaN}}').encode(),
        json.dumps(other).encode(),
        json.dumps(wrong_type).encode(),
        json.dumps(call | {"hook": NAME}).encode(),
        json.dumps(call | {"fhirServer": f"https://{NUMBER}.example"}).encode(),
        json.dumps(call | {"hookInstance": NUMBER}).encode(),
        json.dumps(call | {"context": {"userId": NAME, "patientId": NAME + "/"}}).encode(),
    ]


def bundle(call: dict[str, Any]) -> dict[str, Any]:
    entries = [{"resource": call["prefetch"]["patient"]}]
    for part in call["prefetch"].values():
        entries += part.get("entry", [])
    return {"resourceType": "Bundle", "type": "collection", "entry": entries}


def test_no_name_token_or_number_of_a_patient_leaves_by_another_door(
    service: Hospital, in_file: Signer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    database = service.folder / "hcc-cds.db"
    migrate(f"sqlite:///{database}")
    tokens: list[str] = []

    def send(path: str, body: bytes) -> tuple[int, str]:
        token = in_file.sign(claims(FILE_ISSUER, path.partition("?")[0], tenant="north"))
        tokens.append(token)
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        answer = service.client.post(path, data=body, headers=headers)
        return answer.status_code, answer.text + str(answer.headers)

    call = charted()
    answers = [send(SERVICE, json.dumps(call).encode()), send(QUERY, _encoded(bundle(call)))]
    assert [status for status, _ in answers] == [200, 200]
    answers += [send(SERVICE, body) for body in broken(call)]
    answers += [send(f"{SERVICE}/feedback", body) for body in broken(call)]
    answers += [send(QUERY, body) for body in broken(bundle(call) | call)]
    assert {status for status, _ in answers[2:]} <= {200, 400, 403}
    refused = [text for status, text in answers if status >= 400]
    # the birthday stands beside the age in the document: what was used is shown as received
    said = [text.replace("1907-03-05", "") for _, text in answers] + refused
    kept = [JsonLines().format(record) for record in caplog.records]
    kept.append(generate_latest(REGISTRY).decode())
    kept.append(_everything_in(database))
    secrets = [part for token in tokens for part in token.split(".")[1:]]
    for canary in (*CANARIES, *secrets):
        assert not any(canary in text for text in kept), canary
        assert not any(canary in text for text in said), canary


def _encoded(content: object) -> bytes:
    return json.dumps(content).encode()


def _everything_in(database: Path) -> str:
    files = sorted(database.parent.glob("hcc-cds*"))
    assert len(files) >= 2
    text = "".join(file.read_bytes().decode("latin-1") for file in files)
    connection = sqlite3.connect(database)
    text += "\n".join(connection.iterdump())
    connection.close()
    return text


HOSTILE = 'x\r\n{"level":"ERROR","message":"forged"}\u2028\x1b[31m'


def test_no_text_of_a_caller_can_make_a_second_log_line(
    service: Hospital, in_file: Signer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "cds_service")
    token = in_file.sign(claims(FILE_ISSUER, tenant="north"), kid=HOSTILE[:200])
    path = "/cds-services/%0d%0aforged%e2%80%a8"
    service.client.get(path, headers={"Authorization": f"Bearer {token}", "X-Request-Id": "a b"})
    service.client.get("/forged%0a", headers={"User-Agent": "forged"})
    lines = [JsonLines().format(record) for record in caplog.records]
    assert len(lines) >= 3
    for line in lines:
        assert line.isascii()
        assert line.isprintable()
        assert "forged" not in line
