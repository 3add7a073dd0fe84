"""Refusals whose end nobody recorded: which of several speaks against an order."""

from datetime import timedelta
from decimal import Decimal

import msgspec
import pytest

from hcc_pathway.answer import Answer
from hcc_pathway.drug_record import DrugEvidence, DrugRecord
from hcc_pathway.treatment_history.drug_periods import periods_of
from hcc_pathway.treatment_history.sorafenib_days import SorafenibDays

from .drug_histories_for_tests import (
    ACTIVE,
    ADMINISTERED,
    APRIL,
    COMPLETED,
    MARCH,
    MAY,
    NOT_TAKEN,
    PRESCRIBED,
    STATED,
)
from .drug_histories_for_tests import dosed as record

DAY = timedelta(days=1)


def said(*records: DrugRecord) -> tuple[Answer, DrugEvidence | None, tuple[str, ...]]:
    found = SorafenibDays(periods_of("sorafenib", records), Decimal(400)).on(MAY)
    return found.answer, found.evidence, found.sources


@pytest.mark.rule("A8")
def test_of_two_refusals_the_one_said_last_speaks_against_the_order() -> None:
    order = record(PRESCRIBED, ACTIVE, "800", source="o")
    refused = record(STATED, NOT_TAKEN, None, MARCH + 19 * DAY, source="r1")
    begun_again = record(ADMINISTERED, COMPLETED, "800", APRIL, APRIL, source="a")
    said_later = msgspec.structs.replace(
        record(STATED, NOT_TAKEN, None, MARCH + 9 * DAY, source="r2"),
        asserted_on=APRIL + 19 * DAY,
    )

    assert said(order, refused, begun_again) == (Answer.MET, PRESCRIBED, ("o",))
    found = said(order, refused, begun_again, said_later)
    assert (found[0], found[2]) == (Answer.UNKNOWN, ("r2",))
