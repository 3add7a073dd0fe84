"""Whose chart it is: the name and birth date of the patient; nothing decides on them."""

import re
from typing import Final

import msgspec

from fhir_mappings.chart.bundles_received import search_received
from fhir_mappings.chart.record import ChartSources, answer_under
from fhir_mappings.errors import UNREADABLE

_OFFICIAL: Final = ("official", "usual")
_NOT_IN_USE: Final = "old"


class _Name(msgspec.Struct):
    use: str | None = None
    text: str | None = None
    family: str | None = None
    given: list[str] = []


class _Named(msgspec.Struct):
    id: str | None = None
    name: list[_Name] = []
    birthDate: str | None = None  # noqa: N815 - the element's name on the wire


_BIRTH_DATE: Final = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?\Z", re.ASCII)
_named: Final = msgspec.json.Decoder(_Named)


def patient_name(sources: ChartSources, patient_id: str) -> str:
    """Give the name in use, as it came; "" where none can be read."""
    found = _patient(sources, patient_id)
    return "" if found is None else _in_use(found.name)


def patient_birth_date(sources: ChartSources, patient_id: str) -> str:
    """Give the birth date as written: 1961-05-17, 1961-05 or 1961; "" where there is none."""
    found = _patient(sources, patient_id)
    said = "" if found is None else found.birthDate or ""
    return said if _BIRTH_DATE.match(said) else ""


def _patient(sources: ChartSources, patient_id: str) -> _Named | None:
    whole = sources.whole_chart
    found = answer_under("patient", sources) if whole is None else search_received(whole)
    for one in found.resources:
        if one.resource_type != "Patient":
            continue
        try:
            patient = _named.decode(one.raw)
        except UNREADABLE:
            continue
        if patient.id == patient_id:
            return patient
    return None


def _in_use(names: list[_Name]) -> str:
    current = [one for one in names if one.use != _NOT_IN_USE]
    for one in sorted(current, key=lambda name: name.use not in _OFFICIAL):
        said = one.text or " ".join(filter(None, (*one.given, one.family)))
        if said:
            return said
    return ""
