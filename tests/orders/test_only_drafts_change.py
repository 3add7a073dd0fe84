"""What a suggestion takes away or changes is a draft of the call, and all that was meant."""

import pytest

from hooks.ehr_profile import PROFILES
from tests.orders.ordering import Json, answered, draft, order_call, patient_view_call, site

LOW, INTOLERANT = "tolerant-afp-low", "intolerant-afp-low"


def card_for(chart: str, drafts: list[Json | str], profile: str = "standard") -> Json:
    call = patient_view_call(chart)
    subject = {"reference": f"Patient/{call['context']['patientId']}"}
    written = [draft(one, subject) for one in drafts]
    (card,) = answered(order_call(call, "order-sign", written), site(profile=profile))
    return card


def touched(card: Json) -> list[list[str]]:
    """The orders that each suggestion deletes or updates, one list for each suggestion."""
    return [
        [
            one.get("resourceId") or f"MedicationRequest/{one['resource']['id']}"
            for one in suggestion["actions"]
            if one["type"] != "create"
        ]
        for suggestion in card.get("suggestions", ())
    ]


@pytest.mark.parametrize("profile", PROFILES)
def test_a_draft_is_replaced(profile: str) -> None:
    found = touched(card_for(LOW, [{"drug": "cabozantinib", "id": "d1"}], profile))
    assert {one for deleted in found for one in deleted} == {"MedicationRequest/d1"}


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize(
    "status", ["active", "unknown", "Draft", None, 7], ids=lambda status: f"status {status}"
)
def test_an_order_that_is_no_draft_is_never_deleted_updated_or_doubled(
    status: object, profile: str
) -> None:
    signed: Json = {"drug": "cabozantinib", "id": "signed1", "elements": {"status": status}}
    assert "suggestions" not in card_for(LOW, [signed], profile)


@pytest.mark.parametrize("profile", PROFILES)
def test_a_draft_without_an_id_is_not_doubled(profile: str) -> None:
    nameless: Json = {"drug": "cabozantinib", "elements": {"id": None}}
    assert "suggestions" not in card_for(LOW, [nameless], profile)


@pytest.mark.parametrize("profile", PROFILES)
def test_of_two_drugs_at_once_only_drafts_are_offered_for_removal(profile: str) -> None:
    signed: Json = {"drug": "ramucirumab", "id": "signed1", "elements": {"status": "active"}}
    card = card_for("tolerant-afp-high", [{"drug": "regorafenib", "id": "d1"}, signed], profile)
    assert touched(card) == [["MedicationRequest/d1"]]


@pytest.mark.parametrize("profile", PROFILES)
def test_one_draft_of_two_drugs_is_not_offered_for_removal_as_either(profile: str) -> None:
    card = card_for("tolerant-afp-high", ["regorafenib and ramucirumab"], profile)
    assert "suggestions" not in card


@pytest.mark.parametrize("profile", PROFILES)
def test_no_better_draft_is_put_beside_a_draft_of_another_drug(profile: str) -> None:
    """Two combined drugs are ordered; replacing one would leave the other beside the new one."""
    card = card_for("transplant-intolerant", ["nivolumab", "ipilimumab"], profile)
    assert "suggestions" not in card


def test_drafts_of_one_drug_are_replaced_together_where_the_ehr_takes_several_actions() -> None:
    twice: list[Json | str] = [
        {"drug": "cabozantinib", "id": name, "daily_mg": 60} for name in ("a", "b")
    ]
    both = ["MedicationRequest/a", "MedicationRequest/b"]
    assert touched(card_for(INTOLERANT, twice)) == [both]
    for profile in ("epic", "oracle"):
        assert "suggestions" not in card_for(INTOLERANT, twice, profile)


def test_a_dose_that_drafts_make_up_together_is_named_as_their_sum() -> None:
    twice: list[Json | str] = [
        {"drug": "cabozantinib", "id": name, "daily_mg": 60} for name in ("a", "b")
    ]
    card = card_for(INTOLERANT, twice)
    assert "120 mg a day" in card["summary"]
    assert "added up" in card["detail"]
    alone = card_for(INTOLERANT, [{"drug": "cabozantinib", "daily_mg": 120}])
    assert "120 mg a day" in alone["summary"]
    assert "added up" not in alone["detail"]
