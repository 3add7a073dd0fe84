"""How the server of one EHR is reached, as its block of the site file says."""

from cds_service.site_file import Ehr, EhrNetwork
from fhir_access.guarded_session import Network


def network_of(ehr: Ehr) -> Network:
    """Give the way to an EHR's servers: proxy, certificates and the limit of one call."""
    said = ehr.network or EhrNetwork()
    return Network(
        proxy=said.proxy,
        ca_file=said.ca_file,
        client_certificate_file=said.client_certificate_file,
        client_key_file=said.client_key_file,
        timeout_seconds=None if said.timeout_ms is None else said.timeout_ms / 1000,
    )
