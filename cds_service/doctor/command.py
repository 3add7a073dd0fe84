"""The command: its arguments checked, the examination run, the page printed, the exit code."""

import os
from pathlib import Path
from typing import Final

from rich.console import Console

from cds_service.composition import compose
from cds_service.doctor.examination import examine
from cds_service.doctor.page import page
from cds_service.ehr_network import network_of
from cds_service.settings import Mode, read_settings
from cds_service.start_refusals.addresses import is_loopback
from fhir_access.access import Access
from fhir_access.deadline import Deadline
from fhir_access.fhir_server import FhirServer
from hcc_pathway.errors import HccCdsError
from hooks.messages import FHIR_ID

DONE, FINDING = 0, 1
_PATIENCE_SECONDS: Final = 120.0
_MOST_BYTES: Final = 200_000_000


class DoctorError(HccCdsError):
    """An argument that cannot be used: which, and why. Never holds the token."""


def doctor(fhir_base: str, patient_id: str | None, token_file: Path | None) -> int:
    """Examine one FHIR server and print what was found; gives the exit code.

    Raises:
        HccCdsError: an argument or a setting cannot be used.

    """
    if patient_id is not None and FHIR_ID.match(patient_id) is None:
        message = "--patient: is not a FHIR id (letters, digits, '-' and '.', at most 64)"
        raise DoctorError(message)
    token = _token(token_file, fhir_base)
    # nothing is served here, so the settings of a production service need not be complete
    settings = read_settings({**os.environ, "HCC_CDS_MODE": Mode.DEMO.value})
    composition = compose(settings)
    ehr = next((one for one in settings.site.ehr if one.fhir_base == fhir_base), None)
    server = FhirServer(fhir_base, None if ehr is None else network_of(ehr))
    access = Access(
        server, token=token, deadline=Deadline.after(_PATIENCE_SECONDS), most_bytes=_MOST_BYTES
    )
    templates = dict(composition.chart_reading.templates)
    found = examine(access, templates, patient_id, composition)
    Console().print(page(found, templates, patient_id))
    return FINDING if found.has_finding(templates) else DONE


def _token(token_file: Path | None, fhir_base: str) -> str | None:
    if token_file is None:
        return None
    try:
        token = token_file.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        message = f"--token-file: {token_file}: cannot be read as text"
        raise DoctorError(message) from None
    if not token or any(not "!" <= letter <= "~" for letter in token):
        message = f"--token-file: {token_file}: does not hold one bearer token"
        raise DoctorError(message)
    if fhir_base.startswith("http://") and not is_loopback(fhir_base):
        message = "FHIR_BASE_URL: a token is sent over https only (http is for loopback)"
        raise DoctorError(message)
    return token
