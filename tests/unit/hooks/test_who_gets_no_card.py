"""A36: children and the deceased get no card; an age that is not certain excludes nobody."""

from datetime import date

import pytest

from hcc_pathway.drug_record import DayBound
from hcc_pathway.selection import select
from hooks.patient_view import concerns
from tests.unit.hcc_pathway.cases_for_tests import TODAY, knowledge, tolerant


def _born(earliest: date, latest: date | None = None) -> DayBound:
    return DayBound(earliest, latest or earliest)


@pytest.mark.rule("A36")
@pytest.mark.parametrize(
    ("birth", "concerned", "age"),
    [
        (_born(date(2008, 11, 22)), True, 18),
        (_born(date(2008, 11, 23)), False, 17),
        (_born(date(2008, 1, 1), date(2008, 12, 31)), True, "17-18"),
        (_born(date(2009, 1, 1), date(2009, 12, 31)), False, "16-17"),
        (None, True, None),
    ],
)
def test_only_a_patient_who_is_certainly_under_18_gets_no_card(
    birth: DayBound | None, age: object, *, concerned: bool
) -> None:
    case = tolerant(birth=birth)
    answer = select(case, knowledge(), on=TODAY)
    assert concerns(case, knowledge(), answer) is concerned
    assert bool(answer.options) is concerned
    rows = [(one.value, one.note) for one in answer.inputs if one.input == "age"]
    note = "" if concerned else "under 18 years: this pathway is for adults"
    assert rows == ([] if age is None else [(age, note)])


@pytest.mark.rule("A36")
def test_a_deceased_patient_gets_no_card_and_the_document_says_why() -> None:
    case = tolerant(deceased=True)
    answer = select(case, knowledge(), on=TODAY)
    assert not concerns(case, knowledge(), answer)
    assert [one.note for one in answer.inputs if one.input == "age"] == [
        "recorded as deceased: this pathway does not apply"
    ]
