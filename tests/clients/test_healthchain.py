"""HealthChain's SandboxClient, a client that we did not write, drives all three hooks."""

import json
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from werkzeug.serving import make_server

from cds_service.app import create_app
from cds_service.settings import read_settings
from tests.orders.ordering import TODAY, Json, draft, kind_of, order_call, patient_view_call

ROOT = Path(__file__).parents[2]
PYTHON = ROOT / ".venv-bench" / "bin" / "python"
CALLS = Path(__file__).with_name("healthchain_calls.py")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not PYTHON.exists(), reason="HealthChain is absent: make .venv-bench"),
]


@pytest.fixture(scope="module")
def base() -> Iterator[str]:
    """The demonstration on a port of its own."""
    demo = {"HCC_CDS_MODE": "demo", "HCC_CDS_TODAY": TODAY.isoformat()}
    server = make_server("127.0.0.1", 0, create_app(read_settings(demo)), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/cds-services/hcc-after-sorafenib"
    server.shutdown()
    thread.join()
    server.server_close()


def sent(calls: list[tuple[str, Json]]) -> list[list[Json]]:
    """The cards that HealthChain got for each call."""
    written = [[url, call["hook"], call["context"], call["prefetch"]] for url, call in calls]
    ran = subprocess.run(  # noqa: S603 - our own script
        [PYTHON, CALLS], input=json.dumps(written), capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr[-2000:]
    return [answer["cards"] for answer in json.loads(ran.stdout)]


def test_healthchain_drives_patient_view_order_select_and_order_sign(base: str) -> None:
    chart = patient_view_call("tolerant-afp-low")
    subject = {"reference": f"Patient/{chart['context']['patientId']}"}
    calls = [(base, chart)]
    for hook in ("order-select", "order-sign"):
        for drug in ("regorafenib", "ramucirumab"):
            order = draft({"drug": drug, "id": "d1"}, subject)
            call = order_call(chart, hook, [order], ["MedicationRequest/d1"])
            calls.append((f"{base}-{hook}", call))

    opened, *ordered = sent(calls)

    assert [card["indicator"] for card in opened] == ["info"]
    assert opened[0]["suggestions"][0]["label"] == "Propose Regorafenib (draft order)"
    assert [kind_of(cards) for cards in ordered] == ["silence", "afp-below"] * 2
