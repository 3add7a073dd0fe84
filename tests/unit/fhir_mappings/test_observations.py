"""Observations: status, time, value, and the scores and statuses among them."""

from datetime import date
from decimal import Decimal

import pytest

from tests.unit.fhir_mappings.charts_for_tests import (
    LOINC,
    SNOMED,
    Json,
    a_bundle,
    a_condition,
    a_patient,
    an_observation,
    case_from,
    case_of,
    concept,
    prefetch,
    reasons,
    ucum,
    whole,
)

NCIT = "http://ncicb.nci.nih.gov/xml/owl/EVS/Thesaurus.owl"


@pytest.mark.parametrize(
    ("more", "because"),
    [
        ({}, None),
        ({"status": "amended"}, None),
        ({"status": "corrected"}, None),
        ({"status": "entered-in-error"}, "ignored-status-entered-in-error"),
        ({"status": "cancelled"}, "ignored-status-cancelled"),
        ({"status": "preliminary"}, "ignored-status-preliminary"),
        ({"status": "registered"}, "ignored-status-registered"),
        ({"status": "unknown"}, "ignored-status-unknown"),
        ({"status": "wibble"}, "ignored-status-not-known"),
        ({"status": None}, "ignored-status-not-known"),
        ({"effectiveDateTime": "2026-11-23"}, None),
        ({"effectiveDateTime": "2026-11-24"}, "ignored-future-date"),
        ({"effectiveDateTime": "junk"}, "ignored-no-date"),
        ({"effectiveDateTime": None, "issued": "2026-11-01T00:00:00Z"}, "ignored-no-date"),
        ({"effectiveDateTime": None, "effectiveInstant": "2026-11-01T00:00:00Z"}, None),
        ({"effectiveDateTime": None, "effectivePeriod": {"start": "2026-11-01"}}, None),
        ({"valueQuantity": None}, "ignored-no-value"),
        (
            {"valueQuantity": None, "dataAbsentReason": concept("", "unknown")},
            "ignored-no-value",
        ),
        ({"valueQuantity": {"value": 400}}, "ignored-no-unit"),
        ({"category": {"text": "an object, not a list"}}, None),
        (
            {
                "code": {
                    "coding": [
                        {"system": LOINC, "code": "1834-1"},
                        {"system": LOINC, "code": "1832-5"},
                    ]
                }
            },
            "ignored-other-specimen",
        ),
        ({"code": concept(LOINC, "1832-5")}, "ignored-other-specimen"),
        ({"code": concept(LOINC, "31993-9")}, "ignored-other-specimen"),
        ({"code": concept("urn:oid:2.16.840.1.113883.6.1", "1834-1")}, None),
    ],
)
def test_an_afp_is_used_or_says_why_not(more: Json, because: str | None) -> None:
    afp = an_observation(**{"valueQuantity": ucum(400, "ng/mL"), **more})

    case = case_of(a_condition(), afp)

    assert len(case.afp) == (because is None)
    assert reasons(case) == ([] if because is None else [("Observation/o1", because)])


@pytest.mark.parametrize(
    "code",
    [
        {"text": "Alpha-fetoprotein"},
        {"coding": [{"code": "1834-1"}]},
        concept("http://example.org/loinc", "1834-1"),
        concept(LOINC, "53961-8"),  # fails its check digit: in no value set
    ],
)
def test_system_and_code_decide_never_a_text(code: Json) -> None:
    case = case_of(a_condition(), an_observation(valueQuantity=ucum(400, "ng/mL"), code=code))

    assert (case.afp, case.ignored) == ((), ())


def test_a_sites_own_code_is_read_like_ours() -> None:
    afp = an_observation(valueQuantity=ucum(400, "ng/mL")) | {
        "code": concept("urn:oid:1.2.3", "AFP")
    }

    case = case_from(
        whole(a_condition(), afp), local_codes={"urn:oid:1.2.3|AFP": "alpha-fetoprotein"}
    )

    assert [one.low for one in case.afp] == [Decimal(400)]


def test_a_prothrombin_time_is_listed_as_not_scorable() -> None:
    case = case_of(a_condition(), an_observation(code="5902-2", valueQuantity=ucum(14, "s")))

    assert reasons(case) == [("Observation/o1", "ignored-prothrombin-time")]


