"""Diagnoses, signs, cautions and context from conditions and procedures."""

import pytest

from hcc_pathway.case import DiagnosisKind, Grade
from tests.unit.fhir_mappings.charts_for_tests import (
    ICD,
    SNOMED,
    Json,
    a_condition,
    case_of,
    concept,
    reasons,
)

ICD_OID = "urn:oid:2.16.840.1.113883.6.90"
WHO_ICD = "http://hl7.org/fhir/sid/icd-10"
ACTIVE = "http://terminology.hl7.org/CodeSystem/condition-clinical"


@pytest.mark.rule("A35")
@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (concept(SNOMED, "109841003"), DiagnosisKind.HCC),
        (concept(SNOMED, "25370001"), DiagnosisKind.HCC),
        (concept(ICD, "C22.0"), DiagnosisKind.HCC),
        (concept(ICD_OID, "C22.0"), DiagnosisKind.HCC),
        (concept(WHO_ICD, "C22.0"), DiagnosisKind.HCC),
        (concept(SNOMED, "187769009"), DiagnosisKind.UNSPECIFIED),
        (concept(SNOMED, "95214007"), DiagnosisKind.UNSPECIFIED),
        (concept(ICD, "C22.8"), DiagnosisKind.UNSPECIFIED),
        (concept(ICD, "C22.9"), DiagnosisKind.UNSPECIFIED),
        (concept(SNOMED, "253018005"), DiagnosisKind.OTHER_SUBTYPE),
        (concept(SNOMED, "274902006"), DiagnosisKind.OTHER_SUBTYPE),
        # a single coding instead of a list
        ({"coding": {"system": ICD, "code": "C22.0"}}, DiagnosisKind.HCC),
        # two codings of one condition: the excluded subtype outranks, HCC outranks unspecific
        (
            {"coding": [{"system": ICD, "code": "C22.9"}, {"system": ICD, "code": "C22.0"}]},
            DiagnosisKind.HCC,
        ),
        (
            {
                "coding": [
                    {"system": ICD, "code": "C22.0"},
                    {"system": SNOMED, "code": "253018005"},
                ]
            },
            DiagnosisKind.OTHER_SUBTYPE,
        ),
    ],
)
def test_the_code_says_what_kind_of_liver_cancer_it_is(code: Json, kind: DiagnosisKind) -> None:
    case = case_of(a_condition(code=code))

    assert [one.kind for one in case.diagnoses] == [kind]


@pytest.mark.parametrize(
    "code",
    [
        concept(ICD, "C22.1"),  # bile duct
        concept(ICD, "C22.2"),  # hepatoblastoma
        concept(ICD, "Z85.05"),  # history
        concept("http://example.org/other", "C22.0"),
        {"coding": [{"code": "C22.0"}]},
        {"text": "Hepatocellular carcinoma"},
        {},
        None,
    ],
)
def test_other_codes_and_mere_words_are_no_diagnosis(code: Json | None) -> None:
    case = case_of(a_condition(code=code))

    assert (case.diagnoses, case.ignored) == ((), ())


@pytest.mark.parametrize(
    ("more", "because"),
    [
        ({}, None),
        ({"clinicalStatus": concept(ACTIVE, "active")}, None),
        ({"clinicalStatus": concept(ACTIVE, "recurrence")}, None),
        ({"clinicalStatus": concept(ACTIVE, "relapse")}, None),
        ({"clinicalStatus": "active"}, None),  # older charts send a string
        ({"clinicalStatus": {"text": "active"}}, None),
        ({"clinicalStatus": None}, None),
        ({"clinicalStatus": concept(ACTIVE, "resolved")}, "ignored-not-active"),
        ({"clinicalStatus": concept(ACTIVE, "remission")}, "ignored-not-active"),
        ({"clinicalStatus": concept(ACTIVE, "inactive")}, "ignored-not-active"),
        ({"clinicalStatus": "wibble"}, "ignored-status-not-known"),
        ({"abatementDateTime": "2025-06-01"}, "ignored-not-active"),
        ({"verificationStatus": concept("", "confirmed")}, None),
        ({"verificationStatus": concept("", "provisional")}, None),
        ({"verificationStatus": concept("", "refuted")}, "ignored-refuted"),
        ({"verificationStatus": "entered-in-error"}, "ignored-status-entered-in-error"),
        ({"recordedDate": "2026-11-23"}, None),
        ({"recordedDate": "2026-11-24"}, "ignored-future-date"),
        ({"recordedDate": "junk"}, None),
        ({"category": {"text": "an object, not a list"}}, None),
    ],
)
def test_a_diagnosis_counts_while_active_and_neither_refuted_nor_an_error(
    more: Json, because: str | None
) -> None:
    case = case_of(a_condition(**more))

    assert len(case.diagnoses) == (because is None)
    assert reasons(case) == ([] if because is None else [("Condition/c1", because)])


