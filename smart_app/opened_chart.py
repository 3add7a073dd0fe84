"""What a launch gives the page: one patient's chart, opened for one clinician and one request."""

from dataclasses import dataclass, field
from typing import Final

from fhir_mappings.chart.record import ChartSources

# Every POST below /smart carries the form token under one of these, or is refused.
FORM_TOKEN_FIELD: Final = "form_token"  # noqa: S105 (a name)
FORM_TOKEN_HEADER: Final = "X-Form-Token"  # noqa: S105 (a name)


@dataclass(frozen=True, slots=True)
class OpenedChart:
    """The chart as it was read for this request, and what the EHR granted for it.

    Nothing here came from the link that opened the page but through the EHR's own authorization
    server. ``answers`` are the clinician's answers of this session as the page wrote them (JSON,
    empty at first); ``form_token`` goes into every form and is checked on every POST.
    """

    ehr_name: str
    patient_id: str
    sources: ChartSources = field(repr=False)
    clinician: str | None  # "Practitioner/dr-1", proven by the id_token; None: not told
    needs_patient_banner: bool
    not_granted: tuple[str, ...]  # resource types asked for and not granted: unknown, and said
    writable: frozenset[str]  # resource types that this session may create in the EHR
    form_token: str = field(repr=False)
    answers: bytes = field(repr=False, default=b"")
