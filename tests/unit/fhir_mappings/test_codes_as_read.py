"""Each fact keeps the code by which it was known, as a reader writes it."""

import pytest

from hcc_pathway.selection import select

from .charts_for_tests import (
    AFP,
    ICD,
    KNOWLEDGE,
    LOINC,
    SNOMED,
    TODAY,
    Json,
    a_condition,
    an_observation,
    case_from,
    case_of,
    concept,
    ucum,
    whole,
)

RXNORM = "urn:oid:2.16.840.1.113883.6.88"


def _sorafenib(medication: Json) -> Json:
    return {
        "resourceType": "MedicationStatement",
        "id": "m1",
        "status": "completed",
        "subject": {"reference": "Patient/p1"},
        "medicationCodeableConcept": medication,
        "effectivePeriod": {"start": "2026-01-10", "end": "2026-10-01"},
    }


@pytest.mark.parametrize(
    ("code", "cited"),
    [
        (concept(LOINC, AFP), "LOINC 1834-1"),
        (concept("urn:oid:2.16.840.1.113883.6.1", AFP), "LOINC 1834-1"),
        (
            {"coding": [{"system": "urn:x", "code": "77"}, {"system": LOINC, "code": AFP}]},
            "LOINC 1834-1",
        ),
    ],
)
def test_an_observation_is_cited_by_the_code_that_means_something(code: Json, cited: str) -> None:
    case = case_of(a_condition(), an_observation(code=code, valueQuantity=ucum(399, "ng/mL")))
    assert [one.coded_as for one in case.afp] == [cited]


def test_a_local_code_is_cited_with_its_system() -> None:
    chart = whole(
        a_condition(),
        an_observation(code=concept("urn:oid:1.2.3", "AFP"), valueQuantity=ucum(399, "ng/mL")),
    )
    case = case_from(chart, local_codes={"urn:oid:1.2.3|AFP": "alpha-fetoprotein"})
    assert [one.coded_as for one in case.afp] == ["urn:oid:1.2.3 AFP"]


@pytest.mark.parametrize(
    ("medication", "cited"),
    [
        (concept(RXNORM, "495881", "sorafenib"), "RxNorm 495881"),
        (concept(RXNORM, "615979", "sorafenib 200 MG Oral Tablet"), ""),
    ],
)
def test_a_drug_known_by_its_words_alone_has_no_code(medication: Json, cited: str) -> None:
    (found,) = case_of(a_condition(), _sorafenib(medication)).drugs
    assert found.coded_as == cited


def test_the_inputs_of_the_answer_name_the_codes() -> None:
    case = case_of(
        a_condition(code=concept(ICD, "C22.0", "Liver cell carcinoma")),
        an_observation(valueQuantity=ucum(399, "ng/mL")),
        an_observation(
            "pd",
            "97509-4",
            valueCodeableConcept=concept(SNOMED, "271299001", "Patient's condition worsened"),
        ),
        _sorafenib(concept(RXNORM, "495881", "sorafenib")),
    )
    notes = {one.input: one.note for one in select(case, KNOWLEDGE, on=TODAY).inputs}
    assert notes["alpha-fetoprotein"] == "LOINC 1834-1; 21 days old"
    assert notes["diagnosis"] == "ICD-10-CM C22.0"
    assert notes["progression"] == "LOINC 97509-4; date approximate: that of the status record"
    assert notes["prior-lines"].startswith("RxNorm 495881; 2026-01-10 to 2026-10-01")
    assert notes["sorafenib-exposure"].startswith("RxNorm 495881; ")
