"""The CDS Hooks services: one module per hook, wire types and cards.

One job: a hook request with its chart to cards. It is not for HTTP, settings or clocks (that is
``cds_service``), and not for reading FHIR (``fhir_mappings``) or judging it (``hcc_pathway``).
"""

from hooks import order_select, order_sign, patient_view
from hooks.service import HookService

SERVICES: tuple[HookService, ...] = (
    patient_view.SERVICE,
    order_select.SERVICE,
    order_sign.SERVICE,
)