@pytest.mark.rule("A34")
@pytest.mark.parametrize(
    ("more", "present", "grade"),
    [
        ({}, True, None),
        ({"severity": concept(SNOMED, "255604002")}, True, Grade.MILD),
        ({"severity": concept(SNOMED, "6736007")}, True, Grade.MODERATE),
        ({"severity": concept(SNOMED, "24484000")}, True, Grade.SEVERE),
        ({"severity": {"text": "moderate"}}, True, None),  # never inferred from text
        ({"verificationStatus": concept("", "refuted")}, False, None),
    ],
)
@pytest.mark.parametrize(
    ("code", "sign"),
    [
        (concept(SNOMED, "389026000"), "ascites"),
        (concept(ICD, "R18.8"), "ascites"),
        (concept(ICD, "K70.31"), "ascites"),
        (concept(SNOMED, "13920009"), "encephalopathy"),
        (concept(ICD, "K76.82"), "encephalopathy"),
    ],
)
def test_a_sign_is_present_with_its_grade_or_documented_as_absent(
    code: Json,
    sign: str,
    more: Json,
    present: bool,  # noqa: FBT001 - a column of the table
    grade: Grade | None,
) -> None:
    case = case_of(a_condition(code=code, **more))

    found = getattr(case, sign)
    assert [(one.present, one.grade) for one in found] == [(present, grade)]


def test_a_resolved_sign_is_no_documented_absence() -> None:
    case = case_of(a_condition(code=concept(SNOMED, "389026000"), clinicalStatus="resolved"))

    assert case.ascites == ()
    assert reasons(case) == [("Condition/c1", "ignored-not-active")]


@pytest.mark.rule("A26")
@pytest.mark.parametrize(
    ("code", "concern"),
    [
        (concept(ICD, "Z94.4"), "liver-transplant"),
        (concept(ICD, "T86.41"), "liver-transplant"),
        (concept(ICD, "K75.4"), "autoimmune-disease"),
        (concept(ICD, "I85.01"), "bleeding-risk"),
    ],
)
def test_cautions_come_from_conditions(code: Json, concern: str) -> None:
    case = case_of(a_condition(code=code))

    assert [one.concern for one in case.cautions] == [concern]


@pytest.mark.rule("A26")
@pytest.mark.parametrize(
    ("more", "because"),
    [
        ({"status": "completed"}, None),
        ({"status": "completed", "performedDateTime": "2019"}, None),
        ({"status": "completed", "performedDateTime": "2027-01-01"}, "ignored-future-date"),
        ({"status": "preparation"}, "ignored-not-completed"),
        ({"status": "entered-in-error"}, "ignored-not-completed"),
        ({}, "ignored-not-completed"),
    ],
)
def test_a_transplant_counts_when_completed(more: Json, because: str | None) -> None:
    procedure = {
        "resourceType": "Procedure",
        "id": "t1",
        "subject": {"reference": "Patient/p1"},
        "code": concept(SNOMED, "18027006"),
        **more,
    }

    case = case_of(a_condition(), procedure)

    assert [one.concern for one in case.cautions] == ([] if because else ["liver-transplant"])
    assert reasons(case) == ([("Procedure/t1", because)] if because else [])


@pytest.mark.parametrize(
    ("code", "fact"),
    [
        (concept(ICD, "C78.01"), "extrahepatic-spread"),
        (concept(ICD, "I81"), "vascular-invasion"),
    ],
)
def test_spread_and_invasion_are_context(code: Json, fact: str) -> None:
    case = case_of(a_condition(code=code))

    assert [(one.input, one.value) for one in case.context] == [(fact, True)]
