"""An EHR as processes of its own: a certified OAuth server and a token-checking gateway before a
real FHIR server. Reusable: any test that needs a launch takes ``smart_ehr``.

The clinician of every launch is ``Practitioner/dr-1``; nothing asks for a password.
"""

import json
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest
import requests

from cds_service.sample_charts import SampleChart
from tests.real_server import ehr, fhir_servers, processes

PLACE = fhir_servers.ENVIRONMENT / "smart-ehr"
CLINICIAN = "Practitioner/dr-1"
PUBLIC_CLIENT = "hcc-app"
_SERVER = Path(__file__).parent / "ehr_server.mjs"


@dataclass(frozen=True)
class SmartEhr:
    """A running EHR: ``base`` is its FHIR base and SMART ``iss``."""

    origin: str
    base: str
    behind: str  # the FHIR server without the gateway, for the test alone
    session: requests.Session

    def hold(self, sample: SampleChart, day: date) -> None:
        """Store a sample, its day moved to ``day``; its Practitioner is there as well."""
        ehr.load(self.session, self.behind, sample, on=day)
        clinician = {"resourceType": "Practitioner", "id": CLINICIAN.partition("/")[2]}
        answer = self.session.put(
            f"{self.behind}/{CLINICIAN}", json=clinician, headers=ehr.FHIR_JSON, timeout=30
        )
        answer.raise_for_status()

    def launch(self, patient_id: str, **options: object) -> str:
        """Open a chart in the EHR; gives the ``launch`` of its link (options: ehr_server.mjs)."""
        said = self._control("launches", {"patient": patient_id} | options)
        return str(said["launch"])

    def standalone(self, patient_id: str, **options: object) -> None:
        """Say which patient is chosen at the next launch without an EHR."""
        self._control("standalone", {"patient": patient_id} | options)

    def launch_address(self, public_url: str, patient_id: str, **options: object) -> str:
        """Give the address that the EHR opens, as a card's link leads to it."""
        query = {"iss": self.base, "launch": self.launch(patient_id, **options)}
        return f"{public_url}/smart/launch?{urlencode(query)}"

    def in_frame(self, address: str) -> str:
        """Give a page of the EHR that shows an address in a frame."""
        return f"{self.origin}/_frame?app={quote(address, safe='')}"

    def resources(self, kind: str, patient_id: str) -> list[dict[str, Any]]:
        """Give what the FHIR server holds of one type about a patient."""
        found = self.session.get(
            f"{self.behind}/{kind}?patient={patient_id}&_count=500",
            headers=ehr.FHIR_JSON,
            timeout=30,
        ).json()
        return [entry["resource"] for entry in found.get("entry", [])]

    def _control(self, name: str, body: dict[str, Any]) -> dict[str, Any]:
        answer = self.session.post(f"{self.origin}/_control/{name}", json=body, timeout=10)
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
        return found


def public_client(public_url: str) -> dict[str, Any]:
    """Describe the app to the EHR as a client without a secret."""
    return {
        "client_id": PUBLIC_CLIENT,
        "token_endpoint_auth_method": "none",
        "redirect_uris": [f"{public_url}/smart/callback"],
    }


@contextmanager
def smart_ehr(folder: Path, clients: Sequence[dict[str, Any]]) -> Iterator[SmartEhr]:
    """Run the EHR with these clients registered; skip where its parts are not installed."""
    node = shutil.which("node")
    if node is None or not (PLACE / "node_modules" / "oidc-provider").exists():
        pytest.skip("oidc-provider is not installed (tests/smart_launch/install.sh)")
    shutil.copy(_SERVER, PLACE)  # modules are looked for beside the script
    port = processes.free_port()
    origin = f"http://127.0.0.1:{port}"
    with fhir_servers.sekmet(folder) as behind:
        settings = {"port": port, "behind": behind, "clients": list(clients)}
        with (
            processes.session() as session,
            processes.running(
                [node, str(PLACE / _SERVER.name), json.dumps(settings)],
                answers_at=f"{origin}/_control/alive",
                log=folder / "ehr.log",
                environment={"PATH": os.defpath, "HOME": str(folder)},
                cwd=folder,
            ),
        ):
            yield SmartEhr(origin, f"{origin}/fhir", behind, session)
