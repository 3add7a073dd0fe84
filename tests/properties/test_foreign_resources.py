"""Resources of other patients: whatever they say, whoever they claim to be about, only counted."""

from collections.abc import Callable, Mapping
from datetime import UTC, timedelta
from functools import cache

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from fhir_mappings.chart.record import ChartSources
from fhir_mappings.patient_case import has_liver_cancer
from fhir_mappings.values.codes import CodeBook
from tests.properties.counting import Counts
from tests.properties.fetch_doors import through_fetching
from tests.properties.whole_charts import (
    BASE,
    CHARTS,
    LOINC,
    Chart,
    Entries,
    Json,
    document,
    knowledge,
    prefetch,
    searches,
    whole,
    without_foreign_count,
)

_SNOMED = "http://snomed.info/sct"
_OTHER = "somebody-else"


def _code(system: str, code: str) -> Json:
    return {"coding": [{"system": system, "code": code}]}


def _observations(day: str) -> list[Json]:
    """Results that would decide: AFP on either side, bilirubin, ECOG, progression."""
    results: tuple[tuple[str, Json], ...] = (
        ("1834-1", {"valueQuantity": {"value": 20000, "unit": "ng/mL", "code": "ng/mL"}}),
        ("1834-1", {"valueQuantity": {"value": 3, "unit": "ng/mL", "code": "ng/mL"}}),
        ("1834-1", {"valueQuantity": "not a quantity"}),
        ("1975-2", {"valueQuantity": {"value": 9, "unit": "mg/dL", "code": "mg/dL"}}),
        ("89247-1", {"valueInteger": 4}),
        ("97509-4", {"valueCodeableConcept": _code(_SNOMED, "271299001")}),
    )
    when = {"status": "final", "effectiveDateTime": day}
    return [
        {"resourceType": "Observation", "code": _code(LOINC, code), **when, **value}
        for code, value in results
    ]


def _drugs(day: str) -> list[Json]:
    """Sorafenib not tolerated, cabozantinib and nivolumab given: each would change the answer."""
    taken = {"effectivePeriod": {"start": "2024-01-01", "end": day}}
    named = {"medicationCodeableConcept": {"text": "cabozantinib 60 MG"}}
    return [
        {
            "resourceType": "MedicationStatement",
            "status": "stopped",
            "statusReason": [_code(_SNOMED, "407563006")],
            "medicationCodeableConcept": {"text": "sorafenib 200 MG"},
            **taken,
        },
        {"resourceType": "MedicationRequest", "status": "active", "intent": "order", **named},
        {
            "resourceType": "MedicationDispense",
            "status": "completed",
            "whenHandedOver": day,
            **named,
        },
        {
            "resourceType": "MedicationAdministration",
            "status": "completed",
            "effectiveDateTime": day,
            "medicationCodeableConcept": {"text": "nivolumab"},
        },
    ]


def _others(day: str) -> list[Json]:
    kinds = {"substance": "sorafenib"}
    return [
        {"resourceType": "Condition", "code": _code(_SNOMED, "109841003"), "recordedDate": day},
        {"resourceType": "Condition", "code": _code(_SNOMED, "253018005")},
        {"resourceType": "Condition", "code": _code(_SNOMED, "389026000")},
        {"resourceType": "Procedure", "status": "completed", "code": _code(_SNOMED, "18027006")},
        {"resourceType": "AllergyIntolerance", "code": {"text": kinds["substance"]}},
        {
            "resourceType": "AdverseEvent",
            "actuality": "actual",
            "suspectEntity": [{"instance": {"display": "sorafenib"}}],
        },
    ]


@cache
def _templates(name: str) -> tuple[Json, ...]:
    day = (CHARTS[name].on - timedelta(days=3)).isoformat()
    return (*_observations(day), *_drugs(day), *_others(day))


# near misses of `Patient/<id>`, one of the EHR's own base, one of another base, and none at all
_REFERENCES: Mapping[str, Callable[[str], object]] = {
    "another patient": lambda _: {"reference": f"Patient/{_OTHER}"},
    "one letter more": lambda own: {"reference": f"Patient/{own}x"},
    "one letter less": lambda own: {"reference": f"Patient/{own[:-1]}"},
    "upper case": lambda own: {"reference": f"Patient/{own.upper()}"},
    "type in lower case": lambda own: {"reference": f"patient/{own}"},
    "other type": lambda own: {"reference": f"Group/{own}"},
    "RelatedPerson": lambda own: {"reference": f"RelatedPerson/{own}"},
    "id alone": lambda own: {"reference": own},
    "blank before": lambda own: {"reference": f" Patient/{own}"},
    "blank after": lambda own: {"reference": f"Patient/{own} "},
    "slash before": lambda own: {"reference": f"/Patient/{own}"},
    "slash after": lambda own: {"reference": f"Patient/{own}/"},
    "version": lambda own: {"reference": f"Patient/{own}/_history/1"},
    "query": lambda own: {"reference": f"Patient/{own}?x=1"},
    "path": lambda own: {"reference": f"Patient/{_OTHER}/../{own}"},
    "encoded": lambda own: {"reference": f"Patient%2F{own}"},
    "look-alike letter": lambda own: {"reference": f"P\u0430tient/{own}"},
    "no width": lambda own: {"reference": f"Patient/{own}\u200b"},
    "other base": lambda own: {"reference": f"https://elsewhere.example/r4/Patient/{own}"},
    "base with more": lambda own: {"reference": f"https://ehr.example/r4x/Patient/{own}"},
    "base in http": lambda own: {"reference": f"http://ehr.example/r4/Patient/{own}"},
    "urn": lambda _: {"reference": "urn:uuid:7b1c6a3e-0000-4000-8000-000000000001"},
    "contained": lambda own: {"reference": f"#{own}"},
    "empty": lambda _: {"reference": ""},
    "identifier": lambda own: {"identifier": {"value": own}, "type": "Patient"},
    "display": lambda own: {"display": own},
    "nobody": lambda _: None,
}
_COUNTED_ONLY_WHERE_READABLE = frozenset({"nobody"})
_IDS = ("own", "new", "none")


