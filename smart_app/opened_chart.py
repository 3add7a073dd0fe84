"""What a launch gives the page: one patient's chart, opened for one clinician and one request."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from fhir_mappings.chart.record import ChartSources
from smart_app.sessions.contents import WrittenFact

# Every POST below /smart carries the form token under one of these, or is refused.
FORM_TOKEN_FIELD: Final = "form_token"  # noqa: S105 (a name)
FORM_TOKEN_HEADER: Final = "X-Form-Token"  # noqa: S105 (a name)
# An address that carries the mark of a chart under this name is shown for that chart alone.
CHART_FIELD: Final = "chart"


def chart_mark(form_token: str) -> str:
    """Name one launch of one chart in addresses: it tells nothing, and proves nothing."""
    return hashlib.sha256(f"chart mark {form_token}".encode()).hexdigest()[:16]


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
    not_granted: tuple[str, ...]  # resource types asked for and not granted: unknown, and said
    writable: frozenset[str]  # resource types that this session may create in the EHR
    form_token: str = field(repr=False)
    answers: bytes = field(repr=False, default=b"")
    written: Mapping[str, WrittenFact] = field(default_factory=dict)  # sent to the EHR, by digest

    @property
    def mark(self) -> str:
        """What addresses name this opened chart by."""
        return chart_mark(self.form_token)
