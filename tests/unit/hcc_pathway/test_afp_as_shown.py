"""AFP as a reader sees it: value and unit that belong together, and what was compared."""

from decimal import Decimal

import msgspec
import pytest

from hcc_pathway.case import Reading
from hcc_pathway.recommendation import InputUsed
from hcc_pathway.selection import select

from .cases_for_tests import TODAY, knowledge, reading, tolerant


def _as_received(found: Reading, text: str) -> Reading:
    return msgspec.structs.replace(found, as_received=text)


def _shown(found: Reading) -> InputUsed:
    answer = select(tolerant(afp=(found,)), knowledge(), on=TODAY)
    (row,) = [one for one in answer.inputs if one.input == "alpha-fetoprotein"]
    return row


def _why(found: Reading) -> str:
    """Why ramucirumab is offered or withheld with this AFP."""
    answer = select(tolerant(afp=(found,)), knowledge(), on=TODAY)
    offered = [reason for one in answer.options for reason in one.reasons if "AFP" in reason]
    withheld = [one.because for one in answer.withheld if one.therapy == "ramucirumab"]
    (said,) = [*offered, *withheld]
    return said


@pytest.mark.rule("A9")
@pytest.mark.parametrize(
    ("found", "value", "received"),
    [
        (_as_received(reading("> 20000"), "> 20000 µg/L"), "> 20000", "> 20000 µg/L"),
        (_as_received(reading(">= 1200"), ">= 1.2 mg/L"), ">= 1200", ">= 1.2 mg/L"),
        (_as_received(reading("< 2"), "< 2 ug/L"), "< 2", "< 2 ug/L"),
        (reading("<= 1.5"), "<= 1.5", "<= 1.5 ng/mL"),
        (_as_received(reading("812"), "812 ug/L"), 812, "812 ug/L"),
    ],
)
def test_a_bound_is_text_in_the_canonical_unit_beside_what_was_received(
    found: Reading, value: object, received: str
) -> None:
    row = _shown(found)
    assert (row.value, row.unit, row.as_received) == (value, "ng/mL", received)


def test_a_reading_knows_its_comparator_and_the_number_that_was_read() -> None:
    words = ["399", "> 400", ">= 400", "< 400", "<= 400"]
    found = [reading(word) for word in words]
    assert [one.comparator for one in found] == ["", ">", ">=", "<", "<="]
    assert [one.number for one in found] == [Decimal(399), *[Decimal(400)] * 4]


def test_a_bound_in_another_unit_is_shown_with_its_conversion() -> None:
    said = _why(_as_received(reading("> 20000", age=21), "> 20000 µg/L"))
    assert said.startswith(
        "AFP > 20000 µg/L (> 20000 ng/mL) on 2026-11-01 is at or above 400 ng/mL"
    )


@pytest.mark.rule("A10")
def test_afp_in_international_units_says_which_band_it_was_held_against() -> None:
    assert _why(reading("311", "IU/mL", age=21)) == (
        "AFP 311 IU/mL on 2026-11-01 is below 312 IU/mL: it reads as below 400 ng/mL, since "
        "even the highest assay factor allowed for (1.28 ng per IU) stays below"
    )
    assert _why(reading("900", "IU/mL", age=21)).startswith(
        "AFP 900 IU/mL on 2026-11-01 is above 482 IU/mL: it reads as at or above 400 ng/mL, "
        "since even the lowest assay factor allowed for (0.83 ng per IU) reaches it"
    )
    assert _why(reading("380", "IU/mL", age=21)) == (
        "AFP 380 IU/mL on 2026-11-01 may lie on either side of 400 ng/mL: from 312 to 482 IU/mL "
        "the factor of the assay decides; ask the laboratory for ng/mL"
    )
