"""What the demonstration's server says of itself: CapabilityStatement and SMART configuration."""

from typing import Any

from cds_service.demo_ehr.charts import TYPES
from cds_service.demo_ehr.searching import MATCHERS

_SMART_ADDRESSES = "http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris"
_SECURITY_SERVICE = "http://terminology.hl7.org/CodeSystem/restful-security-service"
# which search parameters each type has: what all share, then its own
_SHARED = ("_id",)
_ABOUT_A_PATIENT = ("patient", "subject")
_OWN = {
    "Patient": ("name",),
    "Practitioner": ("name",),
    "Medication": ("code",),
    "Condition": (*_ABOUT_A_PATIENT, "category", "clinical-status", "code"),
    "AllergyIntolerance": ("patient", "clinical-status", "code"),
    "MedicationRequest": (*_ABOUT_A_PATIENT, "code", "intent", "status"),
    "Observation": (*_ABOUT_A_PATIENT, "category", "code", "status"),
}
_OTHERS = (*_ABOUT_A_PATIENT, "code", "status")
_PARAMETER_TYPES = {"name": "string", "patient": "reference", "subject": "reference"}


def capability_statement(base: str, authorization: str, on: str) -> dict[str, Any]:
    """Describe the server; ``base`` and ``authorization`` are addresses, ``on`` is the day."""
    addresses = [
        {"url": "authorize", "valueUri": f"{authorization}/authorize"},
        {"url": "token", "valueUri": f"{authorization}/token"},
    ]
    service = {"system": _SECURITY_SERVICE, "code": "SMART-on-FHIR"}
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": on,
        "kind": "instance",
        "implementation": {
            "description": "Invented sample patients of a demonstration; read-only",
            "url": base,
        },
        "fhirVersion": "4.0.1",
        "format": ["application/fhir+json", "json"],
        "rest": [
            {
                "mode": "server",
                "security": {
                    "cors": True,
                    "service": [{"coding": [service]}],
                    "extension": [{"url": _SMART_ADDRESSES, "extension": addresses}],
                },
                "resource": [_of_type(kind) for kind in TYPES],
            }
        ],
    }


def _of_type(kind: str) -> dict[str, Any]:
    names = (*_SHARED, *_OWN.get(kind, _OTHERS))
    return {
        "type": kind,
        "interaction": [{"code": "read"}, {"code": "search-type"}],
        "searchParam": [
            {"name": name, "type": _PARAMETER_TYPES.get(name, "token")}
            for name in names
            if name in MATCHERS
        ],
    }


def smart_configuration(authorization: str) -> dict[str, Any]:
    """Describe the authorization server (SMART App Launch 2.2, ``.well-known``)."""
    return {
        "issuer": authorization,
        "jwks_uri": f"{authorization}/jwks.json",
        "authorization_endpoint": f"{authorization}/authorize",
        "token_endpoint": f"{authorization}/token",
        "grant_types_supported": ["authorization_code"],
        "response_types_supported": ["code"],
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": ["none"],
        "id_token_signing_alg_values_supported": ["ES256"],
        "subject_types_supported": ["public"],
        "scopes_supported": ["launch", "launch/patient", "openid", "fhirUser", "patient/*.rs"],
        "capabilities": [
            "launch-ehr",
            "launch-standalone",
            "client-public",
            "sso-openid-connect",
            "context-ehr-patient",
            "context-standalone-patient",
            "permission-patient",
            "permission-v1",
            "permission-v2",
        ],
    }
