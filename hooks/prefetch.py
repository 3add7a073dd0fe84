"""The prefetch templates that discovery offers, in the subset that every known client can run.

No ``_include``, no ``_sort``, no date bound, codes as a plain list, one page of up to 200: Epic,
Oracle Health, HAPI and the CDS Hooks sandbox all accept this. Sorting and windows are the
mapping's work.
"""

import re
from collections.abc import Iterable, Mapping
from urllib.parse import quote

from hcc_pathway.errors import HccCdsError

_MARK = re.compile(r"([\\,|$])")
LONGEST_TEMPLATE = 1499
LEAN_KEYS = ("patient", "conditions")
# Value sets whose codes are looked for as the code of an Observation.
OBSERVATION_VALUE_SETS = (
    "alpha-fetoprotein",
    "bilirubin",
    "albumin",
    "inr",
    "ecog",
    "karnofsky",
    "child-pugh-score",
    "child-pugh-class-a",
    "child-pugh-class-b",
    "child-pugh-class-c",
    "treatment-not-tolerated",
    "disease-status",
    "body-weight",
)
_PATIENT = "patient={{context.patientId}}"


class TemplateTooLongError(HccCdsError):
    """The local codes of a site make the observation search longer than clients accept."""


def search_token(system: str, code: str) -> str:
    """Write a code of a site's own as one value of a token search.

    What FHIR reads as its own mark within a value is escaped, and what an address cannot hold, or
    would read as the next parameter, is percent-encoded.
    """
    return "|".join(quote(_MARK.sub(r"\\\1", part), safe=":/") for part in (system, code))


def templates(observation_codes: Iterable[str], *, lean: bool) -> Mapping[str, str]:
    """Give name and query of each prefetch template.

    Args:
        observation_codes: ``system|code`` of every observation that the mapping reads.
        lean: offer patient and conditions only; the rest is then fetched when it is needed.

    """
    codes = ",".join(dict.fromkeys(observation_codes))
    all_templates = {
        "patient": "Patient/{{context.patientId}}",
        "conditions": f"Condition?{_PATIENT}&_count=200",
        "observations": f"Observation?{_PATIENT}&code={codes}&_count=200",
        "medicationRequests": f"MedicationRequest?{_PATIENT}&_count=200",
        "medicationStatements": f"MedicationStatement?{_PATIENT}&_count=200",
        "medicationAdministrations": f"MedicationAdministration?{_PATIENT}&_count=200",
        "procedures": f"Procedure?{_PATIENT}&_count=200",
        "allergies": f"AllergyIntolerance?{_PATIENT}&_count=200",
    }
    offered = {key: all_templates[key] for key in LEAN_KEYS} if lean else all_templates
    for key, template in offered.items():
        if len(template) > LONGEST_TEMPLATE:
            message = f"prefetch template {key} has {len(template)} characters: map fewer codes"
            raise TemplateTooLongError(message)
    return offered
