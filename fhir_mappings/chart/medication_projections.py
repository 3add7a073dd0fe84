"""The fields of FHIR R4 medication resources that are read, and nothing else of them.

The same rules as in ``projections.py``: as wide as charts in the field, a wrong type in a field
that is read makes the resource unreadable, a field that is not read (``category``, ``intent`` of
other resources, ``priority``) cannot do harm. Dosage is decoded on its own, by ``dosage.py``, so
that an unreadable dosage is an unknown dose and not an unreadable record.
"""

from decimal import Decimal
from typing import Final

import msgspec

from fhir_mappings.chart.projections import (
    CodeableConcept,
    Element,
    Period,
    Quantity,
    Reference,
    Resource,
    each,
)

NOTHING: Final = msgspec.Raw(b"null")  # an absent element that is decoded elsewhere


class Ratio(Element):
    """A strength: numerator per denominator."""

    numerator: Quantity | None = None
    denominator: Quantity | None = None


class DoseRange(Element):
    """A dose from low to high."""

    low: Quantity | None = None
    high: Quantity | None = None


class Repeat(Element):
    """When a dose is taken, and for how long."""

    bounds_period: Period | None = None
    bounds_duration: Quantity | None = None
    bounds_range: DoseRange | None = None
    count: int | None = None
    frequency: int | None = None
    frequency_max: int | None = None
    period: Decimal | None = None
    period_max: Decimal | None = None
    period_unit: str | None = None
    day_of_week: list[str] | str | None = None
    time_of_day: list[str] | str | None = None
    when: list[str] | str | None = None


class Timing(Element):
    """A schedule: named days, a repetition, or a code such as BID."""

    event: list[str] | str | None = None
    repeat: Repeat | None = None
    code: CodeableConcept | None = None


class DoseAndRate(Element):
    """The amount per dose."""

    dose_quantity: Quantity | None = None
    dose_range: DoseRange | None = None


class Dosage(Element):
    """One instruction; several with the same sequence are taken together.

    ``dose_quantity`` and ``dose_range`` beside the schedule are the shape of STU3, which some
    EHRs still send.
    """

    sequence: int | None = None
    text: str | None = None
    patient_instruction: str | None = None
    timing: Timing | None = None
    as_needed_boolean: bool | None = None
    as_needed_codeable_concept: CodeableConcept | None = None
    dose_and_rate: list[DoseAndRate] | DoseAndRate | None = None
    dose_quantity: Quantity | None = None
    dose_range: DoseRange | None = None

    @property
    def doses(self) -> list[DoseAndRate]:
        """Every dose that it names; where there are several they have to agree."""
        named = each(self.dose_and_rate)
        if self.dose_quantity is None and self.dose_range is None:
            return named
        return [*named, DoseAndRate(self.dose_quantity, self.dose_range)]


class AdministrationDosage(Element):
    """What was given on one occasion."""

    text: str | None = None
    dose: Quantity | None = None


class Ingredient(Element):
    """What a medication consists of, and how much of it."""

    item_codeable_concept: CodeableConcept | None = None
    item_reference: Reference | None = None
    strength: Ratio | None = None


class Medication(Resource):
    """A product that other resources refer to."""

    code: CodeableConcept | None = None
    ingredient: list[Ingredient] | Ingredient | None = None


class Extension(Element):
    """An extension as deep as the US Core adherence extension goes."""

    url: str | None = None
    extension: "list[Extension] | Extension | None" = None
    value_codeable_concept: CodeableConcept | None = None


class Note(Element):
    """A comment, read only for the words adjuvant and trial."""

    text: str | None = None


class DispenseRequest(Element):
    """How much the order allows to be dispensed, and from when to when."""

    validity_period: Period | None = None
    number_of_repeats_allowed: int | None = None
    quantity: Quantity | None = None
    expected_supply_duration: Quantity | None = None


class _ForADrug(Resource):
    """What all medication records share."""

    status: str | None = None
    medication_codeable_concept: CodeableConcept | None = None
    medication_reference: Reference | None = None
    contained: msgspec.Raw = NOTHING
    subject: Reference | None = None
    status_reason: list[CodeableConcept] | CodeableConcept | None = None
    reason_code: list[CodeableConcept] | CodeableConcept | None = None
    reason_reference: list[Reference] | Reference | None = None
    extension: list[Extension] | Extension | None = None
    note: list[Note] | Note | None = None


class MedicationRequest(_ForADrug):
    """An order, or a medication that somebody reports."""

    intent: str | None = None
    do_not_perform: bool | None = None
    authored_on: str | None = None
    dosage_instruction: msgspec.Raw = NOTHING
    dispense_request: DispenseRequest | None = None


class MedicationStatement(_ForADrug):
    """What the patient is said to take or to have taken."""

    effective_date_time: str | None = None
    effective_period: Period | None = None
    date_asserted: str | None = None
    dosage: msgspec.Raw = NOTHING


class MedicationAdministration(_ForADrug):
    """One occasion on which a drug was given, or not given."""

    effective_date_time: str | None = None
    effective_period: Period | None = None
    dosage: msgspec.Raw = NOTHING


class MedicationDispense(_ForADrug):
    """Tablets handed over."""

    status_reason_codeable_concept: CodeableConcept | None = None
    when_prepared: str | None = None
    when_handed_over: str | None = None
    quantity: Quantity | None = None
    days_supply: Quantity | None = None
    dosage_instruction: msgspec.Raw = NOTHING


class Reaction(Element):
    """A reaction and the substance behind it."""

    substance: CodeableConcept | None = None


class AllergyIntolerance(Resource):
    """An allergy or intolerance."""

    patient: Reference | None = None
    clinical_status: CodeableConcept | str | None = None
    verification_status: CodeableConcept | str | None = None
    code: CodeableConcept | None = None
    reaction: list[Reaction] | Reaction | None = None
    recorded_date: str | None = None
    onset_date_time: str | None = None


class SuspectEntity(Element):
    """What is suspected of having caused an adverse event."""

    instance: Reference | None = None


class AdverseEvent(Resource):
    """Something unwanted that happened, and its suspects."""

    subject: Reference | None = None
    actuality: str | None = None
    event: CodeableConcept | None = None
    suspect_entity: list[SuspectEntity] | SuspectEntity | None = None
    date: str | None = None
    detected: str | None = None
    recorded_date: str | None = None
    contained: msgspec.Raw = NOTHING
