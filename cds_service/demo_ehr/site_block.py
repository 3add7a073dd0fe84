"""The EHR block of the demonstration: added by the service itself, and never in production."""

from dataclasses import replace
from typing import Final

from msgspec import structs

from cds_service.settings import SettingError, Settings
from cds_service.site_file import Ehr, EhrSmart

FHIR_PATH: Final = "/demo/fhir"
AUTHORIZATION_PATH: Final = "/demo/auth"
NAME: Final = "demo"
CLIENT_ID: Final = "hcc-cds-demo"
SCOPES: Final = (
    "launch openid fhirUser patient/Patient.rs patient/Condition.rs patient/Observation.rs "
    "patient/MedicationRequest.rs patient/MedicationStatement.rs "
    "patient/MedicationAdministration.rs patient/Medication.rs patient/Procedure.rs "
    "patient/AllergyIntolerance.rs"
)


def fhir_base(settings: Settings) -> str:
    """Give the address of the demonstration's FHIR server: its ``fhirServer`` and its ``iss``."""
    return settings.public_url + FHIR_PATH


def require_demonstration(settings: Settings) -> None:
    """Stop whoever wants the EHR of the demonstration in production.

    Raises:
        SettingError: the mode is not demo.

    """
    if not settings.is_demo:
        message = "HCC_CDS_MODE: the sample patients are served in demo mode only"
        raise SettingError(message)


def with_demo_ehr(settings: Settings) -> Settings:
    """Add the block, beside those of the site file; a block of that name or base takes its place.

    Raises:
        SettingError: the mode is not demo.

    """
    require_demonstration(settings)
    base, site = fhir_base(settings), settings.site
    if any(ehr.name == NAME or ehr.fhir_base == base for ehr in site.ehr):
        return settings
    smart = EhrSmart(client_id=CLIENT_ID, scopes=SCOPES, auth_hosts=(settings.public_url,))
    block = Ehr(name=NAME, fhir_base=base, smart=smart)
    return replace(settings, site=structs.replace(site, ehr=(*site.ehr, block)))
