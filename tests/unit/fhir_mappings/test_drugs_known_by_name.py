"""Systemic drugs without a verified code: their names alone make them lines of therapy."""

import pytest

from hcc_pathway.recommendation import PatientClass
from hcc_pathway.selection import select

from .charts_for_tests import KNOWLEDGE, TODAY, Json, a_condition, case_of


def _statement(name: str, start: str, end: str | None, **more: object) -> Json:
    period = {"start": start} | ({"end": end} if end else {})
    return {
        "resourceType": "MedicationStatement",
        "id": f"{name.split(maxsplit=1)[0].lower()}-{start}",
        "status": "completed" if end else "active",
        "subject": {"reference": "Patient/p1"},
        "medicationCodeableConcept": {"text": name},
        "effectivePeriod": period,
        "dateAsserted": end or "2026-11-20",
        **more,
    }


@pytest.mark.rule("A19", "A20")
@pytest.mark.parametrize(
    ("words", "drug"),
    [
        ("Camrelizumab 200 mg for injection", "camrelizumab"),
        ("APATINIB MESYLATE 250 MG tablet", "rivoceranib"),
        ("rivoceranib", "rivoceranib"),
        ("Tislelizumab 100 mg/10 mL", "tislelizumab"),
        ("Tevimbra 100 mg", "tislelizumab"),
    ],
)
def test_a_drug_that_runs_after_sorafenib_is_a_later_line_whatever_its_code(
    words: str, drug: str
) -> None:
    case = case_of(
        a_condition(),
        _statement("sorafenib 200 MG", "2026-01-10", "2026-06-01"),
        _statement(words, "2026-06-10", None),
    )
    assert {one.drug for one in case.drugs} == {drug, "sorafenib"}
    answer = select(case, KNOWLEDGE, on=TODAY)
    assert answer.patient_class is PatientClass.NOT_APPLICABLE
    lines = {one.value for one in answer.inputs if one.input == "prior-lines"}
    assert lines == {"sorafenib", drug}


@pytest.mark.rule("A23")
def test_camrelizumab_before_sorafenib_is_immunotherapy_and_part_of_one_line() -> None:
    case = case_of(
        a_condition(),
        _statement("camrelizumab", "2025-01-10", "2025-09-01"),
        _statement("apatinib", "2025-01-10", "2025-09-01"),
        _statement(
            "sorafenib 200 MG",
            "2025-10-10",
            "2026-06-01",
            status="stopped",
            statusReason=[{"coding": [{"system": "http://snomed.info/sct", "code": "407563006"}]}],
        ),
    )
    answer = select(case, KNOWLEDGE, on=TODAY)
    assert [one.therapy for one in answer.options] == ["cabozantinib"]
    lines = [one.value for one in answer.inputs if one.input == "prior-lines"]
    assert lines == ["camrelizumab + rivoceranib", "sorafenib"]
