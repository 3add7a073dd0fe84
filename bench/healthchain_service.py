"""HealthChain's CDS Hooks gateway with its FHIR adapter and one fixed card, in its own venv."""

from __future__ import annotations

from healthchain.gateway import CDSHooksService, HealthChainAPI
from healthchain.io import CdsFhirAdapter
from healthchain.models import Card, CDSRequest, CDSResponse

adapter = CdsFhirAdapter()
service = CDSHooksService()


@service.hook("patient-view", id="floor")
def fixed_card(request: CDSRequest) -> CDSResponse:
    """Read the whole prefetch into FHIR objects, then answer one fixed card."""
    document = adapter.parse(request)
    read = len(document.fhir.prefetch_resources)
    source = {"label": "floor"}
    return CDSResponse(cards=[Card(summary=f"{read} keys", indicator="info", source=source)])


app = HealthChainAPI()
app.register_service(service)
