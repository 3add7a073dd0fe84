"""One question to the address of a key set, through the guarded session of all outgoing calls."""

from cds_service.client_tokens.public_keys import LARGEST_KEY_SET_BYTES
from cds_service.client_tokens.refusal import KeysUnavailable
from cds_service.ehr_network import network_of
from cds_service.site_file import Ehr
from fhir_access.deadline import ByteBudget, Deadline
from fhir_access.errors import FetchFailed
from fhir_access.guarded_session import GuardedSession

SECONDS_OF_A_FETCH = 3.0


def fetch_key_set(ehr: Ehr, address: str) -> bytes:
    """Ask the key address of a block; redirects, other hosts and long waits are not followed.

    Raises:
        KeysUnavailable: names the EHR and the kind of fault.

    """
    session = GuardedSession(address, network_of(ehr))
    try:
        return session.get(
            "",
            deadline=Deadline.after(SECONDS_OF_A_FETCH),
            budget=ByteBudget(LARGEST_KEY_SET_BYTES),
            accept="application/jwk-set+json, application/json",
        )
    except FetchFailed as failed:
        message = f"{ehr.name}: {failed}"
        raise KeysUnavailable(message) from None
