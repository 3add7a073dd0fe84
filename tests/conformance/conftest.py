"""One recording of the service's traffic, shared by all checks."""

import os
from datetime import date

import pytest
import requests

from cds_service.app import create_app
from cds_service.settings import read_settings
from tests.conformance.client import Client, InProcess, OverHttp, Remembering
from tests.conformance.traffic import Traffic, record

# The base of a running service (demo mode); without it the application itself is asked.
BASE = os.environ.get("HCC_CDS_CONFORMANCE_URL")
TODAY = date(2026, 11, 22)


def in_process() -> Client:
    settings = {
        "HCC_CDS_MODE": "demo",
        "HCC_CDS_TODAY": TODAY.isoformat(),
        "HCC_CDS_SECRET_KEY": "conformance" * 4,
    }
    return InProcess(create_app(read_settings(settings)), TODAY)


@pytest.fixture(scope="session")
def service() -> Client:
    if BASE:
        session = requests.Session()
        session.trust_env = False
        return Remembering(OverHttp(BASE, session))
    return Remembering(in_process())


@pytest.fixture(scope="session")
def traffic(service: Client) -> Traffic:
    return record(service)
