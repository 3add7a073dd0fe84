"""The EHR that sent the request being answered."""

from collections.abc import Sequence

from flask import Flask, g

from cds_service.site_file import Ehr
from hcc_pathway.errors import HccCdsError


class ForeignServer(HccCdsError):  # noqa: N818 (the name says what happened)
    """An EHR named a FHIR server that is not the one of its own block."""

    def __init__(self) -> None:
        """Say which member of the request is meant, without repeating it."""
        super().__init__("fhirServer: is not the FHIR server registered for this client")


def calling_ehr() -> Ehr | None:
    """Give the EHR of the present request.

    In production the one whose token was proven. In the demonstration, where nobody proves
    anything, the block whose ``fhir_base`` the request names exactly, or None.
    """
    ehr: Ehr | None = g.get("calling_ehr")
    return ehr


def caller_name() -> str:
    """Give the name of the calling EHR's block, or an empty text where it is not known."""
    ehr = calling_ehr()
    return "" if ehr is None else ehr.name


def counted_name() -> str:
    """Give the name under which cards and feedback are counted.

    Feedback names no server, so where nobody proves anything both count under the one block that
    there is, and under none where there are several: outcomes then belong to the cards shown.
    """
    name: str | None = g.get("counted_name")
    return caller_name() if name is None else name


def count_unproven_callers(app: Flask, ehrs: Sequence[Ehr]) -> None:
    """Settle for a demonstration under which name all its callers are counted."""
    name = ehrs[0].name if len(ehrs) == 1 else ""

    def settle() -> None:
        g.counted_name = name

    app.before_request(settle)


def remember_caller(ehr: Ehr) -> None:
    """Keep whose token was proven, for the rest of the request."""
    g.calling_ehr = ehr


def settle_fhir_server(fhir_server: str | None, ehrs: Sequence[Ehr]) -> None:
    """Hold the FHIR server that a hook call names against the calling EHR.

    Raises:
        ForeignServer: a proven EHR names another server than that of its block.

    """
    proven = calling_ehr()
    if proven is not None:
        if fhir_server not in {None, proven.fhir_base}:
            raise ForeignServer
        return
    g.calling_ehr = next((ehr for ehr in ehrs if ehr.fhir_base == fhir_server), None)
