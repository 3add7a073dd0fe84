"""What the answer says of the treatment records that it read: value, words, day, source."""

import msgspec
import pytest

from hcc_pathway.case import PatientCase
from hcc_pathway.drug_record import DayBound, DrugStatus, IntoleranceRecord, StopReason
from hcc_pathway.recommendation import InputUsed
from hcc_pathway.selection import select

from .cases_for_tests import (
    TODAY,
    days_ago,
    drug,
    exactly,
    intolerant,
    knowledge,
    progression,
    running,
    tolerant,
)

STOPPED = msgspec.structs.replace(
    drug(status=DrugStatus.STOPPED, reason=StopReason.INTOLERANCE),
    stop_reason_as_received="Treatment not tolerated",
)
NO_RESPONSE = msgspec.structs.replace(
    drug(status=DrugStatus.STOPPED, reason=StopReason.NO_RESPONSE),
    stop_reason_as_received="No response to treatment",
)

OF_STATUS = "date approximate: that of the status record"


def _rows(case: PatientCase, name: str) -> list[InputUsed]:
    answer = select(case, knowledge(), on=TODAY)
    return [one for one in answer.inputs if one.input == name]


@pytest.mark.rule("A3", "A32")
def test_intolerance_by_stop_reason_has_the_words_and_the_end_of_its_record() -> None:
    (row,) = _rows(intolerant(drugs=(STOPPED,)), "sorafenib-intolerance")
    assert row.as_received == "sorafenib 800 mg/d; Treatment not tolerated"
    assert row.recorded == days_ago(34)


@pytest.mark.rule("A27")
def test_progression_by_stop_reason_has_the_words_and_the_end_of_its_record() -> None:
    (row,) = _rows(tolerant(drugs=(NO_RESPONSE,), progressions=()), "progression")
    assert row.as_received == "sorafenib 800 mg/d; No response to treatment"
    assert (row.recorded, row.source) == (days_ago(34), "MedicationStatement/sorafenib")
    assert OF_STATUS not in row.note


@pytest.mark.rule("A25")
def test_the_date_of_a_status_record_is_marked_as_approximate_exact_or_not() -> None:
    in_october = DayBound(days_ago(50), days_ago(20))
    imprecise = msgspec.structs.replace(progression(), day=in_october)
    for event, recorded in ((progression(), days_ago(30)), (imprecise, None)):
        (row,) = _rows(tolerant(progressions=(event,)), "progression")
        assert row.recorded == recorded
        assert OF_STATUS in row.note


@pytest.mark.rule("A4", "A7")
def test_exposure_of_which_no_record_speaks_names_the_records_looked_at() -> None:
    (row,) = _rows(tolerant(drugs=(drug(mg=None),)), "sorafenib-exposure")
    assert msgspec.to_builtins(row.value)["unknown"] == 28
    assert row.source == "MedicationStatement/sorafenib"


@pytest.mark.rule("A24")
def test_progression_on_a_combination_is_that_of_sorafenib() -> None:
    partner = running("nivolumab", 290)
    (row,) = _rows(tolerant(drugs=(drug(), partner)), "progression")
    assert (row.recorded, row.note) == (days_ago(30), OF_STATUS)


@pytest.mark.rule("A27")
def test_every_progression_on_record_is_listed_and_those_beside_the_answer_are_marked() -> None:
    earlier = msgspec.structs.replace(progression(400), source="Observation/pd-earlier")
    rows = _rows(tolerant(progressions=(progression(), earlier)), "progression")
    assert [(row.source, row.note) for row in rows] == [
        ("Observation/pd", OF_STATUS),
        ("Observation/pd-earlier", f"{OF_STATUS}; recorded; the answer does not rest on it"),
    ]


@pytest.mark.rule("A19", "A27")
def test_in_third_line_the_progression_on_sorafenib_stands_beside_that_of_the_last_line() -> None:
    drugs = (drug(end=200), drug("regorafenib", 190, 100))
    on_sorafenib = msgspec.structs.replace(progression(195), source="Observation/pd-sorafenib")
    seen = (on_sorafenib, progression(99))
    rows = _rows(tolerant(drugs=drugs, progressions=seen), "progression")
    assert [(row.source, row.note) for row in rows] == [
        ("Observation/pd", OF_STATUS),
        ("Observation/pd-sorafenib", f"{OF_STATUS}; on or after sorafenib"),
    ]


@pytest.mark.rule("A22")
def test_progression_of_a_patient_who_never_had_sorafenib_is_listed_too() -> None:
    (row,) = _rows(tolerant(drugs=(running("lenvatinib"),)), "progression")
    assert row.source == "Observation/pd"


@pytest.mark.rule("A33")
def test_a_reaction_without_any_record_of_sorafenib_is_listed_and_does_not_count() -> None:
    event = IntoleranceRecord(
        is_allergy=False,
        day=exactly(days_ago(50)),
        as_received="hand-foot reaction",
        source="AdverseEvent/1",
    )
    (row,) = _rows(tolerant(drugs=(), intolerances=(event,)), "sorafenib-intolerance")
    assert (row.value, row.note) == (False, "no record says that sorafenib was taken")
