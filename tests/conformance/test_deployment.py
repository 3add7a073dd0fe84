"""What stands around the service in production (checklist items 1 and 4), and in its log (32)."""

import json
import logging
import re
from pathlib import Path

import pytest

from cds_service.sample_charts import hook_request
from tests.conformance.client import Request
from tests.conformance.conftest import TODAY, in_process
from tests.conformance.traffic import HEADERS, SERVICE, TOKEN
from tests.samples.stored import SAMPLES

NGINX = Path(__file__).parents[2] / "deploy" / "nginx.production.conf"


@pytest.mark.conformance("1", "4")
def test_production_listens_with_tls_alone() -> None:
    configuration = re.sub(r"#.*", "", NGINX.read_text("utf-8"))
    listens = re.findall(r"listen\s+([^;]+);", configuration)
    assert listens
    assert all("ssl" in each.split() for each in listens)
    assert "ssl_protocols TLSv1.2 TLSv1.3;" in configuration
    assert "Strict-Transport-Security" in configuration


@pytest.mark.conformance("32")
def test_a_token_reaches_no_log(caplog: pytest.LogCaptureFixture) -> None:
    call = hook_request(SAMPLES[0].moved_to(TODAY), "https://ehr.example/fhir")
    call["fhirAuthorization"] = {"access_token": TOKEN, "token_type": "Bearer"}
    request = Request("POST", SERVICE, json.dumps(call).encode(), HEADERS)
    with caplog.at_level(logging.DEBUG, logger="cds_service"):
        assert in_process().send(request).status == 200
    assert caplog.records
    assert TOKEN not in "".join(str(vars(record)) for record in caplog.records)
