"""The fields of FHIR R4 resources that are read, and nothing else of them.

Shapes are as wide as charts in the field: what R4 calls a list may come as a single object, and
what R4 calls required may be absent. A wrong type in a field that is read makes the resource
unreadable; a field that is not read cannot do harm. Each field exists in the R4B model with the
same name (a test compares them); every widening is listed there.
"""

from decimal import Decimal
from typing import TypeVar

import msgspec

_Part = TypeVar("_Part")


class Element(msgspec.Struct, kw_only=True, rename="camel", gc=False):
    """Base of all projections: camelCase on the wire, no cycles."""


class Coding(Element):
    """One code of one system."""

    system: str | None = None
    code: str | None = None
    display: str | None = None


class CodeableConcept(Element):
    """A concept in zero or more codings, and the text a person saw."""

    coding: list[Coding] | Coding | None = None
    text: str | None = None


class Identifier(Element):
    """A business identifier; it never proves whose resource this is."""

    system: str | None = None
    value: str | None = None


class Reference(Element):
    """A reference to another resource."""

    reference: str | None = None
    type: str | None = None
    display: str | None = None


class Quantity(Element):
    """A measured amount; decimals keep the digits they came with."""

    value: Decimal | None = None
    comparator: str | None = None
    unit: str | None = None
    system: str | None = None
    code: str | None = None


class Period(Element):
    """Start and end as FHIR dateTimes, unparsed."""

    start: str | None = None
    end: str | None = None


class Meta(Element):
    """What tells two versions of one resource apart."""

    version_id: str | None = None
    last_updated: str | None = None


class Resource(Element, tag_field="resourceType"):
    """What every resource has; each type is told apart by its class name on the wire."""

    id: str | None = None
    meta: Meta | None = None


class Patient(Resource):
    """The person: birth, death and administrative gender."""

    birth_date: str | None = None
    deceased_boolean: bool | None = None
    deceased_date_time: str | None = None
    gender: str | None = None


class Condition(Resource):
    """A diagnosis, sign or complication."""

    subject: Reference | None = None
    code: CodeableConcept | None = None
    clinical_status: CodeableConcept | str | None = None
    verification_status: CodeableConcept | str | None = None
    severity: CodeableConcept | None = None
    onset_date_time: str | None = None
    onset_period: Period | None = None
    abatement_date_time: str | None = None
    abatement_period: Period | None = None
    recorded_date: str | None = None


class Observation(Resource):
    """A measurement, score or finding."""

    subject: Reference | None = None
    focus: list[Reference] | Reference | None = None
    status: str | None = None
    code: CodeableConcept | None = None
    effective_date_time: str | None = None
    effective_period: Period | None = None
    effective_instant: str | None = None
    value_quantity: Quantity | None = None
    value_integer: int | None = None
    value_string: str | None = None
    value_codeable_concept: CodeableConcept | None = None
    value_boolean: bool | None = None
    data_absent_reason: CodeableConcept | None = None


class Procedure(Resource):
    """Something done to the patient."""

    subject: Reference | None = None
    status: str | None = None
    code: CodeableConcept | None = None
    performed_date_time: str | None = None
    performed_period: Period | None = None


def each(part: list[_Part] | _Part | None) -> list[_Part]:
    """List the items of an element that may be absent, a single object or a list."""
    if part is None:
        return []
    return part if isinstance(part, list) else [part]
