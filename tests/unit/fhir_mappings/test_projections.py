"""Every field that is read exists in R4B with the same name, type and cardinality.

A widening (an object where R4 has a list, a string where it has a concept, text where it has a
date) is listed with the test that shows it.
"""

import importlib
import types
import typing
from decimal import Decimal

import msgspec
import pytest

from fhir_mappings.chart.entries import PROJECTIONS
from fhir_mappings.chart.medication_projections import Ratio, Timing
from fhir_mappings.chart.projections import (
    CodeableConcept,
    Coding,
    Element,
    Identifier,
    Meta,
    Period,
    Quantity,
    Reference,
)

# (projection, element): where the wider shape is shown
STRINGS_FOR_CONCEPTS = {
    ("Condition", "clinicalStatus"): "test_conditions: older charts send a string",
    ("Condition", "verificationStatus"): "test_conditions: older charts send a string",
    ("AllergyIntolerance", "clinicalStatus"): "the same reader as of conditions",
    ("AllergyIntolerance", "verificationStatus"): "the same reader as of conditions",
}
LISTS_FOR_SINGLES = {
    ("MedicationRequest", "statusReason"): "R4 has one; MedicationStatement and others several",
    ("MedicationDispense", "statusReason"): "not an R4B element: statusReason[x] in two forms",
}
NOT_IN_R4B = {
    ("MedicationDispense", "statusReason"): "a plain concept, as in STU3 feeds",
    ("MedicationDispense", "reasonCode"): "shared base of the drug records",
    ("MedicationDispense", "reasonReference"): "shared base of the drug records",
}
OTHER_NAMES = {"Note": "Annotation"}
MODELS: dict[str, type[Element]] = {
    **PROJECTIONS,
    **{kind.__name__: kind for kind in (CodeableConcept, Coding, Meta, Period, Quantity)},
    **{kind.__name__: kind for kind in (Identifier, Ratio, Reference, Timing)},
}
WORDS: dict[object, tuple[str, ...]] = {
    str: ("str,", "date", "datetime", "Uri", "Instant"),
    bool: ("bool",),
    int: ("int",),
    Decimal: ("Decimal",),
}


def _parts(annotation: object) -> list[object]:
    if isinstance(annotation, types.UnionType) or typing.get_origin(annotation) is typing.Union:
        return [part for one in typing.get_args(annotation) for part in _parts(one)]
    return [annotation]


def _model(name: str) -> type:
    module = importlib.import_module(f"fhir.resources.R4B.{name.lower()}")
    model: type = getattr(module, name)
    return model


def _elements(model: type) -> dict[str, tuple[str, bool]]:
    """Element name -> (type name, is a list) of an R4B model."""
    found = {}
    for name, field in model.model_fields.items():  # type: ignore[attr-defined]  # pydantic
        text = repr(field.annotation)
        alias = field.alias or name
        found[alias] = (text, "List[" in text or "list[" in text)
    return found


@pytest.mark.parametrize("name", sorted(MODELS))
def test_every_element_exists_in_r4b_with_its_cardinality(name: str) -> None:
    elements = _elements(_model(name))

    for field in msgspec.structs.fields(MODELS[name]):
        place = (name, field.encode_name)
        if place in NOT_IN_R4B:
            continue
        assert field.encode_name in elements, place
        _, is_list = elements[field.encode_name]
        parts = _parts(field.type)
        if msgspec.Raw in parts:
            continue  # decoded on its own, by its own projection
        takes_list = any(typing.get_origin(part) is list for part in parts)
        assert takes_list == is_list or (place in LISTS_FOR_SINGLES and takes_list), place


@pytest.mark.parametrize("name", sorted(MODELS))
def test_every_element_has_the_type_that_r4b_gives_it(name: str) -> None:
    elements = _elements(_model(name))

    for field in msgspec.structs.fields(MODELS[name]):
        place = (name, field.encode_name)
        if place in NOT_IN_R4B:
            continue
        declared, _ = elements[field.encode_name]
        for part in _parts(field.type):
            inner = typing.get_args(part)[0] if typing.get_origin(part) is list else part
            if inner is type(None) or inner is msgspec.Raw:
                continue
            if inner is str and place in STRINGS_FOR_CONCEPTS:
                continue
            assert _agrees(inner, declared), (place, inner, declared)


def _agrees(inner: object, declared: str) -> bool:
    if isinstance(inner, type) and issubclass(inner, Element):
        return OTHER_NAMES.get(inner.__name__, inner.__name__) in declared
    return any(word in declared for word in WORDS[inner])
