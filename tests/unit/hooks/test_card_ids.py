"""Ids that say what a card was about and prove that they are ours."""

from uuid import UUID

import pytest

from cds_service.composition import LAST_DAY, suggestion_names
from hcc_pathway.knowledge_base.knowledge import load_knowledge
from hooks import card_ids
from hooks.card_ids import ORDER_TOPICS, PATIENT_VIEW_TOPICS, TOPICS, CardId, CardIds

IDS = CardIds(b"s" * 32, "1.2.3")
REQUEST = UUID("d1577c69-dfbe-44ad-ba6d-3e05e953b2ea")


def said(found: CardId | None) -> tuple[str, str | None, str, bool] | None:
    return (
        None if found is None else (found.topic, found.therapy, found.version, found.is_suggestion)
    )


def test_an_id_is_a_uuid_of_version_8_and_says_topic_therapy_and_version() -> None:
    for topic in TOPICS:
        made = IDS.make(REQUEST, topic, "nivolumab")
        assert UUID(made).version == 8
        assert said(IDS.read(made, ["nivolumab"])) == (topic, "nivolumab", "1.2.3", True)


def test_the_id_of_a_card_names_no_therapy() -> None:
    found = IDS.read(IDS.make(REQUEST, TOPICS[0]), ["nivolumab"])
    assert said(found) == (TOPICS[0], None, "1.2.3", False)


def test_a_suggestion_belongs_to_the_card_of_its_request_and_topic_alone() -> None:
    def read(request: UUID, topic: str, therapy: str | None = None) -> CardId:
        found = IDS.read(IDS.make(request, topic, therapy), ["nivolumab"])
        assert found is not None
        return found

    other = UUID("00000000-0000-4000-8000-000000000000")
    card, suggestion = read(REQUEST, TOPICS[0]), read(REQUEST, TOPICS[0], "nivolumab")
    assert suggestion.is_suggestion_of(card)
    assert not suggestion.is_suggestion_of(read(other, TOPICS[0]))
    assert not suggestion.is_suggestion_of(read(REQUEST, TOPICS[1]))
    assert not suggestion.is_suggestion_of(suggestion)
    assert not card.is_suggestion_of(card)


def test_every_topic_is_of_one_kind_of_service() -> None:
    assert set(TOPICS) == PATIENT_VIEW_TOPICS | ORDER_TOPICS
    assert not PATIENT_VIEW_TOPICS & ORDER_TOPICS
    assert all(topic.startswith("HccOrder") for topic in ORDER_TOPICS)


def test_another_request_gets_another_id_and_the_same_the_same() -> None:
    other = UUID("00000000-0000-4000-8000-000000000000")
    assert IDS.make(REQUEST, TOPICS[0]) == IDS.make(REQUEST, TOPICS[0])
    assert IDS.make(REQUEST, TOPICS[0]) != IDS.make(other, TOPICS[0])


def test_no_changed_or_foreign_id_is_taken_for_ours() -> None:
    made = IDS.make(REQUEST, TOPICS[0], "nivolumab")
    for place, digit in enumerate(made):
        if digit != "-":
            changed = made[:place] + ("0" if digit != "0" else "1") + made[place + 1 :]
            assert IDS.read(changed, ["nivolumab"]) is None
    assert CardIds(b"t" * 32, "1.2.3").read(made, ["nivolumab"]) is None
    assert IDS.read(str(REQUEST), []) is None
    assert IDS.read("no id", []) is None


def test_every_name_that_a_suggestion_may_have_is_told_apart() -> None:
    names = suggestion_names(load_knowledge().as_of(LAST_DAY))
    read = {said(IDS.read(IDS.make(REQUEST, TOPICS[0], name), names)) for name in names}
    assert read == {(TOPICS[0], name, "1.2.3", True) for name in names}


def test_a_topic_of_a_newer_version_is_unknown_and_no_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = IDS.make(REQUEST, TOPICS[-1])
    monkeypatch.setattr(card_ids, "TOPICS", TOPICS[:-1])
    assert IDS.read(made, ()) is None
