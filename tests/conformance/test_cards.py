"""Every card of every sample (checklist items 36-48, Inferno checks 5-9, contract 2 and 4)."""

import json
import re
from datetime import date
from functools import lru_cache
from importlib import import_module
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from pydantic import BaseModel, ValidationError

from tests.conformance.rendering import shown
from tests.conformance.traffic import DOCUMENT, SERVICE, Traffic

FORBIDS_AN_ORDER = {"transplant-rejection-risk", "indication-withdrawn"}
ELEMENTS = {
    *("p", "strong", "em", "ul", "li", "details", "summary"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
DOCUMENT_KEYS = {
    *("pathway", "asOf", "patientClass", "line", "options", "alsoConsider", "withheld"),
    *("missing", "conflicts", "notices", "inputs", "ignored", "whatWouldChange"),
}


def is_absolute(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


def is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


@lru_cache(maxsize=1024)
def is_valid_r4(resource: str) -> bool:
    kind = json.loads(resource).get("resourceType", "")
    try:
        module = import_module(f"fhir.resources.R4B.{kind.lower()}")
        model: type[BaseModel] = getattr(module, kind)
        model.model_validate_json(resource)
    except (ImportError, ValidationError):
        return False
    return True


@pytest.mark.conformance("36", "I5")
def test_every_card_has_a_short_summary_an_indicator_and_a_source(traffic: Traffic) -> None:
    for name, card in traffic.cards:
        assert is_text(card["summary"]), name
        assert len(card["summary"]) < 140, name
        assert "\n" not in card["summary"], name
        assert card["indicator"] in {"info", "warning", "critical"}, name
        assert is_text(card["source"]["label"]), name


@pytest.mark.conformance("37")
def test_every_card_and_suggestion_has_a_uuid_of_its_own(traffic: Traffic) -> None:
    for name, exchange in traffic.with_cards:
        ids = [card["uuid"] for card in exchange.cards]
        ids += [s["uuid"] for card in exchange.cards for s in card.get("suggestions", [])]
        assert len(set(ids)) == len(ids), name
        assert [str(UUID(one)) for one in ids] == ids, name


@pytest.mark.conformance("38")
def test_detail_is_markdown_of_which_nothing_comes_from_the_chart(traffic: Traffic) -> None:
    for name, card in traffic.cards:
        assert is_text(card["detail"]), name
        assert shown(card["detail"]).elements <= ELEMENTS, name


@pytest.mark.conformance("39", "I5", "C3")
def test_every_source_has_an_absolute_address_and_a_static_alphanumeric_topic(
    traffic: Traffic,
) -> None:
    for name, card in traffic.cards:
        assert is_absolute(card["source"]["url"]), name
        topic = card["source"]["topic"]
        assert re.fullmatch(r"[A-Za-z0-9]{1,100}", topic["code"]), name
        assert is_text(topic["system"]), name
        if "icon" in card["source"]:
            assert is_absolute(card["source"]["icon"]), name
    topics = {card["source"]["topic"]["code"] for _, card in traffic.cards}
    assert len(topics) <= 12  # not one per patient


@pytest.mark.conformance("40", "I6")
def test_suggestions_come_with_a_selection_behaviour_that_all_clients_know(
    traffic: Traffic,
) -> None:
    for name, card in traffic.cards:
        assert ("suggestions" in card) == ("selectionBehavior" in card), name
        if "suggestions" in card:
            assert isinstance(card["suggestions"], list), name
            assert card["selectionBehavior"] in {"any", "at-most-one"}, name
        for member in ("overrideReasons", "links"):
            assert isinstance(card.get(member, []), list), name


@pytest.mark.conformance("41")
def test_no_suggestion_is_recommended_over_another(traffic: Traffic) -> None:
    for name, card in traffic.cards:
        assert not any("isRecommended" in one for one in card.get("suggestions", [])), name


@pytest.mark.conformance("42", "I8")
def test_every_suggestion_has_a_label_and_actions(traffic: Traffic) -> None:
    for name, card in traffic.cards:
        for suggestion in card.get("suggestions", []):
            assert is_text(suggestion["label"]), name
            assert isinstance(suggestion["actions"], list), name
            assert suggestion["actions"], name


@pytest.mark.conformance("43", "10")
def test_nothing_of_the_coming_version_is_sent(traffic: Traffic) -> None:
    for name, card in traffic.cards:
        for suggestion in card.get("suggestions", []):
            assert "actionSelectionBehavior" not in suggestion, name
    for service in traffic.discovery.answer.content["services"]:
        assert not {"version", "hookVersion"} & set(service)


@pytest.mark.conformance("44", "I8", "C4")
def test_every_suggestion_of_an_opened_chart_is_one_described_creation(traffic: Traffic) -> None:
    for name, exchange in traffic.with_cards:
        for card in exchange.cards:
            for suggestion in card.get("suggestions", []):
                assert [action["type"] for action in suggestion["actions"]] == ["create"], name
    for name, _, action in traffic.actions:
        assert is_text(action["description"]), name
        if action["type"] == "create":
            made = action["resource"]["resourceType"]
            assert made in {"MedicationRequest", "ServiceRequest"}, name


@pytest.mark.conformance("44", "I8", "I9", "C8")
def test_only_a_draft_of_the_call_is_taken_away_and_only_for_one_of_its_kind(
    traffic: Traffic,
) -> None:
    deleted = 0
    for name, exchange in traffic.orders.items():
        entries = exchange.call["context"]["draftOrders"]["entry"]
        drafted = {f"{e['resource']['resourceType']}/{e['resource']['id']}" for e in entries}
        for card in exchange.cards:
            for suggestion in card.get("suggestions", []):
                kinds = [action["type"] for action in suggestion["actions"]]
                # the creation stands first: a client that takes one action takes the better draft
                assert kinds in (["create"], ["create", "delete"], ["delete"]), name
                gone = [a["resourceId"] for a in suggestion["actions"] if a["type"] == "delete"]
                assert set(gone) <= drafted, name
                deleted += len(gone)
    assert deleted


@pytest.mark.conformance("C7")
def test_both_order_hooks_say_the_same_in_one_card_at_most(traffic: Traffic) -> None:
    silent = warned = 0
    for name, exchange in traffic.orders.items():
        assert exchange.answer.status == 200, name
        assert len(exchange.cards) <= 1, name
        other = traffic.orders[name.replace("order-select", "order-sign")]
        assert [card["summary"] for card in other.cards] == [c["summary"] for c in exchange.cards]
        silent += not exchange.cards
        warned += any(card["indicator"] == "warning" for card in exchange.cards)
    assert silent
    assert warned


@pytest.mark.conformance("3", "I8")
def test_every_draft_is_valid_r4(traffic: Traffic) -> None:
    for name, _, action in traffic.actions:
        if "resource" in action:
            assert is_valid_r4(json.dumps(action["resource"])), name


@pytest.mark.conformance("44", "C4")
def test_every_draft_is_about_the_patient_of_the_request(traffic: Traffic) -> None:
    for name, exchange, action in traffic.actions:
        if "resource" in action:
            patient = f"Patient/{exchange.call['context']['patientId']}"
            assert action["resource"]["subject"] == {"reference": patient}, name


@pytest.mark.conformance("45", "I7")
def test_every_override_reason_has_code_system_and_display(traffic: Traffic) -> None:
    for name, card in traffic.cards:
        for reason in card["overrideReasons"]:
            assert all(is_text(reason[part]) for part in ("code", "system", "display")), name
        codes = [reason["code"] for reason in card["overrideReasons"]]
        assert len(set(codes)) == len(codes), name


@pytest.mark.conformance("46", "I7", "I9")
def test_every_link_has_label_type_and_absolute_address_and_one_kind_per_card(
    traffic: Traffic,
) -> None:
    for name, card in traffic.cards:
        for link in card.get("links", []):
            assert is_text(link["label"]), name
            assert link["type"] in {"absolute", "smart"}, name
            assert is_absolute(link["url"]), name
            assert link["type"] == "smart" or "appContext" not in link, name
            assert len(link.get("appContext", "")) <= 36, name
        assert len({link["type"] for link in card.get("links", [])}) <= 1, name
    linked = traffic.answered["an EHR that opens the SMART page"].cards
    assert [len(card.get("links", [])) for card in linked] == [1]


@pytest.mark.conformance("47", "I9")
def test_no_action_is_taken_without_a_user(traffic: Traffic) -> None:
    for name, exchange in (*traffic.with_cards, *traffic.orders.items()):
        assert set(exchange.answer.content) == {"cards"}, name


@pytest.mark.conformance("48")
def test_extensions_are_objects_under_reversed_domain_names(traffic: Traffic) -> None:
    for name, card in traffic.cards:
        extension = card.get("extension", {})
        assert isinstance(extension, dict), name
        for key, value in extension.items():
            assert re.fullmatch(r"[a-z]+(\.[a-z0-9-]+){2,}", key), name
            assert isinstance(value, dict), name


@pytest.mark.conformance("C6")
def test_the_main_card_alone_holds_the_whole_document_of_today(traffic: Traffic) -> None:
    for name, exchange in traffic.with_cards:
        assert exchange.document is not None, name
        assert set(exchange.document) == DOCUMENT_KEYS, name
        assert date.fromisoformat(exchange.document["asOf"]) == traffic.today, name
        assert not any(DOCUMENT in c.get("extension", {}) for c in exchange.cards[1:]), name


@pytest.mark.conformance("C4")
def test_every_option_has_exactly_one_order_suggestion_unless_its_flags_forbid(
    traffic: Traffic,
) -> None:
    for name, exchange in traffic.with_cards:
        assert exchange.document is not None, name
        offered = [
            option["therapy"]
            for option in exchange.document["options"]
            if not FORBIDS_AN_ORDER & set(option["flags"])
        ]
        proposed = [
            s["actions"][0]["resource"]["medicationCodeableConcept"]["text"].lower()
            for s in exchange.cards[0].get("suggestions", [])
        ]
        assert proposed == offered, name


@pytest.mark.conformance("13", "37")
def test_the_same_request_would_get_the_same_answer(traffic: Traffic) -> None:
    assert traffic.base.request.path == SERVICE
    assert traffic.unchanged["authorization null"].answer.body == traffic.base.answer.body
