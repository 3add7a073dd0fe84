"""Which concerns of a chart the cautions of an option look at."""

import pytest

from hcc_pathway.case import CautionRecord
from hcc_pathway.drug_record import IntoleranceRecord
from hcc_pathway.findings.assessment import assess
from hcc_pathway.site_policy import SitePolicy

from .cases_for_tests import TODAY, knowledge, tolerant


def _concerns(**more: object) -> frozenset[str]:
    return assess(tolerant(**more), knowledge(), TODAY, SitePolicy()).concerns


@pytest.mark.rule("A26")
@pytest.mark.parametrize(
    ("concern", "detail", "named"),
    [
        ("liver-transplant", "transplanted-liver-present", "liver-transplant"),
        ("interacting-medication", "strong-cyp3a4-inhibitor", "strong-cyp3a4-inhibitor"),
    ],
)
def test_a_concern_goes_by_its_name_and_an_interacting_drug_by_its_kind(
    concern: str, detail: str, named: str
) -> None:
    record = CautionRecord(
        concern=concern, detail=detail, as_received="", recorded_on=None, source="Condition/c"
    )
    assert _concerns(cautions=(record,)) == {named}


@pytest.mark.rule("A33")
def test_an_allergy_to_sorafenib_is_a_concern() -> None:
    allergy = IntoleranceRecord(
        is_allergy=True, day=None, as_received="sorafenib", source="AllergyIntolerance/s"
    )
    assert _concerns(intolerances=(allergy,)) == {"sorafenib-allergy"}
    assert _concerns() == frozenset()
