"""How this app is registered at one EHR: what the site file's ``[ehr.smart]`` amounts to."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from fhir_access.addresses import origin_of
from fhir_access.fhir_server import FhirServer
from fhir_access.guarded_session import Network
from smart_app.launch.client_keys import ClientKey
from smart_app.sessions.contents import OpenSession, PendingLaunch

DEFAULT_SCOPES = (
    "launch openid fhirUser patient/Patient.rs patient/Condition.rs patient/Observation.rs "
    "patient/MedicationRequest.rs patient/MedicationStatement.rs "
    "patient/MedicationAdministration.rs patient/Medication.rs patient/Procedure.rs "
    "patient/AllergyIntolerance.rs"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """One EHR as this app knows it. At most one of ``client_secret`` and ``client_key`` is set."""

    ehr_name: str
    fhir_base: str  # the only `iss` of this EHR, matched exactly
    client_id: str
    client_secret: str | None = field(repr=False, default=None)
    client_key: ClientKey | None = field(repr=False, default=None)
    scopes: str = DEFAULT_SCOPES
    auth_hosts: tuple[str, ...] = ()
    frame_ancestors: tuple[str, ...] = ()  # origins that may show the page in a frame
    network: Network
    server: FhirServer

    def may_authorize(self, address: str) -> bool:
        """Whether an address that discovery named lies on a host of this EHR."""
        hosts = (origin_of(self.fhir_base), *self.auth_hosts)
        return any(
            address == host or address.startswith(f"{host}/")
            for host in (host.rstrip("/") for host in hosts)
        )


class Registrations:
    """The EHRs from which the app can be opened."""

    def __init__(self, registrations: Sequence[Registration]) -> None:
        """Take them all; their bases and names are unique."""
        self.all = tuple(registrations)
        self._by_base = {one.fhir_base: one for one in registrations}
        self._by_name = {one.ehr_name: one for one in registrations}

    def of_issuer(self, issuer: str) -> Registration | None:
        """Find the EHR whose FHIR base this is, letter by letter."""
        return self._by_base.get(issuer)

    def of(self, kept: PendingLaunch | OpenSession) -> Registration | None:
        """Find the EHR of a session; None: its block was taken out or changed since."""
        found = self._by_name.get(kept.ehr_name)
        if found is None or (found.fhir_base, found.client_id) != (kept.fhir_base, kept.client_id):
            return None
        return found