@st.composite
def _foreign(draw: st.DrawFn, chart: Chart) -> Json:
    """One resource that is not this patient's, its id new, absent or that of an own resource."""
    resource = dict(draw(st.sampled_from(_templates(chart.name))))
    form = draw(st.sampled_from(sorted(_REFERENCES)))
    if form in _COUNTED_ONLY_WHERE_READABLE and isinstance(resource.get("valueQuantity"), str):
        form = "another patient"  # unreadable and nobody's: named as unreadable instead
    event(form)
    reference = _REFERENCES[form](chart.patient)
    whose = "patient" if resource["resourceType"] == "AllergyIntolerance" else "subject"
    if reference is not None:
        resource[whose] = reference
    name = draw(st.sampled_from(_IDS))
    own = [e["resource"].get("id") for e in chart.entries if "resource" in e]
    if name != "none":
        resource["id"] = draw(st.sampled_from(own)) if name == "own" else "foreign-1"
    return resource


def _placed(draw: st.DataObject, entries: list[Json], resource: Json) -> None:
    """Put a resource at any place of a Bundle, by itself or within a Bundle of its own."""
    entry: Json = {"resource": resource}
    if draw.draw(st.booleans()):
        entry["fullUrl"] = f"https://ehr.example/r4/{resource['resourceType']}/foreign-1"
    if draw.draw(st.integers(0, 9)) == 0:
        inner = {"resourceType": "Bundle", "type": "searchset", "entry": [entry]}
        entry = {"resource": inner}
    entries.insert(draw.draw(st.integers(0, len(entries))), entry)


def _through_a_bundle(chart: Chart, data: st.DataObject, foreign: list[Json]) -> ChartSources:
    entries = list(chart.entries)
    for resource in foreign:
        _placed(data, entries, resource)
    return whole(tuple(entries))


def _through_prefetch(chart: Chart, data: st.DataObject, foreign: list[Json]) -> ChartSources:
    found = searches(chart.entries)
    for resource in foreign:
        _placed(data, found[data.draw(st.sampled_from(sorted(found)))], resource)
    return prefetch(chart, found)


def _through_the_fetch_path(
    chart: Chart, data: st.DataObject, foreign: list[Json]
) -> ChartSources:
    found = searches(chart.entries)
    for resource in foreign:
        _placed(data, found[data.draw(st.sampled_from(sorted(found)))], resource)
    return through_fetching(chart, data, found)


_DOORS = {
    "bundle": _through_a_bundle,
    "prefetch": _through_prefetch,
    "fetch path": _through_the_fetch_path,
}


@cache
def _has_cancer(name: str) -> bool:
    return _asks_for_cancer(CHARTS[name], whole(CHARTS[name].entries))


def _asks_for_cancer(chart: Chart, sources: ChartSources) -> bool:
    book = CodeBook.of(knowledge(chart.on), {})
    return has_liver_cancer(sources, chart.patient, book, chart.on, UTC)


def check(name: str, door: str, data: st.DataObject) -> int:
    """The document and the first question stay the same; only the count grows."""
    chart = CHARTS[name]
    foreign = data.draw(st.lists(_foreign(chart), min_size=1, max_size=6))
    sources = _DOORS[door](chart, data, foreign)

    expected, before = without_foreign_count(BASE[name])
    found, after = without_foreign_count(document(chart, sources))

    assert found == expected
    assert after == before + len(foreign)
    assert _asks_for_cancer(chart, sources) == _has_cancer(name)
    return len(foreign)


@settings(max_examples=150)
@given(st.sampled_from(sorted(CHARTS)), st.sampled_from(sorted(_DOORS)), st.data())
def test_resources_of_other_patients_change_nothing_but_their_count(
    counts: Counts, name: str, door: str, data: st.DataObject
) -> None:
    number = check(name, door, data)
    counts.add(f"mixes with {number} foreign resources")


@pytest.mark.slow
@settings(max_examples=10_000)
@given(st.sampled_from(sorted(CHARTS)), st.sampled_from(["bundle", "prefetch"]), st.data())
def test_10_000_mixes_with_resources_of_other_patients_change_nothing_but_their_count(
    counts: Counts, name: str, door: str, data: st.DataObject
) -> None:
    number = check(name, door, data)
    counts.add(f"10,000 mixes: with {number} foreign resources")


@pytest.mark.slow
@settings(max_examples=10_000)
@given(st.sampled_from(sorted(CHARTS)), st.data())
def test_10_000_mixes_that_are_fetched_in_pages_change_nothing_but_their_count(
    counts: Counts, name: str, data: st.DataObject
) -> None:
    number = check(name, "fetch path", data)
    counts.add(f"10,000 fetched mixes: with {number} foreign resources")


@pytest.mark.parametrize("form", sorted(_REFERENCES))
def test_each_reference_that_is_not_exactly_the_patient_is_counted(form: str) -> None:
    chart = CHARTS["tolerant-afp-high"]
    subject = {"subject": _REFERENCES[form](chart.patient)}
    foreign = [{**one, **subject} for one in _templates(chart.name)[:2]]
    entries: Entries = (*chart.entries, *({"resource": one} for one in foreign))

    found, count = without_foreign_count(document(chart, whole(entries)))

    assert (found, count) == (BASE[chart.name], len(foreign))
