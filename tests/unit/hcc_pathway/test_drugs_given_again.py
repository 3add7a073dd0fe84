"""A drug of an earlier line that is given once more: no new line, but perhaps running."""

import msgspec
import pytest

from hcc_pathway.drug_record import DrugRecord, StopReason
from hcc_pathway.recommendation import LineOfTherapy, PatientClass, Recommendation
from hcc_pathway.selection import select

from .cases_for_tests import TODAY, drug, knowledge, progression, running, tolerant

SORAFENIB = drug(start=400, end=200)
REGORAFENIB = drug("regorafenib", 190, 100, reason=StopReason.NO_RESPONSE)


def _again(name: str, start: int, end: int | None = None) -> DrugRecord:
    found = running(name, start) if end is None else drug(name, start, end)
    return msgspec.structs.replace(found, source=f"MedicationStatement/{name}-again")


def _answer(*drugs: DrugRecord, progressed: tuple[int, ...] = (195,)) -> Recommendation:
    seen = tuple(progression(age) for age in progressed)
    return select(tolerant(drugs=drugs, progressions=seen), knowledge(), on=TODAY)


@pytest.mark.rule("S8", "A19")
def test_without_a_drug_running_the_failed_second_line_leads_to_cabozantinib() -> None:
    answer = _answer(SORAFENIB, REGORAFENIB)
    assert [one.therapy for one in answer.options] == ["cabozantinib"]


@pytest.mark.rule("A19", "A20")
def test_an_earlier_drug_that_runs_again_after_the_last_line_failed_is_a_drug_running() -> None:
    answer = _answer(SORAFENIB, REGORAFENIB, _again("sorafenib", 80))
    assert answer.patient_class is PatientClass.NOT_APPLICABLE
    assert answer.line is LineOfTherapy.THIRD
    assert answer.options == ()
    (change,) = answer.what_would_change
    assert "sorafenib" in change.condition
    assert change.then == ("cabozantinib",)


@pytest.mark.rule("A19", "A20")
def test_the_drug_of_the_first_line_that_runs_again_after_sorafenib_failed_is_named() -> None:
    first = drug("lenvatinib", 500, 410, reason=StopReason.NO_RESPONSE)
    answer = _answer(first, SORAFENIB, _again("lenvatinib", 150))
    assert (answer.patient_class, answer.options) == (PatientClass.NOT_APPLICABLE, ())
    (again,) = [
        one for one in answer.inputs if one.source == "MedicationStatement/lenvatinib-again"
    ]
    assert (again.input, again.value) == ("prior-lines", "lenvatinib")
    assert again.note == "given again, no new line; 2026-06-25 to today; running"


@pytest.mark.rule("A19")
@pytest.mark.parametrize(
    ("again", "progressed"),
    [
        (_again("sorafenib", 80, 40), (195,)),  # ended
        (_again("sorafenib", 80), (195, 20)),  # failed as well
    ],
)
def test_an_earlier_drug_that_ended_or_failed_again_stops_nothing(
    again: DrugRecord, progressed: tuple[int, ...]
) -> None:
    answer = _answer(SORAFENIB, REGORAFENIB, again, progressed=progressed)
    assert [one.therapy for one in answer.options] == ["cabozantinib"]


@pytest.mark.rule("A20")
def test_sorafenib_left_open_while_the_next_line_begins_is_no_drug_given_again() -> None:
    left_open = msgspec.structs.replace(running("sorafenib", 400), asserted_on=None)
    answer = _answer(left_open, REGORAFENIB, progressed=(195, 99))
    assert [one.therapy for one in answer.options] == ["cabozantinib"]