@pytest.mark.rule("A18")
@pytest.mark.parametrize(
    ("code", "value", "grade"),
    [
        (concept(LOINC, "89247-1"), {"valueInteger": 1}, 1),
        (concept(LOINC, "89247-1"), {"valueQuantity": {"value": 2, "unit": "{score}"}}, 2),
        (concept(LOINC, "89247-1"), {"valueString": "ECOG 2"}, 2),
        (concept(LOINC, "89247-1"), {"valueString": "1"}, 1),
        (
            concept(LOINC, "89262-0"),
            {"valueCodeableConcept": concept(SNOMED, "422512005")},
            1,
        ),
        (
            concept(SNOMED, "423740007"),
            {"valueCodeableConcept": concept(SNOMED, "423237006")},
            4,
        ),
        # Karnofsky, converted
        (concept(LOINC, "89243-0"), {"valueInteger": 100}, 0),
        (concept(LOINC, "89243-0"), {"valueInteger": 90}, 0),
        (concept(LOINC, "89243-0"), {"valueInteger": 80}, 1),
        (concept(LOINC, "89243-0"), {"valueInteger": 70}, 1),
        (concept(LOINC, "89243-0"), {"valueInteger": 60}, 2),
        (concept(LOINC, "89243-0"), {"valueInteger": 50}, 2),
        (concept(LOINC, "89243-0"), {"valueQuantity": {"value": 40, "unit": "%"}}, 3),
        (concept(LOINC, "89243-0"), {"valueInteger": 30}, 3),
        (concept(LOINC, "89243-0"), {"valueInteger": 20}, 4),
        (concept(LOINC, "89243-0"), {"valueInteger": 10}, 4),
        (concept(LOINC, "89243-0"), {"valueInteger": 0}, 5),
    ],
)
def test_performance_status_in_its_encodings(code: Json, value: Json, grade: int) -> None:
    case = case_of(a_condition(), an_observation(**{"code": code, **value}))

    assert [one.grade for one in case.ecog] == [grade]
    converted = code == concept(LOINC, "89243-0")
    assert [bool(one.notes) for one in case.ecog] == [converted]


@pytest.mark.parametrize(
    ("code", "value", "because"),
    [
        ("89247-1", {"valueInteger": 6}, "ignored-implausible"),
        ("89247-1", {"valueInteger": -1}, "ignored-implausible"),
        ("89247-1", {"valueQuantity": {"value": 1.5}}, "ignored-implausible"),
        ("89247-1", {"valueQuantity": {}}, "ignored-no-value"),
        (
            "89247-1",
            {"valueQuantity": {"value": 1, "comparator": "<"}},
            "ignored-unknown-comparator",
        ),
        ("89247-1", {"valueString": "0-1"}, "ignored-text-not-readable"),
        ("89247-1", {"valueCodeableConcept": {"text": "1"}}, "ignored-value-not-known"),
        ("89247-1", {}, "ignored-no-value"),
        ("89243-0", {"valueInteger": 101}, "ignored-implausible"),
    ],
)
def test_a_performance_status_that_cannot_be_read_says_why(
    code: str, value: Json, because: str
) -> None:
    case = case_of(a_condition(), an_observation(code=code, **value))

    assert case.ecog == ()
    assert reasons(case) == [("Observation/o1", because)]


@pytest.mark.rule("A17")
@pytest.mark.parametrize(
    ("code", "value", "score", "letter"),
    [
        (concept(SNOMED, "3191000175106"), {"valueInteger": 6}, 6, "A"),
        (concept(SNOMED, "3191000175106"), {"valueQuantity": {"value": 7}}, 7, "B"),
        (concept(SNOMED, "3191000175106"), {"valueString": "B8"}, 8, "B"),
        (concept(SNOMED, "3191000175106"), {"valueString": "Child-Pugh class B (8)"}, 8, "B"),
        (concept(SNOMED, "3191000175106"), {"valueString": "class C"}, None, "C"),
        (concept(SNOMED, "3191000175106"), {"valueString": "10 points"}, 10, "C"),
        (
            concept(SNOMED, "3191000175106"),
            {"valueCodeableConcept": concept(SNOMED, "710066005")},
            None,
            "B",
        ),
        (concept(NCIT, "C121007"), {"valueCodeableConcept": concept(NCIT, "C146791")}, 6, "A"),
        # the code of the observation is the finding itself
        (concept(SNOMED, "710067001"), {}, None, "C"),
    ],
)
def test_a_stored_child_pugh_in_its_encodings(
    code: Json, value: Json, score: int | None, letter: str
) -> None:
    case = case_of(a_condition(), an_observation(**{"code": code, **value}))

    assert [(one.score, one.child_pugh_class) for one in case.stored_child_pugh] == [
        (score, letter)
    ]


