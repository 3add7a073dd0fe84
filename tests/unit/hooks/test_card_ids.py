"""Ids that say what a card was about and prove that they are ours."""

from uuid import UUID

import pytest

from cds_service.composition import LAST_DAY, suggestion_names
from hcc_pathway.knowledge_base.knowledge import load_knowledge
from hooks import card_ids
from hooks.card_ids import TOPICS, CardId, CardIds

IDS = CardIds(b"s" * 32, "1.2.3")
REQUEST = UUID("d1577c69-dfbe-44ad-ba6d-3e05e953b2ea")


def test_an_id_is_a_uuid_of_version_8_and_says_topic_therapy_and_version() -> None:
    for topic in TOPICS:
        made = IDS.make(REQUEST, topic, "nivolumab")
        assert UUID(made).version == 8
        assert IDS.read(made, ["nivolumab"]) == CardId(topic, "nivolumab", "1.2.3")


def test_the_id_of_a_card_names_no_therapy() -> None:
    found = IDS.read(IDS.make(REQUEST, TOPICS[0]), ["nivolumab"])
    assert found == CardId(TOPICS[0], None, "1.2.3")


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
    assert {IDS.read(IDS.make(REQUEST, TOPICS[0], name), names) for name in names} == {
        CardId(TOPICS[0], name, "1.2.3") for name in names
    }


def test_a_topic_of_a_newer_version_is_unknown_and_no_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = IDS.make(REQUEST, TOPICS[-1])
    monkeypatch.setattr(card_ids, "TOPICS", TOPICS[:-1])
    assert IDS.read(made, ()) is None
