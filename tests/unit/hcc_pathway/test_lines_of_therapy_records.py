"""Which records make a line of therapy, and which searches say that some may be missing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hcc_pathway.case import Availability
from hcc_pathway.drug_record import (
    DrugRecord,
    DrugStatus,
    StopReason,
)
from hcc_pathway.treatment_history.sorafenib_course import SorafenibStatus

from .drug_histories_for_tests import ADMINISTERED, PRESCRIBED, drug, history, on, regimens


@pytest.mark.rule("A35")
def test_not_taken_records_and_future_starts_are_no_lines() -> None:
    found = history(
        drug("sorafenib", "2026-01-01", "2026-02-01", status=DrugStatus.NOT_TAKEN),
        drug("regorafenib", "2026-11-23", status=DrugStatus.ACTIVE, evidence=PRESCRIBED),
    )
    assert found.regimens == ()
    assert found.given == frozenset()


@pytest.mark.rule("A19")
def test_a_stated_end_closes_an_order_left_open() -> None:
    found = history(
        drug("sorafenib", "2025-06-01", status=DrugStatus.ACTIVE, evidence=PRESCRIBED),
        drug("sorafenib", "2025-06-01", "2026-01-10", status=DrugStatus.STOPPED),
    )
    assert found.sorafenib.status is SorafenibStatus.ENDED
    assert found.sorafenib.last_day == on("2026-01-10")


@pytest.mark.rule("A19")
def test_sources_that_were_cut_or_failed_are_named() -> None:
    found = history(
        sources=(
            ("medicationRequests", Availability.TRUNCATED),
            ("medicationStatements", Availability.FAILED),
            ("medicationAdministrations", Availability.ABSENT),
        )
    )
    assert found.truncated == ("medicationRequests",)
    assert found.failed == ("medicationStatements",)
    assert not found.complete


RECORDS = [
    drug("sorafenib", "2025-06-01", "2025-12-01"),
    drug("sorafenib", "2025-12-02", "2026-01-10", status=DrugStatus.STOPPED, evidence=PRESCRIBED),
    drug("atezolizumab", "2025-01-01", "2025-01-01", evidence=ADMINISTERED),
    drug("bevacizumab", "2025-01-01", "2025-01-01", evidence=ADMINISTERED),
    drug("regorafenib", "2026-01-20", "2026-05-01", reason=StopReason.NO_RESPONSE),
    drug("regorafenib", None, None, status=DrugStatus.UNKNOWN, evidence=PRESCRIBED),
    drug("cabozantinib", "2026-05-10", status=DrugStatus.ACTIVE, asserted="2026-10-01"),
]


@pytest.mark.rule("A19", "A20")
@given(order=st.permutations(RECORDS), repeated=st.sampled_from(RECORDS))
def test_neither_the_order_of_records_nor_a_repeated_one_changes_the_lines(
    order: list[DrugRecord], repeated: DrugRecord
) -> None:
    expected = history(*RECORDS)
    found = history(*order, repeated)
    assert regimens(found) == regimens(expected)
    assert [r.failure_kinds for r in found.regimens] == [
        r.failure_kinds for r in expected.regimens
    ]
    assert found.sorafenib == expected.sorafenib
    assert found.given == expected.given