@pytest.mark.parametrize(
    ("value", "because"),
    [
        ({"valueInteger": 4}, "ignored-implausible"),
        ({"valueInteger": 16}, "ignored-implausible"),
        ({"valueString": "A9"}, "ignored-score-contradicts-class"),
        ({"valueString": "A or B"}, "ignored-text-not-readable"),
        ({"valueCodeableConcept": concept(SNOMED, "1")}, "ignored-value-not-known"),
        ({}, "ignored-value-not-known"),
    ],
)
def test_a_stored_child_pugh_that_cannot_be_read_says_why(value: Json, because: str) -> None:
    observation = an_observation(**{"code": concept(SNOMED, "3191000175106"), **value})

    case = case_of(a_condition(), observation)

    assert reasons(case) == [("Observation/o1", because)]


@pytest.mark.rule("A25", "A27")
@pytest.mark.parametrize(
    ("more", "days", "because"),
    [
        ({}, (date(2026, 11, 1), date(2026, 11, 1)), None),
        (
            {"valueCodeableConcept": concept(SNOMED, "419835002")},
            (date(2026, 11, 1), date(2026, 11, 1)),
            None,
        ),
        ({"effectiveDateTime": "2026-05"}, (date(2026, 5, 1), date(2026, 5, 31)), None),
        ({"focus": [{"reference": "Condition/c1"}]}, (date(2026, 11, 1), date(2026, 11, 1)), None),
        ({"focus": {"reference": "Condition/colon"}}, None, "ignored-other-tumour"),
        ({"valueCodeableConcept": concept(SNOMED, "359746009")}, None, None),  # stable
        ({"valueCodeableConcept": concept(SNOMED, "268910001")}, None, None),  # improved
        ({"valueCodeableConcept": {"text": "progression"}}, None, "ignored-value-not-known"),
        ({"valueCodeableConcept": None}, None, "ignored-no-value"),
        ({"effectiveDateTime": None}, None, "ignored-no-date"),
        ({"status": "preliminary"}, None, "ignored-status-preliminary"),
    ],
)
def test_progression_is_a_disease_status_of_this_tumour(
    more: Json, days: tuple[date, date] | None, because: str | None
) -> None:
    colon = a_condition("colon", code=concept(SNOMED, "363406005"))
    worsened = {"valueCodeableConcept": concept(SNOMED, "271299001")}
    status = an_observation(**{"code": "97509-4", **worsened, **more})

    case = case_of(a_condition(), colon, status)

    found = [(one.day.earliest, one.day.latest) for one in case.progressions]
    assert found == ([days] if days else [])
    assert reasons(case) == ([("Observation/o1", because)] if because else [])


@pytest.mark.parametrize(
    ("quantity", "expected"),
    [
        (ucum(70.5, "kg"), [Decimal("70.5")]),
        (ucum(154, "[lb_av]"), [Decimal("69.9")]),
        (ucum(700, "kg"), []),
        (ucum(70, "stone"), []),
    ],
)
def test_weight_is_context(quantity: Json, expected: list[Decimal]) -> None:
    case = case_of(a_condition(), an_observation(code="29463-7", valueQuantity=quantity))

    assert [one.value for one in case.context] == expected


@pytest.mark.parametrize(
    ("patient", "deceased", "sex"),
    [
        ({}, False, None),
        ({"gender": "female"}, False, "female"),
        ({"gender": "wibble"}, False, None),
        ({"deceasedBoolean": True}, True, None),
        ({"deceasedBoolean": False}, False, None),
        ({"deceasedDateTime": "2026-01"}, True, None),
        ({"deceasedDateTime": "junk"}, True, None),
        ({"deceasedDateTime": "2027-01-01"}, False, None),
    ],
)
@pytest.mark.rule("A36")
def test_the_person(
    patient: Json,
    deceased: bool,  # noqa: FBT001 - a column of the table
    sex: str | None,
) -> None:
    sources = prefetch(
        patient=a_patient(**patient), conditions=a_bundle(a_condition()), medicationRequests=None
    )

    case = case_from(sources)

    assert (case.deceased, case.sex) == (deceased, sex)
    assert case.birth is not None
    assert case.birth.earliest == date(1958, 5, 3)
