"""Small charts with clinical defaults, and the case that is read from them."""

import json
from collections.abc import Mapping
from datetime import date, tzinfo
from decimal import Decimal
from zoneinfo import ZoneInfo

import msgspec

from fhir_mappings.chart.record import ChartSources, sources_from_bundle
from fhir_mappings.patient_case import read_case
from hcc_pathway.case import PatientCase
from hcc_pathway.knowledge_base.knowledge import load_knowledge

TODAY = date(2026, 11, 22)
SITE = ZoneInfo("America/New_York")
KNOWLEDGE = load_knowledge().as_of(TODAY)

Json = dict[str, object]

LOINC = "http://loinc.org"
SNOMED = "http://snomed.info/sct"
ICD = "http://hl7.org/fhir/sid/icd-10-cm"
UCUM = "http://unitsofmeasure.org"
AFP, BILIRUBIN, ALBUMIN, INR = "1834-1", "1975-2", "1751-7", "6301-6"


def concept(system: str, code: object, text: str = "") -> Json:
    return {"coding": [{"system": system, "code": code}]} | ({"text": text} if text else {})


def ucum(value: float, unit: str, **more: object) -> Json:
    return {"value": value, "unit": unit, "system": UCUM, "code": unit, **more}


def a_patient(**more: object) -> Json:
    return {"resourceType": "Patient", "id": "p1", "birthDate": "1958-05-03", **more}


def an_observation(identity: object = "o1", code: object = AFP, **more: object) -> Json:
    return {
        "resourceType": "Observation",
        "id": identity,
        "status": "final",
        "code": code if isinstance(code, dict) or code is None else concept(LOINC, code),
        "subject": {"reference": "Patient/p1"},
        "effectiveDateTime": "2026-11-01T08:00:00-05:00",
        **more,
    }


def a_condition(identity: object = "c1", **more: object) -> Json:
    return {
        "resourceType": "Condition",
        "id": identity,
        "code": concept(SNOMED, "109841003", "Hepatocellular carcinoma"),
        "subject": {"reference": "Patient/p1"},
        "recordedDate": "2025-01-10",
        **more,
    }


def a_bundle(*resources: Json, **more: object) -> Json:
    return {
        "resourceType": "Bundle",
        "type": "searchset",
        "entry": [{"resource": resource} for resource in resources],
        **more,
    }


def prefetch(**values: object) -> ChartSources:
    """Chart sources by prefetch key; a value is sent as JSON."""
    return ChartSources(
        by_key={key: msgspec.Raw(json.dumps(v).encode()) for key, v in values.items()}
    )


def whole(*resources: Json) -> ChartSources:
    """A chart as one Bundle, with the default patient."""
    return sources_from_bundle(json.dumps(a_bundle(a_patient(), *resources)).encode())


def case_from(  # noqa: PLR0913 - one argument per thing a test may vary
    sources: ChartSources,
    *,
    patient_id: str | None = "p1",
    local_codes: Mapping[str, str] | None = None,
    zone: tzinfo = SITE,
    iu_to_ng: Decimal | None = None,
    on: date = TODAY,
) -> PatientCase:
    """The case that is read from a chart on the day of these tests."""
    return read_case(
        sources,
        patient_id=patient_id,
        knowledge=KNOWLEDGE,
        local_codes=local_codes or {},
        on=on,
        zone=zone,
        iu_to_ng=iu_to_ng,
    )


def case_of(*resources: Json) -> PatientCase:
    """The case of one patient with these resources."""
    return case_from(whole(*resources))


def reasons(case: PatientCase) -> list[tuple[str, str]]:
    """What was ignored: (source, phrase id)."""
    return [(one.source, one.because.id) for one in case.ignored]
