"""The service that is asked: the application itself, on the day of the charts."""

import logging

from cds_service.app import create_app
from cds_service.settings import read_settings
from tests.conformance.client import InProcess
from tests.fuzz.charts import TODAY

SETTINGS = {
    "HCC_CDS_MODE": "demo",
    "HCC_CDS_TODAY": TODAY.isoformat(),
    "HCC_CDS_SECRET_KEY": "fuzz" * 8,
}


def in_process() -> InProcess:
    """Make the application; its log of 20,000 requests is not wanted."""
    logging.getLogger("cds_service").setLevel(logging.CRITICAL)
    return InProcess(create_app(read_settings(SETTINGS)), TODAY)
