"""A statement that sorafenib is not taken any more, and why, closes what was left open."""

from datetime import date

import msgspec
import pytest

from hcc_pathway.answer import Answer
from hcc_pathway.case import PatientCase
from hcc_pathway.drug_record import DayBound, DrugEvidence, DrugRecord, DrugStatus, StopReason
from hcc_pathway.recommendation import PatientClass, Recommendation
from hcc_pathway.selection import select
from hcc_pathway.treatment_history.lines_of_therapy import TreatmentHistory, lines
from hcc_pathway.treatment_history.sorafenib_course import SorafenibStatus

from .cases_for_tests import TODAY, days_ago, drug, exactly, knowledge, tolerant

DISPENSED, PRESCRIBED, STATED = (
    DrugEvidence.DISPENSED,
    DrugEvidence.PRESCRIBED,
    DrugEvidence.STATED,
)


def _open(evidence: DrugEvidence = PRESCRIBED, start: int = 300) -> DrugRecord:
    """An active record of sorafenib without an end; a statement was made 100 days ago."""
    made = days_ago(100) if evidence is STATED else days_ago(start)
    found = drug(start=start, end=None, status=DrugStatus.ACTIVE)
    source = f"{evidence}/open-{start}"
    return msgspec.structs.replace(found, evidence=evidence, asserted_on=made, source=source)


def _not_taken(
    start: int | None = 40,
    end: int | None = None,
    *,
    reason: StopReason | None = StopReason.INTOLERANCE,
    first: DayBound | None = None,
) -> DrugRecord:
    given = None if start is None else exactly(days_ago(start))
    return DrugRecord(
        drug="sorafenib",
        evidence=STATED,
        status=DrugStatus.NOT_TAKEN,
        first_day=first or given,
        last_day=None if end is None else exactly(days_ago(end)),
        asserted_on=days_ago(40),
        stop_reason=reason,
        as_received="sorafenib",
        source="MedicationStatement/not-taken",
    )


def _history(*drugs: DrugRecord) -> TreatmentHistory:
    return lines(PatientCase(drugs=drugs), knowledge(), TODAY)


def _answer(*drugs: DrugRecord) -> Recommendation:
    return select(tolerant(drugs=drugs, progressions=()), knowledge(), on=TODAY)


@pytest.mark.rule("A1", "A32")
@pytest.mark.parametrize("evidence", [PRESCRIBED, STATED])
@pytest.mark.parametrize("refused", [_not_taken(), _not_taken(40, 40), _not_taken(None)])
def test_not_taken_for_intolerance_ends_sorafenib_that_was_left_open(
    evidence: DrugEvidence, refused: DrugRecord
) -> None:
    found = _history(_open(evidence), refused).sorafenib
    assert found.status is SorafenibStatus.ENDED
    assert found.last_day == exactly(days_ago(41))
    assert found.intolerance is Answer.MET
    assert found.intolerance_sources == ("MedicationStatement/not-taken",)


@pytest.mark.rule("A32")
def test_a_patient_who_gave_up_an_open_order_for_toxicity_is_intolerant() -> None:
    answer = _answer(_open(), _not_taken())
    assert answer.patient_class is PatientClass.INTOLERANT
    assert [one.therapy for one in answer.options] == ["cabozantinib", "nivolumab", "ramucirumab"]


@pytest.mark.rule("A3", "A37")
def test_not_taken_for_another_reason_ends_sorafenib_and_is_no_intolerance() -> None:
    found = _history(_open(), _not_taken(reason=StopReason.OTHER)).sorafenib
    assert (found.status, found.intolerance) == (SorafenibStatus.ENDED, Answer.UNKNOWN)


@pytest.mark.rule("A32")
@pytest.mark.parametrize(
    "refused",
    [
        _not_taken(60, 50),  # a pause
        _not_taken(reason=None),  # nothing says that it was given up
        _not_taken(301),  # before the order
    ],
)
def test_a_pause_or_an_earlier_refusal_leaves_the_order_open(refused: DrugRecord) -> None:
    found = _history(_open(), refused).sorafenib
    assert (found.status, found.intolerance) == (SorafenibStatus.RUNNING, Answer.UNKNOWN)


@pytest.mark.rule("A32")
def test_sorafenib_ordered_again_after_it_was_given_up_goes_on() -> None:
    found = _history(_open(), _not_taken(), _open(start=20)).sorafenib
    assert (found.status, found.intolerance) == (SorafenibStatus.RUNNING, Answer.UNKNOWN)
    assert found.intolerance_noted == ("MedicationStatement/not-taken",)


def test_a_day_known_to_the_month_ends_sorafenib_within_that_month() -> None:
    october = DayBound(date(2026, 10, 1), date(2026, 10, 31))
    found = _history(_open(), _not_taken(first=october)).sorafenib
    assert found.status is SorafenibStatus.ENDED
    assert found.last_day is not None
    assert found.last_day.latest == date(2026, 10, 30)


def test_tablets_left_over_when_sorafenib_was_given_up_do_not_keep_it_running() -> None:
    supply = msgspec.structs.replace(
        _open(DISPENSED, 60),
        status=DrugStatus.COMPLETED,
        supply_ends=exactly(days_ago(-30)),
    )
    found = _history(supply, _not_taken()).sorafenib
    assert (found.status, found.last_day) == (SorafenibStatus.ENDED, exactly(days_ago(41)))
