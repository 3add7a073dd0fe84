"""Sorafenib exposure from FHIR records, row by row, as a pharmacist would count it."""

import pytest

from tests.exposure.dosing_cases import CASES, DosingCase


@pytest.mark.rule("S4", "A3", "A6", "A7", "A8")
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.row["what"])
def test_the_days_of_a_dosing_record_are_counted_as_the_table_says(case: DosingCase) -> None:
    assert case.found() == case.wanted


@pytest.mark.rule("S4", "A6", "A8")
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.row["what"])
def test_an_independent_count_of_every_single_day_agrees(case: DosingCase) -> None:
    assert case.days() == case.days_by_hand()


def test_the_table_holds_at_least_sixty_records() -> None:
    assert len({case.name for case in CASES}) == len(CASES) >= 60
