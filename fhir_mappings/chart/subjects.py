"""Whose resource is this? Decided by exact reference, never by resemblance.

A reference counts when it is ``Patient/<id>`` letter by letter, the same below the FHIR base of
the request, or the full URL that the patient's own entry has in the same Bundle. Anything else
(other case, other type, versioned, by identifier, no subject at all) is not provably this
patient's and is only counted.
"""

import re

import msgspec

from fhir_mappings.chart.projections import Reference

_PERSONS = frozenset({"Patient", "RelatedPerson", "Group", "Person"})
_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")


class OwnReferences(msgspec.Struct, frozen=True):
    """Every way in which this patient may be referred to."""

    patient_id: str
    references: frozenset[str]

    def include(self, reference: Reference | None) -> bool:
        """Whether the reference names this patient."""
        return reference is not None and reference.reference in self.references


def own_references(
    patient_id: str, *, fhir_base: str | None = None, full_url: str | None = None
) -> OwnReferences:
    """List the references that name a patient; ``full_url`` is that of the patient's own entry."""
    references = {f"Patient/{patient_id}"}
    if fhir_base:
        references.add(f"{fhir_base.rstrip('/')}/Patient/{patient_id}")
    if full_url:
        references.add(full_url)
    return OwnReferences(patient_id, frozenset(references))


def is_person(reference: Reference) -> bool:
    """Whether a reference names a patient, a relative or a group, whoever it is."""
    named = reference.type or (reference.reference or "").rpartition("/")[0].rpartition("/")[2]
    return named in _PERSONS


def source_of(resource_type: str, resource_id: str | None) -> str:
    """``Observation/afp-1``; an id that is absent or not of FHIR's form is left out."""
    if resource_id is None or _ID.fullmatch(resource_id) is None:
        return resource_type
    return f"{resource_type}/{resource_id}"
